//! The audit log.

use std::{fs, process::Stdio};

use serde_json::{Value, json};
use support::{Cluster, alone};

use crate::{
    harness::{ADMIN, USER, ask, create, get, serve},
    hooks::Hook,
};

const POLICY: &str = r#"
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: ["RequestReceived"]
omitManagedFields: true
rules:
- level: None
  users: ["system:kanoe"]
- level: RequestResponse
  resources: [{group: "", resources: ["configmaps"]}]
- level: Request
  resources: [{group: "", resources: ["secrets"]}]
- level: Metadata
"#;

fn events(log: &str) -> Vec<Value> {
    let lines = log.lines().map(serde_json::from_str);
    lines.map(|event| event.unwrap_or_else(|error| panic!("{error}"))).collect()
}

/// The one event of a request.
fn event<'a>(events: &'a [Value], verb: &str, uri: &str) -> &'a Value {
    let mut found = events.iter().filter(|one| one["verb"] == verb && one["requestURI"] == uri);
    let first = found.next().unwrap_or_else(|| panic!("no {verb} of {uri}: {events:?}"));
    assert!(found.next().is_none(), "{verb} of {uri} twice");
    first
}

#[test]
fn requests_are_written_down_as_the_policy_says() {
    alone("audit::requests_are_written_down_as_the_policy_says", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let (policy, log) =
            (cluster.folder().join("policy.yaml"), cluster.folder().join("audit/audit.log"));
        fs::write(&policy, POLICY).unwrap_or_else(|error| panic!("{error}"));
        let server = serve(
            &cluster,
            &[
                &format!("--audit-policy-file={}", policy.display()),
                &format!("--audit-log-path={}", log.display()),
            ],
        );
        let maps = "/api/v1/namespaces/default/configmaps";
        assert_eq!(create(maps, &json!({"metadata": {"name": "a"}})).code, 201);
        let secrets = "/api/v1/namespaces/default/secrets";
        let secret = json!({"metadata": {"name": "s"}, "stringData": {"k": "v"}});
        let made = create(secrets, &secret);
        assert_eq!(get(USER, "/api/v1/nodes").code, 403);
        assert_eq!(get("wrong", "/api/v1/pods").code, 401);
        let acting = ["-H", "Impersonate-User: ann", "-H", "Audit-ID: mine"];
        assert_eq!(ask(ADMIN, "GET", "/version", &acting).header("audit-id"), "mine");
        let watch = "/api/v1/namespaces/default/pods?watch=1&timeoutSeconds=1";
        assert_eq!(get(ADMIN, watch).code, 200);
        drop(server);

        let events = events(&fs::read_to_string(&log).unwrap_or_default());
        assert!(events.iter().all(|one| one["user"]["username"] != "system:kanoe"));
        assert!(events.iter().all(|one| one["stage"] != "RequestReceived"));
        let map = event(&events, "create", maps);
        assert_eq!(map["level"], "RequestResponse");
        assert_eq!(map["objectRef"]["name"], "a");
        assert_eq!(map["requestObject"]["metadata"]["name"], "a");
        assert_eq!(map["responseObject"]["metadata"]["namespace"], "default");
        assert_eq!(map["responseObject"]["metadata"]["managedFields"], Value::Null);
        assert_eq!(map["responseStatus"], json!({"metadata": {}, "code": 201}));
        assert_eq!(map["annotations"]["authorization.k8s.io/decision"], "allow");
        assert_eq!(map["sourceIPs"], json!(["127.0.0.1"]));
        let kept = event(&events, "create", secrets);
        assert_eq!(kept["requestObject"]["stringData"]["k"], "v");
        assert_eq!(kept["responseObject"], Value::Null);
        assert_eq!(kept["auditID"], made.header("audit-id"));
        let refused = event(&events, "list", "/api/v1/nodes");
        assert_eq!(refused["annotations"]["authorization.k8s.io/decision"], "forbid");
        assert_eq!(refused["responseStatus"]["reason"], "Forbidden");
        assert_eq!(refused["user"]["groups"], json!(["crew", "system:authenticated"]));
        let unknown = event(&events, "list", "/api/v1/pods");
        assert_eq!(unknown["stage"], "ResponseStarted");
        let why = "Authentication failed, attempted: bearer";
        assert_eq!(unknown["responseStatus"]["message"], why);
        let acted = event(&events, "get", "/version");
        assert_eq!(acted["user"]["username"], "admin");
        assert_eq!(acted["impersonatedUser"]["username"], "ann");
        let stages = events.iter().filter(|one| one["requestURI"] == watch);
        let stages: Vec<_> = stages.map(|one| one["stage"].clone()).collect();
        assert_eq!(stages, ["ResponseStarted", "ResponseComplete"]);
    });
}

#[test]
fn a_policy_that_cannot_be_followed_ends_the_start() {
    let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
    let policy = cluster.folder().join("policy.yaml");
    let text = POLICY.replace("level: Request\n", "level: Everything\n");
    fs::write(&policy, text).unwrap_or_else(|error| panic!("{error}"));
    let flag = format!("--audit-policy-file={}", policy.display());
    let words = ["cluster", "run", "--no-node", "--secure-port=16445", &flag];
    let output = cluster.command(&words).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("rules[2].level: Unsupported value: \"Everything\""), "{said}");
}

/// Everything that a webhook was told, event by event.
fn told(hook: &Hook) -> Vec<Value> {
    let lists = hook.asked();
    assert!(lists.iter().all(|list| list["kind"] == "EventList"), "{lists:?}");
    assert!(lists.iter().all(|list| list["apiVersion"] == "audit.k8s.io/v1"));
    let items = lists.iter().filter_map(|list| list["items"].as_array().cloned());
    items.flatten().collect()
}

#[test]
fn events_are_posted_in_batches_and_none_is_left_at_the_end() {
    alone("audit::events_are_posted_in_batches_and_none_is_left_at_the_end", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let policy = cluster.folder().join("policy.yaml");
        fs::write(&policy, POLICY).unwrap_or_else(|error| panic!("{error}"));
        let hook = Hook::start(cluster.folder(), |_| (200, json!({})));
        let server = serve(
            &cluster,
            &[
                &format!("--audit-policy-file={}", policy.display()),
                &format!("--audit-webhook-config-file={}", hook.config.display()),
                "--audit-webhook-batch-max-size=3",
                "--audit-webhook-batch-max-wait=1h",
            ],
        );
        let maps = "/api/v1/namespaces/default/configmaps";
        for name in ["a", "b", "c"] {
            assert_eq!(create(maps, &json!({"metadata": {"name": name}})).code, 201);
        }
        // A full batch goes at once, whatever else was written down before.
        hook.wait(|lists| !lists.is_empty());
        assert!(hook.asked().iter().all(|list| list["items"].as_array().map(Vec::len) == Some(3)));
        let page = get(ADMIN, "/metrics").body;
        assert!(page.contains("\napiserver_audit_level_total{level=\"RequestResponse\"} 3\n"));
        assert!(!page.contains("apiserver_audit_error_total{"), "nothing is lost");
        drop(server);
        let events = told(&hook);
        let names = events.iter().filter(|one| one["requestURI"] == maps);
        let mut names: Vec<_> = names.map(|one| one["objectRef"]["name"].clone()).collect();
        names.sort_by_key(Value::to_string);
        assert_eq!(names, ["a", "b", "c"]);
        assert!(events.iter().all(|one| one["kind"].is_null() && one["level"].is_string()));
        assert!(events.iter().any(|one| one["requestURI"] == "/metrics"), "the last one, too");
    });
}

#[test]
fn requests_that_cannot_be_told_are_refused_where_that_is_wanted() {
    alone("audit::requests_that_cannot_be_told_are_refused_where_that_is_wanted", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let policy = cluster.folder().join("policy.yaml");
        let text = POLICY
            .replace("omitStages: [\"RequestReceived\"]\n", "")
            .replace("rules:\n", "rules:\n- level: None\n  nonResourceURLs: [\"/metrics\"]\n");
        fs::write(&policy, text).unwrap_or_else(|error| panic!("{error}"));
        let hook = Hook::start(cluster.folder(), |_| (503, json!({})));
        let policy = format!("--audit-policy-file={}", policy.display());
        let config = format!("--audit-webhook-config-file={}", hook.config.display());
        let flags = [&policy, &config, "--audit-webhook-initial-backoff=1ms"];
        let strict = "--audit-webhook-mode=blocking-strict";
        let server = serve(&cluster, &[&flags[..], &[strict]].concat());
        let refused = get(ADMIN, "/version");
        assert_eq!(refused.code, 500);
        let why = "Internal Server Error: \"/version\": failed to store audit event\n";
        assert_eq!(refused.body, why);
        assert_eq!(hook.asked().len(), 5, "it is tried again");
        let page = get(ADMIN, "/metrics").body;
        assert!(page.contains("\napiserver_audit_requests_rejected_total 1\n"), "{page}");
        assert!(page.contains("\napiserver_audit_error_total{plugin=\"webhook\"} 1\n"), "{page}");
        drop(server);
        let server = serve(&cluster, &[&flags[..], &["--audit-webhook-mode=blocking"]].concat());
        assert_eq!(get(ADMIN, "/version").code, 200, "it goes on all the same");
        let page = get(ADMIN, "/metrics").body;
        assert!(page.contains("\napiserver_audit_error_total{plugin=\"webhook\"} 2\n"), "{page}");
        drop(server);
    });
}
