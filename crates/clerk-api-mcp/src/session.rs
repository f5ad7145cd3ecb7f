//! What all calls of one server share: the connection, the jobs that run, the seal of questions.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use clerk_api::declare::Meta;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{Control, Decider, Instance};
use clerk_api_tasks::ledger::Ledger;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::clean::Cleaner;
use crate::host::{Connection, Connector};
use crate::seal::Seal;
use crate::settings::{Level, Settings, makes_secret};

/// How long the end of the server waits for responses that jobs have in flight.
const LAST: Duration = Duration::from_secs(25);

/// One server.
pub(crate) struct Session {
    pub(crate) settings: Settings,
    pub(crate) seal: Seal,
    pub(crate) jobs: RefCell<BTreeMap<String, Running>>,
    /// The reading of an audit that goes on between two calls.
    pub(crate) reading: RefCell<Option<JoinHandle<Outcome<()>>>>,
    connector: Connector,
    connected: Mutex<Option<Rc<Connected>>>,
}

/// An instance that the server is connected to.
pub(crate) struct Connected {
    pub(crate) connection: Connection,
    pub(crate) instance: Instance,
    pub(crate) ledger: Ledger,
}

/// A job that this process runs.
pub(crate) struct Running {
    pub(crate) control: Control,
    pub(crate) task: JoinHandle<Outcome<()>>,
}

impl Session {
    pub(crate) fn new(settings: Settings, connector: Connector) -> Self {
        Self {
            settings,
            seal: Seal::new(),
            jobs: RefCell::default(),
            reading: RefCell::default(),
            connector,
            connected: Mutex::new(None),
        }
    }

    pub(crate) fn cleaner(&self) -> Cleaner {
        Cleaner {
            metadata: self.settings.metadata,
            secrets: self.settings.secrets.clone(),
        }
    }

    /// The connection, and a place in this second (reliability.md 10.4). A failure to connect says what is missing and is tried
    /// again at the next call.
    pub(crate) async fn connected(&self) -> Outcome<Rc<Connected>> {
        let connected = self.connect().await?;
        let most = self.settings.calls_per_second;
        while let Some(wait) = connected.ledger.admit(most, self.settings.now())? {
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        Ok(connected)
    }

    async fn connect(&self) -> Outcome<Rc<Connected>> {
        let mut connected = self.connected.lock().await;
        if let Some(connected) = &*connected {
            return Ok(Rc::clone(connected));
        }
        let state = self.settings.state.as_ref().ok_or_else(|| {
            Problem::config("there is no place for budgets and jobs: your home folder is not known")
                .hint("set XDG_STATE_HOME or HOME")
        })?;
        let mut connection = self.connector.connect().await?;
        if connection.live && !self.settings.live {
            return Err(Problem::refused(
                "the key is one of a live instance, and the server was started for test instances",
            )
            .hint("a person can start it with --live: `clerk-api mcp --live`"));
        }
        // A little longer than a call of an agent: which of the two ends first must not be a matter of chance.
        let longest = self.settings.longest * 5 / 4;
        connection.client = connection.client.with_time_limit(longest);
        let instance = Instance::ask(&connection.client).await?;
        let ledger = Ledger::open(state, &instance.id)?;
        let made = Rc::new(Connected {
            connection,
            instance,
            ledger,
        });
        *connected = Some(Rc::clone(&made));
        Ok(made)
    }

    /// Refuses an operation that is not open here.
    pub(crate) fn check_open(&self, meta: &Meta) -> Outcome<()> {
        let action = phrase::one(meta, None);
        if !self.settings.offers(meta) {
            return Err(closed(format!(
                "cannot {action}: it is in none of the toolsets that were chosen"
            ))
            .hint("`clerk-api mcp` without --toolsets offers all"));
        }
        if makes_secret(meta) {
            return Err(closed(format!(
                "cannot {action}: the result is a secret, which agents do not see"
            ))
            .hint("the person can do it with `clerk-api` at a terminal"));
        }
        self.check_level(Level::of(meta.effect), &action)
    }

    /// Refuses what needs a level that is closed.
    pub(crate) fn check_level(&self, level: Level, action: &str) -> Outcome<()> {
        if self.settings.opens(level) {
            return Ok(());
        }
        Err(match &self.settings.read_only {
            Some(source) => closed(format!(
                "cannot {action}: only reading is allowed here ({source})"
            )),
            None => closed(format!(
                "cannot {action}: the server was started without {}",
                level.flag()
            ))
            .hint("the tool how_to_enable says how a person opens it"),
        })
    }

    /// Looks up all that is protected, where an operation could touch it.
    pub(crate) async fn decider(&self, connected: &Connected, meta: &Meta) -> Outcome<Decider> {
        let entries = &self.settings.protected;
        let client = &connected.connection.client;
        let protected = if Protected::matters(entries, meta) {
            Some(Protected::load_all(client.clone(), entries, meta).await?)
        } else {
            None
        };
        Ok(Decider::new(client.clone(), protected))
    }

    /// Notes what is used up, or refuses.
    pub(crate) fn spend(&self, connected: &Connected, level: Level, count: u64) -> Outcome<()> {
        let (what, flag, most) = match level {
            Level::Destroy => ("destroyed", "--max-destroyed", self.settings.most_destroyed),
            Level::Invite => ("invited", "--max-invitations", self.settings.most_invited),
            Level::Read | Level::Write => return Ok(()),
        };
        let spent = connected
            .ledger
            .spend(what, count, most, self.settings.now())?;
        spent.map_err(|left| {
            let message = format!("nothing was sent: {left} of {most} for today are left, and this would take {count}");
            Problem::new(ProblemKind::Refused, "budget", message).hint(format!(
                "it is kept for each instance and day (UTC); a person can start the server with {flag}"
            ))
        })
    }

    /// Whether this process works on a job.
    pub(crate) fn runs(&self, job: &str) -> bool {
        let jobs = self.jobs.borrow();
        jobs.get(job).is_some_and(|job| !job.task.is_finished())
    }

    /// Lets the jobs that run end.
    pub(crate) async fn end(&self) {
        let running = std::mem::take(&mut *self.jobs.borrow_mut());
        for job in running.values() {
            job.control.stop();
        }
        for (_, job) in running {
            // Rows whose responses did not come are settled when the job is continued.
            let _ = tokio::time::timeout(LAST, job.task).await;
        }
    }
}

fn closed(message: String) -> Box<Problem> {
    Problem::new(ProblemKind::Refused, "not_enabled", message)
}
