//! Developer commands: `setup`, `demo`, `test`, `bench`, `generate`. Only a Rust toolchain is presumed.
#![expect(clippy::print_stderr, clippy::print_stdout, reason = "a developer watches")]

mod bench;
mod demo;
mod generate;
mod setup;
mod test;

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail, ensure};

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["setup"] => setup::install(setup::TESTS).and_then(|()| setup::clients()),
        ["demo"] => demo::play(),
        ["test"] => test::run_all(),
        ["bench", "scale", rest @ ..] => bench::scale(rest),
        ["generate"] => generate::write(&root()),
        _ => bail!("usage: cargo xtask setup|demo|test|bench scale|generate"),
    }
}

/// The project's folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a command in the project's folder; its failure is ours.
fn run(command: &mut Command) -> Result<()> {
    command.current_dir(root());
    let line = format!("{command:?}").replace('"', "");
    eprintln!("+ {line}");
    let status = command.status().with_context(|| format!("cannot run {line}"))?;
    ensure!(status.success(), "{line}: {status}");
    Ok(())
}

/// Cargo, as this very command was run with.
fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Tells whether a program can be found.
fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
