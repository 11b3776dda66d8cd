//! An allocation as it is written: devices, configuration, and where it is of use. Pure.

use k8s_openapi::{
    api::{
        core::v1::{NodeSelector, NodeSelectorRequirement, NodeSelectorTerm},
        resource::v1::{
            AllocationResult, DeviceAllocationConfiguration, DeviceAllocationResult,
            DeviceRequestAllocationResult, ResourceClaim,
        },
    },
    apimachinery::pkg::api::resource::Quantity as Text,
};

use super::{
    allocate::{Candidate, Chosen},
    request::Choice,
};

/// The allocation of what was chosen for a claim; who shares a device gets no name of its share yet.
pub(super) fn of(
    claim: &ResourceClaim,
    chosen: &[Chosen],
    ways: &[Vec<Choice<'_>>],
    candidates: &[Candidate<'_>],
) -> AllocationResult {
    let results = chosen.iter().map(|one| {
        let (choice, candidate) = (&ways[one.request][one.way], &candidates[one.candidate]);
        let amounts = one.share.as_ref().map(|share| {
            share.iter().map(|(name, it)| (name.clone(), Text(it.to_string()))).collect()
        });
        DeviceRequestAllocationResult {
            request: choice.full_name(),
            driver: candidate.id.driver.clone(),
            pool: candidate.id.pool.clone(),
            device: candidate.id.device.clone(),
            admin_access: choice.admin.then_some(true),
            tolerations: Some(choice.tolerations.to_vec()).filter(|all| !all.is_empty()),
            consumed_capacity: amounts,
            ..DeviceRequestAllocationResult::default()
        }
    });
    let results: Vec<_> = results.collect();
    let used: Vec<&Choice<'_>> = ways
        .iter()
        .enumerate()
        .filter_map(|(request, ways)| {
            let way = chosen.iter().find(|one| one.request == request).map_or(0, |one| one.way);
            ways.get(way)
        })
        .collect();
    let config = configuration(claim, &used);
    AllocationResult {
        devices: Some(DeviceAllocationResult {
            config: Some(config).filter(|all| !all.is_empty()),
            results: Some(results),
        }),
        node_selector: selector(chosen, candidates),
        ..AllocationResult::default()
    }
}

/// What classes say of devices, each once, then what the claim says.
fn configuration(
    claim: &ResourceClaim,
    used: &[&Choice<'_>],
) -> Vec<DeviceAllocationConfiguration> {
    let mut all: Vec<DeviceAllocationConfiguration> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for choice in used {
        let name = choice.class.metadata.name.as_deref().unwrap_or_default();
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let same = used.iter().filter(|it| it.class.metadata.name == choice.class.metadata.name);
        let requests: Vec<String> = same.map(|it| it.full_name()).collect();
        for config in choice.class.spec.config.iter().flatten() {
            all.push(DeviceAllocationConfiguration {
                source: "FromClass".into(),
                requests: Some(requests.clone()),
                opaque: config.opaque.clone(),
            });
        }
    }
    let own = claim.spec.devices.iter().flat_map(|devices| devices.config.iter().flatten());
    for config in own {
        let requests = config.requests.clone().filter(|all| !all.is_empty());
        let times = match &requests {
            None => 1,
            Some(_) => used.iter().filter(|it| it.is_among(requests.as_ref())).count(),
        };
        all.extend((0..times).map(|_| DeviceAllocationConfiguration {
            source: "FromClaim".into(),
            requests: requests.clone(),
            opaque: config.opaque.clone(),
        }));
    }
    all
}

/// The nodes on which all chosen devices are; `None`: on every one.
fn selector(chosen: &[Chosen], candidates: &[Candidate<'_>]) -> Option<NodeSelector> {
    let mut term = NodeSelectorTerm::default();
    for one in chosen {
        let Candidate { device, slice, .. } = &candidates[one.candidate];
        let spec = &slice.spec;
        let (name, selector) = if spec.per_device_node_selection == Some(true) {
            (&device.node_name, &device.node_selector)
        } else {
            (&spec.node_name, &spec.node_selector)
        };
        if let Some(name) = name {
            let only = NodeSelectorRequirement {
                key: "metadata.name".into(),
                operator: "In".into(),
                values: Some(vec![name.clone()]),
            };
            return Some(with(NodeSelectorTerm {
                match_fields: Some(vec![only]),
                match_expressions: None,
            }));
        }
        let Some(more) = selector.as_ref().and_then(|it| it.node_selector_terms.first()) else {
            continue;
        };
        add(&mut term.match_fields, more.match_fields.as_deref());
        add(&mut term.match_expressions, more.match_expressions.as_deref());
    }
    let says = term.match_fields.is_some() || term.match_expressions.is_some();
    says.then(|| with(term))
}

fn with(term: NodeSelectorTerm) -> NodeSelector {
    NodeSelector { node_selector_terms: vec![term] }
}

fn add(to: &mut Option<Vec<NodeSelectorRequirement>>, more: Option<&[NodeSelectorRequirement]>) {
    for requirement in more.unwrap_or_default() {
        let known = to.get_or_insert_default();
        if !known.contains(requirement) {
            known.push(requirement.clone());
        }
    }
}
