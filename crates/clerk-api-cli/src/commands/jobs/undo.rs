//! `jobs undo`: a job that undoes another one.

use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::job::Place;
use clerk_api_tasks::undo::UndoWork;
use serde_json::json;

use super::instance::Instance;
use super::place::new_place;
use super::start::{Asks, Start, begin_and_show};
use super::undone;
use crate::args::job_flags::JobFlags;
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// Undoes a job that is over.
pub(crate) async fn undo(context: &mut Context, place: Place, flags: JobFlags) -> Outcome<Exit> {
    undone::check_files(&flags)?;
    let work = UndoWork::open(place)?;
    let operation = work.operation()?;
    let link = context.link().await?;
    let instance = Instance::ask(&link.client).await?;
    work.job().check_instance(&instance.id)?;
    let id = work.job().place().id();
    let begun = Start {
        place: new_place(context)?,
        work: &work,
        input: None,
        input_name: format!("job {id}"),
        sha256: work.sha256(),
        kind: "undo",
        operation,
        options: json!({}),
        flags,
        undoes: Some(id),
    };
    begin_and_show(context, begun, Asks::Plan).await
}
