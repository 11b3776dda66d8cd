//! Completion scripts and manual pages, from the command tree. A test keeps them true.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

/// Shells and the names under which they look for completions.
const SHELLS: [(&str, &str); 4] = [
    ("bash", "kanoe.bash"),
    ("zsh", "_kanoe"),
    ("fish", "kanoe.fish"),
    ("powershell", "kanoe.ps1"),
];

/// Writes `completions/` and `man/` below `root`.
pub(crate) fn write(root: &Path) -> Result<()> {
    let completions = root.join("completions");
    fs::create_dir_all(&completions)?;
    for (shell, file) in SHELLS {
        let script =
            cli::completion_script(shell).with_context(|| format!("no completion for {shell}"))?;
        fs::write(completions.join(file), script)?;
    }
    let pages = root.join("man");
    fs::create_dir_all(&pages)?;
    let tree = cli::command_tree().name("kanoe");
    clap_mangen::generate_to(tree, &pages)?;
    Ok(())
}
