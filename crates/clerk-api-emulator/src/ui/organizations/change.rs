//! What forms do to an organization, its members and its invitations.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use http::Method;
use serde_json::{Map, Value, json};

use super::{PATH, Shape, endpoint};
use crate::http::area::escaped;
use crate::http::error::{self, ApiError};
use crate::http::route::{Routes, post};
use crate::ui::Site;
use crate::ui::form::Form;
use crate::ui::text::Text;
use crate::ui::users::User;

pub(super) fn router() -> Router<Shape> {
    let one = "/local/organizations/{organization_id}";
    let member = format!("{one}/members/{{user_id}}");
    Router::new()
        .at(&format!("{one}/delete"), post(delete))
        .at(&format!("{one}/members"), post(add))
        .at(&format!("{member}/role"), post(change_role))
        .at(&format!("{member}/remove"), post(remove))
        .at(&format!("{one}/invitations"), post(invite))
        .at(
            &format!("{one}/invitations/{{invitation_id}}/revoke"),
            post(revoke),
        )
}

impl Site {
    /// Finds a user by id, email address or username.
    pub(super) async fn user(&self, text: &str) -> Result<Text, ApiError> {
        if text.starts_with("user_") {
            return Ok(text.into());
        }
        let filter = if text.contains('@') {
            "email_address"
        } else {
            "username"
        };
        let path = format!("/users?limit=2&{filter}={}", escaped(text));
        let found: Vec<User> = self.api.get(&path).await?;
        match found.as_slice() {
            [user] => Ok(user.id.clone()),
            [] => Err(error::not_found(format!("There is no user {text}."))),
            _ => Err(error::not_found(format!(
                "Several users have {text}: give the id of one."
            ))),
        }
    }
}

fn back(organization: &str) -> String {
    format!("{PATH}/{}", escaped(organization))
}

/// Ends a form of the organization's page.
fn ended(
    site: &Site,
    organization: &str,
    form: Form,
    outcome: Result<(), ApiError>,
    done: String,
) -> Response {
    match outcome {
        Ok(()) => site.done(&back(organization), done),
        Err(error) => site.refused(&back(organization), &error, form),
    }
}

async fn delete(
    State(site): State<Shape>,
    Path(organization): Path<String>,
    form: Form,
) -> Response {
    match site.api.delete(&endpoint(&organization, "")).await {
        Ok(()) => site.done(PATH, "The organization was deleted."),
        Err(error) => site.refused(&back(&organization), &error, form),
    }
}

async fn add(State(site): State<Shape>, Path(organization): Path<String>, form: Form) -> Response {
    let outcome = async {
        let user = site.user(form.get("user_id").unwrap_or_default()).await?;
        let body = json!({"user_id": user.raw(), "role": form.get("role")});
        let path = endpoint(&organization, "/memberships");
        site.api.send(Method::POST, &path, &body).await.map(drop)
    };
    let outcome = outcome.await;
    let done = "The user is a member now.".to_owned();
    ended(&site, &organization, form, outcome, done)
}

async fn change_role(
    State(site): State<Shape>,
    Path((organization, user)): Path<(String, String)>,
    form: Form,
) -> Response {
    let body = Value::from(form.body(&["role"]));
    let path = endpoint(&organization, &format!("/memberships/{}", escaped(&user)));
    let outcome = site.api.send(Method::PATCH, &path, &body).await.map(drop);
    let done = "The role was changed.".to_owned();
    ended(&site, &organization, form, outcome, done)
}

async fn remove(
    State(site): State<Shape>,
    Path((organization, user)): Path<(String, String)>,
    form: Form,
) -> Response {
    let path = endpoint(&organization, &format!("/memberships/{}", escaped(&user)));
    let outcome = site.api.delete(&path).await;
    let done = "The member was removed.".to_owned();
    ended(&site, &organization, form, outcome, done)
}

async fn invite(
    State(site): State<Shape>,
    Path(organization): Path<String>,
    form: Form,
) -> Response {
    let body: Map<String, Value> = form.body(&["email_address", "role", "redirect_url"]);
    let path = endpoint(&organization, "/invitations");
    let outcome = site.api.send(Method::POST, &path, &body.into()).await;
    let email = form.get("email_address").unwrap_or_default();
    let done = format!("{email} was invited.");
    ended(&site, &organization, form, outcome.map(drop), done)
}

async fn revoke(
    State(site): State<Shape>,
    Path((organization, invitation)): Path<(String, String)>,
    form: Form,
) -> Response {
    let rest = format!("/invitations/{}/revoke", escaped(&invitation));
    let path = endpoint(&organization, &rest);
    let outcome = site.api.send(Method::POST, &path, &json!({})).await;
    let done = "The invitation was revoked.".to_owned();
    ended(&site, &organization, form, outcome.map(drop), done)
}
