//! Made-up organizations and who is a member of them.

use serde_json::json;

use super::dice::{Dice, fraction};
use super::names::{COMPANY_BACK, COMPANY_FRONT};
use super::person::{object, within};
use super::{DAY, SINCE, UNTIL};
use crate::id::Ids;
use crate::resource::organizations::wire::Organization;

/// The users that were made: when each was created and its id, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Roster {
    /// The number of the first one's row.
    pub(super) first_seq: i64,
    pub(super) created: Vec<i64>,
    pub(super) ids: Vec<String>,
}

/// An organization and how many members it gets.
pub(super) struct Team {
    pub(super) organization: Organization,
    /// The place of its first admin in the roster.
    pub(super) creator: Option<usize>,
    pub(super) size: u64,
    /// Users there are, and how far apart those are who become members.
    users: u64,
    stride: u64,
    pub(super) dice: Dice,
}

/// A membership to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seat {
    pub(super) created_at: i64,
    pub(super) organization_seq: i64,
    /// The place of the user in the roster.
    pub(super) member: u32,
    pub(super) admin: bool,
}

/// Makes organizations one after the other, the oldest first.
pub(super) struct Teams<'a> {
    seed: u64,
    first: u64,
    count: u64,
    instance_id: &'a str,
    ids: &'a Ids,
    roster: &'a Roster,
    /// Members of the largest.
    largest: f64,
    made: u64,
    before: i64,
}

impl<'a> Teams<'a> {
    pub(super) fn new(
        seed: u64,
        first: u64,
        count: u64,
        seats: Option<u64>,
        instance_id: &'a str,
        ids: &'a Ids,
        roster: &'a Roster,
    ) -> Self {
        let users = u64::try_from(roster.created.len()).unwrap_or(0);
        let seats = seats.map_or(fraction(users, 1) * 0.8, |seats| fraction(seats, 1));
        // The nth largest has an nth of the members of the largest.
        let shares: f64 = (1..=count).map(|rank| fraction(1, rank)).sum();
        Self {
            seed,
            first,
            count,
            instance_id,
            ids,
            roster,
            largest: seats / shares.max(1.0),
            made: 0,
            before: SINCE,
        }
    }

    fn size(&self, number: u64) -> u64 {
        let users = u64::try_from(self.roster.created.len()).unwrap_or(0);
        // Every rank once, in an order that looks like none.
        let stride = coprime(self.count, self.seed);
        let rank = 1 + (number % self.count).wrapping_mul(stride) % self.count;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive number of members below the number of users"
        )]
        let size = (self.largest / fraction(rank, 1)) as u64;
        size.clamp(1, users.max(1)).min(users)
    }
}

impl Iterator for Teams<'_> {
    type Item = Team;

    fn next(&mut self) -> Option<Team> {
        if self.made == self.count {
            return None;
        }
        let number = self.first + self.made;
        let mut dice = Dice::new(self.seed, "team", number);
        let place = fraction(self.made, self.count) + dice.fraction() / fraction(self.count, 1);
        let created = within(SINCE + 30 * DAY, UNTIL, place).max(self.before);
        self.before = created;
        let size = self.size(self.made);
        self.made += 1;
        let name = format!("{} {}", dice.pick(&COMPANY_FRONT), dice.pick(&COMPANY_BACK));
        let slug = format!("{}-{number}", name.to_lowercase().replace(' ', "-"));
        let mut organization = Organization::new(self.ids.next("org", created), name, created);
        organization.slug = Some(slug);
        organization.max_allowed_memberships = match size {
            0..=3 => 10,
            4..=20 => 50,
            _ => 0,
        };
        organization.admin_delete_enabled = !dice.percent(10);
        organization.updated_at = created + dice.span(UNTIL - created);
        organization.last_active_at = organization.updated_at;
        let plan = dice.pick(&["starter", "business", "enterprise"]);
        organization.public_metadata = object(&json!({"plan": plan, "seats": size.max(5)}));
        if dice.percent(40) {
            let account = json!({"billing_id": format!("acct_{number:08}")});
            organization.private_metadata = object(&account);
        }
        let creator = (size > 0).then(|| {
            let older = self.roster.created.partition_point(|at| *at <= created);
            let older = u64::try_from(older.max(1)).unwrap_or(1);
            usize::try_from(dice.below(older)).unwrap_or(0)
        });
        organization.created_by = creator.map(|place| self.roster.ids[place].clone());
        organization.draw_image(self.instance_id);
        let users = u64::try_from(self.roster.created.len()).unwrap_or(0);
        Some(Team {
            organization,
            creator,
            size,
            users,
            stride: coprime(users, dice.draw()),
            dice,
        })
    }
}

impl Team {
    /// Seats its members: the creator, then others, every tenth of them an admin too.
    pub(super) fn seat(&mut self, organization_seq: i64, roster: &Roster, seats: &mut Vec<Seat>) {
        for n in 0..self.size {
            let Some(member) = self.nth(n) else { return };
            let earliest = self.organization.created_at.max(roster.created[member]);
            let later = match n {
                0 => 0,
                _ => self.dice.span(UNTIL - earliest),
            };
            seats.push(Seat {
                created_at: earliest + later,
                organization_seq,
                member: u32::try_from(member).unwrap_or(0),
                admin: n == 0 || self.dice.percent(10),
            });
        }
    }

    /// Returns the place in the roster of a member that is not the creator, if there is one.
    pub(super) fn member(&self, choice: u64) -> Option<usize> {
        let others = self.size.checked_sub(1).filter(|others| *others > 0)?;
        self.nth(1 + choice % others)
    }

    /// Steps of a length that has no common divisor with the number of users meet nobody twice.
    fn nth(&self, n: u64) -> Option<usize> {
        let first = u64::try_from(self.creator?).ok()?;
        let place = (first + n.wrapping_mul(self.stride) % self.users) % self.users;
        usize::try_from(place).ok()
    }
}

/// Returns a number below 2^31 that has no common divisor with this one; any will do for none at all.
fn coprime(number: u64, wish: u64) -> u64 {
    let mut candidate = (wish % (1 << 30)) | 1;
    while divisor(number.max(1), candidate) != 1 {
        candidate += 2;
    }
    candidate
}

fn divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
