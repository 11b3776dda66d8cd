//! What extenders answer. Go reads names of fields in whatever case, and so do we.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::preemption::Candidate;

/// The answer to `filter`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filtered {
    pub(super) nodes: Option<Names>,
    #[serde(rename = "nodenames")]
    pub(super) node_names: Option<Vec<String>>,
    #[serde(rename = "failednodes")]
    pub(super) failed: Option<BTreeMap<String, String>>,
    #[serde(rename = "failedandunresolvablenodes")]
    pub(super) unresolvable: Option<BTreeMap<String, String>>,
    pub(super) error: String,
}

/// A list of nodes, of which the names matter.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Names {
    items: Option<Vec<Value>>,
}

impl Names {
    /// The names.
    pub(super) fn all(&self) -> Vec<String> {
        let items = self.items.iter().flatten();
        items.map(|node| machinery::meta::name(node).to_owned()).collect()
    }
}

/// One node's rating.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Rated {
    pub(super) host: String,
    pub(super) score: i64,
}

/// The answer to `bind`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Bound {
    pub(super) error: String,
}

/// The answer to `preempt`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Preempted {
    #[serde(rename = "nodenametometavictims")]
    pub(super) victims: Option<BTreeMap<String, Option<Victims>>>,
}

/// Who leaves a node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Victims {
    pub(super) pods: Vec<Victim>,
    #[serde(rename = "numpdbviolations")]
    pub(super) violations: i64,
}

/// A pod by its uid.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Victim {
    pub(super) uid: String,
}

/// Reads an answer. Errors: it is none.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    serde_json::from_value(folded(value, "")).map_err(|error| error.to_string())
}

/// The keys of maps are data, and so are nodes; all others are names of fields.
const MAPS: [&str; 3] = ["failednodes", "failedandunresolvablenodes", "nodenametometavictims"];

fn folded(value: Value, under: &str) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: Map<String, Value> = fields
                .into_iter()
                // What is null is left out: Go's zero.
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| {
                    let key = if MAPS.contains(&under) { key } else { key.to_ascii_lowercase() };
                    let value = if key == "items" { value } else { folded(value, &key) };
                    (key, value)
                })
                .collect();
            Value::Object(fields)
        }
        Value::Array(items) => items.into_iter().map(|item| folded(item, under)).collect(),
        other => other,
    }
}

/// Nodes with the uids of those who would leave.
pub(super) fn names_of(candidates: &[Candidate]) -> Value {
    let one = |candidate: &Candidate| {
        let uids = candidate.victims.iter().map(|pod| json!({"UID": pod.metadata.uid}));
        let pods: Vec<Value> = uids.collect();
        let victims = json!({"Pods": pods, "NumPDBViolations": candidate.violations});
        (candidate.node.clone(), victims)
    };
    candidates.iter().map(one).collect::<Map<_, _>>().into()
}

/// Nodes with those who would leave.
pub(super) fn whole(candidates: &[Candidate]) -> Value {
    let one = |candidate: &Candidate| {
        let pods: Vec<Value> = candidate.victims.iter().map(|pod| json!(**pod)).collect();
        let victims = json!({"Pods": pods, "NumPDBViolations": candidate.violations});
        (candidate.node.clone(), victims)
    };
    candidates.iter().map(one).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_whatever_case() {
        let rated: Vec<Rated> =
            read(br#"[{"Host": "Node-A", "Score": 3}, {"host": "b"}]"#).unwrap();
        assert_eq!((rated[0].host.as_str(), rated[0].score, rated[1].score), ("Node-A", 3, 0));
        let answer = br#"{"NodeNameToMetaVictims": {"Node-A": {"Pods": [{"UID": "X"}],
            "NumPDBViolations": 2}, "B": null}}"#;
        let preempted: Preempted = read(answer).unwrap();
        let victims = preempted.victims.unwrap();
        let first = victims["Node-A"].as_ref().unwrap();
        assert_eq!((first.pods[0].uid.as_str(), first.violations, victims.len()), ("X", 2, 1));
        let filtered: Filtered =
            read(br#"{"Nodes": {"items": [{"metadata": {"name": "A"}}]}, "Error": null}"#).unwrap();
        assert_eq!(
            (filtered.nodes.unwrap().all(), filtered.error),
            (vec!["A".to_owned()], String::new())
        );
        assert!(read::<Bound>(b"not json").is_err());
    }
}
