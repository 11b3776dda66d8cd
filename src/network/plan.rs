//! What a node's and a pod's network consist of, as data.

use std::fmt;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::{Cidr, Config};

/// Names made from a cluster's id. The kernel allows links 15 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) bridge: String,
    pub(crate) table: String,
    pub(crate) veth_prefix: String,
}

impl Names {
    pub(crate) fn of(cluster_id: &str) -> Self {
        let short: String =
            cluster_id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        let shorter: String = short.chars().take(6).collect();
        Self {
            bridge: format!("kanoe-{short}"),
            table: format!("kanoe_{short}"),
            veth_prefix: format!("kn{shorter}"),
        }
    }

    /// The host's end of a pod's pair: long enough not to meet another's.
    pub(crate) fn veth(&self, pod: &str) -> String {
        let digest = Sha256::digest(pod.as_bytes());
        let mark = digest.iter().take(4).fold(0_u32, |mark, byte| mark << 8 | u32::from(*byte));
        format!("{}{:07x}", self.veth_prefix, mark >> 4)
    }
}

/// One thing to do. All may be done again without harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    CreateNamespace(PathBuf),
    RemoveNamespace(PathBuf),
    CreateBridge(String),
    CreateVeth { host: String, inside: String, namespace: PathBuf, bridge: String },
    RemoveLink(String),
    RemoveLinks(String),
    AddAddress { link: String, ip: Ipv4Addr, prefix: u8 },
    SetUp(String),
    AddRoute { to: Cidr, via: Option<Ipv4Addr>, link: String, source: Option<Ipv4Addr> },
    Sysctl { name: String, value: &'static str },
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateNamespace(path) => write!(out, "make namespace {}", path.display()),
            Self::RemoveNamespace(path) => write!(out, "remove namespace {}", path.display()),
            Self::CreateBridge(name) => write!(out, "make bridge {name}"),
            Self::CreateVeth { host, inside, bridge, .. } => {
                write!(out, "make pair {host} {inside} on {bridge}")
            }
            Self::RemoveLink(name) => write!(out, "remove link {name}"),
            Self::RemoveLinks(prefix) => write!(out, "remove links {prefix}*"),
            Self::AddAddress { link, ip, prefix } => write!(out, "add {ip}/{prefix} to {link}"),
            Self::SetUp(link) => write!(out, "set {link} up"),
            Self::AddRoute { to, via, link, .. } => {
                write!(out, "route {to}")?;
                via.map_or(Ok(()), |via| write!(out, " via {via}"))?;
                write!(out, " on {link}")
            }
            Self::Sysctl { name, value } => write!(out, "set {name}={value}"),
        }
    }
}

/// The node's own part.
pub(crate) fn node(config: &Config, names: &Names) -> Vec<Step> {
    let bridge = names.bridge.clone();
    let gateway = config.pod_cidr.first();
    let sysctl = |name: &str, value| Step::Sysctl { name: name.replace("BRIDGE", &bridge), value };
    let mut steps = vec![
        sysctl("net/ipv4/ip_forward", "1"),
        Step::CreateBridge(bridge.clone()),
        Step::AddAddress { link: bridge.clone(), ip: gateway, prefix: config.pod_cidr.prefix() },
        Step::SetUp(bridge.clone()),
        // Pods reach each other through here on purpose; nothing is to be redirected.
        sysctl("net/ipv4/conf/BRIDGE/send_redirects", "0"),
        // A node port asked for on 127.0.0.1 leads to a pod.
        sysctl("net/ipv4/conf/BRIDGE/route_localnet", "1"),
    ];
    if let Some(services) = config.service_cidr {
        let source = Some(gateway);
        steps.push(Step::AddRoute { to: services, via: None, link: bridge, source });
    }
    steps
}

/// One pod's part: on the host, then inside its namespace.
pub(crate) fn pod(
    config: &Config,
    names: &Names,
    pod: &str,
    ip: Ipv4Addr,
    namespace: &Path,
) -> (Vec<Step>, Vec<Step>) {
    let (link, gateway) = ("eth0".to_owned(), config.pod_cidr.first());
    let host_only =
        |ip: Ipv4Addr| format!("{ip}/32").parse().expect("an address is a range of one");
    let everywhere = "0.0.0.0/0".parse().expect("this is a range");
    let veth = Step::CreateVeth {
        host: names.veth(pod),
        inside: link.clone(),
        namespace: namespace.to_owned(),
        bridge: names.bridge.clone(),
    };
    let refuse = |of: &str| Step::Sysctl {
        name: format!("net/ipv4/conf/{of}/accept_redirects"),
        value: "0",
    };
    let inside = vec![
        Step::SetUp("lo".to_owned()),
        Step::AddAddress { link: link.clone(), ip, prefix: 32 },
        refuse("all"),
        refuse(&link),
        Step::SetUp(link.clone()),
        Step::AddRoute { to: host_only(gateway), via: None, link: link.clone(), source: None },
        Step::AddRoute { to: everywhere, via: Some(gateway), link, source: None },
    ];
    (vec![Step::CreateNamespace(namespace.to_owned()), veth], inside)
}

/// The mark of packets that reached a published port from a pod or from the node's loopback.
pub(crate) const MARK: &str = "0x2000";

/// The node's own rules, as one transaction that replaces what was there.
pub(crate) fn rules(config: &Config, names: &Names) -> String {
    let Names { bridge, table, .. } = names;
    let (pods, cluster) = (config.pod_cidr, config.cluster_cidr);
    format!(
        "add table ip {table}
delete table ip {table}
table ip {table} {{
  chain prerouting {{
    type filter hook prerouting priority raw; policy accept;
    iifname \"{bridge}\" ip daddr 127.0.0.0/8 drop
  }}
  map host-addresses {{ type ipv4_addr . inet_proto . inet_service : verdict; }}
  map host-ports {{ type inet_proto . inet_service : verdict; }}
  chain published {{
    ip daddr . meta l4proto . th dport vmap @host-addresses
    fib daddr type local meta l4proto . th dport vmap @host-ports
  }}
  chain from-outside {{ type nat hook prerouting priority dstnat; jump published; }}
  chain from-here {{ type nat hook output priority -100; jump published; }}
  chain forward {{
    type filter hook forward priority filter; policy accept;
    iifname \"{bridge}\" accept
    oifname \"{bridge}\" accept
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    meta mark and {MARK} != 0 meta mark set meta mark xor {MARK} masquerade
    ip saddr {pods} ip daddr != {cluster} oifname != \"{bridge}\" masquerade
  }}
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            cluster_id: "1a2b3c4d".into(),
            state: "/state".into(),
            pod_cidr: "10.244.0.0/24".parse().unwrap(),
            cluster_cidr: "10.244.0.0/16".parse().unwrap(),
            service_cidr: Some("10.96.0.0/16".parse().unwrap()),
        }
    }

    fn text(steps: &[Step]) -> String {
        steps.iter().map(Step::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn names_fit_and_differ() {
        let names = Names::of("1a2b3c4d5e6f");
        assert_eq!(names.bridge, "kanoe-1a2b3c4d");
        let (one, other) = (names.veth("a"), names.veth("b"));
        assert_ne!(one, other);
        for name in [&names.bridge, &one] {
            assert!(name.len() <= 15, "{name}");
        }
        assert_ne!(one, Names::of("ffff0000").veth("a"), "another cluster's");
    }

    #[test]
    fn a_node_is_planned() {
        let want = "set net/ipv4/ip_forward=1
make bridge kanoe-1a2b3c4d
add 10.244.0.1/24 to kanoe-1a2b3c4d
set kanoe-1a2b3c4d up
set net/ipv4/conf/kanoe-1a2b3c4d/send_redirects=0
set net/ipv4/conf/kanoe-1a2b3c4d/route_localnet=1
route 10.96.0.0/16 on kanoe-1a2b3c4d";
        assert_eq!(text(&node(&config(), &Names::of("1a2b3c4d"))), want);
    }

    #[test]
    fn a_pod_is_planned() {
        let names = Names::of("1a2b3c4d");
        let ip = "10.244.0.5".parse().unwrap();
        let (host, inside) = pod(&config(), &names, "p", ip, Path::new("/state/netns/p"));
        let veth = names.veth("p");
        let want =
            format!("make namespace /state/netns/p\nmake pair {veth} eth0 on kanoe-1a2b3c4d");
        assert_eq!(text(&host), want);
        let want = "set lo up
add 10.244.0.5/32 to eth0
set net/ipv4/conf/all/accept_redirects=0
set net/ipv4/conf/eth0/accept_redirects=0
set eth0 up
route 10.244.0.1/32 on eth0
route 0.0.0.0/0 via 10.244.0.1 on eth0";
        assert_eq!(text(&inside), want);
    }
}
