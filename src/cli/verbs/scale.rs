//! `scale`: the number of replicas, through the scale subresource; with `--watch`, which is ours, until
//! they are there.

use client::Patch;
use serde_json::{Value, json};

use super::create::{dry_run, require};
use crate::{
    args::Parsed,
    context::Context,
    live::{self, Board, Follow},
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["replicas"])?;
    let replicas = parsed.int("replicas");
    if replicas < 0 {
        return Err(CliError::plain(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
                .to_string(),
        ));
    }
    let run = dry_run(cx, &parsed)?;
    let ask = Ask::of(&parsed).latest();
    let found = resolve::find(cx, &ask).await?;
    if found.infos.is_empty() && !found.errors.is_empty() {
        return Err(nothing_found(found.errors));
    }
    if found.infos.len() > 1 && parsed.given("resource-version") {
        return Err(CliError::plain("cannot use --resource-version with multiple resources"));
    }
    if found.infos.is_empty() {
        return Err(CliError::plain("no objects passed to scale"));
    }
    for info in found.infos {
        match scale(cx, &parsed, &info, replicas, run).await {
            Ok(()) if parsed.is("watch") && run == "none" => {
                until_there(cx, &parsed, &info, replicas).await?;
            }
            // The first that cannot be scaled ends it, as in kubectl.
            outcome => outcome?,
        }
    }
    // Those that are not there are told of in the end.
    CliError::all(found.errors)
}

/// What the server says stands by itself; for the rest, nothing was passed.
fn nothing_found(errors: Vec<CliError>) -> CliError {
    let other = errors.iter().find(|error| !matches!(error, CliError::Client(_)));
    match other {
        Some(error) => CliError::plain(format!("no objects passed to scale {error}")),
        None => CliError::Many(errors),
    }
}

async fn scale(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    replicas: i64,
    run: &str,
) -> Result<(), CliError> {
    let api = info.api(cx).await?;
    let current = parsed.int("current-replicas");
    let version = parsed.text("resource-version");
    if run != "client" {
        let mut patch = json!({"spec": {"replicas": replicas}});
        if parsed.given("current-replicas") || !version.is_empty() {
            let scale = api.get_sub(&info.name, "scale").await?;
            let there = scale["spec"]["replicas"].as_i64().unwrap_or(0);
            if parsed.given("current-replicas") && current != -1 && there != current {
                let text = format!("Expected replicas to be {current}, was {there}");
                return Err(CliError::plain(text));
            }
            let now = scale["metadata"]["resourceVersion"].as_str().unwrap_or_default();
            if !version.is_empty() && now != version {
                let text = format!("Expected resource version to be {version}, was {now}");
                return Err(CliError::plain(text));
            }
            patch["metadata"] = json!({"resourceVersion": now});
        }
        let options = client::WriteOptions { dry_run: run == "server", ..Default::default() };
        api.patch(&info.name, Some("scale"), &Patch::Merge(patch), &options).await?;
    }
    let mut object = info.object.clone();
    if run == "none" && !parsed.text("output").is_empty() {
        object = info.fetch(cx).await?;
    }
    print::print_outcome(cx, parsed, &object, &print::dry("scaled", run))
}

/// Waits until as many replicas are ready as were asked for.
async fn until_there(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    replicas: i64,
) -> Result<(), CliError> {
    cx.flush();
    let board = Board::new(cx, &info.title());
    let waiting = follow(cx, info, replicas, &board);
    let waiting = live::or_trouble(cx, info, &board, parsed.is("fail-fast"), waiting);
    let outcome = live::within(parsed.duration("timeout"), waiting).await;
    board.end(cx, &outcome);
    outcome
}

async fn follow(cx: &Context, info: &Info, replicas: i64, board: &Board) -> Result<(), CliError> {
    let name = Some(format!("metadata.name={}", info.name));
    let namespace = info.namespace.as_deref();
    let mut object = Follow::start(cx, &info.place.resource, namespace, None, name).await?;
    let title = info.title();
    let mut said = None;
    loop {
        let Some(now) = object.objects().next() else {
            return Err(CliError::plain("object has been deleted"));
        };
        let asked = now["spec"]["replicas"].as_i64().unwrap_or(replicas);
        if asked != replicas {
            let text = format!("{title} was asked for {asked} replicas meanwhile");
            return Err(CliError::plain(text));
        }
        let (ready, done) = ready(now, replicas);
        if done {
            board.clear();
            let word = if replicas == 1 { "replica" } else { "replicas" };
            return cx.say(&format!("{title} has {replicas} ready {word}"));
        }
        let line = format!("{ready} of {replicas} replicas are ready");
        board.set(ready, replicas, "");
        if !board.is_drawn() && said != Some(ready) {
            cx.say(&format!("Waiting for {title}: {line}..."))?;
            cx.flush();
        }
        said = Some(ready);
        object.changed().await?;
    }
}

/// How many replicas are ready, and whether these are all and no others.
fn ready(object: &Value, wanted: i64) -> (i64, bool) {
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    let status = &object["status"];
    let seen = number(&object["metadata"]["generation"]) <= number(&status["observedGeneration"]);
    let (all, ready) = (number(&status["replicas"]), number(&status["readyReplicas"]));
    (ready, seen && all == wanted && ready == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_were_asked_for_and_no_others() {
        let object = |status: Value| json!({"metadata": {"generation": 2}, "status": status});
        let seen = json!({"observedGeneration": 2, "replicas": 2, "readyReplicas": 2});
        assert_eq!(ready(&object(seen.clone()), 2), (2, true));
        assert_eq!(ready(&object(seen), 3), (2, false));
        assert!(
            !ready(&object(json!({"observedGeneration": 1, "replicas": 2, "readyReplicas": 2})), 2)
                .1
        );
        assert!(ready(&object(json!({"observedGeneration": 2})), 0).1, "none is left");
    }
}
