//! The custom key stores of an account and location, all in one row: there are few, and what one of them may be
//! depends on the others.

use std::sync::Arc;

use keystead_crypto::SecretBytes;
use keystead_model::{ConnectionErrorCode, ConnectionState, Timestamp};

use super::{Reader, RecordError, Writer};

/// All custom key stores of an account and location.
#[derive(Clone, PartialEq, Default)]
pub struct KeyStoresRecord {
    /// The stores, oldest first.
    pub stores: Vec<KeyStoreRecord>,
}

/// One custom key store.
#[derive(Clone, PartialEq)]
pub struct KeyStoreRecord {
    /// `cks-` and 17 hexadecimal digits.
    pub id: Box<str>,
    /// What its owner calls it.
    pub name: Box<str>,
    /// When it was made.
    pub created: Timestamp,
    /// Whether its keys can be used.
    pub state: ConnectionState,
    /// Why not, if an attempt to connect failed.
    pub fault: Option<ConnectionErrorCode>,
    /// What it is backed by.
    pub backing: Backing,
}

/// What a custom key store is backed by.
#[derive(Clone, PartialEq)]
pub enum Backing {
    /// A hardware security module.
    CloudHsm(CloudHsm),
    /// Somebody else's key manager.
    External(External),
}

/// A hardware security module.
#[derive(Clone, PartialEq)]
pub struct CloudHsm {
    /// Its cluster's id.
    pub cluster: Box<str>,
    /// Its certificate, as its owner gave it.
    pub trust_anchor: Box<str>,
    /// The password of its crypto user.
    pub password: Arc<SecretBytes>,
}

/// A proxy in front of somebody else's key manager.
#[derive(Clone, PartialEq)]
pub struct External {
    /// `https://` and a host, as its owner wrote it.
    pub endpoint: Box<str>,
    /// Where its operations are.
    pub path: Box<str>,
    /// Names the secret.
    pub access_key_id: Box<str>,
    /// What requests are signed with.
    pub secret_access_key: Arc<SecretBytes>,
}

impl External {
    /// The host of the endpoint, in lower case.
    pub fn host(&self) -> String {
        self.endpoint.strip_prefix("https://").unwrap_or(&self.endpoint).to_ascii_lowercase()
    }
}

const BAD_ENUM: RecordError = RecordError("an enumeration has an unknown value");

impl KeyStoresRecord {
    const VERSION: u8 = 1;

    /// The store of an id, if there is one.
    pub fn find(&self, id: &str) -> Option<&KeyStoreRecord> {
        self.stores.iter().find(|store| &*store.id == id)
    }

    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::new(Self::VERSION);
        out.list(&self.stores, |out, store| store.write(out));
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let stores = reader.list(KeyStoreRecord::read)?;
        reader.end()?;
        Ok(Self { stores })
    }
}

impl KeyStoreRecord {
    fn write(&self, out: &mut Writer) {
        let Self { id, name, created, state, fault, backing } = self;
        out.text(id).text(name).u64(created.0).u8(state.code());
        out.option(fault.as_ref(), |out, fault| {
            out.u8(fault.code());
        });
        match backing {
            Backing::CloudHsm(CloudHsm { cluster, trust_anchor, password }) => {
                out.u8(1).text(cluster).text(trust_anchor).bytes(password.expose());
            }
            Backing::External(external) => external.write(out.u8(2)),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(Self {
            id: reader.text()?.into(),
            name: reader.text()?.into(),
            created: Timestamp(reader.u64()?),
            state: ConnectionState::from_code(reader.u8()?).ok_or(BAD_ENUM)?,
            fault: reader.option(|r| ConnectionErrorCode::from_code(r.u8()?).ok_or(BAD_ENUM))?,
            backing: match reader.u8()? {
                1 => Backing::CloudHsm(CloudHsm {
                    cluster: reader.text()?.into(),
                    trust_anchor: reader.text()?.into(),
                    password: secret(reader)?,
                }),
                2 => Backing::External(External::read(reader)?),
                _ => return Err(BAD_ENUM),
            },
        })
    }
}

impl External {
    fn write(&self, out: &mut Writer) {
        let Self { endpoint, path, access_key_id, secret_access_key } = self;
        out.text(endpoint).text(path).text(access_key_id).bytes(secret_access_key.expose());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(Self {
            endpoint: reader.text()?.into(),
            path: reader.text()?.into(),
            access_key_id: reader.text()?.into(),
            secret_access_key: secret(reader)?,
        })
    }
}

fn secret(reader: &mut Reader<'_>) -> Result<Arc<SecretBytes>, RecordError> {
    Ok(Arc::new(SecretBytes::copy_from(reader.bytes()?)))
}

/// An external key that a key is tied to: the row holds which. A store's keys are the rows that begin with its id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExternalKeyRecord {
    /// The key, in the store's own account and location.
    pub key: keystead_model::KeyId,
}

impl ExternalKeyRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::new(Self::VERSION);
        out.u8(u8::from(self.key.is_multi_region())).fixed(self.key.bytes()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Arc<SecretBytes> {
        Arc::new(SecretBytes::copy_from(text.as_bytes()))
    }

    fn both() -> KeyStoresRecord {
        let store = KeyStoreRecord {
            id: "cks-0123456789abcdef0".into(),
            name: "elsewhere".into(),
            created: Timestamp(7),
            state: ConnectionState::Failed,
            fault: Some(ConnectionErrorCode::XksProxyTimedOut),
            backing: Backing::External(External {
                endpoint: "https://XKS.example.com".into(),
                path: "/kms/xks/v1".into(),
                access_key_id: "ABCDEFGHIJKLMNOPQRST".into(),
                secret_access_key: secret("secret"),
            }),
        };
        let hsm = KeyStoreRecord {
            id: "cks-1123456789abcdef0".into(),
            state: ConnectionState::Disconnected,
            fault: None,
            backing: Backing::CloudHsm(CloudHsm {
                cluster: "cluster-2a23b4cdefg".into(),
                trust_anchor: "-----BEGIN CERTIFICATE-----".into(),
                password: secret("password"),
            }),
            ..store.clone()
        };
        KeyStoresRecord { stores: vec![store, hsm] }
    }

    #[test]
    fn stores_read_back() {
        let bytes = both().write();
        assert!(KeyStoresRecord::read(&bytes).is_ok_and(|read| read == both()));
        for len in 0..bytes.len() {
            assert!(KeyStoresRecord::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(KeyStoresRecord::read(&[bytes, vec![0]].concat()).is_err());
    }

    #[test]
    fn hosts_are_compared_in_lower_case() {
        let stores = both();
        let Backing::External(external) = &stores.stores[0].backing else { panic!("the first is external") };
        assert_eq!(external.host(), "xks.example.com");
    }
}
