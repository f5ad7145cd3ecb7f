//! `PUT` and `DELETE /organizations/{organization_id}/logo`.

use serde_json::json;

use crate::client::{Answer, App};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

/// The name of a part of a form and what is in it.
type Part<'a> = (&'a str, &'a [u8]);

/// Sends a form with these parts.
fn put(app: &mut App, path: &str, parts: &[Part<'_>]) -> Answer {
    let mut body = Vec::new();
    for (name, bytes) in parts {
        let head = format!(
            "--frontier\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"x\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--frontier--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=frontier")];
    app.send("PUT", path, &headers, Some(&body))
}

fn organization(app: &mut App) -> String {
    let made = app.post("/organizations", &json!({"name": "Acme"})).ok();
    format!("/organizations/{}", made.id())
}

#[test]
fn a_logo_is_put_replaced_and_removed() {
    let mut app = App::start();
    let path = organization(&mut app);
    let user = app.user("jane@example.com");
    let placeholder = app.get(&path).json()["image_url"].clone();
    let logo = format!("{path}/logo");
    let with = put(&mut app, &logo, &[("file", PNG)]).ok().json();
    assert_eq!(with["has_image"], true);
    assert_ne!(with["image_url"], placeholder);
    assert_eq!(with["logo_url"], with["image_url"]);
    let read = app.get(&path).ok().json();
    assert_eq!(read["image_url"], with["image_url"]);
    assert!(read.get("logo_url").is_none());
    let parts = [("uploader_user_id", user.as_bytes()), ("file", b"GIF89a")];
    let again = put(&mut app, &logo, &parts).ok().json();
    assert_ne!(again["image_url"], with["image_url"]);
    let renamed = app.patch(&path, &json!({"name": "Zeta"})).ok().json();
    assert_eq!(renamed["image_url"], again["image_url"]);
    app.patch(&path, &json!({"name": "Acme"})).ok();
    let without = app.delete(&logo).ok().json();
    assert_eq!(
        (&without["has_image"], &without["image_url"]),
        (&json!(false), &placeholder)
    );
}

#[test]
fn what_is_no_image_is_refused() {
    let mut app = App::start();
    let logo = format!("{}/logo", organization(&mut app));
    let cases: [(&[Part<'_>], &str); 4] = [
        (&[("file", b"<svg/>")], "400 request_body_invalid"),
        (&[("file", b"")], "400 request_body_invalid"),
        (&[("picture", PNG)], "400 form_param_missing(file)"),
        (
            &[("file", PNG), ("uploader_user_id", b"user_x")],
            "404 resource_not_found",
        ),
    ];
    for (parts, errors) in cases {
        assert_eq!(put(&mut app, &logo, parts).errors(), errors);
    }
    let json = app.put(&logo, &json!({"file": "x"}));
    assert_eq!(json.errors(), "400 request_body_invalid");
    let mut large = PNG.to_vec();
    large.resize((10 << 20) + 1, 0);
    let answer = put(&mut app, &logo, &[("file", &large)]);
    assert_eq!(answer.errors(), "413 image_too_large");
    let answer = put(&mut app, "/organizations/org_x/logo", &[("file", PNG)]);
    assert_eq!(answer.errors(), "404 resource_not_found");
    let answer = app.delete("/organizations/org_x/logo");
    assert_eq!(answer.errors(), "404 resource_not_found");
}
