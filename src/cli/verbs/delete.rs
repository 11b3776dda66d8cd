//! `delete`: by name, selector, file or all of a type; waits until they are gone.

use std::time::Duration;

use client::{ClientError, DeleteOptions, WatchEvent, WatchOptions};
use serde_json::Value;

use super::create::{dry_run, go_bool};
use crate::{
    args::Parsed,
    context::Context,
    live::Board,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// Longest wait where `--timeout` is 0.
const A_WEEK: Duration = Duration::from_hours(168);

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if let Some(path) = parsed.some("raw") {
        return raw(cx, path).await;
    }
    let options = options(cx, &parsed)?;
    let output = parsed.text("output");
    if !matches!(output, "" | "name") {
        let text = format!("unexpected -o output mode: {output}. We only support '-o name'");
        return Err(CliError::plain(text));
    }
    let mut ask = Ask::of(&parsed);
    if ask.words.is_empty() && !ask.has_files() {
        return Err(resolve::nothing_named());
    }
    if ask.all && !ask.words.is_empty() {
        resolve::refuse_names(&ask)?;
    }
    let broad = ask.all || !ask.labels.is_empty() || !ask.fields.is_empty();
    ask.ignore_not_found =
        parsed.is("ignore-not-found") || (broad && !parsed.given("ignore-not-found"));
    ask.names_suffice = true;
    let ask = if ask.has_files() { ask } else { ask.latest() };
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    if parsed.is("interactive") && !confirmed(cx, &found.infos)? {
        return cx.say("deletion is cancelled");
    }
    let mut gone = Vec::new();
    let count = found.infos.len();
    for info in found.infos {
        match one(cx, &parsed, &info, &options).await {
            Ok(uid) => gone.push((info, uid)),
            Err(error) if ask.ignore_not_found && error.not_found() => {}
            Err(error) => errors.push(error),
        }
    }
    if count == 0 && errors.is_empty() && (ask.has_files() || broad) {
        cx.say("No resources found")?;
    }
    cx.flush();
    if parsed.is("wait") && options.run == "none" {
        wait_gone(cx, &parsed, &gone).await?;
    }
    CliError::all(errors)
}

/// What the flags settle.
pub(crate) struct Plan {
    pub(crate) delete: DeleteOptions,
    pub(crate) run: &'static str,
    pub(crate) forced: bool,
}

fn options(cx: &Context, parsed: &Parsed) -> Result<Plan, CliError> {
    let mut grace = parsed.int("grace-period");
    if parsed.is("now") {
        if parsed.given("grace-period") && grace != -1 {
            return Err(CliError::plain("--now and --grace-period cannot be specified together"));
        }
        grace = 1;
    }
    let forced = parsed.is("force");
    if grace == 0 && !forced {
        // Kubernetes would otherwise let the object go without waiting for its pod.
        grace = 1;
    }
    if forced && grace > 0 {
        return Err(CliError::plain(
            "--force and --grace-period greater than 0 cannot be specified together",
        ));
    }
    if forced && grace < 0 {
        grace = 0;
    }
    let propagation = cascade(cx, parsed)?;
    let run = dry_run(cx, parsed)?;
    let delete = DeleteOptions {
        grace_seconds: (grace >= 0).then_some(grace),
        preconditions: None,
        propagation: Some(propagation.to_owned()),
        dry_run: run == "server",
    };
    if forced && grace == 0 {
        cx.say_err("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
    }
    Ok(Plan { delete, run, forced: forced && grace == 0 })
}

/// `--cascade`, as the server takes it.
pub(crate) fn cascade(cx: &Context, parsed: &Parsed) -> Result<&'static str, CliError> {
    let value = parsed.text("cascade");
    if let Some(flag) = go_bool(value) {
        let (word, propagation) =
            if flag { ("background", "Background") } else { ("orphan", "Orphan") };
        cx.say_err(&format!(
            "warning: --cascade={value} is deprecated (boolean value) and can be replaced with \
             --cascade={word}."
        ));
        return Ok(propagation);
    }
    match value {
        "background" => Ok("Background"),
        "foreground" => Ok("Foreground"),
        "orphan" => Ok("Orphan"),
        other => Err(CliError::plain(format!(
            "invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""
        ))),
    }
}

fn confirmed(cx: &Context, infos: &[Info]) -> Result<bool, CliError> {
    if infos.is_empty() {
        return Ok(true);
    }
    cx.say(&format!("You are about to delete the following {} resource(s):", infos.len()))?;
    for info in infos {
        cx.say(&info.title())?;
    }
    cx.out("Do you want to continue? (y/N): ")?;
    cx.flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}

/// Deletes one object; answers with the uid that was deleted.
async fn one(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    plan: &Plan,
) -> Result<Option<String>, CliError> {
    let mut uid = info.object["metadata"]["uid"].as_str().map(str::to_owned);
    if plan.run != "client" {
        let answer = info.api(cx).await?.delete(&info.name, &plan.delete).await?;
        let from_status = answer["details"]["uid"].as_str();
        uid = from_status.or(answer["metadata"]["uid"].as_str()).map(str::to_owned).or(uid);
    }
    say_deleted(cx, parsed.text("output"), info, plan)?;
    Ok(uid)
}

fn say_deleted(cx: &Context, output: &str, info: &Info, plan: &Plan) -> Result<(), CliError> {
    if output == "name" {
        return cx.say(&info.title());
    }
    let verb = if plan.forced { "force deleted" } else { "deleted" };
    let place = match &info.namespace {
        Some(namespace) => format!(" from {namespace} namespace"),
        None => String::new(),
    };
    let line = format!("{} \"{}\" {verb}{place}", info.singular_qualified(), info.name);
    cx.say(&print::dry(&line, plan.run))
}

async fn raw(cx: &Context, path: &str) -> Result<(), CliError> {
    let request = http::Request::delete(path).body(bytes::Bytes::new());
    let request = request.map_err(ClientError::from)?;
    let answer = cx.client().await?.call(request).await?;
    let bytes = answer.into_body().bytes().await;
    cx.out_bytes(&bytes.map_err(|error| CliError::plain(error.to_string()))?)
}

async fn wait_gone(
    cx: &Context,
    parsed: &Parsed,
    gone: &[(Info, Option<String>)],
) -> Result<(), CliError> {
    let timeout = parsed.duration("timeout");
    let limit = if timeout.is_zero() { A_WEEK } else { timeout };
    let deadline = lifecycle::clock::instant() + limit;
    let mut errors = Vec::new();
    let board = if gone.is_empty() { Board::default() } else { Board::new(cx, "deleted") };
    let total = i64::try_from(gone.len()).unwrap_or(i64::MAX);
    for ((info, uid), at) in gone.iter().zip(0..) {
        board.set(at, total, &format!("waiting for {} to go", info.title()));
        show_holders(cx, info, &board).await;
        let waiting = until_gone(cx, info, uid.as_deref());
        match tokio::time::timeout_at(deadline, waiting).await {
            Ok(Ok(())) => {}
            // Without the right to watch there is nothing to wait with.
            Ok(Err(error)) if error.client().is_some_and(|e| matches!(e.code(), 403 | 405)) => {}
            Ok(Err(error)) => errors.push(error),
            Err(_) => {
                let resource = &info.place.resource.plural;
                errors.push(CliError::plain(format!(
                    "timed out waiting for the condition on {resource}/{}",
                    info.name
                )));
            }
        }
    }
    let outcome = CliError::all(errors);
    board.end(cx, &outcome);
    outcome
}

/// What keeps an object that is to go.
async fn show_holders(cx: &Context, info: &Info, board: &Board) {
    if !board.is_drawn() {
        return;
    }
    // It may be gone already, or nobody may look: then there is nothing to show.
    let object = info.fetch(cx).await.unwrap_or_default();
    let holders: Vec<&str> = machinery::meta::finalizers(&object).collect();
    match holders.as_slice() {
        [] => board.lines(&[]),
        some => board.lines(&[format!("held by finalizers: {}", some.join(", "))]),
    }
}

/// Waits until an object is gone or another has taken its name.
pub(crate) async fn until_gone(
    cx: &Context,
    info: &Info,
    uid: Option<&str>,
) -> Result<(), CliError> {
    let api = info.api(cx).await?;
    let other = |object: &Value| {
        uid.is_some_and(|uid| object["metadata"]["uid"].as_str().is_some_and(|now| now != uid))
    };
    loop {
        let object = match api.get(&info.name).await {
            Ok(object) if other(&object) => return Ok(()),
            Ok(object) => object,
            Err(error) if error.not_found() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let options = WatchOptions {
            fields: Some(format!("metadata.name={}", info.name)),
            resource_version: object["metadata"]["resourceVersion"].as_str().map(str::to_owned),
            ..WatchOptions::default()
        };
        let mut events = api.watch(&options).await?;
        loop {
            match events.next::<Value>().await {
                Ok(Some(WatchEvent::Deleted(_))) => return Ok(()),
                Ok(Some(WatchEvent::Added(object) | WatchEvent::Modified(object)))
                    if other(&object) =>
                {
                    return Ok(());
                }
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) if error.gone() => break,
                Err(error) => return Err(error.into()),
            }
        }
    }
}
