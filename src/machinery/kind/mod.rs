//! The descriptor of a kind: everything that generic code must know to serve it.
//!
//! Built-in kinds make theirs in `api`; a `CustomResourceDefinition` yields the same at run time.

mod ask;
mod custom;
mod dependents;
mod reads;

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, OnceLock},
};

use jiff::Timestamp;
use serde_json::Value;

pub use crate::{
    column::{Column, Description},
    subresource::{Piece, Subresource},
};
pub use custom::{Conversion, Custom, Rules};
pub use dependents::Dependents;

use crate::{
    field::Errors,
    json::{Keep, WITHOUT_NOTES},
    schema::Schema,
};

/// Whether objects live in namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Each object is in a namespace.
    Namespaced,
    /// Objects belong to the whole cluster.
    Cluster,
}

/// How a kind's objects can be scaled.
#[derive(Debug, Clone)]
pub struct Scale {
    /// JSON pointer of the wanted number.
    pub replicas: Cow<'static, str>,
    /// JSON pointer of the observed number.
    pub observed: Cow<'static, str>,
    /// JSON pointer of the selector: an object, a map of labels, or its text.
    pub selector: Cow<'static, str>,
}

impl Scale {
    /// A scale whose parts stand at these JSON pointers.
    pub const fn at(
        replicas: &'static str,
        observed: &'static str,
        selector: &'static str,
    ) -> Self {
        Self {
            replicas: Cow::Borrowed(replicas),
            observed: Cow::Borrowed(observed),
            selector: Cow::Borrowed(selector),
        }
    }
}

/// What a validation looks at.
#[derive(Debug)]
pub struct Change<'a> {
    /// The object as it will be.
    pub new: &'a Value,
    /// The object as it is; `None` when it is created.
    pub old: Option<&'a Value>,
}

type Defaults = Box<dyn Fn(&mut Value) + Send + Sync>;
type Prepare = Box<dyn Fn(&mut Value, Option<&Value>) + Send + Sync>;
/// A check of a change.
pub type Validate = Box<dyn Fn(&Change<'_>, &mut Errors) + Send + Sync>;
type NameRule = fn(&str) -> Vec<String>;
type Cells = Box<dyn Fn(&Value, Timestamp) -> Vec<Value> + Send + Sync>;
type Marks = fn(&Value) -> Option<Value>;
type Field = Box<dyn Fn(&Value) -> String + Send + Sync>;
type Convert = Box<dyn Fn(&mut Value) + Send + Sync>;
type Warnings = fn(&Change<'_>) -> Vec<String>;
/// A function that gives a schema, built at its first use.
pub type LazySchema = Box<dyn Fn() -> Arc<Schema> + Send + Sync>;
/// The OpenAPI name of a kind and the definitions that it needs.
pub type Documents = Box<dyn Fn() -> (String, serde_json::Map<String, Value>) + Send + Sync>;

/// A kind of object that the API serves.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that Kubernetes defines"
)]
pub struct Kind {
    /// The API group; empty for the core.
    pub group: String,
    /// The version served.
    pub version: String,
    /// The name of the kind.
    pub kind: String,
    /// The name of the kind of its lists.
    pub list_kind: String,
    /// The name in paths.
    pub plural: String,
    /// The name for one.
    pub singular: String,
    /// Short names that kubectl accepts.
    pub short_names: Vec<String>,
    /// Groups such as `all`.
    pub categories: Vec<String>,
    /// Whether objects live in namespaces.
    pub scope: Scope,
    /// The verbs of the collection and its objects.
    pub verbs: Vec<&'static str>,
    /// Where objects are stored: group and plural that versions and aliases share.
    pub storage: (String, String),
    /// The version that the fingerprint of its storage tells, if not the kind's own.
    pub hashed_version: Option<&'static str>,
    /// Whether `status` is a subresource.
    pub has_status: bool,
    /// Whether a new object may bring its status.
    pub status_on_create: bool,
    /// Whether writes of the status leave all metadata alone.
    pub status_metadata_kept: bool,
    /// Whether a deletion answers with the object rather than with a status.
    pub returns_deleted: bool,
    /// How the kind scales, if it does.
    pub scale: Option<Scale>,
    /// Further subresources.
    pub subresources: Vec<Subresource>,
    /// Whether a PUT to a name that does not exist creates it.
    pub create_on_update: bool,
    /// Whether a PUT without resourceVersion overwrites.
    pub unconditional_update: bool,
    /// Whether `metadata.generation` counts changes of the desired state.
    pub counts_generation: bool,
    /// Whether deletion waits for a grace period.
    pub graceful: bool,
    /// Whether the spec has finalizers of its own, which a phase tells of.
    pub finalized_in_spec: bool,
    /// What the beginning of a deletion writes into the object, such as what it waits for.
    pub deletion: Option<fn(&mut Value)>,
    /// What becomes of dependents where a deletion does not say.
    pub dependents: Dependents,
    /// Whether updates are renewals that a crash may take back.
    pub renewed: bool,
    /// The resource and subresource that a creation is one of, for what is never stored.
    pub stands_for: Option<(&'static str, &'static str)>,
    /// The warning that every answer carries, if the kind is deprecated.
    pub deprecation: Option<String>,
    /// An annotation that stands for a field, and is not there where metadata is shown alone.
    pub field_annotation: Option<&'static str>,
    /// What is wrong with a name.
    pub name_rule: NameRule,
    /// The columns of the kind's table; empty: Name and Created At.
    pub columns: &'static [Column],
    /// The columns of a table that is not known before, as a table shows them.
    pub own_columns: Option<Vec<Value>>,
    /// The rules of a kind that users defined; `None`: it is built in.
    pub custom: Option<Arc<Custom>>,
    schema: LazySchema,
    documents: Option<Documents>,
    explanations: Option<fn() -> serde_json::Map<String, Value>>,
    column_definitions: OnceLock<Vec<Value>>,
    defaults: Vec<Defaults>,
    prepare: Vec<Prepare>,
    validate: Vec<Validate>,
    validate_status: Vec<Validate>,
    warnings: Vec<Warnings>,
    cells: Option<Cells>,
    row_conditions: Option<Marks>,
    /// What of an object its row is made of.
    pub row_reads: Keep,
    selectable: Vec<(String, Field)>,
    /// What of an object its selectable fields and labels are read from.
    pub selectors_read: Keep,
    to_stored: Option<Convert>,
    from_stored: Option<Convert>,
}

impl fmt::Debug for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Kind({}, {})", self.api_version(), self.kind)
    }
}

/// The verbs of an ordinary kind, in the order that discovery lists them.
pub const ALL_VERBS: [&str; 8] =
    ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// Building.
impl Kind {
    /// A kind with the ordinary verbs and no rules of its own.
    pub fn new(group: &str, version: &str, kind: &str, plural: &str, schema: LazySchema) -> Self {
        Self {
            group: group.into(),
            version: version.into(),
            kind: kind.into(),
            list_kind: format!("{kind}List"),
            plural: plural.into(),
            singular: kind.to_lowercase(),
            short_names: Vec::new(),
            categories: Vec::new(),
            scope: Scope::Namespaced,
            verbs: ALL_VERBS.to_vec(),
            storage: (group.into(), plural.into()),
            hashed_version: None,
            has_status: false,
            status_on_create: false,
            status_metadata_kept: false,
            returns_deleted: false,
            scale: None,
            subresources: Vec::new(),
            create_on_update: false,
            unconditional_update: true,
            counts_generation: false,
            graceful: false,
            finalized_in_spec: false,
            deletion: None,
            dependents: Dependents::Deleted,
            renewed: false,
            stands_for: None,
            to_stored: None,
            from_stored: None,
            deprecation: None,
            field_annotation: None,
            name_rule: crate::names::dns_subdomain,
            columns: &[],
            own_columns: None,
            custom: None,
            schema,
            documents: None,
            explanations: None,
            column_definitions: OnceLock::new(),
            defaults: Vec::new(),
            prepare: Vec::new(),
            validate: Vec::new(),
            validate_status: Vec::new(),
            warnings: Vec::new(),
            cells: None,
            row_conditions: None,
            row_reads: WITHOUT_NOTES,
            selectable: Vec::new(),
            selectors_read: WITHOUT_NOTES,
        }
    }

    /// Was stored in that version first, which the fingerprint of its storage goes on to tell.
    #[must_use]
    pub fn hashed_as(mut self, version: &'static str) -> Self {
        self.hashed_version = Some(version);
        self
    }

    /// Serves a field as an annotation.
    #[must_use]
    pub fn field_as(mut self, annotation: &'static str) -> Self {
        self.field_annotation = Some(annotation);
        self
    }

    /// Publishes these OpenAPI definitions.
    #[must_use]
    pub fn documented(
        mut self,
        documents: impl Fn() -> (String, serde_json::Map<String, Value>) + Send + Sync + 'static,
    ) -> Self {
        self.documents = Some(Box::new(documents));
        self
    }

    /// Has its columns explained by these definitions rather than by its own.
    #[must_use]
    pub fn explained_by(mut self, definitions: fn() -> serde_json::Map<String, Value>) -> Self {
        self.explanations = Some(definitions);
        self
    }

    /// Objects belong to the whole cluster.
    #[must_use]
    pub fn cluster(mut self) -> Self {
        self.scope = Scope::Cluster;
        self
    }

    /// Accepts a short name.
    #[must_use]
    pub fn short(mut self, name: &str) -> Self {
        self.short_names.push(name.into());
        self
    }

    /// Belongs to a category.
    #[must_use]
    pub fn category(mut self, name: &str) -> Self {
        self.categories.push(name.into());
        self
    }

    /// Has a status of its own and counts generations.
    #[must_use]
    pub fn status(mut self) -> Self {
        self.has_status = true;
        self
    }

    /// A new object may bring its status.
    #[must_use]
    pub fn keeps_status_on_create(mut self) -> Self {
        self.status_on_create = true;
        self
    }

    /// A deletion answers with the object rather than with a status.
    #[must_use]
    pub fn answers_deletion_with_object(mut self) -> Self {
        self.returns_deleted = true;
        self
    }

    /// Counts changes of the desired state in `metadata.generation`.
    #[must_use]
    pub fn generation(mut self) -> Self {
        self.counts_generation = true;
        self
    }

    /// Can be scaled.
    #[must_use]
    pub fn scaled(mut self, scale: Scale) -> Self {
        self.scale = Some(scale);
        self
    }

    /// Has a further subresource.
    #[must_use]
    pub fn subresource(mut self, subresource: Subresource) -> Self {
        self.subresources.push(subresource);
        self
    }

    /// A PUT creates what does not exist.
    #[must_use]
    pub fn creates_on_update(mut self) -> Self {
        self.create_on_update = true;
        self
    }

    /// A PUT must say which version it replaces.
    #[must_use]
    pub fn conditional_update(mut self) -> Self {
        self.unconditional_update = false;
        self
    }

    /// Deletion waits for a grace period.
    #[must_use]
    pub fn graceful(mut self) -> Self {
        self.graceful = true;
        self
    }

    /// Has finalizers in its spec, and a phase that tells of its end.
    #[must_use]
    pub fn finalized_in_spec(mut self) -> Self {
        self.finalized_in_spec = true;
        self
    }

    /// The beginning of a deletion writes something into the object.
    #[must_use]
    pub fn on_deletion(mut self, mark: fn(&mut Value)) -> Self {
        self.deletion = Some(mark);
        self
    }

    /// Updates are renewals that a crash may take back.
    #[must_use]
    pub fn renewed(mut self) -> Self {
        self.renewed = true;
        self
    }

    /// Is stored in another form than it is served in.
    #[must_use]
    pub fn converted(
        mut self,
        to_stored: impl Fn(&mut Value) + Send + Sync + 'static,
        from_stored: impl Fn(&mut Value) + Send + Sync + 'static,
    ) -> Self {
        self.to_stored = Some(Box::new(to_stored));
        self.from_stored = Some(Box::new(from_stored));
        self
    }

    /// Every answer warns that the kind is deprecated.
    #[must_use]
    pub fn deprecated(mut self, warning: impl Into<String>) -> Self {
        self.deprecation = Some(warning.into());
        self
    }

    /// Answers only these verbs.
    #[must_use]
    pub fn only_verbs(mut self, verbs: &[&'static str]) -> Self {
        self.verbs = verbs.to_vec();
        self
    }

    /// Is stored with another kind, in that kind's form.
    #[must_use]
    pub fn stored_as(mut self, group: &str, plural: &str) -> Self {
        self.storage = (group.into(), plural.into());
        self
    }

    /// Checks names by `rule`.
    #[must_use]
    pub fn named(mut self, rule: NameRule) -> Self {
        self.name_rule = rule;
        self
    }

    /// Fills in what the user left out; runs in the order given.
    #[must_use]
    pub fn defaults(mut self, fill: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        self.defaults.push(Box::new(fill));
        self
    }

    /// Resets what users may not set, with the old object at hand on updates.
    #[must_use]
    pub fn prepare(
        mut self,
        reset: impl Fn(&mut Value, Option<&Value>) + Send + Sync + 'static,
    ) -> Self {
        self.prepare.push(Box::new(reset));
        self
    }

    /// Checks writes of the status with `validate`, besides what was there before.
    #[must_use]
    pub fn validate_status(
        mut self,
        validate: impl Fn(&Change<'_>, &mut Errors) + Send + Sync + 'static,
    ) -> Self {
        self.validate_status.push(Box::new(validate));
        self
    }

    /// Checks the object; every rule runs.
    #[must_use]
    pub fn validate(
        mut self,
        check: impl Fn(&Change<'_>, &mut Errors) + Send + Sync + 'static,
    ) -> Self {
        self.validate.push(Box::new(check));
        self
    }

    /// Says what is remarkable of an object's row, as `TableRowCondition`s.
    #[must_use]
    pub fn marks_rows(mut self, marks: Marks) -> Self {
        self.row_conditions = Some(marks);
        self
    }

    /// Warns of what is accepted and unwise.
    #[must_use]
    pub fn warns(mut self, warnings: Warnings) -> Self {
        self.warnings.push(warnings);
        self
    }

    /// Shows the kind as a table.
    #[must_use]
    pub fn table(
        mut self,
        columns: &'static [Column],
        cells: impl Fn(&Value, Timestamp) -> Vec<Value> + Send + Sync + 'static,
    ) -> Self {
        self.columns = columns;
        self.cells = Some(Box::new(cells));
        self
    }

    /// Lets field selectors ask for `field`.
    #[must_use]
    pub fn selectable(
        mut self,
        field: impl Into<String>,
        value: impl Fn(&Value) -> String + Send + Sync + 'static,
    ) -> Self {
        self.selectable.push((field.into(), Box::new(value)));
        self
    }
}
