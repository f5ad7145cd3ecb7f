//! Ids of objects and traces, from one generator that a seed makes repeatable.

use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The second that the time part of an id counts from; ids made from 2022 on begin with 2, from 2025 with 3.
const EPOCH_SECONDS: i64 = 1_400_000_000;
const BODY_LEN: usize = 27;

/// The generator; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    seeded: bool,
    state: Arc<Mutex<State>>,
}

/// What the next ids follow from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct State {
    random: u64,
    millis: i64,
    within: u16,
}

impl Ids {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        // RandomState is keyed from the system's random source.
        let random = seed.unwrap_or_else(|| RandomState::new().hash_one(0_u8));
        Self {
            seeded: seed.is_some(),
            state: Arc::new(Mutex::new(State {
                random,
                millis: 0,
                within: 0,
            })),
        }
    }

    /// Returns the state of the id generator; nothing without a seed.
    pub(crate) fn mark(&self) -> Option<State> {
        self.seeded.then(|| self.lock().clone())
    }

    /// Makes the ids that followed a mark once more, where there is a seed.
    pub(crate) fn rewind(&self, mark: State) {
        if self.seeded {
            *self.lock() = mark;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves the path of the seed at a fork named by a number, so that a database that is opened again
    /// with the same seed and the same fixed time does not see its ids again.
    pub(crate) fn fork(&self, number: u64) {
        let mut state = self.lock();
        state.random ^= number.wrapping_mul(0xD134_2543_DE82_EF95);
    }

    /// Makes an id that sorts after all that this generator made before.
    pub(crate) fn next(&self, prefix: &str, now: i64) -> String {
        let mut state = self.lock();
        if now > state.millis {
            state.millis = now;
            state.within = 0;
        } else if state.within == u16::MAX {
            state.millis += 1;
            state.within = 0;
        } else {
            state.within += 1;
        }
        let seconds = (state.millis.div_euclid(1000) - EPOCH_SECONDS).clamp(0, i64::from(u32::MAX));
        let millis = state.millis.rem_euclid(1000);
        let within = state.within;
        let (a, b) = (state.draw(), state.draw());
        drop(state);
        let limbs = [
            u32::try_from(seconds).unwrap_or(u32::MAX),
            (u32::try_from(millis).unwrap_or(0) << 16) | u32::from(within),
            high(a),
            low(a),
            low(b),
        ];
        let mut id = String::with_capacity(prefix.len() + 1 + BODY_LEN);
        id.push_str(prefix);
        id.push('_');
        push_base62(&mut id, limbs);
        id
    }

    /// Makes the 32 hex digits of a trace id.
    pub(crate) fn trace(&self) -> String {
        let mut state = self.lock();
        let (a, b) = (state.draw(), state.draw());
        format!("{a:016x}{b:016x}")
    }

    /// Makes 64 hex digits that are not guessable, as long as there is no seed.
    pub(crate) fn secret(&self) -> String {
        let mut random = [0_u8; 32];
        if self.seeded || getrandom::fill(&mut random).is_err() {
            return self.trace() + &self.trace();
        }
        random.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Makes the salt of a password hash.
    pub(crate) fn salt(&self) -> [u8; 16] {
        let mut state = self.lock();
        let pair = (u128::from(state.draw()) << 64) | u128::from(state.draw());
        pair.to_be_bytes()
    }
}

impl State {
    /// One step of `SplitMix64`.
    fn draw(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

fn high(n: u64) -> u32 {
    u32::try_from(n >> 32).unwrap_or(0)
}

fn low(n: u64) -> u32 {
    u32::try_from(n & 0xFFFF_FFFF).unwrap_or(0)
}

/// Writes a 160-bit number, most significant limb first, as 27 base-62 digits.
fn push_base62(out: &mut String, mut limbs: [u32; 5]) {
    // Five digits a division: 62^5 is the largest power that fits a limb.
    const CHUNK: u64 = 62 * 62 * 62 * 62 * 62;
    let mut digits = [b'0'; 30];
    for chunk in digits.rchunks_mut(5) {
        let mut rest = 0_u64;
        for limb in &mut limbs {
            let whole = (rest << 32) | u64::from(*limb);
            *limb = low(whole / CHUNK);
            rest = whole % CHUNK;
        }
        for digit in chunk.iter_mut().rev() {
            *digit = ALPHABET[usize::try_from(rest % 62).unwrap_or(0)];
            rest /= 62;
        }
    }
    out.extend(digits[30 - BODY_LEN..].iter().map(|&b| char::from(b)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_length_of_the_real_ones_and_sort_as_made() {
        let ids = Ids::new(Some(1));
        let made: Vec<_> = (0..200_000_i64)
            .map(|n| ids.next("user", 1_790_000_000_000 + n / 100_000))
            .collect();
        assert!(
            made.iter()
                .all(|id| id.len() == 32 && id.starts_with("user_3"))
        );
        assert!(made.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_seed_repeats_and_no_seed_does_not() {
        let make = |seed| Ids::new(seed).next("org", 1_790_000_000_000);
        assert_eq!(make(Some(7)), make(Some(7)));
        assert_ne!(make(None), make(None));
        assert_eq!(Ids::new(Some(7)).trace().len(), 32);
    }

    #[test]
    fn base62_of_the_ends() {
        let text = |limbs| {
            let mut out = String::new();
            push_base62(&mut out, limbs);
            out
        };
        assert_eq!(text([0; 5]), "0".repeat(27));
        assert_eq!(text([0, 0, 0, 0, 61]), format!("{}z", "0".repeat(26)));
        assert_eq!(text([u32::MAX; 5]), "aWgEPTl1tmebfsQzFP4bxwgy80V");
    }
}
