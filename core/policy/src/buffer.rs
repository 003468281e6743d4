//! Text put together on the stack.

use std::fmt;

use keystead_model::AccountId;

/// At most `N` bytes of text. What does not fit makes the whole unreadable: half a name must match nothing.
pub(crate) struct Buffer<const N: usize> {
    bytes: [u8; N],
    len: usize,
    overflown: bool,
}

impl<const N: usize> Buffer<N> {
    pub(crate) fn new() -> Self {
        Self { bytes: [0; N], len: 0, overflown: false }
    }

    pub(crate) fn push_bytes(&mut self, more: &[u8]) {
        match self.bytes.get_mut(self.len..self.len + more.len()) {
            Some(room) => {
                room.copy_from_slice(more);
                self.len += more.len();
            }
            None => self.overflown = true,
        }
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// The twelve digits; `fmt` would take ten times as long.
    pub(crate) fn push_account(&mut self, account: AccountId) {
        let mut digits = [b'0'; AccountId::DIGITS];
        let mut number = account.number();
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(number % 10).expect("a remainder of ten is one digit");
            number /= 10;
        }
        self.push_bytes(&digits);
    }

    /// What was pushed, unless some of it did not fit.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        (!self.overflown).then(|| &self.bytes[..self.len])
    }

    /// What was pushed, as text.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

impl<const N: usize> fmt::Write for Buffer<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_keeps_its_zeros() {
        let mut buffer = Buffer::<12>::new();
        buffer.push_account("000000000042".parse().expect("an account"));
        assert_eq!(buffer.text(), Some("000000000042"));
    }

    #[test]
    fn what_does_not_fit_makes_the_whole_unreadable() {
        let mut buffer = Buffer::<4>::new();
        buffer.push("abc");
        buffer.push("de");
        buffer.push("f");
        assert_eq!(buffer.text(), None);
    }
}
