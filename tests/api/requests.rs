//! Requests in the order in which Kubernetes refuses what is wrong with them, in its words. The rows
//! stand in files of text: a request, its body behind `<`, and what the answer must contain.

use std::fmt::Write as _;

use support::{Cluster, alone};

use crate::server::{PORT, TOKEN, serve};

const ROWS: &str = include_str!("requests.txt");
const CUSTOM: &str = include_str!("requests_custom.txt");

/// A kind in two versions, of which the older one is deprecated.
const DEFINITION: &str = r#"{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
"metadata":{"name":"things.example.org"},"spec":{"group":"example.org","scope":"Namespaced",
"names":{"plural":"things","kind":"Thing"},"versions":[
{"name":"v1beta1","served":true,"storage":false,"deprecated":true,"schema":{"openAPIV3Schema":
{"type":"object","x-kubernetes-preserve-unknown-fields":true}}},
{"name":"v1","served":true,"storage":true,"subresources":{"scale":
{"specReplicasPath":".spec.size","statusReplicasPath":".status.size"}},"schema":{"openAPIV3Schema":
{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}"#;

/// A request and what is expected of its answer.
struct Row {
    request: String,
    body: Option<String>,
    wanted: Vec<String>,
}

fn rows(text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("< "), line.strip_prefix("> "), rows.last_mut()) {
            (Some(body), _, Some(row)) => row.body = Some(body.to_owned()),
            (_, Some(wanted), Some(row)) => row.wanted.push(wanted.to_owned()),
            _ => rows.push(Row { request: line.to_owned(), body: None, wanted: Vec::new() }),
        }
    }
    rows
}

/// Sends every request, each on its own; returns the answers with their heads.
fn answers(cluster: &Cluster, rows: &[Row]) -> Vec<String> {
    const END: &str = "=====end=====";
    let mut script = String::new();
    for (index, row) in rows.iter().enumerate() {
        let mut words = row.request.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let own = if row.request.contains(" Content-Type:") {
            ""
        } else {
            " -H 'Content-Type: application/json'"
        };
        let heads: String = words.fold(String::new(), |mut all, head| {
            write!(all, " -H '{}'", head.replacen(':', ": ", 1)).expect("text takes text");
            all
        });
        let body = row.body.as_ref().map_or_else(String::new, |body| {
            let file = cluster.folder().join(format!("body-{index}"));
            std::fs::write(&file, body.replace("\\n", "\n")).expect("the folder is the test's own");
            format!(" --data-binary @{}", file.display())
        });
        writeln!(
            script,
            "curl -ksi --http1.1 -A test/1 -H 'Authorization: Bearer {TOKEN}'{own}{heads} -X {method}{body} 'https://127.0.0.1:{PORT}{path}'; echo; echo {END}"
        )
        .expect("text takes text");
    }
    let said = cluster.shell(&script);
    said.out.split(END).map(str::to_owned).collect()
}

/// Sends the requests of a text and looks for what is expected of their answers.
fn check(cluster: &Cluster, text: &str) {
    let rows = rows(text);
    let answers = answers(cluster, &rows);
    assert_eq!(answers.len(), rows.len() + 1, "{answers:?}");
    let mut wrong = Vec::new();
    for (row, answer) in rows.iter().zip(&answers) {
        assert!(answer.contains("HTTP/1.1 "), "{}: {answer}", row.request);
        for wanted in &row.wanted {
            let (wanted, there) =
                wanted.strip_prefix("! ").map_or((wanted.as_str(), true), |it| (it, false));
            if answer.contains(wanted) != there {
                wrong.push(format!("{}\nwanted ({there}): {wanted}\n{answer}", row.request));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn requests_are_refused_in_order_and_words() {
    alone("requests::requests_are_refused_in_order_and_words", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        check(&cluster, ROWS);
    });
}

#[test]
fn requests_for_custom_resources_are_answered_as_kubernetes_does() {
    alone("requests::requests_for_custom_resources_are_answered_as_kubernetes_does", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("definition.json");
        std::fs::write(&file, DEFINITION).expect("the folder is the test's own");
        cluster.ok(&format!("create -f {}", file.display()));
        cluster.ok("wait crd/things.example.org --for=condition=Established --timeout=30s");
        check(&cluster, CUSTOM);
    });
}

#[test]
fn whoever_acts_as_somebody_may_not_add_what_that_one_has() {
    alone("requests::whoever_acts_as_somebody_may_not_add_what_that_one_has", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        cluster.ok("create serviceaccount actor");
        let role = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":
            {"name":"act"},"rules":[{"apiGroups":[""],"resources":["users","groups"],"verbs":
            ["impersonate"]}]}"#;
        let file = cluster.folder().join("role.json");
        std::fs::write(&file, role).expect("the folder is the test's own");
        cluster.ok(&format!("create -f {}", file.display()));
        cluster
            .ok("create clusterrolebinding act --clusterrole=act --serviceaccount=default:actor");
        let token = cluster.ok("create token actor");
        let ask = |heads: &str| {
            let line = format!(
                "curl -ks -A test/1 -H 'Authorization: Bearer {}' -H 'Content-Type: application/json' -H \
                 'Impersonate-User: bob' {heads} -d '{{}}' \
                 https://127.0.0.1:{PORT}/apis/authentication.k8s.io/v1/selfsubjectreviews",
                token.trim()
            );
            cluster.shell(&line).out
        };
        let known = ask("");
        assert!(known.contains("\"groups\":[\"system:authenticated\"]"), "{known}");
        let unknown = ask("-H 'Impersonate-Group: system:unauthenticated'");
        // Whoever is not authenticated may not even ask who they are.
        assert!(unknown.contains(r#"User \"bob\" cannot create"#), "{unknown}");
        let more = ask("-H 'Impersonate-Extra-Scopes: all'");
        let words =
            r#"is forbidden: User \"system:serviceaccount:default:actor\" cannot impersonate-on"#;
        assert!(more.contains(words), "{more}");
        let role = role
            .replace(r#""users","groups""#, r#""userextras/scopes""#)
            .replace(r#"[""]"#, r#"["authentication.k8s.io"]"#)
            .replace(r#""act""#, r#""scopes""#);
        std::fs::write(&file, role).expect("the folder is the test's own");
        cluster.ok(&format!("create -f {}", file.display()));
        let subject = "--serviceaccount=default:actor";
        cluster.ok(&format!("create clusterrolebinding scopes --clusterrole=scopes {subject}"));
        let more = ask("-H 'Impersonate-Extra-Scopes: all'");
        assert!(more.contains("\"extra\":{\"scopes\":[\"all\"]}"), "{more}");
    });
}
