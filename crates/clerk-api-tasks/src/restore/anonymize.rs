//! Objects without anybody's data: same structure, sizes, dates and roles, other names, addresses, numbers and metadata.
//!
//! An object is made anew from the members that are listed here, each with what happens to it; a member that is not listed is
//! left out. So a member that the API gets one day cannot slip through.

mod metadata;
mod replace;

use clerk_api_admin::problem::Outcome;
use serde_json::{Map, Value};

use crate::sweep::Kind;
use replace::Replacer;

/// What happens to a member.
#[derive(Clone, Copy)]
enum How {
    /// It says nothing about anybody.
    Keep,
    Id,
    Email,
    Phone,
    Wallet,
    Username,
    External,
    /// The name of a person.
    Name,
    /// The name of an organization.
    Title,
    Slug,
    Domain,
    /// Free text.
    Text,
    Metadata,
    /// An object.
    Within(&'static [Member]),
    /// A list of objects.
    Each(&'static [Member]),
}

type Member = (&'static str, How);

use How::{
    Domain, Each, Email, External, Id, Keep, Metadata, Name, Phone, Slug, Text, Title, Username,
    Wallet, Within,
};

const DATES: [Member; 2] = [("created_at", Keep), ("updated_at", Keep)];
const STATUS: How = Within(&[("status", Keep)]);
const KEY: How = Within(&[("key", Keep)]);

const USER: &[Member] = &[
    ("id", Id),
    ("external_id", External),
    ("username", Username),
    ("first_name", Name),
    ("last_name", Name),
    ("locale", Keep),
    ("has_image", Keep),
    ("primary_email_address_id", Id),
    ("primary_phone_number_id", Id),
    ("primary_web3_wallet_id", Id),
    ("email_addresses", Each(EMAIL_ADDRESS)),
    ("phone_numbers", Each(PHONE_NUMBER)),
    ("web3_wallets", Each(&[("id", Id), ("web3_wallet", Wallet)])),
    ("passkeys", Each(&[])),
    ("external_accounts", Each(&[])),
    ("enterprise_accounts", Each(&[])),
    ("password_enabled", Keep),
    ("two_factor_enabled", Keep),
    ("totp_enabled", Keep),
    ("backup_code_enabled", Keep),
    ("banned", Keep),
    ("locked", Keep),
    ("deprovisioned", Keep),
    ("delete_self_enabled", Keep),
    ("create_organization_enabled", Keep),
    ("create_organizations_limit", Keep),
    ("mfa_enabled_at", Keep),
    ("mfa_disabled_at", Keep),
    ("password_last_updated_at", Keep),
    ("legal_accepted_at", Keep),
    ("last_sign_in_at", Keep),
    ("last_active_at", Keep),
    DATES[0],
    DATES[1],
    ("public_metadata", Metadata),
    ("private_metadata", Metadata),
    ("unsafe_metadata", Metadata),
];

const EMAIL_ADDRESS: &[Member] = &[
    ("id", Id),
    ("email_address", Email),
    ("verification", STATUS),
    ("reserved", Keep),
    DATES[0],
    DATES[1],
];

const PHONE_NUMBER: &[Member] = &[
    ("id", Id),
    ("phone_number", Phone),
    ("verification", STATUS),
    ("reserved", Keep),
    ("reserved_for_second_factor", Keep),
    ("default_second_factor", Keep),
    DATES[0],
    DATES[1],
];

const ORGANIZATION: &[Member] = &[
    ("id", Id),
    ("name", Title),
    ("slug", Slug),
    ("created_by", Id),
    ("role_set_key", Keep),
    ("max_allowed_memberships", Keep),
    ("admin_delete_enabled", Keep),
    ("has_image", Keep),
    ("last_active_at", Keep),
    DATES[0],
    DATES[1],
    ("public_metadata", Metadata),
    ("private_metadata", Metadata),
];

const MEMBERSHIP: &[Member] = &[
    ("id", Id),
    ("role", Keep),
    ("organization", Within(&[("id", Id)])),
    ("public_user_data", Within(&[("user_id", Id)])),
    DATES[0],
    DATES[1],
    ("public_metadata", Metadata),
    ("private_metadata", Metadata),
];

const ORGANIZATION_INVITATION: &[Member] = &[
    ("id", Id),
    ("organization_id", Id),
    ("email_address", Email),
    ("role", Keep),
    ("role_name", Keep),
    ("status", Keep),
    ("inviter_id", Id),
    ("expires_at", Keep),
    DATES[0],
    DATES[1],
    ("public_metadata", Metadata),
    ("private_metadata", Metadata),
];

const INVITATION: &[Member] = &[
    ("id", Id),
    ("email_address", Email),
    ("status", Keep),
    ("revoked", Keep),
    ("expires_at", Keep),
    DATES[0],
    DATES[1],
    ("public_metadata", Metadata),
];

const ROLE: &[Member] = &[
    ("id", Id),
    ("key", Keep),
    ("name", Keep),
    ("description", Text),
    (
        "permissions",
        Each(&[
            ("id", Id),
            ("key", Keep),
            ("name", Keep),
            ("description", Text),
        ]),
    ),
    DATES[0],
    DATES[1],
];

const ROLE_SET: &[Member] = &[
    ("id", Id),
    ("key", Keep),
    ("name", Keep),
    ("description", Text),
    ("type", Keep),
    ("roles", Each(&[("key", Keep)])),
    ("default_role", KEY),
    ("creator_role", KEY),
    DATES[0],
    DATES[1],
];

const DOMAIN: &[Member] = &[
    ("id", Id),
    ("organization_id", Id),
    ("name", Domain),
    ("enrollment_mode", Keep),
    ("affiliation_verification", STATUS),
    ("ownership_verification", STATUS),
    ("verification", STATUS),
    ("total_pending_invitations", Keep),
    ("total_pending_suggestions", Keep),
    DATES[0],
    DATES[1],
];

const fn members(kind: Kind) -> &'static [Member] {
    match kind {
        Kind::Users => USER,
        Kind::Organizations => ORGANIZATION,
        Kind::Memberships => MEMBERSHIP,
        Kind::OrganizationInvitations => ORGANIZATION_INVITATION,
        Kind::Invitations => INVITATION,
        Kind::Roles => ROLE,
        Kind::RoleSets => ROLE_SET,
        Kind::Domains => DOMAIN,
    }
}

/// Replaces everybody's data: the same text always by the same other one, by a random key that nobody sees and that goes when
/// this goes.
pub struct Anonymizer(Replacer);

impl Anonymizer {
    /// An anonymizer with a key of its own.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new() -> Outcome<Self> {
        Replacer::new().map(Self)
    }

    /// The object without anybody's data.
    ///
    /// # Errors
    /// It is no JSON object.
    pub fn object(&self, kind: Kind, object: &str) -> serde_json::Result<String> {
        let object: Map<String, Value> = serde_json::from_str(object)?;
        serde_json::to_string(&self.within(members(kind), object))
    }

    fn within(&self, members: &[Member], mut object: Map<String, Value>) -> Value {
        let mut made = Map::new();
        for (name, how) in members {
            match object.remove(*name) {
                None | Some(Value::Null) => {}
                Some(value) => {
                    made.insert((*name).to_owned(), self.replaced(*how, value));
                }
            }
        }
        Value::Object(made)
    }

    fn replaced(&self, how: How, value: Value) -> Value {
        let with = &self.0;
        match (how, value) {
            (Keep, value @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) => value,
            (Metadata, value) => metadata::replaced(with, value),
            (Within(members), Value::Object(object)) => self.within(members, object),
            (Each(members), Value::Array(list)) => {
                let objects = list.into_iter().map(|one| match one {
                    Value::Object(object) => self.within(members, object),
                    _ => Value::Object(Map::new()),
                });
                Value::Array(objects.collect())
            }
            (how, Value::String(text)) => Value::String(match how {
                Id => with.id(&text),
                Email => with.email(&text),
                Phone => with.phone(&text),
                Wallet => with.wallet(&text),
                Username => with.username(&text),
                External => with.external(&text),
                Name => with.name(&text),
                Title => with.title(&text),
                Slug => with.slug(&text),
                Domain => with.domain(&text),
                _ => with.text(&text),
            }),
            _ => Value::Null,
        }
    }
}
