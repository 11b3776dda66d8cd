//! What is told of an object: its state, whose it is, and the causes below it, down to the last words of
//! a container. Pure: all facts are gathered before.

use std::collections::HashMap;

use jiff::Timestamp;
use machinery::meta;
use serde_json::Value;

use super::links;
use crate::{
    describe::{age_of, probe_text},
    family::Family,
    health::{
        self, Health, Light,
        pod::{Weight, causes},
    },
    resolve::Info,
    terminal::{Tint, harmless},
    text::Add as _,
    verbs::events::last_time,
};

/// All that is known.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) family: Family,
    /// Of the namespace.
    pub(super) events: Vec<Value>,
    /// By uid of the pod and name of the container.
    pub(super) last_words: HashMap<(String, String), Vec<String>>,
    pub(super) now: Timestamp,
}

/// One line of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) level: usize,
    pub(super) tint: Option<Tint>,
    pub(super) text: String,
}

/// Pods that an object owns or stands for, however far below; itself if it is one.
pub(super) fn pods_below<'f>(info: &'f Info, family: &'f Family) -> Vec<&'f Info> {
    let mut found = Vec::new();
    let mut open = vec![info];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(one) = open.pop() {
        let uid = meta::uid(&one.object);
        if seen.contains(&uid) {
            continue;
        }
        seen.push(uid);
        if one.place.resource.kind == "Pod" && one.place.resource.group.is_empty() {
            found.push(one);
        } else {
            open.extend(family.children(one));
            open.extend(links::of(one, family).others);
        }
    }
    found
}

/// The whole story.
pub(super) fn tell(info: &Info, facts: &Facts) -> Vec<Line> {
    let health = health::of(&info.object);
    let mut story = Story { facts, lines: Vec::new(), seen: Vec::new() };
    let (tint, verdict) = verdict(info, &health, &facts.family);
    story.line(0, tint, verdict);
    story.owners(info);
    let before = story.lines.len();
    story.causes(info, 0);
    if story.lines.len() == before && !health.light.is_well() {
        story.line(0, None, "Nothing that was found tells more.".to_owned());
    }
    if health.light.is_well() {
        story.lately(info);
    }
    story.lines
}

fn title(info: &Info) -> String {
    format!("{} {}", info.place.resource.kind, info.name)
}

/// `0/2 ready, CrashLoopBackOff`.
fn brief(info: &Info, health: &Health) -> String {
    let counted = if info.place.resource.kind == "Job" { "done" } else { "ready" };
    let ready = match health.ready.as_str() {
        "-" | "True" | "False" | "Unknown" => String::new(),
        ready => format!("{ready} {counted}"),
    };
    match (ready.as_str(), health.word.as_str()) {
        ("", "") => "not ready".to_owned(),
        ("", word) => word.to_owned(),
        (ready, "") => ready.to_owned(),
        (ready, word) => format!("{ready}, {word}"),
    }
}

fn verdict(info: &Info, health: &Health, family: &Family) -> (Option<Tint>, String) {
    let (title, brief) = (title(info), brief(info, health));
    let text = match health.light {
        Light::Good if health.word.is_empty() && !health.ready.contains('/') => {
            format!("{title} is well.")
        }
        Light::Good => format!("{title} is well: {brief}."),
        Light::Done => format!("{title} has done its work: {brief}."),
        Light::Busy => format!("{title} is not ready: {brief}."),
        Light::Bad => format!("{title} is in trouble: {brief}."),
        Light::Plain => return leads(info, family),
    };
    (health.light.tint(), text)
}

/// Of an object without a state of its own: how what it leads to is.
fn leads(info: &Info, family: &Family) -> (Option<Tint>, String) {
    let title = title(info);
    let links = links::of(info, family);
    if links.others.is_empty() && links.missing.is_empty() {
        let text = format!("{title} is there, and has no state that could be good or bad.");
        return (None, text);
    }
    let well = links.others.iter().filter(|other| links::is_well(other, family)).count();
    let all = links.others.len();
    let tint = match well {
        _ if links::is_well(info, family) => Tint::Good,
        0 => Tint::Bad,
        _ => Tint::Busy,
    };
    let kind = links.others.first().map_or("nothing", |other| &other.place.resource.kind);
    let text = match all {
        0 => format!("{title} leads to nothing."),
        1 if well == 1 => format!("{title} leads to 1 {kind}, which is well."),
        1 => format!("{title} leads to 1 {kind}, which is not well."),
        _ => format!("{title} leads to {all} {kind}s, {well} of them well."),
    };
    (Some(tint), text)
}

struct Story<'f> {
    facts: &'f Facts,
    lines: Vec<Line>,
    seen: Vec<String>,
}

impl Story<'_> {
    fn line(&mut self, level: usize, tint: Option<Tint>, text: String) {
        self.lines.push(Line { level, tint, text });
    }

    fn owners(&mut self, info: &Info) {
        let owners = self.facts.family.ancestors(info);
        let mut text = String::new();
        for owner in &owners {
            let join = if text.is_empty() { "It belongs to " } else { ", which belongs to " };
            text.push_str(join);
            text.add(format_args!(
                "{} ({})",
                title(owner),
                brief(owner, &health::of(&owner.object))
            ));
        }
        if !text.is_empty() {
            text.push('.');
            self.line(0, None, text);
        }
    }

    /// Everything about one object that is not as it should be, then the same of what is below it.
    fn causes(&mut self, info: &Info, level: usize) {
        self.seen.push(meta::uid(&info.object).to_owned());
        self.going(info, level);
        let is_pod = info.place.resource.kind == "Pod" && info.place.resource.group.is_empty();
        let mut said = if is_pod { self.pod(info, level) } else { self.wishes(info, level) };
        self.conditions(info, level, is_pod, &mut said);
        self.warnings(info, level, &said);
        let links = links::of(info, &self.facts.family);
        for sentence in links.missing {
            self.line(level, Some(Tint::Bad), sentence);
        }
        for sentence in links.notes {
            self.line(level, None, sentence);
        }
        let mut below = self.facts.family.children(info);
        below.extend(links.others);
        self.below(below, level);
    }

    /// It is on its way out, and what holds it.
    fn going(&mut self, info: &Info, level: usize) {
        let since = meta::text(&info.object, "/metadata/deletionTimestamp");
        if since.is_empty() {
            return;
        }
        let age = machinery::age::since(since, self.facts.now);
        let holders: Vec<&str> = meta::finalizers(&info.object).collect();
        let waits = match holders.as_slice() {
            [] => String::new(),
            some => format!(" and waits for those who hold it: {}", some.join(", ")),
        };
        let text = format!("It is to be deleted (since {age}){waits}.");
        self.line(level, Some(Tint::Busy), text);
    }

    /// Wishes of its owner that explain a state: nothing is wanted, or nothing yet.
    fn wishes(&mut self, info: &Info, level: usize) -> Vec<String> {
        let spec = &info.object["spec"];
        if spec["replicas"] == 0 {
            self.line(level, None, "It is asked for no replicas.".to_owned());
        }
        if spec["paused"] == true {
            self.line(level, Some(Tint::Busy), "It is paused: its changes wait.".to_owned());
        }
        if spec["suspend"] == true {
            self.line(level, Some(Tint::Busy), "It is suspended.".to_owned());
        }
        if spec["unschedulable"] == true {
            self.line(level, Some(Tint::Busy), "It is closed for new pods.".to_owned());
        }
        Vec::new()
    }

    /// A pod's causes with its containers' probes and last words; answers with what was said.
    fn pod(&mut self, info: &Info, level: usize) -> Vec<String> {
        let mut said = Vec::new();
        for cause in causes(&info.object) {
            let tint = if cause.weight == Weight::Waiting { Tint::Busy } else { Tint::Bad };
            let sentence = format!("Because {}.", cause.sentence().trim_end_matches('.'));
            self.line(level, Some(tint), sentence);
            if cause.reason == "NotReady" || cause.reason == "CrashLoopBackOff" {
                self.probes(info, &cause.container, level + 1);
            }
            self.last_words(info, &cause.container, level + 1);
            said.push(cause.message);
        }
        said
    }

    fn probes(&mut self, info: &Info, container: &str, level: usize) {
        let specs = meta::items(&info.object, "/spec/containers");
        let Some(spec) = specs.iter().find(|spec| spec["name"] == container) else { return };
        for (field, name) in [
            ("readinessProbe", "readiness"),
            ("livenessProbe", "liveness"),
            ("startupProbe", "startup"),
        ] {
            if spec[field].is_object() {
                let text = format!("its {name} probe: {}", probe_text(&spec[field]));
                self.line(level, None, text);
            }
        }
    }

    fn last_words(&mut self, info: &Info, container: &str, level: usize) {
        let key = (meta::uid(&info.object).to_owned(), container.to_owned());
        let lines = self.facts.last_words.get(&key).cloned().unwrap_or_default();
        if lines.is_empty() {
            return;
        }
        self.line(level, None, "its last words:".to_owned());
        for line in lines {
            self.line(level + 1, Some(Tint::Faint), line);
        }
    }

    fn conditions(&mut self, info: &Info, level: usize, is_pod: bool, said: &mut Vec<String>) {
        // Of a pod these only repeat what its containers and the scheduler say.
        const REPEATED: [&str; 5] = [
            "Ready",
            "ContainersReady",
            "PodScheduled",
            "Initialized",
            "PodReadyToStartContainers",
        ];
        for one in meta::items(&info.object, "/status/conditions") {
            let kind = meta::text(one, "/type");
            if !health::is_unwanted(one) || is_pod && REPEATED.contains(&kind) {
                continue;
            }
            let status = meta::text(one, "/status");
            let (reason, message) = (meta::text(one, "/reason"), meta::text(one, "/message"));
            let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
            let told = harmless(message.trim().trim_end_matches('.'));
            let told = if told.is_empty() { told } else { format!(": {told}") };
            let text = format!("{kind} is {status}{reason}{told}.");
            self.line(level, Some(Tint::Busy), text);
            said.push(message.to_owned());
        }
    }

    /// The last warnings about an object that say something new.
    fn warnings(&mut self, info: &Info, level: usize, said: &[String]) {
        const MOST: usize = 3;
        let events = self.events(info);
        let new = events.into_iter().filter(|event| event["type"] == "Warning").filter(|event| {
            let message = meta::text(event, "/message");
            let same = |known: &String| known.contains(message) || message.contains(known.as_str());
            !said.iter().any(|known| !known.is_empty() && same(known))
        });
        let mut last: Vec<Value> = new.cloned().collect();
        let skipped = last.len().saturating_sub(MOST);
        for event in last.drain(skipped..) {
            let text = format!("event: {}", self.event_text(&event));
            self.line(level, Some(Tint::Busy), text);
        }
    }

    /// What happened to an object that is well.
    fn lately(&mut self, info: &Info) {
        const MOST: usize = 5;
        let events: Vec<String> =
            self.events(info).into_iter().map(|event| self.event_text(event)).collect();
        let skipped = events.len().saturating_sub(MOST);
        for text in events.into_iter().skip(skipped) {
            self.line(0, Some(Tint::Faint), format!("event: {text}"));
        }
    }

    /// The events about an object, oldest first.
    fn events(&self, info: &Info) -> Vec<&Value> {
        let uid = meta::uid(&info.object);
        let kind = info.place.resource.kind.as_str();
        let about = |event: &&Value| {
            let whom = &event["involvedObject"];
            // Events about nodes bear the node's name for its uid.
            whom["uid"] == uid
                || kind == "Node" && whom["kind"] == "Node" && whom["name"] == *info.name
        };
        let mut found: Vec<&Value> = self.facts.events.iter().filter(about).collect();
        found.sort_by_key(|event| last_time(event).to_owned());
        found
    }

    fn event_text(&self, event: &Value) -> String {
        let message = meta::text(event, "/message");
        let message = harmless(&message.split_whitespace().collect::<Vec<_>>().join(" "));
        let age = age_of(event, self.facts.now);
        format!("{} {age} ago: {message}", meta::text(event, "/reason"))
    }

    /// What is below and not well; of many pods with the same causes one speaks for all.
    fn below(&mut self, others: Vec<&Info>, level: usize) {
        let mut spoken: Vec<(String, usize, usize)> = Vec::new();
        for other in others {
            let health = health::of(&other.object);
            let uid = meta::uid(&other.object).to_owned();
            if links::is_well(other, &self.facts.family) || self.seen.contains(&uid) {
                continue;
            }
            let same = alike(other, &health);
            if let Some((_, _, more)) = spoken.iter_mut().find(|(known, ..)| *known == same) {
                *more += 1;
                continue;
            }
            let (tint, text) = match health.light {
                Light::Plain => leads(other, &self.facts.family),
                light => (light.tint(), format!("{}: {}", title(other), brief(other, &health))),
            };
            self.line(level, tint, text);
            self.causes(other, level + 1);
            spoken.push((same, self.lines.len(), 0));
        }
        for (_, at, more) in spoken.into_iter().rev().filter(|(_, _, more)| *more > 0) {
            let text = format!("and {more} more like it");
            self.lines.insert(at, Line { level: level + 1, tint: None, text });
        }
    }
}

/// What makes two pods the same story; other objects have each their own.
fn alike(info: &Info, health: &Health) -> String {
    let causes = causes(&info.object);
    if info.place.resource.kind != "Pod" || causes.is_empty() {
        return meta::uid(&info.object).to_owned();
    }
    let reasons: Vec<String> =
        causes.into_iter().map(|cause| format!("{}/{}", cause.container, cause.reason)).collect();
    format!("{} {}", health.ready, reasons.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::family::tests::member;

    fn facts(members: Vec<Info>, events: Vec<Value>) -> Facts {
        let mut family = Family::default();
        for member in members {
            family.add(member);
        }
        let now = "2026-01-01T00:01:00Z".parse().unwrap();
        Facts { family, events, last_words: HashMap::new(), now }
    }

    fn told(name: &str, facts: &Facts) -> String {
        let info = facts.family.member(&format!("uid-{name}")).unwrap();
        let lines = tell(info, facts);
        let text = lines.iter().map(|line| format!("{}{}\n", "  ".repeat(line.level), line.text));
        text.collect()
    }

    fn crashing(name: &str) -> Info {
        let status = json!({"phase": "Running", "containerStatuses": [{"name": "c", "ready": false,
            "restartCount": 2, "lastState": {"terminated": {"exitCode": 1}},
            "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]});
        let pod =
            json!({"owner": "web-1", "spec": {"containers": [{"name": "c"}]}, "status": status});
        member("v1", "Pod", name, &pod)
    }

    #[test]
    fn a_deployment_s_trouble_is_followed_down_to_the_last_words() {
        let short = json!({"spec": {"replicas": 2}, "status": {"conditions": [
            {"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable",
             "message": "Deployment does not have minimum availability."}]}});
        let set = json!({"owner": "web", "spec": {"replicas": 2}});
        let members = vec![
            member("apps/v1", "Deployment", "web", &short),
            member("apps/v1", "ReplicaSet", "web-1", &set),
            crashing("web-1-a"),
            crashing("web-1-b"),
        ];
        let mut facts = facts(members, Vec::new());
        facts
            .last_words
            .insert(("uid-web-1-a".to_owned(), "c".to_owned()), vec!["no config".to_owned()]);
        let want = "Deployment web is not ready: 0/2 ready.\n\
            Available is False (MinimumReplicasUnavailable): Deployment does not have minimum availability.\n\
            ReplicaSet web-1: 0/2 ready\n\
            \u{20} Pod web-1-a: 0/1 ready, CrashLoopBackOff\n\
            \u{20}   Because container c ends again and again and waits before its next start (CrashLoopBackOff): exit code 1, 2 restarts.\n\
            \u{20}     its last words:\n\
            \u{20}       no config\n\
            \u{20}   and 1 more like it\n";
        assert_eq!(told("web", &facts), want);
        let pod = told("web-1-a", &facts);
        assert!(pod.contains("It belongs to ReplicaSet web-1 (0/2 ready), which belongs to Deployment web (0/2 ready)."), "{pod}");
    }

    #[test]
    fn the_scheduler_and_events_are_heard() {
        let status = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "message": "0/1 nodes are available."}]});
        let spec = json!({"containers": [{"name": "c"}], "volumes": [
            {"persistentVolumeClaim": {"claimName": "data"}}, {"persistentVolumeClaim": {"claimName": "none"}}]});
        let event = |kind: &str, reason: &str, message: &str, of: &str| {
            json!({"type": kind, "reason": reason, "message": message, "firstTimestamp": "2026-01-01T00:00:00Z",
                "involvedObject": {"uid": of}})
        };
        let facts = facts(
            vec![
                member("v1", "Pod", "p", &json!({"spec": spec, "status": status})),
                member(
                    "v1",
                    "PersistentVolumeClaim",
                    "data",
                    &json!({"status": {"phase": "Pending"}}),
                ),
            ],
            vec![
                event("Warning", "FailedScheduling", "0/1 nodes are available.", "uid-p"),
                event("Warning", "ProvisioningFailed", "no such class", "uid-data"),
                event("Normal", "Other", "of somebody else", "uid-x"),
            ],
        );
        let want = "Pod p is not ready: 0/1 ready, Unschedulable.\n\
            Because the pod fits on no node (Unschedulable): 0/1 nodes are available.\n\
            It uses the claim none, and there is none.\n\
            PersistentVolumeClaim data: Pending\n\
            \u{20} event: ProvisioningFailed 60s ago: no such class\n";
        assert_eq!(told("p", &facts), want);
    }

    #[test]
    fn a_service_tells_of_its_pods() {
        let service = |selector: Value| {
            member("v1", "Service", "s", &json!({"spec": {"selector": selector}}))
        };
        let none = facts(vec![service(json!({"app": "web"}))], Vec::new());
        let want = "Service s leads to nothing.\nNo pod has the labels that it selects: app=web.\n";
        assert_eq!(told("s", &none), want);
        let mut pod = crashing("p");
        pod.object["metadata"]["labels"] = json!({"app": "web"});
        let backend = json!({"service": {"name": "s"}});
        let ingress = member(
            "networking.k8s.io/v1",
            "Ingress",
            "i",
            &json!({"spec": {"defaultBackend": backend}}),
        );
        let some = facts(vec![service(json!({"app": "web"})), pod, ingress], Vec::new());
        let text = told("s", &some);
        assert!(
            text.starts_with("Service s leads to 1 Pod, which is not well.\nPod p: "),
            "{text}"
        );
        let text = told("i", &some);
        assert!(text.starts_with("Ingress i leads to 1 Service, which is not well.\n"), "{text}");
        assert!(text.contains("exit code 1"), "down to the pod: {text}");
    }

    #[test]
    fn what_is_well_is_said_to_be() {
        let ready = json!({"spec": {"replicas": 1}, "status": {"availableReplicas": 1}});
        let facts = facts(vec![member("apps/v1", "Deployment", "web", &ready)], Vec::new());
        assert_eq!(told("web", &facts), "Deployment web is well: 1/1 ready.\n");
    }
}
