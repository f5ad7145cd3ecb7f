//! `/redirect_urls`.

use serde_json::json;

use crate::client::App;

#[test]
fn a_url_comes_and_goes() {
    let mut app = App::start();
    let body = json!({"url": "my-app://oauth-callback"});
    let made = app.post("/redirect_urls", &body).ok();
    insta::assert_snapshot!(made.pretty());
    assert_eq!(
        app.post("/redirect_urls", &body).errors(),
        "422 form_already_exists(url)"
    );
    let path = format!("/redirect_urls/{}", made.id());
    assert_eq!(app.get(&path).ok().text, made.text);
    let gone = json!({"object": "redirect_url", "id": made.id(), "deleted": true});
    assert_eq!(app.delete(&path).ok().json(), gone);
    assert_eq!(app.get(&path).errors(), "404 resource_not_found");
    assert_eq!(app.delete(&path).errors(), "404 resource_not_found");
    app.post("/redirect_urls", &body).ok();
}

#[test]
fn the_newest_come_first() {
    let mut app = App::start();
    let mut ids: Vec<String> = (0..3)
        .map(|n| {
            let body = json!({"url": format!("https://example.com/{n}")});
            app.post("/redirect_urls", &body).ok().id()
        })
        .collect();
    ids.reverse();
    assert_eq!(app.get("/redirect_urls").ok().ids(), ids);
    let page = app
        .get("/redirect_urls?paginated=true&limit=1&offset=2")
        .ok();
    assert_eq!(page.ids(), ids[2..]);
    assert_eq!(page.json()["total_count"], 3);
}

#[test]
fn only_secure_urls_are_taken() {
    let mut app = App::start();
    let cases = [
        (json!({}), "422 form_param_missing(url)"),
        (
            json!({"url": "callback"}),
            "422 form_param_format_invalid(url)",
        ),
        (
            json!({"url": "http://example.com"}),
            "422 insecure_url(url)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/redirect_urls", &body).errors(), errors, "{body}");
    }
}
