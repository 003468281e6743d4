//! Writes answers in the XML of the query protocol, as AWS lays it out.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use keystead_engine::SecretBytes;
use keystead_model::{RequestId, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::super::errors::AwsError;
use super::super::wire::Written;

/// What stays as it is in a document within an answer: RFC 3986's unreserved characters.
const DOCUMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes the answer of an action, `result` writing the members of its result.
pub fn answered(
    action: &str,
    namespace: &str,
    request: &RequestId,
    result: impl FnOnce(&mut Xml),
) -> Written {
    let mut xml = Xml::new();
    xml.raw(format_args!("<{action}Response xmlns=\"{namespace}\">\n"));
    xml.depth = 1;
    xml.list(&format!("{action}Result"), result);
    xml.structure("ResponseMetadata", |xml| {
        xml.plain("RequestId", request);
    });
    xml.raw(format_args!("</{action}Response>\n"));
    xml.finish()
}

/// An error answer.
pub(crate) fn error_xml(error: &AwsError, namespace: &str, request: &RequestId) -> Written {
    let AwsError { status, code, message } = error;
    let mut xml = Xml::new();
    xml.raw(format_args!("<ErrorResponse xmlns=\"{namespace}\">\n"));
    xml.depth = 1;
    xml.structure("Error", |xml| {
        xml.text("Type", if *status >= 500 { "Receiver" } else { "Sender" });
        xml.text("Code", code).text("Message", message.as_deref().unwrap_or_default());
    });
    xml.plain("RequestId", request);
    xml.raw(format_args!("</ErrorResponse>\n"));
    xml.finish()
}

/// Writes elements. The buffer is wiped when it moves and when a secret answer is dropped.
pub struct Xml {
    out: Zeroizing<Vec<u8>>,
    depth: usize,
    is_secret: bool,
}

impl Xml {
    fn new() -> Self {
        Self { out: Zeroizing::new(Vec::with_capacity(1024)), depth: 0, is_secret: false }
    }

    fn finish(mut self) -> Written {
        match self.is_secret {
            true => Written::Secret(self.out),
            false => Written::Open(std::mem::take(&mut *self.out)),
        }
    }

    /// A text.
    pub fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.line(name, format_args!("{}", escaped(text)))
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, name: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// What `Display` spells without a character that XML would read, such as a number or an id.
    pub fn plain(&mut self, name: &str, value: impl fmt::Display) -> &mut Self {
        self.line(name, format_args!("{value}"))
    }

    /// What `Display` spells, whatever it spells.
    pub fn shown(&mut self, name: &str, value: impl fmt::Display) -> &mut Self {
        self.text(name, &value.to_string())
    }

    /// A time: ISO 8601, to the second.
    pub fn time(&mut self, name: &str, at: Timestamp) -> &mut Self {
        let second = i64::try_from(at.seconds()).unwrap_or(i64::MAX);
        self.plain(name, jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::MAX))
    }

    /// A policy document, percent-encoded as IAM answers them.
    pub fn document(&mut self, name: &str, document: &str) -> &mut Self {
        self.plain(name, utf8_percent_encode(document, DOCUMENT))
    }

    /// Bytes that are no secret, in base64.
    pub fn blob(&mut self, name: &str, bytes: &[u8]) -> &mut Self {
        self.plain(name, base64::display::Base64Display::new(bytes, &BASE64))
    }

    /// A text that is a secret; the whole answer is wiped when it has been sent.
    pub fn secret_text(&mut self, name: &str, secret: &SecretBytes) -> &mut Self {
        self.is_secret = true;
        // Secrets that are texts are made here, of characters that XML does not read: nothing of them is copied aside.
        self.text(name, std::str::from_utf8(secret.expose()).unwrap_or_default())
    }

    /// Bytes that are a secret, in base64; the whole answer is wiped when it has been sent.
    pub fn secret_blob(&mut self, name: &str, secret: &SecretBytes) -> &mut Self {
        self.is_secret = true;
        let bytes = secret.expose();
        let mut text = Zeroizing::new(vec![0; bytes.len().div_ceil(3) * 4]);
        // The room is exactly what the padded form takes.
        let _ = BASE64.encode_slice(bytes, &mut text);
        self.open(name);
        self.push(&text);
        self.close(name);
        self
    }

    /// A structure, `members` writing its members.
    pub fn structure(&mut self, name: &str, members: impl FnOnce(&mut Self)) -> &mut Self {
        self.indent();
        self.raw(format_args!("<{name}>\n"));
        self.inner(members);
        self.indent();
        self.raw(format_args!("</{name}>\n"));
        self
    }

    /// A list, `each` writing the members of one item.
    pub fn structures<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.list(name, |xml| {
            for item in items {
                xml.structure("member", |xml| each(xml, item));
            }
        })
    }

    /// A list of texts.
    pub fn texts<T: AsRef<str>>(&mut self, name: &str, texts: impl IntoIterator<Item = T>) -> &mut Self {
        self.list(name, |xml| {
            for text in texts {
                xml.text("member", text.as_ref());
            }
        })
    }

    /// An element that is empty if nothing is in it.
    fn list(&mut self, name: &str, items: impl FnOnce(&mut Self)) -> &mut Self {
        if !self.optional_structure(name, items) {
            self.indent();
            self.raw(format_args!("<{name}/>\n"));
        }
        self
    }

    /// A structure that is left out if nothing is in it; whether it was written.
    fn optional_structure(&mut self, name: &str, members: impl FnOnce(&mut Self)) -> bool {
        let before = self.out.len();
        self.indent();
        self.raw(format_args!("<{name}>\n"));
        let start = self.out.len();
        self.inner(members);
        if self.out.len() == start {
            self.out.truncate(before);
            return false;
        }
        self.indent();
        self.raw(format_args!("</{name}>\n"));
        true
    }

    fn inner(&mut self, members: impl FnOnce(&mut Self)) {
        self.depth += 1;
        members(self);
        self.depth -= 1;
    }

    fn line(&mut self, name: &str, content: fmt::Arguments<'_>) -> &mut Self {
        self.open(name);
        self.raw(content);
        self.close(name);
        self
    }

    fn open(&mut self, name: &str) {
        self.indent();
        self.raw(format_args!("<{name}>"));
    }

    fn close(&mut self, name: &str) {
        self.raw(format_args!("</{name}>\n"));
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.push(b"  ");
        }
    }

    fn raw(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a buffer does not fail.
        let _ = self.write_fmt(text);
    }

    /// Appends without leaving a copy of what was written so far.
    fn push(&mut self, bytes: &[u8]) {
        if self.out.capacity() - self.out.len() < bytes.len() {
            let mut bigger = Zeroizing::new(Vec::with_capacity((self.out.len() + bytes.len()) * 2));
            bigger.extend_from_slice(&self.out);
            self.out = bigger;
        }
        self.out.extend_from_slice(bytes);
    }
}

impl fmt::Write for Xml {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

/// Text as XML content. Characters that XML 1.0 has no place for become question marks.
fn escaped(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'' | '\r') || is_forbidden(c);
    if !text.contains(is_odd) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // Readers of XML make a line feed of a carriage return that stands for itself.
            '\r' => out.push_str("&#xD;"),
            c if is_forbidden(c) => out.push('?'),
            c => out.push(c),
        }
    }
    out.into()
}

fn is_forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(written: Written) -> String {
        let Written::Open(bytes) = written else { panic!("nothing secret in it") };
        String::from_utf8(bytes).expect("a text")
    }

    #[test]
    fn an_answer_is_laid_out_as_aws_does() {
        let written = answered("GetThing", "https://example.com/doc/", &RequestId([0xab; 16]), |xml| {
            xml.structure("Thing", |xml| {
                xml.text("Name", "a<b").plain("Count", 3).time("At", Timestamp(1_700_000_000_999));
                xml.document("Document", "{\"a\": \"ü\"}").blob("Blob", b"hello");
                xml.optional_text("None", None).optional_text("Some", Some("x"));
            });
            xml.structures("Tags", [1, 2], |xml, n| {
                xml.plain("Key", n);
            });
            xml.texts("Names", ["a", "b"]).texts("Nobody", Vec::<String>::new());
        });
        let expected = "\
<GetThingResponse xmlns=\"https://example.com/doc/\">
  <GetThingResult>
    <Thing>
      <Name>a&lt;b</Name>
      <Count>3</Count>
      <At>2023-11-14T22:13:20Z</At>
      <Document>%7B%22a%22%3A%20%22%C3%BC%22%7D</Document>
      <Blob>aGVsbG8=</Blob>
      <Some>x</Some>
    </Thing>
    <Tags>
      <member>
        <Key>1</Key>
      </member>
      <member>
        <Key>2</Key>
      </member>
    </Tags>
    <Names>
      <member>a</member>
      <member>b</member>
    </Names>
    <Nobody/>
  </GetThingResult>
  <ResponseMetadata>
    <RequestId>abababab-abab-abab-abab-abababababab</RequestId>
  </ResponseMetadata>
</GetThingResponse>
";
        assert_eq!(open(written), expected);
    }

    #[test]
    fn an_answer_without_members_has_an_empty_result() {
        let text = open(answered("DeleteThing", "urn:x", &RequestId([1; 16]), |_| {}));
        assert!(text.contains("  <DeleteThingResult/>\n") && text.contains("<RequestId>01010101-"), "{text}");
    }

    #[test]
    fn an_error_says_whose_fault_it_is() {
        let error = |status| AwsError { status, code: "Some", message: Some("a & b".into()) };
        let text = open(error_xml(&error(404), "urn:x", &RequestId([1; 16])));
        assert!(
            text.contains("<Type>Sender</Type>") && text.contains("<Message>a &amp; b</Message>"),
            "{text}"
        );
        let text = open(error_xml(&error(500), "urn:x", &RequestId([1; 16])));
        assert!(text.contains("<Type>Receiver</Type>"), "{text}");
    }

    #[test]
    fn an_answer_with_a_secret_is_wiped() {
        let secret = SecretBytes::copy_from(b"wJalr/+x");
        let written = answered("MakeKey", "urn:x", &RequestId([1; 16]), |xml| {
            xml.secret_text("Secret", &secret).secret_blob("Seed", &secret);
        });
        let Written::Secret(bytes) = written else { panic!("a secret in it") };
        let text = std::str::from_utf8(&bytes).expect("a text");
        assert!(text.contains("<Secret>wJalr/+x</Secret>") && text.contains("<Seed>d0phbHIvK3g=</Seed>"));
    }

    #[test]
    fn nothing_from_outside_becomes_markup() {
        assert_eq!(escaped("<a b='c'>&\"\u{1}\r"), "&lt;a b=&apos;c&apos;&gt;&amp;&quot;?&#xD;");
        assert!(matches!(escaped("plain"), Cow::Borrowed("plain")));
    }
}
