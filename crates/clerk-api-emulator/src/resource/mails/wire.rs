//! An email that would have been sent: its facts, as they are stored, and the email that is written from them.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the emails of a local instance call the application.
const APPLICATION: &str = "Local Clerk";
/// The part before the `@` of their sender.
const FROM: &str = "notifications";

/// An email as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Mail {
    pub(crate) id: String,
    /// The template.
    pub(crate) slug: Cow<'static, str>,
    pub(crate) to: String,
    /// The id of the object that it is about.
    pub(crate) about: String,
    pub(crate) user_id: Option<String>,
    pub(crate) email_address_id: Option<String>,
    pub(crate) facts: Facts,
    pub(crate) created_at: i64,
}

/// What an email says. Links are stored without the address of the server, which is another after every start.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Facts {
    Invitation {
        link: String,
    },
    OrganizationInvitation {
        link: String,
        organization: String,
        role: String,
        inviter: Option<String>,
    },
    VerificationCode {
        code: String,
    },
    WaitlistConfirmation,
}

/// An email as Clerk's `email.created` event has it.
#[derive(Debug, Serialize)]
pub(crate) struct Email {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) slug: Cow<'static, str>,
    pub(crate) from_email_name: &'static str,
    pub(crate) reply_to_email_name: Option<String>,
    pub(crate) to_email_address: String,
    pub(crate) email_address_id: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) body_plain: String,
    pub(crate) status: &'static str,
    pub(crate) data: Value,
    pub(crate) delivered_by_clerk: bool,
}

/// An email as the control API answers it.
#[derive(Debug, Serialize)]
pub(crate) struct Received {
    #[serde(flatten)]
    pub(crate) email: Email,
    /// What the email is about: the id of an invitation or of an email address.
    pub(crate) about: String,
    /// Where its button leads, if it has one.
    pub(crate) link: Option<String>,
    pub(crate) created_at: i64,
}

impl Mail {
    pub(crate) fn new(
        id: String,
        slug: &'static str,
        to: String,
        about: &str,
        facts: Facts,
        now: i64,
    ) -> Self {
        Self {
            id,
            slug: Cow::Borrowed(slug),
            to,
            about: about.to_owned(),
            user_id: None,
            email_address_id: None,
            facts,
            created_at: now,
        }
    }

    /// Writes the email; `server` is the address that its link gets.
    pub(crate) fn written(&self, server: &str) -> Email {
        let text = Text::of(&self.facts, server);
        let mut data = text.data;
        data["app"] = json!({"name": APPLICATION, "url": server, "logo_image_url": null});
        let button = text.button.as_ref();
        Email {
            object: "email",
            id: self.id.clone(),
            slug: self.slug.clone(),
            from_email_name: FROM,
            reply_to_email_name: None,
            to_email_address: self.to.clone(),
            email_address_id: self.email_address_id.clone(),
            user_id: self.user_id.clone(),
            body: html(&text.subject, &text.sentences, button),
            body_plain: plain(&text.sentences, button),
            subject: text.subject,
            status: "queued",
            data,
            delivered_by_clerk: true,
        }
    }

    /// Writes the email with what is known of it beside.
    pub(crate) fn received(&self, server: &str) -> Received {
        Received {
            email: self.written(server),
            about: self.about.clone(),
            link: Text::of(&self.facts, server).button.map(|(_, link)| link),
            created_at: self.created_at,
        }
    }
}

struct Text {
    subject: String,
    sentences: Vec<String>,
    /// What is written on the button, and where it leads.
    button: Option<(&'static str, String)>,
    /// The facts by the names that Clerk's templates give them.
    data: Value,
}

impl Text {
    fn of(facts: &Facts, server: &str) -> Self {
        match facts {
            Facts::Invitation { link } => {
                let url = format!("{server}{link}");
                Self {
                    subject: format!("You are invited to {APPLICATION}"),
                    sentences: vec![format!("You have been invited to join {APPLICATION}.")],
                    data: json!({"action_url": url}),
                    button: Some(("Accept invitation", url)),
                }
            }
            Facts::OrganizationInvitation {
                link,
                organization,
                role,
                inviter,
            } => {
                let url = format!("{server}{link}");
                let who = inviter.as_deref().unwrap_or("Somebody");
                Self {
                    subject: format!("{who} invites you to {organization}"),
                    sentences: vec![format!(
                        "{who} has invited you to join {organization} on {APPLICATION} as {role}."
                    )],
                    data: json!({
                        "action_url": url, "inviter_name": inviter,
                        "org": {"name": organization}, "role_name": role,
                    }),
                    button: Some(("Join organization", url)),
                }
            }
            Facts::WaitlistConfirmation => Self {
                subject: format!("You are on the waitlist of {APPLICATION}"),
                sentences: vec![format!(
                    "Thank you for your interest in {APPLICATION}. You will hear from us when it is your turn."
                )],
                button: None,
                data: json!({}),
            },
            Facts::VerificationCode { code } => Self {
                subject: format!("{code} is your verification code"),
                sentences: vec![
                    format!("Your code for {APPLICATION} is {code}."),
                    "Do not give it to anybody.".to_owned(),
                ],
                button: None,
                data: json!({"otp_code": code}),
            },
        }
    }
}

fn html(subject: &str, sentences: &[String], button: Option<&(&str, String)>) -> String {
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head><body><h1>{0}</h1>",
        escape(subject)
    );
    for sentence in sentences {
        let _ = write!(html, "<p>{}</p>", escape(sentence));
    }
    if let Some((words, link)) = button {
        let _ = write!(html, "<p><a href=\"{}\">{words}</a></p>", escape(link));
    }
    html + "</body></html>\n"
}

fn plain(sentences: &[String], button: Option<&(&str, String)>) -> String {
    let mut text = sentences.join("\n\n");
    if let Some((words, link)) = button {
        let _ = write!(text, "\n\n{words}: {link}");
    }
    text + "\n"
}

/// Escapes what means something in HTML, in text and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_write_html() {
        // reliability 11.3
        let facts = Facts::OrganizationInvitation {
            link: "/v1/tickets/accept?ticket=1".to_owned(),
            organization: "<script>alert('1')</script>".to_owned(),
            role: "Member".to_owned(),
            inviter: Some("\"Eve\" & Co".to_owned()),
        };
        let to = "jane@example.com".to_owned();
        let mail = Mail::new(
            "ema_1".to_owned(),
            "organization_invitation",
            to,
            "orginv_1",
            facts,
            1,
        );
        let email = mail.written("http://127.0.0.1:1");
        assert!(!email.body.contains("<script"), "{}", email.body);
        assert!(email.body.contains("&quot;Eve&quot; &amp; Co"));
        assert!(email.body_plain.contains("\"Eve\" & Co"));
        let link = "http://127.0.0.1:1/v1/tickets/accept?ticket=1";
        assert!(email.body.contains(&format!("href=\"{link}\"")));
        assert_eq!(
            mail.received("http://127.0.0.1:1").link.as_deref(),
            Some(link)
        );
    }
}
