//! Old labels of nodes where disks are placed. Source: `k8s.io/kubernetes/pkg/api/storage`.

use machinery::{field::Path, kind::Change, meta};

use crate::core::pod::warnings::of_node_label;

/// Those in the places that a class allows.
pub(super) fn of_class(change: &Change<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (index, place) in meta::items(change.new, "/allowedTopologies").iter().enumerate() {
        let at = Path::new("allowedTopologies").index(index).child("matchLabelExpressions");
        for (index, rule) in meta::items(place, "/matchLabelExpressions").iter().enumerate() {
            found.extend(said_of(meta::text(rule, "/key"), &at.index(index).child("key")));
        }
    }
    found
}

/// Those of the nodes that reach what is told of.
pub(super) fn of_capacity(change: &Change<'_>) -> Vec<String> {
    let at = Path::new("nodeTopology");
    let mut found = Vec::new();
    let rules = meta::items(change.new, "/nodeTopology/matchExpressions");
    for (index, rule) in rules.iter().enumerate() {
        let at = at.child("matchExpressions").index(index).child("key");
        found.extend(said_of(meta::text(rule, "/key"), &at));
    }
    for (label, _) in meta::strings(change.new, "/nodeTopology/matchLabels") {
        found.extend(said_of(label, &at.child("matchLabels").child(label)));
    }
    found
}

fn said_of(label: &str, at: &Path) -> Option<String> {
    of_node_label(label).map(|words| format!("{at}: {words}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn old_labels_are_named_where_they_stand() {
        let old = "beta.kubernetes.io/os";
        let class = json!({"allowedTopologies": [{"matchLabelExpressions": [
            {"key": "kubernetes.io/os", "values": ["linux"]}, {"key": old, "values": ["linux"]}]}]});
        let found = of_class(&Change { new: &class, old: None });
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("allowedTopologies[0].matchLabelExpressions[1].key: "));
        let capacity = json!({"nodeTopology": {"matchLabels": {(old): "linux"}}});
        let found = of_capacity(&Change { new: &capacity, old: None });
        assert!(found[0].starts_with("nodeTopology.matchLabels.beta.kubernetes.io/os: "));
    }
}
