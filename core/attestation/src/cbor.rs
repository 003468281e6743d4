//! CBOR (RFC 8949), as much of it as attestation documents are made of, read strictly.
//!
//! A number has one spelling, the shortest. Strings have a length that is known before they begin. Arrays and maps
//! may be of indefinite length, as those of real documents are. There is no recursion: who reads says what comes
//! next, so nothing nests deeper than the reader's own code.

/// What is wrong with the bytes, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct Malformed {
    /// Distance from the beginning, in bytes.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

/// Reads one item after another.
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// How many items of an array or map are still to come; `None` until its break is met.
pub struct Items(Option<u64>);

/// The major type, as its number in RFC 8949, section 3.1.
const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

const NULL: u8 = 0xf6;
const BREAK: u8 = 0xff;
/// The additional information of an indefinite length.
const INDEFINITE: u8 = 31;

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Nothing may be left.
    pub fn end(self) -> Result<(), Malformed> {
        match self.at == self.bytes.len() {
            true => Ok(()),
            false => Err(self.wrong("there are bytes after the end")),
        }
    }

    /// Passes over this byte if it comes next.
    pub fn skip_if(&mut self, byte: u8) -> bool {
        let is_next = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Passes over a null if one comes next.
    pub fn skip_null(&mut self) -> bool {
        self.skip_if(NULL)
    }

    pub fn unsigned(&mut self) -> Result<u64, Malformed> {
        self.definite(UNSIGNED, "an unsigned integer was expected")
    }

    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.definite(BYTES, "a byte string of definite length was expected")?;
        self.take(length)
    }

    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        let at = self.at;
        let length = self.definite(TEXT, "a text string of definite length was expected")?;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map_err(|_| Malformed { at, what: "the text is not UTF-8" })
    }

    pub fn array(&mut self) -> Result<Items, Malformed> {
        self.items(ARRAY, "an array was expected")
    }

    pub fn map(&mut self) -> Result<Items, Malformed> {
        self.items(MAP, "a map was expected")
    }

    /// Whether one more item (of a map: one more pair) comes. Passes over the break if not.
    pub fn more(&mut self, items: &mut Items) -> bool {
        match &mut items.0 {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => !self.skip_if(BREAK),
        }
    }

    fn items(&mut self, major: u8, expected: &'static str) -> Result<Items, Malformed> {
        if self.skip_if(major << 5 | INDEFINITE) {
            return Ok(Items(None));
        }
        let count = self.definite(major, expected)?;
        // An item is a byte at least, so a count beyond the rest is a lie told before anything is read.
        match count <= self.left() {
            true => Ok(Items(Some(count))),
            false => Err(self.wrong("there are fewer items than were announced")),
        }
    }

    fn definite(&mut self, major: u8, expected: &'static str) -> Result<u64, Malformed> {
        let at = self.at;
        let Some(head) = self.bytes.get(at).copied() else {
            return Err(self.wrong("the bytes end early"));
        };
        if head >> 5 != major {
            return Err(Malformed { at, what: expected });
        }
        self.at += 1;
        let (width, least) = match head & 31 {
            small @ 0..24 => return Ok(small.into()),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return Err(Malformed { at, what: expected }),
        };
        let value = self.take(width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        match value >= least {
            true => Ok(value),
            false => Err(Malformed { at, what: "the number has a shorter spelling" }),
        }
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let taken = usize::try_from(length).ok().and_then(|length| {
            let end = self.at.checked_add(length)?;
            self.bytes.get(self.at..end)
        });
        let taken = taken.ok_or_else(|| self.wrong("the bytes end early"))?;
        self.at += taken.len();
        Ok(taken)
    }

    fn left(&self) -> u64 {
        (self.bytes.len() - self.at) as u64
    }

    fn wrong(&self, what: &'static str) -> Malformed {
        Malformed { at: self.at, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        let read = |bytes: &[u8]| Reader::new(bytes).unsigned();
        for (bytes, value) in [
            (&[0x00][..], 0),
            (&[0x17], 23),
            (&[0x18, 24], 24),
            (&[0x19, 1, 0], 256),
            (&[0x1a, 0, 1, 0, 0], 65_536),
            (&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0], 1 << 32),
            (&[0x1b, 255, 255, 255, 255, 255, 255, 255, 255], u64::MAX),
        ] {
            assert_eq!(read(bytes), Ok(value));
        }
        for bytes in [
            &[0x18, 23][..],
            &[0x19, 0, 255],
            &[0x1a, 0, 0, 255, 255],
            &[0x1b, 0, 0, 0, 0, 255, 255, 255, 255],
        ] {
            assert_eq!(read(bytes), Err(Malformed { at: 0, what: "the number has a shorter spelling" }));
        }
        for bytes in [&[][..], &[0x18], &[0x19, 1], &[0x1c], &[0x1f], &[0x20], &[0xf6], &[0xff]] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn strings_end_where_they_say() {
        assert_eq!(Reader::new(&[0x42, 1, 2, 3]).bytes(), Ok(&[1, 2][..]));
        assert_eq!(Reader::new(b"\x63abc").text(), Ok("abc"));
        for bytes in [&[0x42, 1][..], &[0x5b, 255, 255, 255, 255, 255, 255, 255, 255], &[0x5f, 0x41, 1, 0xff]]
        {
            assert!(Reader::new(bytes).bytes().is_err(), "{bytes:?}");
        }
        assert!(Reader::new(&[0x61, 0xff]).text().is_err());
    }

    #[test]
    fn items_are_counted_or_broken_off() {
        let sum = |bytes: &[u8]| {
            let mut reader = Reader::new(bytes);
            let mut items = reader.array()?;
            let mut sum = 0;
            while reader.more(&mut items) {
                sum += reader.unsigned()?;
            }
            reader.end().map(|()| sum)
        };
        assert_eq!(sum(&[0x83, 1, 2, 3]), Ok(6));
        assert_eq!(sum(&[0x9f, 1, 2, 3, 0xff]), Ok(6));
        for bytes in
            [&[0x83, 1, 2][..], &[0x9f, 1, 2], &[0x82, 1, 2, 3], &[0x9f, 0xff, 0xff], &[0x9b, 255, 255]]
        {
            assert!(sum(bytes).is_err(), "{bytes:?}");
        }
    }
}
