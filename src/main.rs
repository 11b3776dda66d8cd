//! Picks the role by name and argument: cli, cluster, node, shim or pause. No logic.

fn main() -> anyhow::Result<()> {
    anyhow::bail!("not built yet")
}
