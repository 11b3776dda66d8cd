//! Scores by what would be taken of a node. Source: `least_allocated.go`, `most_allocated.go` and
//! `requested_to_capacity_ratio.go`.

use super::MAX_SCORE;
use crate::config::{Resource, Strategy};

/// A strategy with the resources that it looks at.
#[derive(Debug)]
pub(super) struct Rating {
    way: Way,
    resources: Vec<Resource>,
}

#[derive(Debug)]
enum Way {
    /// Empty nodes are the best.
    Least,
    /// Full nodes are.
    Most,
    /// Points of a line: percent taken, and score.
    Line(Vec<(i64, i64)>),
}

/// Scores as settings write them end at 10.
const SCALE: i64 = MAX_SCORE / 10;

impl Rating {
    /// Reads a strategy, which was checked before.
    pub(super) fn new(strategy: &Strategy) -> Self {
        let way = match strategy.kind.as_str() {
            "MostAllocated" => Way::Most,
            "RequestedToCapacityRatio" => {
                let points = strategy.requested_to_capacity_ratio.iter().flat_map(|it| &it.shape);
                let point = |it: &crate::config::Point| {
                    (i64::from(it.utilization), i64::from(it.score) * SCALE)
                };
                Way::Line(points.map(point).collect())
            }
            _ => Way::Least,
        };
        Self { way, resources: strategy.resources.clone() }
    }

    /// The score of a node of which so much is taken (and so much is there) by resource.
    pub(super) fn score(&self, taken: impl Fn(&str) -> Option<(i64, i64)>) -> i64 {
        let (mut sum, mut weights) = (0, 0);
        for resource in &self.resources {
            let Some((taken, all)) = taken(&resource.name) else { continue };
            let score = self.way.score(taken, all);
            // On a line, what scores nothing does not count.
            if score > 0 || !matches!(self.way, Way::Line(_)) {
                sum += score * resource.weight;
                weights += resource.weight;
            }
        }
        match (&self.way, weights) {
            (_, 0) => 0,
            (Way::Line(_), _) => (2 * sum + weights) / (2 * weights),
            _ => sum / weights,
        }
    }
}

impl Way {
    fn score(&self, taken: i64, all: i64) -> i64 {
        match self {
            Self::Least => (all - taken).max(0) * MAX_SCORE / all,
            Self::Most => taken.min(all) * MAX_SCORE / all,
            Self::Line(points) => on_line(points, (taken * 100 / all).min(100)),
        }
    }
}

fn on_line(points: &[(i64, i64)], at: i64) -> i64 {
    let last = points.last().map_or(0, |(_, score)| *score);
    let Some(next) = points.iter().position(|(percent, _)| at <= *percent) else { return last };
    let (percent, score) = points[next];
    let Some(before) = next.checked_sub(1) else { return score };
    let (from, start) = points[before];
    start + (score - start) * (at - from) / (percent - from)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rating(text: Value) -> Rating {
        Rating::new(&serde_json::from_value(text).unwrap())
    }

    #[test]
    fn each_strategy_rates_in_its_way() {
        let line = |points: &[(i32, i32)]| {
            let points: Vec<Value> = points
                .iter()
                .map(|(percent, score)| json!({"utilization": percent, "score": score}))
                .collect();
            json!({"type": "RequestedToCapacityRatio", "requestedToCapacityRatio": {"shape": points}})
        };
        // Three quarters of the processors are taken, and a quarter of the memory.
        let taken = |name: &str| Some(if name == "cpu" { (75, 100) } else { (25, 100) });
        let weighed = json!([{"name": "cpu", "weight": 3}, {"name": "memory", "weight": 1}]);
        for (case, strategy, want) in [
            ("least", json!({"type": "LeastAllocated"}), 50),
            ("least, by weight", json!({"type": "LeastAllocated", "resources": weighed}), 37),
            ("most", json!({"type": "MostAllocated"}), 50),
            ("most, by weight", json!({"type": "MostAllocated", "resources": weighed}), 62),
            ("a rising line", line(&[(0, 0), (100, 10)]), 50),
            ("a roof", line(&[(0, 0), (50, 10), (100, 0)]), 50),
            ("zero counts nothing", line(&[(0, 0), (30, 0), (100, 10)]), 64),
            ("before the first point", line(&[(80, 4), (100, 10)]), 40),
            ("one point", line(&[(50, 7)]), 70),
        ] {
            assert_eq!(rating(strategy).score(taken), want, "{case}");
        }
        assert_eq!(rating(json!({"type": "MostAllocated"})).score(|_| None), 0);
    }
}
