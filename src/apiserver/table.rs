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
            table(call, &metadata, std::slice::from_ref(&value))?
        }
        _ => partial(&value),
    };
    Ok(answer::document(code, &document, accept))
}

/// Answers with a list of objects as a table or as metadata.
pub(crate) fn answer_list(
    call: &Call,
    metadata: &Value,
    objects: &[Bytes],
    accept: Accept,
) -> Result<Response, Status> {
    let objects: Result<Vec<Value>, _> =
        objects.iter().map(|bytes| serde_json::from_slice(bytes)).collect();
    let objects = objects.map_err(Status::internal)?;
    let document = match accept.form {
        Form::Table => table(call, metadata, &objects)?,
        _ => json!({
            "kind": "PartialObjectMetadataList",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": metadata,
            "items": objects.iter().map(partial).collect::<Vec<_>>(),
        }),
    };
    Ok(answer::document(200, &document, accept))
}

fn table(call: &Call, metadata: &Value, objects: &[Value]) -> Result<Value, Status> {
    let include = include_of(call)?;
    let rows: Vec<Value> = objects.iter().map(|object| row(&call.kind, object, include)).collect();
    Ok(json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
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

fn row(kind: &Kind, object: &Value, include: Include) -> Value {
    let now = lifecycle::clock::now();
    let cells = kind.cells(object, now).unwrap_or_else(|| {
        vec![meta::name(object).into(), meta::text(object, "/metadata/creationTimestamp").into()]
    });
    match include {
        Include::Nothing => json!({"cells": cells, "object": null}),
        Include::Metadata => json!({"cells": cells, "object": partial(object)}),
        Include::Object => json!({"cells": cells, "object": object}),
    }
}

fn partial(object: &Value) -> Value {
    json!({
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": object.get("metadata").cloned().unwrap_or_default(),
    })
}

/// Turns the objects of a watch into rows; the columns stand in the first one only.
#[derive(Debug)]
pub(crate) struct Rows {
    kind: Arc<Kind>,
    form: Form,
    include: Include,
    first: bool,
}

impl Rows {
    /// Rows in the form that the request asks for.
    pub(crate) fn new(call: &Call, form: Form) -> Self {
        let include = include_of(call).unwrap_or(Include::Metadata);
        Self { kind: Arc::clone(&call.kind), form, include, first: true }
    }

    /// One object as a table of one row, or as metadata.
    pub(crate) fn one(&mut self, object: &Bytes) -> Bytes {
        let value: Value = serde_json::from_slice(object).unwrap_or_default();
        if self.form == Form::Metadata {
            return partial(&value).to_string().into();
        }
        let columns = if self.first { definitions(&self.kind).into() } else { Value::Null };
        self.first = false;
        json!({
            "kind": "Table",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": {"resourceVersion": meta::resource_version(&value)},
            "columnDefinitions": columns,
            "rows": [row(&self.kind, &value, self.include)],
        })
        .to_string()
        .into()
    }
}
