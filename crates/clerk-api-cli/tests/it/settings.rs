//! The settings of the instance: a response without a body, lists that are replaced whole.

use crate::env::Env;

fn local() -> Env {
    Env::new().set("CLERK_API_LOCAL", "1")
}

#[test]
fn an_empty_answer_is_null_in_json_and_nothing_elsewhere() {
    let env = local();
    for (format, shown) in [
        ("json", "null\n"),
        ("ndjson", "null\n"),
        ("yaml", "null\n"),
        ("table", ""),
        ("csv", ""),
        ("ids", ""),
    ] {
        let line = ["instance", "update", "--hibp=false", "--output", format];
        let ran = env.run(line);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (0, shown),
            "{format}: {ran:?}"
        );
    }
    let ran = env.run(["instance", "update", "--hibp", "--jq", "."]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "null\n"), "{ran:?}");
}

#[test]
fn a_list_is_replaced_whole_and_one_empty_text_empties_it() {
    let env = local();
    let origins = |env: &Env| env.run(["instance", "get"]).json()["allowed_origins"].clone();
    let two = "clerk-api instance update --allowed-origins app://a --allowed-origins app://b";
    env.shell(two).json();
    assert_eq!(origins(&env), serde_json::json!(["app://a", "app://b"]));
    env.shell("clerk-api instance update --allowed-origins ''")
        .json();
    assert_eq!(origins(&env), serde_json::json!([]));
    let line = "clerk-api instance update-oauth-settings --clear default-scope";
    let reset = env.shell(line).json();
    assert_eq!(reset["default_scopes"][0], "profile");
    let line =
        "clerk-api instance update-communication --blocked-country DE --blocked-country XX --yes";
    let blocked = env.shell(line).json();
    assert_eq!(blocked["blocked_country_codes"], serde_json::json!(["DE"]));
}

#[test]
fn an_update_of_nothing_is_refused() {
    let ran = local().run(["instance", "update-organization-settings"]);
    assert_eq!(ran.error(2)["sent"], "no");
}
