//! Refusals of what concerns the domains of organizations.

use crate::http::error::{ApiError, forbidden, not_found};
use crate::http::problem::Problem;

pub(crate) fn unknown(id: &str) -> ApiError {
    not_found(format!("No organization domain was found with id {id}."))
}

/// Another organization has proven that the domain is its own.
pub(crate) fn taken(param: &str) -> ApiError {
    exists(param, "This domain belongs to another organization.")
}

pub(crate) fn there_already() -> ApiError {
    exists("name", "This organization has this domain already.")
}

fn exists(param: &str, long: &'static str) -> ApiError {
    Problem::new(
        "organization_domain_already_exists",
        "domain already exists",
        long,
    )
    .of(param)
    .into()
}

/// Everybody can have an address at this domain.
pub(crate) fn common() -> Problem {
    Problem::new(
        "organization_domain_common",
        "common email domain",
        "This is the domain of a provider of mail for everybody.",
    )
    .of("name")
}

/// Addresses at this domain are meant to be thrown away.
pub(crate) fn blocked() -> Problem {
    Problem::new(
        "organization_domain_blocked",
        "blocked email domain",
        "This is the domain of a provider of disposable addresses.",
    )
    .of("name")
}

pub(crate) fn too_many(most: u64) -> ApiError {
    forbidden(
        "organization_domain_quota_exceeded",
        "domains quota exceeded",
        format!("An organization may have {most} domains."),
    )
}

/// The instance has no domains.
pub(crate) fn not_enabled() -> ApiError {
    forbidden(
        "organization_domains_not_enabled",
        "domains are not enabled",
        "Organizations of this instance can have no domains; its settings say so.",
    )
}

pub(crate) fn mode_not_enabled(mode: &str) -> ApiError {
    forbidden(
        "organization_domain_enrollment_mode_not_enabled",
        "enrollment mode is not enabled",
        format!("The settings of this instance do not allow the enrollment mode {mode}."),
    )
}
