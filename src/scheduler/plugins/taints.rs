//! Taints keep pods away that do not tolerate them. Source: Kubernetes documentation, "Taints and
//! Tolerations".

use k8s_openapi::api::core::v1::{Pod, Taint, Toleration};

use super::{MAX_SCORE, Plugin, Refusal};
use crate::nodes::NodeInfo;

#[derive(Debug)]
pub(super) struct TaintToleration;

/// Tells whether a pod tolerates a taint.
pub(super) fn tolerates(pod: &Pod, taint: &Taint) -> bool {
    let tolerations = pod.spec.as_ref().and_then(|spec| spec.tolerations.as_ref());
    tolerations.into_iter().flatten().any(|toleration| covers(toleration, taint))
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

impl Plugin for TaintToleration {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        let taints = node.node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
        let forbids = |taint: &&Taint| matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute");
        let found =
            taints.into_iter().flatten().filter(forbids).any(|taint| !tolerates(pod, taint));
        if found { Err(Refusal::firm("node(s) had untolerated taint(s)")) } else { Ok(()) }
    }

    fn score(&self, pod: &Pod, node: &NodeInfo) -> i64 {
        let taints = node.node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
        let disliked = taints
            .into_iter()
            .flatten()
            .filter(|taint| taint.effect == "PreferNoSchedule" && !tolerates(pod, taint))
            .count();
        MAX_SCORE / (1 + i64::try_from(disliked).unwrap_or(MAX_SCORE))
    }

    fn weight(&self) -> i64 {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
