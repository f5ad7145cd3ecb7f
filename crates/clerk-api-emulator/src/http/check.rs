//! What texts must look like.

use super::problem::{self, Problem};

const PASSWORD: std::ops::RangeInclusive<usize> = 8..=72;
const USERNAME: std::ops::RangeInclusive<usize> = 4..=64;
/// Longest name of a person or an organization.
pub(crate) const NAME: usize = 256;

/// Returns an email address in lower case.
pub(crate) fn email(param: &str, text: &str) -> Result<String, Problem> {
    let good = text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && !local.contains('@')
            && domain.len() <= 253
            && domain.contains('.')
            && domain.split('.').all(is_domain_label)
    }) && !text
        .contains(|c: char| c.is_whitespace() || c.is_control() || "<>(),;:\\\"[]".contains(c));
    if good {
        Ok(text.to_lowercase())
    } else {
        Err(problem::format_invalid(param, "email address"))
    }
}

pub(crate) fn is_domain_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// Accepts a phone number in E.164.
pub(crate) fn phone(param: &str, text: &str) -> Result<(), Problem> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let good = (7..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    if good {
        Ok(())
    } else {
        Err(problem::format_invalid(
            param,
            "phone number according to E.164",
        ))
    }
}

pub(crate) fn username(param: &str, text: &str) -> Result<(), Problem> {
    if !USERNAME.contains(&text.chars().count()) {
        let long = format!(
            "{param} must have between {} and {} characters.",
            USERNAME.start(),
            USERNAME.end()
        );
        return Err(Problem::new("form_username_invalid_length", "is invalid", long).of(param));
    }
    if !text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    {
        let long = format!("{param} can only contain letters, numbers and '_' or '-'.");
        return Err(Problem::new("form_username_invalid_character", "is invalid", long).of(param));
    }
    Ok(())
}

pub(crate) fn password(param: &str, text: &str) -> Result<(), Problem> {
    let length = text.chars().count();
    if length < *PASSWORD.start() {
        let long = format!("Passwords must be {} characters or more.", PASSWORD.start());
        return Err(Problem::new("form_password_length_too_short", long.clone(), long).of(param));
    }
    if text.len() > *PASSWORD.end() {
        let long = format!("Passwords must be no longer than {} bytes.", PASSWORD.end());
        return Err(Problem::new("form_password_length_too_long", long.clone(), long).of(param));
    }
    Ok(())
}

/// Accepts the shape of a BCP-47 tag: a language and further parts of up to eight letters and digits.
pub(crate) fn locale(param: &str, text: &str) -> Result<(), Problem> {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let good = (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    if good {
        Ok(())
    } else {
        Err(problem::format_invalid(param, "BCP-47 language tag"))
    }
}

/// Accepts a text of at most so many characters.
pub(crate) fn length(param: &str, text: &str, most: usize) -> Result<(), Problem> {
    if text.chars().count() <= most {
        Ok(())
    } else {
        Err(problem::too_long(param, most))
    }
}

/// Accepts the name of something that people see.
pub(crate) fn title(param: &str, text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(problem::too_short(param, 1));
    }
    length(param, text, NAME)
}

/// Accepts the key of a role, such as `org:admin`.
pub(crate) fn role_key(param: &str, text: &str) -> Result<(), Problem> {
    length(param, text, NAME)?;
    if text.strip_prefix("org:").is_some_and(is_key_part) {
        return Ok(());
    }
    let wanted = "role key: org: and lowercase letters, digits or underscores";
    Err(problem::format_invalid(param, wanted))
}

/// Accepts the key of a permission that is not of every instance, such as `org:invoices:read`.
pub(crate) fn permission_key(param: &str, text: &str) -> Result<(), Problem> {
    length(param, text, NAME)?;
    let parts = text
        .strip_prefix("org:")
        .and_then(|rest| rest.split_once(':'));
    match parts {
        Some((feature, action)) if is_key_part(feature) && is_key_part(action) => {
            if feature.starts_with("sys_") {
                return Err(problem::value_invalid(param, text));
            }
            Ok(())
        }
        _ => Err(problem::format_invalid(
            param,
            "permission key: org:feature:action of lowercase letters, digits or underscores",
        )),
    }
}

/// Accepts the key of a role set, such as `role_set:default`.
pub(crate) fn role_set_key(param: &str, text: &str) -> Result<(), Problem> {
    length(param, text, NAME)?;
    if text.strip_prefix("role_set:").is_some_and(is_key_part) {
        return Ok(());
    }
    let wanted = "role set key: role_set: and lowercase letters, digits or underscores";
    Err(problem::format_invalid(param, wanted))
}

fn is_key_part(text: &str) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    !text.is_empty() && text.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_lowered_or_refused() {
        assert_eq!(
            email("e", "Jane.Doe+x@Example.COM").expect("good"),
            "jane.doe+x@example.com"
        );
        for bad in [
            "", "jane", "@x.y", "a@b", "a b@x.y", "a@x..y", "a@-x.y", "a@b@c.d", "<a@x.y>",
        ] {
            assert!(email("e", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn phones_are_e164() {
        assert!(phone("p", "+15555550100").is_ok());
        for bad in [
            "15555550100",
            "+1555",
            "+1 555 555 0100",
            "+0155555501",
            "+1234567890123456",
        ] {
            assert!(phone("p", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn keys_of_roles_permissions_and_sets_have_their_shapes() {
        assert!(role_key("k", "org:team_lead_2").is_ok());
        for bad in ["", "org:", "admin", "org:Admin", "org:a-b", "org:a:b"] {
            assert!(role_key("k", bad).is_err(), "{bad}");
        }
        assert!(permission_key("k", "org:invoices:read_2").is_ok());
        for bad in [
            "org:invoices",
            "org:invoices:",
            "org::read",
            "org:a:b:c",
            "org:sys_profile:manage",
            "org:sys_x:y",
            "invoices:read",
        ] {
            assert!(permission_key("k", bad).is_err(), "{bad}");
        }
        assert!(role_set_key("k", "role_set:default").is_ok());
        for bad in ["default", "role_set:", "role_set:A"] {
            assert!(role_set_key("k", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn usernames_passwords_and_locales_have_their_shapes() {
        assert!(
            username("u", "jane_doe-1").is_ok()
                && username("u", "abc").is_err()
                && username("u", "jane doe").is_err()
        );
        assert!(
            password("p", "12345678").is_ok()
                && password("p", "1234567").is_err()
                && password("p", &"x".repeat(73)).is_err()
        );
        assert!(
            locale("l", "de-CH").is_ok()
                && locale("l", "en_US").is_err()
                && locale("l", "x").is_err()
        );
    }
}
