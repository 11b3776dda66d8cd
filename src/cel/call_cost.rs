//! What calls may take at most. Source: cel-go, `checker/cost.go`, `functionCost`;
//! `k8s.io/apiserver/pkg/cel/library/cost.go`, `EstimateCallCost`.

use crate::{
    ast::Kind,
    cost::{CallCost, Node, PATTERN, Range, TEXT, equals},
    types::Type,
    value::Value,
};

/// A call.
#[derive(Debug)]
pub(crate) struct Call<'c, 'a> {
    pub(crate) function: &'c str,
    pub(crate) overload: &'c str,
    pub(crate) target: Option<&'c Node<'a>>,
    pub(crate) arguments: &'c [Node<'a>],
}

type Sizes<'s> = dyn Fn(&[String]) -> Option<Range> + 's;

fn of(cost: Range) -> CallCost {
    CallCost { cost, size: None }
}

fn size(node: &Node<'_>) -> Range {
    node.size.unwrap_or(Range::UNKNOWN)
}

/// The cost of a call of Kubernetes' own functions; `None`: it is one of the language's.
pub(crate) fn kubernetes(call: &Call<'_, '_>, declared: &Sizes<'_>) -> Option<CallCost> {
    if is_nominal(call) {
        return Some(of(Range::fixed(1)));
    }
    let first = || call.arguments.first().map(size);
    Some(match call.function {
        "check" => of(Range::fixed(350_000)),
        "fieldSelector" | "labelSelector" => {
            let length = first()?;
            of(Range::fixed(10).plus(length.scaled(TEXT)).plus(length.scaled(500).scaled(50_000)))
        }
        "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" => {
            of(search(call.target?, declared))
        }
        "join" => return join(call, declared),
        "cidr" | "ip" | "isIP" | "isCIDR" | "quantity" | "isQuantity" | "semver" | "isSemver" => {
            of(first()?.scaled(TEXT))
        }
        "ip.isCanonical" => of(first()?.scaled(2 * TEXT)),
        "containsIP" | "containsCIDR" => of(ranges(call, first()?)),
        "validate" => of(first()?.scaled(TEXT).scaled(128 * PATTERN)),
        function if equals(function) => return equality(call),
        _ => return texts(call),
    })
}

/// Tells whether a call looks at a part of a value and no more.
fn is_nominal(call: &Call<'_, '_>) -> bool {
    match call.function {
        "serviceAccount"
        | "path"
        | "group"
        | "resource"
        | "subresource"
        | "namespace"
        | "name"
        | "allowed"
        | "reason"
        | "error"
        | "errored"
        | "sign"
        | "asInteger"
        | "isInteger"
        | "asApproximateFloat"
        | "isGreaterThan"
        | "isLessThan"
        | "compareTo"
        | "add"
        | "sub"
        | "major"
        | "minor"
        | "patch"
        | "getScheme"
        | "getHostname"
        | "getHost"
        | "getPort"
        | "getEscapedPath"
        | "getQuery"
        | "masked"
        | "prefixLength"
        | "family"
        | "isUnspecified"
        | "isLoopback"
        | "isLinkLocalMulticast"
        | "isLinkLocalUnicast"
        | "isGlobalUnicast"
        | "format.named" => true,
        "ip" => call.overload == "cidr_ip",
        _ => false,
    }
}

/// Functions that make texts of texts.
fn texts(call: &Call<'_, '_>) -> Option<CallCost> {
    let first = || call.arguments.first().map(size);
    let target = || call.target.map(size);
    let sized = |cost: Range, size: Range| Some(CallCost { cost, size: Some(size) });
    match call.function {
        "url" | "jsonpatch.escapeKey" => sized(first()?.scaled(TEXT), first()?),
        "lowerAscii" | "upperAscii" | "substring" | "trim" => {
            sized(target()?.scaled(TEXT), target()?)
        }
        "replace" => {
            let [from, to, ..] = call.arguments else { return None };
            let whole = target()?;
            sized(whole.scaled(2 * TEXT), replaced(whole, size(from), size(to)))
        }
        "split" => {
            let mut most = target()?.max;
            if let Some(Kind::Literal(Value::Int(limit))) =
                call.arguments.get(1).map(|limit| &limit.expression.kind)
            {
                most = u64::try_from(*limit).unwrap_or(u64::MAX);
            }
            sized(target()?.scaled(2 * TEXT), Range { min: 0, max: most })
        }
        "find" | "findAll" => {
            let pattern = first()?.scaled(PATTERN);
            let text = target()?.plus(Range::fixed(1)).scaled(TEXT);
            sized(text.times(pattern), Range { min: 0, max: target()?.max })
        }
        _ => None,
    }
}

/// Looking for something in a list, or in a text.
fn search(target: &Node<'_>, declared: &Sizes<'_>) -> Range {
    let count = size(target);
    match target.of {
        Type::List(item) => {
            let mut each = Range::fixed(1);
            if matches!(item.as_ref(), Type::String | Type::Bytes) {
                each = each.plus(item_size(target, declared).scaled(TEXT));
            }
            count.times(each)
        }
        _ => count.scaled(TEXT),
    }
}

fn item_size(list: &Node<'_>, declared: &Sizes<'_>) -> Range {
    if list.road.is_empty() {
        return Range::UNKNOWN;
    }
    let mut road = list.road.clone();
    road.push("@items".into());
    declared(&road).unwrap_or(Range::UNKNOWN)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as Go rounds"
)]
fn ratio(whole: u64, part: u64) -> u64 {
    (whole as f64 / part as f64).ceil() as u64
}

/// How large a text is after parts of it were replaced.
fn replaced(whole: Range, from: Range, to: Range) -> Range {
    let (mut count, mut kept) = (Range::fixed(0), Range::fixed(0));
    if from.min == 0 {
        count.max = whole.max.saturating_add(1);
        kept.max = whole.max;
    } else if to.max <= from.min {
        kept.max = whole.max;
    } else {
        count.max = ratio(whole.max, from.min);
    }
    if from.max == 0 {
        count.min = whole.min.saturating_add(1);
        kept.min = whole.min;
    } else if from.max <= to.min {
        kept.min = whole.min;
    } else {
        count.min = ratio(whole.min, from.max);
    }
    count.times(to).plus(kept)
}

fn join(call: &Call<'_, '_>, declared: &Sizes<'_>) -> Option<CallCost> {
    let target = call.target?;
    let count = size(target);
    let mut whole = count.times(item_size(target, declared));
    if let Some(by) = call.arguments.first() {
        let between = Range { min: count.min.saturating_sub(1), max: count.max.saturating_sub(1) };
        whole = whole.plus(between.times(size(by)));
    }
    Some(CallCost { cost: whole.scaled(TEXT), size: Some(whole) })
}

fn ranges(call: &Call<'_, '_>, other: Range) -> Range {
    let address = Range { min: 4, max: 16 };
    let mut cost = address.plus(address).scaled(TEXT);
    if call.function == "containsCIDR" {
        cost = cost.plus(address.scaled(TEXT)).plus(Range::fixed(1));
    }
    if call.overload.ends_with("_string") { cost.plus(other.scaled(TEXT)) } else { cost }
}

fn equality(call: &Call<'_, '_>) -> Option<CallCost> {
    let [one, two] = call.arguments else { return None };
    let (Type::Opaque(name, _), true) = (one.of, one.of == two.of) else { return None };
    let most = match *name {
        "net.IP" | "net.CIDR" | "kubernetes.Quantity" | "kubernetes.Semver" => 1,
        "kubernetes.NamedFormat" => return Some(of(Range { min: 1, max: 64 }.scaled(TEXT))),
        "kubernetes.URL" => {
            let most = two.size.map_or(1, |size| size.max);
            return Some(of(Range { min: 1, max: most }.scaled(TEXT)));
        }
        name if name.starts_with("kubernetes.authorization.") => 1,
        _ => return None,
    };
    Some(of(Range::fixed(most)))
}

/// The cost of a call of the language's own functions.
pub(crate) fn standard(call: &Call<'_, '_>) -> CallCost {
    let sized = |cost: Range, size: Range| CallCost { cost, size: Some(size) };
    match (call.overload, call.target, call.arguments) {
        ("string_format", Some(target), _) => of(size(target).scaled(TEXT)),
        ("string_to_bytes", _, [text]) => {
            let text = size(text);
            sized(text.scaled(TEXT), Range { min: text.min, max: text.max.saturating_mul(4) })
        }
        ("bytes_to_string", _, [bytes]) => {
            let bytes = size(bytes);
            sized(bytes.scaled(TEXT), Range { min: bytes.min / 4, max: bytes.max })
        }
        ("strings_quote", _, [text]) => {
            let text = size(text);
            let most = text.max.saturating_mul(2).saturating_add(2);
            sized(text.scaled(TEXT), Range { min: text.min.saturating_add(2), max: most })
        }
        ("starts_with_string" | "ends_with_string", _, [text]) => of(size(text).scaled(TEXT)),
        ("in_list", _, [_, list]) => of(size(list)),
        ("list_sets_contains_list" | "list_sets_intersects_list", _, [one, two]) => {
            of(size(one).times(size(two)).plus(Range::fixed(1)))
        }
        // Each must contain the other.
        ("list_sets_equivalent_list", _, [one, two]) => {
            of(size(one).times(size(two)).times(Range::fixed(2)).plus(Range::fixed(1)))
        }
        ("matches_string", Some(text), [pattern]) | ("matches", None, [text, pattern]) => {
            let text = size(text).plus(Range::fixed(1)).scaled(TEXT);
            of(text.times(size(pattern).scaled(PATTERN)))
        }
        ("contains_string", Some(text), [part]) => {
            of(size(text).scaled(TEXT).times(size(part).scaled(TEXT)))
        }
        (
            "less_string"
            | "greater_string"
            | "less_equals_string"
            | "greater_equals_string"
            | "less_bytes"
            | "greater_bytes"
            | "less_equals_bytes"
            | "greater_equals_bytes"
            | "equals"
            | "not_equals",
            _,
            [one, two],
        ) => {
            let most = size(one).max.min(size(two).max);
            of(Range { min: u64::from(most > 0), max: most }.scaled(TEXT))
        }
        _ => of(Range::fixed(1)),
    }
}
