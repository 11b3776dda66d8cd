//! What is said of errors, and with which exit code: kubectl's `CheckErr`.

use std::{fmt, io::Write};

use client::{ClientError, discovery::NoMatch};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Status, StatusCause};

use crate::context::Context;

/// Why a command ends.
#[derive(Debug)]
pub(crate) enum CliError {
    /// `error: words`.
    Plain(String),
    /// `error: words` and where help is.
    Usage { command: String, text: String },
    /// pflag's refusal and where help is.
    Flag { command: String, text: String },
    /// Words without a prefix.
    Words { text: String, code: u8 },
    /// Nothing more to say.
    Silent(u8),
    /// The server's refusal, or no server.
    Client(ClientError),
    /// A refusal while doing something to what a source names.
    While { doing: &'static str, source: String, error: Box<CliError> },
    /// Several, each in its own line.
    Many(Vec<CliError>),
    /// The reader of our output went away.
    Output(std::io::Error),
}

impl CliError {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::Plain(text.into())
    }

    /// One error, or several as one.
    pub(crate) fn all(mut errors: Vec<Self>) -> Result<(), Self> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Many(errors)),
        }
    }

    /// As part of a list of errors, where kubectl puts no prefix before it.
    pub(crate) fn in_list(self) -> Self {
        match self {
            Self::Plain(text) => Self::Words { text, code: 1 },
            other => other,
        }
    }

    /// The client's error inside, if any.
    pub(crate) fn client(&self) -> Option<&ClientError> {
        match self {
            Self::Client(error) => Some(error),
            Self::While { error, .. } => error.client(),
            _ => None,
        }
    }

    pub(crate) fn not_found(&self) -> bool {
        self.client().is_some_and(ClientError::not_found)
    }
}

impl From<ClientError> for CliError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<machinery::jsonpath::JsonPathError> for CliError {
    fn from(error: machinery::jsonpath::JsonPathError) -> Self {
        Self::plain(error.to_string())
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<NoMatch> for CliError {
    fn from(error: NoMatch) -> Self {
        Self::Plain(error.to_string())
    }
}

/// The bare words, without prefix: Go's `err.Error()`.
impl fmt::Display for CliError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text)
            | Self::Usage { text, .. }
            | Self::Flag { text, .. }
            | Self::Words { text, .. } => out.write_str(text),
            Self::Silent(_) => Ok(()),
            Self::Client(ClientError::Status(status)) => {
                out.write_str(status.message.as_deref().unwrap_or_default())
            }
            Self::Client(error) => out.write_str(&client_words(error)),
            Self::While { doing, source, error } => {
                write!(out, "error when {doing} \"{source}\": {error}")
            }
            Self::Many(errors) => {
                let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
                write!(out, "[{}]", words.join(", "))
            }
            Self::Output(error) => write!(out, "{error}"),
        }
    }
}

/// Says what went wrong on stderr and returns the exit code.
pub(crate) fn report(cx: &Context, error: &CliError) -> u8 {
    cx.flush();
    let (text, code) = words(error);
    if !text.is_empty() {
        let mut text = text;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        cx.say_err_raw(&text);
    }
    code
}

/// Writes a last line; nobody is left to hear if that fails.
pub(crate) fn last_words(to: &mut impl Write, text: &str) {
    if to.write_all(text.as_bytes()).is_ok() {
        // A closed pipe is no news at the end.
        drop(to.flush());
    }
}

/// The whole text and the exit code.
pub(crate) fn words(error: &CliError) -> (String, u8) {
    match error {
        CliError::Plain(text) => (with_prefix(text), 1),
        CliError::Usage { command, text } => {
            (format!("{}\nSee '{command} -h' for help and examples\n", with_prefix(text)), 1)
        }
        CliError::Flag { command, text } => {
            (format!("{}\nSee '{command} --help' for usage.\n", with_prefix(text)), 1)
        }
        CliError::Words { text, code } => (text.clone(), *code),
        CliError::Silent(code) => (String::new(), *code),
        CliError::Client(error) => (standard(error, None), 1),
        CliError::While { doing, source, error: inner } => {
            let context = format!("error when {doing} \"{source}\": ");
            match inner.client() {
                Some(client) => (standard(client, Some(&context)), 1),
                None => (with_prefix(&format!("{context}{inner}")), 1),
            }
        }
        CliError::Many(errors) => {
            let lines: Vec<String> = errors.iter().map(line).collect();
            (lines.join("\n"), 1)
        }
        CliError::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            (String::new(), 1)
        }
        CliError::Output(error) => (with_prefix(&error.to_string()), 1),
    }
}

/// One of several errors: what the server says as always, all else without a prefix.
fn line(error: &CliError) -> String {
    match error {
        CliError::Plain(text) => text.clone(),
        CliError::While { error: inner, .. } if inner.client().is_none() => error.to_string(),
        other => words(other).0.trim_end_matches('\n').to_owned(),
    }
}

fn with_prefix(text: &str) -> String {
    if text.starts_with("error: ") { text.to_owned() } else { format!("error: {text}") }
}

fn standard(error: &ClientError, context: Option<&str>) -> String {
    let context = context.unwrap_or_default();
    match error {
        ClientError::Status(status) => status_words(status, context),
        ClientError::Transport { url, source } => transport_words(url, source.as_ref()),
        ClientError::Credentials(_) => format!("Unable to connect to the server: {context}{error}"),
        other => with_prefix(&format!("{context}{}", client_words(other))),
    }
}

fn client_words(error: &ClientError) -> String {
    match error {
        ClientError::Transport { url, source } => {
            format!("Get \"{url}\": {}", deepest(source.as_ref()))
        }
        ClientError::File { path, source } => {
            let why = io_words(source);
            format!("unable to read {}: open {}: {why}", path.display(), path.display())
        }
        ClientError::Decode(source) => format!("cannot decode the answer: {source}"),
        other => other.to_string(),
    }
}

/// An I/O error in Go's words.
pub(crate) fn io_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        std::io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        _ => error.to_string(),
    }
}

fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    match last.downcast_ref::<std::io::Error>() {
        Some(io) => io_words(io),
        None => last.to_string(),
    }
}

fn status_words(status: &Status, context: &str) -> String {
    let message = status.message.as_deref().unwrap_or_default();
    match status.reason.as_deref().unwrap_or_default() {
        "Unauthorized" => {
            let detail = match message {
                "" | "Unauthorized" => "(Unauthorized)".to_owned(),
                message => format!("({message})"),
            };
            format!("error: You must be logged in to the server {detail}")
        }
        "Invalid" => invalid_words(status, context),
        "" => format!("Error from server: {context}{message}"),
        reason => format!("Error from server ({reason}): {context}{message}"),
    }
}

/// Validation: the causes, each in its line if there are several.
fn invalid_words(status: &Status, context: &str) -> String {
    let message = status.message.as_deref().unwrap_or_default();
    let Some(details) = &status.details else {
        return format!("The request is invalid: {context}{message}");
    };
    let (kind, name) =
        (details.kind.as_deref().unwrap_or_default(), details.name.as_deref().unwrap_or_default());
    let head = if kind.is_empty() {
        "The request is invalid".to_owned()
    } else {
        format!("The {kind} \"{name}\" is invalid")
    };
    let mut causes: Vec<String> = Vec::new();
    for words in details.causes.iter().flatten().map(cause_words) {
        // What several checks found is told once.
        if !causes.contains(&words) {
            causes.push(words);
        }
    }
    // A cause that ends its own line, as one that shows a difference, is followed by an empty one.
    let end = if causes.last().is_some_and(|last| last.ends_with('\n')) { "\n" } else { "" };
    match causes.as_slice() {
        [] if message.is_empty() => head,
        [] => format!("{head}: {context}{message}"),
        [one] => format!("{head}: {one}{end}"),
        many => format!("{head}: \n* {}{end}", many.join("\n* ")),
    }
}

fn cause_words(cause: &StatusCause) -> String {
    let (field, message) =
        (cause.field.as_deref().unwrap_or_default(), cause.message.as_deref().unwrap_or_default());
    format!("{field}: {message}")
}

fn transport_words(url: &str, source: &(dyn std::error::Error + 'static)) -> String {
    let host = host_of(url);
    let why = deepest(source);
    let timed_out = source.to_string().contains("deadline has elapsed");
    if why == "connection refused" {
        return format!(
            "The connection to the server {host} was refused - did you specify the right host or port?"
        );
    }
    if timed_out {
        return "Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded \
             while awaiting headers)".to_string();
    }
    let why = if why.contains("UnknownIssuer") {
        "tls: failed to verify certificate: x509: certificate signed by unknown authority"
            .to_owned()
    } else if why.contains("failed to lookup address") {
        let name = host.split(':').next().unwrap_or_default();
        format!("dial tcp: lookup {name}: no such host")
    } else if why == "URL scheme is not allowed" {
        unknown_scheme(url)
    } else {
        why
    };
    format!("Unable to connect to the server: {why}")
}

/// What Go says of an address whose scheme nobody speaks.
fn unknown_scheme(url: &str) -> String {
    format!("unsupported protocol scheme {:?}", url.split(':').next().unwrap_or_default())
}

/// The innermost reason why a server could not be reached, in Go's words.
pub(crate) fn cause_of(url: &str, error: &ClientError) -> String {
    let why = deepest(error);
    match why.rsplit(": ").next().unwrap_or_default() {
        "URL scheme is not allowed" => unknown_scheme(url),
        why => why.to_owned(),
    }
}

/// The host and port of an address.
pub(crate) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::StatusDetails;

    use super::*;

    fn status(reason: &str, message: &str) -> CliError {
        let status = Status {
            reason: Some(reason.to_owned()),
            message: Some(message.to_owned()),
            ..Status::default()
        };
        CliError::Client(ClientError::Status(Box::new(status)))
    }

    #[test]
    fn refusals_get_kubectl_s_words() {
        let missing = || status("NotFound", "pods \"x\" not found");
        let while_creating = CliError::While {
            doing: "creating",
            source: "a.yaml".to_owned(),
            error: Box::new(missing()),
        };
        let usage = CliError::Usage { command: "kubectl set".to_owned(), text: "what".to_owned() };
        for (error, want) in [
            (missing(), "Error from server (NotFound): pods \"x\" not found"),
            (
                while_creating,
                "Error from server (NotFound): error when creating \"a.yaml\": pods \"x\" not found",
            ),
            (usage, "error: what\nSee 'kubectl set -h' for help and examples\n"),
            (
                CliError::Many(vec![CliError::plain("a"), missing()]),
                "a\nError from server (NotFound): pods \"x\" not found",
            ),
            (
                status("Unauthorized", "Unauthorized"),
                "error: You must be logged in to the server (Unauthorized)",
            ),
        ] {
            assert_eq!(words(&error).0, want);
        }
    }

    #[test]
    fn causes_of_a_validation_stand_in_lines() {
        let cause = |field: &str| StatusCause {
            field: Some(field.to_owned()),
            message: Some("Required value".to_owned()),
            reason: None,
        };
        let invalid = |causes| {
            let details = StatusDetails {
                kind: Some("Pod".to_owned()),
                name: Some("p".to_owned()),
                causes: Some(causes),
                ..StatusDetails::default()
            };
            let status = Status {
                reason: Some("Invalid".to_owned()),
                details: Some(details),
                ..Status::default()
            };
            words(&CliError::Client(ClientError::Status(Box::new(status)))).0
        };
        assert_eq!(invalid(vec![cause("a")]), "The Pod \"p\" is invalid: a: Required value");
        assert_eq!(
            invalid(vec![cause("a"), cause("b"), cause("a")]),
            "The Pod \"p\" is invalid: \n* a: Required value\n* b: Required value"
        );
    }
}
