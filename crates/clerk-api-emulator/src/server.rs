//! Starting and stopping: a thread with its own runtime, listening on both loopback addresses.

mod connections;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::{Notify, watch};

use crate::app::{App, SecretKey};
use crate::config::Config;
use crate::data::Data;
use crate::id::Ids;
use crate::jwt::key::Known;
use crate::lab::clock::Clock;
use crate::lab::effects::Effects;
use crate::lab::faults::Faults;
use crate::lab::limits::Limiter;
use crate::lab::record::Recorder;
use crate::lab::requests::RequestLog;
use crate::lab::snapshot::{Kept, Snapshot, SnapshotError};
use crate::resource::instance::rows::{self as settings, Settings};
use crate::resource::webhooks::deliver;
use crate::resource::webhooks::outbox::Outbox;
use crate::start_error::StartError;
use crate::store::{self, Database, Opaque, Opening, Store};
use crate::{resource, router};
use connections::Connections;

/// How long a stop waits for requests that are under way.
const PATIENCE: Duration = Duration::from_secs(5);

/// The local Clerk.
#[derive(Debug)]
pub struct Emulator;

/// A running emulator. Dropping it stops it: requests under way are finished, what was acknowledged is kept.
pub struct Handle {
    url: String,
    secret_key: String,
    control_token: String,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts an emulator on a thread of its own.
    ///
    /// # Errors
    ///
    /// When the port is taken or the database or the recording cannot be opened.
    pub fn start(config: Config) -> Result<Handle, StartError> {
        let listeners = listen(config.port)?;
        let port = listeners[0].local_addr()?.port();
        let ids = Ids::new(config.seed);
        let url = format!("http://127.0.0.1:{port}");
        let waiting = Arc::default();
        let store = open_store(&config, &ids, url.clone(), &waiting)?;
        let recorder = config.record.as_deref().map(Recorder::create).transpose()?;
        let secret_key = config.secret_key.clone();
        let control_token = match config.control_token {
            Some(token) => token,
            None => new_token()?,
        };
        let app = Arc::new(App {
            store: Data::of(store, resource::content()),
            waiting,
            snapshots: Kept::of(&config.database),
            clock: config.clock,
            ids,
            secret_key: SecretKey(config.secret_key),
            control_token: SecretKey(control_token.clone()),
            default_version: config.default_version,
            port,
            key: Known::default(),
            recorder,
            limiter: Limiter::new(config.limits),
            faults: Faults::default(),
            effects: Effects::new(config.count_effects),
            strict: config.strict,
            requests: RequestLog::default(),
        });
        for fault in config.faults {
            app.add_fault(fault).map_err(StartError::Fault)?;
        }
        let service = router::build(Arc::clone(&app));
        let delivering = (Arc::clone(&app), config.webhooks);
        let shared = matches!(config.database, Database::File(_));
        let (stop, stopped) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new()
            .name("clerk-http".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    let (app, pace) = delivering;
                    let delivering = deliver::run(app, pace, shared, stopped.clone());
                    let delivering = tokio::spawn(delivering);
                    serve(listeners, service, stopped).await;
                    let _ = delivering.await;
                });
                // Tasks that hold the instance end with the runtime; the handle, the last one, closes the database.
                drop(runtime);
            })?;
        Ok(Handle {
            url,
            secret_key,
            control_token,
            app,
            stop,
            thread: Some(thread),
        })
    }

    /// Removes everything from the database at this path, also for processes that are using it.
    ///
    /// # Errors
    ///
    /// When the database cannot be opened or written.
    pub fn reset(path: &Path) -> Result<(), StartError> {
        store::reset(
            path,
            resource::content(),
            &Ids::new(None),
            Clock::system().peek(),
        )
    }
}

impl Handle {
    /// Returns the address, without `/v1`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the key that requests must carry.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        &self.secret_key
    }

    /// Returns the token that requests to `/local` must carry.
    #[must_use]
    pub fn control_token(&self) -> &str {
        &self.control_token
    }

    /// Returns the address of the pages, with the token that admits to them.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}/local?token={}", self.url, self.control_token)
    }

    /// Keeps the present state under a name, in place of one of this name. Blocks.
    ///
    /// # Errors
    ///
    /// When the name cannot be one, or when the copy cannot be made.
    pub fn save_snapshot(&self, name: &str) -> Result<Snapshot, SnapshotError> {
        self.app.snapshots.save(self.app.running(), name, true)
    }

    /// Returns to the state of this name; a clock that steps and ids with a seed go back too. Blocks.
    ///
    /// # Errors
    ///
    /// When there is no such state, or when it cannot be read.
    pub fn restore_snapshot(&self, name: &str) -> Result<(), SnapshotError> {
        self.app.snapshots.restore(self.app.running(), name)
    }

    /// Stops the emulator and waits until its database is closed.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        // A viewer of the log would keep the server waiting.
        self.app.requests.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Opens the database of an instance. `server` is the address that links get.
fn open_store(
    config: &Config,
    ids: &Ids,
    server: String,
    waiting: &Arc<Notify>,
) -> Result<Store, StartError> {
    let initial = Arc::new(Settings::of(config));
    let opening = Opening {
        database: &config.database,
        content: resource::content(),
        ids,
        seeded: config.seed.is_some(),
        now: config.clock.peek(),
        initial: Arc::clone(&initial) as Opaque,
    };
    Store::open(opening, |db, instance_id| {
        settings::begin(db, &initial)?;
        Ok(Outbox {
            ids: ids.clone(),
            clock: config.clock.clone(),
            server,
            instance_id: instance_id.to_owned(),
            waiting: Arc::clone(waiting),
        })
    })
}

/// Makes a token that cannot be guessed.
fn new_token() -> Result<String, StartError> {
    let mut random = [0_u8; 24];
    getrandom::fill(&mut random).map_err(std::io::Error::other)?;
    Ok(format!("lct_{}", URL_SAFE_NO_PAD.encode(random)))
}

/// Binds 127.0.0.1 and, where there is one, `::1` with the same port (reliability 11.1).
fn listen(port: u16) -> Result<Vec<TcpListener>, StartError> {
    let failed = |source| StartError::Listen { port, source };
    let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(failed)?;
    let same = first.local_addr().map_err(failed)?.port();
    // Without IPv6 the other address alone is enough.
    let second = TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, same))).ok();
    let listeners: Vec<_> = std::iter::once(first).chain(second).collect();
    for listener in &listeners {
        listener.set_nonblocking(true).map_err(failed)?;
    }
    Ok(listeners)
}

async fn serve(listeners: Vec<TcpListener>, service: Router, stopped: watch::Receiver<bool>) {
    let connections = Connections::new();
    let mut tasks = Vec::new();
    for listener in listeners {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            continue;
        };
        let connections = Arc::clone(&connections);
        let taking = connections.take(listener, service.clone(), stopped.clone());
        tasks.push(tokio::spawn(taking));
    }
    drop(service);
    told(stopped).await;
    let _ = tokio::time::timeout(PATIENCE, async {
        for task in tasks {
            let _ = task.await;
        }
    })
    .await;
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // An error means that the handle is gone, which is the same.
    let _ = stopped.wait_for(|stop| *stop).await;
}
