//! Streams as the genuine kubectl opens them: over SPDY before 1.30, in a tunnel for ports since 1.31;
//! and as ours does where a WebSocket is declined, or not wanted.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::json;
use support::{Screen, genuine};

use crate::{cluster::Cluster, house::inside};

/// Those that speak nothing but SPDY, and one that sends it through a WebSocket.
const VERSIONS: [&str; 4] = ["1.27", "1.28", "1.29", "1.33"];
/// More than any window or buffer on the way.
const MUCH: usize = 3_000_000;
/// What the pod does: it serves a long file, and answers what it is told.
const PROGRAM: &str = "mkdir -p /www && seq 1 400000 > /www/numbers && httpd -p 8080 -h /www; \
                       while read line; do echo got $line; done; sleep 999";

/// By which kubectl speaks SPDY alone.
const NO_WEBSOCKETS: [&str; 2] =
    ["KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "KUBECTL_PORT_FORWARD_WEBSOCKETS"];

/// A kubectl, genuine or ours, and the cluster that it talks to.
struct Kubectl {
    program: PathBuf,
    config: PathBuf,
    websockets: bool,
}

impl Kubectl {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.config).env("HOME", "/proc/nowhere").args(args);
        if !self.websockets {
            command.envs(NO_WEBSOCKETS.map(|variable| (variable, "false")));
        }
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
    let found: Vec<PathBuf> = VERSIONS.into_iter().filter_map(genuine).collect();
    if found.len() < VERSIONS.len() {
        eprintln!("left out: of the genuine kubectl {VERSIONS:?} this machine has {found:?}");
    }
    if found.is_empty() {
        return;
    }
    let cluster = Cluster::start().await;
    let config = talking(&cluster).await;
    for program in found {
        let config = config.clone();
        everything(&cluster, &Kubectl { program, config, websockets: true });
    }
    cluster.end();
}

/// The pod that the streams reach, and the settings to reach it with.
async fn talking(cluster: &Cluster) -> PathBuf {
    let container = json!({ "name": "c", "image": "localhost/busybox:1", "stdin": true,
        "command": ["sh", "-c", PROGRAM], "readinessProbe": { "tcpSocket": { "port": 8080 } } });
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [container] });
    cluster.pod("talk", spec).await;
    cluster.until_ready("talk").await;
    let config = cluster.house.folder.path().join("kubeconfig");
    std::fs::write(&config, cluster.run(&["cluster", "kubeconfig"]).stdout).unwrap();
    config
}

fn everything(cluster: &Cluster, kubectl: &Kubectl) {
    commands(kubectl);
    copies(kubectl, cluster.house.folder.path());
    attached(kubectl);
    ports(kubectl);
    terminal(kubectl);
}

#[tokio::test]
async fn our_streams_do_without_websockets() {
    if !inside("spdy::our_streams_do_without_websockets") {
        return;
    }
    let cluster = Cluster::start().await;
    let config = talking(&cluster).await;
    let program = PathBuf::from(env!("CARGO_BIN_EXE_kanoe"));
    everything(&cluster, &Kubectl { program, config, websockets: false });
    cluster.end();
}

#[tokio::test]
async fn our_streams_fall_back_to_spdy() {
    if !inside("spdy::our_streams_fall_back_to_spdy") {
        return;
    }
    let cluster = Cluster::start().await;
    talking(&cluster).await;
    let declined = Arc::new(AtomicUsize::new(0));
    let port = decliner(cluster.house.folder.path().join("kanoe.sock"), Arc::clone(&declined));
    let config = cluster.house.folder.path().join("declined");
    std::fs::write(&config, config_for(&format!("http://127.0.0.1:{port}"))).unwrap();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_kanoe"));
    everything(&cluster, &Kubectl { program, config, websockets: true });
    assert!(declined.load(Ordering::Relaxed) >= 5, "a WebSocket is tried first");
    cluster.end();
}

#[tokio::test]
async fn streams_pass_through_our_proxy() {
    if !inside("spdy::streams_pass_through_our_proxy") {
        return;
    }
    let cluster = Cluster::start().await;
    let config = talking(&cluster).await;
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_kanoe"));
    let direct = Kubectl { program: ours.clone(), config, websockets: true };
    let mut proxy = direct.beside(&["proxy", "--port=0", "--disable-filter"]);
    let mut line = String::new();
    BufReader::new(proxy.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let place = line.trim_end().strip_prefix("Starting to serve on ").unwrap();
    let config = cluster.house.folder.path().join("through");
    std::fs::write(&config, config_for(&format!("http://{place}"))).unwrap();
    let programs = genuine("1.27").into_iter().chain(genuine("1.33")).chain([ours]);
    for program in programs {
        let config = config.clone();
        everything(&cluster, &Kubectl { program, config, websockets: true });
    }
    proxy.kill().unwrap();
    proxy.wait().unwrap();
    cluster.end();
}

/// Settings to reach a server that asks for no credentials.
fn config_for(server: &str) -> String {
    format!(
        "{{clusters: [{{name: c, cluster: {{server: \"{server}\"}}}}], \
         contexts: [{{name: c, context: {{cluster: c}}}}], current-context: c}}"
    )
}

/// A server before the cluster's socket that knows no WebSocket, like those behind old proxies.
fn decliner(socket: PathBuf, declined: Arc<AtomicUsize>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for caller in listener.incoming() {
            let (caller, socket) = (caller.unwrap(), socket.clone());
            let declined = Arc::clone(&declined);
            std::thread::spawn(move || relay(caller, &socket, &declined));
        }
    });
    port
}

fn relay(mut caller: TcpStream, socket: &Path, declined: &AtomicUsize) {
    let mut head = Vec::new();
    let mut reader = BufReader::new(caller.try_clone().unwrap());
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    if String::from_utf8_lossy(&head).to_lowercase().contains("upgrade: websocket") {
        declined.fetch_add(1, Ordering::Relaxed);
        let answer =
            b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 3\r\n\r\nno\n";
        caller.write_all(answer).unwrap();
        return;
    }
    // One request a connection, so that each is seen.
    let head = String::from_utf8(head).unwrap();
    let closes =
        if head.to_lowercase().contains("upgrade:") { "" } else { "connection: close\r\n" };
    let head = head.replacen("\r\n", &format!("\r\n{closes}"), 1);
    let mut server = UnixStream::connect(socket).unwrap();
    server.write_all(head.as_bytes()).unwrap();
    let mut answers = server.try_clone().unwrap();
    let mut back = caller.try_clone().unwrap();
    let answering = std::thread::spawn(move || {
        drop(std::io::copy(&mut answers, &mut back));
        // The caller is heard on: to leave its bytes unread would take the last word away.
        drop(back.shutdown(Shutdown::Write));
    });
    drop(std::io::copy(&mut reader, &mut server));
    drop(server.shutdown(Shutdown::Write));
    answering.join().unwrap();
}

fn commands(kubectl: &Kubectl) {
    let both = ["exec", "talk", "--", "sh", "-c", "echo out; echo err >&2; exit 7"];
    let said = kubectl.run(&both);
    assert_eq!(said.status.code(), Some(7), "{said:?}");
    assert_eq!(said.stdout, b"out\n");
    let complaint = String::from_utf8(said.stderr).unwrap();
    assert_eq!(complaint, "err\ncommand terminated with exit code 7\n");

    let missing = kubectl.run(&["exec", "talk", "--", "no-such-program"]);
    assert!(!missing.status.success());
    let complaint = String::from_utf8(missing.stderr).unwrap();
    assert!(complaint.contains("no-such-program"), "{complaint}");

    // A program that ends before it has read all says so nonetheless.
    let mut head = kubectl.beside(&["exec", "-i", "talk", "--", "sh", "-c", "head -c 3; exit 5"]);
    let mut stdin = head.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&vec![b'x'; MUCH]));
    let heard = head.wait_with_output().unwrap();
    // Whether all could be written is no matter.
    drop(writer.join().unwrap());
    assert_eq!((heard.status.code(), heard.stdout.as_slice()), (Some(5), &b"xxx"[..]));

    let sent: Vec<u8> = (0..=250_u8).cycle().take(MUCH).collect();
    let mut echo = kubectl.beside(&["exec", "-i", "talk", "--", "cat"]);
    let mut stdin = echo.stdin.take().unwrap();
    let copy = sent.clone();
    let writer = std::thread::spawn(move || stdin.write_all(&copy).unwrap());
    let heard = echo.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(heard.status.success(), "{}", heard.status);
    assert!(heard.stdout == sent, "{} of {MUCH} bytes came back", heard.stdout.len());
}

fn copies(kubectl: &Kubectl, folder: &Path) {
    let (there, back) = (folder.join("there"), folder.join("back"));
    std::fs::write(&there, "x".repeat(MUCH)).unwrap();
    kubectl.ok(&["cp", there.to_str().unwrap(), "talk:/copied"]);
    kubectl.ok(&["cp", "talk:/copied", back.to_str().unwrap()]);
    assert!(std::fs::read(&back).unwrap() == std::fs::read(&there).unwrap());
    std::fs::remove_file(back).unwrap();
}

fn attached(kubectl: &Kubectl) {
    let mut child = kubectl.beside(&["attach", "-i", "talk"]);
    child.stdin.as_mut().unwrap().write_all(b"hello\n").unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "got hello");
    child.kill().unwrap();
    child.wait().unwrap();
}

fn ports(kubectl: &Kubectl) {
    let mut child = kubectl.beside(&["port-forward", "talk", ":8080"]);
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
    // A caller that has said all still gets its answer.
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET /numbers HTTP/1.0\r\n\r\n").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("\n400000\n"), "{} bytes", answer.len());
    child.kill().unwrap();
    child.wait().unwrap();

    // Where nothing listens the command ends, as kubectl's does.
    let mut child = kubectl
        .command(&["port-forward", "talk", ":8081"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let port: u16 = line.split([':', ' ']).nth(3).unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // However it ends.
    drop(stream.read(&mut [0]));
    let said = child.wait_with_output().unwrap();
    let words = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(1), "{words}");
    assert!(words.contains(&format!("an error occurred forwarding {port} -> 8081")), "{words}");
    assert!(words.ends_with("error: lost connection to pod\n"), "{words}");
}

fn get(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET /numbers HTTP/1.0\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

fn terminal(kubectl: &Kubectl) {
    let mut screen = Screen::open();
    // A signal that comes just before `read` waits is seen when it has waited for a second.
    let program = "trap 'echo size $(stty size)' WINCH; echo ready; \
                   until read -t 1 line && test -n \"$line\"; do :; done; echo got $line; exit 5";
    let command = kubectl.command(&["exec", "-ti", "talk", "--", "sh", "-c", program]);
    let mut child = screen.run(&command);
    screen.shows("ready\r\n");
    sys::terminal::resize(&screen.master, 132, 43).unwrap();
    screen.shows("size 43 132\r\n");
    screen.types(b"one\r");
    screen.shows("got one\r\n");
    screen.shows("command terminated with exit code 5");
    assert_eq!(child.wait().unwrap().code(), Some(5));
}
