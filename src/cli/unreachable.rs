//! What kubectl says of a server that cannot be reached: each try to learn its groups, and the file that
//! could not be checked for that.

use client::{ClientError, discovery::DiskCache};

use crate::{
    args::Parsed,
    context::Context,
    report::{self, CliError},
    traffic,
};

/// How a verb takes a server that cannot be reached.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manner {
    /// How often it tries to learn the groups of the server before it gives up.
    tries: usize,
    /// It lets the server check what its files say.
    validates: bool,
}

impl Manner {
    pub(crate) fn of(parsed: &Parsed) -> Self {
        let given = |flag: &str| parsed.knows(flag) && !parsed.list(flag).is_empty();
        let validates =
            parsed.knows("validate") && !matches!(parsed.text("validate"), "false" | "ignore");
        let tries = if given("filename") || given("kustomize") {
            usize::from(!validates)
        } else {
            tries(&parsed.path)
        };
        Self { tries, validates }
    }
}

fn tries(path: &str) -> usize {
    match path {
        "auth whoami" | "cp" | "top pod" | "top node" | "version" => 0,
        path if path.starts_with("create ") => 0,
        "api-resources" | "api-versions" | "run" => 1,
        "auth can-i" | "explain" | "taint" => 2,
        "attach"
        | "certificate approve"
        | "certificate deny"
        | "cordon"
        | "debug"
        | "drain"
        | "exec"
        | "logs"
        | "port-forward"
        | "uncordon" => 4,
        path if path.starts_with("set ") => 4,
        _ => 5,
    }
}

/// The groups of a server could not be learned: a line for each try.
pub(crate) fn complain(cx: &Context, error: &ClientError) {
    let ClientError::Transport { url, .. } = error else { return };
    let (host, why) = (report::host_of(url), report::cause_of(url, error));
    cx.flush();
    for _ in 0..cx.manner().tries {
        traffic::unlearned(server_of(url), host, &why);
    }
}

/// Nobody could say who asks: a line for each try, where the groups are not known from before.
pub(crate) fn complain_of_credentials(cx: &Context, server: &str, error: &ClientError) {
    let ClientError::Credentials(why) = error else { return };
    if DiskCache::new(&cx.cache_root(), server).load().is_some() {
        return;
    }
    for _ in 0..cx.manner().tries {
        traffic::no_groups(server.trim_end_matches('/'), &format!("getting credentials: {why}"));
    }
}

fn server_of(url: &str) -> &str {
    url.split("/api").next().unwrap_or_default()
}

/// Why a request was not answered, in Go's words; what else there is as it is.
pub(crate) fn dialling(method: &str, error: &ClientError) -> String {
    let ClientError::Transport { url, .. } = error else { return error.to_string() };
    let why = traffic::dial_words(report::host_of(url), &report::cause_of(url, error));
    // What kubectl asks for groups has a limit in its address.
    let url = url.strip_suffix("/api").map_or(url.clone(), |url| format!("{url}/api?timeout=32s"));
    format!("{method} {url:?}: {why}")
}

/// The refusal of a file for which the server could not be asked.
pub(crate) fn of_file(cx: &Context, source: &str, error: CliError) -> CliError {
    let (server, why) = match error.client() {
        Some(client @ ClientError::Transport { url, .. }) => {
            let why = report::cause_of(url, client);
            (server_of(url).to_owned(), traffic::dial_words(report::host_of(url), &why))
        }
        Some(ClientError::Credentials(why)) => {
            let connection = cx.connection().ok().flatten();
            let server = connection.map(|one| one.server().trim_end_matches('/').to_owned());
            (server.unwrap_or_default(), format!("getting credentials: {why}"))
        }
        _ => return error,
    };
    CliError::plain(if cx.manner().validates {
        format!(
            "error validating {source:?}: error validating data: failed to download openapi: Get \
             \"{server}/openapi/v2?timeout=32s\": {why}; if you choose to ignore these errors, turn \
             validation off with --validate=false"
        )
    } else {
        format!("unable to recognize {source:?}: Get \"{server}/api?timeout=32s\": {why}")
    })
}
