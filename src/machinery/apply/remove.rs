//! A value without some of its fields. Source: `typed.RemoveItems`.

use serde_json::{Map, Value};

use super::{
    path::PathElement,
    set::Set,
    shape::{Shape, element_of, field_schema, item_schema, shape},
};
use crate::schema::Schema;

/// The value without the fields of the set; what becomes empty by that is null.
pub fn remove(schema: &Schema, value: &Value, gone: &Set) -> Value {
    rest(schema, value, gone).unwrap_or_default()
}

fn rest(schema: &Schema, value: &Value, gone: &Set) -> Option<Value> {
    match (shape(schema, Some(value)), value) {
        (Shape::Fields, Value::Object(fields)) => {
            let mut out = Map::new();
            for (name, field) in fields {
                let element = PathElement::Field(name.as_str().into());
                if gone.has(&element) {
                    continue;
                }
                let kept = match gone.below(&element) {
                    Some(below) => rest(field_schema(schema, name), field, below),
                    None => Some(field.clone()),
                };
                out.insert(name.clone(), kept.unwrap_or_default());
            }
            (!out.is_empty()).then(|| out.into())
        }
        (Shape::Items, Value::Array(items)) => {
            let kept = items.iter().filter_map(|item| {
                let Some(element) = element_of(schema, item) else { return Some(item.clone()) };
                if gone.has(&element) {
                    return None;
                }
                Some(match gone.below(&element) {
                    Some(below) => rest(item_schema(schema), item, below).unwrap_or_default(),
                    None => item.clone(),
                })
            });
            let kept: Vec<Value> = kept.collect();
            (!kept.is_empty()).then(|| kept.into())
        }
        (Shape::Leaf, Value::Object(_) | Value::Array(_)) => None,
        _ => Some(value.clone()),
    }
}
