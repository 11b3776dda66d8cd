//! Several schedulers by a file, and servers that have a say in where pods go.

use std::{
    fs,
    io::{BufReader, Write as _},
    net::TcpListener,
    process::Stdio,
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};
use support::{Cluster, alone};

use crate::harness::{ADMIN, Server, create, get, serve};

const PODS: &str = "/api/v1/namespaces/default/pods";
const EXTENDER: &str = "127.0.0.1:17110";

/// A server whose schedulers follow `text`, with nodes that nobody runs: name, processors, labels.
fn schedulers(cluster: &Cluster, text: &str, nodes: &[(&str, &str)]) -> Server {
    let file = cluster.folder().join("scheduler.yaml");
    let head = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";
    fs::write(&file, format!("{head}{text}")).unwrap_or_else(|error| panic!("{error}"));
    let server = serve(cluster, &[&format!("--scheduler-config={}", file.display())]);
    bare_nodes(cluster, nodes);
    server
}

/// Makes nodes that nobody runs, name and disk, and what pods need beside them.
pub(crate) fn bare_nodes(cluster: &Cluster, nodes: &[(&str, &str)]) {
    for (name, disk) in nodes {
        let amounts = json!({"cpu": "4", "memory": "8Gi", "pods": "110"});
        let node = json!({
            "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, "disk": disk}},
            "status": {"capacity": amounts, "allocatable": amounts,
                "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]},
        });
        assert_eq!(create("/api/v1/nodes", &node).code, 201);
    }
    for (name, _) in nodes {
        wait(cluster, &format!("node/{name}"), "{.spec.taints}", "");
    }
    // Pods need it.
    let account = json!({"metadata": {"name": "default"}});
    let made = create("/api/v1/namespaces/default/serviceaccounts", &account).code;
    assert!(matches!(made, 201 | 409), "{made}");
}

/// Waits until a path of an object has a value; `""`: until it has none.
pub(crate) fn wait(cluster: &Cluster, object: &str, path: &str, value: &str) {
    if value.is_empty() {
        let name = object.trim_start_matches("node/");
        let watch = ["kubectl", "get", "nodes", "-w", "-o", "json", "--output-watch-events"];
        let child = cluster.command(&watch).stdout(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{error}"));
        let out = child.stdout.take().unwrap_or_else(|| panic!("it is piped"));
        let events =
            serde_json::Deserializer::from_reader(BufReader::new(out)).into_iter::<Value>();
        let found = events.map_while(Result::ok).any(|event| {
            let node = &event["object"];
            node["metadata"]["name"] == name && node["spec"]["taints"].is_null()
        });
        drop(child.kill());
        drop(child.wait());
        assert!(found, "{object} keeps its taints");
        return;
    }
    cluster.ok(&format!("kubectl wait {object} --for=jsonpath={path}={value} --timeout=30s"));
}

fn pod(name: &str, scheduler: &str, requests: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name},
        "spec": {
            "schedulerName": scheduler, "terminationGracePeriodSeconds": 600,
            "containers": [{"name": "c", "image": "i", "env": [{"name": "WHOLE", "value": "yes"}],
                "resources": {"requests": requests, "limits": requests}}],
        },
    })
}

fn make(pod: &Value) {
    let answer = create(PODS, pod);
    assert_eq!(answer.code, 201, "{answer:?}");
}

fn goes(cluster: &Cluster, pod: &Value, node: &str) {
    make(pod);
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    wait(cluster, &format!("pod/{name}"), "{.spec.nodeName}", node);
}

/// The condition of a pod that has no node, once there is one.
pub(crate) fn refusal(cluster: &Cluster, name: &str) -> Value {
    cluster
        .ok(&format!("kubectl wait pod/{name} --for=condition=PodScheduled=False --timeout=30s"));
    let pod = get(ADMIN, &format!("{PODS}/{name}")).json();
    let conditions = pod["status"]["conditions"].as_array().cloned().unwrap_or_default();
    let found = conditions.into_iter().find(|one| one["type"] == "PodScheduled");
    found.unwrap_or_else(|| panic!("{pod}"))
}

const PROFILES: &str = "
podInitialBackoffSeconds: 1
profiles:
- schedulerName: default-scheduler
- schedulerName: packer
  plugins:
    score:
      disabled: [{name: '*'}]
      enabled: [{name: NodeResourcesFit, weight: 3}]
  pluginConfig:
  - name: NodeResourcesFit
    args:
      scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}
- schedulerName: picky
  plugins:
    postFilter: {disabled: [{name: '*'}]}
  pluginConfig:
  - name: NodeAffinity
    args:
      addedAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms: [{matchExpressions: [{key: disk, operator: In, values: [ssd]}]}]
";

#[test]
fn schedulers_work_as_their_file_says() {
    alone("schedulers::schedulers_work_as_their_file_says", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let server = schedulers(&cluster, PROFILES, &[("a", "hdd"), ("b", "ssd")]);
        let one = json!({"cpu": "1"});
        let mut first = pod("first", "default-scheduler", &one);
        first["spec"]["nodeName"] = "a".into();
        make(&first);
        make(&pod("stranger", "somebody-else", &one));
        goes(&cluster, &pod("packed", "packer", &one), "a");
        goes(&cluster, &pod("spread", "default-scheduler", &one), "b");
        goes(&cluster, &pod("picked", "picky", &one), "b");
        make(&pod("large", "picky", &json!({"cpu": "3500m"})));
        let told = refusal(&cluster, "large");
        assert_eq!(told["reason"], "Unschedulable");
        assert_eq!(
            told["message"],
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match \
             scheduler-enforced node affinity."
        );
        let events = "kubectl get events --field-selector reason=Scheduled,involvedObject.name=packed \
                      -o jsonpath={.items[*].source.component}";
        assert_eq!(cluster.ok(events), "packer");
        let stranger = get(ADMIN, &format!("{PODS}/stranger")).json();
        assert!(stranger["spec"]["nodeName"].is_null(), "{stranger}");
        assert!(stranger["status"]["conditions"].is_null(), "{stranger}");
        drop(server);
    });
}

#[test]
fn a_file_that_is_wrong_ends_the_start() {
    let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
    let file = cluster.folder().join("scheduler.yaml");
    let head = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";
    for (text, want) in [
        ("profile: []\n", "strict decoding error: unknown field \"profile\""),
        (
            "parallelism: -1\n",
            "parallelism: Invalid value: -1: should be an integer value greater than zero",
        ),
        (
            "profiles: [{plugins: {filter: {enabled: [{name: Mine}]}}}]\n",
            "FilterPlugin \"Mine\" does not exist",
        ),
    ] {
        fs::write(&file, format!("{head}{text}")).unwrap_or_else(|error| panic!("{error}"));
        let flag = format!("--scheduler-config={}", file.display());
        let words = ["cluster", "run", "--no-node", "--secure-port=17111", &flag];
        let output = cluster.command(&words).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("{error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(want), "{said}");
    }
}

/// What extenders were asked: verb and question.
type Questions = Arc<Mutex<Vec<(String, Value)>>>;

/// Serves extenders until the test ends. Each verb does what it is named after.
fn serve_extenders() -> Questions {
    let questions = Questions::default();
    let socket = TcpListener::bind(EXTENDER).unwrap_or_else(|error| panic!("{error}"));
    let asked = Arc::clone(&questions);
    thread::spawn(move || {
        for mut stream in socket.incoming().flatten() {
            let asked = Arc::clone(&asked);
            thread::spawn(move || {
                let reader = stream.try_clone().unwrap_or_else(|error| panic!("{error}"));
                let mut reader = BufReader::new(reader);
                while let Some((verb, question)) = question(&mut reader) {
                    let answer = answer(&verb, &question);
                    let all = &mut *asked.lock().unwrap_or_else(|error| panic!("{error}"));
                    all.push((verb, question));
                    let (code, body) = match &answer {
                        Some(body) => ("200 OK", body.to_string()),
                        None => ("500 Internal Server Error", String::new()),
                    };
                    let head = format!("HTTP/1.1 {code}\r\nContent-Length: {}\r\n\r\n", body.len());
                    drop(stream.write_all(format!("{head}{body}").as_bytes()));
                }
            });
        }
    });
    questions
}

fn question(reader: &mut impl std::io::BufRead) -> Option<(String, Value)> {
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_lowercase();
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let path = first.split(' ').nth(1)?;
    let verb = path.rsplit('/').next()?.to_owned();
    Some((verb, serde_json::from_slice(&body).ok()?))
}

/// What an extender says; `None` is a failure.
fn answer(verb: &str, question: &Value) -> Option<Value> {
    let names: Vec<Value> = question["NodeNames"].as_array().cloned().unwrap_or_default();
    Some(match verb {
        "not-a" => {
            let kept: Vec<&Value> = names.iter().filter(|name| **name != "a").collect();
            json!({"NodeNames": kept, "FailedNodes": {"a": "a is not for everybody"}, "Error": ""})
        }
        "best-c" => json!([{"Host": "b", "Score": 1}, {"Host": "c", "Score": 10}]),
        "clear-c" => {
            let victims = &question["NodeNameToMetaVictims"]["c"];
            json!({"NodeNameToMetaVictims": {"c": victims}})
        }
        "only-b" => {
            let nodes = question["Nodes"]["items"].as_array()?;
            let kept: Vec<&Value> =
                nodes.iter().filter(|it| it["metadata"]["name"] == "b").collect();
            json!({"nodes": {"items": kept}})
        }
        "bind" => {
            let name = question["PodName"].as_str()?;
            let target = json!({"kind": "Node", "name": question["Node"]});
            let binding = json!({"metadata": {"name": name}, "target": target});
            let bound = create(&format!("{PODS}/{name}/binding"), &binding).code;
            json!({"Error": if bound == 201 { String::new() } else { format!("code {bound}") }})
        }
        "hang" => {
            // Longer than anybody waits; the test ends before.
            thread::park();
            return None;
        }
        _ => return None,
    })
}

const EXTENDERS: &str = "
extenders:
- urlPrefix: http://127.0.0.1:17110/first/
  filterVerb: not-a
  prioritizeVerb: best-c
  preemptVerb: clear-c
  weight: 5
  nodeCacheCapable: true
- urlPrefix: http://127.0.0.1:17110/gpus
  filterVerb: only-b
  bindVerb: bind
  managedResources: [{name: example.com/gpu, ignoredByScheduler: true}]
- urlPrefix: http://127.0.0.1:17110/broken
  filterVerb: fail
  managedResources: [{name: example.com/broken, ignoredByScheduler: true}]
- urlPrefix: http://127.0.0.1:17110/slow
  filterVerb: hang
  httpTimeout: 100ms
  ignorable: true
  managedResources: [{name: example.com/slow, ignoredByScheduler: true}]
";

#[test]
fn extenders_have_a_say() {
    alone("schedulers::extenders_have_a_say", || {
        let questions = serve_extenders();
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let nodes = [("a", "hdd"), ("b", "hdd"), ("c", "hdd")];
        let server = schedulers(&cluster, EXTENDERS, &nodes);
        let usual = |name: &str, requests: Value| pod(name, "default-scheduler", &requests);
        goes(&cluster, &usual("plain", json!({"cpu": "100m"})), "c");
        let gpu = json!({"cpu": "100m", "example.com/gpu": "1"});
        goes(&cluster, &usual("gpu", gpu), "b");
        // One that may be ignored and does not answer changes nothing.
        goes(&cluster, &usual("slow", json!({"example.com/slow": "1"})), "c");
        make(&usual("broken", json!({"example.com/broken": "1"})));
        let told = refusal(&cluster, "broken");
        assert_eq!(told["reason"], "SchedulerError");
        let words = "failed fail with extender at URL http://127.0.0.1:17110/broken/fail, code 500";
        assert_eq!(told["message"], words);

        let class = json!({"metadata": {"name": "high"}, "value": 1000});
        assert_eq!(create("/apis/scheduling.k8s.io/v1/priorityclasses", &class).code, 201);
        for (name, _) in nodes {
            let mut low = usual(&format!("low-{name}"), json!({"cpu": "3"}));
            low["spec"]["nodeName"] = name.into();
            make(&low);
        }
        let mut high = usual("high", json!({"cpu": "3"}));
        high["spec"]["priorityClassName"] = "high".into();
        make(&high);
        wait(&cluster, "pod/high", "{.status.nominatedNodeName}", "c");
        let gone = |name: &str| {
            let pod = get(ADMIN, &format!("{PODS}/{name}")).json();
            !pod["metadata"]["deletionTimestamp"].is_null()
        };
        wait(&cluster, "pod/low-c", "{.metadata.deletionGracePeriodSeconds}", "600");
        assert!(!gone("low-a") && !gone("low-b"));

        let asked = questions.lock().unwrap_or_else(|error| panic!("{error}")).clone();
        let of = |verb: &str, pod: &str| {
            let found = asked.iter().find(|(asked, question)| {
                asked == verb && question["Pod"]["metadata"]["name"] == pod
            });
            found
                .map_or_else(|| panic!("{verb} {pod}: {asked:?}"), |(_, question)| question.clone())
        };
        let plain = of("not-a", "plain");
        assert_eq!(plain["NodeNames"].as_array().map(Vec::len), Some(3));
        assert!(plain["Nodes"].is_null());
        assert_eq!(plain["Pod"]["spec"]["containers"][0]["env"][0]["value"], "yes");
        assert_eq!(of("only-b", "gpu")["Nodes"]["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(of("best-c", "plain")["NodeNames"], json!(["b", "c"]));
        let victims = &of("clear-c", "high")["NodeNameToMetaVictims"];
        assert_eq!(victims["b"]["NumPDBViolations"], 0);
        assert_eq!(victims["b"]["Pods"].as_array().map(Vec::len), Some(1));
        assert!(
            asked.iter().any(|(verb, question)| verb == "bind" && question["PodName"] == "gpu")
        );
        drop(server);
    });
}
