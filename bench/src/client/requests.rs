//! Requests, ready to be sent.

/// Many requests, one behind the other in memory.
#[derive(Default)]
pub struct Requests {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Requests {
    /// Adds one that `write` appends.
    pub fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// One of them; past the last one they begin again.
    ///
    /// # Panics
    /// If there is none.
    pub fn at(&self, index: usize) -> &[u8] {
        let index = index % self.ends.len();
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_come_one_after_the_other_and_again() {
        let mut requests = Requests::default();
        for text in ["a", "bcd", "ef"] {
            requests.add(|out| out.extend_from_slice(text.as_bytes()));
        }
        assert_eq!(requests.count(), 3);
        let found: Vec<_> = (0..4).map(|index| requests.at(index)).collect();
        assert_eq!(found, [&b"a"[..], b"bcd", b"ef", b"a"]);
    }
}
