//! How names of the model are spelled in Rust and in messages.

/// `KeyId` as a field is spelled: `key_id`; `MFADevice`: `mfa_device`.
pub(super) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let after_small = at > 0 && !chars[at - 1].is_ascii_uppercase();
        let before_small = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && at > 0 && (after_small || before_small) {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// `KeyIdType` as a constant is spelled: `KEY_ID_TYPE`.
pub(super) fn shouting(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// `KeyId` as messages of the service spell it: `keyId`.
pub(super) fn camel(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_four_ways() {
        assert_eq!(snake("XksKeyId"), "xks_key_id");
        assert_eq!(shouting("KeyIdType"), "KEY_ID_TYPE");
        assert_eq!(camel("KeyId"), "keyId");
    }

    #[test]
    fn a_word_of_capitals_is_one_word() {
        assert_eq!(snake("VirtualMFADeviceName"), "virtual_mfa_device_name");
        assert_eq!(snake("OpenIDConnectProviderArn"), "open_id_connect_provider_arn");
        assert_eq!(snake("ClientIDList"), "client_id_list");
        assert_eq!(shouting("accountAliasType"), "ACCOUNT_ALIAS_TYPE");
    }
}
