//! `--if-exists` and `--if-missing`: what is so already is no failure.

use clap::ArgMatches;
use clerk_api::declare::{Field, Meta};
use clerk_api_admin::already::{Existing, absent, is_absent, keys, removed};
use clerk_api_admin::call::Call;
use clerk_api_admin::format::Renderer;
use clerk_api_admin::input::spelling::long;
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::object_of;
use serde_json::json;

use super::guard;
use super::journal::Journal;
use super::output::{show, told};
use crate::args::from_meta::{IF_EXISTS, IF_MISSING};
use crate::setup::context::{Context, Link};
use crate::show::exit::Exit;

/// What is done about what is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exists {
    /// It has to be as asked for.
    Ok,
    /// What differs is changed.
    Update,
}

/// What a command line says about what is so already; by default it is a failure.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Wishes {
    exists: Option<Exists>,
    missing: bool,
}

impl Wishes {
    pub(super) fn read(matches: &ArgMatches) -> Self {
        let text = |id: &str| matches.try_get_one::<String>(id).ok().flatten();
        let exists = text(IF_EXISTS).map(|word| match word.as_str() {
            "update" => Exists::Update,
            _ => Exists::Ok,
        });
        Self {
            exists,
            missing: text(IF_MISSING).is_some(),
        }
    }

    /// Rows that are so already count as done in any case; a job changes nothing that is there.
    pub(super) fn check_many(self) -> Outcome<()> {
        if self.exists != Some(Exists::Update) {
            return Ok(());
        }
        Err(Problem::usage("--if-exists update takes one object")
            .hint("`clerk-api users import`, `organizations import` and `memberships import` change what differs"))
    }

    /// Refuses a create without a key: what is there could not be found.
    pub(super) fn check_keys(self, call: &Call) -> Outcome<()> {
        let keys = keys(call.meta);
        let is_given = |field: &&Field| {
            let mut pending = call.pending.iter();
            call.args.has(field.name) || pending.any(|one| one.field.name == field.name)
        };
        if self.exists.is_none() || keys.iter().any(is_given) {
            return Ok(());
        }
        let names: Vec<String> = keys
            .iter()
            .map(|field| format!("--{}", long(field)))
            .collect();
        Err(Problem::usage(format!(
            "--if-exists cannot find what is there: nothing unique is given, such as {}",
            names.join(" or ")
        )))
    }

    /// Before a create: shows what is there already, and changes what differs if that is wanted. Nothing where nothing is there.
    pub(super) async fn before(
        self,
        context: &mut Context,
        link: &Link,
        call: &Call,
        renderer: &mut Renderer,
    ) -> Outcome<Option<Exit>> {
        let Some(exists) = self.exists else {
            return Ok(None);
        };
        let Some(found) = Existing::find(&link.client, call).await? else {
            return Ok(None);
        };
        if exists == Exists::Update {
            return update(context, link, call, &found, renderer)
                .await
                .map(Some);
        }
        let differing: Vec<&str> = found
            .differing(call)
            .iter()
            .map(|field| field.name)
            .collect();
        if !differing.is_empty() {
            let conflict = conflict(call.meta, &found, &differing);
            return Err(conflict.hint("--if-exists update changes what can be changed"));
        }
        unchanged(context, call.meta, found.id(), renderer, &found.text).map(Some)
    }

    /// After a failure: shows what is so already. Others may have done it since it was looked for.
    pub(super) async fn after(
        self,
        context: &mut Context,
        link: &Link,
        call: &Call,
        problem: Box<Problem>,
        renderer: &mut Renderer,
    ) -> Outcome<Exit> {
        if problem.kind == ProblemKind::Rejected
            && let Some(exit) = self.before(context, link, call, renderer).await?
        {
            return Ok(exit);
        }
        if self.missing
            && let Some(text) = removed(&link.client, call, &problem).await?
        {
            return unchanged(context, call.meta, None, renderer, &text);
        }
        Err(problem)
    }

    /// After a look-up that found nobody of the name in this field: shows that the object of a removal is gone.
    pub(super) async fn unnamed(
        self,
        context: &mut Context,
        call: &Call,
        field: Option<&Field>,
        problem: Box<Problem>,
        renderer: &mut Renderer,
    ) -> Outcome<Exit> {
        let is_object =
            object_of(call.meta).map(|object| object.name) == field.map(|field| field.name);
        if self.missing && is_object && is_absent(&problem) {
            let text = absent(&context.link().await?.client, call).await?;
            return unchanged(context, call.meta, None, renderer, &text);
        }
        Err(problem)
    }
}

/// Changes what differs, and shows the object as it is then.
async fn update(
    context: &mut Context,
    link: &Link,
    call: &Call,
    found: &Existing,
    renderer: &mut Renderer,
) -> Outcome<Exit> {
    let changes = found.changes(call)?;
    if !changes.fixed.is_empty() {
        return Err(conflict(call.meta, found, &changes.fixed));
    }
    for update in &changes.calls {
        if let Some(guard) = guard::protected(context, update).await? {
            guard.check(update, None).await?;
        }
    }
    let mut text = None;
    for update in &changes.calls {
        let meta = update.meta;
        let tried = format!("cannot {}", phrase::one(meta, found.id()));
        let mut journal = Journal::of(context, meta);
        let before = journal.before(link, update).await?;
        let args = update.args.clone();
        let reply = context
            .sending
            .send(&link.client, meta, args, &tried)
            .await?;
        told(context, &reply);
        journal.done(before, &reply);
        journal.keep(context, link, meta).await;
        text = Some(String::from_utf8_lossy(&reply.raw).into_owned());
    }
    let Some(text) = text else {
        return unchanged(context, call.meta, found.id(), renderer, &found.text);
    };
    let shown = show(context, renderer, text.as_bytes())?;
    let names = changes.changed.join(", ");
    context.ui.result(
        &format!(
            "{}: it was there already, changed: {names}",
            phrase::one(call.meta, None)
        ),
        &json!({"code": "changed", "already": false, "changed": changes.changed, "id": found.id()}),
    );
    Ok(shown)
}

/// Shows what is so already, and says so.
fn unchanged(
    context: &Context,
    meta: &Meta,
    id: Option<&str>,
    renderer: &mut Renderer,
    text: &str,
) -> Outcome<Exit> {
    let shown = show(context, renderer, text.as_bytes())?;
    context.ui.result(
        &format!("{}: nothing has to change", phrase::one(meta, None)),
        &json!({"code": "already", "already": true, "id": id}),
    );
    Ok(shown)
}

/// Something else has the key.
fn conflict(meta: &Meta, found: &Existing, differing: &[&str]) -> Box<Problem> {
    let id = found.id().unwrap_or("what is there");
    let message = format!(
        "cannot {}: {id} is there already, with another {}",
        phrase::one(meta, None),
        differing.join(", ")
    );
    let mut problem = Problem::new(ProblemKind::Rejected, "conflict", message);
    problem.ids.extend(found.id().map(str::to_owned));
    problem
}
