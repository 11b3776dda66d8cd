//! Event: what happened to an object, in both of its groups.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use machinery::{
    age,
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta,
};
use serde_json::{Value, json};

use crate::parts::{drop_zero, kind as build, text, wide};

pub(crate) fn kind() -> Kind {
    let kind = build::<Event>("", "v1", "Event", "events")
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

pub(crate) const COLUMNS: &[Column] = &[
    text("Last Seen", "How long ago it happened last."),
    text("Type", "Normal or Warning."),
    text("Reason", "Why it happened, in one word."),
    text("Object", "What it happened to."),
    wide("Subobject", "The part of the object that it happened to."),
    wide("Source", "Who says so."),
    text("Message", "What happened, for people."),
    wide("First Seen", "How long ago it happened first."),
    wide("Count", "How often it happened."),
    Column {
        name: "Name",
        data_type: "string",
        format: "name",
        description: "The object's name, unique among its kind within a namespace.",
        priority: 1,
    },
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
        count.max(1).to_string().into(),
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
    let namespace = meta::namespace(change.new);
    let about = meta::text(change.new, "/involvedObject/namespace");
    let home = if about.is_empty() { "default" } else { about };
    if change.old.is_none() && namespace != home {
        let path = Path::new("involvedObject").child("namespace");
        errors.invalid(&path, &json!(about), "does not match event.namespace");
    }
}
