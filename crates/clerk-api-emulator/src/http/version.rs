//! The dated versions of the API and how a request names one.

use std::fmt;

use http::request::Parts;

use super::error::{self, ApiError};

/// One dated version of the Backend API; later ones compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiVersion {
    /// `2021-02-05`, the first.
    V2021_02_05,
    /// `2024-10-01`.
    V2024_10_01,
    /// `2025-04-10`.
    V2025_04_10,
    /// `2025-11-10`.
    V2025_11_10,
    /// `2026-05-12`: updates no longer take metadata.
    V2026_05_12,
}

impl ApiVersion {
    /// The newest version.
    pub const LATEST: Self = Self::V2026_05_12;

    const ALL: [Self; 5] = [
        Self::V2021_02_05,
        Self::V2024_10_01,
        Self::V2025_04_10,
        Self::V2025_11_10,
        Self::V2026_05_12,
    ];

    /// Returns the date that names this version on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2021_02_05 => "2021-02-05",
            Self::V2024_10_01 => "2024-10-01",
            Self::V2025_04_10 => "2025-04-10",
            Self::V2025_11_10 => "2025-11-10",
            Self::V2026_05_12 => "2026-05-12",
        }
    }

    /// Returns the version with this date.
    #[must_use]
    pub fn parse(date: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.as_str() == date)
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Finds the version of a request in its header or its query.
pub(crate) fn of_request(parts: &Parts, default: ApiVersion) -> Result<ApiVersion, ApiError> {
    let mut named = parts
        .headers
        .get_all("clerk-api-version")
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .chain(
            parts
                .uri
                .query()
                .unwrap_or_default()
                .split('&')
                .filter_map(|pair| pair.strip_prefix("__clerk_api_version=")),
        );
    let Some(date) = named.next() else {
        return Ok(default);
    };
    if named.next().is_some() {
        return Err(error::api_version_invalid(
            "The API version was given more than once.",
        ));
    }
    ApiVersion::parse(date).ok_or_else(|| {
        error::api_version_invalid("The given API version is not one that this API knows.")
    })
}
