//! Types that a schema declares, how large their values may be, and values as expressions see them.
//! Source: `k8s.io/apiserver/pkg/cel/{types,escaping}.go`, `pkg/cel/common/schemas.go`.

use std::{collections::BTreeMap, sync::Arc};

use machinery::base64;
use serde_json::{Value as Json, json};

use crate::{
    functions,
    types::{Object, Type},
    value::{EvalError, Identity, List, Value, whole},
};

/// The most bytes of a request.
const LARGEST_REQUEST: u64 = 3 * 1024 * 1024;

/// A type, and how large its values may be.
#[derive(Debug)]
pub struct Declared {
    shape: Shape,
    /// The most items, entries or bytes.
    pub(crate) most: u64,
    /// The least bytes as JSON.
    least_bytes: u64,
}

#[derive(Debug)]
enum Shape {
    Plain(Type),
    List(Box<Declared>, Identity),
    Map(Box<Declared>),
    Object(BTreeMap<String, (String, Declared)>),
}

fn text<'a>(schema: &'a Json, key: &str) -> &'a str {
    schema.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn flag(schema: &Json, key: &str) -> bool {
    schema.get(key).and_then(Json::as_bool).unwrap_or(false)
}

/// A limit as given; what is below nothing is nothing.
fn limit(schema: &Json, key: &str) -> Option<u64> {
    let given = schema.get(key).filter(|it| it.is_number())?;
    Some(given.as_u64().unwrap_or(0))
}

impl Declared {
    /// The type that a schema declares, `root` if it is that of whole objects; `None`: expressions
    /// do not see such values.
    pub fn read(schema: &Json, root: bool) -> Option<Self> {
        if flag(schema, "x-kubernetes-int-or-string") {
            let most = limit(schema, "maxLength").map(|most| most.saturating_mul(4));
            return Some(Self::plain(Type::Dyn, most.unwrap_or(LARGEST_REQUEST - 2), 1));
        }
        if root {
            return Self::object(&with_metadata(schema));
        }
        match text(schema, "type") {
            "array" => Self::list(schema),
            "object" => Self::object(schema),
            "string" => Some(Self::string(schema)),
            "boolean" => Some(Self::plain(Type::Bool, 0, 4)),
            "number" => Some(Self::plain(Type::Double, 0, 1)),
            "integer" => Some(Self::plain(Type::Int, 0, 1)),
            _ => None,
        }
    }

    fn plain(of: Type, most: u64, least_bytes: u64) -> Self {
        Self { shape: Shape::Plain(of), most, least_bytes }
    }

    fn below(schema: &Json) -> Option<Self> {
        Self::read(schema, flag(schema, "x-kubernetes-embedded-resource"))
    }

    fn list(schema: &Json) -> Option<Self> {
        let items = Self::below(schema.get("items").filter(|it| it.is_object())?)?;
        let usual = (LARGEST_REQUEST - 2) / (items.least_bytes + 1);
        let most = limit(schema, "maxItems").unwrap_or(usual);
        let identity = match text(schema, "x-kubernetes-list-type") {
            "set" => Identity::Value,
            "map" => {
                let keys = schema.get("x-kubernetes-list-map-keys").and_then(Json::as_array);
                let keys = keys.into_iter().flatten().filter_map(Json::as_str);
                Identity::Keys(keys.filter_map(escape).collect())
            }
            _ => Identity::Place,
        };
        Some(Self { shape: Shape::List(Box::new(items), identity), most, least_bytes: 2 })
    }

    fn object(schema: &Json) -> Option<Self> {
        if let Some(of) = schema.get("additionalProperties").filter(|it| it.is_object()) {
            let values = Self::below(of)?;
            let usual = (LARGEST_REQUEST - 2) / (values.least_bytes + 6);
            let most = limit(schema, "maxProperties").unwrap_or(usual);
            return Some(Self { shape: Shape::Map(Box::new(values)), most, least_bytes: 2 });
        }
        let required = schema.get("required").and_then(Json::as_array);
        let required: Vec<&str> = required.into_iter().flatten().filter_map(Json::as_str).collect();
        let mut fields = BTreeMap::new();
        let mut least_bytes = 2;
        let properties = schema.get("properties").and_then(Json::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let Some(of) = Self::below(property) else { continue };
            if required.contains(&name.as_str()) && property.get("default").is_none() {
                least_bytes += name.len() as u64 + of.least_bytes + 4;
            }
            if let Some(escaped) = escape(name) {
                fields.insert(name.clone(), (escaped, of));
            }
        }
        Some(Self { shape: Shape::Object(fields), most: 0, least_bytes })
    }

    fn string(schema: &Json) -> Self {
        let most = limit(schema, "maxLength");
        match text(schema, "format") {
            "byte" => return Self::plain(Type::Bytes, most.unwrap_or(LARGEST_REQUEST - 2), 2),
            "duration" => return Self::plain(Type::Duration, 32, 3),
            "date" => return Self::plain(Type::Timestamp, 12, 12),
            "date-time" => return Self::plain(Type::Timestamp, 32, 21),
            _ => {}
        }
        let words = schema.get("enum").and_then(Json::as_array).filter(|it| !it.is_empty());
        let longest = words.map(|words| {
            let lengths = words.iter().filter_map(|word| Some(word.as_str()?.len() as u64));
            lengths.max().unwrap_or(0)
        });
        let most = most.map(|most| most.saturating_mul(4)).or(longest);
        Self::plain(Type::String, most.unwrap_or(LARGEST_REQUEST - 2), 2)
    }

    /// The type for the checker; objects in it are called by `name` and their fields' names.
    pub fn as_type(&self, name: &str) -> Type {
        match &self.shape {
            Shape::Plain(of) => of.clone(),
            Shape::List(items, _) => Type::list(items.as_type(&format!("{name}.@idx"))),
            Shape::Map(values) => Type::map(Type::String, values.as_type(&format!("{name}.@elem"))),
            Shape::Object(fields) => {
                let fields = fields.values().map(|(escaped, of)| {
                    (escaped.clone(), of.as_type(&format!("{name}.{escaped}")))
                });
                let fields = fields.collect();
                Type::Object(Arc::new(Object { name: name.to_owned(), fields, open: false }))
            }
        }
    }

    /// How often such a value can be in one object at most.
    pub fn cardinality(&self) -> u64 {
        LARGEST_REQUEST / (self.least_bytes + 1)
    }

    /// The type at a road of field names, `@items`, `@values` and `@keys`.
    pub(crate) fn at(&self, road: &[String]) -> Option<&Self> {
        let mut here = self;
        for step in road {
            here = match (&here.shape, step.as_str()) {
                (Shape::List(of, _) | Shape::Map(of), "@items" | "@values") => of,
                (Shape::Object(fields), name) => {
                    &fields.values().find(|(escaped, _)| escaped == name)?.1
                }
                _ => return None,
            };
        }
        Some(here)
    }

    /// The declaration of a list's items or a map's values.
    pub fn element(&self) -> Option<&Self> {
        match &self.shape {
            Shape::List(of, _) | Shape::Map(of) => Some(of),
            _ => None,
        }
    }

    /// The declaration of a field, by its name as in JSON.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match &self.shape {
            Shape::Object(fields) => fields.get(name).map(|(_, of)| of),
            _ => None,
        }
    }

    /// A JSON value as expressions see it; what is not declared is left out.
    pub fn value(&self, json: &Json) -> Value {
        match (&self.shape, json) {
            (Shape::Plain(of), json) => plain(of, json),
            (Shape::List(of, identity), Json::Array(items)) => {
                let items = items.iter().map(|item| of.value(item)).collect();
                Value::List(Arc::new(List::new(items, identity.clone())))
            }
            (Shape::Map(of), Json::Object(entries)) => {
                Value::map(entries.iter().map(|(key, value)| (key.clone(), of.value(value))))
            }
            (Shape::Object(fields), Json::Object(entries)) => {
                let known = entries.iter().filter_map(|(key, value)| {
                    let (escaped, of) = fields.get(key)?;
                    Some((escaped.clone(), of.value(value)))
                });
                Value::object("object", known.collect())
            }
            _ => from_json(json),
        }
    }
}

fn plain(of: &Type, json: &Json) -> Value {
    let Json::String(text) = json else {
        let number = json.as_f64().filter(|_| *of == Type::Double);
        return number.map_or_else(|| from_json(json), Value::Double);
    };
    let converted = match of {
        Type::Bytes => base64::decode(text).map(|bytes| Value::Bytes(bytes.into())),
        Type::Duration => functions::go_duration(text).ok().map(Value::Duration),
        Type::Timestamp => text
            .parse()
            .ok()
            .or_else(|| format!("{text}T00:00:00Z").parse().ok())
            .map(Value::Timestamp),
        _ => None,
    };
    converted.unwrap_or_else(|| Value::text(text))
}

/// A JSON value without a declaration.
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => number
                .as_u64()
                .map_or_else(|| Value::Double(number.as_f64().unwrap_or(f64::NAN)), Value::Uint),
        },
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::list(items.iter().map(from_json).collect()),
        Json::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.clone(), from_json(value))))
        }
    }
}

fn with_metadata(schema: &Json) -> Json {
    let mut whole = schema.clone();
    let string = json!({"type": "string"});
    let metadata =
        json!({"type": "object", "properties": {"name": string, "generateName": string}});
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("type".into(), "object".into());
        let properties = fields.entry("properties").or_insert_with(|| json!({}));
        if let Some(properties) = properties.as_object_mut() {
            properties.insert("kind".into(), string.clone());
            properties.insert("apiVersion".into(), string);
            properties.insert("metadata".into(), metadata);
        }
    }
    whole
}

const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Tells whether an expression can name something so. Source: `isCELIdentifier` of Kubernetes'
/// validation of admission policies.
pub fn is_identifier(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(fits)
        && !RESERVED.contains(&name)
}

/// A field's name as expressions write it; `None`: they cannot.
pub fn escape(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut out = String::new();
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("__") {
            out.push_str("__underscores__");
            rest = after;
            continue;
        }
        match letter {
            '.' => out.push_str("__dot__"),
            '-' => out.push_str("__dash__"),
            '/' => out.push_str("__slash__"),
            other if other.is_ascii_alphanumeric() || other == '_' => out.push(other),
            _ => return None,
        }
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    Some(out)
}

/// A value as JSON. Errors: a value of that type is none.
pub fn to_json(value: &Value) -> Result<Json, EvalError> {
    let refused = || EvalError::new(format!("unsupported type in JSON: {}", value.type_name()));
    Ok(match value {
        Value::Null | Value::Optional(None) => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Int(number) => (*number).into(),
        Value::Uint(number) => (*number).into(),
        Value::Double(number) => match whole(*number) {
            Some(number) => number.into(),
            None => serde_json::Number::from_f64(*number).ok_or_else(refused)?.into(),
        },
        Value::String(text) => text.as_ref().into(),
        Value::Bytes(bytes) => base64::encode(bytes).into(),
        Value::Timestamp(time) => time.to_string().into(),
        Value::Duration(nanos) => functions::duration_text(*nanos).into(),
        Value::Quantity(quantity) => quantity.to_string().into(),
        Value::Optional(Some(inner)) => to_json(inner)?,
        Value::List(list) => {
            let items: Result<Vec<Json>, EvalError> = list.items.iter().map(to_json).collect();
            items?.into()
        }
        Value::Map(entries) => {
            let mut object = serde_json::Map::new();
            for (key, value) in entries.iter() {
                let key = key.value();
                let key = key.as_str().ok_or_else(refused)?;
                object.insert(key.to_owned(), to_json(value)?);
            }
            object.into()
        }
        Value::Object(_, fields) => {
            let mut object = serde_json::Map::new();
            for (name, value) in fields.iter() {
                object.insert(unescape(name), to_json(value)?);
            }
            object.into()
        }
        _ => return Err(refused()),
    })
}

/// The name that a field has outside of expressions.
fn unescape(name: &str) -> String {
    let keyword = name.strip_prefix("__").and_then(|name| name.strip_suffix("__"));
    if let Some(keyword) = keyword.filter(|keyword| RESERVED.contains(keyword)) {
        return keyword.to_owned();
    }
    let plain = name.replace("__dot__", ".").replace("__dash__", "-").replace("__slash__", "/");
    plain.replace("__underscores__", "__")
}
