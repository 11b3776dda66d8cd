//! Discovery kept on disk, where kubectl keeps it and in the form it keeps it.
//!
//! A cache is only ever a shortcut: anything unreadable, old or torn means asking the server.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};

use super::{ApiGroup, ApiResource, Discovery, fetch};

/// How long kubectl trusts what it wrote.
const FRESH: Duration = Duration::from_hours(6);

/// The cache of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskCache {
    folder: PathBuf,
}

impl DiskCache {
    /// The cache of `server` under kubectl's cache folder (`~/.kube/cache`).
    pub fn new(root: &Path, server: &str) -> Self {
        let host = server.replacen("https://", "", 1).replacen("http://", "", 1);
        let safe: String = host
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "_/.()".contains(c) { c } else { '_' })
            .collect();
        Self { folder: root.join("discovery").join(safe) }
    }

    /// What was written, if all of it is there and fresh.
    pub fn load(&self) -> Option<Discovery> {
        let groups = read_fresh(&self.folder.join("servergroups.json"))?;
        let mut found = Discovery { groups: fetch::plain_groups(&groups), failed: Vec::new() };
        for group in &mut found.groups {
            for version in &mut group.versions {
                let list = read_fresh(&self.file(&group.name, &version.name))?;
                version.resources = fetch::plain_resources(&list, &group.name, &version.name);
            }
        }
        Some(found)
    }

    /// Writes what a server said; not if part of it failed.
    pub fn store(&self, discovery: &Discovery) -> io::Result<()> {
        if !discovery.failed.is_empty() {
            return Ok(());
        }
        for group in &discovery.groups {
            for version in &group.versions {
                let path = self.file(&group.name, &version.name);
                let resources: Vec<Value> =
                    version.resources.iter().flat_map(resource_documents).collect();
                let list = json!({
                    "kind": "APIResourceList", "apiVersion": "v1",
                    "groupVersion": group_version(&group.name, &version.name),
                    "resources": resources,
                });
                write_whole(&path, &list)?;
            }
        }
        let groups: Vec<Value> = discovery.groups.iter().map(group_document).collect();
        let list = json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups});
        write_whole(&self.folder.join("servergroups.json"), &list)
    }

    /// Forgets everything.
    pub fn invalidate(&self) {
        // Absent or in use: either way the next reader asks the server.
        drop(fs::remove_file(self.folder.join("servergroups.json")));
    }

    fn file(&self, group: &str, version: &str) -> PathBuf {
        self.folder.join(group).join(version).join("serverresources.json")
    }
}

fn read_fresh(path: &Path) -> Option<Value> {
    let changed = fs::metadata(path).ok()?.modified().ok()?;
    if changed.elapsed().ok()? > FRESH {
        return None;
    }
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Writes beside, then renames: a reader sees the old file or the new one.
fn write_whole(path: &Path, document: &Value) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!(
        ".{}.{}",
        path.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    fs::write(&beside, document.to_string())?;
    fs::rename(&beside, path)
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

fn group_document(group: &ApiGroup) -> Value {
    let version =
        |name: &str| json!({"groupVersion": group_version(&group.name, name), "version": name});
    let versions: Vec<Value> = group.versions.iter().map(|v| version(&v.name)).collect();
    json!({
        "name": group.name,
        "versions": versions,
        "preferredVersion": group.versions.first().map(|v| version(&v.name)),
    })
}

fn resource_documents(resource: &ApiResource) -> Vec<Value> {
    let place = &resource.resource;
    let mut documents = vec![json!({
        "name": place.plural, "singularName": resource.singular, "namespaced": place.namespaced,
        "group": place.group, "version": place.version, "kind": place.kind,
        "verbs": resource.verbs, "shortNames": resource.short_names,
        "categories": resource.categories,
    })];
    documents.extend(resource.subresources.iter().map(|sub| {
        json!({
            "name": format!("{}/{}", place.plural, sub.name), "singularName": "",
            "namespaced": place.namespaced, "group": sub.group, "version": sub.version,
            "kind": sub.kind, "verbs": sub.verbs,
        })
    }));
    documents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::ApiVersion;

    #[test]
    fn what_is_stored_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let cache = DiskCache::new(folder.path(), "https://127.0.0.1:6443");
        assert!(cache.load().is_none());
        let list = json!({"resources": [
            {"name": "pods", "singularName": "pod", "kind": "Pod", "namespaced": true, "verbs": ["get"]},
            {"name": "pods/log", "kind": "Pod", "verbs": ["get"], "group": "", "version": "v1"}]});
        let resources = fetch::plain_resources(&list, "", "v1");
        let versions = vec![ApiVersion { name: "v1".to_owned(), resources }];
        let groups = vec![ApiGroup { name: String::new(), versions }];
        let discovery = Discovery { groups, failed: Vec::new() };
        cache.store(&discovery).unwrap();
        assert_eq!(cache.load(), Some(discovery));
        assert!(folder.path().join("discovery/127.0.0.1_6443/v1/serverresources.json").exists());
        cache.invalidate();
        assert!(cache.load().is_none());
    }
}
