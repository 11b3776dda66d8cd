//! What a command finds around it: the user's home, the machine, a kubeconfig that is of no use.

use std::path::{Component, Path, PathBuf};

use client::kubeconfig::{ConnectError, KubeconfigError};

use crate::{args::Parsed, report::CliError};

/// The user's home folder.
pub(crate) fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from)
}

/// A path without dots, but for those that lead out of a relative one; links are left alone.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut kept: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, kept.last()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(kept.pop()),
            _ => kept.push(part),
        }
    }
    kept.into_iter().collect()
}

/// The machine, as Go names it.
pub(crate) fn arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// Why the kubeconfig cannot be read; a file that is no YAML is told in Go's words.
pub(crate) fn unreadable(error: &KubeconfigError) -> CliError {
    if let KubeconfigError::Parse { path, .. } = error {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        if let Err(why) = machinery::yaml::parse(&text) {
            let path = path.display();
            return CliError::plain(format!("error loading config file \"{path}\": {why}"));
        }
    }
    CliError::plain(error.to_string())
}

/// Why flags and kubeconfig lead to no server.
pub(crate) fn unconnected(error: ConnectError) -> CliError {
    let text = match error {
        ConnectError::NoContext(name) | ConnectError::ContextNotFound(name) => {
            format!("Error in configuration: context was not found for specified context: {name}")
        }
        ConnectError::Invalid(faults) if faults.len() > 1 => {
            format!("Error in configuration: \n* {}", faults.join("\n* "))
        }
        error => return CliError::plain(error.to_string()),
    };
    CliError::Words { text, code: 1 }
}

/// What kubectl can write of its own work, `--profile`, in the form of Go's tools.
const PROFILES: [&str; 8] =
    ["cpu", "heap", "goroutine", "threadcreate", "block", "mutex", "trace", "allocs"];

/// Errors: there is no such profile, or it is one that only a program in Go can write.
pub(crate) fn check_profile(parsed: &Parsed) -> Result<(), CliError> {
    match parsed.text("profile") {
        // What a container is debugged with has the same name, and words of its own.
        _ if parsed.path == "debug" => Ok(()),
        "" | "none" => Ok(()),
        name if PROFILES.contains(&name) => Err(CliError::plain(format!(
            "--profile={name}: profiles of Go's runtime cannot be written by this program, which has none"
        ))),
        name => Err(CliError::plain(format!("unknown profile '{name}'"))),
    }
}
