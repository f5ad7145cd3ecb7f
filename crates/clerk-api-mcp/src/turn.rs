//! One call of a tool: what it may use, and whom it can ask.

use std::cell::Cell;
use std::rc::Rc;

use clerk_api_admin::problem::Outcome;
use tokio::sync::mpsc::UnboundedSender;

use crate::approval::{Approval, Bound, Ended, Human};
use crate::clean::Cleaner;
use crate::session::{Connected, Session};

/// How far a call is: done, and of how many.
pub(crate) type Progress = (u64, Option<u64>);

/// One call.
pub(crate) struct Turn {
    pub(crate) session: Rc<Session>,
    /// The tool.
    pub(crate) tool: String,
    /// The digest of its arguments.
    pub(crate) arguments: String,
    pub(crate) human: Human,
    /// Where the client wants to hear how far it is.
    pub(crate) progress: Option<UnboundedSender<Progress>>,
    /// Whether it waits for a person, which does not count as its time.
    pub(crate) waits: Rc<Cell<bool>>,
}

impl Turn {
    pub(crate) fn cleaner(&self) -> Cleaner {
        self.session.cleaner()
    }

    pub(crate) async fn connected(&self) -> Outcome<Rc<Connected>> {
        self.session.connected().await
    }

    /// Gets the yes of a person, or ends the call.
    pub(crate) async fn approve(&self, connected: &Connected, mut approval: Approval) -> Ended<()> {
        let place = if connected.connection.live {
            "LIVE"
        } else {
            "test"
        };
        let cleaner = self.cleaner();
        approval.says = cleaner.text(&format!(
            "{} on the {place} instance {}?",
            approval.says, connected.instance.id
        ));
        let bound = Bound {
            tool: &self.tool,
            arguments: &self.arguments,
            instance: &connected.instance.id,
            ledger: &connected.ledger,
            seal: &self.session.seal,
            now: self.session.settings.now(),
        };
        self.waits.set(true);
        let approved = bound.approve(&self.human, &approval).await;
        self.waits.set(false);
        approved
    }
}
