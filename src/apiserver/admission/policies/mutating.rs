//! `MutatingAdmissionPolicy`: what changes a write. Source: `policy/mutating/{dispatcher,patch}.go`.

use std::sync::Arc;

use api::admissionregistration::expressions::{Compiled, Policy};
use machinery::{
    apply,
    kind::Kind,
    meta,
    patch::{PatchError, apply_json_patch},
    schema::Schema,
    status::Status,
};
use serde_json::Value;

use super::{
    super::{
        attributes::Attributes,
        conditions::{self, Facts},
    },
    fails,
    index::Hook,
    is_exempt, params,
};

/// Lets every policy change the request's object; those that ask for it see it again if others changed
/// it.
pub(in super::super) async fn mutate(
    request: Attributes<'_>,
    object: &mut Value,
) -> Result<(), Status> {
    let snapshot = request.server().policies.now();
    if snapshot.mutating.is_empty() {
        return Ok(());
    }
    let mut last_change = None;
    for (index, hook) in snapshot.mutating.iter().enumerate() {
        if run(request, hook, object).await? {
            last_change = Some(index);
        }
    }
    let again =
        |hook: &Hook| meta::text(&hook.policy.object, "/spec/reinvocationPolicy") == "IfNeeded";
    for (index, hook) in snapshot.mutating.iter().enumerate() {
        if last_change.is_some_and(|last| last > index) && again(hook) {
            run(request, hook, object).await?;
        }
    }
    Ok(())
}

/// Lets one policy change the object; tells whether it did.
async fn run(request: Attributes<'_>, hook: &Hook, object: &mut Value) -> Result<bool, Status> {
    let policy = hook.policy.as_ref();
    let before = object.clone();
    let attributes = request.about(&before);
    let constraints = &policy.object["spec"]["matchConstraints"];
    if hook.bindings.is_empty() || is_exempt(&attributes) {
        return Ok(false);
    }
    let Some(kind) = attributes.meant_by(constraints, "resourceRules").await? else {
        return Ok(false);
    };
    let mut facts = Facts::of(&attributes, &kind).await?;
    let own = Arc::clone(attributes.kind());
    let mut seen = Seen { kind, object: Value::Null };
    seen.object = attributes.between(before.clone(), &own, &seen.kind).await?;
    let as_it_came = seen.object.clone();
    for binding in &hook.bindings {
        let target = &binding["spec"]["matchResources"];
        if target.is_object() && attributes.meant_by(target, "resourceRules").await?.is_none() {
            continue;
        }
        let refused = |why: &str| {
            let name = meta::name(&policy.object);
            let why = format!(
                "policy '{name}' with binding '{}' denied request: {why}",
                meta::name(binding)
            );
            Status::forbidden(attributes.kind().resource(), attributes.name(), &why)
        };
        let found = match params::collect(&attributes, &policy.object, binding).await? {
            Ok(found) => found,
            Err(why) if fails(&policy.object) => {
                return Err(refused(&format!("failed to configure binding: {why}")));
            }
            Err(_) => continue,
        };
        for one in found {
            facts.set_params(one.as_ref());
            facts.set_object(&seen.object);
            if let Err(why) = apply_all(&attributes, policy, &mut facts, &mut seen).await?
                && fails(&policy.object)
            {
                return Err(refused(&why));
            }
        }
    }
    if seen.object == as_it_came {
        return Ok(false);
    }
    *object = attributes.between(seen.object, &seen.kind, &own).await?;
    attributes.fill_defaults(&own, object);
    Ok(*object != before)
}

/// The object in the version in which a policy looks at it.
struct Seen {
    kind: Arc<Kind>,
    object: Value,
}

/// Applies all mutations of a policy. Errors inside: what went wrong with one.
async fn apply_all(
    attributes: &Attributes<'_>,
    policy: &Policy,
    facts: &mut Facts,
    seen: &mut Seen,
) -> Result<Result<(), String>, Status> {
    let met =
        facts.with(attributes, &[], |scope| conditions::hold(&policy.conditions, scope)).await?;
    match met {
        Ok(true) => {}
        Ok(false) => return Ok(Ok(())),
        Err(why) => return Ok(Err(why)),
    }
    for (kind, source, compiled) in &policy.mutations {
        let change = facts
            .with(attributes, &policy.variables, |scope| evaluated(compiled, source, scope))
            .await?;
        let mut changed = seen.object.clone();
        let schema = attributes.schema(&seen.kind);
        let done = change.and_then(|change| applied(&schema, kind, &change, &mut changed));
        if let Err(why) = done {
            return Ok(Err(why));
        }
        attributes.fill_defaults(&seen.kind, &mut changed);
        seen.object = changed;
        facts.set_object(&seen.object);
    }
    Ok(Ok(()))
}

fn evaluated(
    compiled: &Compiled,
    source: &str,
    scope: &conditions::Scope<'_>,
) -> Result<Value, String> {
    let program = compiled.as_ref().map_err(Clone::clone)?;
    let value = scope.evaluate(program).and_then(|value| cel::to_json(&value));
    value.map_err(|error| format!("expression '{source}' resulted in error: {error}"))
}

fn applied(schema: &Schema, kind: &str, change: &Value, object: &mut Value) -> Result<(), String> {
    if kind == "JSONPatch" {
        return match apply_json_patch(object, change) {
            // A test that fails means that nothing is to be changed.
            Err(PatchError::Failed(why)) if why.ends_with("test failed") => Ok(()),
            done => done.map_err(|error| format!("JSON Patch: {error}")),
        };
    }
    for field in ["apiVersion", "kind"] {
        if change.get(field).is_some() {
            return Err(format!("may not mutate {field}"));
        }
    }
    let named = ["name", "generateName", "namespace", "uid", "managedFields", "ownerReferences"];
    if let Some(field) = named.iter().find(|field| change["metadata"].get(**field).is_some()) {
        return Err(format!("may not mutate metadata.{field}"));
    }
    let mut change = change.clone();
    // What is merged is a whole object of the kind, in its own words.
    for field in ["apiVersion", "kind"] {
        meta::put(&mut change, field, object[field].clone());
    }
    let wrong = |why: String| format!("error applying patch: {why}");
    let atomics = apply::atomics(schema, &change);
    if !atomics.is_empty() {
        return Err(wrong(format!(
            "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: {}",
            atomics.join(", ")
        )));
    }
    let merged = apply::merge(schema, object, &change);
    *object = merged.map_err(|error| wrong(format!("failed to merge patch: {error}")))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patches_that_fail_and_parts_that_are_owned_as_a_whole() {
        let pod = api::lookup("", "v1", "Pod").unwrap();
        let object = json!({"apiVersion": "v1", "kind": "Pod", "spec": {"nodeName": "a"}});
        let after = |kind: &str, change: Value| {
            let mut object = object.clone();
            applied(&pod.schema(), kind, &change, &mut object).map(|()| object)
        };
        let test = json!([{"op": "test", "path": "/spec/nodeName", "value": "b"},
            {"op": "remove", "path": "/spec"}]);
        assert_eq!(after("JSONPatch", test), Ok(object.clone()));
        let missing = after("JSONPatch", json!([{"op": "remove", "path": "/none"}])).unwrap_err();
        assert!(missing.starts_with("JSON Patch: "), "{missing}");
        let whole = json!({"spec": {"nodeSelector": {"a": "b"}, "tolerations": [{"key": "a"}]}});
        assert_eq!(
            after("ApplyConfiguration", whole).unwrap_err(),
            "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or \
             structs: .spec.nodeSelector, .spec.tolerations"
        );
        let changed = after("ApplyConfiguration", json!({"spec": {"hostname": "h"}})).unwrap();
        assert_eq!(changed["spec"], json!({"nodeName": "a", "hostname": "h"}));
    }
}
