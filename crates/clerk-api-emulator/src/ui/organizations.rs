//! Organizations: the list, and making one. One organization is in a file of its own.

mod change;
mod one;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::api::Listed;
use super::failed::Failed;
use super::form::Form;
use super::frame::{Section, page};
use super::input::FormOf;
use super::list::{Part, count};
use super::part::{avatar, badge, top};
use super::text::Text;
use super::view::View;
use super::{Shape, time};
use crate::http::area::escaped;
use crate::http::route::{Routes, get};

const PATH: &str = "/local/organizations";
const NEW: &str = "/local/organizations/new";

/// What is shown of an organization.
#[derive(Debug, Deserialize)]
pub(super) struct Organization {
    pub(super) id: Text,
    pub(super) name: Text,
    slug: Option<Text>,
    #[serde(default)]
    members_count: u64,
    #[serde(default)]
    pending_invitations_count: u64,
    max_allowed_memberships: u64,
    created_by: Option<Text>,
    role_set_key: Option<Text>,
    public_metadata: Box<RawValue>,
    private_metadata: Box<RawValue>,
    created_at: i64,
    updated_at: i64,
}

/// What is shown of a membership.
#[derive(Debug, Deserialize)]
pub(super) struct Membership {
    role: Text,
    pub(super) role_name: Text,
    pub(super) organization: Option<Organization>,
    public_user_data: Option<Member>,
    created_at: i64,
}

#[derive(Debug, Deserialize)]
struct Member {
    user_id: Text,
    first_name: Option<Text>,
    last_name: Option<Text>,
    identifier: Option<Text>,
}

impl Member {
    fn name(&self) -> Text {
        let names = [self.first_name.as_ref(), self.last_name.as_ref()];
        let names: Vec<_> = names.into_iter().flatten().map(Text::raw).collect();
        match names.join(" ").trim() {
            "" => self.identifier.as_ref().unwrap_or(&self.user_id).clone(),
            name => name.into(),
        }
    }
}

/// What is shown of an invitation.
#[derive(Debug, Deserialize)]
pub(super) struct Invitation {
    id: Text,
    email_address: Text,
    role_name: Text,
    pub(super) organization_id: Text,
    pub(super) public_organization_data: Option<Named>,
    pub(super) status: Text,
    created_at: i64,
    expires_at: Option<i64>,
}

/// An organization in an invitation.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) name: Text,
}

/// The page of the organization with this id.
pub(super) fn path_of(id: &Text) -> String {
    format!("{PATH}/{}", escaped(id.raw()))
}

/// The endpoint of the organization with this id.
fn endpoint(id: &str, rest: &str) -> String {
    format!("/organizations/{}{rest}", escaped(id))
}

/// The state of an invitation.
pub(super) fn status(word: &str) -> Markup {
    match word {
        "pending" => badge("warn", "Pending"),
        "accepted" => badge("good", "Accepted"),
        "revoked" => badge("bad", "Revoked"),
        "expired" => badge("", "Expired"),
        other => badge("", other),
    }
}

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at(PATH, get(list).post(create))
        .at(NEW, get(new))
        .merge(change::router())
        .merge(one::router())
}

async fn list(view: View) -> Result<Response, Failed> {
    let part = Part::of(&view, PATH);
    let query = part.query();
    let path = format!("/organizations?include_members_count=true&order_by=-created_at&{query}");
    let found: Listed<Organization> = view.api.get(&path).await?;
    let empty = html! {
        p { "There are no organizations yet." }
        p { a.button.primary href=(NEW) { "Create the first organization" } }
    };
    let new = html! { a.button.primary href=(NEW) { "Create organization" } };
    let main = html! {
        (top(&html! { "Organizations" }, &html! {}, &new))
        (part.search_form("Search organizations", "Name, slug, id"))
        @if found.data.is_empty() { (part.nothing(&empty)) } @else { (table(&found.data, view.now())) }
        (part.pager(found.data.len(), found.total_count))
    };
    Ok(page(&view, Section::Organizations, "Organizations", &main))
}

fn table(organizations: &[Organization], now: i64) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Organizations" {
            table {
                caption.hidden { "Organizations, the newest first" }
                thead {
                    tr {
                        th scope="col" { "Organization" }
                        th.number scope="col" { "Members" }
                        th.number scope="col" { "Invited" }
                        th scope="col" { "Created" }
                    }
                }
                tbody {
                    @for one in organizations {
                        tr {
                            th scope="row" {
                                div.who {
                                    (avatar(&one.id, one.name.raw()))
                                    div {
                                        a href=(path_of(&one.id)) { (one.name) }
                                        @if let Some(slug) = &one.slug { span.below { (slug) } }
                                    }
                                }
                            }
                            td.number data-label="Members" { (count(one.members_count)) }
                            td.number data-label="Invited" { (count(one.pending_invitations_count)) }
                            td data-label="Created" { (time::ago(one.created_at, now)) }
                        }
                    }
                }
            }
        }
    }
}

async fn new(view: View) -> Response {
    let form = FormOf::new(&view, PATH);
    let fields = html! {
        (form.field("name", "Name").required())
        (form.field("slug", "Slug").hint("Lower-case letters, digits and dashes; left empty, it is made from the name."))
        (form.field("created_by", "Creator").hint("The id of a user, who becomes its first member and admin."))
        div.buttons {
            button.primary { "Create organization" }
            a.button.quiet href=(PATH) { "Cancel" }
        }
    };
    let main = html! {
        (top(&html! { "Create an organization" }, &html! {}, &html! {}))
        section.card.narrow { (form.with("fields", &fields)) }
    };
    page(
        &view,
        Section::Organizations,
        "Create an organization",
        &main,
    )
}

async fn create(State(site): State<Shape>, form: Form) -> Response {
    let mut body = form.body(&["name", "slug", "created_by"]);
    if let Some(creator) = form.get("created_by") {
        match site.user(creator).await {
            Ok(id) => body.insert("created_by".to_owned(), id.raw().into()),
            Err(error) => return site.refused(NEW, &error, form),
        };
    }
    match site
        .api
        .send(Method::POST, "/organizations", &body.into())
        .await
    {
        Ok(organization) => {
            let id = Text::from(organization["id"].as_str().unwrap_or_default());
            site.done(&path_of(&id), "The organization was created.")
        }
        Err(error) => site.refused(NEW, &error, form),
    }
}
