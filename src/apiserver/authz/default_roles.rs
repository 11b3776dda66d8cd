//! The roles and bindings that every cluster has. Source: Kubernetes documentation, "Default roles
//! and role bindings".

use machinery::{meta, well_known};
use serde_json::{Value, json};

const GROUP: &str = api::rbac::GROUP;

const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];
const ALL: &[&str] = &["*"];

/// One rule: groups, resources, verbs.
struct Grant(&'static [&'static str], &'static [&'static str], &'static [&'static str]);

impl Grant {
    fn rule(&self) -> Value {
        json!({"apiGroups": self.0, "resources": self.1, "verbs": self.2})
    }
}

const CORE: &[&str] = &[""];

const VIEW: &[Grant] = &[
    Grant(
        CORE,
        &[
            "bindings",
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "namespaces/status",
            "persistentvolumeclaims",
            "persistentvolumeclaims/status",
            "pods",
            "pods/log",
            "pods/status",
            "replicationcontrollers",
            "replicationcontrollers/scale",
            "replicationcontrollers/status",
            "resourcequotas",
            "resourcequotas/status",
            "serviceaccounts",
            "services",
            "services/status",
            "namespaces",
        ],
        READ,
    ),
    Grant(&["discovery.k8s.io"], &["endpointslices"], READ),
    Grant(
        &["apps"],
        &[
            "controllerrevisions",
            "daemonsets",
            "daemonsets/status",
            "deployments",
            "deployments/scale",
            "deployments/status",
            "replicasets",
            "replicasets/scale",
            "replicasets/status",
            "statefulsets",
            "statefulsets/scale",
            "statefulsets/status",
        ],
        READ,
    ),
    Grant(&["autoscaling"], &["horizontalpodautoscalers", "horizontalpodautoscalers/status"], READ),
    Grant(&["batch"], &["cronjobs", "cronjobs/status", "jobs", "jobs/status"], READ),
    Grant(&["policy"], &["poddisruptionbudgets", "poddisruptionbudgets/status"], READ),
    Grant(&["networking.k8s.io"], &["ingresses", "ingresses/status", "networkpolicies"], READ),
];

const EDIT: &[Grant] = &[
    Grant(
        CORE,
        &[
            "pods/attach",
            "pods/exec",
            "pods/portforward",
            "pods/proxy",
            "secrets",
            "services/proxy",
        ],
        READ,
    ),
    Grant(CORE, &["serviceaccounts"], &["impersonate"]),
    Grant(CORE, &["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], WRITE),
    Grant(CORE, &["pods/eviction", "serviceaccounts/token"], &["create"]),
    Grant(
        CORE,
        &[
            "configmaps",
            "events",
            "persistentvolumeclaims",
            "replicationcontrollers",
            "replicationcontrollers/scale",
            "secrets",
            "serviceaccounts",
            "services",
            "services/proxy",
        ],
        WRITE,
    ),
    Grant(
        &["apps"],
        &[
            "daemonsets",
            "deployments",
            "deployments/rollback",
            "deployments/scale",
            "replicasets",
            "replicasets/scale",
            "statefulsets",
            "statefulsets/scale",
        ],
        WRITE,
    ),
    Grant(&["autoscaling"], &["horizontalpodautoscalers"], WRITE),
    Grant(&["batch"], &["cronjobs", "jobs"], WRITE),
    Grant(&["policy"], &["poddisruptionbudgets"], WRITE),
    Grant(&["networking.k8s.io"], &["ingresses", "networkpolicies"], WRITE),
    Grant(
        &["coordination.k8s.io"],
        &["leases"],
        &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    ),
];

const ADMIN: &[Grant] = &[
    Grant(&["authorization.k8s.io"], &["localsubjectaccessreviews"], &["create"]),
    Grant(
        &[GROUP],
        &["rolebindings", "roles"],
        &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    ),
];

const NODE: &[Grant] = &[
    Grant(&["authentication.k8s.io"], &["tokenreviews"], &["create"]),
    Grant(
        &["authorization.k8s.io"],
        &["localsubjectaccessreviews", "subjectaccessreviews"],
        &["create"],
    ),
    Grant(CORE, &["services"], READ),
    Grant(CORE, &["nodes"], &["create", "get", "list", "watch", "patch", "update"]),
    Grant(CORE, &["nodes/status"], &["patch", "update"]),
    Grant(CORE, &["events"], &["create", "patch", "update"]),
    Grant(CORE, &["pods"], &["get", "list", "watch", "create", "delete"]),
    Grant(CORE, &["pods/status"], &["patch", "update"]),
    Grant(CORE, &["configmaps", "secrets"], READ),
    Grant(CORE, &["serviceaccounts/token"], &["create"]),
    Grant(&["coordination.k8s.io"], &["leases"], &["create", "delete", "get", "patch", "update"]),
];

const SCHEDULER: &[Grant] = &[
    Grant(&["", "events.k8s.io"], &["events"], &["create", "patch", "update"]),
    Grant(CORE, &["nodes", "namespaces", "services", "replicationcontrollers"], READ),
    Grant(CORE, &["pods"], &["delete", "get", "list", "watch"]),
    Grant(CORE, &["bindings", "pods/binding"], &["create"]),
    Grant(CORE, &["pods/status"], &["patch", "update"]),
    Grant(&["apps"], &["replicasets", "statefulsets"], READ),
    Grant(&["coordination.k8s.io"], &["leases"], &["create", "get", "list", "update", "watch"]),
];

const PROXY: &[Grant] = &[
    Grant(CORE, &["endpoints", "nodes", "services"], &["list", "watch", "get"]),
    Grant(&["discovery.k8s.io"], &["endpointslices"], &["list", "watch"]),
    Grant(&["", "events.k8s.io"], &["events"], &["create", "patch", "update"]),
];

const SELF_REVIEWS: &[Grant] = &[
    Grant(
        &["authorization.k8s.io"],
        &["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        &["create"],
    ),
    Grant(&["authentication.k8s.io"], &["selfsubjectreviews"], &["create"]),
];

/// Every default object, with the plural of its kind, in the order in which they are made.
pub(crate) fn default_objects() -> Vec<(&'static str, Value)> {
    let health = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
    let discovery = [
        "/api",
        "/api/*",
        "/apis",
        "/apis/*",
        "/healthz",
        "/livez",
        "/openapi",
        "/openapi/*",
        "/readyz",
        "/version",
        "/version/",
    ];
    let everything = json!([
        {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
        {"nonResourceURLs": ["*"], "verbs": ["*"]},
    ]);
    let paths = |urls: &[&str]| json!([{"nonResourceURLs": urls, "verbs": ["get"]}]);
    let mut out = vec![
        cluster_role("cluster-admin", everything),
        cluster_role("system:discovery", paths(&discovery)),
        cluster_role("system:public-info-viewer", paths(&health)),
        cluster_role("system:basic-user", rules(&[SELF_REVIEWS])),
        cluster_role("system:node", rules(&[NODE])),
        cluster_role("system:kube-scheduler", rules(&[SCHEDULER])),
        cluster_role("system:node-proxier", rules(&[PROXY])),
        cluster_role("system:kube-controller-manager", rules(&[&[Grant(ALL, ALL, ALL)]])),
    ];
    out.extend(user_roles());
    let known = [well_known::AUTHENTICATED];
    let both = [well_known::AUTHENTICATED, well_known::UNAUTHENTICATED];
    out.push(groups_binding("cluster-admin", &[well_known::MASTERS]));
    out.push(groups_binding("system:basic-user", &known));
    out.push(groups_binding("system:discovery", &known));
    out.push(groups_binding("system:public-info-viewer", &both));
    out.push(user_binding("system:kube-scheduler"));
    out.push(user_binding("system:kube-controller-manager"));
    out.push(groups_binding("system:node-proxier", &["system:node-proxiers"]));
    out
}

/// view, edit and admin, with the roles that they are put together from.
fn user_roles() -> Vec<(&'static str, Value)> {
    let label = |to: &str| format!("rbac.authorization.k8s.io/aggregate-to-{to}");
    let part = |name: &str, to: &[&str], grants: &[Grant]| {
        let (plural, mut role) =
            cluster_role(&format!("system:aggregate-to-{name}"), rules(&[grants]));
        for target in to {
            role["metadata"]["labels"][label(target)] = "true".into();
        }
        (plural, role)
    };
    let whole = |name: &str, to: &[&str], grants: &[&[Grant]]| {
        let (plural, mut role) = cluster_role(name, rules(grants));
        role["aggregationRule"] =
            json!({"clusterRoleSelectors": [{"matchLabels": {label(name): "true"}}]});
        for target in to {
            role["metadata"]["labels"][label(target)] = "true".into();
        }
        (plural, role)
    };
    vec![
        part("view", &["view"], VIEW),
        part("edit", &["edit"], EDIT),
        part("admin", &["admin"], ADMIN),
        whole("view", &["edit"], &[VIEW]),
        whole("edit", &["admin"], &[VIEW, EDIT]),
        whole("admin", &[], &[VIEW, EDIT, ADMIN]),
    ]
}

fn rules(parts: &[&[Grant]]) -> Value {
    parts.iter().flat_map(|grants| grants.iter().map(Grant::rule)).collect()
}

fn cluster_role(name: &str, rules: Value) -> (&'static str, Value) {
    let mut role = base("ClusterRole", name);
    role["rules"] = rules;
    ("clusterroles", role)
}

fn groups_binding(role: &str, groups: &[&str]) -> (&'static str, Value) {
    let subjects: Vec<Value> = groups
        .iter()
        .map(|name| json!({"apiGroup": GROUP, "kind": "Group", "name": name}))
        .collect();
    binding(role, subjects)
}

fn user_binding(role: &str) -> (&'static str, Value) {
    binding(role, vec![json!({"apiGroup": GROUP, "kind": "User", "name": role})])
}

fn binding(role: &str, subjects: Vec<Value>) -> (&'static str, Value) {
    let mut binding = base("ClusterRoleBinding", role);
    binding["roleRef"] = json!({"apiGroup": GROUP, "kind": "ClusterRole", "name": role});
    binding["subjects"] = subjects.into();
    ("clusterrolebindings", binding)
}

fn base(kind: &str, name: &str) -> Value {
    let mut object = json!({
        "apiVersion": format!("{GROUP}/v1"), "kind": kind,
        "metadata": {
            "name": name,
            "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"},
            "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
        },
    });
    meta::metadata_mut(&mut object);
    object
}
