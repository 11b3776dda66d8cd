//! Ports of services on nodes: given out once each, taken back when a write fails.
//!
//! What a server knows of itself is enough here; `claims` settles it between several. Source:
//! `k8s.io/kubernetes/pkg/registry/core/service/{portallocator,storage}`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use machinery::{
    field::{Errors, Path},
    meta,
    status::Status,
};
use rand::RngExt as _;
use serde_json::{Value, json};

use super::invalid;

const ALLOCATED: &str = "provided port is already allocated";

/// The ports that are given out.
#[derive(Debug)]
pub(crate) struct Ports {
    bounds: (u16, u16),
    used: Arc<Mutex<BTreeSet<u16>>>,
}

/// What one write was given; it goes back unless it is kept.
#[derive(Debug)]
pub(crate) struct Given {
    bounds: (u16, u16),
    used: Arc<Mutex<BTreeSet<u16>>>,
    held: BTreeSet<u16>,
    /// What was asked for and another server has.
    taken: BTreeSet<u16>,
    dry_run: bool,
}

/// All ports that a service has on nodes.
pub(super) fn of_service(service: &Value) -> BTreeSet<u16> {
    let ports = meta::items(service, "/spec/ports").iter();
    let numbers = ports.filter_map(|port| meta::number(port, "/nodePort"));
    let health = meta::number(service, "/spec/healthCheckNodePort");
    numbers.chain(health).filter_map(|it| u16::try_from(it).ok()).filter(|it| *it != 0).collect()
}

impl Ports {
    /// Nothing is given out yet.
    pub(crate) fn new(bounds: (u16, u16)) -> Self {
        Self { bounds, used: Arc::default() }
    }

    /// Learns which ports a stored service has.
    pub(crate) fn learn(&self, service: &Value) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.extend(of_service(service));
    }

    /// Takes back what a service no longer has.
    pub(super) fn forget(&self, freed: &BTreeSet<u16>) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|port| !freed.contains(port));
    }

    /// Nothing given yet to one write; `taken` is what other servers have been found to have.
    pub(super) fn nothing(&self, taken: &BTreeSet<u16>, dry_run: bool) -> Given {
        Given {
            bounds: self.bounds,
            used: Arc::clone(&self.used),
            held: BTreeSet::new(),
            taken: taken.clone(),
            dry_run,
        }
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|port| !self.held.contains(port) || self.dry_run);
    }
}

impl Given {
    /// The write has happened.
    pub(super) fn keep(mut self) {
        self.held.clear();
    }

    /// All that was given.
    pub(super) fn held(&self) -> BTreeSet<u16> {
        self.held.clone()
    }

    /// Takes one that was asked for by its number.
    fn take(&mut self, port: u16) -> Result<(), String> {
        let (first, last) = self.bounds;
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if self.dry_run {
            // Nobody is asked whether the range has it.
            let free = !used.contains(&port) && self.held.insert(port);
            return if free { Ok(()) } else { Err(ALLOCATED.into()) };
        }
        if !(first..=last).contains(&port) {
            return Err(format!(
                "provided port is not in the valid range. The range of valid ports is {first}-{last}"
            ));
        }
        if self.taken.contains(&port) || !used.insert(port) {
            return Err(ALLOCATED.into());
        }
        drop(used);
        self.held.insert(port);
        Ok(())
    }

    /// Takes one that is free. A dry run shows one above the dearest so far, whoever has it.
    fn take_any(&mut self) -> Result<u16, &'static str> {
        const BEFORE: u16 = 32_768;
        const FULL: &str = "range is full";
        if self.dry_run {
            let dearest = self.held.last().copied().unwrap_or(BEFORE);
            let shown = dearest.checked_add(1).ok_or(FULL)?;
            self.held.insert(shown);
            return Ok(shown);
        }
        let (first, last) = self.bounds;
        let size = last - first + 1;
        let band = if size <= 16 { 0 } else { (size / 32).clamp(16, 128) };
        let around = |first: u16, last: u16| {
            let start = if first < last { rand::rng().random_range(first..=last) } else { first };
            (start..=last).chain(first..start)
        };
        let lower = (band > 0).then(|| around(first, first + band - 1));
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let free = around(first + band, last)
            .chain(lower.into_iter().flatten())
            .find(|port| !used.contains(port) && !self.taken.contains(port))
            .ok_or(FULL)?;
        used.insert(free);
        drop(used);
        self.held.insert(free);
        Ok(free)
    }

    /// Gives a service the ports that it needs and has not.
    ///
    /// Errors: 422 for one that is taken or outside the range, 500 where none is left.
    pub(super) fn give(&mut self, service: &mut Value, old: Option<&Value>) -> Result<(), Status> {
        if matches!(meta::text(service, "/spec/type"), "NodePort" | "LoadBalancer") {
            match old {
                None => self.give_new(service)?,
                Some(old) => self.give_changed(service, old)?,
            }
        }
        if needs_health_check(service) && !old.is_some_and(needs_health_check) {
            self.give_health_check(service).map_err(Status::internal)?;
        }
        Ok(())
    }

    /// Ports of one number in several protocols share theirs on nodes.
    fn give_new(&mut self, service: &mut Value) -> Result<(), Status> {
        let before = service.clone();
        let asked = |number: i64| {
            let mut same = meta::items(&before, "/spec/ports")
                .iter()
                .filter(|port| meta::number(port, "/port") == Some(number) && node_port(port) != 0);
            same.next().map_or(0, node_port)
        };
        let any = wants_any(service);
        let mut shared: BTreeMap<i64, i64> = BTreeMap::new();
        for (index, port) in ports_mut(service).enumerate() {
            let (number, own) = (meta::number(port, "/port").unwrap_or(0), node_port(port));
            if own == 0 && !any {
                continue;
            }
            let found = match shared.get(&number) {
                None => {
                    let found = match asked(number) {
                        0 => self.any(),
                        asked => self.named(asked, &before, index).map(|()| asked),
                    }?;
                    shared.insert(number, found);
                    found
                }
                Some(known) if own == 0 => *known,
                Some(known) => {
                    if own != *known {
                        self.named(own, &before, index)?;
                    }
                    own
                }
            };
            meta::as_object(port).insert("nodePort".into(), found.into());
        }
        Ok(())
    }

    fn give_changed(&mut self, service: &mut Value, old: &Value) -> Result<(), Status> {
        let before = service.clone();
        let had = of_service_ports(old);
        let any = wants_any(service);
        let mut seen: Vec<(Value, i64)> = Vec::new();
        let mut named = BTreeSet::new();
        for (index, port) in ports_mut(service).enumerate() {
            let mut number = node_port(port);
            if number == 0 {
                if !any {
                    continue;
                }
                number = self.any()?;
                meta::as_object(port).insert("nodePort".into(), number.into());
            } else if !had.contains(&number) && named.insert(number) {
                self.named(number, &before, index)?;
            }
            let key = (port["protocol"].clone(), number);
            if seen.contains(&key) {
                let protocol = key.0.as_str().unwrap_or_default().to_owned();
                return Err(Status::failure(format!(
                    "duplicate nodePort: {{{protocol} {number}}}"
                )));
            }
            seen.push(key);
        }
        Ok(())
    }

    fn any(&mut self) -> Result<i64, Status> {
        let given = self.take_any();
        let failed = |why| Status::internal(format!("failed to allocate a nodePort: {why}"));
        given.map(i64::from).map_err(failed)
    }

    fn named(&mut self, port: i64, service: &Value, index: usize) -> Result<(), Status> {
        self.take(u16::try_from(port).unwrap_or_default()).map_err(|why| {
            let mut errors = Errors::default();
            let path = Path::new("spec").child("ports").index(index).child("nodePort");
            errors.invalid(&path, &json!(port), why);
            invalid(service, &errors)
        })
    }

    fn give_health_check(&mut self, service: &mut Value) -> Result<(), String> {
        let asked = meta::number(service, "/spec/healthCheckNodePort").unwrap_or(0);
        if asked != 0 {
            return self.take(u16::try_from(asked).unwrap_or_default()).map_err(|why| {
                format!("failed to allocate requested HealthCheck NodePort {asked}: {why}")
            });
        }
        let port = self
            .take_any()
            .map_err(|why| format!("failed to allocate a HealthCheck NodePort 0: {why}"))?;
        meta::object_at(service, "spec").insert("healthCheckNodePort".into(), port.into());
        Ok(())
    }
}

fn needs_health_check(service: &Value) -> bool {
    service["spec"]["type"] == "LoadBalancer" && service["spec"]["externalTrafficPolicy"] == "Local"
}

/// Tells whether a service's ports get ones on nodes that nobody asked for.
fn wants_any(service: &Value) -> bool {
    service["spec"]["type"] == "NodePort"
        || service["spec"]["allocateLoadBalancerNodePorts"] != json!(false)
}

fn node_port(port: &Value) -> i64 {
    meta::number(port, "/nodePort").unwrap_or(0)
}

fn of_service_ports(service: &Value) -> BTreeSet<i64> {
    meta::items(service, "/spec/ports").iter().map(node_port).filter(|it| *it != 0).collect()
}

fn ports_mut(service: &mut Value) -> impl Iterator<Item = &mut Value> {
    service.pointer_mut("/spec/ports").and_then(Value::as_array_mut).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(ports: &Value) -> Value {
        json!({"metadata": {"name": "s"}, "spec": {"type": "NodePort", "ports": ports}})
    }

    fn given(ports: &Ports, service: &mut Value, old: Option<&Value>) -> String {
        let mut given = ports.nothing(&BTreeSet::new(), false);
        match given.give(service, old) {
            Ok(()) => {
                let held = format!("{:?}", given.held());
                given.keep();
                held
            }
            Err(status) => status.message,
        }
    }

    #[test]
    fn ports_of_one_number_share_theirs() {
        let ports = Ports::new((30000, 30001));
        let mut one = service(&json!([
            {"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP", "nodePort": 30001}]));
        assert_eq!(given(&ports, &mut one, None), "{30001}");
        assert_eq!(one["spec"]["ports"][0]["nodePort"], 30001);
        let mut two = service(&json!([{"port": 1}, {"port": 2}]));
        let full = "Internal error occurred: failed to allocate a nodePort: range is full";
        assert_eq!(given(&ports, &mut two, None), full);
        let mut three = service(&json!([{"port": 1}]));
        assert_eq!(given(&ports, &mut three, None), "{30000}", "what failed went back");
        ports.forget(&of_service(&one));
        assert_eq!(given(&ports, &mut service(&json!([{"port": 1}])), None), "{30001}");
    }

    #[test]
    fn asked_ports_are_checked() {
        let ports = Ports::new((30000, 30010));
        ports.learn(&service(&json!([{"nodePort": 30005}])));
        for (port, said) in [
            (30005, "provided port is already allocated"),
            (
                20000,
                "provided port is not in the valid range. The range of valid ports is 30000-30010",
            ),
        ] {
            let mut asked = service(&json!([{"port": 1, "nodePort": port}]));
            let words = format!(
                "Service \"s\" is invalid: spec.ports[0].nodePort: Invalid value: {port}: {said}"
            );
            assert_eq!(given(&ports, &mut asked, None), words);
        }
        let mut twice = service(&json!([
            {"port": 1, "protocol": "TCP", "nodePort": 30001},
            {"port": 2, "protocol": "TCP", "nodePort": 30001}]));
        let old = service(&json!([]));
        assert_eq!(given(&ports, &mut twice, Some(&old)), "duplicate nodePort: {TCP 30001}");
    }

    #[test]
    fn health_checks_get_a_port_of_their_own() {
        let ports = Ports::new((30000, 30010));
        let mut balanced = json!({"metadata": {"name": "s"}, "spec": {"type": "LoadBalancer",
            "externalTrafficPolicy": "Local", "allocateLoadBalancerNodePorts": false,
            "healthCheckNodePort": 30003, "ports": [{"port": 1}]}});
        assert_eq!(given(&ports, &mut balanced, None), "{30003}");
        let said = given(&ports, &mut balanced.clone(), None);
        assert_eq!(
            said,
            "Internal error occurred: failed to allocate requested HealthCheck NodePort 30003: \
             provided port is already allocated"
        );
        assert_eq!(given(&ports, &mut balanced.clone(), Some(&balanced)), "{}");
    }

    #[test]
    fn a_dry_run_gives_nothing() {
        let ports = Ports::new((30000, 30000));
        let mut shown = service(&json!([{"port": 1}, {"port": 2}]));
        let mut dry = ports.nothing(&BTreeSet::new(), true);
        dry.give(&mut shown, None).unwrap();
        drop(dry);
        assert_eq!(shown["spec"]["ports"][1]["nodePort"], 32_770);
        assert_eq!(given(&ports, &mut service(&json!([{"port": 1}])), None), "{30000}");
    }
}
