//! Whether one type stands for another, and what type parameters then are.
//! Source: cel-go, `checker/types.go`.

use std::collections::HashMap;

use crate::types::Type;

/// What type parameters stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapping(HashMap<usize, Type>);

impl Mapping {
    /// Tells whether a value of type `given` may stand where `wanted` is; learns from it if so.
    pub(crate) fn assign(&mut self, wanted: &Type, given: &Type) -> bool {
        self.assign_all(&[wanted], &[given])
    }

    /// The same for several at once.
    pub(crate) fn assign_all(&mut self, wanted: &[&Type], given: &[&Type]) -> bool {
        let mut learnt = self.clone();
        let fits = wanted.len() == given.len()
            && wanted.iter().zip(given).all(|(wanted, given)| learnt.fits(wanted, given));
        if fits {
            *self = learnt;
        }
        fits
    }

    fn fits(&mut self, one: &Type, two: &Type) -> bool {
        if let Type::Param(number) = two {
            match self.stands(*number, one) {
                Stands::Fits => return true,
                Stands::Refused => return false,
                Stands::Free => {}
            }
        }
        if let Type::Param(number) = one {
            return matches!(self.stands(*number, two), Stands::Fits);
        }
        if one.is_dyn_or_error() || two.is_dyn_or_error() {
            return true;
        }
        match (one, two) {
            (Type::Null, other) | (other, Type::Null) => matches!(
                other,
                Type::Null | Type::Opaque(..) | Type::Object(_) | Type::Duration | Type::Timestamp
            ),
            (Type::Type(_), Type::Type(_)) => true,
            (Type::List(one), Type::List(two)) => self.fits(one, two),
            (Type::Map(key, value), Type::Map(other_key, other_value)) => {
                self.fits(key, other_key) && self.fits(value, other_value)
            }
            (Type::Opaque(name, of), Type::Opaque(other, parts)) => {
                name == other
                    && of.len() == parts.len()
                    && of.iter().zip(parts.iter()).all(|(one, two)| self.fits(one, two))
            }
            _ => one == two,
        }
    }

    fn stands(&mut self, number: usize, given: &Type) -> Stands {
        if *given == Type::Param(number) {
            return Stands::Fits;
        }
        if let Some(known) = self.0.get(&number).cloned() {
            if known == *given {
                return Stands::Fits;
            }
            if self.fits(given, &known) {
                let general = most_general(given, &known);
                if self.is_free_of(number, &general) {
                    self.0.insert(number, general);
                }
                return Stands::Fits;
            }
            return Stands::Refused;
        }
        if self.is_free_of(number, given) {
            self.0.insert(number, given.clone());
            return Stands::Fits;
        }
        Stands::Free
    }

    fn is_free_of(&self, number: usize, within: &Type) -> bool {
        match within {
            Type::Param(other) if *other == number => false,
            Type::Param(other) => {
                self.0.get(other).is_none_or(|known| self.is_free_of(number, known))
            }
            other => other.parameters().into_iter().all(|part| self.is_free_of(number, part)),
        }
    }

    /// The type with all that is known put in; what is not becomes `dyn` if `settle`.
    pub(crate) fn substitute(&self, of: &Type, settle: bool) -> Type {
        match of {
            Type::Param(number) => match self.0.get(number) {
                Some(known) => self.substitute(known, settle),
                None if settle => Type::Dyn,
                None => of.clone(),
            },
            other => other.mapped(&mut |part| self.substitute(part, settle)),
        }
    }
}

enum Stands {
    Fits,
    Refused,
    Free,
}

/// The one of two types that says less.
pub(crate) fn most_general(one: &Type, two: &Type) -> Type {
    if says_less(one, two) { one.clone() } else { two.clone() }
}

fn says_less(one: &Type, two: &Type) -> bool {
    if one.is_dyn() || matches!(one, Type::Param(_)) {
        return true;
    }
    if two.is_dyn() || matches!(two, Type::Param(_)) {
        return false;
    }
    match (one, two) {
        (Type::Type(_), Type::Type(_)) => true,
        (Type::List(one), Type::List(two)) => says_less(one, two),
        (Type::Map(key, value), Type::Map(other_key, other_value)) => {
            says_less(key, other_key) && says_less(value, other_value)
        }
        (Type::Opaque(name, of), Type::Opaque(other, parts)) => {
            name == other
                && of.len() == parts.len()
                && of.iter().zip(parts.iter()).all(|(one, two)| says_less(one, two))
        }
        _ => one == two,
    }
}
