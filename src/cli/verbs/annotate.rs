//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn annotate(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn label(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}
