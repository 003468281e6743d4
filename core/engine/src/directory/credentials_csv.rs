//! The report of an account's credentials as AWS writes it: comma-separated values (RFC 4180, lines ending in `\n`), a
//! row for the root and one for each user.

use keystead_model::Timestamp;

/// One row.
pub struct Row<'a> {
    /// Its name; `None` for the root.
    pub user: Option<&'a str>,
    /// Its ARN.
    pub arn: &'a str,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it has an MFA device.
    pub mfa: bool,
    /// Its access keys, oldest first. Columns are for two.
    pub keys: &'a [KeyColumns],
}

/// What is told of an access key.
#[derive(Clone, Default)]
pub struct KeyColumns {
    /// Whether it is taken.
    pub active: bool,
    /// When it was made.
    pub rotated: Timestamp,
    /// When, where and with which service it was last used.
    pub last_used: Option<(Timestamp, Box<str>, Box<str>)>,
}

/// The first line.
const COLUMNS: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
    password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
    access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
    cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

/// Access keys that have columns.
const KEYS: usize = 2;
const NONE: &str = "N/A";

/// A table being written.
pub struct Table(String);

impl Table {
    /// A table without rows.
    pub fn new() -> Self {
        Self(COLUMNS.to_owned())
    }

    /// Adds a row.
    pub fn add(&mut self, row: &Row<'_>) {
        self.0.push('\n');
        self.0.push_str(&field(row.user.unwrap_or("<root_account>")));
        self.put(row.arn);
        self.put(&told(row.created));
        // Nobody has a password here. Of the root's, AWS never tells.
        let passwords = match row.user {
            Some(_) => ["false", NONE, NONE, NONE],
            None => ["not_supported", "no_information", "not_supported", "not_supported"],
        };
        passwords.into_iter().for_each(|text| self.put(text));
        self.put(if row.mfa { "true" } else { "false" });
        for place in 0..KEYS {
            self.key(row.keys.get(place));
        }
        // Nor a certificate.
        for _ in 0..2 {
            self.put("false");
            self.put(NONE);
        }
    }

    /// The table.
    pub fn finish(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    fn key(&mut self, key: Option<&KeyColumns>) {
        self.put(if key.is_some_and(|key| key.active) { "true" } else { "false" });
        self.put(&key.map_or(NONE.into(), |key| told(key.rotated)));
        match key.and_then(|key| key.last_used.as_ref()) {
            None => (0..3).for_each(|_| self.put(NONE)),
            Some((at, region, service)) => {
                self.put(&told(*at));
                self.put(region);
                self.put(service);
            }
        }
    }

    fn put(&mut self, text: &str) {
        self.0.push(',');
        self.0.push_str(&field(text));
    }
}

/// A field, in quotes where it needs some: names may have commas.
fn field(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// An instant as AWS writes it in this report: `2026-01-31T23:59:59+00:00`.
pub fn told(at: Timestamp) -> String {
    let (days, second) = (at.seconds() / 86_400, at.seconds() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00")
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar: by periods of 400 years that begin
/// with March, so that the day that leaps is the last of a year.
fn civil(days: u64) -> (u64, u64, u64) {
    const PERIOD: u64 = 146_097;
    let days = days + 719_468;
    let (period, day) = (days / PERIOD, days % PERIOD);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let in_month = day - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        0..10 => (year, month + 3),
        _ => (year + 1, month - 9),
    };
    (period * 400 + year, month, in_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_full() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00+00:00"),
            (951_782_399, "2000-02-28T23:59:59+00:00"),
            (951_782_400, "2000-02-29T00:00:00+00:00"),
            (951_868_800, "2000-03-01T00:00:00+00:00"),
            (1_767_225_599, "2025-12-31T23:59:59+00:00"),
            (4_107_542_400, "2100-03-01T00:00:00+00:00"),
        ] {
            assert_eq!(told(Timestamp::from_seconds(seconds)), text);
        }
        // The end of time is far away, and no trouble.
        assert!(told(Timestamp(u64::MAX)).ends_with("+00:00"));
    }

    #[test]
    fn a_row_has_a_field_for_each_column() {
        let columns = COLUMNS.split(',').count();
        let key = KeyColumns {
            active: true,
            rotated: Timestamp::from_seconds(60),
            last_used: Some((Timestamp::from_seconds(120), "eu-central-1".into(), "kms".into())),
        };
        let mut table = Table::new();
        let arn = "arn:aws:iam::111122223333:user/alice";
        table.add(&Row { user: None, arn: "root", created: Timestamp(0), mfa: false, keys: &[] });
        table.add(&Row { user: Some("alice"), arn, created: Timestamp(0), mfa: true, keys: &[key] });
        let text = String::from_utf8(table.finish()).expect("text");
        let lines: Vec<_> = text.split('\n').collect();
        assert_eq!(lines.len(), 3);
        for line in &lines {
            assert_eq!(line.split(',').count(), columns, "{line}");
        }
        assert_eq!(
            lines[1],
            "<root_account>,root,1970-01-01T00:00:00+00:00,not_supported,no_information,not_supported,not_supported,\
             false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        );
        assert_eq!(
            lines[2],
            "alice,arn:aws:iam::111122223333:user/alice,1970-01-01T00:00:00+00:00,false,N/A,N/A,N/A,true,\
             true,1970-01-01T00:01:00+00:00,1970-01-01T00:02:00+00:00,eu-central-1,kms,\
             false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        );
    }

    #[test]
    fn a_name_with_a_comma_stays_one_field() {
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("a\"b"), "\"a\"\"b\"");
        assert_eq!(field("a=b"), "a=b");
    }
}
