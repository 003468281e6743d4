//! Address ranges of `IpAddress`: an address, or one with the length of its prefix (RFC 4632, RFC 4291).

use std::net::IpAddr;

/// A range of addresses. An IPv4 address written as IPv6 (`::ffff:…`) is that IPv4 address, in policies and in
/// requests, so that nobody leaves a range by another spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix: u8 = match prefix {
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
            None => bits,
        };
        let canonical = address.to_canonical();
        match (canonical == address, prefix) {
            (true, _) => (prefix <= bits).then_some(Self { address, prefix }),
            (false, 96..=128) => Some(Self { address: canonical, prefix: prefix - 96 }),
            (false, _) => None,
        }
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let same = |ours: u128, theirs: u128, bits: u32| {
            let free = bits - u32::from(self.prefix);
            ours.checked_shr(free).unwrap_or(0) == theirs.checked_shr(free).unwrap_or(0)
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                same(u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => same(ours.to_bits(), theirs.to_bits(), 128),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        let network = Network::parse(network).unwrap_or_else(|| panic!("{network}"));
        network.contains(address.parse().expect("an address"))
    }

    #[test]
    fn a_range_has_the_addresses_of_its_prefix() {
        assert!(contains("203.0.113.0/24", "203.0.113.255") && !contains("203.0.113.0/24", "203.0.114.0"));
        assert!(contains("203.0.113.7", "203.0.113.7") && !contains("203.0.113.7", "203.0.113.8"));
        assert!(contains("0.0.0.0/0", "255.255.255.255") && !contains("0.0.0.0/0", "::1"));
        assert!(contains("2001:DB8:1234:5678::/64", "2001:db8:1234:5678:ffff::1"));
        assert!(!contains("2001:DB8:1234:5678::/64", "2001:db8:1234:5679::"));
        assert!(contains("::/0", "2001:db8::") && !contains("::/0", "10.0.0.1"));
        assert!(contains("203.0.113.9/24", "203.0.113.1"), "bits after the prefix do not count");
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_itself() {
        assert!(contains("203.0.113.0/24", "::ffff:203.0.113.9"));
        assert!(contains("::ffff:203.0.113.0/120", "203.0.113.9"));
        assert!(!contains("::/0", "::ffff:203.0.113.9"));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "010.0.0.1",
            "::ffff:0:0/90",
            "*",
            "fe80::1%eth0",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
