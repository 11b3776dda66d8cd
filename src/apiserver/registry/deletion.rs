//! The options of a deletion, of its body or its query.

use bytes::Bytes;
use machinery::{
    field::{Errors, Path, go_quoted},
    kind::Kind,
    meta, schema,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use super::{author::check_dry_run, decode::options_document, delete::grace_of};
use crate::http::Call;

/// How a deletion goes. Source: `metav1.DeleteOptions`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deletion {
    pub(crate) grace_seconds: Option<i64>,
    pub(crate) propagation: Option<String>,
    /// What older callers say in the place of `propagation`.
    pub(crate) orphan_dependents: Option<bool>,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) dry_run: bool,
}

impl Deletion {
    /// The options of a request: its body's, else those of its query.
    pub(super) fn read(call: &Call, body: &Bytes) -> Result<Self, Status> {
        let (options, words) =
            if body.is_empty() { Self::of_query(call)? } else { Self::of_body(call, body)? };
        options.check(&words)?;
        Ok(options)
    }

    fn of_query(call: &Call) -> Result<(Self, Vec<String>), Status> {
        let query = &call.query;
        let words: Vec<String> = query.all("dryRun").map(str::to_owned).collect();
        let options = Self {
            grace_seconds: query.number("gracePeriodSeconds")?,
            propagation: query.all("propagationPolicy").next().map(str::to_owned),
            orphan_dependents: query
                .all("orphanDependents")
                .next()
                .map(|_| query.flag("orphanDependents")),
            uid: Some(query.text("uid").to_owned()).filter(|uid| !uid.is_empty()),
            resource_version: None,
            dry_run: !words.is_empty(),
        };
        Ok((options, words))
    }

    fn of_body(call: &Call, body: &Bytes) -> Result<(Self, Vec<String>), Status> {
        let body = parse_options(call, body)?;
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let words = meta::items(&body, "/dryRun").iter().filter_map(Value::as_str);
        let words: Vec<String> = words.map(str::to_owned).collect();
        let options = Self {
            grace_seconds: meta::number(&body, "/gracePeriodSeconds"),
            propagation: text("/propagationPolicy"),
            orphan_dependents: body.get("orphanDependents").and_then(Value::as_bool),
            uid: text("/preconditions/uid"),
            resource_version: text("/preconditions/resourceVersion"),
            dry_run: !words.is_empty(),
        };
        Ok((options, words))
    }

    /// The options as admission sees them, without their kind: the grace of what has one is known by
    /// then, and what is empty is left out.
    pub(super) fn shown(&self, kind: &Kind, object: &Value) -> Value {
        let mut options = json!({});
        let grace =
            if kind.graceful { Some(grace_of(kind, object, self)) } else { self.grace_seconds };
        if let Some(seconds) = grace {
            options["gracePeriodSeconds"] = seconds.into();
        }
        match (self.orphan_dependents, &self.propagation) {
            (Some(orphan), _) => options["orphanDependents"] = orphan.into(),
            (None, Some(policy)) => options["propagationPolicy"] = policy.as_str().into(),
            (None, None) => {}
        }
        for (name, value) in [("uid", &self.uid), ("resourceVersion", &self.resource_version)] {
            if let Some(value) = value {
                options["preconditions"][name] = value.as_str().into();
            }
        }
        if self.dry_run {
            options["dryRun"] = json!(["All"]);
        }
        options
    }

    /// Source: `ValidateDeleteOptions` of k8s.io/apimachinery.
    fn check(&self, dry_run: &[String]) -> Result<(), Status> {
        const KNOWN: [&str; 4] = ["Foreground", "Background", "Orphan", "nil"];
        let mut errors = Errors::default();
        let path = Path::new("propagationPolicy");
        if let Some(policy) = &self.propagation {
            if self.orphan_dependents.is_some() {
                let why = "orphanDependents and deletionPropagation cannot be both set";
                errors.invalid(&path, &json!(policy), why);
            }
            if policy == "nil" || !KNOWN.contains(&policy.as_str()) {
                errors.not_supported(&path, &json!(policy), &KNOWN);
            }
        }
        check_dry_run(&dry_run.iter().map(String::as_str).collect::<Vec<_>>(), &mut errors);
        if errors.is_empty() {
            return Ok(());
        }
        let kind = Resource { group: "meta.k8s.io", name: "DeleteOptions" };
        Err(Status::invalid(kind, "", &errors))
    }

    /// What becomes of dependents, where it is said in either way.
    pub(super) fn policy(&self) -> Option<&str> {
        match self.orphan_dependents {
            Some(true) => Some("Orphan"),
            Some(false) => Some("Background"),
            None => self.propagation.as_deref(),
        }
    }
}

/// Options that a body gives. Errors: 415 for media types, 400 for what is no such options.
fn parse_options(call: &Call, body: &Bytes) -> Result<Value, Status> {
    let parsed = options_document(&call.headers, body)?;
    let (version, kind) = (meta::text(&parsed, "/apiVersion"), meta::text(&parsed, "/kind"));
    if !matches!(kind, "" | "DeleteOptions") {
        let version = if version.is_empty() { "meta.k8s.io/v1" } else { version };
        return Err(Status::bad_request(format!(
            "no kind {} is registered for version {} in scheme \"kanoe\"",
            go_quoted(kind),
            go_quoted(version)
        )));
    }
    let Some(schema) = api::body_schema("DeleteOptions") else { return Ok(parsed) };
    let decoded = schema::decode(&schema, parsed);
    decoded.map(|decoded| decoded.value).map_err(|error| Status::bad_request(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admission_sees_options_as_kubernetes_sends_them() {
        let kind = |plural: &str| {
            let kinds = api::registry().iter();
            kinds.into_iter().find(|kind| kind.plural == plural).unwrap()
        };
        let (maps, pods) = (kind("configmaps"), kind("pods"));
        let pod = json!({"spec": {"nodeName": "n", "terminationGracePeriodSeconds": 7}});
        let plain = Deletion::default();
        let full = Deletion {
            grace_seconds: Some(5),
            propagation: Some("Orphan".into()),
            uid: Some("u".into()),
            resource_version: Some("1".into()),
            dry_run: true,
            ..Deletion::default()
        };
        let old = Deletion { orphan_dependents: Some(true), ..full.clone() };
        for (case, options, kind, want) in [
            ("nothing", &plain, maps, json!({})),
            ("what a pod has", &plain, pods, json!({"gracePeriodSeconds": 7})),
            (
                "all",
                &full,
                pods,
                json!({"gracePeriodSeconds": 5, "propagationPolicy": "Orphan", "dryRun": ["All"],
                    "preconditions": {"uid": "u", "resourceVersion": "1"}}),
            ),
            (
                "the old way",
                &old,
                maps,
                json!({"gracePeriodSeconds": 5, "orphanDependents": true, "dryRun": ["All"],
                    "preconditions": {"uid": "u", "resourceVersion": "1"}}),
            ),
        ] {
            assert_eq!(options.shown(kind, &pod), want, "{case}");
        }
    }
}
