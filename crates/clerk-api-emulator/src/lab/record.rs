//! Writes every exchange to a file, one JSON object a line, for a judge that runs later.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use fs_err::File;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};

/// Numbers the files of this process.
static FILES: AtomicU32 = AtomicU32::new(0);

/// An open recording.
#[derive(Debug)]
pub(crate) struct Recorder(Mutex<File>);

/// The request's half of an exchange.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Recorder {
    /// Starts a file of its own in this folder.
    pub(crate) fn create(folder: &Path) -> std::io::Result<Self> {
        fs_err::create_dir_all(folder)?;
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}.ndjson", std::process::id()));
        let file = fs_err::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)?;
        Ok(Self(Mutex::new(file)))
    }

    /// Writes one exchange in one piece, without a buffer that a killed process would lose.
    pub(crate) fn write(
        &self,
        asked: &Asked,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
    ) {
        let exchange = json!({
            "method": asked.method.as_str(),
            "path": asked.uri.path(),
            "query": asked.uri.query().unwrap_or_default(),
            "request_headers": header_map(&asked.headers),
            "request_body": text(&asked.body),
            "status": status.as_u16(),
            "response_headers": header_map(headers),
            "response_body": text(body),
        });
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A recording that cannot be written shows itself by the lines that it lacks.
        let _ = file.write_all(format!("{exchange}\n").as_bytes());
    }
}

fn header_map(headers: &HeaderMap) -> Value {
    let mut map = Map::new();
    for (name, value) in headers {
        if name != AUTHORIZATION {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            map.insert(name.as_str().to_owned(), value.into());
        }
    }
    Value::Object(map)
}

fn text(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    match std::str::from_utf8(body) {
        Ok(text) => text.into(),
        Err(_) => json!({ "base64": STANDARD.encode(body) }),
    }
}
