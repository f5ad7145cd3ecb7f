//! Changes the metadata of the users of a file by a job, without the command line around it. `bench/jobs.py` times it with and without the
//! feature `no-journal`.
//!
//! Usage: `job FILE FOLDER VALUE`, with `CLERK_SECRET_KEY` and `CLERK_API_URL` set. The file has a column `user_id`, the job is made in the
//! folder, and the users get the value.

use std::path::Path;
use std::sync::Arc;

use clerk_api::declare::Endpoint as _;
use clerk_api::{Client, SecretKey, ops};
use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::governor::SystemWall;
use clerk_api_tasks::job::{Control, Decider, Engine, Event, Job, Meta, Place, RowsWork, Timing};
use clerk_api_tasks::rows::{Asked, Input, Template};

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "an example has no settings of its own"
)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("no file")?;
    let folder = args.next().ok_or("no folder")?;
    let value = args.next().ok_or("no value")?;
    let key = SecretKey::parse(&std::env::var("CLERK_SECRET_KEY")?)?;
    let client = Client::builder(key)
        .base_url(std::env::var("CLERK_API_URL")?)
        .build()?;
    let ran = run(&client, Path::new(&file), Path::new(&folder), &value).await;
    ran.map_err(|problem| problem.message)?;
    Ok(())
}

async fn run(client: &Client, file: &Path, folder: &Path, value: &str) -> Outcome<()> {
    let input = Input::open(file)?;
    let metadata = format!("{{\"by\":{value:?}}}");
    let asked = Asked {
        given: [("public_metadata".to_owned(), vec![metadata])].into(),
        ..Asked::default()
    };
    let meta = ops::users::UpdateUserMetadata::META;
    let work = RowsWork::new(input, Template::new(meta, &asked, &Input::open(file)?)?);
    let about = Meta {
        kind: "rows".to_owned(),
        operation: meta.name.to_owned(),
        ..Meta::default()
    };
    let job = Job::make(Place::make(folder, 0)?, about, &work)?;
    let engine = Engine {
        client: client.clone(),
        governor: None,
        wall: Arc::new(SystemWall),
        skew: 0,
        timing: Timing::default(),
        at_most_once: false,
        backup: !cfg!(feature = "no-journal"),
        watch: &|_: &Event<'_>| {},
        control: Control::default(),
    };
    job.run(&work, &Decider::new(client.clone(), None), &engine)
        .await?;
    Ok(())
}
