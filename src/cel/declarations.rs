//! The functions that expressions may call, and of which types.
//!
//! Source: cel-go's standard library and its extensions for strings (version 2), lists (version 3),
//! sets, optionals and walks with two variables; `k8s.io/apiserver/pkg/cel/library`: the set of
//! Kubernetes 1.36.

use std::{collections::HashMap, sync::OnceLock};

use crate::{types::Type, value::Value};

/// One signature of a function.
#[derive(Debug)]
pub(crate) struct Overload {
    /// The name that costs go by.
    pub(crate) id: &'static str,
    /// Whether it is called on its first argument.
    pub(crate) member: bool,
    pub(crate) arguments: Vec<Type>,
    pub(crate) result: Type,
    /// How many type parameters it has.
    pub(crate) parameters: usize,
}

/// A function's signatures: name, arguments (the first one with a dot is what a member is called
/// on), result, and the name of the signature.
const TABLE: &str = "
_?_:_(bool, A, A) A conditional
_&&_(bool, bool) bool logical_and
_||_(bool, bool) bool logical_or
!_(bool) bool logical_not
@not_strictly_false(bool) bool not_strictly_false
_==_(A, A) bool equals
_!=_(A, A) bool not_equals
_+_(bytes, bytes) bytes add_bytes
_+_(double, double) double add_double
_+_(duration, duration) duration add_duration_duration
_+_(duration, timestamp) timestamp add_duration_timestamp
_+_(timestamp, duration) timestamp add_timestamp_duration
_+_(int, int) int add_int64
_+_(list(A), list(A)) list(A) add_list
_+_(string, string) string add_string
_+_(uint, uint) uint add_uint64
_/_(double, double) double divide_double
_/_(int, int) int divide_int64
_/_(uint, uint) uint divide_uint64
_%_(int, int) int modulo_int64
_%_(uint, uint) uint modulo_uint64
_*_(double, double) double multiply_double
_*_(int, int) int multiply_int64
_*_(uint, uint) uint multiply_uint64
-_(double) double negate_double
-_(int) int negate_int64
_-_(double, double) double subtract_double
_-_(duration, duration) duration subtract_duration_duration
_-_(int, int) int subtract_int64
_-_(timestamp, duration) timestamp subtract_timestamp_duration
_-_(timestamp, timestamp) duration subtract_timestamp_timestamp
_-_(uint, uint) uint subtract_uint64
@in(A, list(A)) bool in_list
@in(A, map(A, B)) bool in_map
_[_](list(A), int) A index_list
_[_](map(A, B), A) B index_map
_[_](optional(list(V)), int) optional(V) optional_list_index_int
_[_](optional(map(K, V)), K) optional(V) optional_map_index_value
_[?_](list(V), int) optional(V) list_optindex_optional_int
_[?_](optional(list(V)), int) optional(V) optional_list_optindex_optional_int
_[?_](map(K, V), K) optional(V) map_optindex_optional_value
_[?_](optional(map(K, V)), K) optional(V) optional_map_optindex_optional_value
size(bytes) int size_bytes
size(.bytes) int bytes_size
size(list(A)) int size_list
size(.list(A)) int list_size
size(map(A, B)) int size_map
size(.map(A, B)) int map_size
size(string) int size_string
size(.string) int string_size
type(A) type(A) type
bool(bool) bool bool_to_bool
bool(string) bool string_to_bool
bytes(bytes) bytes bytes_to_bytes
bytes(string) bytes string_to_bytes
double(double) double double_to_double
double(int) double int64_to_double
double(string) double string_to_double
double(uint) double uint64_to_double
duration(duration) duration duration_to_duration
duration(int) duration int64_to_duration
duration(string) duration string_to_duration
dyn(A) dyn to_dyn
int(int) int int64_to_int64
int(double) int double_to_int64
int(duration) int duration_to_int64
int(string) int string_to_int64
int(timestamp) int timestamp_to_int64
int(uint) int uint64_to_int64
string(string) string string_to_string
string(bool) string bool_to_string
string(bytes) string bytes_to_string
string(double) string double_to_string
string(duration) string duration_to_string
string(int) string int64_to_string
string(timestamp) string timestamp_to_string
string(uint) string uint64_to_string
string(ip) string ip_to_string
string(cidr) string cidr_to_string
timestamp(timestamp) timestamp timestamp_to_timestamp
timestamp(int) timestamp int64_to_timestamp
timestamp(string) timestamp string_to_timestamp
uint(uint) uint uint64_to_uint64
uint(double) uint double_to_uint64
uint(int) uint int64_to_uint64
uint(string) uint string_to_uint64
contains(.string, string) bool contains_string
endsWith(.string, string) bool ends_with_string
matches(string, string) bool matches
matches(.string, string) bool matches_string
startsWith(.string, string) bool starts_with_string
charAt(.string, int) string string_char_at_int
indexOf(.string, string) int string_index_of_string
indexOf(.string, string, int) int string_index_of_string_int
lastIndexOf(.string, string) int string_last_index_of_string
lastIndexOf(.string, string, int) int string_last_index_of_string_int
lowerAscii(.string) string string_lower_ascii
upperAscii(.string) string string_upper_ascii
replace(.string, string, string) string string_replace_string_string
replace(.string, string, string, int) string string_replace_string_string_int
split(.string, string) list(string) string_split_string
split(.string, string, int) list(string) string_split_string_int
substring(.string, int) string string_substring_int
substring(.string, int, int) string string_substring_int_int
trim(.string) string string_trim
format(.string, list(dyn)) string string_format
strings.quote(string) string strings_quote
join(.list(string)) string list_join
join(.list(string), string) string list_join_string
find(.string, string) string string_find_string
findAll(.string, string) list(string) string_find_all_string
findAll(.string, string, int) list(string) string_find_all_string_int
indexOf(.list(A), A) int list_a_index_of_int
lastIndexOf(.list(A), A) int list_a_last_index_of_int
slice(.list(A), int, int) list(A) list_slice
flatten(.list(list(A))) list(A) list_flatten
flatten(.list(dyn), int) list(dyn) list_flatten_int
distinct(.list(A)) list(A) list_distinct
reverse(.list(A)) list(A) list_reverse
lists.range(int) list(int) lists_range
sets.contains(list(A), list(A)) bool list_sets_contains_list
sets.equivalent(list(A), list(A)) bool list_sets_equivalent_list
sets.intersects(list(A), list(A)) bool list_sets_intersects_list
cel.@mapInsert(map(K, V), K, V) map(K, V) @mapInsert_map_key_value
cel.@mapInsert(map(K, V), map(K, V)) map(K, V) @mapInsert_map_map
optional.of(V) optional(V) optional_of
optional.ofNonZeroValue(V) optional(V) optional_ofNonZeroValue
optional.none() optional(V) optional_none
optional.unwrap(list(optional(V))) list(V) optional_unwrap
unwrapOpt(.list(optional(V))) list(V) optional_unwrapOpt
value(.optional(V)) V optional_value
hasValue(.optional(V)) bool optional_hasValue
or(.optional(V), optional(V)) optional(V) optional_or_optional
orValue(.optional(V), V) V optional_orValue_value
first(.list(V)) optional(V) list_first
last(.list(V)) optional(V) list_last
getFullYear(.timestamp) int timestamp_to_year
getFullYear(.timestamp, string) int timestamp_to_year_with_tz
getMonth(.timestamp) int timestamp_to_month
getMonth(.timestamp, string) int timestamp_to_month_with_tz
getDayOfYear(.timestamp) int timestamp_to_day_of_year
getDayOfYear(.timestamp, string) int timestamp_to_day_of_year_with_tz
getDayOfMonth(.timestamp) int timestamp_to_day_of_month
getDayOfMonth(.timestamp, string) int timestamp_to_day_of_month_with_tz
getDate(.timestamp) int timestamp_to_day_of_month_1_based
getDate(.timestamp, string) int timestamp_to_day_of_month_1_based_with_tz
getDayOfWeek(.timestamp) int timestamp_to_day_of_week
getDayOfWeek(.timestamp, string) int timestamp_to_day_of_week_with_tz
getHours(.timestamp) int timestamp_to_hours
getHours(.timestamp, string) int timestamp_to_hours_with_tz
getHours(.duration) int duration_to_hours
getMinutes(.timestamp) int timestamp_to_minutes
getMinutes(.timestamp, string) int timestamp_to_minutes_with_tz
getMinutes(.duration) int duration_to_minutes
getSeconds(.timestamp) int timestamp_to_seconds
getSeconds(.timestamp, string) int timestamp_to_seconds_with_tz
getSeconds(.duration) int duration_to_seconds
getMilliseconds(.timestamp) int timestamp_to_milliseconds
getMilliseconds(.timestamp, string) int timestamp_to_milliseconds_with_tz
getMilliseconds(.duration) int duration_to_milliseconds
url(string) url string_to_url
isURL(string) bool is_url_string
getScheme(.url) string url_get_scheme
getHost(.url) string url_get_host
getHostname(.url) string url_get_hostname
getPort(.url) string url_get_port
getEscapedPath(.url) string url_get_escaped_path
getQuery(.url) map(string, list(string)) url_get_query
ip(string) ip string_to_ip
isIP(string) bool is_ip
ip.isCanonical(string) bool ip_is_canonical
family(.ip) int ip_family
isUnspecified(.ip) bool ip_is_unspecified
isLoopback(.ip) bool ip_is_loopback
isLinkLocalMulticast(.ip) bool ip_is_link_local_multicast
isLinkLocalUnicast(.ip) bool ip_is_link_local_unicast
isGlobalUnicast(.ip) bool ip_is_global_unicast
cidr(string) cidr string_to_cidr
isCIDR(string) bool is_cidr
containsIP(.cidr, string) bool cidr_contains_ip_string
containsIP(.cidr, ip) bool cidr_contains_ip_ip
containsCIDR(.cidr, string) bool cidr_contains_cidr_string
containsCIDR(.cidr, cidr) bool cidr_contains_cidr
ip(.cidr) ip cidr_ip
prefixLength(.cidr) int cidr_prefix_length
masked(.cidr) cidr cidr_masked
quantity(string) quantity string_to_quantity
isQuantity(string) bool is_quantity_string
sign(.quantity) int quantity_sign
isGreaterThan(.quantity, quantity) bool quantity_is_greater_than
isLessThan(.quantity, quantity) bool quantity_is_less_than
compareTo(.quantity, quantity) int quantity_compare_to
asApproximateFloat(.quantity) double quantity_get_float
asInteger(.quantity) int quantity_get_int
isInteger(.quantity) bool quantity_is_integer
add(.quantity, quantity) quantity quantity_add
add(.quantity, int) quantity quantity_add_int
sub(.quantity, quantity) quantity quantity_sub
sub(.quantity, int) quantity quantity_sub_int
semver(string) semver string_to_semver
semver(string, bool) semver string_bool_to_semver
isSemver(string) bool is_semver_string
isSemver(string, bool) bool is_semver_string_bool
isGreaterThan(.semver, semver) bool semver_is_greater_than
isLessThan(.semver, semver) bool semver_is_less_than
compareTo(.semver, semver) int semver_compare_to
major(.semver) int semver_major
minor(.semver) int semver_minor
patch(.semver) int semver_patch
format.named(string) optional(format) format-named
validate(.format, string) optional(list(string)) format-validate
path(.authorizer, string) pathcheck authorizer_path
group(.authorizer, string) groupcheck authorizer_group
serviceAccount(.authorizer, string, string) authorizer authorizer_serviceaccount
resource(.groupcheck, string) resourcecheck groupcheck_resource
subresource(.resourcecheck, string) resourcecheck resourcecheck_subresource
namespace(.resourcecheck, string) resourcecheck resourcecheck_namespace
name(.resourcecheck, string) resourcecheck resourcecheck_name
fieldSelector(.resourcecheck, string) resourcecheck authorizer_fieldselector
labelSelector(.resourcecheck, string) resourcecheck authorizer_labelselector
check(.pathcheck, string) decision pathcheck_check
check(.resourcecheck, string) decision resourcecheck_check
errored(.decision) bool decision_errored
error(.decision) string decision_error
allowed(.decision) bool decision_allowed
reason(.decision) string decision_reason
jsonpatch.escapeKey(string) string string_jsonpatch_escapeKey_string
";

/// Signatures alike for several types: name, arguments, result and name with `T` for the type.
const TEMPLATES: [(&str, &str); 11] = [
    ("_<_(T, T) bool less_T", ORDERED),
    ("_<=_(T, T) bool less_equals_T", ORDERED),
    ("_>_(T, T) bool greater_T", ORDERED),
    ("_>=_(T, T) bool greater_equals_T", ORDERED),
    ("isSorted(.list(T)) bool list_T_is_sorted_bool", COMPARABLE),
    ("max(.list(T)) T list_T_max_T", COMPARABLE),
    ("min(.list(T)) T list_T_min_T", COMPARABLE),
    ("sum(.list(T)) T list_T_sum_T", "int uint double duration"),
    ("sort(.list(T)) list(T) list_T_sort", COMPARABLE),
    ("@sortByAssociatedKeys(.list(A), list(T)) list(A) list_T_sortByAssociatedKeys", COMPARABLE),
    ("format.T() format format.T", FORMATS),
];
const ORDERED: &str = "bool bytes double duration int string timestamp uint";
const COMPARABLE: &str = "int uint double bool duration timestamp string bytes";
/// The names of `format.*()`.
pub(crate) const FORMATS: &str = "dns1123Label dns1123Subdomain dns1035Label qualifiedName \
                                  dns1123LabelPrefix dns1123SubdomainPrefix dns1035LabelPrefix \
                                  labelValue uri uuid byte date datetime";
/// Numbers of unlike types are ordered, too.
const MIXED: &str = "int,uint int,double uint,int uint,double double,int double,uint";

type Table = HashMap<&'static str, Vec<Overload>>;

/// The signatures of a function; `None`: there is none of that name.
pub(crate) fn overloads(function: &str) -> Option<&'static [Overload]> {
    static FUNCTIONS: OnceLock<Table> = OnceLock::new();
    FUNCTIONS.get_or_init(build).get(function).map(Vec::as_slice)
}

fn build() -> Table {
    let mut table = Table::new();
    for line in TABLE.lines().filter(|line| !line.is_empty()) {
        add(&mut table, line);
    }
    for (template, types) in TEMPLATES {
        for name in types.split_whitespace() {
            let short = if name == "int" { "int64" } else { name };
            let short = if name == "uint" { "uint64" } else { short };
            let (head, id) = template.rsplit_once(' ').unwrap_or((template, ""));
            let line = format!("{} {}", head.replace('T', name), id.replace('T', short));
            // The table lives as long as the program.
            add(&mut table, Box::leak(line.into_boxed_str()));
        }
    }
    for (sign, word) in
        [("_<_", "less"), ("_<=_", "less_equals"), ("_>_", "greater"), ("_>=_", "greater_equals")]
    {
        for pair in MIXED.split_whitespace() {
            let (one, two) = pair.split_once(',').unwrap_or_default();
            let line = format!("{sign}({one}, {two}) bool {word}_{one}64_{two}");
            add(&mut table, Box::leak(line.into_boxed_str()));
        }
    }
    table
}

fn add(table: &mut Table, line: &'static str) {
    let Some((head, id)) = line.rsplit_once(' ') else { return };
    // The name may have brackets, but the arguments' one is the first round one.
    let Some((name, rest)) = head.split_once('(') else { return };
    let Some((arguments, result)) = closing(rest) else { return };
    let mut parameters = 0;
    let mut member = false;
    let mut types = Vec::new();
    for argument in split(arguments) {
        member |= argument.starts_with('.');
        types.push(read(argument.trim_start_matches('.'), &mut parameters));
    }
    let result = read(result.trim(), &mut parameters);
    let overload = Overload { id, member, arguments: types, result, parameters };
    table.entry(name).or_default().push(overload);
}

/// The text up to the bracket that closes, and what follows.
fn closing(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
}

fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The types that have functions of their own: short name and whole name.
pub(crate) const OPAQUE: [(&str, &str); 11] = [
    ("quantity", "kubernetes.Quantity"),
    ("url", "kubernetes.URL"),
    ("semver", "kubernetes.Semver"),
    ("format", "kubernetes.NamedFormat"),
    ("ip", "net.IP"),
    ("cidr", "net.CIDR"),
    ("authorizer", "kubernetes.authorization.Authorizer"),
    ("pathcheck", "kubernetes.authorization.PathCheck"),
    ("groupcheck", "kubernetes.authorization.GroupCheck"),
    ("resourcecheck", "kubernetes.authorization.ResourceCheck"),
    ("decision", "kubernetes.authorization.Decision"),
];

fn read(text: &str, parameters: &mut usize) -> Type {
    let mut parameter = |number: usize| {
        *parameters = (*parameters).max(number + 1);
        Type::Param(number)
    };
    match text {
        "A" | "K" => return parameter(0),
        "B" | "V" => return parameter(1),
        _ => {}
    }
    if let Some(plain) = named(text) {
        return plain;
    }
    if let Some((_, name)) = OPAQUE.iter().find(|(short, _)| *short == text) {
        return Type::opaque(name);
    }
    let Some((outer, inner)) = text.split_once('(') else { return Type::Dyn };
    let inner = inner.strip_suffix(')').unwrap_or(inner);
    let mut parts = split(inner).into_iter().map(|part| read(part, parameters));
    let mut next = || parts.next().unwrap_or(Type::Dyn);
    match outer {
        "list" => Type::list(next()),
        "map" => Type::map(next(), next()),
        "optional" => Type::optional(next()),
        "type" => Type::Type(Some(std::sync::Arc::new(next()))),
        _ => Type::Dyn,
    }
}

fn named(name: &str) -> Option<Type> {
    Some(match name {
        "dyn" => Type::Dyn,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "timestamp" => Type::Timestamp,
        "duration" => Type::Duration,
        _ => return None,
    })
}

/// A name that stands for a type, such as `int`, and its value.
pub(crate) fn type_named(name: &str) -> Option<(Type, Value)> {
    let of = match name {
        "null_type" => Type::Null,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "type" => Type::Type(None),
        "google.protobuf.Timestamp" => Type::Timestamp,
        "google.protobuf.Duration" => Type::Duration,
        "optional_type" => Type::optional(Type::Dyn),
        "dyn" | "timestamp" | "duration" => return None,
        other => match named(other) {
            Some(of) => of,
            None => Type::opaque(OPAQUE.iter().find(|(_, whole)| *whole == other)?.1),
        },
    };
    let value = Value::Type(name.into());
    Some((Type::Type(Some(std::sync::Arc::new(of))), value))
}
