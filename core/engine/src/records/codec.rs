//! How records are spelled in bytes: fixed-width big-endian numbers, and byte strings behind their length.

/// A record that does not read. It had authenticated, so this is a newer format or a fault of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored record cannot be read: {0}")]
pub struct RecordError(pub &'static str);

/// Appends fields.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// A record of this version.
    pub fn new(version: u8) -> Self {
        Self(vec![version])
    }

    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Bytes of a length both sides know.
    pub fn fixed(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A 32-bit length, then the bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let len = u32::try_from(bytes.len()).expect("fields are far below 4 GiB");
        self.0.extend_from_slice(&len.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// A 16-bit count, then what `each` writes for every item.
    pub fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) -> &mut Self {
        self.u16(u16::try_from(items.len()).expect("lists are far below 65,536 items"));
        items.iter().for_each(|item| each(self, item));
        self
    }

    /// 0, or 1 and what `each` writes.
    pub fn option<T>(&mut self, item: Option<&T>, each: impl FnOnce(&mut Self, &T)) -> &mut Self {
        self.u8(u8::from(item.is_some()));
        if let Some(item) = item {
            each(self, item);
        }
        self
    }

    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

/// Reads fields in the order they were written.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The fields of a record of this version.
    pub fn new(bytes: &'a [u8], version: u8) -> Result<Self, RecordError> {
        Self::between(bytes, version, version).map(|(_, reader)| reader)
    }

    /// The version of a record, and its fields, if the version is within a range.
    pub fn between(bytes: &'a [u8], oldest: u8, newest: u8) -> Result<(u8, Self), RecordError> {
        match bytes.split_first() {
            Some((found, rest)) if (oldest..=newest).contains(found) => Ok((*found, Self(rest))),
            _ => Err(RecordError("its version is unknown to this program")),
        }
    }

    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(RecordError("it ends early"))?;
        self.0 = rest;
        Ok(*head)
    }

    pub fn u8(&mut self) -> Result<u8, RecordError> {
        self.fixed::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Result<u16, RecordError> {
        self.fixed().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Result<u32, RecordError> {
        self.fixed().map(u32::from_be_bytes)
    }

    /// A byte that is 0 or 1.
    pub fn flag(&mut self) -> Result<bool, RecordError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(RecordError("a flag is neither yes nor no")),
        }
    }

    pub fn u64(&mut self) -> Result<u64, RecordError> {
        self.fixed().map(u64::from_be_bytes)
    }

    pub fn bytes(&mut self) -> Result<&'a [u8], RecordError> {
        let len = u32::from_be_bytes(self.fixed()?) as usize;
        let (head, rest) = self.0.split_at_checked(len).ok_or(RecordError("a field ends early"))?;
        self.0 = rest;
        Ok(head)
    }

    pub fn text(&mut self) -> Result<&'a str, RecordError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| RecordError("a text is not UTF-8"))
    }

    pub fn list<T>(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<T, RecordError>,
    ) -> Result<Vec<T>, RecordError> {
        let count = self.u16()?;
        (0..count).map(|_| each(self)).collect()
    }

    pub fn option<T>(
        &mut self,
        each: impl FnOnce(&mut Self) -> Result<T, RecordError>,
    ) -> Result<Option<T>, RecordError> {
        match self.u8()? {
            0 => Ok(None),
            1 => each(self).map(Some),
            _ => Err(RecordError("an optional field is neither there nor not")),
        }
    }

    /// Everything that has not been read, which must be something.
    pub fn rest(&mut self) -> Result<&'a [u8], RecordError> {
        match std::mem::take(&mut self.0) {
            [] => Err(RecordError("it ends early")),
            rest => Ok(rest),
        }
    }

    /// Refuses bytes nobody read.
    pub fn end(self) -> Result<(), RecordError> {
        if self.0.is_empty() { Ok(()) } else { Err(RecordError("bytes follow its last field")) }
    }
}
