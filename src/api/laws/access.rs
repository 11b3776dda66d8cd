//! What is refused of roles, requests for certificates, and events.

use serde_json::json;

use super::{Checked, assert_creations, assert_statuses, assert_updates, edited};

const RBAC: &str = "rbac.authorization.k8s.io";

#[test]
fn roles_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of(RBAC, "v1", "ClusterRole");
    let good = json!({"metadata": {"name": "r"}, "rules": []});
    let no_verbs = "rules[0].verbs: Required value: verbs must contain at least one value";
    assert_creations(
        &kind,
        &good,
        &[
            (
                "no selector",
                &[("/aggregationRule", json!({}))],
                &[
                    "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil",
                ],
            ),
            (
                "selector",
                &[(
                    "/aggregationRule",
                    json!({"clusterRoleSelectors": [{"matchExpressions": [{"key": "a", "operator": "Is"}]}]}),
                )],
                &[
                    "aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: \"Is\": not a valid selector operator",
                    "aggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.",
                ],
            ),
        ],
    );
    assert_updates(
        &kind,
        &good,
        &[("twice", &[("/rules", json!([{"nonResourceURLs": ["/x"]}]))], &[no_verbs, no_verbs])],
    );
}

#[test]
fn subjects_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of(RBAC, "v1", "ClusterRoleBinding");
    let good = json!({"metadata": {"name": "b"}, "roleRef": {"kind": "ClusterRole", "name": "r"}});
    assert_creations(
        &kind,
        &good,
        &[
            (
                "role",
                &[("/roleRef/name", json!("a/b"))],
                &["roleRef.name: Invalid value: \"a/b\": may not contain '/'"],
            ),
            (
                "account",
                &[("/subjects", json!([{"kind": "ServiceAccount", "apiGroup": "x", "name": "n"}]))],
                &[
                    "subjects[0].apiGroup: Unsupported value: \"x\": supported values: \"\"",
                    "subjects[0].namespace: Required value",
                ],
            ),
            (
                "nobody",
                &[("/subjects", json!([{"kind": "Cat"}]))],
                &[
                    "subjects[0].name: Required value",
                    "subjects[0].kind: Unsupported value: \"Cat\": supported values: \"ServiceAccount\", \"User\", \"Group\"",
                ],
            ),
        ],
    );
    let here = Checked::of(RBAC, "v1", "RoleBinding");
    let bound = edited(
        &good,
        &[
            ("/metadata/namespace", json!("ns")),
            ("/subjects", json!([{"kind": "ServiceAccount", "name": "n"}])),
        ],
    );
    assert_creations(&here, &bound, &[]);
}

#[test]
fn requests_for_certificates_are_granted_once() {
    let kind = Checked::of("certificates.k8s.io", "v1", "CertificateSigningRequest");
    let pem = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==";
    let good = json!({"metadata": {"name": "c"}, "spec": {"request": pem, "signerName": "a.b/c", "usages": ["any"]}});
    assert_creations(
        &kind,
        &good,
        &[(
            "signer",
            &[("/spec/signerName", json!("A.b/C"))],
            &[
                "spec.signerName: Invalid value: \"A.b\": validating label \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
                "spec.signerName: Invalid value: \"C\": validating label \"C\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
            ],
        )],
    );
    let said = |kind: &str| json!([{"type": kind, "status": "True"}]);
    let denied = edited(&good, &[("/status/conditions", said("Denied"))]);
    assert_statuses(
        &kind,
        &denied,
        &[(
            "said",
            &[("/status/conditions", said("Approved")), ("/status/certificate", json!("eA=="))],
            &[
                "status.certificate: Invalid value: \"<certificate data>\": must contain at least one CERTIFICATE PEM block",
                "status.conditions: Forbidden: updates may not add a condition of type \"Approved\"",
                "status.conditions: Forbidden: updates may not remove a condition of type \"Denied\"",
            ],
        )],
    );
}

#[test]
fn events_are_checked_by_the_older_rules_and_the_newer() {
    let older = Checked::of("", "v1", "Event");
    let good = json!({"metadata": {"name": "e", "namespace": "default"}, "involvedObject": {}});
    assert_creations(
        &older,
        &good,
        &[
            (
                "elsewhere",
                &[("/involvedObject/namespace", json!("x"))],
                &["involvedObject.namespace: Invalid value: \"x\": does not match event.namespace"],
            ),
            (
                "with a time",
                &[
                    ("/eventTime", json!("2026-01-01T00:00:00.000000Z")),
                    ("/reportingComponent", json!("a")),
                    ("/reason", json!("r")),
                ],
                &["reportingInstance: Required value", "action: Required value"],
            ),
        ],
    );
    let newer = Checked::of("events.k8s.io", "v1", "Event");
    let good = json!({
        "metadata": {"name": "e", "namespace": "default"}, "eventTime": "2026-01-01T00:00:00.000000Z",
        "regarding": {}, "reportingController": "a", "reportingInstance": "i", "action": "x", "reason": "r", "type": "Normal",
    });
    assert_creations(
        &newer,
        &good,
        &[(
            "series",
            &[("/series", json!({"count": 1}))],
            &[
                "series.count: Invalid value: \"\": should be at least 2",
                "series.lastObservedTime: Required value",
            ],
        )],
    );
    assert_updates(
        &newer,
        &good,
        &[(
            "kept",
            &[("/reason", json!("q")), ("/regarding", json!({"kind": "Pod"}))],
            &[
                "involvedObject: Invalid value: {\"Kind\":\"Pod\",\"Namespace\":\"\",\"Name\":\"\",\"UID\":\"\",\"APIVersion\":\"\",\"ResourceVersion\":\"\",\"FieldPath\":\"\"}: field is immutable",
                "reason: Invalid value: \"q\": field is immutable",
                "reason: Invalid value: \"q\": field is immutable",
            ],
        )],
    );
}
