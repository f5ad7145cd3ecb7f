//! Forms of text that the API lays down: email addresses, phone numbers, slugs, keys. No I/O.

/// A form that a text must have.
#[derive(Debug)]
#[non_exhaustive]
pub struct Form {
    /// What has it, with its article.
    pub what: &'static str,
    /// A text that has it.
    pub example: &'static str,
    /// Whether a text has it. No text with a comma has, so that commas can stand between several.
    pub fits: fn(&str) -> bool,
}

/// A text without commas: a username, a key, a domain.
pub static WORD: Form = Form {
    what: "a word without commas",
    example: "ada",
    fits: |text| !text.is_empty() && !text.contains(','),
};

/// An email address.
///
/// What else an address must be, the API knows.
pub static EMAIL: Form = Form {
    what: "an email address",
    example: "ada@example.com",
    fits: is_email,
};

/// A phone number (spec: `CreatePhoneNumber`).
pub static PHONE: Form = Form {
    what: "a phone number in E.164 form",
    example: "+15551234567",
    fits: is_phone,
};

/// An organization's slug (spec: `CreateOrganization`).
pub static SLUG: Form = Form {
    what: "a slug of lower-case letters, digits and hyphens",
    example: "engineering-team",
    fits: |text| {
        text.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    },
};

/// A role's key (spec: `CreateOrganizationRole`).
pub static ROLE_KEY: Form = Form {
    what: "a role's key of lower-case letters, digits and underscores",
    example: "org:billing",
    fits: |text| text.strip_prefix("org:").is_some_and(is_part),
};

/// A permission's key (spec: `CreateOrganizationPermission`).
pub static PERMISSION_KEY: Form = Form {
    what: "a permission's key of lower-case letters, digits and underscores, not with org:sys_",
    example: "org:invoices:read",
    fits: |text| {
        let parts = text
            .strip_prefix("org:")
            .and_then(|rest| rest.split_once(':'));
        parts.is_some_and(|(feature, action)| {
            is_part(feature) && is_part(action) && !feature.starts_with("sys_")
        })
    },
};

/// A role set's key (spec: `CreateRoleSet`).
pub static ROLE_SET_KEY: Form = Form {
    what: "a role set's key of lower-case letters, digits and underscores",
    example: "role_set:default",
    fits: |text| text.strip_prefix("role_set:").is_some_and(is_part),
};

/// A country's code (spec: `UpdateInstanceCommunication`).
pub static COUNTRY: Form = Form {
    what: "a country code of two capital letters",
    example: "DE",
    fits: |text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
};

fn is_part(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Whether a text can be an email address.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let plain = !text
        .contains(|c: char| c.is_whitespace() || c.is_control() || "<>(),;:\\\"[]".contains(c));
    plain
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.split('.').all(|label| !label.is_empty())
        })
}

/// Whether a text is a phone number in E.164 form.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_example_and_no_comma() {
        for form in [
            &WORD,
            &EMAIL,
            &PHONE,
            &SLUG,
            &ROLE_KEY,
            &PERMISSION_KEY,
            &ROLE_SET_KEY,
            &COUNTRY,
        ] {
            assert!((form.fits)(form.example), "{}", form.what);
            let two = format!("{0},{0}", form.example);
            assert!(!(form.fits)(&two), "{}", form.what);
        }
    }

    #[test]
    fn keys_and_codes_keep_to_the_specification() {
        for (form, texts) in [
            (&ROLE_KEY, ["admin", "org:", "org:Admin", "org:a-b"]),
            (
                &PERMISSION_KEY,
                ["org:read", "org:sys_x:read", "org:a:", "org:a:b:c"],
            ),
            (
                &ROLE_SET_KEY,
                ["default", "role_set:", "role_set:A", "org:default"],
            ),
            (&COUNTRY, ["de", "DEU", "", "D1"]),
            (&SLUG, ["Acme", "a_b", "a b", "a.b"]),
        ] {
            for text in texts {
                assert!(!(form.fits)(text), "{}: {text:?}", form.what);
            }
        }
    }
}
