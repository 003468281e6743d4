//! The parameters of a request, taken apart: decoded, ascending by name, each name once.

use std::borrow::Cow;

use super::super::rules::{Malformed, Text};

/// Most parameters of one request. The longest that makes sense, a provider with a hundred audiences and fifty tags, has
/// some two hundred.
pub const PARAMETERS_MAX: usize = 1024;
/// Longest name of a parameter, in bytes after decoding. The longest of the models has some seventy.
pub const NAME_BYTES_MAX: usize = 256;

/// The parameters of a request.
#[derive(Debug)]
pub struct Parameters<'a>(Vec<Parameter<'a>>);

/// One name and its value.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    pub(super) name: Text<'a>,
    pub(super) value: Text<'a>,
}

impl<'a> Parameters<'a> {
    /// Takes a form apart, `application/x-www-form-urlencoded`: a plus sign is a space.
    ///
    /// # Errors
    /// [`Malformed`] if a name is there twice, is too long or there are too many, and if what is encoded is broken or not
    /// UTF-8. Line breaks at the end are passed over.
    pub fn of_form(text: &'a str) -> Result<Self, Malformed> {
        Self::read(text.trim_end_matches(['\r', '\n']), true)
    }

    /// Takes a query string apart, in which a plus sign stands for itself.
    ///
    /// # Errors
    /// As [`Parameters::of_form`].
    pub fn of_query(text: &'a str) -> Result<Self, Malformed> {
        Self::read(text, false)
    }

    /// The value of a parameter; an empty one if it is not there.
    pub fn value(&self, name: &str) -> &str {
        let found = self.0.binary_search_by(|parameter| (*parameter.name).cmp(name));
        found.map_or("", |at| &self.0[at].value)
    }

    /// Names and values, ascending by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|parameter| (&*parameter.name, &*parameter.value))
    }

    fn read(text: &'a str, is_form: bool) -> Result<Self, Malformed> {
        let mut all = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if all.len() == PARAMETERS_MAX {
                return Err(Malformed(
                    format!("the request has more than {PARAMETERS_MAX} parameters").into(),
                ));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name, is_form)?;
            if name.len() > NAME_BYTES_MAX {
                return Err(Malformed("the name of a parameter is too long".into()));
            }
            all.push(Parameter { name, value: decoded(value, is_form)? });
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        match all.windows(2).find(|pair| pair[0].name == pair[1].name) {
            Some(twice) => Err(Malformed(format!("the parameter '{}' is given twice", twice[0].name).into())),
            None => Ok(Self(all)),
        }
    }

    /// All of them, ascending by name.
    pub(super) fn into_sorted(self) -> Vec<Parameter<'a>> {
        self.0
    }
}

/// Takes percent-encoding off. A percent sign that encodes nothing is malformed: one text would have two spellings.
fn decoded(text: &str, is_form: bool) -> Result<Cow<'_, str>, Malformed> {
    let has_spaces = is_form && text.contains('+');
    if !has_spaces && !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' if is_form => b' ',
            b'%' => hex(bytes.next())? << 4 | hex(bytes.next())?,
            other => other,
        });
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|_| Malformed("a parameter is not UTF-8".into()))
}

fn hex(digit: Option<u8>) -> Result<u8, Malformed> {
    let value = digit.and_then(|digit| char::from(digit).to_digit(16));
    // A digit is less than 16.
    value.map(|value| value as u8).ok_or(Malformed("a percent sign in a parameter encodes nothing".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        Parameters::of_form(text).map_or_else(|malformed| malformed.0.into_owned(), |_| "taken".into())
    }

    #[test]
    fn names_and_values_are_decoded() {
        let form = Parameters::of_form("Action=a&b+c=%C3%A9+%2B&empty=&none&x=1=2\r\n").expect("well formed");
        for (name, value) in
            [("Action", "a"), ("b c", "é +"), ("empty", ""), ("none", ""), ("x", "1=2"), ("?", "")]
        {
            assert_eq!(form.value(name), value, "{name}");
        }
        let query = Parameters::of_query("a=1+2%2B3").expect("well formed");
        assert_eq!(query.value("a"), "1+2+3");
        assert!(Parameters::of_form("").is_ok_and(|none| none.iter().next().is_none()));
        assert_eq!(said("&&a=1&&"), "taken");
    }

    #[test]
    fn what_is_broken_repeated_or_too_much_is_malformed() {
        assert_eq!(said("a=1&%61=2"), "the parameter 'a' is given twice");
        for text in ["a=%", "a=%4", "a=%zz", "%4=1", "a=%+1"] {
            assert_eq!(said(text), "a percent sign in a parameter encodes nothing", "{text}");
        }
        assert_eq!(said("a=%ff"), "a parameter is not UTF-8");
        assert_eq!(said("%ff=a"), "a parameter is not UTF-8");
        let many = |count: usize| (0..count).map(|n| format!("p{n}=1&")).collect::<String>();
        assert_eq!(said(&many(PARAMETERS_MAX)), "taken");
        assert_eq!(said(&many(PARAMETERS_MAX + 1)), "the request has more than 1024 parameters");
        assert_eq!(said(&"n".repeat(NAME_BYTES_MAX)), "taken");
        assert_eq!(said(&"n".repeat(NAME_BYTES_MAX + 1)), "the name of a parameter is too long");
    }
}
