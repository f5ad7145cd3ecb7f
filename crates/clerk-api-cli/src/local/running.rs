//! The server that runs for an instance: how other commands find it, and how they talk to it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clerk_api::transport::{HyperTransport, Timeouts, Transport as _};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use fs_err as fs;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Instance, own_file};

/// What `local serve` leaves beside the database while it runs. The umask keeps it its user's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Running {
    /// Without `/v1`.
    pub(crate) url: String,
    pub(crate) pid: u32,
    /// Admits to `/local`.
    pub(crate) control_token: String,
}

impl Running {
    /// Announces this server in a file, which is removed when the returned value is dropped.
    pub(crate) fn announce(self, instance: &Instance) -> std::io::Result<Announced> {
        let path = path(instance);
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let mut file = tempfile::Builder::new()
            .prefix(".server")
            .tempfile_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(&serde_json::to_vec(&self)?)?;
        file.persist(&path)?;
        Ok(Announced { path, of: self })
    }

    /// The server of an instance, if one has left word. It may have been killed since then; `call` shows that.
    pub(crate) fn find(instance: &Instance) -> Outcome<Option<Self>> {
        let text = own_file::read(&path(instance), "server")?;
        // A half-written file will be complete soon, or its writer is gone.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Sends a request to `/local/api` and returns the response's JSON, null where it has none.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Outcome<Value> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}/local/api{path}", self.url))
            .header("authorization", format!("Bearer {}", self.control_token));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let bytes = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let request = request
            .body(bytes)
            .map_err(|error| Problem::io("cannot ask the local Clerk", &error))?;
        let answer = HyperTransport::new(Timeouts::default(), None)
            .send(request)
            .await
            .map_err(|error| {
                Problem::io("cannot reach the local Clerk", &error)
                    .hint("start it with `clerk-api local serve`")
            })?;
        let (head, body) = answer.into_parts();
        let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        if head.status.is_success() {
            return Ok(value);
        }
        Err(refused(head.status.as_u16(), &value))
    }
}

/// The report of a response that is not a success.
fn refused(status: u16, answer: &Value) -> Box<Problem> {
    let error = &answer["errors"][0];
    let said = error["long_message"].as_str();
    let said = said.unwrap_or("it did not say why").trim_end_matches('.');
    let (kind, code) = match status {
        404 => (ProblemKind::Absent, "not_found"),
        409 if error["code"] == "snapshot_exists" => (ProblemKind::Refused, "snapshot_exists"),
        409 => (ProblemKind::Refused, "local_refused"),
        400 | 422 => (ProblemKind::Usage, "usage"),
        _ => (ProblemKind::Failed, "local_refused"),
    };
    let mut failure = Problem::new(kind, code, format!("the local Clerk refused: {said}"));
    failure.http = Some(status);
    failure
}

/// The word of a running server.
pub(crate) struct Announced {
    path: PathBuf,
    of: Running,
}

impl Announced {
    /// The server that it is about.
    pub(crate) fn server(&self) -> &Running {
        &self.of
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        let ours = fs::read(&self.path)
            .ok()
            .and_then(|text| serde_json::from_slice::<Running>(&text).ok())
            .is_some_and(|there| there.control_token == self.of.control_token);
        // A later server of the same instance may have left its own.
        if ours {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn path(instance: &Instance) -> PathBuf {
    let mut path = instance.database.clone().into_os_string();
    path.push(".server");
    path.into()
}
