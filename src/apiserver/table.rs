//! Objects as rows of a table, or as their metadata alone.
//! Source: Kubernetes API concepts, "Receiving resources as Tables".

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    column::{self, Column, Description},
    kind::Kind,
    meta,
    status::Status,
};
use serde_json::{Value, json};

use crate::http::{
    Call,
    answer::{self, Accept, Form},
};

const fn column(name: &'static str, format: &'static str, field: &'static str) -> Column {
    let description = Description::Field { definition: "v1.ObjectMeta", field };
    let data_type = if format.is_empty() { "date" } else { "string" };
    Column { name, data_type, format, description, priority: 0 }
}

const DEFAULT_COLUMNS: &[Column] =
    &[column("Name", "name", "name"), column("Created At", "", "creationTimestamp")];

/// How much of the object stands beside its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Include {
    Nothing,
    Metadata,
    Object,
}

/// Answers with one object, in the form that the caller wants.
pub(crate) fn answer_object(
    call: &Call,
    object: &Bytes,
    code: u16,
    accept: Accept,
) -> Result<Response, Status> {
    if accept.form == Form::Plain {
        return Ok(answer::bytes(code, object.clone(), accept));
    }
    let value: Value = serde_json::from_slice(object).map_err(Status::internal)?;
    let document = match accept.form {
        Form::Table => {
            let version = meta::resource_version(&value);
            let metadata =
                if version.is_empty() { json!({}) } else { json!({"resourceVersion": version}) };
            table(call, &metadata, std::slice::from_ref(&value), accept)?
        }
        Form::MetadataList => {
            return Err(wrong_shape(call, "PartialObjectMetadataList", "not a list", ""));
        }
        _ => partial(&call.kind, &value, accept),
    };
    Ok(answer::document(code, &document, accept))
}

/// Answers with a list of objects as a table or as metadata, one object at a time.
pub(crate) fn answer_list(
    call: &Call,
    metadata: &Value,
    objects: &[Bytes],
    accept: Accept,
) -> Result<Response, Status> {
    if accept.form == Form::Metadata {
        return Err(wrong_shape(call, "PartialObjectMetadata", "a list", "List"));
    }
    let is_table = accept.form == Form::Table;
    let (kind, items) =
        if is_table { ("Table", "rows") } else { ("PartialObjectMetadataList", "items") };
    let version = accept.meta_version();
    let mut out =
        format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{version}\",\"metadata\":{metadata}");
    if is_table {
        let columns = Value::from(definitions(&call.kind));
        out = format!("{out},\"columnDefinitions\":{columns}");
    }
    let mut out = format!("{out},\"{items}\":[").into_bytes();
    let include = include_of(call)?;
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if is_table {
            write_row(&mut out, &call.kind, object, (include, accept))?;
        } else {
            write_partial(&mut out, &call.kind, object, accept)?;
        }
    }
    out.extend_from_slice(b"]}");
    Ok(answer::bytes(200, out.into(), accept))
}

/// Writes an object's row behind what is written. Of the object only what cells need is read.
fn write_row(
    out: &mut Vec<u8>,
    kind: &Kind,
    bytes: &Bytes,
    (include, accept): (Include, Accept),
) -> Result<(), Status> {
    let object = machinery::json::skim(bytes, kind.row_reads).map_err(Status::internal)?;
    out.extend_from_slice(b"{\"cells\":");
    serde_json::to_writer(&mut *out, &cells(kind, &object)).map_err(Status::internal)?;
    if let Some(conditions) = kind.row_conditions(&object) {
        out.extend_from_slice(b",\"conditions\":");
        serde_json::to_writer(&mut *out, &conditions).map_err(Status::internal)?;
    }
    out.extend_from_slice(b",\"object\":");
    match include {
        Include::Nothing => out.extend_from_slice(b"null"),
        Include::Metadata => write_partial(out, kind, bytes, accept)?,
        Include::Object => out.extend_from_slice(bytes),
    }
    out.push(b'}');
    Ok(())
}

/// Writes an object's metadata behind what is written, as it stands in the object's own bytes.
fn write_partial(
    out: &mut Vec<u8>,
    kind: &Kind,
    bytes: &Bytes,
    accept: Accept,
) -> Result<(), Status> {
    const BEGIN: &[u8] = b",\"metadata\":";
    // Our own writing has kind and version before the metadata, and both are short.
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let at = head.windows(BEGIN.len()).position(|window| window == BEGIN);
    let own = bytes.starts_with(b"{\"kind\":\"") && kind.field_annotation.is_none();
    let slice = at.filter(|_| own).and_then(|at| bytes.get(at + BEGIN.len()..));
    let Some(metadata) = slice.and_then(machinery::json::object_at_start) else {
        let value: Value = serde_json::from_slice(bytes).map_err(Status::internal)?;
        return serde_json::to_writer(out, &partial(kind, &value, accept))
            .map_err(Status::internal);
    };
    let version = accept.meta_version();
    let head = format!("{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"{version}\"");
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(BEGIN);
    out.extend_from_slice(metadata);
    out.push(b'}');
    Ok(())
}

/// The metadata of a list was asked for where there is an object, or the other way round.
fn wrong_shape(call: &Call, asked: &str, is: &str, suffix: &str) -> Status {
    let kind = &call.kind;
    let package = match kind.group.split('.').next().unwrap_or_default() {
        "" => "core",
        first => first,
    };
    let shown = if kind.custom.is_some() {
        format!("*unstructured.Unstructured{suffix}")
    } else {
        format!("*{package}.{}{suffix}", kind.kind)
    };
    let words = format!("you requested {asked}, but the requested object is {is} ({shown})");
    let mut status = Status::not_acceptable(&[]);
    status.message = words;
    status
}

fn table(
    call: &Call,
    metadata: &Value,
    objects: &[Value],
    accept: Accept,
) -> Result<Value, Status> {
    let include = include_of(call)?;
    let rows: Vec<Value> =
        objects.iter().map(|object| row(&call.kind, object, include, accept)).collect();
    Ok(json!({
        "kind": "Table",
        "apiVersion": accept.meta_version(),
        "metadata": metadata,
        "columnDefinitions": definitions(&call.kind),
        "rows": rows,
    }))
}

fn include_of(call: &Call) -> Result<Include, Status> {
    match call.query.text("includeObject") {
        "" | "Metadata" => Ok(Include::Metadata),
        "None" => Ok(Include::Nothing),
        "Object" => Ok(Include::Object),
        other => Err(Status::bad_request(format!("unrecognized includeObject value: {other:?}"))),
    }
}

fn definitions(kind: &Kind) -> Vec<Value> {
    if kind.columns.is_empty() && kind.own_columns.is_none() {
        return column::definitions(DEFAULT_COLUMNS, &kind.documents().1);
    }
    kind.column_definitions().to_vec()
}

fn cells(kind: &Kind, object: &Value) -> Vec<Value> {
    let now = lifecycle::clock::now();
    kind.cells(object, now).unwrap_or_else(|| {
        vec![meta::name(object).into(), meta::text(object, "/metadata/creationTimestamp").into()]
    })
}

fn row(kind: &Kind, object: &Value, include: Include, accept: Accept) -> Value {
    let cells = cells(kind, object);
    let shown = match include {
        Include::Nothing => Value::Null,
        Include::Metadata => partial(kind, object, accept),
        Include::Object => object.clone(),
    };
    let mut row = json!({"cells": cells, "object": shown});
    if let Some(conditions) = kind.row_conditions(object) {
        row["conditions"] = conditions;
    }
    row
}

fn partial(kind: &Kind, object: &Value, accept: Accept) -> Value {
    let mut metadata = object.get("metadata").cloned().unwrap_or_default();
    if let Some(field) = kind.field_annotation
        && let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut)
    {
        annotations.remove(field);
        if annotations.is_empty() {
            meta::as_object(&mut metadata).remove("annotations");
        }
    }
    json!({
        "kind": "PartialObjectMetadata",
        "apiVersion": accept.meta_version(),
        "metadata": metadata,
    })
}

/// Turns the objects of a watch into rows; the columns stand in the first one only.
#[derive(Debug)]
pub(crate) struct Rows {
    kind: Arc<Kind>,
    accept: Accept,
    include: Include,
    first: bool,
}

impl Rows {
    /// Rows, or metadata, as the request asks for.
    pub(crate) fn new(call: &Call, accept: Accept) -> Self {
        let include = include_of(call).unwrap_or(Include::Metadata);
        Self { kind: Arc::clone(&call.kind), accept, include, first: true }
    }

    /// One object as a table of one row, or as metadata.
    pub(crate) fn one(&mut self, object: &Bytes) -> Value {
        let value: Value = serde_json::from_slice(object).unwrap_or_default();
        if self.accept.form != Form::Table {
            return partial(&self.kind, &value, self.accept);
        }
        let columns = if self.first { definitions(&self.kind).into() } else { Value::Null };
        self.first = false;
        json!({
            "kind": "Table",
            "apiVersion": self.accept.meta_version(),
            "metadata": {"resourceVersion": meta::resource_version(&value)},
            "columnDefinitions": columns,
            "rows": [row(&self.kind, &value, self.include, self.accept)],
        })
    }
}
