//! Choices that depend on nothing but the seed and what is chosen for.

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The stream for the nth thing of a kind.
    pub(super) fn new(seed: u64, kind: &str, number: u64) -> Self {
        let kind = kind
            .bytes()
            .fold(0_u64, |sum, byte| sum.wrapping_mul(257) + u64::from(byte));
        let mut dice = Self(seed ^ kind.wrapping_mul(0x9FB2_1C65_1E98_DF25));
        dice.0 = dice.draw() ^ number.wrapping_mul(0xD134_2543_DE82_EF95);
        dice
    }

    /// One step of `SplitMix64`.
    pub(super) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below this one, which is not 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// A time span below this one; 0 if there is none.
    pub(super) fn span(&mut self, end: i64) -> i64 {
        let end = u64::try_from(end).unwrap_or(0).max(1);
        i64::try_from(self.below(end)).unwrap_or(0)
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        let end = u64::try_from(among.len()).unwrap_or(1);
        &among[usize::try_from(self.below(end)).unwrap_or(0)]
    }

    /// A number in [0, 1).
    pub(super) fn fraction(&mut self) -> f64 {
        fraction(self.draw() >> 11, 1 << 53)
    }
}

/// The quotient of two numbers that are exact as floats, or near enough.
#[expect(
    clippy::cast_precision_loss,
    reason = "a place in a span of time does not need more than 53 bits"
)]
pub(super) fn fraction(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_seed_kind_and_number_and_repeat() {
        let first = |seed, kind, number| Dice::new(seed, kind, number).draw();
        assert_eq!(first(1, "user", 2), first(1, "user", 2));
        let different = [
            first(1, "user", 2),
            first(2, "user", 2),
            first(1, "team", 2),
            first(1, "user", 3),
        ];
        for (place, one) in different.iter().enumerate() {
            assert!(!different[..place].contains(one));
        }
        let mut dice = Dice::new(1, "x", 1);
        assert!((0..1_000).all(|_| (0.0..1.0).contains(&dice.fraction()) && dice.below(7) < 7));
    }
}
