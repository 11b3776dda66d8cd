//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}
