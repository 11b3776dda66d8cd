//! How long the nodes of a cluster may keep what they have read. Pure.

/// Where a node is told.
pub(super) const ANNOTATION: &str = "node.alpha.kubernetes.io/ttl";

/// Sizes of clusters: from and up to so many nodes, and the seconds. They overlap, so that a node
/// that comes and goes does not change all others.
const STEPS: [(usize, usize, u32); 5] =
    [(0, 100, 0), (90, 500, 15), (450, 1000, 30), (900, 2000, 60), (1800, usize::MAX, 300)];

/// The step that a cluster of `nodes` is in, coming from another.
pub(super) fn step(mut from: usize, nodes: usize) -> usize {
    while nodes > STEPS[from].1 {
        from += 1;
    }
    while nodes < STEPS[from].0 {
        from -= 1;
    }
    from
}

/// The seconds of a step.
pub(super) fn seconds(step: usize) -> u32 {
    STEPS[step].2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_clusters_ask_less_often() {
        for (case, from, nodes, want) in [
            ("none", 0, 0, 0),
            ("few", 0, 100, 0),
            ("more", 0, 101, 15),
            ("fewer, but not by much", 1, 95, 15),
            ("few again", 1, 89, 0),
            ("many at once", 0, 5000, 300),
            ("all but gone", 4, 1, 0),
        ] {
            assert_eq!(seconds(step(from, nodes)), want, "{case}");
        }
    }
}
