//! Questions about rights that expressions build up, and who answers them.
//! Source: `k8s.io/apiserver/pkg/cel/library/authz.go`.

use std::fmt;

use crate::value::EvalError;

/// Who answers questions about rights.
pub trait Authorizer: fmt::Debug {
    /// Tells whether the asker, or that service account, may do what `question` says.
    fn allows(&self, question: &Question) -> Answer;
}

/// A question about rights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Namespace and name of the service account that it is about; `None`: whoever asks.
    pub service_account: Option<(String, String)>,
    /// The path, for what is no resource.
    pub path: String,
    /// The API group.
    pub group: String,
    /// The resource; empty for paths.
    pub resource: String,
    /// The subresource.
    pub subresource: String,
    /// The namespace.
    pub namespace: String,
    /// The object's name.
    pub name: String,
    /// The verb.
    pub verb: String,
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why.
    pub reason: String,
    /// What went wrong while it was asked.
    pub error: Option<String>,
}

/// A question on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// `authorizer`: nothing was asked yet.
    Authorizer(Question),
    /// Of a path.
    Path(Question),
    /// Of a group.
    Group(Question),
    /// Of a resource.
    Resource(Question),
    /// The answer.
    Decision(Answer),
}

impl Check {
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Authorizer(_) => "kubernetes.authorization.Authorizer",
            Self::Path(_) => "kubernetes.authorization.PathCheck",
            Self::Group(_) => "kubernetes.authorization.GroupCheck",
            Self::Resource(_) => "kubernetes.authorization.ResourceCheck",
            Self::Decision(_) => "kubernetes.authorization.Decision",
        }
    }

    /// The question with one more word. Errors: there is no such function of it.
    pub(crate) fn with(&self, function: &str, words: &[&str]) -> Result<Self, EvalError> {
        let word = words.first().copied().unwrap_or_default().to_owned();
        Ok(match (self, function) {
            (Self::Authorizer(of), "path") => {
                if word.is_empty() {
                    return Err(EvalError::new("path must not be empty"));
                }
                Self::Path(Question { path: word, ..of.clone() })
            }
            (Self::Authorizer(of), "group") => Self::Group(Question { group: word, ..of.clone() }),
            (Self::Authorizer(of), "serviceAccount") => {
                let name = words.get(1).copied().unwrap_or_default().to_owned();
                check_account(&word, &name)?;
                Self::Authorizer(Question { service_account: Some((word, name)), ..of.clone() })
            }
            (Self::Group(of), "resource") => {
                if word.is_empty() {
                    return Err(EvalError::new("resource must not be empty"));
                }
                Self::Resource(Question { resource: word, ..of.clone() })
            }
            (Self::Resource(of), "subresource") => {
                Self::Resource(Question { subresource: word, ..of.clone() })
            }
            (Self::Resource(of), "namespace") => {
                Self::Resource(Question { namespace: word, ..of.clone() })
            }
            (Self::Resource(of), "name") => Self::Resource(Question { name: word, ..of.clone() }),
            // Selectors narrow a question; whoever may ask for all may ask for a part.
            (Self::Resource(of), "fieldSelector" | "labelSelector") => Self::Resource(of.clone()),
            _ => return Err(EvalError::no_overload()),
        })
    }

    /// Asks. Errors: it is no question yet.
    pub(crate) fn ask(&self, verb: &str, authorizer: &dyn Authorizer) -> Result<Self, EvalError> {
        let (Self::Path(question) | Self::Resource(question)) = self else {
            return Err(EvalError::no_overload());
        };
        let question = Question { verb: verb.to_owned(), ..question.clone() };
        Ok(Self::Decision(authorizer.allows(&question)))
    }
}

fn check_account(namespace: &str, name: &str) -> Result<(), EvalError> {
    if !machinery::names::dns_subdomain(name).is_empty() {
        return Err(EvalError::new("Invalid service account name"));
    }
    if !machinery::names::dns_label(namespace).is_empty() {
        return Err(EvalError::new("Invalid service account namespace"));
    }
    Ok(())
}
