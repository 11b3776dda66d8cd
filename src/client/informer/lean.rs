//! What caches leave out of objects: what nobody reads who reads caches.
//!
//! The notes of who owns which field go from every object. Pods of a whole cluster also lose what
//! their own node alone needs, and lists that grow rarely keep no room for more: most of what a cluster
//! remembers is pods. Source: the transforms of kube-controller-manager's informers.
//!
//! A cached object is therefore never written back whole.

use std::any::Any;

use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, PodStatus, Volume};

use super::cache::Cached;

/// Whose pods a cache holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// One who asked for some objects alone, such as a node for its own pods.
    Selective,
    /// Everybody who asks for all of them.
    Everybody,
}

/// An object as a cache keeps it.
pub(super) fn lean<K: Cached>(mut object: K, reader: Reader) -> K {
    let meta = object.meta_mut();
    meta.managed_fields = None;
    meta.owner_references.iter_mut().for_each(Vec::shrink_to_fit);
    meta.finalizers.iter_mut().for_each(Vec::shrink_to_fit);
    let any: &mut dyn Any = &mut object;
    if let Some(pod) = any.downcast_mut::<Pod>().filter(|_| reader == Reader::Everybody) {
        pod.spec.iter_mut().for_each(lean_spec);
        pod.status.iter_mut().for_each(tight_status);
    }
    object
}

fn lean_spec(spec: &mut PodSpec) {
    for container in spec.containers.iter_mut().chain(spec.init_containers.iter_mut().flatten()) {
        lean_container(container);
    }
    spec.containers.shrink_to_fit();
    spec.init_containers.iter_mut().for_each(Vec::shrink_to_fit);
    spec.volumes.iter_mut().for_each(|volumes| {
        volumes.retain(counts);
        volumes.shrink_to_fit();
    });
    spec.volumes.take_if(|volumes| volumes.is_empty());
    spec.tolerations.iter_mut().for_each(Vec::shrink_to_fit);
    (spec.dns_config, spec.host_aliases, spec.security_context) = (None, None, None);
}

/// Tells whether a volume matters beyond the node: the others are made from what the pod itself says.
fn counts(volume: &Volume) -> bool {
    volume.projected.is_none()
        && volume.config_map.is_none()
        && volume.secret.is_none()
        && volume.downward_api.is_none()
        && volume.empty_dir.is_none()
        && volume.host_path.is_none()
}

/// Resources, ports, the image and the kind of container are left.
fn lean_container(container: &mut Container) {
    let whole = std::mem::take(container);
    *container = Container {
        name: whole.name,
        image: whole.image,
        ports: whole.ports,
        resources: whole.resources,
        resize_policy: whole.resize_policy,
        restart_policy: whole.restart_policy,
        restart_policy_rules: whole.restart_policy_rules,
        ..Container::default()
    };
    container.ports.iter_mut().for_each(Vec::shrink_to_fit);
}

fn tight_status(status: &mut PodStatus) {
    status.conditions.iter_mut().for_each(Vec::shrink_to_fit);
    status.container_statuses.iter_mut().for_each(Vec::shrink_to_fit);
    status.init_container_statuses.iter_mut().for_each(Vec::shrink_to_fit);
    status.pod_ips.iter_mut().for_each(Vec::shrink_to_fit);
    status.host_ips.iter_mut().for_each(Vec::shrink_to_fit);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod() -> Pod {
        serde_json::from_value(json!({
            "metadata": {"name": "p", "managedFields": [{"manager": "m"}]},
            "spec": {
                "containers": [{
                    "name": "c", "image": "i", "env": [{"name": "A", "value": "b"}],
                    "ports": [{"containerPort": 80, "hostPort": 8080}],
                    "resources": {"requests": {"cpu": "1"}},
                    "volumeMounts": [{"name": "data", "mountPath": "/data"}],
                }],
                "volumes": [
                    {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
                    {"name": "own", "ephemeral": {}},
                    {"name": "disk", "gcePersistentDisk": {"pdName": "disk"}},
                    {"name": "scratch", "emptyDir": {}},
                    {"name": "token", "projected": {"sources": []}},
                ],
                "tolerations": [{"operator": "Exists"}],
            },
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        }))
        .unwrap()
    }

    #[test]
    fn readers_of_all_pods_do_without_what_the_node_needs() {
        let lean = serde_json::to_value(lean(pod(), Reader::Everybody)).unwrap();
        assert_eq!(
            lean["spec"],
            json!({
                "containers": [{
                    "name": "c", "image": "i", "ports": [{"containerPort": 80, "hostPort": 8080}],
                    "resources": {"requests": {"cpu": "1"}},
                }],
                "volumes": [
                    {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
                    {"name": "own", "ephemeral": {}},
                    {"name": "disk", "gcePersistentDisk": {"pdName": "disk"}},
                ],
                "tolerations": [{"operator": "Exists"}],
            })
        );
        assert_eq!(lean["status"], json!({"conditions": [{"type": "Ready", "status": "True"}]}));
        assert_eq!(lean["metadata"], json!({"name": "p"}));
    }

    #[test]
    fn a_node_sees_its_pods_whole() {
        let mut whole = pod();
        whole.metadata.managed_fields = None;
        assert_eq!(lean(pod(), Reader::Selective), whole);
    }

    #[test]
    fn lists_keep_no_room() {
        let mut many = pod();
        let status = many.status.get_or_insert_default();
        status.conditions.get_or_insert_default().reserve(100);
        let lean = lean(many, Reader::Everybody);
        assert!(lean.status.unwrap().conditions.unwrap().capacity() < 4);
    }
}
