//! A job as a task of the protocol (SEP-2663): its id is that of the task, its journal is all that is kept of the task.

use clerk_api_tasks::audit::iso;
use rmcp::model::{DetailedTask, ErrorData, Task, TaskPayload, TaskStatus};
use serde_json::Value;

use super::reply::called;
use crate::tools::{Standing, State};

/// A client may ask again after so many milliseconds.
const AGAIN: u64 = 1000;

/// How a job stands, as the protocol says it. A job waits for no input: people are asked before it begins.
pub(super) fn task(standing: Standing) -> Result<DetailedTask, ErrorData> {
    let instant = |millis| iso(millis).unwrap_or_default();
    let task = Task::new(
        standing.job,
        TaskStatus::Working,
        instant(standing.made_at),
        instant(standing.changed_at),
    );
    let task = task
        .with_status_message(standing.says)
        .with_poll_interval_ms(AGAIN);
    let payload = match standing.state {
        State::Works => TaskPayload::Working,
        State::Stopped => TaskPayload::Cancelled,
        State::Over(answer) => {
            let Value::Object(result) = called(&answer) else {
                return Err(ErrorData::internal_error("a result is an object", None));
            };
            TaskPayload::Completed { result }
        }
    };
    Ok(DetailedTask::new(task, payload))
}
