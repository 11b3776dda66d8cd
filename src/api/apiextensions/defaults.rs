//! Whether defaults in a schema are values that it takes itself.
//! Source: `pkg/apiserver/schema/defaulting/validation.go`.

use machinery::{
    field::{Errors, Path},
    structural::Structure,
};
use serde_json::{Value, json};

use super::structural::{flag, named, one};
use crate::rules::ObjectRules;

/// Checks every default below `schema`.
pub(super) fn check(schema: &Value, pruned: bool, at: &Path, errors: &mut Errors) {
    let mut walk = Walk { pruned, errors };
    walk.schema(schema, Inside { root: true, metadata: false }, at);
}

#[derive(Debug, Clone, Copy)]
struct Inside {
    root: bool,
    metadata: bool,
}

struct Walk<'a> {
    pruned: bool,
    errors: &'a mut Errors,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, inside: Inside, at: &Path) {
        let embedded = inside.root || flag(schema, "x-kubernetes-embedded-resource");
        let metadata = inside.metadata && !embedded;
        if let Some(default) = schema.get("default").filter(|it| !it.is_null()) {
            self.default(schema, default, metadata, &at.child("default"));
        }
        // Below `additionalProperties` there are no defaults.
        if let Some(items) = one(schema, "items") {
            self.schema(items, Inside { root: false, metadata }, &at.child("items"));
        }
        for (name, property) in named(schema, "properties") {
            let of_resource = matches!(name.as_str(), "metadata" | "apiVersion" | "kind");
            let metadata = metadata || embedded && of_resource;
            let at = at.child("properties").key(name);
            self.schema(property, Inside { root: false, metadata }, &at);
        }
    }

    fn default(&mut self, schema: &Value, default: &Value, metadata: bool, at: &Path) {
        let structure = structure(schema);
        if self.pruned && !metadata {
            let mut pruned = json!({"value": default});
            if !structure.prune(&mut pruned).is_empty() {
                self.errors.invalid(at, default, "must not have unknown fields");
            }
        }
        let mut wrong = Errors::default();
        structure.check_value("value", default, at, &mut wrong);
        if wrong.is_empty() {
            let rules = ObjectRules::of_value(schema);
            rules.check_value(default, Some(default), at, &mut wrong);
            if wrong.is_empty() {
                rules.check_value(default, None, at, &mut wrong);
            }
        }
        self.errors.extend(wrong);
    }
}

/// A structure whose one field `value` has the schema.
fn structure(schema: &Value) -> Structure {
    let document = json!({"type": "object", "properties": {"value": schema}});
    machinery::structural::read(&document, machinery::schema::Schema::Untyped)
}
