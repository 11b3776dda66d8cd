//! Plans as nftables: one chain a service port, one a target, and maps from addresses to chains, so
//! that a packet costs the same however many services there are.
//!
//! A [`Fragment`] is what one Service needs; [`difference`] of two fragments is one transaction.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use sha2::{Digest as _, Sha256};

use crate::plan::{PortPlan, Target};

/// The mark of packets whose source is replaced on their way out. Source: kube-proxy.
const MARK: &str = "0x4000";

/// The name of a cluster's table.
pub fn table_name(cluster_id: &str) -> String {
    format!("kanoe-{cluster_id}-proxy")
}

/// The rules of one Service, as data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fragment {
    chains: BTreeMap<String, Vec<String>>,
    /// Sets of clients that stay with a target, and their timeouts in seconds.
    sets: BTreeMap<String, i32>,
    /// Elements by map: `map -> key -> verdict`.
    elements: BTreeSet<(&'static str, String, String)>,
}

fn short(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(6).fold(String::new(), |mut out, byte| {
        // Writing to a String cannot fail.
        write!(out, "{byte:02x}").unwrap_or_default();
        out
    })
}

/// The rules of a Service's ports.
pub(crate) fn fragment(plans: &[PortPlan]) -> Fragment {
    let mut out = Fragment::default();
    for plan in plans {
        out.add_port(plan);
    }
    out
}

impl Fragment {
    fn add_port(&mut self, plan: &PortPlan) {
        let inner = format!("svc-{}", short(&plan.id));
        let outer = format!("ext-{}", short(&plan.id));
        let key = |address: &dyn std::fmt::Display| {
            format!("{address} . {} . {}", plan.protocol, plan.port)
        };
        if plan.targets.is_empty() {
            self.refuse(plan.internal.iter().map(|address| key(address)));
        } else {
            let rules = self.spread(plan, &plan.targets);
            self.chains.insert(inner.clone(), rules);
            for address in &plan.internal {
                self.lead("services", key(address), &inner);
            }
        }
        let node_port = plan.node_port.map(|port| format!("{} . {port}", plan.protocol));
        if node_port.is_none() && plan.external.is_empty() {
            return;
        }
        if plan.external_targets.is_empty() {
            self.refuse(plan.external.iter().map(|address| key(address)));
            if let Some(port) = node_port {
                self.elements.insert(("refused-ports", port, "goto refuse".into()));
            }
            return;
        }
        let mut rules = Vec::new();
        if !plan.keeps_source {
            rules.push(format!("meta mark set meta mark or {MARK}"));
        }
        rules.extend(self.spread(plan, &plan.external_targets));
        self.chains.insert(outer.clone(), rules);
        for address in &plan.external {
            self.lead("services", key(address), &outer);
        }
        if let Some(port) = node_port {
            self.lead("node-ports", port, &outer);
        }
    }

    fn lead(&mut self, map: &'static str, key: String, chain: &str) {
        self.elements.insert((map, key, format!("goto {chain}")));
    }

    fn refuse(&mut self, keys: impl Iterator<Item = String>) {
        for key in keys {
            self.elements.insert(("refused", key, "goto refuse".into()));
        }
    }

    /// Rules that spread connections evenly over targets, and the targets' own chains.
    fn spread(&mut self, plan: &PortPlan, targets: &[Target]) -> Vec<String> {
        let mut rules = Vec::new();
        let mut choices = Vec::new();
        for (index, target) in targets.iter().enumerate() {
            let Target { address, port } = target;
            let name = short(&format!("{}|{address}:{port}", plan.id));
            let chain = format!("to-{name}");
            // A pod that reaches itself through its Service must not see its own address.
            let mut to = vec![format!("ip saddr {address} meta mark set meta mark or {MARK}")];
            if let Some(seconds) = plan.affinity_seconds {
                let set = format!("stay-{name}");
                rules.push(format!("ip saddr @{set} goto {chain}"));
                to.push(format!("update @{set} {{ ip saddr }}"));
                self.sets.insert(set, seconds);
            }
            to.push(format!("meta l4proto {} dnat to {address}:{port}", plan.protocol));
            choices.push(format!("{index} : goto {chain}"));
            self.chains.insert(chain, to);
        }
        rules.push(format!(
            "numgen random mod {} vmap {{ {} }}",
            targets.len(),
            choices.join(", ")
        ));
        rules
    }
}

/// The empty table: hooks, maps, and the chains that every packet passes.
pub(crate) fn base(table: &str) -> String {
    format!(
        "table ip {table}
delete table ip {table}
table ip {table} {{
  map services {{ type ipv4_addr . inet_proto . inet_service : verdict; }}
  map node-ports {{ type inet_proto . inet_service : verdict; }}
  map refused {{ type ipv4_addr . inet_proto . inet_service : verdict; }}
  map refused-ports {{ type inet_proto . inet_service : verdict; }}
  chain refuse {{ reject with icmp type port-unreachable; }}
  chain dispatch {{
    ip daddr . meta l4proto . th dport vmap @services
    fib daddr type local meta l4proto . th dport vmap @node-ports
  }}
  chain check {{
    ip daddr . meta l4proto . th dport vmap @refused
    fib daddr type local meta l4proto . th dport vmap @refused-ports
  }}
  chain prerouting {{ type nat hook prerouting priority dstnat; jump dispatch; }}
  chain output {{ type nat hook output priority -100; jump dispatch; }}
  chain postrouting {{
    type nat hook postrouting priority srcnat;
    meta mark and {MARK} == 0 return
    meta mark set meta mark xor {MARK}
    masquerade fully-random
  }}
  chain input-check {{ type filter hook input priority -110; ct state new jump check; }}
  chain forward-check {{ type filter hook forward priority -110; ct state new jump check; }}
  chain output-check {{ type filter hook output priority -110; ct state new jump check; }}
}}
"
    )
}

/// Traffic to the cluster's name server goes to where it listens.
pub(crate) fn dns_fragment(
    address: std::net::Ipv4Addr,
    listens: std::net::SocketAddrV4,
) -> Fragment {
    let mut out = Fragment::default();
    for protocol in ["udp", "tcp"] {
        let chain = format!("dns-{protocol}");
        let rule = format!("meta l4proto {protocol} dnat to {}:{}", listens.ip(), listens.port());
        out.chains.insert(chain.clone(), vec![rule]);
        out.lead("services", format!("{address} . {protocol} . 53"), &chain);
    }
    out
}

/// The commands that turn `old` into `new`; empty where nothing changes.
///
/// Order: new names first, then rules, then what leads to them, and what is gone last, so that
/// the whole is one transaction without a dangling name.
pub(crate) fn difference(table: &str, old: &Fragment, new: &Fragment) -> String {
    let mut out = String::new();
    let mut say = |words: String| {
        out.push_str(&words);
        out.push('\n');
    };
    for (set, seconds) in new.sets.iter().filter(|(set, _)| !old.sets.contains_key(*set)) {
        say(format!(
            "add set ip {table} {set} {{ type ipv4_addr; flags dynamic,timeout; timeout {seconds}s; }}"
        ));
    }
    for chain in new.chains.keys().filter(|chain| !old.chains.contains_key(*chain)) {
        say(format!("add chain ip {table} {chain}"));
    }
    for (chain, rules) in
        new.chains.iter().filter(|(chain, rules)| old.chains.get(*chain) != Some(rules))
    {
        if old.chains.contains_key(chain) {
            say(format!("flush chain ip {table} {chain}"));
        }
        for rule in rules {
            say(format!("add rule ip {table} {chain} {rule}"));
        }
    }
    for (map, key, verdict) in old.elements.difference(&new.elements) {
        say(format!("delete element ip {table} {map} {{ {key} : {verdict} }}"));
    }
    for (map, key, verdict) in new.elements.difference(&old.elements) {
        say(format!("add element ip {table} {map} {{ {key} : {verdict} }}"));
    }
    let gone: Vec<_> = old.chains.keys().filter(|one| !new.chains.contains_key(*one)).collect();
    for chain in &gone {
        say(format!("flush chain ip {table} {chain}"));
    }
    for chain in &gone {
        say(format!("delete chain ip {table} {chain}"));
    }
    for set in old.sets.keys().filter(|set| !new.sets.contains_key(*set)) {
        say(format!("delete set ip {table} {set}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::sample;

    #[test]
    fn a_service_is_reached_by_its_address_and_its_node_port() {
        let rules = fragment(&sample(&[("10.0.0.1", true, false), ("10.0.0.2", true, false)]));
        let text = difference("t", &Fragment::default(), &rules);
        assert!(text.contains("10.96.0.5 . tcp . 80 : goto svc-"), "{text}");
        assert!(text.contains("node-ports { tcp . 30080 : goto ext-"), "{text}");
        assert!(text.contains("numgen random mod 2 vmap { 0 : goto to-"), "{text}");
        assert!(text.contains("dnat to 10.0.0.2:8080"), "{text}");
    }

    #[test]
    fn a_change_costs_what_changed_and_nothing_costs_nothing() {
        let before = fragment(&sample(&[("10.0.0.1", true, false)]));
        let after = fragment(&sample(&[("10.0.0.1", true, false), ("10.0.0.2", true, false)]));
        assert_eq!(difference("t", &before, &before), "");
        let text = difference("t", &before, &after);
        assert!(!text.contains("dnat to 10.0.0.1"), "the old target stays untouched: {text}");
        assert!(!text.contains("element"), "the way in stays: {text}");
        assert_eq!(
            difference("t", &after, &Fragment::default()).matches("delete chain").count(),
            4
        );
    }

    #[test]
    fn without_endpoints_connections_are_refused() {
        let rules = fragment(&sample(&[]));
        let text = difference("t", &Fragment::default(), &rules);
        assert!(text.contains("refused { 10.96.0.5 . tcp . 80 : goto refuse }"), "{text}");
        assert!(text.contains("refused-ports { tcp . 30080 : goto refuse }"), "{text}");
    }
}
