//! A server without a node in the foreground, and requests to it by curl.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use support::{Cluster, succeed};

pub(crate) const PORT: &str = "16444";
/// The token of somebody who may do everything.
pub(crate) const ADMIN: &str = "admin-token";
/// The token of somebody without any rights of their own.
pub(crate) const USER: &str = "user-token";

pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It is our own child, by id; its end is what the test waits for.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    /// Names in small letters, and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Starts a server with more flags; returns it once it is ready.
pub(crate) fn serve(cluster: &Cluster, flags: &[&str]) -> Server {
    let (server, word) = try_serve(cluster, flags);
    assert_eq!(word.trim(), "ready", "{}", cluster.log());
    server
}

/// The same, with the first line that it says, whatever that is.
fn try_serve(cluster: &Cluster, flags: &[&str]) -> (Server, String) {
    let tokens = cluster.folder().join("tokens.csv");
    let lines = format!("{ADMIN},admin,admin,\"system:masters\"\n{USER},user,user,\"crew\"\n");
    fs::write(&tokens, lines).unwrap_or_else(|error| panic!("{error}"));
    let port = format!("--secure-port={PORT}");
    let file = format!("--token-auth-file={}", tokens.display());
    let all = [&["cluster", "run", "--no-node", &port, &file], flags].concat();
    let child = cluster.command(&all).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{error}"));
    let mut word = String::new();
    if let Some(out) = child.stdout.take() {
        drop(BufReader::new(out).read_line(&mut word));
    }
    (Server(child), word)
}

/// Asks with a token: method, path, more words for curl.
pub(crate) fn ask(token: &str, method: &str, path: &str, more: &[&str]) -> Answer {
    let mut curl = Command::new("curl");
    curl.args(["-sk", "-i", "--http1.1", "-m", "90", "-X", method, "-H", "Expect:"]);
    if !token.is_empty() {
        curl.args(["-H", &format!("Authorization: Bearer {token}")]);
    }
    let said = succeed(curl.args(more).arg(format!("https://127.0.0.1:{PORT}{path}")));
    let (head, body) = said.split_once("\r\n\r\n").unwrap_or((&said, ""));
    let mut lines = head.lines();
    let code = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        code: code.unwrap_or_else(|| panic!("no answer: {said}")),
        headers: headers.map(|(name, it)| (name.to_lowercase(), it.to_owned())).collect(),
        body: body.to_owned(),
    }
}

pub(crate) fn get(token: &str, path: &str) -> Answer {
    ask(token, "GET", path, &[])
}

/// Creates an object by JSON.
pub(crate) fn create(path: &str, object: &Value) -> Answer {
    let body = object.to_string();
    ask(ADMIN, "POST", path, &["-H", "Content-Type: application/json", "-d", &body])
}
