//! Which form of an answer a caller likes best of those that there are.
//! Source: `k8s.io/apiserver/pkg/endpoints/handlers/negotiation` and the goautoneg that it uses.

use super::answer::{Form, Writing};

/// One range of an `Accept` header.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clause<'h> {
    kind: &'h str,
    subtype: &'h str,
    quality: f64,
    parameters: Vec<(&'h str, &'h str)>,
}

/// Where an answer is negotiated, which decides what may be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Objects of kinds that are built in.
    BuiltIn,
    /// Objects of kinds that users defined: never protobuf as they are.
    Custom,
    /// Refusals and other documents: only as they are.
    Document,
    /// Pages of discovery: as they are, or of all groups in one.
    Discovery,
}

/// What was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agreed {
    pub(crate) form: Form,
    pub(crate) writing: Writing,
    pub(crate) version: &'static str,
    pub(crate) pretty: bool,
}

const OFFERS: [(Writing, &str); 3] = [
    (Writing::Json, "json"),
    (Writing::Yaml, "yaml"),
    (Writing::Protobuf, "vnd.kubernetes.protobuf"),
];

/// The best that a place has for a header; an empty one takes JSON. `None`: nothing fits.
pub(crate) fn negotiate(header: &str, place: Place) -> Option<Agreed> {
    if header.is_empty() {
        let (form, writing) = (Form::Plain, Writing::Json);
        return Some(Agreed { form, writing, version: "v1", pretty: false });
    }
    clauses(header).iter().find_map(|clause| {
        let fits = |subtype: &str| match (clause.kind, clause.subtype) {
            ("*" | "application", "*") => true,
            (kind, own) => kind == "application" && own == subtype,
        };
        let mut offers = OFFERS.iter().filter(|(_, subtype)| fits(subtype));
        offers.find_map(|(writing, _)| clause.agrees(*writing, place))
    })
}

/// The ranges of a header, the dearest first.
fn clauses(header: &str) -> Vec<Clause<'_>> {
    let mut all: Vec<Clause<'_>> = header.split(',').filter_map(Clause::parse).collect();
    // Go sorts few items by insertion, and the order is none that another way would keep.
    for end in 1..all.len() {
        for at in (1..=end).rev() {
            if !all[at].comes_before(&all[at - 1]) {
                break;
            }
            all.swap(at, at - 1);
        }
    }
    all
}

impl<'h> Clause<'h> {
    fn parse(range: &'h str) -> Option<Self> {
        let mut parts = range.trim().split(';');
        let media = parts.next()?.trim();
        let (kind, subtype) = match media.split_once('/') {
            None if media == "*" => ("*", "*"),
            None => return None,
            Some((_, subtype)) if subtype.contains('/') => return None,
            Some((kind, subtype)) => (kind.trim(), subtype.trim()),
        };
        let mut clause = Self { kind, subtype, quality: 1.0, parameters: Vec::new() };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.trim() == "q" {
                clause.quality = value.parse().unwrap_or(0.0);
            } else {
                clause.parameters.push((name.trim(), value.trim()));
            }
        }
        Some(clause)
    }

    fn comes_before(&self, other: &Self) -> bool {
        self.quality > other.quality
            || self.kind != "*" && other.kind == "*"
            || self.subtype != "*" && other.subtype == "*"
    }

    /// What this range means in a language; `None` where it asks for what the place does not have.
    fn agrees(&self, writing: Writing, place: Place) -> Option<Agreed> {
        let (mut asks, mut group, mut version) = (None, None, None);
        let mut pretty = false;
        for (name, value) in &self.parameters {
            match *name {
                "as" => asks = Some(*value),
                "g" => group = Some(*value),
                "v" => version = Some(*value),
                "stream" | "sv" if value.is_empty() => {}
                "stream" if writing == Writing::Yaml || *value != "watch" => return None,
                "sv" if matches!(place, Place::Document | Place::Discovery) || *value != "v1" => {
                    return None;
                }
                "pretty" => pretty = *value == "1",
                _ => {}
            }
        }
        let plain = asks.is_none() && group.is_none() && version.is_none();
        let (form, version) = if plain {
            if place == Place::Custom && writing == Writing::Protobuf {
                return None;
            }
            (Form::Plain, "v1")
        } else {
            let target =
                (asks.unwrap_or_default(), group.unwrap_or_default(), version.unwrap_or_default());
            transformed(target, writing, place)?
        };
        Some(Agreed { form, writing, version, pretty })
    }
}

/// Another kind that objects are shown as.
fn transformed(
    (kind, group, version): (&str, &str, &str),
    writing: Writing,
    place: Place,
) -> Option<(Form, &'static str)> {
    if place == Place::Discovery {
        let all = ("APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2");
        let aggregated = (kind, group, version) == all && writing == Writing::Json;
        return aggregated.then_some((Form::Aggregated, "v2"));
    }
    if place == Place::Document || group != "meta.k8s.io" {
        return None;
    }
    let version = match version {
        "v1" => "v1",
        "v1beta1" => "v1beta1",
        _ => return None,
    };
    match kind {
        // Tables have no protobuf.
        "Table" if writing != Writing::Protobuf => Some((Form::Table, version)),
        "PartialObjectMetadata" => Some((Form::Metadata, version)),
        "PartialObjectMetadataList" => Some((Form::MetadataList, version)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_what_there_is() {
        use Form::{Metadata, Plain, Table};
        use Writing::{Json, Protobuf, Yaml};
        const TABLE: &str = "application/json;as=Table;g=meta.k8s.io;v=v1";
        let built_in = Place::BuiltIn;
        for (header, place, want) in [
            ("", built_in, Some((Plain, Json))),
            ("*/*", built_in, Some((Plain, Json))),
            ("*", built_in, Some((Plain, Json))),
            ("*/*, application/yaml", built_in, Some((Plain, Yaml))),
            ("application/*, application/yaml", built_in, Some((Plain, Yaml))),
            ("application/json;q=0.1, application/yaml;q=0.9", built_in, Some((Plain, Yaml))),
            ("application/json;q=x, application/yaml;q=0.2", built_in, Some((Plain, Yaml))),
            ("text/html, application/json;q=0.5", built_in, Some((Plain, Json))),
            ("application/json;;", built_in, Some((Plain, Json))),
            ("!!!", built_in, None),
            (TABLE, built_in, Some((Table, Json))),
            (TABLE, Place::Document, None),
            ("application/json;as=Table", built_in, None),
            ("application/json;as=Table;g=meta.k8s.io;v=v2", built_in, None),
            (
                "application/json;as=Table;g=other;v=v1,application/json",
                built_in,
                Some((Plain, Json)),
            ),
            ("application/json;v=v1", built_in, None),
            ("*/*;as=Table;g=meta.k8s.io;v=v1", built_in, Some((Table, Json))),
            (
                "application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1,application/yaml",
                built_in,
                Some((Plain, Yaml)),
            ),
            (
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
                Place::Custom,
                Some((Metadata, Protobuf)),
            ),
            ("application/vnd.kubernetes.protobuf", Place::Custom, None),
            ("application/yaml;stream=watch,application/json", built_in, Some((Plain, Json))),
            ("application/json;stream=watch", built_in, Some((Plain, Json))),
            ("application/json;sv=v1", built_in, Some((Plain, Json))),
            ("application/json;sv=v2", built_in, None),
        ] {
            let got = negotiate(header, place).map(|agreed| (agreed.form, agreed.writing));
            assert_eq!(got, want, "{header} {place:?}");
        }
        assert!(negotiate("application/json;pretty=1", built_in).is_some_and(|it| it.pretty));
        let all = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        for (header, aggregated) in [
            (all.to_owned(), true),
            (format!("{all},application/json"), true),
            (format!("application/json,{all}"), false),
        ] {
            let form = negotiate(&header, Place::Discovery).map(|agreed| agreed.form);
            assert_eq!(form == Some(Form::Aggregated), aggregated, "{header}");
        }
    }
}
