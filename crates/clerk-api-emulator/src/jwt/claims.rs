//! The claims of a session's token, in the second format, and those that every token has.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::Claims;
use crate::app::App;
use crate::http::error::ApiError;
use crate::resource::memberships::rows as memberships;
use crate::resource::memberships::wire::Membership;
use crate::resource::organizations::rows as organizations;
use crate::resource::organizations::wire::Organization;
use crate::resource::roles::rows as roles;
use crate::resource::roles::wire::Role;
use crate::resource::sessions::wire::{Session, Status};
use crate::resource::sessions::{errors as sessions_errors, rows as sessions};

/// Seconds that a token lives where nothing else is said.
pub(crate) const LIFETIME: i64 = 60;
/// Seconds by which a session's token is valid before it is issued, for clocks that are late.
const SKEW: i64 = 10;
const MINUTE: i64 = 60_000;
/// What the permissions begin with that every instance has; they are not written into tokens.
const SYSTEM: &str = "sys_";

/// Who a token is for.
#[derive(Debug)]
pub(crate) struct Bearer {
    pub(crate) session: Session,
    /// The organization that is active in the session, and what the user is there.
    pub(crate) place: Option<Place>,
}

/// An organization, and what a user is there.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) organization: Organization,
    pub(crate) membership: Membership,
    pub(crate) role: Role,
}

impl Bearer {
    /// Reads an active session with its organization.
    pub(crate) fn load(db: &Connection, id: &str, now: i64) -> Result<Self, ApiError> {
        let found = sessions::load(db, id, now)?;
        if found.session.status != Status::Active {
            return Err(sessions_errors::inactive(found.session.status.name()));
        }
        Self::of(db, found)
    }

    /// Adds the organization to a session, which must be active.
    pub(crate) fn of(db: &Connection, found: sessions::Found) -> Result<Self, ApiError> {
        let place = match &found.session.last_active_organization_id {
            None => None,
            Some(id) => {
                let (seq, organization) = organizations::load(db, id)?;
                let (_, membership) = memberships::load(db, seq, &found.session.user_id)?;
                let role = roles::read(db, membership.role)?;
                Some(Place {
                    organization,
                    membership,
                    role,
                })
            }
        };
        Ok(Self {
            session: found.session,
            place,
        })
    }
}

/// When a token is issued and how long it holds, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    pub(crate) now: i64,
    pub(crate) lifetime: i64,
    pub(crate) skew: i64,
}

impl Term {
    /// The term of a session's token.
    pub(crate) fn of_session(millis: i64, lifetime: Option<i64>) -> Self {
        Self {
            now: millis.div_euclid(1_000),
            lifetime: lifetime.unwrap_or(LIFETIME),
            skew: SKEW,
        }
    }
}

/// Returns the claims that every token has; those of a session's go between them.
pub(crate) fn basic(app: &App, user_id: &str, term: Term) -> Claims {
    let mut claims = Claims::new();
    claims.insert("exp".to_owned(), (term.now + term.lifetime).into());
    claims.insert("iat".to_owned(), term.now.into());
    claims.insert("iss".to_owned(), app.url().into());
    claims.insert("jti".to_owned(), app.ids.trace()[..20].into());
    claims.insert("nbf".to_owned(), (term.now - term.skew).into());
    claims.insert("sub".to_owned(), user_id.into());
    claims
}

/// Returns the claims of a session's token; `azp` is absent, as no browser asks.
pub(crate) fn of_session(
    app: &App,
    bearer: &Bearer,
    now: i64,
    lifetime: Option<i64>,
) -> Result<Claims, ApiError> {
    let session = &bearer.session;
    let mut claims = basic(app, &session.user_id, Term::of_session(now, lifetime));
    if let Some(actor) = &session.actor {
        claims.insert("act".to_owned(), serde_json::from_str(actor.get())?);
    }
    // Nothing knows of a second factor here.
    let age = (now - session.created_at).div_euclid(MINUTE);
    claims.insert("fva".to_owned(), json!([age, -1]));
    if let Some(place) = &bearer.place {
        let permissions = Permissions::of(&place.role);
        if let Some(features) = permissions.features() {
            claims.insert("fea".to_owned(), features.into());
        }
        claims.insert("o".to_owned(), claim_of(place, &permissions));
    }
    claims.insert("sid".to_owned(), session.id.as_str().into());
    claims.insert("sts".to_owned(), session.status.name().into());
    claims.insert("v".to_owned(), 2.into());
    claims.sort_keys();
    Ok(claims)
}

fn claim_of(place: &Place, permissions: &Permissions<'_>) -> Value {
    let mut claim = Claims::new();
    if let Some((map, names)) = permissions.map() {
        claim.insert("fpm".to_owned(), map.into());
        claim.insert("per".to_owned(), names.into());
    }
    claim.insert("id".to_owned(), place.organization.id.as_str().into());
    let role = place.role.key.strip_prefix("org:");
    let role = role.unwrap_or(&place.role.key);
    claim.insert("rol".to_owned(), role.into());
    if let Some(slug) = &place.organization.slug {
        claim.insert("slg".to_owned(), slug.as_str().into());
    }
    claim.sort_keys();
    claim.into()
}

/// The permissions of an instance's own making, as features and what may be done with them.
#[derive(Debug, Default)]
struct Permissions<'a> {
    features: Vec<&'a str>,
    names: Vec<&'a str>,
    held: Vec<(&'a str, &'a str)>,
}

impl<'a> Permissions<'a> {
    fn of(role: &'a Role) -> Self {
        let mut all = Self::default();
        let keys = role.permissions.iter().map(|one| one.key.as_str());
        let parts = keys.filter_map(|key: &str| key.strip_prefix("org:")?.split_once(':'));
        for (feature, name) in parts.filter(|(feature, _)| !feature.starts_with(SYSTEM)) {
            if !all.features.contains(&feature) {
                all.features.push(feature);
            }
            if !all.names.contains(&name) {
                all.names.push(name);
            }
            all.held.push((feature, name));
        }
        all
    }

    /// Without it the map of permissions could not be read: its numbers go by the features' places.
    fn features(&self) -> Option<String> {
        let scoped: Vec<String> = self.features.iter().map(|one| format!("o:{one}")).collect();
        (!scoped.is_empty()).then(|| scoped.join(","))
    }

    /// A number a feature, whose bits from the lowest on are the names in their order; and the names.
    fn map(&self) -> Option<(String, String)> {
        // The numbers have as many bits as an instance has names, hence text that is doubled digit by digit.
        let number = |feature: &&str| {
            let bits = self.names.iter().rev();
            let bits = bits.map(|name| self.held.contains(&(*feature, *name)));
            bits.fold(vec![0], doubled)
        };
        let numbers: Vec<String> = self
            .features
            .iter()
            .map(number)
            .map(|digits| digits.iter().rev().map(u8::to_string).collect())
            .collect();
        (!numbers.is_empty()).then(|| (numbers.join(","), self.names.join(",")))
    }
}

/// Doubles a decimal number, lowest digit first, and adds a bit.
fn doubled(mut digits: Vec<u8>, bit: bool) -> Vec<u8> {
    let mut carry = u8::from(bit);
    for digit in &mut digits {
        let sum = *digit * 2 + carry;
        *digit = sum % 10;
        carry = sum / 10;
    }
    if carry > 0 {
        digits.push(carry);
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::resource::roles::wire::Permission;

    fn role(permissions: &[String]) -> Role {
        let text = str::to_owned;
        let mut role = Role::new(text("role_1"), text("org:editor"), text("Editor"), 1);
        let permission = |key: &String| Permission {
            object: Cow::Borrowed("permission"),
            id: text("perm_1"),
            name: key.clone(),
            key: key.clone(),
            description: String::new(),
            kind: Cow::Borrowed("user"),
            created_at: 1,
            updated_at: 1,
        };
        role.permissions = permissions.iter().map(permission).collect();
        role
    }

    #[test]
    fn permissions_are_mapped_to_features_bit_by_bit() {
        // Clerk's own example: dashboard may be read and managed, teams may be read.
        let keys = [
            "org:dashboard:manage",
            "org:dashboard:read",
            "org:teams:read",
        ];
        let role = role(&keys.map(str::to_owned));
        let permissions = Permissions::of(&role);
        assert_eq!(
            permissions.features().as_deref(),
            Some("o:dashboard,o:teams")
        );
        let map = ("3,2".to_owned(), "manage,read".to_owned());
        assert_eq!(permissions.map(), Some(map));
    }

    #[test]
    fn system_permissions_are_not_mapped() {
        let role = role(&["org:sys_profile:manage".to_owned()]);
        let permissions = Permissions::of(&role);
        assert_eq!((permissions.features(), permissions.map()), (None, None));
    }

    #[test]
    fn more_permissions_than_any_integer_has_bits() {
        let keys: Vec<String> = (0..130).map(|n| format!("org:posts:p{n}")).collect();
        let role = role(&keys);
        let (map, _) = Permissions::of(&role).map().expect("a map");
        // 2^130 - 1
        assert_eq!(map, "1361129467683753853853498429727072845823");
    }
}
