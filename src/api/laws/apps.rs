//! What is refused of the kinds that keep pods of a template running.

use serde_json::{Value, json};

use super::{Checked, assert_creations, assert_statuses, assert_updates, edited};

fn set() -> Value {
    json!({
        "metadata": {"name": "s"},
        "spec": {
            "selector": {"matchLabels": {"app": "a"}},
            "template": {
                "metadata": {"labels": {"app": "a"}},
                "spec": {"containers": [{"name": "c", "image": "i"}]},
            },
        },
    })
}

const REPLICAS: &str = "spec.replicas: Invalid value: -1: must be greater than or equal to 0";
const MIN_READY: &str =
    "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0";

#[test]
fn changes_of_some_kinds_are_judged_twice() {
    let fewer = [("/spec/replicas", json!(-1))];
    for (kind, words) in [
        ("Deployment", &[REPLICAS][..]),
        ("ReplicaSet", &[REPLICAS, REPLICAS]),
        ("StatefulSet", &[REPLICAS]),
    ] {
        assert_updates(&Checked::of("apps", "v1", kind), &set(), &[(kind, &fewer, words)]);
    }
    let sooner = [("/spec/minReadySeconds", json!(-1))];
    let daemons = Checked::of("apps", "v1", "DaemonSet");
    assert_updates(&daemons, &set(), &[("DaemonSet", &sooner, &[MIN_READY, MIN_READY])]);
    let controllers = Checked::of("", "v1", "ReplicationController");
    let controller = edited(&set(), &[("/spec/selector", json!({"app": "a"}))]);
    assert_updates(&controllers, &controller, &[("controller", &fewer, &[REPLICAS, REPLICAS])]);
}

#[test]
fn selectors_that_cannot_be_read_hide_the_template() {
    let edits = [
        ("/spec/selector", json!({"matchExpressions": [{"key": "a", "operator": "In"}]})),
        ("/spec/template/spec/activeDeadlineSeconds", json!(5)),
    ];
    let shown = r#"{"matchExpressions":[{"key":"a","operator":"In"}]}"#;
    let required = "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'";
    assert_creations(
        &Checked::of("apps", "v1", "Deployment"),
        &set(),
        &[(
            "deployment",
            &edits,
            &[required, &format!("spec.selector: Invalid value: {shown}: invalid label selector")],
        )],
    );
    assert_creations(
        &Checked::of("apps", "v1", "StatefulSet"),
        &set(),
        &[(
            "stateful set",
            &edits,
            &[
                required,
                &format!("spec.selector: Invalid value: {shown}"),
                "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported",
            ],
        )],
    );
}

#[test]
fn shares_are_numbers_or_percentages() {
    assert_creations(
        &Checked::of("apps", "v1", "Deployment"),
        &set(),
        &[
            (
                "nonsense",
                &[(
                    "/spec/strategy/rollingUpdate",
                    json!({"maxUnavailable": "+5%", "maxSurge": 0}),
                )],
                &[
                    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"+5%\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
                    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"+5%\": may not be 0 when `maxSurge` is 0",
                ],
            ),
            (
                "too much",
                &[("/spec/strategy/rollingUpdate", json!({"maxUnavailable": "101%"}))],
                &[
                    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%",
                ],
            ),
        ],
    );
}

#[test]
fn stateful_sets_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("apps", "v1", "StatefulSet");
    assert_creations(
        &kind,
        &set(),
        &[
            ("all history", &[("/spec/revisionHistoryLimit", json!(-1))], &[]),
            (
                "service",
                &[("/spec/serviceName", json!("a.b"))],
                &["spec.serviceName: Invalid value: \"a.b\": must not contain dots"],
            ),
            (
                "on delete",
                &[(
                    "/spec/updateStrategy",
                    json!({"type": "OnDelete", "rollingUpdate": {"partition": 2}}),
                )],
                &[
                    "spec.updateStrategy.rollingUpdate: Invalid value: {\"Partition\":2,\"MaxUnavailable\":null}: only allowed for updateStrategy 'RollingUpdate'",
                ],
            ),
        ],
    );
    let all = edited(&set(), &[("/spec/revisionHistoryLimit", json!(-1))]);
    assert_eq!(kind.warnings(&all).len(), 1);
    let collided = edited(&set(), &[("/status/collisionCount", json!(2))]);
    for kind in ["StatefulSet", "DaemonSet", "Deployment"] {
        assert_statuses(
            &Checked::of("apps", "v1", kind),
            &collided,
            &[(
                "fewer collisions",
                &[("/status/collisionCount", json!(1))],
                &["status.collisionCount: Invalid value: 1: cannot be decremented"],
            )],
        );
    }
}
