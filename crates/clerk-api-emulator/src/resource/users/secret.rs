//! Passwords and second factors in the bodies of creation and update.

use super::password;
use super::rows::Secrets;
use super::wire::User;
use crate::app::App;
use crate::http::body::{Body, Given};
use crate::http::{check, problem};

/// The names that the API knows for hashes of other systems.
const HASHERS: [&str; 21] = [
    "argon2i",
    "argon2id",
    "awscognito",
    "bcrypt",
    "bcrypt_peppered",
    "bcrypt_sha256_django",
    "ldap_ssha",
    "md5",
    "md5_phpass",
    "md5_salted",
    "pbkdf2_sha1",
    "pbkdf2_sha256",
    "pbkdf2_sha256_django",
    "pbkdf2_sha512",
    "pbkdf2_sha512_hex",
    "phpass",
    "scrypt_firebase",
    "scrypt_werkzeug",
    "sha256",
    "sha256_salted",
    "sha512_symfony",
];

/// Reads everything secret; true if anything was given, so that `secrets` must be saved.
pub(super) fn read(
    app: &App,
    body: &mut Body<'_>,
    user: &mut User,
    secrets: &mut Secrets,
    now: i64,
) -> bool {
    let password = read_password(app, body, user, secrets, now);
    let factors = read_factors(app, body, user, secrets);
    if factors {
        user.judge_second_factor(now);
    }
    password || factors
}

fn read_password(
    app: &App,
    body: &mut Body<'_>,
    user: &mut User,
    secrets: &mut Secrets,
    now: i64,
) -> bool {
    let unchecked = body.flag("skip_password_checks").value().unwrap_or(false);
    let plain = body.text("password").value();
    let digest = body.text("password_digest").value();
    let hasher = body.text("password_hasher");
    let hasher = body.not_null("password_hasher", hasher);
    match (plain, digest, hasher) {
        (Some(plain), None, None) => {
            if !unchecked {
                body.check(check::password("password", &plain));
            }
            secrets.password_hash = Some(password::hash(&plain, app.ids.salt()));
            secrets.password_hasher = None;
        }
        (None, Some(digest), Some(hasher)) => {
            if !HASHERS.contains(&hasher.as_str()) {
                body.problem(problem::value_invalid("password_hasher", &hasher));
            }
            secrets.password_hash = Some(digest);
            secrets.password_hasher = Some(hasher);
        }
        (None, None, None) => return false,
        (Some(_), _, _) => body.problem(problem::only_with("password_digest", "no password")),
        (None, Some(_), None) => body.problem(problem::needs("password_hasher", "password_digest")),
        (None, None, Some(_)) => body.problem(problem::needs("password_digest", "password_hasher")),
    }
    user.password_enabled = true;
    user.password_last_updated_at = Some(now);
    true
}

fn read_factors(app: &App, body: &mut Body<'_>, user: &mut User, secrets: &mut Secrets) -> bool {
    let totp = body.text("totp_secret");
    if let Given::Value(text) = &totp
        && !is_base32(text)
    {
        body.problem(problem::format_invalid("totp_secret", "base32 text"));
    }
    let codes = body.texts("backup_codes");
    let codes = body.not_null("backup_codes", codes);
    let given = totp.apply(&mut secrets.totp_secret) || codes.is_some();
    if let Some(codes) = codes {
        // Codes that are hashed already are kept; the others are hashed as passwords are.
        let hashes: Vec<String> = codes
            .into_iter()
            .map(|code| {
                if code.starts_with("$2") {
                    code
                } else {
                    password::hash(&code, app.ids.salt())
                }
            })
            .collect();
        secrets.backup_codes = if hashes.is_empty() {
            None
        } else {
            serde_json::to_string(&hashes).ok()
        };
    }
    if given {
        user.totp_enabled = secrets.totp_secret.is_some();
        user.backup_code_enabled = secrets.backup_codes.is_some();
    }
    given
}

fn is_base32(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    !digits.is_empty()
        && digits
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || (b'2'..=b'7').contains(&b))
}
