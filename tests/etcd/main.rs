//! Several control planes over a real etcd: kubectl against either, the leader killed, etcd down.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use support::{Cluster, Etcd, EtcdTls, alone, succeed};

/// A control plane in the foreground, in a home of its own.
struct Plane {
    cluster: Cluster,
    child: Option<Child>,
}

impl Plane {
    fn new() -> Self {
        Self { cluster: Cluster::new(env!("CARGO_BIN_EXE_kanoe")), child: None }
    }

    /// A control plane with the secrets of another one.
    fn beside(other: &Self) -> Self {
        let plane = Self::new();
        fs::create_dir(plane.cluster.home()).unwrap_or_else(|error| panic!("{error}"));
        let copy = ["-r".into(), other.cluster.home().join("pki"), plane.cluster.home()];
        succeed(Command::new("cp").args(copy));
        plane
    }

    fn command(&self, settings: &[String]) -> Command {
        let mut command = self.cluster.command(&["cluster", "run", "--no-node"]);
        command.args(settings).stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }

    fn start(&mut self, settings: &[String]) {
        let mut command = self.command(settings);
        let log = fs::File::create(self.cluster.folder().join("log"));
        command.stderr(log.unwrap_or_else(|error| panic!("{error}")));
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{error}"));
        let mut word = String::new();
        let out = child.stdout.take().unwrap_or_else(|| panic!("stdout is piped"));
        drop(BufReader::new(out).read_line(&mut word));
        self.child = Some(child);
        assert_eq!(word.trim(), "ready", "{}", self.log());
    }

    /// What it says when it does not start.
    fn refusal(&self, settings: &[String]) -> String {
        let mut child = self.command(settings);
        let child = child.stderr(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{error}"));
        let mut said = String::new();
        if let Some(mut err) = child.stderr.take() {
            drop(err.read_to_string(&mut said));
        }
        let status = child.wait().unwrap_or_else(|error| panic!("{error}"));
        assert!(!status.success(), "{said}");
        said
    }

    fn log(&self) -> String {
        fs::read_to_string(self.cluster.folder().join("log")).unwrap_or_default()
    }

    /// Kills it as a power cut would.
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap_or_else(|error| panic!("{error}"));
            child.wait().unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// Ends it in order.
    fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            succeed(Command::new("kill").arg(child.id().to_string()));
            let status = child.wait().unwrap_or_else(|error| panic!("{error}"));
            assert!(status.success(), "{}", self.log());
        }
    }

    fn ok(&self, line: &str) -> String {
        self.cluster.ok(line)
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        self.kill();
    }
}

fn settings(etcd: &Etcd) -> Vec<String> {
    let quick = ["lease-duration=3s", "renew-deadline=2s", "retry-period=500ms"];
    let quick = quick.iter().map(|time| format!("--leader-elect-{time}"));
    std::iter::once(format!("--etcd-servers={}", etcd.servers().join(","))).chain(quick).collect()
}

const LEASE: &str =
    "get lease kube-controller-manager -n kube-system -o jsonpath={.spec.holderIdentity}";
/// Scales a deployment and waits until controllers have made its pods.
fn scale(plane: &Plane, replicas: usize) {
    plane.ok(&format!("scale deployment web --replicas={replicas}"));
    let made = format!("--for=jsonpath={{.status.replicas}}={replicas} --timeout=60s");
    plane.ok(&format!("wait deployment/web {made}"));
    let pods = plane.ok("get pods -o name");
    assert_eq!(pods.lines().count(), replicas, "{pods}");
}

#[test]
fn two_control_planes_are_one_cluster() {
    alone("two_control_planes_are_one_cluster", || {
        let etcd = Etcd::start(1);
        let settings = settings(&etcd);
        let mut one = Plane::new();
        one.start(&settings);

        let stranger = Plane::new();
        let said = stranger.refusal(&settings);
        assert!(said.contains("--cluster-signing-cert-file") && said.contains("pki"), "{said}");

        let mut two = Plane::beside(&one);
        two.start(&settings);
        one.ok("create deployment web --image=none");
        scale(&two, 2);
        let leader = two.ok(LEASE);
        assert_eq!(leader, one.ok(LEASE));

        // What one signs is good for the other.
        let token = one.ok("create token default");
        let home = two.cluster.home().display().to_string();
        let line = format!(
            "server=$(sed -n 's/.*server: //p' {home}/kubeconfig)
            kubectl --kubeconfig=/dev/null --server=$server --token={} \
                --certificate-authority={home}/pki/ca.crt auth whoami \
                -o jsonpath='{{.status.userInfo.username}}'",
            token.trim()
        );
        let said = two.cluster.shell(&line);
        assert_eq!(said.out, "system:serviceaccount:default:default", "{said:?}");

        // The leader is killed: the other one takes over when the lease is over.
        one.kill();
        scale(&two, 4);
        let next = two.ok(LEASE);
        assert!(!next.is_empty() && next != leader, "{next} after {leader}");

        // It ends in order: the lease is given up, and the other takes it at once.
        one.start(&settings);
        two.stop();
        scale(&one, 1);
        let last = one.ok(LEASE);
        assert!(!last.is_empty() && last != next, "{last} after {next}");
        one.stop();
    });
}

#[test]
fn services_get_addresses_and_ports_of_their_own() {
    alone("services_get_addresses_and_ports_of_their_own", || {
        let etcd = Etcd::start(1);
        let mut settings = settings(&etcd);
        settings.push("--service-cluster-ip-range=10.99.0.0/25".into());
        settings.push("--service-node-port-range=30000-30039".into());
        let mut one = Plane::new();
        one.start(&settings);
        let mut two = Plane::beside(&one);
        two.start(&settings);
        thread::scope(|scope| {
            for (plane, letter) in [(&one, 'a'), (&two, 'b')] {
                let line = format!(
                    "for n in $(seq 15); do kubectl create service nodeport {letter}$n --tcp=80 || exit 1; done"
                );
                scope.spawn(move || {
                    let said = plane.cluster.shell(&line);
                    assert_eq!(said.code, 0, "{said:?}");
                });
            }
        });
        let columns = "get services -o jsonpath={range.items[*]}{.spec.clusterIP}{\"\\n\"}{.spec.ports[0].nodePort}{\"\\n\"}{end}";
        let given = one.ok(columns);
        let mut given: Vec<&str> = given.lines().filter(|line| !line.is_empty()).collect();
        let count = given.len();
        given.sort_unstable();
        given.dedup();
        assert_eq!((given.len(), count), (61, 61), "30 services and kubernetes: {given:?}");

        // What one gave, the other refuses, and gives again once it is free.
        let address = one.ok("get service a1 -o jsonpath={.spec.clusterIP}");
        let said = two
            .cluster
            .run(&format!("create service clusterip again --tcp=80 --clusterip={address}"));
        assert!(said.err.contains("provided IP is already allocated"), "{said:?}");
        one.ok("delete service a1");
        two.ok(&format!("create service clusterip again --tcp=80 --clusterip={address}"));
    });
}

#[test]
fn addresses_that_a_store_lacks_or_has_left_are_put_right() {
    alone("addresses_that_a_store_lacks_or_has_left_are_put_right", || {
        let etcd = Etcd::start(1);
        let forget = |key: String| {
            let servers = format!("--endpoints={}", etcd.servers().join(","));
            assert_eq!(succeed(Command::new("etcdctl").args([&servers, "del", &key])).trim(), "1");
        };
        let objects = "/registry/networking.k8s.io/ipaddresses";
        let mut plane = Plane::new();
        plane.start(&settings(&etcd));
        let mut had = Vec::new();
        for name in ["old", "lost"] {
            plane.ok(&format!("create service clusterip {name} --tcp=80"));
            had.push(plane.ok(&format!("get service {name} -o jsonpath={{.spec.clusterIP}}")));
        }
        plane.stop();

        // A store of an older version has services without objects; a server that died has left an
        // object without its service.
        forget(format!("{objects}/{}", had[0]));
        forget("/registry/core/services/default/lost".into());
        plane.start(&settings(&etcd));
        let parent = format!("get ipaddress {} -o jsonpath={{.spec.parentRef.name}}", had[0]);
        assert_eq!(plane.ok(&parent), "old");
        plane.ok(&format!("create service clusterip lost --tcp=80 --clusterip={}", had[1]));
        plane.stop();
    });
}

#[test]
fn without_etcd_requests_fail_clearly_and_recover() {
    alone("without_etcd_requests_fail_clearly_and_recover", || {
        let mut etcd = Etcd::start(1);
        let mut plane = Plane::new();
        plane.start(&settings(&etcd));
        plane.ok("create configmap kept --from-literal=a=b");
        etcd.kill_all();
        let said = plane.cluster.run("get configmap kept");
        assert_eq!(said.code, 1);
        assert!(said.err.contains("connection refused"), "{said:?}");
        let said = plane.cluster.run("create configmap lost --from-literal=a=b");
        assert_eq!(said.code, 1, "{said:?}");
        for (path, words) in [
            ("/readyz/etcd", "internal server error: error getting data from etcd: "),
            ("/livez", "[+]ping ok\\n[-]etcd failed: reason withheld\\nlivez check failed"),
        ] {
            let said = plane.cluster.run(&format!("get --raw {path}"));
            assert!(said.err.contains(words), "{said:?}");
        }
        assert_eq!(plane.ok("get --raw /livez?exclude=etcd"), "ok");
        assert_eq!(plane.ok("get --raw /livez/ping"), "ok");
        etcd.start_all();
        assert_eq!(plane.ok("get configmap kept -o jsonpath={.data.a}"), "b");
        assert_eq!(plane.ok("get --raw /readyz/etcd"), "ok");
        // Controllers go on as well: they make the new namespace's account.
        plane.ok("create namespace later");
        plane.ok("wait serviceaccount/default -n later --for=create --timeout=60s");
        plane.stop();
    });
}

#[test]
fn etcd_is_spoken_to_over_tls_with_a_certificate() {
    alone("etcd_is_spoken_to_over_tls_with_a_certificate", || {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let file = |name: &str| folder.path().join(name);
        certificates(folder.path());
        let tls =
            EtcdTls { authority: file("ca.crt"), certificate: file("s.crt"), key: file("s.key") };
        let etcd = Etcd::start_with(1, Some(tls));
        let mut plane = Plane::new();
        let mut settings = settings(&etcd);
        let said = plane.refusal(&settings);
        assert!(said.contains("--etcd-cafile"), "{said}");
        settings.push(format!("--etcd-cafile={}", file("ca.crt").display()));
        let said = plane.refusal(&settings);
        assert!(said.contains("connection error"), "{said}");
        settings.push(format!("--etcd-certfile={}", file("s.crt").display()));
        settings.push(format!("--etcd-keyfile={}", file("s.key").display()));
        settings.push("--etcd-prefix=/clusters/one".into());
        plane.start(&settings);
        plane.ok("create configmap a --from-literal=a=b");
        plane.stop();
    });
}

#[test]
fn secrets_of_kubeadm_are_taken_as_they_are() {
    alone("secrets_of_kubeadm_are_taken_as_they_are", || {
        let etcd = Etcd::start(1);
        let mut planes = [Plane::new(), Plane::new()];
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let file = |name: &str| folder.path().join(name).display().to_string();
        // kubeadm writes RSA keys in PKCS#1.
        let script = "
            openssl genrsa -traditional -out ca.key 2048
            openssl req -x509 -key ca.key -days 2 -subj /CN=kubernetes -out ca.crt \
                -addext keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign
            openssl genrsa -traditional -out sa.key 2048";
        succeed(Command::new("sh").args(["-ec", script]).current_dir(folder.path()));
        let mut settings = settings(&etcd);
        settings.push(format!("--cluster-signing-cert-file={}", file("ca.crt")));
        settings.push(format!("--cluster-signing-key-file={}", file("ca.key")));
        settings.push(format!("--service-account-signing-key-file={}", file("sa.key")));
        for plane in &mut planes {
            plane.start(&settings);
        }
        let [one, two] = &planes;
        one.ok("wait serviceaccount/default --for=create --timeout=60s");
        let token = one.ok("create token default");
        let review = format!(
            "kubectl create -o jsonpath='{{.status.user.username}}' -f - <<< \
            '{{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\
            \"spec\":{{\"token\":\"{}\"}}}}'",
            token.trim()
        );
        let said = two.cluster.shell(&review);
        assert_eq!(said.out, "system:serviceaccount:default:default", "{said:?}");
        assert!(two.ok("get --raw /openid/v1/jwks").contains("RS256"));
        let line = "kubectl --kubeconfig=$KANOE_HOME/kubeconfig get namespaces -o name";
        assert!(two.cluster.shell(line).out.contains("kube-system"), "over TLS");
    });
}

/// An authority, and a certificate for both ends.
fn certificates(folder: &Path) {
    let script = "
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -subj /CN=authority -keyout ca.key -out ca.crt
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=both \
            -keyout s.key -out s.csr
        printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=serverAuth,clientAuth' > s.ext
        openssl x509 -req -in s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
            -extfile s.ext -out s.crt";
    succeed(Command::new("sh").args(["-ec", script]).current_dir(folder));
}
