//! Asking a server what it serves.

use bytes::Bytes;
use futures::future::{join_all, try_join};
use http::{Request, header::ACCEPT};
use serde_json::Value;

use super::{ApiGroup, ApiResource, ApiVersion, Discovery, Subresource};
use crate::{
    connection::Client,
    dynamic::Resource,
    error::{ClientError, Result},
};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
     application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

impl Discovery {
    /// Asks the server.
    pub async fn fetch(client: &Client) -> Result<Self> {
        let (core, groups) = try_join(root(client, "/api"), root(client, "/apis")).await?;
        let mut found = Self::default();
        for document in [core, groups] {
            if document["kind"] == "APIGroupDiscoveryList" {
                found.groups.extend(array(&document["items"]).iter().map(aggregated_group));
            } else {
                found.add_plain(client, &document).await;
            }
        }
        Ok(found)
    }

    async fn add_plain(&mut self, client: &Client, document: &Value) {
        let mut groups = plain_groups(document);
        let paths: Vec<(usize, usize, String)> = groups
            .iter()
            .enumerate()
            .flat_map(|(g, group)| {
                group
                    .versions
                    .iter()
                    .enumerate()
                    .map(move |(v, version)| (g, v, version_path(&group.name, &version.name)))
            })
            .collect();
        let answers = join_all(paths.iter().map(|(_, _, path)| client.get_json(path))).await;
        for ((g, v, path), answer) in paths.iter().zip(answers) {
            match answer {
                Ok(list) => {
                    let group = groups[*g].name.clone();
                    let version = &mut groups[*g].versions[*v];
                    version.resources = plain_resources(&list, &group, &version.name);
                }
                Err(error) => {
                    let name = path.trim_start_matches("/apis/").trim_start_matches("/api/");
                    self.failed.push((name.to_owned(), error.to_string()));
                }
            }
        }
        self.groups.extend(groups);
    }
}

async fn root(client: &Client, path: &str) -> Result<Value> {
    let request = Request::get(path).header(ACCEPT, AGGREGATED).body(Bytes::new())?;
    match client.json(request).await {
        Err(ClientError::Status(status)) if matches!(status.code, Some(403 | 404)) => {
            Ok(Value::Null)
        }
        answer => answer,
    }
}

fn version_path(group: &str, version: &str) -> String {
    if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    array(value).iter().map(text).collect()
}

fn aggregated_group(group: &Value) -> ApiGroup {
    let name = text(&group["metadata"]["name"]);
    let versions = array(&group["versions"])
        .iter()
        .map(|version| {
            let version_name = text(&version["version"]);
            let resources = array(&version["resources"])
                .iter()
                .filter(|resource| resource["responseKind"].is_object())
                .map(|resource| aggregated_resource(resource, &name, &version_name))
                .collect();
            ApiVersion { name: version_name, resources }
        })
        .collect();
    ApiGroup { name, versions }
}

fn aggregated_resource(resource: &Value, group: &str, version: &str) -> ApiResource {
    let subresources = array(&resource["subresources"])
        .iter()
        .map(|sub| Subresource {
            name: text(&sub["subresource"]),
            group: text(&sub["responseKind"]["group"]),
            version: text(&sub["responseKind"]["version"]),
            kind: text(&sub["responseKind"]["kind"]),
            verbs: texts(&sub["verbs"]),
        })
        .collect();
    ApiResource {
        resource: Resource {
            group: group.to_owned(),
            version: version.to_owned(),
            plural: text(&resource["resource"]),
            kind: text(&resource["responseKind"]["kind"]),
            namespaced: resource["scope"] == "Namespaced",
        },
        singular: text(&resource["singularResource"]),
        short_names: texts(&resource["shortNames"]),
        categories: texts(&resource["categories"]),
        verbs: texts(&resource["verbs"]),
        subresources,
    }
}

/// Groups of a plain `/api` or `/apis` document, the preferred version of each first.
pub(super) fn plain_groups(document: &Value) -> Vec<ApiGroup> {
    let version = |name: String| ApiVersion { name, resources: Vec::new() };
    if document["kind"] == "APIVersions" {
        let versions = texts(&document["versions"]).into_iter().map(version).collect();
        return vec![ApiGroup { name: String::new(), versions }];
    }
    array(&document["groups"])
        .iter()
        .map(|group| {
            let preferred = text(&group["preferredVersion"]["version"]);
            let mut names: Vec<_> =
                array(&group["versions"]).iter().map(|v| text(&v["version"])).collect();
            names.sort_by_key(|name| *name != preferred);
            let versions = names.into_iter().map(version).collect();
            ApiGroup { name: text(&group["name"]), versions }
        })
        .collect()
}

/// Resources of an `APIResourceList`, subresources under their parents.
pub(super) fn plain_resources(list: &Value, group: &str, version: &str) -> Vec<ApiResource> {
    let mut found: Vec<ApiResource> = Vec::new();
    for entry in array(&list["resources"]) {
        let name = text(&entry["name"]);
        let or = |value: &Value, otherwise: &str| match value.as_str() {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => otherwise.to_owned(),
        };
        if let Some((parent, sub)) = name.split_once('/') {
            let Some(parent) = found.iter_mut().find(|r| r.resource.plural == parent) else {
                continue;
            };
            parent.subresources.push(Subresource {
                name: sub.to_owned(),
                group: or(&entry["group"], group),
                version: or(&entry["version"], version),
                kind: text(&entry["kind"]),
                verbs: texts(&entry["verbs"]),
            });
            continue;
        }
        let kind = text(&entry["kind"]);
        let singular = or(&entry["singularName"], &kind.to_lowercase());
        found.push(ApiResource {
            resource: Resource {
                group: group.to_owned(),
                version: version.to_owned(),
                plural: name,
                kind,
                namespaced: entry["namespaced"] == true,
            },
            singular,
            short_names: texts(&entry["shortNames"]),
            categories: texts(&entry["categories"]),
            verbs: texts(&entry["verbs"]),
            subresources: Vec::new(),
        });
    }
    found
}
