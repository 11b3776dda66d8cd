//! Hashes behind names, and references that follow them.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Resource, text};
use crate::verbs::hash;

/// Appends the hash of its content to the name of what was generated.
pub(super) fn add_hashes(found: &mut [Resource]) {
    for resource in found.iter_mut().filter(|resource| resource.hashed) {
        let object = &resource.object;
        let mut hashed = json!({"kind": object["kind"], "name": object["metadata"]["name"]});
        hashed["data"] = if object["data"].is_null() { "".into() } else { object["data"].clone() };
        for field in ["binaryData", "type"] {
            if !object[field].is_null() {
                hashed[field] = object[field].clone();
            }
        }
        let name = format!("{}-{}", text(&object["metadata"]["name"]), hash(&hashed));
        resource.object["metadata"]["name"] = name.into();
    }
}

/// Where names stand: the field's parent (any if empty), the field, and the kind that is meant.
const PLACES: &[(&str, &str, &str)] = &[
    ("configMapRef", "name", "ConfigMap"),
    ("configMapKeyRef", "name", "ConfigMap"),
    ("configMap", "name", "ConfigMap"),
    ("secretRef", "name", "Secret"),
    ("secretKeyRef", "name", "Secret"),
    ("secret", "name", "Secret"),
    ("secret", "secretName", "Secret"),
    ("tls", "secretName", "Secret"),
    ("imagePullSecrets", "name", "Secret"),
    ("", "serviceAccountName", "ServiceAccount"),
    ("persistentVolumeClaim", "claimName", "PersistentVolumeClaim"),
    ("service", "name", "Service"),
    ("spec", "serviceName", "Service"),
];

/// Makes references follow the names of what they mean.
pub(super) fn fix_references(found: &mut [Resource]) {
    let names: HashMap<(String, String), String> = found
        .iter()
        .map(|one| {
            let key = (one.kind().to_owned(), one.first_name.clone());
            (key, text(&one.object["metadata"]["name"]))
        })
        .collect();
    for resource in found {
        walk(&mut resource.object, "", &names);
    }
}

fn walk(value: &mut Value, parent: &str, names: &HashMap<(String, String), String>) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| walk(item, parent, names)),
        Value::Object(fields) => {
            let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
            for (field, value) in fields.iter_mut() {
                let Value::String(name) = value else {
                    walk(value, field, names);
                    continue;
                };
                let meant = meant(parent, field, &kind);
                if let Some(now) = names.get(&(meant.to_owned(), name.clone())) {
                    name.clone_from(now);
                }
            }
        }
        _ => {}
    }
}

/// The kind that a text means as a name; empty for other texts.
fn meant<'k>(parent: &str, field: &str, kind: &'k str) -> &'k str {
    if matches!(parent, "roleRef" | "scaleTargetRef" | "subjects") && field == "name" {
        return kind;
    }
    let fits =
        |place: &&(&str, &str, &str)| (place.0.is_empty() || place.0 == parent) && place.1 == field;
    PLACES.iter().find(fits).map_or("", |place| place.2)
}
