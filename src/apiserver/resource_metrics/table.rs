//! Use as a table. Source: metrics-server's `pkg/api/table.go`.

use machinery::{meta, quantity::Quantity};
use serde_json::{Value, json};

use super::WINDOW;
use crate::http::answer::Accept;

/// A table of nodes or pods and what they use.
pub(super) fn of(objects: &[Value], accept: Accept) -> Value {
    let column = |name: &str, kind: &str| json!({"name": name, "type": kind, "format": "", "description": "", "priority": 0});
    let rows: Vec<Value> = objects.iter().map(|object| row(object, accept)).collect();
    let mut name = column("Name", "string");
    name["format"] = "name".into();
    json!({
        "kind": "Table", "apiVersion": accept.meta_version(), "metadata": {},
        "columnDefinitions":
            [name, column("cpu", "string"), column("memory", "string"), column("Window", "string")],
        "rows": rows,
    })
}

fn row(object: &Value, accept: Accept) -> Value {
    let single = [json!({"usage": object["usage"]})];
    let parts = match meta::items(object, "/containers") {
        [] => &single[..],
        containers => containers,
    };
    let sum = |what: &str| {
        let amounts = parts.iter().map(|part| {
            let text = part["usage"][what].as_str().unwrap_or("0");
            text.parse().unwrap_or_else(|_| Quantity::whole(0))
        });
        amounts.fold(Quantity::whole(0), Quantity::plus)
    };
    let cpu = format!("{}m", sum("cpu").milli_value());
    let memory = format!("{}Ki", sum("memory").value() / 1024);
    let metadata = json!({
        "kind": "PartialObjectMetadata", "apiVersion": accept.meta_version(),
        "metadata": object["metadata"],
    });
    json!({"cells": [meta::name(object), cpu, memory, WINDOW], "object": metadata})
}
