//! `explain`: what a resource's fields mean, from the server's OpenAPI documents.

mod old;

use serde_json::Value;

use crate::{args::Parsed, context::Context, report::CliError, text::Add as _};

/// Longer lines are wrapped.
const WIDTH: usize = 76;
/// More enum values are cut.
const ENUM_SHOWN: usize = 4;
/// Types that contain themselves end here.
const DEEPEST: usize = 30;

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let [word] = parsed.args.as_slice() else {
        let text = if parsed.args.is_empty() {
            "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.\n"
        } else {
            "We accept only this format: explain RESOURCE\n"
        };
        return Err(CliError::plain(text));
    };
    let output = parsed.text("output");
    if !["plaintext", "plaintext-openapiv2"].contains(&output) {
        return Err(CliError::plain(format!("unrecognized format: {output}")));
    }
    let (kind_word, path) = word.split_once('.').unwrap_or((word, ""));
    let place = cx.resource(kind_word).await.map_err(|error| match error {
        CliError::Plain(text) => CliError::Words { text, code: 1 },
        error => error,
    })?;
    let mut resource = place.resource;
    if let Some(version) = parsed.some("api-version") {
        let discovery = cx.discovery().await?;
        let found = discovery.resources().find(|one| {
            one.resource.api_version() == version && one.resource.plural == resource.plural
        });
        let Some(found) = found else {
            return Err(CliError::plain(format!(
                "couldn't find resource for \"{version}, Resource={}\"",
                resource.plural
            )));
        };
        resource = found.resource.clone();
    }
    let root = if resource.group.is_empty() { "api" } else { "apis" };
    let url = format!("/openapi/v3/{root}/{}", resource.api_version());
    let document: Value = cx.client().await?.get_json(&url).await?;
    let fields: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
    let page =
        Page { schemas: &document["components"]["schemas"], recursive: parsed.is("recursive") };
    if output == "plaintext-openapiv2" {
        return cx.out(&page.old_text(&resource, &fields)?);
    }
    let text = page.text(&resource, &fields);
    if text.is_err() && page.of_kind(&resource).is_some() {
        // What is known is said before the fault.
        cx.out(&head_of(&resource))?;
    }
    cx.out(&text?)
}

/// The first lines of a page.
fn head_of(resource: &client::Resource) -> String {
    let mut out = String::new();
    if !resource.group.is_empty() {
        out.add(format_args!("GROUP:      {}\n", resource.group));
    }
    out.add(format_args!("KIND:       {}\nVERSION:    {}\n\n", resource.kind, resource.version));
    out
}

struct Page<'d> {
    schemas: &'d Value,
    recursive: bool,
}

impl<'d> Page<'d> {
    fn text(&self, resource: &client::Resource, fields: &[&str]) -> Result<String, CliError> {
        let schema = self.find(resource, fields)?;
        let mut out = head_of(resource);
        if let Some(field) = fields.last() {
            out.add(format_args!("FIELD: {field} <{}>\n\n\n", type_of(self.schemas, schema)));
        }
        if let Some(values) = schema["enum"].as_array() {
            // Right below the field's line.
            out.truncate(out.trim_end().len() + 1);
            out.push_str("ENUM:\n");
            for value in values {
                out.add(format_args!("    {}\n", value.as_str().unwrap_or_default()));
            }
            out.push('\n');
        }
        out.push_str("DESCRIPTION:\n");
        self.description(&mut out, schema);
        let inner = self.resolved(schema);
        elsewhere(&mut out, inner, (0, 4));
        if inner["properties"].is_object() {
            out.push_str("FIELDS:\n");
            self.fields(&mut out, inner, 1, &mut Vec::new());
            out.push('\n');
        } else {
            out.push('\n');
        }
        Ok(out)
    }

    /// The schema of a field of a kind.
    fn find(&self, resource: &client::Resource, fields: &[&str]) -> Result<&'d Value, CliError> {
        let Some(mut schema) = self.of_kind(resource) else {
            let text = format!("GVR ({}) not found in OpenAPI schema", resource.qualified());
            return Err(CliError::plain(text));
        };
        for field in fields {
            schema = self.step(schema, field).ok_or_else(|| {
                // kubectl names the last field, whichever is missing.
                let last = fields.last().unwrap_or(field);
                CliError::plain(format!("field {last:?} does not exist"))
            })?;
        }
        Ok(schema)
    }

    fn of_kind(&self, resource: &client::Resource) -> Option<&'d Value> {
        let same = |gvk: &Value| {
            gvk["group"] == resource.group.as_str()
                && gvk["version"] == resource.version.as_str()
                && gvk["kind"] == resource.kind.as_str()
        };
        self.schemas.as_object()?.values().find(|schema| {
            schema["x-kubernetes-group-version-kind"]
                .as_array()
                .is_some_and(|list| list.iter().any(same))
        })
    }

    /// The schema that a reference, list or map leads to.
    fn resolved(&self, schema: &'d Value) -> &'d Value {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            let Some(next) = self.next(schema) else { break };
            schema = next;
        }
        schema
    }

    /// What a reference, a list or a map is made of.
    fn next(&self, schema: &'d Value) -> Option<&'d Value> {
        if let Some(name) = reference(schema) {
            return self.schemas.get(name);
        }
        ["items", "additionalProperties"]
            .into_iter()
            .map(|key| &schema[key])
            .find(|below| below.is_object())
    }

    fn step(&self, schema: &'d Value, field: &str) -> Option<&'d Value> {
        self.resolved(schema)["properties"].get(field)
    }

    /// The field's own words, then those of its type.
    fn description(&self, out: &mut String, schema: &'d Value) {
        let mut schema = schema;
        let mut said = false;
        for _ in 0..DEEPEST {
            if let Some(text) = schema["description"].as_str().filter(|text| !text.is_empty()) {
                paragraph(out, text, 4);
                said = true;
            }
            let Some(next) = self.next(schema) else { break };
            schema = next;
        }
        out.push_str(if said { "    \n" } else { "    <empty>\n" });
    }

    fn fields(&self, out: &mut String, schema: &'d Value, level: usize, road: &mut Vec<&'d str>) {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let indent = "  ".repeat(level);
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let must = if required.contains(&name.as_str()) { " -required-" } else { "" };
            out.add(format_args!("{indent}{name}\t<{}>{must}\n", type_of(self.schemas, field)));
            if let Some(values) = field["enum"].as_array() {
                let words = values.iter().filter_map(Value::as_str);
                let mut words: Vec<&str> =
                    words.map(|word| if word.is_empty() { "\"\"" } else { word }).collect();
                if words.len() > ENUM_SHOWN {
                    words.truncate(ENUM_SHOWN);
                    words.push("....");
                }
                out.add(format_args!("{indent}enum: {}\n", words.join(", ")));
            }
            if self.recursive {
                self.below(out, field, level, road);
            } else {
                let text = field["description"].as_str().unwrap_or("<no description>");
                paragraph(out, text, 4);
                elsewhere(out, field, (4, 6));
                out.push('\n');
            }
        }
    }

    fn below(&self, out: &mut String, field: &'d Value, level: usize, road: &mut Vec<&'d str>) {
        let mut name = "";
        let mut schema = field;
        for _ in 0..DEEPEST {
            if let Some(found) = reference(schema) {
                name = found;
                break;
            }
            let next = if schema["items"].is_object() {
                &schema["items"]
            } else {
                &schema["additionalProperties"]
            };
            if !next.is_object() {
                break;
            }
            schema = next;
        }
        let inner = self.resolved(field);
        if !inner["properties"].is_object() || !name.is_empty() && road.contains(&name) {
            return;
        }
        road.push(name);
        self.fields(out, inner, level + 1, road);
        road.pop();
    }
}

/// The name that a schema refers to.
fn reference(schema: &Value) -> Option<&str> {
    let own = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    own.and_then(|text| text.rsplit('/').next())
}

fn type_of(schemas: &Value, schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        // Named texts and numbers, such as times, are what they are made of.
        return match schemas[name]["type"].as_str() {
            Some(kind) if kind != "object" => kind.to_owned(),
            _ => name.rsplit('.').next().unwrap_or_default().to_owned(),
        };
    }
    if schema["items"].is_object() {
        return format!("[]{}", type_of(schemas, &schema["items"]));
    }
    if schema["additionalProperties"].is_object() {
        return format!("map[string]{}", type_of(schemas, &schema["additionalProperties"]));
    }
    match schema["type"].as_str() {
        Some("object") | None => "Object".to_owned(),
        Some(kind) => kind.to_owned(),
    }
}

/// Adds where else a schema is explained, if it says so: its title and its text are so far indented.
fn elsewhere(out: &mut String, schema: &Value, (title, inside): (usize, usize)) {
    let place = &schema["externalDocs"];
    if !place.is_object() {
        return;
    }
    out.add(format_args!("\n{}EXTERNAL DOCS:\n", " ".repeat(title)));
    if let Some(text) = place["description"].as_str().filter(|text| !text.is_empty()) {
        paragraph(out, text, inside);
    }
    if let Some(url) = place["url"].as_str().filter(|url| !url.is_empty()) {
        out.add(format_args!("{}URL: {url}\n", " ".repeat(inside)));
    }
}

/// Adds wrapped and indented text, a line feed at its end.
fn paragraph(out: &mut String, text: &str, indent: usize) {
    let pad = " ".repeat(indent);
    for line in wrap(&joined(text)).split('\n') {
        out.add(format_args!("{pad}{line}\n"));
    }
}

/// Lines of a paragraph become one; indented and empty lines stay.
fn joined(text: &str) -> String {
    let mut out = String::new();
    let mut before: Option<&str> = None;
    for line in text.trim_end_matches('\n').split('\n') {
        if let Some(last) = before {
            let apart = |line: &str| line.is_empty() || line.starts_with([' ', '\t']);
            out.push(if apart(line) || apart(last) { '\n' } else { ' ' });
        }
        out.push_str(line);
        before = Some(line);
    }
    out
}

/// Wraps at blanks; words longer than the width stay whole.
fn wrap(text: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let mut used = 0;
        let mut rest = line;
        while !rest.is_empty() {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            let (space, after) = rest.split_at(blanks);
            let end = after.find(' ').unwrap_or(after.len());
            let (word, next) = after.split_at(end);
            let length = word.chars().count();
            if used + blanks + length > WIDTH && used > 0 && !word.is_empty() {
                out.push('\n');
                used = 0;
            } else {
                out.push_str(space);
                used += blanks;
            }
            out.push_str(word);
            used += length;
            rest = next;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_joined_and_wrapped() {
        assert_eq!(joined("a\nb\n  c\nd\n\ne"), "a b\n  c\nd\n\ne");
        let long = "word ".repeat(20);
        assert!(wrap(long.trim_end()).lines().all(|line| line.len() <= WIDTH));
        let url = format!("see {}", "x".repeat(90));
        assert_eq!(wrap(&url).lines().count(), 2);
    }

    #[test]
    fn types_are_named() {
        for (schema, want) in [
            (json!({"type": "string"}), "string"),
            (
                json!({"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/io.k8s.Pod"}]}}),
                "[]Pod",
            ),
            (
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
                "map[string]string",
            ),
        ] {
            assert_eq!(type_of(&Value::Null, &schema), want);
        }
    }

    #[test]
    fn a_page_lists_fields() {
        let schemas = json!({
            "Pod": {"description": "A pod.", "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}],
                "required": ["spec"], "properties": {"spec": {"allOf": [{"$ref": "#/c/Spec"}], "description": "What it does."}}},
            "Spec": {"description": "A spec.", "properties": {"policy": {"type": "string", "enum": ["A", "B"]}}}});
        let page = Page { schemas: &schemas, recursive: false };
        let pods = client::Resource {
            group: String::new(),
            version: "v1".to_owned(),
            plural: "pods".to_owned(),
            kind: "Pod".to_owned(),
            namespaced: true,
        };
        let want = "KIND:       Pod\nVERSION:    v1\n\nDESCRIPTION:\n    A pod.\n    \nFIELDS:\n  spec\t<Spec> -required-\n    What it does.\n\n\n";
        assert_eq!(page.text(&pods, &[]).unwrap(), want);
        assert!(page.text(&pods, &["spec"]).unwrap().contains("FIELD: spec <Spec>\n\n\nDESCRIPTION:\n    What it does.\n    A spec.\n    \nFIELDS:\n  policy\t<string>\n  enum: A, B\n"));
        assert!(page.text(&pods, &["nope"]).is_err());
    }
}
