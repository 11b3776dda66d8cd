//! The laws of ARCHITECTURE.md that a machine can check.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Lines that a file may have, tests apart.
const MAX_LINES: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file below `folder`.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}"));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The import table: crate, and the crates that it may import.
fn import_table() -> BTreeMap<String, BTreeSet<String>> {
    let text = read(&root().join("ARCHITECTURE.md"));
    let (_, table) =
        text.split_once("| crate | may import |").unwrap_or_else(|| panic!("no table"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut allowed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [names, imports] = cells.as_slice() else { panic!("a row of two cells: {row}") };
        let list = |text: &str| -> BTreeSet<String> {
            let words = text.split(',').map(str::trim);
            words.filter(|word| !matches!(*word, "" | "–")).map(str::to_owned).collect()
        };
        for name in list(names) {
            allowed.insert(name, list(imports));
        }
    }
    allowed
}

#[test]
fn crates_import_only_what_the_table_allows() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap_or_else(|error| panic!("{error}"));
    let metadata: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"));
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let table = import_table();
    let mut wrong = Vec::new();
    for package in &packages {
        let own = name(package);
        let Some(allowed) = table.get(&own) else {
            wrong.push(format!("{own} has no row"));
            continue;
        };
        let imports = package["dependencies"].as_array().into_iter().flatten();
        for import in imports.filter(|one| one["kind"].is_null()).map(name) {
            if ours.contains(&import) && !allowed.contains(&import) && !allowed.contains("any") {
                wrong.push(format!("{own} imports {import}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_opens_with_its_promise_and_keeps_its_measure() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")).into_iter().chain(sources(&root().join("tests"))) {
        let text = read(&path);
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        if !text.starts_with("//!") {
            wrong.push(format!("{shown}: no //! header"));
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().count();
        let is_test = shown.starts_with("tests/") || shown.ends_with("tests.rs");
        if lines > MAX_LINES && !is_test {
            wrong.push(format!("{shown}: {lines} lines"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn unsafe_stands_in_sys_alone_and_lints_are_expected_not_allowed() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let text = read(&path);
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        let code = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        for line in code {
            if line.contains("unsafe {") && !shown.starts_with("src/sys/") {
                wrong.push(format!("{shown}: {line}"));
            }
            if line.starts_with("#[allow(") || line.starts_with("#![allow(") {
                wrong.push(format!("{shown}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_api_server_knows_the_store_and_only_the_kubelet_the_runtime() {
    let table = import_table();
    let importers = |of: &str| -> Vec<&String> {
        table.iter().filter(|(_, imports)| imports.contains(of)).map(|(name, _)| name).collect()
    };
    assert_eq!(importers("store"), ["apiserver", "cluster"]);
    assert_eq!(importers("runtime"), ["cluster", "kanoe", "kubelet"]);
}

#[test]
fn every_kind_and_controller_has_a_room_and_a_line() {
    let named = |list: &str, folder: &str, apart: &[&str]| {
        let text = read(&root().join(list));
        let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{error}"));
        let rooms = entries.flatten().filter(|entry| entry.path().is_dir());
        let names = rooms.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let missing: Vec<String> = names
            .filter(|name| !apart.contains(&name.as_str()))
            .filter(|name| !text.contains(&format!("mod {name};")))
            .collect();
        assert!(missing.is_empty(), "{list} names no {missing:?}");
    };
    named("src/controllers/lib.rs", "src/controllers", &[]);
    named("src/api/lib.rs", "src/api", &[]);
    for group in ["core", "apps"] {
        named(&format!("src/api/{group}/mod.rs"), &format!("src/api/{group}"), &[]);
    }
}
