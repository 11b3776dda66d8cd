//! Everything that must hold: form, lints, documents, and every test, the end-to-end ones included.

use anyhow::Result;

use crate::{cargo, has, run, setup};

/// Installs what is missing and runs everything; the tests come last, with their closing line.
pub(crate) fn run_all() -> Result<()> {
    setup::install(setup::TESTS)?;
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))?;
    if has("cargo-deny") {
        run(cargo().args(["deny", "check", "licenses", "bans", "sources"]))?;
    }
    // The programs under test are built first, so that no test waits for a compiler.
    run(cargo().args(["build", "--workspace", "--quiet"]))?;
    setup::clients()?;
    if has("cargo-nextest") {
        run(cargo().args(["nextest", "run", "--workspace"]))
    } else {
        run(cargo().args(["test", "--workspace"]))
    }
}
