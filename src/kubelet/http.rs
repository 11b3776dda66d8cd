//! The little HTTP that probes and hooks speak: one GET, its status and the start of its body.

use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Most that is read of a body.
const MAX_BODY: usize = 10 << 10;

/// Why there is no answer, in the words of Go's HTTP client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Get \"{url}\": {cause}")]
pub(crate) struct GetError {
    pub(crate) url: String,
    pub(crate) cause: String,
}

/// A status code and the start of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Asks once; follows nothing. Certificates are not checked, as the kubelet does not.
pub(crate) async fn get(url: &str, headers: &[(String, String)]) -> Result<Answer, GetError> {
    let failed = |cause: String| GetError { url: url.to_owned(), cause };
    if url.starts_with("https://") {
        return get_over_tls(url, headers).await;
    }
    let uri: http::Uri =
        url.parse().map_err(|error: http::uri::InvalidUri| failed(error.to_string()))?;
    let authority = uri.authority().map(http::uri::Authority::to_string).unwrap_or_default();
    let stream = dial(&authority).await.map_err(&failed)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failed(error.to_string()))?;
    let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let mut request = Request::get(path);
    let own = |wanted: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
    if !own("host") {
        request = request.header("Host", &authority);
    }
    if !own("user-agent") {
        request = request.header("User-Agent", "kube-probe/1.36");
    }
    if !own("accept") {
        request = request.header("Accept", "*/*");
    }
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request
        .header("Connection", "close")
        .body(Empty::<bytes::Bytes>::new())
        .map_err(|error| failed(error.to_string()))?;
    let exchange = async {
        let answer = sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let mut body = answer.into_body();
        let mut kept = Vec::new();
        while kept.len() < MAX_BODY
            && let Some(frame) = body.frame().await
        {
            kept.extend_from_slice(frame?.data_ref().map(AsRef::as_ref).unwrap_or_default());
        }
        kept.truncate(MAX_BODY);
        Ok::<_, hyper::Error>(Answer { status, body: kept })
    };
    // The connection is driven here, and dropped with whichever ends first.
    let both = async {
        tokio::pin!(exchange);
        tokio::pin!(connection);
        tokio::select! {
            answer = &mut exchange => answer,
            driven = &mut connection => match driven {
                Ok(()) => exchange.await,
                Err(error) => Err(error),
            },
        }
    };
    both.await.map_err(|error| failed(error.to_string()))
}

/// Connects; an error reads as Go's does.
pub(crate) async fn dial(address: &str) -> Result<TcpStream, String> {
    TcpStream::connect(address).await.map_err(|error| {
        let words = match error.kind() {
            std::io::ErrorKind::ConnectionRefused => "connect: connection refused".to_owned(),
            std::io::ErrorKind::HostUnreachable => "connect: no route to host".to_owned(),
            std::io::ErrorKind::NetworkUnreachable => "connect: network is unreachable".to_owned(),
            _ => error.to_string(),
        };
        format!("dial tcp {address}: {words}")
    })
}

async fn get_over_tls(url: &str, headers: &[(String, String)]) -> Result<Answer, GetError> {
    let failed = |error: reqwest::Error| GetError { url: url.to_owned(), cause: error.to_string() };
    // Fails only if another part of the program has chosen one before, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_mins(1))
        .build()
        .map_err(failed)?;
    let mut request = client.get(url).header("User-Agent", "kube-probe/1.36");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let answer = request.send().await.map_err(failed)?;
    let status = answer.status().as_u16();
    let mut body = answer.bytes().await.map_err(failed)?.to_vec();
    body.truncate(MAX_BODY);
    Ok(Answer { status, body })
}
