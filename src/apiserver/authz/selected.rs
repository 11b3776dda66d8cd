//! What selectors narrow a request to, requirement by requirement, as those who say who may do what are
//! told. Source: `k8s.io/api/authorization/v1` (`FieldSelectorAttributes`, `LabelSelectorAttributes`).

use machinery::{
    meta,
    selector::{FieldSelector, LabelSelector, Operator},
};
use serde_json::{Value, json};

/// Requirements, each with key, operator and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selected {
    pub(crate) fields: Vec<Value>,
    pub(crate) labels: Vec<Value>,
}

impl Selected {
    /// What selectors in a query ask for; one that cannot be read asks for nothing.
    pub(crate) fn of(fields: &str, labels: &str) -> Self {
        Self { fields: of_fields(fields), labels: of_labels(labels) }
    }

    /// What a review says of a resource.
    pub(crate) fn of_review(resource: &Value) -> Self {
        let given =
            |pointer: &str| meta::items(resource, &format!("{pointer}/requirements")).to_vec();
        let raw = |pointer: &str| meta::text(resource, &format!("{pointer}/rawSelector"));
        let mut selected = Self::of(raw("/fieldSelector"), raw("/labelSelector"));
        selected.fields.extend(given("/fieldSelector"));
        selected.labels.extend(given("/labelSelector"));
        selected
    }
}

fn of_fields(text: &str) -> Vec<Value> {
    let selector = FieldSelector::parse(text).unwrap_or_default();
    let requirement = |field: &str, equal: bool, value: &str| {
        let operator = if equal { "In" } else { "NotIn" };
        json!({"key": field, "operator": operator, "values": [value]})
    };
    let all = selector.requirements.iter();
    all.map(|one| requirement(&one.field, one.equal, &one.value)).collect()
}

fn of_labels(text: &str) -> Vec<Value> {
    let Ok(selector) = LabelSelector::parse(text) else { return Vec::new() };
    let mut all = Vec::new();
    for one in &selector.requirements {
        let operator = match one.operator {
            Operator::In => "In",
            Operator::NotIn => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            // Reviews have no word for these.
            Operator::GreaterThan | Operator::LessThan => continue,
        };
        let mut requirement = json!({"key": one.key, "operator": operator});
        if !one.values.is_empty() {
            requirement["values"] = json!(one.values);
        }
        all.push(requirement);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_requirements() {
        let selected = Selected::of("spec.nodeName=n,metadata.name!=x", "a=b,c in (e,d),!f,g>1");
        assert_eq!(
            selected.fields,
            [
                json!({"key": "metadata.name", "operator": "NotIn", "values": ["x"]}),
                json!({"key": "spec.nodeName", "operator": "In", "values": ["n"]}),
            ]
        );
        assert_eq!(
            selected.labels,
            [
                json!({"key": "a", "operator": "In", "values": ["b"]}),
                json!({"key": "c", "operator": "In", "values": ["d", "e"]}),
                json!({"key": "f", "operator": "DoesNotExist"}),
            ]
        );
        assert_eq!(Selected::of("a b", "a in"), Selected::default());
        let review = json!({"labelSelector": {"rawSelector": "a=b"},
            "fieldSelector": {"requirements": [{"key": "k", "operator": "Exists"}]}});
        let selected = Selected::of_review(&review);
        assert_eq!((selected.fields.len(), selected.labels.len()), (1, 1));
    }
}
