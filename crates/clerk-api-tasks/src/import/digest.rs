//! Password digests: which hasher made one, told by its form. A digest never stands in a message.

/// The hasher of a digest whose form names it.
pub(super) fn hasher(digest: &str) -> Option<&'static str> {
    const FORMS: [(&str, &str); 10] = [
        ("$2a$", "bcrypt"),
        ("$2b$", "bcrypt"),
        ("$2x$", "bcrypt"),
        ("$2y$", "bcrypt"),
        ("$argon2id$", "argon2id"),
        ("$argon2i$", "argon2i"),
        ("$P$", "phpass"),
        ("{SSHA}", "ldap_ssha"),
        ("bcrypt_sha256$$", "bcrypt_sha256_django"),
        ("scrypt:", "scrypt_werkzeug"),
    ];
    let form = FORMS.iter().find(|(prefix, _)| digest.starts_with(prefix));
    form.map(|(_, hasher)| *hasher)
}

#[cfg(test)]
mod tests {
    use super::hasher;

    #[test]
    fn the_form_names_the_hasher() {
        assert_eq!(hasher("$2b$10$abc"), Some("bcrypt"));
        assert_eq!(hasher("$argon2id$v=19$m=4096"), Some("argon2id"));
        assert_eq!(hasher("5f4dcc3b5aa765d61d8327deb882cf99"), None);
        assert_eq!(hasher("$6$rounds=5000$abc"), None);
    }
}
