//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn current_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn delete_cluster(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn delete_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn delete_user(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn get_clusters(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn get_contexts(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn get_users(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn rename_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn set(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn set_cluster(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn set_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn set_credentials(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn unset(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn use_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn view(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}
