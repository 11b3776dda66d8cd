//! What the server serves, told to clients in the old form and in the aggregated one.

use std::{cmp::Reverse, sync::Arc};

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderMap;
use machinery::{
    kind::{Kind, Scope},
    status::Status,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    aggregation,
    http::{
        answer::{self, Form},
        negotiate::Place,
        not_found,
    },
    server::Inner,
    subresources::REVIEWS,
};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// Answers `/api`, `/apis` and what is below them.
pub(crate) fn respond(
    server: &Arc<Inner>,
    path: &str,
    headers: &HeaderMap,
    query: &str,
) -> Result<Response, Status> {
    let root = matches!(path, "/api" | "/apis");
    if !answer::is_produced(headers) && is_of_ours(path) {
        return Err(answer::representations(false));
    }
    let place = if root { Place::Discovery } else { Place::Document };
    let supported = || {
        Status::not_acceptable(&[
            "application/json",
            "application/yaml",
            "application/vnd.kubernetes.protobuf",
        ])
    };
    let accept = answer::accept_at(headers, query, place).ok_or_else(supported)?;
    if accept.form == Form::Aggregated {
        return Ok(answer::raw(200, aggregated(server, path).to_string().into(), AGGREGATED));
    }
    let document = match path.trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["api"] => json!({
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": server.config.advertised()}],
        }),
        ["apis"] => {
            let groups: Vec<Value> =
                groups(server).iter().map(|name| group(server, name)).collect();
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
        }
        ["api", "v1"] => resources(server, "", "v1").ok_or_else(Status::no_such_path)?,
        ["apis", name] if groups(server).iter().any(|one| one == name) => {
            let mut document = group(server, name);
            document["kind"] = "APIGroup".into();
            document["apiVersion"] = "v1".into();
            document
        }
        ["apis", group, version] => {
            let Some(found) = resources(server, group, version) else { return Ok(not_found()) };
            found
        }
        _ => return Ok(not_found()),
    };
    Ok(answer::document(200, &document, accept))
}

/// Tells whether a page is about kinds that are built in.
fn is_of_ours(path: &str) -> bool {
    match path.trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["api", ..] => true,
        ["apis", group, version] => {
            api::registry().iter().any(|kind| kind.group == *group && kind.version == *version)
        }
        _ => false,
    }
}

/// The groups but the core one, in the order of their first kind.
fn groups(server: &Inner) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let kinds = server.registry.kinds();
    let own = kinds.iter().map(|kind| kind.group.as_str());
    for name in own.chain(REVIEWS.iter().map(|review| review.group)) {
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let remotes = server.aggregation.now();
    for remote in remotes.iter() {
        if !names.contains(&remote.group) {
            names.push(remote.group.clone());
        }
    }
    // The dearest come first; that of the services behind us stands before all.
    let priority = |name: &String| {
        let remote = remotes.iter().filter(|one| one.group == *name).map(|one| one.priority);
        aggregation::priority(name).or_else(|| remote.max()).unwrap_or(aggregation::CUSTOM)
    };
    names.sort_by_cached_key(|name| {
        (name != api::apiregistration::GROUP, Reverse(priority(name)), name.clone())
    });
    names
}

fn versions(server: &Inner, group: &str) -> Vec<String> {
    let mut versions: Vec<String> = Vec::new();
    let kinds = server.registry.kinds();
    let own = kinds.iter().filter(|kind| kind.group == group);
    for version in own.map(|kind| kind.version.as_str()) {
        if !versions.iter().any(|known| known == version) {
            versions.push(version.to_owned());
        }
    }
    for remote in server.aggregation.now().iter().filter(|remote| remote.group == group) {
        if !versions.contains(&remote.version) {
            versions.push(remote.version.clone());
        }
    }
    if versions.is_empty() {
        versions.push("v1".into());
    }
    versions.sort_by_cached_key(|version| Reverse(machinery::version::rank(version)));
    versions
}

fn group(server: &Inner, name: &str) -> Value {
    let versions: Vec<Value> = versions(server, name)
        .iter()
        .map(|version| json!({"groupVersion": format!("{name}/{version}"), "version": version}))
        .collect();
    json!({"name": name, "versions": versions, "preferredVersion": versions[0]})
}

fn kinds_of(server: &Inner, group: &str, version: &str) -> Vec<Arc<Kind>> {
    let mut kinds: Vec<_> = server
        .registry
        .kinds()
        .iter()
        .filter(|kind| kind.group == group && kind.version == version)
        .cloned()
        .collect();
    kinds.sort_by(|left, right| left.plural.cmp(&right.plural));
    kinds
}

fn resources(server: &Inner, group: &str, version: &str) -> Option<Value> {
    let mut list: Vec<Value> = Vec::new();
    for kind in kinds_of(server, group, version) {
        list.extend(legacy_entries(&kind));
    }
    for review in REVIEWS.iter().filter(|review| review.group == group && version == "v1") {
        list.push(json!({
            "name": review.plural, "singularName": review.kind.to_lowercase(),
            "namespaced": review.namespaced, "kind": review.kind, "verbs": ["create"],
        }));
    }
    if list.is_empty() {
        return None;
    }
    list.sort_by(|left, right| left["name"].as_str().cmp(&right["name"].as_str()));
    let group_version =
        if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let mut found = json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version,
        "resources": list,
    });
    if group.is_empty() {
        // The oldest list of all says nothing of its own version.
        meta_remove(&mut found, &["apiVersion"]);
    }
    Some(found)
}

fn legacy_entries(kind: &Kind) -> Vec<Value> {
    let namespaced = kind.scope == Scope::Namespaced;
    let mut main = json!({
        "name": kind.plural, "singularName": kind.singular, "namespaced": namespaced,
        "kind": kind.kind, "verbs": verbs(kind),
    });
    if kind.verbs.contains(&"watch") {
        main["storageVersionHash"] = storage_hash(kind).into();
    }
    if !kind.short_names.is_empty() {
        main["shortNames"] = json!(kind.short_names);
    }
    if !kind.categories.is_empty() {
        main["categories"] = json!(kind.categories);
    }
    let mut entries = vec![main];
    for (name, sub_kind, group, version, verbs) in subresources(kind) {
        let mut entry = json!({
            "name": format!("{}/{name}", kind.plural), "singularName": "",
            "namespaced": namespaced, "kind": sub_kind, "verbs": verbs,
        });
        if !version.is_empty() {
            entry["group"] = group.into();
            entry["version"] = version.into();
        }
        if group.is_empty() {
            meta_remove(&mut entry, &["group", "version"]);
        }
        entries.push(entry);
    }
    entries
}

fn meta_remove(entry: &mut Value, keys: &[&str]) {
    for key in keys {
        machinery::meta::as_object(entry).remove(*key);
    }
}

/// Verbs of built-in kinds are sorted, those of custom ones stand in an order of their own.
fn verbs(kind: &Kind) -> Vec<&'static str> {
    if kind.custom.is_some() { kind.verbs.clone() } else { sorted(&kind.verbs) }
}

fn sorted(verbs: &[&'static str]) -> Vec<&'static str> {
    let mut verbs = verbs.to_vec();
    verbs.sort_unstable();
    verbs
}

type Sub<'a> = (&'a str, String, &'a str, &'a str, Vec<&'static str>);

/// A kind's subresources: name, kind, that kind's group and version where they differ, verbs.
fn subresources(kind: &Kind) -> Vec<Sub<'_>> {
    let mut list: Vec<Sub<'_>> = Vec::new();
    if kind.has_status {
        list.push(("status", kind.kind.clone(), "", "", vec!["get", "patch", "update"]));
    }
    if kind.scale.is_some() {
        list.push(("scale", "Scale".into(), "autoscaling", "v1", vec!["get", "patch", "update"]));
    }
    for sub in &kind.subresources {
        let same = sub.group == kind.group && sub.version == kind.version;
        let (group, version) = if same { ("", "") } else { (sub.group, sub.version) };
        list.push((sub.name, sub.kind.into(), group, version, sorted(sub.verbs)));
    }
    list.sort_by(|left, right| left.0.cmp(right.0));
    list
}

/// A fingerprint of the form in which a resource is stored, for clients that migrate storage.
fn storage_hash(kind: &Kind) -> String {
    let version = kind.hashed_version.unwrap_or(&kind.version);
    let text = format!("{}/{version}/{}", kind.storage.0, kind.kind);
    let hash = Sha256::digest(text.as_bytes());
    STANDARD.encode(&hash[..8])
}

/// What another server told of its resources, in the aggregated form; of one that told nothing
/// nobody knows what it has.
fn aggregated_version(server: &Inner, group: &str, version: &str) -> Value {
    let Some(remote) = server.aggregation.of(group, version) else {
        return json!({
            "version": version, "freshness": "Current",
            "resources": aggregated_resources(server, group, version),
        });
    };
    let list = machinery::meta::items(&remote.resources, "/resources");
    let mut resources: Vec<Value> = Vec::new();
    for entry in list {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        let kind = response_kind(text("kind"), text("group"), text("version"));
        let verbs = &entry["verbs"];
        if let Some((name, sub)) = text("name").split_once('/') {
            let owner = resources.iter_mut().find(|one| one["resource"] == name);
            let Some(owner) = owner else { continue };
            let sub = json!({"subresource": sub, "responseKind": kind, "verbs": verbs});
            match owner.get_mut("subresources").and_then(Value::as_array_mut) {
                Some(subs) => subs.push(sub),
                None => owner["subresources"] = json!([sub]),
            }
            continue;
        }
        let scope = if entry["namespaced"] == true { "Namespaced" } else { "Cluster" };
        let mut resource = json!({
            "resource": text("name"), "singularResource": text("singularName"), "scope": scope,
            "responseKind": kind, "verbs": verbs,
        });
        for key in ["shortNames", "categories"] {
            if let Some(words) = entry.get(key) {
                resource[key] = words.clone();
            }
        }
        resources.push(resource);
    }
    let freshness = if remote.resources.is_null() { "Stale" } else { "Current" };
    json!({"version": version, "freshness": freshness, "resources": resources})
}

fn aggregated(server: &Inner, path: &str) -> Value {
    let names = if path == "/api" { vec![String::new()] } else { groups(server) };
    let items: Vec<Value> = names
        .iter()
        .map(|name| {
            let versions: Vec<Value> = versions(server, name)
                .iter()
                .map(|version| aggregated_version(server, name, version))
                .collect();
            let metadata = if name.is_empty() { json!({}) } else { json!({"name": name}) };
            json!({"metadata": metadata, "versions": versions})
        })
        .collect();
    json!({
        "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {}, "items": items,
    })
}

fn aggregated_resources(server: &Inner, group: &str, version: &str) -> Vec<Value> {
    let mut list: Vec<Value> =
        kinds_of(server, group, version).into_iter().map(|kind| aggregated_entry(&kind)).collect();
    for review in REVIEWS.iter().filter(|review| review.group == group) {
        list.push(json!({
            "resource": review.plural, "singularResource": review.kind.to_lowercase(),
            "scope": if review.namespaced { "Namespaced" } else { "Cluster" },
            "responseKind": response_kind(review.kind, "", ""), "verbs": ["create"],
        }));
    }
    list.sort_by(|left, right| left["resource"].as_str().cmp(&right["resource"].as_str()));
    list
}

fn aggregated_entry(kind: &Kind) -> Value {
    let scope = if kind.is_namespaced() { "Namespaced" } else { "Cluster" };
    let mut entry = json!({
        "resource": kind.plural, "singularResource": kind.singular, "scope": scope,
        "responseKind": response_kind(&kind.kind, "", ""), "verbs": sorted(&kind.verbs),
    });
    if !kind.short_names.is_empty() {
        entry["shortNames"] = json!(kind.short_names);
    }
    if !kind.categories.is_empty() {
        entry["categories"] = json!(kind.categories);
    }
    let subs: Vec<Value> = subresources(kind)
        .into_iter()
        .map(|(name, sub_kind, group, version, verbs)| {
            json!({
                "subresource": name, "verbs": verbs,
                "responseKind": response_kind(&sub_kind, group, version),
            })
        })
        .collect();
    if !subs.is_empty() {
        entry["subresources"] = subs.into();
    }
    entry
}

fn response_kind(kind: &str, group: &str, version: &str) -> Value {
    json!({"group": group, "version": version, "kind": kind})
}
