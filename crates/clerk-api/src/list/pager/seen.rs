//! The ids of all rows that a walk gave out, in 8 bytes each.

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};

/// So many are kept in a tree before they join the others.
const FRESH: usize = 16_384;

/// A set of ids, as hashes of 64 bits: two ids of a walk over a billion rows are taken for each other in one of 37 walks, and of a
/// million rows in one of 37 million. A tree or a table of all would take twice the memory.
#[derive(Default)]
pub(super) struct Seen {
    sorted: Vec<u64>,
    fresh: BTreeSet<u64>,
    hasher: RandomState,
}

impl Seen {
    /// Whether an id was inserted.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.has(self.hasher.hash_one(id))
    }

    /// Adds an id; false if it was there.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        let hash = self.hasher.hash_one(id);
        let is_new = !self.has(hash);
        if is_new {
            self.fresh.insert(hash);
            if self.fresh.len() >= FRESH {
                self.merge();
            }
        }
        is_new
    }

    fn has(&self, hash: u64) -> bool {
        self.fresh.contains(&hash) || self.sorted.binary_search(&hash).is_ok()
    }

    /// Merges from the back, where there is room, so that nothing is copied twice.
    fn merge(&mut self) {
        let mut old = self.sorted.len();
        let mut to = old + self.fresh.len();
        self.sorted.reserve_exact(self.fresh.len());
        self.sorted.resize(to, 0);
        for hash in std::mem::take(&mut self.fresh).into_iter().rev() {
            while old > 0 && self.sorted[old - 1] > hash {
                (to, old) = (to - 1, old - 1);
                self.sorted[to] = self.sorted[old];
            }
            to -= 1;
            self.sorted[to] = hash;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_new_once() {
        let mut seen = Seen::default();
        let id = |n: usize| format!("orgmem_{n}");
        let ids = || (0..3 * FRESH + 7).map(id);
        for id in ids() {
            assert!(!seen.contains(&id));
            assert!(seen.insert(&id), "{id}");
        }
        for id in ids() {
            assert!(seen.contains(&id));
            assert!(!seen.insert(&id), "{id}");
        }
        assert!(seen.sorted.is_sorted());
        assert_eq!(seen.sorted.len() + seen.fresh.len(), ids().count());
    }
}
