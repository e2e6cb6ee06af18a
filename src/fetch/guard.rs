//! Which addresses may be asked: public ones, and what the user allows. Looks nothing up.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use url::{Host, Url};

/// A network such as `127.0.0.0/8`, `::1/128` or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr {
    network: IpAddr,
    prefix: u8,
}

/// Text that is no network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CidrError {
    pub given: String,
}

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no network: write an address and a prefix length, such as 127.0.0.0/8 or ::1/128",
            self.given
        )
    }
}

impl std::error::Error for CidrError {}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let wrong = || CidrError { given: text.to_owned() };
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let network: IpAddr = address.parse().map_err(|_| wrong())?;
        let width = if network.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            // `u8::from_str` would take `+8`.
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().map_err(|_| wrong())?
            }
            Some(_) => return Err(wrong()),
            None => width,
        };
        if prefix > width {
            return Err(wrong());
        }
        Ok(Self { network, prefix })
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

impl Cidr {
    /// Whether the address lies in the network; an IPv4-mapped IPv6 address counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                same_prefix(u128::from(net.to_bits()), u128::from(ip.to_bits()), 32, self.prefix)
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => same_prefix(net.to_bits(), ip.to_bits(), 128, self.prefix),
            (IpAddr::V6(net), IpAddr::V4(ip)) => {
                same_prefix(net.to_bits(), ip.to_ipv6_mapped().to_bits(), 128, self.prefix)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, width: u32, prefix: u8) -> bool {
    let shift = width - u32::from(prefix);
    // A shift by the whole width is undefined; then every address is inside.
    a.checked_shr(shift).unwrap_or(0) == b.checked_shr(shift).unwrap_or(0)
}

/// An address that is not fetched, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub address: IpAddr,
    /// What kind of address it is, e.g. `loopback`.
    pub kind: &'static str,
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is a {} address; if it is meant, allow its network with --allow-net {}",
            self.address, self.kind, self.address
        )
    }
}

impl std::error::Error for Blocked {}

/// Whether this address may be asked.
pub fn check(address: IpAddr, allowed: &[Cidr]) -> Result<(), Blocked> {
    if allowed.iter().any(|net| net.contains(address)) {
        return Ok(());
    }
    match special(address) {
        Some(kind) => Err(Blocked { address, kind }),
        None => Ok(()),
    }
}

/// Whether this URL may be asked as far as can be told without a lookup: its host is a name, or an
/// address that may be asked (in any spelling: `127.1`, `2130706433`, `[::ffff:10.0.0.1]`).
pub fn check_url(url: &Url, allowed: &[Cidr]) -> Result<(), Blocked> {
    match url.host() {
        Some(Host::Ipv4(ip)) => check(IpAddr::V4(ip), allowed),
        Some(Host::Ipv6(ip)) => check(IpAddr::V6(ip), allowed),
        Some(Host::Domain(_)) | None => Ok(()),
    }
}

/// What kind of non-public address this is (IANA special-purpose registries), if it is one.
fn special(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(ip) => special_v4(ip),
        IpAddr::V6(ip) => special_v6(ip),
    }
}

fn special_v4(ip: Ipv4Addr) -> Option<&'static str> {
    match ip.octets() {
        [127, ..] => Some("loopback"),
        [0, ..] => Some("unspecified"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("private"),
        [169, 254, ..] => Some("link-local"),
        [100, 64..=127, ..] => Some("carrier-grade NAT"),
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18..=19, ..] => Some("special-purpose"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Some("documentation"),
        [224..=239, ..] => Some("multicast"),
        [240..=255, ..] => Some("reserved"),
        _ => None,
    }
}

fn special_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let words = ip.segments();
    let tail = |at: usize| {
        let [a, b] = words[at].to_be_bytes();
        let [c, d] = words[at + 1].to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match words {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("loopback"),
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("unspecified"),
        // NAT64 and 6to4 carry an IPv4 address that decides.
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => special_v4(tail(6)),
        [0x2002, ..] => special_v4(tail(1)),
        [0xfc00..=0xfdff, ..] => Some("private"),
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("documentation"),
        [0x2001, 0..=0x1ff, ..] => Some("special-purpose"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("reserved"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cidr, check, check_url};
    use std::net::IpAddr;
    use url::Url;

    fn blocked(address: &str) -> bool {
        let ip: IpAddr = address.parse().expect("an address");
        check(ip, &[]).is_err()
    }

    #[test]
    fn only_public_addresses_pass() {
        for address in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "64:ff9b::7f00:1",
            "2002:a00:1::",
            "::10.0.0.1",
            "2001::1",
            "fec0::1",
            "100::1",
        ] {
            assert!(blocked(address), "{address} must be blocked");
        }
        for address in [
            "1.1.1.1",
            "93.184.216.34",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ] {
            assert!(!blocked(address), "{address} must pass");
        }
    }

    #[test]
    fn every_spelling_of_a_private_address_is_seen() {
        for host in [
            "127.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.0.0.1.",
            "[::ffff:10.0.0.1]",
            "[::1]",
            "%31%32%37.0.0.1",
            "①27.0.0.1",
        ] {
            let url = Url::parse(&format!("http://{host}/")).expect("a URL");
            assert!(check_url(&url, &[]).is_err(), "{host} must be blocked");
        }
    }

    #[test]
    fn an_allowed_network_is_let_through_and_nothing_beside_it() {
        let loopback: Cidr = "127.0.0.0/8".parse().expect("a network");
        let one: Cidr = "10.0.0.7".parse().expect("an address");
        let allowed = [loopback, one];
        for (address, passes) in [
            ("127.9.9.9", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.7", true),
            ("10.0.0.8", false),
            ("::1", false),
            ("1.1.1.1", true),
        ] {
            let ip: IpAddr = address.parse().expect("an address");
            assert_eq!(check(ip, &allowed).is_ok(), passes, "{address}");
        }
        let all: Cidr = "0.0.0.0/0".parse().expect("a network");
        assert!(all.contains("10.0.0.1".parse().expect("an address")));
    }

    #[test]
    fn wrong_networks_are_named() {
        for text in ["", "127.0.0.0/33", "::1/129", "localhost", "10.0.0.0/", "10.0.0.0/+8", "10/8"] {
            let error = text.parse::<Cidr>().expect_err("must not parse");
            assert!(error.to_string().contains("127.0.0.0/8"), "{error}");
        }
        assert_eq!("::1/128".parse::<Cidr>().map(|c| c.to_string()), Ok("::1/128".to_owned()));
    }
}
