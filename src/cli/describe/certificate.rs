//! The page of a request for a certificate.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use x509_parser::{
    certification_request::X509CertificationRequest,
    extensions::{GeneralName, ParsedExtension},
    oid_registry::{
        OID_X509_COMMON_NAME, OID_X509_COUNTRY_NAME, OID_X509_LOCALITY_NAME,
        OID_X509_ORGANIZATION_NAME, OID_X509_ORGANIZATIONAL_UNIT, OID_X509_POSTAL_CODE,
        OID_X509_SERIALNUMBER, OID_X509_STATE_OR_PROVINCE_NAME, OID_X509_STREET_ADDRESS, Oid,
    },
    pem,
    prelude::FromDer as _,
    x509::X509Name,
};

use super::{
    Page, Subject, events,
    page::{items, pairs, time},
};
use crate::report::CliError;

pub(super) async fn request(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec) = (&object["metadata"], &object["spec"]);
    let text = spec["request"].as_str().unwrap_or_default();
    let block = STANDARD.decode(text).ok();
    let block = block.and_then(|text| Some(pem::parse_x509_pem(&text).ok()?.1));
    let parsed = block
        .as_ref()
        .and_then(|block| Some(X509CertificationRequest::from_der(&block.contents).ok()?.1));
    let Some(parsed) = parsed else {
        return Err(CliError::plain(
            "Error parsing CSR: PEM block type must be CERTIFICATE REQUEST",
        ));
    };
    page.text(0, "Name", &metadata["name"]);
    page.field(0, "Labels", joined(&metadata["labels"]));
    page.field(0, "Annotations", joined(&metadata["annotations"]));
    page.field(0, "CreationTimestamp", time(&metadata["creationTimestamp"]));
    page.text(0, "Requesting User", &spec["username"]);
    if let Some(signer) = spec["signerName"].as_str() {
        page.field(0, "Signer", signer);
    }
    if let Some(seconds) = spec["expirationSeconds"].as_i64() {
        page.field(0, "Requested Duration", machinery::age::human(seconds));
    }
    page.field(0, "Status", status(&object["status"]));
    names(page, &parsed);
    events::add(page, subject).await;
    Ok(())
}

/// Pairs in one line; `<none>` without any.
fn joined(map: &Value) -> String {
    let pairs: Vec<String> =
        pairs(map).iter().map(|(key, value)| format!("{key}={value}")).collect();
    if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") }
}

fn status(status: &Value) -> String {
    let has = |kind: &str| items(&status["conditions"]).iter().any(|one| one["type"] == kind);
    let mut said = match (has("Denied"), has("Approved")) {
        (true, _) => "Denied",
        (false, true) => "Approved",
        _ => "Pending",
    }
    .to_owned();
    if has("Failed") {
        said.push_str(",Failed");
    }
    if status["certificate"].as_str().is_some_and(|text| !text.is_empty()) {
        said.push_str(",Issued");
    }
    said
}

fn of(name: &X509Name<'_>, oid: &Oid<'_>) -> Vec<String> {
    let found = name.iter_by_oid(oid).filter_map(|one| one.as_str().ok());
    found.map(str::to_owned).collect()
}

fn list(page: &mut Page, title: &str, values: &[String]) {
    if !values.is_empty() {
        page.line(0, format!("\t{title}:\t{}", values.join("\n\t\t")));
    }
}

fn names(page: &mut Page, request: &X509CertificationRequest<'_>) {
    let subject = &request.certification_request_info.subject;
    page.line(0, "Subject:");
    for (title, oid) in
        [("Common Name", &OID_X509_COMMON_NAME), ("Serial Number", &OID_X509_SERIALNUMBER)]
    {
        page.line(0, format!("\t{title}:\t{}", of(subject, oid).concat()));
    }
    for (title, oid) in [
        ("Organization", &OID_X509_ORGANIZATION_NAME),
        ("Organizational Unit", &OID_X509_ORGANIZATIONAL_UNIT),
        ("Country", &OID_X509_COUNTRY_NAME),
        ("Locality", &OID_X509_LOCALITY_NAME),
        ("Province", &OID_X509_STATE_OR_PROVINCE_NAME),
        ("StreetAddress", &OID_X509_STREET_ADDRESS),
        ("PostalCode", &OID_X509_POSTAL_CODE),
    ] {
        list(page, title, &of(subject, oid));
    }
    let (mut hosts, mut mails, mut uris, mut addresses) = (vec![], vec![], vec![], vec![]);
    for extension in request.requested_extensions().into_iter().flatten() {
        let ParsedExtension::SubjectAlternativeName(other) = extension else { continue };
        for name in &other.general_names {
            match name {
                GeneralName::DNSName(name) => hosts.push((*name).to_owned()),
                GeneralName::RFC822Name(name) => mails.push((*name).to_owned()),
                GeneralName::URI(name) => uris.push((*name).to_owned()),
                GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
                _ => {}
            }
        }
    }
    if [&hosts, &mails, &uris, &addresses].iter().all(|list| list.is_empty()) {
        return;
    }
    page.line(0, "Subject Alternative Names:");
    for (title, values) in [
        ("DNS Names", hosts),
        ("Email Addresses", mails),
        ("URIs", uris),
        ("IP Addresses", addresses),
    ] {
        list(page, title, &values);
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| std::net::Ipv4Addr::from(bytes).to_string());
    let six =
        || <[u8; 16]>::try_from(bytes).map(|bytes| std::net::Ipv6Addr::from(bytes).to_string());
    four.or_else(|_| six()).ok()
}
