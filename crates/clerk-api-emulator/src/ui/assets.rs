//! The style sheet and the script, at addresses that change with what is in them.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest as _, Sha256};

use super::Shape;
use super::failed::Failed;
use crate::http::route::{Routes, get};

/// What all addresses of this kind begin with. They hold no data and need no cookie.
pub(super) const PREFIX: &str = "/local/assets/";

const STYLE: &str = concat!(
    include_str!("assets/base.css"),
    include_str!("assets/site.css"),
    include_str!("assets/card.css"),
    include_str!("assets/table.css"),
    include_str!("assets/form.css"),
    include_str!("assets/alone.css"),
    include_str!("assets/phone.css"),
);
const SCRIPT: &str = include_str!("assets/page.js");

/// The names below the prefix.
#[derive(Debug)]
pub(super) struct Assets {
    style: String,
    script: String,
}

impl Assets {
    pub(super) fn new() -> Self {
        Self {
            style: format!("page-{}.css", hash(STYLE)),
            script: format!("page-{}.js", hash(SCRIPT)),
        }
    }

    pub(super) fn style(&self) -> String {
        format!("{PREFIX}{}", self.style)
    }

    pub(super) fn script(&self) -> String {
        format!("{PREFIX}{}", self.script)
    }
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(super) fn router() -> Router<Shape> {
    Router::new().at("/local/assets/{name}", get(serve))
}

async fn serve(State(site): State<Shape>, Path(name): Path<String>) -> Result<Response, Failed> {
    let (kind, text) = if name == site.assets.style {
        ("text/css; charset=utf-8", STYLE)
    } else if name == site.assets.script {
        ("text/javascript; charset=utf-8", SCRIPT)
    } else {
        return Err(Failed::not_found("There is no such file."));
    };
    let forever = "public, max-age=31536000, immutable";
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, forever)], text).into_response())
}
