//! YAML and JSON text, in and out, as the Go programs of Kubernetes read and write it.
//!
//! In: YAML 1.1 with go-yaml's resolver (`yes`, `0644`, merges), the last of duplicate keys wins
//! unless asked to be strict. Out: keys in natural order, go-yaml's quoting and folding; JSON with
//! Go's escapes. Source: go-yaml v2 and `sigs.k8s.io/yaml`. Text of strangers cannot blow up: aliases
//! and depth are bounded.

mod json;
mod natural;
mod read;
mod resolve;
mod write;

pub use json::{compact, pretty, quoted, syntax_error};
pub use read::{YamlError, documents, parse, parse_strict, parse_v3};
pub use write::{append, to_string};
