//! Choosing a user or an organization that the command line lacks.

use crate::clerk::{clerk, users};
use crate::env::Env;
use crate::pty::{run, talk};

/// The list is there and waits for a key.
const READY: &str = "search: ";

fn xterm(env: Env) -> Env {
    env.set("TERM", "xterm")
}

#[test]
fn typing_finds_the_user_and_enter_chooses() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    let ids = users(&env, ["ada-l", "bo-b", "bo-c"]);
    let shown = talk(
        &env,
        &["users", "get"],
        80,
        &[(READY, "BO-"), ("2 of 3", "\t\r")],
    );
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.screen.contains("Which user? Type to search"),
        "{shown:?}"
    );
    let got: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert!(
        ids[1..].contains(&got["id"].as_str().unwrap().to_owned()),
        "{shown:?}"
    );
    let said = format!("user {}: ", got["id"].as_str().unwrap());
    assert!(shown.screen.contains(&said), "{shown:?}");
}

#[test]
fn a_chosen_user_is_deleted_only_after_the_question() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    let [ada] = users(&env, ["ada-l"]);
    let question = format!("Permanently delete user {ada}? [y/N]");
    let delete = ["users", "delete"];
    let shown = talk(&env, &delete, 80, &[(READY, "\r"), (&question, "n\n")]);
    assert_eq!(shown.code, 7, "{shown:?}");
    let shown = talk(&env, &delete, 80, &[(READY, "\r"), (&question, "y\n")]);
    assert_eq!(shown.code, 0, "{shown:?}");
}

#[test]
fn an_organization_and_then_a_user() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    let [ada] = users(&env, ["ada-l"]);
    for name in ["acme", "beta"] {
        env.run(["organizations", "create", "--name", name, "--slug", name])
            .json();
    }
    let add = ["organizations", "add-member", "--role", "org:admin"];
    let steps = [(READY, "bet"), ("1 of 2", "\r"), (READY, "\r")];
    let shown = talk(&env, &add, 80, &steps);
    assert_eq!(shown.code, 0, "{shown:?}");
    let members = env.run(["organizations", "members", "beta", "-o", "ids"]);
    assert_eq!(members.stdout.trim(), ada);
}

#[test]
fn who_is_removed_is_chosen_from_the_members() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    let [ada, _, _] = users(&env, ["ada-l", "bo-b", "cy-c"]);
    for name in ["acme", "beta"] {
        env.run(["organizations", "create", "--name", name, "--slug", name])
            .json();
    }
    let add = ["organizations", "add-member", "acme", "--role", "org:admin"];
    for user in ["ada-l", "bo-b"] {
        env.run(add.into_iter().chain(["--user-id", user])).json();
    }
    let remove = ["organizations", "remove-member", "acme"];
    let steps = [
        (READY, "cy-c"),
        ("0 of 2", "\u{15}ada"),
        ("1 of 2", "\r"),
        ("[y/N]", "y\n"),
    ];
    let shown = talk(&env, &remove, 80, &steps);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.screen.contains("org:admin"), "{shown:?}");
    let members = env.run(["organizations", "members", "acme", "-o", "json"]);
    assert!(!members.stdout.contains(&ada), "{members:?}");
    let shown = talk(&env, &["organizations", "remove-member", "beta"], 80, &[]);
    assert_eq!(shown.code, 2, "{shown:?}");
    assert!(
        shown.screen.contains("the organization has no users"),
        "{shown:?}"
    );
}

#[test]
fn what_is_shown_is_searched_and_then_chosen() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    users(&env, ["ada-l", "bo-b"]);
    let acme = [
        "organizations",
        "create",
        "--name",
        "Ada's",
        "--slug",
        "adas",
    ];
    let acme = env.run(acme).id();
    let question = "a part of a name, address or slug:";
    let steps = [
        (question, "nobody\n"),
        ("has \"nobody\"", "ada\n"),
        (READY, "adas"),
        ("1 of 2", "\r"),
    ];
    let shown = talk(&env, &["show"], 80, &steps);
    assert_eq!(shown.code, 0, "{shown:?}");
    let page: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(page["organization"]["id"], *acme, "{shown:?}");
    // An id needs no choice.
    let shown = talk(&env, &["show"], 80, &[(question, &format!("{acme}\n"))]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let error = env.run(["show"]).error(2);
    assert_eq!(error["message"], "`show` needs the id of an object");
}

#[test]
fn whose_members_a_file_lists_is_chosen() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    users(&env, ["ada-l"]);
    for name in ["acme", "beta"] {
        env.run(["organizations", "create", "--name", name, "--slug", name])
            .json();
    }
    let file = env.file("members.csv", "user,role\nada-l,org:admin\n");
    let sync = [
        "organizations",
        "sync-members",
        "--rows",
        file.to_str().unwrap(),
    ];
    let shown = talk(&env, &sync, 80, &[(READY, "bet\r"), ("[y/N]", "y\n")]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let members = |slug| {
        let list = env.run(["organizations", "members", slug, "-o", "ids"]);
        list.stdout.lines().count()
    };
    assert_eq!((members("acme"), members("beta")), (0, 1));
    let error = env.run(sync).error(2);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("no column \"organization\""), "{error}");
}

#[test]
fn reliability_8_1_names_move_no_terminal() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    let name = "Mal\u{202e}lory\u{1b}[2J";
    let line = [
        "users",
        "create",
        "--username",
        "mallory",
        "--skip-password-requirement",
        "--first-name",
        name,
    ];
    env.run(line).id();
    let shown = talk(&env, &["users", "get"], 100, &[(READY, "mallory\r")]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.screen.contains(r"Mal\u{202e}lory\x1b[2J"),
        "{shown:?}"
    );
    assert!(
        !shown.screen.contains('\u{202e}') && !shown.screen.contains("\x1b[2J"),
        "{shown:?}"
    );
}

#[test]
fn a_large_instance_is_searched_first() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    let rows: String = (0..120).map(|n| format!("person-{n:03}\n")).collect();
    let file = env.file("people.csv", format!("username\n{rows}"));
    let file = file.to_str().unwrap();
    let create = [
        "users",
        "create",
        "--rows",
        file,
        "--username",
        "{{username}}",
        "--skip-password-requirement",
        "--yes",
    ];
    assert_eq!(env.run(create).code, 0);
    let get = ["users", "get"];
    let question = "(Enter: the latest 100):";
    let steps = [
        (question, "nobody-at-all\n"),
        ("no user has \"nobody-at-all\"", ""),
        (question, "son-11\n"),
        ("10 of 10", "118\r"),
    ];
    let shown = talk(&env, &get, 80, &steps);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.stdout.contains("person-118"), "{shown:?}");
    let shown = talk(&env, &get, 80, &[(question, "\n"), ("100 of 100", "\r")]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let shown = talk(&env, &get, 80, &[(question, "\u{4}")]);
    assert_eq!(shown.code, 7, "{shown:?}");
}

#[test]
fn leaving_the_list_sends_nothing() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    users(&env, ["ada-l"]);
    let shown = talk(&env, &["users", "ban"], 80, &[(READY, "\x1b")]);
    assert_eq!(shown.code, 7, "{shown:?}");
    assert!(
        shown
            .screen
            .contains("error: nothing was chosen: nothing was sent"),
        "{shown:?}"
    );
    // Ctrl-C ends it like any command.
    let shown = talk(&env, &["users", "ban"], 80, &[(READY, "\x03")]);
    assert_eq!(shown.signal, Some(2), "{shown:?}");
    assert_eq!(env.run(["users", "list"]).json()[0]["banned"], false);
}

#[test]
fn a_terminal_that_cannot_draw_asks_for_a_name() {
    let (_clerk, env) = clerk(&[]);
    let [ada, ..] = users(&env, ["ada-l", "bo-b"]);
    let env = env.set("TERM", "dumb");
    let shown = talk(
        &env,
        &["users", "get"],
        80,
        &[("part of a name:", "ada-l\n")],
    );
    assert!(shown.stdout.contains(&ada), "{shown:?}");
    // So does one that does not tell its size.
    let env = env.set("TERM", "xterm");
    let shown = run(&env, &["users", "get"], "ada-l\n");
    assert!(shown.stdout.contains(&ada), "{shown:?}");
    assert_eq!(run(&env, &["users", "get"], "\n").code, 7);
}

#[test]
fn only_a_person_is_asked_and_only_for_what_can_be_chosen() {
    let (_clerk, env) = clerk(&[]);
    let env = xterm(env);
    let error = env.run(["users", "get"]).error(2);
    assert!(
        error["message"].as_str().unwrap().contains("<USER_ID>"),
        "{error}"
    );
    for line in [
        &["users", "delete", "--yes"][..],
        &["sessions", "get"],
        // A role is missing, too.
        &["organizations", "add-member"],
    ] {
        let shown = run(&env, line, "");
        assert_eq!(shown.code, 2, "{shown:?}");
        assert!(
            shown
                .screen
                .contains("required arguments were not provided"),
            "{shown:?}"
        );
    }
    let shown = talk(&env, &["organizations", "get"], 80, &[]);
    assert_eq!(shown.code, 2, "{shown:?}");
    assert!(
        shown
            .screen
            .contains("the instance has no organizations to choose from"),
        "{shown:?}"
    );
    let env = env.set("CLERK_API_READ_ONLY", "1");
    let shown = talk(&env, &["users", "ban"], 80, &[]);
    assert_eq!(shown.code, 7, "{shown:?}");
}
