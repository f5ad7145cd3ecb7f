//! What came into an organization since an onboarding made it. With the organization it would go, too.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;

use super::judge::Verdict;
use super::part::Part;
use super::{CHUNK, UndoWork};
use crate::job::State;
use crate::job::current::walk;

/// Whom a job brought into an organization.
#[derive(Default)]
struct Own {
    /// The members, with the last role that the job gave them; the creator got one from the API.
    members: BTreeMap<String, Option<String>>,
    invitations: BTreeSet<String>,
}

impl UndoWork {
    /// Whether an organization that the job made has nothing in it but what the job put there.
    pub(super) async fn newcomers(
        &self,
        client: &Client,
        part: &Part,
        organization: &str,
        now: Option<&Value>,
    ) -> Outcome<Verdict> {
        // With the organization go its invitations, which a plan may have read.
        self.invitations.forget();
        let own = self.own(part, organization)?;
        let mut args = Args::new();
        args.set("organization_id", &organization)
            .map_err(|error| Problem::usage(error.to_string()))?;
        let filled = |name: &str| now.is_some_and(|now| !is_empty(&now[name]));
        if filled("public_metadata") || filled("private_metadata") || filled("has_image") {
            return Ok(since("metadata or a logo"));
        }
        for row in walk(client, operation("organizations.members")?, &args, None).await? {
            let user = row.value["public_user_data"]["user_id"].as_str();
            match user.and_then(|user| own.members.get(user)) {
                None => return Ok(since("other members")),
                Some(Some(role)) if row.value["role"] != **role => {
                    return Ok(since("a member with another role"));
                }
                Some(_) => {}
            }
        }
        for row in walk(
            client,
            operation("invitations.list")?,
            &args,
            Some("pending"),
        )
        .await?
        {
            let id = row.value["id"].as_str();
            if !id.is_some_and(|id| own.invitations.contains(id)) {
                return Ok(since("other invitations"));
            }
        }
        let domains = walk(client, operation("domains.list")?, &args, None).await?;
        if !domains.is_empty() {
            return Ok(since("a domain"));
        }
        Ok(Verdict::Send)
    }

    /// Whom the job brought into an organization.
    fn own(&self, part: &Part, organization: &str) -> Outcome<Own> {
        let mut own = Own::default();
        if let Some(creator) = part.line.args.text("created_by") {
            own.members.insert(creator, None);
        }
        let mut after = 0;
        loop {
            let entries = self.job.rows(after, CHUNK)?;
            let Some(last) = entries.last() else {
                return Ok(own);
            };
            after = last.at.number;
            for entry in entries {
                let Some(spot) = self.backup.spot(entry.at.number) else {
                    continue;
                };
                for line in self.backup.lines(spot)? {
                    let text = |name: &str| line.args.text(name);
                    if text("organization_id").as_deref() != Some(organization) {
                        continue;
                    }
                    if let Some(user) = text("user_id") {
                        own.members.insert(user, text("role"));
                    } else if let Some(id) = &entry.id {
                        own.invitations.insert(id.clone());
                    }
                }
            }
        }
    }
}

/// Whether a value says that there is nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn since(what: &str) -> Verdict {
    Verdict::Settled(State::SkippedDrift, format!("it has got {what} since"))
}
