//! What to do next, as a person meets it: a few errors of every kind. The whole table: `src/hints`.

use crate::env::Env;

#[test]
fn a_hint_is_about_what_was_asked() {
    let env = Env::new().set("CLERK_API_LOCAL", "1");
    env.shell("clerk-api organizations create --name Acme --slug acme")
        .json();
    env.shell("clerk-api users create --email ada@example.com --username ada_l --skip-password-requirement").json();
    for (line, says, not) in [
        (
            "organizations create --name www.acme.com",
            "HTML or a web address",
            "role",
        ),
        (
            "organizations create --name Acme --slug acme",
            "clerk-api organizations get <SLUG>",
            "users get",
        ),
        (
            "organizations add-member acme --user-id ada_l --role admin",
            "clerk-api roles list",
            "case-sensitive",
        ),
        (
            "invitations create acme --email grace@example.com --role admin",
            "such as org:admin",
            "case-sensitive",
        ),
        (
            "users create --email ada@example.com --skip-password-requirement",
            "clerk-api users get",
            "organizations",
        ),
        (
            "users get user_2abc",
            "clerk-api users list --query",
            "organizations",
        ),
        (
            "organizations get org_2abc",
            "clerk-api organizations list --query",
            "users",
        ),
        (
            "roles create --name Admin --key org:admin",
            "clerk-api roles list",
            "users",
        ),
    ] {
        let ran = env.shell(&format!("clerk-api {line}"));
        assert_ne!(ran.code, 0, "{line}");
        let error = ran.error(ran.code);
        let hint = error["hint"]
            .as_str()
            .unwrap_or_else(|| panic!("{line}: {error}"));
        assert!(
            hint.contains(says) && !hint.contains(not),
            "{line}: {error}"
        );
    }
}
