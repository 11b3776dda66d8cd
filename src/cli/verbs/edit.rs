//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn edited_create(
    cx: &Context,
    parsed: &Parsed,
    _found: crate::resolve::Found,
) -> Result<(), CliError> {
    super::missing::run(cx, parsed.clone()).await
}
