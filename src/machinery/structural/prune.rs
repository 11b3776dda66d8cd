//! Dropping what a structure does not know.

use serde_json::Value;

use super::{Additional, Node, Structure};

/// Fields that every resource has.
const OF_RESOURCES: [&str; 3] = ["apiVersion", "kind", "metadata"];

impl Structure {
    /// Drops unknown fields; returns their roads, such as `spec.bogus`.
    pub fn prune(&self, object: &mut Value) -> Vec<String> {
        let mut walk = Walk { road: String::new(), dropped: Vec::new() };
        walk.value(&self.root, object, true);
        walk.dropped
    }
}

struct Walk {
    road: String,
    dropped: Vec<String>,
}

impl Walk {
    fn value(&mut self, node: &Node, value: &mut Value, resource: bool) {
        match value {
            Value::Object(fields) => {
                let mut unknown = Vec::new();
                for (name, field) in fields.iter_mut() {
                    if resource && OF_RESOURCES.contains(&name.as_str()) {
                        continue;
                    }
                    let below = match (node.properties.get(name), &node.additional) {
                        (Some(below), _) => below,
                        (None, Additional::Of(below)) => below,
                        (None, Additional::Any) => continue,
                        (None, Additional::None) if node.preserves => continue,
                        (None, Additional::None) => {
                            unknown.push(name.clone());
                            continue;
                        }
                    };
                    self.step(name, |walk| walk.value(below, field, below.embedded));
                }
                for name in unknown {
                    fields.remove(&name);
                    let road =
                        if self.road.is_empty() { name } else { format!("{}.{name}", self.road) };
                    self.dropped.push(road);
                }
            }
            Value::Array(items) => {
                let Some(below) = node.items.as_deref() else { return };
                for (index, item) in items.iter_mut().enumerate() {
                    let length = self.road.len();
                    self.road = format!("{}[{index}]", self.road);
                    self.value(below, item, below.embedded);
                    self.road.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, name: &str, work: impl FnOnce(&mut Self)) {
        let length = self.road.len();
        if !self.road.is_empty() {
            self.road.push('.');
        }
        self.road.push_str(name);
        work(self);
        self.road.truncate(length);
    }
}
