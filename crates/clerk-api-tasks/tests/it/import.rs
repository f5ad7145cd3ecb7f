//! Imports: what each source's export becomes, and what the policies do with what is there already.

mod policies;
mod sources;
mod tables;

use std::path::{Path, PathBuf};

use clerk_api_tasks::import::{UserImport, UserOptions};
use clerk_api_tasks::job::{Control, Work};

use crate::harness::{Bench, Ran};

/// A sample of an export.
fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/import/samples")
        .join(name)
}

/// What each row of a work becomes: the arguments of its call, or why there is none.
fn calls(work: &impl Work) -> String {
    let mut lines = Vec::new();
    let left_out = work
        .scan(&mut |row| {
            let line = row.at.line;
            lines.push(match row.call {
                Ok(call) => {
                    let args = call.args.iter();
                    let args = args.map(|(name, value)| format!("\n    {name} = {}", value.get()));
                    format!(
                        "line {line}: {}{}",
                        call.meta.name,
                        args.collect::<String>()
                    )
                }
                Err(problem) => format!("wrong: {}", problem.message),
            });
            Ok(())
        })
        .unwrap();
    if left_out > 0 {
        lines.push(format!("{left_out} left out"));
    }
    lines.join("\n")
}

/// Runs a work as a job, to its end.
async fn run(bench: &Bench, op: &str, work: &impl Work) -> Ran {
    let job = bench.job(op, work);
    bench
        .go_on(job, work, &Control::default(), |_| {})
        .await
        .unwrap()
}

/// Imports users from a text.
async fn import(bench: &Bench, text: &str, options: UserOptions) -> Ran {
    let work = UserImport::open(&bench.file("users", text), options).unwrap();
    run(bench, "users.create", &work).await
}

/// The messages of all rows that were not done, by line.
fn messages(ran: &Ran) -> Vec<String> {
    let rows = ran.job.rows(0, 1000).unwrap();
    rows.into_iter().filter_map(|row| row.message).collect()
}
