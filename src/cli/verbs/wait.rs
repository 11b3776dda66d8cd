//! `wait`: until objects are there, are gone, meet a condition or have a value.

use std::time::Duration;

use client::{WatchEvent, WatchOptions};
use serde_json::Value;
use tokio::time::Instant;

use super::delete;
use crate::{
    args::Parsed,
    context::Context,
    live::{self, Board},
    print::{self, JsonPath},
    report::CliError,
    resolve::{self, Ask, Info},
};

/// What is waited for.
enum Goal {
    Create,
    Delete,
    Condition { name: String, value: String },
    Path { path: JsonPath, value: Option<String> },
}

fn goal(word: &str) -> Result<Goal, CliError> {
    let lower = word.to_lowercase();
    if lower == "delete" {
        return Ok(Goal::Delete);
    }
    if lower == "create" {
        return Ok(Goal::Create);
    }
    if let Some(condition) = word.strip_prefix("condition=") {
        let (name, value) = condition.split_once('=').unwrap_or((condition, "true"));
        return Ok(Goal::Condition { name: name.to_owned(), value: value.to_owned() });
    }
    if let Some(text) = word.strip_prefix("jsonpath=") {
        return path_goal(text);
    }
    Err(CliError::plain(format!("unrecognized condition: {word:?}")))
}

/// `PATH` or `PATH=VALUE`; the signs of comparisons do not part them.
fn path_goal(text: &str) -> Result<Goal, CliError> {
    const EXAMPLE: &str = "--for=jsonpath='{.status.readyReplicas}'";
    if text.is_empty() {
        return Err(CliError::plain("jsonpath expression cannot be empty"));
    }
    let (path, value) = match parts(text).as_slice() {
        [path] => (path.clone(), None),
        [path, value] => (path.clone(), Some(value.trim_matches(['\'', '"']).to_owned())),
        _ => {
            let text = format!("jsonpath wait format must be {EXAMPLE}=3 or {EXAMPLE}");
            return Err(CliError::plain(text));
        }
    };
    if value.as_deref() == Some("") {
        let text = format!("jsonpath wait has to have a value after equal sign, like {EXAMPLE}=3");
        return Err(CliError::plain(text));
    }
    Ok(Goal::Path { path: JsonPath::relaxed(&path)?, value })
}

/// A text at its equal signs, but for those of `==`, `!=`, `<=` and `>=`.
fn parts(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = found.len() - 1;
        if matches!(letter, '=' | '!' | '<' | '>') && letters.next_if_eq(&'=').is_some() {
            found[last].push(letter);
            found[last].push('=');
        } else if letter == '=' {
            found.push(String::new());
        } else {
            found[last].push(letter);
        }
    }
    found
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let words = parsed.list("for");
    if words.is_empty() {
        return Err(CliError::plain("unrecognized condition: []"));
    }
    let goals = words.iter().map(|word| goal(word)).collect::<Result<Vec<Goal>, CliError>>()?;
    let timeout = parsed.duration("timeout");
    let negative = parsed.text("timeout").starts_with('-');
    let limit = if negative { Duration::from_hours(168) } else { timeout };
    let deadline = lifecycle::clock::instant() + limit;
    let ask = Ask { type_means_all: false, ..Ask::of(&parsed) };
    let infos = infos(cx, &parsed, ask, &goals, deadline).await?;
    let leaves = goals.iter().any(|goal| matches!(goal, Goal::Delete));
    if infos.is_empty() {
        if leaves {
            return Ok(());
        }
        return Err(CliError::plain("no matching resources found"));
    }
    let mut errors = Vec::new();
    let board = if limit.is_zero() { Board::default() } else { Board::new(cx, &words.join(", ")) };
    let total = i64::try_from(infos.len()).unwrap_or(i64::MAX);
    for (info, at) in infos.iter().zip(0..) {
        board.set(at, total, &format!("waiting for {}", info.title()));
        let fail_fast = parsed.is("fail-fast") && !leaves;
        let waiting = each(cx, &parsed, info, &goals, (deadline, limit.is_zero()));
        match live::or_trouble(cx, info, &board, fail_fast, waiting).await {
            Ok(()) => {}
            Err(error @ CliError::Words { code: live::HOPELESS, .. }) => {
                board.leave(cx);
                return Err(error);
            }
            Err(error) => errors.push(error),
        }
        if board.is_drawn() {
            cx.flush();
        }
    }
    let outcome = CliError::all(errors);
    board.end(cx, &outcome);
    outcome
}

fn met(cx: &Context, parsed: &Parsed, info: &Info, object: &Value) -> Result<(), CliError> {
    if parsed.text("output").is_empty() && parsed.text("template").is_empty() {
        return cx.say(&format!("{} condition met", info.title()));
    }
    print::print_outcome(cx, parsed, object, "condition met")
}

/// The objects to wait for. Those that shall go may be gone; those that shall come may not be there.
async fn infos(
    cx: &Context,
    parsed: &Parsed,
    ask: Ask,
    goals: &[Goal],
    deadline: Instant,
) -> Result<Vec<Info>, CliError> {
    if ask.words.is_empty() && !ask.has_files() {
        return Err(resolve::nothing_named());
    }
    if parsed.is("local") {
        return resolve::find(cx, &ask).await?.all();
    }
    let leaves = goals.iter().any(|goal| matches!(goal, Goal::Delete));
    let comes = goals.iter().any(|goal| matches!(goal, Goal::Create));
    let ask = Ask { ignore_not_found: leaves, ..ask }.latest();
    loop {
        let found = resolve::find(cx, &ask).await?;
        let missing = found.errors.iter().any(CliError::not_found) || found.infos.is_empty();
        if !comes || !missing {
            return found.all();
        }
        if tokio::time::timeout_at(deadline, something_new(cx, &ask)).await.is_err() {
            let late = "timed out waiting for the condition";
            return Err(CliError::plain(late));
        }
    }
}

/// Waits for any change of the first type that is asked for.
async fn something_new(cx: &Context, ask: &Ask) -> Result<(), CliError> {
    let targets = resolve::targets(cx, ask).await?;
    let Some(target) = targets.first() else { return Ok(()) };
    let (namespace, _) = cx.namespace()?;
    let scope = resolve::scope(&target.place, &namespace);
    let api = cx.api(&target.place.resource, scope.as_deref()).await?;
    let options = WatchOptions {
        fields: target.names.first().map(|name| format!("metadata.name={name}")),
        labels: Some(ask.labels.clone()),
        ..WatchOptions::default()
    };
    let mut events = api.watch(&options).await?;
    events.next::<Value>().await?;
    Ok(())
}

/// Waits for the goals of one object, one after the other, and tells of each.
async fn each(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    goals: &[Goal],
    patience: (Instant, bool),
) -> Result<(), CliError> {
    let mut info = info.clone();
    for goal in goals {
        info.object = one(cx, &info, goal, patience).await?;
        met(cx, parsed, &info, &info.object)?;
    }
    Ok(())
}

/// Waits until the deadline, or looks but once.
async fn one(
    cx: &Context,
    info: &Info,
    goal: &Goal,
    (deadline, once): (Instant, bool),
) -> Result<Value, CliError> {
    let place = format!("{}/{}", info.place.resource.plural, info.name);
    let late = || CliError::plain(format!("timed out waiting for the condition on {place}"));
    match goal {
        Goal::Create => Ok(info.object.clone()),
        Goal::Delete => {
            if once {
                return Err(CliError::plain(format!("condition not met for {place}")));
            }
            let uid = info.object["metadata"]["uid"].as_str();
            let waiting = delete::until_gone(cx, info, uid);
            tokio::time::timeout_at(deadline, waiting).await.map_err(|_| late())??;
            Ok(info.object.clone())
        }
        Goal::Condition { .. } | Goal::Path { .. } => {
            if fits(&info.object, goal)? {
                return Ok(info.object.clone());
            }
            if once {
                return Err(CliError::plain(format!("condition not met for {place}")));
            }
            let waiting = until(cx, info, goal);
            tokio::time::timeout_at(deadline, waiting).await.map_err(|_| late())?
        }
    }
}

async fn until(cx: &Context, info: &Info, goal: &Goal) -> Result<Value, CliError> {
    let api = info.api(cx).await?;
    loop {
        let object = api.get(&info.name).await?;
        if fits(&object, goal)? {
            return Ok(object);
        }
        let options = WatchOptions {
            fields: Some(format!("metadata.name={}", info.name)),
            resource_version: object["metadata"]["resourceVersion"].as_str().map(str::to_owned),
            ..WatchOptions::default()
        };
        let mut events = api.watch(&options).await?;
        while let Ok(Some(event)) = events.next::<Value>().await {
            match event {
                WatchEvent::Added(object) | WatchEvent::Modified(object)
                    if fits(&object, goal)? =>
                {
                    return Ok(object);
                }
                WatchEvent::Deleted(_) => {
                    let place = &info.place.resource;
                    let text = format!("{} {:?} not found", place.qualified(), info.name);
                    return Err(CliError::Words {
                        text: format!("Error from server (NotFound): {text}"),
                        code: 1,
                    });
                }
                _ => {}
            }
        }
    }
}

fn fits(object: &Value, goal: &Goal) -> Result<bool, CliError> {
    match goal {
        Goal::Create => Ok(true),
        Goal::Delete => Ok(false),
        Goal::Condition { name, value } => {
            let conditions = object["status"]["conditions"].as_array().into_iter().flatten();
            let found = conditions.into_iter().find(|condition| {
                condition["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case(name))
            });
            let Some(found) = found else { return Ok(false) };
            let generation = object["metadata"]["generation"].as_i64().unwrap_or(0);
            let seen = found["observedGeneration"]
                .as_i64()
                .or(object["status"]["observedGeneration"].as_i64());
            if seen.is_some_and(|seen| seen < generation) {
                return Ok(false);
            }
            let status = found["status"].as_str().unwrap_or_default();
            Ok(status.eq_ignore_ascii_case(value))
        }
        Goal::Path { path, value } => {
            let found = path.find(object).map_err(CliError::plain)?;
            let Some(first) = found.first() else { return Ok(false) };
            if found.len() > 1 {
                let text = "given jsonpath expression matches more than one value";
                return Err(CliError::plain(text));
            }
            match value {
                None => Ok(true),
                Some(_) if first.get().is_array() || first.get().is_object() => {
                    Err(CliError::plain(
                        "jsonpath leads to a nested object or list which cannot be compared",
                    ))
                }
                Some(value) => Ok(print::text_of(first.get()) == *value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn goals_are_met() {
        let object = json!({"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}});
        for (word, want) in [
            ("condition=ready", true),
            ("condition=Ready=false", false),
            ("jsonpath={.status.phase}=Running", true),
            ("jsonpath={.status.phase}", true),
            ("jsonpath=.status.phase=Running", true),
            ("jsonpath={.status.conditions[?(@.type==\"Ready\")].status}=True", true),
            ("jsonpath='{.status.nope}'", false),
        ] {
            assert_eq!(fits(&object, &goal(word).unwrap_or(Goal::Delete)).unwrap(), want, "{word}");
        }
        for word in ["bogus", "jsonpath=", "jsonpath={.a}=", "jsonpath={.a}=b=c"] {
            assert!(goal(word).is_err(), "{word}");
        }
        let both = json!({"status": {"conditions": [{"type": "A"}, {"type": "B"}]}});
        let goal = goal("jsonpath={.status.conditions[*].type}=A").unwrap_or(Goal::Delete);
        assert!(fits(&both, &goal).is_err());
    }
}
