//! `apply`: brings objects to the state that files describe, from here or by the server.

mod last_applied;
mod migrate;
mod prune;
mod set;

use client::{DeleteOptions, Patch, WriteOptions, discovery::ApiResource};
pub(crate) use last_applied::{edit_last_applied, set_last_applied, view_last_applied};
use machinery::yaml;
pub(crate) use prune::{places as prune_places, prunable};
use serde_json::{Value, json};

use self::set::ApplySet;
use super::{
    create::{self, LAST_APPLIED, dry_run, validation, while_doing},
    patch::applied,
};
use crate::{
    args::Parsed,
    context::Context,
    live::Board,
    merge, print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// What one run settles before the first object.
pub(super) struct Plan {
    run: &'static str,
    server_side: bool,
    options: WriteOptions,
    /// What pruning may delete; `None` without `--prune` by types.
    prunes: Option<Vec<ApiResource>>,
    set: Option<ApplySet>,
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let mut plan = check(cx, &parsed).await?;
    let ask = Ask {
        words: Vec::new(),
        all: false,
        labels: parsed.text("selector").to_owned(),
        ..Ask::of(&parsed)
    };
    let mut found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    if found.infos.is_empty() && errors.is_empty() {
        return Err(CliError::plain("no objects passed to apply"));
    }
    if let Some(set) = &mut plan.set {
        set.label(&mut found.infos)?;
        set.before(cx, &found.infos, &plan.options, plan.run).await?;
    }
    let mut applied = Vec::new();
    let many = found.infos.len() > 1;
    let board = if many { Board::new(cx, "applied") } else { Board::default() };
    let total = i64::try_from(found.infos.len()).unwrap_or(i64::MAX);
    for (info, at) in found.infos.into_iter().zip(0..) {
        board.set(at, total, &info.title());
        let outcome = if plan.server_side {
            on_server(cx, &parsed, &info, &plan).await
        } else {
            from_here(cx, &parsed, &info, &plan).await
        };
        match outcome {
            Ok(object) => applied.push((info, object)),
            Err(error) => errors.push(error),
        }
        if board.is_drawn() {
            cx.flush();
        }
    }
    board.clear();
    CliError::all(errors)?;
    if shows_objects(&parsed) {
        print_all(cx, &parsed, &applied)?;
    }
    if let Some(set) = &plan.set {
        return set.prune(cx, &parsed, &applied, &plan).await;
    }
    match &plan.prunes {
        Some(places) => prune::prune(cx, &parsed, &applied, places, plan.run).await,
        None => Ok(()),
    }
}

/// Tells whether `-o` asks for the objects themselves: they are printed together in the end.
fn shows_objects(parsed: &Parsed) -> bool {
    !matches!(parsed.text("output"), "" | "name") || !parsed.text("template").is_empty()
}

/// Prints what became of an object, unless the objects themselves are printed in the end.
fn tell(cx: &Context, parsed: &Parsed, object: &Value, verb: &str) -> Result<(), CliError> {
    if shows_objects(parsed) {
        return Ok(());
    }
    print::print_outcome(cx, parsed, object, verb)
}

/// Prints the objects: one as it is, several as a list.
fn print_all(cx: &Context, parsed: &Parsed, applied: &[(Info, Value)]) -> Result<(), CliError> {
    if let [(_, object)] = applied {
        return print::print_outcome(cx, parsed, object, "");
    }
    let items: Vec<&Value> = applied.iter().map(|(_, object)| object).collect();
    let list = json!({"kind": "List", "apiVersion": "v1", "metadata": {}, "items": items});
    print::print_list(cx, parsed, list)
}

async fn check(cx: &Context, parsed: &Parsed) -> Result<Plan, CliError> {
    if !parsed.args.is_empty() {
        let text = format!("Unexpected args: [{}]", parsed.args.join(" "));
        return Err(cx.usage("apply", text));
    }
    if parsed.list("filename").is_empty() && parsed.text("kustomize").is_empty() {
        return Err(CliError::plain("must specify one of -f and -k"));
    }
    let run = dry_run(cx, parsed)?;
    let server_side = parsed.is("server-side");
    let field_validation = validation(parsed)?;
    // Refuses formats that there are not.
    print::printer(parsed, print::TEMPLATES).map(drop)?;
    let set = set::named(cx, parsed).await?;
    let prunes = match set {
        None if parsed.is("prune") => Some(prune::places(cx, parsed).await?),
        _ => None,
    };
    refuse_together(parsed, run)?;
    if let Some(set) = &set {
        set.check(cx, parsed).await?;
    }
    let given = parsed.given("field-manager");
    let manager = match parsed.text("field-manager") {
        _ if !given && server_side => "kubectl".to_owned(),
        "" => "kubectl-client-side-apply".to_owned(),
        name => name.to_owned(),
    };
    let options = WriteOptions {
        dry_run: run == "server",
        field_manager: Some(manager),
        field_validation,
        force: server_side && parsed.is("force-conflicts"),
    };
    Ok(Plan { run, server_side, options, prunes, set })
}

/// Refuses flags that make no sense together.
fn refuse_together(parsed: &Parsed, run: &str) -> Result<(), CliError> {
    let is = |flag: &str| parsed.is(flag);
    let (server_side, force, prune) = (is("server-side"), is("force"), is("prune"));
    let selects = !parsed.text("selector").is_empty();
    let in_set = !parsed.text("applyset").is_empty();
    let refused = [
        (is("force-conflicts") && !server_side, "--force-conflicts only works with --server-side"),
        (
            run == "client" && server_side,
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server \
             instead?)",
        ),
        (force && server_side, "--force cannot be used with --server-side"),
        (force && run == "server", "--dry-run=server cannot be used with --force"),
        (is("all") && selects, "cannot set --all and --selector at the same time"),
        (in_set && !prune, "--applyset requires --prune"),
        (force && prune, "--force cannot be used with --prune"),
        (
            prune && !in_set && !is("all") && !selects,
            "all resources selected for prune without explicitly passing --all. To prune all \
             resources, pass the --all flag. If you did not mean to prune all resources, specify a \
             label selector",
        ),
        (
            prune && !in_set && server_side,
            "--prune is in alpha and doesn't currently work on objects created by server-side apply",
        ),
    ];
    match refused.iter().find(|(wrong, _)| *wrong) {
        Some((_, words)) => Err(CliError::plain(*words)),
        None => Ok(()),
    }
}

/// How messages name an object: its resource, kind, name and namespace.
fn described(info: &Info) -> String {
    let resource = &info.place.resource;
    format!(
        "Resource: {:?}, GroupVersionKind: {:?}\nName: {:?}, Namespace: {:?}",
        format!("{}/{}, Resource={}", resource.group, resource.version, resource.plural),
        format!("{}/{}, Kind={}", resource.group, resource.version, resource.kind),
        info.name,
        info.namespace.as_deref().unwrap_or_default(),
    )
}

/// Says of a fault what was being done: `error when <doing> "<source>": words`.
fn while_at(doing: &str, info: &Info, error: CliError) -> CliError {
    let source = &info.source;
    match error {
        CliError::Client(client::ClientError::Status(mut status)) => {
            let message = status.message.take().unwrap_or_default();
            status.message = Some(format!("error when {doing} {source:?}: {message}"));
            client::ClientError::Status(status).into()
        }
        CliError::Plain(text) => CliError::plain(format!("error when {doing} {source:?}: {text}")),
        other => other,
    }
}

/// Requests are refused for objects without a name before they are sent.
fn nameless() -> CliError {
    CliError::plain("resource name may not be empty")
}

async fn on_server(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    plan: &Plan,
) -> Result<Value, CliError> {
    if info.name.is_empty() {
        return Err(no_generated_name(info).unwrap_or_else(nameless));
    }
    let patch = Patch::Apply(info.object.clone());
    let subresource = parsed.some("subresource");
    let applied = info.api(cx).await?.patch(&info.name, subresource, &patch, &plan.options).await;
    let mut object = applied.map_err(conflict_words)?;
    if migrate::migrate(cx, info, &mut object, &plan.options).await? {
        // What only a client-side apply owned, and the manifest does not say, goes now.
        match info.api(cx).await?.patch(&info.name, subresource, &patch, &plan.options).await {
            Ok(again) => object = again,
            Err(error) => cx.say_err(&format!(
                "Warning: failed to re-apply configuration after performing Server-Side Apply \
                 migration. This is non-fatal and will be retried next time you apply. Error: {error}"
            )),
        }
    }
    warn_if_going(cx, &object);
    tell(cx, parsed, &object, &print::dry("serverside-applied", plan.run))?;
    Ok(object)
}

/// Another manager owns fields: what to do about it.
fn conflict_words(error: client::ClientError) -> CliError {
    if !error.conflict() {
        return error.into();
    }
    let Some(status) = error.status() else { return error.into() };
    let message = status.message.clone().unwrap_or_default();
    CliError::plain(format!(
        "{message}\nPlease review the fields above--they currently have other managers. Here\nare the \
         ways you can resolve this warning:\n* If you intend to manage all of these fields, please re-run \
         the apply\n  command with the `--force-conflicts` flag.\n* If you do not intend to manage all of \
         the fields, please edit your\n  manifest to remove references to the fields that should keep \
         their\n  current managers.\n* You may co-own fields by updating your manifest to match the \
         existing\n  value; in this case, you'll become the manager if the other manager(s)\n  stop \
         managing the field (remove it from their configuration).\nSee https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"
    ))
}

/// The object with its own text in its annotation.
pub(crate) fn modified(object: &Value) -> Value {
    let mut object = object.clone();
    if object["metadata"]["annotations"].is_null() {
        object["metadata"]["annotations"] = json!({});
    }
    create::remember(&mut object);
    object
}

/// What was applied last, if the object tells.
pub(crate) fn original(object: &Value) -> Option<Value> {
    let text = object["metadata"]["annotations"][LAST_APPLIED].as_str()?;
    serde_json::from_str(text).ok()
}

fn no_generated_name(info: &Info) -> Option<CliError> {
    let prefix = info.object["metadata"]["generateName"].as_str().filter(|it| !it.is_empty())?;
    Some(CliError::plain(format!("from {prefix}: cannot use generate name with apply")))
}

async fn fetched(cx: &Context, info: &Info) -> Result<Value, CliError> {
    if info.name.is_empty() { Err(nameless()) } else { info.fetch(cx).await }
}

/// Whoever changes what is on its way out is told so.
pub(super) fn warn_if_going(cx: &Context, object: &Value) {
    if machinery::meta::is_deleting(object) {
        let name = machinery::meta::name(object);
        cx.say_err(&format!(
            "Warning: Detected changes to resource {name} which is currently being deleted."
        ));
    }
}

async fn from_here(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    plan: &Plan,
) -> Result<Value, CliError> {
    if info.name.is_empty()
        && let Some(error) = no_generated_name(info)
    {
        return Err(error);
    }
    let current = match fetched(cx, info).await {
        Ok(current) => current,
        Err(error) if error.not_found() => return create_new(cx, parsed, info, plan).await,
        Err(error) => {
            let doing = format!(
                "retrieving current configuration of:\n{}\nfrom server for:",
                described(info)
            );
            return Err(while_at(&doing, info, error));
        }
    };
    let wanted = modified(&info.object);
    if original(&current).is_none() {
        warn_unmanaged(cx, info);
    }
    let patch = merge::three_way(&original(&current).unwrap_or(Value::Null), &wanted, &current);
    let patch = without_noise(patch);
    if merge::is_empty(&patch) {
        warn_if_going(cx, &current);
        tell(cx, parsed, &current, &print::dry("unchanged", plan.run))?;
        return Ok(current);
    }
    if plan.run == "client" {
        let object = applied(&current, &patch)?;
        warn_if_going(cx, &object);
        tell(cx, parsed, &object, &print::dry("configured", plan.run))?;
        return Ok(object);
    }
    let sent = info.api(cx).await?.patch(&info.name, None, &patch, &plan.options).await;
    let object = match sent {
        Err(error) if parsed.is("force") && matches!(error.reason(), "Conflict" | "Invalid") => {
            recreate(cx, info, &wanted, plan).await?
        }
        Err(error) => {
            let error = while_doing("applying patch", info, error.into());
            return Err(patch_error(info, &patch, error));
        }
        Ok(object) => object,
    };
    let same = object["metadata"]["resourceVersion"] == current["metadata"]["resourceVersion"];
    let verb = if same && plan.run == "none" { "unchanged" } else { "configured" };
    warn_if_going(cx, &object);
    tell(cx, parsed, &object, &print::dry(verb, plan.run))?;
    Ok(object)
}

/// The creation time that old manifests carry is no change.
fn without_noise(mut patch: Patch) -> Patch {
    let (Patch::Strategic(document) | Patch::Merge(document)) = &mut patch else { return patch };
    if let Some(metadata) = document.get_mut("metadata").and_then(Value::as_object_mut) {
        if metadata.get("creationTimestamp").is_some_and(Value::is_null) {
            metadata.remove("creationTimestamp");
        }
        if metadata.is_empty() {
            document.as_object_mut().map(|d| d.remove("metadata"));
        }
    }
    patch
}

fn patch_error(info: &Info, patch: &Patch, error: CliError) -> CliError {
    let CliError::While { error, source, .. } = error else { return error };
    let text = yaml::compact(patch.document());
    let doing = format!("applying patch:\n{text}\nto:\n{}\nfor:", described(info));
    match *error {
        CliError::Client(client::ClientError::Status(mut status))
            if status.reason.as_deref() != Some("Invalid") =>
        {
            let message = status.message.unwrap_or_default();
            status.message = Some(format!("error when patching {source:?}: {message}"));
            while_at(&doing, info, client::ClientError::Status(status).into())
        }
        other => other,
    }
}

async fn create_new(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    plan: &Plan,
) -> Result<Value, CliError> {
    let wanted = modified(&info.object);
    let object = if plan.run == "client" {
        wanted
    } else {
        let created = info.api(cx).await?.create(&wanted, &plan.options).await;
        created.map_err(|error| while_doing("creating", info, error.into()))?
    };
    tell(cx, parsed, &object, &print::dry("created", plan.run))?;
    Ok(object)
}

async fn recreate(
    cx: &Context,
    info: &Info,
    wanted: &Value,
    plan: &Plan,
) -> Result<Value, CliError> {
    let api = info.api(cx).await?;
    api.delete(&info.name, &DeleteOptions::default().in_background()).await?;
    super::delete::until_gone(cx, info, None).await?;
    Ok(api.create(wanted, &plan.options).await?)
}

fn warn_unmanaged(cx: &Context, info: &Info) {
    let program = "kubectl";
    cx.say_err(&format!(
        "Warning: resource {}/{} is missing the {LAST_APPLIED} annotation which is required by \
         {program} apply. {program} apply should only be used on resources created declaratively by \
         either {program} create --save-config or {program} apply. The missing annotation will be \
         patched automatically.",
        info.place.resource.plural, info.name
    ));
}
