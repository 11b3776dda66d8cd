//! On which nodes a pod may be: node selectors, node affinity, taints and tolerations. Pure.
//! Source: Kubernetes documentation, "Assigning Pods to Nodes", "Taints and Tolerations".

use std::time::Duration;

use k8s_openapi::api::core::v1::{
    Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Taint, Toleration,
};

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

/// Tells whether a node is what a term asks for; an empty term asks for nothing that there is.
pub fn term_holds(term: &NodeSelectorTerm, node: &Node) -> bool {
    let expressions = term.match_expressions.as_deref().unwrap_or_default();
    let fields = term.match_fields.as_deref().unwrap_or_default();
    if expressions.is_empty() && fields.is_empty() {
        return false;
    }
    let labels = node.metadata.labels.as_ref();
    let label = |key: &str| labels.and_then(|labels| labels.get(key)).map(String::as_str);
    let name = node.metadata.name.as_deref().unwrap_or_default();
    expressions.iter().all(|one| requirement_holds(one, label(&one.key)))
        && fields
            .iter()
            .all(|one| requirement_holds(one, (one.key == "metadata.name").then_some(name)))
}

/// Tells whether a node is what a pod's node selector and required node affinity ask for.
pub fn selects_node(spec: &PodSpec, node: &Node) -> bool {
    let labels = node.metadata.labels.as_ref();
    let mut selector = spec.node_selector.iter().flatten();
    if !selector.all(|(key, value)| labels.and_then(|all| all.get(key)) == Some(value)) {
        return false;
    }
    let affinity = spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
    let required =
        affinity.and_then(|it| it.required_during_scheduling_ignored_during_execution.as_ref());
    required.is_none_or(|it| it.node_selector_terms.iter().any(|term| term_holds(term, node)))
}

/// Tells whether a pod tolerates a taint.
pub fn tolerates(spec: &PodSpec, taint: &Taint) -> bool {
    spec.tolerations.iter().flatten().any(|toleration| covers(toleration, taint))
}

/// How long a pod bears taints; `None` for ever, nothing where it does not tolerate one of them.
pub fn tolerance(spec: &PodSpec, taints: &[&Taint]) -> Option<Duration> {
    let all = || spec.tolerations.iter().flatten();
    if !taints.iter().all(|taint| tolerates(spec, taint)) {
        return Some(Duration::ZERO);
    }
    let used = all().filter(|one| taints.iter().any(|taint| covers(one, taint)));
    let seconds = used.filter_map(|one| one.toleration_seconds).min()?;
    Some(Duration::from_secs(seconds.try_into().unwrap_or(0)))
}

fn covers(toleration: &Toleration, taint: &Taint) -> bool {
    let effect = toleration.effect.as_deref().unwrap_or_default();
    let key = toleration.key.as_deref().unwrap_or_default();
    if !effect.is_empty() && effect != taint.effect || !key.is_empty() && key != taint.key {
        return false;
    }
    match toleration.operator.as_deref().unwrap_or_default() {
        "Exists" => true,
        "" | "Equal" => {
            !key.is_empty()
                && toleration.value.as_deref().unwrap_or_default()
                    == taint.value.as_deref().unwrap_or_default()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nodes_are_selected_by_labels_and_name() {
        let node: Node = serde_json::from_value(json!({
            "metadata": {"name": "n1", "labels": {"disk": "ssd", "cores": "8"}},
        }))
        .unwrap();
        let required = |terms| {
            json!({"affinity": {"nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}})
        };
        let expression = |key, operator, values| json!([{"matchExpressions": [{"key": key, "operator": operator, "values": values}]}]);
        let field = |name| json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": [name]}]}]);
        for (case, spec, want) in [
            ("anything", json!({}), true),
            ("label", json!({"nodeSelector": {"disk": "ssd"}}), true),
            ("other label", json!({"nodeSelector": {"disk": "hdd"}}), false),
            ("name", required(field("n1")), true),
            ("other name", required(field("n2")), false),
            ("in", required(expression("disk", "In", json!(["hdd", "ssd"]))), true),
            ("not in", required(expression("disk", "NotIn", json!(["ssd"]))), false),
            ("more", required(expression("cores", "Gt", json!(["4"]))), true),
            ("less", required(expression("cores", "Lt", json!(["4"]))), false),
            ("absent", required(expression("gpu", "DoesNotExist", json!([]))), true),
            ("empty term", required(json!([{}])), false),
        ] {
            let mut spec = spec;
            spec["containers"] = json!([]);
            let spec: PodSpec = serde_json::from_value(spec).unwrap();
            assert_eq!(selects_node(&spec, &node), want, "{case}");
        }
    }

    #[test]
    fn tolerations_cover_taints() {
        let taint = |key: &str, value: &str, effect: &str| Taint {
            key: key.into(),
            value: Some(value.into()),
            effect: effect.into(),
            ..Taint::default()
        };
        let toleration = |key: &str, operator: &str, value: &str, effect: &str| Toleration {
            key: Some(key.into()),
            operator: Some(operator.into()),
            value: Some(value.into()),
            effect: Some(effect.into()),
            ..Toleration::default()
        };
        let taint = taint("k", "v", "NoSchedule");
        for (case, toleration, expected) in [
            ("same", toleration("k", "Equal", "v", "NoSchedule"), true),
            ("other value", toleration("k", "Equal", "w", "NoSchedule"), false),
            ("exists", toleration("k", "Exists", "", ""), true),
            ("everything", toleration("", "Exists", "", ""), true),
            ("other effect", toleration("k", "Exists", "", "NoExecute"), false),
        ] {
            assert_eq!(covers(&toleration, &taint), expected, "{case}");
        }
    }

    #[test]
    fn taints_are_borne_for_a_time() {
        let taint =
            |key: &str| Taint { key: key.into(), effect: "NoExecute".into(), ..Taint::default() };
        let (a, b) = (taint("a"), taint("b"));
        let bears = |key: &str, seconds: Option<i64>| json!({"key": key, "operator": "Exists", "tolerationSeconds": seconds});
        for (case, tolerations, want) in [
            ("nothing", vec![], Some(0)),
            ("for ever", vec![bears("a", None), bears("b", None)], None),
            ("one of two", vec![bears("a", None)], Some(0)),
            ("the shorter", vec![bears("a", Some(9)), bears("b", Some(5))], Some(5)),
            ("one for ever", vec![bears("a", Some(9)), bears("b", None)], Some(9)),
            ("below zero", vec![bears("a", Some(-1)), bears("b", None)], Some(0)),
            ("of others", vec![bears("c", Some(1)), json!({"operator": "Exists"})], None),
        ] {
            let spec = json!({"containers": [], "tolerations": tolerations});
            let spec: PodSpec = serde_json::from_value(spec).unwrap();
            let want = want.map(Duration::from_secs);
            assert_eq!(tolerance(&spec, &[&a, &b]), want, "{case}");
        }
    }
}
