//! What the API answers when it does not answer with an object: `metav1.Status`, in Kubernetes'
//! words. Source: `k8s.io/apimachinery/pkg/api/errors`.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::{
    field::{Errors, go_quoted},
    meta,
};

/// A group and resource as error texts name it: `deployments.apps`, `pods`.
#[derive(Debug, Clone, Copy)]
pub struct Resource<'a> {
    /// The API group; empty for the core.
    pub group: &'a str,
    /// The plural name, or the kind where the text speaks of kinds.
    pub name: &'a str,
}

impl fmt::Display for Resource<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() {
            out.write_str(self.name)
        } else {
            write!(out, "{}.{}", self.name, self.group)
        }
    }
}

/// A refusal: HTTP code, reason, message and details.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// The HTTP status code.
    pub code: u16,
    /// The machine-readable reason, such as `NotFound`.
    pub reason: String,
    /// The words for people.
    pub message: String,
    /// What the refusal is about; null where there is nothing to say.
    pub details: Value,
    /// What the caller is warned of besides.
    pub warnings: Vec<String>,
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Status {}

impl Status {
    /// The same refusal for another reason, with its words as a cause.
    pub fn refuse_for(&mut self, reason: &str, code: u16, cause: &str) {
        reason.clone_into(&mut self.reason);
        self.code = code;
        let causes = json!([{"message": cause}]);
        if let Some(details) = self.details.as_object_mut() {
            details.insert("causes".into(), causes);
        }
    }

    /// The same refusal with warnings before those that it has.
    #[must_use]
    pub fn warned(mut self, warnings: &[String]) -> Self {
        self.warnings.splice(0..0, warnings.iter().cloned());
        self
    }

    fn new(code: u16, reason: &str, message: String) -> Self {
        Self { code, reason: reason.into(), message, details: Value::Null, warnings: Vec::new() }
    }

    fn about(mut self, resource: Resource<'_>, name: &str) -> Self {
        let mut details = Map::new();
        for (key, value) in [("name", name), ("group", resource.group), ("kind", resource.name)] {
            if !value.is_empty() {
                details.insert(key.into(), value.into());
            }
        }
        self.details = details.into();
        self
    }

    /// The object as it goes over the wire.
    pub fn to_object(&self) -> Value {
        let mut object = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "code": self.code,
        });
        for (key, value) in [("message", &self.message), ("reason", &self.reason)] {
            if !value.is_empty() {
                object[key] = value.as_str().into();
            }
        }
        if !self.details.is_null() {
            object["details"] = self.details.clone();
        }
        object
    }

    /// Reads a `Status` object; `None` where it is none.
    pub fn from_object(object: &Value) -> Option<Self> {
        if object.get("kind")?.as_str()? != "Status" {
            return None;
        }
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let code = object.get("code").and_then(Value::as_u64).unwrap_or(500);
        Some(Self {
            code: u16::try_from(code).unwrap_or(500),
            reason: text("reason").into(),
            message: text("message").into(),
            details: object.get("details").cloned().unwrap_or(Value::Null),
            warnings: Vec::new(),
        })
    }

    /// There is no such object.
    pub fn not_found(resource: Resource<'_>, name: &str) -> Self {
        Self::new(404, "NotFound", format!("{resource} {} not found", go_quoted(name)))
            .about(resource, name)
    }

    /// There is no such path.
    pub fn no_such_path() -> Self {
        let mut status =
            Self::new(404, "NotFound", "the server could not find the requested resource".into());
        status.details = json!({});
        status
    }

    /// There is such an object already.
    pub fn already_exists(resource: Resource<'_>, name: &str) -> Self {
        let message = format!("{resource} {} already exists", go_quoted(name));
        Self::new(409, "AlreadyExists", message).about(resource, name)
    }

    /// The server found no name that is free.
    pub fn no_free_name(resource: Resource<'_>, name: &str) -> Self {
        let mut status = Self::already_exists(resource, name);
        let why = ", the server was not able to generate a unique name for the object";
        status.message.push_str(why);
        status.details["retryAfterSeconds"] = 1.into();
        status
    }

    /// The object is not in the state that the write rests on.
    pub fn conflict(resource: Resource<'_>, name: &str, why: &str) -> Self {
        let message =
            format!("Operation cannot be fulfilled on {resource} {}: {why}", go_quoted(name));
        Self::new(409, "Conflict", message).about(resource, name)
    }

    /// Somebody else changed the object in between.
    pub fn modified(resource: Resource<'_>, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version \
                   and try again";
        Self::conflict(resource, name, why)
    }

    /// The object breaks rules. `kind` carries the kind's name, not the resource's.
    pub fn invalid(kind: Resource<'_>, name: &str, errors: &Errors) -> Self {
        let message = format!("{kind} {} is invalid: {}", go_quoted(name), errors.sentence());
        let mut status = Self::new(422, "Invalid", message).about(kind, name);
        meta::as_object(&mut status.details);
        status.details["causes"] = errors.causes().into();
        status
    }

    /// The request itself makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message.into())
    }

    /// A failure that Kubernetes answers with its words alone.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(500, "", message.into())
    }

    /// The patch has no media type.
    pub fn no_media_type() -> Self {
        let words = "415: Unsupported Media Type".into();
        Self { details: json!({}), ..Self::new(415, "UnsupportedMediaType", words) }
    }

    /// The caller is not known.
    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized".into())
    }

    /// The caller may not do this; `resource` may be empty for paths.
    pub fn forbidden(resource: Resource<'_>, name: &str, why: &str) -> Self {
        let message = if resource.name.is_empty() {
            format!("forbidden: {why}")
        } else if name.is_empty() {
            format!("{resource} is forbidden: {why}")
        } else {
            format!("{resource} {} is forbidden: {why}", go_quoted(name))
        };
        let status = Self::new(403, "Forbidden", message);
        if resource.name.is_empty() {
            return Self { details: json!({}), ..status };
        }
        status.about(resource, name)
    }

    /// The path exists, this method on it does not.
    pub fn method_not_allowed(resource: Resource<'_>, verb: &str) -> Self {
        let message =
            format!("{verb} is not supported on resources of kind {:?}", resource.to_string());
        Self::new(405, "MethodNotAllowed", message).about(resource, "")
    }

    /// The path exists, this HTTP method on it does not.
    pub fn http_method_not_allowed() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self { details: json!({}), ..Self::new(405, "MethodNotAllowed", message.into()) }
    }

    /// None of the media types that the caller accepts can be given.
    pub fn not_acceptable(supported: &[&str]) -> Self {
        let message =
            format!("only the following media types are accepted: {}", supported.join(", "));
        Self::new(406, "NotAcceptable", message)
    }

    /// The body's media type cannot be read.
    pub fn unsupported_media_type(supported: &[&str]) -> Self {
        let message = format!(
            "the body of the request was in an unknown format - accepted media types include: {}",
            supported.join(", ")
        );
        Self::new(415, "UnsupportedMediaType", message)
    }

    /// The revision asked for is forgotten.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message.into())
    }

    /// A list's next page cannot be given as of the list's revision, but as of now.
    pub fn expired_continue(token: &str) -> Self {
        let mut status = Self::expired(
            "The provided continue parameter is too old to display a consistent list result. You \
             can start a new list without the continue parameter, or use the continue token in \
             this response to retrieve the remainder of the results. Continuing with the provided \
             token results in an inconsistent list - objects that were created, modified, or \
             deleted between the time the first chunk was returned and now may show up in the list.",
        );
        status.details = json!({"continue": token});
        status
    }

    /// The body is larger than the server reads.
    pub fn too_large(limit: usize) -> Self {
        Self::too_much(format!("limit is {limit}"))
    }

    /// The body asks for more than the server does at once.
    pub fn too_much(why: impl fmt::Display) -> Self {
        Self::new(413, "RequestEntityTooLarge", format!("Request entity too large: {why}"))
    }

    /// The revision asked for has not happened yet.
    pub fn future_revision(asked: u64, now: u64) -> Self {
        let message = format!("Timeout: Too large resource version: {asked}, current: {now}");
        let mut status = Self::new(504, "Timeout", message);
        status.details = json!({
            "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
            "retryAfterSeconds": 1,
        });
        status
    }

    /// The server's own time for the request is over.
    pub fn timed_out(cause: impl fmt::Display) -> Self {
        let words = "Timeout: request did not complete within the allotted timeout";
        Self { details: json!({}), ..Self::new(504, "Timeout", format!("{words} - {cause}")) }
    }

    /// The time for the request is over.
    pub fn over_time() -> Self {
        let message = "Timeout: request did not complete within the allotted timeout";
        Self { details: json!({}), ..Self::new(504, "Timeout", message.into()) }
    }

    /// Eviction must wait.
    pub fn too_many_requests(message: impl Into<String>) -> Self {
        Self::new(429, "TooManyRequests", message.into())
    }

    /// Something in the server failed.
    pub fn internal(cause: impl fmt::Display) -> Self {
        let cause = cause.to_string();
        let message = format!("Internal error occurred: {cause}");
        let mut status = Self::new(500, "InternalError", message);
        status.details = json!({"causes": [{"message": cause}]});
        status
    }

    /// A part that the request needs is not there right now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(503, "ServiceUnavailable", message.into())
    }

    /// The server does not do this (yet), and says so.
    pub fn not_implemented(message: impl Into<String>) -> Self {
        Self::new(501, "NotImplemented", message.into())
    }
}
