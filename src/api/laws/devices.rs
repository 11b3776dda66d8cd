//! What is refused of devices and claims to them.

use serde_json::json;

use super::{Checked, assert_creations, assert_statuses, assert_updates, edited};

const GROUP: &str = "resource.k8s.io";

#[test]
fn claims_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of(GROUP, "v1", "ResourceClaim");
    let good = json!({"metadata": {"name": "c"}, "spec": {"devices": {"requests": [
        {"name": "r", "exactly": {"deviceClassName": "d"}},
    ]}}});
    assert_creations(
        &kind,
        &good,
        &[
            (
                "constraints",
                &[(
                    "/spec/devices/constraints",
                    json!([{"matchAttribute": "a"}, {"requests": ["r", "R"], "matchAttribute": "d/9"}]),
                )],
                &[
                    "spec.devices.constraints[0].matchAttribute: Invalid value: \"a\": a fully qualified name must be a domain and a name separated by a slash",
                    "spec.devices.constraints[1].requests[1]: Invalid value: \"R\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
                    "spec.devices.constraints[1].requests[1]: Invalid value: \"R\": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
                    "spec.devices.constraints[1].matchAttribute: Invalid value: \"9\": a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')",
                ],
            ),
            (
                "tolerations",
                &[(
                    "/spec/devices/requests/0/exactly/tolerations",
                    json!([{"key": "a", "operator": "Exists", "value": "b", "effect": "No"}]),
                )],
                &[
                    "spec.devices.requests[0].exactly.tolerations[0].value: Invalid value: \"b\": must be empty for operator `Exists`",
                    "spec.devices.requests[0].exactly.tolerations[0].effect: Unsupported value: \"No\": supported values: \"NoExecute\", \"NoSchedule\", \"None\"",
                ],
            ),
        ],
    );
    assert_statuses(
        &kind,
        &good,
        &[(
            "users",
            &[(
                "/status/reservedFor",
                json!([{"resource": "pods", "name": "p", "uid": "u"}, {"resource": "pods", "name": "q", "uid": "u"}]),
            )],
            &[
                "status.reservedFor[1]: Duplicate value: \"u\"",
                "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
            ],
        )],
    );
}

#[test]
fn slices_of_devices_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of(GROUP, "v1", "ResourceSlice");
    let good = json!({"metadata": {"name": "s"}, "spec": {
        "driver": "d", "nodeName": "n", "pool": {"name": "p", "resourceSliceCount": 1},
        "devices": [{"name": "d"}],
    }});
    assert_creations(
        &kind,
        &good,
        &[
            (
                "nowhere",
                &[("/spec/nodeName", json!("")), ("/spec/pool/generation", json!(-1))],
                &[
                    "spec.pool.generation: Invalid value: -1: must be greater than or equal to zero",
                    "spec.nodeName: Invalid value: \"\": must be either unset or set to a non-empty string",
                    "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required",
                ],
            ),
            (
                "twice",
                &[("/spec/allNodes", json!(true))],
                &[
                    "spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set",
                ],
            ),
            (
                "device",
                &[(
                    "/spec/devices/0",
                    json!({"name": "d", "allNodes": true, "attributes": {"a": {}}, "capacity": {"c": {"value": "1", "requestPolicy": {}}}}),
                )],
                &[
                    "spec.devices[0].attributes[a]: Invalid value: \"\": exactly one value must be specified",
                    "spec.devices[0].capacity[c].requestPolicy: Forbidden: allowMultipleAllocations must be true",
                    "spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
                ],
            ),
            (
                "counters",
                &[("/spec/sharedCounters", json!([{"name": "a"}])), ("/spec/devices", json!(null))],
                &["spec.sharedCounters[0].counters: Required value"],
            ),
        ],
    );
    let class = Checked::of(GROUP, "v1", "DeviceClass");
    let bare = edited(&good, &[("/spec", json!({}))]);
    let opaque = "spec.config[0].opaque: Required value";
    assert_updates(
        &class,
        &bare,
        &[("config", &[("/spec/config", json!([{}]))], &[opaque, opaque])],
    );
}
