//! `set`: single features of objects, mostly of their pod templates.

mod env;
mod pods;
mod selector;

use client::Patch;
pub(crate) use env::env;
pub(crate) use pods::{image, resources, serviceaccount};
pub(crate) use selector::selector;
use serde_json::{Value, json};

use super::create::{dry_run, write_options};
use crate::{
    args::Parsed,
    context::Context,
    merge, print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// The pod spec of an object, wherever its kind keeps it.
pub(crate) fn pod_spec_mut(object: &mut Value) -> Option<&mut Value> {
    let road: &[&str] = match object["kind"].as_str()? {
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        "ReplicationController"
        | "Deployment"
        | "DaemonSet"
        | "ReplicaSet"
        | "StatefulSet"
        | "Job" => &["spec", "template", "spec"],
        _ => return None,
    };
    let mut place = object;
    for step in road {
        place = place.get_mut(step)?;
    }
    Some(place)
}

/// The containers of a pod spec, init containers first.
fn containers_mut(spec: &mut Value) -> Vec<&mut Value> {
    let Some(spec) = spec.as_object_mut() else { return Vec::new() };
    let mut found = Vec::new();
    for (key, value) in spec.iter_mut() {
        if (key == "containers" || key == "initContainers")
            && let Some(list) = value.as_array_mut()
        {
            found.push((key == "containers", list));
        }
    }
    found.sort_by_key(|(main, _)| !*main);
    found.into_iter().flat_map(|(_, list)| list.iter_mut()).collect()
}

/// A container's name fits a pattern with `*`.
fn selects(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    }
}

/// Splits off words `key=value` (or `key-`) from the words that name resources.
fn split_changes(words: &[String], minus: bool) -> (Vec<String>, Vec<String>) {
    let is_change =
        |word: &&String| word.find('=').is_some_and(|at| at > 0) || minus && word.ends_with('-');
    let (changes, resources): (Vec<&String>, Vec<&String>) = words.iter().partition(is_change);
    (resources.into_iter().cloned().collect(), changes.into_iter().cloned().collect())
}

fn ask_of(parsed: &Parsed, words: Vec<String>) -> Ask {
    Ask { words, ..Ask::of(parsed) }.latest()
}

/// Beginnings of refusals that do not name the object first.
const OWN_WORDS: [&str; 3] =
    ["unable to find container", "setting a selector is only", "match expression "];

/// Changes each object that is asked for and sends what changed.
async fn update(
    cx: &Context,
    parsed: &Parsed,
    words: Vec<String>,
    done: &str,
    change: impl Fn(&mut Value) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let run = dry_run(cx, parsed)?;
    let ask = ask_of(parsed, words);
    if parsed.is("local") && !ask.has_files() {
        let text = "you must specify resources by --filename when --local is set.\nExample resource \
                    specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";
        return Err(CliError::plain(text));
    }
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    for info in found.infos {
        let outcome = update_one(cx, parsed, &info, done, run, &change).await;
        if let Err(error) = outcome {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

#[expect(clippy::too_many_arguments, reason = "what one run settles")]
async fn update_one(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    done: &str,
    run: &str,
    change: &impl Fn(&mut Value) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut new = info.object.clone();
    change(&mut new).map_err(|error| {
        let place = format!("{}/{}", info.place.resource.plural, info.name);
        match error {
            CliError::Plain(text) if OWN_WORDS.iter().any(|own| text.starts_with(own)) => {
                CliError::plain(text)
            }
            CliError::Plain(text) => CliError::plain(format!("{place} {text}")),
            error => error,
        }
    })?;
    if new == info.object && !parsed.is("local") {
        return Ok(());
    }
    if parsed.is("local") || run == "client" {
        let mut shown = new;
        if parsed.is("local") {
            go_zeroes(&mut shown);
        }
        return print::print_outcome_held(
            cx,
            parsed,
            &shown,
            &print::dry(done, run),
            print::Held::Struct,
        );
    }
    let patch = merge::two_way(&info.object, &new);
    let options = write_options(cx, parsed)?;
    let patched = info.api(cx).await?.patch(&info.name, None, &patch, &options).await?;
    print::print_outcome_held(cx, parsed, &patched, &print::dry(done, run), print::Held::Struct)
}

/// The empty structs that Go prints where a manifest says nothing.
pub(crate) fn go_zeroes(object: &mut Value) {
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    if let Some(spec) = pod_spec_mut(object) {
        for container in containers_mut(spec) {
            if container["resources"].is_null() {
                container["resources"] = json!({});
            }
        }
    }
    let status = ["Pod", "Deployment", "Job", "CronJob", "DaemonSet", "StatefulSet", "ReplicaSet"];
    if status.contains(&kind.as_str()) && object["status"].is_null() {
        object["status"] = json!({});
    }
    if kind == "Deployment" && object["spec"]["strategy"].is_null() {
        object["spec"]["strategy"] = json!({});
    }
}

pub(crate) async fn subject(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let given = ["user", "group", "serviceaccount"].iter().any(|flag| parsed.given(flag));
    if !given {
        let text = "you must specify at least one value of user, group or serviceaccount";
        return Err(CliError::plain(text));
    }
    let subjects = super::create::subjects(&parsed)?;
    update(cx, &parsed, parsed.args.clone(), "subjects updated", |object| {
        if !matches!(object["kind"].as_str(), Some("RoleBinding" | "ClusterRoleBinding")) {
            let text = "setting subjects is only supported for RoleBinding/ClusterRoleBinding";
            return Err(CliError::plain(text));
        }
        let mut all = object["subjects"].as_array().cloned().unwrap_or_default();
        for subject in &subjects {
            if !all.contains(subject) {
                all.push(subject.clone());
            }
        }
        object["subjects"] = all.into();
        Ok(())
    })
    .await
}

/// A patch of one object, for verbs that make their own.
pub(crate) async fn send(
    cx: &Context,
    info: &Info,
    patch: &Patch,
    manager: Option<&str>,
) -> Result<Value, CliError> {
    let options = client::WriteOptions {
        field_manager: manager.map(str::to_owned),
        ..client::WriteOptions::default()
    };
    Ok(info.api(cx).await?.patch(&info.name, None, patch, &options).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_select_containers() {
        assert!(selects("*", "a") && selects("a*", "ab") && selects("a", "a"));
        assert!(!selects("a", "ab") && !selects("ab*ba", "aba"));
    }

    #[test]
    fn the_pod_spec_is_found() {
        let mut job = json!({"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}}}});
        assert_eq!(containers_mut(pod_spec_mut(&mut job).unwrap()).len(), 1);
        assert!(pod_spec_mut(&mut json!({"kind": "Secret"})).is_none());
    }
}
