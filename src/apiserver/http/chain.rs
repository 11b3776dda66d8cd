//! The way of a request before it is answered: who calls, what is written down, whom they act as,
//! whether they must wait, and whether they may. Source: kube-apiserver's `DefaultBuildHandlerChain`.

use std::sync::Arc;

use axum::{body::Body, response::Response};
use http::request::Parts;
use machinery::status::Status;
use tokio::time::Instant;

use super::{Allowed, Front, Query, RequestInfo, deadline, dispatch, plain};
use crate::{
    audit,
    authn::{self, User},
    authz::{self, Attributes},
    flow, metrics,
    server::Inner,
};

/// A request of a known caller, before anything is decided.
pub(crate) struct Asked {
    pub(crate) server: Arc<Inner>,
    pub(crate) user: User,
    pub(crate) parts: Parts,
    pub(crate) query: Query,
    pub(crate) info: RequestInfo,
    pub(crate) received: Instant,
}

/// Answers a request.
pub(super) async fn respond(
    front: &Front,
    mut parts: Parts,
    body: Body,
) -> Result<Response, Status> {
    let received = lifecycle::clock::instant();
    let server = Arc::clone(&front.server.inner);
    let user = match &front.user {
        Some(user) => Ok(user.clone()),
        None => authn::authenticate(&server, &mut parts).await,
    };
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let info = RequestInfo::of(&parts.method, parts.uri.path(), &query);
    let (user, refused) = match user {
        Ok(user) => (user, None),
        Err(status) => (User::default(), Some(status)),
    };
    let audit = server.config.audit.clone();
    let asked = Asked { server, user, parts, query, info, received };
    match (audit, refused) {
        (None, None) => admitted(asked, body).await,
        (Some(audit), None) => audit::followed(&audit, asked, body).await,
        (audit, Some(status)) => {
            if let Some(audit) = audit {
                audit.unknown(&asked, &status).await;
            }
            Err(status)
        }
    }
}

/// Answers a request of a caller who is known.
pub(crate) async fn admitted(asked: Asked, body: Body) -> Result<Response, Status> {
    let Asked { server, user: caller, parts, query, info, received } = asked;
    let user = authn::impersonate(&server, caller.clone(), &parts.headers, &info).await?;
    let goes_on = metrics::is_long_running(&info);
    // A watch counts while it begins; other requests that go on never do.
    let place = if goes_on && info.verb != "watch" {
        None
    } else {
        match flow::enter(&server, &user, &info).await {
            Ok(place) => place,
            Err(response) => {
                let told = (&parts.method, &parts.headers);
                let measured = metrics::measure(&server, told, &info, &query, received);
                measured.answered(response.status().as_u16());
                return Ok(response);
            }
        }
    };
    let request = Asked { server, user, parts, query, info, received };
    let mut answer = Box::pin(allowed(request, &caller, goes_on, body)).await;
    if let (Some(place), Ok(response)) = (place, &mut answer) {
        place.sign(response);
    }
    answer
}

/// Answers a request that has its place, if its user may ask it.
async fn allowed(
    asked: Asked,
    caller: &User,
    goes_on: bool,
    body: Body,
) -> Result<Response, Status> {
    let Asked { server, user, parts, query, info, received } = asked;
    let wanted = Attributes::of(&info);
    let decision = authz::decide(&server, &user, &wanted).await?;
    audit::decided(caller, &user, &decision);
    if !decision.allowed {
        if let Some(error) = &decision.error {
            let uri = parts.uri.path_and_query().map_or("/", |it| it.as_str());
            return Ok(plain(500, format!("Internal Server Error: {uri:?}: {error}\n")));
        }
        return Err(authz::refusal(&user, &wanted, &decision.reason));
    }

    let told = (&parts.method, &parts.headers);
    let measured = metrics::measure(&server, told, &info, &query, received);
    let request = Allowed { server, user, parts, query, info, measured: None };
    if goes_on {
        let measured = Arc::new(measured);
        let request = Allowed { measured: Some(Arc::clone(&measured)), ..request };
        let answer = Box::pin(dispatch(request, body)).await;
        measured.answered(code_of(&answer));
        return answer.map(|response| metrics::hold(response, measured));
    }
    let time = deadline::of(&request.query, request.server.config.limits.request_timeout)?;
    let answer = match tokio::time::timeout(time, Box::pin(dispatch(request, body))).await {
        Ok(answer) => answer,
        Err(_) => Err(Status::over_time()),
    };
    measured.answered(code_of(&answer));
    if let Ok(response) = &answer {
        measured.sized(response);
    }
    answer
}

fn code_of(answer: &Result<Response, Status>) -> u16 {
    match answer {
        Ok(response) => response.status().as_u16(),
        Err(status) => status.code,
    }
}
