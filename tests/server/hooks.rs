//! Programs outside that the server asks: about images, rights and tokens.

use std::{
    fs,
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

use rustls::{ServerConnection, StreamOwned};
use serde_json::{Value, json};
use support::{Cluster, alone};

use crate::{
    harness::{ADMIN, Server, USER, ask, create, get, serve},
    issuer::tls,
    tokens::who,
};

type Asked = Arc<(Mutex<Vec<Value>>, Condvar)>;

/// A webhook; it serves until the test ends.
pub(crate) struct Hook {
    /// How the server is told of it, in the form of a kubeconfig.
    pub(crate) config: PathBuf,
    asked: Asked,
}

impl Hook {
    /// Starts one that answers by code and document.
    pub(crate) fn start(
        folder: &Path,
        answer: impl Fn(&Value) -> (u16, Value) + Send + 'static,
    ) -> Self {
        let authority = folder.join("hook.crt");
        let tls = tls(&authority);
        let socket = TcpListener::bind("127.0.0.1:0").expect("there are free ports");
        let port = socket.local_addr().expect("it is bound").port();
        let config = write_config(folder, port, "certificate-authority: hook.crt");
        let asked = Asked::default();
        let told = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&tls));
                let mut stream = StreamOwned::new(connection.expect("it is complete"), stream);
                let Some(document) = read(&mut stream) else { continue };
                let (code, body) = answer(&document);
                told.0.lock().unwrap_or_else(PoisonError::into_inner).push(document);
                told.1.notify_all();
                let body = body.to_string();
                let head = "Connection: close\r\nContent-Type: application/json\r\nContent-Length:";
                let answer = format!("HTTP/1.1 {code} X\r\n{head} {}\r\n\r\n{body}", body.len());
                drop(stream.write_all(answer.as_bytes()));
                stream.conn.send_close_notify();
                drop(stream.flush());
            }
        });
        Self { config, asked }
    }

    /// Everything that it was asked.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until it was asked what is wanted.
    pub(crate) fn wait(&self, wanted: impl Fn(&[Value]) -> bool) {
        let asked = self.asked.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.asked.1.wait_while(asked, |asked| !wanted(asked)));
    }
}

fn write_config(folder: &Path, port: u16, more: &str) -> PathBuf {
    let config = folder.join("hook.yaml");
    let text = format!(
        "current-context: c\ncontexts: [{{name: c, context: {{cluster: k}}}}]\n\
         clusters: [{{name: k, cluster: {{server: 'https://127.0.0.1:{port}/ask', {more}}}}}]\n"
    );
    fs::write(&config, text).expect("the folder is the test's own");
    config
}

/// Reads one request; returns its document.
fn read(stream: &mut impl std::io::Read) -> Option<Value> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 16384]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            let length = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1;
            if body.len() >= length.parse().ok()? {
                return serde_json::from_str(body).ok();
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
}

const PODS: &str = "/api/v1/namespaces/default/pods";

fn pod(name: &str, image: &str) -> Value {
    let annotations = json!({"x.image-policy.k8s.io/ticket": "7", "other": "o"});
    json!({"metadata": {"name": name, "annotations": annotations},
        "spec": {"containers": [{"name": "c", "image": image}]}})
}

/// Starts a server that asks about images.
fn serve_asking(cluster: &Cluster, allows_unasked: bool) -> Server {
    let plugins = cluster.folder().join("plugins.yaml");
    let text = format!(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n\
         - name: ImagePolicyWebhook\n  configuration:\n    imagePolicy:\n      \
         kubeConfigFile: hook.yaml\n      allowTTL: 50\n      retryBackoff: 1\n      \
         defaultAllow: {allows_unasked}\n"
    );
    fs::write(&plugins, text).expect("the folder is the test's own");
    let file = format!("--admission-control-config-file={}", plugins.display());
    let flags = [
        "--enable-admission-plugins=ImagePolicyWebhook",
        "--disable-admission-plugins=ServiceAccount",
        &file,
    ];
    serve(cluster, &flags)
}

#[test]
fn images_are_used_by_the_word_of_a_webhook() {
    alone("hooks::images_are_used_by_the_word_of_a_webhook", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let hook = Hook::start(cluster.folder(), |review| {
            let images = review["spec"]["containers"].to_string();
            let mut status = json!({"allowed": !images.contains("bad")});
            if images.contains("worse") {
                status["reason"] = "so it is".into();
            }
            (200, json!({"kind": "ImageReview", "status": status}))
        });
        let server = serve_asking(&cluster, false);
        assert_eq!(create(PODS, &pod("a", "good")).code, 201);
        let spec = json!({"containers": [{"image": "good"}], "namespace": "default",
            "annotations": {"x.image-policy.k8s.io/ticket": "7"}});
        assert_eq!(hook.asked()[0]["spec"], spec);
        assert_eq!(hook.asked()[0]["apiVersion"], "imagepolicy.k8s.io/v1alpha1");
        assert_eq!(create(PODS, &pod("b", "good")).code, 201);
        assert_eq!(hook.asked().len(), 1, "the answer is good for a while");
        for (image, why) in [
            ("bad", "one or more images rejected by webhook backend"),
            ("bad:worse", "image policy webhook backend denied one or more images: so it is"),
        ] {
            let refused = create(PODS, &pod("c", image));
            assert_eq!(refused.code, 403);
            let message = format!("pods \"c\" is forbidden: {why}");
            assert_eq!(refused.json()["message"], message.as_str());
        }
        drop(server);
    });
}

#[test]
fn images_are_used_unasked_only_where_that_is_said() {
    alone("hooks::images_are_used_unasked_only_where_that_is_said", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        // Nobody is there to be asked.
        write_config(cluster.folder(), 9, "insecure-skip-tls-verify: true");
        let server = serve_asking(&cluster, false);
        let refused = create(PODS, &pod("a", "good"));
        assert_eq!(refused.code, 403);
        assert!(refused.body.contains("connection refused"), "{}", refused.body);
        drop(server);
        let server = serve_asking(&cluster, true);
        let made = create(PODS, &pod("a", "good"));
        assert_eq!(made.code, 201, "{}", made.body);
        let annotations = &made.json()["metadata"]["annotations"];
        assert_eq!(annotations["alpha.image-policy.k8s.io/failed-open"], "true");
        drop(server);
    });
}

/// Allows a user to read nodes, and denies deletions of them.
fn judge(review: &Value) -> (u16, Value) {
    let wanted = &review["spec"]["resourceAttributes"];
    let status = match (&wanted["resource"], &wanted["verb"]) {
        (resource, verb) if resource == "nodes" && verb == "list" => json!({"allowed": true}),
        (resource, verb) if resource == "nodes" && verb == "delete" => {
            json!({"allowed": false, "denied": true, "reason": "never"})
        }
        (resource, _) if resource == "secrets" => return (500, json!("broken")),
        _ => json!({"allowed": false, "reason": "no idea"}),
    };
    (200, json!({"kind": "SubjectAccessReview", "status": status}))
}

#[test]
fn rights_are_given_by_a_webhook() {
    alone("hooks::rights_are_given_by_a_webhook", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let hook = Hook::start(cluster.folder(), judge);
        let config = format!("--authorization-webhook-config-file={}", hook.config.display());
        let server = serve(
            &cluster,
            &[
                "--authorization-mode=Node,RBAC,Webhook",
                &config,
                "--authorization-webhook-version=v1",
            ],
        );
        assert_eq!(get(USER, "/api/v1/nodes").code, 200);
        assert_eq!(get(USER, "/api/v1/nodes").code, 200);
        let lists = |asked: &Value| asked["spec"]["resourceAttributes"]["verb"] == "list";
        let asked = hook.asked();
        assert_eq!(asked.iter().filter(|one| lists(one)).count(), 1, "{asked:?}");
        let spec = json!({"user": "user", "uid": "user", "groups": ["crew", "system:authenticated"],
            "resourceAttributes": {"verb": "list", "version": "v1", "resource": "nodes"}});
        assert_eq!(asked.iter().find(|one| lists(one)).map(|one| &one["spec"]), Some(&spec));
        let narrow = "/api/v1/nodes?fieldSelector=spec.unschedulable%3Dtrue&labelSelector=a";
        assert_eq!(get(USER, narrow).code, 200);
        let asked = hook.asked();
        let wanted = asked.last().map(|one| &one["spec"]["resourceAttributes"]);
        let fields = json!({"requirements": [{"key": "spec.unschedulable", "operator": "In",
            "values": ["true"]}]});
        assert_eq!(wanted.map(|one| &one["fieldSelector"]), Some(&fields));
        let labels = json!({"requirements": [{"key": "a", "operator": "Exists"}]});
        assert_eq!(wanted.map(|one| &one["labelSelector"]), Some(&labels));
        let refused = get(USER, "/api/v1/pods");
        assert_eq!(refused.code, 403);
        let message = "pods is forbidden: User \"user\" cannot list resource \"pods\" in API group \
                       \"\" at the cluster scope: no idea";
        assert_eq!(refused.json()["message"], message);
        let refused = ask(USER, "DELETE", "/api/v1/nodes/n", &[]);
        assert!(refused.body.contains(": never"), "{}", refused.body);
        let broken = get(USER, "/api/v1/secrets");
        assert_eq!(broken.code, 500);
        assert!(broken.body.starts_with("Internal Server Error: \"/api/v1/secrets\": "));
        assert_eq!(get(ADMIN, "/api/v1/secrets").code, 200);
        let rules = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
        let told = create(rules, &json!({"spec": {"namespace": "default"}})).json();
        assert_eq!(told["status"]["incomplete"], true, "{told}");
        drop(server);
    });
}

#[test]
fn authorizers_of_a_file_change_with_it() {
    alone("hooks::authorizers_of_a_file_change_with_it", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let hook = Hook::start(cluster.folder(), judge);
        let file = cluster.folder().join("authorization.yaml");
        let write = |authorizers: &str| {
            let text = format!(
                "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n\
                 authorizers:\n{authorizers}- {{type: RBAC, name: rbac}}\n"
            );
            let fresh = cluster.folder().join("fresh.yaml");
            let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, &file));
            written.unwrap_or_else(|error| panic!("{error}"));
        };
        let webhook = |condition: &str| {
            format!(
                "- type: Webhook\n  name: hook\n  webhook:\n    timeout: 3s\n    \
                 subjectAccessReviewVersion: v1\n    matchConditionSubjectAccessReviewVersion: v1\n    \
                 failurePolicy: Deny\n    unauthorizedTTL: 10s\n    connectionInfo: {{type: \
                 KubeConfigFile, kubeConfigFile: '{}'}}\n    matchConditions:\n    - {{expression: \
                 \"{condition}\"}}\n",
                hook.config.display()
            )
        };
        write(&webhook(
            "has(request.resourceAttributes) && request.resourceAttributes.resource == 'nodes'",
        ));
        let server = serve(&cluster, &[&format!("--authorization-config={}", file.display())]);
        assert_eq!(get(USER, "/api/v1/nodes").code, 200);
        assert_eq!(get(USER, "/api/v1/secrets").code, 403, "nobody is asked about secrets");
        write(&webhook("request.resourceAttributes.resource == 'nodes'"));
        while get(USER, "/version").code != 500 {
            // Paths have no resource: the condition fails, and so what is asked is denied.
            thread::yield_now();
        }
        write("");
        while get(USER, "/api/v1/nodes").code != 403 {
            thread::yield_now();
        }
        assert_eq!(get(USER, "/version").code, 200);
        drop(server);
    });
}

#[test]
fn tokens_are_known_to_a_webhook() {
    alone("hooks::tokens_are_known_to_a_webhook", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let hook = Hook::start(cluster.folder(), |review| {
            let known = review["spec"]["token"] == "opaque";
            let user = json!({"username": "hooked", "groups": ["g"]});
            let status = json!({"authenticated": known, "user": user});
            (200, json!({"kind": "TokenReview", "status": status}))
        });
        let config =
            format!("--authentication-token-webhook-config-file={}", hook.config.display());
        let server = serve(&cluster, &[&config]);
        assert_eq!(who("opaque"), "hooked g");
        assert_eq!(who("opaque"), "hooked g");
        assert_eq!(who("nobody's"), "401");
        let asked = hook.asked();
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert_eq!(asked[0]["apiVersion"], "authentication.k8s.io/v1beta1");
        let audiences = json!(["https://kubernetes.default.svc.cluster.local"]);
        assert_eq!(asked[0]["spec"], json!({"token": "opaque", "audiences": audiences}));
        let review = json!({"spec": {"token": "opaque"}});
        let told = create("/apis/authentication.k8s.io/v1/tokenreviews", &review).json();
        assert_eq!(told["status"]["user"]["username"], "hooked", "{told}");
        drop(server);
    });
}
