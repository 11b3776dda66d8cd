//! Namespace: a room for objects.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Namespace;
use machinery::{
    field::{Errors, Path},
    kind::{ALL_VERBS, Change, Column, Kind, Subresource},
    meta, names, well_known,
};
use serde_json::{Value, json};

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, text};

pub(crate) fn kind() -> Kind {
    let verbs: Vec<_> = ALL_VERBS.into_iter().filter(|verb| *verb != "deletecollection").collect();
    build::<Namespace>("", "v1", "Namespace", "namespaces")
        .cluster()
        .short("ns")
        .only_verbs(&verbs)
        .status()
        .finalized_in_spec()
        .named(names::dns_label)
        .subresource(Subresource {
            name: "finalize",
            kind: "Namespace",
            group: "",
            version: "v1",
            verbs: &["update"],
            options: &[],
            piece: None,
        })
        .defaults(defaults)
        .prepare(prepare)
        .validate(validate)
        .validate_status(check_status)
        .table(COLUMNS, cells)
        .selectable("status.phase", |object| meta::text(object, "/status/phase").to_owned())
}

const COLUMNS: &[Column] = &[NAME, text("Status", "The status of the namespace"), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), meta::text(object, "/status/phase").into(), age_cell(object, now)]
}

fn defaults(object: &mut Value) {
    let name = meta::name(object).to_owned();
    if !name.is_empty() {
        let metadata = meta::metadata_mut(object);
        let labels = metadata.entry("labels").or_insert_with(|| json!({}));
        meta::as_object(labels).insert(well_known::METADATA_NAME.into(), name.into());
    }
    meta::set_default(meta::object_at(object, "status"), "phase", "Active");
}

fn prepare(object: &mut Value, old: Option<&Value>) {
    let finalizers = if let Some(old) = old {
        old["spec"]["finalizers"].clone()
    } else {
        let mut finalizers: Vec<Value> = meta::items(object, "/spec/finalizers").to_vec();
        if !finalizers.contains(&json!("kubernetes")) {
            finalizers.push(json!("kubernetes"));
        }
        finalizers.into()
    };
    let spec = meta::object_at(object, "spec");
    if finalizers.is_null() {
        spec.remove("finalizers");
    } else {
        spec.insert("finalizers".into(), finalizers);
    }
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let path = Path::new("spec").child("finalizers");
    for (index, finalizer) in meta::items(&change.new["spec"], "/finalizers").iter().enumerate() {
        // Those of a new namespace are named as one, later ones each by its place.
        let path = if change.old.is_some() { path.index(index) } else { path.clone() };
        let text = finalizer.as_str().unwrap_or_default();
        for why in names::qualified_name(text) {
            errors.invalid(&path, finalizer, why);
        }
        if !text.contains('/') && text != "kubernetes" && text != "orphan" {
            let why = "name is neither a standard finalizer name nor is it fully qualified";
            errors.invalid(&path, finalizer, why);
        }
    }
}

/// The phase tells whether the namespace is on its way out, as its metadata does.
fn check_status(change: &Change<'_>, errors: &mut Errors) {
    if change.old.is_none() {
        return;
    }
    let (wanted, why) = if meta::is_deleting(change.new) {
        ("Terminating", "may only be 'Terminating' if `deletionTimestamp` is not empty")
    } else {
        ("Active", "may only be 'Active' if `deletionTimestamp` is empty")
    };
    let phase = meta::text(change.new, "/status/phase");
    if phase != wanted {
        errors.invalid(&Path::new("status").child("Phase"), &json!(phase), why);
    }
}
