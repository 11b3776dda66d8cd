//! Which rules an aggregated role has. No clock, no I/O: all facts are given.
//! Source: `k8s.io/kubernetes/pkg/controller/clusterroleaggregation`.

use std::sync::Arc;

use k8s_openapi::api::rbac::v1::{ClusterRole, PolicyRule};
use machinery::selector::LabelSelector;

use crate::owner;

/// The rules that a role should have; `None` where it has them, or is not made of others.
pub(super) fn aggregate(role: &ClusterRole, all: &[Arc<ClusterRole>]) -> Option<Vec<PolicyRule>> {
    let selectors = role.aggregation_rule.as_ref()?.cluster_role_selectors.as_deref()?;
    let mut rules: Vec<PolicyRule> = Vec::new();
    // `all` is in order of names.
    for selector in selectors {
        let selector = LabelSelector::from_object(&serde_json::to_value(selector).ok()?)?;
        let others = all.iter().filter(|other| {
            other.metadata.name != role.metadata.name && owner::selects(&selector, &other.metadata)
        });
        for rule in others.flat_map(|other| other.rules.iter().flatten()) {
            if !rules.contains(rule) {
                rules.push(rule.clone());
            }
        }
    }
    (role.rules.as_deref().unwrap_or_default() != rules).then_some(rules)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn role(name: &str, labels: &Value, verbs: &[&str]) -> Arc<ClusterRole> {
        let rules: Vec<_> = verbs.iter().map(|verb| json!({"verbs": [verb]})).collect();
        let object = json!({"metadata": {"name": name, "labels": labels}, "rules": rules});
        Arc::new(serde_json::from_value(object).unwrap())
    }

    #[test]
    fn rules_are_those_of_the_labelled_roles_once() {
        let labels = json!({"to": "x"});
        let all = [
            role("a", &labels, &["get", "list"]),
            role("b", &json!({}), &["delete"]),
            role("c", &labels, &["list", "watch"]),
            role("x", &labels, &["get"]),
        ];
        let mut whole = (*all[3]).clone();
        let rule = json!({"clusterRoleSelectors": [{"matchLabels": labels}]});
        whole.aggregation_rule = serde_json::from_value(rule).unwrap();
        let rules = aggregate(&whole, &all).unwrap();
        let verbs: Vec<_> = rules.iter().map(|rule| rule.verbs[0].as_str()).collect();
        assert_eq!(verbs, ["get", "list", "watch"]);
        whole.rules = Some(rules);
        assert_eq!(aggregate(&whole, &all), None, "at rest");
        assert_eq!(aggregate(&all[0], &all), None, "made of itself alone");
    }
}
