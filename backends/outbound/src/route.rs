//! Which hosts a client may speak to, and where they are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// One host that may be spoken to, as whoever runs the server wrote it: `xks.example.com`, or with an address to be used
/// instead of what its name resolves to, `xks.example.com=10.0.0.7:9443`. On loopback an address may be without TLS:
/// `xks.example.com=http://127.0.0.1:9000`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// The host, in lower case. Its certificate must be for this name, wherever it is.
    pub host: Box<str>,
    /// The port that URLs name; 443 if they name none.
    pub port: u16,
    /// Where it is.
    pub at: At,
}

/// Where a host is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    /// Where its name resolves to, at the route's port. Addresses that lead to this machine or its link are not taken.
    Name,
    /// Here, over TLS.
    Tls(SocketAddr),
    /// Here, over plain HTTP: on loopback.
    Plain(SocketAddr),
}

/// Why a text is no [`Route`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// No host name.
    #[error("{0:?} is not a host name (1 to 253 bytes out of a-z, 0-9, . and -)")]
    Host(String),
    /// No port.
    #[error("{0:?} is not a port (1 to 65535)")]
    Port(String),
    /// No address.
    #[error("{0:?} is not an address and port, such as 10.0.0.7:443")]
    Address(String),
    /// Plain HTTP towards the network.
    #[error("{0} is not a loopback address, and plain HTTP is spoken on loopback only")]
    PlainOutside(SocketAddr),
}

impl Route {
    /// Longest host name, in bytes (RFC 1035 section 2.3.4).
    pub const HOST_BYTES_MAX: usize = 253;
    /// The port of HTTPS.
    pub const HTTPS: u16 = 443;

    /// Reads one whose port is that of HTTPS.
    ///
    /// # Errors
    /// One [`RouteError`] a reason.
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        let (host, at) = split(text)?;
        Self::of(host, Self::HTTPS, at)
    }

    /// Reads one whose host may be followed by a port, as in a URL: `idp.example.com:8443`. A host that is an IPv4 address
    /// is where it says.
    ///
    /// # Errors
    /// One [`RouteError`] a reason.
    pub fn parse_with_port(text: &str) -> Result<Self, RouteError> {
        let (authority, at) = split(text)?;
        let (host, port) = match authority.split_once(':') {
            None => (authority, Self::HTTPS),
            Some((host, port)) => (host, read_port(port).ok_or_else(|| RouteError::Port(port.into()))?),
        };
        let at = match (at, host.parse::<Ipv4Addr>()) {
            (At::Name, Ok(address)) => At::Tls(SocketAddr::from((address, port))),
            _ => at,
        };
        Self::of(host, port, at)
    }

    fn of(host: &str, port: u16, at: At) -> Result<Self, RouteError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if !(1..=Self::HOST_BYTES_MAX).contains(&host.len()) || !host.bytes().all(allowed) {
            return Err(RouteError::Host(host.into()));
        }
        Ok(Self { host: host.to_ascii_lowercase().into(), port, at })
    }
}

fn split(text: &str) -> Result<(&str, At), RouteError> {
    match text.split_once('=') {
        None => Ok((text, At::Name)),
        Some((host, at)) => Ok((host, place(at)?)),
    }
}

fn read_port(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

fn place(text: &str) -> Result<At, RouteError> {
    let (plain, address) = match text.strip_prefix("http://") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let address: SocketAddr = address.parse().map_err(|_| RouteError::Address(text.into()))?;
    match plain {
        false => Ok(At::Tls(address)),
        true if address.ip().is_loopback() => Ok(At::Plain(address)),
        true => Err(RouteError::PlainOutside(address)),
    }
}

/// Whether an address that a name resolved to may be connected to. A name is given to the world by others, so it must not
/// lead to this machine, to its link or to a metadata service; whoever wants that writes the address into the route.
pub(crate) fn may_be_resolved_to(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4_may(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4_may(v4),
            None => v6_may(v6),
        },
    }
}

fn v4_may(address: Ipv4Addr) -> bool {
    let is_this_network = address.octets()[0] == 0;
    !(is_this_network
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast())
}

fn v6_may(address: Ipv6Addr) -> bool {
    // The addresses of services of the host itself: fd00:ec2::/32, as clouds use it.
    let is_cloud_service = address.segments()[..2] == [0xfd00, 0x0ec2];
    !(address.is_loopback()
        || address.is_unspecified()
        || address.is_unicast_link_local()
        || address.is_multicast()
        || is_cloud_service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read() {
        let of = |text| Route::parse(text).map(|route| (route.host.to_string(), route.at));
        assert_eq!(of("XKS.example.com"), Ok(("xks.example.com".into(), At::Name)));
        let address = "10.0.0.7:9443".parse().expect("an address");
        assert_eq!(of("a=10.0.0.7:9443"), Ok(("a".into(), At::Tls(address))));
        let here = "[::1]:80".parse().expect("an address");
        assert_eq!(of("a=http://[::1]:80"), Ok(("a".into(), At::Plain(here))));
    }

    #[test]
    fn a_route_may_have_the_port_of_a_url() {
        let of =
            |text| Route::parse_with_port(text).map(|route| (route.host.to_string(), route.port, route.at));
        assert_eq!(of("IDP.example.com"), Ok(("idp.example.com".into(), 443, At::Name)));
        assert_eq!(of("idp.example.com:8443"), Ok(("idp.example.com".into(), 8443, At::Name)));
        let address = "10.0.0.7:6443".parse().expect("an address");
        assert_eq!(of("10.0.0.7:6443"), Ok(("10.0.0.7".into(), 6443, At::Tls(address))));
        assert_eq!(of("a:1=10.0.0.7:6443"), Ok(("a".into(), 1, At::Tls(address))));
        for text in ["a:", "a:0", "a:+1", "a:65536", "a:b", "a:1:2", "a:1/"] {
            assert!(matches!(of(text), Err(RouteError::Port(_))), "{text}");
        }
        assert!(matches!(of(":443"), Err(RouteError::Host(_))));
    }

    #[test]
    fn what_is_no_route_says_why() {
        for text in ["", "a b", "https://a", "a/b", "a:443", "*.example.com", &"a".repeat(254)] {
            assert!(matches!(Route::parse(text), Err(RouteError::Host(_))), "{text}");
        }
        for text in ["a=", "a=b:443", "a=10.0.0.7", "a=http://10.0.0.7"] {
            assert!(matches!(Route::parse(text), Err(RouteError::Address(_))), "{text}");
        }
        assert!(matches!(Route::parse("a=http://10.0.0.7:80"), Err(RouteError::PlainOutside(_))));
    }

    #[test]
    fn a_name_does_not_lead_home() {
        for text in [
            "127.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "fd00:ec2::254",
        ] {
            assert!(!may_be_resolved_to(text.parse().expect("an address")), "{text}");
        }
        for text in ["10.0.0.7", "192.168.1.1", "203.0.113.9", "2001:db8::1", "fd12::1"] {
            assert!(may_be_resolved_to(text.parse().expect("an address")), "{text}");
        }
    }
}
