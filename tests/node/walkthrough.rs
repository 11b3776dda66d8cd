//! The tutorial's way: deploy, look, expose, scale, update, undo, delete; and the cluster's own
//! life: stop, crash, resume.

use std::{
    fs,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use support::{Cluster, alone, succeed};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kanoe");
const APP: &str = "kubernetes-bootcamp";
const V1: &str = "kanoe.local/bootcamp:v1";
const V2: &str = "kanoe.local/bootcamp:v2";

fn deployed(cluster: &Cluster) {
    let made = cluster.ok(&format!("create deployment {APP} --image={V1}"));
    assert_eq!(made, format!("deployment.apps/{APP} created\n"));
    cluster.ok(&format!("rollout status deployment/{APP} --timeout=60s"));
}

fn pod(cluster: &Cluster) -> String {
    let names = cluster.ok(&format!("get pods -l app={APP} -o name"));
    let first = names.lines().next().unwrap_or_else(|| panic!("no pod: {names}"));
    first.trim_start_matches("pod/").to_owned()
}

#[test]
fn an_application_lives_its_life() {
    alone("walkthrough::an_application_lives_its_life", || {
        let cluster = Cluster::new(PROGRAM);
        assert!(cluster.ok("get nodes").contains("Ready"));
        deployed(&cluster);
        look(&cluster);
        let port = expose(&cluster);
        let readers = Readers::start(&port);
        update(&cluster);
        scale(&cluster);
        readers.end();
        cluster.ok(&format!("delete deployment {APP}"));
        assert_eq!(cluster.ok(&format!("delete service -l app={APP}")).lines().count(), 1);
        cluster.ok(&format!("wait --for=delete pod -l app={APP} --timeout=60s"));
        assert!(cluster.run("get pods").err.starts_with("No resources found"));
        cluster.delete();
    });
}

fn look(cluster: &Cluster) {
    let name = pod(cluster);
    let described = cluster.ok(&format!("describe pod {name}"));
    for word in ["Successfully assigned", "Container created", "Container started"] {
        assert!(described.contains(word), "{word}: {described}");
    }
    assert!(cluster.ok(&format!("logs {name}")).contains("Kubernetes Bootcamp App Started"));
    assert!(cluster.ok(&format!("exec {name} -- env")).contains(&format!("HOSTNAME={name}")));
    let old_form = cluster.run(&format!("exec {name} env"));
    assert_eq!(old_form.code, 0, "{old_form:?}");
    assert!(old_form.err.contains("DEPRECATED"), "{old_form:?}");
    let code = cluster.shell(&format!("kubectl exec {name} -- sh -c 'exit 7'"));
    assert_eq!(code.code, 7, "{code:?}");
    let input = cluster.shell(&format!("echo hello | kubectl exec -i {name} -- cat"));
    assert_eq!(input.out, "hello\n", "{input:?}");
    let labelled = cluster.ok(&format!("label pod {name} version=v1"));
    assert_eq!(labelled, format!("pod/{name} labeled\n"));
    assert!(cluster.ok("get pods -l version=v1").contains(&name));
}

fn expose(cluster: &Cluster) -> String {
    cluster.ok(&format!("expose deployment/{APP} --type=NodePort --port 8080"));
    let path = "jsonpath={.spec.ports[0].nodePort}";
    let port = cluster.ok(&format!("get service {APP} -o {path}"));
    let address = cluster.ok(&format!("get service {APP} -o jsonpath={{.spec.clusterIP}}"));
    // The rules follow the endpoints by a moment.
    let patient = ["--retry", "50", "--retry-delay", "0", "--retry-all-errors", "-sS", "-m", "5"];
    for place in [format!("127.0.0.1:{port}"), format!("{address}:8080")] {
        let answer = succeed(Command::new("curl").args(patient).arg(&place));
        assert!(answer.starts_with("Hello Kubernetes bootcamp!"), "{place}: {answer}");
    }
    for kind in ["endpoints", "endpointslices"] {
        let found = cluster.ok(&format!("get {kind} -A -o yaml"));
        assert!(
            found.contains("endpoints.kubernetes.io/last-change-trigger-time: \"20"),
            "{found}"
        );
    }
    let name = pod(cluster);
    let inside = cluster.ok(&format!("exec {name} -- curl -s http://{APP}:8080"));
    assert!(inside.contains("v=1"), "by name, from a pod: {inside}");
    port
}

fn update(cluster: &Cluster) {
    cluster.ok(&format!("scale deployments/{APP} --replicas=4"));
    cluster.ok(&format!("rollout status deployment/{APP} --timeout=60s"));
    cluster.ok(&format!("set image deployments/{APP} bootcamp={V2}"));
    cluster.ok(&format!("rollout status deployment/{APP} --timeout=60s"));
    let answer = cluster.ok(&format!("exec deploy/{APP} -- curl -s http://{APP}:8080"));
    assert!(answer.contains("v=2"), "{answer}");

    cluster.ok(&format!("set image deployments/{APP} bootcamp=kanoe.local/bootcamp:v10"));
    let stuck = cluster.run(&format!("rollout status deployment/{APP} --timeout=5s"));
    assert_eq!(stuck.code, 1, "{stuck:?}");
    let pods = cluster.ok("get pods");
    let word = ["ErrImagePull", "ImagePullBackOff"].into_iter().find(|word| pods.contains(word));
    assert!(word.is_some(), "{pods}");
    let undone = cluster.ok(&format!("rollout undo deployments/{APP}"));
    assert_eq!(undone, format!("deployment.apps/{APP} rolled back\n"));
    cluster.ok(&format!("rollout status deployment/{APP} --timeout=60s"));
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    assert_eq!(cluster.ok(&format!("get deployment {APP} -o {image}")), V2);
}

fn scale(cluster: &Cluster) {
    cluster.ok(&format!("scale deployments/{APP} --replicas=1"));
    let path = format!("--for=jsonpath={{.status.replicas}}=1 deployment/{APP}");
    cluster.ok(&format!("wait {path} --timeout=60s"));
}

/// Asks the node port again and again; each answer counts.
struct Readers {
    stop: Arc<AtomicBool>,
    asked: thread::JoinHandle<(usize, Vec<String>)>,
}

impl Readers {
    fn start(port: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, place) = (Arc::clone(&stop), format!("127.0.0.1:{port}"));
        let asked = thread::spawn(move || {
            let (mut good, mut bad) = (0, Vec::new());
            while !flag.load(Ordering::Relaxed) {
                let mut curl = Command::new("curl");
                let output = curl.args(["-sS", "-m", "5", &place]).stdin(Stdio::null()).output();
                match output {
                    Ok(output) if output.status.success() => good += 1,
                    Ok(output) => bad.push(String::from_utf8_lossy(&output.stderr).into_owned()),
                    Err(error) => bad.push(error.to_string()),
                }
            }
            (good, bad)
        });
        Self { stop, asked }
    }

    /// Ends, and demands that the service was there throughout.
    fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        let Ok((good, bad)) = self.asked.join() else { panic!("the reader failed") };
        assert!(good > 50, "only {good} requests");
        assert!(bad.is_empty(), "{} of {} requests failed: {:?}", bad.len(), good, bad.first());
    }
}

#[test]
fn a_crash_and_a_stop_leave_containers_alone() {
    alone("walkthrough::a_crash_and_a_stop_leave_containers_alone", || {
        let cluster = Cluster::new(PROGRAM);
        deployed(&cluster);
        let before =
            cluster.ok("get pods -o jsonpath={.items[*].status.containerStatuses[*].containerID}");
        let pid = fs::read_to_string(cluster.home().join("lock")).unwrap_or_default();
        succeed(Command::new("kill").args(["-9", pid.trim()]));
        assert!(cluster.ok("get pods").contains("Running"), "the next command resumes");
        let path = "jsonpath={.items[*].status.containerStatuses[*].restartCount}";
        assert_eq!(cluster.ok(&format!("get pods -o {path}")), "0");
        cluster.ok("cluster stop");
        assert_eq!(cluster.run("cluster status").code, 1);
        let after =
            cluster.ok("get pods -o jsonpath={.items[*].status.containerStatuses[*].containerID}");
        assert_eq!(before, after, "the same containers");
        let name = pod(&cluster);
        assert_eq!(cluster.ok(&format!("logs {name}")).matches("App Started").count(), 1);
        cluster.delete();
    });
}

#[test]
fn two_first_commands_boot_one_cluster() {
    alone("walkthrough::two_first_commands_boot_one_cluster", || {
        let cluster = Cluster::new(PROGRAM);
        let mut both: Vec<_> = (0..2)
            .map(|_| {
                let mut command = cluster.command(&["get", "namespaces", "-o", "name"]);
                command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn()
            })
            .collect();
        for child in both.drain(..) {
            let output = child.and_then(std::process::Child::wait_with_output);
            let Ok(output) = output else { panic!("{output:?}") };
            assert!(output.status.success(), "{output:?}\n{}", cluster.log());
        }
        let second = cluster.run("cluster run --no-node");
        assert_eq!(second.code, 1);
        assert!(second.err.contains("another process"), "{second:?}");
        cluster.delete();
    });
}

/// A command that comes while somebody else's process is on its way up waits for it.
#[test]
fn a_command_waits_for_a_cluster_that_comes_up() {
    alone("walkthrough::a_command_waits_for_a_cluster_that_comes_up", || {
        let cluster = Cluster::new(PROGRAM);
        let mut command = cluster.command(&["cluster", "run", "--no-node"]);
        let child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn();
        let Ok(mut child) = child else { panic!("{child:?}") };
        // Whichever of the two comes first boots; the command is answered either way.
        let names = cluster.ok("get namespaces -o name");
        assert!(names.contains("namespace/default"), "{names}");
        cluster.delete();
        let ended = child.wait();
        assert!(ended.is_ok(), "{ended:?}");
    });
}

#[test]
fn a_script_gets_a_cluster_of_its_own_and_its_code_back() {
    let cluster = Cluster::new(PROGRAM);
    let line = format!(
        "{PROGRAM} with -- bash -c 'kubectl get nodes -o name && test -n \"$KUBECONFIG\" && exit 7'"
    );
    let said = cluster.shell(&line);
    assert_eq!(said.code, 7, "{said:?}");
    assert!(said.out.starts_with("node/"), "{said:?}");
}

#[test]
fn the_doctor_looks_at_this_machine() {
    let cluster = Cluster::new(PROGRAM);
    let said = cluster.run("doctor");
    for subject in ["runc", "nft", "cgroups", "addresses"] {
        assert!(said.out.contains(subject), "{said:?}");
    }
    assert_eq!(said.code, 0, "the machine of the tests is well: {said:?}");
}
