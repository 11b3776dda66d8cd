//! Pages of persistent volumes, claims and storage classes.

use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{items, pairs, shown},
    volumes,
};
use crate::report::CliError;

/// Access modes in their short forms.
fn modes(value: &Value) -> String {
    let short = |mode: &Value| match mode.as_str().unwrap_or_default() {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => "",
    };
    items(value).iter().map(short).collect::<Vec<_>>().join(",")
}

pub(super) async fn claim(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    page.text(0, "StorageClass", &spec["storageClassName"]);
    match metadata["deletionTimestamp"].as_str() {
        Some(when) => {
            let lasting = machinery::age::since(when, lifecycle::clock::now());
            page.field(0, "Status", format!("Terminating (lasts {lasting})"));
        }
        None => page.text(0, "Status", &status["phase"]),
    }
    page.text(0, "Volume", &spec["volumeName"]);
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    page.text(0, "Finalizers", &metadata["finalizers"]);
    let bound = spec["volumeName"].is_string();
    let when_bound = |text: String| if bound { text } else { String::new() };
    page.field(0, "Capacity", when_bound(shown(&status["capacity"]["storage"])));
    page.field(0, "Access Modes", when_bound(modes(&status["accessModes"])));
    page.text(0, "VolumeMode", &spec["volumeMode"]);
    let pods = users(subject).await;
    page.multi("Used By", pods);
    events::add(page, subject).await;
    Ok(())
}

async fn users(subject: &Subject<'_>) -> Vec<String> {
    let info = subject.info;
    let namespace = info.namespace.as_deref().unwrap_or("default");
    let Ok(client) = subject.cx.client().await else { return Vec::new() };
    // Without the right to list pods the page says that none uses it.
    let list: Value =
        client.get_json(&format!("/api/v1/namespaces/{namespace}/pods")).await.unwrap_or_default();
    let uses = |pod: &&Value| {
        items(&pod["spec"]["volumes"])
            .iter()
            .any(|volume| volume["persistentVolumeClaim"]["claimName"] == info.name.as_str())
    };
    items(&list["items"]).iter().filter(uses).map(|pod| shown(&pod["metadata"]["name"])).collect()
}

pub(super) async fn volume(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    page.text(0, "Finalizers", &metadata["finalizers"]);
    page.text(0, "StorageClass", &spec["storageClassName"]);
    page.text(0, "Status", &status["phase"]);
    let claim = &spec["claimRef"];
    let claim = if claim.is_object() {
        format!("{}/{}", shown(&claim["namespace"]), shown(&claim["name"]))
    } else {
        String::new()
    };
    page.field(0, "Claim", claim);
    page.text(0, "Reclaim Policy", &spec["persistentVolumeReclaimPolicy"]);
    page.field(0, "Access Modes", modes(&spec["accessModes"]));
    page.text(0, "VolumeMode", &spec["volumeMode"]);
    page.text(0, "Capacity", &spec["capacity"]["storage"]);
    affinity(page, &spec["nodeAffinity"]);
    page.text(0, "Message", &status["message"]);
    page.line(0, "Source:");
    volumes::one(page, spec, 2);
    events::add(page, subject).await;
    Ok(())
}

fn affinity(page: &mut Page, affinity: &Value) {
    let terms = items(&affinity["required"]["nodeSelectorTerms"]);
    if terms.is_empty() {
        return page.field(0, "Node Affinity", "<none>");
    }
    page.field(0, "Node Affinity", "");
    page.field(1, "Required Terms", "");
    for (at, term) in terms.iter().enumerate() {
        self::term(page, 2, at, &term["matchExpressions"]);
    }
}

/// `Term N:` and its expressions, one a line.
fn term(page: &mut Page, level: usize, at: usize, expressions: &Value) {
    let texts = items(expressions).iter().map(|one| {
        let operator = one["operator"].as_str().unwrap_or("in").to_lowercase();
        let values: Vec<String> = items(&one["values"]).iter().map(shown).collect();
        let key = shown(&one["key"]);
        if values.is_empty() {
            return format!("{key} {operator}");
        }
        format!("{key} {operator} [{}]", values.join(", "))
    });
    let mut texts: Vec<String> = texts.collect();
    if texts.is_empty() {
        texts.push("<none>".to_owned());
    }
    for (index, text) in texts.into_iter().enumerate() {
        let start = if index == 0 { format!("Term {at}:") } else { String::new() };
        page.line(level, format!("{start}\t{text}"));
    }
}

pub(super) async fn class(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    let default = object["metadata"]["annotations"][DEFAULT] == "true";
    page.field(0, "IsDefaultClass", if default { "Yes" } else { "No" });
    let joined = |value: &Value| {
        let texts: Vec<String> = pairs(value).iter().map(|(k, v)| format!("{k}={v}")).collect();
        if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") }
    };
    page.field(0, "Annotations", joined(&object["metadata"]["annotations"]));
    page.text(0, "Provisioner", &object["provisioner"]);
    page.field(0, "Parameters", joined(&object["parameters"]));
    let grows = &object["allowVolumeExpansion"];
    page.field(
        0,
        "AllowVolumeExpansion",
        if grows == true {
            "True"
        } else if grows.is_null() {
            "<unset>"
        } else {
            "False"
        },
    );
    let options = items(&object["mountOptions"]);
    if options.is_empty() {
        page.field(0, "MountOptions", "<none>");
    } else {
        page.line(0, "MountOptions:");
        for option in options {
            page.line(1, shown(option));
        }
    }
    page.text(0, "ReclaimPolicy", &object["reclaimPolicy"]);
    page.text(0, "VolumeBindingMode", &object["volumeBindingMode"]);
    let topologies = items(&object["allowedTopologies"]);
    if !topologies.is_empty() {
        page.field(0, "AllowedTopologies", "");
        for (at, one) in topologies.iter().enumerate() {
            term(page, 1, at, &one["matchLabelExpressions"]);
        }
    }
    events::add(page, subject).await;
    Ok(())
}
