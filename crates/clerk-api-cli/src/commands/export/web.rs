//! An export that is sent to a pre-signed address, which an object store gives out to be written to once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clerk_api::transport::{HyperTransport, TransportError};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::export::cloud::Words;
use clerk_api_tasks::export::{Format, Target, Written};
use fs_err as fs;
use http::{Method, Request, Response, Uri};
use tempfile::TempDir;

use super::report::interrupted;
use super::staging;
use crate::setup::context::{Context, timeouts};
use crate::setup::network;
use crate::show::signals::Signals;
use crate::show::ui::Ui;

/// How often it is tried before the export is given up.
const ATTEMPTS: u32 = 4;
/// Before the second attempt; twice as long before each other one.
const PAUSE: Duration = Duration::from_secs(1);

/// The address, and the file that is sent there.
pub(super) struct Web {
    url: Uri,
    folder: TempDir,
}

impl Web {
    /// The address of a text; nothing if it is none.
    ///
    /// # Errors
    /// It is wrong, or in plain text to another machine.
    pub(super) fn parse(text: &str) -> Outcome<Option<Self>> {
        let is_web = ["https://", "http://"].iter().any(|scheme| {
            let start = text.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if !is_web {
            return Ok(None);
        }
        // The text has a signature, so no message repeats it.
        let wrong = |why: &str| Problem::usage(format!("the address that --to names {why}"));
        let url: Uri = text.parse().map_err(|_| wrong("is not a URL"))?;
        let host = url.host().unwrap_or_default();
        if host.is_empty() || url.authority().is_some_and(|it| it.as_str().contains('@')) {
            return Err(wrong("has no host, or a user before it"));
        }
        let is_here = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
        if url.scheme_str() == Some("http") && !is_here {
            return Err(wrong("is http, which others can read")
                .hint("use https; http is for this machine only"));
        }
        let folder = staging::folder()?;
        Ok(Some(Self { url, folder }))
    }

    /// The file that the export is written to first, and its format, which the path of the address may say.
    pub(super) fn file(&self, asked: Option<Format>) -> Outcome<(Target, Format)> {
        let format = asked.or_else(|| Format::of(Path::new(self.url.path())));
        match format {
            Some(format) => Ok((Target::File(self.path()), format)),
            None => Err(Problem::usage("the format of the address is not known")
                .hint(format!("give --format {}", Format::WORDS.join("|")))),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("export")
    }

    /// Masks what lets its reader write, wherever it would be shown.
    pub(super) fn hide(&self, ui: &Ui) {
        let query = self.url.query().unwrap_or_default();
        ui.secrets.add(query);
        for pair in query.split('&') {
            ui.secrets
                .add(pair.split_once('=').map_or(pair, |(_, value)| value));
        }
    }

    /// The address without what lets its reader write.
    fn shown(&self) -> String {
        let authority = self
            .url
            .authority()
            .map_or("", http::uri::Authority::as_str);
        let scheme = self.url.scheme_str().unwrap_or("https");
        format!("{scheme}://{authority}{}", self.url.path())
    }

    /// Sends the file, and says where it is now.
    ///
    /// # Errors
    /// The store does not take it. The file is gone then, too: it has everybody's data.
    pub(super) async fn send(&self, context: &Context) -> Outcome<Written> {
        let url = self.url.to_string();
        let settings = &context.settings;
        let proxy = network::proxy(&settings.network, &url)?;
        let transport = HyperTransport::new(timeouts(&settings.http), proxy)
            .trust(network::certificates(&settings.network, &url)?);
        let backoff = settings
            .http
            .backoff_ms
            .map_or(PAUSE, Duration::from_millis);
        // A signal must not leave the file behind.
        let mut signals = Signals::new()?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let sent = tokio::select! {
                sent = self.attempt(&transport) => sent?,
                signal = signals.wait() => return Err(interrupted(signal.interruption(), false)),
            };
            match sent {
                Ok(response) if response.status().is_success() => break,
                Ok(response) if attempt == ATTEMPTS || !may_pass(&response) => {
                    return Err(self.refused(&response));
                }
                Err(error) if attempt == ATTEMPTS || !is_passing(&error) => {
                    let message = format!("cannot send the export to {}", self.shown());
                    return Err(
                        Problem::new(ProblemKind::Later, "connection_failed", message)
                            .cause(error.to_string()),
                    );
                }
                _ => {
                    context
                        .ui
                        .note("the store did not take the export; trying again");
                    tokio::time::sleep(backoff * 2_u32.pow(attempt - 1)).await;
                }
            }
        }
        let bytes = fs::metadata(self.path()).map(|facts| facts.len());
        Ok(Written::elsewhere(self.shown(), bytes.unwrap_or_default()))
    }

    async fn attempt(
        &self,
        transport: &HyperTransport,
    ) -> Outcome<Result<Response<bytes::Bytes>, TransportError>> {
        let unread = |error: std::io::Error| Problem::io("cannot read the export", &error);
        let file = fs::File::open(self.path()).map_err(unread)?;
        let length = file.metadata().map_err(unread)?.len();
        let mut request = Request::builder().method(Method::PUT).uri(self.url.clone());
        if self
            .url
            .host()
            .is_some_and(|host| host.ends_with(".blob.core.windows.net"))
        {
            // Azure wants to know what kind of object it is, signed or not.
            request = request.header("x-ms-blob-type", "BlockBlob");
        }
        let request = request.body(());
        let request = request.map_err(|error| {
            Problem::usage("the address cannot be sent to").cause(error.to_string())
        })?;
        Ok(transport.upload(request, length, file).await)
    }

    fn refused(&self, response: &Response<bytes::Bytes>) -> Box<Problem> {
        let status = response.status();
        let words = Words::read(response.headers(), response.body()).line();
        let message = format!(
            "the store did not take the export: {} answered {status}",
            self.shown()
        );
        let mut problem = Problem::new(ProblemKind::Failed, "upload_refused", message);
        if let Some(words) = words {
            problem = problem.cause(words);
        }
        problem.hint(match status.as_u16() {
            300..=399 => "an address that leads to another one is not followed: sign the right one",
            401 | 403 => {
                "a pre-signed address holds for a while and for one method: sign a new one for PUT"
            }
            413 => {
                "the object is too large for one request: export to a file and upload it in parts"
            }
            _ => "export to a file, --to FILE, and upload it with the tool of the store",
        })
    }
}

/// Whether the same request can be taken a little later.
fn may_pass(response: &Response<bytes::Bytes>) -> bool {
    matches!(response.status().as_u16(), 408 | 429 | 500..)
}

fn is_passing(error: &TransportError) -> bool {
    !matches!(
        error,
        TransportError::Untrusted(_) | TransportError::ProxyAuth(_)
    )
}
