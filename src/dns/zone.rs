//! The cluster's names, read from the shared caches at each question: nothing is kept twice.

use std::{net::Ipv4Addr, sync::Arc};

use client::{Informers, SharedCache};
use k8s_openapi::api::{
    core::v1::Service,
    discovery::v1::{Endpoint, EndpointSlice},
};
use machinery::well_known;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// Addresses; none where the name exists and has none.
    Addresses(Vec<Ipv4Addr>),
    /// Another name.
    Alias(String),
    /// Ports of a service: target names, their addresses, and the port.
    Ports(Vec<(String, Ipv4Addr, u16)>),
    /// A name for an address.
    Pointer(String),
    /// The name does not exist, in a zone that is ours.
    Nothing,
    /// The zone is somebody else's.
    NotOurs,
}

/// The cluster's names.
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    domain: String,
    services: SharedCache<Service>,
    slices: SharedCache<EndpointSlice>,
}

impl Zone {
    /// The zone of a domain such as `cluster.local`.
    pub(crate) fn new(domain: &str, informers: &Informers) -> Self {
        Self {
            domain: domain.to_lowercase(),
            services: informers.cache(),
            slices: informers.cache(),
        }
    }

    /// The domain.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// Looks a name up; `name` is in lower case and without its last dot.
    pub(crate) fn look_up(&self, name: &str) -> Found {
        if let Some(reversed) = name.strip_suffix(".in-addr.arpa") {
            return self.reverse(reversed);
        }
        let Some(inner) = name.strip_suffix(&self.domain) else { return Found::NotOurs };
        if !inner.is_empty() && !inner.ends_with('.') {
            return Found::NotOurs;
        }
        let mut labels: Vec<&str> = inner.trim_end_matches('.').split('.').collect();
        labels.reverse();
        match labels.as_slice() {
            ["" | "svc" | "pod"] => Found::Addresses(Vec::new()),
            ["svc", namespace] if self.has_services(namespace) => Found::Addresses(Vec::new()),
            ["svc", namespace, service, rest @ ..] => self.service(namespace, service, rest),
            ["pod", _, address] => pod(address),
            _ => Found::Nothing,
        }
    }

    fn has_services(&self, namespace: &str) -> bool {
        !self.services.in_namespace(namespace).is_empty()
    }

    /// `rest` is what stands before the service's name, nearest first.
    fn service(&self, namespace: &str, name: &str, rest: &[&str]) -> Found {
        let Some(service) = self.services.get(namespace, name) else { return Found::Nothing };
        let Some(spec) = &service.spec else { return Found::Nothing };
        if spec.type_.as_deref() == Some("ExternalName") {
            let target = spec.external_name.clone().unwrap_or_default();
            return if rest.is_empty() { Found::Alias(target) } else { Found::Nothing };
        }
        let address = spec.cluster_ip.as_deref().and_then(|ip| ip.parse::<Ipv4Addr>().ok());
        let endpoints = self.endpoints(&service, namespace, name);
        match rest {
            [] => match address {
                Some(address) => Found::Addresses(vec![address]),
                None if endpoints.is_empty() => Found::Nothing,
                None => Found::Addresses(endpoints.iter().map(|one| one.address).collect()),
            },
            [host] => {
                let named: Vec<Ipv4Addr> = endpoints
                    .iter()
                    .filter(|one| one.host == *host)
                    .map(|one| one.address)
                    .collect();
                if named.is_empty() { Found::Nothing } else { Found::Addresses(named) }
            }
            [protocol, port] => {
                let full = format!("{name}.{namespace}.svc.{}", self.domain);
                ports(&service, address, &endpoints, (protocol, port), &full)
            }
            _ => Found::Nothing,
        }
    }

    fn slices_of(&self, namespace: &str, name: &str) -> Vec<Arc<EndpointSlice>> {
        let mut slices = self.slices.in_namespace(namespace);
        slices.retain(|slice| {
            let labels = slice.metadata.labels.as_ref();
            let owner = labels.and_then(|labels| labels.get(well_known::SERVICE_NAME));
            slice.address_type == "IPv4" && owner.map(String::as_str) == Some(name)
        });
        slices
    }

    fn endpoints(&self, service: &Service, namespace: &str, name: &str) -> Vec<Place> {
        let unready_too = service.spec.as_ref().and_then(|spec| spec.publish_not_ready_addresses);
        let mut places: Vec<Place> = Vec::new();
        for slice in self.slices_of(namespace, name) {
            let counts = |endpoint: &&Endpoint| {
                let conditions = endpoint.conditions.as_ref();
                unready_too == Some(true)
                    || conditions.and_then(|conditions| conditions.ready) != Some(false)
            };
            let endpoints = slice.endpoints.iter().flatten().filter(counts);
            places.extend(endpoints.flat_map(|endpoint| places_of(&slice, endpoint)));
        }
        places.sort_by_key(|place| place.address);
        places.dedup_by_key(|place| place.address);
        places
    }

    fn reverse(&self, reversed: &str) -> Found {
        let mut parts: Vec<&str> = reversed.split('.').collect();
        parts.reverse();
        let Ok(address) = parts.join(".").parse::<Ipv4Addr>() else { return Found::NotOurs };
        let text = address.to_string();
        for service in self.services.list() {
            let meta = &service.metadata;
            let (Some(name), Some(namespace)) = (&meta.name, &meta.namespace) else { continue };
            let full = format!("{name}.{namespace}.svc.{}", self.domain);
            if service.spec.as_ref().and_then(|spec| spec.cluster_ip.as_ref()) == Some(&text) {
                return Found::Pointer(full);
            }
            let places = self.endpoints(&service, namespace, name);
            if let Some(place) = places.iter().find(|place| place.address == address) {
                return Found::Pointer(format!("{}.{full}", place.host));
            }
        }
        Found::NotOurs
    }
}

/// An endpoint as names need it.
struct Place {
    address: Ipv4Addr,
    host: String,
    ports: Vec<(String, String, u16)>,
}

/// The addresses of an endpoint, with the names of its slice's ports.
fn places_of(slice: &EndpointSlice, endpoint: &Endpoint) -> Vec<Place> {
    let ports: Vec<(String, String, u16)> = slice
        .ports
        .iter()
        .flatten()
        .filter_map(|port| {
            let protocol = port.protocol.clone().unwrap_or_else(|| "TCP".into());
            let number = u16::try_from(port.port?).ok()?;
            Some((port.name.clone()?, protocol.to_lowercase(), number))
        })
        .collect();
    let addresses = endpoint.addresses.iter().filter_map(|one| one.parse().ok());
    addresses
        .map(|address: Ipv4Addr| Place {
            address,
            host: endpoint.hostname.clone().unwrap_or_else(|| dashed(address)),
            ports: ports.clone(),
        })
        .collect()
}

fn dashed(address: Ipv4Addr) -> String {
    address.to_string().replace('.', "-")
}

fn pod(dashed: &str) -> Found {
    match dashed.replace('-', ".").parse() {
        Ok(address) => Found::Addresses(vec![address]),
        Err(_) => Found::Nothing,
    }
}

fn ports(
    service: &Service,
    address: Option<Ipv4Addr>,
    endpoints: &[Place],
    (protocol, port): (&str, &str),
    full: &str,
) -> Found {
    let (Some(protocol), Some(port)) = (protocol.strip_prefix('_'), port.strip_prefix('_')) else {
        return Found::Nothing;
    };
    let mut found = Vec::new();
    if let Some(address) = address {
        let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
        let fits = |one: &&k8s_openapi::api::core::v1::ServicePort| {
            one.name.as_deref() == Some(port)
                && one.protocol.as_deref().unwrap_or("TCP").eq_ignore_ascii_case(protocol)
        };
        let numbers = ports.filter(fits).filter_map(|one| u16::try_from(one.port).ok());
        found.extend(numbers.map(|number| (full.to_owned(), address, number)));
    } else {
        for place in endpoints {
            let fits =
                place.ports.iter().filter(|(name, kind, _)| name == port && kind == protocol);
            found.extend(
                fits.map(|(_, _, number)| {
                    (format!("{}.{full}", place.host), place.address, *number)
                }),
            );
        }
    }
    if found.is_empty() { Found::Nothing } else { Found::Ports(found) }
}
