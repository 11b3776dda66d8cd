//! Values of expressions: equality, order, size. Source: cel-go, `common/types`.

use std::{cmp::Ordering, collections::BTreeMap, fmt, net::IpAddr, ops::Deref, sync::Arc};

use jiff::Timestamp;
use machinery::quantity::Quantity;

use crate::{
    authorizer::Check,
    functions::{semver::Semver, url::Url},
};

/// A value.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number without sign.
    Uint(u64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A point in time.
    Timestamp(Timestamp),
    /// Nanoseconds.
    Duration(i64),
    /// Items.
    List(Arc<List>),
    /// Values by key, in the order of keys.
    Map(Arc<Entries<Key>>),
    /// Fields of an object of that type.
    Object(Arc<str>, Arc<Entries<String>>),
    /// A value that may be absent.
    Optional(Option<Arc<Value>>),
    /// The type of that name.
    Type(Arc<str>),
    /// An amount.
    Quantity(Quantity),
    /// An address on the web.
    Url(Arc<Url>),
    /// An address.
    Ip(IpAddr),
    /// A range of addresses: its address and the length of its prefix.
    Cidr(IpAddr, u8),
    /// A version.
    Semver(Arc<Semver>),
    /// One of the formats of `format.*()`, by its name there.
    Format(&'static str),
    /// A question about rights, or its answer.
    Check(Arc<Check>),
}

/// Items, and how Kubernetes tells them apart.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The items.
    pub items: Vec<Value>,
    /// What equality and `+` go by.
    pub identity: Identity,
    weight: u64,
}

impl List {
    /// A list of such identity.
    pub fn new(items: Vec<Value>, identity: Identity) -> Self {
        let weight = items.iter().map(Value::weight).fold(1, u64::saturating_add);
        Self { items, identity, weight }
    }

    pub(crate) fn push(&mut self, item: Value) {
        self.weight = self.weight.saturating_add(item.weight());
        self.items.push(item);
    }
}

/// Values by key.
#[derive(Debug, Clone, PartialEq)]
pub struct Entries<K: Ord>(BTreeMap<K, Value>, u64);

impl<K: Ord> Entries<K> {
    pub(crate) fn insert(&mut self, key: K, value: Value) -> Option<Value> {
        self.1 = self.1.saturating_add(value.weight()).saturating_add(1);
        self.0.insert(key, value)
    }
}

impl<K: Ord> From<BTreeMap<K, Value>> for Entries<K> {
    fn from(entries: BTreeMap<K, Value>) -> Self {
        let weight = entries.values().map(|value| value.weight().saturating_add(1));
        let weight = weight.fold(1, u64::saturating_add);
        Self(entries, weight)
    }
}

impl<K: Ord> Deref for Entries<K> {
    type Target = BTreeMap<K, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// How a list's items are told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Identity {
    /// By their places.
    #[default]
    Place,
    /// By their values, as `x-kubernetes-list-type: set` says.
    Value,
    /// By these keys, escaped, as `x-kubernetes-list-type: map` says.
    Keys(Arc<[String]>),
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that is too large for the other kind.
    Uint(u64),
    /// Text.
    String(Arc<str>),
}

impl Key {
    /// The key that a value is; `None`: values of its type are no keys.
    pub fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Int(number) => Self::Int(*number),
            Value::Uint(number) => i64::try_from(*number).map_or(Self::Uint(*number), Self::Int),
            Value::Double(number) => Self::Int(whole(*number)?),
            Value::String(text) => Self::String(Arc::clone(text)),
            _ => return None,
        })
    }

    /// The value that the key is.
    pub fn value(&self) -> Value {
        match self {
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Int(number) => Value::Int(*number),
            Self::Uint(number) => Value::Uint(*number),
            Self::String(text) => Value::String(Arc::clone(text)),
        }
    }
}

/// The whole number that a floating-point one is.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "bounds are checked"
)]
pub(crate) fn whole(number: f64) -> Option<i64> {
    let fits = number.fract() == 0.0 && number >= i64::MIN as f64 && number < i64::MAX as f64;
    fits.then_some(number as i64)
}

impl Value {
    /// Text.
    pub fn text(text: &str) -> Self {
        Self::String(text.into())
    }

    /// A plain list.
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::new(List::new(items, Identity::Place)))
    }

    /// Fields of an object of type `name`.
    pub fn object(name: &str, fields: BTreeMap<String, Self>) -> Self {
        Self::Object(name.into(), Arc::new(fields.into()))
    }

    /// Values by key.
    pub(crate) fn entries(entries: BTreeMap<Key, Self>) -> Self {
        Self::Map(Arc::new(entries.into()))
    }

    /// How much it is to look at all of it; what stands in it twice counts twice.
    pub(crate) fn weight(&self) -> u64 {
        match self {
            Self::String(text) => 1 + text.len() as u64 / 16,
            Self::Bytes(bytes) => 1 + bytes.len() as u64 / 16,
            Self::List(list) => list.weight,
            Self::Map(entries) => entries.1,
            Self::Object(_, fields) => fields.1,
            Self::Optional(Some(value)) => value.weight(),
            _ => 1,
        }
    }

    /// A map of texts to values.
    pub fn map(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        let entries = entries.into_iter();
        Self::entries(entries.map(|(key, value)| (Key::String(key.into()), value)).collect())
    }

    /// The value as an optional one.
    #[must_use]
    pub fn present(self) -> Self {
        Self::Optional(Some(Arc::new(self)))
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The name of the type.
    pub fn type_name(&self) -> Arc<str> {
        match self {
            Self::Null => "null_type".into(),
            Self::Bool(_) => "bool".into(),
            Self::Int(_) => "int".into(),
            Self::Uint(_) => "uint".into(),
            Self::Double(_) => "double".into(),
            Self::String(_) => "string".into(),
            Self::Bytes(_) => "bytes".into(),
            Self::Timestamp(_) => "google.protobuf.Timestamp".into(),
            Self::Duration(_) => "google.protobuf.Duration".into(),
            Self::List(_) => "list".into(),
            Self::Map(_) => "map".into(),
            Self::Object(name, _) => Arc::clone(name),
            Self::Optional(_) => "optional_type".into(),
            Self::Type(_) => "type".into(),
            Self::Quantity(_) => "kubernetes.Quantity".into(),
            Self::Url(_) => "kubernetes.URL".into(),
            Self::Ip(_) => "net.IP".into(),
            Self::Cidr(..) => "net.CIDR".into(),
            Self::Semver(_) => "kubernetes.Semver".into(),
            Self::Format(_) => "kubernetes.NamedFormat".into(),
            Self::Check(check) => check.type_name().into(),
        }
    }

    /// The size that costs go by.
    pub(crate) fn size(&self) -> u64 {
        let size = match self {
            Self::String(text) => text.chars().count(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(list) => list.items.len(),
            Self::Map(entries) => entries.len(),
            Self::Object(_, fields) => fields.len(),
            Self::Optional(Some(value)) => return value.size(),
            Self::Ip(ip) | Self::Cidr(ip, _) => return if ip.is_ipv4() { 4 } else { 16 },
            _ => 1,
        };
        size as u64
    }

    /// Tells whether it is what a value of its type is where nothing is given.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(flag) => !flag,
            Self::Int(number) | Self::Duration(number) => *number == 0,
            Self::Uint(number) => *number == 0,
            Self::Double(number) => *number == 0.0,
            Self::Optional(value) => value.is_none(),
            Self::Quantity(quantity) => quantity.is_zero(),
            Self::String(_) | Self::Bytes(_) | Self::List(_) | Self::Map(_) | Self::Object(..) => {
                self.size() == 0
            }
            _ => false,
        }
    }
}

/// Compares numbers of any kind; `None`: one of them is no number.
fn numbers(one: &Value, two: &Value) -> Option<Ordering> {
    Some(match (one, two) {
        (Value::Int(one), Value::Int(two)) => one.cmp(two),
        (Value::Uint(one), Value::Uint(two)) => one.cmp(two),
        (Value::Int(one), Value::Uint(two)) => i128::from(*one).cmp(&i128::from(*two)),
        (Value::Uint(one), Value::Int(two)) => i128::from(*one).cmp(&i128::from(*two)),
        (Value::Double(one), Value::Double(two)) => one.partial_cmp(two)?,
        (Value::Double(one), Value::Int(two)) => float(*one, i128::from(*two))?,
        (Value::Double(one), Value::Uint(two)) => float(*one, i128::from(*two))?,
        (Value::Int(one), Value::Double(two)) => float(*two, i128::from(*one))?.reverse(),
        (Value::Uint(one), Value::Double(two)) => float(*two, i128::from(*one))?.reverse(),
        _ => return None,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "casts of floats saturate, and 64 bits fit in 128"
)]
fn float(one: f64, two: i128) -> Option<Ordering> {
    if one.is_nan() {
        return None;
    }
    let order = (one.floor() as i128).cmp(&two);
    Some(if order == Ordering::Equal && one.fract() != 0.0 { Ordering::Greater } else { order })
}

/// Compares values that have an order; `None`: these have none.
pub(crate) fn compare(one: &Value, two: &Value) -> Option<Ordering> {
    match (one, two) {
        (Value::Bool(one), Value::Bool(two)) => Some(one.cmp(two)),
        (Value::String(one), Value::String(two)) => Some(one.cmp(two)),
        (Value::Bytes(one), Value::Bytes(two)) => Some(one.cmp(two)),
        (Value::Timestamp(one), Value::Timestamp(two)) => Some(one.cmp(two)),
        (Value::Duration(one), Value::Duration(two)) => Some(one.cmp(two)),
        _ => numbers(one, two),
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::List(one), Self::List(two)) => lists(one, two),
            (Self::Map(one), Self::Map(two)) => one.0 == two.0,
            (Self::Object(name, one), Self::Object(other, two)) => name == other && one.0 == two.0,
            (Self::Map(map), Self::Object(_, fields))
            | (Self::Object(_, fields), Self::Map(map)) => {
                map.len() == fields.len()
                    && map.iter().all(|(key, value)| match key {
                        Key::String(key) => fields.get(key.as_ref()) == Some(value),
                        _ => false,
                    })
            }
            (Self::Optional(one), Self::Optional(two)) => one == two,
            (Self::Type(one), Self::Type(two)) => one == two,
            (Self::Quantity(one), Self::Quantity(two)) => one == two,
            (Self::Url(one), Self::Url(two)) => one == two,
            (Self::Ip(one), Self::Ip(two)) => one == two,
            (Self::Cidr(one, length), Self::Cidr(two, other)) => one == two && length == other,
            (Self::Semver(one), Self::Semver(two)) => one == two,
            (Self::Format(one), Self::Format(two)) => one == two,
            (Self::Check(one), Self::Check(two)) => one == two,
            _ => compare(self, other) == Some(Ordering::Equal),
        }
    }
}

fn lists(one: &List, two: &List) -> bool {
    if one.items.len() != two.items.len() {
        return false;
    }
    match &one.identity {
        Identity::Place => one.items == two.items,
        Identity::Value => one.items.iter().all(|item| two.items.contains(item)),
        Identity::Keys(keys) => one.items.iter().all(|item| {
            two.items.iter().find(|other| same_keys(keys, item, other)).is_some_and(|it| it == item)
        }),
    }
}

/// The value of a field of an object or a map.
pub(crate) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(_, fields) => fields.get(name),
        Value::Map(entries) => entries.get(&Key::String(name.into())),
        _ => None,
    }
}

fn same_keys(keys: &[String], one: &Value, two: &Value) -> bool {
    keys.iter().all(|key| field(one, key) == field(two, key))
}

/// Joins two lists as their identity says.
pub(crate) fn concatenated(one: &List, two: &List) -> List {
    let mut items = one.items.clone();
    for item in &two.items {
        match &one.identity {
            Identity::Place => items.push(item.clone()),
            Identity::Value => {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            }
            Identity::Keys(keys) => {
                match items.iter_mut().find(|known| same_keys(keys, known, item)) {
                    Some(known) => *known = item.clone(),
                    None => items.push(item.clone()),
                }
            }
        }
    }
    List::new(items, one.identity.clone())
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError(pub(crate) String);

impl EvalError {
    /// An error with these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    pub(crate) fn no_overload() -> Self {
        Self("no such overload".into())
    }

    /// Tells whether the expression was given up because it took too much.
    pub fn is_over_limit(&self) -> bool {
        self.0 == OVER_LIMIT
    }
}

/// What is said of an expression that takes too much.
pub(crate) const OVER_LIMIT: &str = "operation cancelled: actual cost limit exceeded";

impl fmt::Display for EvalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for EvalError {}
