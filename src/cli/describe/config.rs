//! Pages of config maps, secrets and service accounts.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{
    Page, Subject, events,
    page::{items, pairs, shown},
};
use crate::report::CliError;

pub(super) async fn config_map(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    page.head(object);
    page.raw("\nData\n====\n");
    for (key, value) in pairs(&object["data"]) {
        page.raw(&format!("{key}:\n----\n{value}\n\n"));
    }
    page.raw("\nBinaryData\n====\n");
    for (key, value) in pairs(&object["binaryData"]) {
        page.raw(&format!("{key}: {} bytes\n", decoded_length(&value)));
    }
    page.raw("\n");
    events::add(page, subject).await;
    Ok(())
}

fn decoded(value: &str) -> Option<String> {
    String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()
}

fn decoded_length(value: &str) -> usize {
    BASE64_STANDARD.decode(value).map_or(0, |bytes| bytes.len())
}

pub(super) fn secret(page: &mut Page, subject: &Subject<'_>) {
    let object = &subject.info.object;
    page.head(object);
    page.raw("\n");
    page.text(0, "Type", &object["type"]);
    page.raw("\nData\n====\n");
    let of_account = object["type"] == "kubernetes.io/service-account-token";
    for (key, value) in pairs(&object["data"]) {
        match decoded(&value).filter(|_| of_account && key == "token") {
            Some(token) => page.field(0, &key, token),
            None => page.field(0, &key, format!("{} bytes", decoded_length(&value))),
        }
    }
}

pub(super) async fn service_account(
    page: &mut Page,
    subject: &Subject<'_>,
) -> Result<(), CliError> {
    let object = &subject.info.object;
    page.head(object);
    let names = items(&object["imagePullSecrets"]).iter().map(|one| shown(&one["name"]));
    page.multi("Image pull secrets", names.collect());
    events::add(page, subject).await;
    Ok(())
}
