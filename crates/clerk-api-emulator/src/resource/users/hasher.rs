//! Which passwords belong to a stored hash, of our own or of another system's scheme.
//!
//! Hashes may be slow on purpose: call this from a thread that may block.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pbkdf2::pbkdf2_hmac_array;
use pbkdf2::sha2::{Digest, Sha256};

use super::password;

/// Returns whether a password gives a hash; `scheme` is the API's name of the hasher, `None` for our own.
/// Returns `None` for schemes that are stored but cannot be computed here.
pub(crate) fn verify(scheme: Option<&str>, password: &str, hash: &str) -> Option<bool> {
    match scheme {
        None => password::verify(password, hash),
        Some("bcrypt") => Some(bcrypt(password, hash)),
        Some("bcrypt_sha256_django") => Some(
            hash.strip_prefix("bcrypt_sha256$")
                .is_some_and(|hash| bcrypt(&sha256_hex(password), hash)),
        ),
        Some("pbkdf2_sha256_django") => Some(django(password, hash) == Some(true)),
        Some("sha256") => Some(sha256_hex(password).eq_ignore_ascii_case(hash)),
        Some(_) => None,
    }
}

/// Returns whether a backup code gives a hash: those that came as bcrypt hashes were kept so.
pub(crate) fn verify_backup_code(code: &str, hash: &str) -> bool {
    let scheme = hash.starts_with("$2").then_some("bcrypt");
    verify(scheme, code, hash) == Some(true)
}

fn bcrypt(password: &str, hash: &str) -> bool {
    bcrypt::verify(password, hash).unwrap_or(false)
}

/// `pbkdf2_sha256$iterations$salt$hash`, the salt being taken as it is written.
fn django(password: &str, hash: &str) -> Option<bool> {
    let (rounds, rest) = hash.strip_prefix("pbkdf2_sha256$")?.split_once('$')?;
    let (salt, hash) = rest.split_once('$')?;
    let made: [u8; 32] = pbkdf2_hmac_array::<Sha256, 32>(
        password.as_bytes(),
        salt.as_bytes(),
        rounds.parse().ok().filter(|rounds| *rounds > 0)?,
    );
    Some(STANDARD.encode(made) == hash)
}

fn sha256_hex(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_other_systems_are_recognized() {
        let hashes = [
            (
                "bcrypt",
                "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            ),
            (
                "bcrypt_sha256_django",
                "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuIvyWZlBcE3WoQXKqRnwrLYJ6nenE0Bq",
            ),
            (
                "pbkdf2_sha256_django",
                "pbkdf2_sha256$10$seasalt$XDHys9VSpcUQ/JYORcuek+9NZi0Klg1vhHc1q/ro4qw=",
            ),
            (
                "sha256",
                "4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631",
            ),
        ];
        for (scheme, hash) in hashes {
            assert_eq!(
                verify(Some(scheme), "correct horse", hash),
                Some(true),
                "{scheme}"
            );
            assert_eq!(
                verify(Some(scheme), "battery staple", hash),
                Some(false),
                "{scheme}"
            );
            assert_eq!(
                verify(Some(scheme), "x", "no hash at all"),
                Some(false),
                "{scheme}"
            );
        }
        assert_eq!(verify(Some("argon2id"), "x", "$argon2id$v=19$"), None);
    }
}
