//! The API server against answers recorded from genuine Kubernetes 1.36.2.
//!
//! The recorded cases stand beside the project (`../shared/golden`); where they are absent the
//! test says so and is left out, which CI treats as a failure. The floors are what passes today:
//! they only ever rise.
#![expect(clippy::panic, clippy::print_stderr, reason = "a test speaks and fails by panicking")]

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use support::{Cluster, alone};

/// Cases that must pass, by group.
const FLOORS: [(&str, usize); 12] = [
    ("discovery", 42),
    ("defaulting", 103),
    ("crud", 52),
    ("patch", 65),
    ("table", 79),
    ("watch", 22),
    ("validation", 165),
    ("subresources", 27),
    ("crd", 35),
    ("rbac", 29),
    ("admission", 30),
    ("misc", 23),
];
const PORT: &str = "16443";
const TOKEN: &str = "golden-token";

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It is our own child, by id; its end is what the test waits for.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}

fn serve(cluster: &Cluster) -> Server {
    let tokens = cluster.folder().join("tokens.csv");
    let line = format!("{TOKEN},admin,admin,\"system:masters\"\n");
    fs::write(&tokens, line).unwrap_or_else(|error| panic!("{error}"));
    let port = format!("--secure-port={PORT}");
    let file = format!("--token-auth-file={}", tokens.display());
    let child = cluster
        .command(&["cluster", "run", "--no-node", &port, &file])
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

#[test]
fn recorded_answers_are_given_again() {
    let Some(golden) = support::golden() else {
        assert!(env::var_os("CI").is_none(), "../shared/golden is absent");
        eprintln!("left out: ../shared/golden is absent");
        return;
    };
    alone("recorded_answers_are_given_again", || {
        let mut short = Vec::new();
        for (group, floor) in FLOORS {
            let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
            let server = serve(&cluster);
            let output = Command::new("python3")
                .arg(golden.join("api/replay.py"))
                .args(["--server", &format!("https://127.0.0.1:{PORT}"), "--token", TOKEN])
                .args(["-q", "--group", group])
                .stdin(Stdio::null())
                .output();
            let Ok(output) = output else { panic!("{output:?}") };
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let last = text.lines().last().unwrap_or_default();
            let passed = last.split(' ').next().and_then(|count| count.parse::<usize>().ok());
            // Shown in the log, so that floors can rise.
            eprintln!("{group}: {last}");
            if passed.is_none_or(|passed| passed < floor) {
                short.push(format!("{group}: {last:?}, must pass {floor}"));
            }
            drop(server);
        }
        assert!(short.is_empty(), "{short:?}");
    });
}
