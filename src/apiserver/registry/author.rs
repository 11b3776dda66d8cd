//! Who writes: the user, the name under which it manages fields, and whether that is noted.

use std::{borrow::Cow, sync::Arc};

use http::header;
use machinery::{
    apply::{self, Entry, ManagedFields, Operation, Set, Terms, Versions},
    field::{Errors, Path},
    kind::Kind,
    meta,
    schema::Schema,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use super::{Part, Registry};
use crate::{
    authn::User,
    http::{Call, body},
};

/// The media type of what is applied.
pub(super) const APPLY: &str = "application/apply-patch+yaml";
/// Longest name of a manager, in bytes. Source: `FieldManagerMaxLength`.
const LONGEST_MANAGER: usize = 128;

/// How the owners of what a write changes come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tracking {
    /// The author becomes the owner of what it changes.
    Update,
    /// The object brings its owners: it was applied.
    Applied,
    /// Nobody does: the server itself acts.
    Nothing,
}

/// The author of a write.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    pub(crate) user: User,
    pub(crate) manager: String,
    pub(crate) subresource: String,
    pub(crate) tracking: Tracking,
    /// The options of the request as it gives them, without kind: those of creations and updates, which
    /// patches have too.
    pub(crate) options: Value,
}

impl Author {
    /// The author that a request names. Errors: 422 for names that are none.
    pub(crate) fn of(call: &Call) -> Result<Self, Status> {
        let named = call.query.text("fieldManager");
        if matches!(call.info.verb, "create" | "update" | "patch") {
            check_options(call, options_kind(call.info.verb))?;
        }
        let manager = if named.is_empty() { from_agent(call) } else { named.to_owned() };
        Ok(Self {
            user: call.user.clone(),
            manager,
            subresource: call.info.subresource.clone(),
            tracking: Tracking::Update,
            options: options_of(call),
        })
    }

    /// The same author, whose write is not noted.
    pub(crate) fn unnoted(self) -> Self {
        Self { tracking: Tracking::Nothing, ..self }
    }

    /// The server itself.
    pub(crate) fn server() -> Self {
        Self {
            user: User::known("system:apiserver", &[machinery::well_known::MASTERS]),
            manager: "kube-apiserver".into(),
            subresource: String::new(),
            tracking: Tracking::Update,
            options: json!({}),
        }
    }

    /// The entry that stands for this author now, without fields.
    pub(crate) fn entry(&self, kind: &Kind, operation: Operation) -> Entry {
        Entry {
            manager: self.manager.clone(),
            operation,
            api_version: kind.api_version(),
            subresource: self.subresource.clone(),
            time: if self.subresource == "scale" {
                // As Kubernetes has it: a scale is noted without its time.
                String::new()
            } else {
                lifecycle::clock::rfc3339_seconds(lifecycle::clock::now())
            },
            fields: Set::default(),
        }
    }
}

/// The options of a verb, as refusals name them.
pub(super) fn options_kind(verb: &str) -> &'static str {
    match verb {
        "create" => "CreateOptions",
        "patch" => "PatchOptions",
        _ => "UpdateOptions",
    }
}

/// Source: `metav1.{CreateOptions,UpdateOptions}`, which leave out what is empty.
fn options_of(call: &Call) -> Value {
    let mut options = json!({});
    if call.query.dry_run() {
        options["dryRun"] = json!(["All"]);
    }
    for name in ["fieldManager", "fieldValidation"] {
        let text = call.query.text(name);
        if !text.is_empty() {
            options[name] = text.into();
        }
    }
    options
}

/// Refuses options of a creation, an update or a patch, all that are wrong at once.
/// Source: `Validate{Create,Update,Patch}Options` of k8s.io/apimachinery.
fn check_options(call: &Call, options: &'static str) -> Result<(), Status> {
    const MODES: [&str; 4] = ["", "Ignore", "Strict", "Warn"];
    let mut errors = Errors::default();
    let name = call.query.text("fieldManager");
    if call.info.verb == "patch" {
        check_force(call, name, &mut errors);
    }
    let path = Path::new("fieldManager");
    if name.len() > LONGEST_MANAGER {
        errors.too_long(&path, LONGEST_MANAGER);
    }
    for (at, letter) in name.char_indices() {
        if letter.is_control() || !is_printable(letter) {
            let why = format!("invalid character U+{:04X} (at position {at})", u32::from(letter));
            errors.invalid(&path, &json!(name), why);
        }
    }
    check_dry_run(&call.query.all("dryRun").collect::<Vec<_>>(), &mut errors);
    let mode = call.query.text("fieldValidation");
    if !MODES.contains(&mode) {
        errors.not_supported(&Path::new("fieldValidation"), &json!(mode), &MODES);
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Status::invalid(Resource { group: "meta.k8s.io", name: options }, "", &errors))
}

/// Only what is applied is forced, and who applies is named.
fn check_force(call: &Call, manager: &str, errors: &mut Errors) {
    if body::media(&call.headers) == APPLY {
        if manager.is_empty() {
            errors.required(&Path::new("fieldManager"), "is required for apply patch");
        }
    } else if call.query.all("force").next().is_some() {
        errors.forbidden(&Path::new("force"), "may not be specified for non-apply patch");
    }
}

/// The one word for a dry run is `All`.
pub(super) fn check_dry_run(words: &[&str], errors: &mut Errors) {
    if words.iter().any(|word| *word != "All") {
        errors.not_supported(&Path::new("dryRun"), &json!(words), &["All"]);
    }
}

/// Go's `unicode.IsPrint`, near enough: of blanks only the space is printable.
fn is_printable(letter: char) -> bool {
    letter == ' ' || !letter.is_whitespace()
}

/// The program's name at the start of its user agent.
fn from_agent(call: &Call) -> String {
    let agent = call.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let name = agent.unwrap_or_default().split('/').next().unwrap_or_default();
    let mut name: String = name.chars().filter(|letter| is_printable(*letter)).collect();
    while name.len() > LONGEST_MANAGER {
        name.pop();
    }
    if name.is_empty() { "unknown".into() } else { name }
}

/// The versions in which a kind's objects are served.
pub(super) struct Served<'a> {
    pub(super) registry: &'a Registry,
    pub(super) kind: &'a Kind,
}

impl Versions for Served<'_> {
    fn at<'a>(&self, version: &str, object: &'a Value) -> Option<(Cow<'a, Value>, Arc<Schema>)> {
        if version == self.kind.api_version() {
            return Some((Cow::Borrowed(object), self.kind.schema()));
        }
        let other = self.registry.sibling(self.kind, version)?;
        let mut converted = object.clone();
        self.kind.store_form(&mut converted);
        other.served_form(&mut converted);
        Some((Cow::Owned(converted), other.schema()))
    }
}

/// Fields that a write to `part` does not own: those that the endpoint does not write.
pub(super) fn ignored(kind: &Kind, part: Part, objects: [&Value; 2]) -> Set {
    match part {
        Part::Status => {
            let names = objects.iter().flat_map(|object| object.as_object().into_iter().flatten());
            let others: Vec<&str> = names
                .map(|(name, _)| name.as_str())
                .filter(|name| !matches!(*name, "status" | "metadata"))
                .collect();
            Set::of_fields(&others)
        }
        _ if kind.has_status => Set::of_fields(&["status"]),
        _ => Set::default(),
    }
}

/// Notes in `new` who owns what it changes of `old`; `None`: it is new.
pub(super) fn track(
    served: &Served<'_>,
    author: &Author,
    part: Part,
    old: Option<&Value>,
    new: &mut Value,
) {
    if author.tracking == Tracking::Nothing {
        let managers = old.map(|old| meta::items(old, "/metadata/managedFields").to_vec());
        return put(new, managers.unwrap_or_default());
    }
    let nothing = Value::Null;
    if author.tracking == Tracking::Applied {
        return;
    }
    let mut managers = ManagedFields::of_write(old.unwrap_or(&nothing), new, &author.subresource);
    // What nobody managed so far stays so.
    if old.is_none() || !managers.is_empty() {
        let empty = old.is_none().then(|| apply::empty(&served.kind.schema()));
        let live = old.or(empty.as_ref()).unwrap_or(&nothing);
        let ignored = ignored(served.kind, part, [live, new]);
        let terms = Terms { versions: served, ignored: &ignored };
        let entry = author.entry(served.kind, Operation::Update);
        managers.update(terms, [live, new], entry);
    }
    put(new, managers.written());
}

/// Sets `managedFields`; nothing stands for none.
pub(super) fn put(object: &mut Value, managers: Vec<Value>) {
    let metadata = meta::metadata_mut(object);
    if managers.is_empty() {
        metadata.remove("managedFields");
    } else {
        metadata.insert("managedFields".into(), managers.into());
    }
}
