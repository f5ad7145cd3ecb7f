//! The actions of an invited person with a ticket, which Clerk's Backend API does not have: looks at
//! the invitation, accepts it, declines it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::Connection;
use serde::Serialize;

use crate::app::App;
use crate::http::error::ApiError;
use crate::resource::identifications::wire::{Claim, EmailAddress, Verification};
use crate::resource::invitations::wire::{Invitation, Status};
use crate::resource::invitations::{errors as invitations_errors, rows as invitations};
use crate::resource::memberships::rows::{self as memberships, Parties};
use crate::resource::memberships::wire::Membership;
use crate::resource::organization_invitations::rows::{self as organization_invitations, Ticketed};
use crate::resource::organizations::{errors as organizations_errors, rows as organizations};
use crate::resource::users::rows::{self as users, Secrets};
use crate::resource::users::wire::User;
use crate::store::Tx;

/// An invitation as its recipient sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Opened {
    /// `invitation` or `organization_invitation`.
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) email_address: String,
    pub(crate) expires_at: i64,
    /// Absent for the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<Place>,
    /// The user who has the address, who will be the member.
    pub(crate) user_id: Option<String>,
    /// Where the ticket leads to, with the parameters that Clerk adds; only while that makes sense.
    pub(crate) redirect_to: Option<String>,
}

/// What the recipient is invited to.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) role_name: String,
    /// Who invites, if that is known.
    pub(crate) inviter: Option<String>,
}

/// The result of accepting an invitation.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Accepted {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) user_id: String,
    pub(crate) user_created: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) membership_id: Option<String>,
    pub(crate) redirect_to: Option<String>,
}

const APPLICATION: &str = "invitation";
const ORGANIZATION: &str = "organization_invitation";

enum Invited {
    Application(i64, Invitation, Option<String>),
    Organization(Box<Ticketed>),
}

/// Returns the invitation that a ticket belongs to.
pub(crate) fn open(db: &Connection, ticket: &str, now: i64) -> Result<Opened, ApiError> {
    match find(db, ticket, now)? {
        Invited::Application(_, invitation, redirect_url) => {
            let user = users::with_email(db, &invitation.email_address)?;
            Ok(Opened {
                object: APPLICATION,
                redirect_to: redirect(redirect_url, ticket, invitation.status, user.is_some()),
                id: invitation.id,
                status: invitation.status,
                email_address: invitation.email_address,
                expires_at: invitation.expires_at,
                organization: None,
                user_id: user.map(|(_, user)| user.id),
            })
        }
        Invited::Organization(found) => {
            let invitation = found.invitation;
            let user = users::with_email(db, &invitation.email_address)?;
            let inviter = match &invitation.inviter_id {
                Some(id) => users::name(db, id)?,
                None => None,
            };
            Ok(Opened {
                object: ORGANIZATION,
                redirect_to: redirect(
                    found.redirect_url,
                    ticket,
                    invitation.status,
                    user.is_some(),
                ),
                id: invitation.id,
                status: invitation.status,
                email_address: invitation.email_address,
                expires_at: invitation.expires_at,
                organization: Some(Place {
                    id: invitation.organization_id,
                    name: organizations::read(db, found.organization_seq)?.name,
                    role: invitation.role.into_owned(),
                    role_name: invitation.role_name.into_owned(),
                    inviter,
                }),
                user_id: user.map(|(_, user)| user.id),
            })
        }
    }
}

/// Accepts an invitation: its recipient becomes a user and, where that is what it is to, a member.
pub(crate) fn accept(app: &App, tx: &Tx<'_>, ticket: &str, now: i64) -> Result<Accepted, ApiError> {
    match find(tx.db(), ticket, now)? {
        Invited::Application(seq, invitation, redirect_url) => {
            check_pending(invitation.status)?;
            let email = invitation.email_address.clone();
            let (_, user_id, user_created) = recipient(app, tx, &email, now, |user| {
                user.public_metadata = invitation.public_metadata.clone();
            })?;
            let id = invitation.id.clone();
            invitations::accept(tx, seq, invitation, now)?;
            Ok(Accepted {
                object: APPLICATION,
                id,
                status: Status::Accepted,
                user_id,
                user_created,
                membership_id: None,
                redirect_to: redirect(redirect_url, ticket, Status::Accepted, true),
            })
        }
        Invited::Organization(found) => join(app, tx, ticket, *found, now),
    }
}

/// Declines an invitation. Clerk has no such state: it counts as revoked.
pub(crate) fn decline(tx: &Tx<'_>, ticket: &str, now: i64) -> Result<Opened, ApiError> {
    match find(tx.db(), ticket, now)? {
        Invited::Application(_, invitation, _) => {
            check_pending(invitation.status)?;
            invitations::revoke(tx, &invitation.id, now)?;
        }
        Invited::Organization(mut found) => {
            check_pending(found.invitation.status)?;
            let organization = found.organization_seq;
            organization_invitations::revoke(
                tx,
                found.seq,
                organization,
                &mut found.invitation,
                now,
            )?;
        }
    }
    open(tx.db(), ticket, now)
}

fn find(db: &Connection, ticket: &str, now: i64) -> Result<Invited, ApiError> {
    if let Some(found) = organization_invitations::by_ticket(db, ticket, now)? {
        return Ok(Invited::Organization(Box::new(found)));
    }
    match invitations::by_ticket(db, ticket, now)? {
        Some((seq, invitation, redirect_url)) => {
            Ok(Invited::Application(seq, invitation, redirect_url))
        }
        None => Err(invitations_errors::unknown_ticket()),
    }
}

fn check_pending(status: Status) -> Result<(), ApiError> {
    if status == Status::Pending {
        Ok(())
    } else {
        Err(invitations_errors::settled(status.name()))
    }
}

fn join(
    app: &App,
    tx: &Tx<'_>,
    ticket: &str,
    found: Ticketed,
    now: i64,
) -> Result<Accepted, ApiError> {
    let mut invitation = found.invitation;
    check_pending(invitation.status)?;
    let (user, user_id, user_created) = recipient(app, tx, &invitation.email_address, now, |_| {})?;
    let parties = Parties {
        organization: found.organization_seq,
        user,
    };
    if memberships::exists(tx.db(), parties)? {
        return Err(organizations_errors::already_a_member(&user_id));
    }
    let organization = parties.organization;
    organization_invitations::accept(tx, found.seq, organization, &mut invitation, &user_id, now)?;
    // The invitation has given its own room back.
    organizations::check_room(tx.db(), parties.organization, now, 1)?;
    let mut membership = Membership::new(app.new_id("orgmem", now), found.role_seq, now);
    membership.public_metadata = invitation.public_metadata;
    membership.private_metadata = invitation.private_metadata;
    let wire = serde_json::to_string(&membership)?;
    memberships::insert(tx, parties, &membership, &wire)?;
    Ok(Accepted {
        object: ORGANIZATION,
        id: invitation.id,
        status: Status::Accepted,
        user_id,
        user_created,
        membership_id: Some(membership.id),
        redirect_to: redirect(found.redirect_url, ticket, Status::Accepted, true),
    })
}

/// Returns the user with an address, which the ticket proves, and whether that user had to be made, as `describe`
/// says.
fn recipient(
    app: &App,
    tx: &Tx<'_>,
    email: &str,
    now: i64,
    describe: impl FnOnce(&mut User),
) -> Result<(i64, String, bool), ApiError> {
    if let Some((seq, before)) = users::with_email(tx.db(), email)? {
        let mut after = before.clone();
        let own = after.email_addresses.iter_mut();
        for address in own.filter(|own| own.email_address == email && own.verification.is_none()) {
            address.verification = Some(Verification::by_ticket());
            address.reserved = false;
            address.updated_at = now;
            after.updated_at = now;
        }
        if after.updated_at != before.updated_at {
            users::save(tx, seq, &before, &after)?;
        }
        return Ok((seq, after.id, false));
    }
    let mut user = User::new(app.new_id("user", now), now);
    let id = app.new_id("idn", now);
    let mut address = EmailAddress::new(id.clone(), email.to_owned(), Claim::Verified, now);
    address.verification = Some(Verification::by_ticket());
    user.email_addresses.push(address);
    user.primary_email_address_id = Some(id);
    describe(&mut user);
    user.draw_image(app.store.instance_id());
    let wire = serde_json::to_string(&user)?;
    let seq = users::insert(tx, &user, &wire, &Secrets::default())?;
    Ok((seq, user.id, true))
}

/// Returns where a ticket leads to, with the parameters by which Clerk's own pages know what to do there.
fn redirect(url: Option<String>, ticket: &str, status: Status, user: bool) -> Option<String> {
    let url = url?;
    let next = match status {
        Status::Pending if user => "sign_in",
        Status::Pending => "sign_up",
        Status::Accepted => "complete",
        Status::Revoked | Status::Expired => return None,
    };
    let ticket = utf8_percent_encode(ticket, NON_ALPHANUMERIC);
    let (front, fragment) = match url.split_once('#') {
        Some((front, fragment)) => (front, format!("#{fragment}")),
        None => (url.as_str(), String::new()),
    };
    let joint = if front.contains('?') { '&' } else { '?' };
    Some(format!(
        "{front}{joint}__clerk_ticket={ticket}&__clerk_status={next}{fragment}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_leads_where_it_shall_with_what_is_to_be_done_there() {
        let to = |url: &str, status, user| redirect(Some(url.to_owned()), "t", status, user);
        assert_eq!(
            to("https://a.test/x", Status::Pending, false).as_deref(),
            Some("https://a.test/x?__clerk_ticket=t&__clerk_status=sign_up")
        );
        assert_eq!(
            to("app://x?a=b#c", Status::Pending, true).as_deref(),
            Some("app://x?a=b&__clerk_ticket=t&__clerk_status=sign_in#c")
        );
        assert_eq!(
            to("https://a.test", Status::Accepted, true).as_deref(),
            Some("https://a.test?__clerk_ticket=t&__clerk_status=complete")
        );
        assert_eq!(to("https://a.test", Status::Revoked, true), None);
        assert_eq!(redirect(None, "t", Status::Pending, true), None);
    }
}
