//! The people of organizations as they shall be, against the real local Clerk.

mod interrupted;
mod onboarding;
mod syncing;

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{Control, Event, Job, Place};
use clerk_api_tasks::rows::Input;
use clerk_api_tasks::teams::{Entry, Sheet, Sync, TeamWork, sync, wanted_rows};

use crate::harness::{Bench, Ran};

impl Bench {
    /// What a file makes of an organization.
    async fn entries(
        &self,
        organization: Option<&str>,
        csv: &str,
        how: &Sync,
    ) -> Outcome<Vec<Entry>> {
        let input = Input::open(&self.file("people.csv", csv))?;
        let wanted = wanted_rows(&input, organization, None)?;
        sync(&self.client, organization, &wanted, how).await
    }

    /// Writes entries down as a job.
    fn team_job(&self, entries: &[Entry], invite: bool) -> (Job, TeamWork) {
        let place = Place::make(&self.jobs(), 1_700_000_000_000).unwrap();
        let sheet = Sheet::write(&place.rows(), entries).unwrap();
        let work = TeamWork::new(sheet, invite);
        (self.job_at(place, "organizations.add_member", &work), work)
    }

    async fn run_team(&self, entries: &[Entry], invite: bool) -> Ran {
        let (job, work) = self.team_job(entries, invite);
        let watch = |_: &Event<'_>| {};
        self.go_on(job, &work, &Control::default(), watch)
            .await
            .unwrap()
    }

    async fn sync(&self, organization: &str, csv: &str, how: &Sync) -> Ran {
        let entries = self.entries(Some(organization), csv, how).await.unwrap();
        self.run_team(&entries, how.invite_unknown).await
    }

    async fn refused(&self, organization: &str, csv: &str, how: &Sync) -> Box<Problem> {
        self.entries(Some(organization), csv, how)
            .await
            .unwrap_err()
    }

    /// Members by address with their roles, sorted.
    async fn members(&self, organization: &str) -> Vec<String> {
        let rows = self
            .all(
                "organizations.members",
                &[("organization_id", organization)],
            )
            .await;
        let shown = |row: &serde_json::Value| {
            let name = row["public_user_data"]["identifier"].as_str().unwrap();
            format!("{name} {}", row["role"].as_str().unwrap())
        };
        let mut all: Vec<String> = rows.iter().map(shown).collect();
        all.sort();
        all
    }

    /// Addresses with an open invitation, sorted.
    async fn invited(&self, organization: &str) -> Vec<String> {
        let args = [("organization_id", organization), ("status", "pending")];
        let rows = self.all("invitations.list", &args).await;
        let mut all: Vec<String> = rows
            .iter()
            .map(|row| row["email_address"].as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all
    }

    /// Users with these names, each at example.com.
    async fn users(&self, names: &[&str]) -> Vec<String> {
        let mut ids = Vec::new();
        for name in names {
            ids.push(self.create_user(&format!("{name}@example.com")).await);
        }
        ids
    }

    async fn join(&self, organization: &str, user: &str, role: &str) {
        let member = clerk_api::ops::organizations::AddOrganizationMember::new(
            organization
                .parse::<clerk_api::id::OrganizationId>()
                .unwrap(),
            user.parse::<clerk_api::id::UserId>().unwrap(),
            role,
        );
        self.client.send(&member).await.unwrap();
    }

    /// How many requests wrote something.
    async fn writes(&self) -> usize {
        let lines = self.lines().await;
        lines.iter().filter(|line| !line.starts_with("GET")).count()
    }
}
