//! Go templates: the part of `text/template` that kubectl's users write.
//!
//! Actions: values, pipelines, variables, `if`, `range`, `with`, `define`, `template`, `block`,
//! `break`, `continue`, comments and trimming. Functions: Go's own and kubectl's `exists`, `base64decode`.

mod eval;
mod functions;
mod parse;

use serde_json::Value;

use crate::report::CliError;

/// A template, read.
#[derive(Debug)]
pub(crate) struct Template {
    source: String,
    parsed: parse::Parsed,
    lenient: bool,
}

impl Template {
    /// Reads a template.
    pub(crate) fn parse(text: &str, lenient: bool) -> Result<Self, CliError> {
        let parsed = parse::parse(text).map_err(|why| {
            CliError::plain(format!("error parsing template {text}, template: output:{why}"))
        })?;
        Ok(Self { source: text.to_owned(), parsed, lenient })
    }

    /// Fills it in.
    pub(crate) fn print(&self, object: &Value) -> Result<String, CliError> {
        eval::run(&self.parsed, object, self.lenient).map_err(|why| {
            let source = &self.source;
            CliError::plain(format!(
                "error executing template {source:?}: template: output:1: executing \"output\": {why}"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fill(text: &str) -> String {
        let object = json!({"kind": "Pod", "n": 3, "items": [{"name": "a"}, {"name": "b"}],
            "labels": {"x": "1", "y": "2"}, "empty": [], "yes": true});
        match Template::parse(text, true) {
            Ok(template) => template.print(&object).unwrap_or_else(|error| error.to_string()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn templates_are_filled_in() {
        for (text, want) in [
            ("{{.kind}} {{.nope}}", "Pod <no value>"),
            ("{{range .items}}{{.name}}{{\"\\n\"}}{{end}}", "a\nb\n"),
            ("{{range $i, $x := .items}}{{$i}}={{$x.name}};{{end}}", "0=a;1=b;"),
            ("{{range $k, $v := .labels}}{{$k}}={{$v}};{{end}}", "x=1;y=2;"),
            ("{{range .empty}}x{{else}}none{{end}}", "none"),
            ("{{if eq .kind \"Pod\"}}yes{{else}}no{{end}}", "yes"),
            ("{{if and .yes (gt .n 2.0)}}a{{else if .kind}}b{{end}}", "a"),
            ("{{(index .items 0).name}} {{len .items}}", "a 2"),
            ("{{with .labels}}{{.x}}{{end}}", "1"),
            ("{{$x := .kind}}{{$x}}", "Pod"),
            ("{{printf \"%q %s %d %v\" .kind .kind .n .yes}}", "\"Pod\" Pod 3 true"),
            ("{{.kind | printf \"%-5s|\"}}", "Pod  |"),
            ("a {{- /* c */ -}} b", "ab"),
            ("{{base64decode \"aGk=\"}}", "hi"),
            ("{{exists .labels \"x\"}}{{exists .labels \"q\"}}", "truefalse"),
            ("{{range .items}}{{if eq .name \"b\"}}{{break}}{{end}}{{.name}}{{end}}", "a"),
            ("{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" .kind}}", "<Pod>"),
            ("{{.labels}}", "map[x:1 y:2]"),
            ("{{not .yes}} {{or .nope \"d\"}} {{slice .kind 1}}", "false d od"),
            ("{{.kind", "error parsing template {{.kind, template: output:1: unclosed action"),
        ] {
            assert_eq!(fill(text), want, "{text}");
        }
    }
}
