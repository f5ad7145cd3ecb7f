//! `/local/api`: only for callers with the control token.

use clerk_api_emulator::Database;

use crate::client::{App, KEY, config};

#[test]
fn the_server_tells_about_itself_only_to_the_holder_of_its_token() {
    // reliability 11.3
    let mut with_token = config(Database::Memory);
    with_token.control_token = Some("lct_test".to_owned());
    let mut app = App::with(with_token);
    let key = format!("Bearer {KEY}");
    for (authorization, status) in [("", 401), (key.as_str(), 401), ("Bearer lct_test", 200)] {
        let answer = app.local(
            "GET",
            "/api/status",
            &[("authorization", authorization)],
            None,
        );
        assert_eq!(answer.status, status, "{authorization}: {}", answer.text);
    }
    let token = [("authorization", "Bearer lct_test")];
    let status = app.local("GET", "/api/status", &token, None).json();
    assert_eq!(status["users"], 0);
    // The token opens nothing else.
    assert_eq!(app.send("GET", "/users", &token, None).status, 401);
    let other_site = [token[0], ("origin", "http://evil.test")];
    assert_eq!(
        app.local("GET", "/api/status", &other_site, None).status,
        403
    );
}
