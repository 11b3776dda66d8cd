//! The served descriptions of the API against those that genuine Kubernetes 1.36.2 serves.
//!
//! Compared are paths, operations, parameters, schemas, defaults, words, and how lists and maps
//! merge. Not compared are texts for people, and the order of sets.
//! Known differences: version 2 writes shared parameters out where Kubernetes refers to them, so
//! only its definitions are compared; options of deletions and watch events are not said to belong
//! to groups that serve only old versions.

use std::{
    collections::BTreeMap,
    env, fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use flate2::read::GzDecoder;
use serde_json::Value;
use support::{Cluster, alone};

use crate::server::serve;

/// Kubernetes' document says that deleting a definition answers with a status; both it and we
/// answer with the definition.
const KNOWN: &str = "customresourcedefinitions/{name}.delete.responses";

fn recorded(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap_or_else(|it| panic!("{it}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn served(cluster: &Cluster, path: &str) -> Value {
    let output = cluster.command(&["kubectl", "get", "--raw", path]).stdin(Stdio::null()).output();
    let Ok(output) = output else { panic!("{output:?}") };
    assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Collects the places where two documents differ.
fn compare(want: &Value, got: &Value, at: &str, found: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(want), Value::Object(got)) => {
            let text = |key: &&String, of: &Value| *key == "description" && !of.is_object();
            for (key, value) in want.iter().filter(|(key, it)| !text(key, it)) {
                let at = format!("{at}.{key}");
                match got.get(key) {
                    Some(other) => compare(value, other, &at, found),
                    None => found.push(format!("{at}: absent")),
                }
            }
            for (key, _) in got.iter().filter(|(key, it)| !text(key, it)) {
                if !want.contains_key(key) {
                    found.push(format!("{at}.{key}: too much"));
                }
            }
        }
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => {
            let sorted = |list: &[Value]| {
                let texts = list.iter().map(|it| (it.to_string(), it.clone()));
                texts.collect::<BTreeMap<_, _>>().into_values().collect::<Vec<_>>()
            };
            let as_set = at.ends_with(".required");
            let (want, got) =
                if as_set { (sorted(want), sorted(got)) } else { (want.clone(), got.clone()) };
            for (index, (want, got)) in want.iter().zip(&got).enumerate() {
                compare(want, got, &format!("{at}[{index}]"), found);
            }
        }
        _ if want == got => {}
        _ => found.push(format!("{at}: want {want}, got {got}")),
    }
}

fn golden() -> Option<PathBuf> {
    let golden = support::golden();
    assert!(golden.is_some() || env::var_os("CI").is_none(), "../shared/golden is absent");
    golden.map(|golden| golden.join("openapi"))
}

#[test]
fn descriptions_are_those_of_kubernetes() {
    let Some(golden) = golden() else { return };
    alone("openapi::descriptions_are_those_of_kubernetes", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let files = fs::read_to_string(golden.join("v3/index.json")).unwrap_or_default();
        let files: BTreeMap<String, String> =
            serde_json::from_str(&files).unwrap_or_else(|error| panic!("{error}"));
        let index = served(&cluster, "/openapi/v3");
        let mut found = Vec::new();
        for (path, file) in &files {
            let url = index["paths"][path]["serverRelativeURL"].as_str();
            let Some(url) = url else { panic!("{path} is not served: {index}") };
            let want = recorded(&golden.join("v3").join(file));
            compare(&want, &served(&cluster, url), path, &mut found);
        }
        assert_eq!(index["paths"].as_object().map(serde_json::Map::len), Some(files.len()));
        let mut want = recorded(&golden.join("v2.json.gz"));
        let mut got = served(&cluster, "/openapi/v2");
        for document in [&mut want, &mut got] {
            for name in ["DeleteOptions", "WatchEvent"] {
                let name = format!("io.k8s.apimachinery.pkg.apis.meta.v1.{name}");
                document["definitions"][name].take();
            }
        }
        compare(&want["definitions"], &got["definitions"], "v2", &mut found);
        found.retain(|one| !one.contains(KNOWN));
        assert!(
            found.is_empty(),
            "{} differences: {:#?}",
            found.len(),
            &found[..found.len().min(20)]
        );
    });
}
