//! Natural keys as the journal keeps them: hashed under a secret of the job, so that the journal does not tell whom it is about.

use sha2::{Digest as _, Sha256};

/// The first half of a SHA-256.
pub(super) fn hashed(salt: &str, key: &[u8]) -> [u8; 16] {
    let digest = Sha256::new()
        .chain_update(salt)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

/// Bytes in hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
