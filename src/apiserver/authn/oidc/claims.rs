//! From the claims of a good token to a user: by claims with prefixes, or by expressions, and what must
//! be true of both. Source: `plugin/pkg/authenticator/token/oidc`.

use std::collections::BTreeMap;

use cel::{Program, Value as Cel};
use machinery::well_known;
use serde_json::{Map, Value, json};

use super::super::User;

/// Where a part of a user comes from.
#[derive(Debug)]
pub(super) enum Origin {
    /// A claim, and what is put before it.
    Claim(String, String),
    /// An expression over `claims`.
    Expression(Program),
}

/// What must be true.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) source: String,
    pub(super) message: String,
    pub(super) program: Program,
}

/// How claims become a user.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Claims that must have a value.
    pub(super) required: Vec<(String, String)>,
    /// What must be true of `claims`.
    pub(super) claim_rules: Vec<Rule>,
    pub(super) username: Origin,
    pub(super) groups: Option<Origin>,
    pub(super) uid: Option<Origin>,
    /// Keys, and expressions over `claims`.
    pub(super) extra: Vec<(String, Program)>,
    /// What must be true of `user`.
    pub(super) user_rules: Vec<Rule>,
}

impl Mapping {
    /// The user that claims name. Errors: why they name none.
    pub(super) fn user(&self, claims: &Map<String, Value>) -> Result<User, String> {
        let seen = BTreeMap::from([("claims".to_owned(), shown(claims))]);
        let name = self.name(claims, &seen)?;
        let mut groups = self.groups(claims, &seen)?;
        let uid = self.uid(claims, &seen)?;
        let mut extra = BTreeMap::new();
        for (key, program) in &self.extra {
            let wrong =
                |why: String| format!("oidc: error evaluating extra claim expression: {why}");
            let values = texts(&value_of(program, &seen).map_err(wrong)?).map_err(wrong)?;
            if !values.is_empty() {
                extra.insert(key.clone(), values);
            }
        }
        for (claim, wanted) in &self.required {
            let found = claims.get(claim);
            let found = found
                .ok_or_else(|| format!("oidc: required claim {claim} not present in ID token"))?;
            if found != wanted.as_str() {
                return Err(format!("oidc: required claim {claim} value does not match"));
            }
        }
        hold(&self.claim_rules, &seen)
            .map_err(|why| format!("oidc: error evaluating claim validation expression: {why}"))?;
        let user = json!({"username": name, "uid": uid, "groups": groups, "extra": extra});
        let seen = BTreeMap::from([("user".to_owned(), cel::from_json(&user))]);
        hold(&self.user_rules, &seen)
            .map_err(|why| format!("oidc: error evaluating user info validation rule: {why}"))?;
        groups.push(well_known::AUTHENTICATED.into());
        Ok(User { name, uid, groups, extra })
    }

    fn name(&self, claims: &Map<String, Value>, seen: &Seen) -> Result<String, String> {
        let (claim, prefix) = match &self.username {
            Origin::Claim(claim, prefix) => (claim, prefix),
            Origin::Expression(program) => {
                let wrong =
                    |why| format!("oidc: error evaluating username claim expression: {why}");
                let value = value_of(program, seen).map_err(wrong)?;
                let name = value.as_str().ok_or_else(|| {
                    wrong("username claim expression must return a string".to_owned())
                })?;
                if name.is_empty() {
                    return Err("oidc: empty username via CEL expression is not allowed".into());
                }
                return Ok(name.to_owned());
            }
        };
        let name = text(claims, claim)
            .map_err(|why| format!("oidc: parse username claims {claim:?}: {why}"))?;
        if claim == "email" && claims.get("email_verified").is_some_and(|it| *it != true) {
            return Err("oidc: email not verified".into());
        }
        Ok(format!("{prefix}{name}"))
    }

    fn groups(&self, claims: &Map<String, Value>, seen: &Seen) -> Result<Vec<String>, String> {
        let (claim, prefix) = match &self.groups {
            None => return Ok(Vec::new()),
            Some(Origin::Claim(claim, prefix)) => (claim, prefix),
            Some(Origin::Expression(program)) => {
                let wrong = |why| format!("oidc: error evaluating group claim expression: {why}");
                return texts(&value_of(program, seen).map_err(wrong)?).map_err(wrong);
            }
        };
        let given = match claims.get(claim) {
            None => return Ok(Vec::new()),
            Some(Value::String(one)) => Some(vec![one.as_str()]),
            Some(Value::Array(several)) => several.iter().map(Value::as_str).collect(),
            Some(_) => None,
        };
        let given = given.ok_or_else(|| {
            format!("oidc: parse groups claim {claim:?}: neither a text nor a list of texts")
        })?;
        Ok(given.into_iter().map(|group| format!("{prefix}{group}")).collect())
    }

    fn uid(&self, claims: &Map<String, Value>, seen: &Seen) -> Result<String, String> {
        match &self.uid {
            None => Ok(String::new()),
            Some(Origin::Claim(claim, _)) => {
                let wrong = |why| format!("oidc: parse uid claim {claim:?}: {why}");
                text(claims, claim).map_err(wrong).map(str::to_owned)
            }
            Some(Origin::Expression(program)) => {
                let wrong = |why| format!("oidc: error evaluating uid claim expression: {why}");
                let value = value_of(program, seen).map_err(wrong)?;
                let uid = value.as_str().map(str::to_owned);
                uid.ok_or_else(|| wrong("uid claim expression must return a string".to_owned()))
            }
        }
    }
}

type Seen = BTreeMap<String, Cel>;

fn shown(claims: &Map<String, Value>) -> Cel {
    Cel::map(claims.iter().map(|(claim, value)| (claim.clone(), cel::from_json(value))))
}

fn text<'a>(claims: &'a Map<String, Value>, claim: &str) -> Result<&'a str, &'static str> {
    claims.get(claim).ok_or("claim not present")?.as_str().ok_or("it is no text")
}

fn value_of(program: &Program, seen: &Seen) -> Result<Cel, String> {
    program.evaluate(seen, cel::BUDGET).value.map_err(|error| error.to_string())
}

/// Texts of a value; what is empty is not there.
fn texts(value: &Cel) -> Result<Vec<String>, String> {
    let wrong = || "expression must return a string or a list of strings".to_owned();
    let all: Vec<&str> = match value {
        Cel::Null => Vec::new(),
        Cel::String(one) => vec![one],
        Cel::List(list) => {
            let texts: Option<Vec<&str>> = list.items.iter().map(Cel::as_str).collect();
            texts.ok_or_else(wrong)?
        }
        _ => return Err(wrong()),
    };
    Ok(all.into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect())
}

fn hold(rules: &[Rule], seen: &Seen) -> Result<(), String> {
    for Rule { source, message, program } in rules {
        match value_of(program, seen)? {
            Cel::Bool(true) => {}
            Cel::Bool(false) => {
                return Err(format!("validation expression '{source}' failed: {message}"));
            }
            _ => return Err("validation expression must return a boolean".to_owned()),
        }
    }
    Ok(())
}
