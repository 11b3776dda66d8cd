//! Tables: asked of the server, printed one kind after the other.

use std::fmt::Write as _;

use bytes::Bytes;
use client::{discovery::ApiResource, escape};
use http::{Request, header::ACCEPT};
use machinery::json::Keep;
use serde_json::{Value, json};

use crate::{
    args::Parsed,
    context::Context,
    print::{Printer, TableOptions, table_text},
    report::CliError,
    resolve::{self, Ask},
};

/// Asks for a table, and takes the object where the server makes none.
pub(super) const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,\
     application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

/// What is read of a table: of each row's object only what may stand beside the cells.
const SHOWN: Keep = Keep::Besides(&[(
    "rows",
    Keep::Only(&[
        ("cells", Keep::All),
        (
            "object",
            Keep::Only(&[(
                "metadata",
                Keep::Only(&[("namespace", Keep::All), ("labels", Keep::All)]),
            )]),
        ),
    ]),
)]);

/// Rows of one kind.
struct Section {
    place: ApiResource,
    table: Value,
}

/// What to show beside the cells.
pub(super) fn options(
    cx: &Context,
    parsed: &Parsed,
    printer: &Printer,
) -> Result<TableOptions, CliError> {
    Ok(TableOptions {
        wide: matches!(printer, Printer::Table { wide: true }),
        no_headers: parsed.is("no-headers"),
        show_labels: parsed.is("show-labels"),
        label_columns: parsed.list("label-columns"),
        with_namespace: parsed.is("all-namespaces"),
        kind: None,
        events: false,
        palette: cx.palette()?,
    })
}

pub(super) async fn run(
    cx: &Context,
    parsed: &Parsed,
    ask: &Ask,
    printer: &Printer,
) -> Result<(), CliError> {
    let mut options = options(cx, parsed, printer)?;
    let (sections, errors) = collect(cx, parsed, ask).await?;
    let mut kinds: Vec<&ApiResource> = sections.iter().map(|section| &section.place).collect();
    kinds.dedup();
    let many =
        kinds.len() > 1 || ask.words.first().is_some_and(|w| w.contains(',')) && kinds.len() > 1;
    let mut text = String::new();
    let mut namespaced = false;
    for section in &sections {
        if rows(&section.table) == 0 {
            continue;
        }
        if !text.is_empty() && !options.no_headers {
            text.push('\n');
        }
        let resource = &section.place.resource;
        if many || parsed.is("show-kind") || ask.words.iter().any(|word| word == "all") {
            let dot = if resource.group.is_empty() { "" } else { "." };
            options.kind = Some(format!("{}{dot}{}", section.place.singular, resource.group));
        }
        let mut shown = options.clone();
        // Once there is a column of namespaces, kubectl keeps it for what follows.
        namespaced |= resource.namespaced;
        shown.with_namespace &= namespaced;
        text.push_str(&table_text(&section.table, &shown));
    }
    if text.is_empty() && errors.is_empty() && !parsed.is("ignore-not-found") {
        say_none(cx, parsed, ask, &sections)?;
    }
    cx.out(&text)?;
    CliError::all(errors)
}

fn rows(table: &Value) -> usize {
    table["rows"].as_array().map_or(0, Vec::len)
}

fn say_none(
    cx: &Context,
    parsed: &Parsed,
    ask: &Ask,
    sections: &[Section],
) -> Result<(), CliError> {
    let (namespace, _) = cx.namespace()?;
    let namespaced = sections.iter().any(|s| s.place.resource.namespaced);
    let everywhere = parsed.is("all-namespaces") || (!namespaced && !ask.words.is_empty());
    if everywhere {
        cx.say_err("No resources found");
    } else {
        cx.say_err(&format!("No resources found in {namespace} namespace."));
    }
    Ok(())
}

async fn collect(
    cx: &Context,
    parsed: &Parsed,
    ask: &Ask,
) -> Result<(Vec<Section>, Vec<CliError>), CliError> {
    resolve::check(ask)?;
    let mut found = Sections { list: Vec::new(), errors: Vec::new() };
    if ask.has_files() {
        let resolved = resolve::find(cx, ask).await?;
        found.errors = resolved.errors;
        for info in resolved.infos {
            let table = one(cx, parsed, &info.place, info.namespace.as_deref(), &info.name).await;
            found.take(&info.place, table, ask);
        }
        return found.sorted(parsed);
    }
    let (namespace, _) = cx.namespace()?;
    for target in resolve::targets(cx, ask).await? {
        let scope = resolve::scope(&target.place, &namespace);
        if target.names.is_empty() {
            let scope = scope.clone().filter(|_| !ask.all_namespaces);
            let table = list(cx, parsed, ask, &target.place, scope.as_deref()).await;
            found.take(&target.place, table, ask);
        }
        for name in &target.names {
            if ask.all_namespaces {
                let text = "a resource cannot be retrieved by name across all namespaces";
                return Err(CliError::plain(text));
            }
            let table = one(cx, parsed, &target.place, scope.as_deref(), name).await;
            found.take(&target.place, table, ask);
        }
    }
    found.sorted(parsed)
}

struct Sections {
    list: Vec<Section>,
    errors: Vec<CliError>,
}

impl Sections {
    /// Adds rows to the last kind or begins a new one.
    fn take(&mut self, place: &ApiResource, table: Result<Value, CliError>, ask: &Ask) {
        let mut table = match table {
            Ok(table) => table,
            Err(error) if ask.ignore_not_found && error.not_found() => return,
            Err(error) if ask.really && resolve::cannot_list(&error) => return,
            Err(error) => return self.errors.push(error),
        };
        match self.list.last_mut().filter(|last| last.place == *place) {
            Some(last) => append(&mut last.table, &mut table),
            None => self.list.push(Section { place: place.clone(), table }),
        }
    }

    fn sorted(mut self, parsed: &Parsed) -> Result<(Vec<Section>, Vec<CliError>), CliError> {
        if let Some(path) = parsed.some("sort-by") {
            let path = crate::print::JsonPath::relaxed(path);
            match (self.list.as_mut_slice(), path) {
                // kubectl passes over what is wrong with one table: it has no rows then.
                ([one], path) => sort_one(one, path.as_ref().ok()),
                (list, path) => sort_each(list, &path?)?,
            }
        }
        Ok((self.list, self.errors))
    }
}

fn append(table: &mut Value, more: &mut Value) {
    if let (Some(rows), Some(more)) = (table["rows"].as_array_mut(), more["rows"].as_array_mut()) {
        rows.append(more);
    }
}

fn rows_of(table: &mut Value) -> Option<&mut Vec<Value>> {
    table["rows"].as_array_mut().filter(|rows| !rows.is_empty())
}

/// Sorts one table of several rows; where that cannot be done they go.
fn sort_one(section: &mut Section, path: Option<&crate::print::JsonPath>) {
    let Some(rows) = rows_of(&mut section.table).filter(|rows| rows.len() > 1) else { return };
    if !path.is_some_and(|path| sort(rows, path)) {
        rows.clear();
    }
}

/// Sorts several tables. Errors: a table none of whose objects has the field.
fn sort_each(list: &mut [Section], path: &crate::print::JsonPath) -> Result<(), CliError> {
    for rows in list.iter_mut().filter_map(|section| rows_of(&mut section.table)) {
        if !sort(rows, path) {
            let source = path.source();
            let text =
                format!("couldn't find any field with path {source:?} in the list of objects");
            return Err(CliError::plain(text));
        }
    }
    Ok(())
}

/// Rows by a field of their objects; `false` where none of them has it.
fn sort(rows: &mut [Value], path: &crate::print::JsonPath) -> bool {
    let key = |row: &Value| -> Option<Value> {
        path.find(&row["object"]).ok().and_then(|found| found.first().map(|f| f.get().clone()))
    };
    if rows.iter().all(|row| key(row).is_none()) {
        return false;
    }
    rows.sort_by(|a, b| super::compare(key(a).as_ref(), key(b).as_ref()));
    true
}

/// The table of one object.
async fn one(
    cx: &Context,
    parsed: &Parsed,
    place: &ApiResource,
    namespace: Option<&str>,
    name: &str,
) -> Result<Value, CliError> {
    let mut path = format!("{}/{}", place.resource.path(namespace), escape(name));
    if let Some(subresource) = parsed.some("subresource") {
        write!(path, "/{subresource}").map_err(|error| CliError::plain(error.to_string()))?;
    }
    ask_table(cx, parsed, &path).await
}

/// The table of a collection, all its pages.
pub(super) async fn list(
    cx: &Context,
    parsed: &Parsed,
    ask: &Ask,
    place: &ApiResource,
    namespace: Option<&str>,
) -> Result<Value, CliError> {
    let mut whole = Value::Null;
    let mut next = String::new();
    loop {
        let path = list_path(parsed, ask, place, namespace, &next);
        let table = ask_table(cx, parsed, &path).await;
        let mut table = table.map_err(|error| match error {
            CliError::Client(error) => resolve::match_error(error, ask, place),
            error => error,
        })?;
        let token = table["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
        if whole.is_null() {
            whole = table;
        } else {
            append(&mut whole, &mut table);
        }
        if token.is_empty() {
            return Ok(whole);
        }
        next = token;
    }
}

fn list_path(
    parsed: &Parsed,
    ask: &Ask,
    place: &ApiResource,
    namespace: Option<&str>,
    next: &str,
) -> String {
    let mut query = Vec::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            query.push(format!("{name}={}", escape(value)));
        }
    };
    add("continue", next);
    add("fieldSelector", &ask.fields);
    add("labelSelector", &ask.labels);
    let chunk = parsed.int("chunk-size");
    if chunk > 0 {
        add("limit", &chunk.to_string());
    }
    let path = place.resource.path(namespace);
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

async fn ask_table(cx: &Context, parsed: &Parsed, path: &str) -> Result<Value, CliError> {
    let mut path = path.to_owned();
    let mut keep = SHOWN;
    if parsed.some("sort-by").is_some() {
        keep = Keep::All;
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str("includeObject=Object");
    }
    let accept = if parsed.is("server-print") { TABLE } else { "application/json" };
    let request = Request::get(&path).header(ACCEPT, accept);
    let request = request.body(Bytes::new()).map_err(client::ClientError::from)?;
    let answer = cx.client().await?.json_part(request, keep).await?;
    Ok(as_table(answer))
}

/// An answer as a table; objects that are none get the columns name and age.
pub(super) fn as_table(answer: Value) -> Value {
    if answer["kind"] == "Table" {
        return answer;
    }
    let objects = match answer["items"].as_array() {
        Some(items) => items.clone(),
        None => vec![answer.clone()],
    };
    let now = lifecycle::clock::now();
    let rows: Vec<Value> = objects
        .into_iter()
        .map(|object| {
            let created = object["metadata"]["creationTimestamp"].as_str().unwrap_or_default();
            let age = if created.is_empty() {
                "<unknown>".to_owned()
            } else {
                machinery::age::since(created, now)
            };
            json!({"cells": [object["metadata"]["name"], age], "object": object})
        })
        .collect();
    json!({
        "kind": "Table",
        "metadata": answer["metadata"],
        "columnDefinitions": [{"name": "Name", "priority": 0}, {"name": "Age", "priority": 0}],
        "rows": rows,
    })
}
