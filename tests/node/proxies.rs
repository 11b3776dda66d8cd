//! The API server passes requests on to pods, services and the node; budgets hold evictions back.

use support::{Cluster, alone};

#[test]
fn requests_are_passed_on() {
    alone("proxies::requests_are_passed_on", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        cluster.ok("kubectl run app --image=kanoe.local/bootcamp:v1 --port=8080");
        cluster.ok("kubectl wait pod/app --for=condition=Ready --timeout=60s");
        cluster.ok("kubectl expose pod app --port=80 --target-port=8080 --name=front");
        let pods = "/api/v1/namespaces/default/pods";
        let raw = |path: &str| cluster.run(&format!("kubectl get --raw {path}"));
        let hello = raw(&format!("{pods}/app:8080/proxy/"));
        assert!(hello.out.contains("app"), "{hello:?}");
        assert_eq!(raw(&format!("{pods}/app/proxy/")).out, hello.out, "the first port is meant");

        let refused = raw(&format!("{pods}/app:1/proxy/"));
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains("connect: connection refused"), "{refused:?}");
        let missing = raw(&format!("{pods}/nobody/proxy/"));
        assert!(missing.err.contains("pods \"nobody\" not found"), "{missing:?}");

        let services = "/api/v1/namespaces/default/services";
        cluster.ok(
            "kubectl wait endpoints/front --for=jsonpath={.subsets[0].addresses} --timeout=60s",
        );
        assert_eq!(raw(&format!("{services}/front:80/proxy/")).out, hello.out);
        let none = raw(&format!("{services}/front:81/proxy/"));
        assert!(none.err.contains("no service port 81 found"), "{none:?}");

        let node = cluster.ok("kubectl get nodes -o jsonpath={.items[0].metadata.name}");
        let health = raw(&format!("/api/v1/nodes/{node}/proxy/healthz"));
        assert_eq!(health.out.trim(), "ok", "{health:?}");
        cluster.delete();
    });
}
