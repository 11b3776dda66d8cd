//! What must hold of stateful sets. Source: `k8s.io/kubernetes/pkg/apis/apps/validation`.

use std::borrow::Cow;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{
    apps::template::{Named, check_deadline, check_spec, shown_strategy},
    check,
    core::{persistentvolumeclaim::check_claim_spec, shown::shown},
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
    if change.old.is_none() {
        check_new(spec, &at, errors);
    }
    check::not_negative(&spec["ordinals"], "start", &at.child("ordinals"), errors);
    check_spec(&with_claims(spec), NAMED, errors);
    if check::read_selector(&spec["selector"]).is_none() {
        let (template, at) = (&spec["template"], at.child("template"));
        let policy = &template["spec"]["restartPolicy"];
        if policy != "Always" {
            let path = at.child("spec").child("restartPolicy");
            errors.not_supported(&path, policy, &["Always"]);
        }
        check_deadline(template, NAMED.pods_of, &at, errors);
    }
    if let Some(old) = change.old {
        check_update(&old["spec"], spec, errors);
    }
}

const NAMED: Named = Named { selects: "statefulset", pods_of: "StatefulSet", unreadable: "" };

/// Checks what older sets may have otherwise.
fn check_new(spec: &Value, at: &Path, errors: &mut Errors) {
    for (index, claim) in meta::items(spec, "/volumeClaimTemplates").iter().enumerate() {
        let path = at.child("volumeClaimTemplates").index(index).child("spec");
        check_claim_spec(&claim["spec"], &path, errors);
    }
    if !meta::text(spec, "/serviceName").is_empty() {
        check::named(&spec["serviceName"], names::dns_label, &at.child("serviceName"), errors);
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
                let shown = shown("RollingStatefulSet", rolling);
                errors.invalid_shown(&at.child("rollingUpdate"), &shown, why);
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
