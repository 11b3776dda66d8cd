//! Verbs that are still to come say so.

use crate::{args::Parsed, context::Context, report::CliError};

/// Refuses: the verb is known, but not done.
#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn run(_cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    Err(CliError::plain(format!("\"{}\" is not implemented yet in kanoe", parsed.path)))
}
