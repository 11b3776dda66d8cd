//! Calls of functions: how many arguments of which types, and what is said where they are wrong.

use machinery::gofmt::Go;

use super::{
    eval::{Asked, Eval, State, Val, Want},
    functions::{builtin, signature},
};

impl<'t> State<'t> {
    pub(super) fn call(&mut self, asked: Asked<'t>, dot: &Val<'t>) -> Eval<Val<'t>> {
        let Asked { name, part, terms, last } = asked;
        let (fixed, rest) = signature(name);
        let given = terms.len() + usize::from(last.is_some());
        match rest {
            Some(_) if given < fixed.len() => {
                let (least, got) = (fixed.len(), terms.len());
                let text =
                    format!("wrong number of args for {name}: want at least {least} got {got}");
                return self.error(&text);
            }
            None if given != fixed.len() => {
                let want = fixed.len();
                return self
                    .error(&format!("wrong number of args for {name}: want {want} got {given}"));
            }
            _ => {}
        }
        let want = |at: usize| fixed.get(at).copied().or(rest).unwrap_or(Want::Any);
        let decides = match name {
            "and" => Some(false),
            "or" => Some(true),
            _ => None,
        };
        let mut arguments = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            let value = self.argument(term, want(at), dot)?;
            if decides == Some(value.go.truth()) {
                return Ok(value);
            }
            arguments.push(value);
        }
        if let Some(last) = last {
            arguments.push(self.checked(last, want(given - 1))?);
        }
        if decides.is_some() {
            return Ok(arguments.pop().unwrap_or(Val::bare(Go::Nil)));
        }
        let outcome = match name {
            "call" => {
                let callee = terms.first().map(ToString::to_string);
                Err(not_called(&arguments[0], callee))
            }
            _ => builtin(name, &arguments),
        };
        outcome.or_else(|text| {
            self.at(part);
            self.error(&format!("error calling {name}: {text}"))
        })
    }
}

/// JSON holds nothing that could be called.
fn not_called(value: &Val<'_>, callee: Option<String>) -> String {
    let Some(type_name) = value.go.type_name() else { return "call of nil".to_owned() };
    let callee = callee.unwrap_or_else(|| match &value.go {
        Go::Text(_) => value.go.words(),
        _ => format!("<{type_name} Value>"),
    });
    format!("non-function {callee} of type {type_name}")
}
