//! What a job has to know of its instance before it looks at anything.

use clerk_api::declare::Meta;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::job::Decider;

use crate::setup::context::{Context, Link};

pub(crate) use clerk_api_tasks::job::Instance;

/// Who looks at what is there; what the configuration protects is looked up once.
pub(crate) async fn decider(
    context: &Context,
    link: &Link,
    operation: &'static Meta,
) -> Outcome<Decider> {
    let entries = &context.settings.protected;
    let protected = if Protected::matters(entries, operation) {
        Some(Protected::load_all(link.client.clone(), entries, operation).await?)
    } else {
        None
    };
    Ok(Decider::new(link.client.clone(), protected))
}
