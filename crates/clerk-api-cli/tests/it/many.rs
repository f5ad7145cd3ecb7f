//! One command for many objects.

use crate::env::Env;
use crate::server::{Answer, Server};

fn user(id: &str) -> Answer {
    Answer::json(200, "", &format!(r#"{{"id":"{id}","object":"user"}}"#))
}

#[test]
fn rows_come_from_the_line_a_file_and_standard_input() {
    let server = Server::start(vec![user("user_2a")]);
    let env = Env::at(&server.url);
    let file = env.file("ids", "user_2a\nuser_2b\n\n");
    let ran = env.run(["users", "get", "user_2a", "user_2b"]);
    assert_eq!(ran.json().as_array().unwrap().len(), 2);
    let ran = env.run([
        "users",
        "get",
        &format!("@{}", file.display()),
        "--output",
        "ids",
    ]);
    assert_eq!(ran.stdout, "user_2a\nuser_2a\n");
    let ran = env.run_with(["users", "ban", "-", "--yes"], "user_2a\n");
    assert_eq!(
        ran.json().as_array().unwrap().len(),
        1,
        "a list stays a list, also of one"
    );
    let ran = env.run_with(["users", "ban", "-", "--yes"], "");
    assert_eq!(ran.stdout, "[]\n");
}

#[test]
fn signs_of_a_broken_pipe_are_refused_before_anything_is_sent() {
    let server = Server::start(vec![user("user_2a")]);
    let env = Env::at(&server.url);
    for (lines, number) in [
        ("user_2a\nnull\n", 2),
        ("undefined\nuser_2a\n", 1),
        ("user_2a\nNone\nuser_2b\n", 2),
        ("user_2a\n\nuser_2b\n", 2),
        ("\n", 1),
        ("user_2a\n--all\n", 2),
    ] {
        for command in [
            vec!["users", "delete", "-", "--yes"],
            vec!["organizations", "delete", "-", "--yes"],
            vec!["users", "bulk-ban", "--user-ids", "-", "--yes"],
        ] {
            let error = env.run_with(&command, lines).error(2);
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&format!("line {number} is ")), "{message}");
        }
    }
    // A column of a table is no list of targets, and commas in a line separate nothing.
    env.run_with(["users", "delete", "-", "--yes"], "user_2a,Ada\n")
        .error(2);
    for word in ["null", "undefined", "NaN", "None", ""] {
        env.run(["users", "delete", word, "--yes"]).error(2);
        env.run(["organizations", "delete", word, "--yes"]).error(2);
        env.run([
            "organizations",
            "remove-member",
            "org_2a",
            "--user-id",
            word,
            "--yes",
        ])
        .error(2);
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
}

#[test]
fn reliability_6_1_many_changes_need_yes_off_a_terminal() {
    let server = Server::start(vec![user("user_2a")]);
    let env = Env::at(&server.url);
    for arguments in [
        vec!["users", "ban", "user_2a", "user_2b"],
        vec!["users", "delete", "user_2a", "user_2b"],
    ] {
        let error = env.run(&arguments).error(7);
        assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
    }
    env.run_with(["users", "delete", "-"], "user_2a\n").error(7);
    assert!(server.requests().is_empty());
    assert_eq!(
        env.run(["users", "delete", "user_2a", "user_2b", "--yes"])
            .code,
        0
    );
}

#[test]
fn a_failing_row_is_reported_and_the_others_go_on() {
    let server = Server::start(vec![
        user("user_2a"),
        Answer::error(422, "", "form_param_invalid", "No."),
        user("user_2c"),
    ]);
    let env = Env::at(&server.url);
    let ran = env.run_with(
        ["users", "ban", "-", "--yes", "--output", "ids"],
        "user_2a\nuser_2b\nuser_2c\n",
    );
    assert_eq!(ran.stdout, "user_2a\nuser_2c\n");
    let summary = ran.error(3);
    assert_eq!(summary["message"], "1 of 3 rows failed, 2 done");
    let row: serde_json::Value = serde_json::from_str(ran.stderr.lines().next().unwrap()).unwrap();
    assert_eq!(row["row"]["number"], 2);
    assert_eq!(row["row"]["target"], "user_2b");
    assert_eq!(row["http"], 422);
}

#[test]
fn reliability_r6_a_refused_key_stops_everything() {
    let server = Server::start(vec![
        user("user_2a"),
        Answer::error(401, "", "clerk_key_invalid", "No."),
    ]);
    let ran = Env::at(&server.url).run([
        "users", "ban", "user_2a", "user_2b", "user_2c", "user_2d", "--yes",
    ]);
    assert!(
        ran.error(4)["message"]
            .as_str()
            .unwrap()
            .contains("2 not tried"),
        "{ran:?}"
    );
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn reliability_r7_the_same_refusal_twenty_times_ends_it() {
    let server = Server::start(vec![Answer::error(403, "", "feature_not_enabled", "No.")]);
    let ids: Vec<String> = (0..30).map(|number| format!("user_2x{number}")).collect();
    let ran = Env::at(&server.url).run_with(["users", "lock", "-", "--yes"], ids.join("\n"));
    assert!(
        ran.error(3)["message"]
            .as_str()
            .unwrap()
            .contains("10 not tried"),
        "{ran:?}"
    );
    assert_eq!(server.requests().len(), 20);
}

#[test]
fn reliability_2_4_what_is_already_gone_is_skipped() {
    let gone = Answer::error(404, "", "resource_not_found", "not found");
    let server = Server::start(vec![
        gone.clone(),
        Answer::json(200, "", r#"{"id":"user_2b","deleted":true}"#),
    ]);
    let ran = Env::at(&server.url).run(["users", "delete", "user_2a", "user_2b", "--yes"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.contains("user_2a does not exist, skipped"),
        "{ran:?}"
    );
    let server = Server::start(vec![gone]);
    Env::at(&server.url)
        .run(["users", "delete", "user_2a"])
        .error(5);
}

#[test]
fn every_row_is_checked_before_the_first_is_sent() {
    let server = Server::start(vec![user("user_2a")]);
    let env = Env::at(&server.url);
    let error = env
        .run_with(["users", "ban", "-", "--yes"], "user_2a\n../x\n")
        .error(2);
    assert!(
        error["message"].as_str().unwrap().contains("line 2"),
        "{error}"
    );
    let error = env
        .run_with(
            ["users", "ban", "-", "--yes"],
            "user_2a\nuser_2b\nuser_2a\n",
        )
        .error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("given twice (rows 1 and 3)"),
        "{error}"
    );
    assert!(server.requests().is_empty());
}

#[test]
fn reliability_6_many_live_objects_are_not_destroyed_without_a_plan() {
    let env = Env::new().set("CLERK_SECRET_KEY", "sk_live_CANARYcanaryCANARY00");
    let ran = env.run(["users", "delete", "user_2a", "user_2b", "--yes"]);
    let message = ran.error(7)["message"].as_str().unwrap().to_owned();
    assert!(message.contains("needs a plan"), "{message}");
}
