//! Addresses and ports of services: who has them, what is refused, and what goes back.

use support::{Cluster, alone};

use crate::server::{serve, serve_with};

fn apply(cluster: &Cluster, text: &str) -> support::Said {
    let file = cluster.folder().join("objects.yaml");
    std::fs::write(&file, text).expect("the folder is the test's own");
    cluster.run(&format!("kubectl apply -f {}", file.display()))
}

fn get(cluster: &Cluster, object: &str, path: &str) -> String {
    cluster.ok(&format!("kubectl get {object} -o jsonpath={path}"))
}

fn is_there(cluster: &Cluster, address: &str) -> bool {
    cluster.run(&format!("kubectl get ipaddress {address}")).code == 0
}

#[test]
fn an_address_is_an_object() {
    alone("services::an_address_is_an_object", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve_with(&cluster, &["--service-cluster-ip-range=10.99.0.0/24"]);
        cluster.ok("kubectl create service nodeport a --tcp=80");
        let address = get(&cluster, "service/a", "{.spec.clusterIP}");
        let labels = get(&cluster, &format!("ipaddress/{address}"), "{.metadata.labels}");
        assert_eq!(
            labels,
            "{\"ipaddress.kubernetes.io/ip-family\":\"IPv4\",\
             \"ipaddress.kubernetes.io/managed-by\":\"ipallocator.k8s.io\"}"
        );
        let shown = cluster.ok("kubectl get ipaddresses");
        for row in [address.clone(), "10.99.0.1 ".into(), "services/default/a".into()] {
            assert!(shown.contains(&row), "{shown}");
        }

        // A dry run takes nothing, and shows the range's own address.
        let dry = "kubectl create service clusterip d --tcp=80 --dry-run=server -o jsonpath={.spec.clusterIP}";
        let count = || cluster.ok("kubectl get ipaddresses -o name").lines().count();
        let before = count();
        assert_eq!(cluster.ok(dry), "10.99.0.0");
        assert_eq!(count(), before);

        // What is refused leaves nothing behind: allocation comes before validation.
        for (line, words) in [
            (format!("--clusterip={address}"), "provided IP is already allocated"),
            (
                "--clusterip=10.98.0.1".into(),
                "the provided network does not match the current range",
            ),
            (
                "--clusterip=10.99.0.255".into(),
                "the provided IP (10.99.0.255) is not in the valid range. The range of valid IPs is \
                 10.99.0.0/24",
            ),
        ] {
            let said = cluster.run(&format!("kubectl create service clusterip b --tcp=80 {line}"));
            assert!(said.err.contains(words), "{said:?}");
        }
        let said = apply(
            &cluster,
            "apiVersion: v1\nkind: Service\nmetadata: {name: bad}\nspec: {clusterIP: 10.99.0.77, \
             ports: [{port: 0}]}\n",
        );
        assert!(said.err.contains("spec.ports[0].port"), "{said:?}");
        assert!(!is_there(&cluster, "10.99.0.77"));
        assert_eq!(count(), before);

        // A service that needs no address gives it back, and so does one that goes.
        cluster.ok("kubectl patch service a -p {\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"x.y\"}}");
        assert!(!is_there(&cluster, &address));
        cluster.ok(&format!("kubectl create service clusterip b --tcp=80 --clusterip={address}"));
        cluster.ok("kubectl delete service b");
        assert!(!is_there(&cluster, &address));
        cluster.ok("kubectl patch service a -p {\"spec\":{\"type\":\"ClusterIP\"}}");
        assert_eq!(count(), before);
    });
}

#[test]
fn addresses_come_from_every_range_that_is_ready() {
    alone("services::addresses_come_from_every_range_that_is_ready", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve_with(&cluster, &["--service-cluster-ip-range=10.99.0.0/28"]);
        let fill = "n=0; while kubectl create service clusterip s$n --tcp=80; do n=$((n+1)); done";
        let said = cluster.shell(fill);
        let full = "Internal error occurred: failed to allocate a serviceIP: range is full";
        assert!(said.err.contains(full), "{said:?}");
        let count = || cluster.ok("kubectl get ipaddresses -o name").lines().count();
        assert_eq!(count(), 14, "a range of 16 has 14 addresses");
        let said = apply(
            &cluster,
            "apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {name: more}\nspec: \
             {cidrs: [10.98.0.0/24]}\n",
        );
        assert_eq!(said.code, 0, "{said:?}");
        cluster.ok("kubectl create service clusterip more --tcp=80");
        let address = get(&cluster, "service/more", "{.spec.clusterIP}");
        assert!(address.starts_with("10.98.0."), "{address}");

        // A range on its way out gives nothing.
        cluster.ok("kubectl delete servicecidr more --wait=false");
        let said = cluster.run("kubectl create service clusterip late --tcp=80");
        assert!(said.err.contains(full), "{said:?}");
        cluster.ok("kubectl delete service more");
        cluster.ok("kubectl wait --for=delete servicecidr/more --timeout=60s");
    });
}

#[test]
fn services_have_addresses_of_both_families() {
    alone("services::services_have_addresses_of_both_families", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let range = "--service-cluster-ip-range=10.99.0.0/24,fd00:99::/112";
        let _server = serve_with(&cluster, &[range]);
        let ranges = get(&cluster, "servicecidr/kubernetes", "{.spec.cidrs}");
        assert_eq!(ranges, "[\"10.99.0.0/24\",\"fd00:99::/112\"]");
        let said = apply(
            &cluster,
            "apiVersion: v1\nkind: Service\nmetadata: {name: both}\nspec: {ipFamilyPolicy: \
             PreferDualStack, ports: [{port: 80}]}\n",
        );
        assert_eq!(said.code, 0, "{said:?}");
        let addresses = get(&cluster, "service/both", "{.spec.clusterIPs[*]}");
        let (one, two) = addresses.split_once(' ').expect("two addresses");
        assert!(one.starts_with("10.99.0.") && two.starts_with("fd00:99::"), "{addresses}");
        assert_eq!(get(&cluster, "service/both", "{.spec.ipFamilies[*]}"), "IPv4 IPv6");
        let family = "{.metadata.labels.ipaddress\\.kubernetes\\.io/ip-family}";
        assert_eq!(get(&cluster, &format!("ipaddress/{two}"), family), "IPv6");

        // The second goes, and comes again.
        let patch = |policy: &str| {
            cluster.run(&format!(
                "kubectl patch service both -p {{\"spec\":{{\"ipFamilyPolicy\":\"{policy}\"}}}}"
            ))
        };
        assert_eq!(patch("SingleStack").code, 0);
        assert_eq!(get(&cluster, "service/both", "{.spec.clusterIPs[*]}"), one);
        assert!(is_there(&cluster, one) && !is_there(&cluster, two));
        assert_eq!(patch("RequireDualStack").code, 0);
        let addresses = get(&cluster, "service/both", "{.spec.clusterIPs[*]}");
        assert!(addresses.starts_with(&format!("{one} fd00:99::")), "{addresses}");
        let said = cluster.run(&format!(
            "kubectl patch service both -p {{\"spec\":{{\"clusterIPs\":[\"{one}\"]}}}}"
        ));
        let words = "must be 'SingleStack' to release the secondary cluster IP";
        assert!(said.err.contains(words), "{said:?}");
    });
}

#[test]
fn addresses_and_objects_are_kept_in_step() {
    alone("services::addresses_and_objects_are_kept_in_step", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl create service clusterip a --tcp=80");
        let address = get(&cluster, "service/a", "{.spec.clusterIP}");
        cluster.ok(&format!("kubectl delete ipaddress {address}"));
        cluster.ok(&format!("kubectl wait ipaddress {address} --for=create --timeout=60s"));
        let events = "exec 3< <(exec timeout 60 kubectl get events --watch -o \
                      'jsonpath={.reason}: {.message}{\"\\n\"}' \
                      --field-selector=involvedObject.name=a); grep -m1 . <&3; kill $!; true";
        let words = format!(
            "ClusterIPNotAllocated: Cluster IP [IPv4]: {address} is not allocated; repairing"
        );
        assert_eq!(cluster.shell(events).out.trim(), words);

        // An object that the allocator would not have made goes.
        let said = apply(
            &cluster,
            "apiVersion: networking.k8s.io/v1\nkind: IPAddress\nmetadata:\n  name: 10.1.2.3\n  \
             labels: {ipaddress.kubernetes.io/managed-by: ipallocator.k8s.io}\nspec: {parentRef: \
             {group: g.io, resource: gateways, name: far}}\n",
        );
        assert_eq!(said.code, 0, "{said:?}");
        cluster.ok("kubectl wait --for=delete ipaddress/10.1.2.3 --timeout=60s");
    });
}

/// A service for pods with a port of that name, near ones first, and a pod of it that nobody runs.
const NAMED: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
  trafficDistribution: PreferSameNode
---
apiVersion: v1
kind: Node
metadata: {name: far, labels: {topology.kubernetes.io/zone: north}}
status: {conditions: [{type: Ready, status: \"True\"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: one, labels: {app: web}}
spec:
  nodeName: far
  containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]
";

#[test]
fn a_slice_is_used_again() {
    alone("services::a_slice_is_used_again", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("kubectl wait --for=create serviceaccount/default --timeout=60s");
        let made = apply(&cluster, NAMED);
        assert_eq!(made.code, 0, "{made:?}");
        let slices = "kubectl get endpointslices -l kubernetes.io/service-name=web -o name --watch";
        let first = format!("exec 3< <(exec timeout 60 {slices}); head -n1 <&3; kill $!; true");
        let slice = cluster.shell(&first).out.trim().to_owned();
        assert_eq!(get(&cluster, &slice, "{.endpoints}"), "null", "there is nobody yet");
        let status = r#"{"status":{"podIP":"10.1.0.9","podIPs":[{"ip":"10.1.0.9"}]}}"#;
        cluster.ok(&format!("kubectl patch pod one --subresource=status --type=merge -p {status}"));
        let wait = "--for=jsonpath={.endpoints[0].addresses[0]}=10.1.0.9 --timeout=60s";
        cluster.ok(&format!("kubectl wait {slice} {wait}"));
        assert_eq!(get(&cluster, &slice, "{.ports[0].port}"), "8080");

        let ready = r#"{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#;
        cluster.ok(&format!("kubectl patch pod one --subresource=status -p {ready}"));
        let wait = "--for=jsonpath={.endpoints[0].hints.forNodes[0].name}=far --timeout=60s";
        cluster.ok(&format!("kubectl wait {slice} {wait}"));
        assert_eq!(get(&cluster, &slice, "{.endpoints[0].hints.forZones[0].name}"), "north");
        cluster.ok("kubectl delete pod one --force --grace-period=0");
        let nobody = format!(
            "exec 3< <(exec timeout 60 kubectl get {slice} --watch -o \
             'jsonpath={{.endpoints}} {{.ports}}{{\"\\n\"}}'); grep -m1 '^null' <&3; kill $!; true"
        );
        assert_eq!(cluster.shell(&nobody).out.trim(), "null null");
    });
}
