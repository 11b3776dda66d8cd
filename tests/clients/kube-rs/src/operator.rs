//! A controller: for every crate a config map that it owns, and a finalizer that sees it go.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use futures::StreamExt as _;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::{
    Api, Client, Resource as _, ResourceExt as _,
    api::{DeleteParams, Patch, PatchParams, PostParams},
    core::ObjectMeta,
    runtime::{
        controller::{Action, Controller},
        finalizer::{Event, finalizer},
        wait::{await_condition, conditions::is_deleted},
        watcher,
    },
};
use serde_json::json;

use crate::objects::{Crate, made};

const FINALIZER: &str = "clients.kanoe.dev/seen";

#[derive(Debug, thiserror::Error)]
enum OperatorError {
    #[error(transparent)]
    Kube(#[from] kube::Error),
    #[error(transparent)]
    Finalizer(#[from] Box<kube::runtime::finalizer::Error<kube::Error>>),
}

pub(crate) async fn run(client: &Client) -> Result<()> {
    let crates: Api<Crate> = Api::default_namespaced(client.clone());
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let controller = Controller::new(crates.clone(), watcher::Config::default())
        .owns(maps.clone(), watcher::Config::default())
        .run(reconcile, |_, _, _| Action::requeue(Duration::from_secs(1)), Arc::new(client.clone()))
        .for_each(|done| async move {
            if let Err(error) = done {
                eprintln!("controller: {error}");
            }
        });
    let played = async {
        let made = crates.create(&PostParams::default(), &made("owner", 4)).await?;
        let has = |map: Option<&ConfigMap>| map.is_some();
        let map = await_condition(maps.clone(), "owner", has).await?.context("the map")?;
        ensure!(map.owner_references()[0].kind == "Crate", "{map:?}");
        let loaded = |it: Option<&Crate>| it.is_some_and(|it| it.status.is_some());
        await_condition(crates.clone(), "owner", loaded).await?;

        // What is owned comes back.
        maps.delete("owner", &DeleteParams::default()).await?;
        let uid = map.uid();
        let again = move |map: Option<&ConfigMap>| map.is_some_and(|map| map.uid() != uid);
        await_condition(maps.clone(), "owner", again).await?;

        crates.delete("owner", &DeleteParams::default()).await?;
        let uid = made.uid().context("a uid")?;
        await_condition(crates.clone(), "owner", is_deleted(&uid)).await?;
        ensure!(maps.get_opt("owner").await?.is_none(), "the finalizer has deleted it");
        Ok(())
    };
    tokio::select! {
        played = played => played,
        () = controller => anyhow::bail!("the controller ended"),
    }
}

async fn reconcile(object: Arc<Crate>, client: Arc<Client>) -> Result<Action, OperatorError> {
    let crates: Api<Crate> = Api::default_namespaced((*client).clone());
    let maps: Api<ConfigMap> = Api::default_namespaced((*client).clone());
    let watched = crates.clone();
    let done = finalizer(&watched, FINALIZER, object, |event| async move {
        match event {
            Event::Apply(object) => carry_out(&crates, &maps, &object).await,
            Event::Cleanup(object) => {
                // The garbage collector may have been there.
                match maps.delete(&object.name_any(), &DeleteParams::default()).await {
                    Err(kube::Error::Api(status)) if status.is_not_found() => {}
                    done => drop(done?),
                }
                Ok(Action::await_change())
            }
        }
    });
    Ok(done.await.map_err(Box::new)?)
}

async fn carry_out(
    crates: &Api<Crate>,
    maps: &Api<ConfigMap>,
    object: &Crate,
) -> Result<Action, kube::Error> {
    let name = object.name_any();
    let map = ConfigMap {
        metadata: ObjectMeta {
            name: Some(name.clone()),
            owner_references: Some(object.controller_owner_ref(&()).into_iter().collect()),
            ..ObjectMeta::default()
        },
        data: Some(BTreeMap::from([("content".to_owned(), object.spec.content.clone())])),
        ..ConfigMap::default()
    };
    maps.patch(&name, &PatchParams::apply("operator").force(), &Patch::Apply(map)).await?;
    let status = Patch::Merge(json!({ "status": { "loaded": object.spec.boxes } }));
    crates.patch_status(&name, &PatchParams::default(), &status).await?;
    Ok(Action::await_change())
}
