//! Server-side apply: a manager's configuration becomes part of an object, which is made if it is
//! not there. Source: Kubernetes documentation, "Server-Side Apply".

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    apply::{self, Applied, Conflict, Entry, Force, ManagedFields, Operation, Refusal, Terms},
    field::go_quoted,
    kind::Kind,
    meta, schema,
    status::Status,
};
use serde_json::{Value, json};

use super::{
    Author, Creation, Part, Update,
    author::{Served, Tracking, ignored, put},
    update::check_name,
};
use crate::{
    authz::{self, Attributes},
    http::{Call, answer},
    table,
};

/// The manager that took over from client-side apply.
const KUBECTL: &str = "kubectl";
/// Where client-side apply kept its configuration.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Answers an apply.
pub(super) async fn respond(call: &Call, body: &Bytes, part: Part) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let force = if call.query.flag("force") { Force::Yes } else { Force::No };
    let mut update = Update::of(call, part)?;
    let (config, doubled) = read(call, body)?;
    update.author.tracking = Tracking::Applied;
    let exists = call.registry().record(&update.key()).await?.is_some();
    let written = if exists || part != Part::Main {
        let change = &mut |old: &Value| Task::new(call, part).onto(old, &config, force);
        update.run(change).await.map(|updated| (updated.bytes, 200, updated.warnings))
    } else {
        let created = create(call, update.author.clone(), &config, force).await;
        created.map(|(bytes, warnings)| (bytes, 201, warnings))
    };
    let (bytes, code, warnings) = written.map_err(|status| status.warned(&doubled))?;
    let response = table::answer_object(call, &bytes, code, accept)?;
    Ok(answer::warned(answer::warned(response, &doubled), &warnings))
}

/// The configuration, and the fields that it has twice. Errors: 400 for what is no object of the
/// kind, 500 for wrong fields, as Kubernetes has it.
fn read(call: &Call, body: &Bytes) -> Result<(Value, Vec<String>), Status> {
    let wrong = |why: &str| Status::bad_request(format!("error decoding YAML: {why}"));
    let text = String::from_utf8_lossy(body);
    let (mut config, doubled) = machinery::yaml::parse_strict(&text)
        .map_err(|error| wrong(&format!("error converting YAML to JSON: {error}")))?;
    if config.is_null() {
        config = json!({});
    }
    if !config.is_object() {
        let what = machinery::json::kind_of(&config);
        return Err(wrong(&format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {what} into Go value \
             of type map[string]interface {{}}"
        )));
    }
    let kind = &call.kind;
    let (version, name) = (meta::text(&config, "/apiVersion"), meta::text(&config, "/kind"));
    if version != kind.api_version() || name != kind.kind {
        let (group, version) = meta::group_version(version);
        return Err(Status::bad_request(format!(
            "invalid object type: {group}/{version}, Kind={name}"
        )));
    }
    // What exists has its name already; a configuration need not repeat it.
    if !meta::name(&config).is_empty() {
        check_name(call.name(), &config)?;
    }
    if config.pointer("/metadata/managedFields").is_some_and(Value::is_array) {
        return Err(Status::bad_request("metadata.managedFields must be nil"));
    }
    let complaints = apply::complaints(&kind.schema(), &config);
    if !complaints.is_empty() {
        return Err(Status::failure(format!(
            "failed to create typed patch object ({}/{}; {}, Kind={}): {}",
            meta::namespace(&config),
            meta::name(&config),
            slashed(kind),
            kind.kind,
            apply::sentence(&complaints)
        )));
    }
    drop_nulls(&mut config);
    let warnings = judge(call, doubled)?;
    Ok((config, warnings))
}

/// What is said of fields that stand twice. Errors: 400 where they are not borne.
fn judge(call: &Call, doubled: Vec<String>) -> Result<Vec<String>, Status> {
    match call.query.text("fieldValidation") {
        "Ignore" => Ok(Vec::new()),
        "Strict" if !doubled.is_empty() => Err(Status::bad_request(format!(
            "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  {}",
            doubled.join("\n  ")
        ))),
        _ => Ok(doubled),
    }
}

/// The group and version as Go writes it: `/v1`, `apps/v1`.
fn slashed(kind: &Kind) -> String {
    format!("{}/{}", kind.group, kind.version)
}

/// What is null in a configuration is not applied.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

async fn create(
    call: &Call,
    author: Author,
    config: &Value,
    force: Force,
) -> Result<(Bytes, Vec<String>), Status> {
    if meta::name(config).is_empty() {
        return Err(Status::bad_request(format!(
            "the name of the object ({} based on URL) was undeterminable: name must be provided",
            call.name()
        )));
    }
    let uid = meta::uid(config);
    if !uid.is_empty() {
        let why = format!(
            "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
        );
        return Err(Status::conflict(call.kind.resource(), call.name(), &why));
    }
    let creates = Attributes {
        verb: "create",
        group: &call.info.group,
        version: &call.info.version,
        resource: &call.info.resource,
        subresource: "",
        namespace: &call.info.namespace,
        name: call.name(),
        selected: None,
        path: "",
    };
    authz::require(&call.server, &call.user, &creates).await?;
    let nothing = json!({"apiVersion": call.kind.api_version(), "kind": call.kind.kind});
    let object = Task::new(call, Part::Main).onto(&nothing, config, force)?;
    let creation = Creation {
        server: &call.server,
        kind: &call.kind,
        namespace: call.namespace_of_object(),
        dry_run: call.query.dry_run(),
        author,
    };
    creation.run(object).await
}

struct Task<'a> {
    call: &'a Call,
    part: Part,
    served: Served<'a>,
}

impl<'a> Task<'a> {
    fn new(call: &'a Call, part: Part) -> Self {
        Self { call, part, served: Served { registry: call.registry(), kind: &call.kind } }
    }

    /// The object with the configuration applied, its managers in `managedFields`.
    fn onto(&self, old: &Value, config: &Value, force: Force) -> Result<Value, Status> {
        let author = Author::of(self.call)?.entry(&self.call.kind, Operation::Apply);
        let managers = meta::items(old, "/metadata/managedFields");
        let managers = ManagedFields::parse(managers).unwrap_or_default();
        let mut live = old.clone();
        meta::metadata_mut(&mut live).remove("managedFields");
        let applied = match self.apply(&managers, [&live, config], &author, force) {
            Err(Refusal::Conflicts(conflicts)) if author.manager == KUBECTL => {
                let left = self.not_from_client_side(&live, conflicts);
                if left.is_empty() {
                    self.apply(&managers, [&live, config], &author, Force::Yes)
                } else {
                    Err(Refusal::Conflicts(left))
                }
            }
            other => other,
        };
        let Applied { mut object, managers } = applied.map_err(|refusal| self.refused(&refusal))?;
        self.keep_last_applied(&author, &live, config, &mut object);
        if self.call.kind.custom.is_none() {
            let decoded = schema::decode(&self.call.kind.schema(), object).map_err(|error| {
                Status::failure(format!("failed to convert merged object to the version: {error}"))
            })?;
            object = decoded.value;
        }
        put(&mut object, managers.written());
        if meta::resource_version(config).is_empty() && self.call.kind.unconditional_update {
            meta::metadata_mut(&mut object).remove("resourceVersion");
        }
        Ok(object)
    }

    fn apply(
        &self,
        managers: &ManagedFields,
        objects: [&Value; 2],
        author: &Entry,
        force: Force,
    ) -> Result<Applied, Refusal> {
        let ignored = ignored(&self.call.kind, self.part, objects);
        let terms = Terms { versions: &self.served, ignored: &ignored };
        managers.clone().apply(terms, objects, author, force)
    }

    /// The conflicts about fields that client-side apply did not set, or not so.
    fn not_from_client_side(&self, live: &Value, conflicts: Vec<Conflict>) -> Vec<Conflict> {
        let schema = self.call.kind.schema();
        let last = meta::annotation(live, LAST_APPLIED);
        let Some(last) = last.and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
            return conflicts;
        };
        let changes = apply::compare(&schema, &last, live);
        let same = apply::field_set(&schema, &last)
            .difference(&changes.added.union(&changes.modified).union(&changes.removed));
        let fields: Vec<String> = same
            .paths()
            .iter()
            .map(|path| path.iter().map(ToString::to_string).collect())
            .collect();
        conflicts.into_iter().filter(|one| !fields.contains(&one.field)).collect()
    }

    /// Objects that client-side apply made keep its annotation true.
    fn keep_last_applied(&self, author: &Entry, live: &Value, config: &Value, object: &mut Value) {
        let kept = author.manager == KUBECTL && self.part == Part::Main;
        if !kept || meta::annotation(live, LAST_APPLIED).is_none() {
            return;
        }
        let mut config = config.clone();
        let metadata = meta::metadata_mut(&mut config);
        if let Some(annotations) = metadata.get_mut("annotations") {
            meta::as_object(annotations).remove(LAST_APPLIED);
        }
        let text = format!("{config}\n");
        let annotations = meta::object_at(meta_of(object), "annotations");
        annotations.insert(LAST_APPLIED.into(), text.into());
    }

    fn refused(&self, refusal: &Refusal) -> Status {
        match refusal {
            Refusal::Conflicts(conflicts) => conflict(conflicts),
            Refusal::Merge(error) => Status::failure(format!(
                "failed to create typed patch object ({}/{}; {}, Kind={}): {error}",
                self.call.namespace_of_object(),
                self.call.name(),
                slashed(&self.call.kind),
                self.call.kind.kind
            )),
        }
    }
}

fn meta_of(object: &mut Value) -> &mut Value {
    meta::as_object(object).entry("metadata").or_insert_with(|| json!({}))
}

fn who(entry: &Entry) -> String {
    let mut text = go_quoted(&entry.manager);
    if !entry.subresource.is_empty() {
        text = format!("{text} with subresource {}", go_quoted(&entry.subresource));
    }
    if entry.operation == Operation::Update {
        text = format!("{text} using {}", entry.api_version);
    }
    text
}

/// 409, with every field that others manage.
fn conflict(conflicts: &[Conflict]) -> Status {
    let words = match conflicts {
        [one] => format!("conflict with {}: {}", who(&one.with), one.field),
        many => {
            let mut managers: Vec<String> = many.iter().map(|one| who(&one.with)).collect();
            managers.sort();
            managers.dedup();
            let groups = managers.iter().map(|manager| {
                let fields = many.iter().filter(|one| who(&one.with) == *manager);
                let fields: Vec<String> = fields.map(|one| format!("\n- {}", one.field)).collect();
                format!("conflicts with {manager}:{}", fields.concat())
            });
            groups.collect::<Vec<_>>().join("\n")
        }
    };
    let plural = if conflicts.len() == 1 { "" } else { "s" };
    let causes: Vec<Value> = conflicts
        .iter()
        .map(|one| {
            json!({"reason": "FieldManagerConflict",
                "message": format!("conflict with {}", who(&one.with)), "field": one.field})
        })
        .collect();
    let mut status =
        Status::failure(format!("Apply failed with {} conflict{plural}: {words}", conflicts.len()));
    status.code = 409;
    status.reason = "Conflict".into();
    status.details = json!({"causes": causes});
    status
}
