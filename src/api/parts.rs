//! Small pieces that several kinds are made of.

use jiff::Timestamp;
use machinery::{
    age,
    kind::{Column, Description, Kind},
    meta,
};
use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::schema::{openapi_definitions, schema_of};

/// A kind whose schema is that of `T`.
pub(crate) fn kind<T: JsonSchema>(group: &str, version: &str, kind: &str, plural: &str) -> Kind {
    Kind::new(group, version, kind, plural, schema_of::<T>())
        .documented(|| (T::schema_name().into_owned(), openapi_definitions::<T>()))
}

/// The column of the object's name.
pub(crate) const NAME: Column = Column {
    name: "Name",
    data_type: "string",
    format: "name",
    description: Description::Field { definition: "v1.ObjectMeta", field: "name" },
    priority: 0,
};

/// The column of the object's age.
pub(crate) const AGE: Column = of_field("Age", "v1.ObjectMeta", "creationTimestamp");

/// A column of text that is always shown.
pub(crate) const fn text(name: &'static str, words: &'static str) -> Column {
    let description = Description::Words(words);
    Column { name, data_type: "string", format: "", description, priority: 0 }
}

/// A column of text that a field of the API explains.
pub(crate) const fn of_field(
    name: &'static str,
    definition: &'static str,
    field: &'static str,
) -> Column {
    let description = Description::Field { definition, field };
    Column { name, data_type: "string", format: "", description, priority: 0 }
}

/// The same column as whole numbers.
pub(crate) const fn number(column: Column) -> Column {
    Column { data_type: "integer", ..column }
}

/// The same column in wide tables alone.
pub(crate) const fn wide(column: Column) -> Column {
    Column { priority: 1, ..column }
}

/// The columns of wide tables that every kind with a pod template has.
pub(crate) const CONTAINERS: Column =
    wide(text("Containers", "Names of each container in the template."));
/// See [`CONTAINERS`].
pub(crate) const IMAGES: Column =
    wide(text("Images", "Images referenced by each container in the template."));

/// The cell of the object's name.
pub(crate) fn name_cell(object: &Value) -> Value {
    meta::name(object).into()
}

/// The cell of the object's age.
pub(crate) fn age_cell(object: &Value, now: Timestamp) -> Value {
    age_at(object, "/metadata/creationTimestamp", now)
}

/// The cell of the time since the one at `pointer`.
pub(crate) fn age_at(object: &Value, pointer: &str, now: Timestamp) -> Value {
    age::since(meta::text(object, pointer), now).into()
}

/// The count at `pointer`, 0 where there is none.
pub(crate) fn count(object: &Value, pointer: &str) -> i64 {
    meta::number(object, pointer).unwrap_or(0)
}

/// `text`, or `<none>` where it is empty.
pub(crate) fn or_none(text: &str) -> Value {
    if text.is_empty() { "<none>".into() } else { text.into() }
}

/// Removes the fields at `keys` whose value Go would leave out: empty text, zero, false, nothing.
pub(crate) fn drop_zero(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        let zero = match map.get(*key) {
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Number(number)) => number.as_i64() == Some(0),
            Some(Value::Bool(flag)) => !flag,
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(fields)) => fields.is_empty(),
            Some(Value::Null) => true,
            None => false,
        };
        if zero {
            map.remove(*key);
        }
    }
}

/// The items of the list at `key`, to change them.
pub(crate) fn items_mut<'a>(map: &'a mut Map<String, Value>, key: &str) -> &'a mut [Value] {
    map.get_mut(key).and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}
