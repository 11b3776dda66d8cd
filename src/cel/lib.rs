//! The Common Expression Language as Kubernetes uses it: expressions are parsed, checked against
//! types, given a price, and evaluated within a limit. Pure: knows no cluster, no clock, no store.
//!
//! Nothing that an expression says can panic, hang or take memory without bound: its length, its
//! depth and what it takes are limited. Source: the CEL specification; google/cel-go, whose words
//! and costs these are; `k8s.io/apiserver/pkg/cel` for what Kubernetes adds.

mod ast;
mod authorizer;
mod call_cost;
mod checker;
mod cost;
mod declarations;
mod declared;
mod eval;
mod functions;
mod infer;
mod issue;
mod lexer;
mod literal;
mod parser;
mod program;
mod runtime_cost;
mod types;
mod value;

pub use authorizer::{Answer, Authorizer, Check, Question};
pub use checker::Names;
pub use declared::{Declared, escape, from_json, is_identifier, to_json};
pub use eval::Bindings;
pub use functions::{semver::Semver, url::Url};
pub use issue::Issues;
pub use program::{Outcome, Program};
pub use types::{Object, Type};
pub use value::{EvalError, Identity, Key, List, Value};

/// The most that one evaluation may take.
pub const PER_CALL_LIMIT: u64 = 1_000_000;
/// The most that all rules of an object may take together.
pub const BUDGET: u64 = 10_000_000;
/// The most that the conditions of one policy or webhook may take together.
pub const CONDITIONS_BUDGET: u64 = 2_500_000;

#[cfg(test)]
mod fuzz_tests;
#[cfg(test)]
mod tests;
