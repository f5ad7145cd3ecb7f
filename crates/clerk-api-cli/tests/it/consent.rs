//! Confirmations on a production instance (reliability.md section 6): one object, and what can be taken back. What is refused sends
//! nothing, by the server's own log.

use crate::clerk::users;
use crate::live::{LIVE, Live, writes};
use crate::pty;

/// A line that a user types, as arguments.
fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

fn organization(live: &Live, name: &str) -> String {
    let made = live.behind.run(["organizations", "create", "--name", name]);
    made.id()
}

#[test]
fn reliability_6_what_destroys_one_live_object_wants_its_id_typed() {
    let live = Live::start();
    let [user] = users(&live.behind, ["ada-l"]);
    let acme = organization(&live, "Acme");
    for (line, id, request) in [
        (
            format!("users replace-metadata {user} --public {{}}"),
            &user,
            format!("PUT /v1/users/{user}/metadata"),
        ),
        (
            format!("organizations delete {acme}"),
            &acme,
            format!("DELETE /v1/organizations/{acme}"),
        ),
        (
            format!("api DELETE /users/{user}"),
            &user,
            format!("DELETE /v1/users/{user}"),
        ),
    ] {
        for typed in ["y\n", "\n", "\x04", "user_2other\n", &id[..id.len() - 1]] {
            let typed = format!("{}\n", typed.trim_end_matches('\n'));
            let (shown, log) = live.watch(|env| pty::run(env, &words(&line), &typed));
            assert_eq!(shown.code, 7, "{shown:?}");
            let wanted = format!("on a live instance. Type {id} to continue:");
            assert!(shown.screen.contains(&wanted), "{shown:?}");
            assert!(shown.screen.contains("nothing was sent"), "{shown:?}");
            assert!(!shown.screen.contains(LIVE), "{shown:?}");
            assert_eq!(log, [""; 0], "{line}");
        }
        let (shown, log) = live.watch(|env| pty::run(env, &words(&line), &format!("{id}\n")));
        assert_eq!(shown.code, 0, "{shown:?}");
        assert_eq!(log, [request]);
        assert!(
            shown
                .screen
                .contains("live instance at https://api.clerk.com\n"),
            "reliability 6.4: {shown:?}"
        );
    }
}

#[test]
fn reliability_6_a_name_is_looked_up_and_its_id_is_what_is_typed() {
    let live = Live::start();
    let [ada] = users(&live.behind, ["ada-l"]);
    let delete = ["users", "delete", "ada-l"];
    let (shown, log) = live.watch(|env| pty::run(env, &delete, "ada-l\n"));
    assert_eq!(shown.code, 7, "{shown:?}");
    assert_eq!(writes(&log), [""; 0]);
    // Off a terminal a name is no specific yes.
    let (ran, log) = live.watch(|env| env.run(delete));
    assert_eq!(ran.error(7)["sent"], "no");
    assert_eq!(writes(&log), [""; 0]);
    let (shown, log) = live.watch(|env| pty::run(env, &delete, &format!("{ada}\n")));
    assert_eq!(shown.code, 0, "{shown:?}");
    assert_eq!(writes(&log), [format!("DELETE /v1/users/{ada}")]);
}

#[test]
fn reliability_6_off_a_terminal_the_id_is_the_yes_unless_confirmation_is_always_wanted() {
    let live = Live::start();
    let [ada, bo] = users(&live.behind, ["ada-l", "bo-b"]);
    let (ran, log) = live.watch(|env| env.run(["users", "delete", &ada]));
    assert_eq!(ran.json()["deleted"], true);
    assert_eq!(log, [format!("DELETE /v1/users/{ada}")]);
    let always = |arguments: &[&str]| {
        let arguments = arguments.to_owned();
        live.watch(|env| {
            let mut command = env.command(crate::env::BINARY);
            command.env("CLERK_API_CONFIRM", "always").args(&arguments);
            command.output().unwrap().status.code()
        })
    };
    assert_eq!(always(&["users", "delete", &bo]), (Some(7), vec![]));
    let deleted = vec![format!("DELETE /v1/users/{bo}")];
    assert_eq!(
        always(&["users", "delete", &bo, "--yes"]),
        (Some(0), deleted)
    );
}

#[test]
fn reliability_6_a_reversible_write_asks_with_the_plan_for_many_only() {
    let live = Live::start();
    let [ada, bo] = users(&live.behind, ["ada-l", "bo-b"]);
    let (ran, log) = live.watch(|env| env.run(["users", "ban", &ada]));
    assert_eq!(ran.json()["banned"], true);
    assert_eq!(log, [format!("POST /v1/users/{ada}/ban")]);
    let lock = ["users", "lock", &ada, &bo];
    for typed in ["n\n", "\n", "\x04", "2\n"] {
        let (shown, log) = live.watch(|env| pty::run(env, &lock, typed));
        assert_eq!(shown.code, 7, "{shown:?}");
        for wanted in [
            "live instance at https://api.clerk.com\n",
            "instance ins_",
            "2 rows of the command line:",
            "Lock 2 users on a live instance? [y/N]",
        ] {
            assert!(shown.screen.contains(wanted), "{wanted}: {shown:?}");
        }
        assert_eq!(writes(&log), [""; 0]);
    }
    let (shown, log) = live.watch(|env| pty::run(env, &lock, "y\n"));
    assert_eq!(shown.code, 0, "{shown:?}");
    assert_eq!(writes(&log).len(), 2);
}

#[test]
fn reliability_6_1_without_a_terminal_many_writes_and_mails_need_a_yes() {
    let live = Live::start();
    let [ada, bo] = users(&live.behind, ["ada-l", "bo-b"]);
    let rows = live.env.file(
        "guests.csv",
        "email,role\na@example.com,org:member\nb@example.com,org:member\n",
    );
    let acme = organization(&live, "Acme");
    let rows = rows.to_str().unwrap();
    for (command, count) in [
        (vec!["users", "lock", &ada, &bo], 2),
        // Two mails need no question on a test instance; here they always do.
        (vec!["invitations", "create", &acme, "--rows", rows], 1),
    ] {
        let (ran, log) = live.watch(|env| env.run(&command));
        let error = ran.error(7);
        assert_eq!(error["sent"], "no", "{command:?}");
        assert_eq!(writes(&log), [""; 0], "{command:?}");
        let (ran, log) = live.watch(|env| env.run(command.iter().chain(&["--yes"])));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(writes(&log).len(), count, "{log:?}");
    }
}

#[test]
fn reliability_6_4_a_live_key_where_the_test_environment_is_expected_sends_nothing() {
    let live = Live::start();
    let [ada] = users(&live.behind, ["ada-l"]);
    for line in [
        format!("--env test users delete {ada} --yes"),
        "--env test users list".to_owned(),
    ] {
        let (ran, log) = live.watch(|env| env.run(words(&line)));
        assert_eq!(ran.error(7)["code"], "wrong_environment");
        assert_eq!(log, [""; 0]);
    }
    let (ran, _) = live.watch(|env| env.run(words("--env live users count")));
    assert_eq!(ran.json()["total_count"], 1);
}
