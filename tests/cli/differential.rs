//! The differential test: the genuine kubectl 1.33 and ours, the same commands, the same server.
//!
//! `differential/commands.txt` has the commands, `differential/objects.yaml` what they are about. Ages and
//! times are not compared; where 1.36 does otherwise than 1.33, the line says so and must differ.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use regex::Regex;
use support::{Cluster, Said, alone, genuine};

use crate::{kubeconfig, server::serve};

const VERSION: &str = "1.33";
/// How often a command is asked again whose genuine answers differ among themselves.
const PATIENCE: usize = 8;
/// How often it is asked where the same lines stand in another order, which Go's maps do not keep.
const SHUFFLES: usize = 16;
/// What cannot be the same twice, and what stands for it.
const VOLATILE: [(&str, &str); 9] = [
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000", "TIME"),
    (r"\b(\d+d)?(\d+h)?(\d+m)?\d+s\b", "AGE"),
    (r"(?m)^[EWIF]\d{4} [0-9:.]+ +\d+ [a-z]+\.go:\d+\]", "KLOG"),
    (r"resourceVersion: ?.*", "VERSION"),
    // 1.36 writes no empty time of creation.
    (r"(?m)^ *creationTimestamp: null\n", ""),
    (r#""resourceVersion": ?"\d+""#, "VERSION"),
    (r#""uid": ?"[^"]*""#, "UID"),
    (r"(?m)\buid: .*", "UID"),
];

/// A line of the list.
struct Case<'a> {
    line: &'a str,
    undo: Option<&'a str>,
    /// Why the two must differ, if they must.
    reason: Option<&'a str>,
}

impl<'a> Case<'a> {
    fn of(text: &'a str) -> Self {
        let (reason, text) = match text.strip_prefix("~ ").and_then(|text| text.split_once(" :: "))
        {
            Some((reason, text)) => (Some(reason), text),
            None => (None, text),
        };
        let (line, undo) = match text.split_once(" ;; ") {
            Some((line, undo)) => (line, Some(undo)),
            None => (text, None),
        };
        Self { line, undo, reason }
    }
}

/// A folder in which `kubectl` is one of the two.
struct Side {
    folder: PathBuf,
    config: String,
}

impl Side {
    fn new(cluster: &Cluster, name: &str, program: &Path, config: &str) -> Self {
        let folder = cluster.folder().join(name);
        fs::create_dir(&folder).unwrap_or_else(|error| panic!("{error}"));
        symlink(program, folder.join("kubectl")).unwrap_or_else(|error| panic!("{error}"));
        Self { folder, config: config.to_owned() }
    }

    fn says(&self, line: &str) -> Said {
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("bash")
            .args(["-c", line])
            .env("PATH", format!("{}:{path}", self.folder.display()))
            .env("KUBECONFIG", &self.config)
            .env("HOME", &self.folder)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output();
        let output = output.unwrap_or_else(|error| panic!("{error}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said {
            out: text(&output.stdout),
            err: text(&output.stderr),
            code: output.status.code().unwrap_or(-1),
        }
    }
}

struct Comparison {
    genuine: Side,
    ours: Side,
    volatile: Vec<(Regex, &'static str)>,
}

impl Comparison {
    fn said(&self, side: &Side, case: &Case<'_>) -> Said {
        let said = side.says(case.line);
        if let Some(undo) = case.undo {
            let undone = self.ours.says(undo);
            assert_eq!(undone.code, 0, "{undo}: {undone:?}");
        }
        let plain = |text: String| {
            let plain = self
                .volatile
                .iter()
                .fold(text, |text, (pattern, word)| pattern.replace_all(&text, *word).into_owned());
            // Columns are as wide as the ages in them.
            let lines = plain.lines().map(|line| line.split("  ").filter(|part| !part.is_empty()));
            let lines = lines.map(|parts| parts.map(str::trim).collect::<Vec<_>>().join("  "));
            lines.collect::<Vec<_>>().join("\n")
        };
        Said { out: plain(said.out), err: plain(said.err), code: said.code }
    }

    fn run(&self, commands: &str) {
        let lines = commands.lines();
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut wrong = Vec::new();
        for case in lines.map(Case::of) {
            match (self.differs(&case), case.reason) {
                (Some((genuine, ours)), None) => {
                    eprintln!("=== {}\n{}", case.line, shown(&genuine, &ours));
                    wrong.push(case.line);
                }
                (None, Some(reason)) => {
                    eprintln!("=== {}: no difference, but {reason:?}", case.line);
                    wrong.push(case.line);
                }
                _ => {}
            }
        }
        assert!(wrong.is_empty(), "{} lines: {wrong:#?}", wrong.len());
    }

    /// What the two say of a command, where it is not the same.
    fn differs(&self, case: &Case<'_>) -> Option<(Said, Said)> {
        let mut genuine = self.said(&self.genuine, case);
        for _ in 0..PATIENCE {
            let ours = self.said(&self.ours, case);
            if ours == genuine {
                return None;
            }
            let again = self.said(&self.genuine, case);
            if again == genuine {
                let shuffled = same_lines(&genuine, &ours)
                    && (0..SHUFFLES).any(|_| self.said(&self.genuine, case) != genuine);
                return if shuffled { None } else { Some((genuine, ours)) };
            }
            // What is asked for has changed in between.
            genuine = again;
        }
        panic!("{}: the genuine kubectl never says the same twice", case.line)
    }
}

/// Tells whether two answers have the same lines, in any order.
fn same_lines(one: &Said, other: &Said) -> bool {
    let sorted = |said: &Said| {
        let mut lines: Vec<String> =
            said.out.lines().chain(said.err.lines()).map(str::to_owned).collect();
        lines.sort();
        (said.code, lines)
    };
    sorted(one) == sorted(other)
}

#[test]
fn the_genuine_kubectl_says_the_same() {
    let name = "differential::the_genuine_kubectl_says_the_same";
    compare(name, include_str!("differential/commands.txt"));
}

#[test]
fn the_genuine_kubectl_refuses_the_same() {
    let name = "differential::the_genuine_kubectl_refuses_the_same";
    compare(name, include_str!("differential/more.txt"));
}

fn compare(name: &str, commands: &str) {
    let Some(program) = genuine(VERSION) else {
        eprintln!("left out: this machine has no genuine kubectl {VERSION}");
        return;
    };
    alone(name, || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let config = kubeconfig(&cluster);
        let ours = Side::new(&cluster, "ours", Path::new(env!("CARGO_BIN_EXE_kanoe")), &config);
        let objects = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/differential/objects.yaml");
        let made = ours.says(&format!("kubectl apply --server-side -f {objects}"));
        assert_eq!(made.code, 0, "{made:?}");
        let made = ours.says(&format!("kubectl apply -f {objects} --field-manager=again"));
        assert_eq!(made.code, 0, "{made:?}");
        let compile = |(pattern, word)| match Regex::new(pattern) {
            Ok(pattern) => (pattern, word),
            Err(error) => panic!("{error}"),
        };
        let volatile = VOLATILE.map(compile).into();
        let genuine = Side::new(&cluster, "genuine", &program, &config);
        let comparison = Comparison { genuine, ours, volatile };
        comparison.run(commands);
        stays_quiet(&comparison.ours);
    });
}

/// A cluster in which nothing happens writes next to nothing: no controller goes round in circles.
fn stays_quiet(side: &Side) {
    let revision = || -> u64 {
        let said =
            side.says("kubectl get --raw /api/v1/namespaces/two/configmaps?labelSelector=none");
        let list: serde_json::Value = serde_json::from_str(&said.out).unwrap_or_default();
        let text = list.pointer("/metadata/resourceVersion").and_then(|it| it.as_str());
        text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{said:?}"))
    };
    let before = revision();
    side.says("kubectl wait -n one pod/alone --for=condition=Ready --timeout=2s");
    let written = revision() - before;
    assert!(written < 10, "{written} writes in two seconds in which nobody asked for anything");
}

/// What one says and not the other.
fn shown(genuine: &Said, ours: &Said) -> String {
    let mut text = format!("exit codes {} and {}\n", genuine.code, ours.code);
    for (one, other) in [(&genuine.out, &ours.out), (&genuine.err, &ours.err)] {
        if one == other {
            continue;
        }
        for (mark, lines, others) in [("genuine", one, other), ("ours   ", other, one)] {
            let missing = lines.lines().filter(|line| !others.lines().any(|known| known == *line));
            for line in missing.take(20) {
                text.extend(["  ", mark, " ", line, "\n"]);
            }
        }
        text.push_str("  (lines that both have may stand elsewhere)\n");
    }
    text
}
