//! Certificates: requests are approved, signed by the cluster's authority, and let their owners in.

use std::fs;

use support::{Cluster, alone};

use crate::server::{PORT, serve, serve_with};

/// Makes a key and a request, asks for its certificate, and returns the request's name.
fn ask(cluster: &Cluster, name: &str, (signer, subject, user): (&str, &str, &str)) {
    let folder = cluster.folder().display().to_string();
    let script = format!(
        "cd {folder} && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \
         {name}.key -subj {subject} 2>/dev/null | base64 -w0"
    );
    let said = cluster.shell(&script);
    assert_eq!(said.code, 0, "{said:?}");
    let object = format!(
        "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata: {{name: {name}}}\n\
         spec: {{signerName: {signer}, request: {}, expirationSeconds: 3600, usages: [digital \
         signature, client auth]}}\n",
        said.out
    );
    let file = cluster.folder().join(format!("{name}.yaml"));
    fs::write(&file, object).expect("the folder is the test's own");
    cluster.ok(&format!("kubectl create -f {} {user}", file.display()));
}

#[test]
fn requests_become_certificates() {
    alone("certificates::requests_become_certificates", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        ask(&cluster, "bob", ("kubernetes.io/kube-apiserver-client", "/CN=bob/O=ops/O=dev", ""));
        let page = cluster.ok("kubectl describe csr bob");
        assert!(page.contains("Status:              Pending"), "{page}");
        assert!(page.contains("Common Name:    bob"), "{page}");
        cluster.ok("kubectl certificate approve bob");
        cluster.ok("kubectl wait csr/bob --for=jsonpath={.status.certificate} --timeout=30s");
        assert!(cluster.ok("kubectl get csr bob").contains("Approved,Issued"));
        let folder = cluster.folder().display().to_string();
        let certificate = cluster.ok("kubectl get csr bob -o jsonpath={.status.certificate}");
        let read = cluster.shell(&format!(
            "echo {certificate} | base64 -d > {folder}/bob.crt && openssl x509 -in {folder}/bob.crt -noout \
             -subject -ext extendedKeyUsage"
        ));
        assert!(read.out.contains("O = dev + O = ops, CN = bob"), "{read:?}");
        assert!(read.out.contains("TLS Web Client Authentication"), "{read:?}");
        let whoami = cluster.ok(&format!(
            "kubectl --kubeconfig=/dev/null --server=https://127.0.0.1:{} --insecure-skip-tls-verify \
             --client-certificate={folder}/bob.crt --client-key={folder}/bob.key auth whoami -o \
             jsonpath={{.status.userInfo.username}},{{.status.userInfo.groups[*]}}",
            crate::server::PORT
        ));
        assert_eq!(whoami, "bob,dev ops system:authenticated");

        // What a signer does not sign is told.
        ask(&cluster, "odd", ("kubernetes.io/kube-apiserver-client-kubelet", "/O=dev/CN=odd", ""));
        cluster.ok("kubectl certificate approve odd");
        let reason = "{.status.conditions[?(@.type=='Failed')].reason}";
        cluster.ok(&format!("kubectl wait csr/odd --for=jsonpath={reason} --timeout=30s"));

        // Nodes that may ask are approved by themselves.
        let node = "--as=system:node:n1 --as-group=system:nodes";
        cluster.ok("kubectl create clusterrolebinding nodes --group=system:nodes \
             --clusterrole=system:certificates.k8s.io:certificatesigningrequests:selfnodeclient");
        let wanted = (
            "kubernetes.io/kube-apiserver-client-kubelet",
            "/O=system:nodes/CN=system:node:n1",
            node,
        );
        ask(&cluster, "node", wanted);
        cluster.ok("kubectl wait csr/node --for=jsonpath={.status.certificate} --timeout=30s");
        let why = cluster.ok("kubectl get csr node -o jsonpath={.status.conditions[0].reason}");
        assert_eq!(why, "AutoApproved");
    });
}

/// Makes an authority, and a certificate by it for somebody.
const PROXY: &str = r#"
set -e
cd FOLDER
new="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
for ca in front back; do
  openssl req -x509 $new -keyout $ca-ca.key -out $ca-ca.crt -subj /CN=$ca-ca -days 2 2>/dev/null
done
printf 'extendedKeyUsage=clientAuth\n' > usage
sign() {
  openssl req $new -keyout $1.key -subj /CN=$3 -out $1.csr 2>/dev/null
  openssl x509 -req -in $1.csr -CA $2-ca.crt -CAkey $2-ca.key -CAcreateserial -days 2 -extfile usage -out $1.crt 2>/dev/null
}
sign proxy front gate
sign other front other
sign caller back gate
"#;

#[test]
fn proxies_in_front_speak_for_others() {
    alone("certificates::proxies_in_front_speak_for_others", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let folder = cluster.folder().display().to_string();
        let made = cluster.shell(&PROXY.replace("FOLDER", &folder));
        assert_eq!(made.code, 0, "{made:?}");
        let _server = serve_with(
            &cluster,
            &[
                &format!("--client-ca-file={folder}/back-ca.crt"),
                &format!("--requestheader-client-ca-file={folder}/front-ca.crt"),
                &format!("--proxy-client-cert-file={folder}/proxy.crt"),
                &format!("--proxy-client-key-file={folder}/proxy.key"),
                "--requestheader-allowed-names=gate",
                "--requestheader-username-headers=X-Remote-User",
                "--requestheader-group-headers=X-Remote-Group",
                "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            ],
        );
        let named =
            "-H 'X-Remote-User: ann' -H 'X-Remote-Group: ops' -H 'X-Remote-Extra-Scopes: few'";
        let who = |certificate: &str, headers: &str| {
            let body = r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#;
            let line = format!(
                "cd {folder} && curl -sk --cert {certificate}.crt --key {certificate}.key {headers} -d '{body}' \
                 -H 'Content-Type: application/json' \
                 https://127.0.0.1:{PORT}/apis/authentication.k8s.io/v1/selfsubjectreviews"
            );
            let said = cluster.shell(&line).out;
            let answer: serde_json::Value = serde_json::from_str(&said).unwrap_or_default();
            let info = &answer["status"]["userInfo"];
            format!("{} {} {}", info["username"], info["groups"], info["extra"]["scopes"])
        };
        assert_eq!(who("proxy", named), r#""ann" ["ops","system:authenticated"] ["few"]"#);
        let caller = who("caller", named);
        assert_eq!(caller, r#""gate" ["system:authenticated"] null"#);
        // A certificate that speaks for nobody is nobody's: its request is anonymous, and forbidden.
        for (certificate, headers) in [("other", named), ("proxy", "")] {
            assert_eq!(who(certificate, headers), "null null null", "{certificate} {headers}");
        }
    });
}
