//! Requests on their way to the cluster, those that ask for another protocol included.

use bytes::Bytes;
use client::{Body, Client, Upgrade};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

use crate::report::CliError;

/// The way to the cluster.
pub(super) struct Road {
    pub(super) client: Client,
}

/// What concerns one connection only, or is the user's own to say.
const NOT_PASSED: [HeaderName; 7] = [
    header::HOST,
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
];

impl Road {
    /// Passes a request on to `path`, and answers with what comes back.
    ///
    /// Errors: no answer.
    pub(super) async fn pass(
        &self,
        request: Request<Incoming>,
        path: &str,
    ) -> Result<Response<Body>, CliError> {
        if let Some(protocol) = upgrade(request.headers()).cloned() {
            return self.switch(request, path, &protocol).await;
        }
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(|error| CliError::plain(error.to_string()))?;
        let mut onward = onward(&parts, path, body.to_bytes())?;
        onward.headers_mut().remove(header::UPGRADE);
        let mut answer = self.client.send(onward).await?;
        clean(answer.headers_mut());
        Ok(answer)
    }

    /// Passes on a request that asks for another protocol; where the cluster agrees, both sides talk
    /// until one of them ends it.
    async fn switch(
        &self,
        mut request: Request<Incoming>,
        path: &str,
        protocol: &HeaderValue,
    ) -> Result<Response<Body>, CliError> {
        let here = hyper::upgrade::on(&mut request);
        let (parts, _) = request.into_parts();
        let mut onward = onward(&parts, path, Bytes::new())?;
        onward.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        onward.headers_mut().insert(header::UPGRADE, protocol.clone());
        let (headers, mut there) = match self.client.upgrade(onward).await? {
            Upgrade::Refused(mut answer) => {
                clean(answer.headers_mut());
                return Ok(answer);
            }
            Upgrade::Switched { headers, stream } => (headers, stream),
        };
        tokio::task::spawn_local(async move {
            let Ok(here) = here.await else { return };
            // However it ends, both sides see it.
            drop(tokio::io::copy_bidirectional(&mut TokioIo::new(here), &mut there).await);
        });
        let mut answer = Response::new(Body::from(Bytes::new()));
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

/// The protocol that a request asks for.
fn upgrade(headers: &HeaderMap) -> Option<&HeaderValue> {
    let asks = headers.get_all(header::CONNECTION).iter().any(|value| {
        let text = value.to_str().unwrap_or_default();
        text.split(',').any(|word| word.trim().eq_ignore_ascii_case("upgrade"))
    });
    headers.get(header::UPGRADE).filter(|_| asks)
}

fn onward(
    parts: &http::request::Parts,
    path: &str,
    body: Bytes,
) -> Result<Request<Bytes>, CliError> {
    let mut onward = Request::builder().method(&parts.method).uri(path);
    let length = header::CONTENT_LENGTH;
    for (name, value) in &parts.headers {
        if *name != length && !NOT_PASSED.contains(name) {
            onward = onward.header(name, value);
        }
    }
    Ok(onward.body(body).map_err(client::ClientError::from)?)
}

/// Takes out of an answer what is not for the other side: another origin's rights among it, for the
/// proxy is an origin of its own.
fn clean(headers: &mut HeaderMap) {
    for name in NOT_PASSED {
        headers.remove(name);
    }
    for name in [
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        header::ACCESS_CONTROL_ALLOW_METHODS,
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        header::ACCESS_CONTROL_MAX_AGE,
    ] {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upgrades_are_asked_for_in_two_headers() {
        let asked = |connection: &'static str, protocol: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONNECTION, HeaderValue::from_static(connection));
            headers.insert(header::UPGRADE, HeaderValue::from_static(protocol));
            upgrade(&headers).is_some()
        };
        assert!(asked("Upgrade", "websocket"));
        assert!(asked("keep-alive, upgrade", "SPDY/3.1"));
        assert!(!asked("keep-alive", "h2c"));
        assert!(upgrade(&HeaderMap::new()).is_none());
    }
}
