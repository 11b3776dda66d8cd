//! Plugins: programs named `kubectl-...` on the PATH, called for words that are no verb.

use std::path::PathBuf;

use crate::{context::Context, report::CliError, verbs};

/// Hands the command line to the plugin that it names; its process takes our place.
pub(crate) fn run(cx: &Context, words: &[String]) -> Result<(), CliError> {
    if let Some(flag) = words.first().filter(|word| word.starts_with('-')) {
        let text = format!("Error: flags cannot be placed before plugin name: {flag}\n");
        return Err(CliError::Words { text, code: 1 });
    }
    if let Some((path, count)) = find(words) {
        return Err(exec(&path, &words[count..]));
    }
    let word = words.first().map(String::as_str).unwrap_or_default();
    Err(verbs::unknown(cx.program(), word))
}

/// The plugin that words name, and how many of them do.
pub(crate) fn find(words: &[String]) -> Option<(PathBuf, usize)> {
    let named: Vec<String> = words
        .iter()
        .take_while(|word| !word.starts_with('-'))
        .map(|word| word.replace('-', "_"))
        .collect();
    (1..=named.len())
        .rev()
        .find_map(|count| Some((on_path(&format!("kubectl-{}", named[..count].join("-")))?, count)))
}

fn exec(path: &PathBuf, words: &[String]) -> CliError {
    use std::os::unix::process::CommandExt as _;
    let error = std::process::Command::new(path).args(words).exec();
    CliError::plain(format!("fork/exec {}: {error}", path.display()))
}

/// The program of this name in a folder of the PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| is_program(path))
}

/// A file that may be run.
pub(crate) fn is_program(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
