//! Reviews: questions that are answered at once and never stored.
//! Source: `authorization.k8s.io/v1` and `authentication.k8s.io/v1`.

use std::sync::Arc;

use axum::response::Response;
use machinery::{meta, status::Status};
use serde_json::{Value, json};

use crate::{
    authn::{self, User},
    authz::{self, Attributes},
    http::{RequestInfo, answer},
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
    /// Answers the question in the body.
    pub(crate) async fn respond(
        &self,
        server: &Arc<Inner>,
        user: &User,
        info: &RequestInfo,
        body: Value,
    ) -> Result<Response, Status> {
        let mut object = body;
        let fields = meta::as_object(&mut object);
        fields.insert("kind".into(), self.kind.into());
        fields.insert("apiVersion".into(), format!("{}/v1", self.group).into());
        let metadata = meta::object_at(&mut object, "metadata");
        if self.namespaced {
            meta::set_default(metadata, "namespace", info.namespace.as_str());
        }
        match self.question {
            Question::WhoAmI => {
                meta::as_object(&mut object).remove("spec");
                let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
                meta::metadata_mut(&mut object).insert("creationTimestamp".into(), now.into());
                object["status"] = json!({"userInfo": user_info(user)});
            }
            Question::WhoseToken => object["status"] = whose_token(server, &object).await,
            Question::MayI => object["status"] = may(server, user, &object["spec"]).await?,
            Question::MaySomebody => {
                let somebody = somebody(&object["spec"])?;
                object["status"] = may(server, &somebody, &object["spec"]).await?;
            }
            Question::WhatMayI => {
                object["status"] = what_may(server, user, &object).await?;
                object["spec"] = json!({});
            }
        }
        Ok(answer::json(201, &object, false))
    }
}

fn user_info(user: &User) -> Value {
    let mut info = json!({"username": user.name, "groups": user.groups});
    if !user.uid.is_empty() {
        info["uid"] = user.uid.as_str().into();
    }
    if !user.extra.is_empty() {
        info["extra"] = json!(user.extra);
    }
    info
}

async fn whose_token(server: &Arc<Inner>, review: &Value) -> Value {
    let token = meta::text(review, "/spec/token");
    match authn::token_user(server, token).await {
        Ok(user) => json!({
            "authenticated": true, "user": user_info(&user),
            "audiences": [server.config.issuer],
        }),
        Err(_) => json!({"user": {}, "error": "invalid bearer token"}),
    }
}

fn somebody(spec: &Value) -> Result<User, Status> {
    let groups: Vec<String> = meta::items(spec, "/groups")
        .iter()
        .filter_map(|group| Some(group.as_str()?.to_owned()))
        .collect();
    let name = meta::text(spec, "/user");
    if name.is_empty() && groups.is_empty() {
        return Err(Status::bad_request(
            "spec.user: Invalid value: \"\": at least one of user or group must be specified",
        ));
    }
    Ok(User { name: name.into(), groups, ..User::default() })
}

async fn may(server: &Arc<Inner>, user: &User, spec: &Value) -> Result<Value, Status> {
    let text = |pointer: &str| meta::text(spec, pointer);
    let path = text("/nonResourceAttributes/path");
    let attributes = if spec.get("resourceAttributes").is_some_and(|it| !it.is_null()) {
        Attributes {
            verb: text("/resourceAttributes/verb"),
            group: text("/resourceAttributes/group"),
            resource: text("/resourceAttributes/resource"),
            subresource: text("/resourceAttributes/subresource"),
            namespace: text("/resourceAttributes/namespace"),
            name: text("/resourceAttributes/name"),
            path: "",
        }
    } else {
        Attributes {
            verb: text("/nonResourceAttributes/verb"),
            group: "",
            resource: "",
            subresource: "",
            namespace: "",
            name: "",
            path,
        }
    };
    let decision = authz::decide(server, user, &attributes).await?;
    let mut status = json!({"allowed": decision.allowed});
    if !decision.reason.is_empty() {
        status["reason"] = decision.reason.into();
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
    Ok(json!({
        "resourceRules": resource_rules, "nonResourceRules": path_rules, "incomplete": false,
    }))
}
