//! Documents read in part: what a reader does not look at is scanned and not kept.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What of a document is kept. Fields are those of an object, or of each object of a list.
#[derive(Debug, Clone, Copy, Default)]
pub enum Keep {
    /// Everything.
    #[default]
    All,
    /// Nothing: the field is not there.
    Nothing,
    /// These fields, as they say; no others.
    Only(&'static [(&'static str, Keep)]),
    /// These fields as they say, and all others.
    Besides(&'static [(&'static str, Keep)]),
}

/// Everything but the notes of who owns which field, which are the largest part of many objects
/// and of no use to rows and selectors.
pub const WITHOUT_NOTES: Keep =
    Keep::Besides(&[("metadata", Keep::Besides(&[("managedFields", Keep::Nothing)]))]);

/// What of its metadata names an object and lets labels select it: what most selectors look at.
pub const IDENTITY: Keep =
    Keep::Only(&[("name", Keep::All), ("namespace", Keep::All), ("labels", Keep::All)]);

/// Parses what `keep` says of a document.
///
/// Cost: O(input); what is passed over is scanned and not kept. Errors: malformed input.
pub fn skim(input: &[u8], keep: Keep) -> Result<Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(input);
    let value = keep.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// The bytes of the object that begins at the start of `input`; `None` where none does, or where it
/// does not end.
///
/// Cost: O(its length). The input is taken to be well-formed: it is what the server wrote.
pub fn object_at_start(input: &[u8]) -> Option<&[u8]> {
    if input.first() != Some(&b'{') {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        match input.get(at)? {
            b'"' => at = text_end(input, at + 1)?,
            b'{' => depth += 1,
            b'}' if depth == 1 => return input.get(..=at),
            b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

/// Where the quote is that ends a text whose first byte is `at`.
fn text_end(input: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match input.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

impl Keep {
    /// What is kept of a field.
    fn of(self, field: &str) -> Self {
        let (fields, others) = match self {
            Self::All | Self::Nothing => return self,
            Self::Only(fields) => (fields, Self::Nothing),
            Self::Besides(fields) => (fields, Self::All),
        };
        fields.iter().find(|(name, _)| *name == field).map_or(others, |(_, keep)| *keep)
    }
}

impl<'de> DeserializeSeed<'de> for Keep {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        match self {
            Self::All => serde::Deserialize::deserialize(reader),
            Self::Nothing => reader.deserialize_ignored_any(IgnoredAny).map(|_| Value::Null),
            Self::Only(_) | Self::Besides(_) => reader.deserialize_any(self),
        }
    }
}

/// The name of a field, and what is kept of it. Names of what is passed over are not kept either.
struct Name(Keep);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<(String, Keep)>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<(String, Keep)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(match self.0.of(name) {
            Keep::Nothing => None,
            keep => Some((name.to_owned(), keep)),
        })
    }
}

impl<'de> Visitor<'de> for Keep {
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
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key_seed(Name(self))? {
            let Some((name, keep)) = name else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value_seed(keep)?;
            fields.insert(name, value);
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
        assert_eq!(skim(text, WITHOUT_NOTES).unwrap(), want);
        assert!(skim(b"{\"metadata\":{\"managedFields\":[}}", WITHOUT_NOTES).is_err());
        assert!(skim(b"{} {}", WITHOUT_NOTES).is_err());
    }

    #[test]
    fn only_what_is_wanted_is_kept() {
        const KEEP: Keep = Keep::Only(&[
            ("name", Keep::All),
            ("list", Keep::Only(&[("a", Keep::All)])),
            ("gone", Keep::Nothing),
        ]);
        let text = r#"{"n\u0061me":{"x":[1]},"list":[{"a":1,"b":2},3,[{"a":{"b":4}},{}]],"gone":5,"b":{"name":6}}"#;
        let want = json!({"name": {"x": [1]}, "list": [{"a": 1}, 3, [{"a": {"b": 4}}, {}]]});
        assert_eq!(skim(text.as_bytes(), KEEP).unwrap(), want);
        assert_eq!(skim(b"[null,true]", KEEP).unwrap(), json!([null, true]));
        assert!(skim(b"{\"b\":{\"c\":}}", KEEP).is_err());
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
