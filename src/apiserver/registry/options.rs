//! The options of lists and watches that contradict each other.
//! Source: `k8s.io/apimachinery/pkg/apis/meta/internalversion/validation`.

use machinery::{
    field::{Errors, Path},
    status::{Resource, Status},
};
use serde_json::json;

use crate::http::Query;

/// Refuses options of a list, or of a watch where the query asks for one.
pub(super) fn check(query: &Query) -> Result<(), Status> {
    let mut errors = Errors::default();
    if query.flag("watch") {
        check_watch(query, &mut errors);
    } else {
        check_list(query, &mut errors);
    }
    if errors.is_empty() {
        return Ok(());
    }
    let kind = Resource { group: "meta.k8s.io", name: "ListOptions" };
    Err(Status::invalid(kind, "", &errors))
}

fn check_list(query: &Query, errors: &mut Errors) {
    let path = Path::new("resourceVersionMatch");
    let version = query.text("resourceVersion");
    let matching = query.text("resourceVersionMatch");
    if !matching.is_empty() {
        if version.is_empty() {
            let why = "resourceVersionMatch is forbidden unless resourceVersion is provided";
            errors.forbidden(&path, why);
        }
        if !query.text("continue").is_empty() {
            errors.forbidden(&path, "resourceVersionMatch is forbidden when continue is provided");
        }
        if !matches!(matching, "Exact" | "NotOlderThan") {
            errors.not_supported(&path, &json!(matching), &["Exact", "NotOlderThan", ""]);
        }
        if matching == "Exact" && version == "0" {
            let why = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
            errors.forbidden(&path, why);
        }
    }
    if query.all("sendInitialEvents").next().is_some() {
        let why = "sendInitialEvents is forbidden for list";
        errors.forbidden(&Path::new("sendInitialEvents"), why);
    }
}

/// Initial events that nobody speaks of are the server's own affair.
fn check_watch(query: &Query, errors: &mut Errors) {
    let path = Path::new("resourceVersionMatch");
    let matching = query.text("resourceVersionMatch");
    let initial = query.all("sendInitialEvents").next().is_some();
    if initial && matching != "NotOlderThan" {
        let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        errors.forbidden(&path, why);
    }
    if matching.is_empty() {
        return;
    }
    if !initial {
        let why =
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
        errors.forbidden(&path, why);
    }
    if matching != "NotOlderThan" {
        errors.not_supported(&path, &json!(matching), &["NotOlderThan"]);
    }
    if !query.text("continue").is_empty() {
        errors.forbidden(&path, "resourceVersionMatch is forbidden when continue is provided");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_contradict_each_other() {
        const MATCH: &str = "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden";
        for (query, want) in [
            ("resourceVersion=5&resourceVersionMatch=Exact", Vec::new()),
            ("resourceVersionMatch=Exact", vec![format!("{MATCH} unless resourceVersion is provided")]),
            (
                "resourceVersionMatch=Odd&continue=x&sendInitialEvents=",
                vec![
                    format!("{MATCH} unless resourceVersion is provided"),
                    format!("{MATCH} when continue is provided"),
                    "resourceVersionMatch: Unsupported value: \"Odd\": supported values: \"Exact\", \
                     \"NotOlderThan\", \"\""
                        .into(),
                    "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list".into(),
                ],
            ),
            ("watch=1", Vec::new()),
            ("watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan", Vec::new()),
            (
                "watch=1&sendInitialEvents=false",
                vec![
                    "resourceVersionMatch: Forbidden: sendInitialEvents requires setting \
                     resourceVersionMatch to NotOlderThan"
                        .into(),
                ],
            ),
            (
                "watch=1&resourceVersionMatch=Exact",
                vec![
                    format!("{MATCH} for watch unless sendInitialEvents is provided"),
                    "resourceVersionMatch: Unsupported value: \"Exact\": supported values: \
                     \"NotOlderThan\""
                        .into(),
                ],
            ),
        ] {
            let found = match check(&Query::parse(query)) {
                Ok(()) => Vec::new(),
                Err(status) => {
                    let causes = machinery::meta::items(&status.details, "/causes").to_vec();
                    let shown = |cause: &serde_json::Value| {
                        let text = |key: &str| cause[key].as_str().unwrap_or_default().to_owned();
                        format!("{}: {}", text("field"), text("message"))
                    };
                    causes.iter().map(shown).collect()
                }
            };
            assert_eq!(found, want, "{query}");
        }
    }
}
