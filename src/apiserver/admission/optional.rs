//! Small plugins that act only where they are enabled: `AlwaysDeny`, `AlwaysPullImages`,
//! `DenyServiceExternalIPs`, `ExtendedResourceToleration`, `LimitPodHardAntiAffinityTopology`. Source: `plugin/pkg/admission`.

use std::collections::BTreeSet;

use machinery::{meta, status::Status};
use serde_json::{Value, json};

use super::{Operation, plugins::Plugin};

const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];
const HOSTNAME: &str = "kubernetes.io/hostname";

/// Lets the plugins change the object.
pub(super) fn complete(operation: &Operation<'_>, object: &mut Value) {
    let plugins = &operation.server.config.plugins;
    if !operation.kind.group.is_empty() || operation.kind.plural != "pods" {
        return;
    }
    if plugins.act(Plugin::AlwaysPullImages)
        && operation.old.is_none_or(|old| new_images(old, object))
    {
        pull_always(object);
    }
    if plugins.act(Plugin::ExtendedResourceToleration) {
        tolerate_extended(object);
    }
}

/// Lets the plugins refuse the object.
pub(super) fn check(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    deny(operation, object)?;
    let (kind, plugins) = (operation.kind, &operation.server.config.plugins);
    let why = match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "services") if plugins.act(Plugin::DenyServiceExternalIPs) => {
            let former = operation.old.map_or(&[][..], |old| meta::items(old, "/spec/externalIPs"));
            let new = meta::items(object, "/spec/externalIPs");
            let denied = new.iter().any(|ip| !former.contains(ip));
            denied.then(|| "Use of external IPs is denied by admission control.".to_owned())
        }
        ("", "pods") if plugins.act(Plugin::LimitPodHardAntiAffinityTopology) => {
            wide_topology(object)
        }
        _ => None,
    };
    let refused = |why: String| Status::forbidden(kind.resource(), meta::name(object), &why);
    why.map_or(Ok(()), |why| Err(refused(why)))
}

/// `AlwaysDeny` refuses whatever others write; the server itself goes on.
pub(super) fn deny(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    let ours = operation.author.user.name.is_empty();
    if ours || !operation.server.config.plugins.act(Plugin::AlwaysDeny) {
        return Ok(());
    }
    let why = "admission control is denying all modifications";
    Err(Status::forbidden(operation.kind.resource(), meta::name(object), why))
}

fn images(pod: &Value) -> BTreeSet<&str> {
    let spec = &pod["spec"];
    let lists = CONTAINERS.into_iter().filter_map(|list| spec[list].as_array());
    lists.flatten().map(|container| meta::text(container, "/image")).collect()
}

fn new_images(old: &Value, new: &Value) -> bool {
    !images(new).is_subset(&images(old))
}

fn pull_always(pod: &mut Value) {
    let spec = meta::object_at(pod, "spec");
    for list in CONTAINERS {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            meta::as_object(container).insert("imagePullPolicy".into(), "Always".into());
        }
    }
}

/// Adds a toleration for every extended resource that the pod asks for: nodes that have it are
/// tainted with its name.
fn tolerate_extended(pod: &mut Value) {
    let spec = &pod["spec"];
    let lists =
        ["initContainers", "containers"].into_iter().filter_map(|list| spec[list].as_array());
    let asked: BTreeSet<String> = lists
        .flatten()
        .filter_map(|container| container.pointer("/resources/requests")?.as_object())
        .flat_map(|requests| requests.keys().filter(|name| is_extended(name)).cloned())
        .collect();
    let mut tolerations = meta::items(pod, "/spec/tolerations").to_vec();
    for name in asked {
        let wanted = json!({ "key": name, "operator": "Exists", "effect": "NoSchedule" });
        if !tolerations.contains(&wanted) {
            tolerations.push(wanted);
        }
    }
    if !tolerations.is_empty() {
        meta::object_at(pod, "spec").insert("tolerations".into(), tolerations.into());
    }
}

/// Whether a resource is one that a cluster's operator has named.
fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/") && !name.starts_with("requests.")
}

/// What is said of a pod that keeps others off more than a node.
fn wide_topology(pod: &Value) -> Option<String> {
    let field = "/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    let terms = meta::items(pod, field).iter().map(|term| meta::text(term, "/topologyKey"));
    let wide = terms.into_iter().find(|key| *key != HOSTNAME)?;
    Some(format!(
        "affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey {wide} but only key \
         {HOSTNAME} is allowed"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extended_resources_are_tolerated_once() {
        let mut pod = json!({ "spec": { "containers": [{ "resources": { "requests": {
            "cpu": "1", "example.com/gpu": "1", "node.kubernetes.io/x": "1", "requests.example.com/y": "1",
        } } }] } });
        tolerate_extended(&mut pod);
        tolerate_extended(&mut pod);
        let want =
            json!([{ "key": "example.com/gpu", "operator": "Exists", "effect": "NoSchedule" }]);
        assert_eq!(pod["spec"]["tolerations"], want);
    }

    #[test]
    fn only_new_images_are_pulled_anew() {
        let old = json!({ "spec": { "containers": [{ "image": "a" }, { "image": "b" }] } });
        for (images, want) in [(["a", "b"], false), (["b", "b"], false), (["a", "c"], true)] {
            let new =
                json!({ "spec": { "containers": images.map(|image| json!({ "image": image })) } });
            assert_eq!(new_images(&old, &new), want, "{images:?}");
        }
    }

    #[test]
    fn only_nodes_may_be_kept_to_oneself() {
        for (key, told) in [(HOSTNAME, false), ("topology.kubernetes.io/zone", true)] {
            let pod = json!({ "spec": { "affinity": { "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [{ "topologyKey": key }],
            } } } });
            assert_eq!(wide_topology(&pod).is_some(), told, "{key}");
        }
    }
}
