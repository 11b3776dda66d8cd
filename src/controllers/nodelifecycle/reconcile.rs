//! What a node's silence and conditions mean. No clock, no I/O, no randomness.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::{
    api::core::v1::{Node, NodeCondition, Taint},
    apimachinery::pkg::apis::meta::v1::Time,
};
use machinery::well_known;

/// Silence after which a node is unknown. Source: `--node-monitor-grace-period`.
pub(super) const GRACE: Duration = Duration::from_secs(50);

/// Everything that the decision rests on.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) node: &'a Node,
    pub(super) silence: Duration,
    pub(super) now: Timestamp,
}

/// What to write; nothing where it is `None`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    pub(super) conditions: Option<Vec<NodeCondition>>,
    pub(super) taints: Option<Vec<Taint>>,
    pub(super) look_again: Option<Duration>,
}

/// The taints that this controller sets and removes.
const OURS: [(&str, &str); 5] = [
    (well_known::TAINT_NOT_READY, "NoSchedule"),
    (well_known::TAINT_NOT_READY, "NoExecute"),
    (well_known::TAINT_UNREACHABLE, "NoSchedule"),
    (well_known::TAINT_UNREACHABLE, "NoExecute"),
    (well_known::TAINT_UNSCHEDULABLE, "NoSchedule"),
];

/// Decides conditions and taints.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    let silent = seen.silence >= GRACE;
    let ready = ready(seen.node);
    let conditions = (silent && ready != "Unknown").then(|| unknown(seen));
    let ready = if silent { "Unknown" } else { ready };
    let taints = taints(seen, ready);
    let current = seen.node.spec.as_ref().and_then(|spec| spec.taints.clone()).unwrap_or_default();
    let same = current.len() == taints.len()
        && taints.iter().all(|one| current.iter().any(|it| same_taint(it, one)));
    Plan {
        conditions,
        taints: (!same).then_some(taints),
        look_again: (!silent).then(|| GRACE.saturating_sub(seen.silence)),
    }
}

fn ready(node: &Node) -> &str {
    let conditions = node.status.as_ref().and_then(|status| status.conditions.as_ref());
    let ready = conditions.into_iter().flatten().find(|one| one.type_ == "Ready");
    ready.map_or("Unknown", |one| one.status.as_str())
}

fn same_taint(left: &Taint, right: &Taint) -> bool {
    left.key == right.key && left.effect == right.effect && left.value == right.value
}

fn taints(seen: &Observed<'_>, ready: &str) -> Vec<Taint> {
    let spec = seen.node.spec.as_ref();
    let current = spec.and_then(|spec| spec.taints.clone()).unwrap_or_default();
    let cordoned = spec.and_then(|spec| spec.unschedulable) == Some(true);
    let wanted = |key: &str| match key {
        well_known::TAINT_NOT_READY => ready == "False",
        well_known::TAINT_UNREACHABLE => ready == "Unknown" && has_reported(seen.node),
        _ => cordoned,
    };
    let ours = |taint: &Taint| OURS.contains(&(taint.key.as_str(), taint.effect.as_str()));
    let unheard = !has_reported(seen.node);
    let mut taints: Vec<Taint> = current
        .into_iter()
        .filter(|one| {
            !ours(one) || wanted(&one.key) || unheard && one.key == well_known::TAINT_NOT_READY
        })
        .collect();
    for (key, effect) in OURS.into_iter().filter(|(key, _)| wanted(key)) {
        if !taints.iter().any(|one| one.key == key && one.effect == effect) {
            taints.push(Taint {
                key: key.into(),
                effect: effect.into(),
                value: None,
                time_added: (effect == "NoExecute" || key == well_known::TAINT_UNSCHEDULABLE)
                    .then_some(Time(seen.now)),
            });
        }
    }
    taints
}

fn has_reported(node: &Node) -> bool {
    let conditions = node.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.is_some_and(|conditions| conditions.iter().any(|one| one.type_ == "Ready"))
}

fn unknown(seen: &Observed<'_>) -> Vec<NodeCondition> {
    ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]
        .into_iter()
        .map(|kind| NodeCondition {
            type_: kind.into(),
            status: "Unknown".into(),
            reason: Some("NodeStatusUnknown".into()),
            message: Some("Kubelet stopped posting node status.".into()),
            last_transition_time: Some(Time(seen.now)),
            ..NodeCondition::default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(ready: Option<&str>, silence: u64, taints: &serde_json::Value, cordoned: bool) -> Plan {
        let conditions = ready.map(|status| json!([{"type": "Ready", "status": status}]));
        let node: Node = serde_json::from_value(json!({
            "metadata": {"name": "n"}, "spec": {"taints": taints, "unschedulable": cordoned},
            "status": {"conditions": conditions},
        }))
        .unwrap();
        let silence = Duration::from_secs(silence);
        reconcile(&Observed { node: &node, silence, now: Timestamp::UNIX_EPOCH })
    }

    fn keys(plan: &Plan) -> Vec<(String, String)> {
        let taints = plan.taints.iter().flatten();
        taints.map(|one| (one.key.clone(), one.effect.clone())).collect()
    }

    #[test]
    fn taints_follow_readiness_and_cordons() {
        let fresh = json!([{"key": well_known::TAINT_NOT_READY, "effect": "NoSchedule"}]);
        assert_eq!(plan(None, 0, &fresh, false).taints, None, "until it reports");
        assert_eq!(plan(Some("True"), 0, &fresh, false).taints, Some(vec![]), "ready");
        assert_eq!(keys(&plan(Some("False"), 0, &json!([]), false)).len(), 2, "not ready");
        let cordoned = plan(Some("True"), 0, &json!([]), true);
        assert_eq!(keys(&cordoned)[0].0, well_known::TAINT_UNSCHEDULABLE);
        let other = json!([{"key": "mine", "effect": "NoSchedule"}]);
        assert_eq!(plan(Some("True"), 0, &other, false).taints, None, "others' taints stay");
    }

    #[test]
    fn silence_makes_a_node_unknown() {
        let plan = plan(Some("True"), 60, &json!([]), false);
        assert_eq!(plan.conditions.as_ref().unwrap()[0].status, "Unknown");
        assert_eq!(keys(&plan)[0].0, well_known::TAINT_UNREACHABLE);
        assert_eq!(plan.look_again, None);
    }
}
