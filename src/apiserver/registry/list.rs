//! Listing objects: selectors, pages, revisions; as objects or as a table.

use axum::response::Response;
use base64::{
    Engine as _, alphabet,
    engine::DecodePaddingMode,
    engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD as BASE64URL},
};
use bytes::Bytes;
use machinery::{
    gofmt,
    json::{IDENTITY, Keep},
    kind::Kind,
    selector::{FieldSelector, LabelSelector},
    status::Status,
};
use serde_json::{Value, json};
use store::{Range, Record, Revision, StoreError};

use super::{codec, convert::all_to_served, options, read, refused};
use crate::{
    http::{
        Call,
        answer::{self, Accept, Form},
        pieces::Pieces,
    },
    table,
};

/// What label selectors and the fields that every kind has are read from.
const METADATA: Keep = Keep::Only(&[("metadata", IDENTITY)]);

/// Which objects a request wants.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    labels: LabelSelector,
    fields: FieldSelector,
    name: String,
}

impl Selection {
    /// Reads the selectors of a request, and refuses options of lists and watches that make no sense.
    ///
    /// Errors: 400 for numbers and selectors that are none, or a field that the kind does not offer;
    /// 422 for options that contradict each other. Source: `listOpts` of k8s.io/apiserver.
    pub(crate) fn of(call: &Call) -> Result<Self, Status> {
        for number in ["timeoutSeconds", "limit"] {
            call.query.number(number)?;
        }
        let labels = LabelSelector::parse(call.query.text("labelSelector"))
            .map_err(|error| Status::bad_request(error.to_string()))?;
        let fields = FieldSelector::parse(call.query.text("fieldSelector"))
            .map_err(|error| Status::bad_request(error.to_string()))?;
        options::check(&call.query)?;
        for requirement in &fields.requirements {
            if call.kind.field_value(&Value::Null, &requirement.field).is_none() {
                return Err(Status::bad_request(unknown_field(&call.kind, &requirement.field)));
            }
        }
        let name = call.name();
        if !name.is_empty() && !fields.is_empty() && fields.exact("metadata.name") != Some(name) {
            let words = "fieldSelector metadata.name doesn't match requested name";
            return Err(Status::bad_request(words));
        }
        Ok(Self { labels, fields, name: name.to_owned() })
    }

    /// Tells whether every object is wanted.
    pub(crate) fn is_everything(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty() && self.name.is_empty()
    }

    /// Tells whether names, namespaces and labels are all that is asked for.
    fn asks_metadata_alone(&self) -> bool {
        self.fields.requirements.iter().all(|one| one.field.starts_with("metadata."))
    }

    /// Tells whether a served object is wanted.
    pub(crate) fn wants(&self, kind: &Kind, object: &Value) -> bool {
        (self.name.is_empty() || machinery::meta::name(object) == self.name)
            && self.labels.matches_object(object)
            && self.fields.matches(|field| kind.field_value(object, field).unwrap_or_default())
    }

    /// Tells whether an object is wanted, from its bytes.
    pub(crate) fn wants_bytes(&self, kind: &Kind, bytes: &Bytes) -> Result<bool, Status> {
        if self.is_everything() {
            return Ok(true);
        }
        let keep = if self.asks_metadata_alone() { METADATA } else { kind.selectors_read };
        let object = machinery::json::skim(bytes, keep).map_err(Status::internal)?;
        Ok(self.wants(kind, &object))
    }
}

/// The words for a field that a kind does not offer; kinds that offer none of their own say which
/// every kind has.
fn unknown_field(kind: &Kind, field: &str) -> String {
    if kind.has_selectable_fields() {
        return format!("field label not supported: {field}");
    }
    let known = if kind.is_namespaced() {
        "\"metadata.name\", \"metadata.namespace\""
    } else {
        "\"metadata.name\""
    };
    format!("{field:?} is not a known field selector: only {known}")
}

pub(super) async fn respond(call: &Call) -> Result<Response, Status> {
    let accept = answer::accept_of(call)?;
    let page = page_of(call).await?;
    answer(call, &page, accept)
}

/// A page of served objects and how to go on.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) records: Vec<Record>,
    pub(crate) revision: Revision,
    pub(crate) next: Option<String>,
    pub(crate) remaining: Option<usize>,
}

/// Reads the page that a request asks for.
pub(crate) async fn page_of(call: &Call) -> Result<Listed, Status> {
    let selection = Selection::of(call)?;
    let limit = usize::try_from(call.query.number("limit")?.unwrap_or(0)).unwrap_or(0);
    let prefix = call.registry().key_of(&call.kind, call.namespace_of_object(), "");
    let (after, at) = start_of(call, &prefix, limit).await?;
    let mut range = Range { prefix: prefix.clone(), after, limit, at };
    let mut records = Vec::new();
    loop {
        let page = call.registry().store().range(&range).await;
        let page = page.map_err(|error| page_refused(&error, &range))?;
        range.at = Some(page.revision);
        let last = page.records.last().map(|record| record.key.to_string());
        collect(call, &selection, page.records, &mut records).await?;
        let full = limit > 0 && records.len() >= limit;
        if page.remaining == 0 || full {
            let next = (page.remaining > 0)
                .then(|| token(Some(page.revision), last.as_deref().unwrap_or_default(), &prefix));
            let counted = selection.is_everything() && page.remaining > 0;
            return Ok(Listed {
                records,
                revision: page.revision,
                next,
                remaining: counted.then_some(page.remaining),
            });
        }
        range.after = last;
        range.limit = limit - records.len();
    }
}

async fn collect(
    call: &Call,
    selection: &Selection,
    page: Vec<Record>,
    records: &mut Vec<Record>,
) -> Result<(), Status> {
    let page = served_page(call, page).await?;
    for record in page {
        if selection.wants_bytes(&call.kind, &record.value)? {
            records.push(record);
        }
    }
    Ok(())
}

/// A page of records as the kind serves them; a webhook that converts is asked once.
async fn served_page(call: &Call, mut page: Vec<Record>) -> Result<Vec<Record>, Status> {
    if !call.kind.is_converted() {
        return Ok(page);
    }
    let objects: Result<Vec<Value>, Status> = page.iter().map(read).collect();
    let objects = all_to_served(call.registry(), &call.kind, objects?).await?;
    for (record, object) in page.iter_mut().zip(objects) {
        record.value = serde_json::to_vec(&object).map_err(Status::internal)?.into();
    }
    Ok(page)
}

fn page_refused(error: &StoreError, range: &Range) -> Status {
    match (error, &range.after) {
        (StoreError::Compacted { .. }, Some(after)) => {
            Status::expired_continue(&token(None, after, &range.prefix))
        }
        _ => refused(error),
    }
}

/// Where a list starts: after which key, and as of which revision.
async fn start_of(
    call: &Call,
    prefix: &str,
    limit: usize,
) -> Result<(Option<String>, Option<Revision>), Status> {
    let version = call.query.text("resourceVersion");
    let text = call.query.text("continue");
    if !text.is_empty() {
        let (revision, after) = read_token(text, prefix)?;
        if !version.is_empty() && version != "0" {
            return Err(Status::bad_request(
                "specifying resource version is not allowed when using continue",
            ));
        }
        return Ok((Some(after), revision));
    }
    if version.is_empty() || version == "0" {
        return Ok((None, None));
    }
    let wanted: Revision = version.parse().map_err(|_| {
        let status = invalid_version(version);
        Status::bad_request(format!("invalid resource version: {}", status.message))
    })?;
    let matching = call.query.text("resourceVersionMatch");
    // Pages without a word for it are of that very version, as they were before there was one.
    if matching == "Exact" || matching.is_empty() && limit > 0 && wanted > 0 {
        return Ok((None, Some(wanted)));
    }
    let now = call.registry().store().revision().await.map_err(|error| refused(&error))?;
    if wanted > now {
        return Err(Status::future_revision(wanted, now));
    }
    Ok((None, None))
}

/// A resourceVersion that is no number.
pub(super) fn invalid_version(version: &str) -> Status {
    let quoted = machinery::field::go_quoted(version);
    let why = gofmt::parse_uint(version, u64::MAX).err().unwrap_or_default();
    Status::bad_request(format!("resourceVersion: Invalid value: {quoted}: {why}"))
}

/// A continue token: version of the form, revision, and the key to go on behind.
fn token(revision: Option<Revision>, last: &str, prefix: &str) -> String {
    let start = last.strip_prefix(prefix).unwrap_or(last);
    let revision = revision.map_or(json!(-1), Value::from);
    let document = json!({"v": "meta.k8s.io/v1", "rv": revision, "start": format!("{start}\u{0}")});
    BASE64URL.encode(document.to_string())
}

/// Base64 as Go reads it: whatever stands in the last letter's spare bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a continue token: as of which revision, the newest where there is none, and behind which key.
pub(crate) fn read_token(text: &str, prefix: &str) -> Result<(Option<Revision>, String), Status> {
    let wrong = |why: &str| {
        Status::bad_request(format!("invalid continue token: continue key is not valid: {why}"))
    };
    let bytes =
        LENIENT.decode(text).map_err(|error| wrong(&format!("illegal base64 data: {error}")))?;
    let document: Value = serde_json::from_slice(&bytes).map_err(|error| {
        let mistake = machinery::json::go_syntax_error(&bytes);
        wrong(&mistake.unwrap_or_else(|| error.to_string()))
    })?;
    let form = document.get("v").and_then(Value::as_str).unwrap_or_default();
    if form != "meta.k8s.io/v1" {
        return Err(wrong(&format!("server does not recognize this encoded version {form}")));
    }
    let revision = document.get("rv").and_then(Value::as_i64).unwrap_or(0);
    if revision == 0 {
        return Err(wrong("incorrect encoded start resourceVersion (version meta.k8s.io/v1)"));
    }
    let start = document.get("start").and_then(Value::as_str).unwrap_or_default();
    if start.is_empty() {
        return Err(wrong("encoded start key empty (version meta.k8s.io/v1)"));
    }
    let parts = start.strip_prefix('/').unwrap_or(start).split('/');
    if parts.into_iter().any(|part| matches!(part, "" | "." | "..")) {
        return Err(wrong(start));
    }
    let key = format!("{prefix}{}", start.trim_start_matches('/').trim_end_matches('\u{0}'));
    Ok((Revision::try_from(revision).ok(), key))
}

/// A page as the caller wants it.
pub(super) fn answer(call: &Call, page: &Listed, accept: Accept) -> Result<Response, Status> {
    let mut metadata = json!({"resourceVersion": page.revision.to_string()});
    if call.kind.custom.is_some() && accept.form == Form::Plain {
        metadata["continue"] = "".into();
    }
    if let Some(next) = &page.next {
        metadata["continue"] = next.as_str().into();
    }
    if let Some(remaining) = page.remaining {
        metadata["remainingItemCount"] = remaining.into();
    }
    let objects: Vec<Bytes> = page.records.iter().map(|record| record.value.clone()).collect();
    match accept.form {
        Form::Plain => {
            let pieces = pieces(&call.kind, &metadata, &objects);
            Ok(answer::pieces(200, pieces, accept))
        }
        _ => table::answer_list(call, &metadata, &objects, accept),
    }
}

/// A list is its items' bytes, one behind the other.
fn pieces(kind: &Kind, metadata: &Value, objects: &[Bytes]) -> Pieces {
    let mut pieces = Pieces::default();
    let head = codec::head(&kind.list_kind, &kind.api_version());
    pieces.push(format!("{head}\"metadata\":{metadata},\"items\":[").into());
    let head = codec::head(&kind.kind, &kind.api_version());
    for (index, object) in objects.iter().enumerate() {
        let (first, rest) = codec::item(kind, &head, object);
        let before: &'static [u8] = match (index, first) {
            (0, first) => first,
            (_, b"{") => b",{",
            _ => b",",
        };
        pieces.push(Bytes::from_static(before));
        pieces.push(rest);
    }
    pieces.push(Bytes::from_static(b"]}\n"));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_its_items_and_one_line() {
        let kind = api::lookup("", "v1", "Pod").unwrap();
        let stored = |name: &str| {
            Bytes::from(format!(
                "{{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{{\"name\":\"{name}\"}}}}"
            ))
        };
        let metadata = json!({"resourceVersion": "7"});
        for (objects, items) in [
            (vec![], ""),
            (vec![stored("a")], r#"{"metadata":{"name":"a"}}"#),
            (
                vec![stored("a"), Bytes::from_static(b"{\"other\":1}"), stored("b")],
                r#"{"metadata":{"name":"a"}},{"other":1},{"metadata":{"name":"b"}}"#,
            ),
        ] {
            let text = pieces(kind, &metadata, &objects).joined();
            let want = format!(
                "{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{{\"resourceVersion\":\"7\"}},\"items\":[{items}]}}\n"
            );
            assert_eq!(text, want.as_bytes());
        }
    }
}
