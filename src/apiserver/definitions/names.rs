//! Which names of a definition are accepted. Pure.

use api::apiextensions::{approval_condition, violations};
use machinery::meta;
use serde_json::{Map, Value, json};

/// Tells whether a definition's kinds are served.
pub(super) fn is_established(definition: &Value) -> bool {
    let conditions = meta::items(definition, "/status/conditions");
    conditions.iter().any(|one| one["type"] == "Established" && one["status"] == "True")
}

/// The status that a definition should have, beside the definitions of others.
pub(super) fn status(definition: &Value, others: &[&Value], now: &str) -> Value {
    let group = meta::text(definition, "/spec/group");
    let rivals: Vec<&&Value> =
        others.iter().filter(|one| meta::text(one, "/spec/group") == group).collect();
    let (accepted, conflict) = accepted(definition, &rivals);
    let mut status = definition.get("status").cloned().unwrap_or_else(|| json!({}));
    meta::put(&mut status, "acceptedNames", accepted);
    let fields = meta::as_object(&mut status);
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({"type": kind, "status": status, "lastTransitionTime": now,
            "reason": reason, "message": message})
    };
    let was_established = is_established(definition);
    match conflict {
        None => {
            let words = "no conflicts found";
            set_condition(fields, &condition("NamesAccepted", "True", "NoConflicts", words));
            let words = "the initial names have been accepted";
            if !was_established {
                let served = condition("Established", "True", "InitialNamesAccepted", words);
                set_condition(fields, &served);
            }
        }
        Some((reason, message)) => {
            set_condition(fields, &condition("NamesAccepted", "False", reason, &message));
            if !was_established {
                let words = "not all names are accepted";
                set_condition(fields, &condition("Established", "False", "NotAccepted", words));
            }
        }
    }
    with_schema_conditions(fields, definition, now);
    let stored = meta::items(definition, "/spec/versions").iter();
    let stored = stored.filter(|version| version["storage"] == true).map(|it| it["name"].clone());
    let mut versions = meta::items(&status, "/storedVersions").to_vec();
    for version in stored {
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    meta::put(&mut status, "storedVersions", versions);
    status
}

/// Tells of schemas that are not structural, and of the approval of groups of the community.
fn with_schema_conditions(status: &mut Map<String, Value>, definition: &Value, now: &str) {
    let violations = violations(definition).map(|message| {
        json!({"type": "NonStructuralSchema", "status": "True", "reason": "Violations",
            "message": message})
    });
    let approval = approval_condition(definition);
    for (kind, condition) in
        [("NonStructuralSchema", violations), ("KubernetesAPIApprovalPolicyConformant", approval)]
    {
        if let Some(mut condition) = condition {
            meta::put(&mut condition, "lastTransitionTime", now);
            set_condition(status, &condition);
        } else if let Some(conditions) = status.get_mut("conditions").and_then(Value::as_array_mut)
        {
            conditions.retain(|one| one["type"] != kind);
        }
    }
}

/// Sets a condition; where only its time differs it stays.
pub(super) fn set_condition(status: &mut Map<String, Value>, condition: &Value) {
    let slot = status.entry("conditions").or_insert_with(|| json!([]));
    if !slot.is_array() {
        *slot = json!([]);
    }
    let Some(conditions) = slot.as_array_mut() else { return };
    let known = conditions.iter_mut().find(|one| one["type"] == condition["type"]);
    let Some(known) = known else { return conditions.push(condition.clone()) };
    let time = known["lastTransitionTime"].clone();
    let changed = known["status"] != condition["status"];
    *known = condition.clone();
    if !changed {
        known["lastTransitionTime"] = time;
    }
}

type Conflict = Option<(&'static str, String)>;

/// The names that nobody else has, and the first one that somebody has.
fn accepted(definition: &Value, rivals: &[&&Value]) -> (Value, Conflict) {
    let of_rivals = |keys: &[&str]| -> Vec<String> {
        let mut taken = Vec::new();
        for rival in rivals {
            for key in keys {
                let value = rival.pointer(&format!("/status/acceptedNames/{key}"));
                match value {
                    Some(Value::String(name)) => taken.push(name.clone()),
                    Some(Value::Array(names)) => {
                        taken.extend(names.iter().filter_map(|it| Some(it.as_str()?.to_owned())));
                    }
                    _ => {}
                }
            }
        }
        taken
    };
    let resources = of_rivals(&["plural", "singular", "shortNames"]);
    let kinds = of_rivals(&["kind", "listKind"]);
    let mut names = definition.pointer("/status/acceptedNames").cloned().unwrap_or(json!({}));
    let mut conflict: Conflict = None;
    let wanted = |key: &str| definition.pointer(&format!("/spec/names/{key}")).cloned();
    for (key, taken, reason) in [
        ("plural", &resources, "PluralConflict"),
        ("singular", &resources, "SingularConflict"),
        ("kind", &kinds, "KindConflict"),
        ("listKind", &kinds, "ListKindConflict"),
    ] {
        let Some(Value::String(name)) = wanted(key) else { continue };
        if taken.contains(&name) {
            conflict.get_or_insert((reason, format!("{name:?} is already in use")));
        } else {
            meta::put(&mut names, key, name);
        }
    }
    let short = wanted("shortNames").unwrap_or_else(|| json!([]));
    let short: Vec<Value> = short.as_array().cloned().unwrap_or_default();
    let taken: Vec<String> = short
        .iter()
        .filter_map(|name| name.as_str())
        .filter(|name| resources.iter().any(|one| one == name))
        .map(|name| format!("{name:?} is already in use"))
        .collect();
    if taken.is_empty() {
        put_list(&mut names, "shortNames", short);
    } else {
        let words = if let [one] = taken.as_slice() {
            one.clone()
        } else {
            format!("[{}]", taken.join(", "))
        };
        conflict.get_or_insert(("ShortNamesConflict", words));
    }
    let categories = wanted("categories").and_then(|it| it.as_array().cloned());
    put_list(&mut names, "categories", categories.unwrap_or_default());
    (names, conflict)
}

fn put_list(names: &mut Value, key: &str, list: Vec<Value>) {
    let fields = meta::as_object(names);
    if list.is_empty() {
        fields.remove(key);
    } else {
        fields.insert(key.into(), list.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(name: &str, short: &str, accepted: bool) -> Value {
        let names = json!({"plural": name, "singular": name, "kind": name, "shortNames": [short]});
        let status = if accepted { json!({"acceptedNames": names}) } else { json!({}) };
        json!({"metadata": {"name": name}, "status": status, "spec": {"group": "g", "names": names,
            "versions": [{"name": "v1", "storage": true}]}})
    }

    #[test]
    fn names_that_others_have_are_refused() {
        let (one, two) = (definition("ones", "o", true), definition("twos", "o", false));
        let found = status(&two, &[&one], "now");
        assert_eq!(found["acceptedNames"]["plural"], "twos");
        assert_eq!(found["acceptedNames"].get("shortNames"), None);
        let reasons: Vec<&Value> =
            found["conditions"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
        assert_eq!(reasons, ["ShortNamesConflict", "NotAccepted"]);
        let free = status(&two, &[], "now");
        assert!(is_established(&json!({"status": free})));
        assert_eq!(free["storedVersions"], json!(["v1"]));
    }

    #[test]
    fn a_settled_status_stays() {
        let mut one = definition("ones", "o", false);
        one["status"] = status(&one, &[], "then");
        assert_eq!(status(&one, &[], "now"), one["status"]);
    }
}
