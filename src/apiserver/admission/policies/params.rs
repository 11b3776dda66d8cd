//! The objects that a policy's parameters are.
//! Source: `CollectParams` of `policy/generic/policy_dispatcher.go`.

use machinery::{meta, status::Status};
use serde_json::Value;

use super::super::attributes::{Attributes, selects};
use crate::registry::convert;

/// The parameters that a binding names: one evaluation each. Errors inside: what is wrong with the
/// configuration; outside: the store does not answer.
pub(super) async fn collect(
    attributes: &Attributes<'_>,
    policy: &Value,
    binding: &Value,
) -> Result<Result<Vec<Option<Value>>, String>, Status> {
    let kind = &policy["spec"]["paramKind"];
    let reference = &binding["spec"]["paramRef"];
    if !kind.is_object() || !reference.is_object() {
        return Ok(Ok(vec![None]));
    }
    let (version, name) = (meta::text(kind, "/apiVersion"), meta::text(kind, "/kind"));
    let registry = &attributes.server().registry;
    let kinds = registry.kinds();
    let of = kinds.iter().find(|one| one.api_version() == version && one.kind == name);
    let Some(of) = of else {
        return Ok(Err(format!("paramKind kind `{version}, Kind={name}` not known")));
    };
    let given = meta::text(reference, "/namespace");
    let namespace = if !of.is_namespaced() {
        if !given.is_empty() {
            let why = "paramRef.namespace must not be provided for a cluster-scoped `paramKind`";
            return Ok(Err(why.into()));
        }
        ""
    } else if given.is_empty() {
        attributes.namespace()
    } else {
        given
    };
    if of.is_namespaced() && namespace.is_empty() {
        let why = "cannot use namespaced paramRef in policy binding that matches cluster-scoped \
                   resources";
        return Ok(Err(why.into()));
    }
    let named = meta::text(reference, "/name");
    let found = if named.is_empty() {
        let all = registry.objects(&of.storage.0, &of.storage.1, namespace).await?;
        let selector = &reference["selector"];
        all.into_iter().filter(|object| selects(selector, object)).collect()
    } else {
        let key = registry.key_of(of, namespace, named);
        registry.object_at(&key).await?.into_iter().collect::<Vec<Value>>()
    };
    let found = convert::all_to_served(registry, of, found).await?;
    if found.is_empty() && meta::text(reference, "/parameterNotFoundAction") == "Deny" {
        let why = "no params found for policy binding with `Deny` parameterNotFoundAction";
        return Ok(Err(why.into()));
    }
    Ok(Ok(found.into_iter().map(Some).collect()))
}
