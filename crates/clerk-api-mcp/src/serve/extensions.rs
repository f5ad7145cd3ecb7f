//! The extensions of the protocol that we have. A client that does not declare one does not see it.

use rmcp::model::{
    ClientCapabilities, ErrorData, ExtensionCapabilities, SKILLS_EXTENSION_ID, ServerCapabilities,
    TASKS_EXTENSION_ID,
};
use serde_json::{Value, json};

use super::client::Context;
use super::reply::typed;

/// Ours, as the protocol announces them.
pub(super) fn ours() -> Value {
    json!({SKILLS_EXTENSION_ID: {}, TASKS_EXTENSION_ID: {}})
}

/// What `initialize` announces. This life has no tasks: a client declares those with each request, and here it declares nothing with one.
pub(super) fn begin(ours: &mut ServerCapabilities, client: &ClientCapabilities) {
    let mut declared = client.extensions.clone().unwrap_or_default();
    declared.remove(TASKS_EXTENSION_ID);
    keep(ours, &declared);
}

/// What `server/discover` announces.
pub(super) fn discover(ours: &mut ServerCapabilities, context: &Context) {
    let declared = context.client_capabilities().unwrap_or_default();
    keep(ours, &declared.extensions.unwrap_or_default());
}

fn keep(ours: &mut ServerCapabilities, declared: &ExtensionCapabilities) {
    if let Some(extensions) = &mut ours.extensions {
        extensions.retain(|name, _| declared.contains_key(name));
    }
    ours.extensions.take_if(|extensions| extensions.is_empty());
}

/// Whether the client declares with this request that it follows tasks.
pub(super) fn has_tasks(context: &Context) -> bool {
    let declared = context.meta.client_capabilities();
    declared.is_some_and(|declared| declared.supports_tasks())
}

/// Refuses a request about skills from a client that does not declare them.
pub(super) fn check_skills(context: &Context) -> Result<(), ErrorData> {
    let declared = context.client_capabilities().unwrap_or_default();
    let extensions = declared.extensions.unwrap_or_default();
    if extensions.contains_key(SKILLS_EXTENSION_ID) {
        return Ok(());
    }
    let needed = typed(json!({"extensions": {SKILLS_EXTENSION_ID: {}}}))?;
    Err(ErrorData::missing_required_client_capability(needed))
}
