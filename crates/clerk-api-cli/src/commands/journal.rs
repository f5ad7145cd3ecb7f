//! What single commands did, written down like a job, so that it can be undone (the setting `journal`).

use clerk_api::declare::{Kind, Meta};
use clerk_api::{Reply, ops};
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::Outcome;
use clerk_api_admin::target::object_of;
use clerk_api_tasks::job::{Done, Job, before};
use clerk_api_tasks::undo::is_undoable;

use super::jobs::instance::Instance;
use super::jobs::place::{new_place, now};
use super::jobs::start;
use crate::setup::context::{Context, Link};

/// What a command did so far, or nothing where it is not written down.
pub(super) struct Journal(Option<Vec<Done>>);

/// Calls that are about to be sent, each with its object as it is before.
pub(super) struct Before(Vec<(Call, Option<String>)>);

impl Journal {
    /// The journal of a command that does this operation. What cannot be undone is not written down.
    pub(super) fn of(context: &Context, meta: &Meta) -> Self {
        let on = context.settings.journal.value && !context.flags.dry_run;
        let kept = is_undoable(meta.name) || single(meta).is_some();
        Self((on && kept).then(Vec::new))
    }

    /// Looks at what a call will change, before it is sent.
    pub(super) async fn before(&self, link: &Link, call: &Call) -> Outcome<Before> {
        if self.0.is_none() {
            return Ok(Before(Vec::new()));
        }
        let calls = calls(call);
        let objects = before(&link.client, &calls).await?;
        Ok(Before(calls.into_iter().zip(objects).collect()))
    }

    /// Notes that the calls were done.
    pub(super) fn done(&mut self, before: Before, reply: &Reply<()>) {
        if let Some(done) = &mut self.0 {
            let all = before.0.into_iter();
            done.extend(all.map(|(call, before)| Done::new(call, before, reply)));
        }
    }

    /// Writes down what was done. The command itself is done by now, so a failure is only told.
    pub(super) async fn keep(self, context: &Context, link: &Link, meta: &Meta) {
        let Some(done) = self.0.filter(|done| !done.is_empty()) else {
            return;
        };
        if let Err(problem) = kept(context, link, meta, done).await {
            let message = &problem.message;
            context
                .ui
                .warn(&format!("this cannot be undone later: {message}"));
        }
    }
}

async fn kept(context: &Context, link: &Link, meta: &Meta, done: Vec<Done>) -> Outcome<()> {
    let instance = Instance::ask(&link.client).await?;
    let about = start::about(link, &instance, "single", meta.name);
    let place = new_place(context)?;
    Job::record(place.clone(), about, done, now()).await?;
    place.keep();
    Ok(())
}

/// The operation on one object that a request for many ids stands for: `users.ban` for `users.bulk_ban`.
fn single(meta: &Meta) -> Option<&'static Meta> {
    let action = meta.action().strip_prefix("bulk_")?;
    let single = ops::find(&format!("{}.{action}", meta.group()))?.meta;
    let mut fields = meta.fields.iter();
    let has_ids = fields.any(|field| field.many && matches!(field.kind, Kind::Id { .. }));
    (has_ids && is_undoable(single.name)).then_some(single)
}

/// A call as calls on one object each.
fn calls(call: &Call) -> Vec<Call> {
    let Some(single) = single(call.meta) else {
        return vec![call.clone()];
    };
    let mut fields = call.meta.fields.iter();
    let list = fields.find(|field| field.many && matches!(field.kind, Kind::Id { .. }));
    let (Some(list), Some(target)) = (list, object_of(single)) else {
        return Vec::new();
    };
    let ids = call.args.get(list.name).map(|ids| ids.get());
    let ids: Vec<String> = ids
        .and_then(|ids| serde_json::from_str(ids).ok())
        .unwrap_or_default();
    let one = |id: String| {
        let mut call = Call::new(single);
        call.args.set(target.name, &id).ok().map(|()| call)
    };
    ids.into_iter().filter_map(one).collect()
}
