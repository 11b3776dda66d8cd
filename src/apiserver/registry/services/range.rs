//! Addresses of a range, in the order in which they are tried. Pure: it knows no store.
//!
//! The lower band of a range is for those who ask for an address by name; the others get theirs from
//! the upper one while it has any. Source: `k8s.io/kubernetes/pkg/registry/core/service/ipallocator`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use api::networking::ipaddress::family_of;
use machinery::meta;
use rand::{RngExt as _, seq::SliceRandom as _};
use serde_json::Value;

/// Longest range of IPv6 that is given out of, as the length of its prefix.
const SHORTEST_V6: u8 = 64;

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    base: IpAddr,
    length: u8,
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

impl Range {
    /// The range that a text such as `10.96.0.0/16` names, if addresses can be given out of it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (base, length) = text.split_once('/')?;
        let (base, length): (IpAddr, u8) = (base.parse().ok()?, length.parse().ok()?);
        let sound = if base.is_ipv4() { 1..=32 } else { SHORTEST_V6..=128 };
        sound.contains(&length).then_some(Self { base, length })
    }

    /// The family of its addresses.
    pub(super) fn family(self) -> &'static str {
        family_of(self.base)
    }

    /// The range's own address, which nobody has.
    pub(super) fn base(self) -> IpAddr {
        self.address(self.start())
    }

    fn hosts(self) -> u128 {
        let width = if self.base.is_ipv4() { 32 } else { 128 };
        1_u128.checked_shl(width - u32::from(self.length)).unwrap_or(u128::MAX)
    }

    fn start(self) -> u128 {
        bits(self.base) & !(self.hosts() - 1)
    }

    /// The first and the last address that somebody can have: not the network's own, nor that to all.
    fn bounds(self) -> (u128, u128) {
        let last = self.start() + (self.hosts() - 1);
        (self.start() + 1, if self.base.is_ipv4() { last.saturating_sub(1) } else { last })
    }

    fn address(self, bits: u128) -> IpAddr {
        if self.base.is_ipv4() {
            IpAddr::V4(Ipv4Addr::from(u32::try_from(bits).unwrap_or(u32::MAX)))
        } else {
            IpAddr::V6(Ipv6Addr::from(bits))
        }
    }

    /// Tells whether an address is one of the range.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        let own = self.start()..=self.start() + (self.hosts() - 1);
        self.base.is_ipv4() == address.is_ipv4() && own.contains(&bits(address))
    }

    /// Why nobody can have an address of the range; `None` where somebody can.
    pub(super) fn refuses(self, address: IpAddr) -> Option<String> {
        let (first, last) = self.bounds();
        let sound = self.contains(address) && (first..=last).contains(&bits(address));
        let range = format!("{}/{}", self.base(), self.length);
        (!sound).then(|| {
            format!(
                "the provided IP ({address}) is not in the valid range. The range of valid IPs is {range}"
            )
        })
    }

    /// How many addresses at the range's start are for those who name one.
    fn band(self) -> u128 {
        const LEAST: u128 = 16;
        const MOST: u128 = 256;
        if self.hosts() <= LEAST { 0 } else { (self.hosts() / 16).clamp(LEAST, MOST) }
    }

    /// All addresses that somebody can have: the upper band first, each band from any place on.
    pub(super) fn candidates(self) -> impl Iterator<Item = IpAddr> {
        let (first, last) = self.bounds();
        let middle = (first + self.band()).min(last.saturating_add(1));
        around(middle, last).chain(around(first, middle - 1)).map(move |bits| self.address(bits))
    }
}

/// All numbers from `first` to `last`, from a random one on.
fn around(first: u128, last: u128) -> impl Iterator<Item = u128> {
    let start = if first < last { rand::rng().random_range(first..=last) } else { first };
    (start..=last).chain(first..start)
}

/// The ranges of a family that are ready to be given out of, in no order.
pub(super) fn ready(ranges: &[Value], family: &str) -> Vec<Range> {
    let good = |range: &&Value| {
        let conditions = meta::items(range, "/status/conditions");
        let told = conditions.iter().find(|one| one["type"] == "Ready");
        !meta::is_deleting(range) && told.is_none_or(|one| one["status"] == "True")
    };
    let texts = ranges.iter().filter(good).flat_map(|range| meta::items(range, "/spec/cidrs"));
    let mut ready: Vec<Range> = texts
        .filter_map(|text| Range::parse(text.as_str()?))
        .filter(|range| range.family() == family)
        .collect();
    ready.shuffle(&mut rand::rng());
    ready
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn all(text: &str) -> Vec<String> {
        Range::parse(text).unwrap().candidates().map(|it| it.to_string()).collect()
    }

    #[test]
    fn every_address_is_tried_once_and_the_lower_band_last() {
        let all_of = all("10.1.2.0/24");
        assert_eq!(all_of.iter().collect::<BTreeSet<_>>().len(), 254);
        let lower: BTreeSet<String> = (1..=16).map(|it| format!("10.1.2.{it}")).collect();
        assert_eq!(all_of[238..].iter().cloned().collect::<BTreeSet<_>>(), lower);
        for (text, count) in [
            ("10.1.2.0/28", 14),
            ("10.1.2.0/29", 6),
            ("10.1.2.4/30", 2),
            ("10.1.2.4/31", 0),
            ("10.1.2.4/32", 0),
            ("fd00::/125", 7),
            ("10.96.0.0/16", 65534),
        ] {
            assert_eq!(all(text).iter().collect::<BTreeSet<_>>().len(), count, "{text}");
        }
        assert!(Range::parse("fd00::/63").is_none());
        let first = Range::parse("fd00::/64").unwrap().candidates().next().unwrap();
        assert!(Range::parse("fd00::/64").unwrap().refuses(first).is_none());
    }

    #[test]
    fn addresses_outside_are_refused() {
        let range = Range::parse("10.1.2.0/24").unwrap();
        for (address, sound) in
            [("10.1.2.1", true), ("10.1.2.0", false), ("10.1.2.255", false), ("10.1.3.1", false)]
        {
            assert_eq!(range.refuses(address.parse().unwrap()).is_none(), sound, "{address}");
        }
        assert!(!range.contains("fd00::1".parse().unwrap()));
    }

    #[test]
    fn only_ready_ranges_are_given_out_of() {
        let condition = |status: &str| json!({"conditions": [{"type": "Ready", "status": status}]});
        let ranges = [
            json!({"spec": {"cidrs": ["10.1.0.0/16", "fd00::/112"]}}),
            json!({"spec": {"cidrs": ["10.2.0.0/16"]}, "status": condition("True")}),
            json!({"spec": {"cidrs": ["10.3.0.0/16"]}, "status": condition("False")}),
            json!({"metadata": {"deletionTimestamp": "now"}, "spec": {"cidrs": ["10.4.0.0/16"]}}),
        ];
        let mut found: Vec<String> =
            ready(&ranges, "IPv4").iter().map(|it| it.base().to_string()).collect();
        found.sort_unstable();
        assert_eq!(found, ["10.1.0.0", "10.2.0.0"]);
        assert_eq!(ready(&ranges, "IPv6").len(), 1);
    }
}
