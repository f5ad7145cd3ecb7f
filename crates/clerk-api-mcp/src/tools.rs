//! What each tool does.

mod audit;
mod jobs;
mod list;
mod look;
mod onboard;
mod people;
mod perform;
mod running;
mod start;

use clerk_api::catalog;
use clerk_api::declare::{Effect, Form, Meta};
use clerk_api_admin::guard::requirement::class;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::approval::{Ended, Human};
use crate::arguments::Arguments;
use crate::enabled;
use crate::offer::lists;
use crate::schema::described;
use crate::turn::Turn;

pub(crate) use audit::latest;
pub(crate) use jobs::{Standing, State, cancel, standing};
pub(crate) use look::show;

/// How many operations one search tells.
const MOST: usize = 12;

/// Runs a tool by its name.
pub(crate) async fn run(turn: &Turn, arguments: &Arguments) -> Ended {
    match turn.tool.as_str() {
        "find" => look::find(turn, arguments).await,
        "show" => show(turn, arguments.needed("id"), &arguments.texts("fields")).await,
        "list" => list::list(turn, arguments).await,
        "audit" => audit::audit(turn, arguments).await,
        "jobs" => jobs::jobs(turn, arguments).await,
        "find_operation" => Ok(find_operation(turn, arguments.needed("text"))),
        "call_operation" => call_operation(turn, arguments).await,
        "how_to_enable" => Ok(how_to_enable(turn)),
        "onboard" => onboard::onboard(turn, arguments).await,
        "job_start" => start::start(turn, arguments).await,
        "job_cancel" => cancel(turn, arguments.needed("id")).await,
        _ => {
            let meta = operation(arguments.needed("operation"))?;
            perform::perform(turn, meta, &arguments.object("arguments"), &[]).await
        }
    }
}

/// The operation of this name: never a path or a method.
fn operation(name: &str) -> Outcome<&'static Meta> {
    catalog::find(name).ok_or_else(|| {
        Problem::usage(format!("there is no operation {name:?}"))
            .hint("the tool find_operation searches them")
    })
}

async fn call_operation(turn: &Turn, arguments: &Arguments) -> Ended {
    let meta = operation(arguments.needed("operation"))?;
    let given = arguments.object("arguments");
    if meta.effect == Effect::Read && meta.form == Form::List {
        turn.session.check_open(meta)?;
        return list::page(turn, meta, given, arguments).await;
    }
    perform::perform(turn, meta, &given, &arguments.texts("fields")).await
}

/// Operations are facts of our own, so nothing of them is untrusted.
fn find_operation(turn: &Turn, text: &str) -> Answer {
    let settings = &turn.session.settings;
    let list = lists(settings).find(|(name, _)| text.strip_prefix("lists.") == Some(name.as_str()));
    let text = list.as_ref().map_or(text, |(_, meta)| meta.name);
    let exact = catalog::find(text);
    let found: Vec<&'static Meta> = match exact {
        Some(meta) => vec![meta],
        None => catalog::search(text)
            .filter(|meta| settings.offers(meta))
            .collect(),
    };
    let shown = found.iter().take(MOST).map(|meta| {
        let about = meta.doc.lines().next().unwrap_or_default();
        json!({"operation": meta.name, "class": class(meta.effect), "about": about, "arguments": described(meta)})
    });
    let shown: Vec<Value> = shown.collect();
    let left_out = found.len() - shown.len();
    Answer::ours(json!({"operations": shown, "count": found.len(), "left_out": left_out}))
}

fn how_to_enable(turn: &Turn) -> Answer {
    let can_ask = !matches!(turn.human, Human::Nobody);
    Answer::ours(enabled::how(&turn.session.settings, can_ask))
}

/// The names and values of arguments.
type Given = Map<String, Value>;
