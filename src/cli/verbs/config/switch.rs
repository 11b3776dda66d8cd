//! `ctx` and `ns`: which context and which namespace are meant from now on; `-` is the one before. Ours.
//!
//! What was before is kept beside the kubeconfig, in `~/.kube/kanoe-previous`.

use std::{fs, io::IsTerminal as _, path::PathBuf};

use client::{
    ListOptions,
    kubeconfig::{named, named_mut},
};
use serde_json::{Value, json};

use super::{file_with, write_private};
use crate::{
    args::Parsed,
    context::{Context, home},
    report::{CliError, io_words},
    terminal::Tint,
    verbs::create,
};

/// The context that `ns` makes where there is none: the embedded cluster's.
const OWN_CONTEXT: &str = "kanoe";

pub(crate) async fn ctx(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let config = cx.config()?;
    let current = config.current_context.as_str();
    if parsed.is("current") {
        return if current.is_empty() {
            Err(CliError::plain("current-context is not set"))
        } else {
            cx.say(current)
        };
    }
    let wanted = match parsed.args.as_slice() {
        [] => {
            let names = config.contexts.iter().map(|one| one.name.clone()).collect();
            return list(cx, names, current);
        }
        [name] => name.as_str(),
        _ => return Err(cx.usage("ctx", "one NAME, or - for the one before, is all it takes")),
    };
    let mut past = Past::read()?;
    let wanted = match wanted {
        "-" => past.context.clone().ok_or_else(|| CliError::plain("there is no context before"))?,
        name => name.to_owned(),
    };
    if named(&config.contexts, &wanted).is_none() {
        return Err(CliError::plain(format!("no context exists with the name: {wanted:?}")));
    }
    if wanted != current {
        let mut file = file_with(cx, |config| !config.current_context.is_empty())?;
        file.config.current_context.clone_from(&wanted);
        file.write()?;
        if !current.is_empty() {
            past.context = Some(current.to_owned());
            past.write()?;
        }
    }
    cx.say(&format!("Switched to context {wanted:?}."))
}

pub(crate) async fn ns(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let (current, _) = cx.namespace()?;
    if parsed.is("current") {
        return cx.say(&current);
    }
    let wanted = match parsed.args.as_slice() {
        [] => return list(cx, namespaces(cx).await?, &current),
        [name] => name.as_str(),
        _ => return Err(cx.usage("ns", "one NAME, or - for the one before, is all it takes")),
    };
    let context = match cx.global("context") {
        given if !given.is_empty() => given,
        _ => cx.config()?.current_context.clone(),
    };
    let context = if context.is_empty() { OWN_CONTEXT.to_owned() } else { context };
    let mut past = Past::read()?;
    let wanted = match wanted {
        "-" => past.namespace(&context).ok_or_else(|| {
            CliError::plain(format!("there is no namespace before in context {context:?}"))
        })?,
        name => name.to_owned(),
    };
    if !parsed.is("force") {
        exists(cx, &wanted).await?;
    }
    if wanted != current {
        let mut file = file_with(cx, |config| named(&config.contexts, &context).is_some())?;
        named_mut(&mut file.config.contexts, &context).namespace = Some(wanted.clone());
        if cx.config()?.current_context.is_empty() {
            file.config.current_context.clone_from(&context);
        }
        file.write()?;
        past.namespaces[&context] = current.into();
        past.write()?;
    }
    cx.say(&format!("Switched to namespace {wanted:?} in context {context:?}."))
}

/// One name a line; at a terminal the one in use is marked.
fn list(cx: &Context, names: Vec<String>, current: &str) -> Result<(), CliError> {
    let watched = std::io::stdout().is_terminal();
    let palette = cx.palette()?;
    for name in names {
        let (mark, tint) = if name == current { ("* ", Some(Tint::Good)) } else { ("  ", None) };
        let mark = if watched { mark } else { "" };
        cx.say(&format!("{mark}{}", palette.paint(tint, &name)))?;
    }
    Ok(())
}

async fn namespaces(cx: &Context) -> Result<Vec<String>, CliError> {
    let place = create::resource("v1", "Namespace", "namespaces", false);
    let list = cx.api(&place, None).await?.list(&ListOptions::default()).await?;
    let items = list["items"].as_array().into_iter().flatten();
    Ok(items.filter_map(|one| Some(one["metadata"]["name"].as_str()?.to_owned())).collect())
}

/// Refuses a namespace that is not there; who may not look is believed.
async fn exists(cx: &Context, name: &str) -> Result<(), CliError> {
    let place = create::resource("v1", "Namespace", "namespaces", false);
    match cx.api(&place, None).await?.get(name).await {
        Err(error) if error.code() != 403 => Err(error.into()),
        _ => Ok(()),
    }
}

/// What was in use before.
struct Past {
    path: Option<PathBuf>,
    context: Option<String>,
    /// By context.
    namespaces: Value,
}

impl Past {
    fn read() -> Result<Self, CliError> {
        let path = home().map(|home| home.join(".kube/kanoe-previous"));
        let text = match path.as_ref().map(fs::read_to_string) {
            Some(Ok(text)) => text,
            Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => {
                let shown = path.unwrap_or_default();
                let why = io_words(&error);
                return Err(CliError::plain(format!("open {}: {why}", shown.display())));
            }
            _ => String::new(),
        };
        // A file that somebody spoilt is as good as none: it only helps to go back.
        let known: Value = serde_json::from_str(&text).unwrap_or_default();
        let namespaces = match known["namespaces"].clone() {
            map @ Value::Object(_) => map,
            _ => json!({}),
        };
        Ok(Self { path, context: known["context"].as_str().map(str::to_owned), namespaces })
    }

    fn namespace(&self, context: &str) -> Option<String> {
        self.namespaces[context].as_str().map(str::to_owned)
    }

    fn write(&self) -> Result<(), CliError> {
        let Some(path) = &self.path else { return Ok(()) };
        let text = json!({"context": self.context, "namespaces": self.namespaces}).to_string();
        let written = path.parent().map_or(Ok(()), fs::create_dir_all);
        written.and_then(|()| write_private(path, &format!("{text}\n"))).map_err(|error| {
            CliError::plain(format!("open {}: {}", path.display(), io_words(&error)))
        })
    }
}
