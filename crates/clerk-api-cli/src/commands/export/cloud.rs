//! An export that goes to an object store: files in a private folder first, each of which becomes an object.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clerk_api::transport::HyperTransport;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::export::cloud::{Address, Object, Store, Upload, secrets};
use clerk_api_tasks::export::{Format, Mark, Options, Target, Written};
use fs_err as fs;
use tempfile::TempDir;

use super::staging;
use crate::setup::config::variables;
use crate::setup::context::{Context, timeouts};
use crate::setup::network;
use crate::show::signals::{Signal, Signals};

/// Before a request is sent again; twice as long before each other time.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the parts of what was interrupted may take to be taken away after another signal.
const PATIENCE: Duration = Duration::from_secs(5);

/// The address, and where the files are until they are sent.
pub(super) struct Cloud {
    address: Address,
    folder: TempDir,
}

impl Cloud {
    /// The address of a text; nothing if it is none.
    pub(super) fn parse(text: &str) -> Outcome<Option<Self>> {
        let Some(address) = Address::parse(text)? else {
            return Ok(None);
        };
        let folder = staging::folder()?;
        Ok(Some(Self { address, folder }))
    }

    /// Where the export is written to first, and its format.
    pub(super) fn place(&self, asked: Option<Format>) -> Outcome<(Target, Format)> {
        let format = self.address.format(asked)?;
        let target = match self.address.file() {
            Some(_) => Target::File(self.one()),
            None => Target::Folder(self.folder.path().to_owned()),
        };
        Ok((target, format))
    }

    fn one(&self) -> PathBuf {
        self.folder.path().join("export")
    }

    /// The objects that the export will be.
    fn objects(&self, options: &Options) -> Vec<Object> {
        let folder = self.folder.path();
        let object = |file: PathBuf, name: String| Object {
            file,
            name,
            replaces: options.replaces,
        };
        match self.address.file() {
            Some(name) => vec![object(self.one(), name.to_owned())],
            None => {
                let names = options.files().into_iter();
                names.map(|name| object(folder.join(&name), name)).collect()
            }
        }
    }

    /// Opens the store, and looks whether the export can go there. Where `since_last` says so, it brings the mark of the last export.
    pub(super) async fn open(
        &self,
        context: &Context,
        options: &Options,
        since_last: bool,
    ) -> Outcome<Store> {
        let variables = variables(self.address.scheme().prefix());
        for secret in secrets(&variables) {
            context.ui.secrets.add(secret);
        }
        let settings = &context.settings;
        let proxy = network::any_proxy(&settings.network)?;
        let transport = HyperTransport::new(timeouts(&settings.http), proxy)
            .trust(network::certificates(&settings.network, "https:")?);
        let backoff = settings
            .http
            .backoff_ms
            .map_or(PAUSE, Duration::from_millis);
        let address = self.address.clone();
        let store = Store::open(address, &variables, Arc::new(transport), backoff)?;
        let names: Vec<String> = self
            .objects(options)
            .into_iter()
            .map(|object| object.name)
            .collect();
        store.check(&names, options.replaces).await?;
        if since_last && let Some(mark) = store.read(Mark::FILE).await? {
            let path = self.folder.path().join(Mark::FILE);
            fs::write(path, mark)
                .map_err(|error| Problem::io("cannot keep the mark of the last export", &error))?;
        }
        Ok(store)
    }

    /// Sends the files, and says where they are now.
    ///
    /// # Errors
    /// The store does not take them. The files are gone then, too: they have everybody's data.
    pub(super) async fn send(
        &self,
        context: &Context,
        store: &Store,
        options: &Options,
    ) -> Outcome<Vec<Written>> {
        let mut objects = self.objects(options);
        let written = objects.iter().map(|object| {
            let bytes = fs::metadata(&object.file).map(|facts| facts.len());
            Written::elsewhere(self.address.shown(&object.name), bytes.unwrap_or_default())
        });
        let written = written.collect();
        let mark = self.folder.path().join(Mark::FILE);
        if mark.exists() {
            // The last of all: it says that the others are whole. It is ours, so it is always replaced.
            objects.push(Object {
                file: mark,
                name: Mark::FILE.to_owned(),
                replaces: true,
            });
        }
        self.upload(context, Upload::new(store, objects)).await?;
        Ok(written)
    }

    async fn upload(&self, context: &Context, mut upload: Upload<'_>) -> Outcome<()> {
        let mut signals = Signals::new()?;
        let bar = context.ui.bar_of_bytes(upload.bytes()?);
        let tell = |bytes| {
            if let Some(bar) = &bar {
                bar.set_message(self.address.to_string());
                bar.inc(bytes);
            }
        };
        let mut asked = None;
        let sent = tokio::select! {
            sent = upload.send(&tell) => sent,
            signal = signals.wait() => {
                asked = Some(signal);
                Err(interrupted(signal))
            }
        };
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        let Err(problem) = sent else {
            return Ok(());
        };
        let given_up = upload.give_up(problem);
        let given_up = signals.let_finish(&mut asked, PATIENCE, given_up).await;
        Err(given_up.unwrap_or_else(|| interrupted(asked.unwrap_or(Signal::Interrupt))))
    }
}

fn interrupted(signal: Signal) -> Box<Problem> {
    let kind = ProblemKind::Interrupted(signal.interruption());
    Problem::new(
        kind,
        "interrupted",
        "the export was interrupted while it was sent",
    )
}
