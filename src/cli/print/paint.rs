//! Which cells of a table tell of a state, and of which: a colour for people, nothing else.

use serde_json::Value;

use crate::{
    health::{Light, light_of},
    terminal::Tint,
};

/// The row is of something that has ended, so that what is not ready in it is no news.
pub(super) fn is_end(column: &str, cell: &Value) -> bool {
    column.eq_ignore_ascii_case("status")
        && cell.as_str().is_some_and(|w| light_of(w) == Light::Done)
}

/// The colour of a cell.
pub(super) fn tint(column: &str, text: &str, ended: bool) -> Option<Tint> {
    match column.to_ascii_uppercase().as_str() {
        "STATUS" | "PHASE" | "CONDITION" => light_of(text).tint(),
        "TYPE" if text == "Warning" => Some(Tint::Bad),
        "READY" | "COMPLETIONS" => parts(text, ended),
        "RESTARTS" if text != "0" && !text.is_empty() => Some(Tint::Busy),
        _ => None,
    }
}

/// `1/2` of what is wanted.
fn parts(text: &str, ended: bool) -> Option<Tint> {
    let (have, wanted) = text.split_once('/')?;
    let (have, wanted): (u64, u64) = (have.parse().ok()?, wanted.parse().ok()?);
    Some(match have.cmp(&wanted) {
        _ if ended || wanted == 0 => Tint::Faint,
        std::cmp::Ordering::Less => Tint::Busy,
        _ => Tint::Good,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn states_are_painted_and_names_are_not() {
        for (column, text, want) in [
            ("Status", "Running", Some(Tint::Good)),
            ("STATUS", "CrashLoopBackOff", Some(Tint::Bad)),
            ("Ready", "1/2", Some(Tint::Busy)),
            ("Ready", "2/2", Some(Tint::Good)),
            ("Ready", "0/0", Some(Tint::Faint)),
            ("Ready", "3", None),
            ("Restarts", "4 (2m ago)", Some(Tint::Busy)),
            ("Restarts", "0", None),
            ("Type", "Warning", Some(Tint::Bad)),
            ("Name", "Running", None),
        ] {
            assert_eq!(tint(column, text, false), want, "{column} {text}");
        }
        assert_eq!(tint("Ready", "0/1", true), Some(Tint::Faint));
        assert!(is_end("Status", &json!("Completed")) && !is_end("Status", &json!("Running")));
    }
}
