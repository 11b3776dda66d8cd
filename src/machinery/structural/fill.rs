//! Defaults, and nulls that stand for nothing.

use serde_json::Value;

use super::{Additional, Node, Structure};

impl Structure {
    /// Fills in defaults; a null that is no value counts as left out.
    pub fn fill(&self, object: &mut Value) {
        drop_nulls(&self.root, object);
        fill(&self.root, object);
    }
}

fn below<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    match (node.properties.get(name), &node.additional) {
        (Some(node), _) => Some(node),
        (None, Additional::Of(node)) => Some(node),
        (None, _) => None,
    }
}

fn drop_nulls(node: &Node, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, field| match node.properties.get(name) {
                Some(node) => !field.is_null() || node.nullable || node.default.is_some(),
                None => true,
            });
            for (name, field) in fields.iter_mut() {
                if let Some(node) = below(node, name) {
                    drop_nulls(node, field);
                }
            }
        }
        Value::Array(items) => {
            if let Some(node) = node.items.as_deref() {
                for item in items {
                    drop_nulls(node, item);
                }
            }
        }
        _ => {}
    }
}

fn fill(node: &Node, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, node) in &node.properties {
                let Some(default) = &node.default else { continue };
                let slot = fields.entry(name.as_str()).or_insert_with(|| default.clone());
                if slot.is_null() && !node.nullable {
                    *slot = default.clone();
                }
            }
            for (name, field) in fields.iter_mut() {
                let Some(node) = below(node, name) else { continue };
                if let (true, false, Some(default)) =
                    (field.is_null(), node.nullable, &node.default)
                {
                    *field = default.clone();
                }
                fill(node, field);
            }
        }
        Value::Array(items) => {
            let Some(node) = node.items.as_deref() else { return };
            for item in items {
                if let (true, false, Some(default)) = (item.is_null(), node.nullable, &node.default)
                {
                    *item = default.clone();
                }
                fill(node, item);
            }
        }
        _ => {}
    }
}
