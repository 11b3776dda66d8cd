//! SPDY/3.1, which kubectl spoke before WebSocket: commands, attached containers, forwarded ports.
//!
//! Every stream names its use in its header `streamtype`. Source: the kubelet's remotecommand and
//! portforward packages.

mod command;
mod ports;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper_util::rt::TokioIo;
pub(super) use ports::forward;
use spdy::{MEANING, VERSION};

use super::work::Work;
use super::{Refusal, Serving};

/// What we would have understood, for a caller that offers nothing of it.
const UNDERSTOOD: &str = "x-accepted-stream-protocol-versions";
/// Meanings of a command's streams.
const COMMANDS: &[&str] =
    &["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];
/// Meanings of a forwarded port's streams.
const PORTS: &[&str] = &["portforward.k8s.io"];

/// Switches the connection to SPDY and works on it beside.
pub(super) fn upgrade(serving: &Arc<Serving>, mut request: Request, work: Work) -> Response {
    let served = match work {
        Work::Command { .. } => COMMANDS,
        Work::PortForward { .. } => PORTS,
    };
    let meaning = match negotiate(request.headers(), served) {
        Ok(meaning) => meaning,
        Err(refusal) => return *refusal,
    };
    let upgrading = hyper::upgrade::on(&mut request);
    let shared = Arc::clone(serving);
    serving.tasks.spawn("kubelet/spdy", async move {
        let Ok(upgraded) = upgrading.await else { return };
        let io = TokioIo::new(upgraded);
        match work {
            Work::Command { process, asked } => {
                let works = |streams| command::run(streams, process, asked, meaning);
                spdy::serve(io, works).await;
            }
            Work::PortForward { pod, .. } => forward(shared, io, pod).await,
        }
    });
    let switched = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, VERSION)
        .header(MEANING, meaning)
        .body(Body::empty());
    switched
        .unwrap_or_else(|error| Refusal(StatusCode::BAD_REQUEST, error.to_string()).into_response())
}

/// The first meaning that the caller offers and we serve. Source: apimachinery's `httpstream.Handshake`.
fn negotiate(
    headers: &HeaderMap,
    served: &'static [&'static str],
) -> Result<&'static str, Box<Response>> {
    let values = headers.get_all(MEANING).iter().filter_map(|value| value.to_str().ok());
    let offered: Vec<&str> = values.flat_map(|value| value.split(',').map(str::trim)).collect();
    if offered.is_empty() {
        let text = "unable to upgrade: X-Stream-Protocol-Version is required".to_owned();
        return Err(Box::new(Refusal(StatusCode::BAD_REQUEST, text).into_response()));
    }
    let known = |wanted: &&str| served.iter().copied().find(|served| served == wanted);
    offered.iter().find_map(known).ok_or_else(|| {
        let text = format!(
            "unable to upgrade: unable to negotiate protocol: client supports [{}], server accepts [{}]",
            offered.join(" "),
            served.join(" ")
        );
        let mut refusal = Refusal(StatusCode::FORBIDDEN, text).into_response();
        for name in served {
            refusal.headers_mut().append(UNDERSTOOD, header::HeaderValue::from_static(name));
        }
        Box::new(refusal)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_first_wish_that_is_served_wins() {
        for (case, offered, want) in [
            ("kubectl's", &["v4.channel.k8s.io", "channel.k8s.io"][..], Ok("v4.channel.k8s.io")),
            ("in one line", &["v9.x, v2.channel.k8s.io"], Ok("v2.channel.k8s.io")),
            ("unknown", &["v9.x"], Err(StatusCode::FORBIDDEN)),
            ("nothing", &[], Err(StatusCode::BAD_REQUEST)),
        ] {
            let mut headers = HeaderMap::new();
            for value in offered {
                headers.append(MEANING, header::HeaderValue::from_static(value));
            }
            let found = negotiate(&headers, COMMANDS).map_err(|refusal| refusal.status());
            assert_eq!(found, want, "{case}");
        }
    }
}
