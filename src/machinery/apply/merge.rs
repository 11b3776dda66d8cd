//! One value with another laid over it. Source: `typed.Merge`.

use serde_json::{Map, Value};

use super::{
    compare::is_hollow,
    path::PathElement,
    shape::{Shape, element_of, field_schema, item_schema, shape},
};
use crate::schema::Schema;

/// Why two values cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The second value names an item twice.
    #[error("{road}: duplicate entries for key {element}")]
    Duplicate {
        /// Where the list is.
        road: String,
        /// The item.
        element: String,
    },
    /// An item of a list with keys has none of them.
    #[error(
        "{road}: element {index}: associative list with keys has an element that omits key field \
         {key:?} (and doesn't have default value)"
    )]
    NoKey {
        /// Where the list is.
        road: String,
        /// The place of the item.
        index: usize,
        /// The key.
        key: String,
    },
}

/// Lays `right` over `left`; what `right` does not name stays.
///
/// Cost: O(values), lists O(items squared). Errors: lists of `right` whose items cannot be told apart.
pub fn merge(schema: &Schema, left: &Value, right: &Value) -> Result<Value, MergeError> {
    let merged = values(schema, Some(left), Some(right), "")?;
    Ok(merged.unwrap_or_default())
}

fn values(
    schema: &Schema,
    left: Option<&Value>,
    right: Option<&Value>,
    road: &str,
) -> Result<Option<Value>, MergeError> {
    let shape = match (left, right) {
        (_, None) => shape(schema, left),
        (None, _) => shape(schema, right),
        _ if shape(schema, left) == shape(schema, right) => shape(schema, right),
        _ => Shape::Leaf,
    };
    if shape == Shape::Leaf || is_hollow(left) && is_hollow(right) {
        return Ok(right.or(left).cloned());
    }
    if shape == Shape::Items {
        return items(schema, left, right, road);
    }
    let (left, right) = (left.and_then(Value::as_object), right.and_then(Value::as_object));
    let mut out = Map::new();
    let of_right = right.into_iter().flatten().map(|(name, _)| name);
    let names = left.into_iter().flatten().map(|(name, _)| name).chain(of_right);
    for name in names {
        if out.contains_key(name) {
            continue;
        }
        let both = (left.and_then(|it| it.get(name)), right.and_then(|it| it.get(name)));
        let road = format!("{road}.{name}");
        if let Some(value) = values(field_schema(schema, name), both.0, both.1, &road)? {
            out.insert(name.clone(), value);
        }
    }
    Ok((!out.is_empty()).then(|| out.into()))
}

type Indexed<'a> = Vec<(PathElement, &'a Value)>;

fn index<'a>(
    schema: &Schema,
    list: Option<&'a Value>,
    road: &str,
) -> Result<Indexed<'a>, MergeError> {
    let items = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let known = items.iter().enumerate().map(|(index, item)| {
        let no_key = || MergeError::NoKey { road: road.to_owned(), index, key: first_key(schema) };
        Ok((element_of(schema, item).ok_or_else(no_key)?, item))
    });
    known.collect()
}

fn first_key(schema: &Schema) -> String {
    let Schema::List(_, rule) = schema else { return String::new() };
    match &rule.apply {
        crate::schema::ApplyRule::Keyed(keys) => {
            keys.first().map(|key| key.field.as_ref().to_owned()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// Items keep the order of the left list as far as the right one does not ask for another: the
/// right list's order holds among its own, and items of the left alone stay before the item of
/// both that they stood before.
fn items(
    schema: &Schema,
    left: Option<&Value>,
    right: Option<&Value>,
    road: &str,
) -> Result<Option<Value>, MergeError> {
    let right = index(schema, right, road)?;
    for (at, (element, _)) in right.iter().enumerate() {
        if right.iter().take(at).any(|(known, _)| known == element) {
            let (road, element) = (road.to_owned(), element.to_string());
            return Err(MergeError::Duplicate { road, element });
        }
    }
    let left = index(schema, left, road)?;
    let mut weave = Weave { schema, road, left: &left, right: &right, out: Vec::new() };
    weave.run()?;
    Ok((!weave.out.is_empty()).then(|| weave.out.into()))
}

struct Weave<'a> {
    schema: &'a Schema,
    road: &'a str,
    left: &'a Indexed<'a>,
    right: &'a Indexed<'a>,
    out: Vec<Value>,
}

fn place(list: &Indexed<'_>, element: &PathElement) -> Option<usize> {
    list.iter().position(|(known, _)| known == element)
}

impl Weave<'_> {
    fn run(&mut self) -> Result<(), MergeError> {
        let mut shared = self.right.iter().filter(|(it, _)| place(self.left, it).is_some());
        let mut next_shared = shared.next().map(|(element, _)| element);
        let mut taken: Vec<&PathElement> = Vec::new();
        let (mut at_left, mut at_right) = (0, 0);
        while at_left < self.left.len() || at_right < self.right.len() {
            let (left, right) = (self.left.get(at_left), self.right.get(at_right));
            if let (Some((here, _)), Some((there, _))) = (left, right) {
                if here == there {
                    taken.push(here);
                    self.put(here)?;
                    at_left += 1;
                    at_right += 1;
                    next_shared = shared.next().map(|(element, _)| element);
                    continue;
                }
                let elsewhere = place(self.right, here).is_some();
                if elsewhere && next_shared.is_some_and(|next| next != here) {
                    at_left += 1;
                    continue;
                }
            }
            if let Some((here, item)) = left {
                if place(self.right, here).is_none() {
                    self.out.push((*item).clone());
                    at_left += 1;
                    continue;
                }
                if taken.contains(&here) {
                    at_left += 1;
                }
            }
            if let Some((there, _)) = right {
                taken.push(there);
                self.put(there)?;
                at_right += 1;
                if next_shared == Some(there) {
                    next_shared = shared.next().map(|(element, _)| element);
                }
            }
        }
        Ok(())
    }

    /// The item of that identity, merged; one that the left list has twice is replaced.
    fn put(&mut self, element: &PathElement) -> Result<(), MergeError> {
        let of_left: Vec<&Value> =
            self.left.iter().filter(|(it, _)| it == element).map(|(_, item)| *item).collect();
        let left = match of_left.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let right = self.right.iter().find(|(it, _)| it == element).map(|(_, item)| *item);
        let road = format!("{}{element}", self.road);
        self.out.extend(values(item_schema(self.schema), left, right, &road)?);
        Ok(())
    }
}
