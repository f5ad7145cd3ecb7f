//! Changing one user: what every such request does around its own change.

use super::rows::{self, Secrets};
use super::wire::User;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::resource::sessions::rows as sessions;
use crate::store::Tx;

/// A user to be changed, with what is kept beside it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) user: User,
    pub(super) secrets: Secrets,
    pub(super) now: i64,
    /// Whether the user's sessions end.
    pub(super) signs_out: bool,
}

/// Changes one user in a transaction of its own and returns its JSON.
pub(super) async fn one<F>(app: Shared, id: String, edit: F) -> Result<String, ApiError>
where
    F: FnOnce(&mut Draft) -> Result<bool, ApiError> + Send + 'static,
{
    let inner = Shared::clone(&app);
    app.store
        .write(move |tx| within(tx, &id, inner.clock.now(), edit))
        .await
}

/// Changes a user and returns its JSON. `edit` returns whether it changed anything; if not, nothing is written.
pub(super) fn within(
    tx: &Tx<'_>,
    id: &str,
    now: i64,
    edit: impl FnOnce(&mut Draft) -> Result<bool, ApiError>,
) -> Result<String, ApiError> {
    let (seq, before) = rows::load(tx.db(), id)?;
    let secrets = rows::secrets(tx.db(), seq)?;
    let mut draft = Draft {
        user: before.clone(),
        secrets: secrets.clone(),
        now,
        signs_out: false,
    };
    let changed = edit(&mut draft)?;
    if draft.signs_out {
        sessions::revoke_of_user(tx, seq, now)?;
    }
    if !changed {
        return Ok(serde_json::to_string(&before)?);
    }
    draft.user.updated_at = now;
    if draft.secrets != secrets {
        rows::save_secrets(tx, seq, &draft.secrets)?;
    }
    rows::save(tx, seq, &before, &draft.user)
}
