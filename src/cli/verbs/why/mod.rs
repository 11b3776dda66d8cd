//! `why`: the chain of causes behind an object's state, in plain words. Ours, not kubectl's.
//!
//! Here is what is asked of the server; what is told of it is decided in [`story`].

mod links;
mod story;

use std::collections::HashMap;

use client::ListOptions;
use machinery::meta;
use story::Facts;

use super::{create, tree::named};
use crate::{
    args::Parsed,
    context::Context,
    family::Family,
    health::pod::causes,
    live::{Speaker, last_words},
    report::CliError,
    resolve::{self, Ask, Info},
};

/// Of how many pods the last words are asked for.
const LOGS: usize = 5;

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let palette = cx.palette()?;
    for (at, info) in named(cx, &parsed).await?.into_iter().enumerate() {
        let facts = gather(cx, &info, parsed.int("tail")).await?;
        if at > 0 {
            cx.say("")?;
        }
        for line in story::tell(&info, &facts) {
            let space = "  ".repeat(line.level);
            cx.say(&format!("{space}{}", palette.paint(line.tint, &line.text)))?;
        }
        cx.flush();
        if let Some(warning) = facts.family.warning() {
            cx.say_err(&warning);
        }
    }
    Ok(())
}

async fn gather(cx: &Context, info: &Info, tail: i64) -> Result<Facts, CliError> {
    let namespace = info.namespace.as_deref();
    let mut family = Family::read(cx, namespace).await?;
    let nodes = cx.resource("nodes").await?;
    let ask = Ask { type_means_all: true, ..Ask::default() };
    // Who may not see the nodes hears nothing of them.
    for node in resolve::list(cx, &ask, &nodes, "").await.unwrap_or_default() {
        family.add(node);
    }
    let events = create::resource("v1", "Event", "events", true);
    let events = cx.api(&events, namespace).await?.list(&ListOptions::default()).await;
    let events = events.unwrap_or_default()["items"].as_array().cloned().unwrap_or_default();
    let mut facts =
        Facts { family, events, last_words: HashMap::new(), now: lifecycle::clock::now() };
    if tail > 0 {
        for (uid, whose) in speakers(info, &facts) {
            let lines = last_words(cx, &whose, tail).await;
            facts.last_words.insert((uid, whose.container), lines);
        }
    }
    Ok(facts)
}

/// Containers whose last words may tell something, by the uid of their pod.
fn speakers(info: &Info, facts: &Facts) -> Vec<(String, Speaker)> {
    let mut found = Vec::new();
    for pod in story::pods_below(info, &facts.family).into_iter().take(LOGS) {
        for cause in causes(&pod.object) {
            if let Some(previous) = cause.last_words {
                let whose = Speaker::new(&pod.object, &cause.container, previous);
                found.push((meta::uid(&pod.object).to_owned(), whose));
            }
        }
    }
    found
}
