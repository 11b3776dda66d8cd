//! Jobs, cron jobs, disruption budgets and small controllers on real containers, through our own
//! command line.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    process::Stdio,
};

use serde_json::{Value, json};
use support::{Cluster, alone};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kanoe");
const IMAGE: &str = "kanoe.local/bootcamp:v1";

/// Creates an object from its document.
fn create(cluster: &Cluster, name: &str, object: &Value) {
    let path = cluster.folder().join(format!("{name}.json"));
    fs::write(&path, object.to_string()).unwrap();
    cluster.ok(&format!("create -f {}", path.display()));
}

fn job(name: &str, script: &str, spec: &Value) -> Value {
    let container = json!({"name": "c", "image": IMAGE, "command": ["sh", "-c", script]});
    let pod = json!({
        "restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "containers": [container],
    });
    let mut object = json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
        "spec": {"template": {"spec": pod}},
    });
    object["spec"].as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    object
}

/// Waits for a condition of a Job.
fn wait(cluster: &Cluster, condition: &str, job: &str) {
    cluster.ok(&format!("wait --for=condition={condition} job/{job} --timeout=60s"));
}

fn status(cluster: &Cluster, job: &str, path: &str) -> String {
    cluster.ok(&format!("get job {job} -o jsonpath={{.status.{path}}}"))
}

#[test]
fn jobs_run_to_their_end() {
    alone("jobs::jobs_run_to_their_end", || {
        let cluster = Cluster::new(PROGRAM);
        completes(&cluster);
        runs_by_index(&cluster);
        gives_up(&cluster);
        fails_by_policy(&cluster);
        sleeps_and_wakes(&cluster);
        goes_when_its_time_is_over(&cluster);
        cluster.delete();
    });
}

fn completes(cluster: &Cluster) {
    let spec = json!({"completions": 2, "parallelism": 2});
    create(cluster, "plain", &job("plain", "echo done", &spec));
    wait(cluster, "complete", "plain");
    let shown = cluster.ok("get job plain --no-headers");
    let words: Vec<&str> = shown.split_whitespace().collect();
    assert_eq!(words.get(..3), Some(["plain", "Complete", "2/2"].as_slice()), "{shown}");
    assert_eq!(cluster.ok("logs job/plain --all-pods --prefix=false"), "done\ndone\n");
    let described = cluster.ok("describe job plain");
    for word in ["SuccessfulCreate", "Created pod: plain-", "Completed", "Job completed"] {
        assert!(described.contains(word), "{word}: {described}");
    }
    let conditions = status(cluster, "plain", "conditions[*].type");
    assert_eq!(conditions, "SuccessCriteriaMet Complete");
    let held = cluster.ok("get pods -l job-name=plain -o jsonpath={.items[*].metadata.finalizers}");
    assert_eq!(held, "", "finalizers are gone once all is counted");
    cluster.ok("delete job plain");
    cluster.ok("wait --for=delete pod -l job-name=plain --timeout=60s");
}

fn runs_by_index(cluster: &Cluster) {
    let spec = json!({"completions": 3, "parallelism": 2, "completionMode": "Indexed"});
    let script = "echo $JOB_COMPLETION_INDEX on $HOSTNAME";
    create(cluster, "indexed", &job("indexed", script, &spec));
    wait(cluster, "complete", "indexed");
    assert_eq!(status(cluster, "indexed", "completedIndexes"), "0-2");
    let label = "batch.kubernetes.io/job-completion-index";
    assert_eq!(cluster.ok(&format!("logs -l {label}=1")), "1 on indexed-1\n");
}

fn gives_up(cluster: &Cluster) {
    create(cluster, "broken", &job("broken", "exit 1", &json!({"backoffLimit": 0})));
    wait(cluster, "failed", "broken");
    assert_eq!(status(cluster, "broken", "conditions[*].type"), "FailureTarget Failed");
    assert_eq!(status(cluster, "broken", "failed"), "1");
    let described = cluster.ok("describe job broken");
    assert!(described.contains("Job has reached the specified backoff limit"), "{described}");
}

fn fails_by_policy(cluster: &Cluster) {
    let codes = json!({"operator": "In", "values": [42]});
    let policy = json!({"rules": [{"action": "FailJob", "onExitCodes": codes}]});
    create(cluster, "policy", &job("policy", "exit 42", &json!({"podFailurePolicy": policy})));
    wait(cluster, "failed", "policy");
    let condition = status(cluster, "policy", "conditions[?(@.type==\"Failed\")].message");
    let start = "Container c for pod default/policy-";
    let end = " failed with exit code 42 matching FailJob rule at index 0";
    assert!(condition.starts_with(start) && condition.ends_with(end), "{condition}");
}

fn sleeps_and_wakes(cluster: &Cluster) {
    create(cluster, "sleepy", &job("sleepy", "sleep 600", &json!({"suspend": true})));
    wait(cluster, "suspended", "sleepy");
    assert_eq!(cluster.ok("get pods -l job-name=sleepy -o name"), "");
    patch(cluster, "job sleepy", r#"{"spec":{"suspend":false}}"#);
    cluster.ok("wait --for=jsonpath={.status.ready}=1 job/sleepy --timeout=60s");
    patch(cluster, "job sleepy", r#"{"spec":{"suspend":true}}"#);
    cluster.ok("wait --for=delete pod -l job-name=sleepy --timeout=60s");
    wait(cluster, "suspended", "sleepy");
    assert_eq!(status(cluster, "sleepy", "failed"), "", "what was put to sleep did not fail");
    cluster.ok("delete job sleepy");
}

fn goes_when_its_time_is_over(cluster: &Cluster) {
    let spec = json!({"ttlSecondsAfterFinished": 0});
    create(cluster, "brief", &job("brief", "echo done", &spec));
    cluster.ok("wait --for=delete job/brief --timeout=60s");
    cluster.ok("wait --for=delete pod -l job-name=brief --timeout=60s");
}

fn patch(cluster: &Cluster, what: &str, change: &str) {
    let mut words: Vec<&str> = vec!["patch"];
    words.extend(what.split(' '));
    words.extend(["--type=merge", "-p", change]);
    support::succeed(&mut cluster.command(&words));
}

#[test]
fn cron_jobs_make_jobs() {
    alone("jobs::cron_jobs_make_jobs", || {
        let cluster = Cluster::new(PROGRAM);
        let template = job("x", "echo tick", &json!({}))["spec"].clone();
        create(
            &cluster,
            "cron",
            &json!({
                "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "cron"},
                "spec": {
                    "schedule": "0 0 1 1 *", "timeZone": "Asia/Tokyo",
                    "jobTemplate": {"spec": template},
                },
            }),
        );
        // A run that was missed since last year is made up for at once.
        let status = r#"{"status":{"lastScheduleTime":"2020-06-01T00:00:00Z"}}"#;
        patch(&cluster, "cronjob cron --subresource=status", status);
        let path = "--for=jsonpath={.status.lastSuccessfulTime}";
        cluster.ok(&format!("wait {path} cronjob/cron --timeout=60s"));
        let stamp = "batch\\.kubernetes\\.io/cronjob-scheduled-timestamp";
        let made =
            cluster.ok(&format!("get jobs -o jsonpath={{.items[*].metadata.annotations.{stamp}}}"));
        assert!(made.ends_with("-01-01T00:00:00+09:00"), "{made}");
        let status = cluster.ok("get cronjob cron -o jsonpath={.status.active}");
        assert_eq!(status, "", "nothing runs any more");

        cluster.ok("create job by-hand --from=cronjob/cron");
        wait(&cluster, "complete", "by-hand");
        assert_eq!(cluster.ok("logs job/by-hand"), "tick\n");
        let described = cluster.ok("describe cronjob cron");
        for word in ["Created job cron-", "Saw completed job: cron-", "condition: Complete"] {
            assert!(described.contains(word), "{word}: {described}");
        }
        cluster.ok("delete cronjob cron");
        cluster.ok("wait --for=delete job --all --timeout=60s");
        cluster.delete();
    });
}

#[test]
fn a_budget_holds_a_drain_up() {
    alone("jobs::a_budget_holds_a_drain_up", || {
        let cluster = Cluster::new(PROGRAM);
        cluster.ok(&format!("create deployment web --replicas=2 --image={IMAGE}"));
        cluster.ok("create poddisruptionbudget share --selector=app=web --max-unavailable=50%");
        cluster.ok("rollout status deployment/web --timeout=60s");
        until(&cluster, "share", "disruptionsAllowed=1");
        let numbers = "{.status.expectedPods} {.status.desiredHealthy} {.status.currentHealthy}";
        let template = format!("jsonpath={numbers}");
        let words = ["get", "pdb", "share", "-o", &template];
        assert_eq!(support::succeed(&mut cluster.command(&words)), "2 1 2");
        cluster.ok("delete pdb share");

        cluster.ok("create poddisruptionbudget web --selector=app=web --min-available=2");
        until(&cluster, "web", "currentHealthy=2");
        let node = cluster.ok("get nodes -o jsonpath={.items[0].metadata.name}");
        let mut drain = cluster
            .command(&["drain", &node])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(drain.stderr.take().unwrap());
        let refused = "Cannot evict pod as it would violate the pod's disruption budget.";
        let mut line = String::new();
        while !line.contains(refused) {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "the drain ended");
        }
        assert!(line.contains("will retry after 5s"), "{line}");
        let ready = "jsonpath={.status.readyReplicas}";
        assert_eq!(cluster.ok(&format!("get deployment web -o {ready}")), "2", "nobody left");

        patch(&cluster, "pdb web", r#"{"spec":{"minAvailable":0}}"#);
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        assert!(drain.wait().unwrap().success(), "{rest}");
        let left = cluster.ok("get pods -l app=web --field-selector=spec.nodeName!= -o name");
        assert_eq!(left, "", "the node is empty");
        cluster.ok("delete deployment web");
        cluster.delete();
    });
}

#[test]
fn small_controllers_do_their_part() {
    alone("jobs::small_controllers_do_their_part", || {
        let cluster = Cluster::new(PROGRAM);
        claims_in_use_stay(&cluster);
        roles_are_made_of_others(&cluster);
        cluster.delete();
    });
}

fn claims_in_use_stay(cluster: &Cluster) {
    let storage = json!({"requests": {"storage": "1Mi"}});
    create(
        cluster,
        "claim",
        &json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "claim"},
            "spec": {
                "accessModes": ["ReadWriteOnce"], "storageClassName": "none", "resources": storage,
            },
        }),
    );
    let node = cluster.ok("get nodes -o jsonpath={.items[0].metadata.name}");
    let volume = json!({"name": "v", "persistentVolumeClaim": {"claimName": "claim"}});
    create(
        cluster,
        "user",
        &json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "user"},
            "spec": {
                "nodeName": node, "volumes": [volume],
                "containers": [{"name": "c", "image": IMAGE}],
            },
        }),
    );
    cluster.ok("delete pvc claim --wait=false");
    let held = "jsonpath={.metadata.finalizers}";
    let held = cluster.ok(&format!("get pvc claim -o {held}"));
    assert_eq!(held, "[\"kubernetes.io/pvc-protection\"]", "a pod has it");
    cluster.ok("delete pod user --force --grace-period=0");
    cluster.ok("wait --for=delete pvc/claim --timeout=60s");

    let volume = json!({
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "volume"},
        "spec": {
            "capacity": {"storage": "1Mi"}, "accessModes": ["ReadWriteOnce"],
            "hostPath": {"path": "/tmp"}, "storageClassName": "none",
        },
    });
    create(cluster, "volume", &volume);
    cluster.ok("delete pv volume --timeout=60s");
}

fn roles_are_made_of_others(cluster: &Cluster) {
    cluster.ok("create clusterrole whole --aggregation-rule=to=whole");
    cluster.ok("create clusterrole part --verb=get --resource=pods");
    cluster.ok("create clusterrole more --verb=list --resource=pods");
    for (change, verbs) in
        [("part to=whole", "get"), ("more to=whole", "list"), ("more to-", "get")]
    {
        cluster.ok(&format!("label clusterrole {change}"));
        let path = format!("--for=jsonpath={{.rules[0].verbs[0]}}={verbs}");
        cluster.ok(&format!("wait {path} clusterrole/whole --timeout=30s"));
    }
}

/// Waits for a number in the status of a disruption budget.
fn until(cluster: &Cluster, budget: &str, number: &str) {
    let (field, wanted) = number.split_once('=').unwrap();
    cluster.ok(&format!(
        "wait --for=jsonpath={{.status.{field}}}={wanted} pdb/{budget} --timeout=60s"
    ));
}
