//! `events`: the events of a namespace or object, oldest first, and those to come.

use client::{ListOptions, WatchEvent, WatchOptions};
use serde_json::{Value, json};

use super::create;
use crate::{
    args::Parsed,
    context::Context,
    describe::age_of,
    print::{self, TabWriter},
    report::CliError,
    terminal::{Palette, Tint},
};

#[expect(clippy::too_many_lines, reason = "the verb from arguments to rows")]
pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let types = parsed.list("types");
    for one in &types {
        if !one.eq_ignore_ascii_case("Normal") && !one.eq_ignore_ascii_case("Warning") {
            return Err(CliError::plain("valid --types are Normal or Warning"));
        }
    }
    let (namespace, _) = cx.namespace()?;
    let scope = (!parsed.is("all-namespaces")).then_some(namespace.as_str());
    let place = create::resource("v1", "Event", "events", true);
    let api = cx.api(&place, scope).await?;
    let fields = match parsed.some("for") {
        Some(word) => Some(of_object(cx, word).await?),
        None => None,
    };
    let options = ListOptions { fields: fields.clone(), ..ListOptions::default() };
    let list = api.list(&options).await?;
    let keep = |event: &Value| {
        types.is_empty()
            || types
                .iter()
                .any(|kind| event["type"].as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)))
    };
    let mut events: Vec<Value> = list["items"].as_array().cloned().unwrap_or_default();
    events.retain(keep);
    events.sort_by_key(|event| last_time(event).to_owned());
    let palette = cx.palette()?;
    let mut shown = Shown {
        parsed: &parsed,
        out: TabWriter::table().painted(palette.is_on()),
        headers: !parsed.is("no-headers"),
        palette,
    };
    if parsed.is("watch") {
        for event in &events {
            shown.row(event);
        }
        shown.flush(cx)?;
        let version = list["metadata"]["resourceVersion"].as_str().map(str::to_owned);
        let options = WatchOptions { fields, resource_version: version, ..WatchOptions::default() };
        let mut coming = api.watch(&options).await?;
        while let Some(event) = coming.next::<Value>().await? {
            if let WatchEvent::Added(event) | WatchEvent::Modified(event) = event
                && keep(&event)
            {
                shown.row(&event);
                shown.flush(cx)?;
            }
        }
        return Ok(());
    }
    if events.is_empty() {
        let place = match scope {
            Some(namespace) => format!("No events found in {namespace} namespace."),
            None => "No events found.".to_owned(),
        };
        cx.say_err(&place);
        return Ok(());
    }
    // kubectl has no names for a list, and prints nothing.
    if parsed.text("output") == "name" {
        return Ok(());
    }
    if !parsed.text("output").is_empty() {
        return documents(cx, &parsed, events);
    }
    for event in &events {
        shown.row(event);
    }
    shown.flush(cx)
}

fn documents(cx: &Context, parsed: &Parsed, mut events: Vec<Value>) -> Result<(), CliError> {
    for event in &mut events {
        event["kind"] = "Event".into();
        event["apiVersion"] = "v1".into();
        if event.get("eventTime").is_none() {
            event["eventTime"] = Value::Null;
        }
    }
    let mut list =
        json!({"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": events});
    print::hide_managed_fields(&mut list);
    if parsed.text("output") == "json" {
        return cx.say(&print::typed::json(&list));
    }
    print::printer(parsed, print::TEMPLATES)?.print(cx, &list)
}

/// The field selector of an object's events.
async fn of_object(cx: &Context, word: &str) -> Result<String, CliError> {
    let Some((kind, name)) = word.split_once('/') else {
        return Err(CliError::plain("--for must be in resource/name form"));
    };
    let place = cx.resource(kind).await?;
    let version = place.resource.api_version();
    let kind = &place.resource.kind;
    Ok(format!(
        "involvedObject.apiVersion={version},involvedObject.kind={kind},involvedObject.name={name}"
    ))
}

/// When an event was last seen; empty where it does not say.
pub(crate) fn last_time(event: &Value) -> &str {
    let times =
        [&event["series"]["lastObservedTime"], &event["lastTimestamp"], &event["eventTime"]];
    times.into_iter().find_map(Value::as_str).unwrap_or_default()
}

struct Shown<'p> {
    parsed: &'p Parsed,
    out: TabWriter,
    headers: bool,
    palette: Palette,
}

impl Shown<'_> {
    fn row(&mut self, event: &Value) {
        let everywhere = self.parsed.is("all-namespaces");
        if self.headers {
            self.headers = false;
            let titles = ["NAMESPACE", "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
            let titles = titles.map(|title| self.palette.paint(Some(Tint::Strong), title));
            let skipped = usize::from(!everywhere);
            self.out.write(&titles[skipped..].join("\t"));
            self.out.write("\n");
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if everywhere {
            self.out.write(&format!("{}\t", text(&event["metadata"]["namespace"])));
        }
        let tint = (event["type"] == "Warning").then_some(Tint::Bad);
        let about = &event["involvedObject"];
        self.out.write(&format!(
            "{}\t{}\t{}\t{}/{}\t{}\n",
            age_of(event, lifecycle::clock::now()),
            self.palette.paint(tint, &text(&event["type"])),
            text(&event["reason"]),
            text(&about["kind"]),
            text(&about["name"]),
            text(&event["message"]).trim()
        ));
    }

    fn flush(&mut self, cx: &Context) -> Result<(), CliError> {
        let text = self.out.flush();
        cx.out(&text)?;
        cx.flush();
        Ok(())
    }
}
