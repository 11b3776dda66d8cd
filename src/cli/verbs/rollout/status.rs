//! `rollout status`: a line for each change, until the rollout is done, stuck or out of time. A person
//! gets a bar instead; with `--fail-fast` it also ends when pods show that it cannot succeed.

use client::{WatchEvent, WatchOptions};
use serde_json::Value;

use super::find;
use crate::{
    args::Parsed,
    context::Context,
    health,
    live::{self, Board},
    report::CliError,
    resolve::Info,
};

pub(crate) async fn status(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let mut errors = Vec::new();
    for info in find(cx, &parsed).await? {
        let watch = parsed.is("watch");
        let board = if watch { Board::new(cx, &info.title()) } else { Board::default() };
        let fail_fast = watch && parsed.is("fail-fast");
        let following = follow(cx, &parsed, &info, &board);
        let following = live::or_trouble(cx, &info, &board, fail_fast, following);
        let outcome = live::within(parsed.duration("timeout"), following).await;
        board.end(cx, &outcome);
        match outcome {
            Ok(()) => {}
            Err(error @ CliError::Words { code: live::HOPELESS, .. }) => return Err(error),
            Err(error) => errors.push(error),
        }
    }
    CliError::all(errors)
}

async fn follow(cx: &Context, parsed: &Parsed, info: &Info, board: &Board) -> Result<(), CliError> {
    let api = info.api(cx).await?;
    let mut object = info.object.clone();
    loop {
        let done = show(cx, parsed, &object, board)?;
        if done || !parsed.is("watch") {
            return Ok(());
        }
        let options = WatchOptions {
            fields: Some(format!("metadata.name={}", info.name)),
            resource_version: object["metadata"]["resourceVersion"].as_str().map(str::to_owned),
            ..WatchOptions::default()
        };
        let mut events = api.watch(&options).await?;
        loop {
            match events.next::<Value>().await {
                Ok(Some(WatchEvent::Added(new) | WatchEvent::Modified(new))) => {
                    object = new;
                    if show(cx, parsed, &object, board)? {
                        return Ok(());
                    }
                }
                Ok(Some(WatchEvent::Deleted(_))) => {
                    return Err(CliError::plain("object has been deleted"));
                }
                Ok(Some(WatchEvent::Bookmark(_))) => {}
                Ok(None) => break,
                Err(error) if error.gone() => break,
                Err(error) => return Err(error.into()),
            }
        }
        object = api.get(&info.name).await?;
    }
}

/// Tells where a rollout stands, and answers whether it is done.
fn show(cx: &Context, parsed: &Parsed, object: &Value, board: &Board) -> Result<bool, CliError> {
    let told = progress(object, parsed.int("revision"));
    let (line, done) = told.map_err(|error| {
        if parsed.is("fail-fast") && is_stuck(object) {
            live::hopeless(&error.to_string())
        } else {
            error
        }
    })?;
    if board.is_drawn() && !done {
        let (have, wanted) = counts(object);
        // The bar says already what is waited for, and the numbers.
        let (_, short) = line.split_once(" to finish: ").unwrap_or(("", &line));
        board.set(have, wanted, short.trim_end());
        return Ok(false);
    }
    board.clear();
    cx.out(&line)?;
    cx.flush();
    Ok(done)
}

fn is_stuck(object: &Value) -> bool {
    health::condition(object, "Progressing")
        .is_some_and(|one| one["reason"] == "ProgressDeadlineExceeded")
}

/// How many of how many pods are new and of use.
fn counts(object: &Value) -> (i64, i64) {
    let status = &object["status"];
    let least = |a: &str, b: &str| number(&status[a]).min(number(&status[b]));
    let wanted = object["spec"]["replicas"].as_i64().unwrap_or(1);
    match object["kind"].as_str().unwrap_or_default() {
        "DaemonSet" => {
            let wanted = number(&status["desiredNumberScheduled"]);
            (least("updatedNumberScheduled", "numberAvailable"), wanted)
        }
        "StatefulSet" => (least("updatedReplicas", "readyReplicas"), wanted),
        _ => (least("updatedReplicas", "availableReplicas"), wanted),
    }
}

/// Where a rollout stands, and whether it is done.
fn progress(object: &Value, revision: i64) -> Result<(String, bool), CliError> {
    match object["kind"].as_str().unwrap_or_default() {
        "Deployment" => deployment(object, revision),
        "DaemonSet" => daemon_set(object),
        "StatefulSet" => stateful_set(object),
        kind => {
            let group = object["apiVersion"].as_str().and_then(|it| it.split_once('/'));
            let group = group.map_or(String::new(), |(group, _)| format!(".{group}"));
            let text = format!("no status viewer has been implemented for {kind}{group}");
            Err(CliError::plain(text))
        }
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

fn observed(object: &Value) -> bool {
    number(&object["metadata"]["generation"]) <= number(&object["status"]["observedGeneration"])
}

fn deployment(object: &Value, revision: i64) -> Result<(String, bool), CliError> {
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let status = &object["status"];
    if revision > 0 {
        let now = &object["metadata"]["annotations"]["deployment.kubernetes.io/revision"];
        let now = now.as_str().and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        if now != revision {
            return Err(CliError::plain(format!(
                "desired revision ({revision}) is different from the running revision ({now})"
            )));
        }
    }
    if !observed(object) {
        return Ok(("Waiting for deployment spec update to be observed...\n".to_owned(), false));
    }
    let conditions = status["conditions"].as_array().into_iter().flatten();
    let progressing = conditions.into_iter().find(|c| c["type"] == "Progressing");
    if progressing.is_some_and(|c| c["reason"] == "ProgressDeadlineExceeded") {
        return Err(CliError::plain(format!("deployment {name:?} exceeded its progress deadline")));
    }
    let wanted = object["spec"]["replicas"].as_i64().unwrap_or(1);
    let (updated, all, available) = (
        number(&status["updatedReplicas"]),
        number(&status["replicas"]),
        number(&status["availableReplicas"]),
    );
    let waiting = format!("Waiting for deployment {name:?} rollout to finish:");
    if updated < wanted {
        return Ok((
            format!("{waiting} {updated} out of {wanted} new replicas have been updated...\n"),
            false,
        ));
    }
    if all > updated {
        return Ok((
            format!("{waiting} {} old replicas are pending termination...\n", all - updated),
            false,
        ));
    }
    if available < updated {
        return Ok((
            format!("{waiting} {available} of {updated} updated replicas are available...\n"),
            false,
        ));
    }
    Ok((format!("deployment {name:?} successfully rolled out\n"), true))
}

fn only_rolling(object: &Value) -> Result<(), CliError> {
    if object["spec"]["updateStrategy"]["type"] == "RollingUpdate" {
        return Ok(());
    }
    Err(CliError::plain("rollout status is only available for RollingUpdate strategy type"))
}

fn daemon_set(object: &Value) -> Result<(String, bool), CliError> {
    only_rolling(object)?;
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    if !observed(object) {
        return Ok(("Waiting for daemon set spec update to be observed...\n".to_owned(), false));
    }
    let status = &object["status"];
    let (updated, wanted, available) = (
        number(&status["updatedNumberScheduled"]),
        number(&status["desiredNumberScheduled"]),
        number(&status["numberAvailable"]),
    );
    let waiting = format!("Waiting for daemon set {name:?} rollout to finish:");
    if updated < wanted {
        return Ok((
            format!("{waiting} {updated} out of {wanted} new pods have been updated...\n"),
            false,
        ));
    }
    if available < wanted {
        return Ok((
            format!("{waiting} {available} of {wanted} updated pods are available...\n"),
            false,
        ));
    }
    Ok((format!("daemon set {name:?} successfully rolled out\n"), true))
}

fn stateful_set(object: &Value) -> Result<(String, bool), CliError> {
    only_rolling(object)?;
    let status = &object["status"];
    if number(&status["observedGeneration"]) == 0 || !observed(object) {
        return Ok(("Waiting for statefulset spec update to be observed...\n".to_owned(), false));
    }
    let wanted = object["spec"]["replicas"].as_i64().unwrap_or(1);
    let (ready, updated) = (number(&status["readyReplicas"]), number(&status["updatedReplicas"]));
    if ready < wanted {
        return Ok((format!("Waiting for {} pods to be ready...\n", wanted - ready), false));
    }
    let rolling = &object["spec"]["updateStrategy"]["rollingUpdate"];
    if rolling.is_object() {
        let due = wanted - rolling["partition"].as_i64().unwrap_or(wanted);
        if updated < due {
            return Ok((
                format!(
                    "Waiting for partitioned roll out to finish: {updated} out of {due} new pods have been updated...\n"
                ),
                false,
            ));
        }
        return Ok((
            format!("partitioned roll out complete: {updated} new pods have been updated...\n"),
            true,
        ));
    }
    let revision = status["updateRevision"].as_str().unwrap_or_default();
    if status["updateRevision"] != status["currentRevision"] {
        return Ok((
            format!(
                "waiting for statefulset rolling update to complete {updated} pods at revision {revision}...\n"
            ),
            false,
        ));
    }
    let current = number(&status["currentReplicas"]);
    Ok((
        format!("statefulset rolling update complete {current} pods at revision {revision}...\n"),
        true,
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_deployment_s_progress_is_told() {
        let object = |status: Value| json!({"kind": "Deployment", "metadata": {"name": "d", "generation": 1}, "spec": {"replicas": 2}, "status": status});
        for (status, want) in [
            (json!({}), "Waiting for deployment spec update to be observed...\n"),
            (
                json!({"observedGeneration": 1, "updatedReplicas": 1}),
                "Waiting for deployment \"d\" rollout to finish: 1 out of 2 new replicas have been updated...\n",
            ),
            (
                json!({"observedGeneration": 1, "updatedReplicas": 2, "replicas": 3}),
                "Waiting for deployment \"d\" rollout to finish: 1 old replicas are pending termination...\n",
            ),
            (
                json!({"observedGeneration": 1, "updatedReplicas": 2, "replicas": 2}),
                "Waiting for deployment \"d\" rollout to finish: 0 of 2 updated replicas are available...\n",
            ),
            (
                json!({"observedGeneration": 1, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 2}),
                "deployment \"d\" successfully rolled out\n",
            ),
        ] {
            assert_eq!(progress(&object(status), 0).unwrap().0, want);
        }
        let stuck = object(
            json!({"observedGeneration": 1, "conditions": [{"type": "Progressing", "reason": "ProgressDeadlineExceeded"}]}),
        );
        assert_eq!(
            progress(&stuck, 0).unwrap_err().to_string(),
            "deployment \"d\" exceeded its progress deadline"
        );
    }
}
