//! The four ways to name a key, and the other words callers choose: what is read is written the same.
#![no_main]

use keystead_model::{AccessKeyId, AccountId, AliasName, KeyId, KeyRef, Location, Tag, Tags};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match KeyRef::parse(text) {
        Ok(KeyRef::Id(id)) => assert_eq!(id.to_string(), text),
        Ok(KeyRef::Alias(name)) => assert_eq!(name.as_str(), text),
        // A partition other than `aws` is read and not kept: the second reading must agree with the first.
        Ok(KeyRef::Arn(arn)) => assert_eq!(KeyRef::parse(&arn.to_string()), Ok(KeyRef::Arn(arn))),
        Ok(KeyRef::AliasArn(arn)) => assert_eq!(KeyRef::parse(&arn.to_string()), Ok(KeyRef::AliasArn(arn))),
        Ok(KeyRef::Unknown(word)) => assert_eq!(&*word, text),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(id) = text.parse::<KeyId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(account) = text.parse::<AccountId>() {
        assert_eq!(account.to_string(), text);
    }
    if let Ok(location) = text.parse::<Location>() {
        assert_eq!(location.as_str(), text);
    }
    if let Ok(name) = AliasName::parse(text) {
        assert_eq!(name.as_str(), text);
    }
    if let Some(id) = AccessKeyId::parse(text) {
        assert_eq!(id.as_str(), text);
    }
    let tag = |key: &str, value: &str| Tag { key: key.into(), value: value.into() };
    if let Some((key, value)) = text.split_once('\n')
        && let Ok(tags) = Tags::new(vec![tag(key, value), tag("fixed", "value")])
    {
        assert_eq!(tags.value(key), Some(value));
    }
});
