//! Made-up invitations of both kinds, in all states.

use std::borrow::Cow;

use serde_json::json;

use super::dice::{Dice, fraction};
use super::person::{Identity, object, within};
use super::team::{Roster, Team};
use super::texts::Texts;
use super::{DAY, SINCE, SeedError, UNTIL};
use crate::http::metadata;
use crate::id::Ids;
use crate::resource::invitations::rows as invitations;
use crate::resource::invitations::wire::{Invitation, Status, link};
use crate::resource::organization_invitations::rows as organization_invitations;
use crate::resource::organization_invitations::wire::OrganizationInvitation;
use crate::resource::role_sets::rows as role_sets;
use crate::resource::roles::rows as roles;
use crate::store::Tx;

/// Where texts go to be indexed.
pub(super) type Index<'a> = dyn Fn(Vec<(i64, Texts)>) -> Result<(), SeedError> + 'a;

/// How long an invitation is good.
const MONTH: i64 = 30 * DAY;
/// How long the pending ones are good: so long that they still are, whatever the day.
const DECADE: i64 = 3_650 * DAY;

/// The invitations to organizations that are to be made.
#[derive(Debug, Default)]
pub(super) struct Invites(Vec<Planned>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Planned {
    created_at: i64,
    organization_seq: i64,
    organization_id: String,
    /// The place in the roster of who invites.
    inviter: Option<usize>,
    /// The place in the roster of who accepted it.
    member: Option<usize>,
    status: u8,
    admin: bool,
}

/// The states by the numbers in `Planned`, which keeps them sortable.
const STATES: [Status; 4] = [
    Status::Pending,
    Status::Accepted,
    Status::Revoked,
    Status::Expired,
];

impl Invites {
    /// Plans the invitations of an organization: none for most, up to three.
    pub(super) fn plan(&mut self, team: &mut Team, organization_seq: i64) {
        let number = match team.dice.below(100) {
            0..45 => 0,
            45..80 => 1,
            80..95 => 2,
            _ => 3,
        };
        for _ in 0..number {
            let dice = &mut team.dice;
            let founded = team.organization.created_at;
            let wish = match dice.below(100) {
                0..50 => 0,
                50..75 => 1,
                75..90 => 2,
                _ => 3,
            };
            let created_at = match wish {
                3 => founded + dice.span(UNTIL - MONTH - founded),
                _ => founded + dice.span(UNTIL - founded),
            };
            let admin = dice.percent(15);
            let other = dice.draw();
            let member = (wish == 1).then(|| team.member(other)).flatten();
            // Too new to have expired, or there is no user who could have accepted.
            let status = match wish {
                3 if founded + MONTH >= UNTIL => 2,
                1 if member.is_none() => 0,
                wish => wish,
            };
            self.0.push(Planned {
                created_at,
                organization_seq,
                organization_id: team.organization.id.clone(),
                inviter: team.creator.filter(|_| !team.dice.percent(20)),
                member,
                status,
                admin,
            });
        }
    }

    /// Inserts all that was planned, the oldest first, and returns how many that were.
    pub(super) fn insert(
        mut self,
        tx: &Tx<'_>,
        seed: u64,
        first_seq: i64,
        ids: &Ids,
        roster: &Roster,
        index: &Index<'_>,
    ) -> Result<u64, SeedError> {
        self.0.sort_unstable();
        let role_set = role_sets::initial(tx.db())?;
        let seqs = [role_set.default_role, role_set.creator_role];
        let mut names = Vec::with_capacity(seqs.len());
        for seq in seqs {
            names.push(roles::names(tx.db(), seq)?);
        }
        let first_user = u64::try_from(roster.first_seq).unwrap_or(0);
        for (planned, seq) in self.0.iter().zip(first_seq..) {
            let number = u64::try_from(seq).unwrap_or(0);
            let status = STATES[usize::from(planned.status)];
            let role = usize::from(planned.admin);
            let (key, name) = names[role].clone();
            let email = match planned.member {
                Some(place) => {
                    let number = first_user + u64::try_from(place).unwrap_or(0);
                    Identity::of(seed, number).email
                }
                None => guest(seed, "team", number),
            };
            let created = planned.created_at;
            let mut invitation = OrganizationInvitation {
                object: Cow::Borrowed("organization_invitation"),
                id: ids.next("orginv", created),
                email_address: email,
                role: Cow::Owned(key),
                role_name: Cow::Owned(name),
                organization_id: planned.organization_id.clone(),
                inviter_id: planned.inviter.map(|place| roster.ids[place].clone()),
                public_inviter_data: (),
                status: Status::Pending,
                public_metadata: metadata::empty(),
                private_metadata: metadata::empty(),
                url: Some(link(ids)),
                expires_at: created
                    + if status == Status::Pending {
                        DECADE
                    } else {
                        MONTH
                    },
                created_at: created,
                updated_at: created,
            };
            if status != Status::Pending {
                invitation.settle(status);
                invitation.updated_at = settled_at(created, status);
            }
            organization_invitations::insert(
                tx,
                planned.organization_seq,
                seqs[role],
                &invitation,
                None,
            )?;
            let email = invitation.email_address;
            index(vec![(seq, Texts::OrganizationInvitation { email })])?;
        }
        Ok(u64::try_from(self.0.len()).unwrap_or(0))
    }
}

/// Makes invitations to the application.
pub(super) fn to_application(
    tx: &Tx<'_>,
    seed: u64,
    first_seq: i64,
    count: u64,
    ids: &Ids,
    index: &Index<'_>,
) -> Result<(), SeedError> {
    let mut before = SINCE;
    for (made, seq) in (0..count).zip(first_seq..) {
        let number = u64::try_from(seq).unwrap_or(0);
        let mut dice = Dice::new(seed, "guest", number);
        let place = fraction(made, count) + dice.fraction() / fraction(count, 1);
        let created = within(SINCE, UNTIL, place).max(before);
        before = created;
        let status = match dice.below(100) {
            0..45 => Status::Pending,
            45..75 => Status::Accepted,
            75..90 => Status::Revoked,
            _ if created + MONTH < UNTIL => Status::Expired,
            _ => Status::Pending,
        };
        let source = dice.pick(&["newsletter", "support", "trial"]);
        let mut invitation = Invitation {
            object: Cow::Borrowed("invitation"),
            id: ids.next("inv", created),
            email_address: guest(seed, "application", number),
            public_metadata: object(&json!({"source": source})),
            revoked: false,
            status: Status::Pending,
            url: Some(link(ids)),
            expires_at: created
                + if status == Status::Pending {
                    DECADE
                } else {
                    MONTH
                },
            created_at: created,
            updated_at: created,
        };
        if matches!(status, Status::Accepted | Status::Expired) {
            invitation.settle(status);
            invitation.updated_at = settled_at(created, status);
        }
        invitations::insert(tx, &invitation, None)?;
        if status == Status::Revoked {
            invitations::revoke(tx, &invitation.id, settled_at(created, status))?;
        }
        let email = invitation.email_address;
        index(vec![(seq, Texts::Invitation { email })])?;
    }
    Ok(())
}

fn settled_at(created: i64, status: Status) -> i64 {
    let after = if status == Status::Expired {
        MONTH
    } else {
        DAY
    };
    (created + after).min(UNTIL)
}

/// An address that no made-up user has.
fn guest(seed: u64, kind: &str, number: u64) -> String {
    Identity::of(seed, number)
        .email
        .replacen('@', &format!(".{kind}@"), 1)
}
