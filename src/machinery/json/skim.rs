//! Objects without the notes of who owns which field: for those who look and do not write.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The largest part of many objects, and of no use to rows and selectors.
const PASSED_OVER: &str = "managedFields";

/// Parses an object, passing over `metadata.managedFields`.
///
/// Cost: O(input); what is passed over is scanned and not kept. Errors: malformed input.
pub fn skim(input: &[u8]) -> Result<Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(input);
    let value = Skim { depth: 0 }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// The bytes of the object that begins at the start of `input`; `None` where none does, or where it
/// does not end.
///
/// Cost: O(its length). The input is taken to be well-formed: it is what the server wrote.
pub fn object_at_start(input: &[u8]) -> Option<&[u8]> {
    let mut depth = 0_usize;
    let (mut in_text, mut escaped) = (false, false);
    for (at, byte) in input.iter().enumerate() {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{') => depth += 1,
            (false, b'}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return input.get(..=at);
                }
            }
            (false, _) if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// One value; only at depth 1, in `metadata`, something is passed over.
struct Skim {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Skim {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        // Below what may be passed over, the usual way is the fastest.
        if self.depth > 1 {
            return serde::Deserialize::deserialize(reader);
        }
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skim {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element::<Value>()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if self.depth == 1 && key == PASSED_OVER {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            // Only metadata holds what is passed over; the rest is read as it stands.
            let depth = if self.depth == 0 && key == "metadata" { 1 } else { 2 };
            let value = map.next_value_seed(Skim { depth })?;
            fields.insert(key, value);
        }
        Ok(fields.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_notes_of_metadata_are_passed_over() {
        let text = br#"{"kind":"K","metadata":{"name":"a","managedFields":[{"x":[1]}],"labels":{"managedFields":"b"}},"managedFields":1,"spec":{"managedFields":2,"n":[1.5,-1,null,true]}}"#;
        let want = json!({
            "kind": "K", "metadata": {"name": "a", "labels": {"managedFields": "b"}},
            "managedFields": 1, "spec": {"managedFields": 2, "n": [1.5, -1, null, true]},
        });
        assert_eq!(skim(text).unwrap(), want);
        assert!(skim(b"{\"metadata\":{\"managedFields\":[}}").is_err());
        assert!(skim(b"{} {}").is_err());
    }

    #[test]
    fn an_object_ends_where_its_brackets_do() {
        for (text, want) in [
            (r#"{"a":"}"} rest"#, Some(r#"{"a":"}"}"#)),
            (r#"{"a":"\"}","b":{}},"x""#, Some(r#"{"a":"\"}","b":{}}"#)),
            ("1", None),
            ("{", None),
            ("}", None),
            ("", None),
        ] {
            let found = object_at_start(text.as_bytes());
            assert_eq!(found, want.map(str::as_bytes), "{text}");
        }
    }

    proptest! {
        #[test]
        fn objects_are_cut_out_whole(name in "[\\PC]{0,12}", rest in "[\\PC]{0,12}") {
            let object = json!({"name": name, "labels": {"x": rest}}).to_string();
            let text = format!("{object},{rest}");
            prop_assert_eq!(object_at_start(text.as_bytes()), Some(object.as_bytes()));
        }
    }
}
