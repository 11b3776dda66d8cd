//! Which EndpointSlices a Service should have. No clock, no I/O, no randomness.
//! Source: `k8s.io/endpointslice` and the Kubernetes documentation, "EndpointSlices".

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use k8s_openapi::{
    api::{
        core::v1::{ObjectReference, Pod, Service, ServicePort},
        discovery::v1::{Endpoint, EndpointConditions, EndpointPort, EndpointSlice},
    },
    apimachinery::pkg::{apis::meta::v1::ObjectMeta, util::intstr::IntOrString},
};
use machinery::well_known;

use crate::{owner, pods};

/// Endpoints in one slice at most. Source: `--max-endpoints-per-slice`.
pub(super) const MAX_ENDPOINTS: usize = 100;
/// Who manages our slices.
pub(super) const MANAGER: &str = "endpointslice-controller.k8s.io";

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) service: &'a Service,
    /// The pods that the Service selects.
    pub(super) pods: &'a [Arc<Pod>],
    /// The zones of the pods' nodes, by node.
    pub(super) zones: &'a BTreeMap<String, String>,
    /// The Service's slices that are ours.
    pub(super) slices: &'a [Arc<EndpointSlice>],
}

/// The writes that make the slices right.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) create: Vec<EndpointSlice>,
    pub(crate) update: Vec<EndpointSlice>,
    pub(crate) delete: Vec<Arc<EndpointSlice>>,
}

/// Decides the writes; slices that are right are left alone.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut free: Vec<_> = seen.slices.to_vec();
    for (ports, endpoints) in wanted(seen) {
        let ports: Vec<EndpointPort> = serde_json::from_str(&ports).unwrap_or_default();
        let chunks: Vec<&[Endpoint]> = match endpoints.as_slice() {
            [] => vec![&[]],
            several => several.chunks(MAX_ENDPOINTS).collect(),
        };
        for chunk in chunks {
            place(seen, &ports, chunk, &mut free, &mut plan);
        }
    }
    plan.delete = free;
    plan
}

/// Puts endpoints into a slice that has the ports already, or into a new one.
fn place(
    seen: &Observed<'_>,
    ports: &[EndpointPort],
    endpoints: &[Endpoint],
    free: &mut Vec<Arc<EndpointSlice>>,
    plan: &mut Plan,
) {
    let fits = |slice: &Arc<EndpointSlice>| slice.ports.as_deref().unwrap_or_default() == ports;
    let same = |slice: &Arc<EndpointSlice>| {
        fits(slice) && slice.endpoints.as_deref().unwrap_or_default() == endpoints
    };
    let found = free.iter().position(same).or_else(|| free.iter().position(fits));
    let labels = labels(seen.service);
    let Some(found) = found else {
        plan.create.push(new_slice(seen.service, ports, endpoints, labels));
        return;
    };
    let slice = free.swap_remove(found);
    if same(&slice) && slice.metadata.labels.as_ref() == Some(&labels) {
        return;
    }
    let mut slice = (*slice).clone();
    slice.endpoints = Some(endpoints.to_vec());
    slice.metadata.labels = Some(labels);
    plan.update.push(slice);
}

fn new_slice(
    service: &Service,
    ports: &[EndpointPort],
    endpoints: &[Endpoint],
    labels: BTreeMap<String, String>,
) -> EndpointSlice {
    let name = service.metadata.name.as_deref().unwrap_or_default();
    EndpointSlice {
        metadata: ObjectMeta {
            generate_name: Some(format!("{name}-")),
            namespace: service.metadata.namespace.clone(),
            labels: Some(labels),
            owner_references: Some(vec![owner::controller_reference::<Service>(&service.metadata)]),
            ..ObjectMeta::default()
        },
        address_type: "IPv4".into(),
        endpoints: Some(endpoints.to_vec()),
        ports: Some(ports.to_vec()),
    }
}

fn labels(service: &Service) -> BTreeMap<String, String> {
    let mut labels = service.metadata.labels.clone().unwrap_or_default();
    labels
        .insert(well_known::SERVICE_NAME.into(), service.metadata.name.clone().unwrap_or_default());
    labels.insert(well_known::SLICE_MANAGED_BY.into(), MANAGER.into());
    let headless =
        service.spec.as_ref().and_then(|spec| spec.cluster_ip.as_deref()) == Some("None");
    if headless {
        labels.insert(well_known::HEADLESS.into(), String::new());
    }
    labels
}

/// Endpoints by their ports (as text, so that they order): pods may name ports differently.
fn wanted(seen: &Observed<'_>) -> BTreeMap<String, Vec<Endpoint>> {
    let mut groups: BTreeMap<String, Vec<Endpoint>> = BTreeMap::new();
    let mut addresses = BTreeSet::new();
    for pod in seen.pods {
        let Some(address) = address(pod).filter(|address| addresses.insert(address.clone())) else {
            continue;
        };
        let key = serde_json::to_string(&ports_of(seen.service, Some(pod))).unwrap_or_default();
        groups.entry(key).or_default().push(endpoint(seen, pod, address));
    }
    if groups.is_empty() {
        // A slice without endpoints has no ports either.
        groups.insert("[]".into(), Vec::new());
    }
    for endpoints in groups.values_mut() {
        endpoints.sort_by(|left, right| left.addresses.cmp(&right.addresses));
    }
    groups
}

fn address(pod: &Pod) -> Option<String> {
    if matches!(pods::phase(pod), "Succeeded" | "Failed") {
        return None;
    }
    pod.status.as_ref()?.pod_ip.clone().filter(|address| !address.is_empty())
}

fn endpoint(seen: &Observed<'_>, pod: &Pod, address: String) -> Endpoint {
    let spec = pod.spec.as_ref();
    let node = spec.and_then(|spec| spec.node_name.clone());
    let zone = node.as_ref().and_then(|name| seen.zones.get(name).cloned());
    let service = seen.service.spec.as_ref();
    let unready_too = service.and_then(|spec| spec.publish_not_ready_addresses) == Some(true);
    let terminating = pod.metadata.deletion_timestamp.is_some();
    let serving = pods::is_ready(pod);
    let hostname = spec.filter(|spec| {
        spec.subdomain.as_ref() == seen.service.metadata.name.as_ref()
            && pod.metadata.namespace == seen.service.metadata.namespace
    });
    Endpoint {
        addresses: vec![address],
        conditions: Some(EndpointConditions {
            ready: Some(unready_too || serving && !terminating),
            serving: Some(serving),
            terminating: Some(terminating),
        }),
        hostname: hostname.and_then(|spec| spec.hostname.clone()),
        node_name: node,
        zone,
        target_ref: Some(ObjectReference {
            kind: Some("Pod".into()),
            namespace: pod.metadata.namespace.clone(),
            name: pod.metadata.name.clone(),
            uid: pod.metadata.uid.clone(),
            ..ObjectReference::default()
        }),
        ..Endpoint::default()
    }
}

/// The ports of a Service as this pod has them; a name that the pod lacks is left out.
pub(crate) fn ports_of(service: &Service, pod: Option<&Pod>) -> Vec<EndpointPort> {
    let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_ref());
    ports
        .into_iter()
        .flatten()
        .filter_map(|port| {
            Some(EndpointPort {
                name: Some(port.name.clone().unwrap_or_default()),
                port: Some(target(port, pod)?),
                protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".into())),
                app_protocol: port.app_protocol.clone(),
            })
        })
        .collect()
}

fn target(port: &ServicePort, pod: Option<&Pod>) -> Option<i32> {
    match &port.target_port {
        None => Some(port.port),
        Some(IntOrString::Int(number)) => Some(*number),
        Some(IntOrString::String(name)) => {
            let containers = &pod?.spec.as_ref()?.containers;
            let protocol = port.protocol.as_deref().unwrap_or("TCP");
            let ports = containers.iter().flat_map(|container| container.ports.iter().flatten());
            ports
                .filter(|one| one.protocol.as_deref().unwrap_or("TCP") == protocol)
                .find(|one| one.name.as_ref() == Some(name))
                .map(|one| one.container_port)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn service() -> Service {
        serde_json::from_value(json!({
            "metadata": {"name": "s", "namespace": "n", "uid": "u"},
            "spec": {"selector": {"a": "1"}, "ports": [{"port": 80, "targetPort": "web"}]},
        }))
        .unwrap()
    }

    fn pod(name: &str, ip: &str, ready: &str) -> Arc<Pod> {
        Arc::new(
            serde_json::from_value(json!({
                "metadata": {"name": name, "namespace": "n", "uid": name},
                "spec": {"nodeName": "node", "containers": [
                    {"name": "c", "ports": [{"name": "web", "containerPort": 8080}]}]},
                "status": {"phase": "Running", "podIP": ip,
                    "conditions": [{"type": "Ready", "status": ready}]},
            }))
            .unwrap(),
        )
    }

    #[test]
    fn pods_become_endpoints_and_right_slices_stay() {
        let (service, zones) = (service(), BTreeMap::new());
        let pods = [pod("b", "10.0.0.2", "True"), pod("a", "10.0.0.1", "False")];
        let seen = Observed { service: &service, pods: &pods, zones: &zones, slices: &[] };
        let plan = reconcile(&seen);
        let slice = &plan.create[0];
        assert_eq!(slice.ports.as_ref().unwrap()[0].port, Some(8080));
        let ready: Vec<_> = slice
            .endpoints
            .iter()
            .flatten()
            .map(|one| (one.addresses[0].as_str(), one.conditions.as_ref().unwrap().ready))
            .collect();
        assert_eq!(ready, [("10.0.0.1", Some(false)), ("10.0.0.2", Some(true))]);

        let slices = [Arc::new(slice.clone())];
        let again = reconcile(&Observed { slices: &slices, ..seen });
        assert_eq!(again, Plan::default());
    }

    #[test]
    fn many_pods_need_several_slices() {
        let (service, zones) = (service(), BTreeMap::new());
        let pods: Vec<_> =
            (0..250).map(|at| pod(&at.to_string(), &format!("10.0.1.{at}"), "True")).collect();
        let plan =
            reconcile(&Observed { service: &service, pods: &pods, zones: &zones, slices: &[] });
        let sizes: Vec<_> =
            plan.create.iter().map(|slice| slice.endpoints.as_ref().unwrap().len()).collect();
        assert_eq!(sizes, [100, 100, 50]);
    }
}
