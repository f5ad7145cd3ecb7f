//! The emails that would have been sent.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::api::Listed;
use super::failed::Failed;
use super::form::Form;
use super::frame::{Section, page};
use super::input::FormOf;
use super::list::Part;
use super::part::{avatar, card, facts, id, json, top};
use super::text::{Text, block};
use super::view::View;
use super::{Shape, time, users};
use crate::http::area::{escaped, ticket_page};
use crate::http::route::{Routes, get, post};

const PATH: &str = "/local/inbox";

/// What is shown of an email.
#[derive(Debug, Deserialize)]
struct Mail {
    id: Text,
    slug: Text,
    from_email_name: Text,
    to_email_address: Text,
    user_id: Option<Text>,
    subject: Text,
    body_plain: String,
    body: Text,
    data: Box<RawValue>,
    about: Text,
    link: Option<Text>,
    created_at: i64,
}

impl Mail {
    fn path(&self) -> String {
        format!("{PATH}/{}", escaped(self.id.raw()))
    }

    /// The page of the invitation that the email's link opens.
    fn invitation(&self) -> Option<String> {
        let (_, query) = self.link.as_ref()?.raw().split_once('?')?;
        let mut pairs = Form::pairs(query.as_bytes()).into_iter();
        let found = pairs.find(|(name, _)| name == "ticket");
        found.map(|(_, value)| ticket_page(&value))
    }
}

pub(super) fn router() -> Router<Shape> {
    Router::new()
        .at(PATH, get(list))
        .at("/local/inbox/clear", post(clear))
        .at("/local/inbox/{mail_id}", get(show))
        .at("/local/inbox/{mail_id}/delete", post(delete))
}

async fn list(view: View) -> Result<Response, Failed> {
    let part = Part::of(&view, PATH);
    let to = part.search.as_deref();
    let to = to.map_or_else(String::new, |to| format!("&to={}", escaped(to)));
    let path = format!("/mails?{}{to}", part.place());
    let found: Listed<Mail> = view.control.get(&path).await?;
    let empty = html! {
        p { "No emails yet." }
        p.small { "Invitations and verification codes come here, as no email leaves this machine." }
    };
    let clear = FormOf::new(&view, format!("{PATH}/clear"));
    let question = html! { "Delete all emails? Invitations stay." };
    let actions = html! {
        @if found.total_count > 0 { (clear.confirm("Clear", &question, "Forget all emails")) }
    };
    let main = html! {
        (top(&html! { "Inbox" }, &html! { p.below { "The emails that Clerk would have sent." } }, &actions))
        (part.search_form("Emails to an address", "The recipient's whole address"))
        @if found.data.is_empty() { (part.nothing(&empty)) } @else { (rows(&found.data, view.now())) }
        (part.pager(found.data.len(), found.total_count))
    };
    Ok(page(&view, Section::Inbox, "Inbox", &main))
}

fn rows(mails: &[Mail], now: i64) -> Markup {
    html! {
        ul.rows.mails {
            @for mail in mails {
                li {
                    (avatar(&mail.to_email_address, mail.to_email_address.raw()))
                    div.grow {
                        a.subject href=(mail.path()) { (mail.subject) }
                        span.below { "To " (mail.to_email_address) }
                    }
                    span.when { (time::ago(mail.created_at, now)) }
                }
            }
        }
    }
}

async fn show(view: View, Path(asked): Path<String>) -> Result<Response, Failed> {
    let path = format!("/mails/{}", escaped(&asked));
    let mail: Mail = view.control.get(&path).await?;
    let delete = FormOf::new(&view, format!("{}/delete", mail.path()));
    let actions = html! {
        @if let Some(invitation) = mail.invitation() {
            a.button.primary href=(invitation) { "Open the invitation" }
        }
        (delete.button("quiet danger", "Forget"))
    };
    let user = mail.user_id.as_ref();
    let about = facts(&[
        ("To", html! { (mail.to_email_address) }),
        ("From", html! { (mail.from_email_name) }),
        ("Sent", time::exact(mail.created_at)),
        ("Template", html! { code { (mail.slug) } }),
        ("About", id(&mail.about)),
        (
            "User",
            html! { @if let Some(user) = user { a href=(users::path_of(user)) { (id(user)) } } @else { (super::part::none()) } },
        ),
    ]);
    let main = html! {
        p.back { a href=(PATH) { "Inbox" } }
        (top(&html! { (mail.subject) }, &html! {}, &actions))
        div.columns {
            div {
                (card("Mail", &html! {}, &letter(&mail)))
                (card("Data of the template", &html! {}, &json(&mail.data)))
                (card("HTML", &html! {}, &html! {
                    details.more { summary { "Show the source" } pre.json tabindex="0" { (mail.body) } }
                }))
            }
            (card("Details", &html! {}, &about))
        }
    };
    Ok(page(&view, Section::Inbox, &mail.subject.plain(), &main))
}

/// The text, in which the link of its button can be followed.
fn letter(mail: &Mail) -> Markup {
    let link = mail.link.as_ref().filter(|_| mail.invitation().is_some());
    let split = link.and_then(|link| Some((link, mail.body_plain.split_once(link.raw())?)));
    html! {
        div.letter {
            @match split {
                Some((link, (before, after))) => { (block(before)) a href=(link.raw()) { (link) } (block(after)) }
                None => { (block(&mail.body_plain)) }
            }
        }
    }
}

async fn delete(State(site): State<Shape>, Path(asked): Path<String>, form: Form) -> Response {
    let path = format!("/mails/{}", escaped(&asked));
    match site.control.delete(&path).await {
        Ok(()) => site.done(PATH, "The email was deleted."),
        Err(error) => site.refused(PATH, &error, form),
    }
}

async fn clear(State(site): State<Shape>, form: Form) -> Response {
    match site.control.delete("/mails").await {
        Ok(()) => site.done(PATH, "All emails were deleted."),
        Err(error) => site.refused(PATH, &error, form),
    }
}
