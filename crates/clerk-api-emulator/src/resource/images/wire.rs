//! Addresses of images. A placeholder's address says what to draw, as the vendor's does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

const HOST: &str = "https://img.clerk.com/";

#[derive(Serialize)]
struct Drawing<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    iid: &'a str,
    rid: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    initials: &'a str,
}

/// Returns the address of the placeholder of a user or an organization.
pub(crate) fn placeholder(instance_id: &str, owner_id: &str, initials: &str) -> String {
    address(&Drawing {
        kind: "default",
        iid: instance_id,
        rid: owner_id,
        initials,
    })
}

/// Returns the address of an uploaded image.
pub(crate) fn uploaded(instance_id: &str, image_id: &str) -> String {
    address(&Drawing {
        kind: "proxy",
        iid: instance_id,
        rid: image_id,
        initials: "",
    })
}

/// Returns the first letters of up to two names, in upper case.
pub(crate) fn initials(names: [Option<&str>; 2]) -> String {
    names
        .into_iter()
        .flatten()
        .filter_map(|name| name.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

fn address(drawing: &Drawing<'_>) -> String {
    let json = serde_json::to_vec(drawing).unwrap_or_default();
    let mut url = String::with_capacity(HOST.len() + json.len() * 4 / 3 + 2);
    url.push_str(HOST);
    URL_SAFE_NO_PAD.encode_string(json, &mut url);
    url
}
