//! A machine that is not as it should be: a full disk, a taken port, no root, no runc, a home that
//! cannot be read. Each is told in clear words, and nothing is lost.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::Command,
};

use support::{Cluster, Said, alone, succeed};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kanoe");

/// Runs a line as an ordinary user who has a home of their own below the cluster's folder.
fn as_nobody(cluster: &Cluster, line: &str) -> Said {
    let own = cluster.folder().join("nobody");
    if !own.exists() {
        fs::create_dir(&own).unwrap();
        std::os::unix::fs::chown(&own, Some(65534), Some(65534)).unwrap();
        fs::set_permissions(cluster.folder(), fs::Permissions::from_mode(0o711)).unwrap();
    }
    let home = own.display();
    cluster.shell(&format!(
        "export HOME={home} KANOE_HOME={home}/kanoe; \
         exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all bash -c '{line}'"
    ))
}

/// Fills what is left of a file system.
fn fill(folder: &Path) {
    let filler = folder.join("filler");
    let filled = Command::new("dd")
        .arg(format!("of={}", filler.display()))
        .args(["if=/dev/zero", "bs=4k"])
        .output();
    let said = String::from_utf8_lossy(&filled.unwrap().stderr).into_owned();
    assert!(said.contains("No space left on device"), "{said}");
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    alone("trouble::a_full_disk_refuses_and_loses_nothing", || {
        let cluster = Cluster::new(PROGRAM);
        let home = cluster.home();
        fs::create_dir(&home).unwrap();
        sys::mount::tmpfs(&home, "size=16m").unwrap();
        cluster.ok("cluster start --no-node");
        let text = "x".repeat(20_000);
        let create = |name: &str| {
            cluster.run(&format!("create configmap {name} --from-literal=text={text}"))
        };
        let name = |at: usize| format!("configmap/before-{at}");
        for at in 0..5 {
            assert_eq!(create(&format!("before-{at}")).code, 0);
        }
        fill(&home);
        let refused: Vec<Said> = (0..3).map(|at| create(&format!("during-{at}"))).collect();
        for said in &refused {
            assert_eq!(said.code, 1, "{said:?}");
            assert!(said.err.contains("No space left on device"), "{said:?}");
        }
        let there = cluster.ok("get configmaps -o name");
        assert!((0..5).all(|at| there.contains(&name(at))), "reading goes on: {there}");
        assert!(!there.contains("during"), "what was refused is not shown: {there}");

        fs::remove_file(home.join("filler")).unwrap();
        assert_eq!(create("after").code, 0, "it works again");
        let pid = fs::read_to_string(home.join("lock")).unwrap();
        succeed(Command::new("kill").args(["-9", pid.trim()]));
        let there = cluster.ok("get configmaps -o name");
        assert!((0..5).all(|at| there.contains(&name(at))), "nothing is lost: {there}");
        assert!(there.contains("configmap/after") && !there.contains("during"), "{there}");

        cluster.ok("cluster stop");
        fill(&home);
        let said = cluster.run("get configmaps");
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.err.contains("No space left on device"), "a boot says so too: {said:?}");
        fs::remove_file(home.join("filler")).unwrap();
        assert!(cluster.ok("get configmaps -o name").contains("configmap/after"));
        cluster.ok("cluster stop");
        sys::mount::detach(&home).unwrap();
        fs::remove_dir(&home).unwrap();
    });
}

#[test]
fn a_port_in_use_is_told_or_passed_over() {
    alone("trouble::a_port_in_use_is_told_or_passed_over", || {
        let cluster = Cluster::new(PROGRAM);
        let taken = TcpListener::bind("127.0.0.1:6443").unwrap();
        let said = cluster.run("cluster start --no-node --secure-port=6443");
        assert_eq!(said.code, 1, "{said:?}");
        for word in ["secure-port", "6443", "Address already in use"] {
            assert!(said.err.contains(word), "{word}: {said:?}");
        }
        cluster.ok("cluster start --no-node");
        assert!(cluster.ok("cluster kubeconfig").contains("https://127.0.0.1:6444"));
        drop(taken);
        cluster.delete();
    });
}

#[test]
fn an_ordinary_user_gets_a_control_plane_and_is_told() {
    alone("trouble::an_ordinary_user_gets_a_control_plane_and_is_told", || {
        let cluster = Cluster::new(PROGRAM);
        let made = as_nobody(&cluster, "kubectl run app --image=kanoe.local/bootcamp:v1");
        assert_eq!((made.code, made.out.as_str()), (0, "pod/app created\n"), "{made:?}");
        // The event is written behind the condition: both are waited for.
        let told = "until kubectl describe pod app | grep -q FailedScheduling; do :; done";
        let why = format!(
            "kubectl wait --for=condition=PodScheduled=false pod/app --timeout=30s \
             && timeout 30 bash -c \"{told}\" && kubectl get pods && kubectl describe pod app"
        );
        let said = as_nobody(&cluster, &why);
        assert!(
            said.out.contains("Pending") && said.out.contains("no nodes available"),
            "{said:?}"
        );
        let doctor = as_nobody(&cluster, &format!("{PROGRAM} doctor"));
        assert_eq!(doctor.code, 1, "{doctor:?}");
        assert!(doctor.out.contains("run as root"), "{doctor:?}");
        let deleted = as_nobody(&cluster, &format!("{PROGRAM} cluster delete"));
        assert_eq!(deleted.code, 0, "{deleted:?}");
    });
}

#[test]
fn a_home_that_cannot_be_used_is_named() {
    alone("trouble::a_home_that_cannot_be_used_is_named", || {
        let cluster = Cluster::new(PROGRAM);
        let locked = cluster.folder().join("locked");
        fs::create_dir(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
        let file = cluster.folder().join("file");
        fs::write(&file, "no folder").unwrap();
        for (case, line, want) in [
            (
                "another's",
                format!("KANOE_HOME={}/home kubectl get pods", locked.display()),
                "Permission denied",
            ),
            (
                "below a file",
                format!("KANOE_HOME={}/home kubectl get pods", file.display()),
                "Not a directory",
            ),
            ("a file", format!("KANOE_HOME={} {PROGRAM} cluster start", file.display()), "exists"),
        ] {
            let said = as_nobody(&cluster, &line);
            assert_eq!(said.code, 1, "{case}: {said:?}");
            assert!(said.err.contains(want) && said.err.contains("cannot use"), "{case}: {said:?}");
        }
    });
}

#[test]
fn a_machine_without_runc_says_so() {
    alone("trouble::a_machine_without_runc_says_so", || {
        let cluster = Cluster::new(PROGRAM);
        let bin = cluster.folder().join("few");
        fs::create_dir(&bin).unwrap();
        for program in ["bash", "nft", "cat"] {
            let found =
                succeed(Command::new("bash").args(["-c", &format!("command -v {program}")]));
            symlink(found.trim(), bin.join(program)).unwrap();
        }
        symlink(PROGRAM, bin.join("kubectl")).unwrap();
        let play = |line: &str| cluster.shell(&format!("PATH={}; {line}", bin.display()));
        let doctor = play(&format!("{PROGRAM} doctor"));
        assert_eq!(doctor.code, 1, "{doctor:?}");
        assert!(doctor.out.contains("install runc"), "{doctor:?}");
        let made = play("kubectl run app --image=kanoe.local/bootcamp:v1");
        assert_eq!(made.code, 0, "{made:?}");
        let waiting =
            "jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff";
        let said = play(&format!("kubectl wait --for={waiting} pod/app --timeout=30s"));
        assert_eq!(said.code, 0, "{said:?}");
        let said = play("kubectl describe pod app");
        let want = "cannot run runc: it is not installed, or not in PATH; `kanoe doctor` tells";
        assert!(said.out.contains(want), "{said:?}");
        cluster.delete();
    });
}
