//! The values in an object that grant access: no export has them (reliability.md 7.6), but for the links of invitations where they
//! are asked for.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::sweep::Kind;

/// What stands in their place, so that the object keeps its members.
const NOTHING: &str = "null";

#[derive(Deserialize)]
struct WithUrl<'a> {
    #[serde(borrow)]
    url: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct WithPhones<'a> {
    #[serde(borrow)]
    phone_numbers: Option<Vec<WithCodes<'a>>>,
}

#[derive(Deserialize)]
struct WithCodes<'a> {
    #[serde(borrow)]
    backup_codes: Option<&'a RawValue>,
}

/// The object without them.
///
/// # Errors
/// The object cannot be read, so it is not known where they are.
pub(super) fn without(
    kind: Kind,
    object: &str,
    urls: bool,
) -> Result<Cow<'_, str>, serde_json::Error> {
    let secrets: Vec<&RawValue> = match kind {
        Kind::Invitations | Kind::OrganizationInvitations if !urls => {
            let found: WithUrl<'_> = serde_json::from_str(object)?;
            found.url.into_iter().collect()
        }
        Kind::Users => {
            let found: WithPhones<'_> = serde_json::from_str(object)?;
            let phones = found.phone_numbers.into_iter().flatten();
            phones.filter_map(|phone| phone.backup_codes).collect()
        }
        _ => Vec::new(),
    };
    if secrets.is_empty() {
        return Ok(Cow::Borrowed(object));
    }
    let mut shown = String::with_capacity(object.len());
    let mut at = 0;
    for secret in secrets {
        let start = secret.get().as_ptr() as usize - object.as_ptr() as usize;
        shown.push_str(&object[at..start]);
        shown.push_str(NOTHING);
        at = start + secret.get().len();
    }
    shown.push_str(&object[at..]);
    Ok(Cow::Owned(shown))
}

#[cfg(test)]
mod tests {
    use clerk_api::declare::Model as _;
    use clerk_api::model::{EmailAddress, PhoneNumber};

    use super::*;

    fn of(kind: Kind, object: &str) -> String {
        without(kind, object, false).unwrap().into_owned()
    }

    #[test]
    fn reliability_7_6_values_that_grant_access_become_null_and_the_rest_stays() {
        assert_eq!(
            of(
                Kind::Invitations,
                r#"{"id": 1.50,"\u0075rl" : "CANARY","x":{"url":"stays"}}"#
            ),
            r#"{"id": 1.50,"\u0075rl" : null,"x":{"url":"stays"}}"#
        );
        assert_eq!(
            of(
                Kind::Users,
                r#"{"phone_numbers":[{"backup_codes":["CANARY"]},{"backup_codes":null},{"backup_codes": ["CANARY"],"id":2}],"public_metadata":{"url":"stays"}}"#
            ),
            r#"{"phone_numbers":[{"backup_codes":null},{"backup_codes":null},{"backup_codes": null,"id":2}],"public_metadata":{"url":"stays"}}"#
        );
        let wanted = without(Kind::OrganizationInvitations, r#"{"url":"wanted"}"#, true);
        assert_eq!(wanted.unwrap(), r#"{"url":"wanted"}"#);
        // Twice the same member: nobody knows which one a reader takes.
        assert!(without(Kind::Invitations, r#"{"url":"a","url":"b"}"#, false).is_err());
    }

    #[test]
    fn reliability_7_6_the_members_that_the_models_call_secret_are_these() {
        for kind in Kind::ALL {
            let members = kind.list().members.iter();
            let secret: Vec<&str> = members.filter(|it| it.secret).map(|it| it.name).collect();
            let wanted: &[&str] = match kind {
                Kind::Invitations | Kind::OrganizationInvitations => &["url"],
                _ => &[],
            };
            assert_eq!(secret, wanted, "{}", kind.name());
        }
        let secret = |member: &&clerk_api::declare::Member| member.secret;
        assert!(EmailAddress::MEMBERS.iter().find(secret).is_none());
        let codes = PhoneNumber::MEMBERS.iter().find(secret).unwrap();
        assert_eq!(codes.name, "backup_codes");
    }
}
