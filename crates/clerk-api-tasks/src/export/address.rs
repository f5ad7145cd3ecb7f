//! What an email address says beside itself.

/// The domain: what follows the last `@`, in lower case.
#[must_use]
pub fn domain(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    Some(domain.to_lowercase())
}

/// The address in the form in which two spellings of the same mailbox are equal: in lower case, `+tag` cut off, and without the
/// dots before the `@`.
#[must_use]
pub fn normalized(address: &str) -> String {
    let address = address.to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else {
        return address;
    };
    let local = local.split('+').next().unwrap_or_default();
    let mut normalized = String::with_capacity(address.len());
    normalized.extend(local.chars().filter(|c| *c != '.'));
    normalized.push('@');
    normalized.push_str(domain);
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_are_equal() {
        for (address, wanted) in [
            ("Ada.Lovelace+news@Example.com", "adalovelace@example.com"),
            ("ada@example.com", "ada@example.com"),
            ("\"a@b\"@example.com", "\"a@b\"@example.com"),
            ("no address", "no address"),
        ] {
            assert_eq!(normalized(address), wanted);
        }
        assert_eq!(domain("a@b@Example.COM").as_deref(), Some("example.com"));
        assert_eq!(domain("nobody"), None);
    }
}
