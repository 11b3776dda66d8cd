//! From client-side to server-side apply: who owned fields by the one owns them by the other, so that what a
//! manifest no longer says goes. Source: `k8s.io/kubectl/pkg/cmd/apply` and `k8s.io/client-go/util/csaupgrade`.

use client::{ClientError, DynamicApi, Patch, WriteOptions};
use machinery::meta;
use serde_json::{Map, Value, json};

use super::super::create::LAST_APPLIED;
use crate::{context::Context, report::CliError, resolve::Info};

/// The manager whose fields are migrated to.
const DEFAULT_MANAGER: &str = "kubectl";
/// Who keeps the annotation of client-side apply, so that there is a way back.
const ANNOTATION_MANAGER: &str = "kubectl-last-applied";
/// How often an object that others change meanwhile is migrated anew.
const TRIES: usize = 5;

/// Migrates what a server-side apply left of client-side ones; tells whether it has to be applied anew.
/// What fails is told as a warning: the object was applied, and the next apply tries again.
pub(super) async fn migrate(
    cx: &Context,
    info: &Info,
    object: &mut Value,
    options: &WriteOptions,
) -> Result<bool, CliError> {
    let api = info.api(cx).await?;
    if let Err(error) = save_annotation(&api, object, options).await {
        let text = format!(
            "Warning: failed to migrate {LAST_APPLIED} for Server-Side Apply. This is non-fatal and \
             will be retried next time you apply. Error: {error}"
        );
        cx.say_err(&text);
        return Ok(false);
    }
    match upgrade(&api, object, options).await {
        Ok(done) => Ok(done),
        Err(error) => {
            let text = format!(
                "Warning: server rejected managed fields migration to Server-Side Apply. This is \
                 non-fatal and will be retried next time you apply. Error: {error}"
            );
            cx.say_err(&text);
            Ok(false)
        }
    }
}

/// Gives the annotation an owner of its own, lest the next apply takes it away.
async fn save_annotation(
    api: &DynamicApi,
    object: &mut Value,
    options: &WriteOptions,
) -> Result<(), ClientError> {
    if options.field_manager.as_deref() != Some(DEFAULT_MANAGER) {
        return Ok(());
    }
    let Some(text) = meta::annotation(object, LAST_APPLIED) else { return Ok(()) };
    if owners(object, "Apply").next().is_some() {
        return Ok(());
    }
    let mut only = json!({
        "apiVersion": object["apiVersion"], "kind": object["kind"],
        "metadata": {"name": object["metadata"]["name"], "annotations": {LAST_APPLIED: text}},
    });
    if let Some(namespace) = object.pointer("/metadata/namespace") {
        only["metadata"]["namespace"] = namespace.clone();
    }
    let options = WriteOptions {
        field_manager: Some(ANNOTATION_MANAGER.to_owned()),
        force: false,
        ..options.clone()
    };
    *object = api.patch(meta::name(&only), None, &Patch::Apply(only.clone()), &options).await?;
    Ok(())
}

async fn upgrade(
    api: &DynamicApi,
    object: &mut Value,
    options: &WriteOptions,
) -> Result<bool, ClientError> {
    let name = meta::name(object).to_owned();
    let manager = options.field_manager.clone().unwrap_or_default();
    let old: Vec<String> = owners(object, "Update").map(|one| named(one).to_owned()).collect();
    let plain = WriteOptions { force: false, ..options.clone() };
    let mut tries = 1;
    loop {
        let before = meta::items(object, "/metadata/managedFields");
        let after = old.iter().fold(before.to_vec(), |entries, old| merged(entries, old, &manager));
        if after == before {
            return Ok(false);
        }
        // A stale version is a conflict for the server to tell.
        let patch = json!([
            {"op": "replace", "path": "/metadata/managedFields", "value": after},
            {"op": "replace", "path": "/metadata/resourceVersion",
                "value": object["metadata"]["resourceVersion"]},
        ]);
        match api.patch(&name, None, &Patch::Json(patch), &plain).await {
            Ok(new) => {
                *object = new;
                return Ok(true);
            }
            Err(error) if error.conflict() && tries < TRIES => *object = api.get(&name).await?,
            Err(error) => return Err(error),
        }
        tries += 1;
    }
}

/// The entries of an operation that own the annotation.
fn owners<'v>(object: &'v Value, operation: &str) -> impl Iterator<Item = &'v Value> {
    let entries = meta::items(object, "/metadata/managedFields").iter();
    entries.filter(move |one| {
        let annotations = &one["fieldsV1"]["f:metadata"]["f:annotations"];
        one["operation"] == operation && annotations.get(format!("f:{LAST_APPLIED}")).is_some()
    })
}

fn named(entry: &Value) -> &str {
    entry["manager"].as_str().unwrap_or_default()
}

/// Entries in which what `old` owns by updates, `new` owns by apply.
fn merged(mut entries: Vec<Value>, old: &str, new: &str) -> Vec<Value> {
    let of = |entry: &Value, manager: &str, operation: &str| {
        named(entry) == manager
            && entry["operation"] == operation
            && meta::text(entry, "/subresource").is_empty()
    };
    let place = entries.iter().position(|one| of(one, new, "Apply")).or_else(|| {
        let place = entries.iter().position(|one| of(one, old, "Update"))?;
        entries[place]["operation"] = "Apply".into();
        entries[place]["manager"] = new.into();
        Some(place)
    });
    let Some(place) = place else { return entries };
    let same_version = |one: &&Value| one["apiVersion"] == entries[place]["apiVersion"];
    let source = entries.iter().filter(|one| of(one, old, "Update")).find(same_version);
    if let Some(fields) = source.map(|one| one["fieldsV1"].clone()) {
        union(&mut entries[place]["fieldsV1"], &fields);
    }
    entries.retain(|one| !of(one, old, "Update"));
    entries
}

/// Sets of fields together.
fn union(to: &mut Value, from: &Value) {
    let Value::Object(from) = from else { return };
    if !to.is_object() {
        *to = Value::Object(Map::new());
    }
    for (key, fields) in from {
        union(&mut to[key.as_str()], fields);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(manager: &str, operation: &str, fields: &Value) -> Value {
        json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsV1": fields})
    }

    #[test]
    fn fields_move_to_the_manager_that_applies() {
        let a = json!({"f:data": {".": {}, "f:a": {}}});
        let b = json!({"f:data": {"f:b": {}}});
        let both = json!({"f:data": {".": {}, "f:a": {}, "f:b": {}}});
        let other = entry("other", "Update", &json!({"f:x": {}}));
        for (case, before, after) in [
            (
                "both are there",
                vec![entry("new", "Apply", &b), entry("old", "Update", &a), other.clone()],
                vec![entry("new", "Apply", &both), other.clone()],
            ),
            (
                "only the old one is",
                vec![other.clone(), entry("old", "Update", &a)],
                vec![other.clone(), entry("new", "Apply", &a)],
            ),
            (
                "only the new one is",
                vec![entry("new", "Apply", &a)],
                vec![entry("new", "Apply", &a)],
            ),
            ("none is", vec![other.clone()], vec![other]),
        ] {
            assert_eq!(merged(before, "old", "new"), after, "{case}");
        }
    }
}
