//! Whether a configuration fits a schema, in the words of `structured-merge-diff`.

use serde_json::Value;

use crate::schema::Schema;

/// What is wrong with a configuration: each complaint names its field. Empty: nothing.
///
/// Cost: O(document).
pub fn complaints(schema: &Schema, value: &Value) -> Vec<String> {
    let mut walk = Walk { road: String::new(), found: Vec::new() };
    walk.value(schema, value);
    walk.found
}

/// The complaints as one text.
pub fn sentence(complaints: &[String]) -> String {
    match complaints {
        [one] => one.clone(),
        many => {
            let lines: Vec<String> = many.iter().map(|one| format!("  {one}")).collect();
            format!("errors:\n{}", lines.join("\n"))
        }
    }
}

struct Walk {
    road: String,
    found: Vec<String>,
}

impl Walk {
    fn complain(&mut self, what: impl AsRef<str>) {
        self.found.push(format!("{}: {}", self.road, what.as_ref()));
    }

    fn step(&mut self, step: &str, work: impl FnOnce(&mut Self)) {
        let length = self.road.len();
        self.road.push_str(step);
        work(self);
        self.road.truncate(length);
    }

    fn value(&mut self, schema: &Schema, value: &Value) {
        if value.is_null() {
            return;
        }
        match schema {
            Schema::Object(_) | Schema::Map(..) => match value {
                Value::Object(_) => self.fields(schema, value),
                other => self.complain(format!("expected map, got {}", shown(other))),
            },
            Schema::List(item, _) => match value.as_array() {
                Some(items) => {
                    for (index, one) in items.iter().enumerate() {
                        self.step(&format!("[{index}]"), |walk| walk.value(item, one));
                    }
                }
                None => self.complain(format!("expected list, got {}", shown(value))),
            },
            Schema::String | Schema::Bytes if !value.is_string() => {
                self.complain(format!("expected string, got {}", unstructured(value)));
            }
            Schema::Int32 | Schema::Int64 | Schema::Number if !value.is_number() => {
                self.complain(format!("expected numeric (int or float), got {}", go_type(value)));
            }
            Schema::Boolean if !value.is_boolean() => {
                self.complain(format!("expected boolean, got {}", shown(value)));
            }
            _ => {}
        }
    }

    fn fields(&mut self, schema: &Schema, value: &Value) {
        for (name, field) in value.as_object().into_iter().flatten() {
            self.step(&format!(".{name}"), |walk| match schema.field(name) {
                Some(schema) => walk.value(schema, field),
                None if is_open(schema) => {}
                None => walk.complain("field not declared in schema"),
            });
        }
    }
}

fn is_open(schema: &Schema) -> bool {
    matches!(schema, Schema::Object(link) if link.definition().open)
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// As Go's `%v` shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" "))
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}:{}", shown(value)));
            format!("map[{}]", fields.collect::<Vec<_>>().join(" "))
        }
        other => other.to_string(),
    }
}

/// As Go's `%#v` shows the wrapped value.
fn unstructured(value: &Value) -> String {
    format!("&value.valueUnstructured{{Value:{value}}}")
}
