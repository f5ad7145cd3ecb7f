//! What the protocol gets: answers, questions and problems as its own types.

use rmcp::model::{CallToolResponse, CallToolResult, ErrorData, InputRequiredResult};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::ASKED;
use crate::answer::Answer;
use crate::approval::{Ended, Question, Stop};
use crate::session::Session;

/// The response to a call: an answer, a problem that the agent reads, or a question to a person.
pub(super) fn respond(session: &Session, ended: Ended) -> Result<CallToolResponse, ErrorData> {
    let answer = match ended {
        Ok(answer) => answer,
        Err(Stop::Problem(problem)) => Answer::problem(&session.cleaner(), &problem),
        Err(Stop::Question(question)) => return asked(question),
    };
    let result: CallToolResult = typed(called(&answer))?;
    Ok(result.into())
}

/// An answer as the result of a tool.
pub(super) fn called(answer: &Answer) -> Value {
    json!({
        "resultType": "complete", "content": [{"type": "text", "text": answer.text}],
        "structuredContent": answer.data, "isError": answer.is_error,
    })
}

/// Why a request that is no call of a tool failed.
pub(super) fn refused(session: &Session, stop: Stop) -> ErrorData {
    match stop {
        Stop::Problem(problem) => {
            ErrorData::invalid_params(session.cleaner().text(&problem.message), None)
        }
        Stop::Question(_) => ErrorData::internal_error("only a tool asks a person", None),
    }
}

fn asked(question: Question) -> Result<CallToolResponse, ErrorData> {
    let Question { form, state } = question;
    let result: InputRequiredResult = typed(json!({
        "resultType": "input_required", "requestState": state,
        "inputRequests": {ASKED: {"method": "elicitation/create", "params": form}},
    }))?;
    Ok(result.into())
}

/// A result of the protocol from its JSON; the old life has no `resultType`, and rmcp takes it away there.
pub(super) fn complete<T: DeserializeOwned>(mut value: Value) -> Result<T, ErrorData> {
    value["resultType"] = "complete".into();
    typed(value)
}

/// A value of the protocol from its JSON.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value)
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))
}
