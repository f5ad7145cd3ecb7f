//! Users: the list, and making one. One user is in a file of its own.

mod one;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::failed::Failed;
use super::form::Form;
use super::frame::{Section, page};
use super::input::FormOf;
use super::list::Part;
use super::part::{avatar, badge, card, maybe, top};
use super::text::Text;
use super::view::View;
use super::{Shape, time};
use crate::http::route::{Routes, get};

const PATH: &str = "/local/users";
const NEW: &str = "/local/users/new";

/// What is shown of a user.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: Text,
    first_name: Option<Text>,
    last_name: Option<Text>,
    username: Option<Text>,
    external_id: Option<Text>,
    primary_email_address_id: Option<Text>,
    primary_phone_number_id: Option<Text>,
    email_addresses: Vec<Email>,
    phone_numbers: Vec<Phone>,
    public_metadata: Box<RawValue>,
    private_metadata: Box<RawValue>,
    unsafe_metadata: Box<RawValue>,
    password_enabled: bool,
    two_factor_enabled: bool,
    banned: bool,
    locked: bool,
    last_sign_in_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Debug, Deserialize)]
struct Email {
    id: Text,
    email_address: Text,
    verification: Option<Verification>,
}

#[derive(Debug, Deserialize)]
struct Phone {
    id: Text,
    phone_number: Text,
    verification: Option<Verification>,
}

#[derive(Debug, Deserialize)]
struct Verification {
    status: String,
}

impl User {
    fn primary_email(&self) -> Option<&Text> {
        let primary = self.primary_email_address_id.as_ref()?;
        let found = self
            .email_addresses
            .iter()
            .find(|email| email.id == *primary)?;
        Some(&found.email_address)
    }

    /// What somebody would call this user.
    pub(super) fn name(&self) -> Text {
        let names = [self.first_name.as_ref(), self.last_name.as_ref()];
        let names: Vec<_> = names.into_iter().flatten().map(Text::raw).collect();
        let other = || {
            let phone = self.phone_numbers.first().map(|phone| &phone.phone_number);
            let found = self.username.as_ref().or(self.primary_email()).or(phone);
            found.unwrap_or(&self.id).clone()
        };
        match names.join(" ").trim() {
            "" => other(),
            name => name.into(),
        }
    }

    pub(super) fn path(&self) -> String {
        path_of(&self.id)
    }
}

/// The page of the user with this id.
pub(super) fn path_of(id: &Text) -> String {
    format!("{PATH}/{}", crate::http::area::escaped(id.raw()))
}

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at(PATH, get(list).post(create))
        .at(NEW, get(new))
        .merge(one::router())
}

async fn list(view: View) -> Result<Response, Failed> {
    let part = Part::of(&view, PATH);
    let query = part.query();
    let users: Vec<User> = view
        .api
        .get(&format!("/users?order_by=-created_at&{query}"))
        .await?;
    let total: Value = view
        .api
        .get(&format!("/users/count?{}", part.filter()))
        .await?;
    let total = total["total_count"].as_u64().unwrap_or(0);
    let empty = html! {
        p { "There are no users yet." }
        p { a.button.primary href=(NEW) { "Create the first user" } }
        p.small { "Or fill the instance with made-up people: " code { "clerk-api local seed" } }
    };
    let main = html! {
        (top(&html! { "Users" }, &html! {}, &html! { a.button.primary href=(NEW) { "Create user" } }))
        (part.search_form("Search users", "Name, email address, phone number, id"))
        @if users.is_empty() { (part.nothing(&empty)) } @else { (table(&users, view.now())) }
        (part.pager(users.len(), total))
    };
    Ok(page(&view, Section::Users, "Users", &main))
}

fn table(users: &[User], now: i64) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Users" {
            table {
                caption.hidden { "Users, the newest first" }
                thead {
                    tr {
                        th scope="col" { "User" }
                        th scope="col" { "Username" }
                        th scope="col" { "State" }
                        th scope="col" { "Last sign-in" }
                        th scope="col" { "Created" }
                    }
                }
                tbody {
                    @for user in users {
                        tr {
                            th scope="row" { (who(user)) }
                            td data-label="Username" { (maybe(user.username.as_ref())) }
                            td { (state(user)) }
                            td data-label="Last sign-in" { @if let Some(at) = user.last_sign_in_at { (time::ago(at, now)) } @else { span.none { "never" } } }
                            td data-label="Created" { (time::ago(user.created_at, now)) }
                        }
                    }
                }
            }
        }
    }
}

/// Picture, name and address, with the way to the user's page.
fn who(user: &User) -> Markup {
    let name = user.name();
    html! {
        div.who {
            (avatar(&user.id, name.raw()))
            div {
                a href=(user.path()) { (name) }
                @if let Some(email) = user.primary_email().filter(|email| **email != name) { span.below { (email) } }
            }
        }
    }
}

fn state(user: &User) -> Markup {
    html! {
        @if user.banned { (badge("bad", "Banned")) }
        @if user.locked { (badge("warn", "Locked")) }
        @if !user.banned && !user.locked { (badge("good", "Active")) }
    }
}

/// A few users, for other pages.
pub(super) fn short(users: &[User], now: i64) -> Markup {
    html! {
        @if users.is_empty() {
            div.empty { p { "Nobody yet." } p { a.button href=(NEW) { "Create a user" } } }
        } @else {
            ul.rows {
                @for user in users { li { (who(user)) span.when { (time::ago(user.created_at, now)) } } }
            }
        }
    }
}

async fn new(view: View) -> Response {
    let form = FormOf::new(&view, PATH);
    let fields = html! {
        (form.field("email_address", "Email address").kind("email").hint("It counts as verified."))
        div.pair {
            (form.field("first_name", "First name"))
            (form.field("last_name", "Last name"))
        }
        div.pair {
            (form.field("username", "Username"))
            (form.field("phone_number", "Phone number").kind("tel").hint("With its country, such as +12015550100."))
        }
        (form.field("password", "Password").kind("password").hint("At least 8 characters; left empty, the user has none."))
        div.buttons {
            button.primary { "Create user" }
            a.button.quiet href=(PATH) { "Cancel" }
        }
    };
    let main = html! {
        (top(&html! { "Create a user" }, &html! {}, &html! {}))
        section.card.narrow { (form.with("fields", &fields)) }
    };
    page(&view, Section::Users, "Create a user", &main)
}

async fn create(State(site): State<Shape>, form: Form) -> Response {
    let mut body = form.body(&["first_name", "last_name", "username", "password"]);
    for name in ["email_address", "phone_number"] {
        if let Some(value) = form.get(name) {
            body.insert(name.to_owned(), json!([value]));
        }
    }
    if form.get("password").is_none() {
        body.insert("skip_password_requirement".to_owned(), true.into());
    }
    match site.api.send(Method::POST, "/users", &body.into()).await {
        Ok(user) => {
            let id = Text::from(user["id"].as_str().unwrap_or_default());
            site.done(&path_of(&id), "The user was created.")
        }
        Err(error) => site.refused(NEW, &error, form),
    }
}

/// The endpoint of the user with this id.
fn endpoint(id: &str, rest: &str) -> String {
    format!("/users/{}{rest}", crate::http::area::escaped(id))
}

/// A card with a user's identifications.
fn identifications(user: &User) -> Markup {
    let verified = |verification: Option<&Verification>| {
        let proven = verification.is_some_and(|one| one.status == "verified");
        if proven {
            badge("good", "Verified")
        } else {
            badge("warn", "Unverified")
        }
    };
    let row = |text: &Text, primary: bool, verification: Option<&Verification>| {
        html! {
            li {
                span.grow { (text) }
                @if primary { (badge("", "Primary")) }
                (verified(verification))
            }
        }
    };
    let inside = html! {
        @if user.email_addresses.is_empty() && user.phone_numbers.is_empty() {
            div.empty { p { "No email address and no phone number." } }
        }
        ul.rows {
            @for one in &user.email_addresses {
                (row(&one.email_address, Some(&one.id) == user.primary_email_address_id.as_ref(), one.verification.as_ref()))
            }
            @for one in &user.phone_numbers {
                (row(&one.phone_number, Some(&one.id) == user.primary_phone_number_id.as_ref(), one.verification.as_ref()))
            }
        }
    };
    card("Email addresses and phone numbers", &html! {}, &inside)
}
