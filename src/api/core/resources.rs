//! The names of resources that amounts are given for.
//! Source: `k8s.io/kubernetes/pkg/apis/core/helper` and its validation.

use machinery::{
    field::{Errors, Path},
    names,
};
use serde_json::json;

const CONTAINER: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
const QUOTA: [&str; 20] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "persistentvolumeclaims",
    "configmaps",
    "services.nodeports",
    "services.loadbalancers",
    "storage",
];
/// Resources that come in whole numbers.
const WHOLE: [&str; 9] = [
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

/// Tells whether containers may ask for the resource without a domain before its name.
pub(crate) fn is_of_containers(name: &str) -> bool {
    CONTAINER.contains(&name) || is_hugepages(name)
}

/// Tells whether the resource is memory in huge pages.
pub(crate) fn is_hugepages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Tells whether Kubernetes knows a quota of that name.
pub(crate) fn is_quota(name: &str) -> bool {
    QUOTA.contains(&name) && name != "storage"
        || name.starts_with("requests.hugepages-")
        || is_hugepages(name)
}

/// Tells whether the resource is Kubernetes' own.
pub(crate) fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Tells whether the resource is one of a vendor, with a domain of its own.
pub(crate) fn is_extended(name: &str) -> bool {
    let known = is_native(name) || name.starts_with("requests.");
    !known && names::qualified_name(&format!("requests.{name}")).is_empty()
}

/// Tells whether amounts of the resource are whole numbers.
pub(crate) fn is_whole(name: &str) -> bool {
    WHOLE.contains(&name) || is_extended(name) || name.starts_with("count/")
}

/// Checks the name of any resource.
pub(crate) fn check_name(name: &str, path: &Path, errors: &mut Errors) {
    let wrong = names::qualified_name(name);
    if !wrong.is_empty() {
        for why in wrong {
            errors.invalid(path, &json!(name), why);
        }
        return;
    }
    let standard = QUOTA.contains(&name) || is_hugepages(name);
    let standard = standard || name.starts_with("requests.hugepages-");
    if !name.contains('/') && !standard {
        let why = "must be a standard resource type or fully qualified";
        errors.invalid(path, &json!(name), why);
    }
}

/// Checks the name of a resource that a container asks for.
pub(crate) fn check_container_name(name: &str, path: &Path, errors: &mut Errors) {
    check_name(name, path, errors);
    if !name.contains('/') {
        if !is_of_containers(name) {
            errors.invalid(path, &json!(name), "must be a standard resource for containers");
        }
    } else if !is_native(name) && !is_extended(name) {
        let why = "doesn't follow extended resource name standard";
        errors.invalid(path, &json!(name), why);
    }
}

/// Checks the name of a resource that a quota limits.
pub(crate) fn check_quota_name(name: &str, path: &Path, errors: &mut Errors) {
    check_name(name, path, errors);
    if !name.contains('/') && !is_quota(name) {
        errors.invalid(path, &json!(name), "must be a standard resource for quota");
    }
}
