//! `proxy`: the API on a port of this machine, with files beside it.

use std::{
    io::{BufRead as _, BufReader, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    process::{Child, Stdio},
};

use support::{Cluster, alone};

use crate::server::{PORT, TOKEN, serve};

/// A proxy that ends with its owner.
struct Proxy {
    child: Child,
    place: String,
}

impl Proxy {
    fn start(cluster: &Cluster, words: &[&str]) -> Self {
        let words = [&["proxy"], words].concat();
        let mut child =
            cluster.command(&words).stdout(Stdio::piped()).spawn().expect("the proxy answers");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("the proxy answers"))
            .read_line(&mut line)
            .expect("the proxy answers");
        let place = line.trim_end().strip_prefix("Starting to serve on ");
        let place = place.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self { child, place }
    }

    fn ask(&self, line: &str, host: &str, body: &str) -> String {
        exchange(TcpStream::connect(&self.place).expect("the proxy answers"), line, host, body)
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path}"), "localhost", "")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.child.kill().expect("the proxy answers");
        self.child.wait().expect("the proxy answers");
    }
}

/// Asks once; the whole answer.
fn exchange(mut stream: impl std::io::Read + Write, line: &str, host: &str, body: &str) -> String {
    let length = body.len();
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .expect("the proxy answers");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the proxy answers");
    String::from_utf8(answer).expect("the proxy answers")
}

fn has(answer: &str, parts: &[&str]) {
    for part in parts {
        assert!(answer.contains(part), "{part:?} is not in {answer}");
    }
}

#[test]
fn the_api_stands_on_a_port() {
    alone("proxying::the_api_stands_on_a_port", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let pages = cluster.folder().join("pages");
        std::fs::create_dir(&pages).unwrap();
        std::fs::write(pages.join("page.html"), "<p>hello").unwrap();
        std::fs::write(cluster.folder().join("secret"), "secret").unwrap();
        let www = format!("--www={}", pages.display());
        let proxy = Proxy::start(&cluster, &["--port=0", "--api-prefix=/own", &www]);
        has(&proxy.get("/own/version"), &["HTTP/1.1 200 OK\r\n", "\"gitVersion\""]);
        has(&proxy.get("/own"), &["HTTP/1.1 301 ", "location: /own/\r\n"]);
        has(&proxy.get("/elsewhere"), &["HTTP/1.1 404 ", "\r\n\r\n404 page not found\n"]);
        has(
            &proxy.ask("GET /own/version", "evil.example", ""),
            &["HTTP/1.1 403 ", "\r\nForbidden\n"],
        );
        has(&proxy.get("/own/api/v1/namespaces/default/pods/p/exec?command=a"), &["HTTP/1.1 403 "]);
        let map = r#"{"metadata":{"name":"made"},"data":{"a":"b"}}"#;
        let maps = "/own/api/v1/namespaces/default/configmaps";
        has(&proxy.ask(&format!("POST {maps}"), "127.0.0.1:1", map), &["HTTP/1.1 201 "]);
        assert_eq!(cluster.ok("kubectl get configmap made -o jsonpath={.data.a}"), "b");

        has(
            &proxy.get("/static/page.html"),
            &["HTTP/1.1 200 ", "content-type: text/html", "<p>hello"],
        );
        has(&proxy.get("/static/"), &["HTTP/1.1 200 ", "<a href=\"page.html\">page.html</a>"]);
        for path in ["/static/../secret", "/static/%2e%2e/secret", "/static/none"] {
            has(&proxy.get(path), &["HTTP/1.1 404 "]);
        }

        // What is watched arrives while the watch goes on.
        let mut stream = TcpStream::connect(&proxy.place).unwrap();
        write!(stream, "GET {maps}?watch=1&fieldSelector=metadata.name=made HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        let lines = BufReader::new(stream).lines().map(Result::unwrap);
        let event = lines.into_iter().find(|line| line.contains("\"ADDED\"")).unwrap();
        assert!(event.contains("\"made\""), "{event}");
    });
}

#[test]
fn a_proxy_may_stand_at_a_path_and_before_nobody() {
    alone("proxying::a_proxy_may_stand_at_a_path_and_before_nobody", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let path = cluster.folder().join("s").display().to_string();
        let socket = format!("--unix-socket={path}");
        let proxy = Proxy::start(&cluster, &[&socket, "--api-prefix=/api"]);
        let answer = exchange(UnixStream::connect(&path).unwrap(), "GET /api/v1", "localhost", "");
        has(&answer, &["HTTP/1.1 200 OK\r\n", "APIResourceList"]);
        drop(proxy);

        let both = cluster.run(&format!("kubectl proxy --port=1 {socket}"));
        assert_eq!(both.err, "error: cannot set --unix-socket and --port at the same time\n");

        // A server's path is added where the user says so, and nowhere else.
        let at = format!("--server=https://127.0.0.1:{PORT}/api");
        let token = format!("--token={TOKEN}");
        let told = ["--port=0", &at, &token, "--insecure-skip-tls-verify"];
        has(&Proxy::start(&cluster, &told).get("/api/v1"), &["HTTP/1.1 200 "]);
        let added = Proxy::start(&cluster, &[&told[..], &["--append-server-path"]].concat());
        has(&added.get("/v1"), &["HTTP/1.1 200 "]);
        has(&added.get("/api/v1"), &["HTTP/1.1 404 "]);

        let nobody = Proxy::start(&cluster, &["--port=0", "--server=http://127.0.0.1:1"]);
        has(&nobody.get("/version"), &["HTTP/1.1 500 ", "connection refused"]);
    });
}
