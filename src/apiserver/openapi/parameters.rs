//! The parameters of operations: what may stand in a query, and the parts of paths.

use serde_json::{Map, Value, json};

/// Where a parameter stands, its type and what it does.
const QUERY: &[(&str, &str, &str)] = &[
    (
        "allowWatchBookmarks",
        "boolean",
        "Whether a watch may send BOOKMARK events, which only tell how far it has come.",
    ),
    (
        "continue",
        "string",
        "The token of the page before, as its answer gave it. A token too old for the server is answered with 410.",
    ),
    ("dryRun", "string", "\"All\": everything is done but storing the result."),
    (
        "fieldManager",
        "string",
        "The name under which the changed fields are owned; at most 128 printable characters.",
    ),
    ("fieldSelector", "string", "Only objects whose fields are as said; by default all."),
    (
        "fieldValidation",
        "string",
        "What is done with unknown and doubled fields: Ignore drops them, Warn (the default) drops them and says so, Strict refuses the request.",
    ),
    ("force", "boolean", "Whether an apply takes over fields that others own."),
    (
        "gracePeriodSeconds",
        "integer",
        "The seconds that the object has to end; 0 is at once, absent is the kind's own time.",
    ),
    (
        "ignoreStoreReadErrorWithClusterBreakingPotential",
        "boolean",
        "Whether an object that cannot be read from the store is removed without its finalizers being heard.",
    ),
    ("labelSelector", "string", "Only objects whose labels are as said; by default all."),
    (
        "limit",
        "integer",
        "The most objects that one answer holds; a continue token leads to the rest.",
    ),
    (
        "orphanDependents",
        "boolean",
        "Deprecated in favour of propagationPolicy: whether dependents stay.",
    ),
    ("pretty", "string", "If 'true', the answer is indented."),
    (
        "propagationPolicy",
        "string",
        "What becomes of dependents: Orphan leaves them, Background deletes them afterwards, Foreground before the object.",
    ),
    (
        "resourceVersion",
        "string",
        "How new the answer must be, or where a watch begins; see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.",
    ),
    ("resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan."),
    (
        "sendInitialEvents",
        "boolean",
        "Whether a watch begins with what is there, followed by a bookmark that says so.",
    ),
    (
        "shardSelector",
        "string",
        "Only objects in ranges of a hash, so that several clients share a collection.",
    ),
    (
        "timeoutSeconds",
        "integer",
        "The seconds after which a list or watch ends, whatever happens.",
    ),
    ("watch", "boolean", "Whether the answer is a stream of changes rather than a list."),
];

pub(super) const LIST: &[&str] = &[
    "allowWatchBookmarks",
    "continue",
    "fieldSelector",
    "labelSelector",
    "limit",
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "shardSelector",
    "timeoutSeconds",
    "watch",
];
pub(super) const WRITE: &[&str] = &["dryRun", "fieldManager", "fieldValidation"];
pub(super) const PATCH: &[&str] = &["dryRun", "fieldManager", "fieldValidation", "force"];
pub(super) const DELETE: &[&str] = &[
    "dryRun",
    "gracePeriodSeconds",
    "ignoreStoreReadErrorWithClusterBreakingPotential",
    "orphanDependents",
    "propagationPolicy",
];
pub(super) const DELETE_COLLECTION: &[&str] = &[
    "continue",
    "dryRun",
    "fieldSelector",
    "gracePeriodSeconds",
    "ignoreStoreReadErrorWithClusterBreakingPotential",
    "labelSelector",
    "limit",
    "orphanDependents",
    "propagationPolicy",
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "shardSelector",
    "timeoutSeconds",
];

/// A parameter of the query that many operations have.
pub(super) fn query(name: &str) -> Value {
    let known = QUERY.iter().find(|(one, ..)| *one == name);
    let (_, data_type, words) = known.copied().unwrap_or((name, "string", ""));
    own_query(name, data_type, words)
}

/// A parameter of the query that one subresource has.
pub(super) fn own_query(name: &str, data_type: &str, words: &str) -> Value {
    json!({
        "name": name, "in": "query", "description": words,
        "schema": {"type": data_type, "uniqueItems": true},
    })
}

/// A part of the path.
pub(super) fn path(name: &str, words: &str) -> Value {
    json!({
        "name": name, "in": "path", "required": true, "description": words,
        "schema": {"type": "string", "uniqueItems": true},
    })
}

/// Moves what all operations of a path share to the path itself.
pub(super) fn hoist(item: &mut Map<String, Value>, mut shared: Vec<Value>) {
    let of = |operation: &Value| operation["parameters"].as_array().cloned().unwrap_or_default();
    let mut operations = item.values();
    let first = operations.next().map(of).unwrap_or_default();
    let rest: Vec<_> = operations.map(of).collect();
    let common = |one: &Value| rest.iter().all(|list| list.contains(one));
    let common: Vec<Value> = first.into_iter().filter(common).collect();
    for operation in item.values_mut() {
        let Some(fields) = operation.as_object_mut() else { continue };
        let Some(list) = fields.get_mut("parameters").and_then(Value::as_array_mut) else {
            continue;
        };
        list.retain(|one| !common.contains(one));
        if list.is_empty() {
            fields.remove("parameters");
        }
    }
    shared.extend(common);
    let key = |one: &Value| {
        (one["name"].as_str().unwrap_or_default().to_owned(), one["in"].as_str() == Some("query"))
    };
    shared.sort_by_key(key);
    if !shared.is_empty() {
        item.insert("parameters".into(), shared.into());
    }
}
