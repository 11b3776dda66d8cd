//! JSON patch, RFC 6902, with the refusals of the library that Kubernetes uses.

use serde_json::Value;

use crate::json::{MAX_DEPTH, depth};

/// Most operations in one patch. Source: kube-apiserver's `maxJSONPatchOperations`.
const MAX_OPERATIONS: usize = 10_000;

/// Most bytes that the copies of one patch may make. Source: `JSONPatchMaxCopyBytes`.
const MAX_COPIED_BYTES: usize = 3 * 1024 * 1024;

/// Why a JSON patch cannot be applied.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// It is no JSON patch.
    #[error("{0}")]
    Malformed(String),
    /// There are too many operations.
    #[error("The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {0}")]
    TooMany(usize),
    /// An operation cannot be carried out on this document.
    #[error("{0}")]
    Failed(String),
}

/// Applies the operations of `patch` to `target` in order; on an error `target` is as before.
pub fn apply_json_patch(target: &mut Value, patch: &Value) -> Result<(), PatchError> {
    let Some(operations) = patch.as_array() else {
        let kind = match patch {
            Value::Object(_) => "object",
            Value::String(_) => "string",
            Value::Number(_) => "number",
            Value::Bool(_) => "bool",
            Value::Null | Value::Array(_) => "null",
        };
        return Err(PatchError::Malformed(format!(
            "json: cannot unmarshal {kind} into Go value of type []handlers.jsonPatchOp"
        )));
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(PatchError::TooMany(operations.len()));
    }
    let mut work = target.clone();
    let mut copied = 0;
    for operation in operations {
        apply_one(&mut work, operation, &mut copied)?;
    }
    *target = work;
    Ok(())
}

/// Refuses a value that would stand too deeply in the document.
fn check_depth(path: &str, value: &Value) -> Result<(), PatchError> {
    if path.matches('/').count() + depth(value) > MAX_DEPTH {
        return Err(PatchError::Failed("exceeded max depth".to_owned()));
    }
    Ok(())
}

fn apply_one(
    document: &mut Value,
    operation: &Value,
    copied_bytes: &mut usize,
) -> Result<(), PatchError> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default();
    let (op, path, from) = (text("op"), text("path"), text("from"));
    let value = || operation.get("value").cloned().unwrap_or(Value::Null);
    match op {
        "add" => add(document, path, value(), op),
        "remove" => remove(document, path, op).map(drop),
        "replace" => {
            check_depth(path, &value())?;
            if let Some(slot) = document.pointer_mut(path) {
                *slot = value();
                return Ok(());
            }
            // Kubernetes' library lets a member be replaced that is not there.
            match parent_and_key(document, path) {
                Some((Value::Object(fields), key)) => {
                    fields.insert(key, value());
                    Ok(())
                }
                _ => Err(missing(op, path)),
            }
        }
        "move" => {
            let moved = remove(document, from, op)?;
            add(document, path, moved, op)
        }
        "copy" => {
            let copied = document.pointer(from).cloned().ok_or_else(|| missing(op, from))?;
            *copied_bytes += copied.to_string().len();
            if *copied_bytes > MAX_COPIED_BYTES {
                return Err(PatchError::Failed(format!(
                    "Unable to complete the copy, the accumulated size increase of copy is \
                     {copied_bytes}, exceeding the limit {MAX_COPIED_BYTES}"
                )));
            }
            add(document, path, copied, op)
        }
        "test" => {
            let found = document.pointer(path).unwrap_or(&Value::Null);
            if *found == value() {
                return Ok(());
            }
            Err(PatchError::Failed(format!("testing value {path} failed: test failed")))
        }
        other => Err(PatchError::Failed(format!("Unexpected kind: {other}"))),
    }
}

fn missing(op: &str, path: &str) -> PatchError {
    let words = match op {
        "add" => "doc is missing path",
        "remove" => "unable to remove nonexistent key",
        "replace" => "doc is missing key",
        _ => "doc is missing from path",
    };
    let last = path.rsplit('/').next().unwrap_or(path);
    let detail = match op {
        "remove" => format!("{words}: {last}: missing value"),
        _ => format!("{words}: {path}: missing value"),
    };
    PatchError::Failed(format!("{op} operation does not apply: {detail}"))
}

fn parent_and_key<'a>(document: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let (parent, key) = path.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    Some((document.pointer_mut(parent)?, key))
}

fn add(document: &mut Value, path: &str, value: Value, op: &str) -> Result<(), PatchError> {
    check_depth(path, &value)?;
    if path.is_empty() {
        *document = value;
        return Ok(());
    }
    let (parent, key) = parent_and_key(document, path).ok_or_else(|| missing(op, path))?;
    match parent {
        Value::Object(fields) => {
            fields.insert(key, value);
            Ok(())
        }
        Value::Array(items) if key == "-" => {
            items.push(value);
            Ok(())
        }
        Value::Array(items) => {
            let index: usize = key.parse().map_err(|_| missing(op, path))?;
            if index > items.len() {
                let words =
                    format!("Unable to access invalid index: {index}: invalid index referenced");
                return Err(PatchError::Failed(format!(
                    "{op} operation does not apply: doc is missing path: {path}: {words}"
                )));
            }
            items.insert(index, value);
            Ok(())
        }
        _ => Err(missing(op, path)),
    }
}

fn remove(document: &mut Value, path: &str, op: &str) -> Result<Value, PatchError> {
    let (parent, key) = parent_and_key(document, path).ok_or_else(|| missing(op, path))?;
    match parent {
        Value::Object(fields) => fields.remove(&key).ok_or_else(|| missing(op, path)),
        Value::Array(items) => {
            let index: usize = key.parse().map_err(|_| missing(op, path))?;
            if index >= items.len() {
                return Err(missing(op, path));
            }
            Ok(items.remove(index))
        }
        _ => Err(missing(op, path)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn copies_are_bounded_in_bytes_and_depth() {
        let copies = vec![json!({"op": "copy", "from": "", "path": "/a/-"}); 100];
        let mut document = json!({"a": ["x".repeat(1000)]});
        assert!(apply_json_patch(&mut document, &copies.into()).is_err());
        let copies = vec![json!({"op": "copy", "from": "/b", "path": "/a/-"}); 4000];
        let mut document = json!({"a": [], "b": "x".repeat(1000)});
        let refused = apply_json_patch(&mut document, &copies.into()).unwrap_err().to_string();
        assert!(refused.starts_with("Unable to complete the copy"), "{refused}");
        let deeper = vec![json!({"op": "copy", "from": "", "path": "/a"}); 200];
        assert!(apply_json_patch(&mut json!({"a": 1}), &deeper.into()).is_err());
        let far = json!([{"op": "add", "path": "/a".repeat(200), "value": 1}]);
        assert!(apply_json_patch(&mut json!({}), &far).is_err());
    }

    #[test]
    fn operations_apply_in_order_or_not_at_all() {
        let mut document = json!({"a": {"b": [1, 3]}});
        let patch = json!([
            {"op": "add", "path": "/a/b/1", "value": 2},
            {"op": "copy", "from": "/a/b", "path": "/c"},
            {"op": "remove", "path": "/a/b/0"},
            {"op": "test", "path": "/a/b/0", "value": 2},
            {"op": "move", "from": "/c", "path": "/x~1y"},
            {"op": "replace", "path": "/a/b/0", "value": 9},
        ]);
        apply_json_patch(&mut document, &patch).unwrap();
        assert_eq!(document, json!({"a": {"b": [9, 3]}, "x/y": [1, 2, 3]}));

        let bad =
            json!([{"op": "remove", "path": "/a"}, {"op": "replace", "path": "/no/x", "value": 1}]);
        let before = document.clone();
        assert!(apply_json_patch(&mut document, &bad).is_err());
        assert_eq!(document, before);
    }
}
