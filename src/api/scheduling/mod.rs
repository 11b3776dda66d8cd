//! The group scheduling.k8s.io: which pods go first.

use jiff::Timestamp;
use k8s_openapi::api::scheduling::v1::PriorityClass;
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use crate::check;
use crate::parts::{
    AGE, NAME, age_cell, count, flag, is_set, kind as build, name_cell, number, of_field,
};

/// The group's name.
pub const GROUP: &str = "scheduling.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        build::<PriorityClass>(GROUP, "v1", "PriorityClass", "priorityclasses")
            .cluster()
            .short("pc")
            .prepare(|object, old| {
                // The generation is that of the birth for ever.
                if old.is_none() {
                    meta::metadata_mut(object).insert("generation".into(), 1.into());
                }
            })
            .defaults(|object| {
                let fields = meta::as_object(object);
                meta::set_default(fields, "preemptionPolicy", "PreemptLowerPriority");
            })
            .validate(validate)
            .table(COLUMNS, cells),
    ]
}

const CLASS: &str = "v1.PriorityClass";
const COLUMNS: &[Column] = &[
    NAME,
    number(of_field("Value", CLASS, "value")),
    flag(of_field("Global-Default", CLASS, "globalDefault")),
    AGE,
    of_field("PreemptionPolicy", CLASS, "preemptionPolicy"),
];

fn cells(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![
        name_cell(object),
        count(object, "/value").into(),
        is_set(object, "/globalDefault").into(),
        age_cell(object, now),
        meta::text(object, "/preemptionPolicy").into(),
    ]
}

/// The classes that the system itself has, and their values.
pub const SYSTEM: [(&str, i64, &str); 2] = [
    (
        "system-node-critical",
        2_000_001_000,
        "Used for system critical pods that must not be moved from their current node.",
    ),
    (
        "system-cluster-critical",
        2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another \
         node if necessary.",
    ),
];
/// Highest value that users may give.
const MOST: i64 = 1_000_000_000;

fn validate(change: &Change<'_>, errors: &mut Errors) {
    let Some(old) = change.old else { return check_new(change.new, errors) };
    let value = |object: &Value| count(object, "/value");
    if value(old) != value(change.new) {
        errors.forbidden(&Path::new("value"), "may not be changed in an update.");
    }
    let policy = |object: &Value| json!(meta::text(object, "/preemptionPolicy"));
    if policy(old) != policy(change.new) {
        errors.immutable(&Path::new("preemptionPolicy"), &policy(change.new));
    }
}

fn check_new(class: &Value, errors: &mut Errors) {
    let name = meta::name(class);
    let value = count(class, "/value");
    let at = Path::default();
    if name.starts_with("system-") {
        let wrong = match SYSTEM.iter().find(|(system, ..)| *system == name) {
            None => Some(format!("{name} is not a known system priority class")),
            Some((_, own, _)) if *own != value => {
                Some(format!("value of {name} PriorityClass must be {own}"))
            }
            Some(_) if is_set(class, "/globalDefault") => {
                Some(format!("globalDefault of {name} PriorityClass must be false"))
            }
            Some(_) => None,
        };
        if let Some(wrong) = wrong {
            let why = format!(
                "priority class names with 'system-' prefix are reserved for system use only. \
                 error: {wrong}"
            );
            errors.forbidden(&Path::new("metadata").child("name"), &why);
        }
    } else if value > MOST {
        let why = format!("maximum allowed value of a user defined priority is {MOST}");
        errors.forbidden(&at.child("value"), &why);
    }
    let policies = ["PreemptLowerPriority", "Never"];
    if class.get("preemptionPolicy").is_some() {
        check::required_one_of(class, "preemptionPolicy", &policies, &at, errors);
    }
}
