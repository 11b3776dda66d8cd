//! Ranges of IPv4 addresses.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// A range such as `10.244.0.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr {
    network: u32,
    prefix: u8,
}

/// The text is no range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no range of IPv4 addresses")]
pub struct CidrError(String);

impl Cidr {
    /// Length of the prefix.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// The network's own address.
    pub fn network(self) -> Ipv4Addr {
        Ipv4Addr::from(self.network)
    }

    /// The first address a host can have.
    pub fn first(self) -> Ipv4Addr {
        self.nth(1)
    }

    /// The address that far from the start.
    pub fn nth(self, offset: u32) -> Ipv4Addr {
        Ipv4Addr::from(self.network.wrapping_add(offset))
    }

    /// How many addresses the range has, the two of its own included.
    pub fn size(self) -> u64 {
        1 << (32 - u32::from(self.prefix))
    }

    /// Whether an address is in the range.
    pub fn contains(self, ip: Ipv4Addr) -> bool {
        u32::from(ip) & mask(self.prefix) == self.network
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let parse = || {
            let (ip, prefix) = text.split_once('/')?;
            let (ip, prefix) = (ip.parse::<Ipv4Addr>().ok()?, prefix.parse::<u8>().ok()?);
            (prefix <= 32).then(|| Self { network: u32::from(ip) & mask(prefix), prefix })
        };
        parse().ok_or_else(|| CidrError(text.to_owned()))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.network(), self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (text, want) in [
            ("10.244.0.0/24", Some("10.244.0.0/24 10.244.0.1 256")),
            ("10.244.0.77/24", Some("10.244.0.0/24 10.244.0.1 256")),
            ("10.0.0.0/8", Some("10.0.0.0/8 10.0.0.1 16777216")),
            ("0.0.0.0/0", Some("0.0.0.0/0 0.0.0.1 4294967296")),
            ("10.0.0.0/33", None),
            ("10.0.0.0", None),
            ("::/0", None),
        ] {
            let found = text.parse::<Cidr>().ok();
            let found = found.map(|cidr| format!("{cidr} {} {}", cidr.first(), cidr.size()));
            assert_eq!(found.as_deref(), want, "{text}");
        }
    }
}
