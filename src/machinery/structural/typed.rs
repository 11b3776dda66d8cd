//! Structures as server-side apply sees them.

use std::{collections::BTreeMap, sync::Arc};

use super::{Additional, ListType, Node, Type};
use crate::schema::{ApplyRule, Definition, Granularity, Link, ListRule, PatchRule, Schema};

/// The schema of whole objects.
pub(super) fn root(node: &Node, metadata: Schema) -> Schema {
    let mut fields = fields_of(node);
    fields.insert("apiVersion".into(), Schema::String);
    fields.insert("kind".into(), Schema::String);
    fields.insert("metadata".into(), metadata);
    object(node, fields)
}

fn fields_of(node: &Node) -> BTreeMap<Box<str>, Schema> {
    node.properties.iter().map(|(name, node)| (name.as_str().into(), schema(node))).collect()
}

fn object(node: &Node, fields: BTreeMap<Box<str>, Schema>) -> Schema {
    let link = Link::default();
    let granularity = if node.atomic_map { Granularity::Atomic } else { Granularity::Granular };
    link.fill(Definition {
        name: "".into(),
        fields,
        required: Vec::new(),
        granularity,
        open: node.preserves,
    });
    Schema::Object(link)
}

fn schema(node: &Node) -> Schema {
    if node.int_or_string {
        return Schema::IntOrString;
    }
    let granularity = if node.atomic_map { Granularity::Atomic } else { Granularity::Granular };
    match node.kind {
        Some(Type::Object) => match &node.additional {
            Additional::Of(value) => Schema::Map(Arc::new(schema(value)), granularity),
            Additional::Any => Schema::Map(Arc::new(Schema::Untyped), granularity),
            Additional::None if node.properties.is_empty() && node.preserves => Schema::Untyped,
            Additional::None => object(node, fields_of(node)),
        },
        Some(Type::Array) => {
            let item = node.items.as_deref().map_or(Schema::Untyped, schema);
            let apply = match &node.list {
                ListType::Atomic => ApplyRule::Atomic,
                ListType::Set => ApplyRule::Set,
                ListType::Map(keys) => ApplyRule::Keyed(keys.clone()),
            };
            Schema::List(Arc::new(item), ListRule { patch: PatchRule::Replace, apply })
        }
        Some(Type::String) => Schema::String,
        Some(Type::Integer | Type::Number) => Schema::Number,
        Some(Type::Boolean) => Schema::Boolean,
        None => Schema::Untyped,
    }
}
