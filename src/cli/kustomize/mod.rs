//! Kustomizations: what a folder's resources, generators and transformers make, as kustomize builds it.
//! Source: kustomize 5.8, `api/internal/target` and `api/krusty`.
//!
//! Not built, and refused with a word: plugins other than kustomize's own, Helm charts, schemas of one's own, and
//! folders and files that stand at addresses.

mod defaults;
mod document;
mod fields;
mod generate;
mod loader;
mod names;
mod order;
mod origin;
mod overlay;
mod patch;
mod replace;
mod resource;
mod selector;
mod steps;
mod target;
mod transform;
mod vars;

use serde_json::Value;

use crate::report::{self, CliError};

type Built<T> = Result<T, CliError>;

fn fault(text: impl Into<String>) -> CliError {
    CliError::plain(text)
}

/// Names in an error what was being done.
fn within<T>(what: &str, work: impl FnOnce() -> Built<T>) -> Built<T> {
    work().map_err(|error| fault(format!("{what}: {error}")))
}

/// What a build needs to be told.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Settings {
    /// Files may lie outside of the folders that name them.
    pub(crate) load_anywhere: bool,
    /// Charts may be asked for.
    pub(crate) helm: bool,
}

/// Builds the kustomization of a folder: its objects, in their order. `tell` gets the warnings.
///
/// Errors: what kustomize says of a folder that is none, of fields that are wrong, and of objects that clash.
pub(crate) fn build(
    folder: &str,
    settings: Settings,
    tell: &mut dyn FnMut(&str),
) -> Result<Vec<Value>, CliError> {
    let loader = loader::Loader::first(folder, settings.load_anywhere)?;
    target::build(&loader, settings, tell)
}

/// Writes a warning where a person sees it.
pub(crate) fn warn(text: &str) {
    report::last_words(&mut std::io::stderr(), &format!("{text}\n"));
}

#[cfg(test)]
mod tests;
