//! Which fields differ between two values. Source: `typed.Compare`.

use serde_json::Value;

use super::{
    path::{Path, PathElement},
    set::Set,
    shape::{Shape, element_of, field_schema, item_schema, shape},
};
use crate::schema::Schema;

/// What the second of two values changes of the first. No field is in two of the sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Fields that only the first has.
    pub removed: Set,
    /// Fields that both have, with other values.
    pub modified: Set,
    /// Fields that only the second has.
    pub added: Set,
}

impl Comparison {
    /// The comparison without these fields and all below them.
    #[must_use]
    pub fn outside(&self, ignored: &Set) -> Self {
        Self {
            removed: self.removed.outside(ignored),
            modified: self.modified.outside(ignored),
            added: self.added.outside(ignored),
        }
    }
}

/// Compares two values of one schema.
///
/// Cost: O(values), lists O(items squared).
pub fn compare(schema: &Schema, left: &Value, right: &Value) -> Comparison {
    let mut walk = Walk { found: Comparison::default(), road: Vec::new() };
    walk.values(schema, Some(left), Some(right));
    walk.found
}

struct Walk {
    found: Comparison,
    road: Path,
}

impl Walk {
    fn values(&mut self, schema: &Schema, left: Option<&Value>, right: Option<&Value>) {
        if left == right {
            return;
        }
        let (before, after) = (shape(schema, left), shape(schema, right));
        let leaf = match (left, right) {
            (_, None) => self.parts(before, schema, left, right),
            (None, _) => self.parts(after, schema, left, right),
            _ if before == after => self.parts(after, schema, left, right),
            _ => {
                self.parts(before, schema, left, right);
                self.parts(after, schema, left, right)
            }
        };
        if leaf == IsLeaf::Yes {
            return;
        }
        if left.is_none() {
            self.found.added.insert(&self.road);
        } else if right.is_none() {
            self.found.removed.insert(&self.road);
        }
    }

    fn parts(
        &mut self,
        shape: Shape,
        schema: &Schema,
        left: Option<&Value>,
        right: Option<&Value>,
    ) -> IsLeaf {
        if shape == Shape::Leaf || is_hollow(left) && is_hollow(right) {
            self.leaf(left, right);
            return IsLeaf::Yes;
        }
        if shape == Shape::Fields {
            self.fields(schema, left, right);
        } else {
            self.items(schema, left, right);
        }
        IsLeaf::No
    }

    fn leaf(&mut self, left: Option<&Value>, right: Option<&Value>) {
        let set = match (left, right) {
            (None, _) => &mut self.found.added,
            (_, None) => &mut self.found.removed,
            (Some(left), Some(right)) if left != right => &mut self.found.modified,
            _ => return,
        };
        set.insert(&self.road);
    }

    fn fields(&mut self, schema: &Schema, left: Option<&Value>, right: Option<&Value>) {
        let left = left.and_then(Value::as_object);
        let right = right.and_then(Value::as_object);
        for (name, before) in left.into_iter().flatten() {
            let after = right.and_then(|fields| fields.get(name));
            self.step(PathElement::Field(name.as_str().into()), |walk| {
                walk.values(field_schema(schema, name), Some(before), after);
            });
        }
        for (name, after) in right.into_iter().flatten() {
            if left.is_some_and(|fields| fields.contains_key(name)) {
                continue;
            }
            self.step(PathElement::Field(name.as_str().into()), |walk| {
                walk.values(field_schema(schema, name), None, Some(after));
            });
        }
    }

    fn items(&mut self, schema: &Schema, left: Option<&Value>, right: Option<&Value>) {
        let (before, after) = (by_element(schema, left), by_element(schema, right));
        let all = before.iter().chain(
            after.iter().filter(|(element, _)| !before.iter().any(|(known, _)| known == element)),
        );
        let find = |list: &[(PathElement, Vec<Value>)], element: &PathElement| -> Vec<Value> {
            let found = list.iter().find(|(one, _)| one == element);
            found.map(|(_, items)| items.clone()).unwrap_or_default()
        };
        for (element, _) in all {
            let (before, after) = (find(&before, element), find(&after, element));
            self.step(element.clone(), |walk| walk.item(item_schema(schema), &before, &after));
        }
    }

    /// Items of one identity. Where it stands twice, only whether it does is compared.
    fn item(&mut self, schema: &Schema, before: &[Value], after: &[Value]) {
        match (before, after) {
            ([] | [_], [] | [_]) => self.values(schema, before.first(), after.first()),
            ([_, _, ..], [_, _, ..]) => {
                if before != after {
                    self.found.modified.insert(&self.road);
                }
            }
            ([_, _, ..], _) => {
                if let Some(item) = after.first() {
                    self.values(schema, None, Some(item));
                }
                self.found.removed.insert(&self.road);
            }
            (_, _) => {
                if let Some(item) = before.first() {
                    self.values(schema, Some(item), None);
                }
                self.found.added.insert(&self.road);
            }
        }
    }

    fn step(&mut self, element: PathElement, work: impl FnOnce(&mut Self)) {
        self.road.push(element);
        work(self);
        self.road.pop();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IsLeaf {
    Yes,
    No,
}

/// Nothing, null, or an empty object or list.
pub(super) fn is_hollow(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(fields)) => fields.is_empty(),
        _ => false,
    }
}

/// A list's items by identity, in the order of their first appearance.
fn by_element(schema: &Schema, list: Option<&Value>) -> Vec<(PathElement, Vec<Value>)> {
    let mut found: Vec<(PathElement, Vec<Value>)> = Vec::new();
    for item in list.and_then(Value::as_array).into_iter().flatten() {
        let Some(element) = element_of(schema, item) else { continue };
        match found.iter_mut().find(|(known, _)| *known == element) {
            Some((_, items)) => items.push(item.clone()),
            None => found.push((element, vec![item.clone()])),
        }
    }
    found
}
