//! What the queries of a pod's subresources may hold.
//! Source: `PodLogOptions`, `PodExecOptions` and their kin in `k8s.io/api/core/v1`.

type Options = &'static [(&'static str, &'static str, &'static str)];

const CONTAINER: (&str, &str, &str) =
    ("container", "string", "The container; it may be left out where the pod has only one.");
const STDIN: (&str, &str, &str) =
    ("stdin", "boolean", "Whether the process's standard input comes from the caller.");
const STDOUT: (&str, &str, &str) =
    ("stdout", "boolean", "Whether the process's standard output goes to the caller.");
const STDERR: (&str, &str, &str) =
    ("stderr", "boolean", "Whether the process's standard error goes to the caller.");
const TTY: (&str, &str, &str) = ("tty", "boolean", "Whether the process has a terminal.");

pub(super) const ATTACH: Options = &[CONTAINER, STDERR, STDIN, STDOUT, TTY];

pub(super) const EXEC: Options = &[
    ("command", "string", "The command and its arguments, one by one; no shell reads them."),
    CONTAINER,
    STDERR,
    STDIN,
    STDOUT,
    TTY,
];

pub(super) const LOG: Options = &[
    CONTAINER,
    ("follow", "boolean", "Whether the answer goes on with what the container writes."),
    (
        "insecureSkipTLSVerifyBackend",
        "boolean",
        "Whether the node's certificate is taken unseen: what is read may then come from anybody.",
    ),
    ("limitBytes", "integer", "The most bytes that are answered."),
    ("previous", "boolean", "Whether the container that ran before is meant."),
    ("sinceSeconds", "integer", "Only lines of the last so many seconds."),
    ("stream", "string", "The stream that is read: All, Stdout or Stderr."),
    ("tailLines", "integer", "Only so many lines from the end."),
    ("timestamps", "boolean", "Whether each line begins with its time."),
];

pub(super) const PORT_FORWARD: Options =
    &[("ports", "integer", "The ports that are forwarded; only for WebSocket.")];

/// Of everything that requests are passed through.
pub(crate) const PROXY: Options =
    &[("path", "string", "The path that the request goes to, below the target's root.")];
