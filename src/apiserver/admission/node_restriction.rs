//! `NodeRestriction`: a node writes its own Node, the status of its own pods, mirror pods, and tokens for
//! its own pods; nothing of others. Source: `plugin/pkg/admission/noderestriction`.

use std::collections::BTreeSet;

use machinery::{field::go_quoted, meta, status::Status};
use serde_json::Value;

use super::{Operation, plugins::Plugin};
use crate::{authn::User, http::Call};

const NODES: &str = "system:nodes";
const PREFIX: &str = "system:node:";
const MIRROR: &str = "kubernetes.io/config.mirror";
const RESTRICTED: &str = "node-restriction.kubernetes.io";

/// Labels of Kubernetes' own that a node may give itself. Source: `well_known_labels.go` of kubelet.
const OWN_LABELS: [&str; 11] = [
    "kubernetes.io/hostname",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "beta.kubernetes.io/instance-type",
    "node.kubernetes.io/instance-type",
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
];
const OWN_DOMAINS: [&str; 2] = ["kubelet.kubernetes.io", "node.kubernetes.io"];

/// The node that a user is, if it is one.
fn node_of(user: &User) -> Option<&str> {
    let node = user.name.strip_prefix(PREFIX).filter(|node| !node.is_empty())?;
    user.groups.iter().any(|group| group == NODES).then_some(node)
}

/// Whether the plugin has something to say of what a user does.
pub(crate) fn concerns(plugins: &super::plugins::Plugins, user: &User) -> bool {
    plugins.act(Plugin::NodeRestriction) && node_of(user).is_some()
}

/// Refuses a write (`new`) or a deletion (`None`) that is not the node's.
pub(super) fn check(operation: &Operation<'_>, new: Option<&Value>) -> Result<(), Status> {
    let (kind, author) = (operation.kind, operation.author);
    let Some(node) = node_of(&author.user) else { return Ok(()) };
    let old = operation.old;
    let write = Write { node, old, new };
    let said = match (kind.group.as_str(), kind.plural.as_str(), author.subresource.as_str()) {
        ("", "pods", "") => write.of_pod(),
        ("", "pods", "status") => write.of_pod_status(),
        ("", "nodes", _) => write.of_node(),
        ("", "persistentvolumeclaims", "status") => write.of_claim(),
        ("storage.k8s.io", "csinodes", _) => {
            write.of_namesake("can only access CSINode with the same name as the requesting node")
        }
        ("coordination.k8s.io", "leases", _) => write
            .of_namesake("can only access node lease with the same name as the requesting node"),
        _ => Ok(()),
    };
    let name = new.or(old).map_or("", meta::name);
    said.map_err(|why| Status::forbidden(kind.resource(), name, &why))
}

/// Refuses to evict another node's pod.
pub(crate) fn check_eviction(call: &Call, pod: &Value) -> Result<(), Status> {
    let plugins = &call.server.config.plugins;
    let Some(node) = node_of(&call.user).filter(|_| plugins.act(Plugin::NodeRestriction)) else {
        return Ok(());
    };
    if meta::text(pod, "/spec/nodeName") == node {
        return Ok(());
    }
    let why = format!("node {node:?} can only evict pods with spec.nodeName set to itself");
    Err(Status::forbidden(call.kind.resource(), call.name(), &why))
}

/// Refuses tokens but those that are bound to a pod of the node.
pub(crate) async fn check_token(call: &Call, request: &Value) -> Result<(), Status> {
    let plugins = &call.server.config.plugins;
    let Some(node) = node_of(&call.user).filter(|_| plugins.act(Plugin::NodeRestriction)) else {
        return Ok(());
    };
    let refused = |why: &str| Err(Status::forbidden(call.kind.resource(), call.name(), why));
    let bound = &request["spec"]["boundObjectRef"];
    if bound["kind"] != "Pod" || bound["apiVersion"] != "v1" {
        return refused("node requested token not bound to a pod");
    }
    if meta::text(bound, "/uid").is_empty() {
        return refused("node requested token with a pod binding without a uid");
    }
    let key = call.registry().key("", "pods", call.namespace(), meta::text(bound, "/name"));
    let pod = call.registry().object_at(&key).await?.unwrap_or_default();
    if meta::text(&pod, "/spec/nodeName") != node {
        return refused("node requested token bound to a pod scheduled on a different node");
    }
    Ok(())
}

/// What a node would do to an object.
struct Write<'a> {
    node: &'a str,
    old: Option<&'a Value>,
    new: Option<&'a Value>,
}

type Said = Result<(), String>;

impl Write<'_> {
    fn runs_here(&self, pod: &Value) -> bool {
        meta::text(pod, "/spec/nodeName") == self.node
    }

    fn of_pod(&self) -> Said {
        let node = go_quoted(self.node);
        match (self.old, self.new) {
            (Some(old), None) if self.runs_here(old) => Ok(()),
            (Some(_), None) => {
                Err(format!("node {node} can only delete pods with spec.nodeName set to itself"))
            }
            (None, Some(pod)) => self.of_mirror(pod),
            _ => Err(format!(
                "unexpected operation \"UPDATE\", node {node} can only create and delete mirror pods"
            )),
        }
    }

    fn of_mirror(&self, pod: &Value) -> Said {
        let node = go_quoted(self.node);
        if pod["metadata"]["annotations"].get(MIRROR).is_none() {
            return Err(format!(
                "pod does not have {MIRROR:?} annotation, node {node} can only create mirror pods"
            ));
        }
        if !self.runs_here(pod) {
            return Err(format!(
                "node {node} can only create pods with spec.nodeName set to itself"
            ));
        }
        let owners = meta::items(pod, "/metadata/ownerReferences");
        let [owner] = owners else {
            return Err(format!(
                "node {node} can only create pods with a single owner reference set to itself"
            ));
        };
        if owner["kind"] != "Node" || owner["name"] != self.node || owner["apiVersion"] != "v1" {
            return Err(format!(
                "node {node} can only create pods with an owner reference set to itself"
            ));
        }
        if !meta::text(pod, "/spec/serviceAccountName").is_empty() {
            return Err(format!(
                "node {node} can not create pods that reference a service account"
            ));
        }
        let secret = ["secret", "configMap", "persistentVolumeClaim", "projected"];
        let mut volumes = meta::items(pod, "/spec/volumes").iter();
        let what = volumes.find_map(|one| secret.iter().find(|key| one.get(**key).is_some()));
        if let Some(what) = what {
            return Err(format!("node {node} can not create pods that reference {what}s"));
        }
        Ok(())
    }

    fn of_pod_status(&self) -> Said {
        let node = go_quoted(self.node);
        let (Some(old), Some(new)) = (self.old, self.new) else { return Ok(()) };
        if !self.runs_here(old) {
            return Err(format!(
                "node {node} can only update pod status for pods with spec.nodeName set to itself"
            ));
        }
        if old["metadata"].get("labels") != new["metadata"].get("labels") {
            return Err(format!("node {node} cannot update labels through pod status"));
        }
        Ok(())
    }

    fn of_claim(&self) -> Said {
        let (Some(old), Some(new)) = (self.old, self.new) else { return Ok(()) };
        if old["spec"] == new["spec"] {
            return Ok(());
        }
        Err(format!(
            "node {} may not update fields other than status of a claim",
            go_quoted(self.node)
        ))
    }

    fn of_namesake(&self, why: &str) -> Said {
        let named = self.new.or(self.old).map_or("", meta::name);
        if named == self.node { Ok(()) } else { Err(why.to_owned()) }
    }

    fn of_node(&self) -> Said {
        let node = go_quoted(self.node);
        let named = self.new.or(self.old).map_or("", meta::name);
        if named != self.node {
            return Err(format!("node {node} is not allowed to modify node {}", go_quoted(named)));
        }
        let Some(new) = self.new else { return Ok(()) };
        let (labels, wanted) = (changed_labels(self.old, new), "set the following labels");
        let forbidden: Vec<&str> = labels.into_iter().filter(|key| is_forbidden(key)).collect();
        let Some(old) = self.old else {
            return if forbidden.is_empty() {
                Ok(())
            } else {
                let all = forbidden.join(", ");
                Err(format!("node {node} is not allowed to {wanted}: {all}"))
            };
        };
        for (field, what) in
            [("/spec/taints", "taints"), ("/metadata/ownerReferences", "ownerReferences")]
        {
            let change = meta::items(old, field) != meta::items(new, field);
            if change && (what == "taints" || !meta::items(new, field).is_empty()) {
                return Err(format!("node {node} is not allowed to modify {what}"));
            }
        }
        if forbidden.is_empty() {
            return Ok(());
        }
        Err(format!("is not allowed to modify labels: {}", forbidden.join(", ")))
    }
}

/// The labels that came, went or changed.
fn changed_labels<'a>(old: Option<&'a Value>, new: &'a Value) -> BTreeSet<&'a str> {
    let labels = |object: &'a Value| object["metadata"]["labels"].as_object();
    let (old, new) = (old.and_then(labels), labels(new));
    let keys = old.into_iter().chain(new).flat_map(|labels| labels.keys());
    let value = |labels: Option<&'a serde_json::Map<String, Value>>, key: &str| {
        labels.and_then(|labels| labels.get(key))
    };
    keys.filter(|key| value(old, key) != value(new, key)).map(String::as_str).collect()
}

/// Whether a label is not a node's to give.
fn is_forbidden(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    let within = |of: &str| {
        domain.strip_suffix(of).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if within(RESTRICTED) {
        return true;
    }
    let kubernetes = within("kubernetes.io") || within("k8s.io");
    kubernetes && !OWN_LABELS.contains(&key) && !OWN_DOMAINS.iter().any(|own| within(own))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(what: &str, old: Option<&Value>, new: Option<&Value>) -> String {
        let write = Write { node: "n1", old, new };
        let said = match what {
            "node" => write.of_node(),
            "status" => write.of_pod_status(),
            _ => write.of_pod(),
        };
        said.err().unwrap_or_default()
    }

    #[test]
    fn a_node_writes_itself_alone() {
        let node = |name: &str, labels: Value, taints: Value| {
            Some(json!({"metadata": {"name": name, "labels": labels}, "spec": {"taints": taints}}))
        };
        let plain = || node("n1", json!({}), json!([]));
        for (old, new, want) in [
            (None, node("n1", json!({"kubernetes.io/hostname": "n1", "a": "b"}), json!([])), ""),
            (
                None,
                node("n2", json!({}), json!([])),
                "node \"n1\" is not allowed to modify node \"n2\"",
            ),
            (
                None,
                node("n1", json!({"node-restriction.kubernetes.io/x": "1"}), json!([])),
                "node \"n1\" is not allowed to set the following labels: node-restriction.kubernetes.io/x",
            ),
            (
                plain(),
                node("n1", json!({"foo.k8s.io/x": "1"}), json!([])),
                "is not allowed to modify labels: foo.k8s.io/x",
            ),
            (plain(), node("n1", json!({"node.kubernetes.io/x": "1"}), json!([])), ""),
            (
                plain(),
                node("n1", json!({}), json!([{"key": "a"}])),
                "node \"n1\" is not allowed to modify taints",
            ),
        ] {
            assert_eq!(said("node", old.as_ref(), new.as_ref()), want);
        }
    }

    #[test]
    fn pods_of_others_are_left_alone() {
        let pod = |node: &str, labels: Value| {
            Some(json!({"metadata": {"labels": labels}, "spec": {"nodeName": node}}))
        };
        let of_status =
            "node \"n1\" can only update pod status for pods with spec.nodeName set to itself";
        for (old, new, want) in [
            (pod("n1", json!({})), pod("n1", json!({})), ""),
            (pod("n2", json!({})), pod("n2", json!({})), of_status),
            (
                pod("n1", json!({})),
                pod("n1", json!({"a": "b"})),
                "node \"n1\" cannot update labels through pod status",
            ),
        ] {
            assert_eq!(said("status", old.as_ref(), new.as_ref()), want);
        }
        assert_eq!(said("pod", pod("n1", json!({})).as_ref(), None), "");
        assert!(said("pod", pod("n2", json!({})).as_ref(), None).contains("only delete pods"));
        assert!(said("pod", None, pod("n1", json!({})).as_ref()).contains("mirror pods"));
        let mirror = json!({
            "metadata": {
                "annotations": {MIRROR: "1"},
                "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "n1", "controller": true}],
            },
            "spec": {"nodeName": "n1"},
        });
        assert_eq!(said("pod", None, Some(&mirror)), "");
        let mut secret = mirror;
        secret["spec"]["volumes"] = json!([{"name": "s", "secret": {}}]);
        assert!(said("pod", None, Some(&secret)).contains("reference secrets"));
    }
}
