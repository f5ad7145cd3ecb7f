//! `export`: a whole instance as files that other programs read.

mod args;
mod cloud;
mod elsewhere;
mod report;
mod resume;
mod staging;
mod web;

use clap::ArgMatches;
use clerk_api::time::Timestamp;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::export::{Export, Facts, Mark, Options, Target, Written};
use clerk_api_tasks::sweep::{Begin, Count, Sweep, sweep_from};

use super::exposed;
use super::jobs::instance::Instance;
use super::jobs::place::now;
use super::output::{renderer, show};
use crate::setup::context::Context;
use crate::show::exit::Exit;
use crate::show::signals::Signals;
pub(super) use args::{Since, command};
use report::Progress;
pub(super) use report::missing;

/// Runs the command.
pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let args::Asked {
        options,
        elsewhere,
        resume,
    } = args::asked(matches)?;
    let open = match elsewhere {
        Some(place) => {
            let since_last = args::is_since_last(matches);
            Some(place.open(context, &options, since_last).await?)
        }
        None => None,
    };
    let since = args::since(matches, &options.target)?;
    let to_stdout = options.target == Target::Stdout;
    if to_stdout && context.ui.stdout_terminal {
        return Err(Problem::usage("an export is not written to a terminal")
            .hint("name a file with --to, or pipe it into another program"));
    }
    report::note_tables(context, &options);
    let mut renderer = renderer(context, "export")?;
    let how = How {
        since,
        resume,
        instance: None,
    };
    let mut exported = write(context, &options, how).await?;
    match &open {
        Some(place) => {
            let began = now();
            exported.files = place.send(context, &options).await?;
            exported.took += now() - began;
        }
        None => exposed::warn(
            context,
            exported.files.iter().filter_map(|one| one.file.as_deref()),
        ),
    }
    let mut exit = Exit::Done;
    if !to_stdout {
        let document = report::document(&options, &exported);
        exit = show(context, &mut renderer, document.to_string().as_bytes())?;
    }
    match exported.unreadable {
        0 => Ok(exit),
        rows => Err(report::left_out(rows)),
    }
}

/// What was written.
pub(super) struct Exported {
    facts: Facts,
    sweep: Sweep,
    files: Vec<Written>,
    /// How many milliseconds it took.
    took: i64,
    /// How many objects could not be read.
    pub(super) unreadable: u64,
}

/// What an export does beside reading everything anew.
#[derive(Default)]
pub(super) struct How {
    pub(super) since: Option<Since>,
    /// Whether it goes on where an earlier one was cut, and keeps what the next one needs for that.
    pub(super) resume: bool,
    /// The instance, where it is known already.
    pub(super) instance: Option<Instance>,
}

/// Reads the instance and writes it, with a bar at a terminal and notes about what a reader should know.
pub(super) async fn write(context: &mut Context, options: &Options, how: How) -> Outcome<Exported> {
    let How {
        since,
        resume,
        instance,
    } = how;
    let ui = &context.ui;
    let mut export = Export::create(options, || ui.stream())?;
    let link = context.link().await?;
    let instance = match instance {
        Some(known) => known,
        None => Instance::ask(&link.client).await?,
    };
    if let Some(since) = &since {
        since.check(&instance.id)?;
    }
    let began = now();
    let mut begin = Begin {
        since: since.as_ref().and_then(Since::instant),
        users_after: None,
    };
    let (mut kinds, mut whole, mut swept_at) = (options.kinds.clone(), Vec::new(), began);
    if resume {
        let partial = resume::open(&link.client, options, &instance.id, &begin, began).await?;
        swept_at = partial.swept_at();
        begin.users_after = partial.users_after()?;
        whole = export.go_on(partial)?;
        kinds.retain(|kind| whole.iter().all(|count| count.kind() != *kind));
        resume::note(context, &whole, &begin);
    }
    let show_bar = Progress::new(&context.ui);
    let order = export.order();
    let tell = |event| show_bar.tell(event);
    let mut signals = Signals::new()?;
    let read = tokio::select! {
        read = sweep_from(&link.client, &kinds, order, begin, export, &tell) => read,
        signal = signals.wait() => Err(report::interrupted(signal.interruption(), resume)),
    };
    show_bar.end();
    let (mut sweep, export) = read?;
    sweep.counts.extend(whole);
    sweep.counts.sort_by_key(Count::kind);
    let facts = Facts {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        instance_id: instance.id,
        live: link.live,
        swept_at: Timestamp::from_millis(swept_at + instance.skew),
        ended_at: Timestamp::from_millis(now() + instance.skew),
    };
    let unreadable = export.unreadable();
    let files = export.finish(&facts, &sweep)?;
    report::note(context, &sweep);
    if let (Some(Since::Last(before)), Target::Folder(folder)) = (&since, &options.target) {
        Mark::after(&facts, &sweep, before.as_ref()).keep(folder)?;
    }
    Ok(Exported {
        facts,
        sweep,
        files,
        took: now() - began,
        unreadable,
    })
}
