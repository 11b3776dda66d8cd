//! What must hold of stateful sets. Source: `k8s.io/kubernetes/pkg/apis/apps/validation`.

use std::borrow::Cow;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta,
};
use serde_json::{Value, json};

use crate::{
    apps::template::{check_spec, shown_strategy},
    check,
};

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let policy = &spec["podManagementPolicy"];
    match policy.as_str() {
        None | Some("") => errors.required(&at.child("podManagementPolicy"), ""),
        Some("OrderedReady" | "Parallel") => {}
        Some(_) => {
            let why = "must be 'OrderedReady' or 'Parallel'";
            errors.invalid(&at.child("podManagementPolicy"), policy, why);
        }
    }
    check_strategy(&spec["updateStrategy"], &at.child("updateStrategy"), errors);
    for when in ["whenDeleted", "whenScaled"] {
        let retention = &spec["persistentVolumeClaimRetentionPolicy"];
        let path = at.child("persistentVolumeClaimRetentionPolicy");
        check::one_of(retention, when, &["Retain", "Delete"], &path, errors);
    }
    check::not_negative(&spec["ordinals"], "start", &at.child("ordinals"), errors);
    check::not_negative(spec, "revisionHistoryLimit", &at, errors);
    check_spec(&with_claims(spec), "statefulset", "StatefulSet", errors);
    if let Some(old) = change.old {
        check_update(&old["spec"], spec, errors);
    }
}

/// The set as its pods will be: each template of a claim is a volume, which containers may mount.
fn with_claims(spec: &Value) -> Cow<'_, Value> {
    let claims = meta::items(spec, "/volumeClaimTemplates");
    if claims.is_empty() {
        return Cow::Borrowed(spec);
    }
    let mut volumes = meta::items(spec, "/template/spec/volumes").to_vec();
    for claim in claims {
        let name = meta::name(claim);
        if !volumes.iter().any(|volume| volume["name"] == name) {
            volumes.push(json!({"name": name, "persistentVolumeClaim": {"claimName": name}}));
        }
    }
    let mut spec = spec.clone();
    spec["template"]["spec"]["volumes"] = volumes.into();
    Cow::Owned(spec)
}

fn check_strategy(strategy: &Value, at: &Path, errors: &mut Errors) {
    match meta::text(strategy, "/type") {
        "" => errors.required(at, ""),
        "OnDelete" => {
            if let Some(rolling) = strategy.get("rollingUpdate") {
                let why = "only allowed for updateStrategy 'RollingUpdate'";
                errors.invalid(&at.child("rollingUpdate"), rolling, why);
            }
        }
        "RollingUpdate" => {
            let rolling = &strategy["rollingUpdate"];
            let at = at.child("rollingUpdate");
            check::not_negative(rolling, "partition", &at, errors);
            if check::share(rolling, "maxUnavailable", &at, errors) == Some(0) {
                let why = "cannot be 0";
                errors.invalid(&at.child("maxUnavailable"), &rolling["maxUnavailable"], why);
            }
            check::at_most_all(rolling, "maxUnavailable", &at, errors);
        }
        _ => {
            let rolling = [("Partition", "partition"), ("MaxUnavailable", "maxUnavailable")];
            let shown = shown_strategy(strategy, &rolling);
            errors.invalid_shown(at, &shown, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}

/// What may change of a stateful set.
const OPEN: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

fn check_update(old: &Value, new: &Value, errors: &mut Errors) {
    let closed = |spec: &Value| -> Vec<(String, Value)> {
        let fields = spec.as_object().into_iter().flatten();
        fields
            .filter(|(field, _)| !OPEN.contains(&field.as_str()))
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect()
    };
    if closed(old) != closed(new) {
        let why = "updates to statefulset spec for fields other than 'replicas', 'ordinals', \
             'template', 'updateStrategy', 'revisionHistoryLimit', \
             'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
        errors.forbidden(&Path::new("spec"), why);
    }
}
