//! The instance's own key: made when it is first needed, kept in the database, published as a JSON Web Key Set.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::PrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

use super::{Algorithm, Claims, SigningKey};
use crate::blocking;
use crate::data::Data;
use crate::http::error::{self, ApiError};
use crate::resource::jwks::rows as keys;

const BITS: usize = 2_048;

/// The key as it was last seen. Another process may reset the database, so the stored text decides.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Option<Arc<Key>>>);

/// A key that is ready to sign, and its name.
#[derive(Debug)]
pub(crate) struct Key {
    kid: String,
    pem: String,
    signing: SigningKey,
}

impl Key {
    /// Signs a session's token.
    pub(crate) fn sign(&self, category: &'static str, claims: &Claims) -> Result<String, ApiError> {
        super::encode(
            category,
            Some(&self.kid),
            Algorithm::Rs256,
            &self.signing,
            claims,
        )
    }

    /// Returns the claims of a token that this key has signed.
    pub(crate) fn verify(&self, token: &str) -> Option<Claims> {
        super::decode(token, &self.signing)
    }

    /// Returns the public half as a JSON Web Key.
    pub(crate) fn public(&self) -> Option<Value> {
        let SigningKey::Rsa(key) = &self.signing else {
            return None;
        };
        Some(json!({
            "use": "sig",
            "kty": "RSA",
            "kid": self.kid,
            "alg": Algorithm::Rs256.name(),
            "n": URL_SAFE_NO_PAD.encode(key.n_bytes()),
            "e": URL_SAFE_NO_PAD.encode(key.e_bytes()),
        }))
    }
}

impl Known {
    /// Returns the instance's key; the first call creates it.
    pub(crate) async fn get(&self, data: &Data) -> Result<Arc<Key>, ApiError> {
        let stored = data.read(|db| Ok(keys::load(db)?)).await?;
        let (kid, pem) = match stored.pem {
            Some(pem) => (stored.instance_id, pem),
            None => {
                let made = compute(generate).await?;
                // Another process may have been quicker.
                let stored = data.write(move |tx| Ok(keys::keep(tx, &made)?)).await?;
                let pem = stored.pem.ok_or_else(unusable)?;
                (stored.instance_id, pem)
            }
        };
        if let Some(key) = &*self.last()
            && key.pem == pem
            && key.kid == kid
        {
            return Ok(Arc::clone(key));
        }
        let signing = SigningKey::read(Algorithm::Rs256, &pem).ok_or_else(unusable)?;
        let key = Arc::new(Key { kid, pem, signing });
        *self.last() = Some(Arc::clone(&key));
        Ok(key)
    }

    fn last(&self) -> MutexGuard<'_, Option<Arc<Key>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a key in PEM. It is drawn from the system's random source even where a seed makes ids repeatable.
pub(super) fn generate() -> Result<String, ApiError> {
    let key = PrivateKey::new(&mut getrandom::SysRng, BITS).map_err(|_| unusable())?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| unusable())?;
    Ok(pem.as_str().to_owned())
}

/// Runs what computes for long beside the threads that serve.
pub(crate) async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    blocking::run(work).await.unwrap_or_else(|| Err(unusable()))
}

fn unusable() -> ApiError {
    error::internal("The key of this instance cannot be used.")
}
