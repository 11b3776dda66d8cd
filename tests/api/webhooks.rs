//! Admission webhooks, asked over TLS: they change, refuse, warn, fail and lie.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use support::{Cluster, Said, alone, succeed};

use crate::server::serve;

/// A webhook in Python: what it does is named by the path.
const PROGRAM: &str = r#"
import base64, http.server, json, ssl, sys, time

class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections = 0
    swallowed = 0

    def setup(self):
        Hook.connections += 1
        super().setup()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.split("?")[0]
        request = body["request"]
        if path == "/convert":
            objects = request["objects"]
            for one in objects:
                one["apiVersion"] = request["desiredAPIVersion"]
                spec = one.setdefault("spec", {})
                if one["apiVersion"].endswith("/v2") and "size" in spec:
                    spec["length"] = spec.pop("size")
                elif one["apiVersion"].endswith("/v1") and "length" in spec:
                    spec["size"] = spec.pop("length")
            answer = {"uid": request["uid"], "convertedObjects": objects, "result": {"status": "Success"}}
            return self.say({"kind": "ConversionReview", "apiVersion": body["apiVersion"], "response": answer})
        answer = {"uid": request["uid"], "allowed": True}
        if path == "/label":
            value = request["operation"].lower()
            old = request["object"]["metadata"].get("labels") or {}
            patch = [{"op": "add", "path": "/metadata/labels", "value": dict(old, hooked=value)}]
            answer["patch"] = base64.b64encode(json.dumps(patch).encode()).decode()
            answer["patchType"] = "JSONPatch"
        elif path == "/refuse":
            answer["allowed"] = False
            answer["status"] = {"code": 403, "reason": "Forbidden", "message": "not here"}
        elif path == "/tell":
            kind, resource = request["kind"], request["resource"]
            words = [request["operation"], kind["group"], kind["version"], kind["kind"],
                resource["resource"], request.get("subResource", ""), request["name"],
                request["object"]["kind"], str(request["object"].get("command")),
                str(request["options"] is None)]
            answer["allowed"] = False
            answer["status"] = {"code": 403, "message": "told: " + " ".join(words)}
        elif path == "/options":
            answer["warnings"] = ["options " + json.dumps(request["options"], sort_keys=True)]
        elif path in ("/rescale", "/command"):
            change = ["/spec/replicas", 2] if path == "/rescale" else ["/command", ["changed"]]
            patch = [{"op": "replace", "path": change[0], "value": change[1]}]
            answer["patch"] = base64.b64encode(json.dumps(patch).encode()).decode()
            answer["patchType"] = "JSONPatch"
        elif path in ("/count", "/close"):
            answer["warnings"] = ["connection " + str(Hook.connections)]
            self.close_connection = path == "/close"
        elif path == "/swallow":
            Hook.swallowed += 1
            self.close_connection = True
            return
        elif path == "/swallowed":
            answer["warnings"] = ["swallowed " + str(Hook.swallowed)]
        elif path == "/warn":
            answer["warnings"] = ["think twice"]
        elif path == "/lie":
            answer["uid"] = "another"
        elif path == "/hang":
            time.sleep(30)
        elif path == "/garbage":
            return self.raw(b"garbage")
        self.say({"kind": "AdmissionReview", "apiVersion": body["apiVersion"], "response": answer})

    def say(self, document):
        self.raw(json.dumps(document).encode())

    def raw(self, data):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

struct Hooks {
    child: Child,
    port: String,
    bundle: String,
}

impl Drop for Hooks {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Hooks {
    fn start(folder: &Path) -> Self {
        let (key, certificate) = (folder.join("hook.key"), folder.join("hook.crt"));
        let (key, certificate) = (key.display().to_string(), certificate.display().to_string());
        let make = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1";
        succeed(
            Command::new("openssl")
                .args(make.split(' '))
                .args(["-keyout", &key, "-out", &certificate])
                .stderr(Stdio::null()),
        );
        let program = folder.join("hook.py");
        fs::write(&program, PROGRAM).expect("the folder is the test's own");
        let mut child = Command::new("python3")
            .arg(&program)
            .args([&certificate, &key])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is installed");
        let mut port = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut port).expect("the program says its port");
        let bundle = succeed(Command::new("base64").args(["-w0", &certificate]));
        Self { child, port: port.trim().to_owned(), bundle: bundle.trim().to_owned() }
    }

    fn config(&self, path: &str) -> Value {
        let url = format!("https://127.0.0.1:{}{path}", self.port);
        json!({"url": url, "caBundle": self.bundle})
    }

    /// A webhook on one resource.
    fn webhook(&self, path: &str, resource: &str) -> Value {
        json!({
            "name": format!("{}.example.com", path.trim_matches('/')),
            "clientConfig": self.config(path), "admissionReviewVersions": ["v1"],
            "sideEffects": "None", "timeoutSeconds": 1,
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["*"],
                "resources": [resource]}],
        })
    }
}

fn create(cluster: &Cluster, object: &Value) {
    let file = cluster.folder().join("object.json");
    fs::write(&file, object.to_string()).expect("the folder is the test's own");
    cluster.ok(&format!("kubectl apply -f {}", file.display()));
}

fn configuration(kind: &str, webhooks: &[Value]) -> Value {
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": kind,
        "metadata": {"name": "hooks"}, "webhooks": webhooks,
    })
}

/// Asks until what was configured has taken effect: an event away.
fn until(mut ask: impl FnMut() -> Said, wanted: impl Fn(&Said) -> bool) -> Said {
    loop {
        let said = ask();
        if wanted(&said) {
            return said;
        }
        std::thread::yield_now();
    }
}

#[test]
fn webhooks_change_refuse_and_warn() {
    alone("webhooks::webhooks_change_refuse_and_warn", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let hooks = Hooks::start(cluster.folder());
        let mut exact = hooks.webhook("/refuse", "secrets");
        exact["matchConditions"] =
            json!([{"name": "only-bad", "expression": "object.metadata.name == 'bad'"}]);
        exact["rules"][0]["operations"] = json!(["CREATE"]);
        create(
            &cluster,
            &configuration(
                "MutatingWebhookConfiguration",
                &[hooks.webhook("/label", "configmaps")],
            ),
        );
        create(
            &cluster,
            &configuration(
                "ValidatingWebhookConfiguration",
                &[exact, hooks.webhook("/warn", "configmaps")],
            ),
        );
        let bad = "kubectl create secret generic bad --dry-run=server";
        let said = until(|| cluster.run(bad), |said| said.code != 0);
        assert_eq!(
            said.err.trim(),
            "error: failed to create secret admission webhook \"refuse.example.com\" denied the request: not here"
        );
        cluster.ok("kubectl create secret generic good");

        let made = cluster.run("kubectl create configmap a");
        assert!(made.err.contains("Warning: think twice"), "{made:?}");
        let label = "kubectl get configmap a -o jsonpath={.metadata.labels.hooked}";
        assert_eq!(cluster.ok(label), "create");
        cluster.ok("kubectl annotate configmap a x=y");
        assert_eq!(cluster.ok(label), "update");
    });
}

#[test]
fn webhooks_that_fail_are_told_or_passed_over() {
    alone("webhooks::webhooks_that_fail_are_told_or_passed_over", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let hooks = Hooks::start(cluster.folder());
        let mut passed = hooks.webhook("/garbage", "limitranges");
        passed["name"] = "passed.example.com".into();
        passed["failurePolicy"] = "Ignore".into();
        let mut stranger = hooks.webhook("/warn", "serviceaccounts");
        stranger["name"] = "stranger.example.com".into();
        stranger["clientConfig"]["caBundle"] = {
            // Somebody vouches, but not for this one.
            let folder = cluster.folder().join("other");
            fs::create_dir(&folder).expect("the folder is the test's own");
            Hooks::start(&folder).bundle.clone().into()
        };
        let failing = [
            hooks.webhook("/lie", "configmaps"),
            hooks.webhook("/hang", "secrets"),
            hooks.webhook("/garbage", "services"),
            stranger,
            passed,
        ];
        create(&cluster, &configuration("ValidatingWebhookConfiguration", &failing));
        let lie = "kubectl create configmap a --dry-run=server";
        let said = until(|| cluster.run(lie), |said| said.code != 0);
        assert!(said.err.contains("failed calling webhook \"lie.example.com\": received invalid webhook response: expected response.uid="), "{said:?}");
        for (line, want) in [
            ("create secret generic a", "context deadline exceeded"),
            (
                "create service clusterip a --tcp=80",
                "invalid character 'g' looking for beginning of value",
            ),
            ("create serviceaccount a", "x509: certificate signed by unknown authority"),
        ] {
            let said = cluster.run(&format!("kubectl {line}"));
            assert_eq!(said.code, 1, "{line}: {said:?}");
            assert!(said.err.contains(want), "{line}: {said:?}");
        }
        create(
            &cluster,
            &json!({"apiVersion": "v1", "kind": "LimitRange",
            "metadata": {"name": "a", "namespace": "default"}}),
        );
    });
}

#[test]
fn webhooks_convert_between_versions() {
    alone("webhooks::webhooks_convert_between_versions", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let hooks = Hooks::start(cluster.folder());
        let version = |name: &str, field: &str, storage: bool| {
            json!({
                "name": name, "served": true, "storage": storage,
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {
                    "type": "object", "properties": {field: {"type": "integer"}}}}}},
            })
        };
        let mut definition = json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "ropes.example.com"},
            "spec": {
                "group": "example.com", "scope": "Namespaced",
                "names": {"plural": "ropes", "kind": "Rope"},
                "versions": [version("v1", "size", false), version("v2", "length", true)],
                "conversion": {"strategy": "Webhook", "webhook": {
                    "conversionReviewVersions": ["v1"], "clientConfig": hooks.config("/convert")}},
            },
        });
        create(&cluster, &definition);
        cluster.ok("kubectl wait crd/ropes.example.com --for=condition=Established --timeout=60s");
        for (name, version, field) in [("old", "v1", "size"), ("new", "v2", "length")] {
            create(
                &cluster,
                &json!({"apiVersion": format!("example.com/{version}"), "kind": "Rope",
                    "metadata": {"name": name, "namespace": "default"}, "spec": {field: 5}}),
            );
        }
        for (version, field) in [("v1", "size"), ("v2", "length")] {
            let path = format!("jsonpath={{.items[*].spec.{field}}}");
            let said = cluster.ok(&format!("kubectl get ropes.{version}.example.com -o {path}"));
            assert_eq!(said, "5 5", "{version}");
        }
        cluster
            .ok("kubectl patch ropes.v1.example.com new --type=merge -p {\"spec\":{\"size\":7}}");
        let length = "kubectl get ropes.v2.example.com new -o jsonpath={.spec.length}";
        assert_eq!(cluster.ok(length), "7");

        definition["spec"]["conversion"]["webhook"]["clientConfig"] = hooks.config("/garbage");
        create(&cluster, &definition);
        let old = "kubectl get ropes.v1.example.com old";
        let said = until(|| cluster.run(old), |said| said.code != 0);
        assert!(
            said.err.contains(
                "conversion webhook for example.com/v2, Kind=Rope failed: invalid character"
            ),
            "{said:?}"
        );
        cluster.ok("kubectl get ropes.v2.example.com old");
    });
}

/// A pod that nobody runs, a deployment, and what is done to their parts.
const POD: &str = "kubectl run p --image=i --restart=Never";

#[test]
fn webhooks_see_what_subresources_take() {
    alone("webhooks::webhooks_see_what_subresources_take", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let hooks = Hooks::start(cluster.folder());
        cluster.ok(POD);
        cluster.ok("kubectl create deployment d --image=i --replicas=1");
        let mut rescale = hooks.webhook("/rescale", "deployments/scale");
        rescale["rules"][0]["apiGroups"] = json!(["apps"]);
        let mut command = hooks.webhook("/command", "pods/exec");
        command["rules"][0]["operations"] = json!(["CONNECT"]);
        let parts = ["binding", "eviction", "exec", "portforward", "proxy", "status"];
        let parts: Vec<String> = parts.iter().map(|part| format!("pods/{part}")).collect();
        let mut tell = hooks.webhook("/tell", "serviceaccounts/token");
        tell["rules"][0]["resources"] =
            json!([&["serviceaccounts/token".to_owned()], &parts[..]].concat());
        create(&cluster, &configuration("MutatingWebhookConfiguration", &[rescale, command]));
        create(&cluster, &configuration("ValidatingWebhookConfiguration", &[tell]));

        let raw = |part: &str, body: &Value| {
            let file = cluster.folder().join("part.json");
            fs::write(&file, body.to_string()).expect("the folder is the test's own");
            let path = format!("/api/v1/namespaces/default/{part}");
            cluster.run(&format!("kubectl create --raw {path} -f {}", file.display()))
        };
        let named = json!({"name": "p"});
        let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": named});
        let said = until(|| raw("pods/p/eviction", &eviction), |said| said.err.contains("told"));
        let told = |said: &Said, words: &str| {
            assert!(said.err.contains(&format!("told: {words}")), "{words}: {said:?}");
        };
        told(&said, "CREATE policy v1 Eviction pods eviction p Eviction None False");
        let binding = json!({"apiVersion": "v1", "kind": "Binding", "metadata": named,
            "target": {"kind": "Node", "name": "n"}});
        let said = raw("pods/p/binding", &binding);
        told(&said, "CREATE  v1 Binding pods binding p Binding None False");
        let said = cluster.run("kubectl create token default");
        let words = "CREATE authentication.k8s.io v1 TokenRequest serviceaccounts token default";
        told(&said, &format!("{words} TokenRequest None False"));
        let said = cluster.run("kubectl exec p -- ls -l");
        told(&said, "CONNECT  v1 PodExecOptions pods exec p PodExecOptions ['changed'] True");
        let said = cluster.run("kubectl get --raw /api/v1/namespaces/default/pods/p:80/proxy/x");
        told(&said, "CONNECT  v1 PodProxyOptions pods proxy p:80 PodProxyOptions None True");
        let patch = "kubectl patch pod p --subresource=status --type=merge -p";
        let said = cluster.run(&format!("{patch} {{\"status\":{{\"phase\":\"Running\"}}}}"));
        told(&said, "UPDATE  v1 Pod pods status p Pod None False");

        cluster.ok("kubectl scale deployment d --replicas=5");
        assert_eq!(cluster.ok("kubectl get deployment d -o jsonpath={.spec.replicas}"), "2");
    });
}

#[test]
fn connections_to_webhooks_are_kept() {
    alone("webhooks::connections_to_webhooks_are_kept", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let hooks = Hooks::start(cluster.folder());
        let webhooks = [hooks.webhook("/count", "configmaps"), hooks.webhook("/close", "secrets")];
        create(&cluster, &configuration("ValidatingWebhookConfiguration", &webhooks));
        let ask = "kubectl create configmap a --dry-run=server";
        until(|| cluster.run(ask), |said| said.err.contains("Warning: connection 1"));
        assert!(cluster.run(ask).err.contains("Warning: connection 1"));
        // What ends at its other end is opened anew, whenever that is noticed.
        let close = "kubectl create secret generic a --dry-run=server";
        assert!(cluster.run(close).err.contains("Warning: connection 1"));
        for (line, connection) in [(close, 2), (close, 3), (ask, 4), (ask, 4)] {
            let said = cluster.run(line);
            assert!(said.err.contains(&format!("Warning: connection {connection}")), "{said:?}");
        }
    });
}

#[test]
fn a_webhook_that_ends_without_an_answer_was_asked_once() {
    alone("webhooks::a_webhook_that_ends_without_an_answer_was_asked_once", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let hooks = Hooks::start(cluster.folder());
        let webhooks =
            [hooks.webhook("/swallowed", "configmaps"), hooks.webhook("/swallow", "secrets")];
        create(&cluster, &configuration("ValidatingWebhookConfiguration", &webhooks));
        // The answer to this is read to its end, and its connection kept.
        let ask = "kubectl create configmap a --dry-run=server";
        until(|| cluster.run(ask), |said| said.err.contains("Warning: swallowed 0"));
        let said = cluster.run("kubectl create secret generic a --dry-run=server");
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.err.contains("/swallow?timeout=1s\": EOF"), "{said:?}");
        assert!(cluster.run(ask).err.contains("Warning: swallowed 1"));
    });
}

#[test]
fn webhooks_and_policies_see_options() {
    alone("webhooks::webhooks_and_policies_see_options", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let hooks = Hooks::start(cluster.folder());
        let policy = "admissionregistration.k8s.io/v1";
        create(
            &cluster,
            &json!({"apiVersion": policy, "kind": "ValidatingAdmissionPolicy",
                "metadata": {"name": "managers"},
                "spec": {
                    "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"],
                        "operations": ["CREATE"], "resources": ["secrets"]}]},
                    "validations": [{"expression":
                        "request.options.kind == 'CreateOptions' && request.options.?fieldManager.orValue('') != 'bad'",
                        "message": "not by this manager"}]}}),
        );
        create(
            &cluster,
            &json!({"apiVersion": policy, "kind": "ValidatingAdmissionPolicyBinding",
                "metadata": {"name": "managers"},
                "spec": {"policyName": "managers", "validationActions": ["Deny"]}}),
        );
        let webhook = hooks.webhook("/options", "configmaps");
        create(&cluster, &configuration("ValidatingWebhookConfiguration", &[webhook]));
        let told = |said: &Said, options: &str| {
            let want = format!("Warning: options {options}");
            assert!(said.err.contains(&want), "{want}: {said:?}");
        };
        let create_a = "kubectl create configmap a --field-manager=me";
        let said = until(
            || cluster.run(&format!("{create_a} --dry-run=server")),
            |said| said.err.contains("options"),
        );
        let meta = r#""apiVersion": "meta.k8s.io/v1""#;
        let valid = r#""fieldValidation": "Strict""#;
        let dry = r#""dryRun": ["All"]"#;
        let manager = r#""fieldManager": "me""#;
        told(&said, &format!("{{{meta}, {dry}, {manager}, {valid}, \"kind\": \"CreateOptions\"}}"));
        cluster.ok(create_a);
        let said = cluster.run("kubectl annotate configmap a x=y --field-manager=me");
        told(&said, &format!("{{{meta}, {manager}, \"kind\": \"UpdateOptions\"}}"));
        let all = "kubectl delete configmap a --grace-period=5 --cascade=orphan --dry-run=server";
        let (grace, orphan) = (r#""gracePeriodSeconds": 5"#, r#""propagationPolicy": "Orphan""#);
        let kind = r#""kind": "DeleteOptions""#;
        told(&cluster.run(all), &format!("{{{meta}, {dry}, {grace}, {kind}, {orphan}}}"));
        let said = cluster.run("kubectl delete configmap a");
        let background = r#""propagationPolicy": "Background""#;
        told(&said, &format!("{{{meta}, {kind}, {background}}}"));

        let bad = "kubectl create secret generic b --dry-run=server --field-manager";
        let said = until(|| cluster.run(&format!("{bad} bad")), |said| said.code != 0);
        assert!(said.err.contains("not by this manager"), "{said:?}");
        cluster.ok(&format!("{bad} good"));
    });
}
