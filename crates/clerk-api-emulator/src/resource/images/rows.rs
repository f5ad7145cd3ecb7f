//! Uploaded images: at most one of a user or an organization.

use rusqlite::params;

use crate::http::upload::Image;
use crate::store::{StoreError, Tx};

/// Keeps an image in the place of the one that its owner had.
pub(crate) fn put(tx: &Tx<'_>, owner: &str, id: &str, image: &Image) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("INSERT OR REPLACE INTO images VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![owner, id, image.content_type, &image.bytes[..]])?;
    Ok(())
}

/// Forgets the image of an owner, if there is one.
pub(crate) fn remove(tx: &Tx<'_>, owner: &str) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("DELETE FROM images WHERE owner = ?1")?
        .execute([owner])?;
    Ok(())
}
