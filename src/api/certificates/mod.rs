//! The group certificates.k8s.io: requests for certificates, and who grants them.

mod validate;

use jiff::Timestamp;
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use machinery::{
    age,
    field::Errors,
    kind::{Change, Column, Kind, Piece, Subresource},
    meta, names,
};
use serde_json::Value;

use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, of_field, or_none};

/// The group's name.
pub const GROUP: &str = "certificates.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<CertificateSigningRequest>(
            GROUP,
            "v1",
            "CertificateSigningRequest",
            "certificatesigningrequests",
        )
        .cluster()
        .short("csr")
        .status()
        .subresource(Subresource {
            name: "approval",
            kind: "CertificateSigningRequest",
            group: GROUP,
            version: "v1",
            verbs: &["get", "patch", "update"],
            options: &[],
            piece: Some(Piece { take: take_approval, check: check_approval }),
        })
        .prepare(prepare)
        .named(names::path_segment)
        .validate(validate::check)
        .validate_status(|change, errors| {
            validate::check_part(change, validate::Part::Status, errors);
        })
        .table(COLUMNS, cells)
        .selectable("spec.signerName", |it| meta::text(it, "/spec/signerName").into()),
    ]
}

const SPEC: &str = "v1.CertificateSigningRequestSpec";
const COLUMNS: &[Column] = &[
    NAME,
    AGE,
    of_field("SignerName", SPEC, "signerName"),
    of_field("Requestor", SPEC, "request"),
    of_field("RequestedDuration", SPEC, "expirationSeconds"),
    of_field("Condition", "v1.CertificateSigningRequestStatus", "conditions"),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let duration = meta::number(object, "/spec/expirationSeconds");
    vec![
        name_cell(object),
        age_cell(object, now),
        or_none(meta::text(object, "/spec/signerName")),
        meta::text(object, "/spec/username").into(),
        duration.map_or_else(|| "<none>".into(), |seconds| age::human(seconds).into()),
        condition(object).into(),
    ]
}

fn condition(object: &Value) -> String {
    let has = |name: &str| {
        meta::items(object, "/status/conditions").iter().any(|it| meta::text(it, "/type") == name)
    };
    let mut words = vec![if has("Denied") {
        "Denied"
    } else if has("Approved") {
        "Approved"
    } else {
        "Pending"
    }];
    if has("Failed") {
        words.push("Failed");
    }
    if !meta::text(object, "/status/certificate").is_empty() {
        words.push("Issued");
    }
    words.join(",")
}

/// What is asked for never changes; the status is for those who grant it.
fn prepare(object: &mut Value, old: Option<&Value>) {
    if let Some(old) = old {
        meta::as_object(object).insert("spec".into(), old["spec"].clone());
    }
}

/// Takes the words on whether the request is granted, and notes when they were spoken.
fn take_approval(object: &mut Value, given: &Value, now: Timestamp) {
    let before = meta::items(object, "/status/conditions").to_vec();
    let mut conditions = meta::items(given, "/status/conditions").to_vec();
    // Whole seconds, as times in objects are.
    let now: Value = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into();
    for condition in &mut conditions {
        let same = before
            .iter()
            .find(|one| one["type"] == condition["type"] && one["status"] == condition["status"]);
        let since = same.map_or_else(|| now.clone(), |one| one["lastTransitionTime"].clone());
        let fields = meta::as_object(condition);
        meta::set_default(fields, "lastUpdateTime", now.clone());
        meta::set_default(fields, "lastTransitionTime", since);
    }
    meta::object_at(object, "status").insert("conditions".into(), conditions.into());
}

fn check_approval(change: &Change<'_>, errors: &mut Errors) {
    validate::check_part(change, validate::Part::Approval, errors);
}
