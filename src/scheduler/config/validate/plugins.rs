//! What is wrong with a plugin's arguments. Source: `validation_pluginargs.go`.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{NodeSelectorTerm, TopologySpreadConstraint};
use machinery::{
    field::{Errors, Path},
    names,
};
use serde_json::json;

use crate::config::arguments::{
    Arguments, BalancedArguments, Defaulting, FitArguments, NodeAffinityArguments, Point,
    PreemptionArguments, SpreadArguments,
};

/// Looks at one plugin's arguments.
pub(super) fn arguments(path: &Path, plugin: &str, all: &Arguments, errors: &mut Errors) {
    match plugin {
        "DefaultPreemption" => preemption(path, &all.preemption, errors),
        "InterPodAffinity" => {
            let weight = all.pod_affinity.hard_pod_affinity_weight;
            within(&path.child("hardPodAffinityWeight"), weight, 100, errors);
        }
        "NodeAffinity" => node_affinity(path, &all.node_affinity, errors),
        "NodeResourcesBalancedAllocation" => balanced(path, &all.balanced, errors),
        "PodTopologySpread" => spread(path, &all.spread, errors),
        "VolumeBinding" => {
            let seconds = all.volumes.bind_timeout_seconds;
            if seconds < 0 {
                let why = "invalid BindTimeoutSeconds, should not be a negative value";
                errors.invalid(&path.child("bindTimeoutSeconds"), &json!(seconds), why);
            }
            if let Some(points) = &all.volumes.shape {
                let shown: Vec<_> = points
                    .iter()
                    .map(|it| json!({"Utilization": it.utilization, "Score": it.score}))
                    .collect();
                let why = "unexpected field `shape`, remove it or turn on the feature gate \
                           StorageCapacityScoring";
                errors.invalid(&path.child("shape"), &json!(shown), why);
            }
        }
        _ => {}
    }
}

fn within(path: &Path, given: i32, most: i32, errors: &mut Errors) {
    if !(0..=most).contains(&given) {
        errors.invalid(path, &json!(given), format!("not in valid range [0, {most}]"));
    }
}

fn preemption(path: &Path, given: &PreemptionArguments, errors: &mut Errors) {
    let percentage = path.child("minCandidateNodesPercentage");
    let absolute = path.child("minCandidateNodesAbsolute");
    within(&percentage, given.percentage, 100, errors);
    if given.absolute < 0 {
        errors.invalid(&absolute, &json!(given.absolute), "not in valid range [0, inf)");
    }
    if given.percentage == 0 && given.absolute == 0 {
        let why = |other: &str| format!("cannot be zero at the same time as {other}");
        errors.invalid(&percentage, &json!(0), why("minCandidateNodesAbsolute"));
        errors.invalid(&absolute, &json!(0), why("minCandidateNodesPercentage"));
    }
}

fn node_affinity(path: &Path, given: &NodeAffinityArguments, errors: &mut Errors) {
    let Some(affinity) = &given.added_affinity else { return };
    let path = path.child("addedAffinity");
    if let Some(required) = &affinity.required_during_scheduling_ignored_during_execution {
        let path =
            path.child("requiredDuringSchedulingIgnoredDuringExecution").child("nodeSelectorTerms");
        for (at, one) in required.node_selector_terms.iter().enumerate() {
            term(&path.index(at), one, errors);
        }
    }
    let preferred = affinity.preferred_during_scheduling_ignored_during_execution.iter().flatten();
    let path = path.child("preferredDuringSchedulingIgnoredDuringExecution");
    for (at, one) in preferred.enumerate().filter(|(_, one)| one.weight != 0) {
        term(&path.index(at), &one.preference, errors);
    }
}

/// Requirements that cannot be understood.
fn term(path: &Path, term: &NodeSelectorTerm, errors: &mut Errors) {
    let path = path.child("matchExpressions");
    for (at, one) in term.match_expressions.iter().flatten().enumerate() {
        let (path, values) = (path.index(at), one.values.as_deref().unwrap_or_default());
        let shown = path.child("values");
        match one.operator.as_str() {
            "In" | "NotIn" if values.is_empty() => {
                let why = "for 'in', 'notin' operators, values set can't be empty";
                errors.invalid(&shown, &json!([]), why);
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let why = "values set must be empty for exists and does not exist";
                errors.invalid(&shown, &json!(values), why);
            }
            "Gt" | "Lt" if values.len() != 1 => {
                let why = "for 'Gt', 'Lt' operators, exactly one value is required";
                errors.invalid(&shown, &json!(values), why);
            }
            "Gt" | "Lt" if values.iter().any(|value| value.parse::<i64>().is_err()) => {
                let why = "for 'Gt', 'Lt' operators, the value must be an integer";
                errors.invalid(&shown.index(0), &json!(values[0]), why);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            other => {
                let known = ["DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"];
                errors.not_supported(&path.child("operator"), &json!(other), &known);
            }
        }
        for words in names::qualified_name(&one.key) {
            errors.invalid(&path.child("key"), &json!(one.key), words);
        }
    }
}

fn balanced(path: &Path, given: &BalancedArguments, errors: &mut Errors) {
    let path = path.child("resources");
    let mut seen = BTreeSet::new();
    for (at, resource) in given.resources.iter().enumerate() {
        if !seen.insert(&resource.name) {
            errors.duplicate(&path.index(at).child("name"), &json!(resource.name));
        }
        if resource.weight != 1 {
            errors.invalid(&path.index(at).child("weight"), &json!(resource.weight), "must be 1");
        }
    }
}

/// What is wrong with the arguments of `NodeResourcesFit`, which Kubernetes tells only when it makes the
/// plugin.
pub(crate) fn fit(given: &FitArguments) -> Vec<String> {
    let mut errors = Errors::default();
    fit_errors(&Path::default(), given, &mut errors);
    errors.iter().map(ToString::to_string).collect()
}

fn fit_errors(path: &Path, given: &FitArguments, errors: &mut Errors) {
    for (at, name) in given.ignored_resources.iter().enumerate() {
        label_name(&path.child("ignoredResources").index(at), name, errors);
    }
    for (at, group) in given.ignored_resource_groups.iter().enumerate() {
        let path = path.child("ignoredResourceGroups").index(at);
        if group.contains('/') {
            errors.invalid(&path, &json!(group), "resource group name can't contain '/'");
        }
        label_name(&path, group, errors);
    }
    let path = path.child("scoringStrategy");
    let strategy = &given.scoring_strategy;
    let known = ["LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"];
    if !known.contains(&strategy.kind.as_str()) {
        errors.not_supported(&path.child("type"), &json!(strategy.kind), &known);
    }
    for (at, resource) in strategy.resources.iter().enumerate() {
        if !(1..=100).contains(&resource.weight) {
            let path = path.child("resources").index(at).child("weight");
            let why = format!("resource weight of {} not in valid range (0, 100]", resource.name);
            errors.invalid(&path, &json!(resource.weight), why);
        }
    }
    let path = path.child("requestedToCapacityRatio");
    let by_ratio = strategy.kind == "RequestedToCapacityRatio";
    match &strategy.requested_to_capacity_ratio {
        None if by_ratio => {
            errors.required(&path, "must be specified when type is RequestedToCapacityRatio");
        }
        Some(ratio) if by_ratio => shape(&path.child("shape"), &ratio.shape, errors),
        Some(_) => {
            errors.forbidden(&path, "must be nil when type is not RequestedToCapacityRatio");
        }
        None => {}
    }
}

fn shape(path: &Path, points: &[Point], errors: &mut Errors) {
    if points.is_empty() {
        return errors.required(path, "at least one point must be specified");
    }
    let steps = points.windows(2).enumerate();
    for (at, pair) in steps.filter(|(_, pair)| pair[0].utilization >= pair[1].utilization).take(1) {
        let why = "values must be sorted in increasing order";
        errors.invalid(&path.index(at + 1).child("utilization"), &json!(pair[1].utilization), why);
    }
    for (at, point) in points.iter().enumerate() {
        within(&path.index(at).child("utilization"), point.utilization, 100, errors);
        within(&path.index(at).child("score"), point.score, 10, errors);
    }
}

fn label_name(path: &Path, name: &str, errors: &mut Errors) {
    for words in names::qualified_name(name) {
        errors.invalid(path, &json!(name), words);
    }
}

fn spread(path: &Path, given: &SpreadArguments, errors: &mut Errors) {
    let word = path.child("defaultingType");
    let all = &given.default_constraints;
    match given.defaulting() {
        None => {
            errors.not_supported(&word, &json!(given.defaulting_type), &["System", "List"]);
        }
        Some(Defaulting::System) if !all.is_empty() => {
            errors.invalid(&word, &json!("System"), "when .defaultConstraints are not empty");
        }
        Some(_) => {}
    }
    let path = path.child("defaultConstraints");
    for (at, one) in all.iter().enumerate() {
        constraint(&path.index(at), one, errors);
        let same = |other: &TopologySpreadConstraint| {
            other.topology_key == one.topology_key
                && other.when_unsatisfiable == one.when_unsatisfiable
        };
        if all.iter().take(at).any(same) {
            let shown = json!(format!("{{{}, {}}}", one.topology_key, one.when_unsatisfiable));
            errors.duplicate(&path.index(at), &shown);
        }
    }
}

fn constraint(path: &Path, one: &TopologySpreadConstraint, errors: &mut Errors) {
    if one.max_skew <= 0 {
        let path = path.child("maxSkew");
        errors.invalid(&path, &json!(one.max_skew), "not in valid range (0, inf)");
    }
    let key = path.child("topologyKey");
    if one.topology_key.is_empty() {
        errors.required(&key, "can not be empty");
    } else {
        label_name(&key, &one.topology_key, errors);
    }
    let when = path.child("whenUnsatisfiable");
    match one.when_unsatisfiable.as_str() {
        "" => errors.required(&when, "can not be empty"),
        "DoNotSchedule" | "ScheduleAnyway" => {}
        other => {
            errors.not_supported(&when, &json!(other), &["DoNotSchedule", "ScheduleAnyway"]);
        }
    }
    if one.label_selector.is_some() {
        let why = "constraint must not define a selector, as they deduced for each pod";
        errors.forbidden(&path.child("labelSelector"), why);
    }
}
