//! What the configuration protects, and names that are looked up: a guard that cannot be evaluated refuses.

use crate::env::Env;
use crate::server::{Answer, Server};

const BOSS: &str = r#"[{"id":"user_2boss","email_addresses":[{"id":"idn_2boss","email_address":"boss@example.com"}],
    "passkeys":[{"id":"idn_2key"}],"external_accounts":[{"id":"eac_2boss"}]}]"#;

fn answer(body: &str) -> Answer {
    Answer::json(200, "", body)
}

/// A server that answers every look-up so, and every write with an object. It has an instance and these users, by their ids.
fn looked_up(look: Answer) -> Server {
    Server::answering(move |_, request| {
        if request.starts_with("GET /v1/instance ") {
            answer(r#"{"id":"ins_2a"}"#)
        } else if request.starts_with("GET /v1/users?") && request.contains("user_id=") {
            answer(r#"[{"id":"user_2boss"},{"id":"user_2other"}]"#)
        } else if request.starts_with("GET ") {
            look.clone()
        } else {
            answer("{}")
        }
    })
}

/// What the configuration protects at this server; a retry waits no time worth speaking of.
fn protecting(server: &Server, entries: &str) -> Env {
    at(server, &format!("protected = {entries}\n"))
}

fn at(server: &Server, config: &str) -> Env {
    Env::at(&server.url).config(&format!("{config}[http]\nbackoff_ms = 1\n"))
}

/// Everything that was sent and is no look-up.
fn writes(server: &Server) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests
        .filter(|request| !request.starts_with("GET "))
        .collect()
}

#[test]
fn reliability_6_3_no_write_touches_what_is_protected() {
    let server = looked_up(answer(BOSS));
    let env = protecting(&server, "[\"Boss@example.com\", \"org_2abc\"]");
    for command in [
        "organizations delete org_2abc --yes",
        "organizations update org_2abc --name X",
        "organizations remove-member org_2abc --user-id user_2other --yes",
        "organizations remove-member org_2other --user-id user_2boss",
        "organizations update-member org_2other --user-id user_2boss --role org:member",
        "invitations create org_2abc --email new@example.com --role org:member",
        "users delete user_2boss --yes",
        "users delete boss@example.com --yes",
        "users ban user_2boss",
        "users lock user_2boss",
        "users update user_2boss --first-name X",
        "users replace-metadata user_2boss --public {}",
        "users bulk-ban --user-ids user_2other,user_2boss --yes",
        "users delete-passkey user_2boss --passkey-identification-id idn_2key",
        "users delete-external-account user_2boss --external-account-id eac_2boss",
        "email-addresses delete idn_2boss",
        "email-addresses create --user-id user_2other --email BOSS@example.com",
        "blocklist add --identifier boss@example.com",
        "sign-in-tokens create --user-id user_2boss",
    ] {
        let ran = env.run(command.split(' '));
        let error = ran.error(7);
        assert!(ran.stderr.contains("is protected"), "{command}: {error}");
        env.run(command.split(' ').chain(["--dry-run"])).error(7);
    }
    assert!(writes(&server).is_empty());
    // Of many objects, the others are not kept from it.
    env.run([
        "users",
        "delete",
        "user_2other",
        "user_2boss",
        "--yes",
        "--results",
        "results",
    ])
    .error(3);
    let results = std::fs::read_to_string(env.home().join("results")).unwrap();
    assert!(results.contains("is protected"), "{results}");
    let others = writes(&server);
    assert_eq!(others.len(), 1, "{others:?}");
    assert!(others[0].starts_with("DELETE /v1/users/user_2other "));
}

#[test]
fn reliability_7_7c_protection_that_cannot_be_looked_up_refuses() {
    for look in [
        answer("{}"),
        answer("null"),
        answer("42"),
        answer(&format!("{{\"data\":{BOSS},\"total_count\":1}}")),
        answer("[{\"x\":1}]"),
        answer("[{\"id\":5}]"),
        answer("[{\"id\":\"org_2a\"}]"),
        // Someone who does not have the address: the filter was not kept to.
        answer("[{\"id\":\"user_2other\",\"email_addresses\":[]}]"),
        answer("<html>"),
        Answer::json(204, "", ""),
        Answer::error(401, "", "unauthorized", "No."),
        Answer::error(403, "", "forbidden", "No."),
        Answer::error(404, "", "resource_not_found", "No."),
    ] {
        let server = looked_up(look);
        let env = protecting(&server, "[\"boss@example.com\"]");
        for command in [
            "users delete user_2abc",
            "users ban user_2abc user_2def --yes",
        ] {
            let error = env.run(command.split(' ')).error(7);
            assert_eq!(error["code"], "refused");
        }
        assert!(writes(&server).is_empty());
    }
    // A slug that is not there protects nothing, and only Clerk's own response says so.
    for (look, code) in [
        (Answer::error(404, "", "resource_not_found", "No."), 0),
        (Answer::json(404, "", "<html>"), 7),
        (answer("{}"), 7),
        (answer(r#"{"id":"org_2other","slug":"other"}"#), 7),
        (answer(r#"{"id":"org_2acme","slug":"acme"}"#), 7),
    ] {
        let server = Server::start(vec![look, answer("{}")]);
        let env = protecting(&server, "[\"acme\"]");
        let ran = env.run(["organizations", "delete", "org_2acme"]);
        assert_eq!(ran.code, code, "{ran:?}");
    }
    let env = Env::new().config("protected = [\"Boss\"]");
    let message = env.run(["users", "list"]).error(2)["message"].clone();
    assert_eq!(
        message,
        "protected: \"Boss\" is not an id, email address or slug"
    );
}

#[test]
fn a_session_is_its_users() {
    let session = |user: &str| answer(&format!(r#"{{"id":"sess_2a","user_id":"{user}"}}"#));
    for (look, code) in [
        (session("user_2boss"), 7),
        (session("user_2other"), 0),
        (answer("{}"), 7),
    ] {
        let server = Server::start(vec![answer(BOSS), look, answer("{}")]);
        let env = protecting(&server, "[\"boss@example.com\"]");
        let ran = env.run(["sessions", "revoke", "sess_2a"]);
        assert_eq!(ran.code, code, "{ran:?}");
    }
}

#[test]
fn what_is_protected_is_looked_up_once_a_command() {
    let server = Server::start(vec![answer(BOSS), answer("{}")]);
    let env = protecting(&server, "[\"boss@example.com\"]");
    let ran = env.run(["users", "ban", "user_2a"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(server.requests().len(), 2);
    // Reads, and writes that name nobody, look up nothing.
    env.run(["users", "get", "user_2a"]);
    env.run(["organizations", "create", "--name", "Acme"]);
    assert_eq!(server.requests().len(), 4);
    let server = looked_up(answer(BOSS));
    let env = protecting(&server, "[\"boss@example.com\"]");
    let ran = env.run(["users", "lock", "user_2other", "user_2b", "--yes"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let looks = server.requests().into_iter();
    let looks = looks.filter(|request| request.contains("boss%40example.com"));
    assert_eq!(looks.count(), 1);
}

#[test]
fn reliability_7_7c_a_name_is_resolved_to_what_it_names() {
    let ada = r#"{"id":"user_2ada","username":"Ada","external_id":"a-1","email_addresses":[{"email_address":"Ada@example.com"}],"phone_numbers":[{"phone_number":"+15551234567"}]}"#;
    let found = answer(&format!("[{ada}]"));
    for name in [
        "ada@example.com",
        "ADA@example.com",
        "+15551234567",
        "ada",
        "external_id:a-1",
        "query:Ada",
    ] {
        let server = looked_up(found.clone());
        let ran = Env::at(&server.url).run(["users", "ban", name]);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        assert!(writes(&server)[0].starts_with("POST /v1/users/user_2ada/ban "));
    }
    let user = |text: &str| answer(&text.replace('\n', ""));
    for (name, look) in [
        ("grace@example.com", found.clone()),
        ("+15550000000", found.clone()),
        ("grace", found.clone()),
        ("external_id:A-1", found.clone()),
        ("ada", user(r#"[{"id":"org_2ada","username":"ada"}]"#)),
        ("ada", user(r#"[{"id":"../x","username":"ada"}]"#)),
        ("query:Ada", user(r#"[{"id":"org_2ada"}]"#)),
    ] {
        let server = looked_up(look);
        let env = Env::at(&server.url);
        for command in [
            vec!["users", "ban", name],
            vec!["users", "delete", name, "--yes"],
            vec![
                "organizations",
                "add-member",
                "org_2a",
                "--role",
                "org:member",
                "--user-id",
                name,
            ],
        ] {
            let error = env.run(&command).error(7);
            assert_eq!(error["code"], "wrong_answer", "{command:?}");
        }
        assert!(writes(&server).is_empty(), "{name}");
    }
    // A response that is no list, or none at all, is no look either.
    for look in [
        answer("{}"),
        answer("null"),
        Answer::json(204, "", ""),
        Answer::error(403, "", "forbidden", "No."),
    ] {
        let server = looked_up(look);
        let ran = at(&server, "").run(["users", "ban", "ada"]);
        assert_ne!(ran.code, 0);
        assert_eq!(ran.error(ran.code)["sent"], "no", "the ban was not sent");
        assert!(writes(&server).is_empty());
    }
    for look in [
        r#"{"id":"org_2a","slug":"other"}"#,
        r#"{"id":"user_2a","slug":"acme"}"#,
        "{}",
    ] {
        let server = looked_up(answer(look));
        let error = at(&server, "")
            .run(["organizations", "delete", "acme", "--yes"])
            .error(7);
        assert_eq!(error["code"], "wrong_answer", "{look}");
        assert!(writes(&server).is_empty());
    }
}

#[test]
fn reliability_p4_off_a_terminal_only_a_full_id_is_a_yes() {
    let server = looked_up(answer(
        r#"[{"id":"user_2ada","username":"ada","email_addresses":[{"email_address":"ada@example.com"}]}]"#,
    ));
    let env = Env::at(&server.url);
    for command in [
        "users delete ada@example.com",
        "users delete ada",
        "users delete query:ada",
        "users replace-metadata ada --public {}",
        "organizations remove-member org_2a --user-id ada",
    ] {
        let error = env.run(command.split(' ')).error(7);
        assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
        assert!(writes(&server).is_empty(), "{command}");
    }
    for command in [
        "users delete user_2ada",
        "users delete ada@example.com --yes",
        "organizations remove-member org_2a --user-id user_2ada",
        "users ban ada",
    ] {
        assert_eq!(env.run(command.split(' ')).code, 0, "{command}");
    }
    assert_eq!(writes(&server).len(), 4);
}
