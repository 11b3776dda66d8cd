//! What must be true of disks: at one node at a time, at the nodes of their pods in the end, and never
//! taken from a pod that runs.

use machinery::meta;
use serde_json::Value;

use super::{
    Judge,
    facts::{below, has_ended, pods},
};
use crate::{
    app_of,
    disks::{ATTACHMENTS, unique, volumes_of},
    mirror::{Change, Objects},
};

fn volume_of(attachment: &Value) -> &str {
    meta::text(attachment, "/spec/source/persistentVolumeName")
}

fn node_of(attachment: &Value) -> &str {
    meta::text(attachment, "/spec/nodeName")
}

/// The pods of a node that run with a volume.
fn users<'a>(objects: &'a Objects, attachment: &'a Value) -> impl Iterator<Item = &'a Value> {
    pods(objects).filter(move |pod| {
        meta::text(pod, "/spec/nodeName") == node_of(attachment)
            && volumes_of(objects, pod).contains(&volume_of(attachment))
    })
}

impl Judge {
    /// Judges a write of an attachment.
    pub(super) fn see_attachment(&mut self, objects: &Objects, change: &Change<'_>) {
        match (change.old, change.new) {
            (None, Some(new)) => {
                let volume = volume_of(new);
                let mut all = below(objects, ATTACHMENTS).filter(|one| volume_of(one) == volume);
                if let Some(other) = all.find(|one| node_of(one) != node_of(new)) {
                    let (here, there) = (node_of(new), node_of(other));
                    self.wrong("", format!("{volume} is given to {here}, and {there} has it"));
                }
            }
            (Some(old), Some(new)) if !meta::is_deleting(old) && meta::is_deleting(new) => {
                let node = objects.get(&format!("/registry/core/nodes/{}", node_of(new)));
                let runs = |pod: &&Value| meta::text(pod, "/status/phase") == "Running";
                let user = users(objects, new).find(runs).filter(|_| node.is_some());
                if let Some(pod) = user {
                    let name = meta::name(pod).to_owned();
                    let words = format!("{} is taken from {name}, which runs", volume_of(new));
                    self.wrong(app_of(&name), words);
                }
            }
            _ => {}
        }
    }
}

/// What is wrong with an attachment in the end.
pub(super) fn attachment(objects: &Objects, object: &Value) -> Option<String> {
    if meta::is_deleting(object) {
        return Some("is still going".into());
    }
    if object["status"]["attached"] != true {
        return Some("is not attached".into());
    }
    let wanted = users(objects, object).any(|pod| !has_ended(pod));
    (!wanted).then(|| format!("nobody needs it at {}", node_of(object)))
}

/// What is wrong with a node in the end: it shows what is attached, no more and no less.
pub(super) fn node(objects: &Objects, object: &Value) -> Option<String> {
    let here = below(objects, ATTACHMENTS).filter(|one| node_of(one) == meta::name(object));
    let mut has: Vec<String> = here.map(|one| unique(volume_of(one))).collect();
    has.sort();
    let shown = meta::items(object, "/status/volumesAttached").iter();
    let mut shown: Vec<&str> = shown.map(|one| meta::text(one, "/name")).collect();
    shown.sort_unstable();
    (has != shown).then(|| format!("shows {shown:?}, and has {has:?}"))
}

/// What is wrong with a claim in the end; nobody needs one that waits for its first pod.
pub(super) fn claim(objects: &Objects, object: &Value) -> Option<String> {
    if meta::is_deleting(object) {
        return Some("is still going".into());
    }
    let name = meta::name(object);
    let named = |one: &Value| meta::text(one, "/persistentVolumeClaim/claimName") == name;
    let used = pods(objects).any(|pod| meta::items(pod, "/spec/volumes").iter().any(named));
    let phase = meta::text(object, "/status/phase");
    (used && phase != "Bound").then(|| format!("is {phase}"))
}
