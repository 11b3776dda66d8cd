//! Groups that another server answers for: an `APIService` leads there, and only while it can be asked.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use support::{Cluster, alone, succeed};

use crate::server::serve;

/// A server of flunders in Python, which talks only to whom the cluster's front proxy vouches for.
const PROGRAM: &str = r##"
import http.server, json, ssl, sys

class Wardle(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    base = "/apis/wardle.example.com/v1"
    connections = 0

    def setup(self):
        Wardle.connections += 1
        self.asked = 0
        super().setup()

    def do_GET(self):
        path = self.path.split("?")[0]
        self.asked += 1
        if path.endswith("/shy") and self.asked > 1:
            # Whoever asks over a connection that was kept is left without an answer.
            self.close_connection = True
            return
        if path == self.base:
            flunders = {"name": "flunders", "singularName": "flunder", "namespaced": True,
                        "kind": "Flunder", "verbs": ["get", "list"], "shortNames": ["fl"]}
            return self.say(200, {"kind": "APIResourceList", "apiVersion": "v1",
                                  "groupVersion": "wardle.example.com/v1", "resources": [flunders]})
        if path == "/openapi/v2":
            ok = {"description": "OK", "schema": {"$ref": "#/definitions/com.example.Flunder"}}
            meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
            fields = {"metadata": {"$ref": "#/definitions/" + meta}}
            return self.say(200, {"swagger": "2.0", "info": {"title": "Wardle", "version": "v1"},
                "paths": {self.base + "/flunders": {"get": {"responses": {"200": ok}}},
                          "/version/": {"get": {"responses": {}}}},
                "definitions": {"com.example.Flunder": {"type": "object", "properties": fields},
                                meta: {"type": "object", "description": "another"}}})
        if path in [self.base + "/namespaces/default/flunders/" + name for name in ("who", "shy")]:
            subject = dict(pair[0] for pair in self.connection.getpeercert()["subject"])
            spec = {"user": self.headers["X-Remote-User"], "host": self.headers["Host"],
                    "groups": self.headers.get_all("X-Remote-Group"),
                    "token": self.headers["Authorization"], "proxy": subject["commonName"],
                    "connections": Wardle.connections}
            return self.say(200, {"kind": "Flunder", "apiVersion": "wardle.example.com/v1",
                                  "metadata": {"name": "who", "namespace": "default"}, "spec": spec})
        self.say(404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404,
                       "reason": "NotFound", "message": "no flunder at " + path})

    def say(self, code, document):
        data = json.dumps(document).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Wardle)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.load_verify_locations(sys.argv[3])
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
"##;

struct Wardle(Child);

impl Drop for Wardle {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the server; returns it with its port and its certificate, in base64.
fn start(cluster: &Cluster) -> (Wardle, u16, String) {
    let file = |name: &str| cluster.folder().join(name).display().to_string();
    let (key, certificate, trusted) = (file("w.key"), file("w.crt"), file("front-proxy.crt"));
    let make = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=wardle -addext \
                subjectAltName=DNS:api.wardle.svc";
    succeed(
        Command::new("openssl")
            .args(make.split_whitespace())
            .args(["-keyout", &key, "-out", &certificate])
            .stderr(Stdio::null()),
    );
    let told = cluster
        .ok("kubectl get configmap extension-apiserver-authentication -n kube-system -o \
         jsonpath={.data.requestheader-client-ca-file}");
    fs::write(&trusted, told).expect("the folder is the test's own");
    let program = file("wardle.py");
    fs::write(&program, PROGRAM).expect("the folder is the test's own");
    let mut child = Command::new("python3")
        .args([&program, &certificate, &key, &trusted])
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let mut port = String::new();
    let out = child.stdout.take().expect("it is piped");
    BufReader::new(out).read_line(&mut port).expect("the program says its port");
    let bundle = succeed(Command::new("base64").args(["-w0", &certificate]));
    (Wardle(child), port.trim().parse().expect("a port"), bundle.trim().to_owned())
}

fn apply(cluster: &Cluster, object: &Value) {
    let file = cluster.folder().join("object.json");
    fs::write(&file, object.to_string()).expect("the folder is the test's own");
    cluster.ok(&format!("kubectl apply -f {}", file.display()));
}

const AVAILABLE: &str = "{.status.conditions[?(@.type==\"Available\")]['status','reason']}";

fn until_condition(cluster: &Cluster, wanted: &str) {
    let condition = format!("-o=jsonpath={AVAILABLE}");
    let get = ["kubectl", "get", "apiservice", "v1.wardle.example.com", &condition];
    cluster.ok(&format!(
        "kubectl wait apiservice v1.wardle.example.com --timeout=60s \
         --for=jsonpath={{.status.conditions[0].reason}}={wanted}"
    ));
    let said = succeed(&mut cluster.command(&get));
    let available = if wanted == "Passed" { "True" } else { "False" };
    assert_eq!(said, format!("{available} {wanted}"));
}

/// Our own document has the other server's group, and its definitions beside ours.
fn described_by_both(cluster: &Cluster) {
    let document = cluster.ok("kubectl get --raw /openapi/v2");
    let document: Value = serde_json::from_str(&document).expect("it is JSON");
    let path = &document["paths"]["/apis/wardle.example.com/v1/flunders"];
    let flunder = "#/definitions/com.example.Flunder";
    assert_eq!(path["get"]["responses"]["200"]["schema"]["$ref"], flunder);
    let meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    let definitions = &document["definitions"];
    let renamed = format!("#/definitions/{meta}_v2");
    let metadata = &definitions["com.example.Flunder"]["properties"]["metadata"];
    assert_eq!(metadata["$ref"], renamed.as_str());
    assert_eq!(definitions[format!("{meta}_v2")]["description"], "another");
    assert!(definitions[meta]["properties"].is_object(), "ours stays");
}

#[test]
fn another_server_answers_for_a_group() {
    alone("aggregation::another_server_answers_for_a_group", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let server = serve(&cluster);
        let (wardle, port, bundle) = start(&cluster);
        cluster.ok("kubectl create namespace wardle");
        apply(
            &cluster,
            &json!({
                "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                "metadata": {"name": "v1.wardle.example.com"},
                "spec": {
                    "group": "wardle.example.com", "version": "v1", "caBundle": bundle,
                    "groupPriorityMinimum": 2000, "versionPriority": 10,
                    "service": {"namespace": "wardle", "name": "api", "port": port},
                },
            }),
        );
        until_condition(&cluster, "ServiceNotFound");
        let refused = cluster.run("kubectl get --raw /apis/wardle.example.com/v1");
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains("unable to handle the request"), "{}", refused.err);

        cluster.ok("kubectl create service externalname api -n wardle --external-name=localhost");
        until_condition(&cluster, "Passed");
        assert_eq!(
            cluster.ok("kubectl api-resources --api-group=wardle.example.com --no-headers"),
            "flunders   fl    wardle.example.com/v1   true   Flunder\n"
        );
        let who = |more: &str| -> Value {
            let said = cluster.ok(&format!("kubectl get fl who -o json {more}"));
            serde_json::from_str(&said).expect("it is JSON")
        };
        let spec = &who("--as=eve --as-group=system:masters")["spec"];
        assert_eq!(spec["user"], "eve");
        assert_eq!(spec["groups"], json!(["system:masters", "system:authenticated"]));
        assert_eq!(spec["proxy"], "front-proxy-client");
        assert_eq!((&spec["host"], &spec["token"]), (&json!("api.wardle.svc"), &Value::Null));
        let connections = &who("")["spec"]["connections"];
        assert_eq!(&who("")["spec"]["connections"], connections, "connections are kept");
        described_by_both(&cluster);
        // What only reads is asked again where a kept connection ends.
        cluster.ok("kubectl get flunders shy");
        let missing = cluster.run("kubectl get flunders nobody");
        assert!(missing.err.contains("no flunder at"), "{}", missing.err);
        // Who may not, is not passed on.
        let forbidden = cluster.run("kubectl get flunders who --as=eve");
        assert!(forbidden.err.contains("is forbidden: User \"eve\""), "{}", forbidden.err);

        drop(wardle);
        cluster.ok("kubectl label service api -n wardle looked=again");
        until_condition(&cluster, "FailedDiscoveryCheck");
        cluster.ok("kubectl delete apiservice v1.wardle.example.com");
        let gone = cluster.run("kubectl get --raw /apis/wardle.example.com/v1");
        assert!(gone.err.contains("could not find the requested resource"), "{}", gone.err);
        drop(server);
    });
}

#[test]
fn our_own_groups_are_listed_with_those_of_definitions() {
    alone("aggregation::our_own_groups_are_listed_with_those_of_definitions", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let server = serve(&cluster);
        let told = cluster.ok("kubectl get apiservices --no-headers");
        assert!(told.lines().all(|line| line.contains("Local") && line.contains("True")), "{told}");
        assert_eq!(told.lines().count(), 21, "{told}");
        let version = json!({
            "name": "v1", "served": true, "storage": true,
            "schema": {"openAPIV3Schema": {"type": "object"}},
        });
        apply(
            &cluster,
            &json!({
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": "things.example.com"},
                "spec": {
                    "group": "example.com", "scope": "Cluster", "versions": [version],
                    "names": {"plural": "things", "kind": "Thing"},
                },
            }),
        );
        cluster.ok("kubectl wait --for=create apiservice/v1.example.com --timeout=30s");
        cluster
            .ok("kubectl wait --for=condition=Available apiservice/v1.example.com --timeout=30s");
        cluster.ok("kubectl delete crd things.example.com");
        cluster.ok("kubectl wait --for=delete apiservice/v1.example.com --timeout=30s");
        drop(server);
    });
}
