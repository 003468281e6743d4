//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (FIPS 186-2 and 186-3), and key pairs (X9.31). Where a private exponent is
//! published, the key comes in and signs.

use std::sync::Arc;

use aws_lc_rs::digest;
use keystead_crypto::{Material, Message, ProviderError, PublicKey};
use keystead_model::{KeySpec, SigningAlgorithm};
use num_bigint::BigUint;

use super::rsp::Block;
use super::{Count, Folder, folder, integer};
use crate::rsa::{pkcs1, pss, spec, verdict};
use crate::{UNAUTHENTIC, bring, der, is_malformed, private_der, public_der};

const OTHER_MODULUS: &str = "moduli of 1,024 and 1,536 bits";
const OTHER_HASH: &str = "SHA-1 and SHA-224";
const OTHER_EXPONENT: &str = "public exponents other than 65537";
/// The reason's number of a `Result`.
const EXPONENT_CHANGED: u32 = 2;

/// The numbers a file has given of a key. Each stays until it is given again, or another modulus.
#[derive(Default)]
struct Numbers {
    n: Vec<u8>,
    e: Vec<u8>,
    d: Vec<u8>,
    p: Vec<u8>,
    q: Vec<u8>,
}

impl Numbers {
    fn update(&mut self, block: &Block) {
        if block.text("n").is_some() {
            *self = Self::default();
        }
        let Self { n, e, d, p, q } = self;
        for (name, number) in [("n", n), ("e", e), ("d", d), ("p", p), ("q", q)] {
            if block.text(name).is_some() {
                *number = block.number(name);
            }
        }
    }

    /// The spec of a key with this modulus and exponent. Counts what is not offered, and holds that it does not read.
    fn spec(&self, count: &mut Count) -> Option<KeySpec> {
        let Some(spec) = spec(self.n.len() * 8) else {
            assert!(is_malformed(&PublicKey::read(KeySpec::Rsa2048, &self.public_der(KeySpec::Rsa2048))));
            count.leave_out(OTHER_MODULUS);
            return None;
        };
        if self.e != [1, 0, 1] {
            assert!(is_malformed(&PublicKey::read(spec, &self.public_der(spec))));
            count.leave_out(OTHER_EXPONENT);
            return None;
        }
        Some(spec)
    }

    fn public_der(&self, spec: KeySpec) -> Vec<u8> {
        public_der(spec, &der(0x30, &[integer(&self.n), integer(&self.e)].concat()))
    }

    /// DER PKCS #8 of the private key (RFC 8017 A.1.2), with the numbers that follow from those given.
    fn pkcs8(&self, spec: KeySpec) -> Vec<u8> {
        let big = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
        let (d, p, q) = (big(&self.d), big(&self.p), big(&self.q));
        let inverse = q.modinv(&p).expect("two different primes");
        let numbers = [
            big(&self.n),
            big(&self.e),
            d.clone(),
            p.clone(),
            q.clone(),
            &d % (p - 1u8),
            d % (q - 1u8),
            inverse,
        ];
        let contents: Vec<u8> = numbers.iter().flat_map(|number| integer(&number.to_bytes_be())).collect();
        private_der(spec, &der(0x30, &[vec![2, 1, 0], contents].concat()))
    }

    /// Finds the primes from the exponents (SP 800-56B appendix C).
    fn factor(&mut self) {
        let big = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
        let (n, one) = (big(&self.n), BigUint::from(1u8));
        let k = big(&self.e) * big(&self.d) - 1u8;
        let twos = k.trailing_zeros().expect("the exponents are not both 1");
        let odd = &k >> twos;
        let root = (2u8..100)
            .find_map(|base| {
                let mut root = BigUint::from(base).modpow(&odd, &n);
                for _ in 0..twos {
                    let square = &root * &root % &n;
                    if square == one && root != one && root != &n - 1u8 {
                        return Some(root);
                    }
                    root = square;
                }
                None
            })
            .expect("each base finds the primes half of the time");
        let p = gcd(root - 1u8, n.clone());
        self.q = (&n / &p).to_bytes_be();
        self.p = p.to_bytes_be();
    }
}

fn gcd(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}

/// The hash function of a vector. Counts those not offered.
fn hash(block: &Block, count: &mut Count) -> Option<&'static digest::Algorithm> {
    match block.expect("SHAAlg") {
        "SHA256" => Some(&digest::SHA256),
        "SHA384" => Some(&digest::SHA384),
        "SHA512" => Some(&digest::SHA512),
        _ => {
            count.leave_out(OTHER_HASH);
            None
        }
    }
}

#[test]
fn key_pairs() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    let mut numbers = Numbers::default();
    for block in folder.read("asymmetric/RSA/FIPS_186-2/KeyGenRSA.rsp") {
        numbers.update(&block);
        let Some(spec) = numbers.spec(&mut count) else { continue };
        let (made, key) = bring(spec, &numbers.pkcs8(spec)).expect("it is a key");
        let public = made.public.expect("a public half");
        assert_eq!(*public, *numbers.public_der(spec), "{block:?}");
        let public = PublicKey::read(spec, &public).expect("it reads");
        for how in spec.signing_algorithms() {
            let signature = key.sign(*how, Message::Raw(b"message")).expect("it signs");
            assert_eq!(public.verify(*how, Message::Raw(b"message"), &signature), Ok(()), "{block:?}");
        }
        count.taken += 1;
    }
    count.check("RSA key pairs", 6, 0, &[(OTHER_MODULUS, 12), (OTHER_EXPONENT, 12)]);
}

/// A signature, published with a key that is offered.
struct Case {
    block: Block,
    spec: KeySpec,
    hash: &'static digest::Algorithm,
    message: Vec<u8>,
    signature: Vec<u8>,
    public: PublicKey,
    pkcs8: Vec<u8>,
}

impl Case {
    /// Whether the signature is right, and why not.
    fn result(&self) -> (bool, u32) {
        self.block.text("Result").map_or((true, 0), |_| self.block.result())
    }

    fn verdict(&self, how: SigningAlgorithm) -> Result<(), ProviderError> {
        verdict(&self.public, how, self.hash, &self.message, &self.signature)
    }

    /// The private key; `None` where the public exponent was exchanged and is not that of the private one, so that it
    /// must not come in.
    fn private(&self) -> Option<Arc<dyn Material>> {
        let brought = bring(self.spec, &self.pkcs8);
        if self.result().1 == EXPONENT_CHANGED {
            assert!(is_malformed(&brought), "{:?}", self.block);
            return None;
        }
        Some(brought.expect("it is a key").1)
    }
}

/// Walks through a file, counting what is not offered.
fn cases(folder: &Folder, file: &str, count: &mut Count, check: impl Fn(&mut Count, &Case)) {
    let mut numbers = Numbers::default();
    for block in folder.read(&format!("asymmetric/RSA/{file}")) {
        numbers.update(&block);
        if block.text("Msg").is_none() {
            continue;
        }
        let Some(spec) = numbers.spec(count) else { continue };
        let Some(hash) = hash(&block, count) else { continue };
        if numbers.p.is_empty() {
            numbers.factor();
        }
        let public = PublicKey::read(spec, &numbers.public_der(spec)).expect("it reads");
        let (message, signature) = (block.bytes("Msg"), block.bytes("S"));
        let pkcs8 = numbers.pkcs8(spec);
        check(count, &Case { block, spec, hash, message, signature, public, pkcs8 });
    }
}

/// There is one right signature of each message, which is why ours is the one published.
fn check_pkcs1(count: &mut Count, case: &Case) {
    let (how, block) = (pkcs1(case.hash), &case.block);
    let (verdict, (right, _)) = (case.verdict(how), case.result());
    if let Some(key) = case.private() {
        let ours = key.sign(how, Message::Raw(&case.message)).expect("it signs");
        assert_eq!(ours == case.signature, right, "{block:?}");
        assert_eq!(case.public.verify(how, Message::Raw(&case.message), &ours), Ok(()), "{block:?}");
    }
    if right {
        assert_eq!(verdict, Ok(()), "{block:?}");
        count.taken += 1;
    } else {
        assert_eq!(verdict, Err(UNAUTHENTIC), "{block:?}");
        count.refused += 1;
    }
}

/// None of the salts is as long as the digest, so that all signatures have to be refused; the keys sign.
fn check_pss(count: &mut Count, case: &Case) {
    let (how, block) = (pss(case.hash), &case.block);
    assert_ne!(block.bytes("SaltVal").len(), case.hash.output_len(), "{block:?}");
    assert_eq!(case.verdict(how), Err(UNAUTHENTIC), "{block:?}");
    if let Some(key) = case.private() {
        let ours = key.sign(how, Message::Raw(&case.message)).expect("it signs");
        assert_eq!(case.public.verify(how, Message::Raw(&case.message), &ours), Ok(()), "{block:?}");
    }
    count.refused += 1;
}

/// The `.txt` file holds what its `.rsp` file does, and the private exponents.
#[test]
fn pkcs1_signatures_come_out_as_published() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for file in ["FIPS_186-2/SigGen15_186-2.txt", "FIPS_186-2/SigGen15_186-3.rsp"] {
        cases(&folder, file, &mut count, check_pkcs1);
    }
    let left_out = [(OTHER_MODULUS, 200), (OTHER_EXPONENT, 150), (OTHER_HASH, 60)];
    count.check("RSASSA-PKCS1-v1_5, signing", 90, 0, &left_out);
}

#[test]
fn pkcs1_signatures_are_told_right_from_wrong() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for file in ["FIPS_186-2/SigVer15_186-3.rsp", "SigVer15EMTest.txt"] {
        cases(&folder, file, &mut count, check_pkcs1);
    }
    let left_out = [(OTHER_MODULUS, 240), (OTHER_EXPONENT, 243), (OTHER_HASH, 48)];
    count.check("RSASSA-PKCS1-v1_5, verifying", 9, 60, &left_out);
}

#[test]
fn pss_signatures_with_other_salts_are_refused() {
    let Some(folder) = folder() else { return };
    let mut count = Count::default();
    for file in ["SigGenPSS_186-2.txt", "SigGenPSS_186-3.rsp", "SigVerPSS_186-3.rsp"] {
        cases(&folder, &format!("FIPS_186-2/{file}"), &mut count, check_pss);
    }
    let left_out = [(OTHER_MODULUS, 380), (OTHER_EXPONENT, 334), (OTHER_HASH, 94)];
    count.check("RSASSA-PSS", 0, 142, &left_out);
}
