//! Who waits for whom at the API server, as Kubernetes suggests it.
//! Source: `k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap`.

use serde_json::{Value, json};

/// Levels with queues: name, shares, per cent to lend, queues, size of a hand.
const LEVELS: [(&str, i64, i64, i64, i64); 6] = [
    ("system", 30, 33, 64, 6),
    ("node-high", 40, 25, 64, 6),
    ("leader-election", 10, 0, 16, 4),
    ("workload-high", 40, 50, 128, 6),
    ("workload-low", 100, 90, 128, 6),
    ("global-default", 20, 50, 128, 6),
];
const QUEUE_LENGTH: i64 = 50;
/// Whoever writes these objects anew says in this annotation that nobody else has changed them.
const AUTOUPDATE: &str = "apf.kubernetes.io/autoupdate-spec";

fn object(kind: &str, name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": kind,
        "metadata": {"name": name, "annotations": {AUTOUPDATE: "true"}}, "spec": spec,
    })
}

/// The priority levels.
pub(super) fn levels() -> Vec<Value> {
    let kind = "PriorityLevelConfiguration";
    let exempt = json!({"type": "Exempt",
        "exempt": {"nominalConcurrencyShares": 0, "lendablePercent": 0}});
    let rest = json!({"type": "Limited", "limited": {"nominalConcurrencyShares": 5,
        "lendablePercent": 0, "limitResponse": {"type": "Reject"}}});
    let mut levels = vec![object(kind, "exempt", &exempt), object(kind, "catch-all", &rest)];
    levels.extend(LEVELS.iter().map(|(name, shares, lent, queues, hand)| {
        let queuing = json!({"queues": queues, "handSize": hand, "queueLengthLimit": QUEUE_LENGTH});
        let limited = json!({"nominalConcurrencyShares": shares, "lendablePercent": lent,
            "limitResponse": {"type": "Queue", "queuing": queuing}});
        object(kind, name, &json!({"type": "Limited", "limited": limited}))
    }));
    levels
}

fn group(name: &str) -> Value {
    json!({"kind": "Group", "group": {"name": name}})
}

fn user(name: &str) -> Value {
    json!({"kind": "User", "user": {"name": name}})
}

fn account(name: &str) -> Value {
    json!({"kind": "ServiceAccount",
        "serviceAccount": {"namespace": "kube-system", "name": name}})
}

fn everybody() -> Vec<Value> {
    vec![group("system:unauthenticated"), group("system:authenticated")]
}

/// A rule for everything that `subjects` ask.
fn everything(subjects: &[Value]) -> Value {
    json!({
        "subjects": subjects,
        "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"],
            "namespaces": ["*"], "clusterScope": true}],
        "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    })
}

fn resources(verbs: &[&str], group: &str, resources: &[&str]) -> Value {
    json!({"verbs": verbs, "apiGroups": [group], "resources": resources, "namespaces": ["*"]})
}

fn schema(name: &str, precedence: i64, level: &str, by: &str, rule: &Value) -> Value {
    let mut spec = json!({
        "priorityLevelConfiguration": {"name": level}, "matchingPrecedence": precedence,
        "rules": [rule],
    });
    if !by.is_empty() {
        spec["distinguisherMethod"] = json!({"type": by});
    }
    object("FlowSchema", name, &spec)
}

/// The flow schemas.
pub(super) fn schemas() -> Vec<Value> {
    const BY_USER: &str = "ByUser";
    const BY_NAMESPACE: &str = "ByNamespace";
    let renewal = ["get", "create", "update"];
    let leases = resources(&renewal, "coordination.k8s.io", &["leases"]);
    let managers = [user("system:kube-controller-manager"), user("system:kube-scheduler")];
    let nodes = [group("system:nodes")];
    let mut own_node = resources(&["*"], "", &["nodes", "nodes/status"]);
    own_node["clusterScope"] = true.into();
    let node_rule = json!({"subjects": nodes,
        "resourceRules": [own_node, resources(&["*"], "coordination.k8s.io", &["leases"])]});
    let probes = json!({"subjects": everybody(), "nonResourceRules":
        [{"verbs": ["get"], "nonResourceURLs": ["/healthz", "/readyz", "/livez"]}]});
    let leaders = json!({"subjects": [managers[0], managers[1], account("*")],
        "resourceRules": [leases]});
    let endpoints = json!({
        "subjects": [managers[0], account("endpoint-controller"),
            account("endpointslicemirroring-controller")],
        "resourceRules": [resources(&renewal, "", &["endpoints"])],
    });
    let workloads = json!({"subjects": [account("*")],
        "resourceRules": [resources(&renewal, "", &["endpoints", "configmaps"]), leases]});
    vec![
        schema("exempt", 1, "exempt", "", &everything(&[group("system:masters")])),
        schema("probes", 2, "exempt", "", &probes),
        schema("system-leader-election", 100, "leader-election", BY_USER, &leaders),
        schema("endpoint-controller", 150, "workload-high", BY_USER, &endpoints),
        schema("workload-leader-election", 200, "leader-election", BY_USER, &workloads),
        schema("system-node-high", 400, "node-high", BY_USER, &node_rule),
        schema("system-nodes", 500, "system", BY_USER, &everything(&nodes)),
        schema(
            "kube-controller-manager",
            800,
            "workload-high",
            BY_NAMESPACE,
            &everything(&managers[..1]),
        ),
        schema("kube-scheduler", 800, "workload-high", BY_NAMESPACE, &everything(&managers[1..])),
        schema(
            "kube-system-service-accounts",
            900,
            "workload-high",
            BY_NAMESPACE,
            &everything(&[account("*")]),
        ),
        schema(
            "service-accounts",
            9000,
            "workload-low",
            BY_USER,
            &everything(&[group("system:serviceaccounts")]),
        ),
        schema("global-default", 9900, "global-default", BY_USER, &everything(&everybody())),
        schema("catch-all", 10_000, "catch-all", BY_USER, &everything(&everybody())),
    ]
}
