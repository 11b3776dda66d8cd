//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn can_i(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn reconcile(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn whoami(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}
