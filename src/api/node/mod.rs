//! The group node.k8s.io: ways to run containers.

use jiff::Timestamp;
use k8s_openapi::api::node::v1::RuntimeClass;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::Value;

use crate::check;
use crate::core::{
    pod::{check_overhead, check_tolerations, warnings::of_node_label},
    shown::shown,
};
use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, text};

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<RuntimeClass>("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses")
            .cluster()
            .conditional_update()
            .validate(validate)
            .warns(warn)
            .table(COLUMNS, cells),
    ]
}

/// Kubernetes explains the handler with nothing.
const COLUMNS: &[Column] = &[NAME, text("Handler", ""), AGE];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name_cell(object), meta::text(object, "/handler").into(), age_cell(object, now)]
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::default();
    check::named(&change.new["handler"], names::dns_label, &at.child("handler"), errors);
    if let Some(overhead) = change.new.get("overhead") {
        check_overhead(&overhead["podFixed"], &at.child("overhead"), errors);
    }
    if let Some(scheduling) = change.new.get("scheduling") {
        let at = at.child("scheduling");
        check::labels(scheduling, "/nodeSelector", &at.child("nodeSelector"), errors);
        check_tolerations(scheduling, &at, errors);
        let tolerations = meta::items(scheduling, "/tolerations");
        for (index, one) in tolerations.iter().enumerate() {
            if tolerations[..index].contains(one) {
                let path = at.child("tolerations").index(index);
                errors.duplicate_shown(&path, &shown("Toleration", one));
            }
        }
    }
    if let Some(old) = change.old {
        check::immutable(change.new, old, "handler", &at, errors);
    }
}

fn warn(change: &Change<'_>) -> Vec<String> {
    let labels = meta::strings(change.new, "/scheduling/nodeSelector");
    let old = labels.filter_map(|(label, _)| of_node_label(label));
    old.map(|words| format!("scheduling.nodeSelector: {words}")).collect()
}
