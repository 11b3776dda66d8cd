//! Names that a cluster or kubeconfig knows, for completion. What cannot be learned is left out silently:
//! a person who types must not be shouted at.

use bytes::Bytes;
use client::discovery::ApiResource;
use http::{Request, header::ACCEPT};
use machinery::meta;
use serde_json::Value;

use crate::{
    context::Context,
    report::CliError,
    resolve::{self, Ask},
};

/// Names and nothing else of the objects.
const METADATA: &str =
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

/// The names of all objects of a type in the namespace in question.
pub(super) async fn of(cx: &Context, kind: &str) -> Vec<String> {
    let found = async {
        let place = cx.resource(kind).await?;
        let (namespace, _) = cx.namespace()?;
        list(cx, &place, &namespace).await
    };
    found.await.unwrap_or_default()
}

async fn list(cx: &Context, place: &ApiResource, namespace: &str) -> Result<Vec<String>, CliError> {
    let scope = resolve::scope(place, namespace);
    let request = Request::get(place.resource.path(scope.as_deref())).header(ACCEPT, METADATA);
    let request = request.body(Bytes::new()).map_err(client::ClientError::from)?;
    let list: Value = cx.client().await?.json(request).await?;
    Ok(meta::items(&list, "/items").iter().map(|one| meta::name(one).to_owned()).collect())
}

/// `TYPE/` and a name.
pub(super) async fn typed(cx: &Context, word: &str) -> Vec<String> {
    let Some((kind, _)) = word.split_once('/') else {
        return types(cx).await.into_iter().map(|kind| format!("{kind}/")).collect();
    };
    of(cx, kind).await.into_iter().map(|name| format!("{kind}/{name}")).collect()
}

/// Resource types that can be listed.
pub(super) async fn types(cx: &Context) -> Vec<String> {
    let Ok(discovery) = cx.discovery().await else { return Vec::new() };
    let listable = discovery.preferred().filter(|place| place.has_verb("list"));
    let mut words: Vec<String> = listable.map(|place| place.resource.qualified()).collect();
    words.sort();
    words
}

pub(super) fn contexts(cx: &Context) -> Vec<String> {
    let config = cx.config();
    config.map(|c| c.contexts.iter().map(|one| one.name.clone()).collect()).unwrap_or_default()
}

/// The object that the first plain words name: a pod, or `TYPE/NAME`.
async fn named(cx: &Context, args: &[String]) -> Option<Value> {
    let words = args.first().map(|word| vec![word.clone()])?;
    let ask = Ask { words, default_type: Some("pods"), ..Ask::default() }.latest();
    let infos = resolve::find(cx, &ask).await.ok()?.infos;
    infos.into_iter().next().map(|info| info.object)
}

fn pod_spec(object: &Value) -> &Value {
    let template = &object["spec"]["template"]["spec"];
    if template.is_object() { template } else { &object["spec"] }
}

/// Containers of the pod or workload that the line names.
pub(super) async fn containers(cx: &Context, args: &[String]) -> Vec<String> {
    let Some(object) = named(cx, args).await else { return Vec::new() };
    let spec = pod_spec(&object);
    ["containers", "initContainers", "ephemeralContainers"]
        .into_iter()
        .flat_map(|field| spec[field].as_array().into_iter().flatten())
        .map(|container| meta::text(container, "/name").to_owned())
        .collect()
}

/// Ports that it says it listens on: of a service its own, of anything else its containers'.
pub(super) async fn ports(cx: &Context, args: &[String]) -> Vec<String> {
    let Some(object) = named(cx, args).await else { return Vec::new() };
    let number = |port: &Value, field: &str| port[field].as_u64().map(|port| port.to_string());
    if object["kind"] == "Service" {
        let ports = meta::items(&object, "/spec/ports").iter();
        return ports.filter_map(|port| number(port, "port")).collect();
    }
    let containers = pod_spec(&object)["containers"].as_array().into_iter().flatten();
    let ports = containers.flat_map(|one| one["ports"].as_array().into_iter().flatten());
    ports.filter_map(|port| number(port, "containerPort")).collect()
}
