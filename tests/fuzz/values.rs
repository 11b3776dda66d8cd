//! Mutations of documents: what is well formed, and means something odd.

use serde_json::{Map, Value, json};

use crate::{Input, Random, Terms};

/// How deep a mutation nests something: as deep as bodies may.
const MOST_DEPTH: usize = 100;

impl Input for Value {
    fn mutated(&self, others: &[Self], terms: Terms<'_>, random: &mut Random) -> Self {
        let mut value = self.clone();
        for _ in 0..=random.below(3) {
            let other = random.choose(others).unwrap_or(&Self::Null);
            let part = nth(other, random.below(count(other))).clone();
            let at = random.below(count(&value));
            if let Some(place) = nth_mut(&mut value, &mut { at }) {
                change(place, part, terms, random);
            }
        }
        if count(&value) > terms.longest || depth(&value) > MOST_DEPTH {
            self.clone()
        } else {
            value
        }
    }

    fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for at in 0..count(self) {
            for gone in 0..3 {
                let mut value = self.clone();
                let Some(place) = nth_mut(&mut value, &mut { at }) else { continue };
                let taken = match place {
                    Value::Object(fields) => take(fields, gone),
                    Value::Array(items) if gone < items.len() => Some(items.remove(gone)),
                    _ => None,
                };
                all.extend(taken.map(|_| value));
            }
        }
        all
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Input for Vec<Value> {
    fn mutated(&self, others: &[Self], terms: Terms<'_>, random: &mut Random) -> Self {
        let mut all = self.clone();
        let pool: Vec<Value> =
            random.choose(others).into_iter().chain([self]).flatten().cloned().collect();
        for one in &mut all {
            if random.below(2) == 0 {
                *one = one.mutated(&pool, terms, random);
            }
        }
        all
    }

    fn smaller(&self) -> Vec<Self> {
        let of = |at: usize| {
            self[at].smaller().into_iter().map(move |one| {
                let mut all = self.clone();
                all[at] = one;
                all
            })
        };
        (0..self.len()).flat_map(of).collect()
    }

    fn shown(&self) -> String {
        self.iter().map(Input::shown).collect::<Vec<_>>().join("\n")
    }
}

fn take(fields: &mut Map<String, Value>, at: usize) -> Option<Value> {
    let key = fields.keys().nth(at)?.clone();
    fields.remove(&key)
}

/// Changes one value of a document.
fn change(place: &mut Value, part: Value, terms: Terms<'_>, random: &mut Random) {
    match random.below(8) {
        0 => *place = odd(random),
        1 => *place = part,
        2 => {
            for _ in 0..random.below(MOST_DEPTH) {
                let inner = place.take();
                *place = if random.below(2) == 0 { json!([inner]) } else { json!({ "a": inner }) };
            }
        }
        3 => {
            let word = random.choose(terms.words).copied().unwrap_or_default();
            *place = word.into();
        }
        _ => inside(place, part, terms, random),
    }
}

/// Changes what a value holds.
fn inside(place: &mut Value, part: Value, terms: Terms<'_>, random: &mut Random) {
    match place {
        Value::Object(fields) => {
            let key = fields.keys().nth(random.below(fields.len())).cloned();
            let word = random.choose(terms.words).copied().unwrap_or("odd").to_owned();
            match random.below(3) {
                0 => drop(key.and_then(|key| fields.remove(&key))),
                1 => drop(fields.insert(key.unwrap_or(word), part)),
                _ => drop(fields.insert(word, part)),
            }
        }
        Value::Array(items) => {
            let at = random.below(items.len());
            match random.below(3) {
                0 if !items.is_empty() => drop(items.remove(at)),
                1 if !items.is_empty() => items.push(items[at].clone()),
                _ => items.insert(at, part),
            }
        }
        Value::String(text) => {
            let bytes = text.as_bytes().to_vec().mutated(&[], terms, random);
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
        _ => *place = odd(random),
    }
}

fn odd(random: &mut Random) -> Value {
    let all = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(2_147_483_648_u32),
        json!(""),
        json!("\0"),
        json!("é"),
        json!("$"),
        json!([]),
        json!({}),
        json!([null]),
        json!([{}]),
        json!({ "": null }),
    ];
    random.choose(&all).cloned().unwrap_or_default()
}

/// How many values there are in a value, itself counted.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 1,
    }
}

fn nth(value: &Value, at: usize) -> &Value {
    let mut left = at;
    let below: Vec<&Value> = match value {
        _ if left == 0 => return value,
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => return value,
    };
    left -= 1;
    for one in below {
        let many = count(one);
        if left < many {
            return nth(one, left);
        }
        left -= many;
    }
    value
}

fn nth_mut<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|one| nth_mut(one, left)),
        Value::Object(fields) => fields.values_mut().find_map(|one| nth_mut(one, left)),
        _ => None,
    }
}
