//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn list(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}
