//! Parts of a running pod that are changed by paths of their own: guests that come in to look after
//! it, and how much its containers get. Source: `k8s.io/kubernetes/pkg/registry/core/pod`.

use jiff::Timestamp;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Piece},
    meta,
};
use serde_json::{Value, json};

use super::{qos::qos_class, validate::check_spec};
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
    let at = Path::new("spec");
    check_spec(&change.new["spec"], &at, errors);
    let Some(old) = change.old else { return };
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
    let at = Path::new("spec");
    check_spec(&change.new["spec"], &at, errors);
    let Some(old) = change.old else { return };
    for list in LISTS {
        let before = meta::items(old, &format!("/spec/{list}"));
        let after = meta::items(change.new, &format!("/spec/{list}"));
        for (index, (before, after)) in before.iter().zip(after).enumerate() {
            let path = at.child(list).index(index).child("resources");
            check_size(&before["resources"], &after["resources"], &path, errors);
        }
    }
    let (before, after) = (qos_class(old), qos_class(change.new));
    if before != after && errors.is_empty() {
        let why = "Pod QOS Class may not change as a result of resizing";
        errors.invalid(&at, &json!(after.word()), why);
    }
}

/// Only processors and memory are given anew, and what is limited stays limited.
fn check_size(before: &Value, after: &Value, at: &Path, errors: &mut Errors) {
    for side in ["limits", "requests"] {
        let had = before.get(side).and_then(Value::as_object).into_iter().flatten();
        let removed = had.clone().any(|(name, _)| after[side].get(name).is_none());
        if removed {
            let why = format!("resource {side} cannot be removed");
            errors.forbidden(&at.child(side), &why);
        }
        let has = after.get(side).and_then(Value::as_object).into_iter().flatten();
        let others = had.chain(has).any(|(name, _)| {
            !matches!(name.as_str(), "cpu" | "memory")
                && before[side].get(name) != after[side].get(name)
        });
        if others && !removed {
            errors.forbidden(&at.child(side), "only cpu and memory resources are mutable");
        }
        if side == "limits" && removed {
            return;
        }
    }
}
