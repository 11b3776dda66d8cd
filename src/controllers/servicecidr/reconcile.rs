//! What a range of service addresses needs next. No clock, no I/O.

use std::{net::IpAddr, sync::Arc, time::Duration};

use api::networking::ipaddress::{ALLOCATOR, MANAGED_BY};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::networking::v1::{IPAddress, ServiceCIDR};

/// Keeps a range while addresses of it are taken.
pub(super) const FINALIZER: &str = "networking.k8s.io/service-cidr-finalizer";
/// After a deletion servers may still give addresses away for so long.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// A range with what is around it.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) range: &'a ServiceCIDR,
    /// All ranges, this one too.
    pub(super) ranges: &'a [Arc<ServiceCIDR>],
    pub(super) addresses: &'a [Arc<IPAddress>],
    pub(super) now: Timestamp,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The finalizer is set.
    Protect,
    /// The condition says that the range is good.
    Ready,
    /// The condition says that addresses hold it.
    Held,
    /// Nothing until then.
    Wait(Duration),
    /// The finalizer goes.
    Release,
}

/// A network: its address and the length of its prefix.
type Network = (IpAddr, u8);

fn network(text: &str) -> Option<Network> {
    let (address, length) = text.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}

fn networks(range: &ServiceCIDR) -> impl Iterator<Item = Network> {
    let texts = range.spec.iter().flat_map(|spec| spec.cidrs.iter().flatten());
    texts.filter_map(|text| network(text))
}

/// Tells whether an address is in a network.
fn holds((base, length): Network, address: IpAddr) -> bool {
    let shift = |bits: u32| bits.saturating_sub(u32::from(length));
    match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let differ = u32::from(base) ^ u32::from(address);
            differ.checked_shr(shift(32)).unwrap_or(0) == 0
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let differ = u128::from(base) ^ u128::from(address);
            differ.checked_shr(shift(128)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

fn contains(outer: Network, inner: Network) -> bool {
    outer.1 <= inner.1 && holds(outer, inner.0)
}

/// Tells whether any range has an address.
pub(crate) fn ranges_hold(ranges: &[Arc<ServiceCIDR>], address: IpAddr) -> bool {
    ranges.iter().any(|range| networks(range).any(|net| holds(net, address)))
}

fn same(one: &ServiceCIDR, other: &ServiceCIDR) -> bool {
    one.metadata.name == other.metadata.name
}

/// Tells whether addresses would be nobody's without this range.
fn is_needed(seen: &Observed<'_>) -> bool {
    let others = || seen.ranges.iter().filter(|other| !same(other, seen.range));
    let covered =
        |own: Network| others().any(|other| networks(other).any(|net| contains(net, own)));
    if networks(seen.range).all(covered) {
        return false;
    }
    let managed = |address: &&Arc<IPAddress>| {
        let labels = address.metadata.labels.as_ref();
        labels.and_then(|labels| labels.get(MANAGED_BY)).is_some_and(|by| by == ALLOCATOR)
    };
    let addresses = seen.addresses.iter().filter(managed);
    let mut addresses = addresses.filter_map(|it| it.metadata.name.as_ref()?.parse().ok());
    addresses.any(|address: IpAddr| {
        let among = |range: &ServiceCIDR| networks(range).any(|net| holds(net, address));
        among(seen.range) && !others().any(|other| among(other))
    })
}

/// The value of the condition `Ready`.
fn told<'a>(range: &'a ServiceCIDR, status: &str) -> Option<&'a str> {
    let conditions = range.status.as_ref()?.conditions.as_ref()?;
    let ready = conditions.iter().find(|one| one.type_ == "Ready" && one.status == status)?;
    Some(&ready.reason)
}

/// The next steps, in order.
pub(super) fn reconcile(seen: &Observed<'_>) -> Vec<Step> {
    let protected =
        seen.range.metadata.finalizers.iter().flatten().any(|finalizer| finalizer == FINALIZER);
    let Some(deleted) = &seen.range.metadata.deletion_timestamp else {
        let protect = (!protected).then_some(Step::Protect);
        let ready = told(seen.range, "True").is_none().then_some(Step::Ready);
        return protect.into_iter().chain(ready).collect();
    };
    if !protected {
        return Vec::new();
    }
    if is_needed(seen) {
        return if told(seen.range, "False").is_none() { vec![Step::Held] } else { Vec::new() };
    }
    let left = GRACE - seen.now.duration_since(deleted.0);
    vec![Duration::try_from(left).ok().filter(|it| !it.is_zero()).map_or(Step::Release, Step::Wait)]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn range(name: &str, cidrs: &[&str], more: &Value) -> ServiceCIDR {
        let mut range = json!({"metadata": {"name": name, "finalizers": [FINALIZER]},
            "spec": {"cidrs": cidrs}});
        machinery::patch::apply_merge_patch(&mut range, more);
        serde_json::from_value(range).unwrap()
    }

    fn address(name: &str, by: &str) -> Arc<IPAddress> {
        let address = json!({"metadata": {"name": name, "labels": {MANAGED_BY: by}}});
        Arc::new(serde_json::from_value(address).unwrap())
    }

    #[test]
    fn ranges_stay_while_addresses_need_them() {
        let deleted = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
        let held = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"},
            "status": {"conditions": [{"type": "Ready", "status": "False", "reason": "Terminating",
                "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}});
        let ready = json!({"status": {"conditions": [{"type": "Ready", "status": "True",
            "reason": "", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}});
        let bare = json!({"metadata": {"finalizers": null}});
        let none: &[&str] = &[];
        for (case, more, others, addresses, seconds, want) in [
            ("new", &bare, none, none, 0, vec![Step::Protect, Step::Ready]),
            ("good", &ready, none, none, 0, vec![]),
            ("goes", &deleted, none, none, 4, vec![Step::Wait(Duration::from_secs(6))]),
            ("is gone", &deleted, none, none, 10, vec![Step::Release]),
            ("is held", &deleted, none, &["10.1.0.9"], 60, vec![Step::Held]),
            ("is held and says so", &held, none, &["10.1.0.9"], 60, vec![]),
            ("another's address", &deleted, none, &["10.2.0.9"], 60, vec![Step::Release]),
            ("within another", &deleted, &["10.0.0.0/8"], &["10.1.0.9"], 60, vec![Step::Release]),
            ("beside another", &deleted, &["10.1.0.0/24"], &["10.1.0.9"], 60, vec![Step::Release]),
            ("too small another", &deleted, &["10.1.0.0/29"], &["10.1.0.9"], 60, vec![Step::Held]),
        ] {
            let own = range("own", &["10.1.0.0/16"], more);
            let mut ranges = vec![Arc::new(own.clone())];
            ranges.extend(others.iter().map(|it| Arc::new(range(it, &[it], &json!({})))));
            let addresses: Vec<_> = addresses.iter().map(|it| address(it, ALLOCATOR)).collect();
            let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
            let now = start + SignedDuration::from_secs(seconds);
            let (ranges, addresses) = (&ranges, &addresses);
            let seen = Observed { range: &own, ranges, addresses, now };
            assert_eq!(reconcile(&seen), want, "{case}");
        }
    }

    #[test]
    fn addresses_by_hand_hold_nothing() {
        let own = range(
            "own",
            &["fd00::/112"],
            &json!({"metadata": {
            "deletionTimestamp": "2026-01-01T00:00:00Z"}}),
        );
        let ranges = [Arc::new(own.clone())];
        let mut addresses = vec![address("fd00::1", "me")];
        let now = "2026-01-02T00:00:00Z".parse().unwrap();
        let seen = |addresses: &[Arc<IPAddress>]| {
            reconcile(&Observed { range: &own, ranges: &ranges, addresses, now })
        };
        assert_eq!(seen(&addresses), [Step::Release]);
        addresses.push(address("fd00::2", ALLOCATOR));
        assert_eq!(seen(&addresses), [Step::Held]);
    }
}
