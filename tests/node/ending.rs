//! The end of a cluster's process while others listen to it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Stdio},
};

use support::{Cluster, alone};

/// A command of ours that goes on, and the lines that it says.
struct Listening {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Listening {
    fn to(cluster: &Cluster, line: &str) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = cluster.command(&words);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits for a line with `text`: from then on it listens.
    fn hears(&mut self, text: &str) {
        let mut said = Vec::new();
        for line in self.lines.by_ref().map_while(Result::ok) {
            if line.contains(text) {
                return;
            }
            said.push(line);
        }
        panic!("no {text} in {said:?}");
    }

    /// Waits for the command's own end.
    fn ended(mut self) -> Option<i32> {
        self.lines.by_ref().for_each(drop);
        self.child.wait().unwrap().code()
    }
}

#[test]
fn a_stop_ends_what_others_listen_to() {
    alone("ending::a_stop_ends_what_others_listen_to", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        cluster.ok("run app --image=kanoe.local/bootcamp:v1");
        cluster.ok("wait --for=condition=Ready pod/app --timeout=60s");
        let mut watch = Listening::to(&cluster, "get namespaces --watch -o name");
        watch.hears("namespace/default");
        cluster.ok("create namespace one");
        watch.hears("namespace/one");
        let mut raw = Listening::to(&cluster, "get --raw /api/v1/namespaces?watch=true");
        raw.hears("\"name\":\"one\"");
        let mut logs = Listening::to(&cluster, "logs --follow app");
        logs.hears("App Started");
        let mut session = Listening::to(&cluster, "exec -i app -- cat");
        let mut input = session.child.stdin.take().unwrap();
        std::io::Write::write_all(&mut input, b"hello\n").unwrap();
        session.hears("hello");

        cluster.ok("cluster stop");
        assert_eq!(watch.ended(), Some(0), "a watch ends like any other");
        assert_eq!(raw.ended(), Some(0));
        logs.ended();
        assert_ne!(session.ended(), Some(0), "a session that broke off did not succeed");
        assert!(!cluster.log().contains("cut off"), "nothing was waited for:\n{}", cluster.log());
        cluster.delete();
    });
}
