//! Parts of a running pod that are changed by paths of their own: guests that come in to look after
//! it, and how much its containers get. Source: `k8s.io/kubernetes/pkg/registry/core/pod`.

use jiff::Timestamp;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Piece},
    meta,
};
use serde_json::{Value, json};

use super::{
    annotations::{self, MIRROR},
    qos::qos_class,
    validate::check_whole,
};
use crate::{core::shown, parts::items_mut};

/// The ephemeral containers.
pub(super) const GUESTS: Piece = Piece { take: take_guests, check: check_guests };
/// What containers request and may use at most.
pub(super) const SIZES: Piece = Piece { take: take_sizes, check: check_sizes };

const LISTS: [&str; 2] = ["containers", "initContainers"];

fn take_guests(pod: &mut Value, given: &Value, _now: Timestamp) {
    let guests = given["spec"]["ephemeralContainers"].clone();
    let spec = meta::object_at(pod, "spec");
    if guests.is_null() {
        spec.remove("ephemeralContainers");
    } else {
        spec.insert("ephemeralContainers".into(), guests);
    }
}

fn check_guests(change: &Change<'_>, errors: &mut Errors) {
    let Some(old) = change.old else { return };
    if meta::annotation(old, MIRROR).is_some() {
        let why = "static pods do not support ephemeral containers";
        return errors.forbidden(&Path::default(), why);
    }
    check_whole(change.new, errors);
    annotations::check_update(change.new, old, errors);
    let at = Path::new("spec");
    let list = |pod| meta::items(pod, "/spec/ephemeralContainers");
    for guest in list(old) {
        let name = meta::text(guest, "/name");
        let now = list(change.new).iter().find(|one| meta::text(one, "/name") == name);
        let what = match now {
            None => "removed\n".to_owned(),
            Some(now) if now != guest => {
                format!("changed\n{}", shown::difference("EphemeralContainer", guest, now))
            }
            Some(_) => continue,
        };
        let why = format!("existing ephemeral containers {name:?} may not be {what}");
        errors.forbidden(&at.child("ephemeralContainers"), &why);
    }
}

fn take_sizes(pod: &mut Value, given: &Value, _now: Timestamp) {
    match given["spec"].get("resources") {
        Some(whole) => pod["spec"]["resources"] = whole.clone(),
        None => drop(meta::object_at(pod, "spec").remove("resources")),
    }
    for list in LISTS {
        let wanted = meta::items(given, &format!("/spec/{list}"));
        for container in items_mut(meta::object_at(pod, "spec"), list) {
            let Some(one) = wanted.iter().find(|one| one["name"] == container["name"]) else {
                continue;
            };
            let fields = meta::as_object(container);
            for field in ["resources", "resizePolicy"] {
                match one.get(field) {
                    Some(value) => drop(fields.insert(field.into(), value.clone())),
                    None => drop(fields.remove(field)),
                }
            }
        }
    }
}

fn check_sizes(change: &Change<'_>, errors: &mut Errors) {
    let Some(old) = change.old else { return };
    let new = change.new;
    if meta::annotation(old, MIRROR).is_some() {
        return errors.forbidden(&Path::default(), "static pods cannot be resized");
    }
    if meta::text(old, "/spec/os/name") == "windows" {
        return errors.forbidden(&Path::default(), "windows pods cannot be resized");
    }
    check_whole(new, errors);
    let at = Path::new("spec");
    let before = match meta::text(old, "/status/qosClass") {
        "" => qos_class(old).word(),
        class => class,
    };
    if before != qos_class(new).word() {
        let why = "Pod QOS Class may not change as a result of resizing";
        errors.invalid(&at, &json!(meta::text(new, "/status/qosClass")), why);
    }
    check_whole_size(&old["spec"], &new["spec"], &at, errors);
    for list in LISTS {
        let before = meta::items(old, &format!("/spec/{list}"));
        let after = meta::items(new, &format!("/spec/{list}"));
        for (index, (before, after)) in before.iter().zip(after).enumerate() {
            let path = at.child(list).index(index);
            let words =
                ["resource requests cannot be removed", "resource limits cannot be removed"];
            check_removed(&before["resources"], &after["resources"], words, (&path, errors));
            check_others(list, before, after, &path, errors);
        }
    }
}

/// What a pod has as a whole.
fn check_whole_size(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let (before, after) = (&old["resources"], &new["resources"]);
    if !before.is_null() && after.is_null() {
        let why = "pod-level resources cannot be removed";
        return errors.forbidden(&at.child("resources"), why);
    }
    let words = [
        "pod-level resource requests cannot be removed",
        "pod-level resource limits cannot be removed",
    ];
    check_removed(before, after, words, (at, errors));
    if !before.is_null() && others_differ(before, after) {
        errors.forbidden(at, "only cpu and memory resources are mutable at pod-level");
    }
}

/// What is requested or limited stays so.
fn check_removed(
    before: &Value,
    after: &Value,
    [requests, limits]: [&str; 2],
    (at, errors): (&Path, &mut Errors),
) {
    for (side, why) in [("requests", requests), ("limits", limits)] {
        let mut had = before.get(side).and_then(Value::as_object).into_iter().flatten();
        if had.any(|(name, _)| after[side].get(name).is_none()) {
            errors.forbidden(&at.child("resources").child(side), why);
        }
    }
}

fn others_differ(before: &Value, after: &Value) -> bool {
    ["requests", "limits"].iter().any(|side| {
        let of = |resources: &'_ Value| {
            let amounts = resources[*side].as_object().cloned().unwrap_or_default();
            let fixed = amounts.into_iter();
            fixed.filter(|(name, _)| !matches!(name.as_str(), "cpu" | "memory")).collect::<Vec<_>>()
        };
        of(before) != of(after)
    })
}

/// Only processors and memory are given anew.
fn check_others(list: &str, before: &Value, after: &Value, path: &Path, errors: &mut Errors) {
    let policies = |container: &Value| container.get("resizePolicy").cloned();
    let other = others_differ(&before["resources"], &after["resources"])
        || policies(before) != policies(after);
    if list == "containers" {
        if other {
            errors.forbidden(&Path::new("spec"), "only cpu and memory resources are mutable");
        }
        return;
    }
    if other {
        let why = "only cpu and memory resources for init or sidecar containers are mutable";
        errors.forbidden(path, why);
    }
    if before != after && meta::text(after, "/restartPolicy") != "Always" {
        let restarted = meta::items(after, "/resizePolicy").iter();
        for _ in restarted.filter(|policy| policy["restartPolicy"] == "RestartContainer") {
            let why = "non-sidecar init containers with a resize policy of RestartContainer cannot \
                       be resized";
            errors.forbidden(path, why);
        }
    }
}
