//! The kubelet with everything real: pods run, fail, wait, are watched over, and go.

use std::io::{BufRead as _, BufReader};
use std::process::Command;

use client::streams::{self, Dialects, STDIN, STDOUT, Takes};
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use serde_json::json;

use crate::cluster::{Cluster, waits_for};
use crate::house::{House, inside};

const BUSYBOX: &str = "localhost/busybox:1";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn the_demo_runs_answers_and_goes() {
    if !inside("pods::the_demo_runs_answers_and_goes") {
        return;
    }
    let cluster = Cluster::start().await;
    let probe = json!({ "httpGet": { "path": "/", "port": 8080 } });
    let image = "kanoe.local/bootcamp:v1";
    let container = json!({ "name": "web", "image": image, "readinessProbe": probe });
    cluster.pod("web", json!({ "containers": [container] })).await;
    let pod = cluster.until_ready("web").await;
    let ip = pod.status.unwrap().pod_ip.unwrap();
    let answer = tokio::net::TcpStream::connect((ip.as_str(), 8080)).await;
    assert!(answer.is_ok());
    assert!(cluster.log("web", "").await.starts_with("Kubernetes Bootcamp App Started At:"));
    let said = cluster.run(&["exec", "web", "--", "curl", "-s", "localhost:8080"]);
    assert_eq!(text(&said.stdout), "Hello Kubernetes bootcamp! | Running on: web | v=1\n");
    let ended = cluster.run(&["exec", "web", "--", "sh", "-c", "exit 3"]);
    assert_eq!(ended.status.code(), Some(3), "{}", text(&ended.stderr));
    for wanted in ["Scheduled", "Pulling", "Pulled", "Created", "Started"] {
        cluster.told("web", |reason, _| reason == wanted).await;
    }
    cluster.delete("web").await;
    cluster.until_gone("web").await;
    cluster.end();
}

#[tokio::test]
async fn a_crash_of_the_cluster_changes_nothing_for_pods() {
    if !inside("pods::a_crash_of_the_cluster_changes_nothing_for_pods") {
        return;
    }
    let mut cluster = Cluster::start().await;
    let count = "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.01; done";
    let container = json!({ "name": "c", "image": BUSYBOX, "command": ["sh", "-c", count] });
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [container] });
    cluster.pod("steady", spec).await;
    let status = |pod: Pod| pod.status.unwrap().container_statuses.unwrap().remove(0);
    let before = status(cluster.until_ready("steady").await);
    let seen = cluster.log("steady", "").await.lines().count();
    cluster.crash_and_boot();
    let after = status(cluster.until_ready("steady").await);
    assert_eq!(after.container_id, before.container_id);
    assert_eq!((after.restart_count, after.state), (0, before.state));
    let log = cluster.log("steady", "").await;
    assert!(log.lines().count() > seen, "it went on");
    for (at, line) in log.lines().enumerate() {
        assert_eq!(line, format!("line {}", at + 1), "none is lost");
    }
    let said = cluster.run(&["exec", "steady", "--", "echo", "still here"]);
    assert_eq!(text(&said.stdout), "still here\n");

    // What is deleted while nobody is there to see it, goes with the next boot.
    cluster.delete("steady").await;
    cluster.crash_and_boot();
    cluster.until_gone("steady").await;
    cluster.end();
}

#[tokio::test]
async fn what_cannot_run_says_why() {
    if !inside("pods::what_cannot_run_says_why") {
        return;
    }
    let cluster = Cluster::start().await;
    let pod = |image: &str, more: serde_json::Value| {
        let mut container = json!({ "name": "c", "image": image });
        container.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        json!({ "terminationGracePeriodSeconds": 0, "containers": [container] })
    };
    let missing = "kanoe.local/bootcamp:v10";
    cluster.pod("missing", pod(missing, json!({}))).await;
    cluster.pod("wrong", pod("Foo:bar:baz", json!({}))).await;
    cluster.pod("never", pod(missing, json!({ "imagePullPolicy": "Never" }))).await;
    cluster.pod("command", pod(BUSYBOX, json!({ "command": ["nothing"] }))).await;
    cluster.pod("forbidden", pod(BUSYBOX, json!({ "command": ["/etc/passwd"] }))).await;
    let from = json!([{ "configMapRef": { "name": "later" } }]);
    cluster
        .pod("config", pod(BUSYBOX, json!({ "envFrom": from, "command": ["sleep", "99"] })))
        .await;
    cluster
        .pod("crash", pod(BUSYBOX, json!({ "command": ["sh", "-c", "echo run; exit 2"] })))
        .await;
    for (name, reason) in [
        ("missing", "ErrImagePull"),
        ("missing", "ImagePullBackOff"),
        ("wrong", "InvalidImageName"),
        ("never", "ErrImageNeverPull"),
        ("command", "CrashLoopBackOff"),
        ("forbidden", "CrashLoopBackOff"),
        ("config", "CreateContainerConfigError"),
        ("crash", "CrashLoopBackOff"),
    ] {
        // The first of them passes quickly, and may have passed.
        let waits = |pod: Option<&Pod>| {
            let found = waits_for(pod);
            found == reason || (reason == "ErrImagePull" && found == "ImagePullBackOff")
        };
        cluster.until(name, waits).await;
    }
    let want = format!(
        "Failed to pull image \"{missing}\": failed to pull and unpack image \"{missing}\": failed to resolve reference \"{missing}\": {missing}: not found"
    );
    cluster.told("missing", |reason, message| reason == "Failed" && message == want).await;
    let waits = format!("Back-off pulling image \"{missing}\"");
    cluster.told("missing", |reason, message| reason == "BackOff" && message == waits).await;
    commands_say_why(&cluster).await;
    cluster.told("crash", |reason, _| reason == "BackOff").await;
    assert_eq!(cluster.log("crash", "previous=true").await, "run\n");

    let map =
        json!({ "metadata": { "name": "later", "namespace": "default" }, "data": { "A": "1" } });
    cluster.create::<ConfigMap>(map).await;
    cluster.until_ready("config").await;
    let said = cluster.run(&["exec", "config", "--", "sh", "-c", "echo $A"]);
    assert_eq!(text(&said.stdout), "1\n", "it came once its map had");
    cluster.end();
}

async fn commands_say_why(cluster: &Cluster) {
    for (name, why) in [
        ("command", "exec: \"nothing\": executable file not found in $PATH"),
        ("forbidden", "exec: \"/etc/passwd\": permission denied"),
    ] {
        let refused = |message: &str| {
            message.starts_with("Error: failed to create task") && message.contains(why)
        };
        cluster.told(name, |_, message| refused(message)).await;
    }
}

#[tokio::test]
async fn init_containers_volumes_and_last_words() {
    if !inside("pods::init_containers_volumes_and_last_words") {
        return;
    }
    let cluster = Cluster::start().await;
    let map = json!({ "metadata": { "name": "cm", "namespace": "default" }, "data": { "a": "1" } });
    cluster.create::<ConfigMap>(map).await;
    let work = json!([{ "name": "work", "mountPath": "/work" }]);
    let script = "cat /work/x; cat /cm/a; echo; cat /api/token | head -c 2; echo; echo bye > /dev/termination-log";
    let mounts = json!([
        { "name": "work", "mountPath": "/work" },
        { "name": "cm", "mountPath": "/cm" },
        { "name": "token", "mountPath": "/api" },
    ]);
    let sources =
        json!([{ "serviceAccountToken": { "path": "token", "expirationSeconds": 3600 } }]);
    let spec = json!({
        "restartPolicy": "Never",
        "initContainers": [
            { "name": "init", "image": BUSYBOX, "command": ["sh", "-c", "echo from init > /work/x"], "volumeMounts": work },
            { "name": "side", "image": BUSYBOX, "command": ["sleep", "9999"], "restartPolicy": "Always" },
        ],
        "containers": [{ "name": "c", "image": BUSYBOX, "command": ["sh", "-c", script], "volumeMounts": mounts }],
        "terminationGracePeriodSeconds": 0,
        "volumes": [
            { "name": "work", "emptyDir": { "medium": "Memory" } },
            { "name": "cm", "configMap": { "name": "cm" } },
            { "name": "token", "projected": { "sources": sources } },
        ],
    });
    cluster.pod("once", spec).await;
    let phase = |pod: Option<&Pod>| pod.and_then(|pod| pod.status.clone()?.phase);
    let pod =
        cluster.until("once", |pod| phase(pod).as_deref() == Some("Succeeded")).await.unwrap();
    let status = pod.status.unwrap();
    let state = status.container_statuses.unwrap().remove(0).state.unwrap().terminated.unwrap();
    assert_eq!((state.exit_code, state.message.as_deref()), (0, Some("bye\n")));
    assert_eq!(cluster.log("once", "container=c").await, "from init\n1\ney\n");
    cluster.delete("once").await;
    cluster.until_gone("once").await;
    cluster.end();
}

#[tokio::test]
async fn the_unhealthy_are_restarted_and_the_greedy_killed() {
    if !inside("pods::the_unhealthy_are_restarted_and_the_greedy_killed") {
        return;
    }
    let cluster = Cluster::start().await;
    let probe = json!({ "exec": { "command": ["cat", "/nothing"] }, "periodSeconds": 1, "failureThreshold": 1 });
    let sick = json!({ "name": "c", "image": BUSYBOX, "command": ["sleep", "999"], "livenessProbe": probe });
    cluster.pod("sick", json!({ "terminationGracePeriodSeconds": 0, "containers": [sick] })).await;
    let limits = json!({ "limits": { "memory": "16Mi" } });
    let grow = "x=a; while true; do x=$x$x; done";
    let greedy = json!({ "name": "c", "image": BUSYBOX, "command": ["sh", "-c", grow], "resources": limits });
    cluster.pod("greedy", json!({ "restartPolicy": "Never", "containers": [greedy] })).await;

    let first = |pod: Option<&Pod>| {
        pod.and_then(|pod| pod.status.clone()?.container_statuses?.into_iter().next())
    };
    let restarted = |pod: Option<&Pod>| first(pod).is_some_and(|status| status.restart_count > 0);
    cluster.until("sick", restarted).await;
    for wanted in [
        "Liveness probe failed: cat: can't open '/nothing': No such file or directory",
        "Container c failed liveness probe, will be restarted",
    ] {
        cluster.told("sick", |_, message| message.trim() == wanted).await;
    }
    let killed =
        |pod: Option<&Pod>| first(pod).and_then(|status| status.state?.terminated).is_some();
    let pod = cluster.until("greedy", killed).await;
    let state = first(pod.as_ref()).unwrap().state.unwrap().terminated.unwrap();
    assert_eq!((state.exit_code, state.reason.as_deref()), (137, Some("OOMKilled")));
    cluster.end();
}

#[tokio::test]
async fn streams_join_containers_and_ports() {
    if !inside("pods::streams_join_containers_and_ports") {
        return;
    }
    let cluster = Cluster::start().await;
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [
        { "name": "c", "image": BUSYBOX, "command": ["cat"], "stdin": true },
        { "name": "port", "image": BUSYBOX, "command": ["sh", "-c", "while true; do nc -l -p 7000 -e cat; done"] },
    ] });
    cluster.pod("echo", spec).await;
    cluster.until_ready("echo").await;

    let pod = "/api/v1/namespaces/default/pods/echo";
    let path = format!("{pod}/attach?container=c&stdin=true&stdout=true");
    let takes = Takes { stdin: true, tty: false };
    let opened = streams::command(&cluster.client, &path, takes, Dialects::All);
    let mut attached = opened.await.unwrap();
    attached.sender.send(STDIN, b"through\n").await.unwrap();
    let heard = attached.receiver.next().await.unwrap().unwrap();
    assert_eq!((heard.0, text(&heard.1)), (STDOUT, "through\n".to_owned()));
    assert_eq!(cluster.log("echo", "container=c").await, "through\n", "and into its log");

    let path = format!("{pod}/portforward");
    let opened = streams::port(&cluster.client, &path, 7000, Dialects::All);
    let mut forwarded = opened.await.unwrap();
    forwarded.sender.send(0, b"to the loopback").await.unwrap();
    let heard = forwarded.receiver.next().await.unwrap().unwrap();
    assert_eq!((heard.0, text(&heard.1)), (0, "to the loopback".to_owned()));

    let mut following = cluster.run_beside(&["logs", "-f", "echo", "-c", "c"]);
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert_eq!(lines.next().as_deref(), Some("through"), "it follows now");
    attached.sender.send(STDIN, b"more\n").await.unwrap();
    attached.receiver.next().await.unwrap().unwrap();
    cluster.delete("echo").await;
    cluster.until_gone("echo").await;
    assert_eq!(lines.collect::<Vec<_>>(), ["more"], "following ends with the pod");
    assert!(following.wait().unwrap().success());
    cluster.end();
}

#[tokio::test]
async fn a_pod_whose_shim_is_killed_comes_back() {
    if !inside("pods::a_pod_whose_shim_is_killed_comes_back") {
        return;
    }
    let cluster = Cluster::start().await;
    let container = json!({ "name": "c", "image": BUSYBOX, "command": ["sleep", "7777"] });
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [container] });
    cluster.pod("orphan", spec).await;
    let pod = cluster.until_ready("orphan").await;
    let home = cluster.house.folder.path();
    let shim = format!("shim\0{}/sandboxes/{}", home.display(), pod.metadata.uid.unwrap());
    let killed = cluster.house.processes().into_iter().find(|(_, line)| line.contains(&shim));
    sys::process::PidFd::open(killed.unwrap().0).unwrap().signal(9).unwrap();

    let status = |pod: Option<&Pod>| {
        pod.and_then(|pod| pod.status.clone()?.container_statuses?.into_iter().next())
    };
    let again = |pod: Option<&Pod>| {
        status(pod).is_some_and(|status| status.restart_count == 1 && status.ready)
    };
    cluster.until("orphan", again).await;
    cluster.told("orphan", |reason, _| reason == "SandboxChanged").await;
    let sleeping =
        House::all_processes().into_iter().filter(|(_, line)| line.contains("\u{0}7777"));
    assert_eq!(sleeping.count(), 1, "the old one was ended");
    cluster.delete("orphan").await;
    cluster.until_gone("orphan").await;
    cluster.end();
}

#[tokio::test]
async fn a_port_of_the_node_leads_into_its_pod() {
    if !inside("pods::a_port_of_the_node_leads_into_its_pod") {
        return;
    }
    let mut cluster = Cluster::start().await;
    let ports = json!([{ "containerPort": 8080, "hostPort": 8000 }]);
    let probe = json!({ "httpGet": { "path": "/", "port": 8080 } });
    let container = json!({
        "name": "web", "image": "kanoe.local/bootcamp:v1", "ports": ports, "readinessProbe": probe,
    });
    let spec = json!({ "terminationGracePeriodSeconds": 1, "containers": [container] });
    cluster.pod("web", spec.clone()).await;
    let pod = cluster.until_ready("web").await;
    let own = pod.status.unwrap().host_ip.unwrap();
    let ask = |place: &str| {
        let said = Command::new("curl").args(["-sS", "-m", "5", place]).output().unwrap();
        text(&said.stdout) + &text(&said.stderr)
    };
    let (loopback, outward) = ("127.0.0.1:8000".to_owned(), format!("{own}:8000"));
    for place in [&loopback, &outward] {
        assert!(ask(place).contains("Running on: web"), "{place}: {}", ask(place));
    }
    let said = cluster.run(&["exec", "web", "--", "curl", "-s", &outward]);
    assert!(text(&said.stdout).contains("Running on: web"), "from the pod itself: {said:?}");

    cluster.pod("second", spec).await;
    let full = |pod: Option<&Pod>| {
        let status = pod.and_then(|pod| pod.status.clone());
        let conditions = status.and_then(|status| status.conditions).unwrap_or_default();
        conditions.iter().any(|one| one.reason.as_deref() == Some("Unschedulable"))
    };
    cluster.until("second", full).await;
    let why = "didn't have free ports for the requested pod ports";
    cluster.told("second", |_, message| message.contains(why)).await;

    cluster.crash_and_boot();
    assert!(ask(&loopback).contains("Running on: web"), "after a crash: {}", ask(&loopback));
    cluster.delete("web").await;
    cluster.until_ready("second").await;
    assert!(ask(&loopback).contains("Running on: second"), "it took its place");
    cluster.delete("second").await;
    cluster.until_gone("second").await;
    assert!(ask(&loopback).contains("onnect"), "closed again: {}", ask(&loopback));
    cluster.end();
}
