//! What is refused of jobs and cron jobs.

use serde_json::{Value, json};

use super::{Checked, assert_creations, assert_statuses, assert_updates, edited};

fn job() -> Value {
    json!({
        "metadata": {"name": "j", "uid": "u1"},
        "spec": {"template": {"spec": {
            "restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}],
        }}},
    })
}

fn indexed() -> Value {
    edited(
        &job(),
        &[
            ("/spec/completionMode", json!("Indexed")),
            ("/spec/completions", json!(5)),
            ("/spec/parallelism", json!(5)),
        ],
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn jobs_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("batch", "v1", "Job");
    assert_creations(
        &kind,
        &job(),
        &[
            (
                "restart",
                &[("/spec/template/spec/restartPolicy", json!("Perhaps"))],
                &[
                    "spec.template.spec.restartPolicy: Unsupported value: \"Perhaps\": supported values: \"Always\", \"OnFailure\", \"Never\"",
                    "spec.template.spec.restartPolicy: Unsupported value: \"Perhaps\": supported values: \"OnFailure\", \"Never\"",
                ],
            ),
            (
                "failure rules",
                &[(
                    "/spec/podFailurePolicy",
                    json!({"rules": [
                        {"action": ""},
                        {"action": "Ignore", "onExitCodes": {"values": [1, 2, 1]}, "onPodConditions": [{"type": "x"}]},
                    ]}),
                )],
                &[
                    "spec.podFailurePolicy.rules[0].action: Required value: valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]",
                    "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
                    "spec.podFailurePolicy.rules[1].onExitCodes.operator: Required value: valid values: [\"In\" \"NotIn\"]",
                    "spec.podFailurePolicy.rules[1].onExitCodes.values[2]: Duplicate value: 1",
                    "spec.podFailurePolicy.rules[1].onExitCodes.values: Invalid value: [1,2,1]: must be ordered",
                    "spec.podFailurePolicy.rules[1]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported",
                ],
            ),
            ("own selector", &[("/spec/selector", json!({"matchLabels": {"job-name": "j"}}))], &[]),
            (
                "manager",
                &[("/spec/managedBy", json!(format!("a.b/{}", "c".repeat(60))))],
                &["spec.managedBy: Too long: may not be more than 63 bytes"],
            ),
        ],
    );
    assert_creations(
        &kind,
        &indexed(),
        &[
            (
                "no completions",
                &[("/spec/completions", json!(null)), ("/spec/parallelism", json!(100_001))],
                &[
                    "spec.completions: Required value: when completion mode is Indexed",
                    "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed",
                ],
            ),
            (
                "many",
                &[("/spec/completions", json!(100_001)), ("/spec/backoffLimitPerIndex", json!(1))],
                &[
                    "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
                ],
            ),
            (
                "many failures",
                &[
                    ("/spec/completions", json!(100_001)),
                    ("/spec/backoffLimitPerIndex", json!(1)),
                    ("/spec/maxFailedIndexes", json!(10_001)),
                ],
                &[
                    "spec.maxFailedIndexes: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index",
                ],
            ),
            (
                "success",
                &[(
                    "/spec/successPolicy",
                    json!({"rules": [{"succeededIndexes": "0-9", "succeededCount": 2}]}),
                )],
                &[
                    "spec.successPolicy.rules[0].succeededIndexes: Invalid value: \"0-9\": error parsing succeededIndexes: too large index: \"9\"",
                    "spec.successPolicy.rules[0].succeededCount: Invalid value: 2: must be less than or equal to 0 (the number of indexes in the specified succeededIndexes field)",
                ],
            ),
        ],
    );
}

#[test]
fn jobs_change_while_they_rest() {
    let kind = Checked::of("batch", "v1", "Job");
    let suspended = edited(&job(), &[("/spec/suspend", json!(true))]);
    let started = edited(&suspended, &[("/status/startTime", json!("2026-01-01T00:00:00Z"))]);
    let marked = edited(
        &started,
        &[("/status/conditions", json!([{"type": "Suspended", "status": "True"}]))],
    );
    let resources =
        [("/spec/template/spec/containers/0/resources", json!({"requests": {"cpu": "2"}}))];
    let nodes = [
        ("/spec/template/spec/affinity", json!({"nodeAffinity": {}})),
        ("/spec/template/spec/nodeSelector", json!({"a": "b"})),
    ];
    let image = [("/spec/template/spec/containers/0/image", json!("other"))];
    for (case, old, edits, fits) in [
        ("resources", &suspended, &resources[..], true),
        ("nodes", &suspended, &nodes[..], true),
        ("image", &suspended, &image[..], false),
        ("running", &job(), &resources[..], false),
        ("started", &started, &nodes[..], false),
        ("stopped", &marked, &nodes[..], true),
    ] {
        assert_eq!(kind.update(old, edits).is_empty(), fits, "{case}");
    }
    assert_updates(
        &kind,
        &indexed(),
        &[
            ("grow", &[("/spec/completions", json!(6)), ("/spec/parallelism", json!(6))], &[]),
            (
                "completions",
                &[("/spec/completions", json!(6))],
                &[
                    "spec.completions: Invalid value: 6: can only be modified in tandem with spec.parallelism",
                ],
            ),
            (
                "policies",
                &[
                    (
                        "/spec/podFailurePolicy",
                        json!({"rules": [{"action": "Ignore", "onPodConditions": [{"type": "x"}]}]}),
                    ),
                    ("/spec/podReplacementPolicy", json!("Failed")),
                ],
                &[
                    "spec.podFailurePolicy: Invalid value: {\"Rules\":[{\"Action\":\"Ignore\",\"OnExitCodes\":null,\"OnPodConditions\":[{\"Type\":\"x\",\"Status\":\"True\"}]}]}: field is immutable",
                ],
            ),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn statuses_of_jobs_go_one_way() {
    let kind = Checked::of("batch", "v1", "Job");
    let is = |types: &[&str]| -> Value {
        types.iter().map(|one| json!({"type": one, "status": "True"})).collect()
    };
    let (start, end) = (json!("2026-01-01T00:00:00Z"), json!("2026-01-01T00:01:00Z"));
    assert_statuses(
        &kind,
        &job(),
        &[
            (
                "done",
                &[
                    ("/status/conditions", is(&["SuccessCriteriaMet", "Complete"])),
                    ("/status/startTime", start.clone()),
                    ("/status/completionTime", end.clone()),
                ],
                &[],
            ),
            (
                "bare",
                &[("/status/conditions", is(&["Complete"])), ("/status/active", json!(1))],
                &[
                    "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
                    "status.completionTime: Required value: completionTime is required for Complete jobs",
                    "status.active: Invalid value: 1: active>0 is invalid for finished job",
                    "status.startTime: Required value: startTime is required for finished job",
                ],
            ),
            (
                "failed",
                &[("/status/conditions", is(&["Failed"])), ("/status/startTime", start.clone())],
                &[
                    "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition",
                ],
            ),
            (
                "time",
                &[("/status/startTime", end.clone()), ("/status/completionTime", start.clone())],
                &[
                    "status.completionTime: Invalid value: \"2026-01-01T00:00:00Z\": cannot set completionTime when there is no Complete=True condition",
                    "status.completionTime: Invalid value: \"2026-01-01T00:00:00Z\": completionTime cannot be set before startTime",
                ],
            ),
            (
                "indexes",
                &[("/status/completedIndexes", json!("0")), ("/status/failedIndexes", json!("0"))],
                &[
                    "status.completedIndexes: Invalid value: \"0\": cannot set non-empty completedIndexes when non-indexed completion mode",
                    "status.failedIndexes: Invalid value: \"0\": cannot set non-null failedIndexes when backoffLimitPerIndex is null",
                    "status.failedIndexes: Invalid value: \"0\": failedIndexes and completedIndexes overlap at index: 0",
                ],
            ),
            (
                "ready",
                &[
                    ("/status/ready", json!(2)),
                    ("/status/active", json!(1)),
                    ("/status/failed", json!(-1)),
                ],
                &[
                    "status.failed: Invalid value: -1: must be greater than or equal to 0",
                    "status.ready: Invalid value: 2: cannot set more ready pods than active",
                    "status.failed: Invalid value: -1: cannot decrease the failed counter",
                ],
            ),
        ],
    );
    let over = edited(
        &job(),
        &[
            ("/status/conditions", is(&["FailureTarget", "Failed"])),
            ("/status/startTime", start.clone()),
            ("/status/failed", json!(2)),
        ],
    );
    assert_statuses(
        &kind,
        &over,
        &[(
            "undone",
            &[("/status/conditions", json!([])), ("/status/failed", json!(1))],
            &[
                "status.conditions: Invalid value: cannot disable the terminal Failed=True condition",
                "status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition",
                "status.failed: Invalid value: 1: cannot decrease the failed counter",
            ],
        )],
    );
}

#[test]
fn a_job_that_is_awake_keeps_its_start_but_for_waking() {
    let kind = Checked::of("batch", "v1", "Job");
    let suspended = |word: &str| json!([{"type": "Suspended", "status": word}]);
    let (start, later) = (json!("2026-01-01T00:00:00Z"), json!("2026-01-01T00:01:00Z"));
    let fields = [("/status/startTime", start), ("/status/conditions", suspended("True"))];
    let asleep = edited(&job(), &fields);
    assert_statuses(
        &kind,
        &asleep,
        &[
            (
                "wakes",
                &[("/status/startTime", later.clone()), ("/status/conditions", suspended("False"))],
                &[],
            ),
            (
                "sleeps on",
                &[("/status/startTime", later)],
                &[
                    "status.startTime: Required value: startTime cannot be removed for unsuspended job",
                ],
            ),
        ],
    );
}

#[test]
fn cron_jobs_are_checked_as_kubernetes_checks_them() {
    let kind = Checked::of("batch", "v1", "CronJob");
    let good = json!({
        "metadata": {"name": "c"},
        "spec": {"schedule": "@daily", "jobTemplate": job()},
    });
    assert_creations(
        &kind,
        &good,
        &[
            (
                "zone in the schedule",
                &[("/spec/schedule", json!("TZ=UTC 61 * * * *"))],
                &[
                    "spec.schedule: Invalid value: \"TZ=UTC 61 * * * *\": end of range (61) above maximum (59): 61",
                    "spec.schedule: Invalid value: \"TZ=UTC 61 * * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
                ],
            ),
            (
                "small letters",
                &[("/spec/timeZone", json!("europe/berlin"))],
                &[
                    "spec.timeZone: Invalid value: \"europe/berlin\": unknown time zone europe/berlin",
                ],
            ),
            (
                "local",
                &[("/spec/timeZone", json!("Local"))],
                &[
                    "spec.timeZone: Invalid value: \"Local\": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
                ],
            ),
            ("known", &[("/spec/timeZone", json!("Etc/UTC"))], &[]),
            ("utc", &[("/spec/timeZone", json!("UTC"))], &[]),
            (
                "selector",
                &[
                    ("/spec/jobTemplate/spec/selector", json!({"matchLabels": {"a": "b"}})),
                    ("/spec/jobTemplate/spec/manualSelector", json!(true)),
                ],
                &[
                    "spec.jobTemplate.spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: `selector` will be auto-generated",
                    "spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: \"nil\", \"false\"",
                ],
            ),
        ],
    );
    let long = edited(&good, &[("/metadata/name", json!("c".repeat(60)))]);
    assert_updates(&kind, &long, &[("long names stay", &[("/spec/suspend", json!(true))], &[])]);
}
