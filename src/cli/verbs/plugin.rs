//! `plugin list`: programs on the PATH that extend the command line.

use std::path::PathBuf;

use crate::{args::Parsed, context::Context, plugin::is_program, report::CliError};

#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn list(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let mut found: Vec<PathBuf> = Vec::new();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in std::env::split_paths(&path) {
        if !folder.as_os_str().is_empty() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut here: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("kubectl-"))
            .map(|entry| entry.path())
            .collect();
        here.sort();
        found.extend(here);
    }
    if found.is_empty() {
        return Err(CliError::plain("unable to find any kubectl plugins in your PATH"));
    }
    cx.say("The following compatible plugins are available:\n")?;
    let mut warnings = 0;
    let mut seen: Vec<String> = Vec::new();
    for path in &found {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if parsed.is("name-only") {
            cx.say(&name)?;
        } else {
            cx.say(&path.display().to_string())?;
        }
        for warning in faults(cx, path, &name, &seen) {
            cx.say_err(&format!("  - {warning}"));
            warnings += 1;
        }
        seen.push(name);
    }
    match warnings {
        0 => Ok(()),
        1 => Err(CliError::plain("one plugin warning was found")),
        count => Err(CliError::plain(format!("{count} plugin warnings were found"))),
    }
}

fn faults(cx: &Context, path: &std::path::Path, name: &str, seen: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let verb = name.strip_prefix("kubectl-").unwrap_or(name).replace('_', "-");
    let words = verb.split('-').next().unwrap_or_default();
    if super::entry(&verb).is_some() || super::entry(words).is_some() && verb == words {
        found.push(format!(
            "warning: {name} overwrites existing command: \"{} {verb}\"",
            cx.program()
        ));
    }
    if !is_program(path) {
        found.push(format!(
            "warning: {} identified as a kubectl plugin, but it is not executable",
            path.display()
        ));
    }
    if seen.iter().any(|known| known == name) {
        found.push(format!(
            "warning: {} is overshadowed by a similarly named plugin",
            path.display()
        ));
    }
    found
}
