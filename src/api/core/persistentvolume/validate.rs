//! What must hold of disks. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Map, Value, json};

use crate::{
    check,
    core::{
        persistentvolumeclaim::{check_modes, check_positive},
        pod::{check_initiator_length, check_node_selector, check_source},
        shown,
    },
};

/// The kinds of disks, in the order of Go's struct.
pub(super) const SOURCES: [&str; 22] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "nfs",
    "iscsi",
    "rbd",
    "glusterfs",
    "cinder",
    "cephfs",
    "fc",
    "flexVolume",
    "flocker",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

/// The same in the order in which they are checked, the first wins.
const CHECKED: [&str; 22] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let path = at.child("accessModes");
    if meta::items(spec, "/accessModes").is_empty() {
        errors.required(&path, "");
    }
    check_modes(spec, &path, errors);
    check_capacity(&spec["capacity"], &at.child("capacity"), errors);
    let policies = ["Delete", "Recycle", "Retain"];
    check::one_of(spec, "persistentVolumeReclaimPolicy", &policies, &at, errors);
    check_affinity(spec, &at, errors);
    check_sources(change.new, &at, errors);
    let recycled = spec["persistentVolumeReclaimPolicy"] == "Recycle";
    if recycled && is_root(meta::text(spec, "/hostPath/path")) {
        let why = "may not be 'recycle' for a hostPath mount of '/'";
        errors.forbidden(&at.child("persistentVolumeReclaimPolicy"), why);
    }
    if !meta::text(spec, "/storageClassName").is_empty() {
        let path = at.child("storageClassName");
        check::named(&spec["storageClassName"], names::dns_subdomain, &path, errors);
    }
    check::one_of(spec, "volumeMode", &["Block", "Filesystem"], &at, errors);
    check_attributes_class(spec, &at, errors);
    if let Some(old) = change.old {
        check_update(&old["spec"], spec, &at, errors);
    }
}

/// Tells whether a path is that of the root, whatever way it is written.
fn is_root(path: &str) -> bool {
    let mut depth = 0_usize;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => depth = depth.saturating_sub(1),
            _ => depth += 1,
        }
    }
    path.starts_with('/') && depth == 0
}

fn check_affinity(spec: &Value, at: &Path, errors: &mut Errors) {
    let at = at.child("nodeAffinity");
    match spec.get("nodeAffinity") {
        Some(affinity) => match affinity.get("required") {
            None => {
                errors.required(&at.child("required"), "must specify required node constraints");
            }
            Some(required) => check_node_selector(required, &at.child("required"), errors),
        },
        None if spec.get("local").is_some() => {
            errors.required(&at, "Local volume requires node affinity");
        }
        None => {}
    }
}

fn check_attributes_class(spec: &Value, at: &Path, errors: &mut Errors) {
    let Some(class) = spec.get("volumeAttributesClassName") else { return };
    let path = at.child("volumeAttributesClassName");
    if class == "" {
        errors.required(&path, "an empty string is disallowed");
    } else {
        check::named(class, names::dns_subdomain, &path, errors);
    }
    if spec.get("csi").is_none() {
        let why = "has to be specified when using volumeAttributesClassName";
        errors.required(&at.child("csi"), why);
    }
}

fn check_capacity(capacity: &Value, path: &Path, errors: &mut Errors) {
    let amounts = capacity.as_object();
    let count = amounts.map_or(0, Map::len);
    if count == 0 {
        errors.required(path, "");
    }
    if count > 1 || capacity.get("storage").is_none() {
        let shown = if capacity.is_null() { json!({}) } else { capacity.clone() };
        errors.not_supported(path, &shown, &["storage"]);
    }
    for (resource, value) in amounts.into_iter().flatten() {
        let negative = check::amount(value).filter(|amount| amount.is_negative());
        if let Some(amount) = negative {
            let shown = json!(amount.value());
            errors.invalid(&path.key(resource), &shown, "must be a valid resource quantity");
        }
        check_positive(value, &path.key(resource), errors);
    }
}

fn check_sources(object: &Value, at: &Path, errors: &mut Errors) {
    let spec = &object["spec"];
    let mut given = CHECKED.iter().filter(|source| spec.get(**source).is_some());
    let Some(first) = given.next() else {
        errors.required(at, "must specify a volume type");
        return;
    };
    check_source(first, &spec[*first], true, at, errors);
    if *first == "iscsi" {
        let target = meta::text(spec, "/iscsi/targetPortal");
        let names = (meta::name(object), target);
        check_initiator_length(&spec["iscsi"], names, &at.child("targetportal"), errors);
    }
    for other in given {
        // Go's names of some are not JSON's, and one it lets pass.
        let shown = match *other {
            "cephfs" => "cephFS",
            "flexVolume" => {
                check_source(other, &spec[*other], true, at, errors);
                continue;
            }
            other => other,
        };
        errors.forbidden(&at.child(shown), "may not specify more than 1 volume type");
    }
}

fn check_update(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    const SECRET: &str = "controllerExpandSecretRef";
    let source = |spec: &Value| -> Value {
        let kept = SOURCES.iter().filter_map(|name| Some(((*name).to_owned(), spec.get(*name)?)));
        kept.map(|(name, value)| (name, value.clone())).collect::<Map<_, _>>().into()
    };
    let (mut before, after) = (source(old), source(new));
    if let (Some(disk), Some(secret)) =
        (before.get_mut("csi"), after.pointer("/csi").and_then(|disk| disk.get(SECRET)))
    {
        // How a disk grows may be told later.
        let fresh = disk.get(SECRET).is_none();
        if fresh {
            disk[SECRET] = secret.clone();
        }
    }
    if before != after {
        let why = format!(
            "spec.persistentvolumesource is immutable after creation\n{}",
            shown::difference("PersistentVolumeSource", &before, &after)
        );
        errors.forbidden(&at.child("persistentvolumesource"), &why);
    }
    if old.get("volumeMode") != new.get("volumeMode") {
        let shown = new.get("volumeMode").cloned().unwrap_or_default();
        errors.invalid(&Path::new("volumeMode"), &shown, "field is immutable");
    }
    check_moved(old, new, errors);
    let class = "volumeAttributesClassName";
    if old.get(class).is_some() && new.get(class).is_none() {
        let why = "update from non-nil value to nil is forbidden";
        errors.forbidden(&at.child(class), why);
    }
}

/// A disk stays with its nodes; only old names of labels may become the new ones.
fn check_moved(old: &Value, new: &Value, errors: &mut Errors) {
    const RENAMED: [(&str, &str); 5] = [
        ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
        ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
        ("beta.kubernetes.io/os", "kubernetes.io/os"),
        ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
        ("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"),
    ];
    let Some(before) = old.get("nodeAffinity") else { return };
    let after = new.get("nodeAffinity").unwrap_or(&Value::Null);
    let mut old_form = before.clone();
    let terms = old_form.pointer_mut("/required/nodeSelectorTerms").and_then(Value::as_array_mut);
    for (index, term) in terms.into_iter().flatten().enumerate() {
        for field in ["matchExpressions", "matchFields"] {
            let rules = term.get_mut(field).and_then(Value::as_array_mut);
            for (number, rule) in rules.into_iter().flatten().enumerate() {
                let place = format!("/required/nodeSelectorTerms/{index}/{field}/{number}/key");
                let key = meta::text(after, &place);
                let pair = (meta::text(rule, "/key"), key);
                if RENAMED.contains(&pair) {
                    rule["key"] = key.into();
                }
            }
        }
    }
    if old_form != *after {
        let why = "field is immutable, except for updating from beta label to GA";
        let path = Path::new("nodeAffinity");
        errors.invalid_shown(&path, &shown::shown("VolumeNodeAffinity", after), why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_root_by_any_of_its_names() {
        for (path, is) in [("/", true), ("//./", true), ("/a/..", true), ("/a", false), ("", false)]
        {
            assert_eq!(is_root(path), is, "{path}");
        }
    }

    #[test]
    fn lets_only_the_names_of_a_disks_nodes_labels_get_new() {
        let affinity = |key: &str| {
            let rule = json!({"key": key, "operator": "In", "values": ["a"]});
            json!({"nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [rule]}]}}})
        };
        let old = affinity("failure-domain.beta.kubernetes.io/zone");
        for (key, refused) in [
            ("failure-domain.beta.kubernetes.io/zone", false),
            ("topology.kubernetes.io/zone", false),
            ("topology.kubernetes.io/region", true),
        ] {
            let mut errors = Errors::default();
            check_moved(&old, &affinity(key), &mut errors);
            assert_eq!(!errors.is_empty(), refused, "{key}");
        }
    }
}
