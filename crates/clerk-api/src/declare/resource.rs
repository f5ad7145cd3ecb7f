//! What operations are about: the resources of the API, and the groups that operations are in.

/// A resource of the API: its words and the beginnings of its ids.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resource {
    /// One of them, such as "email address".
    pub noun: &'static str,
    /// Several of them, such as "email addresses".
    pub plural: &'static str,
    /// How its ids begin, such as `user_`; empty if the API does not promise a prefix.
    pub prefixes: &'static [&'static str],
}

/// A group of operations, such as `users`.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The part before the dot in an operation's name.
    pub name: &'static str,
    /// A shorter name that users know, where there is one.
    pub alias: Option<&'static str>,
    /// One sentence for help texts, without a full stop.
    pub about: &'static str,
    /// What its operations are about.
    pub resource: &'static Resource,
}

/// Declares the resources, and the list of them all.
macro_rules! resources {
    ($($name:ident = $noun:literal, $plural:literal, [$($prefix:literal),*];)+) => {
        impl Resource {
            $(
                #[doc = concat!("The words for ", $plural, ".")]
                pub const $name: &'static Self = &Self { noun: $noun, plural: $plural, prefixes: &[$($prefix),*] };
            )+

            /// All resources.
            pub const ALL: &'static [&'static Self] = &[$(Self::$name),+];
        }
    };
}

resources! {
    USER = "user", "users", ["user_"];
    EMAIL_ADDRESS = "email address", "email addresses", [];
    PHONE_NUMBER = "phone number", "phone numbers", [];
    ORGANIZATION = "organization", "organizations", ["org_"];
    MEMBERSHIP = "membership", "memberships", ["orgmem_"];
    INVITATION = "invitation", "invitations", ["orginv_", "inv_"];
    APPLICATION_INVITATION = "application invitation", "application invitations", [];
    ROLE = "role", "roles", ["role_"];
    PERMISSION = "permission", "permissions", ["perm_"];
    ROLE_SET = "role set", "role sets", [];
    DOMAIN = "domain", "domains", ["orgdmn_"];
    WAITLIST_ENTRY = "waitlist entry", "waitlist entries", ["wle_"];
    LISTED_IDENTIFIER = "listed identifier", "listed identifiers", ["alid_", "blid_"];
    SESSION = "session", "sessions", ["sess_"];
    KEY = "public key", "public keys", [];
    JWT_TEMPLATE = "jwt template", "jwt templates", ["jtmpl_"];
    SIGN_IN_TOKEN = "sign-in token", "sign-in tokens", ["sit_"];
    ACTOR_TOKEN = "actor token", "actor tokens", ["act_"];
    TESTING_TOKEN = "testing token", "testing tokens", [];
    REDIRECT_URL = "redirect url", "redirect urls", ["ru_"];
    INSTANCE = "instance", "instances", ["ins_"];
    IDENTIFICATION = "identification", "identifications", ["idn_"];
    VERIFICATION = "verification", "verifications", [];
    EXTERNAL_ACCOUNT = "external account", "external accounts", ["eac_"];
    TRUSTED_DEVICE = "trusted device", "trusted devices", [];
    CLIENT = "client", "clients", ["client_"];
    TEMPLATE = "template", "templates", [];
    PROVIDER = "provider", "providers", [];
    OBJECT = "object", "objects", [];
}

impl Resource {
    /// Returns the resource whose ids begin like this one; nothing if no resource promises such ids.
    #[must_use]
    pub fn of_id(id: &str) -> Option<&'static Self> {
        let begins = |resource: &&Self| {
            let mut prefixes = resource.prefixes.iter();
            prefixes.any(|prefix| id.starts_with(prefix))
        };
        Self::ALL.iter().copied().find(begins)
    }
}

/// Declares the groups in the order of help texts and documentation.
macro_rules! groups {
    ($($name:literal $(as $alias:literal)? = $resource:ident, $about:literal;)+) => {
        impl Group {
            /// All groups, the most used first.
            pub const ALL: &'static [Self] = &[$(Self {
                name: $name,
                alias: $crate::declare::alias!($($alias)?),
                about: $about,
                resource: Resource::$resource,
            }),+];
        }
    };
}

groups! {
    "users" = USER, "People who sign in to the application";
    "email_addresses" as "emails" = EMAIL_ADDRESS, "Email addresses of users";
    "phone_numbers" as "phones" = PHONE_NUMBER, "Phone numbers of users";
    "organizations" as "orgs" = ORGANIZATION, "Organizations and their members";
    "memberships" = MEMBERSHIP, "Memberships of all organizations of the instance";
    "invitations" = INVITATION, "Invitations to an organization";
    "application_invitations" as "app_invitations" = APPLICATION_INVITATION, "Invitations to the application";
    "roles" = ROLE, "Roles of organization members";
    "permissions" = PERMISSION, "Permissions that roles grant";
    "role_sets" = ROLE_SET, "Role sets: the roles that an organization offers its members";
    "domains" = DOMAIN, "Domains of organizations: people with an address there can join";
    "sessions" = SESSION, "Sessions of users, and their tokens";
    "jwks" = KEY, "Public keys that verify session tokens";
    "waitlist" = WAITLIST_ENTRY, "People who wait for access";
    "allowlist" = LISTED_IDENTIFIER, "Identifiers that may sign up";
    "blocklist" = LISTED_IDENTIFIER, "Identifiers that may not sign up";
    "instance" = INSTANCE, "The instance and its settings";
    "jwt_templates" = JWT_TEMPLATE, "JWT templates: tokens with claims of your own";
    "sign_in_tokens" = SIGN_IN_TOKEN, "Sign-in tokens: sign a user in once";
    "actor_tokens" = ACTOR_TOKEN, "Actor tokens: act as a user, for support";
    "testing_tokens" = TESTING_TOKEN, "Testing tokens: bypass bot detection in tests";
    "redirect_urls" = REDIRECT_URL, "URLs that native applications may redirect to";
}
