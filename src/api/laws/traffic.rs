//! What is refused of the ways to pods, and of how many there are.

use serde_json::json;

use super::{Checked, assert_creations, assert_statuses, assert_updates, edited};

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn autoscalers_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("autoscaling", "v2", "HorizontalPodAutoscaler");
    let good = json!({
        "apiVersion": "autoscaling/v2",
        "metadata": {"name": "h"},
        "spec": {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "d", "apiVersion": "apps/v1"}},
    });
    let object = json!({"type": "Object", "object": {
        "describedObject": {"kind": "Service", "name": "s", "apiVersion": "v1"},
        "metric": {"name": "m"}, "target": {},
    }});
    assert_creations(
        &kind,
        &good,
        &[
            (
                "target",
                &[("/spec/metrics", json!([object]))],
                &[
                    "spec.metrics[0].object.target.type: Required value: must specify a metric target type",
                    "spec.metrics[0].object.target.type: Invalid value: \"\": must be either Utilization, Value, or AverageValue",
                    "spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue",
                ],
            ),
            (
                "nothing",
                &[("/spec/metrics", json!([{"type": ""}]))],
                &[
                    "spec.metrics[0].type: Required value: must specify a metric source type",
                    "spec.metrics[0].type: Unsupported value: \"\": supported values: \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\"",
                    "spec.metrics[0].type: Unsupported value: \"\": supported values: \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\"",
                ],
            ),
            (
                "versions",
                &[("/spec/scaleTargetRef/apiVersion", json!("a/b/c"))],
                &[
                    "spec.scaleTargetRef.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c",
                ],
            ),
            (
                "tolerance",
                &[("/spec/behavior", json!({"scaleUp": {"tolerance": "-1"}}))],
                &[
                    "spec.behavior.scaleUp.tolerance: Invalid value: \"-1\": must be greater than or equal to 0",
                ],
            ),
        ],
    );
    let bad = edited(
        &good,
        &[("/spec/scaleTargetRef/apiVersion", json!("v1")), ("/spec/minReplicas", json!(0))],
    );
    assert_updates(
        &kind,
        &bad,
        &[(
            "what was so may stay",
            &[("/spec/maxReplicas", json!(4))],
            &[
                "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
            ],
        )],
    );
    assert_statuses(
        &kind,
        &good,
        &[(
            "status",
            &[("/status/currentReplicas", json!(-1))],
            &["status.currentReplicas: Invalid value: -1: must be greater than or equal to 0"],
        )],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn ingresses_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("networking.k8s.io", "v1", "Ingress");
    let good = json!({"metadata": {"name": "i"}, "spec": {"rules": [{"http": {"paths": [{
        "path": "/", "pathType": "Prefix", "backend": {"service": {"name": "9", "port": {"number": 80}}},
    }]}}]}});
    let at = "spec.rules[0].http.paths[0]";
    let path = "/spec/rules/0/http/paths/0";
    assert_creations(
        &kind,
        &good,
        &[
            (
                "no type",
                &[
                    (&format!("{path}/pathType"), json!(null)),
                    (&format!("{path}/backend"), json!({})),
                ],
                &[&format!("{at}.pathType: Required value: pathType must be specified")],
            ),
            (
                "no backend",
                &[(&format!("{path}/backend"), json!({}))],
                &[&format!(
                    "{at}.backend: Invalid value: \"\": resource or service backend is required"
                )],
            ),
            (
                "no port",
                &[(&format!("{path}/backend/service/port"), json!({}))],
                &[&format!("{at}.backend: Required value: port name or number is required")],
            ),
            (
                "resource",
                &[(
                    &format!("{path}/backend"),
                    json!({"resource": {"kind": "", "name": "a/b", "apiGroup": ""}}),
                )],
                &[
                    &format!(
                        "{at}.backend.resource.apiGroup: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                    ),
                    &format!("{at}.backend.resource.kind: Required value: kind is required"),
                    &format!(
                        "{at}.backend.resource.name: Invalid value: \"a/b\": may not contain '/'"
                    ),
                ],
            ),
            (
                "two classes",
                &[
                    ("/metadata/annotations", json!({"kubernetes.io/ingress.class": "a"})),
                    ("/spec/ingressClassName", json!("b")),
                ],
                &[
                    "annotations.kubernetes.io/ingress.class: Invalid value: \"a\": must match `ingressClassName` when both are specified",
                ],
            ),
        ],
    );
    assert_statuses(
        &kind,
        &good,
        &[(
            "status",
            &[("/status/loadBalancer/ingress", json!([{"ip": "1.2.3", "hostname": "1.2.3.4"}]))],
            &[
                "status.loadBalancer.ingress[0].ip: Invalid value: \"1.2.3\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
                "status.loadBalancer.ingress[0].hostname: Invalid value: \"1.2.3.4\": must be a DNS name, not an IP address",
            ],
        )],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn ranges_are_strict_where_they_are_new() {
    let policies = Checked::of("networking.k8s.io", "v1", "NetworkPolicy");
    let of =
        |range: &str| json!([{"from": [{"ipBlock": {"cidr": range}}], "ports": [{"endPort": 5}]}]);
    let policy = json!({"metadata": {"name": "p"}, "spec": {}});
    let port = "spec.ingress[0].ports[0].endPort: Invalid value: 5: may not be specified when `port` is not specified";
    let at = "spec.ingress[0].from[0].ipBlock.cidr: Invalid value";
    assert_creations(
        &policies,
        &policy,
        &[
            (
                "bits",
                &[("/spec/ingress", of("10.0.0.1/8"))],
                &[
                    port,
                    &format!(
                        "{at}: \"10.0.0.1/8\": must not have bits set beyond the prefix length"
                    ),
                ],
            ),
            (
                "zeros",
                &[("/spec/ingress", of("10.0.0.010/32"))],
                &[
                    port,
                    &format!(
                        "{at}: \"10.0.0.010/32\": must not have leading 0s in IP or prefix length"
                    ),
                ],
            ),
            (
                "length",
                &[("/spec/ingress", of("10.0.0.0/08"))],
                &[
                    port,
                    &format!(
                        "{at}: \"10.0.0.0/08\": must not have leading 0s in IP or prefix length"
                    ),
                ],
            ),
            (
                "too long",
                &[("/spec/ingress", of("10.0.0.0/99"))],
                &[
                    port,
                    &format!(
                        "{at}: \"10.0.0.0/99\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
                    ),
                ],
            ),
            (
                "none",
                &[("/spec/ingress", of("10.0.0.0"))],
                &[
                    port,
                    &format!(
                        "{at}: \"10.0.0.0\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
                    ),
                ],
            ),
        ],
    );
    let old = edited(&policy, &[("/spec/ingress", of("10.0.0.1/8"))]);
    assert_updates(
        &policies,
        &old,
        &[("old", &[("/metadata/labels", json!({"a": "b"}))], &[port, port])],
    );
    let cidrs = Checked::of("networking.k8s.io", "v1", "ServiceCIDR");
    let range = json!({"metadata": {"name": "c"}, "spec": {"cidrs": ["10.0.0.0/24"]}});
    assert_creations(
        &cidrs,
        &range,
        &[(
            "one family",
            &[("/spec/cidrs", json!(["10.0.0.0/24", "10.1.0.0/24"]))],
            &[
                "spec.cidrs: Invalid value: {\"CIDRs\":[\"10.0.0.0/24\",\"10.1.0.0/24\"]}: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64",
            ],
        )],
    );
    assert_updates(
        &cidrs,
        &range,
        &[
            (
                "other",
                &[("/spec/cidrs", json!(["10.1.0.0/24"]))],
                &["spec.cidrs[0]: Invalid value: \"10.1.0.0/24\": field is immutable"],
            ),
            ("joined", &[("/spec/cidrs", json!(["10.0.0.0/24", "fd00::/64"]))], &[]),
        ],
    );
}

#[test]
fn slices_of_endpoints_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("discovery.k8s.io", "v1", "EndpointSlice");
    let good = json!({"metadata": {"name": "e"}, "addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.1"]}]});
    assert_creations(
        &kind,
        &good,
        &[
            (
                "addresses",
                &[("/endpoints/0/addresses", json!(["127.0.0.1", "fd00::1", "x"]))],
                &[
                    "endpoints[0].addresses[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
                    "endpoints[0].addresses[1]: Invalid value: \"fd00::1\": must be a valid IPv4 address",
                    "endpoints[0].addresses[2]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
                ],
            ),
            (
                "ports",
                &[("/ports", json!([{"port": 1}, {"port": 2, "protocol": "ICMP"}]))],
                &[
                    "ports[1].name: Duplicate value: \"\"",
                    "ports[1].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
                ],
            ),
            (
                "hints",
                &[("/endpoints/0/hints", json!({"forZones": [{"name": "a"}, {"name": "a"}]}))],
                &["endpoints[0].hints.forZones[1].name: Duplicate value: \"a\""],
            ),
            (
                "domains",
                &[("/addressType", json!("FQDN")), ("/endpoints/0/addresses", json!(["com"]))],
                &[
                    "endpoints[0].addresses[0]: Invalid value: \"com\": should be a domain with at least two segments separated by dots",
                ],
            ),
        ],
    );
}

#[test]
fn conditions_of_budgets_have_their_form() {
    let kind = Checked::of("policy", "v1", "PodDisruptionBudget");
    let condition = json!({"type": "a", "status": "Perhaps", "reason": "1"});
    assert_statuses(
        &kind,
        &json!({"spec": {}}),
        &[(
            "conditions",
            &[("/status/conditions", json!([condition])), ("/status/expectedPods", json!(-1))],
            &[
                "status.conditions[0].status: Unsupported value: \"Perhaps\": supported values: \"False\", \"True\", \"Unknown\"",
                "status.conditions[0].lastTransitionTime: Required value: must be set",
                "status.conditions[0].reason: Invalid value: \"1\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
                "status.expectedPods: Invalid value: -1: must be greater than or equal to 0",
            ],
        )],
    );
}
