//! Addresses and node ports of Services: given out once each, taken back when a write fails.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, PoisonError},
};

use machinery::{
    field::{Errors, Path},
    kind::Kind,
    meta,
    status::Status,
};
use rand::RngExt as _;
use serde_json::{Value, json};

/// What is given out.
#[derive(Debug)]
pub(crate) struct Allocations {
    range: (IpAddr, u8),
    ports: (u16, u16),
    used: Arc<Mutex<Used>>,
}

type Used = BTreeSet<Held>;

/// What one Service has and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    /// A cluster IP.
    Address(Ipv4Addr),
    /// A node port.
    Port(u16),
}

impl Held {
    /// All that a Service has.
    pub(crate) fn all(service: &Value) -> BTreeSet<Self> {
        let addresses = addresses_of(service).map(Self::Address);
        addresses.chain(ports_of(service).map(Self::Port)).collect()
    }
}

/// What one write was given; it goes back unless it is kept.
#[derive(Debug)]
pub(crate) struct Allocation {
    used: Arc<Mutex<Used>>,
    given: BTreeSet<Held>,
    /// What was asked for and another server has.
    taken: BTreeSet<Held>,
    /// What the store knows of.
    pub(crate) claimed: BTreeSet<Held>,
    dry_run: bool,
    /// The last port that a dry run showed; nobody was given it.
    shown: Option<u16>,
}

impl Allocation {
    /// The write has happened.
    pub(crate) fn keep(mut self) {
        self.given.clear();
    }

    /// All that was given.
    pub(crate) fn held(&self) -> BTreeSet<Held> {
        self.given.clone()
    }

    /// Takes one that was asked for by name; tells whether it was free.
    fn take(&mut self, held: Held) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let free = !self.taken.contains(&held) && used.insert(held);
        drop(used);
        free && self.given.insert(held)
    }

    /// The port that a dry run shows: one above the dearest so far, none of which is in the range.
    /// Source: `PortAllocationOperation.AllocateNext` of Kubernetes' service registry.
    fn shown_port(&mut self) -> Option<u16> {
        const BEFORE: u16 = 32_768;
        let port = self.given.iter().filter_map(|held| match held {
            Held::Port(port) => Some(*port),
            Held::Address(_) => None,
        });
        let dearest = port.chain(self.shown).max().unwrap_or(BEFORE);
        self.shown = Some(dearest.checked_add(1)?);
        self.shown
    }

    /// Takes the first one that is free.
    fn first_free(&mut self, mut among: impl Iterator<Item = Held>) -> Option<Held> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let free = among.find(|held| !used.contains(held) && !self.taken.contains(held))?;
        used.insert(free);
        drop(used);
        self.given.insert(free);
        Some(free)
    }
}

impl Drop for Allocation {
    fn drop(&mut self) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|held| !self.given.contains(held));
    }
}

impl Allocations {
    /// Nothing is given out yet.
    pub(crate) fn new(range: (IpAddr, u8), ports: (u16, u16)) -> Self {
        Self { range, ports, used: Arc::default() }
    }

    fn used(&self) -> std::sync::MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns what a stored Service has.
    pub(crate) fn learn(&self, service: &Value) {
        self.used().extend(Held::all(service));
    }

    /// Takes back what a Service no longer has.
    pub(crate) fn forget(&self, freed: &BTreeSet<Held>) {
        self.used().retain(|held| !freed.contains(held));
    }

    /// Nothing given yet to one write; `taken` is what other servers have been found to have.
    pub(crate) fn nothing(&self, taken: &BTreeSet<Held>, dry_run: bool) -> Allocation {
        Allocation {
            used: Arc::clone(&self.used),
            given: BTreeSet::new(),
            taken: taken.clone(),
            claimed: BTreeSet::new(),
            dry_run,
            shown: None,
        }
    }

    /// Gives a Service the address and the ports that its type needs and it does not have.
    ///
    /// Errors: 422 for an address or port that is taken or outside the range.
    pub(crate) fn give(
        &self,
        kind: &Kind,
        object: &mut Value,
        old: Option<&Value>,
        mut given: Allocation,
    ) -> Result<Allocation, Status> {
        if !is_service(kind) {
            return Ok(given);
        }
        let mut errors = Errors::default();
        self.give_address(object, old, &mut given, &mut errors);
        self.give_ports(object, old, &mut given, &mut errors);
        if !errors.is_empty() {
            return Err(Status::invalid(kind.group_kind(), meta::name(object), &errors));
        }
        Ok(given)
    }

    fn give_address(
        &self,
        object: &mut Value,
        old: Option<&Value>,
        given: &mut Allocation,
        errors: &mut Errors,
    ) {
        let service_type = meta::text(object, "/spec/type").to_owned();
        let wanted = meta::text(object, "/spec/clusterIP").to_owned();
        let wanted = match (wanted.as_str(), old.map(|old| meta::text(old, "/spec/clusterIP"))) {
            ("", Some(before)) if service_type != "ExternalName" => before.to_owned(),
            _ => wanted,
        };
        let spec = meta::object_at(object, "spec");
        if service_type == "ExternalName" {
            for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
                spec.remove(field);
            }
            return;
        }
        meta::set_default(spec, "ipFamilies", json!(["IPv4"]));
        meta::set_default(spec, "ipFamilyPolicy", "SingleStack");
        let address = match wanted.as_str() {
            "None" => "None".to_owned(),
            "" => {
                if let Some(address) = self.free_address(given) {
                    address.to_string()
                } else {
                    errors.invalid(
                        &Path::new("spec").child("clusterIPs"),
                        &json!([]),
                        "failed to allocate IP 0: range is full",
                    );
                    return;
                }
            }
            text => {
                let had = old.is_some_and(|old| meta::text(old, "/spec/clusterIP") == text);
                if !had && let Err(why) = self.take_address(text, given) {
                    let path = Path::new("spec").child("clusterIPs");
                    errors.invalid(&path, &json!([text]), why);
                }
                text.to_owned()
            }
        };
        spec.insert("clusterIPs".into(), json!([address]));
        spec.insert("clusterIP".into(), address.into());
    }

    fn bounds(&self) -> Option<(u32, u32)> {
        let (IpAddr::V4(base), length) = self.range else { return None };
        let size = 1_u32.checked_shl(32 - u32::from(length)).unwrap_or(u32::MAX);
        let base = u32::from(base);
        Some((base + 1, base.saturating_add(size).saturating_sub(2)))
    }

    /// A free address of the upper band; the lower one is for those who ask by name.
    fn free_address(&self, given: &mut Allocation) -> Option<Ipv4Addr> {
        let (first, last) = self.bounds()?;
        if given.dry_run {
            // Kubernetes shows the range's own address, which nobody has.
            return Some(Ipv4Addr::from(first - 1));
        }
        let band = ((last - first) / 16).clamp(16, 256).min(last - first);
        let start = rand::rng().random_range(first + band..=last);
        let upper = (start..=last).chain(first + band..start);
        let all = upper.chain(first..first + band).map(Ipv4Addr::from).map(Held::Address);
        match given.first_free(all)? {
            Held::Address(address) => Some(address),
            Held::Port(_) => None,
        }
    }

    fn take_address(&self, text: &str, given: &mut Allocation) -> Result<(), String> {
        let failed = |why: &str| format!("failed to allocate IP {text}: {why}");
        let Ok(address) = text.parse::<Ipv4Addr>() else {
            return Err("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)".into());
        };
        let (first, last) = self.bounds().unwrap_or((0, 0));
        if !(first..=last).contains(&u32::from(address)) {
            let (base, length) = self.range;
            return Err(failed(&format!(
                "the provided IP ({text}) is not in the valid range. The range of valid IPs is {base}/{length}"
            )));
        }
        if !given.take(Held::Address(address)) {
            return Err(failed("provided IP is already allocated"));
        }
        Ok(())
    }

    fn give_ports(
        &self,
        object: &mut Value,
        old: Option<&Value>,
        given: &mut Allocation,
        errors: &mut Errors,
    ) {
        let service_type = meta::text(object, "/spec/type").to_owned();
        let wants = service_type == "NodePort"
            || service_type == "LoadBalancer"
                && object.pointer("/spec/allocateLoadBalancerNodePorts") != Some(&json!(false));
        let before: Vec<Value> =
            old.map_or_else(Vec::new, |old| meta::items(old, "/spec/ports").to_vec());
        let had: BTreeSet<u16> = old.map(|old| ports_of(old).collect()).unwrap_or_default();
        let spec = meta::object_at(object, "spec");
        let ports = spec.get_mut("ports").and_then(Value::as_array_mut);
        for (index, port) in ports.into_iter().flatten().enumerate() {
            if !wants {
                if service_type == "ClusterIP" && old.is_some() {
                    meta::as_object(port).remove("nodePort");
                }
                continue;
            }
            let asked = meta::number(port, "/nodePort").and_then(|it| u16::try_from(it).ok());
            let kept = before
                .iter()
                .find(|one| one["port"] == port["port"] && one["protocol"] == port["protocol"]);
            let kept = kept.and_then(|one| meta::number(one, "/nodePort"));
            let number = match asked.filter(|asked| *asked != 0) {
                Some(asked) => {
                    if !had.contains(&asked)
                        && let Err(why) = self.take_port(asked, given)
                    {
                        let path = Path::new("spec").child("ports").index(index).child("nodePort");
                        errors.invalid(&path, &json!(asked), why);
                    }
                    Some(asked)
                }
                None => {
                    kept.and_then(|kept| u16::try_from(kept).ok()).or_else(|| self.free_port(given))
                }
            };
            if let Some(number) = number {
                meta::as_object(port).insert("nodePort".into(), number.into());
            }
        }
    }

    fn take_port(&self, port: u16, given: &mut Allocation) -> Result<(), String> {
        let (first, last) = self.ports;
        if !(first..=last).contains(&port) {
            return Err(format!(
                "provided port is not in the valid range. The range of valid ports is {first}-{last}"
            ));
        }
        let held = Held::Port(port);
        if !given.given.contains(&held) && !given.take(held) {
            return Err("provided port is already allocated".into());
        }
        Ok(())
    }

    fn free_port(&self, given: &mut Allocation) -> Option<u16> {
        if given.dry_run {
            return given.shown_port();
        }
        let (first, last) = self.ports;
        let band = ((last - first) / 32).clamp(16, 128).min(last - first);
        let start = rand::rng().random_range(first + band..=last);
        match given.first_free((start..=last).chain(first..start).map(Held::Port))? {
            Held::Port(port) => Some(port),
            Held::Address(_) => None,
        }
    }
}

pub(super) fn is_service(kind: &Kind) -> bool {
    kind.group.is_empty() && kind.plural == "services"
}

fn addresses_of(service: &Value) -> impl Iterator<Item = Ipv4Addr> {
    meta::items(service, "/spec/clusterIPs").iter().filter_map(|one| one.as_str()?.parse().ok())
}

fn ports_of(service: &Value) -> impl Iterator<Item = u16> {
    meta::items(service, "/spec/ports")
        .iter()
        .filter_map(|port| u16::try_from(meta::number(port, "/nodePort")?).ok())
        .filter(|port| *port != 0)
}
