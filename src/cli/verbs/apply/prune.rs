//! `apply --prune`: deletes what was applied before and is no more named.

use std::collections::{BTreeSet, HashSet};

use client::{DeleteOptions, discovery::ApiResource};
use serde_json::Value;

use super::original;
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
    verbs::delete,
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

/// Deletes what was applied before, is of these kinds and was not applied now.
pub(super) async fn prune(
    cx: &Context,
    parsed: &Parsed,
    applied: &[(Info, Value)],
    places: &[ApiResource],
    run: &str,
) -> Result<(), CliError> {
    if parsed.list("prune-allowlist").is_empty() {
        warn_of_default(cx);
    }
    let kept = uids(applied);
    let pruner = Pruner { cx, parsed, kept: &kept, labels: selector(parsed), run };
    for (place, namespace) in &searched(cx, applied, places)? {
        let found = pruner.found(place, namespace, was_applied).await;
        let found = found.map_err(|error| at(place, &error))?;
        pruner.delete(found).await.map_err(|error| at(place, &error))?;
    }
    Ok(())
}

/// What [`prune`] would delete.
pub(crate) async fn prunable(
    cx: &Context,
    parsed: &Parsed,
    applied: &[(Info, Value)],
    places: &[ApiResource],
) -> Result<Vec<Info>, CliError> {
    if parsed.list("prune-allowlist").is_empty() {
        warn_of_default(cx);
    }
    let kept = uids(applied);
    let pruner = Pruner { cx, parsed, kept: &kept, labels: selector(parsed), run: "client" };
    let mut all = Vec::new();
    for (place, namespace) in &searched(cx, applied, places)? {
        all.extend(pruner.found(place, namespace, was_applied).await?);
    }
    Ok(all)
}

/// The uids of what was applied.
pub(super) fn uids(applied: &[(Info, Value)]) -> HashSet<&str> {
    applied.iter().filter_map(|(_, object)| object["metadata"]["uid"].as_str()).collect()
}

fn selector(parsed: &Parsed) -> String {
    parsed.text("selector").to_owned()
}

fn was_applied(object: &Value) -> bool {
    original(object).is_some()
}

/// Where to look: each kind in each namespace that was applied to, or that `-n` names.
fn searched<'p>(
    cx: &Context,
    applied: &[(Info, Value)],
    places: &'p [ApiResource],
) -> Result<Vec<(&'p ApiResource, String)>, CliError> {
    let (namespace, named) = cx.namespace()?;
    let mut namespaces: BTreeSet<String> =
        applied.iter().filter_map(|(info, _)| info.namespace.clone()).collect();
    namespaces.extend(named.then_some(namespace));
    let (namespaced, others): (Vec<_>, Vec<_>) =
        places.iter().partition(|place| place.resource.namespaced);
    let inside = namespaces
        .iter()
        .flat_map(|namespace| namespaced.iter().map(|place| (*place, namespace.clone())));
    let outside = others.iter().map(|place| (*place, String::new()));
    Ok(inside.chain(outside).collect())
}

fn at(place: &ApiResource, error: &CliError) -> CliError {
    let kind = shown_kind(place);
    let scope = if place.resource.namespaced { "namespaced" } else { "nonNamespaced" };
    CliError::plain(format!("error pruning {scope} object {kind}: {error}"))
}

/// A kind as Go shows it: `apps/v1, Kind=Deployment`.
pub(super) fn shown_kind(place: &ApiResource) -> String {
    let resource = &place.resource;
    format!("{}/{}, Kind={}", resource.group, resource.version, resource.kind)
}

/// The word of a change to come, as kubectl logs it.
pub(super) fn warn_of_default(cx: &Context) {
    cx.log_warning(
        "prune.go:71",
        "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used \
         with the --namespace flag in a future release. To preserve the current behaviour, list the \
         resources you want to target explicitly in the --prune-allowlist flag.",
    );
}

/// The kinds that `--prune` may delete. Errors: a kind that is none, or that the server has not.
pub(crate) async fn places(cx: &Context, parsed: &Parsed) -> Result<Vec<ApiResource>, CliError> {
    let listed = parsed.list("prune-allowlist");
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
    for text in &listed {
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

/// Deletes what a run did not name.
pub(super) struct Pruner<'a> {
    pub(super) cx: &'a Context,
    pub(super) parsed: &'a Parsed,
    /// Uids of what was applied.
    pub(super) kept: &'a HashSet<&'a str>,
    pub(super) labels: String,
    pub(super) run: &'a str,
}

impl Pruner<'_> {
    /// The objects of a kind that are not kept and that `may_go`.
    pub(super) async fn found(
        &self,
        place: &ApiResource,
        namespace: &str,
        may_go: impl Fn(&Value) -> bool,
    ) -> Result<Vec<Info>, CliError> {
        let ask = Ask { labels: self.labels.clone(), type_means_all: true, ..Ask::default() };
        let mut found = resolve::list(self.cx, &ask, place, namespace).await?;
        found.retain(|info| {
            let uid = info.object["metadata"]["uid"].as_str().unwrap_or_default();
            may_go(&info.object) && !self.kept.contains(uid)
        });
        Ok(found)
    }

    /// Deletes them, and says so.
    pub(super) async fn delete(&self, found: Vec<Info>) -> Result<(), CliError> {
        let Self { cx, parsed, run, .. } = self;
        for info in found {
            if *run != "client" {
                info.api(cx).await?.delete(&info.name, &self.options()?).await?;
            }
            print::print_outcome(cx, parsed, &info.object, &print::dry("pruned", run))?;
        }
        Ok(())
    }

    fn options(&self) -> Result<DeleteOptions, CliError> {
        let grace = self.parsed.int("grace-period");
        Ok(DeleteOptions {
            grace_seconds: (grace >= 0).then_some(grace),
            propagation: Some(delete::cascade(self.cx, self.parsed)?.to_owned()),
            dry_run: self.run == "server",
            preconditions: None,
        })
    }
}
