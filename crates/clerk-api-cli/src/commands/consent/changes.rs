//! The yes for work towards a state, whose changes only its plan knows.

use clerk_api::declare::Effect;
use clerk_api_admin::call::operation;
use clerk_api_admin::guard::requirement::Facts;
use clerk_api_admin::phrase;
use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::job::{Job, Plan};

use super::job::for_facts;
use super::{announce, get, place};
use crate::args::job_flags::JobFlags;
use crate::setup::context::{Context, Link};

/// Gets the yes for what a plan changes, or refuses. What is lost counts before mails, and mails before the rest.
pub(in crate::commands) async fn for_changes(
    context: &Context,
    link: &Link,
    job: &Job,
    plan: &Plan,
    flags: &JobFlags,
) -> Outcome<()> {
    let (mut losses, mut others, mut actions) = (0, 0, Vec::new());
    let mut worst = None;
    for (name, count) in &plan.operations {
        let meta = operation(name)?;
        let count = usize::try_from(*count).unwrap_or(usize::MAX);
        match meta.effect {
            Effect::Destroy | Effect::Replace => {
                losses += count;
                worst = Some(meta);
            }
            Effect::Mail => {}
            _ => others += count,
        }
        actions.push(phrase::many(meta, count));
    }
    let all = usize::try_from(plan.writes()).unwrap_or(usize::MAX);
    let (effect, count) = match (losses, others) {
        (0, 0) => (Effect::Mail, all),
        (0, _) => (Effect::Update, all),
        (losses, _) => (Effect::Destroy, losses),
    };
    let facts = changes(context, link, effect, count, actions.join(", "));
    if count > 0 {
        announce(context, link);
        context
            .ui
            .tell(&format!("instance {}", job.meta().instance));
    }
    let meta = worst.map_or_else(|| operation(&job.meta().operation), Ok)?;
    for_facts(context, link, job, meta, &facts, flags).await
}

/// Gets the yes for several changes, none of which loses anything, or refuses.
pub(in crate::commands) fn for_several(
    context: &Context,
    link: &Link,
    count: u64,
    action: String,
) -> Outcome<()> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > 0 {
        announce(context, link);
    }
    // They are of one piece with the mails that they send.
    get(
        context,
        &changes(context, link, Effect::Mail, count, action),
        false,
    )
}

fn changes(context: &Context, link: &Link, effect: Effect, count: usize, action: String) -> Facts {
    Facts {
        effect,
        count,
        many: true,
        action,
        id: String::new(),
        place: place(context, link),
    }
}
