//! Address ranges of a cluster: Kubernetes' usual ones, or the next that nothing here uses, so that
//! two clusters on one machine do not meet.

use std::{fs, net::Ipv4Addr};

use crate::{ClusterError, Home, Settings, home::write_private};

/// Second numbers of `10.N.0.0/16` for pods, in the order in which they are tried.
const PODS: std::ops::RangeInclusive<u8> = 200..=244;
/// The same for services.
const SERVICES: std::ops::RangeInclusive<u8> = 96..=140;

/// Fills in the ranges that the settings leave open; the first start's choice is kept.
pub(crate) fn complete(home: &Home, settings: &Settings) -> Result<Settings, ClusterError> {
    let mut settings = settings.clone();
    let path = home.root().join("ranges");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let (mut pods, mut services) = if let Some((pods, services)) = kept.trim().split_once(' ') {
        (pods.to_owned(), services.to_owned())
    } else {
        let routes = routes();
        let free = |second: &u8| !routes.iter().any(|route| route.overlaps(*second));
        // A machine whose every range is taken gets the usual one and a clear error later.
        let pods = PODS.rev().find(free).unwrap_or(244);
        let services = SERVICES.clone().find(free).unwrap_or(96);
        (format!("10.{pods}.0.0/16"), format!("10.{services}.0.0/16"))
    };
    if let Some(given) = &settings.cluster_cidr {
        pods.clone_from(given);
    }
    if let Some(given) = &settings.service_cluster_ip_range {
        services.clone_from(given);
    }
    write_private(&path, format!("{pods} {services}\n").as_bytes())?;
    settings.cluster_cidr = Some(pods);
    settings.service_cluster_ip_range = Some(services);
    Ok(settings)
}

/// The first ranges for pods and services that nothing on this machine uses.
pub(crate) fn free() -> Option<(String, String)> {
    let routes = routes();
    let free = |second: &u8| !routes.iter().any(|route| route.overlaps(*second));
    let pods = PODS.rev().find(free)?;
    let services = SERVICES.clone().find(free)?;
    Some((format!("10.{pods}.0.0/16"), format!("10.{services}.0.0/16")))
}

/// A route of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Route {
    network: u32,
    mask: u32,
}

impl Route {
    /// Tells whether the route covers a part of `10.SECOND.0.0/16`; the default route does not count.
    fn overlaps(self, second: u8) -> bool {
        let start = u32::from(Ipv4Addr::new(10, second, 0, 0));
        let mask = self.mask & 0xffff_0000;
        self.mask != 0 && start & mask == self.network & mask
    }
}

fn routes() -> Vec<Route> {
    parse(&fs::read_to_string("/proc/net/route").unwrap_or_default())
}

/// Reads `/proc/net/route`: addresses in hexadecimal, in the machine's byte order.
fn parse(text: &str) -> Vec<Route> {
    let number = |text: &str| {
        u32::from_str_radix(text, 16).ok().map(|raw| u32::from_be_bytes(raw.to_ne_bytes()))
    };
    text.lines()
        .skip(1)
        .filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            Some(Route { network: number(columns.get(1)?)?, mask: number(columns.get(7)?)? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_and_met() {
        let text = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n\
                    eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n\
                    br0\t0000F40A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n";
        let routes = parse(text);
        assert_eq!(Ipv4Addr::from(routes[1].network), Ipv4Addr::new(10, 244, 0, 0));
        assert!(routes[1].overlaps(244) && !routes[1].overlaps(243));
        assert!(!routes[0].overlaps(244), "the default route is no reason to go elsewhere");
    }
}
