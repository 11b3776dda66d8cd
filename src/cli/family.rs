//! The objects of a namespace (or of the whole cluster) and who owns whom among them.

use std::collections::{BTreeSet, HashMap};

use client::{ClientError, discovery::ApiResource};
use futures::stream::{self, StreamExt as _};
use machinery::meta;

use crate::{
    context::Context,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// How many lists are asked for at a time.
const AT_A_TIME: usize = 8;

/// Objects, and for each uid those that name it as their owner.
#[derive(Debug, Default)]
pub(crate) struct Family {
    members: Vec<Info>,
    by_owner: HashMap<String, Vec<usize>>,
    by_uid: HashMap<String, usize>,
    /// Types that could not be listed.
    unread: Vec<String>,
    /// Why the last of them could not.
    why: String,
}

/// Types whose objects a namespace can be listed for; what only mirrors others is left out.
pub(crate) fn listable(places: impl Iterator<Item = ApiResource>) -> Vec<ApiResource> {
    const MIRRORS: [&str; 1] = ["metrics.k8s.io"];
    places
        .filter(|place| place.has_verb("list") && place.has_verb("get"))
        .filter(|place| !MIRRORS.contains(&place.resource.group.as_str()))
        .collect()
}

impl Family {
    /// Reads all that is in a namespace; all of the cluster where there is none.
    ///
    /// What may not be listed is noted in `unread`. Errors: no server, or discovery failed.
    pub(crate) async fn read(cx: &Context, namespace: Option<&str>) -> Result<Self, CliError> {
        // Events own nothing; the others are deprecated, and what they say is said elsewhere.
        const LEFT_OUT: [&str; 3] = ["componentstatuses", "endpoints", "events"];
        let discovery = cx.discovery().await?;
        let mut places = listable(discovery.preferred().cloned());
        places.retain(|place| !LEFT_OUT.contains(&place.resource.plural.as_str()));
        places.retain(|place| place.resource.namespaced || namespace.is_none());
        let ask =
            Ask { type_means_all: true, all_namespaces: namespace.is_none(), ..Ask::default() };
        let lists = stream::iter(&places).map(|place| {
            let ask = &ask;
            async move {
                let namespace = namespace.unwrap_or_default();
                (place, resolve::list(cx, ask, place, namespace).await)
            }
        });
        let mut lists = lists.buffered(AT_A_TIME);
        let mut found = Self::default();
        while let Some((place, list)) = lists.next().await {
            match list {
                Ok(members) => members.into_iter().for_each(|member| found.add(member)),
                Err(error) if matches!(error.client().map_or(0, ClientError::code), 404 | 405) => {}
                Err(error) => {
                    found.unread.push(place.resource.qualified());
                    found.why = error.to_string();
                }
            }
        }
        Ok(found)
    }

    /// Adds a member; one that is known by another group's name is not added again.
    pub(crate) fn add(&mut self, member: Info) {
        let uid = meta::uid(&member.object).to_owned();
        if uid.is_empty() || self.by_uid.contains_key(&uid) {
            return;
        }
        let at = self.members.len();
        let owners = meta::items(&member.object, "/metadata/ownerReferences");
        let owners: BTreeSet<&str> = owners.iter().map(|owner| meta::text(owner, "/uid")).collect();
        for owner in owners {
            self.by_owner.entry(owner.to_owned()).or_default().push(at);
        }
        self.by_uid.insert(uid, at);
        self.members.push(member);
    }

    /// What is to be said of types that could not be listed.
    pub(crate) fn warning(&self) -> Option<String> {
        let names = self.unread.join(", ");
        let text = format!("warning: not listed: {names} ({})", self.why);
        Some(text).filter(|_| !names.is_empty())
    }

    /// Everybody.
    pub(crate) fn members(&self) -> &[Info] {
        &self.members
    }

    /// The member with a uid.
    pub(crate) fn member(&self, uid: &str) -> Option<&Info> {
        self.by_uid.get(uid).and_then(|at| self.members.get(*at))
    }

    /// What an object owns, by kind and name.
    pub(crate) fn children(&self, of: &Info) -> Vec<&Info> {
        let places = self.by_owner.get(meta::uid(&of.object)).into_iter().flatten();
        let mut found: Vec<&Info> = places.filter_map(|at| self.members.get(*at)).collect();
        let key = |info: &Info| {
            (info.place.resource.kind.clone(), info.namespace.clone(), info.name.clone())
        };
        found.sort_by_key(|info| key(info));
        found
    }

    /// Those that own an object, its controller first, then the controller's, and so on.
    pub(crate) fn ancestors(&self, of: &Info) -> Vec<&Info> {
        let mut found: Vec<&Info> = Vec::new();
        let mut at = of;
        while let Some(owner) = self.owner(at) {
            if found.iter().any(|known| known.name == owner.name && known.place == owner.place) {
                break;
            }
            found.push(owner);
            at = owner;
        }
        found
    }

    fn owner(&self, of: &Info) -> Option<&Info> {
        let first = meta::items(&of.object, "/metadata/ownerReferences").first();
        let owner = meta::controller_of(&of.object).or(first)?;
        self.member(meta::text(owner, "/uid"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A member of the default namespace.
    pub(crate) fn member(api_version: &str, kind: &str, name: &str, rest: &Value) -> Info {
        let mut object = json!({"apiVersion": api_version, "kind": kind,
            "metadata": {"name": name, "namespace": "default", "uid": format!("uid-{name}")}});
        for (key, value) in rest.as_object().into_iter().flatten() {
            if key == "owner" {
                let uid = format!("uid-{}", value.as_str().unwrap_or_default());
                object["metadata"]["ownerReferences"] = json!([{"uid": uid, "controller": true}]);
            } else {
                object[key] = value.clone();
            }
        }
        let (group, version) = meta::group_version(api_version);
        let resource = client::Resource {
            group: group.to_owned(),
            version: version.to_owned(),
            plural: format!("{}s", kind.to_lowercase()),
            kind: kind.to_owned(),
            namespaced: true,
        };
        let place = ApiResource {
            resource,
            singular: kind.to_lowercase(),
            short_names: Vec::new(),
            categories: Vec::new(),
            verbs: Vec::new(),
            subresources: Vec::new(),
        };
        resolve::of_object(&place, object)
    }

    #[test]
    fn owners_and_owned_find_each_other() {
        let mut family = Family::default();
        family.add(member("v1", "Pod", "b", &json!({"owner": "rs"})));
        family.add(member("v1", "Pod", "a", &json!({"owner": "rs"})));
        family.add(member("apps/v1", "ReplicaSet", "rs", &json!({"owner": "deploy"})));
        family.add(member("apps/v1", "Deployment", "deploy", &json!({})));
        family.add(member("apps/v1", "Deployment", "deploy", &json!({})));
        assert_eq!(family.members().len(), 4, "one uid is one member");
        let names = |found: Vec<&Info>| -> Vec<String> {
            found.into_iter().map(|info| info.name.clone()).collect()
        };
        let set = family.member("uid-rs").unwrap();
        assert_eq!(names(family.children(set)), ["a", "b"]);
        let pod = family.member("uid-a").unwrap();
        assert_eq!(names(family.ancestors(pod)), ["rs", "deploy"]);
    }

    #[test]
    fn a_circle_of_owners_ends() {
        let mut family = Family::default();
        family.add(member("v1", "Pod", "a", &json!({"owner": "b"})));
        family.add(member("v1", "Pod", "b", &json!({"owner": "a"})));
        let first = family.member("uid-a").unwrap();
        assert!(family.ancestors(first).len() <= 2);
    }
}
