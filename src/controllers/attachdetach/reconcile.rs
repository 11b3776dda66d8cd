//! What the attachments of one node need next. No clock, no I/O: all facts are in [`Observed`].
//!
//! Always: a volume that only one node may have is attached to one at a time · what a node that is well
//! says it has in use stays attached · a volume leaves a node's status before its attachment goes.
//! Source: `k8s.io/kubernetes/pkg/controller/volume/attachdetach/reconciler`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use k8s_openapi::{
    api::{
        core::v1::{AttachedVolume, Node, PersistentVolume, Pod},
        storage::v1::{VolumeAttachment, VolumeAttachmentSource, VolumeAttachmentSpec},
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use tokio::time::Instant;

use super::{
    desired::{Wanted, is_managed, unique_name_of},
    names::{attachment_name, attachment_of, is_made_here},
};
use crate::{pods, remark::Remark};

/// After this an attachment is taken from a node that is not well, whatever the node has in use.
pub(super) const PATIENCE: Duration = Duration::from_mins(6);
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// An attachment of the node that was made here.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) attachment: Arc<VolumeAttachment>,
    /// What nodes call the volume, while it is known.
    pub(super) unique: Option<String>,
}

/// Another node with a volume that only one may have.
#[derive(Debug, Clone)]
pub(super) struct Elsewhere {
    /// The driver has said so.
    pub(super) attached: bool,
    /// The pods there that need it.
    pub(super) pods: Vec<Arc<Pod>>,
}

/// What is remembered of a node between two looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Memory {
    /// Since when attachments have been wanted by nobody.
    unwanted: BTreeMap<String, Instant>,
    /// What was last said of attachments that do not come to be.
    told: BTreeMap<String, String>,
}

/// A node and all that decides over its attachments.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) node_name: &'a str,
    pub(super) node: Option<&'a Node>,
    /// By the names of attachments.
    pub(super) wanted: &'a BTreeMap<String, Wanted>,
    pub(super) held: &'a [Held],
    /// By what nodes call volumes.
    pub(super) elsewhere: &'a BTreeMap<String, Vec<Elsewhere>>,
    pub(super) memory: &'a Memory,
    pub(super) now: Instant,
}

/// An attachment to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attach {
    pub(super) object: VolumeAttachment,
    pub(super) unique: String,
    pub(super) exclusive: bool,
}

/// An attachment that has to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Detach {
    pub(super) name: String,
    pub(super) uid: String,
    /// Whatever the node has in use.
    pub(super) force: bool,
}

/// One event, about a pod.
pub(super) type Said = (Arc<Pod>, Remark);

/// What is to be done, in this order.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) remarks: Vec<Said>,
    /// What the node's status is to say, where it says something else.
    pub(super) attached: Option<Vec<AttachedVolume>>,
    /// What is said once it does.
    pub(super) successes: Vec<Said>,
    pub(super) detach: Vec<Detach>,
    pub(super) attach: Vec<Attach>,
    pub(super) memory: Memory,
    pub(super) look_again: Option<Duration>,
}

/// The attachments of `all` that were made here.
pub(super) fn held(
    all: Vec<Arc<VolumeAttachment>>,
    volume: impl Fn(&str) -> Option<Arc<PersistentVolume>>,
) -> Vec<Held> {
    let ours = all.into_iter().filter_map(|attachment| {
        let spec = &attachment.spec;
        let name = attachment.metadata.name.as_deref()?;
        let Some(volume) = volume(spec.source.persistent_volume_name.as_deref()?) else {
            return is_made_here(name).then_some(Held { attachment, unique: None });
        };
        let source = volume.spec.as_ref()?.csi.as_ref()?;
        let right = attachment_name(&source.driver, &source.volume_handle, &spec.node_name);
        let unique = unique_name_of(&volume);
        (right == name).then_some(Held { attachment, unique })
    });
    ours.collect()
}

/// Tells whether the driver has attached a volume.
pub(super) fn is_attached(attachment: &VolumeAttachment) -> bool {
    attachment.status.as_ref().is_some_and(|status| status.attached)
}

/// Tells whether a node has a volume in use.
pub(super) fn uses(node: &Node, attachment: &str) -> bool {
    let name = node.metadata.name.as_deref().unwrap_or_default();
    let used = node.status.iter().flat_map(|status| status.volumes_in_use.iter().flatten());
    used.into_iter().any(|unique| attachment_of(unique, name).as_deref() == Some(attachment))
}

/// Decides over the attachments of a node.
pub(super) fn reconcile(seen: &Observed<'_>) -> Plan {
    let mut plan = Plan::default();
    if seen.node.is_some_and(|node| !is_managed(node)) {
        return plan;
    }
    for held in seen.held {
        look_at(seen, held, &mut plan);
    }
    let known: BTreeSet<&str> = seen.held.iter().map(|held| name_of(&held.attachment)).collect();
    for (name, wanted) in seen.wanted.iter().filter(|(name, _)| !known.contains(name.as_str())) {
        want(seen, name, wanted, &mut plan);
    }
    show(seen, &mut plan);
    plan
}

fn name_of(attachment: &VolumeAttachment) -> &str {
    attachment.metadata.name.as_deref().unwrap_or_default()
}

/// Lets an attachment go that nobody wants, or says why one does not come to be.
fn look_at(seen: &Observed<'_>, held: &Held, plan: &mut Plan) {
    let attachment = &*held.attachment;
    let name = name_of(attachment);
    if attachment.metadata.deletion_timestamp.is_some() {
        return;
    }
    if let Some(wanted) = seen.wanted.get(name) {
        return say_failure(seen, attachment, wanted, plan);
    }
    let Some(node) = seen.node else { return plan.detach.push(detach(attachment, true)) };
    let since = *seen.memory.unwanted.get(name).unwrap_or(&seen.now);
    let waited = seen.now.duration_since(since);
    let force = is_out_of_service(node) || !is_ready(node) && waited >= PATIENCE;
    if force || !uses(node, name) {
        return plan.detach.push(detach(attachment, force));
    }
    plan.memory.unwanted.insert(name.to_owned(), since);
    if !is_ready(node) {
        let left = PATIENCE.saturating_sub(waited);
        plan.look_again = Some(plan.look_again.map_or(left, |soonest| soonest.min(left)));
    }
}

fn detach(attachment: &VolumeAttachment, force: bool) -> Detach {
    let uid = attachment.metadata.uid.clone().unwrap_or_default();
    Detach { name: name_of(attachment).to_owned(), uid, force }
}

fn say_failure(
    seen: &Observed<'_>,
    attachment: &VolumeAttachment,
    wanted: &Wanted,
    plan: &mut Plan,
) {
    let error = attachment.status.as_ref().and_then(|status| status.attach_error.as_ref());
    let Some(error) = error.filter(|_| !is_attached(attachment)) else { return };
    let why = error.message.as_deref().unwrap_or_default();
    let time = error.time.as_ref().map(|time| time.0.to_string()).unwrap_or_default();
    let words = format!("AttachVolume.Attach failed for volume \"{}\" : {why}", wanted.volume);
    let token = format!("{time} {why}");
    tell(seen, name_of(attachment), token, plan, |plan| {
        let remark = Remark::warning("FailedAttachVolume", words);
        plan.remarks.extend(to_all(&wanted.pods, &remark));
    });
}

fn to_all<'a>(pods: &'a [Arc<Pod>], remark: &'a Remark) -> impl Iterator<Item = Said> + 'a {
    pods.iter().map(|pod| (Arc::clone(pod), remark.clone()))
}

/// Says a thing of an attachment, once until there is another to say.
fn tell(
    seen: &Observed<'_>,
    name: &str,
    token: String,
    plan: &mut Plan,
    say: impl FnOnce(&mut Plan),
) {
    if seen.memory.told.get(name) != Some(&token) {
        say(plan);
    }
    plan.memory.told.insert(name.to_owned(), token);
}

/// Asks for an attachment that there is not, unless another node has the volume.
fn want(seen: &Observed<'_>, name: &str, wanted: &Wanted, plan: &mut Plan) {
    if seen.node.is_none() {
        return;
    }
    let none = Vec::new();
    let others = seen.elsewhere.get(&wanted.unique).filter(|_| wanted.exclusive).unwrap_or(&none);
    if others.is_empty() {
        plan.attach.push(Attach {
            object: attachment(name, seen.node_name, wanted),
            unique: wanted.unique.clone(),
            exclusive: wanted.exclusive,
        });
    } else if others.iter().any(|other| other.attached) {
        let users: Vec<_> = others.iter().flat_map(|other| other.pods.iter().cloned()).collect();
        tell(seen, name, "elsewhere".to_owned(), plan, |plan| {
            plan.remarks.extend(wanted.pods.iter().map(|pod| {
                let words = multi_attach(&wanted.volume, pod, &users);
                (Arc::clone(pod), Remark::warning("FailedAttachVolume", words))
            }));
        });
    } else if let Some(told) = seen.memory.told.get(name) {
        plan.memory.told.insert(name.to_owned(), told.clone());
    }
}

/// Says who has a volume; nobody is told the names of pods of other namespaces.
fn multi_attach(volume: &str, pod: &Pod, users: &[Arc<Pod>]) -> String {
    let near = |user: &&Arc<Pod>| user.metadata.namespace == pod.metadata.namespace;
    let names: Vec<&str> = users.iter().filter(near).map(|user| pods::name(user)).collect();
    let far = users.len() - names.len();
    let words = match (names.as_slice(), far) {
        ([], 0) => "Volume is already exclusively attached to one node and can't be attached to \
                    another"
            .to_owned(),
        ([], far) => format!("Volume is already used by {far} pod(s) in different namespaces"),
        (names, 0) => format!("Volume is already used by pod(s) {}", names.join(", ")),
        (names, far) => format!(
            "Volume is already used by pod(s) {} and {far} pod(s) in different namespaces",
            names.join(", ")
        ),
    };
    format!("Multi-Attach error for volume \"{volume}\" {words}")
}

fn attachment(name: &str, node: &str, wanted: &Wanted) -> VolumeAttachment {
    VolumeAttachment {
        metadata: ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() },
        spec: VolumeAttachmentSpec {
            attacher: wanted.driver.clone(),
            node_name: node.to_owned(),
            source: VolumeAttachmentSource {
                persistent_volume_name: Some(wanted.volume.clone()),
                ..VolumeAttachmentSource::default()
            },
        },
        status: None,
    }
}

/// Has the node's status name what is attached, and tells those who waited for it.
fn show(seen: &Observed<'_>, plan: &mut Plan) {
    let Some(node) = seen.node else { return };
    let shown = node.status.as_ref().and_then(|status| status.volumes_attached.as_deref());
    let shown = shown.unwrap_or_default();
    let leaves = |name: &str| plan.detach.iter().any(|detach| detach.name == name);
    let stays = |held: &&Held| {
        let ending = held.attachment.metadata.deletion_timestamp.is_some();
        is_attached(&held.attachment) && !ending && !leaves(name_of(&held.attachment))
    };
    let staying: BTreeMap<&str, &Held> =
        seen.held.iter().filter(stays).map(|held| (name_of(&held.attachment), held)).collect();
    let of = |entry: &AttachedVolume| attachment_of(&entry.name, seen.node_name);
    // What no driver has was written by somebody else.
    let keeps = |entry: &&AttachedVolume| of(entry).is_none_or(|it| staying.contains_key(&*it));
    let mut list: Vec<AttachedVolume> = shown.iter().filter(keeps).cloned().collect();
    let known: BTreeSet<String> = list.iter().filter_map(of).collect();
    for (name, held) in staying.into_iter().filter(|(name, _)| !known.contains(*name)) {
        let Some(unique) = held.unique.clone() else { continue };
        list.push(AttachedVolume { name: unique, device_path: String::new() });
        let Some(wanted) = seen.wanted.get(name) else { continue };
        // The blank is Kubernetes' own.
        let words = format!("AttachVolume.Attach succeeded for volume \"{}\" ", wanted.volume);
        let remark = Remark::normal("SuccessfulAttachVolume", words);
        plan.successes.extend(to_all(&wanted.pods, &remark));
    }
    plan.attached = (list != shown).then_some(list);
}

fn is_ready(node: &Node) -> bool {
    let conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|one| one.type_ == "Ready" && one.status == "True")
}

fn is_out_of_service(node: &Node) -> bool {
    let taints = node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    taints.into_iter().any(|taint| taint.key == OUT_OF_SERVICE)
}

/// Tells whether a node's attachments may have to be looked at again.
pub(super) fn differs(old: Option<&Node>, new: Option<&Node>) -> bool {
    let facts = |node: Option<&Node>| {
        node.map(|node| {
            let status = node.status.as_ref();
            (
                is_managed(node),
                is_ready(node),
                is_out_of_service(node),
                status.and_then(|status| status.volumes_in_use.clone()),
                status.and_then(|status| status.volumes_attached.clone()),
                node.metadata.uid.clone(),
            )
        })
    };
    facts(old) != facts(new)
}
