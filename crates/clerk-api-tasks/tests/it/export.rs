//! Exports of a local Clerk's instance, read back by other programs' readers and compared with what the API lists.

mod ends;
mod expected;
mod files;
mod formats;
mod readers;
mod sweeps;

use std::path::PathBuf;

use clerk_api::id::OrganizationId;
use clerk_api::ops;
use clerk_api::time::Timestamp;
use clerk_api::value::Object;
use clerk_api_admin::problem::Outcome;
use clerk_api_emulator::{Config, Database, Seed, seed};
use clerk_api_tasks::export::{Export, Facts, Format, Options, Target, Written};
use clerk_api_tasks::sweep::{Kind, Sweep, sweep};

use crate::harness::{Bench, KEY};

/// What an export came to.
pub(crate) struct Exported {
    pub(crate) sweep: Sweep,
    pub(crate) files: Vec<Written>,
    pub(crate) unreadable: u64,
}

/// More than two pages of users.
const USERS: u64 = 1100;

/// An instance with people, teams and what else an export has, some of it odd.
pub(crate) async fn world(change: impl FnOnce(&mut Config)) -> Bench {
    world_of(USERS, change).await
}

/// The same with so many people.
pub(crate) async fn world_of(users: u64, change: impl FnOnce(&mut Config)) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("local.db");
    let wanted = Seed {
        users,
        organizations: 30,
        memberships: None,
        seed: 7,
    };
    seed(&path, &wanted, &mut |_| {}).unwrap();
    let mut config = Config::new(KEY);
    config.database = Database::File(path);
    let mut bench = Bench::with(|to| {
        *to = config;
        change(to);
    });
    bench.data = Some(folder);
    odd(&bench).await;
    bench
}

/// What generated data does not have: quotes, formulas, line breaks, big numbers, a domain.
async fn odd(bench: &Bench) {
    let metadata = r#"{"note":"a \"quote\", a\nbreak","n":12345678901234567890.10}"#;
    let user = ops::users::CreateUser::new()
        .email_address("Odd.One+tag@Example.com")
        .first_name("=1+1".to_owned())
        .last_name("Ünïcode \"x\"".to_owned())
        .public_metadata(Object::parse(metadata).unwrap());
    bench.client.send(&user).await.unwrap();
    let organization = bench.create_organization("Odd, \"Inc\"", "odd").await;
    let domain = ops::domains::CreateDomain::new(organization.parse::<OrganizationId>().unwrap())
        .name("odd.example".to_owned());
    bench.client.send(&domain).await.unwrap();
    let invitation = ops::invitations::CreateInvitation::new(
        organization.parse::<OrganizationId>().unwrap(),
        "New.Person@odd.example",
        "org:admin",
    );
    bench.client.send(&invitation).await.unwrap();
    let invitation =
        ops::application_invitations::CreateApplicationInvitation::new("someone@example.net");
    bench.client.send(&invitation).await.unwrap();
}

pub(crate) fn options(kinds: &[Kind], target: Target, format: Format) -> Options {
    Options {
        kinds: kinds.to_vec(),
        target,
        format,
        replaces: false,
        urls: false,
        mode: None,
        date: "2026-11-27".to_owned(),
    }
}

pub(crate) async fn export(bench: &Bench, options: &Options) -> Outcome<Exported> {
    let export = Export::create(options, || {
        unreachable!("no test exports to its own output")
    })?;
    let order = export.order();
    let read = sweep(&bench.client, &options.kinds, order, export, &|_| {});
    let (sweep, export) = read.await?;
    let unreadable = export.unreadable();
    let files = export.finish(&facts(), &sweep)?;
    Ok(Exported {
        sweep,
        files,
        unreadable,
    })
}

/// What every export here says of itself.
pub(crate) fn facts() -> Facts {
    Facts {
        tool_version: "test".to_owned(),
        instance_id: "ins_1".to_owned(),
        live: false,
        swept_at: Timestamp::from_millis(1_795_793_592_345),
        ended_at: Timestamp::from_millis(1_795_793_593_000),
    }
}

/// A file in the bench's folder.
pub(crate) fn path(bench: &Bench, name: &str) -> PathBuf {
    bench.folder.path().join(name)
}
