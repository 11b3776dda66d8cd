//! The group apiextensions.k8s.io: kinds that users define.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use machinery::{kind::Kind, meta};
use serde_json::{Value, json};

use crate::parts::{items_mut, kind as build};

/// The group's name.
pub const GROUP: &str = "apiextensions.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<CustomResourceDefinition>(
            GROUP,
            "v1",
            "CustomResourceDefinition",
            "customresourcedefinitions",
        )
        .cluster()
        .short("crd")
        .short("crds")
        .category("api-extensions")
        .status()
        .generation()
        .answers_deletion_with_object()
        .defaults(defaults)
        .on_deletion(mark)
        .prepare(prepare),
    ]
}

/// The finalizer that holds a definition until its objects are gone.
pub const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

/// Its objects go before a definition does.
fn mark(object: &mut Value) {
    let metadata = meta::metadata_mut(object);
    let finalizers = metadata.entry("finalizers").or_insert_with(|| json!([]));
    if let Some(finalizers) = finalizers.as_array_mut()
        && !finalizers.iter().any(|one| one == CLEANUP)
    {
        finalizers.push(CLEANUP.into());
    }
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    let names = meta::as_object(spec.entry("names").or_insert(Value::Null));
    let kind = names.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    if !kind.is_empty() {
        meta::set_default(names, "listKind", format!("{kind}List"));
        meta::set_default(names, "singular", kind.to_lowercase());
    }
    let conversion = meta::as_object(spec.entry("conversion").or_insert(Value::Null));
    meta::set_default(conversion, "strategy", "None");
    if let Some(service) =
        conversion.get_mut("webhook").and_then(|it| it.get_mut("clientConfig")?.get_mut("service"))
    {
        meta::set_default(meta::as_object(service), "port", 443);
    }
    for version in items_mut(spec, "versions") {
        for column in items_mut(meta::as_object(version), "additionalPrinterColumns") {
            let column = meta::as_object(column);
            meta::set_default(column, "jsonPath", "");
        }
    }
}

/// A new definition has objects in its storage version alone; an update may add one.
fn prepare(object: &mut Value, old: Option<&Value>) {
    let storage = meta::items(object, "/spec/versions")
        .iter()
        .find(|version| version["storage"] == true)
        .map(|version| meta::text(version, "/name").to_owned());
    let status = meta::object_at(object, "status");
    if old.is_none() {
        status.insert("conditions".into(), Value::Null);
        status.insert("acceptedNames".into(), json!({"kind": "", "plural": ""}));
        status.insert("storedVersions".into(), json!([]));
    }
    let (Some(storage), stored) = (storage, status.entry("storedVersions").or_insert(Value::Null))
    else {
        return;
    };
    if !stored.is_array() {
        *stored = json!([]);
    }
    if let Some(stored) = stored.as_array_mut()
        && !stored.iter().any(|one| *one == json!(storage))
    {
        stored.push(storage.into());
    }
}
