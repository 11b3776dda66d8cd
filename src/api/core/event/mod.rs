//! Event: what happened to an object, in both of its groups.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use machinery::{
    age,
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use serde_json::{Value, json};

use crate::parts::{NAME, drop_zero, kind as build, of_field, text, wide};

pub(crate) fn kind() -> Kind {
    let kind = build::<Event>("", "v1", "Event", "events")
        .without_dependents()
        .short("ev")
        .creates_on_update()
        .defaults(fill)
        .validate(validate)
        .table(COLUMNS, |object, now| cells(object, "involvedObject", "message", now));
    selectable(kind)
}

/// Lets field selectors ask for what events are about.
fn selectable(kind: Kind) -> Kind {
    kind.selectable("involvedObject.kind", |it| meta::text(it, "/involvedObject/kind").into())
        .selectable("involvedObject.namespace", |it| {
            meta::text(it, "/involvedObject/namespace").into()
        })
        .selectable("involvedObject.name", |it| meta::text(it, "/involvedObject/name").into())
        .selectable("involvedObject.uid", |it| meta::text(it, "/involvedObject/uid").into())
        .selectable("involvedObject.apiVersion", |it| {
            meta::text(it, "/involvedObject/apiVersion").into()
        })
        .selectable("involvedObject.resourceVersion", |it| {
            meta::text(it, "/involvedObject/resourceVersion").into()
        })
        .selectable("involvedObject.fieldPath", |it| {
            meta::text(it, "/involvedObject/fieldPath").into()
        })
        .selectable("reason", |it| meta::text(it, "/reason").into())
        .selectable("reportingComponent", |it| meta::text(it, "/reportingComponent").into())
        .selectable("source", source)
        .selectable("type", |it| meta::text(it, "/type").into())
}

fn source(object: &Value) -> String {
    let component = meta::text(object, "/source/component");
    let reporting = meta::text(object, "/reportingComponent");
    if component.is_empty() { reporting.into() } else { component.into() }
}

const EVENT: &str = "v1.Event";
const LAST_SEEN: &str = "The time at which the most recent occurrence of this event was recorded.";

/// The columns of both forms of events; the older form's fields explain them.
pub(crate) const COLUMNS: &[Column] = &[
    text("Last Seen", LAST_SEEN),
    of_field("Type", EVENT, "type"),
    of_field("Reason", EVENT, "reason"),
    of_field("Object", EVENT, "involvedObject"),
    wide(of_field("Subobject", "v1.ObjectReference", "fieldPath")),
    wide(of_field("Source", EVENT, "source")),
    of_field("Message", EVENT, "message"),
    wide(of_field("First Seen", EVENT, "firstTimestamp")),
    wide(of_field("Count", EVENT, "count")),
    wide(NAME),
];

/// The row of an event whose object and message stand under these names.
pub(crate) fn cells(object: &Value, about: &str, message: &str, now: Timestamp) -> Vec<Value> {
    let at = |pointers: &[&str]| {
        pointers
            .iter()
            .map(|pointer| meta::text(object, pointer))
            .find(|time| !time.is_empty())
            .map_or_else(|| "<unknown>".to_owned(), |time| age::since(time, now))
    };
    let first = at(&["/firstTimestamp", "/deprecatedFirstTimestamp", "/eventTime"]);
    let last = at(&[
        "/series/lastObservedTime",
        "/lastTimestamp",
        "/deprecatedLastTimestamp",
        "/eventTime",
    ]);
    let series = meta::number(object, "/series/count");
    let count = series
        .or_else(|| meta::number(object, "/count"))
        .or_else(|| meta::number(object, "/deprecatedCount"))
        .unwrap_or(1);
    let kind = meta::text(object, &format!("/{about}/kind")).to_lowercase();
    let name = meta::text(object, &format!("/{about}/name"));
    vec![
        last.into(),
        object["type"].as_str().unwrap_or_default().into(),
        object["reason"].as_str().unwrap_or_default().into(),
        format!("{kind}/{name}").into(),
        meta::text(object, &format!("/{about}/fieldPath")).into(),
        who(object).into(),
        object[message].as_str().unwrap_or_default().trim().into(),
        first.into(),
        count.max(1).into(),
        meta::name(object).into(),
    ]
}

fn who(object: &Value) -> String {
    let first = |pointers: [&str; 3]| {
        let found = pointers.iter().map(|pointer| meta::text(object, pointer));
        found.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    };
    let component =
        first(["/source/component", "/deprecatedSource/component", "/reportingController"]);
    let component = if component.is_empty() {
        meta::text(object, "/reportingComponent").to_owned()
    } else {
        component
    };
    let host = first(["/source/host", "/deprecatedSource/host", "/reportingInstance"]);
    if host.is_empty() { component } else { format!("{component}, {host}") }
}

/// Fills in what the older form always shows.
pub(crate) fn fill(object: &mut Value) {
    let fields = meta::as_object(object);
    drop_zero(fields, &["reason", "message", "type", "count", "action"]);
    for key in ["firstTimestamp", "lastTimestamp", "eventTime"] {
        fields.entry(key).or_insert(Value::Null);
    }
    for key in ["reportingComponent", "reportingInstance"] {
        meta::set_default(fields, key, "");
    }
    meta::set_default(fields, "source", json!({}));
    meta::set_default(fields, "involvedObject", json!({}));
}

fn validate(change: &Change<'_>, errors: &mut Errors) {
    check_event(change.new, "reportingComponent", errors);
}

/// Checks an event in the older form; `controller` is what its version calls who reports it.
/// Source: `legacyValidateEvent`.
pub(crate) fn check_event(event: &Value, controller: &str, errors: &mut Errors) {
    let namespace = meta::namespace(event);
    let about = meta::text(event, "/involvedObject/namespace");
    let timed = !meta::text(event, "/eventTime").is_empty();
    let homes: &[&str] = match (about.is_empty(), timed) {
        (true, true) => &["default", "kube-system"],
        (true, false) => &["", "default"],
        (false, true) => &[namespace],
        (false, false) => &[about],
    };
    if !homes.contains(&namespace) {
        let path = Path::new("involvedObject").child("namespace");
        errors.invalid(&path, &json!(about), "does not match event.namespace");
    }
    if timed {
        check_report(event, &Path::new(controller), errors);
    }
}

/// An event with a time says who reports it, what was done and why.
fn check_report(event: &Value, at: &Path, errors: &mut Errors) {
    const LONGEST_NOTE: usize = 1024;
    let controller = meta::text(event, "/reportingComponent");
    if controller.is_empty() {
        errors.required(at, "");
    }
    for why in names::qualified_name(controller) {
        errors.invalid(at, &json!(controller), why);
    }
    for (field, longest) in [("reportingInstance", 128), ("action", 128), ("reason", 128)] {
        let text = meta::text(event, &format!("/{field}"));
        if text.is_empty() {
            errors.required(&Path::new(field), "");
        } else if text.len() > longest {
            let why = format!("can have at most {longest} characters");
            errors.invalid(&Path::new(field), &json!(""), why);
        }
    }
    if meta::text(event, "/message").len() > LONGEST_NOTE {
        let why = format!("can have at most {LONGEST_NOTE} characters");
        errors.invalid(&Path::new("message"), &json!(""), why);
    }
}
