//! Streams as the genuine kubectl opens them: over SPDY before 1.30, in a tunnel for ports since 1.31.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use serde_json::json;
use support::Screen;

use crate::{cluster::Cluster, genuine::kubectl, house::inside};

/// Those that speak nothing but SPDY, and one that sends it through a WebSocket.
const VERSIONS: [&str; 4] = ["1.27", "1.28", "1.29", "1.33"];
/// More than any window or buffer on the way.
const MUCH: usize = 3_000_000;
/// What the pod does: it serves a long file, and answers what it is told.
const PROGRAM: &str = "mkdir -p /www && seq 1 400000 > /www/numbers && httpd -p 8080 -h /www; \
                       while read line; do echo got $line; done; sleep 999";

/// A genuine kubectl and the cluster that it talks to.
struct Genuine {
    program: PathBuf,
    config: PathBuf,
}

impl Genuine {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.config).env("HOME", "/proc/nowhere").args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().unwrap()
    }

    fn ok(&self, args: &[&str]) -> Vec<u8> {
        let output = self.run(args);
        assert!(output.status.success(), "{} {args:?}: {output:?}", self.program.display());
        output.stdout
    }

    fn beside(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
    }
}

#[tokio::test]
async fn the_genuine_kubectls_streams_reach_the_pod() {
    if !inside("spdy::the_genuine_kubectls_streams_reach_the_pod") {
        return;
    }
    let found: Vec<PathBuf> = VERSIONS.into_iter().filter_map(kubectl).collect();
    if found.len() < VERSIONS.len() {
        eprintln!("left out: of the genuine kubectl {VERSIONS:?} this machine has {found:?}");
    }
    if found.is_empty() {
        return;
    }
    let cluster = Cluster::start().await;
    let container = json!({ "name": "c", "image": "localhost/busybox:1", "stdin": true,
        "command": ["sh", "-c", PROGRAM], "readinessProbe": { "tcpSocket": { "port": 8080 } } });
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [container] });
    cluster.pod("talk", spec).await;
    cluster.until_ready("talk").await;
    let config = cluster.house.folder.path().join("kubeconfig");
    std::fs::write(&config, cluster.run(&["cluster", "kubeconfig"]).stdout).unwrap();
    for program in found {
        let genuine = Genuine { program, config: config.clone() };
        commands(&genuine);
        copies(&genuine, cluster.house.folder.path());
        attached(&genuine);
        ports(&genuine);
        terminal(&genuine);
    }
    cluster.end();
}

fn commands(genuine: &Genuine) {
    let both = ["exec", "talk", "--", "sh", "-c", "echo out; echo err >&2; exit 7"];
    let said = genuine.run(&both);
    assert_eq!(said.status.code(), Some(7), "{said:?}");
    assert_eq!(said.stdout, b"out\n");
    let complaint = String::from_utf8(said.stderr).unwrap();
    assert_eq!(complaint, "err\ncommand terminated with exit code 7\n");

    let missing = genuine.run(&["exec", "talk", "--", "no-such-program"]);
    assert!(!missing.status.success());
    let complaint = String::from_utf8(missing.stderr).unwrap();
    assert!(complaint.contains("no-such-program"), "{complaint}");

    let sent: Vec<u8> = (0..=250_u8).cycle().take(MUCH).collect();
    let mut echo = genuine.beside(&["exec", "-i", "talk", "--", "cat"]);
    let mut stdin = echo.stdin.take().unwrap();
    let copy = sent.clone();
    let writer = std::thread::spawn(move || stdin.write_all(&copy).unwrap());
    let heard = echo.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(heard.status.success(), "{}", heard.status);
    assert!(heard.stdout == sent, "{} of {MUCH} bytes came back", heard.stdout.len());
}

fn copies(genuine: &Genuine, folder: &std::path::Path) {
    let (there, back) = (folder.join("there"), folder.join("back"));
    std::fs::write(&there, "x".repeat(MUCH)).unwrap();
    genuine.ok(&["cp", there.to_str().unwrap(), "talk:/copied"]);
    genuine.ok(&["cp", "talk:/copied", back.to_str().unwrap()]);
    assert!(std::fs::read(&back).unwrap() == std::fs::read(&there).unwrap());
    std::fs::remove_file(back).unwrap();
}

fn attached(genuine: &Genuine) {
    let mut child = genuine.beside(&["attach", "-i", "talk"]);
    child.stdin.as_mut().unwrap().write_all(b"hello\n").unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "got hello");
    child.kill().unwrap();
    child.wait().unwrap();
}

fn ports(genuine: &Genuine) {
    let mut child = genuine.beside(&["port-forward", "talk", ":8080"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut port = |to: &str| -> u16 {
        let line = lines
            .find(|line| line.as_ref().unwrap().starts_with("Forwarding from 127.0.0.1:"))
            .unwrap()
            .unwrap();
        assert!(line.ends_with(&format!("-> {to}")), "{line}");
        line.split([':', ' ']).nth(3).unwrap().parse().unwrap()
    };
    let port = port("8080");
    let gets: Vec<_> = (0..3).map(|_| std::thread::spawn(move || get(port))).collect();
    for got in gets {
        let got = got.join().unwrap();
        assert!(got.contains("200 OK"), "{}", got.lines().next().unwrap_or_default());
        assert!(got.ends_with("\n399999\n400000\n"), "{} bytes", got.len());
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn get(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET /numbers HTTP/1.0\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

fn terminal(genuine: &Genuine) {
    let mut screen = Screen::open();
    let program = "trap 'echo size $(stty size)' WINCH; echo ready; \
                   until read line && test -n \"$line\"; do :; done; echo got $line; exit 5";
    let mut command = Command::new(&genuine.program);
    command.args(["exec", "-ti", "talk", "--", "sh", "-c", program]);
    command.env("KUBECONFIG", &genuine.config).env("HOME", "/proc/nowhere");
    let mut child = screen.run(&command);
    screen.shows("ready\r\n");
    sys::terminal::resize(&screen.master, 132, 43).unwrap();
    screen.shows("size 43 132\r\n");
    screen.types(b"one\r");
    screen.shows("got one\r\n");
    screen.shows("command terminated with exit code 5");
    assert_eq!(child.wait().unwrap().code(), Some(5));
}
