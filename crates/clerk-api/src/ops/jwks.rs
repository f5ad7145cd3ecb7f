//! The keys that sign session tokens.

use crate::declare::{Op, endpoint};
use crate::model::Jwks;

endpoint! {
    /// Shows the public keys for session tokens, as a JSON Web Key Set.
    pub struct GetJwks = "jwks.get", GetJWKS: Get "/jwks", Read, None => Jwks;
    rate Unlimited;
}

pub(super) static OPS: &[Op] = &[Op::of::<GetJwks>()];
