//! `rollout history` and `undo`: revisions kept as replica sets or controller revisions.

use client::{ListOptions, Patch};
use serde_json::{Value, json};

use super::{find, plural_title};
use crate::{
    args::Parsed,
    context::Context,
    describe,
    print::{self, TabWriter},
    report::CliError,
    resolve::Info,
    verbs::create,
};

const REVISION: &str = "deployment.kubernetes.io/revision";
const CAUSE: &str = "kubernetes.io/change-cause";

/// One revision: its number, why it came, and the pod template.
struct Revision {
    number: i64,
    cause: String,
    template: Value,
    /// The replica set, or the object as it was.
    object: Value,
    /// What makes the object so again; nothing where a replica set has it.
    patch: Value,
}

async fn revisions(cx: &Context, info: &Info) -> Result<Vec<Revision>, CliError> {
    let kind = info.place.resource.kind.as_str();
    let mut found = match kind {
        "Deployment" => of_replica_sets(owned(cx, info, "ReplicaSet", "replicasets").await?),
        "DaemonSet" | "StatefulSet" => {
            let revisions = owned(cx, info, "ControllerRevision", "controllerrevisions").await?;
            of_controller_revisions(info, revisions)
        }
        _ => {
            let group = &info.place.resource.group;
            let text = format!(
                "error retrieving history for {kind:?}, no visitor method exists for {{{group} {kind}}}"
            );
            return Err(CliError::plain(text));
        }
    };
    found.sort_by_key(|revision| revision.number);
    Ok(found)
}

/// Objects that this one controls.
async fn owned(
    cx: &Context,
    info: &Info,
    kind: &str,
    plural: &str,
) -> Result<Vec<Value>, CliError> {
    let selector = describe::selector_text(&info.object["spec"]["selector"]);
    let place = create::resource("apps/v1", kind, plural, true);
    let api = cx.api(&place, info.namespace.as_deref()).await?;
    let list = api.list(&ListOptions::labels(selector)).await?;
    let uid = &info.object["metadata"]["uid"];
    let items = list["items"].as_array().cloned().unwrap_or_default();
    let ours = |item: &Value| {
        let owners = item["metadata"]["ownerReferences"].as_array().into_iter().flatten();
        owners.into_iter().any(|owner| owner["controller"] == true && &owner["uid"] == uid)
    };
    Ok(items.into_iter().filter(ours).collect())
}

fn cause_of(object: &Value) -> String {
    object["metadata"]["annotations"][CAUSE].as_str().unwrap_or_default().to_owned()
}

fn of_replica_sets(sets: Vec<Value>) -> Vec<Revision> {
    sets.into_iter()
        .filter_map(|mut set| {
            let number = set["metadata"]["annotations"][REVISION].as_str()?.parse().ok()?;
            let template = set["spec"]["template"].clone();
            let head = json!({"kind": "ReplicaSet", "apiVersion": "apps/v1"});
            machinery::patch::apply_merge_patch(&mut set, &head);
            Some(Revision {
                number,
                cause: cause_of(&set),
                template,
                object: set,
                patch: Value::Null,
            })
        })
        .collect()
}

fn of_controller_revisions(info: &Info, revisions: Vec<Value>) -> Vec<Revision> {
    revisions
        .into_iter()
        .map(|revision| {
            let mut whole = info.object.clone();
            let patch = revision["data"].clone();
            if let Some(schema) = crate::merge::schema_of("apps/v1", &info.place.resource.kind) {
                // A revision that does not fit leaves the present template.
                drop(machinery::patch::apply_strategic_patch(&mut whole, &patch, &schema));
            }
            Revision {
                number: revision["revision"].as_i64().unwrap_or(0),
                cause: cause_of(&revision),
                template: whole["spec"]["template"].clone(),
                object: whole,
                patch,
            }
        })
        .collect()
}

pub(crate) async fn history(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let wanted = parsed.int("revision");
    if wanted < 0 {
        return Err(CliError::plain(format!("revision must be a positive integer: {wanted}")));
    }
    for info in find(cx, &parsed).await? {
        let revisions = revisions(cx, &info).await?;
        if !parsed.text("output").is_empty() {
            print_objects(cx, &parsed, &revisions, wanted)?;
        } else if wanted > 0 && revisions.is_empty() {
            let title = info.title();
            cx.say(&format!("{title} with revision #{wanted}\nNo rollout history found."))?;
        } else if wanted > 0 {
            let found = revisions.iter().find(|revision| revision.number == wanted);
            let Some(found) = found else {
                return Err(CliError::plain("unable to find the specified revision"));
            };
            let text = template_text(found);
            cx.say(&format!("{} with revision #{wanted}\n{text}", info.title()))?;
        } else {
            cx.say(&format!("{} \n{}", info.title(), table(&revisions)))?;
        }
    }
    Ok(())
}

fn print_objects(
    cx: &Context,
    parsed: &Parsed,
    revisions: &[Revision],
    wanted: i64,
) -> Result<(), CliError> {
    if wanted > 0 && !revisions.iter().any(|revision| revision.number == wanted) {
        return Err(CliError::plain("unable to find the specified revision"));
    }
    for revision in revisions.iter().filter(|r| wanted == 0 || r.number == wanted) {
        print::print_typed(cx, parsed, &revision.object, "")?;
    }
    Ok(())
}

fn table(revisions: &[Revision]) -> String {
    if revisions.is_empty() {
        return "No rollout history found.".to_owned();
    }
    let mut out = TabWriter::describe();
    out.write("REVISION\tCHANGE-CAUSE\n");
    for revision in revisions {
        let cause = if revision.cause.is_empty() { "<none>" } else { &revision.cause };
        out.write(&format!("{}\t{cause}\n", revision.number));
    }
    out.finish()
}

fn template_text(revision: &Revision) -> String {
    let mut template = revision.template.clone();
    if !revision.cause.is_empty() {
        template["metadata"]["annotations"][CAUSE] = revision.cause.as_str().into();
    }
    describe::template_text(&template)
}

pub(crate) async fn undo(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let run = create::dry_run(cx, &parsed)?;
    let wanted = parsed.int("to-revision");
    let mut errors = Vec::new();
    for info in find(cx, &parsed).await? {
        if let Err(error) = undo_one(cx, &parsed, &info, wanted, run).await {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

/// What is applied again later does not know of the revision that was gone back to.
fn warn_of_apply(cx: &Context, info: &Info) {
    let (plural, annotation) = (&info.place.resource.plural, create::LAST_APPLIED);
    cx.say_err(&format!(
        "Warning: resource {plural}/{} was previously managed with 'kubectl apply'. Rolling back will \
         not update the {annotation} annotation, which may cause unexpected behavior on future \
         'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration \
         file instead.",
        info.name
    ));
}

async fn undo_one(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    wanted: i64,
    run: &str,
) -> Result<(), CliError> {
    let kind = info.place.resource.kind.as_str();
    if info.object["metadata"]["annotations"][create::LAST_APPLIED].is_string() {
        warn_of_apply(cx, info);
    }
    if !matches!(kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        let text = format!("no rollbacker has been implemented for {:?}", super::kind_group(info));
        return Err(CliError::plain(text));
    }
    let revisions = revisions(cx, info).await?;
    let target = match wanted {
        0 if revisions.len() < 2 => {
            let text = match kind {
                "Deployment" => format!("no rollout history found for deployment {:?}", info.name),
                _ => "no last revision to roll back to".to_owned(),
            };
            return Err(CliError::plain(text));
        }
        0 => &revisions[revisions.len() - 2],
        number => revisions.iter().find(|r| r.number == number).ok_or_else(|| {
            CliError::plain(format!("unable to find specified revision {number} in history"))
        })?,
    };
    if run == "client" {
        let text = describe::template_text(&target.template);
        return cx.say(&print::dry(&format!("{} {text}", info.title()), run));
    }
    if info.object["spec"]["paused"] == true {
        return Err(CliError::plain(format!(
            "{} is paused: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
            plural_title(info)
        )));
    }
    let patch = if kind == "Deployment" {
        let template = without_hash(&target.template);
        if template == without_hash(&info.object["spec"]["template"]) {
            let text = format!(
                "skipped rollback (current template already matches revision {})",
                target.number
            );
            return cx.say(&format!("{} {text}", info.title()));
        }
        Patch::Json(json!([
            {"op": "replace", "path": "/spec/template", "value": template},
            {"op": "replace", "path": "/metadata/annotations", "value": annotations(&info.object, &target.object)},
        ]))
    } else {
        if target.template == info.object["spec"]["template"] {
            let text = format!(
                "skipped rollback (current template already matches revision {})",
                target.number
            );
            return cx.say(&format!("{} {text}", info.title()));
        }
        Patch::Strategic(target.patch.clone())
    };
    let options = client::WriteOptions { dry_run: run == "server", ..Default::default() };
    let patched = info.api(cx).await?.patch(&info.name, None, &patch, &options).await?;
    print::print_outcome(cx, parsed, &patched, &print::dry("rolled back", run))
}

fn without_hash(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.remove("pod-template-hash");
    }
    template
}

/// The revision's annotations, and of the deployment's own those that are not a revision's.
fn annotations(deployment: &Value, set: &Value) -> Value {
    const OWN: [&str; 6] = [
        create::LAST_APPLIED,
        REVISION,
        "deployment.kubernetes.io/revision-history",
        "deployment.kubernetes.io/desired-replicas",
        "deployment.kubernetes.io/max-replicas",
        "deprecated.deployment.rollback.to",
    ];
    let mut found = json!({});
    for (source, own) in [(deployment, true), (set, false)] {
        for (key, value) in source["metadata"]["annotations"].as_object().into_iter().flatten() {
            if OWN.contains(&key.as_str()) == own {
                found[key] = value.clone();
            }
        }
    }
    found
}
