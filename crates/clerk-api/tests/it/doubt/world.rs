//! A server with one collection of objects, which keeps it as the API would and fails as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clerk_api::Args;
use clerk_api::declare::Lookup;
use clerk_api::transport::{BoxFuture, Clock, Transport, TransportError};
use serde_json::{Value, json};

use crate::fake::{FakeClock, SERVER_NOW, Step, answer, cut, refusal, reset, with_header};

/// What goes wrong with a write.
#[derive(Debug, Clone, Copy)]
pub(super) enum WriteFault {
    None,
    NoConnection,
    ResetBefore,
    ResetAfter,
    TimeoutAfter,
    Status(u16),
    StatusAfter(u16),
    CutAfter,
    PageAfter,
    EmptyAfter,
    Limited,
}

/// What goes wrong with a look.
#[derive(Debug, Clone, Copy)]
pub(super) enum LookFault {
    None,
    Stale,
    NoDate,
    NoAges,
    Reset,
    Timeout,
    Cut,
    Status(u16),
    Body(&'static str),
}

/// A server with one collection, which keeps it as the API would.
pub(super) struct World {
    pub(super) lookup: &'static Lookup,
    pub(super) args: Args,
    /// Whether the server itself refuses a second one.
    pub(super) refuses: bool,
    pub(super) clock: Arc<FakeClock>,
    pub(super) rows: Mutex<Vec<Value>>,
    /// Looks that were answered with nothing like it since a write that left doubt; nothing where no write did.
    pub(super) answered: Mutex<Option<usize>>,
    /// Writes that came too early.
    pub(super) hasty: Mutex<usize>,
    pub(super) neighbor: bool,
    pub(super) writes: Mutex<VecDeque<WriteFault>>,
    pub(super) looks: Mutex<VecDeque<LookFault>>,
}

impl World {
    pub(super) fn now(&self) -> i64 {
        SERVER_NOW + i64::try_from(self.clock.now().as_millis()).unwrap()
    }

    /// The row that the server keeps of the create.
    pub(super) fn row(&self, created_at: i64) -> Value {
        let mut row = json!({"id": format!("obj_{created_at}"), "created_at": created_at});
        for (argument, path) in self.lookup.same {
            let value: Option<Value> = self
                .args
                .get(argument)
                .map(|raw| serde_json::from_str(raw.get()).unwrap());
            put(&mut row, path, value.unwrap_or(Value::Null));
        }
        row
    }

    fn make(&self) -> Step {
        let mut rows = self.rows.lock().unwrap();
        if self.refuses && !rows.is_empty() {
            return refusal(422, "form_identifier_exists");
        }
        let row = self.row(self.now());
        rows.push(row.clone());
        answer(200, &row.to_string())
    }

    fn write(&self) -> Step {
        let fault = self.writes.lock().unwrap().pop_front();
        let mut answered = self.answered.lock().unwrap();
        *self.hasty.lock().unwrap() += usize::from(answered.is_some_and(|looks| looks < 3));
        *answered = match fault {
            None | Some(WriteFault::None | WriteFault::NoConnection | WriteFault::Limited) => None,
            Some(WriteFault::Status(status)) if status < 500 => None,
            Some(_) => Some(0),
        };
        let after = |step: Step| match self.make() {
            Ok(made) if made.status() == 200 => step,
            refused => refused,
        };
        match fault.unwrap_or(WriteFault::None) {
            WriteFault::None => self.make(),
            WriteFault::NoConnection => Err(TransportError::Connect("refused".to_owned())),
            WriteFault::ResetBefore => reset(),
            WriteFault::ResetAfter => after(reset()),
            WriteFault::TimeoutAfter => after(self.time_out()),
            WriteFault::Status(status) => answer(status, ""),
            WriteFault::StatusAfter(status) => after(answer(status, "<html>")),
            WriteFault::CutAfter => after(cut("{\"id\":")),
            WriteFault::PageAfter => after(answer(200, "<html>")),
            WriteFault::EmptyAfter => after(answer(204, "")),
            WriteFault::Limited => with_header(answer(429, ""), "retry-after", "2"),
        }
    }

    fn look(&self) -> Step {
        let fault = self.looks.lock().unwrap().pop_front();
        let list = |mut rows: Vec<Value>| {
            if rows.is_empty()
                && let Some(looks) = &mut *self.answered.lock().unwrap()
            {
                *looks += 1;
            }
            if self.neighbor {
                let mut other = self.row(self.now());
                rename(&mut other);
                rows.push(other);
            }
            if !self.lookup.within.is_empty() {
                let key = self.lookup.within;
                rows = vec![json!({"id": "user_1", "created_at": 1, key: rows})];
            }
            answer(
                200,
                &json!({"data": rows, "total_count": rows.len()}).to_string(),
            )
        };
        let rows = self.rows.lock().unwrap().clone();
        match fault.unwrap_or(LookFault::None) {
            LookFault::None => list(rows).map(|answer| self.dated(answer)),
            LookFault::Stale => {
                let old = |row: &Value| row["created_at"].as_i64().unwrap() < SERVER_NOW - 1000;
                list(rows.into_iter().filter(old).collect()).map(|answer| self.dated(answer))
            }
            LookFault::NoDate => list(rows).map(|mut answer| {
                answer.headers_mut().remove("date");
                answer
            }),
            LookFault::NoAges => list(
                rows.into_iter()
                    .map(|mut row| {
                        row.as_object_mut().unwrap().remove("created_at");
                        row
                    })
                    .collect(),
            )
            .map(|answer| self.dated(answer)),
            LookFault::Reset => reset(),
            LookFault::Timeout => self.time_out(),
            LookFault::Cut => cut("[{"),
            LookFault::Status(status) => answer(status, ""),
            LookFault::Body(body) => answer(200, body),
        }
    }

    fn dated(&self, mut answer: http::Response<Bytes>) -> http::Response<Bytes> {
        let date = jiff::Timestamp::from_millisecond(self.now()).unwrap();
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        answer.headers_mut().insert("date", date.parse().unwrap());
        answer
    }

    fn time_out(&self) -> Step {
        let after = Duration::from_secs(15);
        self.clock.slept.lock().unwrap().push(after);
        Err(TransportError::Timeout {
            what: "the first byte of the response",
            after,
        })
    }
}

/// Makes a row of somebody else's out of one of ours.
fn rename(value: &mut Value) {
    match value {
        Value::String(text) => text.push_str("-other"),
        Value::Array(items) => items.iter_mut().for_each(rename),
        Value::Object(members) => members.values_mut().for_each(rename),
        _ => {}
    }
}

/// Sets a value under a path, a list's values as objects in a list where the path goes on.
fn put(row: &mut Value, path: &str, value: Value) {
    match path.split_once('.') {
        None => row[path] = value,
        Some((head, rest)) => {
            row[head] = match value {
                Value::Array(values) => values
                    .into_iter()
                    .map(|value| json!({rest: value}))
                    .collect(),
                value => json!({rest: value}),
            };
        }
    }
}

impl Transport for World {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Step> {
        let step = if request.method() == "GET" {
            self.look()
        } else {
            self.write()
        };
        Box::pin(std::future::ready(step))
    }
}
