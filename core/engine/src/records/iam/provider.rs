//! OpenID Connect providers.

use keystead_model::{IamKind, Tags, Timestamp};

use super::{DirectoryRecord, TaggedRecord, read_tags, read_texts, write_tags, write_texts};
use crate::records::{Reader, RecordError, Writer};

/// An OpenID Connect provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProviderRecord {
    /// Its URL without the scheme, as it was written; with `https://` before it, the `iss` of its tokens.
    pub url: Box<str>,
    /// When it was made.
    pub created: Timestamp,
    /// The audiences whose tokens are taken.
    pub client_ids: Vec<Box<str>>,
    /// SHA-1 thumbprints of certificates that its server may have, in hexadecimal.
    pub thumbprints: Vec<Box<str>>,
    /// Labels.
    pub tags: Tags,
}

impl ProviderRecord {
    const VERSION: u8 = 1;
}

impl DirectoryRecord for ProviderRecord {
    const KIND: IamKind = IamKind::OidcProvider;

    fn name(&self) -> &str {
        &self.url
    }

    fn path(&self) -> &str {
        "/"
    }

    fn tags(&self) -> &Tags {
        &self.tags
    }

    fn created(&self) -> Timestamp {
        self.created
    }

    fn write(&self) -> Vec<u8> {
        let Self { url, created, client_ids, thumbprints, tags } = self;
        let mut out = Writer::new(Self::VERSION);
        out.text(url).u64(created.0);
        write_texts(&mut out, client_ids);
        write_texts(&mut out, thumbprints);
        write_tags(&mut out, tags);
        out.finish()
    }

    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let record = Self {
            url: reader.text()?.into(),
            created: Timestamp(reader.u64()?),
            client_ids: read_texts(&mut reader)?,
            thumbprints: read_texts(&mut reader)?,
            tags: read_tags(&mut reader)?,
        };
        reader.end()?;
        Ok(record)
    }
}

impl TaggedRecord for ProviderRecord {
    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::iam::tests::{reads_back, tags};

    #[test]
    fn a_provider_reads_back() {
        let provider = ProviderRecord {
            url: "token.example.com/a/B".into(),
            created: Timestamp(7),
            client_ids: vec!["sts.amazonaws.com".into()],
            thumbprints: vec!["ab".repeat(20).into()],
            tags: tags(),
        };
        reads_back(&provider);
        let arn = provider.arn("111122223333".parse().expect("an account")).to_string();
        assert_eq!(arn, "arn:aws:iam::111122223333:oidc-provider/token.example.com/a/B");
    }
}
