//! What nodes may do: see what their pods refer to, and keep what is their own.
//! Source: Kubernetes documentation, "Using Node Authorization".

use std::sync::Arc;

use machinery::{meta, status::Status};
use serde_json::{Value, json};

use super::{Attributes, Decision};
use crate::{authn::User, server::Inner};

const NODES: &str = "system:nodes";
const NODE_PREFIX: &str = "system:node:";
const LEASES: &str = "kube-node-lease";

/// The opinion on a node's wish; `None`: the user is no node, or there is none.
pub(super) async fn opinion(
    server: &Arc<Inner>,
    user: &User,
    wanted: &Attributes<'_>,
) -> Result<Option<Decision>, Status> {
    let Some(node) = user.name.strip_prefix(NODE_PREFIX) else { return Ok(None) };
    if !user.groups.iter().any(|group| group == NODES) || !wanted.path.is_empty() {
        return Ok(None);
    }
    let refused = |reason: String| Ok(Some(Decision { reason, ..Decision::default() }));
    let own = match (wanted.group, wanted.resource) {
        ("", "secrets" | "configmaps" | "persistentvolumeclaims" | "persistentvolumes") => {
            return related(server, node, wanted).await.map(Some);
        }
        ("", "nodes") => own_node(node, wanted),
        ("coordination.k8s.io", "leases") => own_lease(node, wanted),
        ("storage.k8s.io", "csinodes") => own_named(node, wanted),
        _ => Ok(()),
    };
    if let Err(reason) = own {
        return refused(reason);
    }
    let role = json!({"kind": "ClusterRole", "name": "system:node"});
    let rules = super::rules::role_rules(&server.registry, &role, "").await?.unwrap_or_default();
    let allowed = rules.iter().any(|rule| rule.allows(wanted));
    Ok(Some(Decision { allowed, ..Decision::default() }))
}

fn own_node(node: &str, wanted: &Attributes<'_>) -> Result<(), String> {
    if wanted.verb == "get" && wanted.name != node {
        return Err(format!(
            "node '{node}' cannot read '{}', only its own Node object",
            wanted.name
        ));
    }
    Ok(())
}

fn own_lease(node: &str, wanted: &Attributes<'_>) -> Result<(), String> {
    if wanted.namespace != LEASES {
        return Err(format!("can only access leases in the {LEASES:?} system namespace"));
    }
    if wanted.verb != "create" && wanted.name != node {
        return Err("can only access node lease with the same name as the requesting node".into());
    }
    Ok(())
}

fn own_named(node: &str, wanted: &Attributes<'_>) -> Result<(), String> {
    if wanted.verb != "create" && wanted.name != node {
        return Err("can only access CSINode with the same name as the requesting node".into());
    }
    Ok(())
}

/// What the pods of the node refer to may be read, by name.
async fn related(
    server: &Arc<Inner>,
    node: &str,
    wanted: &Attributes<'_>,
) -> Result<Decision, Status> {
    let refused = |reason: String| Ok(Decision { reason, ..Decision::default() });
    if !matches!(wanted.verb, "get" | "list" | "watch") {
        return refused("can only read resources of this type".into());
    }
    if !wanted.subresource.is_empty() {
        return refused("cannot read subresource".into());
    }
    if wanted.name.is_empty() {
        return refused("No Object name found".into());
    }
    let pods = server.registry.objects("", "pods", wanted.namespace).await?;
    let mut own = pods.iter().filter(|pod| meta::text(pod, "/spec/nodeName") == node);
    let found = match wanted.resource {
        "persistentvolumes" => {
            let claims = server.registry.objects("", "persistentvolumeclaims", "").await?;
            let bound =
                claims.iter().filter(|it| meta::text(it, "/spec/volumeName") == wanted.name);
            let bound: Vec<&Value> = bound.collect();
            own.any(|pod| {
                let claims = bound.iter().filter(|it| meta::namespace(it) == meta::namespace(pod));
                claims.into_iter().any(|it| refers(pod, "persistentvolumeclaims", meta::name(it)))
            })
        }
        resource => own.any(|pod| refers(pod, resource, wanted.name)),
    };
    if found {
        return Ok(Decision { allowed: true, ..Decision::default() });
    }
    refused(format!("no relationship found between node '{node}' and this object"))
}

/// Tells whether a pod's spec names an object anywhere.
fn refers(pod: &Value, resource: &str, name: &str) -> bool {
    let keys: &[(&str, &str)] = match resource {
        "secrets" => &[
            ("secretName", ""),
            ("secretRef", "name"),
            ("secretKeyRef", "name"),
            ("secret", "name"),
            ("imagePullSecrets", "name"),
            ("nodePublishSecretRef", "name"),
        ],
        "configmaps" => {
            &[("configMap", "name"), ("configMapRef", "name"), ("configMapKeyRef", "name")]
        }
        _ => &[("claimName", "")],
    };
    pod.get("spec").is_some_and(|spec| names(spec, keys, name))
}

fn names(value: &Value, keys: &[(&str, &str)], wanted: &str) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(field, value)| {
            let here = keys.iter().filter(|(key, _)| key == field).any(|(_, below)| {
                let named = |value: &Value| match *below {
                    "" => value.as_str() == Some(wanted),
                    below => value.get(below).and_then(Value::as_str) == Some(wanted),
                };
                named(value) || value.as_array().is_some_and(|items| items.iter().any(named))
            });
            here || names(value, keys, wanted)
        }),
        Value::Array(items) => items.iter().any(|item| names(item, keys, wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_refer_to_what_their_spec_names() {
        let pod = json!({"spec": {
            "imagePullSecrets": [{"name": "pull"}],
            "volumes": [{"name": "v", "secret": {"secretName": "file"}},
                {"name": "c", "persistentVolumeClaim": {"claimName": "data"}},
                {"name": "p", "projected": {"sources": [{"configMap": {"name": "settings"}}]}}],
            "containers": [{"name": "other", "envFrom": [{"secretRef": {"name": "env"}}]}]}});
        for (resource, name, wanted) in [
            ("secrets", "pull", true),
            ("secrets", "file", true),
            ("secrets", "env", true),
            ("secrets", "settings", false),
            ("secrets", "other", false),
            ("configmaps", "settings", true),
            ("persistentvolumeclaims", "data", true),
        ] {
            assert_eq!(refers(&pod, resource, name), wanted, "{resource} {name}");
        }
    }
}
