//! What the settings refuse before a write is sent: read-only mode and protected objects.

use clerk_api::declare::{Effect, Meta};
use clerk_api_admin::call::Call;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem};

use crate::setup::context::Context;

/// What the settings protect, looked up once a command, where the call could touch any of it.
pub(super) async fn protected(context: &mut Context, call: &Call) -> Outcome<Option<Protected>> {
    if !Protected::matters(&context.settings.protected, call.meta) {
        return Ok(None);
    }
    let client = context.link().await?.client;
    let entries = &context.settings.protected;
    Protected::load(client, entries, call).await.map(Some)
}

/// Refuses a write before anything is looked up for it.
pub(super) fn check_read_only(context: &Context, meta: &Meta) -> Outcome<()> {
    if !context.settings.read_only.value || meta.effect == Effect::Read || context.flags.dry_run {
        return Ok(());
    }
    let action = phrase::one(meta, None);
    let source = &context.settings.read_only.source;
    Err(Problem::refused(format!(
        "cannot {action}: read-only mode is on ({source})"
    )))
}
