//! JSON Web Tokens: what signs them, how they are put together and taken apart.

pub(crate) mod claims;
pub(crate) mod key;
pub(crate) mod template;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::{Pkcs1v15Sign, PrivateKey};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::error::{self, ApiError};

/// What a token is for, as its header says; official clients take no other kind for a session's.
pub(crate) const SESSION: &str = "cl_B7d4PD111AAA";
pub(crate) const TEMPLATE: &str = "cl_B7d4PD222AAA";

/// The claims of a token, in the order in which they are written.
pub(crate) type Claims = Map<String, Value>;

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
    Rs256,
    Rs384,
    Rs512,
}

impl Algorithm {
    const ALL: [Self; 6] = [
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Returns all names, for messages.
    pub(crate) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    fn is_shared(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }
}

/// What signs: a secret that both sides know, or half of a pair.
pub(crate) enum SigningKey {
    Shared(Vec<u8>),
    Rsa(Box<PrivateKey>),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// Reads a key as an algorithm needs it: any text, or an RSA key in PEM.
    pub(crate) fn read(algorithm: Algorithm, text: &str) -> Option<Self> {
        if algorithm.is_shared() {
            return (!text.is_empty()).then(|| Self::Shared(text.as_bytes().to_owned()));
        }
        let key = PrivateKey::from_pkcs8_pem(text)
            .ok()
            .or_else(|| PrivateKey::from_pkcs1_pem(text).ok())?;
        Some(Self::Rsa(Box::new(key)))
    }

    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, ApiError> {
        let signed = match self {
            Self::Shared(secret) => match algorithm {
                Algorithm::Hs256 => mac::<Hmac<Sha256>>(secret, message),
                Algorithm::Hs384 => mac::<Hmac<Sha384>>(secret, message),
                _ => mac::<Hmac<Sha512>>(secret, message),
            },
            Self::Rsa(key) => {
                let (padding, digest) = padded(algorithm, message);
                key.sign(padding, &digest).ok()
            }
        };
        signed.ok_or_else(|| error::internal("The token could not be signed."))
    }
}

fn mac<M: Mac + KeyInit>(secret: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(secret).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

fn padded(algorithm: Algorithm, message: &[u8]) -> (Pkcs1v15Sign, Vec<u8>) {
    match algorithm {
        Algorithm::Rs384 => (
            Pkcs1v15Sign::new::<Sha384>(),
            Sha384::digest(message).to_vec(),
        ),
        Algorithm::Rs512 => (
            Pkcs1v15Sign::new::<Sha512>(),
            Sha512::digest(message).to_vec(),
        ),
        _ => (
            Pkcs1v15Sign::new::<Sha256>(),
            Sha256::digest(message).to_vec(),
        ),
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    cat: &'static str,
    /// Absent where the key is not among the published ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    typ: &'static str,
}

/// Writes and signs a token. This takes about a millisecond of computing with RSA.
pub(crate) fn encode(
    category: &'static str,
    kid: Option<&str>,
    algorithm: Algorithm,
    key: &SigningKey,
    claims: &Claims,
) -> Result<String, ApiError> {
    let header = Header {
        alg: algorithm.name(),
        cat: category,
        kid,
        typ: "JWT",
    };
    let mut token = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
    let signature = key.sign(algorithm, token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// Returns the claims of a token that this key has signed with RS256, whatever their time; `None` if it has not.
pub(crate) fn decode(token: &str, key: &SigningKey) -> Option<Claims> {
    let SigningKey::Rsa(key) = key else {
        return None;
    };
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Map<String, Value> =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    if header.get("alg")? != Algorithm::Rs256.name() {
        return None;
    }
    let (padding, digest) = padded(Algorithm::Rs256, signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    key.as_public_key()
        .verify(padding, &digest, &signature)
        .ok()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_keys_make_the_mac_of_the_standard() {
        // RFC 4231, test case 2.
        let key = SigningKey::read(Algorithm::Hs256, "Jefe").expect("a key");
        let mac = key
            .sign(Algorithm::Hs256, b"what do ya want for nothing?")
            .expect("signs");
        let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_what_the_key_has_signed_is_decoded() {
        let (mine, other) = (
            key::generate().expect("a key"),
            key::generate().expect("a key"),
        );
        let read = |pem: &str| SigningKey::read(Algorithm::Rs256, pem).expect("a key");
        let (mine, other) = (read(&mine), read(&other));
        let mut claims = Claims::new();
        claims.insert("sid".to_owned(), "sess_1".into());
        let token = |key| encode(SESSION, Some("ins_1"), Algorithm::Rs256, key, &claims);
        let token = token(&mine).expect("signs");
        assert_eq!(decode(&token, &mine), Some(claims.clone()));
        assert_eq!(decode(&token, &other), None);
        let (signed, _) = token.rsplit_once('.').expect("three parts");
        for forged in [signed, &format!("{signed}."), "", "..", &token[1..]] {
            assert_eq!(decode(forged, &mine), None, "{forged}");
        }
        // RS512 with the same key is not what sessions have.
        let token = encode(SESSION, None, Algorithm::Rs512, &mine, &claims).expect("signs");
        assert_eq!(decode(&token, &mine), None);
    }

    #[test]
    fn keys_must_fit_their_algorithm() {
        assert!(SigningKey::read(Algorithm::Hs512, "").is_none());
        assert!(SigningKey::read(Algorithm::Rs256, "secret").is_none());
        assert_eq!(Algorithm::parse("RS384"), Some(Algorithm::Rs384));
        assert_eq!(Algorithm::parse("none"), None);
    }
}
