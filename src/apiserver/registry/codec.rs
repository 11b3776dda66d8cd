//! Objects as bytes: written once, with a hole for the revision, and sliced for lists.

use bytes::Bytes;
use machinery::{
    json::{self, ordered},
    kind::Kind,
    meta,
    protobuf::Wire as _,
    schema::Schema,
    status::Status,
};
use serde_json::{Map, Value};

/// An object ready for the store.
pub(crate) type Encoded = store::Value;

/// The first bytes of every stored object of a kind.
pub(crate) fn head(kind: &str, api_version: &str) -> String {
    format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",")
}

/// Encodes an object: kind and API version first, so that lists can leave them out, then the
/// metadata with a hole for the revision, then the rest.
///
/// Cost: O(object), once for each write. Errors: 400 for what is so deep that nobody could read it.
pub(crate) fn encode(object: &Value) -> Result<Encoded, Status> {
    if json::depth(object) > json::MAX_KEPT_DEPTH {
        return Err(Status::bad_request("json: exceeded max depth"));
    }
    let kind = meta::text(object, "/kind");
    let api_version = meta::text(object, "/apiVersion");
    let empty = Map::new();
    let metadata = object.get("metadata").and_then(Value::as_object).unwrap_or(&empty);
    let mut out = head(kind, api_version).into_bytes();
    out.extend_from_slice(b"\"metadata\":{");
    for key in BEFORE_VERSION {
        if let Some(value) = metadata.get(key) {
            field(&mut out, key, value)?;
            out.push(b',');
        }
    }
    out.extend_from_slice(b"\"resourceVersion\":\"");
    let stamp_at = out.len();
    out.extend_from_slice(b"\"");
    for key in AFTER_VERSION {
        if let Some(value) = metadata.get(key) {
            out.push(b',');
            field(&mut out, key, value)?;
        }
    }
    let known = |key: &str| BEFORE_VERSION.contains(&key) || AFTER_VERSION.contains(&key);
    let others = |key: &str| !matches!(key, "resourceVersion" | "managedFields") && !known(key);
    fields(&mut out, metadata, others)?;
    managers(&mut out, metadata.get("managedFields"))?;
    out.extend_from_slice(b"}");
    let whole = object.as_object().unwrap_or(&empty);
    content(&mut out, whole, api_version, kind)?;
    out.extend_from_slice(b"}");
    // The hole stands before anything that is escaped: names and ids are plain.
    Ok(Encoded { bytes: escaped(out).into(), stamp_at: Some(stamp_at) })
}

/// What stands beside the metadata, each field behind a comma: of built-in kinds in Go's order.
fn content(
    out: &mut Vec<u8>,
    object: &Map<String, Value>,
    api_version: &str,
    kind: &str,
) -> Result<(), Status> {
    let beside = |key: &str| !matches!(key, "kind" | "apiVersion" | "metadata");
    let (group, version) = meta::group_version(api_version);
    let Some(kind) = api::lookup(group, version, kind) else {
        return fields(out, object, beside);
    };
    let schema = kind.schema();
    let Schema::Object(link) = &*schema else { return fields(out, object, beside) };
    let definition = link.definition();
    let known = api::wire::wire().message(&definition.name);
    let names = known.into_iter().flat_map(|message| ordered::names(message, api::wire::wire()));
    let names: Vec<&str> = names.filter(|name| beside(name)).collect();
    for name in names.iter().copied().filter(|name| object.contains_key(*name)) {
        let inner = definition.fields.get(name).unwrap_or(&Schema::Untyped);
        out.push(b',');
        serde_json::to_writer(&mut *out, name).map_err(Status::internal)?;
        out.push(b':');
        let value = object.get(name).unwrap_or(&Value::Null);
        ordered::write(out, value, inner, api::wire::wire()).map_err(Status::internal)?;
    }
    fields(out, object, |key| beside(key) && !names.contains(&key))
}

/// The fields of an entry of `managedFields` in Go's order.
const OF_MANAGERS: [&str; 7] =
    ["manager", "operation", "apiVersion", "time", "fieldsType", "fieldsV1", "subresource"];

fn managers(out: &mut Vec<u8>, list: Option<&Value>) -> Result<(), Status> {
    let Some(list) = list.and_then(Value::as_array) else { return Ok(()) };
    out.extend_from_slice(b",\"managedFields\":[");
    for (index, entry) in list.iter().enumerate() {
        out.extend_from_slice(if index > 0 { b",{" } else { b"{" });
        let known = OF_MANAGERS.iter().filter_map(|key| Some((*key, entry.get(*key)?)));
        for (at, (key, value)) in known.enumerate() {
            if at > 0 {
                out.push(b',');
            }
            field(out, key, value)?;
        }
        out.push(b'}');
    }
    out.push(b']');
    Ok(())
}

/// Letters that HTML gives a meaning are escaped, as Go's JSON has it; they stand in texts alone.
pub(crate) fn escaped(json: Vec<u8>) -> Vec<u8> {
    if !json.iter().any(|byte| matches!(byte, b'<' | b'>' | b'&')) {
        return json;
    }
    let mut out = Vec::with_capacity(json.len() + 64);
    for byte in json {
        match byte {
            b'<' => out.extend_from_slice(b"\\u003c"),
            b'>' => out.extend_from_slice(b"\\u003e"),
            b'&' => out.extend_from_slice(b"\\u0026"),
            other => out.push(other),
        }
    }
    out
}

/// Metadata in Go's order, before and behind the revision.
const BEFORE_VERSION: [&str; 4] = ["name", "generateName", "namespace", "uid"];
const AFTER_VERSION: [&str; 8] = [
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
];

fn field(out: &mut Vec<u8>, key: &str, value: &Value) -> Result<(), Status> {
    serde_json::to_writer(&mut *out, key).map_err(Status::internal)?;
    out.push(b':');
    serde_json::to_writer(out, value).map_err(Status::internal)
}

/// The fields that `wanted` picks, each behind a comma.
fn fields(
    out: &mut Vec<u8>,
    map: &Map<String, Value>,
    wanted: impl Fn(&str) -> bool,
) -> Result<(), Status> {
    for (key, value) in map.iter().filter(|(key, _)| wanted(key)) {
        out.push(b',');
        field(out, key, value)?;
    }
    Ok(())
}

/// An object's bytes as an item of a list, whose first letter is told apart: built-in kinds leave
/// out kind and API version there, which `head` says.
pub(crate) fn item(kind: &Kind, head: &str, object: &Bytes) -> (&'static [u8], Bytes) {
    if kind.custom.is_none() && object.starts_with(head.as_bytes()) {
        return (b"{", object.slice(head.len()..));
    }
    (b"", object.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_stand_in_the_order_of_go() {
        let object = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"},
            "spec": {
                "containers": [{"image": "i", "name": "c", "env": [{"value": "1", "name": "A"}]}],
                "volumes": [{"emptyDir": {}, "name": "v"}], "strange": 1, "nodeSelector": {"b": "1", "a": "2"},
            },
        });
        let bytes = encode(&object).unwrap().stamped(1);
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let wanted = "\"spec\":{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}],\"containers\":\
                      [{\"name\":\"c\",\"image\":\"i\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}],\
                      \"nodeSelector\":{\"a\":\"2\",\"b\":\"1\"},\"strange\":1}}";
        assert!(text.ends_with(wanted), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["spec"], object["spec"]);
    }

    #[test]
    fn what_is_encoded_and_stamped_reads_back() {
        let object = json!({
            "apiVersion": "v1", "kind": "Pod", "spec": {"a": [1]}, "status": {},
            "metadata": {"name": "a\"b", "resourceVersion": "old"},
        });
        let stamped = encode(&object).unwrap().stamped(42);
        let mut expected = object.clone();
        expected["metadata"]["resourceVersion"] = json!("42");
        assert_eq!(serde_json::from_slice::<Value>(&stamped).unwrap(), expected);
    }
}
