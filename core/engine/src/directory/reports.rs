//! The reports of accounts' credentials that were made last. They are kept in memory only: a report tells nothing that the
//! directory does not.

use std::collections::HashMap;

use keystead_model::{AccountId, Error, Timestamp};
use parking_lot::Mutex;

use crate::ops::iam::CredentialReport;

/// How long a report is answered, in milliseconds: AWS's four hours.
const AGE_MS_MAX: u64 = 4 * 60 * 60 * 1_000;
/// Reports held at most; past that, the oldest goes.
const REPORTS_MAX: usize = 64;

/// The reports that were made last.
#[derive(Default)]
pub struct Reports(Mutex<HashMap<AccountId, CredentialReport>>);

impl Reports {
    /// Keeps a report in the place of the account's last one.
    pub fn keep(&self, account: AccountId, report: CredentialReport) {
        let mut reports = self.0.lock();
        if reports.len() >= REPORTS_MAX && !reports.contains_key(&account) {
            let oldest = reports.iter().min_by_key(|(_, report)| report.generated).map(|(of, _)| *of);
            oldest.and_then(|of| reports.remove(&of));
        }
        reports.insert(account, report);
    }

    /// The report of an account.
    ///
    /// # Errors
    /// [`Error::NoCredentialReport`], [`Error::OldCredentialReport`]
    pub fn of(&self, account: AccountId, now: Timestamp) -> Result<CredentialReport, Error> {
        let report = self.0.lock().get(&account).cloned().ok_or(Error::NoCredentialReport)?;
        match now < report.generated.plus_ms(AGE_MS_MAX) {
            true => Ok(report),
            false => Err(Error::OldCredentialReport),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(at: u64) -> CredentialReport {
        CredentialReport { content: [].into(), generated: Timestamp(at) }
    }

    fn account(number: usize) -> AccountId {
        AccountId::from_number(number as u64).expect("twelve digits")
    }

    #[test]
    fn a_report_is_answered_for_four_hours() {
        let reports = Reports::default();
        assert_eq!(reports.of(account(1), Timestamp(0)), Err(Error::NoCredentialReport));
        reports.keep(account(1), report(5));
        assert!(reports.of(account(1), Timestamp(4 + AGE_MS_MAX)).is_ok());
        assert_eq!(reports.of(account(1), Timestamp(5 + AGE_MS_MAX)), Err(Error::OldCredentialReport));
    }

    #[test]
    fn the_oldest_report_makes_room() {
        let reports = Reports::default();
        for number in 0..=REPORTS_MAX {
            reports.keep(account(number), report(number as u64));
        }
        assert!(reports.of(account(0), Timestamp(0)).is_err());
        assert!(reports.of(account(1), Timestamp(0)).is_ok());
        assert!(reports.of(account(REPORTS_MAX), Timestamp(0)).is_ok());
        assert_eq!(reports.0.lock().len(), REPORTS_MAX);
    }
}
