//! Creates the users of a file without a job: no journal, no look at what is there. `bench/jobs.py` times it beside the job.
//!
//! Usage: `without_journal FILE IN_FLIGHT`, with `CLERK_SECRET_KEY` and `CLERK_API_URL` set.

use std::path::Path;

use clerk_api::{Client, SecretKey, ops};
use clerk_api_tasks::rows::{Asked, Input, Template};
use futures_util::stream::{self, StreamExt as _};

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "an example has no settings of its own"
)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("no file")?;
    let in_flight = args
        .next()
        .ok_or("no number of requests in flight")?
        .parse()?;
    let key = SecretKey::parse(&std::env::var("CLERK_SECRET_KEY")?)?;
    let client = Client::builder(key)
        .base_url(std::env::var("CLERK_API_URL")?)
        .build()?;
    let meta = ops::find("users.create").ok_or("no users.create")?.meta;
    let input = Input::open(Path::new(&file)).map_err(|problem| problem.message)?;
    let template =
        Template::new(meta, &Asked::default(), &input).map_err(|problem| problem.message)?;
    let mut rows = input.rows().map_err(|problem| problem.message)?;
    let calls = std::iter::from_fn(|| rows.next_row().ok().flatten())
        .filter_map(|row| template.call(&row.ok()?).ok());
    let lost = stream::iter(calls)
        .map(|call| async { client.call(meta, call.args).await.is_err() })
        .buffer_unordered(in_flight)
        .filter(|failed| std::future::ready(*failed))
        .count()
        .await;
    if lost > 0 {
        return Err(format!("{lost} rows failed").into());
    }
    Ok(())
}
