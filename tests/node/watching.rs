//! What a person sees: live views with the causes of pods as they come, colours, many logs at once; and
//! what of it a pipe gets: nothing, but for the flags that ask for it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::Command,
};

use serde_json::{Value, json};
use support::Screen;

use crate::{
    cluster::{Cluster, waits_for},
    house::inside,
};

/// A command of ours against a cluster, with colours as a terminal has them.
fn kanoe(cluster: &Cluster, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kanoe"));
    command
        .args(line.split_whitespace())
        .env("KANOE_HOME", cluster.house.folder.path())
        .env("HOME", "/proc/nowhere")
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env_remove("KUBECONFIG");
    command
}

fn deployment(name: &str, replicas: u32, container: &Value) -> Value {
    let labels = json!({ "app": name });
    let spec = json!({"terminationGracePeriodSeconds": 0, "containers": [container]});
    json!({"metadata": {"name": name, "namespace": "default"}, "spec": {
        "replicas": replicas, "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": spec}}})
}

type Deployment = k8s_openapi::api::apps::v1::Deployment;
type Pod = k8s_openapi::api::core::v1::Pod;

#[tokio::test]
async fn a_rollout_that_cannot_succeed_says_so_at_once() {
    if !inside("watching::a_rollout_that_cannot_succeed_says_so_at_once") {
        return;
    }
    let cluster = Cluster::start().await;
    let bad = json!({"name": "c", "image": "localhost/BAD", "imagePullPolicy": "Never"});
    cluster.create::<Deployment>(deployment("web", 1, &bad)).await;

    // In a pipe: kubectl's lines, then the reason and an exit code of its own.
    let said = cluster.run(&["rollout", "status", "deploy/web", "--fail-fast", "--timeout=60s"]);
    let (out, err) = (text(&said.stdout), text(&said.stderr));
    assert_eq!(said.status.code(), Some(3), "{out}{err}");
    assert!(out.lines().all(|line| line.starts_with("Waiting for deployment")), "{out}");
    assert!(err.contains("cannot become ready") && err.contains("InvalidImageName"), "{err}");
    let said = cluster.run(&[
        "wait",
        "--for=condition=Available",
        "deploy/web",
        "--fail-fast",
        "--timeout=60s",
    ]);
    assert_eq!(said.status.code(), Some(3), "{}", text(&said.stderr));

    // On a terminal: a bar, and the cause below it; the rollout goes on and ends well once it is mended.
    let mut screen = Screen::open();
    let mut child = screen.run(&kanoe(&cluster, "rollout status deploy/web"));
    screen.shows("0/1");
    screen.shows("InvalidImageName");
    assert!(cluster.run(&["set", "image", "deploy/web", "c=localhost/busybox:1"]).status.success());
    let patch = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"command\":[\"sleep\",\"999\"]}]}}}}";
    assert!(cluster.run(&["patch", "deploy", "web", "-p", patch]).status.success());
    screen.shows("deployment \"web\" successfully rolled out");
    assert_eq!(child.wait().unwrap().code(), Some(0));

    let scaled = cluster.run(&["scale", "deploy/web", "--replicas=2", "--watch", "--timeout=60s"]);
    let out = text(&scaled.stdout);
    assert!(out.starts_with("deployment.apps/web scaled\n"), "{out}{}", text(&scaled.stderr));
    assert!(out.ends_with("deployment.apps/web has 2 ready replicas\n"), "{out}");

    let mut screen = Screen::open();
    let mut child = screen.run(&kanoe(&cluster, "get pods"));
    screen.shows("\x1b[1mNAME\x1b[0m");
    screen.shows("\x1b[32m1/1\x1b[0m     \x1b[32mRunning\x1b[0m   0");
    child.wait().unwrap();
    let mut plain = kanoe(&cluster, "get pods");
    let mut screen = Screen::open();
    let mut child = screen.run(plain.env("NO_COLOR", "1"));
    let shown = screen.shows("Running");
    assert!(!shown.contains('\x1b'), "{shown}");
    child.wait().unwrap();
    assert!(!text(&cluster.run(&["get", "pods"]).stdout).contains('\x1b'));
    cluster.end();
}

#[tokio::test]
async fn a_crash_is_explained_by_its_last_words() {
    if !inside("watching::a_crash_is_explained_by_its_last_words") {
        return;
    }
    let cluster = Cluster::start().await;
    let program = "echo starting; echo no config found >&2; exit 7";
    let mut crashing =
        json!({"name": "c", "image": "localhost/busybox:1", "command": ["sh", "-c", program]});
    // Without a probe each run would count as ready for a moment.
    crashing["readinessProbe"] = json!({"exec": {"command": ["cat", "/nothing"]}});
    cluster.create::<Deployment>(deployment("web", 1, &crashing)).await;
    let mut screen = Screen::open();
    let mut child = screen.run(&kanoe(&cluster, "rollout status deploy/web --fail-fast"));
    screen.shows("cannot become ready");
    screen.shows("no config found");
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let list =
        cluster.run(&["get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].metadata.name}"]);
    let name = text(&list.stdout);
    cluster.until::<Pod>(&name, |pod| waits_for(pod) == "CrashLoopBackOff").await;
    let why = text(&cluster.run(&["why", "deploy/web"]).stdout);
    assert!(why.starts_with("Deployment web is not ready: 0/1 ready"), "{why}");
    for part in ["(CrashLoopBackOff): exit code 7", "its last words:", "no config found"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    cluster.end();
}

#[tokio::test]
async fn logs_of_pods_to_come_are_followed() {
    if !inside("watching::logs_of_pods_to_come_are_followed") {
        return;
    }
    let cluster = Cluster::start().await;
    let mut command = kanoe(
        &cluster,
        "logs -l kind=talk --follow-new --grep=warn --json-fields=level,http.status",
    );
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for at in 0..7 {
        let name = format!("talk-{at}");
        let program = format!(
            "echo '{{\"level\":\"info\"}}'; echo '{{\"level\":\"warn\",\"http\":{{\"status\":{at}}}}}'; sleep 999"
        );
        let container =
            json!({"name": "c", "image": "localhost/busybox:1", "command": ["sh", "-c", program]});
        let spec = json!({"terminationGracePeriodSeconds": 0, "containers": [container]});
        let metadata = json!({"name": name, "labels": {"kind": "talk"}});
        cluster.create::<Pod>(json!({"metadata": metadata, "spec": spec})).await;
    }
    // More than five, and none was there when it began.
    let mut found: Vec<String> = (0..7).map(|_| lines.next().unwrap().unwrap()).collect();
    found.sort();
    let want: Vec<String> = (0..7).map(|at| format!("[pod/talk-{at}/c] warn {at}")).collect();
    assert_eq!(found, want);
    child.kill().unwrap();
    child.wait().unwrap();

    // A person sees whose lines are whose; a pipe sees what kubectl prints.
    let mut screen = Screen::open();
    let mut child = screen.run(&kanoe(&cluster, "logs -l kind=talk"));
    screen.shows("[pod/talk-0/c]\x1b[0m {\"level\":\"info\"}");
    screen.shows("[pod/talk-6/c]");
    child.wait().unwrap();
    let piped = text(&cluster.run(&["logs", "-l", "kind=talk"]).stdout);
    assert!(piped.starts_with("{\"level\":\"info\"}\n"), "{piped}");
    assert!(!piped.contains("talk-0"), "{piped}");
    cluster.end();
}

#[tokio::test]
async fn a_forwarded_port_outlives_its_pod() {
    if !inside("watching::a_forwarded_port_outlives_its_pod") {
        return;
    }
    let cluster = Cluster::start().await;
    let program = "mkdir /www && echo $HOSTNAME > /www/name && httpd -f -p 80 -h /www";
    let container = json!({"name": "c", "image": "localhost/busybox:1", "command": ["sh", "-c", program],
        "readinessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 1}});
    cluster.create::<Deployment>(deployment("web", 1, &container)).await;
    let available = |web: Option<&Deployment>| {
        web.is_some_and(|web| web.status.as_ref().and_then(|s| s.available_replicas) == Some(1))
    };
    cluster.until::<Deployment>("web", available).await;
    let mut command =
        kanoe(&cluster, "port-forward deploy/web :80 --reconnect --address=127.0.0.1");
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let port = line.split(['>', ' ']).find_map(|word| word.strip_prefix("127.0.0.1:")).unwrap();
    let port: u16 = port.parse().unwrap();
    let first = name_at(port);
    assert!(first.starts_with("web-"), "{first}");
    cluster.delete(&first).await;
    let mut wait = |text: &str| while !lines.next().unwrap().unwrap().starts_with(text) {};
    wait("The pod is gone");
    // The connection is made while there may be no pod yet, and waits for it.
    let second = name_at(port);
    assert!(second.starts_with("web-") && second != first, "{first} {second}");
    wait("Forwarding to pod/web-");
    child.kill().unwrap();
    child.wait().unwrap();
    cluster.end();
}

/// What the forwarded server says its name is.
fn name_at(port: u16) -> String {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET /name HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().last().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn files_are_copied_where_there_is_no_tar() {
    if !inside("watching::files_are_copied_where_there_is_no_tar") {
        return;
    }
    let cluster = Cluster::start().await;
    let program = "rm /bin/tar && echo ready > /ready && sleep 999";
    let container = json!({"name": "c", "image": "localhost/busybox:1", "command": ["sh", "-c", program],
        "readinessProbe": {"exec": {"command": ["cat", "/ready"]}, "periodSeconds": 1}});
    let spec = json!({"terminationGracePeriodSeconds": 0, "containers": [container]});
    cluster.pod("p", spec).await;
    cluster.until_ready("p").await;
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from");
    std::fs::create_dir_all(from.join("deep")).unwrap();
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(from.join("deep/bytes"), &bytes).unwrap();
    std::fs::write(from.join("empty"), "").unwrap();
    let (from, to) = (from.display().to_string(), folder.path().join("to").display().to_string());
    let said = cluster.run(&["cp", &from, "p:/data"]);
    assert!(!said.status.success(), "there is no tar");
    let up = cluster.run(&["cp", &from, "p:/data", "--without-tar"]);
    assert!(up.status.success(), "{}", text(&up.stderr));
    assert_eq!(text(&up.stdout), "", "nothing of what is copied is shown");
    let down = cluster.run(&["cp", "p:/data", &to, "--without-tar"]);
    assert!(down.status.success(), "{}", text(&down.stderr));
    assert_eq!(std::fs::read(format!("{to}/deep/bytes")).unwrap(), bytes);
    assert_eq!(std::fs::read(format!("{to}/empty")).unwrap(), b"");
    let none = cluster.run(&["cp", "p:/none", &to, "--without-tar"]);
    assert!(!none.status.success());
    cluster.end();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
