//! Kustomizations: still to come.

use serde_json::Value;

use crate::report::CliError;

/// Builds the kustomization of a folder.
pub(crate) fn build(folder: &str) -> Result<Vec<Value>, CliError> {
    if let Err(error) = std::fs::symlink_metadata(folder) {
        let place = std::env::current_dir().unwrap_or_default().join(folder);
        let why = crate::report::io_words(&error);
        return Err(CliError::plain(format!(
            "must build at directory: not a valid directory: evalsymlink failure on '{folder}' : lstat {}: {why}",
            place.display()
        )));
    }
    Err(CliError::plain("kustomizations are not implemented yet in kanoe"))
}
