//! The stages of a seeding. Other threads make the objects and index their texts while this one inserts.

use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread::JoinHandle;

use super::ahead::{Maker, ahead, spawn};
use super::invite::{self, Invites};
use super::person::{People, Person};
use super::team::{Roster, Seat, Team, Teams};
use super::texts::Texts;
use super::{PASSWORD, SINCE, Seed, SeedError, SeedProgress, SeedStage, SeedSummary, UNTIL};
use crate::id::Ids;
use crate::resource;
use crate::resource::memberships::rows::{self as memberships, Parties};
use crate::resource::memberships::wire::Membership;
use crate::resource::organizations::rows as organizations;
use crate::resource::role_sets::rows::{self as role_sets, Known};
use crate::resource::users::search::Texts as UserTexts;
use crate::resource::users::{password, rows as users};
use crate::store::bulk::Bulk;
use crate::store::search_index::SearchIndex;

/// Keeps a number of an organization at every membership, which is cheaper for all of them at once.
const COUNTS_MEMBERS: &str = "memberships_come";
const COUNT_MEMBERS: &str = "UPDATE organizations SET members_count = members FROM
       (SELECT organization_seq, count(*) AS members FROM memberships GROUP BY organization_seq)
     WHERE seq = organization_seq";
/// Objects that go from one thread to the other at a time.
const BATCH: usize = 256;
/// Batches of texts that may wait: they are small, and indexing is slower than making.
const WAITING_TEXTS: usize = 1_024;
const SALT: [u8; 16] = *b"made-up-password";

type Indexer = JoinHandle<rusqlite::Result<SearchIndex>>;
/// Texts on their way to the thread that indexes them.
type TextSender = SyncSender<Vec<(i64, Texts)>>;

/// Adds all objects; `fast` makes indexes afterwards if the database never held a row.
pub(super) fn fill(
    database: &Path,
    wanted: &Seed,
    fast: bool,
    progress: &mut dyn FnMut(SeedProgress),
) -> Result<SeedSummary, SeedError> {
    let bulk = Bulk::begin(
        database,
        resource::content(),
        &ids(wanted.seed, "instance", 0),
        UNTIL,
        fast,
    )?;
    let role_set = role_sets::initial(bulk.db())?;
    let mut filling = Filling {
        role_set,
        instance_id: instance_id(&bulk, wanted.seed)?,
        bulk,
        wanted: *wanted,
        texts: None,
        progress,
    };
    let indexer = filling.start_indexer()?;
    let roster = filling.users()?;
    let (seats, invites) = filling.organizations(&roster)?;
    let memberships = filling.memberships(seats, roster.first_seq)?;
    let (organization_invitations, invitations) = filling.invitations(invites, &roster)?;
    filling.indexes(indexer)?;
    filling.bulk.commit()?;
    Ok(SeedSummary {
        users: wanted.users,
        organizations: wanted.organizations,
        memberships,
        organization_invitations,
        invitations,
    })
}

/// A generator of ids for one kind of object in an instance that has so many of them.
fn ids(seed: u64, kind: &str, present: i64) -> Ids {
    let kind = kind.bytes().fold(seed, |sum, byte| {
        sum.wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte)
    });
    let ids = Ids::new(Some(kind));
    ids.fork(u64::try_from(present).unwrap_or(0));
    ids
}

/// The id is in every image's address, so a new instance must have the same one for the same seed.
fn instance_id(bulk: &Bulk, seed: u64) -> Result<String, SeedError> {
    if bulk.is_new()? {
        let id = ids(seed, "instance", 0).next("ins", SINCE);
        bulk.db()
            .execute("UPDATE instance SET value = ?1 WHERE key = 'id'", [&id])?;
    }
    let sql = "SELECT value FROM instance WHERE key = 'id'";
    Ok(bulk.db().query_row(sql, [], |row| row.get(0))?)
}

struct Filling<'a> {
    bulk: Bulk,
    wanted: Seed,
    instance_id: String,
    /// What the organizations get.
    role_set: Known,
    /// Where texts go if they are indexed beside the database.
    texts: Option<TextSender>,
    progress: &'a mut dyn FnMut(SeedProgress),
}

impl Filling<'_> {
    fn users(&mut self) -> Result<Roster, SeedError> {
        let first_seq = self.bulk.next_seq("users")?;
        let (wanted, instance_id) = (self.wanted, self.instance_id.clone());
        let texts = self.texts.clone();
        let made = ahead(move |out| {
            let ids = ids(wanted.seed, "users", first_seq);
            let people = People {
                seed: wanted.seed,
                first: u64::try_from(first_seq).unwrap_or(0),
                count: wanted.users,
                instance_id: &instance_id,
                password_hash: &password::hash(PASSWORD, SALT),
                ids: &ids,
                made: 0,
                before: SINCE,
            };
            make_users(people, first_seq, &out, texts.as_ref());
        })?;
        let mut roster = Roster {
            first_seq,
            ..Roster::default()
        };
        let tx = self.bulk.tx();
        while let Ok(mut batch) = made.batches.recv() {
            for (Person { user, secrets }, wire) in &mut batch {
                let seq = users::insert(&tx, user, wire, secrets)?;
                if seq != first_seq + i64::try_from(roster.ids.len()).unwrap_or(-1) {
                    return Err(SeedError::Broken);
                }
                roster.created.push(user.created_at);
                roster.ids.push(std::mem::take(&mut user.id));
            }
            let _ = made.used.send(batch);
            report(
                self.progress,
                SeedStage::Users,
                roster.ids.len(),
                wanted.users,
            );
        }
        tx.settle()?;
        if u64::try_from(roster.ids.len()) != Ok(wanted.users) {
            return Err(SeedError::Broken);
        }
        Ok(roster)
    }

    /// Starts to make search indexes beside the database, if it is new.
    fn start_indexer(&mut self) -> Result<Option<Indexer>, SeedError> {
        if !self.bulk.is_filling() {
            return Ok(None);
        }
        let index = self.bulk.search_index()?;
        let (texts, to_index) = mpsc::sync_channel::<Vec<(i64, Texts)>>(WAITING_TEXTS);
        self.texts = Some(texts);
        let indexer = spawn(move || {
            for (seq, texts) in to_index.into_iter().flatten() {
                texts.insert(index.db(), seq)?;
            }
            index.finish()?;
            Ok(index)
        })?;
        Ok(Some(indexer))
    }

    fn index(&self, texts: Vec<(i64, Texts)>) -> Result<(), SeedError> {
        match &self.texts {
            Some(indexer) => indexer.send(texts).map_err(|_| SeedError::Broken),
            None => Ok(()),
        }
    }

    fn organizations(&mut self, roster: &Roster) -> Result<(Vec<Seat>, Invites), SeedError> {
        let wanted = self.wanted;
        let first_seq = self.bulk.next_seq("organizations")?;
        let ids = ids(wanted.seed, "organizations", first_seq);
        let first = u64::try_from(first_seq).unwrap_or(0);
        let teams = Teams::new(
            wanted.seed,
            first,
            wanted.organizations,
            wanted.memberships,
            &self.instance_id,
            &ids,
            roster,
        );
        let (mut seats, mut invites) = (Vec::new(), Invites::default());
        let tx = self.bulk.tx();
        for (done, mut team) in teams.enumerate() {
            let Team { organization, .. } = &mut team;
            organization.role_set = self.role_set.seq;
            organization.role_set_key = Some(self.role_set.key.clone());
            let wire = serde_json::to_string(organization).map_err(|_| SeedError::Broken)?;
            let seq = organizations::insert(&tx, organization, &wire)?;
            let texts = Texts::Organization {
                name: organization.name.clone(),
                slug: organization.slug.clone(),
            };
            self.index(vec![(seq, texts)])?;
            team.seat(seq, roster, &mut seats);
            invites.plan(&mut team, seq);
            if done % BATCH == 0 {
                let stage = SeedStage::Organizations;
                report(self.progress, stage, done, wanted.organizations);
            }
        }
        tx.settle()?;
        seats.sort_unstable();
        Ok((seats, invites))
    }

    fn memberships(&mut self, seats: Vec<Seat>, first_user: i64) -> Result<u64, SeedError> {
        let total = u64::try_from(seats.len()).unwrap_or(0);
        let ids = ids(
            self.wanted.seed,
            "memberships",
            self.bulk.next_seq("memberships")?,
        );
        let roles = self.role_set.clone();
        let made = ahead(move |out| {
            for some in seats.chunks(BATCH) {
                let batch = some
                    .iter()
                    .map(|seat| occupy(seat, first_user, &ids, &roles));
                let Ok(batch) = batch.collect::<serde_json::Result<Vec<_>>>() else {
                    return;
                };
                if !out.send(batch) {
                    return;
                }
            }
        })?;
        let (progress, mut done) = (&mut self.progress, 0);
        self.bulk
            .without_trigger(COUNTS_MEMBERS, COUNT_MEMBERS, |tx| {
                while let Ok(batch) = made.batches.recv() {
                    for (parties, membership, wire) in &batch {
                        memberships::insert(tx, *parties, membership, wire)?;
                    }
                    done += batch.len();
                    report(progress, SeedStage::Memberships, done, total);
                    let _ = made.used.send(batch);
                }
                Ok::<_, SeedError>(())
            })?;
        if u64::try_from(done) == Ok(total) {
            Ok(total)
        } else {
            Err(SeedError::Broken)
        }
    }

    fn invitations(&mut self, invites: Invites, roster: &Roster) -> Result<(u64, u64), SeedError> {
        let tx = self.bulk.tx();
        let seed = self.wanted.seed;
        let first_seq = self.bulk.next_seq("organization_invitations")?;
        let to_organizations = invites.insert(
            &tx,
            seed,
            first_seq,
            &ids(seed, "organization_invitations", first_seq),
            roster,
            &|texts| self.index(texts),
        )?;
        let first_seq = self.bulk.next_seq("invitations")?;
        let own_ids = ids(seed, "invitations", first_seq);
        let count = self.wanted.users.div_ceil(25);
        invite::to_application(&tx, seed, first_seq, count, &own_ids, &|texts| {
            self.index(texts)
        })?;
        tx.settle()?;
        let done = to_organizations + count;
        (self.progress)(SeedProgress {
            stage: SeedStage::Invitations,
            done,
            total: done,
        });
        Ok((to_organizations, count))
    }

    fn indexes(&mut self, indexer: Option<Indexer>) -> Result<(), SeedError> {
        // The indexer ends with the last sender.
        self.texts = None;
        let total = self.bulk.missing_indexes() + 2;
        let mut report = |done| {
            (self.progress)(SeedProgress {
                stage: SeedStage::Indexes,
                done,
                total,
            });
        };
        for done in 0..total - 2 {
            report(done);
            self.bulk.make_index()?;
        }
        report(total - 2);
        if let Some(indexer) = indexer {
            let index = indexer.join().map_err(|_| SeedError::Broken)??;
            self.bulk.take_search_index(&index)?;
        }
        report(total - 1);
        self.bulk.catch_up_search()?;
        report(total);
        Ok(())
    }
}

fn report(progress: &mut dyn FnMut(SeedProgress), stage: SeedStage, done: usize, total: u64) {
    let done = u64::try_from(done).unwrap_or(u64::MAX);
    progress(SeedProgress { stage, done, total });
}

/// Makes users with their JSON; stops when the receiver is gone.
fn make_users(
    people: People<'_>,
    first_seq: i64,
    out: &Maker<(Person, String)>,
    texts: Option<&TextSender>,
) {
    let mut people = people.zip(first_seq..);
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        let mut searched = Vec::new();
        for (person, seq) in people.by_ref().take(BATCH) {
            if texts.is_some() {
                searched.push((seq, Texts::User(UserTexts::of(&person.user))));
            }
            let Ok(wire) = serde_json::to_string(&person.user) else {
                return;
            };
            batch.push((person, wire));
        }
        if batch.is_empty() || !out.send(batch) {
            return;
        }
        if texts.is_some_and(|texts| texts.send(searched).is_err()) {
            return;
        }
    }
}

fn occupy(
    seat: &Seat,
    first_user: i64,
    ids: &Ids,
    roles: &Known,
) -> serde_json::Result<(Parties, Membership, String)> {
    let role = if seat.admin {
        roles.creator_role
    } else {
        roles.default_role
    };
    let id = ids.next("orgmem", seat.created_at);
    let membership = Membership::new(id, role, seat.created_at);
    let parties = Parties {
        organization: seat.organization_seq,
        user: first_user + i64::from(seat.member),
    };
    let wire = serde_json::to_string(&membership)?;
    Ok((parties, membership, wire))
}
