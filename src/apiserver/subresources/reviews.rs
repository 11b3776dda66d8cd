//! Reviews: questions that are answered at once and never stored.
//! Source: `authorization.k8s.io/v1` and `authentication.k8s.io/v1`.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use machinery::{
    field::{Errors, Path},
    kind::{Kind, Scope},
    meta, names,
    schema::Schema,
    status::{Resource, Status},
};
use serde_json::{Value, json};

use crate::{
    authn::{self, User},
    authz::{self, Attributes, Selected},
    http::{Call, RequestInfo, answer},
    registry::{self, Author},
    server::Inner,
};

/// A kind of review.
#[derive(Debug)]
pub(crate) struct Review {
    pub(crate) group: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) namespaced: bool,
    question: Question,
}

#[derive(Debug, Clone, Copy)]
enum Question {
    WhoAmI,
    WhoseToken,
    MayI,
    MaySomebody,
    WhatMayI,
}

const AUTHENTICATION: &str = "authentication.k8s.io";
const AUTHORIZATION: &str = "authorization.k8s.io";

const fn review_of(
    group: &'static str,
    plural: &'static str,
    kind: &'static str,
    question: Question,
) -> Review {
    Review { group, plural, kind, namespaced: false, question }
}

/// Every kind of review.
pub(crate) const REVIEWS: &[Review] = &[
    review_of(AUTHENTICATION, "selfsubjectreviews", "SelfSubjectReview", Question::WhoAmI),
    review_of(AUTHENTICATION, "tokenreviews", "TokenReview", Question::WhoseToken),
    Review {
        namespaced: true,
        ..review_of(
            AUTHORIZATION,
            "localsubjectaccessreviews",
            "LocalSubjectAccessReview",
            Question::MaySomebody,
        )
    },
    review_of(AUTHORIZATION, "selfsubjectaccessreviews", "SelfSubjectAccessReview", Question::MayI),
    review_of(
        AUTHORIZATION,
        "selfsubjectrulesreviews",
        "SelfSubjectRulesReview",
        Question::WhatMayI,
    ),
    review_of(AUTHORIZATION, "subjectaccessreviews", "SubjectAccessReview", Question::MaySomebody),
];

/// The review that a path names.
pub(crate) fn review(info: &RequestInfo) -> Option<&'static Review> {
    REVIEWS.iter().find(|one| {
        one.group == info.group
            && info.version == "v1"
            && one.plural == info.resource
            && one.namespaced != info.namespace.is_empty()
    })
}

impl Review {
    /// The review as a kind that can only be created.
    pub(crate) fn as_kind(&self) -> Kind {
        let schema = || api::body_schema(self.kind).unwrap_or_else(|| Arc::new(Schema::Any));
        let schema = schema();
        let schema = Box::new(move || Arc::clone(&schema));
        let mut kind = Kind::new(self.group, "v1", self.kind, self.plural, schema);
        kind.verbs = vec!["create"];
        kind.scope = if self.namespaced { Scope::Namespaced } else { Scope::Cluster };
        kind
    }

    /// Answers the question in the body.
    pub(crate) async fn respond(&self, call: &Call, body: &Bytes) -> Result<Response, Status> {
        let accept = answer::accept_of(call)?;
        Author::of(call)?;
        let decoded = registry::decode_body(&call.kind, &call.headers, &call.query, body)?;
        let (server, user) = (&call.server, &call.user);
        let answered = self.answered(server, user, (call.namespace(), decoded.object)).await;
        let object = answered.map_err(|status| status.warned(&decoded.warnings))?;
        Ok(answer::warned(answer::document(201, &object, accept), &decoded.warnings))
    }

    async fn answered(
        &self,
        server: &Arc<Inner>,
        user: &User,
        (namespace, mut object): (&str, Value),
    ) -> Result<Value, Status> {
        let given = meta::namespace(&object);
        if self.namespaced && !given.is_empty() && given != namespace {
            return Err(Status::bad_request(
                "the namespace of the provided object does not match the namespace sent on the request",
            ));
        }
        let metadata = meta::object_at(&mut object, "metadata");
        if self.namespaced {
            meta::set_default(metadata, "namespace", namespace);
        }
        self.check(&object)?;
        match self.question {
            Question::WhoAmI => {
                meta::as_object(&mut object).remove("spec");
                let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
                meta::metadata_mut(&mut object).insert("creationTimestamp".into(), now.into());
                object["status"] = json!({"userInfo": user.described()});
            }
            Question::WhoseToken => object["status"] = whose_token(server, &object).await,
            Question::MayI => object["status"] = may(server, user, &object["spec"]).await?,
            Question::MaySomebody => {
                let somebody = somebody(&object["spec"]);
                object["status"] = may(server, &somebody, &object["spec"]).await?;
            }
            Question::WhatMayI => {
                object["status"] = what_may(server, user, &object).await?;
                object["spec"] = json!({});
            }
        }
        Ok(object)
    }
}

impl Review {
    /// Questions that make no sense are refused.
    /// Source: `pkg/apis/authorization/validation` and the registry of token reviews.
    fn check(&self, review: &Value) -> Result<(), Status> {
        match self.question {
            Question::WhoAmI | Question::WhatMayI => return Ok(()),
            Question::WhoseToken => {
                if meta::text(review, "/spec/token").is_empty() {
                    return Err(Status::bad_request(
                        "token is required for TokenReview in authentication",
                    ));
                }
                return Ok(());
            }
            Question::MayI | Question::MaySomebody => {}
        }
        let mut errors = Errors::default();
        let at = Path::new("spec");
        let spec = &review["spec"];
        let (resource, other) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
        if !resource.is_null() && !other.is_null() {
            let why = "cannot be specified in combination with resourceAttributes";
            errors.invalid(&at.child("nonResourceAttributes"), &shown_path(other), why);
        }
        if resource.is_null() && other.is_null() {
            let why =
                "exactly one of nonResourceAttributes or resourceAttributes must be specified";
            errors.invalid(&at.child("resourceAttributes"), &Value::Null, why);
        }
        let nobody =
            meta::text(spec, "/user").is_empty() && meta::items(spec, "/groups").is_empty();
        if matches!(self.question, Question::MaySomebody) && nobody {
            let why = "at least one of user or group must be specified";
            errors.invalid(&at.child("user"), &json!(""), why);
        }
        if !resource.is_null() {
            check_selectors(resource, &at.child("resourceAttributes"), &mut errors);
        }
        let namespace = meta::text(resource, "/namespace");
        if self.namespaced && !resource.is_null() && namespace != meta::namespace(review) {
            let at = at.child("resourceAttributes").child("namespace");
            errors.invalid(&at, &json!(namespace), "must match metadata.namespace");
        }
        if self.namespaced && !other.is_null() {
            let why = "disallowed on this kind of request";
            errors.invalid(&at.child("nonResourceAttributes"), &shown_path(other), why);
        }
        self.check_metadata(&review["metadata"], &mut errors);
        if errors.is_empty() {
            return Ok(());
        }
        Err(Status::invalid(Resource { group: self.group, name: "" }, "", &errors))
    }
}

impl Review {
    /// Reviews are no objects: they have no metadata, but for where they are asked.
    fn check_metadata(&self, metadata: &Value, errors: &mut Errors) {
        const ORDER: [&str; 12] = [
            "name",
            "generateName",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
        ];
        let given = |field: &&str| metadata.get(*field).filter(|value| !value.is_null());
        let allowed = |field: &&str| self.namespaced && *field == "namespace";
        if ORDER.iter().all(|field| given(field).is_none() || allowed(field)) {
            return;
        }
        let fields: Vec<String> = ORDER
            .iter()
            .filter_map(|field| Some(format!("{}:{}", json!(field), given(field)?)))
            .collect();
        let why =
            if self.namespaced { "must be empty except for namespace" } else { "must be empty" };
        errors.invalid_shown(&Path::new("metadata"), &format!("{{{}}}", fields.join(",")), why);
    }
}

/// A path that is asked for, as Go's internal type shows it.
fn shown_path(attributes: &Value) -> Value {
    json!({"Path": meta::text(attributes, "/path"), "Verb": meta::text(attributes, "/verb")})
}

/// Checks selectors of what is asked for: operators that are not known yet are let through.
fn check_selectors(resource: &Value, at: &Path, errors: &mut Errors) {
    for field in ["fieldSelector", "labelSelector"] {
        let Some(selector) = resource.get(field).filter(|it| it.is_object()) else { continue };
        let at = at.child(field);
        let raw = meta::text(selector, "/rawSelector");
        let requirements = meta::items(selector, "/requirements");
        if !raw.is_empty() && !requirements.is_empty() {
            let why = "may not specified at the same time as requirements";
            errors.invalid(&at.child("rawSelector"), &json!(raw), why);
        }
        let at_items = at.child("requirements");
        if raw.is_empty() && requirements.is_empty() {
            let why = format!("when {at} is specified, requirements or rawSelector is required");
            errors.required(&at_items, &why);
        }
        for (index, one) in requirements.iter().enumerate() {
            check_requirement(one, field, &at_items.index(index), errors);
        }
    }
}

fn check_requirement(requirement: &Value, field: &str, at: &Path, errors: &mut Errors) {
    let values = meta::items(requirement, "/values");
    let key = meta::text(requirement, "/key");
    match meta::text(requirement, "/operator") {
        "In" | "NotIn" if values.is_empty() => {
            let why = "must be specified when `operator` is 'In' or 'NotIn'";
            errors.required(&at.child("values"), why);
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            errors.forbidden(&at.child("values"), why);
        }
        _ => {}
    }
    if field == "fieldSelector" {
        if key.is_empty() {
            errors.required(&at.child("key"), "must be specified");
        }
        return;
    }
    for why in names::qualified_name(key) {
        errors.invalid(&at.child("key"), &json!(key), why);
    }
    for (index, value) in values.iter().enumerate() {
        for why in names::label_value(value.as_str().unwrap_or_default()) {
            errors.invalid(&at.child("values").index(index), value, why);
        }
    }
}

async fn whose_token(server: &Arc<Inner>, review: &Value) -> Value {
    let token = meta::text(review, "/spec/token");
    let asked: Vec<String> = meta::items(review, "/spec/audiences")
        .iter()
        .filter_map(|one| Some(one.as_str()?.to_owned()))
        .collect();
    let asked = if asked.is_empty() { vec![server.config.issuer.clone()] } else { asked };
    match authn::user_for(server, token, &asked).await {
        Ok((user, audiences)) => json!({
            "authenticated": true, "user": user.described(), "audiences": audiences,
        }),
        Err(_) => json!({"user": {}, "error": "invalid bearer token"}),
    }
}

fn somebody(spec: &Value) -> User {
    let groups: Vec<String> = meta::items(spec, "/groups")
        .iter()
        .filter_map(|group| Some(group.as_str()?.to_owned()))
        .collect();
    User { name: meta::text(spec, "/user").into(), groups, ..User::default() }
}

async fn may(server: &Arc<Inner>, user: &User, spec: &Value) -> Result<Value, Status> {
    let text = |pointer: &str| meta::text(spec, pointer);
    let path = text("/nonResourceAttributes/path");
    let selected = Selected::of_review(&spec["resourceAttributes"]);
    let attributes = if spec.get("resourceAttributes").is_some_and(|it| !it.is_null()) {
        Attributes {
            verb: text("/resourceAttributes/verb"),
            group: text("/resourceAttributes/group"),
            version: text("/resourceAttributes/version"),
            resource: text("/resourceAttributes/resource"),
            subresource: text("/resourceAttributes/subresource"),
            namespace: text("/resourceAttributes/namespace"),
            name: text("/resourceAttributes/name"),
            selected: Some(&selected),
            path: "",
        }
    } else {
        Attributes {
            verb: text("/nonResourceAttributes/verb"),
            group: "",
            version: "",
            resource: "",
            subresource: "",
            namespace: "",
            name: "",
            selected: None,
            path,
        }
    };
    let decision = authz::decide(server, user, &attributes).await?;
    let mut status = json!({"allowed": decision.allowed});
    if decision.denied {
        status["denied"] = true.into();
    }
    if !decision.reason.is_empty() {
        status["reason"] = decision.reason.into();
    }
    if let Some(error) = decision.error {
        status["evaluationError"] = error.into();
    }
    Ok(status)
}

async fn what_may(server: &Arc<Inner>, user: &User, review: &Value) -> Result<Value, Status> {
    let namespace = meta::text(review, "/spec/namespace");
    if namespace.is_empty() {
        return Err(Status::bad_request("no namespace on request"));
    }
    let mut resource_rules = Vec::new();
    let mut path_rules = Vec::new();
    for rule in authz::rules_of(&server.registry, user, namespace).await? {
        if meta::items(&rule.0, "/nonResourceURLs").is_empty() {
            resource_rules.push(rule.0.as_ref().clone());
        } else {
            path_rules.push(rule.0.as_ref().clone());
        }
    }
    let mut status = json!({
        "resourceRules": resource_rules, "nonResourceRules": path_rules, "incomplete": false,
    });
    if server.config.authorizers.ask_outside() {
        let why = "webhook authorizer does not support user rule resolution";
        status["incomplete"] = true.into();
        status["evaluationError"] = why.into();
    }
    Ok(status)
}
