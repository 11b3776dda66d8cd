//! KYAML: YAML in flow style, quoted and with commas, as kubectl prints it for `-o kyaml`.

use serde_json::Value;

/// Writes a document: `---`, then braces.
pub(super) fn to_string(value: &Value) -> String {
    let mut out = String::from("---\n");
    write(&mut out, value, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push_str("{\n");
            let order = ["apiVersion", "kind", "metadata"];
            let rank = |key: &str| order.iter().position(|k| *k == key).unwrap_or(order.len());
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| (rank(a.0), a.0).cmp(&(rank(b.0), b.0)));
            for (key, item) in entries {
                indent(out, depth + 1);
                out.push_str(&key_text(key));
                out.push_str(": ");
                write(out, item, depth + 1);
                out.push_str(",\n");
            }
            indent(out, depth);
            out.push('}');
        }
        Value::Array(list) if !list.is_empty() => {
            if list.iter().all(serde_json::Value::is_object) {
                out.push('[');
                for (at, item) in list.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    write(out, item, depth);
                }
                out.push(']');
                return;
            }
            out.push_str("[\n");
            for item in list {
                indent(out, depth + 1);
                write(out, item, depth + 1);
                out.push_str(",\n");
            }
            indent(out, depth);
            out.push(']');
        }
        Value::String(text) => out.push_str(&quote(text)),
        other => out.push_str(&machinery::yaml::compact(other)),
    }
}

fn indent(out: &mut String, depth: usize) {
    (0..depth).for_each(|_| out.push_str("  "));
}

fn quote(text: &str) -> String {
    crate::args::go_quote(text)
}

fn key_text(key: &str) -> String {
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && key.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    let ambiguous = matches!(
        key.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    );
    if plain && !ambiguous { key.to_owned() } else { quote(key) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_are_in_flow_style() {
        let value = json!({"kind": "A", "apiVersion": "v1", "x": [{"a": 1}], "y": ["s"]});
        let want = "---\n{\n  apiVersion: \"v1\",\n  kind: \"A\",\n  x: [{\n    a: 1,\n  }],\n  \"y\": [\n    \"s\",\n  ],\n}\n";
        assert_eq!(to_string(&value), want);
    }
}
