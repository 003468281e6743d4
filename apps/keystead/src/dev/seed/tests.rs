use super::*;

const KEY: &str = "bc436485-5092-42b8-92a3-0aa8b93536dc";

fn read(text: &str) -> Result<Understood, String> {
    let region: Location = "us-east-1".parse().expect("a name");
    let form = form::read(text)?;
    understood(form, &region).map_err(|At { line, what }| format!("line {line}: {what}"))
}

fn keys(text: &str) -> Vec<PlantKey> {
    match read(text) {
        Ok((_, keys)) => keys.into_iter().map(|key| key.what).collect(),
        Err(why) => panic!("{why}\n{text}"),
    }
}

fn refusal(text: &str) -> String {
    match read(text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(why) => why,
    }
}

#[test]
fn everything_that_can_be_said_of_a_key_is_read() {
    let [key] = &keys(
        "Version: 2\nAccount: 111122223333\nRegion: eu-west-1\nKeys:\n  - KeyId: mrk-bc436485509242b892a30aa8b93536dc\n    \
         ReplicaRegions: [eu-north-1, us-west-2]\n    Metadata:\n      Description: all of it\n      KeySpec: \
         SYMMETRIC_DEFAULT\n    Material:\n      BackingKeys:\n        - \
         1234567890123456789012345678901234567890123456789012345678901234\n        - \
         1234567890123456789012345678901234567890123456789012345678901e34\n    Aliases: [alias/a, alias/b]\n    Tags:\n      \
         - {TagKey: team, TagValue: red}\n    Policy: {Version: '2012-10-17', Statement: []}\n    Enabled: false\n    \
         RotationPeriodInDays: 180\n    NextKeyRotation: 2030-01-01T00:00:00Z\nAliases:\n  - AliasName: alias/c\n    \
         TargetKeyId: mrk-bc436485509242b892a30aa8b93536dc\n",
    )[..] else {
        panic!("one key")
    };
    assert_eq!(
        key.arn.to_string(),
        "arn:aws:kms:eu-west-1:111122223333:key/mrk-bc436485509242b892a30aa8b93536dc"
    );
    assert_eq!(key.replicas.len(), 2);
    assert_eq!(key.material.iter().map(|bytes| bytes.expose()[31]).collect::<Vec<_>>(), [0x34, 0x34]);
    assert_eq!(
        key.aliases.iter().map(AliasName::as_str).collect::<Vec<_>>(),
        ["alias/a", "alias/b", "alias/c"]
    );
    assert_eq!(key.tags.value("team"), Some("red"));
    assert_eq!(key.policy.as_deref(), Some(r#"{"Statement":[],"Version":"2012-10-17"}"#));
    assert_eq!((key.enabled, key.rotation_days), (false, Some(180)));
    assert_eq!(key.next_rotation.map(when::spell).as_deref(), Some("2030-01-01T00:00:00.000Z"));
}

#[test]
fn numbers_are_kept_as_they_are_written() {
    let text =
        format!("Account: 000000000042\nKeys:\n  - KeyId: {KEY}\n    Metadata:\n      Description: 1e3\n");
    let [key] = &keys(&text)[..] else { panic!("one key") };
    assert_eq!(key.arn.account.to_string(), "000000000042");
    assert_eq!(&*key.description, "1e3");
}

#[test]
fn the_older_form_is_read_unchanged() {
    let found = keys(&format!(
        "Keys:\n  Symmetric:\n    Aes:\n      - Metadata:\n          KeyId: {KEY}\n          Description: \"old\"\n        \
         NextKeyRotation: \"2019-09-12T15:19:21+00:00\"\n        BackingKeys:\n          - \
         34743777217A25432A46294A404E635266556A586E3272357538782F413F4428\n          - \
         614E645267556B58703273357638792F423F4528472B4B6250655368566D5971\n      - Metadata:\n          KeyId: \
         5d05267f-bb87-4d0b-8594-295a4371d414\n          Origin: EXTERNAL\n    Hmac:\n      - Metadata:\n          KeyId: \
         f3456789-abcd-4f01-a345-6789abcdef01\n          KeySpec: HMAC_224\n        BackingKeys:\n          - \
         fedcba0987654321fedcba0987654321fedcba0987654321fedcba09\nAliases:\n  - AliasName: alias/testing\n    \
         TargetKeyId: {KEY}\n"
    ));
    let [aes, external, hmac] = &found[..] else { panic!("three keys") };
    assert_eq!((aes.material.len(), aes.rotation_days), (2, Some(365)));
    assert_eq!(aes.aliases[0].as_str(), "alias/testing");
    assert_eq!((external.origin, external.material.len()), (Origin::External, 0));
    assert_eq!(
        (hmac.spec, hmac.usage, hmac.material[0].len()),
        (KeySpec::Hmac224, KeyUsage::GenerateVerifyMac, 28)
    );
}

#[test]
fn private_keys_say_themselves_what_they_are() {
    // Of RFC 9500, section 2.3: testing keys that everybody knows.
    let pem = "-----BEGIN EC PRIVATE KEY-----\n\
               MHcCAQEEIObLW92AqkWunJXowVR2Z5/+yVPBaFHnEedDk5WJxk/BoAoGCCqGSM49\n\
               AwEHoUQDQgAEQiVI+I+3gv+17KN0RFLHKh5Vj71vc75eSOkyMsxFxbFsTNEMTLjV\n\
               uKFxOelIgsiZJXKZNCX0FBmrfpCkKklCcg==\n\
               -----END EC PRIVATE KEY-----   \n";
    let pem: String = pem.lines().map(|line| format!("        {line}\n")).collect();
    let text = format!(
        "Keys:\n  - KeyId: {KEY}\n    Metadata:\n      KeyUsage: SIGN_VERIFY\n    Material:\n      PrivateKeyPem: |\n{pem}"
    );
    let [key] = &keys(&text)[..] else { panic!("one key") };
    assert_eq!(key.spec, KeySpec::EccNistP256);
    // RFC 5208: a sequence of version 0, the algorithm, and what was in the PEM.
    let der = key.material[0].expose();
    assert_eq!(der[..6], [0x30, 0x81, u8::try_from(der.len() - 3).expect("short"), 0x02, 0x01, 0x00]);
}

#[test]
fn access_keys_belong_to_accounts() {
    let (access_keys, _) = read(
        "Account: '111122223333'\nAccessKeys:\n  - {AccessKeyId: AKIAFIRST, SecretAccessKey: a/secret+text}\n  - \
         {Account: '444455556666', AccessKeyId: AKIASECOND, SecretAccessKey: other}\n",
    )
    .expect("read");
    let accounts: Vec<_> = access_keys.iter().map(|key| key.what.account.to_string()).collect();
    assert_eq!(accounts, ["111122223333", "444455556666"]);
}

#[test]
fn an_empty_file_plants_nothing() {
    for text in ["Version: 2\n", "Keys: []\n", "{}"] {
        assert!(keys(text).is_empty(), "{text}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let of_key = |more: &str| format!("Keys:\n  - KeyId: {KEY}\n{more}");
    for (text, line, word) in [
        ("Kyes: []\n".to_owned(), 1, "Kyes"),
        (of_key("    Colour: red\n"), 3, "Colour"),
        (of_key("    Metadata:\n      KeySpec: AES_256\n"), 2, "AES_256"),
        (of_key("    Metadata:\n      Colour: red\n"), 4, "Colour"),
        (of_key("    Metadata:\n      KeySpec: RSA_2048\n"), 2, "KeyUsage"),
        (of_key("    Account: 12\n"), 2, "twelve decimal digits"),
        (of_key("    Region: EU\n"), 2, "location"),
        (of_key("    Material:\n      BackingKeys: [zz]\n"), 2, "hexadecimal"),
        (of_key("    Material:\n      PrivateKeyPem: none\n"), 2, "PEM"),
        (of_key("    Aliases: [a]\n"), 2, "alias/"),
        (of_key("    Aliases: [alias/aws/s3]\n"), 2, "alias/aws/"),
        (of_key("    RotationPeriodInDays: 89\n"), 2, "90"),
        (of_key("    NextKeyRotation: soon\n"), 2, "NextKeyRotation"),
        (of_key("    Enabled: yes\n"), 3, ""),
        (of_key("    Enabled: true\n    Enabled: false\n"), 4, "Enabled"),
        (of_key("    Tags: [{TagKey: 'aws:x', TagValue: y}]\n"), 2, "reserved"),
        (format!("Keys:\n  - KeyId: {}\n", KEY.to_uppercase()), 2, "lower-case"),
        ("Aliases:\n  - AliasName: alias/a\n    TargetKeyId: nobody\n".to_owned(), 2, "no key of this file"),
        ("Version: 3\n".to_owned(), 1, "Version"),
        ("Keys:\n  Symmetric:\n    Des: []\n".to_owned(), 3, "Des"),
        ("AccessKeys:\n  - {AccessKeyId: A-B, SecretAccessKey: x}\n".to_owned(), 2, "AccessKeyId"),
        ("Keys: [\n".to_owned(), 0, ""),
    ] {
        let why = refusal(&text);
        assert!(why.contains(word), "{why}\n{text}");
        assert!(line == 0 || why.contains(&format!("line {line}")), "{why}\n{text}");
    }
}

#[test]
fn what_is_wrong_with_material_does_not_show_it() {
    let secret = "5cdaead27fe7da2de47945d73cd6d79e36494e73802f3cd3869f1d2cb0b5d7";
    let text = format!(
        "Keys:\n  - KeyId: {KEY}\n    Material:\n      BackingKeys:\n        - {secret}x\n      Colour: red\n"
    );
    assert!(!refusal(&text).contains(secret));
    let text = format!("Keys:\n  - KeyId: {KEY}\n    Material:\n      BackingKeys:\n        - {secret}x\n");
    assert!(!refusal(&text).contains(secret));
}

#[test]
fn a_file_cannot_be_blown_up() {
    let mut text = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        text += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
    }
    refusal(&text);
    refusal(&"[".repeat(10_000));
    let many: String =
        (0..=form::ENTRIES_MAX).map(|n| format!("  - {{AliasName: alias/{n}, TargetKeyId: x}}\n")).collect();
    refusal(&format!("Aliases:\n{many}"));
}
