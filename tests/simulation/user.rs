//! Users: what they make, change and delete, and what else befalls a cluster.

use std::{sync::Arc, time::Duration};

use client::Client;
use machinery::meta;
use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::{Value, json};

use crate::{
    app_of, disks,
    kubelet::{Nodes, ask},
    mirror::Mirror,
};

/// A kind of workload, and the names that its applications have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    ReplicaSet,
}

impl Kind {
    const ALL: [Self; 6] = [
        Self::Deployment,
        Self::StatefulSet,
        Self::DaemonSet,
        Self::Job,
        Self::CronJob,
        Self::ReplicaSet,
    ];

    pub(crate) fn collection(self) -> (&'static str, &'static str) {
        match self {
            Self::Deployment => ("apps", "deployments"),
            Self::StatefulSet => ("apps", "statefulsets"),
            Self::DaemonSet => ("apps", "daemonsets"),
            Self::ReplicaSet => ("apps", "replicasets"),
            Self::Job => ("batch", "jobs"),
            Self::CronJob => ("batch", "cronjobs"),
        }
    }

    fn apps(self) -> &'static [&'static str] {
        match self {
            Self::Deployment => &["d0", "d1"],
            Self::StatefulSet => &["s0", "s1"],
            Self::DaemonSet => &["a0"],
            Self::Job => &["j0", "j1", "j2"],
            Self::CronJob => &["c0"],
            Self::ReplicaSet => &["r0"],
        }
    }
}

/// The path of a collection in the namespace of the simulation.
pub(crate) fn path(group: &str, plural: &str) -> String {
    if group == "core" {
        return format!("/api/v1/namespaces/sim/{plural}");
    }
    format!("/apis/{group}/v1/namespaces/sim/{plural}")
}

/// The class of pods that others make room for.
const URGENT: &str = "urgent";

/// Those who use the cluster.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) client: Client,
    pub(crate) mirror: Arc<Mirror>,
    pub(crate) nodes: Nodes,
    pub(crate) random: StdRng,
}

impl User {
    /// Asks for something, and notes what came of it.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &Value) -> u16 {
        let name = path.rsplit('/').find(|part| !matches!(*part, "eviction" | "status"));
        let named = if method == "POST" { meta::name(body) } else { name.unwrap_or_default() };
        let app = if path.contains("/sim/") { app_of(named) } else { "" };
        let short = path.trim_start_matches("/apis/").trim_start_matches("/api/v1/");
        self.mirror.note(app, format!("-> user {method} {short} {body}"));
        let (code, answer) = ask(&self.client, method, path, body).await;
        if code >= 400 {
            self.mirror.note(app, format!("   is refused: {}", meta::text(&answer, "/message")));
        }
        code
    }

    /// Makes what all of a history takes place in.
    pub(crate) async fn prepare(&self) {
        let namespace = json!({"metadata": {"name": crate::NAMESPACE}});
        self.ask("POST", "/api/v1/namespaces", &namespace).await;
        let class = json!({"metadata": {"name": URGENT}, "value": 1000});
        self.ask("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", &class).await;
        for class in disks::classes() {
            self.ask("POST", "/apis/storage.k8s.io/v1/storageclasses", &class).await;
        }
    }

    fn chance(&mut self, of_hundred: u32) -> bool {
        self.random.random_range(0..100) < of_hundred
    }

    fn number(&mut self, least: i64, most: i64) -> i64 {
        self.random.random_range(least..=most)
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        all.choose(&mut self.random).cloned()
    }

    /// Does something to some application.
    pub(crate) async fn act(&mut self) {
        let kinds = Kind::ALL;
        let kind = kinds[self.random.random_range(0..kinds.len())];
        let apps = kind.apps();
        let app = apps[self.random.random_range(0..apps.len())];
        match self.object(kind, app) {
            None => self.make(kind, app).await,
            Some(object) if self.chance(60) => self.change(kind, app, &object).await,
            Some(_) if self.chance(30) => self.delete(kind, app).await,
            Some(_) => self.disturb(app).await,
        }
    }

    pub(crate) fn object(&self, kind: Kind, app: &str) -> Option<Value> {
        let (group, plural) = kind.collection();
        let key = format!("/registry/{group}/{plural}/sim/{app}");
        self.mirror.state().objects.get(&key).cloned()
    }

    fn template(&mut self, app: &str) -> Value {
        let grace = self.one_of(&[0, 1, 5, 30]);
        let image = format!("app:{}", self.number(1, 3));
        let urgent = self.chance(15);
        let cpu = if urgent { "1500m" } else { "300m" };
        let mut template = json!({
            "metadata": {"labels": {"app": app}},
            "spec": {
                "terminationGracePeriodSeconds": grace,
                "containers": [{"name": "c", "image": image,
                    "resources": {"requests": {"cpu": cpu}}}],
            },
        });
        if urgent {
            template["spec"]["priorityClassName"] = URGENT.into();
        }
        template
    }

    async fn make(&mut self, kind: Kind, app: &str) {
        let (group, plural) = kind.collection();
        let spec = match kind {
            Kind::Deployment => self.deployment(app),
            Kind::StatefulSet => self.stateful_set(app),
            Kind::DaemonSet => self.daemon_set(app),
            Kind::Job => self.job(app),
            Kind::CronJob => self.cron_job(app),
            Kind::ReplicaSet => json!({
                "replicas": self.number(0, 4), "selector": {"matchLabels": {"app": app}},
                "template": self.template(app),
            }),
        };
        let object = json!({"metadata": {"name": app}, "spec": spec});
        self.ask("POST", &path(group, plural), &object).await;
        if self.chance(30) && !matches!(kind, Kind::Job | Kind::CronJob) {
            let budget = json!({"metadata": {"name": app}, "spec": {
                "minAvailable": self.number(0, 3), "selector": {"matchLabels": {"app": app}}}});
            self.ask("POST", &path("policy", "poddisruptionbudgets"), &budget).await;
        }
        if self.chance(30) {
            let service = json!({"metadata": {"name": format!("{app}-svc")}, "spec": {
                "selector": {"app": app}, "ports": [{"port": 80}]}});
            self.ask("POST", &path("core", "services"), &service).await;
        }
    }

    fn strategy(&mut self) -> Value {
        if self.chance(15) {
            return json!({"type": "Recreate", "rollingUpdate": null});
        }
        let (surge, unavailable) = match self.number(0, 4) {
            0 => (json!(0), json!(1)),
            1 => (json!(1), json!(0)),
            2 => (json!("50%"), json!("25%")),
            3 => (json!(2), json!(2)),
            _ => (json!("25%"), json!("25%")),
        };
        json!({"type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}})
    }

    fn deployment(&mut self, app: &str) -> Value {
        json!({
            "replicas": self.number(0, 6), "selector": {"matchLabels": {"app": app}},
            "template": self.template(app), "strategy": self.strategy(),
            "minReadySeconds": self.one_of(&[0, 0, 5]),
            "revisionHistoryLimit": self.number(0, 3),
            "progressDeadlineSeconds": self.one_of(&[30, 600]),
        })
    }

    fn stateful_set(&mut self, app: &str) -> Value {
        let mut set = json!({
            "replicas": self.number(0, 4), "selector": {"matchLabels": {"app": app}},
            "serviceName": app, "template": self.template(app),
            "podManagementPolicy": self.one_of(&["OrderedReady", "OrderedReady", "Parallel"]),
            "minReadySeconds": self.one_of(&[0, 0, 5]),
            "revisionHistoryLimit": self.number(1, 3),
            "ordinals": {"start": self.one_of(&[0, 0, 2])},
        });
        if self.chance(60) {
            let class = self.one_of(&["early", "late"]).unwrap_or_default();
            let mode = self.one_of(&["ReadWriteOnce", "ReadWriteOncePod"]).unwrap_or_default();
            set["volumeClaimTemplates"] = disks::template(app, class, mode);
            set["persistentVolumeClaimRetentionPolicy"] = json!({
                "whenDeleted": self.one_of(&["Retain", "Delete"]),
                "whenScaled": self.one_of(&["Retain", "Delete"]),
            });
        }
        set
    }

    fn daemon_set(&mut self, app: &str) -> Value {
        let update = match self.number(0, 3) {
            0 => json!({"type": "OnDelete"}),
            1 => json!({"type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}),
            _ => json!({"type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": self.number(1, 2)}}),
        };
        json!({
            "selector": {"matchLabels": {"app": app}}, "template": self.template(app),
            "updateStrategy": update, "minReadySeconds": self.one_of(&[0, 0, 5]),
            "revisionHistoryLimit": self.number(1, 3),
        })
    }

    fn job(&mut self, app: &str) -> Value {
        let mut template = self.template(app);
        template["spec"]["restartPolicy"] = "Never".into();
        let completions = self.number(1, 5);
        let mut job = json!({
            "template": template, "parallelism": self.number(0, 4), "completions": completions,
            "backoffLimit": self.number(0, 6), "suspend": self.chance(15),
        });
        match self.number(0, 6) {
            0 | 1 => job["completionMode"] = "Indexed".into(),
            2 => {
                job["completionMode"] = "Indexed".into();
                job["backoffLimitPerIndex"] = self.number(0, 2).into();
                job.as_object_mut().map(|job| job.remove("backoffLimit"));
            }
            3 => job["completions"] = Value::Null,
            _ => {}
        }
        if self.chance(15) {
            job["activeDeadlineSeconds"] = self.number(5, 90).into();
        }
        if self.chance(20) {
            job["ttlSecondsAfterFinished"] = self.number(0, 60).into();
        }
        if self.chance(20) {
            job["podReplacementPolicy"] = "Failed".into();
        }
        job
    }

    fn cron_job(&mut self, app: &str) -> Value {
        let mut job = self.job(app);
        job["suspend"] = Value::Null;
        job["parallelism"] = self.number(1, 3).into();
        json!({
            "schedule": self.one_of(&["* * * * *", "*/2 * * * *", "*/5 * * * *"]),
            "concurrencyPolicy": self.one_of(&["Allow", "Forbid", "Replace"]),
            "successfulJobsHistoryLimit": self.number(0, 2),
            "failedJobsHistoryLimit": self.number(0, 2),
            "jobTemplate": {"spec": job},
        })
    }

    async fn change(&mut self, kind: Kind, app: &str, object: &Value) {
        let (group, plural) = kind.collection();
        let image = format!("app:{}", self.number(1, 4));
        let image = json!({"template": {"spec": {"containers": [{"name": "c", "image": image}]}}});
        let spec = match (kind, self.number(0, 5)) {
            (Kind::Deployment, 0) => {
                json!({"paused": object["spec"]["paused"] != true})
            }
            (Kind::Deployment, 1) => json!({"strategy": self.strategy()}),
            (Kind::Deployment, 2 | 3) => json!({"replicas": self.number(0, 6)}),
            (Kind::StatefulSet, 0 | 1) => json!({"replicas": self.number(0, 4)}),
            (Kind::StatefulSet, 2) => json!({"updateStrategy": {"type": "RollingUpdate",
                "rollingUpdate": {"partition": self.number(0, 2)}}}),
            (Kind::ReplicaSet, _) => json!({"replicas": self.number(0, 5)}),
            (Kind::Job, 0 | 1) | (Kind::CronJob, 0..=2) => {
                json!({"suspend": object["spec"]["suspend"] != true})
            }
            (Kind::Job, 2 | 3) => json!({"parallelism": self.number(0, 4)}),
            (Kind::Job, _) => return self.disturb(app).await,
            (Kind::CronJob, _) => json!({"concurrencyPolicy":
                self.one_of(&["Allow", "Forbid", "Replace"])}),
            _ => image,
        };
        let place = format!("{}/{app}", path(group, plural));
        self.ask("PATCH", &place, &json!({"spec": spec})).await;
    }

    async fn delete(&mut self, kind: Kind, app: &str) {
        let (group, plural) = kind.collection();
        let policy = self.one_of(&["Background", "Background", "Foreground", "Orphan"]);
        let body = json!({"propagationPolicy": policy});
        self.ask("DELETE", &format!("{}/{app}", path(group, plural)), &body).await;
    }

    /// Lays hands on a pod, a budget or a ReplicaSet of an application.
    async fn disturb(&mut self, app: &str) {
        let pods: Vec<String> = {
            let state = self.mirror.state();
            let keys = state.objects.keys();
            let ours = keys.filter_map(|key| key.strip_prefix("/registry/core/pods/sim/"));
            ours.filter(|name| app_of(name) == app).map(str::to_owned).collect()
        };
        let Some(pod) = self.one_of(&pods) else { return };
        let place = format!("{}/{pod}", path("core", "pods"));
        match self.number(0, 9) {
            0..=2 => {
                self.ask("DELETE", &place, &json!({})).await;
            }
            3 => {
                let body = json!({"gracePeriodSeconds": 0});
                self.ask("DELETE", &place, &body).await;
            }
            4 if app.starts_with(['d', 'r']) => {
                let label = self.one_of(&[json!(app), Value::Null, json!("stray")]);
                let body = json!({"metadata": {"labels": {"app": label}}});
                self.ask("PATCH", &place, &body).await;
            }
            5 => {
                let least = self.number(0, 3);
                let budgets = path("policy", "poddisruptionbudgets");
                let body = json!({"spec": {"minAvailable": least}});
                self.ask("PATCH", &format!("{budgets}/{app}"), &body).await;
            }
            _ => {
                let all = if self.chance(50) { pods } else { vec![pod] };
                for pod in all {
                    let body = json!({"apiVersion": "policy/v1", "kind": "Eviction",
                        "metadata": {"name": pod}});
                    let place = format!("{}/{pod}/eviction", path("core", "pods"));
                    self.ask("POST", &place, &body).await;
                }
            }
        }
    }

    /// Something happens to the nodes, or to what the namespace may have.
    pub(crate) async fn happen(&mut self) {
        let names = self.nodes.names().to_vec();
        let Some(name) = self.one_of(&names) else { return };
        self.mirror.state().judge.harm("");
        match self.number(0, 6) {
            0 | 1 => {
                let down = self.nodes.down();
                if let Some(name) = self.one_of(&down) {
                    self.nodes.regain(&name).await;
                } else {
                    self.nodes.lose(&name);
                }
            }
            2 => {
                let closed = self.chance(50);
                self.change_node(&name, &json!({"unschedulable": closed})).await;
            }
            3 => {
                let effect = self.one_of(&["NoSchedule", "NoExecute"]);
                let taint = json!([{"key": "sim", "value": "x", "effect": effect}]);
                let taints = if self.chance(50) { taint } else { json!([]) };
                self.taint(&name, &taints).await;
            }
            4 => {
                let quota = json!({"metadata": {"name": "quota"},
                    "spec": {"hard": {"pods": self.number(2, 12).to_string()}}});
                self.ask("POST", &path("core", "resourcequotas"), &quota).await;
            }
            5 => {
                let place = format!("{}/quota", path("core", "resourcequotas"));
                self.ask("DELETE", &place, &json!({})).await;
            }
            _ => {
                // A machine that is taken away; it may come back under its name.
                self.nodes.lose(&name);
                self.ask("DELETE", &format!("/api/v1/nodes/{name}"), &json!({})).await;
            }
        }
    }

    async fn change_node(&self, name: &str, spec: &Value) {
        self.ask("PATCH", &format!("/api/v1/nodes/{name}"), &json!({"spec": spec})).await;
    }

    /// Sets the user's own taints of a node, beside those of the node's controllers.
    async fn taint(&self, name: &str, taints: &Value) {
        let node =
            self.mirror.state().objects.get(&format!("/registry/core/nodes/{name}")).cloned();
        let Some(node) = node else { return };
        let others = meta::items(&node, "/spec/taints").iter();
        let others = others.filter(|taint| meta::text(taint, "/key") != "sim");
        let taints = taints.as_array().into_iter().flatten();
        let all: Vec<&Value> = others.chain(taints).collect();
        self.change_node(name, &json!({"taints": all})).await;
    }

    /// Takes back what keeps the cluster from what is wanted of it.
    pub(crate) async fn make_peace(&mut self) {
        let names = self.nodes.names().to_vec();
        for name in names {
            self.nodes.regain(&name).await;
            self.nodes.grow(&name).await;
            self.taint(&name, &json!([])).await;
            self.change_node(&name, &json!({"unschedulable": false})).await;
        }
        self.mirror.state().judge.harm("");
        let quota = format!("{}/quota", path("core", "resourcequotas"));
        if self.chance(50) {
            let body = json!({"spec": {"hard": {"pods": "1000"}}});
            self.ask("PATCH", &quota, &body).await;
        } else {
            self.ask("DELETE", &quota, &json!({})).await;
        }
        for app in Kind::CronJob.apps() {
            if self.object(Kind::CronJob, app).is_some() {
                let place = format!("{}/{app}", path("batch", "cronjobs"));
                self.ask("PATCH", &place, &json!({"spec": {"suspend": true}})).await;
            }
        }
    }

    /// Deletes all that users made, and then what they left without an owner.
    pub(crate) async fn clear(&mut self) {
        for kind in Kind::ALL {
            for app in kind.apps() {
                if self.object(kind, app).is_some() {
                    let (group, plural) = kind.collection();
                    let policy = self.one_of(&["Background", "Foreground"]);
                    let body = json!({"propagationPolicy": policy});
                    self.ask("DELETE", &format!("{}/{app}", path(group, plural)), &body).await;
                }
            }
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
        for (group, plural) in [
            ("apps", "replicasets"),
            ("batch", "jobs"),
            ("core", "pods"),
            ("apps", "controllerrevisions"),
            ("core", "services"),
            ("policy", "poddisruptionbudgets"),
            ("core", "persistentvolumeclaims"),
        ] {
            let prefix = format!("/registry/{group}/{plural}/sim/");
            let names: Vec<String> = {
                let state = self.mirror.state();
                let below = state.objects.range(prefix.clone()..);
                let ours = below.take_while(|(key, _)| key.starts_with(&prefix));
                let free = ours.filter(|(_, object)| meta::controller_of(object).is_none());
                free.map(|(_, object)| meta::name(object).to_owned()).collect()
            };
            for name in names {
                let body = json!({"propagationPolicy": "Background"});
                self.ask("DELETE", &format!("{}/{name}", path(group, plural)), &body).await;
            }
        }
    }
}
