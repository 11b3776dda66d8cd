//! kubectl: verbs, describe pages, printers, and what it says of errors.
//!
//! Where output is no terminal, stdout, stderr and exit codes are kubectl 1.36's to the byte.
//! How a cluster is booted and what our own commands do is handed in as a [`Launcher`].

mod args;
mod complete;
mod confirm;
mod context;
mod describe;
mod detach;
mod family;
mod flags;
mod health;
mod help;
mod kustomize;
pub mod launch;
mod live;
mod login;
mod merge;
pub mod own;
mod plugin;
mod preferences;
mod print;
mod report;
mod resolve;
pub mod server_flags;
mod stream;
mod surroundings;
mod terminal;
mod text;
mod traffic;
mod unreachable;
mod verbs;

#[cfg(test)]
mod fuzz_tests;

use std::{ffi::OsString, sync::Arc};

use args::Found;
pub use complete::completion_script;
use context::Context;
pub use launch::{LaunchError, Launcher, Reach};
pub use live::ImageBars;
pub use own::{
    ClusterCommand, ClusterSettings, ImageCommand, NodeCommand, OwnCommand, RunArgs, StartArgs,
    WithArgs,
};
use report::CliError;
pub use verbs::command_tree;

/// Runs one command line and returns the exit code.
pub fn run(args: Vec<OsString>, launcher: Arc<dyn Launcher>) -> u8 {
    let mut words = args.into_iter().map(|arg| arg.to_string_lossy().into_owned());
    let called = words.next().unwrap_or_default();
    let mut words: Vec<String> = words.collect();
    let mut program = called.rsplit('/').next().unwrap_or_default().to_owned();
    if program != "kubectl" {
        "kanoe".clone_into(&mut program);
        if words.first().is_some_and(|word| word == "kubectl") {
            words.remove(0);
            "kubectl".clone_into(&mut program);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let mut err = std::io::stderr();
            report::last_words(&mut err, &format!("error: cannot start: {error}\n"));
            return 1;
        }
    };
    let local = tokio::task::LocalSet::new();
    let code = local.block_on(&runtime, dispatch(program, words, launcher));
    drop(local);
    // A read of stdin may still wait for a key; nobody waits for it.
    runtime.shutdown_background();
    code
}

async fn dispatch(program: String, words: Vec<String>, launcher: Arc<dyn Launcher>) -> u8 {
    if program == "kanoe"
        && let Some(outcome) = own::try_own(&words, &launcher).await
    {
        return outcome;
    }
    let cx = Context::new(program, launcher);
    let outcome = command(&cx, words).await.and_then(|()| cx.check_warnings());
    let code = match outcome {
        Ok(()) => 0,
        Err(error) => report::report(&cx, &error),
    };
    cx.finish().await;
    code
}

async fn command(cx: &Context, words: Vec<String>) -> Result<(), CliError> {
    let words = preferences::applied(cx.program(), words, &|text| cx.say_err_raw(text))?;
    let found = verbs::find(cx.program(), &words)?;
    match found {
        Found::Help { path, .. } if path == "options" => help::options(cx),
        Found::Help { path, to_err } => help::page(cx, &path, to_err),
        Found::UnknownTopic { words } => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            cx.say_err(&format!("Unknown help topic [{}]\n", words.join(" ")));
            cx.say_err_raw(&help::topics(cx.program()));
            Ok(())
        }
        Found::BarePage { path } => {
            // `certificate` alone takes being called bare for a question; `rollout` has its page on
            // stdout, all others on stderr, and they fail.
            help::page(cx, &path, !matches!(path.as_str(), "rollout" | "certificate"))?;
            if path == "certificate" { Ok(()) } else { Err(CliError::Silent(1)) }
        }
        Found::Plugin { words } => plugin::run(cx, &words),
        Found::Complete { words, described } => complete::answer(cx, &words, described).await,
        Found::Verb { run, parsed } => {
            cx.take_globals(&parsed);
            surroundings::check_profile(&parsed)?;
            // A word that is no colour is refused before anything is done.
            cx.palette()?;
            confirm::ask(cx, &parsed)?;
            run(cx, parsed).await
        }
    }
}
