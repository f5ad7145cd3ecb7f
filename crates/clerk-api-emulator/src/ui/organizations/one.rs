//! One organization: members, invitations, and what can be done.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Invitation, Listed, Member, Membership, Organization, PATH, Shape, endpoint, path_of};
use crate::http::area::escaped;
use crate::http::route::{Routes, get};
use crate::ui::failed::Failed;
use crate::ui::frame::{Section, page};
use crate::ui::input::FormOf;
use crate::ui::list::count;
use crate::ui::part::{avatar, card, facts, id, json, maybe, moment, top};
use crate::ui::text::Text;
use crate::ui::users::{User, path_of as user_path};
use crate::ui::view::View;
use crate::ui::{Site, time};

/// Most members and invitations on the page.
const MOST: usize = 200;
/// The list of users who are suggested.
const SUGGESTED: &str = "users";

#[derive(Debug, Deserialize)]
struct Roles {
    roles: Vec<Role>,
    default_role: Option<Role>,
}

#[derive(Debug, Deserialize)]
struct Role {
    key: String,
    name: Text,
}

pub(super) fn router() -> Router<Shape> {
    Router::new().at("/local/organizations/{organization_id}", get(show))
}

/// What the page is made of.
struct Found {
    organization: Organization,
    members: Listed<Membership>,
    invitations: Listed<Invitation>,
    /// Keys with names, and the key of what new members get.
    roles: (Vec<(String, String)>, String),
    users: Vec<User>,
}

impl Found {
    async fn of(site: &Site, asked: &str) -> Result<Self, Failed> {
        let api = &site.api;
        let organization: Organization = api
            .get(&endpoint(asked, "?include_members_count=true"))
            .await?;
        let pending = format!("/invitations?status=pending&limit={MOST}");
        Ok(Self {
            members: api
                .get(&endpoint(asked, &format!("/memberships?limit={MOST}")))
                .await?,
            invitations: api.get(&endpoint(asked, &pending)).await?,
            roles: roles(site, &organization).await?,
            users: api.get("/users?limit=50&order_by=-created_at").await?,
            organization,
        })
    }
}

/// The roles that members of the organization may have.
async fn roles(
    site: &Site,
    organization: &Organization,
) -> Result<(Vec<(String, String)>, String), Failed> {
    let Some(set) = &organization.role_set_key else {
        return Ok((Vec::new(), String::new()));
    };
    let set: Roles = site
        .api
        .get(&format!("/role_sets/{}", escaped(set.raw())))
        .await?;
    let options = set
        .roles
        .into_iter()
        .map(|role| (role.key, role.name.plain().into_owned()));
    let usual = set.default_role.map(|role| role.key).unwrap_or_default();
    Ok((options.collect(), usual))
}

async fn show(view: View, Path(asked): Path<String>) -> Result<Response, Failed> {
    let found = Found::of(&view, &asked).await?;
    let organization = &found.organization;
    let title = html! { (avatar(&organization.id, organization.name.raw())) (organization.name) };
    let below = html! { p.below { (id(&organization.id)) } };
    let form = FormOf::new(&view, format!("{}/delete", path_of(&organization.id)));
    let question =
        html! { "Delete " strong { (organization.name) } "? Members and invitations go too." };
    let actions = form.confirm("Delete", &question, "Delete organization");
    let main = html! {
        p.back { a href=(PATH) { "Organizations" } }
        (top(&title, &below, &actions))
        div.columns {
            div {
                (members(&view, &found))
                (invitations(&view, &found))
                (card("Metadata", &html! {}, &html! {
                    h3 { "Public" } (json(&organization.public_metadata))
                    h3 { "Private" } (json(&organization.private_metadata))
                }))
            }
            div {
                (card("Invite somebody", &html! {}, &invite(&view, &found)))
                (card("Add a member", &html! {}, &add(&view, &found)))
                (card("Details", &html! {}, &details(organization)))
            }
        }
    };
    Ok(page(
        &view,
        Section::Organizations,
        &organization.name.plain(),
        &main,
    ))
}

fn details(organization: &Organization) -> Markup {
    let most = organization.max_allowed_memberships;
    let creator = organization.created_by.as_ref();
    facts(&[
        ("Slug", maybe(organization.slug.as_ref())),
        (
            "Members at most",
            html! { @if most == 0 { "no limit" } @else { (count(most)) } },
        ),
        ("Role set", maybe(organization.role_set_key.as_ref())),
        (
            "Created by",
            html! { @if let Some(creator) = creator { a href=(user_path(creator)) { (id(creator)) } } @else { (maybe(None)) } },
        ),
        ("Created", moment(Some(organization.created_at))),
        ("Updated", moment(Some(organization.updated_at))),
    ])
}

fn members(view: &View, found: &Found) -> Markup {
    let total = html! { span.count { (count(found.members.total_count)) } };
    let inside = html! {
        @if found.members.data.is_empty() {
            div.empty { p { "Nobody is a member yet. Invite somebody, or add a user." } }
        } @else {
            ul.rows {
                @for one in &found.members.data {
                    @if let Some(member) = &one.public_user_data { (row(view, found, one, member)) }
                }
            }
            (cut(found.members.data.len(), found.members.total_count))
        }
    };
    card("Members", &total, &inside)
}

fn row(view: &View, found: &Found, membership: &Membership, member: &Member) -> Markup {
    let name = member.name();
    let base = format!(
        "{}/members/{}",
        path_of(&found.organization.id),
        escaped(member.user_id.raw())
    );
    let role = FormOf::new(view, format!("{base}/role"));
    let remove = FormOf::new(view, format!("{base}/remove"));
    let label = html! { span.hidden { "Role of " (name.plain()) } };
    let change = html! {
        (role.select("role", &label, &found.roles.0, membership.role.raw()))
        button.quiet { "Change" }
    };
    let identifier = member.identifier.as_ref().filter(|one| **one != name);
    html! {
        li {
            div.who {
                (avatar(&member.user_id, name.raw()))
                div {
                    a href=(user_path(&member.user_id)) { (name) }
                    @if let Some(identifier) = identifier { span.below { (identifier) } }
                    span.below { "since " (time::ago(membership.created_at, view.now())) }
                }
            }
            (role.with("line", &change))
            (remove.confirm("Remove", &html! { "Remove " strong { (name) } " from the organization?" }, "Remove member"))
        }
    }
}

fn invitations(view: &View, found: &Found) -> Markup {
    let total = html! { span.count { (count(found.invitations.total_count)) } };
    let inside = html! {
        @if found.invitations.data.is_empty() { div.empty { p { "There are no pending invitations." } } }
        @else {
            ul.rows {
                @for one in &found.invitations.data {
                    li {
                        div.grow {
                            strong { (one.email_address) }
                            span.below {
                                (one.role_name) ", invited " (time::ago(one.created_at, view.now()))
                                @if let Some(end) = one.expires_at { ", expires " (time::ago(end, view.now())) }
                            }
                        }
                        (FormOf::new(view, format!("{}/invitations/{}/revoke", path_of(&found.organization.id), escaped(one.id.raw())))
                            .confirm("Revoke", &html! { "Revoke the invitation of " strong { (one.email_address) } "?" }, "Revoke invitation"))
                    }
                }
            }
            (cut(found.invitations.data.len(), found.invitations.total_count))
        }
    };
    card("Pending invitations", &total, &inside)
}

/// Says that there is more than is shown.
fn cut(shown: usize, total: u64) -> Markup {
    let more = u64::try_from(shown).is_ok_and(|shown| shown < total);
    html! { @if more { p.small { "The first " (shown) " of " (count(total)) " are shown." } } }
}

fn invite(view: &View, found: &Found) -> Markup {
    let form = FormOf::new(
        view,
        format!("{}/invitations", path_of(&found.organization.id)),
    );
    let (roles, usual) = &found.roles;
    form.with(
        "fields",
        &html! {
            (form.field("email_address", "Email address").kind("email").required())
            (form.select("role", &html! { "Role" }, roles, usual))
            (form.field("redirect_url", "Redirect URL").kind("url").hint("Where the link in the email redirects to."))
            div.buttons { button.primary { "Send invitation" } }
        },
    )
}

fn add(view: &View, found: &Found) -> Markup {
    let form = FormOf::new(view, format!("{}/members", path_of(&found.organization.id)));
    let (roles, usual) = &found.roles;
    form.with(
        "fields",
        &html! {
            (form.field("user_id", "User").required().list(SUGGESTED).hint("An id, an email address or a username."))
            datalist id=(SUGGESTED) {
                @for user in &found.users { option value=(user.id.raw()) { (user.name().plain()) } }
            }
            (form.select("role", &html! { "Role" }, roles, usual))
            div.buttons { button { "Add member" } }
        },
    )
}
