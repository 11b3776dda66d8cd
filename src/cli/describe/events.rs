//! The events of an object, at the end of its page.

use client::ListOptions;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Page, Subject,
    page::{items, shown},
};
use crate::verbs::resource;

/// Adds the events of the page's object, if they are wanted.
pub(super) async fn add(page: &mut Page, subject: &Subject<'_>) {
    if !subject.events {
        return;
    }
    let found = find(subject).await;
    table(page, found);
}

async fn find(subject: &Subject<'_>) -> Vec<Value> {
    let info = subject.info;
    let place = resource("v1", "Event", "events", true);
    let namespace = info.namespace.as_deref();
    let Ok(api) = subject.cx.api(&place, namespace).await else { return Vec::new() };
    let mut fields = vec![
        format!("involvedObject.name={}", info.name),
        format!("involvedObject.kind={}", info.place.resource.kind),
    ];
    if let Some(namespace) = namespace {
        fields.insert(1, format!("involvedObject.namespace={namespace}"));
    }
    let uid = shown(&info.object["metadata"]["uid"]);
    if !uid.is_empty() && info.place.resource.kind != "Node" {
        fields.push(format!("involvedObject.uid={uid}"));
    }
    let options = ListOptions::fields(fields.join(","));
    // Without the right to see events the page says that there are none, as kubectl's.
    let list = api.list(&options).await.unwrap_or_default();
    let mut found = items(&list["items"]).to_vec();
    found.sort_by_key(|event| shown(last_time(event)));
    found
}

fn last_time(event: &Value) -> &Value {
    for time in [&event["series"]["lastObservedTime"], &event["lastTimestamp"], &event["eventTime"]]
    {
        if time.is_string() {
            return time;
        }
    }
    &event["firstTimestamp"]
}

fn first_time(event: &Value) -> &Value {
    if event["firstTimestamp"].is_string() { &event["firstTimestamp"] } else { &event["eventTime"] }
}

/// How long ago an event was, and how often it came.
pub(crate) fn age_of(event: &Value, now: Timestamp) -> String {
    let since = |time: &Value| match time.as_str() {
        Some(text) => machinery::age::since(text, now),
        None => "<unknown>".to_owned(),
    };
    let series = event["series"]["count"].as_i64();
    let count = series.or(event["count"].as_i64()).unwrap_or(0);
    if count > 1 {
        return format!("{} (x{count} over {})", since(last_time(event)), since(first_time(event)));
    }
    since(first_time(event))
}

/// Who raised an event.
pub(crate) fn source_of(event: &Value) -> String {
    let component = shown(&event["source"]["component"]);
    if component.is_empty() { shown(&event["reportingComponent"]) } else { component }
}

fn table(page: &mut Page, events: Vec<Value>) {
    if events.is_empty() {
        return page.field(0, "Events", "<none>");
    }
    let now = lifecycle::clock::now();
    page.line(0, "Events:");
    page.line(1, "Type\tReason\tAge\tFrom\tMessage");
    page.line(1, "----\t------\t----\t----\t-------");
    for event in events {
        let (kind, reason) = (shown(&event["type"]), shown(&event["reason"]));
        let message = message(&event);
        let (age, source) = (age_of(&event, now), source_of(&event));
        page.line(1, format!("{kind}\t{reason}\t{age}\t{source}\t{message}"));
    }
}

/// What an event says, with the part of the object that it is about.
fn message(event: &Value) -> String {
    let text = shown(&event["message"]);
    match event["involvedObject"]["fieldPath"].as_str().filter(|path| !path.is_empty()) {
        Some(path) => format!("{path}: {}", text.trim()),
        None => text.trim().to_owned(),
    }
}
