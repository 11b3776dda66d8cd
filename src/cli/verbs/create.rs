//! Not written yet.

use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn clusterrole(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn clusterrolebinding(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn configmap(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn cronjob(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn deployment(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn ingress(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn job(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn namespace(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn poddisruptionbudget(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn priorityclass(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn quota(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn role(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn rolebinding(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn secret_docker_registry(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn secret_generic(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn secret_tls(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn service_clusterip(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn service_externalname(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn service_loadbalancer(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn service_nodeport(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn serviceaccount(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}

pub(crate) async fn token(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    super::missing::run(cx, parsed).await
}
