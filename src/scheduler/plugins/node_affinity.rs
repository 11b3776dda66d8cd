//! Node selectors and node affinity. Source: Kubernetes documentation, "Assigning Pods to Nodes".

use k8s_openapi::api::core::v1::{NodeSelectorRequirement, NodeSelectorTerm, Pod};

use super::{MAX_SCORE, Plugin, Refusal};
use crate::nodes::NodeInfo;

#[derive(Debug)]
pub(super) struct NodeAffinity;

fn requirement_holds(requirement: &NodeSelectorRequirement, value: Option<&str>) -> bool {
    let values = requirement.values.as_deref().unwrap_or_default();
    let listed = value.is_some_and(|value| values.iter().any(|one| one == value));
    let number = |text: &str| text.parse::<i64>().ok();
    let compare = || Some((number(value?)?, number(values.first()?)?));
    match requirement.operator.as_str() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => compare().is_some_and(|(own, wanted)| own > wanted),
        "Lt" => compare().is_some_and(|(own, wanted)| own < wanted),
        _ => false,
    }
}

fn term_holds(term: &NodeSelectorTerm, node: &NodeInfo) -> bool {
    let expressions = term.match_expressions.as_deref().unwrap_or_default();
    let fields = term.match_fields.as_deref().unwrap_or_default();
    if expressions.is_empty() && fields.is_empty() {
        return false;
    }
    let labels = node.node.metadata.labels.as_ref();
    let label = |key: &str| labels.and_then(|labels| labels.get(key)).map(String::as_str);
    expressions.iter().all(|one| requirement_holds(one, label(&one.key)))
        && fields
            .iter()
            .all(|one| requirement_holds(one, (one.key == "metadata.name").then(|| node.name())))
}

impl Plugin for NodeAffinity {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        let refusal = || Err(Refusal::firm("node(s) didn't match Pod's node affinity/selector"));
        let Some(spec) = &pod.spec else { return Ok(()) };
        let labels = node.node.metadata.labels.as_ref();
        let mut selector = spec.node_selector.iter().flatten();
        if !selector.all(|(key, value)| labels.and_then(|all| all.get(key)) == Some(value)) {
            return refusal();
        }
        let required =
            spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref()).and_then(
                |affinity| affinity.required_during_scheduling_ignored_during_execution.as_ref(),
            );
        match required {
            Some(required)
                if !required.node_selector_terms.iter().any(|it| term_holds(it, node)) =>
            {
                refusal()
            }
            _ => Ok(()),
        }
    }

    fn score(&self, pod: &Pod, node: &NodeInfo) -> i64 {
        let preferred = pod
            .spec
            .as_ref()
            .and_then(|spec| spec.affinity.as_ref()?.node_affinity.as_ref())
            .and_then(|it| it.preferred_during_scheduling_ignored_during_execution.as_ref());
        let terms = preferred.map(Vec::as_slice).unwrap_or_default();
        let total: i64 = terms.iter().map(|term| i64::from(term.weight)).sum();
        let met: i64 = terms
            .iter()
            .filter(|term| term_holds(&term.preference, node))
            .map(|term| i64::from(term.weight))
            .sum();
        if total == 0 { 0 } else { met * MAX_SCORE / total }
    }

    fn weight(&self) -> i64 {
        2
    }
}
