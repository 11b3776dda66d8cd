//! Transformers, in kustomize's order: patches, namespace, names, labels, annotations, replicas, images.

use std::path::Path;

use machinery::yaml;
use serde_json::{Value, json};

use super::{Resource, items, read, text};
use crate::{merge, report::CliError};

/// Runs the transformers of a kustomization.
pub(super) fn all(
    found: &mut Vec<Resource>,
    document: &Value,
    folder: &Path,
) -> Result<(), CliError> {
    for patch in items(&document["patchesStrategicMerge"]).iter().map(text) {
        let inline = patch.contains('\n') || patch.contains(':') && !folder.join(&patch).is_file();
        let body = if inline { patch } else { read(&folder.join(patch))? };
        strategic(found, &body, &Value::Null)?;
    }
    for field in ["patches", "patchesJson6902"] {
        for patch in items(&document[field]) {
            let body = match patch["path"].as_str() {
                Some(path) => read(&folder.join(path))?,
                None => text(&patch["patch"]),
            };
            patched(found, &body, &patch["target"])?;
        }
    }
    if let Some(namespace) = document["namespace"].as_str() {
        for one in found.iter_mut() {
            set_namespace(&mut one.object, namespace);
        }
    }
    let (prefix, suffix) = (text(&document["namePrefix"]), text(&document["nameSuffix"]));
    for one in found.iter_mut() {
        if !matches!(one.kind(), "Namespace" | "CustomResourceDefinition" | "APIService") {
            let name = format!("{prefix}{}{suffix}", text(&one.object["metadata"]["name"]));
            one.object["metadata"]["name"] = name.into();
        }
        labels(&mut one.object, document);
        for (key, value) in document["commonAnnotations"].as_object().into_iter().flatten() {
            one.object["metadata"]["annotations"][key] = value.clone();
            let template = one.object.get_mut("spec").and_then(|spec| spec.get_mut("template"));
            if let Some(template) = template.filter(|template| template["spec"].is_object()) {
                template["metadata"]["annotations"][key] = value.clone();
            }
        }
        for replicas in items(&document["replicas"]) {
            let scaled = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
            if replicas["name"] == one.first_name.as_str() && scaled.contains(&one.kind()) {
                one.object["spec"]["replicas"] = replicas["count"].clone();
            }
        }
        for image in items(&document["images"]) {
            images(&mut one.object, image);
        }
    }
    Ok(())
}

fn patched(found: &mut Vec<Resource>, body: &str, target: &Value) -> Result<(), CliError> {
    let first = yaml::parse(body)
        .map_err(|error| CliError::plain(format!("unable to parse patch: {error}")))?;
    if !first.is_array() {
        return strategic(found, body, target);
    }
    for one in found.iter_mut().filter(|one| fits(one, target)) {
        machinery::patch::apply_json_patch(&mut one.object, &first)
            .map_err(|error| CliError::plain(format!("patch {body:?}: {error}")))?;
    }
    Ok(())
}

fn strategic(found: &mut Vec<Resource>, body: &str, target: &Value) -> Result<(), CliError> {
    for document in yaml::documents(body) {
        let patch = yaml::parse(document).map_err(|error| CliError::plain(error.to_string()))?;
        if patch.is_null() {
            continue;
        }
        let own = json!({"kind": patch["kind"], "name": patch["metadata"]["name"]});
        let target = if target.is_object() { target } else { &own };
        let mut hit = false;
        for one in found.iter_mut().filter(|one| fits(one, target)) {
            hit = true;
            let (version, kind) = (text(&one.object["apiVersion"]), one.kind().to_owned());
            match merge::schema_of(&version, &kind) {
                Some(schema) => {
                    let mut patch = patch.clone();
                    // The patch names its target; its own name is no change.
                    patch["metadata"]["name"] = one.object["metadata"]["name"].clone();
                    machinery::patch::apply_strategic_patch(&mut one.object, &patch, &schema)
                        .map_err(|error| CliError::plain(error.to_string()))?;
                }
                None => machinery::patch::apply_merge_patch(&mut one.object, &patch),
            }
        }
        if !hit && target == &own {
            return Err(CliError::plain(format!(
                "no resource matches strategic merge patch {:?}: no matches for Id {}.v1/{}; failed to find unique target for patch",
                format!("{}.v1/{}", text(&own["kind"]), text(&own["name"])),
                text(&own["kind"]),
                text(&own["name"])
            )));
        }
    }
    found.retain(|one| one.object["$patch"] != "delete");
    Ok(())
}

fn fits(one: &Resource, target: &Value) -> bool {
    let (group, version) = {
        let api_version = text(&one.object["apiVersion"]);
        match api_version.split_once('/') {
            Some((group, version)) => (group.to_owned(), version.to_owned()),
            None => (String::new(), api_version),
        }
    };
    let like = |field: &str, value: &str| {
        let Some(pattern) = target[field].as_str().filter(|pattern| !pattern.is_empty()) else {
            return true;
        };
        let whole = regex::Regex::new(&format!("^(?:{pattern})$"));
        whole.is_ok_and(|whole| whole.is_match(value))
    };
    let name = text(&one.object["metadata"]["name"]);
    let labels = target["labelSelector"].as_str().is_none_or(|selector| {
        machinery::selector::LabelSelector::parse(selector)
            .is_ok_and(|selector| selector.matches_object(&one.object))
    });
    like("kind", one.kind())
        && like("group", &group)
        && like("version", &version)
        && (like("name", &name) || like("name", &one.first_name))
        && like("namespace", &text(&one.object["metadata"]["namespace"]))
        && labels
}

fn set_namespace(object: &mut Value, namespace: &str) {
    const CLUSTER: &[&str] = &[
        "Namespace",
        "Node",
        "PersistentVolume",
        "ClusterRole",
        "ClusterRoleBinding",
        "StorageClass",
        "PriorityClass",
        "IngressClass",
        "RuntimeClass",
        "CustomResourceDefinition",
        "APIService",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
        "CSIDriver",
    ];
    let kind = text(&object["kind"]);
    if kind == "Namespace" {
        object["metadata"]["name"] = namespace.into();
    }
    if !CLUSTER.contains(&kind.as_str()) {
        object["metadata"]["namespace"] = namespace.into();
    }
    if matches!(kind.as_str(), "RoleBinding" | "ClusterRoleBinding") {
        for subject in object["subjects"].as_array_mut().into_iter().flatten() {
            if subject["kind"] == "ServiceAccount" && subject["name"] == "default" {
                subject["namespace"] = namespace.into();
            }
        }
    }
}

fn labels(object: &mut Value, document: &Value) {
    let common = json!({"pairs": document["commonLabels"], "includeSelectors": true});
    for set in items(&document["labels"]).iter().chain([&common]) {
        let selectors = set["includeSelectors"] == true;
        let templates = selectors || set["includeTemplates"] == true;
        for (key, value) in set["pairs"].as_object().into_iter().flatten() {
            object["metadata"]["labels"][key] = value.clone();
            let kind = text(&object["kind"]);
            let workload = matches!(
                kind.as_str(),
                "Deployment"
                    | "ReplicaSet"
                    | "StatefulSet"
                    | "DaemonSet"
                    | "Job"
                    | "ReplicationController"
            );
            if templates && workload {
                object["spec"]["template"]["metadata"]["labels"][key] = value.clone();
            }
            if !selectors {
                continue;
            }
            let selector = match kind.as_str() {
                "Service" | "ReplicationController" if object["spec"]["selector"].is_object() => {
                    &mut object["spec"]["selector"]
                }
                "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => {
                    &mut object["spec"]["selector"]["matchLabels"]
                }
                _ => continue,
            };
            selector[key] = value.clone();
        }
    }
}

/// Changes images of a name, wherever containers stand.
fn images(value: &mut Value, change: &Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| images(item, change)),
        Value::Object(fields) => {
            for (field, value) in fields.iter_mut() {
                if !matches!(
                    field.as_str(),
                    "containers" | "initContainers" | "ephemeralContainers"
                ) {
                    images(value, change);
                    continue;
                }
                for container in value.as_array_mut().into_iter().flatten() {
                    if let Some(image) =
                        container["image"].as_str().and_then(|image| renamed(image, change))
                    {
                        container["image"] = image.into();
                    }
                }
            }
        }
        _ => {}
    }
}

fn renamed(image: &str, change: &Value) -> Option<String> {
    let (before_digest, digest) =
        image.split_once('@').map_or((image, None), |(i, d)| (i, Some(d)));
    let slash = before_digest.rfind('/').map_or(0, |at| at + 1);
    let colon = before_digest.get(slash..)?.find(':').map(|at| slash + at);
    let name = before_digest.get(..colon.unwrap_or(before_digest.len()))?;
    if change["name"] != name {
        return None;
    }
    let tag = colon.and_then(|at| before_digest.get(at + 1..));
    let new_name = change["newName"].as_str().unwrap_or(name);
    Some(match (change["newTag"].as_str(), change["digest"].as_str()) {
        (_, Some(digest)) => format!("{new_name}@{digest}"),
        (Some(tag), None) => format!("{new_name}:{tag}"),
        (None, None) => match (tag, digest) {
            (_, Some(digest)) => format!("{new_name}@{digest}"),
            (Some(tag), None) => format!("{new_name}:{tag}"),
            (None, None) => new_name.to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_renamed() {
        let change = json!({"name": "r:5000/nginx", "newTag": "2"});
        assert_eq!(renamed("r:5000/nginx:1", &change).as_deref(), Some("r:5000/nginx:2"));
        assert_eq!(renamed("nginx:1", &change), None);
        let change = json!({"name": "a", "newName": "b"});
        assert_eq!(renamed("a@sha256:x", &change).as_deref(), Some("b@sha256:x"));
    }
}
