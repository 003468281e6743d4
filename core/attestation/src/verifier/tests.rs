//! Every check, broken one at a time.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PublicKeyData, date_time_ymd,
};

use super::*;
use crate::attested::Platform;
use crate::cbor::Malformed;
use crate::cose::NotSigned;
use crate::made::{Item, NOW, Party, Pki, authority, envelope, signature};

fn rsa() -> Vec<u8> {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key").public_key();
    key.as_der().expect("it has a form").as_ref().to_vec()
}

fn refused(pki: &Pki, document: &[u8]) -> Refused {
    pki.verifier().verify(document, NOW).err().expect("refused")
}

/// What becomes of a document whose certificates were made with these changes.
fn with(change: &mut dyn FnMut(usize, &mut CertificateParams)) -> Result<(), (usize, Fault)> {
    let pki = Pki::with(change);
    match pki.verifier().verify(&pki.sign(&pki.paper(&rsa())), NOW) {
        Ok(_) => Ok(()),
        Err(Refused::Certificate { at, of: 4, fault }) => Err((at, fault)),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_true_document_tells_what_it_measures() {
    let pki = Pki::new();
    let attested = pki.verifier().verify(&pki.sign(&pki.paper(&rsa())), NOW).expect("true");
    assert_eq!((attested.platform(), attested.module_id()), (Platform::Enclave, "i-0123-enc4567"));
    assert_eq!(attested.image_sha384(), Some(&[1; 48][..]));
    assert_eq!(attested.measurement("imagesha384"), Some(&[1; 48][..]));
    assert_eq!(attested.measurement("pcr0"), Some(&[1; 48][..]));
    assert_eq!(attested.measurement("PCR15"), Some(&[16; 48][..]));
    for other in ["PCR16", "PCR01", "PCR", "PCR+1", "PCR256", "NitroTPMPCR0", "", "PC", "ImageSha", "é€"] {
        assert_eq!(attested.measurement(other), None, "{other}");
    }
    let line = attested.to_string();
    assert_eq!(line, format!("enclave i-0123-enc4567 ImageSha384={}", "01".repeat(48)));
}

#[test]
fn an_instance_tells_its_registers_under_their_own_name() {
    let pki = Pki::new();
    let paper = pki.paper(&rsa());
    let pcrs = paper.fields.iter().find(|(name, _)| *name == "pcrs").expect("there").1.clone();
    let document = pki.sign(&paper.without("pcrs").set("nitrotpm_pcrs", pcrs));
    let attested = pki.verifier().verify(&document, NOW).expect("true");
    assert_eq!(attested.platform(), Platform::Tpm);
    assert_eq!(attested.measurement("NitroTPMPCR4"), Some(&[5; 48][..]));
    // An instance must not pass for an enclave.
    assert_eq!(attested.measurement("PCR4"), None);
    assert_eq!(attested.measurement("ImageSha384"), None);
    assert!(attested.to_string().starts_with("instance i-0123-enc4567 NitroTPMPCR4=0505"));
}

#[test]
fn the_spellings_of_real_documents_are_taken() {
    let pki = Pki::new();
    let paper = pki.paper(&rsa());
    let fields = paper.fields.iter().map(|(name, value)| (Item::Text((*name).into()), value.clone()));
    let open = Item::OpenMap(fields.collect()).encoded();
    let signature = signature(&pki.leaf.key, &open);
    let protected = Item::Bytes(vec![0xa1, 1, 0x38, 0x22]);
    let open = envelope(protected, Item::Map(vec![]), open, signature).encoded();
    let tagged = [vec![0xd2], pki.sign(&paper)].concat();
    let bare = pki.sign(&pki.paper(&rsa()).without("user_data").without("nonce"));
    for document in [open, tagged, bare] {
        pki.verifier().verify(&document, NOW).expect("true");
    }
}

#[test]
fn without_roots_nothing_is_believed() {
    let pki = Pki::new();
    let document = pki.sign(&pki.paper(&rsa()));
    assert_eq!(Verifier::without_roots().verify(&document, NOW).err(), Some(Refused::NoRoots));
}

#[test]
fn a_strangers_chain_is_not_believed() {
    let (ours, theirs) = (Pki::new(), Pki::new());
    let document = theirs.sign(&theirs.paper(&rsa()));
    assert_eq!(refused(&ours, &document), Refused::UnknownRoot);
    // Our root at its head does not help, nor does hiding their root behind it.
    let mixed = |chain: [&Party; 3]| {
        let bundle = chain.iter().map(|party| Item::Bytes(party.der.clone())).collect();
        theirs.sign(&theirs.paper(&rsa()).set("cabundle", Item::Array(bundle)))
    };
    let headed = mixed([&ours.chain[0], &theirs.chain[1], &theirs.chain[2]]);
    let certificate = |at, of, fault| Refused::Certificate { at, of, fault };
    assert_eq!(refused(&ours, &headed), certificate(1, 4, Fault::Signature));
    let hidden = mixed([&ours.chain[0], &theirs.chain[0], &theirs.chain[1]]);
    assert_eq!(refused(&ours, &hidden), certificate(1, 4, Fault::Signature));
    // The root alone vouches for nobody else's leaf.
    let bundle = Item::Array(vec![Item::Bytes(ours.chain[0].der.clone())]);
    let short = theirs.sign(&theirs.paper(&rsa()).set("cabundle", bundle));
    assert_eq!(refused(&ours, &short), certificate(1, 2, Fault::Issuer));
}

#[test]
fn every_certificate_has_its_time() {
    for at in 0..4 {
        let early = with(&mut |here, params| {
            if here == at {
                params.not_before = date_time_ymd(2026, 12, 1);
            }
        });
        assert_eq!(early, Err((at, Fault::NotYetValid)));
        let late = with(&mut |here, params| {
            if here == at {
                params.not_after = date_time_ymd(2026, 6, 1);
            }
        });
        assert_eq!(late, Err((at, Fault::Expired)));
    }
}

#[test]
fn authorities_are_authorities_and_signers_are_none() {
    for at in 1..3 {
        let common = with(&mut |here, params| {
            if here == at {
                params.is_ca = IsCa::ExplicitNoCa;
            }
        });
        assert_eq!(common, Err((at, Fault::NotAuthority)));
        let silent = with(&mut |here, params| {
            if here == at {
                params.is_ca = IsCa::NoCa;
            }
        });
        assert_eq!(silent, Err((at, Fault::NotAuthority)));
        let unfit = with(&mut |here, params| {
            if here == at {
                params.key_usages = vec![KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
            }
        });
        assert_eq!(unfit, Err((at, Fault::NoCertificateSigning)));
        let unsaid = with(&mut |here, params| {
            if here == at {
                params.key_usages = vec![];
            }
        });
        assert_eq!(unsaid, Err((at, Fault::NoCertificateSigning)));
    }
    let raised = with(&mut |here, params| {
        if here == 3 {
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params.key_usages.push(KeyUsagePurpose::KeyCertSign);
        }
    });
    assert_eq!(raised, Err((3, Fault::Authority)));
    for usages in [vec![], vec![KeyUsagePurpose::KeyAgreement]] {
        let unfit = with(&mut |here, params| {
            if here == 3 {
                params.key_usages = usages.clone();
            }
        });
        assert_eq!(unfit, Err((3, Fault::NoSigning)));
    }
    // A signer may leave its constraints unsaid.
    let unsaid = with(&mut |here, params| {
        if here == 3 {
            params.is_ca = IsCa::NoCa;
        }
    });
    assert_eq!(unsaid, Ok(()));
}

#[test]
fn a_path_is_no_longer_than_each_of_it_allows() {
    let limited = |at: usize, most: u8| {
        with(&mut |here, params| {
            if here == at {
                params.is_ca = IsCa::Ca(BasicConstraints::Constrained(most));
            }
        })
    };
    for (at, needed) in [(0, 2), (1, 1), (2, 0)] {
        assert_eq!(limited(at, needed), Ok(()));
        if needed > 0 {
            assert_eq!(limited(at, needed - 1), Err((at, Fault::PathLength)));
        }
    }
}

#[test]
fn what_is_critical_must_be_known() {
    let odd = |critical: bool| {
        with(&mut |here, params| {
            if here == 2 {
                let mut extension =
                    CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
                extension.set_criticality(critical);
                params.custom_extensions.push(extension);
            }
        })
    };
    assert_eq!(odd(false), Ok(()));
    assert_eq!(odd(true), Err((2, Fault::CriticalExtension)));
}

#[test]
fn an_extension_is_there_once_and_parses() {
    const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
    let with_constraints = |content: Vec<u8>, kept: IsCa| {
        with(&mut |here, params| {
            if here == 1 {
                params.is_ca = kept;
                let extension = CustomExtension::from_oid_content(BASIC_CONSTRAINTS, content.clone());
                params.custom_extensions.push(extension);
            }
        })
    };
    let authority = vec![0x30, 3, 1, 1, 0xff];
    assert_eq!(with_constraints(authority.clone(), IsCa::NoCa), Ok(()));
    let kept = IsCa::Ca(BasicConstraints::Unconstrained);
    assert_eq!(with_constraints(authority, kept), Err((1, Fault::ExtensionTwice)));
    // TRUE in another spelling than DER's, and bytes behind the end.
    for content in [vec![0x30, 3, 1, 1, 1], vec![0x30, 3, 1, 1, 0xff, 0]] {
        assert_eq!(with_constraints(content, IsCa::NoCa), Err((1, Fault::Extension)));
    }
}

#[test]
fn only_p384_and_sha384_are_taken() {
    let pki = Pki::new();
    let weak = || KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    let region = pki.chain[0].issue_for(authority("region"), weak());
    let bundle = |parties: &[&Party]| {
        Item::Array(parties.iter().map(|party| Item::Bytes(party.der.clone())).collect())
    };
    let certificate = |at, of, fault| Refused::Certificate { at, of, fault };
    let document =
        pki.sign(&pki.paper(&rsa()).set("cabundle", bundle(&[&pki.chain[0], &region, &pki.chain[2]])));
    assert_eq!(refused(&pki, &document), certificate(1, 4, Fault::Key));
    let instance = region.issue(authority("instance"));
    let document =
        pki.sign(&pki.paper(&rsa()).set("cabundle", bundle(&[&pki.chain[0], &pki.chain[1], &instance])));
    assert_eq!(refused(&pki, &document), certificate(2, 4, Fault::Algorithm));
}

#[test]
fn a_root_must_be_fit_to_be_one() {
    let fit = |der: Vec<u8>| Roots::read(vec![der]).map(drop);
    let unfit = |fault| Err(crate::RootError::Unfit(1, fault));
    let root = Party::root(authority("root"));
    assert_eq!(fit(root.der.clone()), Ok(()));
    assert_eq!(fit(root.issue(authority("under")).der), unfit(Fault::Issuer));
    assert_eq!(fit(root.issue(authority("root")).der), unfit(Fault::Signature));
    assert_eq!(fit(Party::root(crate::made::signer("root")).der), unfit(Fault::NotAuthority));
    assert_eq!(fit([root.der.clone(), vec![0]].concat()), unfit(Fault::NotDer));
    assert_eq!(fit(b"-----BEGIN".to_vec()), unfit(Fault::NotDer));
    let weak = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    assert_eq!(fit(Party::self_signed(authority("weak"), weak).der), unfit(Fault::Algorithm));
    assert_eq!(Roots::read(vec![root.der; 17]).map(drop), Err(crate::RootError::TooMany));
}

#[test]
fn a_document_ages() {
    let pki = Pki::new();
    let document = pki.sign(&pki.paper(&rsa()));
    let at = |ms| pki.verifier().verify(&document, Timestamp(ms)).map(drop);
    assert_eq!(at(NOW.0 + 300_000), Ok(()));
    assert_eq!(at(NOW.0 + 300_001), Err(Refused::TooOld(300)));
    assert_eq!(at(NOW.0 - 300_000), Ok(()));
    assert_eq!(at(NOW.0 - 300_001), Err(Refused::FromTheFuture));
    let endless = pki.sign(&pki.paper(&rsa()).set("timestamp", Item::Unsigned(u64::MAX)));
    assert_eq!(refused(&pki, &endless), Refused::FromTheFuture);
}

#[test]
fn no_byte_of_a_document_can_be_changed() {
    let pki = Pki::new();
    let document = pki.sign(&pki.paper(&rsa()));
    let verifier = pki.verifier();
    for at in (0..document.len()).step_by(7).chain(document.len() - 96..document.len()) {
        let mut changed = document.clone();
        changed[at] ^= 0x01;
        assert!(verifier.verify(&changed, NOW).is_err(), "byte {at}");
    }
    for end in 0..document.len() {
        assert!(verifier.verify(&document[..end], NOW).is_err(), "cut at {end}");
    }
}

#[test]
fn the_signature_is_the_leafs_over_this_payload() {
    let pki = Pki::new();
    let paper = pki.paper(&rsa());
    for party in &pki.chain {
        assert_eq!(refused(&pki, &paper.signed_with(&party.key)), Refused::Signature);
    }
    let protected = || Item::Bytes(vec![0xa1, 1, 0x38, 0x22]);
    let other = signature(&pki.leaf.key, &pki.paper(&rsa()).payload());
    let swapped = envelope(protected(), Item::Map(vec![]), paper.payload(), other).encoded();
    assert_eq!(refused(&pki, &swapped), Refused::Signature);
    let zero = envelope(protected(), Item::Map(vec![]), paper.payload(), vec![0; 96]).encoded();
    assert_eq!(refused(&pki, &zero), Refused::Signature);
}

#[test]
fn the_envelope_has_one_form() {
    let pki = Pki::new();
    let payload = pki.paper(&rsa()).payload();
    let good = signature(&pki.leaf.key, &payload);
    let es384 = || Item::Bytes(vec![0xa1, 1, 0x38, 0x22]);
    let refused = |item: Item| match refused(&pki, &item.encoded()) {
        Refused::NotDocument(NotDocument::Envelope(why)) => why,
        other => panic!("{other}"),
    };
    let none = || Item::Map(vec![]);
    // ES256, no algorithm, and an empty header.
    for header in [vec![0xa1, 1, 0x26], vec![0xa0], vec![]] {
        let odd = envelope(Item::Bytes(header), none(), payload.clone(), good.clone());
        assert_eq!(refused(odd), NotSigned::Algorithm);
    }
    let extra = Item::Map(vec![(Item::Unsigned(4), Item::Bytes(vec![1]))]);
    let malformed = |what| NotSigned::Malformed(Malformed { at: 0, what });
    assert_eq!(
        refused(envelope(es384(), extra, payload.clone(), good.clone())),
        malformed("there are unprotected headers")
    );
    assert_eq!(
        refused(envelope(es384(), none(), payload.clone(), good[..95].to_vec())),
        NotSigned::Signature
    );
    assert_eq!(refused(envelope(es384(), none(), vec![], good.clone())), NotSigned::Payload);
    assert_eq!(refused(envelope(es384(), none(), vec![0; 16_385], good.clone())), NotSigned::Payload);
    let Item::Array(mut items) = envelope(es384(), none(), payload, good) else { unreachable!() };
    items.push(Item::Null);
    assert!(matches!(refused(Item::Array(items.clone())), NotSigned::Malformed(_)));
    items.truncate(3);
    assert!(matches!(refused(Item::Array(items)), NotSigned::Malformed(_)));
}

#[test]
fn every_field_keeps_its_rule() {
    use NotDocument::{Field, FieldMissing, FieldTwice, Payload, UnknownField};
    let pki = Pki::new();
    let paper = || pki.paper(&rsa());
    let refused = |paper: crate::made::Paper| match refused(&pki, &pki.sign(&paper)) {
        Refused::NotDocument(why) => why,
        other => panic!("{other}"),
    };
    for name in ["module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle"] {
        assert_eq!(refused(paper().without(name)), FieldMissing(name));
        assert!(matches!(refused(paper().set(name, Item::Null)), Payload(_)), "{name} is null");
        assert!(matches!(refused(paper().set(name, Item::Negative(0))), Payload(_)), "{name} is -1");
        let mut twice = paper();
        let again = twice.fields.iter().find(|(other, _)| *other == name).expect("there").clone();
        twice.fields.push(again);
        assert_eq!(refused(twice), FieldTwice(name));
    }
    for name in ["public_key", "user_data", "nonce"] {
        assert!(matches!(refused(paper().set(name, Item::Text("x".into()))), Payload(_)), "{name}");
        assert!(
            matches!(refused(paper().set(name, Item::Bytes(vec![1; 1025]))), Field(field, _) if field == name)
        );
        let mut twice = paper();
        twice.fields.push((name, Item::Null));
        assert_eq!(refused(twice), FieldTwice(name));
    }
    assert_eq!(refused(paper().set("pcr", Item::Null)), UnknownField);
    let registers = paper().fields.remove(3).1;
    assert_eq!(refused(paper().set("nitrotpm_pcrs", registers)), FieldTwice("nitrotpm_pcrs"));

    let text = |text: &str| Item::Text(text.into());
    for id in ["", "a\nb", &"x".repeat(257)] {
        assert!(matches!(refused(paper().set("module_id", text(id))), Field("module_id", _)));
    }
    assert!(matches!(refused(paper().set("digest", text("SHA256"))), Field("digest", _)));
    assert!(matches!(refused(paper().set("timestamp", Item::Unsigned(0))), Field("timestamp", _)));
    for (name, least) in [("certificate", Item::Bytes(vec![])), ("public_key", Item::Bytes(vec![]))] {
        assert!(matches!(refused(paper().set(name, least)), Field(field, _) if field == name));
    }
    assert!(matches!(
        refused(paper().set("certificate", Item::Bytes(vec![1; 1025]))),
        Field("certificate", _)
    ));
    let register = |index, bytes| Item::Map(vec![(Item::Unsigned(index), Item::Bytes(vec![1; bytes]))]);
    let twice = Item::Map(vec![(Item::Unsigned(1), Item::Bytes(vec![1; 48])); 2]);
    for pcrs in
        [Item::Map(vec![]), register(32, 48), register(256, 48), register(0, 47), register(0, 0), twice]
    {
        assert!(matches!(refused(paper().set("pcrs", pcrs)), Field("pcrs", _)));
    }
    let keyed_by_text = Item::Map(vec![(text("0"), Item::Bytes(vec![1; 48]))]);
    assert!(matches!(refused(paper().set("pcrs", keyed_by_text)), Payload(_)));
    let certificates = |count, bytes| Item::Array(vec![Item::Bytes(vec![1; bytes]); count]);
    for bundle in [certificates(0, 1), certificates(9, 1), certificates(1, 0), certificates(1, 1025)] {
        assert!(matches!(refused(paper().set("cabundle", bundle)), Field("cabundle", _)));
    }
}

#[test]
fn bytes_behind_the_end_are_refused() {
    let pki = Pki::new();
    let paper = pki.paper(&rsa());
    let outside = [pki.sign(&paper), vec![0]].concat();
    assert!(matches!(refused(&pki, &outside), Refused::NotDocument(NotDocument::Envelope(_))));
    let payload = [paper.payload(), vec![0]].concat();
    let signature = signature(&pki.leaf.key, &payload);
    let protected = Item::Bytes(vec![0xa1, 1, 0x38, 0x22]);
    let inside = envelope(protected, Item::Map(vec![]), payload, signature).encoded();
    assert!(matches!(refused(&pki, &inside), Refused::NotDocument(NotDocument::Payload(_))));
    let long = vec![0; crate::DOCUMENT_BYTES_MAX + 1];
    assert_eq!(refused(&pki, &long), Refused::NotDocument(NotDocument::TooLong));
}

#[test]
fn a_recipient_needs_an_rsa_key() {
    let pki = Pki::new();
    let refused = |key: Item| refused(&pki, &pki.sign(&pki.paper(&[1]).set("public_key", key)));
    assert_eq!(refused(Item::Null), Refused::NoPublicKey);
    assert_eq!(refused(Item::Bytes(vec![1; 32])), Refused::PublicKey);
    assert_eq!(refused(Item::Bytes(pki.leaf.key.subject_public_key_info())), Refused::PublicKey);
    let without = pki.sign(&pki.paper(&rsa()).without("public_key"));
    assert_eq!(self::refused(&pki, &without), Refused::NoPublicKey);
}
