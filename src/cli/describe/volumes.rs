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

fn or_none(value: &Value, none: &str) -> String {
    if value.is_null() { none.to_owned() } else { shown(value) }
}

#[expect(clippy::too_many_lines, reason = "one arm a kind of volume")]
/// Adds what a volume is made of; persistent volumes say it with the same words.
pub(super) fn one(page: &mut Page, volume: &Value, level: usize) {
    let flag = |value: &Value| (value == true).to_string();
    let mut lines = |kind: &str, words: &str, fields: &[(&str, String)]| {
        page.field(level, "Type", format!("{kind} ({words})"));
        for (title, value) in fields {
            page.field(level, title, value);
        }
    };
    if let Some(source) = volume.get("hostPath") {
        let fields =
            [("Path", shown(&source["path"])), ("HostPathType", or_none(&source["type"], ""))];
        lines("HostPath", "bare host directory volume", &fields);
    } else if let Some(source) = volume.get("emptyDir") {
        let fields = [
            ("Medium", shown(&source["medium"])),
            ("SizeLimit", or_none(&source["sizeLimit"], "<unset>")),
        ];
        lines("EmptyDir", "a temporary directory that shares a pod's lifetime", &fields);
    } else if let Some(source) = volume.get("secret") {
        let fields =
            [("SecretName", shown(&source["secretName"])), ("Optional", flag(&source["optional"]))];
        lines("Secret", "a volume populated by a Secret", &fields);
    } else if let Some(source) = volume.get("configMap") {
        let fields = [("Name", shown(&source["name"])), ("Optional", flag(&source["optional"]))];
        lines("ConfigMap", "a volume populated by a ConfigMap", &fields);
    } else if let Some(source) = volume.get("nfs") {
        let fields = [
            ("Server", shown(&source["server"])),
            ("Path", shown(&source["path"])),
            ("ReadOnly", flag(&source["readOnly"])),
        ];
        lines("NFS", "an NFS mount that lasts the lifetime of a pod", &fields);
    } else if let Some(source) = volume.get("persistentVolumeClaim") {
        let fields =
            [("ClaimName", shown(&source["claimName"])), ("ReadOnly", flag(&source["readOnly"]))];
        lines(
            "PersistentVolumeClaim",
            "a reference to a PersistentVolumeClaim in the same namespace",
            &fields,
        );
    } else if let Some(source) = volume.get("local") {
        let fields = [("Path", shown(&source["path"]))];
        lines("LocalVolume", "a persistent volume backed by local storage on a node", &fields);
    } else if let Some(source) = volume.get("csi") {
        let fields = [
            ("Driver", shown(&source["driver"])),
            ("FSType", shown(&source["fsType"])),
            ("ReadOnly", flag(&source["readOnly"])),
        ];
        lines("CSI", "a Container Storage Interface (CSI) volume source", &fields);
    } else if let Some(source) = volume.get("image") {
        let fields = [
            ("Reference", shown(&source["reference"])),
            ("PullPolicy", shown(&source["pullPolicy"])),
        ];
        lines("Image", "a container image or OCI artifact", &fields);
    } else if volume.get("downwardAPI").is_some() {
        page.field(level, "Type", "DownwardAPI (a volume populated by information about the pod)");
        page.line(level, "Items:");
        for item in items(&volume["downwardAPI"]["items"]) {
            let source = if item["fieldRef"].is_object() {
                &item["fieldRef"]["fieldPath"]
            } else {
                &item["resourceFieldRef"]["resource"]
            };
            page.line(level + 1, format!("{} -> {}", shown(source), shown(&item["path"])));
        }
    } else if let Some(source) = volume.get("projected") {
        lines("Projected", "a volume that contains injected data from multiple sources", &[]);
        for source in items(&source["sources"]) {
            projected(page, source, level);
        }
    } else if volume.get("ephemeral").is_some() {
        lines(
            "EphemeralVolume",
            "an inline specification for a volume that gets created and deleted with the pod",
            &[],
        );
    } else {
        page.line(level, "<unknown>");
    }
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
