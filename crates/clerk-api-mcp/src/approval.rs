//! The answer of a person, in both carriers (reliability.md 10.3).

use std::future::Future;
use std::pin::Pin;

use clerk_api_admin::problem::{Problem, ProblemKind};
use clerk_api_tasks::ledger::Ledger;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::answer::{Answer, hex};
use crate::seal::Seal;

/// How long a question can be answered, in milliseconds.
const ANSWERABLE: i64 = 10 * 60 * 1000;
/// The member of the form that the person fills in.
pub(crate) const FIELD: &str = "answer";

/// What a person is asked.
#[derive(Debug)]
pub(crate) struct Approval {
    /// What will be done, and where.
    pub(crate) says: String,
    /// The text that has to be typed.
    pub(crate) expected: String,
    /// All that will be done, as text: another plan needs another answer.
    pub(crate) plan: String,
}

/// A question, for the client to show.
#[derive(Debug)]
pub(crate) struct Question {
    /// The parameters of an `elicitation/create`.
    pub(crate) form: Value,
    /// The seal that comes back with the answer.
    pub(crate) state: String,
}

/// Why a tool ends without an answer of its own.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It failed.
    Problem(Box<Problem>),
    /// A person has to answer first.
    Question(Question),
}

impl From<Box<Problem>> for Stop {
    fn from(problem: Box<Problem>) -> Self {
        Self::Problem(problem)
    }
}

/// The result of a tool.
pub(crate) type Ended<T = Answer> = Result<T, Stop>;

type Asked = Pin<Box<dyn Future<Output = Option<Value>>>>;

/// How the client asks a person.
pub(crate) enum Human {
    /// It has no way to.
    Nobody,
    /// While the call waits, to 2025-11-25. Gives the result of the form.
    Elicits(Box<dyn Fn(Value) -> Asked>),
    /// Between two calls, from 2026-07-28 on: the seal and the result of the form that came with this one.
    Returns(Option<(String, Option<Value>)>),
}

/// What an approval is bound to.
pub(crate) struct Bound<'b> {
    pub(crate) tool: &'b str,
    /// The digest of the arguments.
    pub(crate) arguments: &'b str,
    pub(crate) instance: &'b str,
    pub(crate) ledger: &'b Ledger,
    pub(crate) seal: &'b Seal,
    pub(crate) now: i64,
}

impl Bound<'_> {
    fn to(&self, plan: &str) -> String {
        let Self {
            tool,
            arguments,
            instance,
            ..
        } = self;
        format!("{tool}|{arguments}|{instance}|{}", digest(plan))
    }

    /// Gets the person's yes, or ends the call.
    pub(crate) async fn approve(&self, human: &Human, approval: &Approval) -> Ended<()> {
        match human {
            Human::Nobody => Err(nobody().into()),
            Human::Elicits(ask) => {
                let answered = ask(approval.form()).await;
                judge(answered.as_ref(), &approval.expected).map_err(Stop::from)
            }
            Human::Returns(None) => {
                let state = self
                    .seal
                    .seal(&self.to(&approval.plan), self.now + ANSWERABLE);
                let form = approval.form();
                Err(Stop::Question(Question { form, state }))
            }
            Human::Returns(Some((state, answered))) => {
                self.open(state, &approval.plan)?;
                judge(answered.as_ref(), &approval.expected).map_err(Stop::from)
            }
        }
    }

    /// Opens a seal and burns it, whatever the answer is: each question has one.
    fn open(&self, state: &str, plan: &str) -> Ended<()> {
        let refuse = |why: &str| {
            let message = format!("nothing was sent: the approval {why}");
            Problem::new(ProblemKind::Refused, "not_approved", message)
                .hint("call the tool again without it: the person is asked once more")
        };
        let sealed = self.seal.open(state, &self.to(plan));
        let sealed = sealed.ok_or_else(|| {
            refuse("is not for this call: it was given for other arguments, or what it was given for changed")
        })?;
        if sealed.until < self.now {
            return Err(refuse("is too old").into());
        }
        match self.ledger.burn(&sealed.nonce, sealed.until, self.now)? {
            true => Ok(()),
            false => Err(refuse("was used already").into()),
        }
    }
}

impl Approval {
    fn form(&self) -> Value {
        let Self { says, expected, .. } = self;
        json!({
            "mode": "form",
            "message": format!("{says} An agent asks for this and cannot answer for you. To allow it, type exactly: {expected}"),
            "requestedSchema": {
                "type": "object",
                "properties": {FIELD: {"type": "string", "title": format!("Type {expected} to allow it"), "maxLength": 300}},
                "required": [FIELD],
            },
        })
    }
}

/// A client without a way to ask: fail closed.
fn nobody() -> Box<Problem> {
    let message = "nothing was sent: this needs the answer of a person, and this client declares no way to ask one";
    Problem::new(ProblemKind::Refused, "nobody_to_ask", message)
        .hint("the tool how_to_enable says what would help")
}

/// Whether a person typed what was asked for; agreeing alone is not enough.
fn judge(answered: Option<&Value>, expected: &str) -> Result<(), Box<Problem>> {
    let is_accepted = answered.is_some_and(|answered| answered["action"] == "accept");
    let typed = answered.and_then(|answered| answered["content"][FIELD].as_str());
    let why = match (is_accepted, typed) {
        (true, Some(typed)) if typed.trim() == expected => return Ok(()),
        (true, Some(_)) => "the person typed something else than was asked for",
        (true, None) => "the form came back without the text that was asked for",
        (false, _) => "the person did not allow it",
    };
    let message = format!("nothing was sent: {why}");
    Err(Problem::new(ProblemKind::Refused, "not_approved", message)
        .hint("do not try another way; ask the person in the conversation what they want"))
}

/// The SHA-256 of a text, in hex.
pub(crate) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
