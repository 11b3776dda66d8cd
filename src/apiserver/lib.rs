//! The Kubernetes API over HTTP.
//!
//! A request flows through functions from top to bottom: authenticate, authorize, decode, mutate,
//! validate, transaction, answer. Invariants: only this crate reads or writes the store · no
//! answer shows what a crash could take back · an object is serialised once, when it is written.

mod admission;
mod aggregation;
mod answers;
mod audit;
mod authn;
mod authz;
mod bootstrap;
mod definitions;
mod discovery;
mod flow;
mod http;
mod kept;
mod metrics;
mod node;
mod openapi;
mod outward;
mod quotas;
mod registry;
mod resource_metrics;
mod server;
mod subresources;
mod table;
mod tls;
mod webhook;

#[cfg(test)]
mod fuzz_tests;

pub use crate::{
    admission::{
        event_rate::{EventLimits, EventLimitsError},
        image_policy::{ImagePolicy, ImagePolicyError},
        plugins::{Plugins, PluginsError},
        policies::follow_policies,
    },
    aggregation::{Aggregation, FrontProxy, follow_api_services},
    audit::{
        Audit, AuditBatch, AuditError, AuditLogConfig, AuditMode, AuditPolicy, AuditPolicyError,
        AuditWebhookConfig,
    },
    authn::{
        Anonymous, AuthenticationConfig, AuthenticationConfigError, CertificateUser, Issuers, Oidc,
        OidcConfig, OidcError, PublicKey, RequestHeader, RequestHeaderConfig, RequestHeaderError,
        SecretToken, TokenFile, TokenFileError, TokenSigner, TokenSignerError, TokenWebhook,
        TokenWebhookConfig, TokenWebhookError, User,
    },
    authz::{AuthorizationError, AuthorizationWebhook, Authorizers},
    definitions::follow_definitions,
    flow::follow_flows,
    http::{Listener, ServeError, serve},
    node::{Connecting, NodeConnector, NodeStream},
    quotas::follow_quotas,
    registry::follow_services,
    server::{ApiServer, Config, Limits, ServerError, Tokens},
};
