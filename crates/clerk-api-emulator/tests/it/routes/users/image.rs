//! `POST` and `DELETE /users/{user_id}/profile_image`.

use crate::client::{Answer, App};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn upload(app: &mut App, user: &str, part: &str, file: &[u8]) -> Answer {
    let head = format!(
        "--limit\r\ncontent-disposition: form-data; name=\"{part}\"; filename=\"me.txt\"\r\ncontent-type: text/plain\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--limit--\r\n"].concat();
    let path = format!("/users/{user}/profile_image");
    let form = [("content-type", "multipart/form-data; boundary=limit")];
    app.send("POST", &path, &form, Some(&body))
}

#[test]
fn an_image_replaces_the_placeholder_until_it_is_deleted() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let path = format!("/users/{id}");
    let before = app.get(&path).json();
    let first = upload(&mut app, &id, "file", PNG).ok();
    assert_eq!(app.get(&path).text, first.text);
    assert_eq!(first.json()["has_image"], true);
    assert_ne!(first.json()["image_url"], before["image_url"]);
    let second = upload(&mut app, &id, "file", b"GIF89a").ok().json();
    assert_ne!(second["image_url"], first.json()["image_url"]);

    let image = format!("{path}/profile_image");
    let gone = app.delete(&image).ok().json();
    assert_eq!(gone["has_image"], false);
    assert_eq!(gone["image_url"], before["image_url"]);
    assert_eq!(
        app.delete(&image).ok().json(),
        gone,
        "again changes nothing"
    );
}

#[test]
fn what_is_no_image_is_refused() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let text = upload(&mut app, &id, "file", b"<svg/>");
    assert_eq!(text.errors(), "400 request_body_invalid");
    let elsewhere = upload(&mut app, &id, "image", PNG);
    assert_eq!(elsewhere.errors(), "400 form_param_missing(file)");
    let mut large = PNG.to_vec();
    large.resize((10 << 20) + 1, 0);
    let large = upload(&mut app, &id, "file", &large);
    assert_eq!(large.errors(), "413 image_too_large");
    let json = app.send(
        "POST",
        &format!("/users/{id}/profile_image"),
        &[],
        Some(b"{}"),
    );
    assert_eq!(json.errors(), "400 request_body_invalid");
    assert_eq!(app.get(&format!("/users/{id}")).json()["has_image"], false);
}

#[test]
fn an_unknown_user_has_no_image() {
    let mut app = App::start();
    let answer = upload(&mut app, "user_x", "file", PNG);
    assert_eq!(answer.errors(), "404 resource_not_found");
    let answer = app.delete("/users/user_x/profile_image");
    assert_eq!(answer.errors(), "404 resource_not_found");
}
