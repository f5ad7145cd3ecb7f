//! Organizations: found by id, slug or exact name, and how many members they may have.

use std::collections::BTreeMap;

use clerk_api::{Args, Client};
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::reference::Reference;
use clerk_api_admin::target::resolve;
use serde_json::Value;

use super::look::Standing;
use crate::job::{AT_ONCE, ask};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// The id.
    pub id: String,
    /// The slug, where it has one.
    pub slug: Option<String>,
    /// The name.
    pub name: String,
    /// How many members and open invitations it may have; 0: any.
    pub limit: u64,
}

impl Organization {
    /// Takes what the API shows.
    pub(super) fn read(value: &Value) -> Outcome<Self> {
        let text = |name: &str| value[name].as_str().map(str::to_owned);
        let id = text("id").ok_or_else(|| Problem::refused("an organization has no id"))?;
        Ok(Self {
            name: text("name").unwrap_or_else(|| id.clone()),
            id,
            slug: text("slug").filter(|slug| !slug.is_empty()),
            limit: value["max_allowed_memberships"].as_u64().unwrap_or(0),
        })
    }

    /// As people call it.
    pub(super) fn called(&self) -> &str {
        self.slug.as_deref().unwrap_or(&self.name)
    }

    /// The organizations with these ids.
    pub(super) async fn all(client: &Client, ids: &[String]) -> Outcome<BTreeMap<String, Self>> {
        let mut found = BTreeMap::new();
        let list = operation("organizations.list")?;
        for ids in ids.chunks(AT_ONCE) {
            for row in ask(client, list, &Args::new(), "organization_id", ids).await? {
                let organization = Self::read(&row.value)?;
                found.insert(organization.id.clone(), organization);
            }
        }
        Ok(found)
    }

    /// The organization that is named by its id or slug.
    pub(super) async fn named(client: &Client, text: &str) -> Outcome<Option<Self>> {
        let meta = operation("organizations.update")?;
        let field = meta
            .field("organization_id")
            .ok_or_else(|| Problem::usage("organizations have no id"))?;
        let reference = Reference::read(field, "organization", text)?;
        let id = match resolve::id(client, &reference).await {
            Ok(id) => id,
            Err(problem) if problem.kind == ProblemKind::Absent => return Ok(None),
            Err(problem) => return Err(problem),
        };
        let mut found = Self::all(client, std::slice::from_ref(&id)).await?;
        Ok(found.remove(&id))
    }

    /// All organizations with exactly this name.
    pub(super) async fn with_name(client: &Client, name: &str) -> Outcome<Vec<Self>> {
        let mut args = Args::new();
        args.set("query", &name)
            .map_err(|error| Problem::usage(error.to_string()))?;
        let mut pages = client.walk(operation("organizations.list")?, args, None);
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let tried = format!("cannot look for the organization {name:?}");
            let page = page.map_err(|error| Problem::of_call(&tried, error))?;
            for row in page.rows() {
                let value: Value = serde_json::from_str(row).unwrap_or_default();
                if value["name"].as_str() == Some(name) {
                    found.push(Self::read(&value)?);
                }
            }
        }
        Ok(found)
    }

    /// Refuses more people than the organization has place for. `more` join and `fewer` leave. Says whether the ones have to leave before
    /// the others can join.
    pub(super) fn check_place(&self, standing: &Standing, more: u64, fewer: u64) -> Outcome<bool> {
        let peak = standing.taken() + more;
        let after = peak - fewer.min(peak);
        if self.limit == 0 || more == 0 || peak <= self.limit {
            return Ok(false);
        }
        if after <= self.limit {
            return Ok(true);
        }
        let (members, invited) = (standing.members.len(), standing.invited.len());
        let message = format!(
            "the organization {} may have {} members and open invitations: it has {members} members and {invited} open invitations, and would have {after}",
            self.called(),
            self.limit
        );
        Err(Problem::new(ProblemKind::Refused, "member_limit", message))
    }
}
