//! What an object leans on without owning it: pods behind a service, services behind an ingress,
//! claims and the node of a pod. Pure.

use machinery::meta;
use serde_json::Value;

use crate::{
    describe::selector_text,
    family::Family,
    health::{self, Light},
    resolve::{Info, labels_fit},
};

/// What is behind an object: others to look at, sentences about what is not there, and about what is as
/// it may be.
#[derive(Debug, Default)]
pub(super) struct Links<'f> {
    pub(super) others: Vec<&'f Info>,
    pub(super) missing: Vec<String>,
    pub(super) notes: Vec<String>,
}

pub(super) fn of<'f>(info: &Info, family: &'f Family) -> Links<'f> {
    match (info.place.resource.group.as_str(), info.place.resource.kind.as_str()) {
        ("", "Service") => behind_service(info, family),
        ("networking.k8s.io", "Ingress") => behind_ingress(info, family),
        ("", "Pod") => under_pod(info, family),
        _ => Links::default(),
    }
}

/// Nothing about an object asks for attention, nor about what it leads to.
pub(super) fn is_well(info: &Info, family: &Family) -> bool {
    match health::of(&info.object).light {
        Light::Plain => {
            let links = of(info, family);
            links.missing.is_empty() && links.others.iter().all(|other| is_well(other, family))
        }
        light => light.is_well(),
    }
}

fn find<'f>(family: &'f Family, kind: &str, name: &str) -> Option<&'f Info> {
    family.members().iter().find(|one| one.place.resource.kind == kind && one.name == name)
}

fn behind_service<'f>(service: &Info, family: &'f Family) -> Links<'f> {
    let mut links = Links::default();
    let labels = &service.object["spec"]["selector"];
    if service.object["spec"]["type"] == "ExternalName" {
        return links;
    }
    if labels.as_object().is_none_or(serde_json::Map::is_empty) {
        links.notes.push("It selects no pods; its endpoints are somebody else's work.".to_owned());
        return links;
    }
    let selector = selector_text(&serde_json::json!({ "matchLabels": labels }));
    let pods = family.members().iter().filter(|one| one.place.resource.kind == "Pod");
    links.others = pods.filter(|pod| labels_fit(&pod.object, &selector).unwrap_or(false)).collect();
    if links.others.is_empty() {
        links.missing.push(format!("No pod has the labels that it selects: {selector}."));
    }
    for port in meta::items(&service.object, "/spec/ports") {
        let Some(name) = port["targetPort"].as_str() else { continue };
        let has = |pod: &&Info| {
            let containers = meta::items(&pod.object, "/spec/containers").iter();
            let mut ports = containers.flat_map(|c| meta::items(c, "/ports"));
            ports.any(|port| port["name"] == name)
        };
        if !links.others.is_empty() && !links.others.iter().any(has) {
            links.missing.push(format!("None of its pods has a port of the name {name}."));
        }
    }
    links
}

fn behind_ingress<'f>(ingress: &Info, family: &'f Family) -> Links<'f> {
    let take = |backend: &Value| backend["service"]["name"].as_str().map(str::to_owned);
    let rules = meta::items(&ingress.object, "/spec/rules").iter();
    let paths = rules.flat_map(|rule| meta::items(rule, "/http/paths"));
    let mut found: Vec<String> = paths.filter_map(|path| take(&path["backend"])).collect();
    found.extend(take(&ingress.object["spec"]["defaultBackend"]));
    found.sort();
    found.dedup();
    let mut links = Links::default();
    for name in found {
        match find(family, "Service", &name) {
            Some(service) => links.others.push(service),
            None => {
                links.missing.push(format!("It leads to service {name}, and there is none."));
            }
        }
    }
    links
}

fn under_pod<'f>(pod: &Info, family: &'f Family) -> Links<'f> {
    let mut links = Links::default();
    for volume in meta::items(&pod.object, "/spec/volumes") {
        let Some(name) = volume["persistentVolumeClaim"]["claimName"].as_str() else { continue };
        match find(family, "PersistentVolumeClaim", name) {
            Some(claim) => links.others.push(claim),
            None => links.missing.push(format!("It uses the claim {name}, and there is none.")),
        }
    }
    let node = meta::text(&pod.object, "/spec/nodeName");
    if let Some(node) = find(family, "Node", node)
        && health::condition(&node.object, "Ready").is_none_or(|one| one["status"] != "True")
    {
        links.others.push(node);
    }
    links
}
