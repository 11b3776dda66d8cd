//! `rollout`: history, status, undo, restart, pause, resume.

mod history;
mod status;

use client::Patch;
pub(crate) use history::{history, undo};
use serde_json::json;
pub(crate) use status::status;

use super::set::send;
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// All of a type where no name is given, as `rollout` takes it.
pub(super) async fn find(cx: &Context, parsed: &Parsed) -> Result<Vec<Info>, CliError> {
    let ask = Ask { type_means_all: true, ..Ask::of(parsed) }.latest();
    if ask.words.is_empty() && !ask.has_files() {
        return Err(CliError::plain("required resource not specified"));
    }
    let infos = resolve::find(cx, &ask).await?.all()?;
    if infos.is_empty() {
        let (namespace, _) = cx.namespace()?;
        cx.say_err(&format!("No resources found in {namespace} namespace."));
    }
    Ok(infos)
}

/// `Deployment.apps`.
fn kind_group(info: &Info) -> String {
    let resource = &info.place.resource;
    let dot = if resource.group.is_empty() { "" } else { "." };
    format!("{}{dot}{}", resource.kind, resource.group)
}

/// `deployments.apps "name"`.
fn plural_title(info: &Info) -> String {
    format!("{} {:?}", info.place.resource.qualified(), info.name)
}

pub(crate) async fn restart(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let mut errors = Vec::new();
    for info in find(cx, &parsed).await? {
        if let Err(error) = restart_one(cx, &parsed, &info).await {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

async fn restart_one(cx: &Context, parsed: &Parsed, info: &Info) -> Result<(), CliError> {
    let kind = info.place.resource.kind.as_str();
    if !matches!(kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        let text = format!("error: {} restarting is not supported", plural_title(info));
        return Err(CliError::plain(text));
    }
    if info.object["spec"]["paused"] == true {
        return Err(CliError::plain(format!(
            "error: {} can't restart paused deployment (run rollout resume first)",
            plural_title(info)
        )));
    }
    let now =
        jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().replace("+00:00", "Z");
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {
        "kubectl.kubernetes.io/restartedAt": now}}}}});
    let patched = send(cx, info, &Patch::Strategic(patch), parsed.some("field-manager")).await?;
    print::print_outcome_held(cx, parsed, &patched, "restarted", print::Held::Struct)
}

pub(crate) async fn pause(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    set_paused(cx, parsed, true).await
}

pub(crate) async fn resume(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    set_paused(cx, parsed, false).await
}

async fn set_paused(cx: &Context, parsed: Parsed, wanted: bool) -> Result<(), CliError> {
    let mut errors = Vec::new();
    for info in find(cx, &parsed).await? {
        let title = plural_title(&info);
        let paused = info.object["spec"]["paused"] == true;
        if info.place.resource.kind != "Deployment" {
            let verb = if wanted { "pausing" } else { "resuming" };
            errors.push(CliError::plain(format!("error: {title} {verb} is not supported")));
            continue;
        }
        if paused == wanted {
            let state = if wanted { "already paused" } else { "not paused" };
            errors.push(CliError::plain(format!("error: {title} is {state}")));
            continue;
        }
        let value = if wanted { json!(true) } else { serde_json::Value::Null };
        let patch = Patch::Strategic(json!({"spec": {"paused": value}}));
        let patched = send(cx, &info, &patch, parsed.some("field-manager")).await?;
        let verb = if wanted { "paused" } else { "resumed" };
        print::print_outcome_held(cx, &parsed, &patched, verb, print::Held::Struct)?;
    }
    CliError::all(errors)
}
