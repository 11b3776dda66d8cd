//! The group admissionregistration.k8s.io: who else decides about writes.

mod compile;
pub mod expressions;
mod mutating;
mod policy;
pub mod typecheck;
mod validate;
mod webhook;

use machinery::{kind::Kind, meta};
use serde_json::{Map, Value, json};

use crate::parts::items_mut;

/// The group's name.
pub const GROUP: &str = "admissionregistration.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    let mut kinds = policy::kinds();
    kinds.extend(webhook::kinds());
    kinds.into_iter().map(|kind| kind.cluster().generation().category("api-extensions")).collect()
}

/// Which requests are meant: all that match, in any namespace, of any object.
fn fill_match(target: &mut Map<String, Value>) {
    meta::set_default(target, "matchPolicy", "Equivalent");
    meta::set_default(target, "namespaceSelector", json!({}));
    meta::set_default(target, "objectSelector", json!({}));
}

fn fill_scopes(target: &mut Map<String, Value>, rules: &str) {
    for rule in items_mut(target, rules) {
        meta::set_default(meta::as_object(rule), "scope", "*");
    }
}
