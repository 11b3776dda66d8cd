//! `cp` as the genuine kubectl does it: the same files, words and codes for the same lines.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::json;
use support::genuine;

use crate::{cluster::Cluster, house::inside};

/// More than any buffer on the way.
const MUCH: usize = 3_000_000;

/// What is not there: kubectl may have ended well before it hears of it.
const MISSING: &str = "cp p:/tmp/none out";
/// What is copied, line by line, in a folder of its own; `from` is made before.
const LINES: &[&str] = &[
    "cp from p:/tmp",
    "cp from p:/new",
    "cp from/file p:/tmp/",
    "cp from/file p:/renamed",
    "cp from/file default/p:renamed-too -c c",
    "cp none p:/x",
    "cp from/file p:/no/such/folder/x",
    "cp from/file nobody:/x",
    "cp p:/tmp/from fresh",
    "cp p:/tmp/from fresh",
    "cp p:/renamed one",
    "cp default/p:/new/ ./slashed/",
    "cp --retries=2 p:/new tried",
    "cp --retries=-1 p:/new/file tried-file",
    "cp p:/new/file fresh",
    "cp --no-preserve from/file p:/bare",
    "cp p:/bare -c c bare",
    "cp p:/x",
    "cp p:/a p:/b",
    "cp a b",
    "cp :a b",
    "cp p: b",
    "cp a/b/c:d e",
];

#[tokio::test]
async fn copies_are_kubectl_s() {
    if !inside("copies::copies_are_kubectl_s") {
        return;
    }
    let cluster = Cluster::start().await;
    let folder = cluster.house.folder.path();
    let config = folder.join("kubeconfig");
    fs::write(&config, cluster.run(&["cluster", "kubeconfig"]).stdout).unwrap();
    let ours = folder.join("kubectl");
    symlink(env!("CARGO_BIN_EXE_kanoe"), &ours).unwrap();
    let theirs = genuine("1.33");
    if theirs.is_none() {
        eprintln!("left out: the comparison with a genuine kubectl, which is not here");
    }
    let mut told = Vec::new();
    for (name, program) in [("ours", Some(ours)), ("theirs", theirs)] {
        let Some(program) = program else { continue };
        let container = json!({"name": "c", "image": "localhost/busybox:1",
            "command": ["sh", "-c", "busybox mkdir -p /tmp; busybox ln -s busybox /bin/test; sleep 999"]});
        let spec = json!({"terminationGracePeriodSeconds": 0, "containers": [container]});
        cluster.pod("p", spec).await;
        cluster.until_ready("p").await;
        let work = folder.join(name);
        source(&work.join("from"));
        let said: Vec<_> = LINES.iter().map(|line| run(&program, &config, &work, line)).collect();
        if name == "ours" {
            let (_, complaint, code) = run(&program, &config, &work, MISSING);
            assert_eq!(
                (complaint.as_str(), code),
                ("command terminated with exit code 1\n", Some(1))
            );
        }
        told.push((said, contents(&work)));
        assert!(cluster.run(&["delete", "pod", "p"]).status.success());
    }
    let (said, files) = &told[0];
    for (path, size) in
        [("fresh/file", MUCH), ("fresh/deep/two", 2), ("tried/file", MUCH), ("one", MUCH)]
    {
        let found = files.get(Path::new(path));
        assert_eq!(found.map(Vec::len), Some(size), "{path}: {said:#?}");
    }
    if let Some((their_words, their_files)) = told.get(1) {
        for ((line, ours), theirs) in LINES.iter().zip(said).zip(their_words) {
            assert_eq!(ours, theirs, "{line}");
        }
        assert!(files == their_files, "{:?} and not {:?}", files.keys(), their_files.keys());
    }
    cluster.end();
}

fn source(folder: &Path) {
    fs::create_dir_all(folder.join("deep/empty")).unwrap();
    fs::write(folder.join("deep/two"), "2\n").unwrap();
    fs::write(folder.join("empty"), "").unwrap();
    let much: Vec<u8> = (0..=250_u8).cycle().take(MUCH).collect();
    fs::write(folder.join("file"), much).unwrap();
    symlink("file", folder.join("link")).unwrap();
    symlink("/nowhere", folder.join("stray")).unwrap();
}

/// What a line says and how it ends.
fn run(program: &Path, config: &Path, work: &Path, line: &str) -> (String, String, Option<i32>) {
    let output: Output = Command::new(program)
        .env("KUBECONFIG", config)
        .env("HOME", "/proc/nowhere")
        .current_dir(work)
        .args(line.split(' '))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

/// The files below a folder.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path().strip_prefix(folder).unwrap().to_owned();
                found.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}
