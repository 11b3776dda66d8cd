//! StatefulSet: pods with names and disks that stay.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::StatefulSet;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind, Scale},
    meta, names,
};
use serde_json::{Value, json};

use crate::{
    check,
    core::{
        persistentvolumeclaim::fill_claim,
        pod::{
            fill_template, keep_served,
            warnings::{of_claim_spec, of_template},
        },
    },
    parts::{
        AGE, CONTAINERS, IMAGES, NAME, age_cell, container_cells, count, items_mut, kind as build,
        name_cell, text,
    },
};

pub(crate) fn kind() -> Kind {
    build::<StatefulSet>("apps", "v1", "StatefulSet", "statefulsets")
        .short("sts")
        .category("all")
        .named(names::dns_label)
        .status()
        .generation()
        .scaled(Scale::at("/spec/replicas", "/status/replicas", "/spec/selector"))
        .defaults(defaults)
        .prepare(|object, old| keep_served(object, old, "/spec/template"))
        .validate(validate::check)
        .validate_status(check_status)
        .warns(|change| of_template(change, "spec.template"))
        .warns(warn)
        .table(COLUMNS, cells)
}

const COLUMNS: &[Column] =
    &[NAME, text("Ready", "Number of the pod with ready state"), AGE, CONTAINERS, IMAGES];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let ready = count(object, "/status/readyReplicas");
    let wanted = count(object, "/spec/replicas");
    let [names, images] = container_cells(object, "/spec/template/spec/containers");
    vec![
        name_cell(object),
        format!("{ready}/{wanted}").into(),
        age_cell(object, now),
        names,
        images,
    ]
}

fn defaults(object: &mut Value) {
    let spec = meta::object_at(object, "spec");
    meta::set_default(spec, "podManagementPolicy", "OrderedReady");
    meta::set_default(spec, "replicas", 1);
    meta::set_default(spec, "serviceName", "");
    meta::set_default(spec, "revisionHistoryLimit", 10);
    let strategy = meta::as_object(spec.entry("updateStrategy").or_insert(Value::Null));
    meta::set_default(strategy, "type", "RollingUpdate");
    if strategy["type"] == "RollingUpdate" {
        let rolling = meta::as_object(strategy.entry("rollingUpdate").or_insert(Value::Null));
        meta::set_default(rolling, "partition", 0);
    }
    let policy = spec.entry("persistentVolumeClaimRetentionPolicy").or_insert_with(|| json!({}));
    for when in ["whenDeleted", "whenScaled"] {
        meta::set_default(meta::as_object(policy), when, "Retain");
    }
    for claim in items_mut(spec, "volumeClaimTemplates") {
        let fields = meta::as_object(claim);
        fields.insert("apiVersion".into(), "v1".into());
        fields.insert("kind".into(), "PersistentVolumeClaim".into());
        fill_claim(claim);
    }
    fill_template(spec.entry("template").or_insert(Value::Null));
    let status = meta::object_at(object, "status");
    meta::set_default(status, "replicas", 0);
    meta::set_default(status, "availableReplicas", 0);
}

/// Source: `ValidateStatefulSetStatus`.
fn check_status(change: &Change<'_>, errors: &mut Errors) {
    let counts = [
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas",
        "observedGeneration",
        "collisionCount",
    ];
    let whole = "status.replicas";
    let parts = [
        ("readyReplicas", "replicas", whole),
        ("currentReplicas", "replicas", whole),
        ("updatedReplicas", "replicas", whole),
        ("availableReplicas", "replicas", whole),
        ("availableReplicas", "readyReplicas", "status.readyReplicas"),
    ];
    check::status_counts(&change.new["status"], &counts, &parts, errors);
    check::collisions_kept(change, errors);
}

fn warn(change: &Change<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let claims = meta::items(change.new, "/spec/volumeClaimTemplates");
    for (index, claim) in claims.iter().enumerate() {
        let at = Path::new("spec").child("volumeClaimTemplates").index(index);
        of_claim_spec(&claim["spec"], &at, &mut found);
    }
    if meta::number(change.new, "/spec/revisionHistoryLimit").is_some_and(|limit| limit < 0) {
        found.push(
            "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value \
             >= 0 is recommended"
                .to_owned(),
        );
    }
    found
}
