//! `apply --prune`: deletes what was applied before and is no more named.

use std::collections::HashSet;

use client::{DeleteOptions, discovery::ApiResource};
use serde_json::Value;

use super::original;
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// Kinds that are pruned where none are named: group, version, kind.
const KINDS: &[(&str, &str, &str)] = &[
    ("", "v1", "ConfigMap"),
    ("", "v1", "Endpoints"),
    ("", "v1", "Namespace"),
    ("", "v1", "PersistentVolumeClaim"),
    ("", "v1", "PersistentVolume"),
    ("", "v1", "Pod"),
    ("", "v1", "ReplicationController"),
    ("", "v1", "Secret"),
    ("", "v1", "Service"),
    ("batch", "v1", "Job"),
    ("batch", "v1", "CronJob"),
    ("networking.k8s.io", "v1", "Ingress"),
    ("apps", "v1", "DaemonSet"),
    ("apps", "v1", "Deployment"),
    ("apps", "v1", "ReplicaSet"),
    ("apps", "v1", "StatefulSet"),
];

pub(super) async fn prune(
    cx: &Context,
    parsed: &Parsed,
    applied: &[(Info, Value)],
    run: &str,
) -> Result<(), CliError> {
    let kept: HashSet<&str> =
        applied.iter().filter_map(|(_, object)| object["metadata"]["uid"].as_str()).collect();
    let mut namespaces: Vec<String> =
        applied.iter().filter_map(|(info, _)| info.namespace.clone()).collect();
    namespaces.sort();
    namespaces.dedup();
    let listed = parsed.list("prune-allowlist");
    if listed.is_empty() {
        let now = jiff::Zoned::now();
        cx.say_err(&format!(
            "W{} {:>7} prune.go:71] Deprecated: kubectl apply will no longer prune non-namespaced \
             resources by default when used with the --namespace flag in a future release. To preserve \
             the current behaviour, list the resources you want to target explicitly in the \
             --prune-allowlist flag.",
            now.strftime("%m%d %H:%M:%S%.6f"),
            std::process::id()
        ));
    }
    let places = places(cx, &listed).await?;
    let ask =
        Ask { labels: parsed.text("selector").to_owned(), type_means_all: true, ..Ask::default() };
    for namespace in &namespaces {
        for place in places.iter().filter(|place| place.resource.namespaced) {
            prune_kind(cx, parsed, &ask, place, namespace, &kept, run).await?;
        }
    }
    for place in places.iter().filter(|place| !place.resource.namespaced) {
        prune_kind(cx, parsed, &ask, place, "", &kept, run).await?;
    }
    Ok(())
}

async fn places(cx: &Context, listed: &[String]) -> Result<Vec<ApiResource>, CliError> {
    let mut found = Vec::new();
    let discovery = cx.discovery().await?;
    if listed.is_empty() {
        for (group, version, kind) in KINDS {
            let api_version =
                if group.is_empty() { (*version).to_owned() } else { format!("{group}/{version}") };
            found.extend(discovery.of_kind(&api_version, kind).ok().cloned());
        }
        return Ok(found);
    }
    for text in listed {
        let parts: Vec<&str> = text.split('/').collect();
        let [group, version, kind] = parts.as_slice() else {
            return Err(CliError::plain(format!(
                "invalid GroupVersionKind format: {text}, please follow <group/version/kind>"
            )));
        };
        let api_version =
            if *group == "core" { (*version).to_owned() } else { format!("{group}/{version}") };
        found.push(discovery.of_kind(&api_version, kind)?.clone());
    }
    Ok(found)
}

#[expect(clippy::too_many_arguments, reason = "what one run settles")]
async fn prune_kind(
    cx: &Context,
    parsed: &Parsed,
    ask: &Ask,
    place: &ApiResource,
    namespace: &str,
    kept: &HashSet<&str>,
    run: &str,
) -> Result<(), CliError> {
    for info in resolve::list(cx, ask, place, namespace).await? {
        let uid = info.object["metadata"]["uid"].as_str().unwrap_or_default();
        if original(&info.object).is_none() || kept.contains(uid) {
            continue;
        }
        if run == "none" {
            let propagation = Some("Background".to_owned());
            let options = DeleteOptions { propagation, ..DeleteOptions::default() };
            info.api(cx).await?.delete(&info.name, &options).await?;
        }
        print::print_outcome(cx, parsed, &info.object, &print::dry("pruned", run))?;
    }
    Ok(())
}
