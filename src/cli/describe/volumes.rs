//! Volumes of pods and templates.

use serde_json::Value;

use super::{
    Page,
    page::{items, shown},
};

/// Adds the volumes.
pub(super) fn list(page: &mut Page, volumes: &Value, space: &str) {
    if items(volumes).is_empty() {
        return page.field(0, &format!("{space}Volumes"), "<none>");
    }
    page.line(0, format!("{space}Volumes:"));
    let inset = if space.is_empty() { "" } else { " " };
    for volume in items(volumes) {
        page.line(1, format!("{inset}{}:", shown(&volume["name"])));
        one(page, volume, 2);
    }
}

/// How a field of a volume's source is shown.
#[derive(Debug, Clone, Copy)]
enum Show {
    /// As it is; nothing where it is not there.
    Plain,
    /// As it is, or these words.
    Or(&'static str),
    /// A truth value.
    Flag,
    /// A list, with commas.
    Joined,
    /// A reference to a secret, as Go prints a pointer.
    Secret,
}

use Show::{Flag, Joined, Or, Plain, Secret};

/// A source's field, its type as it is shown, and the source's fields.
type Source = (&'static str, &'static str, &'static [(&'static str, &'static str, Show)]);

const SOURCES: &[Source] = &[
    (
        "hostPath",
        "HostPath (bare host directory volume)",
        &[("Path:", "path", Plain), ("HostPathType:", "type", Plain)],
    ),
    (
        "emptyDir",
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        &[("Medium:", "medium", Plain), ("SizeLimit:", "sizeLimit", Or("<unset>"))],
    ),
    (
        "secret",
        "Secret (a volume populated by a Secret)",
        &[("SecretName:", "secretName", Plain), ("Optional:", "optional", Flag)],
    ),
    (
        "configMap",
        "ConfigMap (a volume populated by a ConfigMap)",
        &[("Name:", "name", Plain), ("Optional:", "optional", Flag)],
    ),
    (
        "nfs",
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        &[("Server:", "server", Plain), ("Path:", "path", Plain), ("ReadOnly:", "readOnly", Flag)],
    ),
    (
        "persistentVolumeClaim",
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        &[("ClaimName:", "claimName", Plain), ("ReadOnly:", "readOnly", Flag)],
    ),
    (
        "local",
        "LocalVolume (a persistent volume backed by local storage on a node)",
        &[("Path:", "path", Plain)],
    ),
    (
        "csi",
        "CSI (a Container Storage Interface (CSI) volume source)",
        &[("Driver:", "driver", Plain), ("FSType:", "fsType", Plain)],
    ),
    (
        "image",
        "Image (a container image or OCI artifact)",
        &[("Reference:", "reference", Plain), ("PullPolicy:", "pullPolicy", Plain)],
    ),
    (
        "iscsi",
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        &[
            ("TargetPortal:", "targetPortal", Plain),
            ("IQN:", "iqn", Plain),
            ("Lun:", "lun", Plain),
            ("ISCSIInterface", "iscsiInterface", Plain),
            ("FSType:", "fsType", Plain),
            ("ReadOnly:", "readOnly", Flag),
            ("Portals:", "portals", Or("[]")),
            ("DiscoveryCHAPAuth:", "chapAuthDiscovery", Flag),
            ("SessionCHAPAuth:", "chapAuthSession", Flag),
            ("SecretRef:", "secretRef", Secret),
            ("InitiatorName:", "initiatorName", Or("<none>")),
        ],
    ),
    (
        "fc",
        "FC (a Fibre Channel disk)",
        &[
            ("TargetWWNs:", "targetWWNs", Joined),
            ("LUN:", "lun", Or("<none>")),
            ("FSType:", "fsType", Plain),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "rbd",
        "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
        &[
            ("CephMonitors:", "monitors", Plain),
            ("RBDImage:", "image", Plain),
            ("FSType:", "fsType", Plain),
            ("RBDPool:", "pool", Plain),
            ("RadosUser:", "user", Plain),
            ("Keyring:", "keyring", Plain),
            ("SecretRef:", "secretRef", Secret),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "cephfs",
        "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        &[
            ("Monitors:", "monitors", Plain),
            ("Path:", "path", Plain),
            ("User:", "user", Plain),
            ("SecretFile:", "secretFile", Plain),
            ("SecretRef:", "secretRef", Secret),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "glusterfs",
        "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        &[
            ("EndpointsName:", "endpoints", Plain),
            ("Path:", "path", Plain),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "gitRepo",
        "GitRepo (a volume that is pulled from git when the pod is created)",
        &[("Repository:", "repository", Plain), ("Revision:", "revision", Plain)],
    ),
    (
        "awsElasticBlockStore",
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        &[
            ("VolumeID:", "volumeID", Plain),
            ("FSType:", "fsType", Plain),
            ("Partition:", "partition", Or("0")),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "gcePersistentDisk",
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        &[
            ("PDName:", "pdName", Plain),
            ("FSType:", "fsType", Plain),
            ("Partition:", "partition", Or("0")),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "cinder",
        "Cinder (a Persistent Disk resource in OpenStack)",
        &[
            ("VolumeID:", "volumeID", Plain),
            ("FSType:", "fsType", Plain),
            ("ReadOnly:", "readOnly", Flag),
            ("SecretRef:", "secretRef", Secret),
        ],
    ),
    (
        "vsphereVolume",
        "vSphereVolume (a Persistent Disk resource in vSphere)",
        &[
            ("VolumePath:", "volumePath", Plain),
            ("FSType:", "fsType", Plain),
            ("StoragePolicyName:", "storagePolicyName", Plain),
        ],
    ),
    (
        "azureFile",
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        &[
            ("SecretName:", "secretName", Plain),
            ("ShareName:", "shareName", Plain),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "azureDisk",
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        &[
            ("DiskName:", "diskName", Plain),
            ("DiskURI:", "diskURI", Plain),
            ("Kind: ", "kind", Plain),
            ("FSType:", "fsType", Plain),
            ("CachingMode:", "cachingMode", Plain),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "flexVolume",
        "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        &[
            ("Driver:", "driver", Plain),
            ("FSType:", "fsType", Plain),
            ("SecretRef:", "secretRef", Secret),
            ("ReadOnly:", "readOnly", Flag),
            ("Options:", "options", Or("map[]")),
        ],
    ),
    (
        "portworxVolume",
        "PortworxVolume (a Portworx Volume resource)",
        &[("VolumeID:", "volumeID", Plain)],
    ),
    (
        "quobyte",
        "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
        &[
            ("Registry:", "registry", Plain),
            ("Volume:", "volume", Plain),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
    (
        "storageos",
        "StorageOS (a StorageOS Persistent Disk resource)",
        &[
            ("VolumeName:", "volumeName", Plain),
            ("VolumeNamespace:", "volumeNamespace", Plain),
            ("FSType:", "fsType", Plain),
            ("ReadOnly:", "readOnly", Flag),
        ],
    ),
];

fn cell(value: &Value, show: Show) -> String {
    match show {
        Flag => (value == true).to_string(),
        Or(words) if value.is_null() => words.to_owned(),
        Joined => items(value).iter().map(shown).collect::<Vec<_>>().join(", "),
        Secret if value.is_null() => "nil".to_owned(),
        Secret => format!("&LocalObjectReference{{Name:{},}}", shown(&value["name"])),
        Plain | Or(_) => shown(value),
    }
}

/// Adds what a volume is made of; persistent volumes say it with the same words.
pub(super) fn one(page: &mut Page, volume: &Value, level: usize) {
    if volume.get("downwardAPI").is_some() {
        return downward(page, &volume["downwardAPI"], level);
    }
    if let Some(source) = volume.get("projected") {
        let words = "Projected (a volume that contains injected data from multiple sources)";
        page.field(level, "Type", words);
        for source in items(&source["sources"]) {
            projected(page, source, level);
        }
        return;
    }
    if let Some(source) = volume.get("ephemeral") {
        return ephemeral(page, &source["volumeClaimTemplate"], level);
    }
    let known = SOURCES.iter().find_map(|known| Some((known, volume.get(known.0)?)));
    let Some(((field, words, fields), source)) = known else {
        return page.line(level, "<unknown>");
    };
    page.field(level, "Type", words);
    for (title, field, show) in *fields {
        page.line(level, format!("{title}\t{}", cell(&source[*field], *show)));
    }
    if *field == "csi" {
        if source["volumeHandle"].is_string() {
            page.text(level, "VolumeHandle", &source["volumeHandle"]);
        }
        page.field(level, "ReadOnly", cell(&source["readOnly"], Flag));
        attributes(page, &source["volumeAttributes"], level);
    }
}

/// What a driver is told: one pair a line, behind a wider gap.
fn attributes(page: &mut Page, attributes: &Value, level: usize) {
    let pairs = super::page::pairs(attributes);
    if pairs.is_empty() {
        return page.field(level, "VolumeAttributes", "<none>");
    }
    for (at, (key, value)) in pairs.iter().enumerate() {
        let start = if at == 0 { "VolumeAttributes:" } else { "" };
        page.line(level, format!("{start}\t    {key}={value}"));
    }
}

fn downward(page: &mut Page, source: &Value, level: usize) {
    page.field(level, "Type", "DownwardAPI (a volume populated by information about the pod)");
    page.line(level, "Items:");
    for item in items(&source["items"]) {
        let source = if item["fieldRef"].is_object() {
            &item["fieldRef"]["fieldPath"]
        } else {
            &item["resourceFieldRef"]["resource"]
        };
        page.line(level + 1, format!("{} -> {}", shown(source), shown(&item["path"])));
    }
}

/// A claim that comes and goes with its pod.
fn ephemeral(page: &mut Page, claim: &Value, level: usize) {
    const WORDS: &str =
        "an inline specification for a volume that gets created and deleted with the pod";
    page.field(level, "Type", format!("EphemeralVolume ({WORDS})"));
    if !claim.is_object() {
        return;
    }
    page.text(level, "StorageClass", &claim["spec"]["storageClassName"]);
    page.text(level, "Volume", &claim["spec"]["volumeName"]);
    let space = "  ".repeat(level);
    page.labels(&format!("{space}Labels"), &claim["metadata"]["labels"]);
    page.annotations(&format!("{space}Annotations"), &claim["metadata"]["annotations"]);
    page.field(level, "Capacity", "");
    page.field(level, "Access Modes", "");
    page.text(level, "VolumeMode", &claim["spec"]["volumeMode"]);
}

fn projected(page: &mut Page, source: &Value, level: usize) {
    let optional = |source: &Value| (source["optional"] == true).to_string();
    if let Some(secret) = source.get("secret") {
        page.text(level, "SecretName", &secret["name"]);
        page.field(level, "Optional", optional(secret));
    } else if source.get("downwardAPI").is_some() {
        page.field(level, "DownwardAPI", "true");
    } else if let Some(map) = source.get("configMap") {
        page.text(level, "ConfigMapName", &map["name"]);
        page.field(level, "Optional", optional(map));
    } else if let Some(token) = source.get("serviceAccountToken") {
        page.text(level, "TokenExpirationSeconds", &token["expirationSeconds"]);
    }
}
