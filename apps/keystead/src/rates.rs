//! Rates of requests as people write them.

use keystead_engine::{Class, Rate, Rates};

/// Why no rates could be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RatesError {
    /// No kind of request has this name.
    #[error("{0:?} is no kind of request; there are {names}", names = names())]
    Unknown(String),
    /// A number beyond the range.
    #[error("{name} is {requests}, and must be 0 to {}", Rate::PER_SECOND_MAX)]
    OutOfRange {
        /// The kind of request.
        name: String,
        /// The number.
        requests: u32,
    },
    /// Neither a preset nor a list of names and numbers.
    #[error("{0:?} is neither aws nor a list such as CreateKey=5,symmetric=100 (requests a second)")]
    Form(String),
}

/// Limits one kind of request to so many a second; 0 lifts its limit.
pub fn limit(rates: &mut Rates, name: &str, requests: u32) -> Result<(), RatesError> {
    let class = Class::named(name).ok_or_else(|| RatesError::Unknown(name.to_owned()))?;
    let rate = Rate::per_second(requests);
    if rate.is_none() && requests != 0 {
        return Err(RatesError::OutOfRange { name: name.to_owned(), requests });
    }
    rates.limit(class, rate);
    Ok(())
}

/// Reads `aws`, or a list such as `CreateKey=5,symmetric=100`; `aws` may begin the list.
pub fn parse(text: &str) -> Result<Rates, RatesError> {
    let mut rates = Rates::unlimited();
    for (place, word) in text.split(',').enumerate() {
        if place == 0 && word == "aws" {
            rates = Rates::aws();
            continue;
        }
        let form = || RatesError::Form(text.to_owned());
        let (name, requests) = word.split_once('=').ok_or_else(form)?;
        limit(&mut rates, name, requests.parse().map_err(|_| form())?)?;
    }
    Ok(rates)
}

fn names() -> String {
    Class::all().map(Class::name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        assert_eq!(parse("aws"), Ok(Rates::aws()));
        let create = Class::named("CreateKey").expect("a kind");
        let mut own = Rates::unlimited();
        own.limit(create, Rate::per_second(2));
        assert_eq!(parse("CreateKey=2"), Ok(own));
        let mut lifted = Rates::aws();
        lifted.limit(create, None);
        assert_eq!(parse("aws,CreateKey=0"), Ok(lifted));
    }

    #[test]
    fn what_is_no_rate_says_what_is() {
        for text in ["", "off", "CreateKey", "CreateKey=", "CreateKey=-1", "CreateKey=1,aws", "CreateKey=0.5"]
        {
            assert!(matches!(parse(text), Err(RatesError::Form(_))), "{text:?}");
        }
        let unknown = parse("Encrypt=5").expect_err("shared by the kind of key").to_string();
        assert!(unknown.contains("symmetric") && unknown.contains("CreateKey"), "{unknown}");
        assert!(matches!(parse("CreateKey=1000001"), Err(RatesError::OutOfRange { .. })));
    }
}
