//! JSON of objects that kubectl holds as Go structs: fields in the order of their declaration.

use machinery::yaml;
use serde_json::Value;

/// Fields in Go's order; those that no struct of ours has come after, by name.
const ORDER: &[&str] = &[
    "kind",
    "apiVersion",
    "metadata",
    "name",
    "generateName",
    "namespace",
    "image",
    "command",
    "args",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "ports",
    "envFrom",
    "env",
    "resources",
    "volumeMounts",
    "imagePullPolicy",
    "securityContext",
    "stdin",
    "stdinOnce",
    "tty",
    "schedule",
    "parallelism",
    "completions",
    "suspend",
    "concurrencyPolicy",
    "replicas",
    "selector",
    "jobTemplate",
    "template",
    "strategy",
    "revisionHistoryLimit",
    "progressDeadlineSeconds",
    "protocol",
    "port",
    "targetPort",
    "nodePort",
    "volumes",
    "initContainers",
    "containers",
    "restartPolicy",
    "terminationGracePeriodSeconds",
    "dnsPolicy",
    "clusterIP",
    "clusterIPs",
    "labels",
    "annotations",
    "ownerReferences",
    "managedFields",
    "ingressClassName",
    "defaultBackend",
    "tls",
    "rules",
    "subjects",
    "roleRef",
    "immutable",
    "data",
    "binaryData",
    "stringData",
    "involvedObject",
    "reason",
    "message",
    "source",
    "firstTimestamp",
    "lastTimestamp",
    "count",
    "type",
    "eventTime",
    "series",
    "action",
    "related",
    "reportingComponent",
    "reportingInstance",
    "verbs",
    "apiGroups",
    "hard",
    "scopes",
    "value",
    "globalDefault",
    "description",
    "preemptionPolicy",
    "spec",
    "status",
    "clusters",
    "users",
    "contexts",
    "current-context",
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "username",
    "password",
    "cluster",
    "user",
];

/// Objects whose keys are names, in order of the names.
const MAPS: &[&str] = &[
    "labels",
    "annotations",
    "data",
    "binaryData",
    "stringData",
    "matchLabels",
    "hard",
    "limits",
    "requests",
    "nodeSelector",
    "used",
];

/// Writes an object with four blanks for each level.
pub(crate) fn json(object: &Value) -> String {
    let mut out = String::new();
    write(&mut out, object, Some(0), false);
    out
}

/// Writes an object without blanks.
pub(crate) fn compact(object: &Value) -> String {
    let mut out = String::new();
    write(&mut out, object, None, false);
    out
}

/// Without a depth all stands in one line.
fn write(out: &mut String, value: &Value, depth: Option<usize>, names: bool) {
    let line = |out: &mut String, depth: Option<usize>| {
        let Some(depth) = depth else { return };
        out.push('\n');
        (0..depth).for_each(|_| out.push_str("    "));
    };
    let below = depth.map(|depth| depth + 1);
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut entries: Vec<_> = map.iter().collect();
            if !names {
                let rank = |key: &str| ORDER.iter().position(|k| *k == key).unwrap_or(ORDER.len());
                entries.sort_by_key(|(key, _)| rank(key));
                // A reference names the namespace first; metadata does not.
                let reference = map.contains_key("kind") && !map.contains_key("metadata");
                let place = |wanted: &str| entries.iter().position(|(key, _)| *key == wanted);
                if let (true, Some(name), Some(namespace)) =
                    (reference, place("name"), place("namespace"))
                {
                    entries.swap(name, namespace);
                }
            }
            out.push('{');
            for (at, (key, item)) in entries.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(out, below);
                out.push_str(&yaml::quoted(key));
                out.push_str(if below.is_some() { ": " } else { ":" });
                write(out, item, below, MAPS.contains(&key.as_str()));
            }
            line(out, depth);
            out.push('}');
        }
        Value::Array(list) if !list.is_empty() => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(out, below);
                write(out, item, below, false);
            }
            line(out, depth);
            out.push(']');
        }
        other => out.push_str(&yaml::compact(other)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn fields_stand_in_declared_order_and_names_sorted() {
        let object = json!({"apiVersion": "v1", "kind": "Secret", "data": {"b": "1", "a": "2"}, "metadata": {"labels": {"type": "x", "kind": "y"}, "name": "n"}, "type": "t"});
        let keys: Vec<_> = super::json(&object)
            .lines()
            .filter_map(|l| l.split('"').nth(1).map(str::to_owned))
            .collect();
        let want = [
            "kind",
            "apiVersion",
            "metadata",
            "name",
            "labels",
            "kind",
            "type",
            "data",
            "a",
            "b",
            "type",
        ];
        assert_eq!(keys, want);
    }
}
