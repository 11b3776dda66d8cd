//! Sandboxes and containers: streams, exit codes, adoption, and nothing left behind.

use std::time::Duration;

use lifecycle::StopToken;
use runtime::spec::Network;
use runtime::{ContainerState, ExecRequest, Sandbox, Session, SessionEvent};

use crate::house::{House, inside};

const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for an event of the sandbox.
async fn until(
    sandbox: &Sandbox,
    id: &str,
    wanted: impl Fn(&ContainerState) -> bool,
) -> ContainerState {
    let mut watch = sandbox.watch();
    let found = watch.wait_for(|state| state.containers.get(id).is_some_and(&wanted));
    let found = tokio::time::timeout(PATIENCE, found).await.expect("in time").unwrap();
    found.containers[id].clone()
}

async fn exit_code(sandbox: &Sandbox, id: &str) -> i32 {
    match until(sandbox, id, |state| matches!(state, ContainerState::Exited(_))).await {
        ContainerState::Exited(exit) => exit.code,
        other => panic!("{other:?}"),
    }
}

fn exec(args: &[&str]) -> ExecRequest {
    ExecRequest { args: args.iter().map(|a| (*a).to_owned()).collect(), ..Default::default() }
}

async fn finish(session: &mut Session) -> (String, String, i32) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    loop {
        let event = tokio::time::timeout(PATIENCE, session.output.next()).await.expect("in time");
        match event.unwrap().expect("an exit code comes last") {
            SessionEvent::Stdout(bytes) => out.extend(bytes),
            SessionEvent::Stderr(bytes) => err.extend(bytes),
            SessionEvent::Exited(code) => {
                let text = |bytes| String::from_utf8(bytes).unwrap();
                return (text(out), text(err), code);
            }
        }
    }
}

#[tokio::test]
async fn a_pods_life() {
    if !inside("containers::a_pods_life") {
        return;
    }
    let house = House::new();
    let image = house.busybox();
    let stop = StopToken::new();
    let runtime = house.runtime(&stop);
    let netns = house.folder.path().join("net");
    sys::namespace::create_network(&netns).unwrap();
    let begun = lifecycle::clock::instant();
    let spec = house.sandbox("p1", Network::Namespace(netns.clone()));
    let sandbox = runtime.create_sandbox(spec).await.unwrap();
    let sandbox_ms = begun.elapsed().as_millis();

    let long = house.container(&["sh", "-c", "echo started; echo oops >&2; exec sleep 1000"]);
    let long = sandbox.create_container(long, image.clone(), None).await.unwrap().id;
    let created_ms = begun.elapsed().as_millis();
    sandbox.start_container(&long).await.unwrap();
    let state = until(&sandbox, &long, |s| matches!(s, ContainerState::Running { .. })).await;
    eprintln!(
        "sandbox {sandbox_ms} ms, container created {created_ms} ms, running {} ms",
        begun.elapsed().as_millis()
    );
    let ContainerState::Running { pid, .. } = state else { panic!("{state:?}") };
    let short = house.container(&["sh", "-c", "ip addr show lo; id -u; exit 7"]);
    let user = Some("web".to_owned());
    let short = sandbox.create_container(short, image.clone(), user).await.unwrap().id;
    let begun = lifecycle::clock::instant();
    sandbox.start_container(&short).await.unwrap();
    eprintln!("second container running after {} ms", begun.elapsed().as_millis());
    assert_eq!(exit_code(&sandbox, &short).await, 7);
    assert!(house.log(&short).contains("stdout F 33"), "{}", house.log(&short));
    assert!(house.log(&short).contains("LOOPBACK"), "{}", house.log(&short));
    let own = |pid: i32| std::fs::read_link(format!("/proc/{pid}/ns/net")).unwrap();
    assert_ne!(own(pid), own(i32::try_from(std::process::id()).unwrap()));

    let begun = lifecycle::clock::instant();
    let mut session =
        sandbox.exec(&long, exec(&["sh", "-c", "echo out; echo err >&2; exit 3"])).await.unwrap();
    assert_eq!(finish(&mut session).await, ("out\n".to_owned(), "err\n".to_owned(), 3));
    eprintln!("exec took {} ms", begun.elapsed().as_millis());
    let mut session =
        sandbox.exec(&long, ExecRequest { stdin: true, ..exec(&["cat"]) }).await.unwrap();
    session.input.write(b"through").await.unwrap();
    session.input.close().await.unwrap();
    assert_eq!(finish(&mut session).await, ("through".to_owned(), String::new(), 0));
    let refused = sandbox.exec(&long, exec(&["no-such-thing"])).await.unwrap_err().to_string();
    assert!(refused.contains("executable file not found"), "{refused}");

    sandbox.kill(&long, 15).await.unwrap_err_or_ok();
    sandbox.kill(&long, 9).await.unwrap();
    assert_eq!(exit_code(&sandbox, &long).await, 137);
    assert_eq!(house.log(&long), "stdout F started\nstderr F oops\n");
    sandbox.remove_container(&long).await.unwrap();
    let begun = lifecycle::clock::instant();
    sandbox.remove().await.unwrap();
    eprintln!("removed in {} ms", begun.elapsed().as_millis());
    sys::mount::detach(&netns).unwrap();
    house.assert_empty();
}

/// SIGTERM to a first process without a handler does nothing: both answers are right.
trait Either {
    fn unwrap_err_or_ok(self);
}

impl Either for Result<(), runtime::RuntimeError> {
    fn unwrap_err_or_ok(self) {}
}

#[tokio::test]
async fn a_terminal_is_sized_and_hangs_up() {
    if !inside("containers::a_terminal_is_sized_and_hangs_up") {
        return;
    }
    let house = House::new();
    let image = house.busybox();
    let stop = StopToken::new();
    let sandbox =
        house.runtime(&stop).create_sandbox(house.sandbox("p1", Network::Host)).await.unwrap();
    let spec = house.container(&["sleep", "1000"]);
    let id = sandbox.create_container(spec, image, None).await.unwrap().id;
    sandbox.start_container(&id).await.unwrap();

    let request = ExecRequest { terminal: true, stdin: true, ..exec(&["sh"]) };
    let mut session = sandbox.exec(&id, request).await.unwrap();
    session.input.resize(97, 31).await.unwrap();
    session.input.write(b"stty size; exit 5\n").await.unwrap();
    let (out, _, code) = finish(&mut session).await;
    assert!(out.contains("31 97"), "{out:?}");
    assert_eq!(code, 5);
    sandbox.remove().await.unwrap();
    house.assert_empty();
}

#[tokio::test]
async fn a_pod_survives_its_daemon() {
    if !inside("containers::a_pod_survives_its_daemon") {
        return;
    }
    let house = House::new();
    let image = house.busybox();
    let first = StopToken::new();
    let runtime = house.runtime(&first);
    let sandbox = runtime.create_sandbox(house.sandbox("p1", Network::Host)).await.unwrap();
    let counter = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); echo line $i; done; read x; exit 9";
    let mut spec = house.container(&["sh", "-c", counter]);
    spec.stdin = true;
    let id = sandbox.create_container(spec, image, None).await.unwrap().id;
    sandbox.start_container(&id).await.unwrap();
    let ContainerState::Running { pid, started_at } = sandbox.state().containers[&id] else {
        panic!()
    };
    // What a kill -9 of the daemon leaves: nothing but closed connections.
    first.cancel();
    drop((sandbox, runtime));

    let second = StopToken::new();
    let found = house.runtime(&second).adopt().await.unwrap();
    let [sandbox] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(sandbox.spec().labels["name"], "web");
    assert_eq!(sandbox.state().containers[&id], ContainerState::Running { pid, started_at });
    let mut attached = sandbox.attach(&id, true).await.unwrap();
    attached.input.write(b"go\n").await.unwrap();
    assert_eq!(exit_code(sandbox, &id).await, 9);
    let mut numbers = 0;
    let folder = house.folder.path().join("logs");
    let mut files = runtime::rotated_logs(&folder.join(format!("{id}.log"))).unwrap();
    files.push(folder.join(format!("{id}.log")));
    for file in files {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            numbers += 1;
            assert!(line.ends_with(&format!(" stdout F line {numbers}")), "{line}");
        }
    }
    assert_eq!(numbers, 200_000);

    sandbox.remove().await.unwrap();
    house.assert_empty();
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    if !inside("containers::what_cannot_start_says_why") {
        return;
    }
    let house = House::new();
    let image = house.busybox();
    let stop = StopToken::new();
    let sandbox =
        house.runtime(&stop).create_sandbox(house.sandbox("p1", Network::Host)).await.unwrap();
    for (args, why) in [
        (["no-such-thing"], "exec: \"no-such-thing\": executable file not found in $PATH"),
        (["/etc/passwd"], "exec: \"/etc/passwd\": permission denied"),
    ] {
        let spec = house.container(&args);
        let id = sandbox.create_container(spec, image.clone(), None).await.unwrap().id;
        let error = sandbox.start_container(&id).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        sandbox.remove_container(&id).await.unwrap();
    }
    let spec = house.container(&["true"]);
    let error = sandbox.create_container(spec, image, Some("nobody".into())).await.unwrap_err();
    assert_eq!(error.to_string(), "unable to find user nobody: no matching entries in passwd file");
    sandbox.remove().await.unwrap();
    house.assert_empty();
}

#[tokio::test]
async fn a_daemon_that_comes_while_a_container_starts_sees_it_start() {
    if !inside("containers::a_daemon_that_comes_while_a_container_starts_sees_it_start") {
        return;
    }
    let house = House::new();
    let image = house.busybox();
    let first = StopToken::new();
    let runtime = house.runtime(&first);
    let sandbox = runtime.create_sandbox(house.sandbox("p1", Network::Host)).await.unwrap();
    let spec = house.container(&["sleep", "1000"]);
    let id = sandbox.create_container(spec, image, None).await.unwrap().id;
    // runc takes tens of milliseconds; this daemon does not live that long.
    let starting = sandbox.start_container(&id);
    assert!(tokio::time::timeout(Duration::from_millis(2), starting).await.is_err());
    first.cancel();
    drop((sandbox, runtime));

    let second = StopToken::new();
    let found = house.runtime(&second).adopt().await.unwrap();
    let state = found[0].state().containers[&id].clone();
    assert_ne!(state, ContainerState::Created, "not taken for one that failed");
    until(&found[0], &id, |state| matches!(state, ContainerState::Running { .. })).await;
    found[0].remove().await.unwrap();
    house.assert_empty();
}
