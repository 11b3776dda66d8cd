//! A small issuer of `OpenID` Connect tokens: documents over TLS, and tokens that it signs.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer as Authority, KeyPair};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring as provider,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use serde_json::{Value, json};

pub(crate) const URL: &str = "https://127.0.0.1:16500";

/// A key by name.
struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("keys can be made");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random);
        Self { id: id.to_owned(), pair: pair.expect("the key is fresh") }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id,
            "x": BASE64URL.encode(&point[1..33]), "y": BASE64URL.encode(&point[33..])})
    }
}

/// The issuer; it serves until the test ends.
pub(crate) struct Issuer {
    key: Arc<Mutex<Key>>,
    /// How often its keys were asked for.
    pub(crate) asked: Arc<AtomicUsize>,
}

/// A TLS server's configuration for 127.0.0.1; its authority is written to `authority`.
pub(crate) fn tls(authority: &Path) -> Arc<ServerConfig> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("keys can be made");
    let certificate = params.self_signed(&key).expect("authorities can be made");
    fs::write(authority, certificate.pem()).expect("the folder is there");
    let issuer = Authority::new(params, key);
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let own = KeyPair::generate().expect("keys can be made");
    let params = CertificateParams::new(names).expect("the names are good");
    let certificate = params.signed_by(&own, &issuer).expect("certificates can be made");
    let key = PrivateKeyDer::try_from(own.serialize_der()).expect("the key is fresh");
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let builder = ServerConfig::builder_with_provider(Arc::new(provider::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("ring has them");
    let config = builder.with_no_client_auth().with_single_cert(chain, key);
    Arc::new(config.expect("chain and key belong together"))
}

impl Issuer {
    pub(crate) fn start(authority: &Path) -> Self {
        let config = tls(authority);
        let socket = TcpListener::bind("127.0.0.1:16500").expect("the port is free");
        let issuer = Self { key: Arc::new(Mutex::new(Key::new("first"))), asked: Arc::default() };
        let (key, asked) = (Arc::clone(&issuer.key), Arc::clone(&issuer.asked));
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config));
                let mut stream = StreamOwned::new(connection.expect("it is complete"), stream);
                let mut request = [0; 4096];
                let Ok(length) = stream.read(&mut request) else { continue };
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let document = if request.starts_with("GET /.well-known/openid-configuration ") {
                    json!({"issuer": URL, "jwks_uri": format!("{URL}/keys")})
                } else {
                    asked.fetch_add(1, SeqCst);
                    json!({"keys": [key.lock().expect("nobody panics").public()]})
                };
                let body = document.to_string();
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
                drop(stream.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes()));
                drop(stream.flush());
            }
        });
        issuer
    }

    /// Signs with another key from now on.
    pub(crate) fn rotate(&self) {
        *self.key.lock().expect("nobody panics") = Key::new("second");
    }

    /// Signs claims.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let key = self.key.lock().expect("nobody panics");
        let header = json!({"alg": "ES256", "kid": key.id}).to_string();
        let text = format!("{}.{}", BASE64URL.encode(header), BASE64URL.encode(claims.to_string()));
        let signature = key.pair.sign(&SystemRandom::new(), text.as_bytes());
        format!("{text}.{}", BASE64URL.encode(signature.expect("the key signs").as_ref()))
    }
}
