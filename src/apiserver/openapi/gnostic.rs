//! Swagger 2.0 documents as gnostic's protobuf, which clients of client-go ask for.
//! Source: `OpenAPIv2.proto` of google/gnostic-models.

use machinery::protobuf::wire::{put_bytes, put_double, put_number};
use serde_json::{Map, Value};

/// Writes a Swagger document as a message `openapi.v2.Document`.
pub(super) fn encode(document: &Value) -> Vec<u8> {
    let mut out = Message::default();
    out.text(document, "swagger", 1);
    out.message(2, &fields(&document["info"], &[("title", 1), ("version", 2)]));
    let mut paths = Message::default();
    for (path, item) in entries(&document["paths"]) {
        paths.named(2, path, &path_item(item));
    }
    out.message(8, &paths);
    out.message(9, &schemas(&document["definitions"]));
    for requirement in list(&document["security"]) {
        let mut message = Message::default();
        for (name, scopes) in entries(requirement) {
            let mut array = Message::default();
            array.texts(list(scopes), 1);
            message.named(1, name, &array);
        }
        out.message(12, &message);
    }
    let mut definitions = Message::default();
    for (name, security) in entries(&document["securityDefinitions"]) {
        let numbers = [("type", 1), ("name", 2), ("in", 3), ("description", 4)];
        let mut item = Message::default();
        item.message(2, &fields(security, &numbers));
        definitions.named(1, name, &item);
    }
    out.message(13, &definitions);
    out.0
}

/// A message being written.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn message(&mut self, number: u32, inner: &Self) {
        put_bytes(&mut self.0, number, &inner.0);
    }

    fn put_text(&mut self, number: u32, text: &str) {
        put_bytes(&mut self.0, number, text.as_bytes());
    }

    /// An entry of a map: its key and its value.
    fn named(&mut self, number: u32, name: &str, value: &Self) {
        let mut entry = Self::default();
        entry.put_text(1, name);
        entry.message(2, value);
        self.message(number, &entry);
    }

    fn text(&mut self, of: &Value, key: &str, number: u32) {
        if let Some(text) = of[key].as_str() {
            self.put_text(number, text);
        }
    }

    fn texts<'a>(&mut self, values: impl Iterator<Item = &'a Value>, number: u32) {
        for text in values.filter_map(Value::as_str) {
            self.put_text(number, text);
        }
    }

    fn flag(&mut self, of: &Value, key: &str, number: u32) {
        if of[key] == true {
            put_number(&mut self.0, number, 1);
        }
    }

    fn number(&mut self, of: &Value, key: &str, number: u32) {
        if let Some(value) = of[key].as_i64() {
            put_number(&mut self.0, number, value);
        }
    }

    fn double(&mut self, of: &Value, key: &str, number: u32) {
        if let Some(value) = of[key].as_f64() {
            put_double(&mut self.0, number, value);
        }
    }

    /// What `x-` fields say.
    fn extensions(&mut self, of: &Value, number: u32) {
        for (name, value) in entries(of).filter(|(name, _)| name.starts_with("x-")) {
            self.named(number, name, &any(value));
        }
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Any value, as YAML: JSON is that.
fn any(value: &Value) -> Message {
    let mut message = Message::default();
    message.put_text(2, &format!("{value}\n"));
    message
}

fn fields(of: &Value, numbers: &[(&str, u32)]) -> Message {
    let mut message = Message::default();
    for (key, number) in numbers {
        message.text(of, key, *number);
    }
    message
}

fn path_item(item: &Value) -> Message {
    const METHODS: [(&str, u32); 7] = [
        ("get", 2),
        ("put", 3),
        ("post", 4),
        ("delete", 5),
        ("options", 6),
        ("head", 7),
        ("patch", 8),
    ];
    let mut message = Message::default();
    for (method, number) in METHODS {
        if item[method].is_object() {
            message.message(number, &operation(&item[method]));
        }
    }
    for one in list(&item["parameters"]) {
        message.message(9, &parameter(one));
    }
    message.extensions(item, 10);
    message
}

fn operation(operation: &Value) -> Message {
    let mut message = Message::default();
    message.texts(list(&operation["tags"]), 1);
    message.text(operation, "description", 3);
    message.text(operation, "operationId", 5);
    message.texts(list(&operation["produces"]), 6);
    message.texts(list(&operation["consumes"]), 7);
    for one in list(&operation["parameters"]) {
        message.message(8, &parameter(one));
    }
    let mut responses = Message::default();
    for (code, response) in entries(&operation["responses"]) {
        let mut value = Message::default();
        value.text(response, "description", 1);
        if response["schema"].is_object() {
            let mut item = Message::default();
            item.message(1, &schema(&response["schema"]));
            value.message(2, &item);
        }
        let mut one = Message::default();
        one.message(1, &value);
        responses.named(1, code, &one);
    }
    message.message(9, &responses);
    message.texts(list(&operation["schemes"]), 10);
    message.extensions(operation, 13);
    message
}

/// A parameter: of the body, of the query or of the path.
fn parameter(of: &Value) -> Message {
    let mut parameter = Message::default();
    if of["in"] == "body" {
        let mut body = fields(of, &[("description", 1), ("name", 2), ("in", 3)]);
        body.flag(of, "required", 4);
        body.message(5, &schema(&of["schema"]));
        parameter.message(1, &body);
    } else {
        let in_query = of["in"] == "query";
        let mut inner = fields(of, &[("in", 2), ("description", 3), ("name", 4)]);
        inner.flag(of, "required", 1);
        let (data_type, unique, place) = if in_query { (6, 20, 3) } else { (5, 19, 4) };
        inner.text(of, "type", data_type);
        inner.flag(of, "uniqueItems", unique);
        let mut rest = Message::default();
        rest.message(place, &inner);
        parameter.message(2, &rest);
    }
    let mut item = Message::default();
    item.message(1, &parameter);
    item
}

fn schemas(of: &Value) -> Message {
    let mut message = Message::default();
    for (name, one) in entries(of) {
        message.named(1, name, &schema(one));
    }
    message
}

fn schema(of: &Value) -> Message {
    let texts = [("$ref", 1), ("format", 2), ("title", 3), ("description", 4), ("pattern", 13)];
    let mut message = fields(of, &texts);
    for (key, number) in [("multipleOf", 6), ("maximum", 7), ("minimum", 9)] {
        message.double(of, key, number);
    }
    for (key, number) in [
        ("maxLength", 11),
        ("minLength", 12),
        ("maxItems", 14),
        ("minItems", 15),
        ("maxProperties", 17),
        ("minProperties", 18),
    ] {
        message.number(of, key, number);
    }
    for (key, number) in [("exclusiveMaximum", 8), ("exclusiveMinimum", 10), ("uniqueItems", 16)] {
        message.flag(of, key, number);
    }
    message.texts(list(&of["required"]), 19);
    for word in list(&of["enum"]) {
        message.message(20, &any(word));
    }
    match &of["additionalProperties"] {
        Value::Bool(given) => {
            let mut item = Message::default();
            put_number(&mut item.0, 2, i64::from(*given));
            message.message(21, &item);
        }
        Value::Object(_) => {
            let mut item = Message::default();
            item.message(1, &schema(&of["additionalProperties"]));
            message.message(21, &item);
        }
        _ => {}
    }
    if of["type"].is_string() {
        message.message(22, &fields(of, &[("type", 1)]));
    }
    if of["items"].is_object() {
        let mut items = Message::default();
        items.message(1, &schema(&of["items"]));
        message.message(23, &items);
    }
    for one in list(&of["allOf"]) {
        message.message(24, &schema(one));
    }
    if of["properties"].is_object() {
        message.message(25, &schemas(&of["properties"]));
    }
    message.extensions(of, 31);
    message
}
