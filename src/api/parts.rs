//! Small pieces that several kinds are made of.

use std::sync::Arc;

use jiff::Timestamp;
use machinery::{
    age,
    kind::{Column, Description, Kind},
    meta,
    schema::Schema,
    selector::LabelSelector,
};
use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::{
    schema::{openapi_definitions, schema_of},
    shape::round_trip,
};

/// A kind whose schema is that of `T`, and whose objects go through Go's types.
pub(crate) fn kind<T: JsonSchema>(group: &str, version: &str, kind: &str, plural: &str) -> Kind {
    let schema: Arc<dyn Fn() -> Arc<Schema> + Send + Sync> = Arc::from(schema_of::<T>());
    let shape = Arc::clone(&schema);
    Kind::new(group, version, kind, plural, Box::new(move || schema()))
        .documented(|| (T::schema_name().into_owned(), openapi_definitions::<T>()))
        .defaults(move |object| round_trip(&shape(), object))
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

/// The same column as yes or no.
pub(crate) const fn flag(column: Column) -> Column {
    Column { data_type: "boolean", ..column }
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

/// `text`, or `<unset>` where it is empty.
pub(crate) fn or_unset(text: &str) -> Value {
    if text.is_empty() { "<unset>".into() } else { text.into() }
}

/// The flag at `pointer`, false where there is none.
pub(crate) fn is_set(object: &Value, pointer: &str) -> bool {
    object.pointer(pointer).and_then(Value::as_bool).unwrap_or(false)
}

/// The name, with a mark where the annotation says that the object is the default of its kind.
pub(crate) fn name_or_default(object: &Value, annotations: &[&str]) -> Value {
    let name = meta::name(object);
    let default = annotations.iter().any(|key| meta::annotation(object, key) == Some("true"));
    if default { format!("{name} (default)").into() } else { name.into() }
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

/// The cells of the names and images of a template's containers.
pub(crate) fn container_cells(object: &Value, pointer: &str) -> [Value; 2] {
    let containers = meta::items(object, pointer);
    let list = |pointer: &str| -> String {
        containers.iter().map(|one| meta::text(one, pointer)).collect::<Vec<_>>().join(",")
    };
    [list("/name").into(), list("/image").into()]
}

/// The cell of a map of labels: `a=1,b=2`.
pub(crate) fn labels_cell(object: &Value, pointer: &str) -> Value {
    let mut labels: Vec<String> =
        meta::strings(object, pointer).map(|(key, value)| format!("{key}={value}")).collect();
    labels.sort_unstable();
    or_none(&labels.join(","))
}

/// The cell of a label selector: `<none>` where there is none or an empty one.
pub(crate) fn selector_cell(object: &Value, pointer: &str) -> Value {
    let selector = object.pointer(pointer).and_then(LabelSelector::from_object);
    or_none(&selector.map_or_else(String::new, |selector| selector.to_string()))
}

/// Has the object wait at its end for whoever removes `finalizer`.
pub(crate) fn add_finalizer(object: &mut Value, finalizer: &str) {
    if meta::finalizers(object).any(|one| one == finalizer) {
        return;
    }
    let slot = meta::metadata_mut(object).entry("finalizers").or_insert(Value::Null);
    match slot {
        Value::Array(finalizers) => finalizers.push(finalizer.into()),
        _ => *slot = vec![finalizer].into(),
    }
}
