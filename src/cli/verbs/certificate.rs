//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn approve(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn deny(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}
