//! Who waits, who is sent away, and whose time is over.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
};

use serde_json::json;
use support::{Cluster, alone};

use crate::harness::{ADMIN, PORT, USER, create, get, serve};

/// A request whose body does not end: it keeps its seat.
struct Slow(Child, Option<ChildStdin>);

impl Slow {
    fn start() -> Self {
        let url = format!("https://127.0.0.1:{PORT}/api/v1/namespaces/default/configmaps");
        let mut curl = Command::new("curl");
        curl.args(["-sk", "--http1.1", "-m", "60", "-N", "-X", "POST", "-T", ".", "-H", "Expect:"]);
        curl.args(["-H", &format!("Authorization: Bearer {USER}")]);
        curl.args(["-H", "Content-Type: application/json"]).arg(url);
        let child = curl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{error}"));
        let mut body = child.stdin.take();
        if let Some(body) = &mut body {
            body.write_all(b"{").unwrap_or_else(|error| panic!("{error}"));
        }
        Self(child, body)
    }

    /// Ends the body; returns the answer.
    fn finish(mut self, rest: &str) -> String {
        if let Some(mut body) = self.1.take() {
            body.write_all(rest.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        }
        let output = self.0.wait_with_output().unwrap_or_else(|error| panic!("{error}"));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn lets_the_user_in() {
    let binding = json!({
        "metadata": {"name": "user-may"}, "subjects": [{"kind": "User", "name": "user",
            "apiGroup": "rbac.authorization.k8s.io"}],
        "roleRef": {"kind": "ClusterRole", "name": "cluster-admin",
            "apiGroup": "rbac.authorization.k8s.io"},
    });
    let path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    assert_eq!(create(path, &binding).code, 201);
}

/// A gauge of a level on the page of metrics; whoever reads it has a seat elsewhere.
fn gauge(name: &str, level: &str) -> Option<u32> {
    let sample = format!("apiserver_flowcontrol_{name}{{priority_level={level:?}}} ");
    let page = get(ADMIN, "/metrics").body;
    page.lines().find_map(|line| line.strip_prefix(&sample)).and_then(|count| count.parse().ok())
}

fn seats_taken(level: &str) -> Option<u32> {
    gauge("current_executing_seats", level)
}

#[test]
fn a_full_level_sends_requests_away_and_others_go_on() {
    alone("flow::a_full_level_sends_requests_away_and_others_go_on", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let server = serve(&cluster, &[]);
        lets_the_user_in();
        let group = "/apis/flowcontrol.apiserver.k8s.io/v1";
        let schemas = format!("{group}/flowschemas");
        let schema = json!({"metadata": {"name": "tight"}, "spec": {"matchingPrecedence": 50,
            "priorityLevelConfiguration": {"name": "tight"}, "rules": [{
            "subjects": [{"kind": "User", "user": {"name": "user"}}],
            "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"],
                "namespaces": ["*"], "clusterScope": true}]}]}});
        assert_eq!(create(&schemas, &schema).code, 201);
        let dangling = || {
            let told = get(ADMIN, &format!("{schemas}/tight")).json();
            told["status"]["conditions"][0].clone()
        };
        // The condition is written by who follows the schemas; each look is a request.
        while dangling()["status"] != "True" {}
        assert_eq!(dangling()["reason"], "NotFound");
        let level = json!({"metadata": {"name": "tight"}, "spec": {"type": "Limited", "limited": {
            "nominalConcurrencyShares": 0, "borrowingLimitPercent": 0, "lendablePercent": 0,
            "limitResponse": {"type": "Reject"}}}});
        let level = create(&format!("{group}/prioritylevelconfigurations"), &level);
        assert_eq!(level.code, 201, "{level:?}");
        while dangling()["status"] != "False" {}
        assert_eq!(
            dangling()["message"],
            "This FlowSchema references the PriorityLevelConfiguration object named \"tight\" and \
             it exists"
        );

        let path = "/api/v1/namespaces/default/configmaps";
        let refused = get(USER, path);
        assert_eq!((refused.code, refused.header("retry-after")), (429, "1"));
        assert_eq!(refused.body, "Too many requests, please try again later.\n");
        let uid = level.json()["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
        assert_eq!(refused.header("x-kubernetes-pf-prioritylevel-uid"), uid);
        assert!(!refused.header("x-kubernetes-pf-flowschema-uid").is_empty());
        assert_eq!(get(ADMIN, path).code, 200, "others go on");

        // With seats of its own, so many requests go on and the next one is sent away.
        let patch = json!({"spec": {"limited": {"nominalConcurrencyShares": 1}}}).to_string();
        let patched = crate::harness::ask(
            ADMIN,
            "PATCH",
            &format!("{group}/prioritylevelconfigurations/tight"),
            &["-H", "Content-Type: application/merge-patch+json", "-d", &patch],
        );
        assert_eq!(patched.code, 200, "{patched:?}");
        while get(USER, path).code != 200 {}
        // An answer may come before its seat is given back.
        while seats_taken("tight") != Some(0) {}
        let seats = gauge("nominal_limit_seats", "tight").unwrap_or_default();
        assert!((1..10).contains(&seats), "{seats}");
        let slow: Vec<Slow> = (0..seats).map(|_| Slow::start()).collect();
        while seats_taken("tight") != Some(seats) {}
        assert_eq!(get(USER, path).code, 429);
        for (index, one) in slow.into_iter().enumerate() {
            let answer = one.finish(&format!("\"metadata\": {{\"name\": \"a{index}\"}}}}"));
            assert!(answer.contains("ConfigMap"), "{answer:?}");
        }
        while seats_taken("tight") != Some(0) {}
        assert_eq!(get(USER, path).code, 200);
        drop(server);
    });
}

#[test]
fn a_request_that_takes_too_long_ends() {
    alone("flow::a_request_that_takes_too_long_ends", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let server = serve(&cluster, &["--request-timeout=300ms"]);
        lets_the_user_in();
        let mut client = Command::new("openssl");
        client.args(["s_client", "-quiet", "-connect", &format!("127.0.0.1:{PORT}")]);
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut client = client.spawn().unwrap_or_else(|error| panic!("{error}"));
        let request = format!(
            "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: x\r\n\
             Authorization: Bearer {USER}\r\nContent-Length: 100\r\n\r\n{{"
        );
        let mut held = client.stdin.take();
        if let Some(body) = &mut held {
            body.write_all(request.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        }
        let lines = client.stdout.take().map(|out| BufReader::new(out).lines());
        let mut lines = lines.into_iter().flatten().map_while(Result::ok);
        assert!(lines.next().is_some_and(|line| line.contains(" 504 ")));
        let said = lines.find(|line| line.starts_with('{')).unwrap_or_default();
        assert!(said.contains("request did not complete within the allotted timeout"), "{said}");
        assert!(said.contains("\"reason\":\"Timeout\""), "{said}");
        drop(client.kill());
        drop(client.wait());
        let wrong = get(ADMIN, "/api/v1/namespaces?timeout=soon");
        assert_eq!(wrong.code, 400);
        // A watch goes on for as long as it asked to.
        assert_eq!(get(ADMIN, "/api/v1/namespaces?watch=1&timeoutSeconds=1").code, 200);
        drop(server);
    });
}
