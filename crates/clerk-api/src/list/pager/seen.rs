//! The ids of all rows that a walk gave out, in 8 bytes each and a little room.

use std::hash::{BuildHasher as _, RandomState};

/// So many parts of even size the hashes fall into. A part of a walk over a million rows takes 2 kB, so it is searched and moved within
/// the processor's caches.
const PARTS: u16 = 4096;

/// A set of ids, as hashes of 64 bits: two ids of a walk over a billion rows are taken for each other in one of 37 walks, and of a
/// million rows in one of 37 million. A tree or a table of all would take twice the memory.
#[derive(Default)]
pub(super) struct Seen {
    /// Sorted each; none at all before the first id.
    parts: Vec<Vec<u64>>,
    hasher: RandomState,
}

impl Seen {
    /// Whether an id was inserted.
    pub(super) fn contains(&self, id: &str) -> bool {
        let hash = self.hasher.hash_one(id);
        let part = self.parts.get(part_of(hash));
        part.is_some_and(|part| part.binary_search(&hash).is_ok())
    }

    /// Adds an id; false if it was there.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        let hash = self.hasher.hash_one(id);
        self.parts.resize(PARTS.into(), Vec::new());
        let part = &mut self.parts[part_of(hash)];
        let Err(place) = part.binary_search(&hash) else {
            return false;
        };
        if part.len() == part.capacity() {
            part.reserve_exact(part.len() / 8 + 4);
        }
        part.insert(place, hash);
        true
    }
}

fn part_of(hash: u64) -> usize {
    // Always fits.
    usize::try_from(hash % u64::from(PARTS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_new_once() {
        let mut seen = Seen::default();
        let id = |n: usize| format!("orgmem_{n}");
        let ids = || (0..50_000).map(id);
        for id in ids() {
            assert!(!seen.contains(&id));
            assert!(seen.insert(&id), "{id}");
        }
        for id in ids() {
            assert!(seen.contains(&id));
            assert!(!seen.insert(&id), "{id}");
        }
        assert!(seen.parts.iter().all(|part| part.is_sorted()));
        let kept: usize = seen.parts.iter().map(Vec::len).sum();
        assert_eq!(kept, ids().count());
        let room: usize = seen.parts.iter().map(Vec::capacity).sum();
        assert!(room < kept * 3 / 2, "{room}");
    }
}
