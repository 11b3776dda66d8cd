//! Signing certificates by the cluster's authority, as kube-controller-manager does.
//!
//! rcgen knows one value of a kind in a subject; a user's groups are several organizations. So the
//! certificate that it made is given the subject of the request, in the order of Go's `pkix.Name`, and
//! signed once more. Source: `pkg/controller/certificates/authority`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{
    CertificateSigningRequestParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SerialNumber, SigningKey as _,
};
use x509_parser::{
    certification_request::X509CertificationRequest, pem, prelude::FromDer as _, x509::X509Name,
};

/// The authority's key.
pub(crate) struct Signing(Issuer<'static, KeyPair>);

impl Signing {
    /// Signs by this key.
    pub(crate) fn new(issuer: Issuer<'static, KeyPair>) -> Self {
        Self(issuer)
    }

    /// The certificate, DER, with another subject.
    fn with_subject(&self, certificate: &[u8], subject: &[u8]) -> Option<Result<Vec<u8>, String>> {
        let whole = items(content(certificate)?)?;
        let [signed, algorithm, _] = whole.as_slice() else { return None };
        let mut parts = items(content(signed)?)?;
        *parts.get_mut(SUBJECT)? = subject;
        let signed = tlv(SEQUENCE, &parts.concat());
        let signature = match self.0.key().sign(&signed) {
            Ok(signature) => tlv(BIT_STRING, &[&[0], signature.as_slice()].concat()),
            Err(error) => return Some(Err(error.to_string())),
        };
        Some(Ok(tlv(SEQUENCE, &[&signed, *algorithm, &signature].concat())))
    }
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signing")
    }
}

impl controllers::Signer for Signing {
    fn sign(&self, order: &controllers::Order) -> Result<String, String> {
        let text = |error: rcgen::Error| error.to_string();
        let unreadable = || "the request cannot be read".to_owned();
        let (_, block) = pem::parse_x509_pem(order.request.as_bytes()).map_err(|_| unreadable())?;
        let (_, read) =
            X509CertificationRequest::from_der(&block.contents).map_err(|_| unreadable())?;
        let subject = subject(&read.certification_request_info.subject);
        let mut request =
            CertificateSigningRequestParams::from_pem(&order.request).map_err(text)?;
        let params = &mut request.params;
        let usages = |word: &String| USAGES.iter().find(|(name, ..)| name == word);
        let usages: Vec<_> = order.usages.iter().filter_map(usages).collect();
        params.key_usages = usages.iter().filter_map(|usage| usage.1).collect();
        params.extended_key_usages = usages.iter().filter_map(|usage| usage.2.clone()).collect();
        params.is_ca = IsCa::ExplicitNoCa;
        params.not_before = at(order.not_before)?;
        params.not_after = at(order.not_after)?;
        params.serial_number = Some(SerialNumber::from(rand::random::<u64>() >> 1));
        let certificate = request.signed_by(&self.0).map_err(text)?;
        let signed = self.with_subject(certificate.der(), &subject);
        Ok(pem_of(&signed.ok_or("the certificate cannot be read")??))
    }
}

/// An instant as X.509 has it: of whole seconds.
fn at(time: jiff::Timestamp) -> Result<time::OffsetDateTime, String> {
    time::OffsetDateTime::from_unix_timestamp(time.as_second()).map_err(|error| error.to_string())
}

fn pem_of(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = "-----BEGIN CERTIFICATE-----\n".to_owned();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    out.push_str("-----END CERTIFICATE-----\n");
    out
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const BIT_STRING: u8 = 0x03;
const UTF8: u8 = 0x0c;
const PRINTABLE: u8 = 0x13;
/// Where the subject stands in what is signed: behind version, number, algorithm, issuer, validity.
const SUBJECT: usize = 5;

/// The last arcs below 2.5.4 of what a subject may have, in Go's order: country, organization, unit,
/// locality, province, street, postal code, name, serial number.
const ATTRIBUTES: [u8; 9] = [6, 10, 11, 7, 8, 9, 17, 3, 5];

/// A subject in Go's order: values of one kind stand together.
fn subject(name: &X509Name<'_>) -> Vec<u8> {
    let mut sets = Vec::new();
    for arc in ATTRIBUTES {
        let oid = [0x06, 0x03, 0x55, 0x04, arc];
        let mut values: Vec<Vec<u8>> = name
            .iter_attributes()
            .filter(|one| one.attr_type().as_bytes() == &oid[2..])
            .filter_map(|one| one.as_str().ok())
            .map(|text| tlv(SEQUENCE, &[oid.as_slice(), &tlv(tag(text), text.as_bytes())].concat()))
            .collect();
        values.sort();
        if !values.is_empty() {
            sets.push(tlv(SET, &values.concat()));
        }
    }
    tlv(SEQUENCE, &sets.concat())
}

/// The kind of string in which Go writes a text.
fn tag(text: &str) -> u8 {
    let printable = |byte: u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte);
    if text.bytes().all(printable) { PRINTABLE } else { UTF8 }
}

/// An element of DER.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = length.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<u8>>();
    let mut out = vec![tag];
    match significant.as_slice() {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            // A length has eight bytes at most.
            out.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

/// How long an element's head and its content are.
fn lengths(der: &[u8]) -> Option<(usize, usize)> {
    let first = *der.get(1)?;
    if first < 0x80 {
        return Some((2, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    let bytes = der.get(2..2 + count)?;
    let length = bytes
        .iter()
        .try_fold(0_usize, |sum, byte| sum.checked_mul(256)?.checked_add(usize::from(*byte)))?;
    Some((2 + count, length))
}

fn content(der: &[u8]) -> Option<&[u8]> {
    let (head, length) = lengths(der)?;
    der.get(head..head.checked_add(length)?)
}

/// The elements that stand one behind another.
fn items(mut der: &[u8]) -> Option<Vec<&[u8]>> {
    let mut all = Vec::new();
    while !der.is_empty() {
        let (head, length) = lengths(der)?;
        let (one, rest) = der.split_at_checked(head.checked_add(length)?)?;
        all.push(one);
        der = rest;
    }
    Some(all)
}

type Usage = (&'static str, Option<KeyUsagePurpose>, Option<ExtendedKeyUsagePurpose>);

/// What a certificate may be used for, in Kubernetes' words. Source: `certificates.k8s.io/v1`,
/// `KeyUsage`.
const USAGES: [Usage; 17] = {
    use ExtendedKeyUsagePurpose as Extended;
    use KeyUsagePurpose as Key;
    [
        ("signing", Some(Key::DigitalSignature), None),
        ("digital signature", Some(Key::DigitalSignature), None),
        ("content commitment", Some(Key::ContentCommitment), None),
        ("key encipherment", Some(Key::KeyEncipherment), None),
        ("key agreement", Some(Key::KeyAgreement), None),
        ("data encipherment", Some(Key::DataEncipherment), None),
        ("cert sign", Some(Key::KeyCertSign), None),
        ("crl sign", Some(Key::CrlSign), None),
        ("encipher only", Some(Key::EncipherOnly), None),
        ("decipher only", Some(Key::DecipherOnly), None),
        ("any", None, Some(Extended::Any)),
        ("server auth", None, Some(Extended::ServerAuth)),
        ("client auth", None, Some(Extended::ClientAuth)),
        ("code signing", None, Some(Extended::CodeSigning)),
        ("email protection", None, Some(Extended::EmailProtection)),
        ("timestamping", None, Some(Extended::TimeStamping)),
        ("ocsp signing", None, Some(Extended::OcspSigning)),
    ]
};

#[cfg(test)]
mod tests {
    use controllers::{Order, Signer as _};
    use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType};
    use x509_parser::certificate::X509Certificate;

    use super::*;

    #[test]
    fn elements_are_written_as_they_are_read() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let one = tlv(SEQUENCE, &vec![7; length]);
            assert_eq!(content(&one).map(<[u8]>::len), Some(length));
            let two = [one.clone(), one].concat();
            assert_eq!(items(&two).map(|items| items.len()), Some(2));
        }
        for broken in [&[0x30][..], &[0x30, 0x05, 0x00], &[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]] {
            assert_eq!(items(broken), None);
        }
    }

    #[test]
    fn a_certificate_has_the_subject_of_its_request() {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "ca");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&key).unwrap();
        let signing = Signing::new(Issuer::new(params, key));

        // The name stands first here.
        let mut wanted = CertificateParams::new(vec!["host".to_owned()]).unwrap();
        wanted.distinguished_name = DistinguishedName::new();
        wanted.distinguished_name.push(DnType::CommonName, "bob");
        wanted.distinguished_name.push(DnType::OrganizationName, "dev");
        let own = KeyPair::generate().unwrap();
        let request = wanted.serialize_request(&own).unwrap().pem().unwrap();
        let now = jiff::Timestamp::from_second(1_700_000_000).unwrap();
        let order = Order {
            request,
            usages: vec!["client auth".into(), "digital signature".into()],
            not_before: now,
            not_after: now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap(),
        };
        let text = signing.sign(&order).unwrap();
        let (_, block) = pem::parse_x509_pem(text.as_bytes()).unwrap();
        let (_, certificate) = X509Certificate::from_der(&block.contents).unwrap();
        assert_eq!(certificate.subject().to_string(), "O=dev, CN=bob");
        assert_eq!(certificate.validity().not_after.timestamp(), 1_700_003_600);
        assert!(certificate.extended_key_usage().unwrap().unwrap().value.client_auth);
        let roots = [authority.der().clone()];
        let anchor = rustls::pki_types::CertificateDer::from(block.contents.as_slice());
        let mut store = rustls::RootCertStore::empty();
        store.add(roots[0].clone()).unwrap();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
            std::sync::Arc::new(store),
            provider,
        )
        .build()
        .unwrap();
        let then = std::time::Duration::from_secs(1_700_000_101);
        let time = rustls::pki_types::UnixTime::since_unix_epoch(then);
        verifier.verify_client_cert(&anchor, &[], time).unwrap();
    }
}
