//! Picks the role by name and argument: cli, cluster, node, shim or pause. No logic.

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    if let Some(code) = runtime::roles::enter() {
        return Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)));
    }
    anyhow::bail!("not built yet")
}
