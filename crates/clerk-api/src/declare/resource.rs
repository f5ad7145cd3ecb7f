//! The words for the things that operations are about.

use super::field::{Field, Kind};
use super::meta::Meta;

/// A kind of thing that the API has, in words.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resource {
    /// One of them, such as "email address".
    pub noun: &'static str,
    /// Several of them, such as "email addresses".
    pub plural: &'static str,
}

/// The resource of each group of operations.
static GROUPS: &[(&str, &Resource)] = &[
    ("users", &USER),
    ("email_addresses", &EMAIL_ADDRESS),
    ("phone_numbers", &PHONE_NUMBER),
    ("organizations", &ORGANIZATION),
    ("memberships", &MEMBERSHIP),
    ("invitations", &INVITATION),
    ("application_invitations", &APPLICATION_INVITATION),
    ("roles", &ROLE),
    ("permissions", &PERMISSION),
    ("role_sets", &ROLE_SET),
    ("domains", &DOMAIN),
    ("waitlist", &WAITLIST_ENTRY),
    ("allowlist", &LISTED_IDENTIFIER),
    ("blocklist", &LISTED_IDENTIFIER),
    ("sessions", &SESSION),
    ("jwks", &KEY),
    ("jwt_templates", &JWT_TEMPLATE),
    ("sign_in_tokens", &SIGN_IN_TOKEN),
    ("actor_tokens", &ACTOR_TOKEN),
    ("testing_tokens", &TESTING_TOKEN),
    ("redirect_urls", &REDIRECT_URL),
    ("instance", &INSTANCE),
];

/// Declares the resources, and the list of them all.
macro_rules! resources {
    ($($name:ident = $noun:literal, $plural:literal;)+) => {
        $(static $name: Resource = Resource { noun: $noun, plural: $plural };)+
        static ALL: &[&Resource] = &[$(&$name),+];
    };
}

resources! {
    USER = "user", "users";
    EMAIL_ADDRESS = "email address", "email addresses";
    PHONE_NUMBER = "phone number", "phone numbers";
    ORGANIZATION = "organization", "organizations";
    MEMBERSHIP = "membership", "memberships";
    INVITATION = "invitation", "invitations";
    APPLICATION_INVITATION = "application invitation", "application invitations";
    ROLE = "role", "roles";
    PERMISSION = "permission", "permissions";
    ROLE_SET = "role set", "role sets";
    DOMAIN = "domain", "domains";
    WAITLIST_ENTRY = "waitlist entry", "waitlist entries";
    LISTED_IDENTIFIER = "listed identifier", "listed identifiers";
    SESSION = "session", "sessions";
    KEY = "public key", "public keys";
    JWT_TEMPLATE = "jwt template", "jwt templates";
    SIGN_IN_TOKEN = "sign-in token", "sign-in tokens";
    ACTOR_TOKEN = "actor token", "actor tokens";
    TESTING_TOKEN = "testing token", "testing tokens";
    REDIRECT_URL = "redirect url", "redirect urls";
    INSTANCE = "instance", "instances";
    IDENTIFICATION = "identification", "identifications";
    VERIFICATION = "verification", "verifications";
    EXTERNAL_ACCOUNT = "external account", "external accounts";
    TRUSTED_DEVICE = "trusted device", "trusted devices";
    CLIENT = "client", "clients";
    TEMPLATE = "template", "templates";
    PROVIDER = "provider", "providers";
    OBJECT = "object", "objects";
}

impl Resource {
    /// Returns the resource with this noun.
    #[must_use]
    pub fn named(noun: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|resource| resource.noun == noun)
    }
}

impl Meta {
    /// Returns what the operation's group is about; an "object" for a group that is not one of this library's.
    #[must_use]
    pub fn resource(&self) -> &'static Resource {
        let of_group = GROUPS.iter().find(|(group, _)| *group == self.group());
        of_group.map_or(&OBJECT, |(_, resource)| *resource)
    }
}

impl Field {
    /// Returns what the argument's id names; nothing where it takes no id.
    #[must_use]
    pub fn resource(&self) -> Option<&'static Resource> {
        match self.kind {
            Kind::Id { what, .. } => Resource::named(what),
            _ => None,
        }
    }
}
