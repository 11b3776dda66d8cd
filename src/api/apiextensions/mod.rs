//! The group apiextensions.k8s.io: kinds that users define.

mod approval;
mod defaults;
mod internal;
mod lists;
mod paths;
mod rules;
mod schema;
mod structural;
mod validate;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use machinery::{
    field::go_quoted,
    kind::{Change, Kind},
    meta,
};
use serde_json::{Value, json};

pub(crate) use self::rules::{field_path, names as rule_names};
pub use self::{approval::condition as approval_condition, structural::violations};
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
        .hashed_as("v1beta1")
        .answers_deletion_with_object()
        .defaults(defaults)
        .on_deletion(mark)
        .prepare(prepare)
        .validate(validate::check)
        .warns(warnings),
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

/// Formats that nobody checks, and sets whose items are more than single values.
fn warnings(change: &Change<'_>) -> Vec<String> {
    let before = change.old.map(unwise).unwrap_or_default();
    let mut warnings = unwise(change.new);
    warnings.retain(|warning| !before.contains(warning));
    warnings
}

/// The formats of text, without hyphens.
/// Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go`.
const FORMATS: [&str; 25] = [
    "bsonobjectid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "cidr",
    "mac",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
    "isbn",
    "isbn10",
    "isbn13",
    "creditcard",
    "ssn",
    "hexcolor",
    "rgbcolor",
    "byte",
    "password",
    "date",
    "duration",
    "datetime",
    "k8sshortname",
];

fn is_format(kind: &str, format: &str) -> bool {
    match kind {
        "integer" => matches!(format, "int32" | "int64"),
        "number" => matches!(format, "float" | "double"),
        "" | "string" => {
            let plain = format.replace('-', "");
            plain == "k8slongname" || FORMATS.contains(&plain.as_str())
        }
        _ => false,
    }
}

fn unwise(definition: &Value) -> Vec<String> {
    let (mut formats, mut sets) = (Vec::new(), Vec::new());
    let inner = internal::spec(definition);
    let shared = inner.pointer("/validation/openAPIV3Schema");
    let own = meta::items(&inner, "/versions").iter();
    let own = own.filter_map(|version| version.pointer("/schema/openAPIV3Schema"));
    for document in shared.into_iter().chain(own) {
        structural::every(document, &mut |schema| {
            let format = structural::text(schema, "format");
            if !format.is_empty() && !is_format(structural::text(schema, "type"), format) {
                formats.push(format!("unrecognized format {}", go_quoted(format)));
            }
            let items = meta::text(schema, "/items/type");
            if structural::text(schema, "x-kubernetes-list-type") == "set"
                && matches!(items, "object" | "array")
            {
                sets.push(format!(
                    "x-kubernetes-list-type: set for items of type {items:?} is not supported by \
                     server-side apply or CEL validation rules"
                ));
            }
        });
    }
    sets.sort();
    sets.dedup();
    formats.into_iter().chain(sets).collect()
}
