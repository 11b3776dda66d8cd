//! A custom resource by derive, and objects: written, refused, applied, watched, listed.

use anyhow::{Context as _, Result, bail, ensure};
use futures::{StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use k8s_openapi::{
    api::{
        apps::v1::Deployment,
        core::v1::{ConfigMap, Pod},
    },
    apiextensions_apiserver::pkg::apis::apiextensions::v1::{
        CustomResourceDefinition, CustomResourceDefinitionNames,
    },
};
use kube::{
    Api, Client, CustomResource, CustomResourceExt as _, ResourceExt as _,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, PropagationPolicy},
    core::{ApiResource, DynamicObject, ObjectMeta, PartialObjectMeta, PartialObjectMetaExt as _},
    discovery::{Discovery, Scope},
    runtime::{
        WatchStreamExt as _,
        conditions::{is_crd_established, is_deleted},
        reflector,
        wait::await_condition,
        watcher,
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Cargo that is carried somewhere.
#[derive(CustomResource, Deserialize, Serialize, Clone, Debug, JsonSchema)]
#[kube(
    group = "clients.kanoe.dev",
    version = "v1",
    kind = "Crate",
    namespaced,
    status = "CrateStatus",
    shortname = "cr",
    scale(spec_replicas_path = ".spec.boxes", status_replicas_path = ".status.loaded"),
    printcolumn(name = "Boxes", type_ = "integer", json_path = ".spec.boxes")
)]
pub(crate) struct CrateSpec {
    pub(crate) content: String,
    #[schemars(range(min = 0, max = 9))]
    pub(crate) boxes: i32,
}

#[derive(Deserialize, Serialize, Clone, Debug, Default, JsonSchema)]
pub(crate) struct CrateStatus {
    pub(crate) loaded: i32,
}

pub(crate) fn made(name: &str, boxes: i32) -> Crate {
    Crate::new(name, CrateSpec { content: "apples".to_owned(), boxes })
}

pub(crate) async fn definition(client: &Client) -> Result<()> {
    let api: Api<CustomResourceDefinition> = Api::all(client.clone());
    let name = Crate::crd_name();
    api.patch(name, &PatchParams::apply("patterns").force(), &Patch::Apply(Crate::crd())).await?;
    await_condition(api, name, is_crd_established()).await?;
    Ok(())
}

/// Many definitions, each used the moment it says that it is established.
pub(crate) async fn used_at_once(client: &Client) -> Result<()> {
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    for number in 0..25 {
        let resource = ApiResource {
            group: "clients.kanoe.dev".to_owned(),
            version: "v1".to_owned(),
            api_version: "clients.kanoe.dev/v1".to_owned(),
            kind: format!("Box{number}"),
            plural: format!("boxes{number}"),
        };
        let mut definition = Crate::crd();
        let name = format!("{}.{}", resource.plural, resource.group);
        definition.metadata.name = Some(name.clone());
        definition.spec.names = CustomResourceDefinitionNames {
            kind: resource.kind.clone(),
            plural: resource.plural.clone(),
            ..CustomResourceDefinitionNames::default()
        };
        let plain = PostParams::default();
        let made = definitions.create(&plain, &definition);
        let waits = await_condition(definitions.clone(), &name, is_crd_established());
        futures::try_join!(made.map_err(anyhow::Error::from), waits.map_err(anyhow::Error::from))?;
        let api: Api<DynamicObject> = Api::default_namespaced_with(client.clone(), &resource);
        ensure!(
            api.list(&ListParams::default()).await.with_context(|| name.clone())?.items.is_empty()
        );
        definitions.delete(&name, &DeleteParams::default()).await?;
    }
    Ok(())
}

pub(crate) async fn writes(client: &Client) -> Result<()> {
    let api: Api<Crate> = Api::default_namespaced(client.clone());
    let created = api.create(&PostParams::default(), &made("first", 1)).await?;
    let mut changed = created.clone();
    changed.spec.boxes = 2;
    let replaced = api.replace("first", &PostParams::default(), &changed).await?;
    ensure!(replaced.metadata.generation == Some(2), "{replaced:?}");
    let stale = api.replace("first", &PostParams::default(), &changed).await;
    ensure!(matches!(&stale, Err(kube::Error::Api(status)) if status.is_conflict()), "{stale:?}");
    let merge = Patch::Merge(json!({ "spec": { "boxes": 3 } }));
    ensure!(api.patch("first", &PatchParams::default(), &merge).await?.spec.boxes == 3);
    let mut entry = api.entry("first").await?.or_insert(|| made("first", 0));
    entry.get_mut().labels_mut().insert("tier".to_owned(), "front".to_owned());
    entry.commit(&PostParams::default()).await?;
    let selected = api.list(&ListParams::default().labels("tier=front")).await?;
    ensure!(selected.items.len() == 1);
    let uid = selected.items[0].uid().context("a uid")?;
    api.delete("first", &DeleteParams::default()).await?;
    await_condition(api.clone(), "first", is_deleted(&uid)).await?;
    ensure!(api.get_opt("first").await?.is_none());
    Ok(())
}

pub(crate) async fn refusals(client: &Client) -> Result<()> {
    let api: Api<Crate> = Api::default_namespaced(client.clone());
    let wrong = api.create(&PostParams::default(), &made("wrong", 10)).await;
    let Err(kube::Error::Api(status)) = wrong else { bail!("{wrong:?}") };
    ensure!(status.is_invalid() && status.code == 422, "{status:?}");
    ensure!(status.message.contains("spec.boxes"), "{status:?}");
    let dry = PostParams { dry_run: true, ..PostParams::default() };
    api.create(&dry, &made("dry", 1)).await?;
    ensure!(api.get_opt("dry").await?.is_none());
    Ok(())
}

pub(crate) async fn apply(client: &Client) -> Result<()> {
    let api: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let map = |data: serde_json::Value| {
        Patch::Apply(json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "applied" }, "data": data,
        }))
    };
    let (one, two) = (PatchParams::apply("one"), PatchParams::apply("two"));
    api.patch("applied", &one, &map(json!({ "a": "1", "b": "1" }))).await?;
    let conflict = api.patch("applied", &two, &map(json!({ "a": "2" }))).await;
    let Err(kube::Error::Api(status)) = conflict else { bail!("{conflict:?}") };
    ensure!(status.is_conflict() && status.message.contains("conflict with \"one\""), "{status:?}");
    api.patch("applied", &two.force(), &map(json!({ "a": "2" }))).await?;
    let left = api.patch("applied", &one, &map(json!({}))).await?;
    let data = left.data.unwrap_or_default();
    ensure!(data.get("a").is_some_and(|a| a == "2") && !data.contains_key("b"), "{data:?}");
    let deleted = api.delete("applied", &DeleteParams::background()).await?;
    ensure!(deleted.is_right(), "a status: {deleted:?}");
    Ok(())
}

pub(crate) async fn parts(client: &Client) -> Result<()> {
    let api: Api<Crate> = Api::default_namespaced(client.clone());
    api.create(&PostParams::default(), &made("parts", 1)).await?;
    let status = Patch::Merge(json!({ "status": { "loaded": 1 }, "spec": { "boxes": 9 } }));
    let told = api.patch_status("parts", &PatchParams::default(), &status).await?;
    ensure!(told.status.is_some_and(|status| status.loaded == 1) && told.spec.boxes == 1);
    let more = Patch::Merge(json!({ "spec": { "replicas": 4 } }));
    let scale = api.patch_scale("parts", &PatchParams::default(), &more).await?;
    ensure!(scale.status.is_some_and(|status| status.replicas == 1), "what is loaded");
    ensure!(api.get("parts").await?.spec.boxes == 4);
    api.delete("parts", &DeleteParams::default()).await?;

    let deployments: Api<Deployment> = Api::default_namespaced(client.clone());
    let list = deployments.list(&ListParams::default()).await?;
    let name = list.items.first().context("a deployment")?.name_any();
    let scale = deployments.get_scale(&name).await?;
    ensure!(scale.spec.is_some_and(|spec| spec.replicas == Some(1)));
    Ok(())
}

/// Follows crates as they come, change and go, through a store and as events.
pub(crate) async fn watched(client: &Client, streaming: bool) -> Result<()> {
    let api: Api<Crate> = Api::default_namespaced(client.clone());
    for name in ["w1", "w2", "w3"] {
        api.create(&PostParams::default(), &made(name, 1)).await?;
    }
    let config = watcher::Config::default();
    let config = if streaming { config.streaming_lists() } else { config.page_size(2) };
    let (store, writer) = reflector::store();
    let mut events = watcher(api.clone(), config).default_backoff().reflect(writer).boxed();
    while !matches!(events.try_next().await?.context("events")?, watcher::Event::InitDone) {}
    ensure!(store.state().len() == 3, "{:?}", store.state());

    let merge = Patch::Merge(json!({ "spec": { "boxes": 5 } }));
    api.patch("w2", &PatchParams::default(), &merge).await?;
    let changed = events.try_next().await?.context("a change")?;
    ensure!(matches!(&changed, watcher::Event::Apply(it) if it.spec.boxes == 5), "{changed:?}");
    api.delete_collection(&DeleteParams::default(), &ListParams::default()).await?;
    for _ in 0..3 {
        let gone = events.try_next().await?.context("an end")?;
        ensure!(matches!(gone, watcher::Event::Delete(_)), "{gone:?}");
    }
    ensure!(store.state().is_empty());
    Ok(())
}

pub(crate) async fn metadata(client: &Client) -> Result<()> {
    let api: Api<Pod> = Api::default_namespaced(client.clone());
    let list = api.list_metadata(&ListParams::default()).await?;
    let first: &PartialObjectMeta<Pod> = list.items.first().context("a pod")?;
    let name = first.name_any();
    ensure!(api.get_metadata(&name).await?.metadata.uid == first.metadata.uid);
    let labels = ObjectMeta {
        labels: Some([("seen".to_owned(), "yes".to_owned())].into()),
        ..ObjectMeta::default()
    }
    .into_request_partial::<Pod>();
    let params = PatchParams::apply("patterns");
    let changed = api.patch_metadata(&name, &params, &Patch::Apply(&labels)).await?;
    ensure!(changed.labels().get("seen").is_some_and(|seen| seen == "yes"));
    Ok(())
}

pub(crate) async fn discovery(client: &Client) -> Result<()> {
    let version = client.apiserver_version().await?;
    ensure!(version.major == "1" && !version.minor.is_empty(), "{version:?}");
    for found in [
        Discovery::new(client.clone()).run().await?,
        Discovery::new(client.clone()).run_aggregated().await?,
    ] {
        let group = found.get("clients.kanoe.dev").context("the definition's group")?;
        let (resource, capabilities) = group.recommended_kind("Crate").context("the kind")?;
        ensure!(resource.plural == "crates" && capabilities.scope == Scope::Namespaced);
        ensure!(found.get("apps").is_some());
    }
    let all: Api<Deployment> = Api::all(client.clone());
    let none = DeleteParams {
        propagation_policy: Some(PropagationPolicy::Orphan),
        ..DeleteParams::default().dry_run()
    };
    let nothing = ListParams::default().labels("no=such");
    ensure!(all.list(&nothing).await?.items.is_empty());
    let default: Api<Deployment> = Api::default_namespaced(client.clone());
    default.delete_collection(&none, &nothing).await?;
    Ok(())
}
