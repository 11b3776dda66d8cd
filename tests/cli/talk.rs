//! What kubectl tells when it is asked to tell more, and the old form of `explain`.

use support::{Cluster, alone};

use crate::{kubeconfig, server::serve};

#[test]
fn the_road_is_told_at_each_level() {
    alone("talk::the_road_is_told_at_each_level", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let kubeconfig = kubeconfig(&cluster);
        let told = |level: u8| {
            let said = cluster
                .run(&format!("kubectl --kubeconfig {kubeconfig} get ns default -v={level}"));
            assert_eq!(said.code, 0, "{said:?}");
            assert!(said.out.starts_with("NAME"), "the answer stays alone on stdout: {said:?}");
            said.err
        };
        assert_eq!(told(5), "");
        let six = told(6);
        assert!(six.contains(&format!("Config loaded from file:  {kubeconfig}")), "{six}");
        let answer = "/api/v1/namespaces/default\" status=\"200 OK\" milliseconds=";
        assert!(six.contains("\"Response\" verb=\"GET\" url=\"https://"), "{six}");
        assert!(six.contains(answer) && !six.contains("Accept"), "{six}");
        let seven = told(7);
        assert!(seven.contains("\tAuthorization: Bearer <masked>\n"), "{seven}");
        assert!(!seven.contains("Content-Type"), "{seven}");
        let eight = told(8);
        assert!(eight.contains("\tContent-Type: application/json\n"), "{eight}");
        let body = "\"Response Body\" body=\"{\\\"kind\\\":\\\"Table\\\"";
        assert!(eight.contains(body) && eight.contains(" [truncated "), "{eight}");
        let nine = told(9);
        assert!(nine.contains("\tcurl -v -XGET  -H \"Accept: "), "{nine}");
        assert!(!nine.contains("golden-token"), "{nine}");
    });
}

#[test]
fn pages_of_the_old_form_are_written() {
    alone("talk::pages_of_the_old_form_are_written", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let explain = |words: &str| {
            cluster.ok(&format!("kubectl explain {words} --output=plaintext-openapiv2"))
        };
        let replicas = explain("deploy.spec.replicas");
        let head = "KIND:     Deployment\nVERSION:  apps/v1\n\nFIELD:    replicas <integer>\n\n";
        assert!(replicas.starts_with(&format!("{head}DESCRIPTION:\n     Number of")), "{replicas}");
        let ports = explain("svc.spec.ports");
        assert!(ports.contains("RESOURCE: ports <[]Object>\n"), "{ports}");
        assert!(ports.contains("   port\t<integer> -required-\n     "), "{ports}");
        assert!(ports.contains("   targetPort\t<string>\n"), "{ports}");
        let tree = explain("pods.spec.containers --recursive");
        assert!(tree.contains("   env\t<[]Object>\n      name\t<string>\n"), "{tree}");
        let refused = cluster.run("kubectl explain pods.nope --output=plaintext-openapiv2");
        assert_eq!(
            (refused.code, refused.err.as_str()),
            (1, "error: field \"nope\" does not exist\n")
        );
    });
}
