//! The text form of NIST's Cryptographic Algorithm Validation Program, response files (`.rsp`) and their kin:
//!
//! ```text
//! # a comment
//! [P-256,SHA-256]                 headings: those that follow each other hold together,
//! [mod = 2048]                    until the first one after a block
//!
//! Msg = 66e98a                    a block of fields: ends at an empty line, at a heading,
//! Result = F (1 - Message changed)    or where its first name comes again
//! FAIL                            a field without a value
//! ```

/// Fields that stand together, under the headings that go with them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Without their brackets.
    pub(super) headings: Vec<String>,
    fields: Vec<(String, String)>,
}

impl Block {
    /// The value of the first field of that name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of all fields of that name, in order.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field of whole bytes in hexadecimal. Panics, and with it the test, if it is not there or something else.
    pub(super) fn bytes(&self, name: &str) -> Vec<u8> {
        hex::decode(self.expect(name)).unwrap_or_else(|error| panic!("{name} of {self:?}: {error}"))
    }

    /// A number in hexadecimal, big-endian, without zero bytes in front. Unlike bytes it may have an odd count of
    /// digits. Panics as [`Self::bytes`] does.
    pub(super) fn number(&self, name: &str) -> Vec<u8> {
        let digits = self.expect(name);
        let even = "0".repeat(digits.len() % 2) + digits;
        let bytes = hex::decode(even).unwrap_or_else(|error| panic!("{name} of {self:?}: {error}"));
        bytes.into_iter().skip_while(|byte| *byte == 0).collect()
    }

    /// A field that has to be there. Panics if it is not.
    pub(super) fn expect(&self, name: &str) -> &str {
        self.text(name).unwrap_or_else(|| panic!("there is no {name} in {self:?}"))
    }

    /// The letter and the reason's number of a `Result` such as `F (4 - Q changed)` or `P (0 )`. Results without a
    /// reason have number 0. Panics if there is none.
    pub(super) fn result(&self) -> (bool, u32) {
        let text = self.expect("Result");
        let right = match text.as_bytes().first() {
            Some(b'P') => true,
            Some(b'F') => false,
            _ => panic!("{text:?} is neither a pass nor a failure"),
        };
        let reason = text[1..].trim().trim_start_matches('(');
        let end = reason.find(|next: char| !next.is_ascii_digit()).unwrap_or(reason.len());
        (right, reason[..end].parse().unwrap_or(0))
    }
}

/// Reads a file's text.
pub(super) fn read(text: &str) -> Vec<Block> {
    let (mut blocks, mut headings) = (Vec::<Block>::new(), Vec::<String>::new());
    let (mut open, mut fresh) = (false, false);
    for line in text.lines().map(str::trim) {
        if line.starts_with('#') {
            continue;
        }
        if line.is_empty() {
            open = false;
        } else if let Some(heading) = line.strip_prefix('[') {
            if !fresh {
                headings.clear();
            }
            // One of NIST's files lacks a bracket.
            headings.push(heading.trim_end_matches(']').to_owned());
            (open, fresh) = (false, true);
        } else {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            let field = (name.trim().to_owned(), value.trim().to_owned());
            match blocks.last_mut().filter(|block| open && block.fields[0].0 != field.0) {
                Some(block) => block.fields.push(field),
                None => blocks.push(Block { headings: headings.clone(), fields: vec![field] }),
            }
            (open, fresh) = (true, false);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_at_empty_lines_headings_and_their_first_name() {
        let blocks =
            read("# c\r\n[A]\r\n\r\n[m = 1]\r\nx = 1\ny=2\n\nx = 3\n[B\nx = 4\nFAIL\nx = 5\n\n\n[C]\n");
        let seen: Vec<(String, String)> = blocks
            .iter()
            .map(|block| {
                let fields = block.fields.iter().map(|(name, value)| format!("{name}:{value}"));
                (block.headings.join(" "), fields.collect::<Vec<_>>().join(" "))
            })
            .collect();
        let expect = [("A m = 1", "x:1 y:2"), ("A m = 1", "x:3"), ("B", "x:4 FAIL:"), ("B", "x:5")];
        assert_eq!(seen, expect.map(|(headings, fields)| (headings.to_owned(), fields.to_owned())));
    }

    #[test]
    fn names_that_come_twice_keep_both_values() {
        let blocks = read("COUNT=0\n\ti = 01\n\ti = 02\nK =\n");
        assert_eq!(blocks.len(), 1);
        assert_eq!(blocks[0].all("i").collect::<Vec<_>>(), ["01", "02"]);
        assert_eq!((blocks[0].text("K"), blocks[0].text("L")), (Some(""), None));
        assert!(blocks[0].bytes("K").is_empty());
    }

    #[test]
    fn numbers_have_no_zeros_in_front_and_any_count_of_digits() {
        let block = &read("a = 00010f\nb = 123\nc = 00")[0];
        assert_eq!(
            (block.number("a"), block.number("b"), block.number("c")),
            (vec![1, 0x0f], vec![1, 0x23], vec![])
        );
    }

    #[test]
    #[should_panic(expected = "there is no S in")]
    fn a_field_that_is_not_there_is_no_empty_one() {
        read("R = 00")[0].bytes("S");
    }

    #[test]
    fn results_tell_their_reason() {
        let cases = [
            ("F (12 - Tag changed )", (false, 12)),
            ("P (0 - Correct)", (true, 0)),
            ("P (13 - Z value should have leading 0 nibble )", (true, 13)),
            ("P", (true, 0)),
            ("P (0 )", (true, 0)),
        ];
        for (text, expect) in cases {
            assert_eq!(read(&format!("Result = {text}"))[0].result(), expect, "{text}");
        }
    }

    #[test]
    #[should_panic(expected = "neither a pass nor a failure")]
    fn a_result_is_a_pass_or_a_failure() {
        read("Result = pass")[0].result();
    }
}
