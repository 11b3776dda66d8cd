//! `apply --prune --applyset=PARENT`: an object that keeps the account of what belongs together.
//!
//! An alpha of kubectl's, there where `KUBECTL_APPLYSET` is true. Source: KEP 3659 and kubectl's
//! `apply/applyset.go`.

use std::collections::BTreeSet;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use client::{Patch, WriteOptions, discovery::ApiResource};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    Plan,
    prune::{Pruner, shown_kind, uids},
};
use crate::{
    args::Parsed,
    context::Context,
    report::CliError,
    resolve::{self, Ask, Info},
};

const ID: &str = "applyset.kubernetes.io/id";
const PART_OF: &str = "applyset.kubernetes.io/part-of";
const TOOLING: &str = "applyset.kubernetes.io/tooling";
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
const PARENT_TYPE: &str = "applyset.kubernetes.io/is-parent-type";

/// Who keeps the account, as kubectl calls itself, and the version of its form.
const TOOL: &str = "kubectl";
const TOOL_VERSION: &str = "v1alpha1";

/// The set of one run.
#[derive(Debug)]
pub(super) struct ApplySet {
    parent: ApiResource,
    name: String,
    /// Empty for a parent without one.
    namespace: String,
    /// What the account says at first, and what this run applies.
    current: Members,
    applied: Members,
}

/// Kinds (`Deployment.apps`) and namespaces.
#[derive(Debug, Clone, Default)]
struct Members {
    kinds: BTreeSet<String>,
    namespaces: BTreeSet<String>,
}

/// The set that `--applyset` names, if any: `[RESOURCE][.GROUP]/NAME`, or the name of a secret.
///
/// Errors: the flag where it is not switched on, and what names no parent.
pub(super) async fn named(cx: &Context, parsed: &Parsed) -> Result<Option<ApplySet>, CliError> {
    if !parsed.given("applyset") {
        return Ok(None);
    }
    if std::env::var("KUBECTL_APPLYSET").is_ok_and(|value| value == "true") {
        return parent(cx, parsed.text("applyset")).await;
    }
    let command = format!("{} apply", cx.program());
    Err(CliError::Flag { command, text: "unknown flag: --applyset".to_owned() })
}

async fn parent(cx: &Context, text: &str) -> Result<Option<ApplySet>, CliError> {
    if text.is_empty() {
        return Ok(None);
    }
    let (word, name) = text.split_once('/').unwrap_or(("secrets", text));
    let invalid = |why: &dyn std::fmt::Display| {
        CliError::plain(format!("invalid parent reference {text:?}: {why}"))
    };
    if name.is_empty() {
        return Err(invalid(&"name cannot be blank"));
    }
    let parent = cx.resource(word).await.map_err(|error| invalid(&error))?;
    // The namespace is that of the flag, not that of the context.
    let (namespace, given) = cx.namespace()?;
    let namespace = if given && parent.resource.namespaced { namespace } else { String::new() };
    let (current, applied) = (Members::default(), Members::default());
    Ok(Some(ApplySet { parent, name: name.to_owned(), namespace, current, applied }))
}

impl ApplySet {
    /// Refuses parents that cannot be one, and flags that choose what is pruned in another way.
    pub(super) async fn check(&self, cx: &Context, parsed: &Parsed) -> Result<(), CliError> {
        if self.parent.resource.namespaced && self.namespace.is_empty() {
            let text = "namespace is required to use namespace-scoped ApplySet";
            return Err(CliError::plain(text));
        }
        if !self.is_built_in() {
            self.check_permitted(cx).await?;
        }
        let refused = [
            (parsed.is("all"), "--all"),
            (!parsed.text("selector").is_empty(), "--selector"),
            (!parsed.list("prune-allowlist").is_empty(), "--prune-allowlist"),
        ];
        match refused.iter().find(|(given, _)| *given) {
            Some((_, flag)) => {
                Err(CliError::plain(format!("{flag} is incompatible with --applyset")))
            }
            None => Ok(()),
        }
    }

    fn is_built_in(&self) -> bool {
        let resource = &self.parent.resource;
        resource.group.is_empty() && matches!(resource.plural.as_str(), "secrets" | "configmaps")
    }

    /// Custom resources keep an account where their definition says so.
    async fn check_permitted(&self, cx: &Context) -> Result<(), CliError> {
        let definitions = cx.resource("customresourcedefinitions.apiextensions.k8s.io").await?;
        let ask = Ask { labels: PARENT_TYPE.to_owned(), type_means_all: true, ..Ask::default() };
        let permitted = resolve::list(cx, &ask, &definitions, "").await.map_err(|error| {
            let what = "identifying allowed custom resource parent types";
            CliError::plain(format!("{what}: {error}"))
        })?;
        let resource = &self.parent.resource;
        let wanted = resource.qualified();
        if permitted.iter().any(|definition| definition.name == wanted) {
            return Ok(());
        }
        Err(CliError::plain(format!(
            "resource \"{}/{}, Resource={}\" is not permitted as an ApplySet parent",
            resource.group, resource.version, resource.plural
        )))
    }

    /// `base64(sha256(<name>.<namespace>.<kind>.<group>))`, framed so that it is a label's value.
    fn id(&self) -> String {
        let resource = &self.parent.resource;
        let parts = [&self.name, &self.namespace, &resource.kind, &resource.group];
        let text = parts.map(String::as_str).join(".");
        format!("applyset-{}-v1", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text)))
    }

    /// The parent as messages name it.
    fn title(&self) -> String {
        let resource = &self.parent.resource;
        format!("{}.{}/{}", resource.plural, resource.group, self.name)
    }

    /// Marks what is to be applied as part of the set.
    pub(super) fn label(&self, infos: &mut [Info]) -> Result<(), CliError> {
        for info in infos {
            let labels = &mut info.object["metadata"]["labels"];
            if !labels[PART_OF].is_null() {
                let text = format!("ApplySet label {PART_OF:?} already set in input data");
                return Err(CliError::plain(text));
            }
            labels[PART_OF] = self.id().into();
        }
        Ok(())
    }

    /// Reads the account and enters what is to come, so that nothing is lost if the run is.
    pub(super) async fn before(
        &mut self,
        cx: &Context,
        infos: &[Info],
        options: &WriteOptions,
        run: &str,
    ) -> Result<(), CliError> {
        self.current = self.read(cx).await?;
        for info in infos {
            self.applied.kinds.insert(group_kind(&info.place));
            self.applied.namespaces.extend(info.namespace.clone());
        }
        let mut both = self.current.clone();
        both.kinds.extend(self.applied.kinds.iter().cloned());
        both.namespaces.extend(self.applied.namespaces.iter().cloned());
        self.write(cx, &both, options, run).await
    }

    async fn read(&self, cx: &Context) -> Result<Members, CliError> {
        let title = self.title();
        let api = cx.api(&self.parent.resource, Some(&self.namespace)).await?;
        let object = match api.get(&self.name).await {
            Err(error) if error.not_found() && self.is_built_in() => {
                return Ok(Members::default());
            }
            Err(error) if error.not_found() => {
                let text = "custom resource ApplySet parents cannot be created automatically";
                return Err(CliError::plain(text));
            }
            Err(error) => {
                let error = CliError::from(error);
                let text = format!("failed to fetch ApplySet parent object {title:?}: {error}");
                return Err(CliError::plain(text));
            }
            Ok(object) => object,
        };
        self.members(&object)
            .map_err(|why| CliError::plain(format!("ApplySet parent object {title:?} {why}")))
    }

    /// What an account says. Errors: one that is not ours, or cannot be read.
    fn members(&self, parent: &Value) -> Result<Members, String> {
        let annotation = |key: &str| parent["metadata"]["annotations"][key].as_str();
        let Some(tooling) = annotation(TOOLING) else {
            return Err(format!("already exists and is missing required annotation {TOOLING:?}"));
        };
        let tool = tooling.rsplit_once('/').map_or(tooling, |(tool, _)| tool);
        if tool != TOOL {
            let who = format!("managed by tooling {tool:?} instead of {TOOL:?}");
            return Err(format!("already exists and is {who}"));
        }
        let Some(id) = parent["metadata"]["labels"][ID].as_str() else {
            return Err(format!("exists and does not have required label {ID}"));
        };
        let want = self.id();
        if id != want {
            return Err(format!(
                "exists and has incorrect value for label {ID:?} (got: {id}, want: {want})"
            ));
        }
        let Some(kinds) = annotation(KINDS) else {
            return Err(format!("lacks the annotation {KINDS:?}, which kubectl requires"));
        };
        let words = |text: &str| -> BTreeSet<String> {
            text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let mut namespaces = words(annotation(NAMESPACES).unwrap_or_default());
        if !self.namespace.is_empty() {
            namespaces.insert(self.namespace.clone());
        }
        Ok(Members { kinds: words(kinds), namespaces })
    }

    async fn write(
        &self,
        cx: &Context,
        members: &Members,
        options: &WriteOptions,
        run: &str,
    ) -> Result<(), CliError> {
        if run == "client" {
            return Ok(());
        }
        let api = cx.api(&self.parent.resource, Some(&self.namespace)).await?;
        let patch = Patch::Apply(self.account(members));
        let manager = format!("{TOOL}-applyset");
        let mut options =
            WriteOptions { field_manager: Some(manager.clone()), force: false, ..options.clone() };
        let mut written = api.patch(&self.name, None, &patch, &options).await;
        if let Err(error) = &written
            && error.conflict()
        {
            cx.log_warning("applyset.go:450", &format!(
                "WARNING: failed to update ApplySet: {error}\nApplySet field manager {manager} should own these fields. Retrying with conflicts forced."
            ));
            options.force = true;
            written = api.patch(&self.name, None, &patch, &options).await;
        }
        match written {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = CliError::from(error);
                Err(CliError::plain(format!("failed to update ApplySet: {error}")))
            }
        }
    }

    /// The parent, as far as the account goes.
    fn account(&self, members: &Members) -> Value {
        let joined = |words: &BTreeSet<String>, but: &str| {
            let words: Vec<&str> =
                words.iter().map(String::as_str).filter(|word| *word != but).collect();
            words.join(",")
        };
        let mut parent = json!({
            "apiVersion": self.parent.resource.api_version(),
            "kind": self.parent.resource.kind,
            "metadata": {
                "name": self.name,
                "labels": {ID: self.id()},
                "annotations": {
                    TOOLING: format!("{TOOL}/{TOOL_VERSION}"),
                    KINDS: joined(&members.kinds, ""),
                    NAMESPACES: joined(&members.namespaces, &self.namespace),
                },
            },
        });
        if !self.namespace.is_empty() {
            parent["metadata"]["namespace"] = self.namespace.as_str().into();
        }
        parent
    }

    /// Deletes members that this run did not apply, and brings the account up to date.
    pub(super) async fn prune(
        &self,
        cx: &Context,
        parsed: &Parsed,
        applied: &[(Info, Value)],
        plan: &Plan,
    ) -> Result<(), CliError> {
        let kept = uids(applied);
        let labels = format!("{PART_OF}={}", self.id());
        let pruner = Pruner { cx, parsed, kept: &kept, labels, run: plan.run };
        for kind in &self.current.kinds {
            let place = place_of(cx, kind).await?;
            let everywhere = BTreeSet::from([String::new()]);
            let namespaced = place.resource.namespaced;
            let namespaces = if namespaced { &self.current.namespaces } else { &everywhere };
            for namespace in namespaces {
                let pruned = match pruner.found(&place, namespace, |_| true).await {
                    Ok(found) => pruner.delete(found).await,
                    Err(error) => Err(error),
                };
                pruned.map_err(|error| {
                    let kind = shown_kind(&place);
                    CliError::plain(format!("pruning {kind} objects: {error}"))
                })?;
            }
        }
        self.write(cx, &self.applied, &plan.options, plan.run).await.map_err(|error| {
            let what = "apply and prune succeeded, but ApplySet update failed";
            CliError::plain(format!("{what}: {error}"))
        })
    }
}

/// `Deployment.apps`.
fn group_kind(place: &ApiResource) -> String {
    let resource = &place.resource;
    if resource.group.is_empty() {
        return resource.kind.clone();
    }
    format!("{}.{}", resource.kind, resource.group)
}

async fn place_of(cx: &Context, kind: &str) -> Result<ApiResource, CliError> {
    let discovery = cx.discovery().await?;
    let found = discovery.preferred().find(|place| group_kind(place) == kind).cloned();
    found.ok_or_else(|| {
        let (name, group) = kind.split_once('.').unwrap_or((kind, ""));
        CliError::plain(format!(
            "could not find mapping for kind in {KINDS:?} annotation: no matches for kind {name:?} in \
             group {group:?}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> ApplySet {
        let resource = client::Resource {
            group: String::new(),
            version: "v1".to_owned(),
            kind: "Secret".to_owned(),
            plural: "secrets".to_owned(),
            namespaced: true,
        };
        let parent = ApiResource {
            resource,
            singular: "secret".to_owned(),
            short_names: Vec::new(),
            categories: Vec::new(),
            verbs: Vec::new(),
            subresources: Vec::new(),
        };
        let members = Members {
            kinds: ["Service", "Deployment.apps"].map(str::to_owned).into(),
            namespaces: ["two", "one"].map(str::to_owned).into(),
        };
        ApplySet {
            parent,
            name: "mine".to_owned(),
            namespace: "one".to_owned(),
            current: members.clone(),
            applied: members,
        }
    }

    #[test]
    fn an_account_is_read_as_it_was_written() {
        let set = set();
        let account = set.account(&set.applied);
        let annotations = &account["metadata"]["annotations"];
        assert_eq!(annotations[KINDS], "Deployment.apps,Service");
        assert_eq!(annotations[NAMESPACES], "two");
        let read = set.members(&account).unwrap();
        assert_eq!(read.kinds, set.applied.kinds);
        assert_eq!(read.namespaces, set.applied.namespaces);
    }

    #[test]
    fn an_account_of_somebody_else_is_not_touched() {
        let set = set();
        let mut account = set.account(&set.applied);
        account["metadata"]["annotations"][TOOLING] = "helm/v4".into();
        assert!(set.members(&account).unwrap_err().contains("managed by tooling \"helm\""));
        account["metadata"]["annotations"][TOOLING] = "kubectl/v9".into();
        account["metadata"]["labels"][ID] = "applyset-other-v1".into();
        assert!(set.members(&account).unwrap_err().contains("incorrect value"));
        assert!(set.members(&json!({})).unwrap_err().contains("missing required annotation"));
    }
}
