//! `--output=plaintext-openapiv2`: the page as kubectl wrote it before 1.27.
//! Source: `pkg/explain` of kubectl.

use serde_json::Value;

use super::{DEEPEST, Page, reference};
use crate::{report::CliError, text::Add as _};

/// Longer lines are wrapped, their indent counted.
const WIDTH: usize = 80;
const FIELD_INDENT: usize = 3;
const TEXT_INDENT: usize = 5;

impl<'d> Page<'d> {
    /// The page of a field, or of the kind where none is named.
    pub(super) fn old_text(
        &self,
        resource: &client::Resource,
        fields: &[&str],
    ) -> Result<String, CliError> {
        let schema = self.find(resource, fields)?;
        let inner = self.resolved(schema);
        let has_fields = inner["properties"].is_object();
        let mut out =
            format!("KIND:     {}\nVERSION:  {}\n\n", resource.kind, resource.api_version());
        if let Some(field) = fields.last() {
            let word = if has_fields { "RESOURCE: " } else { "FIELD:    " };
            out.add(format_args!("{word}{field} <{}>\n\n", self.old_type(schema)));
        }
        out.push_str("DESCRIPTION:\n");
        self.old_description(&mut out, schema);
        if !has_fields {
            return Ok(out);
        }
        out.push_str("\nFIELDS:\n");
        if self.recursive {
            self.old_tree(&mut out, inner, FIELD_INDENT, &mut Vec::new());
        } else {
            self.old_fields(&mut out, inner);
        }
        Ok(out)
    }

    /// The words of the field, and of each type on the way to what it is made of.
    fn old_description(&self, out: &mut String, schema: &'d Value) {
        let mut schema = schema;
        let mut said = false;
        for _ in 0..DEEPEST {
            if let Some(text) = schema["description"].as_str().filter(|text| !text.is_empty()) {
                if said {
                    out.push('\n');
                }
                paragraph(out, text);
                said = true;
            }
            let Some(next) = self.next(schema) else { break };
            schema = next;
        }
        if !said {
            paragraph(out, "<empty>");
        }
    }

    fn old_fields(&self, out: &mut String, schema: &'d Value) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let required = schema["required"].as_array();
            let must = required.is_some_and(|list| list.iter().any(|one| one == name.as_str()));
            let must = if must { " -required-" } else { "" };
            out.add(format_args!("   {name}\t<{}>{must}\n", self.old_type(field)));
            paragraph(out, field["description"].as_str().unwrap_or_default());
            out.push('\n');
        }
    }

    fn old_tree(
        &self,
        out: &mut String,
        schema: &'d Value,
        indent: usize,
        road: &mut Vec<&'d Value>,
    ) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            out.add(format_args!("{:indent$}{name}\t<{}>\n", "", self.old_type(field)));
            let inner = self.resolved(field);
            if road.iter().any(|above| std::ptr::eq(*above, inner)) {
                continue;
            }
            road.push(inner);
            self.old_tree(out, inner, indent + FIELD_INDENT, road);
            road.pop();
        }
    }

    fn old_type(&self, schema: &'d Value) -> String {
        if let Some(name) = reference(schema) {
            return self.old_type(&self.schemas[name]);
        }
        if schema["items"].is_object() {
            return format!("[]{}", self.old_type(&schema["items"]));
        }
        if schema["additionalProperties"].is_object() {
            return format!("map[string]{}", self.old_type(&schema["additionalProperties"]));
        }
        match schema["type"].as_str() {
            Some("object") if schema["properties"].is_object() => "Object".to_owned(),
            // Anything, by name.
            Some("object") => "map[string]".to_owned(),
            Some(kind) => kind.to_owned(),
            // A number or a text, which version 2 calls a text.
            None if schema["oneOf"].is_array() => "string".to_owned(),
            None => String::new(),
        }
    }
}

/// Adds wrapped and indented text, a line feed at its end.
fn paragraph(out: &mut String, text: &str) {
    for line in wrapped(text, WIDTH - TEXT_INDENT) {
        out.push_str(if line.is_empty() { "" } else { "     " });
        out.add(format_args!("{line}\n"));
    }
}

/// Words flow together until a line is full; blocks of code, empty lines and lists stay apart.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut last = "";
    for line in text.split('\n') {
        let is_code = line.starts_with("    ");
        let is_empty = line.trim().is_empty();
        if is_code || is_empty && !lines.is_empty() {
            flush(&mut lines, &mut current);
            last = "";
            lines.push(if is_code { line.to_owned() } else { String::new() });
            continue;
        }
        if is_empty || last.ends_with(':') || is_item(line) {
            flush(&mut lines, &mut current);
        }
        for word in line.split_whitespace() {
            last = word;
            if !current.is_empty() && current.len() + 1 + word.len() > width {
                flush(&mut lines, &mut current);
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
    }
    flush(&mut lines, &mut current);
    lines
}

fn flush(lines: &mut Vec<String>, current: &mut String) {
    if !current.is_empty() {
        lines.push(std::mem::take(current));
    }
}

/// `- `, `* `, `1 ` or `1. ` at the beginning.
fn is_item(line: &str) -> bool {
    let Some((mark, _)) = line.trim_start().split_once(char::is_whitespace) else { return false };
    let number = mark.strip_suffix('.').unwrap_or(mark);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number || mark == "-" || mark == "*"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_flow_and_lists_do_not() {
        let text = "One two\nthree:\n- four\n- five\n\nsix\n    code  here\nseven";
        let lines = wrapped(text, 12);
        let wanted =
            ["One two", "three:", "- four", "- five", "", "six", "    code  here", "seven"];
        assert_eq!(lines, wanted);
    }
}
