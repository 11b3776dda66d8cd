//! What is refused of disks' kinds, of who waits for whom, and of those who judge requests.

use serde_json::json;

use super::{Checked, assert_creations, assert_statuses, assert_updates, edited};

const STORAGE: &str = "storage.k8s.io";

#[test]
fn classes_of_disks_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of(STORAGE, "v1", "StorageClass");
    let good = json!({"metadata": {"name": "c"}, "provisioner": "a.b/c"});
    let place = json!({"matchLabelExpressions": [{"key": "a", "values": ["b"]}]});
    assert_creations(
        &kind,
        &good,
        &[
            (
                "same place",
                &[("/allowedTopologies", json!([place, place]))],
                &["allowedTopologies[1].matchLabelExpressions: Duplicate value: \"\""],
            ),
            (
                "no key",
                &[("/parameters", json!({"": "b"}))],
                &["parameters: Invalid value: \"\": field can not be empty."],
            ),
        ],
    );
    let attributes = Checked::of(STORAGE, "v1", "VolumeAttributesClass");
    let good = json!({"metadata": {"name": "c"}, "driverName": "a.b/c", "parameters": {"a": "b"}});
    assert_creations(&attributes, &good, &[]);
}

#[test]
fn drivers_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of(STORAGE, "v1", "CSIDriver");
    let good = json!({"metadata": {"name": "d"}, "spec": {}});
    assert_creations(
        &kind,
        &good,
        &[(
            "secrets",
            &[("/spec/serviceAccountTokenInSecrets", json!(true))],
            &[
                "spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified",
            ],
        )],
    );
    assert_updates(
        &kind,
        &good,
        &[(
            "attached",
            &[("/spec/attachRequired", json!(false))],
            &["spec.attachedRequired: Invalid value: false: field is immutable"],
        )],
    );
    let nodes = Checked::of(STORAGE, "v1", "CSINode");
    let node = json!({"metadata": {"name": "n"}, "spec": {"drivers": [{"name": "d", "nodeID": "i", "topologyKeys": ["a"]}]}});
    assert_updates(
        &nodes,
        &node,
        &[
            ("count", &[("/spec/drivers/0/allocatable", json!({"count": 2}))], &[]),
            (
                "id",
                &[("/spec/drivers/0/nodeID", json!("j"))],
                &[
                    "spec.drivers: Invalid value: {\"Name\":\"d\",\"NodeID\":\"j\",\"TopologyKeys\":[\"a\"],\"Allocatable\":null}: field is immutable",
                ],
            ),
        ],
    );
}

#[test]
fn attachments_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of(STORAGE, "v1", "VolumeAttachment");
    let good = json!({"metadata": {"name": "a"}, "spec": {"attacher": "d", "nodeName": "n", "source": {"persistentVolumeName": "v"}}});
    assert_creations(
        &kind,
        &good,
        &[(
            "nobody",
            &[("/spec/attacher", json!(""))],
            &["spec.attacher: Required value", "spec.attacher: Required value"],
        )],
    );
    assert_updates(
        &kind,
        &good,
        &[(
            "node",
            &[("/spec/nodeName", json!("m"))],
            &[
                "spec: Invalid value: {\"Attacher\":\"d\",\"Source\":{\"PersistentVolumeName\":\"v\",\"InlineVolumeSpec\":null},\"NodeName\":\"m\"}: field is immutable",
            ],
        )],
    );
    let code = "status.attachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive";
    assert_statuses(
        &kind,
        &good,
        &[("code", &[("/status/attachError", json!({"errorCode": -1}))], &[code, code])],
    );
}

#[test]
fn flows_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema");
    let good =
        json!({"metadata": {"name": "f"}, "spec": {"priorityLevelConfiguration": {"name": "l"}}});
    let rule = json!({
        "subjects": [{"kind": "ServiceAccount", "serviceAccount": {"name": "*"}}],
        "resourceRules": [{"verbs": ["see"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["a", "*"]}],
        "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["x", "/a*", "/b/*"]}],
    });
    assert_creations(
        &kind,
        &good,
        &[
            (
                "method",
                &[("/spec/distinguisherMethod", json!({"type": "ByDay"}))],
                &[
                    "spec.distinguisherMethod.type: Unsupported value: {\"Type\":\"ByDay\"}: supported values: \"ByNamespace\", \"ByUser\"",
                ],
            ),
            (
                "rule",
                &[("/spec/rules", json!([rule]))],
                &[
                    "spec.rules[0].subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account",
                    "spec.rules[0].resourceRules[0].verbs: Unsupported value: [\"see\"]: supported values: \"create\", \"delete\", \"deletecollection\", \"get\", \"list\", \"patch\", \"proxy\", \"update\", \"watch\"",
                    "spec.rules[0].resourceRules[0].namespaces: Invalid value: [\"a\",\"*\"]: if '*' is present, must not specify other namespaces",
                    "spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: \"x\": must start with slash",
                    "spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: \"/a*\": wildcard can only do suffix matching",
                ],
            ),
        ],
    );
    assert_statuses(
        &kind,
        &good,
        &[(
            "conditions",
            &[("/status/conditions", json!([{"type": "a"}, {"type": "a"}, {}]))],
            &[
                "status.conditions[1].type: Duplicate value: \"a\"",
                "status.conditions[2].type: Required value: must not be empty",
            ],
        )],
    );
}

#[test]
fn webhooks_and_policies_are_checked_as_kubernetes_checks_them() {
    let group = "admissionregistration.k8s.io";
    let hooks = Checked::of(group, "v1", "ValidatingWebhookConfiguration");
    let hook = json!({
        "name": "a.b.c", "sideEffects": "None", "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": "https://a.b/c"},
        "rules": [{"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["pods"]}],
    });
    let good = json!({"metadata": {"name": "w"}, "webhooks": [hook]});
    assert_creations(
        &hooks,
        &good,
        &[
            (
                "resources",
                &[(
                    "/webhooks/0/rules/0/resources",
                    json!(["pods/status", "pods/*", "pods/log", "*", "nodes"]),
                )],
                &[
                    "webhooks[0].rules[0].resources[2]: Invalid value: \"pods/log\": if 'pods/*' is present, must not specify pods/log",
                    "webhooks[0].rules[0].resources: Invalid value: [\"pods/status\",\"pods/*\",\"pods/log\",\"*\",\"nodes\"]: if '*' is present, must not specify other resources without subresources",
                ],
            ),
            (
                "versions",
                &[("/webhooks/0/admissionReviewVersions", json!(["v1", "v1"]))],
                &[
                    "webhooks[0].admissionReviewVersions[1]: Invalid value: \"v1\": duplicate version",
                ],
            ),
        ],
    );
    let bindings = Checked::of(group, "v1", "ValidatingAdmissionPolicyBinding");
    let good = json!({"metadata": {"name": "b"}, "spec": {"policyName": "p", "validationActions": ["Deny"]}});
    assert_creations(
        &bindings,
        &good,
        &[(
            "both",
            &[(
                "/spec/paramRef",
                json!({"name": "n", "selector": {}, "parameterNotFoundAction": "No"}),
            )],
            &[
                "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
                "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
                "spec.paramRef.parameterNotFoundAction: Unsupported value: \"No\": supported values: \"Deny\", \"Allow\"",
            ],
        )],
    );
    let policies = Checked::of(group, "v1", "ValidatingAdmissionPolicy");
    let good = json!({"metadata": {"name": "p"}, "spec": {
        "validations": [{"expression": "true"}],
        "matchConstraints": {"resourceRules": hook["rules"]},
    }});
    assert_creations(
        &policies,
        &good,
        &[
            (
                "kind",
                &[("/spec/paramKind", json!({"apiVersion": "a/b/c", "kind": "1"}))],
                &[
                    "spec.paramKind.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c",
                    "spec.paramKind.kind: Invalid value: \"1\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
                ],
            ),
            (
                "message",
                &[("/spec/validations/0/message", json!("a\nb"))],
                &[
                    "spec.validations[0].message: Invalid value: \"a\\nb\": message must not contain line breaks",
                ],
            ),
        ],
    );
}

#[test]
fn policies_that_change_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicy");
    let rule = json!({"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["CREATE"], "resources": ["pods"]});
    let good = json!({"metadata": {"name": "p"}, "spec": {
        "matchConstraints": {"resourceRules": [rule]}, "reinvocationPolicy": "Never",
        "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: \"remove\", path: \"/a\"}]"}}],
    }});
    assert_creations(
        &kind,
        &good,
        &[
            (
                "operations",
                &[("/spec/matchConstraints/resourceRules/0/operations", json!(["DELETE"]))],
                &[
                    "spec.matchConstraints.resourceRules.operations: Unsupported value: \"DELETE\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"UPDATE\"",
                ],
            ),
            (
                "type",
                &[("/spec/mutations/0/patchType", json!("ApplyConfiguration"))],
                &[
                    "spec.mutations[0].applyConfiguration: Required value: must be specified when patchType is ApplyConfiguration",
                    "spec.mutations[0].jsonPatch: Invalid value: \"{jsonPatch}\": must not be specified when patchType is ApplyConfiguration",
                ],
            ),
        ],
    );
}

#[test]
fn groups_of_others_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("apiregistration.k8s.io", "v1", "APIService");
    let good = json!({"metadata": {"name": "v1.g"}, "spec": {"group": "g", "version": "v1", "groupPriorityMinimum": 1, "versionPriority": 1}});
    assert_creations(
        &kind,
        &good,
        &[(
            "bundle",
            &[("/spec/caBundle", json!("YWJj"))],
            &[
                "spec.caBundle: Invalid value: \"3 bytes\": local APIServices may not have a caBundle",
            ],
        )],
    );
    let odd =
        edited(&good, &[("/status/conditions", json!([{"type": "Available", "status": "Odd"}]))]);
    assert_statuses(
        &kind,
        &odd,
        &[(
            "status",
            &[],
            &[
                "status.conditions[0].status: Unsupported value: \"Odd\": supported values: \"True\", \"False\", \"Unknown\"",
            ],
        )],
    );
}
