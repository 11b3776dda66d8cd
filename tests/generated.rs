//! `completions/` and `man/` are what `cargo xtask generate` writes.

use std::{fs, path::Path};

#[test]
fn completions_are_those_of_the_command_tree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let files = [
        ("bash", "kanoe.bash"),
        ("zsh", "_kanoe"),
        ("fish", "kanoe.fish"),
        ("powershell", "kanoe.ps1"),
    ];
    for (shell, file) in files {
        let wanted = cli::completion_script(shell).unwrap_or_else(|| panic!("no {shell}"));
        let found = fs::read_to_string(folder.join(file)).unwrap_or_default();
        assert!(wanted == found, "completions/{file} is stale: run `cargo xtask generate`");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let tree = cli::command_tree();
    let missing: Vec<String> = tree
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| format!("kanoe-{}.1", command.get_name()))
        .filter(|page| !folder.join(page).is_file())
        .collect();
    assert!(missing.is_empty(), "man/ lacks {missing:?}: run `cargo xtask generate`");
}
