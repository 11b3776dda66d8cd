//! A server without a node, in the foreground.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use support::Cluster;

pub(crate) const PORT: &str = "16443";
pub(crate) const TOKEN: &str = "golden-token";

pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It is our own child, by id; its end is what the test waits for.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}

/// Starts a server on `PORT`, which lets everybody with `TOKEN` do everything.
pub(crate) fn serve(cluster: &Cluster) -> Server {
    serve_with(cluster, &[])
}

/// The same, with more settings.
pub(crate) fn serve_with(cluster: &Cluster, settings: &[&str]) -> Server {
    let tokens = cluster.folder().join("tokens.csv");
    let line = format!("{TOKEN},admin,admin,\"system:masters\"\n");
    fs::write(&tokens, line).unwrap_or_else(|error| panic!("{error}"));
    let port = format!("--secure-port={PORT}");
    let file = format!("--token-auth-file={}", tokens.display());
    let child = cluster
        .command(&["cluster", "run", "--no-node", &port, &file])
        .args(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else { panic!("{child:?}") };
    let mut word = String::new();
    if let Some(out) = child.stdout.take() {
        drop(BufReader::new(out).read_line(&mut word));
    }
    assert_eq!(word.trim(), "ready");
    Server(child)
}
