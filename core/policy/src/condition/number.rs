//! Numbers of `Numeric…`: decimals, compared exactly.

/// Digits after the point that are kept.
const FRACTION_DIGITS_MAX: usize = 9;
/// Digits before the point.
const WHOLE_DIGITS_MAX: usize = 20;

/// A decimal number, in billionths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Decimal(i128);

impl Decimal {
    /// Reads an optional sign, digits, and optionally a point and digits. Exponents are not read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (digits, ""),
        };
        let only_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let fits = (1..=WHOLE_DIGITS_MAX).contains(&whole.len()) && fraction.len() <= FRACTION_DIGITS_MAX;
        if !fits || !only_digits(whole) || !only_digits(fraction) {
            return None;
        }
        let digit = |number: i128, b: u8| number * 10 + i128::from(b - b'0');
        let mut number = whole.bytes().chain(fraction.bytes()).fold(0, digit);
        for _ in fraction.len()..FRACTION_DIGITS_MAX {
            number *= 10;
        }
        Some(Self(sign * number))
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self(i128::from(number) * 1_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn decimals_compare_exactly() {
        assert_eq!(number("7"), Decimal::from(7));
        assert_eq!(number("7.50"), number("7.5"));
        assert!(number("-7") < number("-6.999999999") && number("0.1") < number("0.11"));
        assert!(number("9007199254740993") > number("9007199254740992"));
        assert_eq!(number(&u64::MAX.to_string()), Decimal::from(u64::MAX));
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in
            ["", "-", ".5", "5.", "1e3", "+1", "1 ", "0x1", "1,5", "1.0000000001", "123456789012345678901"]
        {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
