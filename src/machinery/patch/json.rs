//! JSON patch, RFC 6902, with the refusals of the library that Kubernetes uses.

use serde_json::Value;

use crate::json::{MAX_DEPTH, depth, kind_of};

/// Most operations in one patch. Source: kube-apiserver's `maxJSONPatchOperations`.
const MAX_OPERATIONS: usize = 10_000;

/// Most bytes that the copies of one patch may make. Source: `JSONPatchMaxCopyBytes`.
const MAX_COPIED_BYTES: usize = 3 * 1024 * 1024;

/// Why a JSON patch cannot be applied.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// It is no list, but a value of this type.
    #[error("json: cannot unmarshal {0} into Go value of type []handlers.jsonPatchOp")]
    NoList(&'static str),
    /// An operation of it is no object, but a value of this type.
    #[error("json: cannot unmarshal {0} into Go value of type handlers.jsonPatchOp")]
    NoOperation(&'static str),
    /// There are too many operations.
    #[error("The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {0}")]
    TooMany(usize),
    /// An operation cannot be carried out on this document.
    #[error("{0}")]
    Failed(String),
}

/// What the library adds where something is not there, or is no place of a list.
const MISSING: &str = "missing value";
const NO_INDEX: &str = "invalid index referenced";

/// Applies the operations of `patch` to `target` in order; on an error `target` is as before.
pub fn apply_json_patch(target: &mut Value, patch: &Value) -> Result<(), PatchError> {
    let operations = match patch {
        Value::Array(operations) => operations.as_slice(),
        Value::Null => &[],
        other => return Err(PatchError::NoList(kind_of(other))),
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(PatchError::TooMany(operations.len()));
    }
    if let Some(other) = operations.iter().find(|it| !it.is_object() && !it.is_null()) {
        return Err(PatchError::NoOperation(kind_of(other)));
    }
    let mut work = target.clone();
    let mut copied = 0;
    for operation in operations {
        Operation::of(operation).apply(&mut work, &mut copied).map_err(PatchError::Failed)?;
    }
    *target = work;
    Ok(())
}

/// Refuses a value that would stand too deeply in the document.
fn check_depth(path: &str, value: &Value) -> Result<(), String> {
    if path.matches('/').count() + depth(value) > MAX_DEPTH {
        return Err("exceeded max depth".to_owned());
    }
    Ok(())
}

/// One operation. Source of the words: `gopkg.in/evanphx/json-patch.v4`.
struct Operation<'a> {
    /// What it does; `unknown` where it does not say.
    op: &'a str,
    path: Option<&'a str>,
    from: Option<&'a str>,
    value: &'a Value,
}

impl<'a> Operation<'a> {
    fn of(operation: &'a Value) -> Self {
        static NULL: Value = Value::Null;
        let text = |key: &str| operation.get(key).and_then(Value::as_str);
        Self {
            op: text("op").unwrap_or("unknown"),
            path: text("path"),
            from: text("from"),
            value: operation.get("value").unwrap_or(&NULL),
        }
    }

    fn path(&self) -> Result<&'a str, String> {
        let why = match self.op {
            "add" | "remove" => "",
            _ => "operation missing path field: ",
        };
        let op = self.op;
        self.path.ok_or_else(|| format!("{op} operation failed to decode path: {why}{MISSING}"))
    }

    fn from(&self) -> Result<&'a str, String> {
        self.from.ok_or_else(|| {
            let why = "operation, missing from field";
            format!("{} operation failed to decode from: {why}: {MISSING}", self.op)
        })
    }

    /// The refusal where what a path leads through is not there.
    fn inapplicable(&self, what: &str, path: &str) -> String {
        format!("{} operation does not apply: doc is missing {what}: {path}: {MISSING}", self.op)
    }

    fn apply(&self, document: &mut Value, copied: &mut usize) -> Result<(), String> {
        match self.op {
            "add" => {
                let path = self.path()?;
                check_depth(path, self.value)?;
                let Some((parent, key)) = place(document, path) else {
                    return Err(self.inapplicable("path", &format!("{path:?}")));
                };
                add(parent, &key, self.value.clone())
                    .map_err(|why| format!("error in add for path: '{path}': {why}"))
            }
            "remove" => {
                let path = self.path()?;
                let Some((parent, key)) = place(document, path) else {
                    return Err(self.inapplicable("path", &format!("{path:?}")));
                };
                remove(parent, &key)
                    .map(drop)
                    .map_err(|why| format!("error in remove for path: '{path}': {why}"))
            }
            "replace" => self.replace(document),
            "move" => self.relocate(document),
            "copy" => self.copy(document, copied),
            "test" => self.test(document),
            other => Err(format!("Unexpected kind: {other}")),
        }
    }

    fn replace(&self, document: &mut Value) -> Result<(), String> {
        let path = self.path()?;
        check_depth(path, self.value)?;
        if path.is_empty() {
            *document = self.value.clone();
            return Ok(());
        }
        let Some((parent, key)) = place(document, path) else {
            return Err(self.inapplicable("path", path));
        };
        match parent {
            // The library lets a member be replaced that is not there.
            Value::Object(fields) => drop(fields.insert(key, self.value.clone())),
            Value::Array(items) => match index(&key, items.len()) {
                Ok(at) => items[at] = self.value.clone(),
                Err(_) => return Err(self.inapplicable("key", path)),
            },
            _ => return Err(self.inapplicable("path", path)),
        }
        Ok(())
    }

    fn relocate(&self, document: &mut Value) -> Result<(), String> {
        let from = self.from()?;
        let Some((parent, key)) = place(document, from) else {
            return Err(self.inapplicable("from path", from));
        };
        let moved = remove(parent, &key)
            .map_err(|why| format!("error in move for path: '{key}': {why}"))?;
        let path = self.path()?;
        check_depth(path, &moved)?;
        let Some((parent, key)) = place(document, path) else {
            return Err(self.inapplicable("destination path", path));
        };
        add(parent, &key, moved).map_err(|why| format!("error in move for path: '{path}': {why}"))
    }

    fn copy(&self, document: &mut Value, copied: &mut usize) -> Result<(), String> {
        let from = self.from()?;
        let Some((parent, key)) = place(document, from) else {
            return Err(self.inapplicable("from path", from));
        };
        let value =
            get(parent, &key).map_err(|why| format!("error in copy for from: '{from}': {why}"))?;
        // What is not there is copied as nothing.
        let value = value.cloned().unwrap_or_default();
        *copied += value.to_string().len();
        if *copied > MAX_COPIED_BYTES {
            return Err(format!(
                "Unable to complete the copy, the accumulated size increase of copy is {copied}, \
                 exceeding the limit {MAX_COPIED_BYTES}"
            ));
        }
        let path = self.path()?;
        check_depth(path, &value)?;
        let Some((parent, key)) = place(document, path) else {
            return Err(self.inapplicable("destination path", path));
        };
        add(parent, &key, value)
            .map_err(|why| format!("error while adding value during copy: {why}"))
    }

    fn test(&self, document: &mut Value) -> Result<(), String> {
        let path = self.path()?;
        let found = if path.is_empty() {
            Some(&*document)
        } else {
            let Some((parent, key)) = place(document, path) else {
                let op = self.op;
                return Err(format!(
                    "{op} operation does not apply: is missing path: {path}: {MISSING}"
                ));
            };
            get(parent, &key).map_err(|why| format!("error in test for path: '{path}': {why}"))?
        };
        if found.unwrap_or(&Value::Null) == self.value {
            return Ok(());
        }
        Err(format!("testing value {path} failed: test failed"))
    }
}

/// What a path's last part stands in, and that part; `None` where nothing can stand there.
fn place<'a>(document: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let (parent, key) = path.rsplit_once('/')?;
    let parent = document.pointer_mut(parent)?;
    let key = key.replace("~1", "/").replace("~0", "~");
    matches!(parent, Value::Object(_) | Value::Array(_)).then_some((parent, key))
}

/// A place of a list of this length; from its end where it is negative.
fn index(key: &str, length: usize) -> Result<usize, String> {
    let Ok(number) = key.parse::<i64>() else {
        return Err(format!("strconv.Atoi: parsing {key:?}: invalid syntax"));
    };
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let at = if number < 0 { number + length } else { number };
    if at < 0 || at >= length {
        return Err(format!("Unable to access invalid index: {number}: {NO_INDEX}"));
    }
    usize::try_from(at).map_err(|error| error.to_string())
}

fn get<'a>(parent: &'a Value, key: &str) -> Result<Option<&'a Value>, String> {
    match parent {
        Value::Array(items) => Ok(items.get(index(key, items.len())?)),
        other => Ok(other.get(key)),
    }
}

fn add(parent: &mut Value, key: &str, value: Value) -> Result<(), String> {
    match parent {
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => {
            if key.parse::<i64>().is_err() {
                let why = format!("strconv.Atoi: parsing {key:?}: invalid syntax");
                return Err(format!("value was not a proper array index: '{key}': {why}"));
            }
            items.insert(index(key, items.len() + 1)?, value);
        }
        other => {
            // Only objects are left: `place` finds nothing else.
            if let Some(fields) = other.as_object_mut() {
                fields.insert(key.to_owned(), value);
            }
        }
    }
    Ok(())
}

fn remove(parent: &mut Value, key: &str) -> Result<Value, String> {
    match parent {
        Value::Array(items) => Ok(items.remove(index(key, items.len())?)),
        other => {
            let removed = other.as_object_mut().and_then(|fields| fields.remove(key));
            removed.ok_or_else(|| format!("Unable to remove nonexistent key: {key}: {MISSING}"))
        }
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

    #[test]
    fn refusals_have_the_words_of_the_library() {
        for (patch, want) in [
            (
                json!([{"op": "remove", "path": "/data/x"}]),
                "error in remove for path: '/data/x': Unable to remove nonexistent key: x: missing value",
            ),
            (
                json!([{"op": "remove", "path": "/no/x"}]),
                "remove operation does not apply: doc is missing path: \"/no/x\": missing value",
            ),
            (
                json!([{"op": "remove", "path": "/list/5"}]),
                "error in remove for path: '/list/5': Unable to access invalid index: 5: invalid index \
                 referenced",
            ),
            (
                json!([{"op": "add", "path": "/list/x", "value": 1}]),
                "error in add for path: '/list/x': value was not a proper array index: 'x': \
                 strconv.Atoi: parsing \"x\": invalid syntax",
            ),
            (
                json!([{"op": "move", "from": "/data/x", "path": "/data/y"}]),
                "error in move for path: 'x': Unable to remove nonexistent key: x: missing value",
            ),
            (
                json!([{"op": "copy", "from": "/data/k", "path": "/no/y"}]),
                "copy operation does not apply: doc is missing destination path: /no/y: missing value",
            ),
            (
                json!([{"op": "test", "path": "/no/z", "value": 1}]),
                "test operation does not apply: is missing path: /no/z: missing value",
            ),
            (json!([{"path": "/x"}]), "Unexpected kind: unknown"),
            (json!([{"op": "add"}]), "add operation failed to decode path: missing value"),
            (
                json!([1]),
                "json: cannot unmarshal number into Go value of type handlers.jsonPatchOp",
            ),
        ] {
            let mut document = json!({"data": {"k": "v"}, "list": [1, 2]});
            let error = apply_json_patch(&mut document, &patch).unwrap_err();
            assert_eq!(error.to_string(), want, "{patch}");
        }
        let mut document = json!({"list": [1, 2]});
        let from_the_end = json!([{"op": "remove", "path": "/list/-1"}]);
        apply_json_patch(&mut document, &from_the_end).unwrap();
        assert_eq!(document, json!({"list": [1]}));
    }
}
