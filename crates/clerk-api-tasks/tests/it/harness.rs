//! A local Clerk, a client of it, and jobs over small files.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clerk_api::{Client, SecretKey, ops};
use clerk_api_admin::problem::Outcome;
use clerk_api_emulator::{Config, Emulator, Fault, Handle};
use clerk_api_tasks::governor::SystemWall;
use clerk_api_tasks::job::{
    Control, Counts, Decider, End, Engine, Event, Job, Meta, Place, RowsWork, Timing, Watch, Work,
};
use clerk_api_tasks::rows::{Asked, Input, Template};
use clerk_api_tasks::undo::UndoWork;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const KEY: &str = "sk_test_0123456789abcdef";

/// A local Clerk and a folder for inputs and jobs.
pub(crate) struct Bench {
    pub(crate) clerk: Handle,
    pub(crate) folder: TempDir,
    pub(crate) client: Client,
    pub(crate) timing: Timing,
    /// The folder of the local Clerk's database, where it is not in memory.
    pub(crate) data: Option<TempDir>,
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) job: Job,
    pub(crate) end: End,
    pub(crate) counts: Counts,
}

impl Ran {
    /// The counts as one line, such as "done 3, invalid 1".
    pub(crate) fn line(&self) -> String {
        let states = self
            .counts
            .iter()
            .map(|(state, count)| format!("{} {count}", state.name()));
        states.collect::<Vec<_>>().join(", ")
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(KEY);
        change(&mut config);
        let clerk = Emulator::start(config).unwrap();
        let key = SecretKey::parse(KEY).unwrap();
        let mut policy = clerk_api::RetryPolicy::default();
        policy.backoff = Duration::from_millis(1);
        policy.looks = [
            Duration::ZERO,
            Duration::from_millis(1),
            Duration::from_millis(1),
        ];
        let client = Client::builder(key)
            .base_url(clerk.url())
            .policy(policy)
            .build()
            .unwrap();
        Self {
            clerk,
            folder: tempfile::tempdir().unwrap(),
            client,
            timing: timing(),
            data: None,
        }
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn jobs(&self) -> PathBuf {
        self.folder.path().join("jobs")
    }

    /// The work of an operation over a file, with texts for its arguments.
    pub(crate) fn work(&self, op: &str, text: &str, given: &[(&str, &str)]) -> Outcome<RowsWork> {
        let path = self.file("input", text);
        let input = Input::open(&path)?;
        let given = given
            .iter()
            .map(|(name, text)| ((*name).to_owned(), vec![(*text).to_owned()]));
        let asked = Asked {
            given: given.collect(),
            ..Asked::default()
        };
        let template = Template::new(ops::find(op).unwrap().meta, &asked, &input)?;
        Ok(RowsWork::new(input, template))
    }

    pub(crate) fn job<W: Work>(&self, op: &str, work: &W) -> Job {
        let place = Place::make(&self.jobs(), 1_700_000_000_000).unwrap();
        self.job_at(place, op, work)
    }

    /// A job in a place that is there already.
    pub(crate) fn job_at<W: Work>(&self, place: Place, op: &str, work: &W) -> Job {
        Job::make(place, self.meta("rows", op), work).unwrap()
    }

    /// The job that undoes another one, which nobody works on any more.
    pub(crate) fn undo(&self, work: &UndoWork) -> Job {
        let mut meta = self.meta("undo", work.operation().unwrap().name);
        meta.undoes = Some(work.job().place().id());
        let place = Place::make(&self.jobs(), 1_700_000_000_000).unwrap();
        Job::make(place, meta, work).unwrap()
    }

    fn meta(&self, kind: &str, op: &str) -> Meta {
        Meta {
            version: "test".to_owned(),
            kind: kind.to_owned(),
            operation: op.to_owned(),
            instance: "ins_1".to_owned(),
            key: "fingerprint".to_owned(),
            url: self.clerk.url().to_owned(),
            api_version: clerk_api::API_VERSION.to_owned(),
            input: "input".to_owned(),
            ..Meta::default()
        }
    }

    /// Makes a job and runs it to its end.
    pub(crate) async fn run(&self, op: &str, text: &str, given: &[(&str, &str)]) -> Ran {
        let work = self.work(op, text, given).unwrap();
        let job = self.job(op, &work);
        self.go_on(job, &work, &Control::default(), |_| {})
            .await
            .unwrap()
    }

    /// Runs a job as far as it goes.
    pub(crate) async fn go_on<W: Work>(
        &self,
        job: Job,
        work: &W,
        control: &Control,
        watch: impl Fn(&Event<'_>),
    ) -> Outcome<Ran> {
        self.engine(job, work, control, &watch, false).await
    }

    /// Runs a job that sends no row a second time that may have been done.
    pub(crate) async fn at_most_once<W: Work>(&self, job: Job, work: &W) -> Ran {
        let control = Control::default();
        let ran = self.engine(job, work, &control, &|_: &Event<'_>| {}, true);
        ran.await.unwrap()
    }

    async fn engine<W: Work>(
        &self,
        job: Job,
        work: &W,
        control: &Control,
        watch: &dyn Watch,
        at_most_once: bool,
    ) -> Outcome<Ran> {
        let decider = Decider::new(self.client.clone(), None);
        let engine = Engine {
            client: self.client.clone(),
            governor: None,
            wall: Arc::new(SystemWall),
            skew: 0,
            timing: self.timing.clone(),
            at_most_once,
            backup: true,
            watch,
            control: control.clone(),
        };
        let (job, end) = job.run(work, &decider, &engine).await?;
        let counts = job.counts()?;
        Ok(Ran { job, end, counts })
    }

    pub(crate) async fn create_user(&self, address: &str) -> String {
        let user = ops::users::CreateUser::new().email_address(address);
        self.client.send(&user).await.unwrap().value.id.to_string()
    }

    pub(crate) async fn create_organization(&self, name: &str, slug: &str) -> String {
        let organization = ops::organizations::CreateOrganization::new(name).slug(slug);
        self.client
            .send(&organization)
            .await
            .unwrap()
            .value
            .id
            .to_string()
    }

    /// All rows of a list.
    pub(crate) async fn all(&self, op: &str, args: &[(&str, &str)]) -> Vec<Value> {
        let mut all = clerk_api::Args::new();
        for (name, value) in args {
            all.set(name, value).unwrap();
        }
        let mut pages = self.client.walk(ops::find(op).unwrap().meta, all, None);
        let mut rows = Vec::new();
        while let Some(page) = pages.next().await {
            rows.extend(
                page.unwrap()
                    .rows()
                    .map(|row| serde_json::from_str(row).unwrap()),
            );
        }
        rows
    }

    /// Every address that any user has, sorted.
    pub(crate) async fn addresses(&self) -> Vec<String> {
        let users = self.all("users.list", &[]).await;
        let lists = users
            .iter()
            .filter_map(|user| user["email_addresses"].as_array());
        let mut all: Vec<String> = lists
            .flatten()
            .map(|address| address["email_address"].as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all
    }

    /// How many requests the server got, by their beginnings such as "POST /v1/users".
    pub(crate) async fn requests(&self, beginning: &str) -> usize {
        let lines = self.lines().await;
        lines
            .iter()
            .filter(|line| line.starts_with(beginning))
            .count()
    }

    /// The requests that the server got, as "POST /v1/users".
    pub(crate) async fn lines(&self) -> Vec<String> {
        let answer = self.control("requests?limit=1000").await;
        let rows = answer["data"].as_array().cloned().unwrap_or_default();
        rows.iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row["method"].as_str().unwrap_or(""),
                    row["path"].as_str().unwrap_or("")
                )
            })
            .collect()
    }

    async fn control(&self, path: &str) -> Value {
        use std::io::{Read as _, Write as _};
        let address = self.clerk.url().strip_prefix("http://").unwrap().to_owned();
        let request = format!(
            "GET /local/api/{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            self.clerk.control_token()
        );
        let text = tokio::task::spawn_blocking(move || {
            let mut connection = std::net::TcpStream::connect(address).unwrap();
            connection.write_all(request.as_bytes()).unwrap();
            let mut text = String::new();
            connection.read_to_string(&mut text).unwrap();
            text
        });
        let text = text.await.unwrap();
        let body = text.split("\r\n\r\n").nth(1).unwrap_or_default();
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

/// Short times, so that tests are quick.
pub(crate) fn timing() -> Timing {
    let mut timing = Timing::default();
    timing.flush = Duration::from_millis(5);
    timing.look_again = Duration::from_millis(50);
    timing.last_responses = Duration::from_secs(2);
    timing.breaker = Duration::from_millis(20);
    timing.breaker_most = Duration::from_millis(40);
    timing.breaker_park = Duration::from_millis(200);
    timing.policy.backoff = Duration::from_millis(1);
    timing.policy.backoff_cap = Duration::from_millis(5);
    timing.policy.looks = [
        Duration::ZERO,
        Duration::from_millis(2),
        Duration::from_millis(4),
    ];
    timing
}

/// A fault as it is written in a file of faults.
pub(crate) fn fault(json: &str) -> Fault {
    serde_json::from_str(json).unwrap()
}
