//! What may enter the tree of dependencies: the lists of deny.toml, checked with cargo alone.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs, iter::Peekable, path::Path, process::Command};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The packages of the tree, as they are built on Linux.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"));
    let packages = metadata["packages"].as_array_mut().map(std::mem::take).unwrap_or_default();
    assert!(packages.len() > 100, "the whole tree");
    packages
}

/// A list of strings in deny.toml.
fn list(section: &str, key: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("deny.toml")).unwrap_or_default();
    let part = text.split_once(&format!("\n[{section}]\n")).map_or("", |(_, rest)| rest);
    let part = part.split_once("\n[").map_or(part, |(part, _)| part);
    let (_, value) = part
        .split_once(&format!("\n{key} = ["))
        .or_else(|| part.split_once(&format!("{key} = [")))
        .unwrap_or_else(|| panic!("deny.toml has no {key} in [{section}]"));
    let value = value.split_once(']').map_or("", |(value, _)| value);
    let lines = value.lines().filter(|line| !line.trim_start().starts_with('#'));
    let found: Vec<String> =
        lines.flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned).collect();
    assert!(!found.is_empty(), "[{section}] {key} is empty");
    found
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

/// Whether an SPDX expression can be met with what is allowed.
fn allows(allowed: &[String], expression: &str) -> bool {
    let mut words = Vec::new();
    for word in expression.replace('(', " ( ").replace(')', " ) ").split_whitespace() {
        // Old manifests write a slash for OR.
        let parts: Vec<&str> = word.split('/').filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            words.push("OR".to_owned());
            continue;
        }
        for (at, part) in parts.into_iter().enumerate() {
            words.extend((at > 0).then(|| "OR".to_owned()));
            words.push(part.to_owned());
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    any_of(allowed, &mut words.into_iter().peekable())
}

type Words<'a, 'b> = &'b mut Peekable<std::vec::IntoIter<&'a str>>;

fn any_of(allowed: &[String], words: Words<'_, '_>) -> bool {
    let mut met = all_of(allowed, words);
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(allowed, words);
    }
    met
}

fn all_of(allowed: &[String], words: Words<'_, '_>) -> bool {
    let mut met = one(allowed, words);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(allowed, words);
    }
    met
}

fn one(allowed: &[String], words: Words<'_, '_>) -> bool {
    match words.next() {
        Some("(") => {
            let met = any_of(allowed, words);
            assert_eq!(words.next(), Some(")"));
            met
        }
        Some(name) => {
            // A license with an exception is another license.
            let exception = words.next_if_eq(&"WITH").and_then(|_| words.next());
            exception.is_none() && allowed.iter().any(|known| known == name)
        }
        None => false,
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "Apache-2.0".to_owned()];
    for (expression, want) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("Unlicense/MIT", true),
        ("Apache-2.0 / GPL-3.0", true),
        ("(MIT OR GPL-3.0) AND Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
        ("Apache-2.0 WITH LLVM-exception", false),
        ("", false),
    ] {
        assert_eq!(allows(&allowed, expression), want, "{expression}");
    }
}

#[test]
fn licenses_are_among_those_that_we_accept() {
    let allowed = list("licenses", "allow");
    let mut wrong = Vec::new();
    for package in packages() {
        let expression = text(&package, "license");
        let file = Path::new(text(&package, "manifest_path"))
            .with_file_name(text(&package, "license_file"));
        let accepted = if expression.is_empty() {
            let words = "Permission is hereby granted, free of charge, to any person";
            let license = fs::read_to_string(file).unwrap_or_default();
            license.split_whitespace().collect::<Vec<_>>().join(" ").contains(words)
        } else {
            allows(&allowed, expression)
        };
        if !accepted {
            wrong.push(format!("{} {expression:?}", text(&package, "name")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dependencies_come_from_crates_io_once_each() {
    let registries = list("sources", "allow-registry");
    let (banned, skipped) = (list("bans", "deny"), list("bans", "skip"));
    let mut wrong = Vec::new();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages() {
        let (name, version) = (text(&package, "name"), text(&package, "version"));
        let source = text(&package, "source");
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        let ours = package["source"].is_null()
            && Path::new(text(&package, "manifest_path")).starts_with(root());
        if !ours && !registries.iter().any(|known| known == registry) {
            wrong.push(format!("{name} comes from {source:?}"));
        }
        if banned.iter().any(|known| known == name) {
            wrong.push(format!("{name} is banned"));
        }
        let skip = skipped.iter().filter_map(|known| known.split_once('@')).any(|(known, part)| {
            known == name && version.strip_prefix(part).is_some_and(|rest| rest.starts_with('.'))
        });
        if !skip {
            versions.entry(name.to_owned()).or_default().push(version.to_owned());
        }
    }
    let twice = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    wrong.extend(twice.map(|(name, versions)| format!("{name} comes in {versions:?}")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
