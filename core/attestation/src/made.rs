//! Documents of the tests' own making: a root, what is under it, and whatever a test wants to be wrong.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use keystead_model::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P384_SHA384, date_time_ymd,
};

use crate::chain::Roots;
use crate::cose::signed_bytes;
use crate::verifier::Verifier;

/// 2026-09-21T13:46:40Z, within the time of every certificate made here.
pub const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// A certificate and its key.
pub struct Party {
    pub params: CertificateParams,
    pub key: KeyPair,
    pub der: Vec<u8>,
}

pub fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key")
}

pub fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2027, 1, 1);
    params
}

pub fn authority(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

pub fn signer(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params
}

impl Party {
    pub fn root(params: CertificateParams) -> Self {
        Self::self_signed(params, key())
    }

    pub fn self_signed(params: CertificateParams, key: KeyPair) -> Self {
        let der = params.self_signed(&key).expect("a certificate").der().to_vec();
        Self { params, key, der }
    }

    pub fn issue(&self, params: CertificateParams) -> Self {
        self.issue_for(params, key())
    }

    pub fn issue_for(&self, params: CertificateParams, key: KeyPair) -> Self {
        let issuer = Issuer::from_params(&self.params, &self.key);
        let der = params.signed_by(&key, &issuer).expect("a certificate").der().to_vec();
        Self { params, key, der }
    }
}

/// A root, two authorities under it, and the certificate that signs documents.
pub struct Pki {
    pub chain: Vec<Party>,
    pub leaf: Party,
}

impl Pki {
    pub fn new() -> Self {
        Self::with(&mut |_, _| {})
    }

    /// With the parameters of each certificate changed: 0 is the root, 3 the leaf.
    pub fn with(change: &mut dyn FnMut(usize, &mut CertificateParams)) -> Self {
        let mut changed = |at, mut params| {
            change(at, &mut params);
            params
        };
        let root = Party::root(changed(0, authority("aws.nitro-enclaves")));
        let region = root.issue(changed(1, authority("region")));
        let instance = region.issue(changed(2, authority("instance")));
        let leaf = instance.issue(changed(3, signer("enclave")));
        Self { chain: vec![root, region, instance], leaf }
    }

    pub fn verifier(&self) -> Verifier {
        Verifier::new(Roots::read(vec![self.chain[0].der.clone()]).expect("a root"), 300)
    }

    pub fn bundle(&self) -> Item {
        Item::Array(self.chain.iter().map(|party| Item::Bytes(party.der.clone())).collect())
    }

    pub fn paper(&self, public_key: &[u8]) -> Paper {
        let pcrs = (0..16).map(|at| (Item::Unsigned(at), Item::Bytes(vec![at as u8 + 1; 48]))).collect();
        Paper {
            fields: vec![
                ("module_id", Item::Text("i-0123-enc4567".into())),
                ("digest", Item::Text("SHA384".into())),
                ("timestamp", Item::Unsigned(NOW.0)),
                ("pcrs", Item::Map(pcrs)),
                ("certificate", Item::Bytes(self.leaf.der.clone())),
                ("cabundle", self.bundle()),
                ("public_key", Item::Bytes(public_key.to_vec())),
                ("user_data", Item::Null),
                ("nonce", Item::Null),
            ],
        }
    }

    pub fn sign(&self, paper: &Paper) -> Vec<u8> {
        paper.signed_with(&self.leaf.key)
    }
}

/// The fields of a document, to be tampered with.
pub struct Paper {
    pub fields: Vec<(&'static str, Item)>,
}

impl Paper {
    pub fn set(mut self, name: &'static str, value: Item) -> Self {
        match self.fields.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name, value)),
        }
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(other, _)| *other != name);
        self
    }

    pub fn payload(&self) -> Vec<u8> {
        let pairs = self.fields.iter().map(|(name, value)| (Item::Text((*name).into()), value.clone()));
        Item::Map(pairs.collect()).encoded()
    }

    pub fn signed_with(&self, key: &KeyPair) -> Vec<u8> {
        let payload = self.payload();
        let signature = signature(key, &payload);
        envelope(Item::Bytes(vec![0xa1, 1, 0x38, 0x22]), Item::Map(vec![]), payload, signature).encoded()
    }
}

pub fn envelope(protected: Item, unprotected: Item, payload: Vec<u8>, signature: Vec<u8>) -> Item {
    Item::Array(vec![protected, unprotected, Item::Bytes(payload), Item::Bytes(signature)])
}

pub fn signature(key: &KeyPair, payload: &[u8]) -> Vec<u8> {
    let key =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &key.serialize_der()).expect("a key");
    key.sign(&SystemRandom::new(), &signed_bytes(payload)).expect("a signature").as_ref().to_vec()
}

/// CBOR to be written.
#[derive(Clone)]
pub enum Item {
    Unsigned(u64),
    Negative(u64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Item>),
    Map(Vec<(Item, Item)>),
    /// A map of indefinite length.
    OpenMap(Vec<(Item, Item)>),
    Null,
}

impl Item {
    pub fn encoded(&self) -> Vec<u8> {
        match self {
            Self::Unsigned(value) => head(0, *value),
            Self::Negative(value) => head(1, *value),
            Self::Bytes(bytes) => [head(2, bytes.len() as u64), bytes.clone()].concat(),
            Self::Text(text) => [head(3, text.len() as u64), text.clone().into_bytes()].concat(),
            Self::Array(items) => {
                [head(4, items.len() as u64), items.iter().flat_map(Self::encoded).collect()].concat()
            }
            Self::Map(pairs) => [head(5, pairs.len() as u64), encoded_pairs(pairs)].concat(),
            Self::OpenMap(pairs) => [vec![0xbf], encoded_pairs(pairs), vec![0xff]].concat(),
            Self::Null => vec![0xf6],
        }
    }
}

fn encoded_pairs(pairs: &[(Item, Item)]) -> Vec<u8> {
    pairs.iter().flat_map(|(key, value)| [key.encoded(), value.encoded()].concat()).collect()
}

fn head(major: u8, value: u64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let (info, width) = match value {
        0..24 => (value as u8, 0),
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    [&[major << 5 | info], &bytes[8 - width..]].concat()
}
