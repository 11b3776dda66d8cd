//! Pulling from registries: the genuine one, and ones that refuse, break off or lie.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use runtime::image::registries::{Access, Login, Registries};
use runtime::image::{ImageError, Store};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::house::{busybox_layer, hex, inside, lo_up};

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

fn small_layer(name: &str) -> Vec<u8> {
    let mut layer = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(0);
    header.set_mode(0o644);
    layer.append_data(&mut header, name, std::io::empty()).unwrap();
    layer.into_inner().unwrap()
}

/// How a registry misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Honest,
    /// Lets in who shows a token, gives a token to who has the password.
    Tokens,
    /// Breaks off in the middle of a layer, once.
    BreaksOff,
    /// Sends other bytes than it was asked for.
    Lies,
    Fails,
    /// Sends no layer before every layer has been asked for.
    Together,
}

/// A registry of one image, `app:1`, on a port of its own.
struct Registry {
    manner: Manner,
    port: u16,
    documents: BTreeMap<String, Vec<u8>>,
    layer: String,
    asked: Mutex<Vec<String>>,
    all_asked: Barrier,
}

impl Registry {
    fn start(manner: Manner) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let layer = busybox_layer();
        // One of them stands in the image twice, as empty ones do.
        let layers = [&layer, &small_layer("one"), &small_layer("two"), &small_layer("one")];
        let config = json!({
            "architecture": "amd64", "os": "linux", "config": { "Cmd": ["sh"] },
            "rootfs": { "type": "layers", "diff_ids": layers.map(|layer| digest(layer)) },
        });
        let config = config.to_string().into_bytes();
        let descriptor = |bytes: &[u8]| json!({ "digest": digest(bytes), "size": bytes.len() });
        let described = layers.map(|layer| descriptor(layer));
        let manifest =
            json!({ "schemaVersion": 2, "config": descriptor(&config), "layers": described });
        let manifest = manifest.to_string().into_bytes();
        let other = json!({ "digest": digest(b"other"), "size": 5, "platform": { "os": "linux", "architecture": "other" } });
        let mut own = descriptor(&manifest);
        let here = if cfg!(target_arch = "x86_64") { "amd64" } else { "arm64" };
        own["platform"] = json!({ "os": "linux", "architecture": here });
        let index = json!({ "schemaVersion": 2, "manifests": [other, own] }).to_string();
        let blobs = layers.map(|layer| (format!("blobs/{}", digest(layer)), layer.clone()));
        let documents = [
            ("manifests/1".to_owned(), index.into_bytes()),
            (format!("manifests/{}", digest(&manifest)), manifest),
            (format!("blobs/{}", digest(&config)), config),
        ];
        let registry = Arc::new(Self {
            manner,
            port: listener.local_addr().unwrap().port(),
            documents: documents.into_iter().chain(blobs).collect(),
            layer: format!("blobs/{}", digest(&layer)),
            asked: Mutex::default(),
            all_asked: Barrier::new(3),
        });
        let served = Arc::clone(&registry);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                std::thread::spawn(move || served.answer(stream));
            }
        });
        registry
    }

    fn answer(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        loop {
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                if line == "\r\n" {
                    break;
                }
                head.push(line.trim_end().to_owned());
            }
            let header = |name: &str| {
                head.iter()
                    .find_map(|line| line.to_lowercase().strip_prefix(name).map(str::to_owned))
            };
            let path = head[0].split(' ').nth(1).unwrap().to_owned();
            let from =
                header("range: bytes=").and_then(|range| range.trim_end_matches('-').parse().ok());
            self.asked.lock().unwrap().push(format!("{path} {}", from.unwrap_or(0)));
            let authorized = header("authorization: ");
            if !self.respond(reader.get_mut(), &path, from, authorized.as_deref()) {
                return;
            }
        }
    }

    /// `false`: the connection is over.
    fn respond(
        &self,
        out: &mut TcpStream,
        path: &str,
        from: Option<usize>,
        authorized: Option<&str>,
    ) -> bool {
        let mut send = |status: &str, more: &str, body: &[u8], length: usize| {
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{more}\r\n");
            out.write_all(head.as_bytes()).and_then(|()| out.write_all(body)).is_ok()
        };
        if path.starts_with("/token") {
            // "user:secret"
            if authorized == Some("basic dxnlcjpzzwnyzxq=")
                && path.contains("scope=repository:app:pull")
            {
                let token = br#"{"token":"let-me-in"}"#;
                return send("200 OK", "", token, token.len());
            }
            return send("401 Unauthorized", "", b"", 0);
        }
        if self.manner == Manner::Fails {
            return send("500 Internal Server Error", "", b"", 0);
        }
        if self.manner == Manner::Tokens && authorized != Some("bearer let-me-in") {
            let realm = format!("http://127.0.0.1:{}/token", self.port);
            let challenge =
                format!("WWW-Authenticate: Bearer realm=\"{realm}\",service=\"test\"\r\n");
            return send("401 Unauthorized", &challenge, b"", 0);
        }
        let name = path.strip_prefix("/v2/app/").unwrap_or_default();
        let Some(document) = self.documents.get(name) else {
            return send("404 Not Found", "", b"", 0);
        };
        let layer = name == self.layer;
        if self.manner == Manner::Together && name.starts_with("blobs/") && document[0] != b'{' {
            self.all_asked.wait();
        }
        let from = from.unwrap_or(0);
        if layer && self.manner == Manner::BreaksOff && from == 0 {
            send("200 OK", "", &document[..document.len() / 2], document.len());
            return false;
        }
        if layer && self.manner == Manner::Lies {
            let other = vec![0; document.len()];
            return send("200 OK", "", &other, other.len());
        }
        let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
        let rest = &document[from..];
        send(status, "", rest, rest.len())
    }
}

fn store(folder: &std::path::Path, registry: &Registry, login: bool) -> Store {
    let auth = Login { username: "user".into(), password: "secret".into() };
    let access = Access { auth: login.then_some(auth), tls: None };
    let configs = [(format!("127.0.0.1:{}", registry.port), access)].into();
    Store::open(folder, Registries { configs, ..Registries::default() }).unwrap()
}

#[tokio::test]
async fn registries_are_understood_and_not_believed() {
    if !inside("registry::registries_are_understood_and_not_believed") {
        return;
    }
    lo_up();
    for (case, manner, login, tag, want) in [
        ("honest", Manner::Honest, false, "1", "pulled"),
        ("no such tag", Manner::Honest, false, "2", "404 Not Found"),
        ("tokens", Manner::Tokens, true, "1", "pulled"),
        ("no password", Manner::Tokens, false, "1", "401 Unauthorized"),
        ("breaks off", Manner::BreaksOff, false, "1", "pulled"),
        ("lies", Manner::Lies, false, "1", "unexpected digest"),
        ("together", Manner::Together, false, "1", "pulled"),
        ("fails", Manner::Fails, false, "1", "500 Internal Server Error"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let registry = Registry::start(manner);
        let store = store(folder.path(), &registry, login);
        let name = format!("127.0.0.1:{}/app:{tag}", registry.port);
        let found = match store.pull(&name, None, None).await {
            Ok(image) => {
                let top_down: Vec<bool> =
                    image.layers.iter().map(|layer| layer.join("bin/busybox").exists()).collect();
                assert_eq!(top_down, [false, false, true], "{case}");
                assert_eq!(store.find(&name).unwrap(), image, "{case}");
                "pulled".to_owned()
            }
            Err(error) => error.to_string(),
        };
        assert!(found.contains(want), "{case}: {found}");
        let left: Vec<_> = std::fs::read_dir(folder.path().join("work")).unwrap().collect();
        assert!(left.is_empty(), "{case}: {left:?}");
        if manner == Manner::BreaksOff {
            let asked = registry.asked.lock().unwrap().clone();
            let last = asked.iter().rfind(|path| path.contains(&registry.layer));
            assert!(last.is_some_and(|path| !path.ends_with(" 0")), "continued: {asked:?}");
        }
    }
}

#[tokio::test]
async fn an_image_goes_only_when_nobody_needs_it() {
    if !inside("registry::an_image_goes_only_when_nobody_needs_it") {
        return;
    }
    lo_up();
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::start(Manner::Honest);
    let mirrors = [(
        "example.com".to_owned(),
        runtime::image::registries::Mirror {
            endpoint: vec![format!("http://127.0.0.1:{}", registry.port)],
        },
    )];
    let registries = Registries { mirrors: mirrors.into(), ..Registries::default() };
    let store = Store::open(folder.path(), registries).unwrap();
    let image = store.pull("example.com/app:1", None, None).await.unwrap();
    assert_eq!(image.tags, ["example.com/app:1"], "named for itself, not for its mirror");

    let mount = folder.path().join("mount");
    let [upper, work] = ["u", "w"].map(|name| folder.path().join(name));
    for path in [&mount, &upper, &work] {
        std::fs::create_dir(path).unwrap();
    }
    sys::mount::overlay(&image.layers, &upper, &work, &mount).unwrap();
    assert!(matches!(store.remove("example.com/app:1"), Err(ImageError::InUse { .. })));
    sys::mount::detach(&mount).unwrap();
    store.remove("example.com/app:1").unwrap();
    assert!(matches!(store.find("example.com/app:1"), Err(ImageError::Missing { .. })));
    assert_eq!(std::fs::read_dir(folder.path().join("layers")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_full_disk_is_told_and_leaves_nothing() {
    if !inside("registry::a_full_disk_is_told_and_leaves_nothing") {
        return;
    }
    lo_up();
    let folder = tempfile::tempdir().unwrap();
    sys::mount::tmpfs(folder.path(), "size=3m").unwrap();
    let registry = Registry::start(Manner::Honest);
    let store = store(folder.path(), &registry, false);
    let name = format!("127.0.0.1:{}/app:1", registry.port);
    let error = store.pull(&name, None, None).await.unwrap_err().to_string();
    assert!(error.contains("No space left on device"), "{error}");
    assert!(store.list().unwrap().is_empty());
    sys::mount::detach(folder.path()).unwrap();
}

/// Debian's docker-registry on a folder's content. Dropping it ends it.
struct Genuine {
    server: Child,
    port: u16,
}

impl Genuine {
    /// `http` and `more` are added to its settings.
    async fn start(folder: &Path, http: &str, more: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {0}/r}}}}\nhttp: {{addr: '127.0.0.1:{port}'{http}}}\n{more}",
            folder.display()
        );
        let file = folder.join(format!("{port}.yml"));
        std::fs::write(&file, settings).unwrap();
        let server = Command::new("docker-registry")
            .arg("serve")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let genuine = Self { server, port };
        let connected = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), connected).await.unwrap();
        genuine
    }
}

impl Drop for Genuine {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

#[tokio::test]
async fn the_genuine_registry_is_pulled_from() {
    if !inside("registry::the_genuine_registry_is_pulled_from") {
        return;
    }
    lo_up();
    let folder = tempfile::tempdir().unwrap();
    let registry = Genuine::start(folder.path(), "", "").await;
    let port = registry.port;
    let pushed = push(port);
    let store = Store::open(&folder.path().join("images"), Registries::default()).unwrap();
    let image = store.pull(&format!("127.0.0.1:{port}/app@{pushed}"), None, None).await.unwrap();
    assert_eq!(image.digests, [format!("127.0.0.1:{port}/app@{pushed}")]);
    assert!(image.layers[0].join("bin/busybox").exists());
}

/// An authority, and a certificate for 127.0.0.1 that it has signed.
fn certificates(folder: &Path) {
    let script =
        "set -e; new='-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'
        openssl req $new -keyout ca.key -out ca.pem -subj /CN=authority
        openssl req $new -CA ca.pem -CAkey ca.key -keyout own.key -out own.pem -subj /CN=registry \
            -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE";
    let made = Command::new("bash").args(["-c", script]).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[tokio::test]
async fn a_registry_with_its_own_authority_and_users_is_pulled_from() {
    if !inside("registry::a_registry_with_its_own_authority_and_users_is_pulled_from") {
        return;
    }
    lo_up();
    let cluster = support::Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
    let folder = cluster.folder();
    let open = Genuine::start(folder, "", "").await;
    push(open.port);
    drop(open);
    certificates(folder);
    // The password is "secret".
    let user = "web:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";
    std::fs::write(folder.join("users"), user).unwrap();
    let place = folder.display();
    let tls = format!(", tls: {{certificate: {place}/own.pem, key: {place}/own.key}}");
    let auth = format!("auth: {{htpasswd: {{realm: test, path: {place}/users}}}}\n");
    let registry = Genuine::start(folder, &tls, &auth).await;

    std::fs::create_dir(cluster.home()).unwrap();
    let mirror = format!(
        "mirrors:\n  registry.test:\n    endpoint: [\"https://127.0.0.1:{}\"]\n",
        registry.port
    );
    let believed =
        format!("configs:\n  127.0.0.1:{}:\n    tls: {{ca_file: {place}/ca.pem}}\n", registry.port);
    let login = "    auth: {username: web, password: secret}\n";
    let wrong = "    auth: {username: web, password: guessed}\n";
    for (case, settings, want) in [
        ("unknown authority", mirror.clone(), "invalid peer certificate: UnknownIssuer"),
        ("no user", format!("{mirror}{believed}"), "401 Unauthorized"),
        ("wrong password", format!("{mirror}{believed}{wrong}"), "401 Unauthorized"),
        ("unknown field", "mirrorz: {}\n".to_owned(), "unknown field `mirrorz`"),
    ] {
        std::fs::write(cluster.home().join("registries.yaml"), settings).unwrap();
        let said = cluster.run("image pull registry.test/app:1");
        assert_eq!(said.code, 1, "{case}: {said:?}");
        assert!(said.err.contains(want), "{case}: {said:?}");
        assert!(!said.err.contains("guessed"), "{case}: {said:?}");
    }
    let settings = format!("{mirror}{believed}{login}");
    std::fs::write(cluster.home().join("registries.yaml"), settings).unwrap();
    // A person sees how far each layer is; a pipe sees the id alone.
    let mut screen = support::Screen::open();
    let mut pull = cluster.command(&["image", "pull", "registry.test/app:1"]);
    let mut child = screen.run(pull.env("TERM", "xterm"));
    let name: String = digest(&busybox_layer()).chars().skip(7).take(12).collect();
    screen.shows(&format!("{name} ["));
    screen.shows("here");
    assert!(child.wait().unwrap().success());
    let id = cluster.ok("image pull registry.test/app:1");
    assert!(id.starts_with("sha256:") && id.lines().count() == 1, "{id}");
    assert!(cluster.ok("image ls").contains("registry.test/app:1"));
    cluster.ok("run app --image=registry.test/app:1 --image-pull-policy=Always -- sleep 99");
    cluster.ok("wait --for=condition=Ready pod/app --timeout=60s");
    cluster.ok("delete pod app --grace-period=1");
    drop(registry);
    cluster.delete();
}

/// Pushes the image as any client does; answers with its digest.
fn push(port: u16) -> String {
    let layer = busybox_layer();
    let config = json!({
        "architecture": "amd64", "os": "linux",
        "rootfs": { "type": "layers", "diff_ids": [digest(&layer)] },
    });
    let config = config.to_string().into_bytes();
    for blob in [&layer, &config] {
        let location = request(port, "POST", "/v2/app/blobs/uploads/", b"", "").1;
        let joint = if location.contains('?') { '&' } else { '?' };
        let path = format!("/{}", location.splitn(4, '/').nth(3).unwrap());
        let path = format!("{path}{joint}digest={}", digest(blob));
        assert_eq!(request(port, "PUT", &path, blob, "application/octet-stream").0, 201);
    }
    let kind = "application/vnd.docker.distribution.manifest.v2+json";
    let descriptor = |kind: &str, bytes: &[u8]| json!({ "mediaType": kind, "digest": digest(bytes), "size": bytes.len() });
    let manifest = json!({
        "schemaVersion": 2, "mediaType": kind,
        "config": descriptor("application/vnd.docker.container.image.v1+json", &config),
        "layers": [descriptor("application/vnd.docker.image.rootfs.diff.tar", &layer)],
    });
    let manifest = manifest.to_string().into_bytes();
    assert_eq!(request(port, "PUT", "/v2/app/manifests/1", &manifest, kind).0, 201);
    digest(&manifest)
}

/// The status and the Location of one request's answer.
fn request(port: u16, method: &str, path: &str, body: &[u8], kind: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let location = lines.find_map(|line| line.strip_prefix("Location: ").map(str::to_owned));
    (status, location.unwrap_or_default())
}
