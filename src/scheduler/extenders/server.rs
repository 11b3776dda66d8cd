//! One extender's server: where it is, how it is known, how long we wait.

use std::{path::PathBuf, time::Duration};

use bytes::Bytes;
use client::{Client, TlsSettings, Transport};
use http::{Request, StatusCode, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::wire;
use crate::config::{ExtenderSettings, TlsSettings as Given};

/// Where nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Answers beyond this are none.
const LONGEST_ANSWER: usize = 64 << 20;

#[derive(Debug)]
pub(super) struct Server {
    client: Client,
    url: String,
}

fn file(path: Option<&PathBuf>) -> Result<Option<Vec<u8>>, String> {
    let Some(path) = path else { return Ok(None) };
    let read = std::fs::read(path);
    read.map(Some).map_err(|error| format!("unable to read {}: {error}", path.display()))
}

/// What stands in the settings themselves beats files.
fn pem(data: &str, path: Option<&PathBuf>) -> Result<Option<Vec<u8>>, String> {
    if data.is_empty() {
        return file(path);
    }
    machinery::base64::decode(data).map(Some).ok_or_else(|| "illegal base64 data".to_owned())
}

fn tls(settings: &ExtenderSettings, given: &Given) -> Result<TlsSettings, String> {
    let authorities = pem(&given.ca_data, given.ca_file.as_ref())?;
    let certificate = pem(&given.cert_data, given.cert_file.as_ref())?;
    let key = pem(&given.key_data, given.key_file.as_ref())?;
    if given.insecure && authorities.is_some() {
        let why = "specifying a root certificates file with the insecure flag is not allowed";
        return Err(why.into());
    }
    let identity = certificate.zip(key).map(|(mut certificate, key)| {
        certificate.push(b'\n');
        certificate.extend(key);
        certificate
    });
    Ok(TlsSettings {
        // As Kubernetes has it: without an authority nobody is verified.
        insecure: given.insecure || settings.enable_https && authorities.is_none(),
        authorities,
        identity,
        server_name: Some(given.server_name.clone()).filter(|name| !name.is_empty()),
        ..TlsSettings::default()
    })
}

impl Server {
    /// Makes ready to ask. Errors: certificates that cannot be read, an address that is none.
    pub(super) async fn open(settings: &ExtenderSettings) -> Result<Self, String> {
        let given = settings.tls_config.clone().unwrap_or_default();
        let mut tls = tls(settings, &given)?;
        tls.timeout = Some(settings.timeout().unwrap_or(TIMEOUT));
        let url = settings.url_prefix.trim_end_matches('/').to_owned();
        let transport = Transport::tcp(&url, &tls).await.map_err(|error| error.to_string())?;
        Ok(Self { client: Client::in_process(transport, "kube-scheduler"), url })
    }

    /// Asks one thing. Errors: no answer in time, another status than 200, an answer that is none.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        verb: &str,
        question: &Value,
    ) -> Result<T, String> {
        let body = serde_json::to_vec(question).map_err(|error| error.to_string())?;
        let request = Request::post(format!("/{verb}"))
            .header(CONTENT_TYPE, "application/json")
            .body(Bytes::from(body))
            .map_err(|error| error.to_string())?;
        let answer = self.client.send(request).await.map_err(|error| error.to_string())?;
        let status = answer.status();
        if status != StatusCode::OK {
            let (url, code) = (&self.url, status.as_u16());
            return Err(format!("failed {verb} with extender at URL {url}/{verb}, code {code}"));
        }
        let mut body = answer.into_body();
        let mut bytes = Vec::new();
        while let Some(chunk) = body.chunk().await {
            bytes.extend_from_slice(&chunk.map_err(|error| error.to_string())?);
            if bytes.len() > LONGEST_ANSWER {
                return Err(format!("the answer of {} is too long", self.url));
            }
        }
        wire::read(&bytes)
    }
}
