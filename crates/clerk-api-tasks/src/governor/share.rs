//! How much of the instance's limit is taken.

/// The part of a limit that the governor takes; the rest belongs to the application's own requests.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(f64);

/// The smallest and the largest share.
const RANGE: std::ops::RangeInclusive<f64> = 0.05..=0.90;

/// A share that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a share of the rate limit is a number from 0.05 to 0.90, not {0}")]
pub struct ShareError(String);

impl Share {
    /// The usual share of a live instance: half, since its limit belongs to the customer's application.
    pub const LIVE: Self = Self(0.50);
    /// The usual share of a test instance.
    pub const TEST: Self = Self(0.90);

    /// Takes a number from 0.05 to 0.90.
    ///
    /// # Errors
    /// Any other number.
    pub fn new(share: f64) -> Result<Self, ShareError> {
        if RANGE.contains(&share) {
            Ok(Self(share))
        } else {
            Err(ShareError(share.to_string()))
        }
    }

    /// Returns the share as a fraction of the limit.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl std::str::FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let number = text.trim().parse();
        number
            .ok()
            .and_then(|number| Self::new(number).ok())
            .ok_or_else(|| ShareError(format!("{text:?}")))
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}
