//! `LimitRange`: least, most and usual amounts of what a namespace's pods ask for.

mod validate;

use k8s_openapi::api::core::v1::LimitRange;
use machinery::{kind::Kind, meta};
use serde_json::{Map, Value};

use crate::parts::{items_mut, kind as build};

pub(crate) fn kind() -> Kind {
    build::<LimitRange>("", "v1", "LimitRange", "limitranges")
        .short("limits")
        .creates_on_update()
        .validate(validate::check)
        .defaults(|object| {
            for limit in items_mut(meta::object_at(object, "spec"), "limits") {
                if limit["type"] == "Container" {
                    fill(meta::as_object(limit));
                }
            }
        })
}

/// A container's limit is the most it may have, and it requests its limit or the least there is.
fn fill(limit: &mut Map<String, Value>) {
    for (target, source) in
        [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")]
    {
        let Some(Value::Object(amounts)) = limit.get(source).cloned() else { continue };
        let target = meta::as_object(limit.entry(target).or_insert(Value::Null));
        for (resource, amount) in amounts {
            target.entry(resource).or_insert(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn usual_amounts_follow_the_most_and_the_least() {
        let mut limit = json!({"max": {"cpu": "2"}, "min": {"memory": "1Mi"}});
        fill(meta::as_object(&mut limit));
        assert_eq!(limit["default"], json!({"cpu": "2"}));
        assert_eq!(limit["defaultRequest"], json!({"cpu": "2", "memory": "1Mi"}));
    }
}
