//! Tables as the server makes them (`meta.k8s.io/v1 Table`), printed kubectl's way.

use serde_json::Value;

use super::{TabWriter, paint};
use crate::terminal::{Palette, Tint, harmless};

/// What is shown beside the server's cells.
#[expect(clippy::struct_excessive_bools, reason = "independent flags of the command line")]
#[derive(Debug, Clone, Default)]
pub(crate) struct TableOptions {
    pub(crate) wide: bool,
    pub(crate) no_headers: bool,
    pub(crate) show_labels: bool,
    pub(crate) label_columns: Vec<String>,
    pub(crate) with_namespace: bool,
    /// `kind.group` to stand before names.
    pub(crate) kind: Option<String>,
    /// A first column with watch events.
    pub(crate) events: bool,
    /// How states are painted.
    pub(crate) palette: Palette,
}

fn columns<'t>(table: &'t Value, options: &TableOptions) -> Vec<(usize, &'t str)> {
    let definitions = table["columnDefinitions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let shown = definitions.iter().enumerate();
    let shown = shown.filter(|(_, column)| {
        options.wide || column["priority"].as_i64() == Some(0) || column["priority"].is_null()
    });
    shown.map(|(at, column)| (at, column["name"].as_str().unwrap_or_default())).collect()
}

/// The header line, tabs between its cells.
pub(crate) fn headers_of(table: &Value, options: &TableOptions) -> String {
    let mut cells = Vec::new();
    if options.events {
        cells.push("EVENT".to_owned());
    }
    if options.with_namespace {
        cells.push("NAMESPACE".to_owned());
    }
    cells.extend(columns(table, options).iter().map(|(_, name)| name.to_uppercase()));
    cells.extend(
        options
            .label_columns
            .iter()
            .map(|label| label.rsplit('/').next().unwrap_or_default().to_uppercase()),
    );
    if options.show_labels {
        cells.push("LABELS".to_owned());
    }
    for cell in &mut cells {
        *cell = options.palette.paint(Some(Tint::Strong), cell);
    }
    cells.join("\t")
}

/// Adds the rows of a table to a writer.
pub(crate) fn print_rows(
    out: &mut TabWriter,
    table: &Value,
    options: &TableOptions,
    event: Option<&str>,
) {
    let columns = columns(table, options);
    for row in table["rows"].as_array().into_iter().flatten() {
        let mut cells = Vec::new();
        let metadata = &row["object"]["metadata"];
        let ended = columns.iter().any(|(at, name)| paint::is_end(name, &row["cells"][*at]));
        if let Some(event) = event.filter(|_| options.events) {
            cells.push(format!("{event:<8}"));
        }
        if options.with_namespace {
            cells.push(metadata["namespace"].as_str().unwrap_or_default().to_owned());
        }
        for (place, (at, name)) in columns.iter().enumerate() {
            let text = cell_text(&row["cells"][*at]);
            match &options.kind {
                Some(kind) if place == 0 => cells.push(format!("{kind}/{text}")),
                _ => cells.push(options.palette.paint(paint::tint(name, &text, ended), &text)),
            }
        }
        for label in &options.label_columns {
            cells.push(metadata["labels"][label].as_str().unwrap_or_default().to_owned());
        }
        if options.show_labels {
            cells.push(labels_text(&metadata["labels"]));
        }
        out.write(&cells.join("\t"));
        out.write("\n");
    }
}

/// Labels as `a=b,c=d`, `<none>` without any.
pub(crate) fn labels_text(labels: &Value) -> String {
    let pairs: Vec<String> = labels
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") }
}

fn cell_text(cell: &Value) -> String {
    let text = match cell {
        Value::String(text) => text.clone(),
        Value::Null => "<nil>".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(_) | Value::Object(_) => machinery::yaml::compact(cell),
    };
    // Longer than one line: the first, and that more follows.
    let text = match text.find(['\n', '\r', '\u{c}']) {
        Some(at) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text,
    };
    // What a server sends is not to command the terminal.
    harmless(&text)
}

/// A whole table as text.
pub(crate) fn table_text(table: &Value, options: &TableOptions) -> String {
    let mut out = TabWriter::table().painted(options.palette.is_on());
    if !options.no_headers {
        out.write(&headers_of(table, options));
        out.write("\n");
    }
    print_rows(&mut out, table, options, None);
    out.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table() -> Value {
        json!({
            "columnDefinitions": [{"name": "Name", "priority": 0}, {"name": "Ready"}, {"name": "IP", "priority": 1}],
            "rows": [
                {"cells": ["a", 1, "x"], "object": {"metadata": {"namespace": "n", "labels": {"app": "web"}}}},
                {"cells": ["b", null, "y"], "object": {"metadata": {"namespace": "n"}}}]
        })
    }

    #[test]
    fn cells_follow_the_options() {
        let plain = TableOptions::default();
        assert_eq!(table_text(&table(), &plain), "NAME   READY\na      1\nb      <nil>\n");
        let rich = TableOptions {
            wide: true,
            show_labels: true,
            label_columns: vec!["app".to_owned()],
            with_namespace: true,
            kind: Some("pod".to_owned()),
            ..TableOptions::default()
        };
        let want = "NAMESPACE   NAME    READY   IP    APP   LABELS\n\
                    n           pod/a   1       x     web   app=web\n\
                    n           pod/b   <nil>   y           <none>\n";
        assert_eq!(table_text(&table(), &rich), want);
    }
}
