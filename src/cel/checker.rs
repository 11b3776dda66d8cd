//! Whether an expression fits its types. Source: cel-go, `checker/checker.go`.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    ast::{Expr, Field, Fold, Id, Kind, operators},
    declarations::{self, Overload},
    infer::{Mapping, most_general},
    issue::Issue,
    types::{Object, Type},
    value::Value,
};

/// What expressions may name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Variables by name.
    pub variables: BTreeMap<String, Type>,
    /// Object types that expressions may make, by name.
    pub objects: BTreeMap<String, Type>,
    /// Whether they may make `Object` and what stands in it, such as `Object.spec`, of any fields.
    pub any_object: bool,
}

impl Names {
    /// The object type of a name.
    fn object(&self, name: &str) -> Option<Type> {
        let dynamic = self.any_object && (name == "Object" || name.starts_with("Object."));
        if !dynamic {
            return self.objects.get(name).cloned();
        }
        let object = Object { name: name.to_owned(), fields: BTreeMap::new(), open: true };
        Some(Type::Object(Arc::new(object)))
    }
}

/// An expression that fits.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) expression: Expr,
    /// The type of each expression, by number.
    pub(crate) types: Vec<Type>,
    /// The signatures that each call may be of, by number.
    pub(crate) overloads: Vec<Vec<&'static str>>,
}

impl Checked {
    pub(crate) fn type_of(&self, expression: &Expr) -> &Type {
        self.types.get(expression.id).unwrap_or(&Type::Dyn)
    }
}

/// Checks an expression; `places` are those of its parts.
pub(crate) fn check(
    mut expression: Expr,
    places: &[usize],
    names: &Names,
) -> Result<Checked, Vec<Issue>> {
    let mut checker = Checker {
        names,
        places,
        scopes: Vec::new(),
        mapping: Mapping::default(),
        next: 1000,
        types: vec![Type::Dyn; places.len()],
        overloads: vec![Vec::new(); places.len()],
        issues: Vec::new(),
    };
    checker.check(&mut expression);
    if !checker.issues.is_empty() {
        return Err(checker.issues);
    }
    let mapping = checker.mapping;
    let types = checker.types.iter().map(|of| mapping.substitute(of, true)).collect();
    Ok(Checked { expression, types, overloads: checker.overloads })
}

struct Checker<'a> {
    names: &'a Names,
    places: &'a [usize],
    /// Variables of walks, innermost last.
    scopes: Vec<(String, Type)>,
    mapping: Mapping,
    /// The next free type parameter.
    next: usize,
    types: Vec<Type>,
    overloads: Vec<Vec<&'static str>>,
    issues: Vec<Issue>,
}

impl Checker<'_> {
    fn refuse(&mut self, at: Id, message: String) {
        let at = self.places.get(at).copied();
        self.issues.push(Issue { at, message });
    }

    fn fresh(&mut self) -> Type {
        self.next += 1;
        Type::Param(self.next)
    }

    fn now(&self, of: &Type) -> Type {
        self.mapping.substitute(of, false)
    }

    fn mismatch(&mut self, at: Id, wanted: &Type, found: &Type) {
        let (wanted, found) = (self.now(wanted), self.now(found));
        self.refuse(at, format!("expected type '{wanted}' but found '{found}'"));
    }

    fn check(&mut self, expression: &mut Expr) -> Type {
        let found = match &mut expression.kind {
            Kind::Literal(value) => literal(value),
            Kind::Ident(_) | Kind::Select { .. } => self.named_or_selected(expression),
            Kind::Call { .. } => self.call(expression),
            Kind::List(items) => self.list(items),
            Kind::Map(entries) => self.map(entries),
            Kind::Struct { name, fields } => self.message(expression.id, name, fields),
            Kind::Fold(fold) => self.fold(fold),
        };
        if let Some(slot) = self.types.get_mut(expression.id) {
            *slot = found.clone();
        }
        found
    }

    fn variable(&self, name: &str) -> Option<Type> {
        let plain = name.trim_start_matches('.');
        let scoped = self.scopes.iter().rev().find(|(known, _)| known == name);
        scoped.map(|(_, of)| of.clone()).or_else(|| self.names.variables.get(plain).cloned())
    }

    fn named_or_selected(&mut self, expression: &mut Expr) -> Type {
        if let Some(name) = qualified(expression) {
            let head = name.split('.').next().unwrap_or_default();
            let shadowed = name.contains('.') && self.scopes.iter().any(|(known, _)| known == head);
            if !shadowed {
                if let Some(of) = self.variable(&name) {
                    expression.kind = Kind::Ident(name);
                    return of;
                }
                if let Some((of, value)) = declarations::type_named(&name) {
                    expression.kind = Kind::Literal(value);
                    return of;
                }
                if let Some(of) = self.names.object(&name) {
                    expression.kind = Kind::Literal(Value::Type(name.as_str().into()));
                    return Type::Type(Some(Arc::new(of)));
                }
            }
        }
        let id = expression.id;
        match &mut expression.kind {
            Kind::Ident(name) => {
                let name = name.trim_start_matches('.').to_owned();
                self.undeclared(id, &name)
            }
            Kind::Select { operand, field, test } => {
                let (field, test) = (field.clone(), *test);
                let of = self.check(operand);
                let found = self.selected(id, &of, &field, false);
                if test { Type::Bool } else { self.now(&found) }
            }
            _ => Type::Error,
        }
    }

    fn undeclared(&mut self, at: Id, name: &str) -> Type {
        self.refuse(at, format!("undeclared reference to '{name}' (in container '')"));
        Type::Error
    }

    fn selected(&mut self, at: Id, of: &Type, field: &str, optional: bool) -> Type {
        let whole = self.now(of);
        let (target, is_optional) = whole.unwrapped();
        let found = match target {
            Type::Map(_, value) => value.as_ref().clone(),
            Type::Object(object) => match object.fields.get(field) {
                Some(found) => found.clone(),
                None if object.open => Type::Dyn,
                None => {
                    self.refuse(at, format!("undefined field '{field}'"));
                    Type::Error
                }
            },
            Type::Param(_) => {
                self.mapping.assign(&Type::Dyn, target);
                Type::Dyn
            }
            Type::Dyn | Type::Error => Type::Dyn,
            other => {
                self.refuse(at, format!("type '{other}' does not support field selection"));
                Type::Dyn
            }
        };
        if is_optional || optional { Type::optional(found) } else { found }
    }

    fn call(&mut self, expression: &mut Expr) -> Type {
        let id = expression.id;
        let Kind::Call { function, target, arguments } = &mut expression.kind else {
            return Type::Error;
        };
        if function == operators::OPTIONAL_SELECT {
            return self.optional_select(id, arguments);
        }
        let mut types: Vec<Type> = Vec::with_capacity(arguments.len() + 1);
        for argument in arguments.iter_mut() {
            types.push(self.check(argument));
        }
        if let Some(of) = target.as_deref()
            && let Some(prefix) = qualified(of)
            && declarations::overloads(&format!("{prefix}.{function}")).is_some()
        {
            *function = format!("{prefix}.{function}");
            *target = None;
        }
        let member = target.is_some();
        if let Some(target) = target {
            types.insert(0, self.check(target));
        }
        let name = function.trim_start_matches('.').to_owned();
        function.clone_from(&name);
        let Some(overloads) = declarations::overloads(&name) else {
            return self.undeclared(id, &name);
        };
        if name == operators::AND || name == operators::OR {
            return self.logical(id, overloads, arguments, &types);
        }
        self.resolved(id, &name, overloads, (member, types))
    }

    fn optional_select(&mut self, id: Id, arguments: &mut [Expr]) -> Type {
        let [operand, name] = arguments else { return Type::Error };
        let of = self.check(operand);
        let Kind::Literal(Value::String(field)) = &name.kind else { return Type::Error };
        let field = Arc::clone(field);
        self.check(name);
        let found = self.selected(id, &of, &field, true);
        if let Some(slot) = self.overloads.get_mut(id) {
            slot.push("select_optional_field");
        }
        self.now(&found)
    }

    fn logical(
        &mut self,
        id: Id,
        overloads: &'static [Overload],
        arguments: &[Expr],
        types: &[Type],
    ) -> Type {
        let mut found = Type::Bool;
        for (argument, of) in arguments.iter().zip(types) {
            if !self.mapping.assign(of, &Type::Bool) {
                self.mismatch(argument.id, &Type::Bool, of);
                found = Type::Error;
            }
        }
        if let (Some(slot), Some(overload)) = (self.overloads.get_mut(id), overloads.first()) {
            slot.push(overload.id);
        }
        found
    }

    fn resolved(
        &mut self,
        id: Id,
        name: &str,
        overloads: &'static [Overload],
        (member, types): (bool, Vec<Type>),
    ) -> Type {
        let mut result: Option<Type> = None;
        for overload in overloads.iter().filter(|overload| overload.member == member) {
            let fresh: Vec<Type> = (0..overload.parameters).map(|_| self.fresh()).collect();
            let put = |of: &Type| instance(of, &fresh);
            let wanted: Vec<Type> = overload.arguments.iter().map(put).collect();
            let wanted: Vec<&Type> = wanted.iter().collect();
            let given: Vec<&Type> = types.iter().collect();
            if !self.mapping.assign_all(&given, &wanted) {
                continue;
            }
            if let Some(slot) = self.overloads.get_mut(id) {
                slot.push(overload.id);
            }
            let found = self.now(&instance(&overload.result, &fresh));
            result = Some(match result {
                None => found,
                Some(known) if known.is_dyn() || known == found => known,
                Some(_) => Type::Dyn,
            });
        }
        result.unwrap_or_else(|| {
            let shown: Vec<String> =
                types.iter().map(|of| self.mapping.substitute(of, true).to_string()).collect();
            let signature = match shown.split_first() {
                Some((target, rest)) if member => format!("{target}.({})", rest.join(", ")),
                _ => format!("({})", shown.join(", ")),
            };
            let message =
                format!("found no matching overload for '{name}' applied to '{signature}'");
            self.refuse(id, message);
            Type::Error
        })
    }

    fn joined(&mut self, at: Id, before: Option<Type>, found: Type) -> Type {
        let Some(before) = before else { return found };
        if self.mapping.assign(&before, &found) {
            return most_general(&before, &found);
        }
        self.mismatch(at, &before, &found);
        Type::Error
    }

    /// The type of an item that is marked optional, without that.
    fn present(&mut self, at: Id, of: Type, optional: bool) -> Type {
        if !optional {
            return of;
        }
        let whole = self.now(&of);
        let (inner, is_optional) = whole.unwrapped();
        if !is_optional && !inner.is_dyn() {
            self.mismatch(at, &Type::optional(inner.clone()), inner);
        }
        inner.clone()
    }

    fn list(&mut self, items: &mut [(Expr, bool)]) -> Type {
        let mut of = None;
        for (item, optional) in items {
            let found = self.check(item);
            let found = self.present(item.id, found, *optional);
            of = Some(self.joined(item.id, of, found));
        }
        Type::list(of.unwrap_or_else(|| self.fresh()))
    }

    fn map(&mut self, entries: &mut [(Expr, Expr, bool)]) -> Type {
        let (mut keys, mut values) = (None, None);
        for (key, value, optional) in entries {
            let found = self.check(key);
            keys = Some(self.joined(key.id, keys, found));
            let found = self.check(value);
            let found = self.present(value.id, found, *optional);
            values = Some(self.joined(value.id, values, found));
        }
        let keys = keys.unwrap_or_else(|| self.fresh());
        Type::map(keys, values.unwrap_or_else(|| self.fresh()))
    }

    fn message(&mut self, id: Id, name: &str, fields: &mut [Field]) -> Type {
        let name = name.trim_start_matches('.');
        let Some(of) = self.names.object(name) else {
            return self.undeclared(id, name);
        };
        for field in fields {
            let found = self.check(&mut field.value);
            let found = self.present(field.value.id, found, field.optional);
            let Type::Object(object) = &of else { continue };
            let wanted = match object.fields.get(&field.name) {
                Some(wanted) => wanted.clone(),
                None if object.open => Type::Dyn,
                None => {
                    self.refuse(field.id, format!("undefined field '{}'", field.name));
                    continue;
                }
            };
            if !self.mapping.assign(&wanted, &found) {
                let (wanted, found) = (self.now(&wanted), self.now(&found));
                let message = format!(
                    "expected type of field '{}' is '{wanted}' but provided type is '{found}'",
                    field.name
                );
                self.refuse(field.id, message);
            }
        }
        of
    }

    fn fold(&mut self, fold: &mut Fold) -> Type {
        let range = self.check(&mut fold.range);
        let gathered = self.check(&mut fold.start);
        let range = self.now(&range);
        let scope = self.scopes.len();
        self.scopes.push((fold.accumulator.clone(), gathered.clone()));
        let two = fold.second.is_some();
        let (first, second) = match &range {
            Type::List(item) if two => (Type::Int, item.as_ref().clone()),
            Type::List(item) => (item.as_ref().clone(), Type::Dyn),
            Type::Map(key, value) => (key.as_ref().clone(), value.as_ref().clone()),
            Type::Dyn | Type::Error | Type::Param(_) => {
                self.mapping.assign(&Type::Dyn, &range);
                (Type::Dyn, Type::Dyn)
            }
            other => {
                let message = format!(
                    "expression of type '{other}' cannot be range of a comprehension (must be \
                     list, map, or dynamic)"
                );
                self.refuse(fold.range.id, message);
                (Type::Error, Type::Error)
            }
        };
        let inner = self.scopes.len();
        self.scopes.push((fold.variable.clone(), first));
        self.scopes.extend(fold.second.clone().map(|name| (name, second)));
        let condition = self.check(&mut fold.condition);
        if !self.mapping.assign(&Type::Bool, &condition) {
            self.mismatch(fold.condition.id, &Type::Bool, &condition);
        }
        let step = self.check(&mut fold.step);
        if !self.mapping.assign(&gathered, &step) {
            self.mismatch(fold.step.id, &gathered, &step);
        }
        self.scopes.truncate(inner);
        let result = self.check(&mut fold.result);
        self.scopes.truncate(scope);
        self.now(&result)
    }
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Uint(_) => Type::Uint,
        Value::Double(_) => Type::Double,
        Value::String(_) => Type::String,
        Value::Bytes(_) => Type::Bytes,
        _ => Type::Dyn,
    }
}

/// `a.b.c` as one name.
fn qualified(expression: &Expr) -> Option<String> {
    match &expression.kind {
        Kind::Ident(name) => Some(name.clone()),
        Kind::Select { operand, field, test: false } => {
            Some(format!("{}.{field}", qualified(operand)?))
        }
        _ => None,
    }
}

/// A signature's type with its parameters put in.
fn instance(of: &Type, fresh: &[Type]) -> Type {
    match of {
        Type::Param(number) => fresh.get(*number).cloned().unwrap_or(Type::Dyn),
        other => other.mapped(&mut |part| instance(part, fresh)),
    }
}
