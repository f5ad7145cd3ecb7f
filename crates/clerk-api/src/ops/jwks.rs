//! The keys that session tokens are signed with.

use crate::declare::{Op, endpoint};
use crate::model::Jwks;

endpoint! {
    /// Shows the public keys that session tokens are signed with, as a JSON Web Key Set.
    pub struct GetJwks = "jwks.get", GetJWKS: Get "/jwks", Read, None => Jwks;
    rate Unlimited;
}

pub(super) static OPS: &[Op] = &[Op::of::<GetJwks>()];
