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

/// Tells whether a container's name fits a pattern with `*`, as kubectl reads it: the first part need
/// not stand at the beginning. Source: kubectl's `set/helper.go`, `selectString`.
fn selects(pattern: &str, name: &str) -> bool {
    if pattern == "*" || !pattern.contains('*') {
        return pattern == "*" || pattern == name;
    }
    let parts: Vec<&str> = pattern.split('*').collect();
    let mut at = 0;
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        let Some(next) = name.get(at..).and_then(|rest| rest.find(part)) else { return false };
        let is_last = index + 1 == parts.len();
        if next < at || index == 0 && at != 0 || is_last && name.len() != part.len() + next {
            return false;
        }
        at = next;
    }
    true
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

/// What a verb does, in its words.
struct Deed {
    /// Said of an object that was changed.
    done: &'static str,
    /// Said before the server's refusal; empty where it stands alone.
    failed: &'static str,
    /// Faults name their object first.
    names: bool,
    /// Objects are sent and told of even where nothing changes.
    always: bool,
}

/// What became of an object's change: faults that do not keep it from being sent, or why it is not.
type Changed = Result<Vec<CliError>, CliError>;

/// Changes each object that is asked for and sends what changed.
async fn update(
    cx: &Context,
    parsed: &Parsed,
    words: Vec<String>,
    deed: Deed,
    change: impl Fn(&mut Value) -> Changed,
) -> Result<(), CliError> {
    let ask = ask_of(parsed, words);
    if parsed.is("local") && !ask.has_files() {
        let text = "you must specify resources by --filename when --local is set.\nExample resource \
                    specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";
        return Err(CliError::plain(text));
    }
    // All are changed before the first is sent, as the order of faults tells.
    let (mut errors, mut changed) = (Vec::new(), Vec::new());
    for info in resolve::find(cx, &ask).await?.all()? {
        let mut new = info.object.clone();
        match change(&mut new) {
            Ok(faults) => {
                errors.extend(faults);
                changed.push((info, Ok(new)));
            }
            Err(error) => changed.push((info, Err(error))),
        }
    }
    for (info, new) in changed {
        let outcome = match new {
            Ok(new) => send_changed(cx, parsed, &info, new, &deed).await,
            Err(error) if deed.names => {
                Err(CliError::plain(format!("error: {} {error}\n", title(parsed, &info))))
            }
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

/// An object as faults name it: by its resource, or without a server by its kind.
fn title(parsed: &Parsed, info: &Info) -> String {
    if parsed.is("local") {
        // kubectl ends the line behind the names of kinds in groups.
        let end = if info.place.resource.group.is_empty() { "" } else { "\n" };
        return format!("{}{end}", info.title());
    }
    format!("{}/{}", info.place.resource.plural, info.name)
}

async fn send_changed(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    mut new: Value,
    deed: &Deed,
) -> Result<(), CliError> {
    let run = dry_run(cx, parsed)?;
    if new == info.object && !deed.always {
        return Ok(());
    }
    let show = |object: &Value| {
        let verb = print::dry(deed.done, run);
        print::print_outcome_held(cx, parsed, object, &verb, print::Held::Struct)
    };
    if parsed.is("local") || run == "client" {
        if parsed.is("local") {
            go_zeroes(&mut new);
        }
        return show(&new);
    }
    let patch = merge::two_way(&info.object, &new);
    let options = write_options(cx, parsed)?;
    match info.api(cx).await?.patch(&info.name, None, &patch, &options).await {
        Ok(patched) => show(&patched),
        Err(error) if deed.failed.is_empty() => Err(error.into()),
        Err(error) => {
            let error = CliError::from(error);
            Err(CliError::plain(format!("{}{error}", deed.failed)))
        }
    }
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
    let deed = Deed {
        done: "subjects updated",
        failed: "failed to patch subjects to rolebinding: ",
        names: true,
        always: parsed.is("local"),
    };
    update(cx, &parsed, parsed.args.clone(), deed, |object| {
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
        Ok(Vec::new())
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
        // kubectl's own reading of a beginning.
        assert!(selects("n*", "init") && selects("*t", "init"));
        assert!(!selects("a", "ab") && !selects("*x", "init"));
    }

    #[test]
    fn the_pod_spec_is_found() {
        let mut job = json!({"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}}}});
        assert_eq!(containers_mut(pod_spec_mut(&mut job).unwrap()).len(), 1);
        assert!(pod_spec_mut(&mut json!({"kind": "Secret"})).is_none());
    }
}
