//! Hashes of passwords. The rounds are few, so that tests are quick: not for production data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use pbkdf2::pbkdf2_hmac_array;
use pbkdf2::sha2::Sha256;

const ROUNDS: u32 = 50;
const NAME: &str = "pbkdf2_sha256";

/// Hashes a password with this salt, as `pbkdf2_sha256$rounds$salt$hash`.
pub(crate) fn hash(password: &str, salt: [u8; 16]) -> String {
    let hash: [u8; 32] = pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), &salt, ROUNDS);
    format!(
        "{NAME}${ROUNDS}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(hash)
    )
}

/// Returns whether a password gives this hash; `None` if the hash is not one of ours.
pub(crate) fn verify(password: &str, stored: &str) -> Option<bool> {
    let mut parts = stored.split('$');
    if parts.next() != Some(NAME) || parts.next() != Some("50") {
        return None;
    }
    let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    Some(hash(password, salt.try_into().ok()?) == stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_verifies() {
        let stored = hash("correct horse", [7; 16]);
        assert_eq!(verify("correct horse", &stored), Some(true));
        assert_eq!(verify("battery staple", &stored), Some(false));
        assert_eq!(verify("x", "$2a$10$abc"), None);
        assert_ne!(stored, hash("correct horse", [8; 16]));
        assert!(!stored.contains("horse"));
    }
}
