//! A whole cluster in namespaces of its own, and its pods as they come and go.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use client::{
    Api, Client, DeleteOptions, ListOptions, Transport, WatchEvent, WatchOptions, WriteOptions,
};
use k8s_openapi::api::core::v1::{ConfigMap, Event, Pod, ServiceAccount};
use serde_json::{Value, json};

use crate::house::{House, busybox_archive, lo_up};

const PATIENCE: Duration = Duration::from_secs(30);

/// A cluster and its home. Dropping it ends all of it.
pub(crate) struct Cluster {
    pub(crate) house: House,
    process: Child,
    pub(crate) client: Client,
}

fn kanoe(house: &House) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kanoe"));
    command
        .env("KANOE_HOME", house.folder.path())
        .env_remove("KUBECONFIG")
        .env("HOME", "/proc/nowhere");
    command
}

fn boot(house: &House) -> Child {
    let mut process = kanoe(house)
        .args(["cluster", "run"])
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut word = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut word).unwrap();
    assert_eq!(word, "ready\n");
    process
}

fn connect(house: &House) -> Client {
    let transport = Transport::unix(&house.folder.path().join("kanoe.sock")).unwrap();
    Client::in_process(transport, "test")
}

impl Cluster {
    /// Boots a cluster that has a busybox image, and waits until pods can be made.
    pub(crate) async fn start() -> Self {
        lo_up();
        let house = House::new();
        let archive = house.folder.path().join("busybox.tar");
        std::fs::write(&archive, busybox_archive()).unwrap();
        house.store.load(&archive).unwrap();
        let process = boot(&house);
        let client = connect(&house);
        let cluster = Self { house, process, client };
        cluster.until::<ServiceAccount>("default", |account| account.is_some()).await;
        cluster.until::<ConfigMap>("kube-root-ca.crt", |map| map.is_some()).await;
        cluster
    }

    /// Ends the cluster's process at once and boots it again.
    pub(crate) fn crash_and_boot(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = boot(&self.house);
        self.client = connect(&self.house);
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        kanoe(&self.house).args(args).output().unwrap()
    }

    pub(crate) fn run_beside(&self, args: &[&str]) -> Child {
        kanoe(&self.house).args(args).stdout(Stdio::piped()).spawn().unwrap()
    }

    pub(crate) async fn create<K>(&self, object: Value)
    where
        K: k8s_openapi::Resource + serde::Serialize + serde::de::DeserializeOwned,
    {
        let object: K = serde_json::from_value(object).unwrap();
        let api = Api::<K>::namespaced(&self.client, "default");
        api.create(&object, &WriteOptions::default()).await.unwrap();
    }

    /// Makes a pod from its spec.
    pub(crate) async fn pod(&self, name: &str, spec: Value) {
        let labels = json!({ "app": name });
        let metadata = json!({ "name": name, "namespace": "default", "labels": labels });
        self.create::<Pod>(json!({ "metadata": metadata, "spec": spec })).await;
    }

    pub(crate) async fn delete(&self, name: &str) {
        let api = Api::<Pod>::namespaced(&self.client, "default");
        api.delete(name, &DeleteOptions::default()).await.unwrap();
    }

    /// Waits until an object is as wanted; `None` stands for there being none.
    pub(crate) async fn until<K>(
        &self,
        name: &str,
        wanted: impl Fn(Option<&K>) -> bool,
    ) -> Option<K>
    where
        K: k8s_openapi::ListableResource + serde::Serialize + serde::de::DeserializeOwned + Clone,
    {
        let mut last = None;
        let found = tokio::time::timeout(PATIENCE, self.follow(name, &wanted, &mut last)).await;
        assert!(found.is_ok(), "{name} is {}", json!(last));
        found.unwrap()
    }

    async fn follow<K>(
        &self,
        name: &str,
        wanted: &impl Fn(Option<&K>) -> bool,
        last: &mut Option<K>,
    ) -> Option<K>
    where
        K: k8s_openapi::ListableResource + serde::Serialize + serde::de::DeserializeOwned + Clone,
    {
        let api = Api::<K>::namespaced(&self.client, "default");
        let fields = format!("metadata.name={name}");
        let list = api.list(&ListOptions::fields(fields.clone())).await.unwrap();
        *last = list.items.into_iter().next();
        let mut watch = api
            .watch(&WatchOptions {
                fields: Some(fields),
                resource_version: list.metadata.resource_version,
                ..WatchOptions::default()
            })
            .await
            .unwrap();
        loop {
            if wanted(last.as_ref()) {
                return last.take();
            }
            match watch.next::<K>().await.unwrap().expect("the watch goes on") {
                WatchEvent::Added(object) | WatchEvent::Modified(object) => *last = Some(object),
                WatchEvent::Deleted(_) => *last = None,
                WatchEvent::Bookmark(_) => {}
            }
        }
    }

    pub(crate) async fn until_ready(&self, name: &str) -> Pod {
        let ready = |pod: Option<&Pod>| pod.is_some_and(|pod| condition(pod, "Ready"));
        self.until(name, ready).await.unwrap()
    }

    pub(crate) async fn until_gone(&self, name: &str) {
        self.until::<Pod>(name, |pod| pod.is_none()).await;
    }

    /// The pod's log, as kubectl reads it.
    pub(crate) async fn log(&self, name: &str, query: &str) -> String {
        let path = format!("/api/v1/namespaces/default/pods/{name}/log?{query}");
        let bytes = self.client.get_bytes(&path).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// Waits until an event about a pod is as wanted, by reason and message; all that were seen.
    ///
    /// Events are recorded beside the work they tell of, so they may come after its status.
    pub(crate) async fn told(
        &self,
        name: &str,
        wanted: impl Fn(&str, &str) -> bool,
    ) -> Vec<(String, String)> {
        let mut seen = Vec::new();
        let told = tokio::time::timeout(PATIENCE, self.hear(name, &wanted, &mut seen)).await;
        assert!(told.is_ok(), "{name} was only told {seen:?}");
        seen
    }

    async fn hear(
        &self,
        name: &str,
        wanted: &impl Fn(&str, &str) -> bool,
        seen: &mut Vec<(String, String)>,
    ) {
        let api = Api::<Event>::namespaced(&self.client, "default");
        let fields = Some(format!("involvedObject.name={name}"));
        let mut watch =
            api.watch(&WatchOptions { fields, ..WatchOptions::default() }).await.unwrap();
        loop {
            let event = watch.next::<Event>().await.unwrap().expect("the watch goes on");
            let (WatchEvent::Added(event) | WatchEvent::Modified(event)) = event else {
                continue;
            };
            let text = |field: Option<String>| field.unwrap_or_default();
            let (reason, message) = (text(event.reason), text(event.message));
            let found = wanted(&reason, &message);
            seen.push((reason, message));
            if found {
                return;
            }
        }
    }

    /// Deletes the cluster and looks whether anything is left.
    pub(crate) fn end(mut self) {
        let id = std::fs::read_to_string(self.house.folder.path().join("id")).unwrap();
        let deleted = self.run(&["cluster", "delete"]);
        assert!(deleted.status.success(), "{}", String::from_utf8_lossy(&deleted.stderr));
        self.process.wait().unwrap();
        let links = Command::new("ip").args(["-o", "link"]).output().unwrap().stdout;
        assert_eq!(String::from_utf8(links).unwrap().lines().count(), 1, "only lo is left");
        let tables = Command::new("nft").args(["list", "tables"]).output().unwrap().stdout;
        assert_eq!(String::from_utf8(tables).unwrap(), "");
        let groups = sys::cgroup::Layout::detect().unwrap().paths(&format!("/kanoe-{}", id.trim()));
        assert!(groups.iter().all(|group| !group.exists()), "{groups:?}");
        let home = self.house.folder.path();
        assert_eq!(sys::mount::below(home).unwrap(), Vec::<std::path::PathBuf>::new());
        self.house.assert_no_process();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A failed test must leave nothing either; after `end` there is nothing to find.
        drop(self.run(&["cluster", "delete"]));
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

pub(crate) fn condition(pod: &Pod, kind: &str) -> bool {
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|condition| condition.type_ == kind && condition.status == "True")
}

/// Why the pod's first container waits.
pub(crate) fn waits_for(pod: Option<&Pod>) -> String {
    let waiting = || {
        let status = pod?.status.as_ref()?.container_statuses.as_ref()?.first()?;
        status.state.as_ref()?.waiting.as_ref()?.reason.clone()
    };
    waiting().unwrap_or_default()
}
