//! Messages by hand, and documents there and back.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;
use crate::schema::{Facts, Schema, Source, from_json_schema};

struct Facts2(HashMap<&'static str, Message>);

impl Wire for Facts2 {
    fn message(&self, definition: &str) -> Option<&Message> {
        self.0.get(definition)
    }
}

fn facts() -> Facts2 {
    let own = |name: &str, zero_counts| Field::Own { name: name.into(), zero_counts };
    let thing = Message::new([
        (1, own("text", false)),
        (2, own("count", false)),
        (3, own("pointer", true)),
        (4, own("list", false)),
        (5, own("map", false)),
        (6, own("bytes", false)),
        (7, Field::Inline("Inner".into())),
        (8, own("thing", false)),
    ]);
    let inner = Message::new([(1, own("inner", false))]);
    Facts2(HashMap::from([("Thing", thing), ("Inner", inner)]))
}

fn schema() -> Schema {
    let text = json!({"type": "string"});
    let number = json!({"type": "integer", "format": "int32"});
    let root = json!({"properties": {
        "text": text, "count": number, "pointer": number, "inner": text,
        "list": {"type": "array", "items": text},
        "map": {"type": "object", "additionalProperties": text},
        "bytes": {"type": "string", "format": "byte"},
        "thing": {"$ref": "#/definitions/Thing"}}});
    let facts = Facts { lists: &[], atomic: &[], atomic_maps: &[] };
    let (Some(root), none) = (root.as_object(), Map::new()) else { panic!("an object") };
    from_json_schema("Thing", &Source { root, definitions: &none }, &facts)
}

#[test]
fn a_message_by_hand_is_read() {
    let bytes = [
        10, 2, b'h', b'i', // text
        16, 0, // count: zero is nothing
        24, 0, // pointer: zero is a value
        34, 1, b'a', 34, 1, b'b', // list
        58, 3, 10, 1, b'x', // inner, in a message of its own
        250, 1, 1, 0, // an unknown field
    ];
    let value = decode(&facts(), &schema(), &bytes).unwrap();
    assert_eq!(value, json!({"text": "hi", "pointer": 0, "list": ["a", "b"], "inner": "x"}));
}

#[test]
fn envelopes_read_back_and_nonsense_is_refused() {
    let envelope = Envelope { api_version: "v1".into(), kind: "Thing".into(), raw: vec![1, 2] };
    assert_eq!(Envelope::parse(&envelope.written()), Ok(envelope));
    assert_eq!(Envelope::parse(b"{}"), Err(ProtobufError::NoMagic));
    assert_eq!(Envelope::parse(b"k8s\0\x0a\xff"), Err(ProtobufError::Malformed));
}

#[test]
fn messages_in_one_another_end_somewhere() {
    let mut bytes = Vec::new();
    for _ in 0..1000 {
        let mut outer = Vec::new();
        put_bytes(&mut outer, 8, &bytes);
        bytes = outer;
    }
    assert_eq!(decode(&facts(), &schema(), &bytes), Err(ProtobufError::TooDeep));
}

proptest! {
    /// What is written reads back.
    #[test]
    fn documents_read_back(
        text in "[a-z]{1,8}", count in 1_i32..i32::MAX, pointer in any::<i32>(),
        list in prop::collection::vec("[a-z]{0,4}", 1..4),
        map in prop::collection::btree_map("[a-z]{1,3}", "[a-z]{0,3}", 1..4),
    ) {
        let value = json!({"text": text, "count": count, "pointer": pointer, "list": list,
            "map": map, "bytes": "aGk=", "inner": "x", "thing": {"text": "below"}});
        let bytes = encode(&facts(), &schema(), &value).unwrap();
        prop_assert_eq!(decode(&facts(), &schema(), &bytes).unwrap(), value);
    }

    /// Nothing that comes over the wire panics.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        drop(decode(&facts(), &schema(), &bytes));
        drop(Envelope::parse(&bytes));
    }
}
