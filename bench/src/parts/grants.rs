//! Decrypt that a grant allows, on a key with as many grants as a key may have, against a key with one.
//!
//! The keys' policy lets their account do everything but decrypt, so that each request is decided by a grant.

use std::sync::Arc;

use anyhow::{Result, bail};

use crate::client::{Requests, calls, closed, each};
use crate::figure::{Figure, Unit, grouped};
use crate::house::House;
use crate::report::Report;
use crate::series::Series;
use crate::server::Keystead;
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let count = GRANTS.min(house.keys_most);
    let keystead = house.keystead("grants")?;
    let (few, many) = (Key::new(&keystead)?, Key::new(&keystead)?);
    few.grant(&keystead, 0..1)?;
    eprintln!("  making {count} grants");
    let begun = std::time::Instant::now();
    for from in (0..count).step_by(PART) {
        many.grant(&keystead, from..(from + PART).min(count))?;
    }
    let made_per_second = count as f64 / begun.elapsed().as_secs_f64();
    let (mut one, mut all) = (Series::default(), Series::default());
    for round in 0..house.rounds {
        eprintln!("  round {} of {}", round + 1, house.rounds);
        let mut sides = [(&few, &mut one), (&many, &mut all)];
        if !round.is_multiple_of(2) {
            sides.reverse();
        }
        for (key, found) in sides {
            let requests = key.decrypts(&keystead)?;
            found.push(closed(&keystead.peer, &requests, CONNECTIONS, house.duration)?.per_second);
        }
    }
    keystead.running.stop()?;
    let note = format!(
        "{} against {}; half of the grants are the caller's, each on terms of its own; made at {} a second, one \
         after the other",
        Unit::PerSecond.show(all.median()),
        Unit::PerSecond.show(one.median()),
        grouped(made_per_second),
    );
    let what = format!("Decrypt by one of {} grants, against one", grouped(count as f64));
    report.add(Figure::new(what, Unit::Times, all.over(&one)).against(targets::GRANTS).noting(note));
    Ok(())
}

/// A key that its account may not decrypt with unless a grant says so.
struct Key {
    id: String,
    root: String,
}

impl Key {
    fn new(keystead: &Keystead) -> Result<Self> {
        let asked = keystead.signed(std::iter::once(calls::create_key()))?;
        let made = each(&keystead.peer, &asked, 1, 1, |_, answer| {
            let id = calls::text_at(answer, "/KeyMetadata/KeyId")?;
            Ok((id, calls::text_at(answer, "/KeyMetadata/AWSAccountId")?))
        })?;
        let (id, account) = made.into_iter().next().expect("one request, one answer");
        let key = Self { id, root: format!("arn:aws:iam::{account}:root") };
        let asked = keystead.signed(std::iter::once(calls::keep_from(&key.id, &key.root, "kms:Decrypt")))?;
        each(&keystead.peer, &asked, 1, 1, |_, _| Ok(()))?;
        Ok(key)
    }

    /// Makes grants of these numbers. Number 0 lets its account in; of the others every second one is the account's
    /// too, on terms that are not met, and the rest are others'.
    fn grant(&self, keystead: &Keystead, numbers: std::ops::Range<usize>) -> Result<()> {
        let count = numbers.len();
        let calls = numbers.map(|number| match number {
            0 => calls::create_grant(&self.id, &self.root, ("tenant", "7")),
            number if number % 2 == 0 => {
                calls::create_grant(&self.id, &self.root, ("number", &number.to_string()))
            }
            number => {
                let role = format!("arn:aws:iam::111122223333:role/r{number}");
                calls::create_grant(&self.id, &role, ("tenant", "7"))
            }
        });
        each(&keystead.peer, &keystead.signed(calls)?, count, MAKERS, |_, _| Ok(())).map(drop)
    }

    /// Ciphertexts to open, seen to open.
    fn decrypts(&self, keystead: &Keystead) -> Result<Arc<Requests>> {
        let encrypt = keystead.signed((0..POOL).map(|number| calls::encrypt(&self.id, number)))?;
        let sealed =
            each(&keystead.peer, &encrypt, POOL, 4, |_, answer| calls::text_at(answer, "/CiphertextBlob"))?;
        let decrypt = keystead.signed(sealed.iter().map(|text| calls::decrypt(text)))?;
        each(&keystead.peer, &decrypt, POOL, 4, |number, answer| {
            match calls::holds_plaintext(answer, number)? {
                true => Ok(()),
                false => bail!("what was sealed opens as something else"),
            }
        })?;
        Ok(decrypt)
    }
}

/// As many as a key may have.
const GRANTS: usize = 50_000;
/// Grants made with one set of signatures, which are good for five minutes.
const PART: usize = 5_000;
/// Connections that make them.
const MAKERS: usize = 8;
/// Connections that decrypt.
const CONNECTIONS: usize = 64;
/// Different requests of each key.
const POOL: usize = 1024;
