//! JSON as Go writes it: the fields of a struct in the struct's order, keys of maps sorted.

use serde_json::{Map, Value};

use crate::{
    protobuf::{Field, Message, Wire},
    schema::Schema,
};

/// Writes a value whose shape `schema` tells; fields that nobody knows stand last, sorted.
///
/// Cost: O(value). Errors: none but those of `serde_json`, which has none for values.
pub fn write(
    out: &mut Vec<u8>,
    value: &Value,
    schema: &Schema,
    wire: &dyn Wire,
) -> serde_json::Result<()> {
    match (schema, value) {
        (Schema::Object(link), Value::Object(fields)) => {
            let definition = link.definition();
            let message = wire.message(&definition.name);
            let any = Schema::Untyped;
            let mut list = Members::begin(out);
            for name in message.iter().flat_map(|message| names(message, wire)) {
                if let Some(value) = fields.get(name) {
                    list.next(out, name)?;
                    write(out, value, definition.fields.get(name).unwrap_or(&any), wire)?;
                }
            }
            let known =
                |name: &str| message.is_some_and(|one| names(one, wire).any(|it| it == name));
            let rest = if list.count == fields.len() { None } else { Some(fields) };
            for (name, value) in rest.into_iter().flatten().filter(|(name, _)| !known(name)) {
                list.next(out, name)?;
                write(out, value, definition.fields.get(name.as_str()).unwrap_or(&any), wire)?;
            }
            out.push(b'}');
            Ok(())
        }
        (Schema::Map(inner, _), Value::Object(fields)) => members(out, fields, inner, wire),
        (Schema::List(inner, _), Value::Array(items)) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(out, item, inner, wire)?;
            }
            out.push(b']');
            Ok(())
        }
        _ => serde_json::to_writer(out, value),
    }
}

/// Writes a document that says what it is first: kind and API version, then its fields.
///
/// Errors: as [`write`].
pub fn document(
    out: &mut Vec<u8>,
    document: &Map<String, Value>,
    schema: &Schema,
    wire: &dyn Wire,
) -> serde_json::Result<()> {
    const TYPE: [&str; 2] = ["kind", "apiVersion"];
    let mut content = document.clone();
    let mut list = Members::begin(out);
    for (name, value) in TYPE.into_iter().filter_map(|name| Some((name, content.remove(name)?))) {
        list.next(out, name)?;
        serde_json::to_writer(&mut *out, &value)?;
    }
    let mut rest = Vec::new();
    write(&mut rest, &Value::Object(content), schema, wire)?;
    let inner = rest.strip_prefix(b"{").unwrap_or_default();
    if inner != b"}" && list.count > 0 {
        out.push(b',');
    }
    out.extend_from_slice(inner);
    Ok(())
}

/// The names of a struct's fields in its order, those of what it embeds in their place.
pub fn names<'a>(
    message: &'a Message,
    wire: &'a dyn Wire,
) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    Box::new(message.in_order().flat_map(move |field| match field {
        Field::Own { name, .. } => {
            Box::new(std::iter::once(&**name)) as Box<dyn Iterator<Item = &'a str> + 'a>
        }
        Field::Inline(other) => match wire.message(other) {
            Some(message) => names(message, wire),
            None => Box::new(std::iter::empty()),
        },
    }))
}

fn members(
    out: &mut Vec<u8>,
    fields: &Map<String, Value>,
    schema: &Schema,
    wire: &dyn Wire,
) -> serde_json::Result<()> {
    let mut list = Members::begin(out);
    for (name, value) in fields {
        list.next(out, name)?;
        write(out, value, schema, wire)?;
    }
    out.push(b'}');
    Ok(())
}

/// The members of an object that is being written.
struct Members {
    count: usize,
}

impl Members {
    fn begin(out: &mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { count: 0 }
    }

    fn next(&mut self, out: &mut Vec<u8>, name: &str) -> serde_json::Result<()> {
        if self.count > 0 {
            out.push(b',');
        }
        self.count += 1;
        serde_json::to_writer(&mut *out, name)?;
        out.push(b':');
        Ok(())
    }
}
