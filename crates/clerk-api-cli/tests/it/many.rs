//! One command for many objects: writes are one job, reads go one by one.

use serde_json::{Value, json};

use crate::clerk::{clerk, users};
use crate::env::{Env, Ran};
use crate::server::{Answer, Server};

fn user(id: &str) -> Answer {
    Answer::json(200, "", &format!(r#"{{"id":"{id}","object":"user"}}"#))
}

/// The document of a job.
#[track_caller]
fn job(ran: &Ran, code: i32) -> Value {
    assert_eq!(ran.code, code, "{ran:?}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["object"], "job");
    document
}

fn is_banned(env: &Env, id: &str) -> bool {
    env.run(["users", "get", id]).json()["banned"] == true
}

#[test]
fn targets_come_from_the_line_a_file_and_standard_input_and_are_one_job() {
    let (_clerk, env) = clerk(&[]);
    let [ada, bo] = users(&env, ["ada-l", "bo-b"]);
    let file = env.file("ids", format!("{ada}\r\n  bo-b\n\n"));
    let at_file = format!("@{}", file.display());
    let ban = |targets: &[&str], input: &str| {
        let line = ["users", "ban"].iter().chain(targets);
        job(&env.run_with(line.chain(&["--yes"]), input), 0)
    };
    for (targets, input, name) in [
        (vec![ada.as_str(), "bo-b"], "", "the command line"),
        (vec![at_file.as_str()], "", file.to_str().unwrap()),
        (vec!["-"], "username:bo-b\nada-l", "-"),
    ] {
        let document = ban(&targets, input);
        assert_eq!(document["input"], name);
        assert_eq!(
            (&document["kind"], &document["states"]),
            (&json!("rows"), &json!({"done": 2}))
        );
        assert!(is_banned(&env, &ada) && is_banned(&env, &bo));
        let undone = env.run(["jobs", "undo", document["id"].as_str().unwrap(), "--yes"]);
        assert_eq!(job(&undone, 0)["states"], json!({"done": 2}));
    }
    // A list stays a list, also of one or none, and an empty one can come again.
    let one = format!("{ada}\n");
    assert_eq!(ban(&["-"], &one)["rows"]["total"], 1);
    for _ in 0..2 {
        assert_eq!(ban(&["-"], "")["rows"]["total"], 0);
    }
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
        ("user_2a\n  \r\nuser_2b\n", 2),
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
    for word in ["null", "undefined", "NaN", "None", ""] {
        env.run(["users", "delete", word, "--yes"]).error(2);
        env.run(["users", "delete", "user_2a", word, "--yes"])
            .error(2);
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
    // Names on the command line are checked together.
    for wrong in ["../x", "user_2a", "user_2b\nuser_2c", "-"] {
        env.run(["users", "ban", "user_2a", wrong, "--yes"])
            .error(2);
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
    assert_eq!(env.run(["jobs", "list"]).stdout.trim(), "[]");
}

#[test]
fn a_wrong_line_is_named_and_the_others_go_on() {
    let (_clerk, env) = clerk(&[]);
    let [ada] = users(&env, ["ada-l"]);
    let lines = format!("../x\n{ada}\n{ada},Bo\nuser_2nobody\n{ada}\n");
    let ran = env.run_with(
        [
            "users",
            "ban",
            "-",
            "--yes",
            "--rejects",
            "rejects",
            "--results",
            "results.csv",
        ],
        &lines,
    );
    let states = json!({"done": 1, "rejected": 1, "invalid": 3});
    assert_eq!(job(&ran, 3)["states"], states);
    assert_eq!(ran.error(3)["message"], "4 of 5 rows failed, 1 done");
    assert!(is_banned(&env, &ada));
    let rejects = std::fs::read_to_string(env.home().join("rejects")).unwrap();
    assert_eq!(rejects, lines.replacen(&format!("{ada}\n"), "", 1));
    let results = std::fs::read_to_string(env.home().join("results.csv")).unwrap();
    let mut results = results.lines();
    assert_eq!(
        results.next(),
        Some(r#""user_id","row","state","id","error","todo""#)
    );
    let starts = [
        "\"../x\",\"1\",\"invalid\"",
        "\"user_2nobody\",\"4\",\"rejected\"",
    ];
    assert!(results.next().unwrap().starts_with(starts[0]));
    assert!(results.nth(2).unwrap().starts_with(starts[1]));
    assert!(
        results
            .next()
            .unwrap()
            .contains("the same object as in line 2")
    );
    let id = &env.run(["jobs", "list"]).json()[0]["id"];
    let failed = env.run(["jobs", "show", id.as_str().unwrap(), "--failed"]);
    let failed = failed.json();
    assert_eq!(
        (&failed[2]["row"], &failed[2]["line"]),
        (&json!(4), &json!(4))
    );
}

#[test]
fn reliability_6_5_a_plan_of_several_targets_sends_nothing() {
    let (_clerk, env) = clerk(&[]);
    let [ada, bo] = users(&env, ["ada-l", "bo-b"]);
    for flag in ["--plan", "--dry-run"] {
        let plan = env.run(["users", "delete", &ada, &bo, "user_2nobody", flag]);
        let plan = plan.json();
        assert_eq!(
            plan["rows"],
            json!({"total": 3, "to_send": 2, "settled": {"skipped_absent": 1}})
        );
        assert_eq!(
            plan["samples"][1]["request"]["path"],
            format!("/v1/users/{bo}")
        );
    }
    assert_eq!(env.run(["users", "count"]).json()["total_count"], 2);
    assert_eq!(env.run(["jobs", "list"]).stdout.trim(), "[]");
}

#[test]
fn flags_of_jobs_mean_nothing_for_one_object() {
    let server = Server::start(vec![user("user_2a")]);
    let env = Env::at(&server.url);
    for flag in ["--plan", "--results=x", "--at-most-once", "--no-backup"] {
        for command in [vec!["users", "delete", "user_2a"], vec!["users", "create"]] {
            let error = env.run(command.iter().chain(&[flag, "--yes"])).error(2);
            let name = flag.split('=').next().unwrap();
            let message = error["message"].as_str().unwrap();
            assert_eq!(message, format!("{name} is for work on many objects"));
        }
    }
    assert!(server.requests().is_empty());
}

#[test]
fn reliability_6_1_many_changes_need_yes_off_a_terminal() {
    let (_clerk, env) = clerk(&[]);
    let [ada, bo] = users(&env, ["ada-l", "bo-b"]);
    for command in ["ban", "delete"] {
        let error = env.run(["users", command, &ada, &bo]).error(7);
        assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
    }
    env.run_with(["users", "delete", "-"], &ada).error(7);
    assert_eq!(env.run(["jobs", "list"]).stdout.trim(), "[]");
    assert_eq!(env.run(["users", "count"]).json()["total_count"], 2);
}

#[test]
fn reliability_4_7_a_list_from_a_pipe_or_the_line_can_be_continued() {
    let (_clerk, env) = clerk(&[
        r#"{"on":"POST /users/*/lock","status":401,"nth":1,"times":1}"#,
        r#"{"on":"POST /users/*/unlock","status":401,"nth":1,"times":1}"#,
    ]);
    let [ada, bo] = users(&env, ["ada-l", "bo-b"]);
    let parked = [
        env.run_with(["users", "lock", "-", "--yes"], format!("{ada}\n{bo}\n")),
        env.run(["users", "unlock", &ada, &bo, "--yes"]),
    ];
    for ran in &parked {
        let id = job(ran, 4)["id"].as_str().unwrap().to_owned();
        let document = job(&env.run(["jobs", "resume", &id]), 0);
        assert_eq!(document["rows"]["done"], 2);
        assert_eq!(document["phase"], "ended");
    }
}

#[test]
fn reliability_4_9_a_list_that_leads_to_the_same_state_can_be_given_again() {
    let (_clerk, env) = clerk(&[]);
    let [ada, bo] = users(&env, ["ada-l", "bo-b"]);
    for (verb, state) in [
        ("ban", "done"),
        ("unban", "done"),
        ("ban", "done"),
        ("ban", "skipped_existing"),
    ] {
        let ran = env.run(["users", verb, &ada, &bo, "--yes"]);
        assert_eq!(job(&ran, 0)["states"], json!({state: 2}));
        assert_eq!(is_banned(&env, &ada), verb == "ban");
    }
}

#[test]
fn reliability_2_4_what_is_already_gone_is_skipped() {
    let (_clerk, env) = clerk(&[]);
    let [ada] = users(&env, ["ada-l"]);
    let ran = env.run(["users", "delete", "user_2gone", &ada, "--yes"]);
    assert_eq!(
        job(&ran, 0)["states"],
        json!({"done": 1, "skipped_absent": 1})
    );
    env.run(["users", "delete", "user_2gone"]).error(5);
}

#[test]
fn arguments_mean_for_many_what_they_mean_for_one() {
    let (_clerk, env) = clerk(&[]);
    let [ada, bo] = users(&env, ["ada-l", "bo-b"]);
    env.file("public.json", r#"{"text":"Hello {{name}}"}"#);
    let update = ["users", "update-metadata", &ada, &bo];
    let given = ["--public", "@public.json", "--yes"];
    let ran = env.run(update.iter().chain(&given));
    assert_eq!(job(&ran, 0)["states"], json!({"done": 2}));
    let user = env.run(["users", "get", &bo]).json();
    assert_eq!(user["public_metadata"]["text"], "Hello {{name}}");
    for wrong in [
        vec![],
        vec!["--public", "{"],
        vec!["--public", "@none.json"],
    ] {
        env.run(update.iter().chain(&wrong).chain(&["--yes"]))
            .error(2);
    }
    let moment = ["users", "update", &ada, &bo, "--created-at", "2w", "--yes"];
    assert_eq!(job(&env.run(moment), 0)["states"], json!({"done": 2}));
    // It would have to be written down with the job.
    let error = env
        .run([
            "users",
            "update",
            &ada,
            &bo,
            "--password",
            "{{hunter2}}",
            "--yes",
        ])
        .error(2);
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("--password for many"), "{message}");
    let found = env.shell("grep -rl hunter2 .local/state/clerk-api/jobs");
    assert_eq!(found.stdout, "");
}

#[test]
fn reads_of_several_print_a_list() {
    let server = Server::start(vec![user("user_2a")]);
    let env = Env::at(&server.url);
    let file = env.file("ids", "user_2a\nuser_2b\n\n");
    let at_file = format!("@{}", file.display());
    let ran = env.run(["users", "get", "user_2a", "user_2b"]);
    assert_eq!(ran.json().as_array().unwrap().len(), 2);
    let ran = env.run(["users", "get", &at_file, "--output", "ids"]);
    assert_eq!(ran.stdout, "user_2a\nuser_2a\n");
    let ran = env.run_with(["users", "get", "-"], "user_2a\n");
    assert_eq!(ran.json().as_array().unwrap().len(), 1);
    assert_eq!(env.run_with(["users", "get", "-"], "").stdout, "[]\n");
    env.run_with(["users", "get", "-"], "user_2a\nnull\n")
        .error(2);
}

#[test]
fn a_read_that_fails_is_reported_and_the_others_go_on() {
    let server = Server::start(vec![
        user("user_2a"),
        Answer::error(404, "", "resource_not_found", "No."),
        user("user_2c"),
    ]);
    let env = Env::at(&server.url);
    let ran = env.run_with(
        ["users", "get", "-", "--output", "ids"],
        "user_2a\nuser_2b\nuser_2c\n",
    );
    assert_eq!(ran.stdout, "user_2a\nuser_2c\n");
    let summary = ran.error(3);
    assert_eq!(summary["message"], "1 of 3 rows failed, 2 done");
    let row: Value = serde_json::from_str(ran.stderr.lines().next().unwrap()).unwrap();
    assert_eq!(row["row"], json!({"number": 2, "target": "user_2b"}));
    assert_eq!(row["http"], 404);
}

#[test]
fn reliability_r6_a_refused_key_stops_reads() {
    let server = Server::start(vec![
        user("user_2a"),
        Answer::error(401, "", "clerk_key_invalid", "No."),
    ]);
    let ran = Env::at(&server.url).run(["users", "get", "user_2a,user_2b", "user_2c", "user_2d"]);
    let rows = json!({"total": 4, "done": 1, "failed": 1, "not_tried": 2, "unknown": 0});
    assert_eq!(ran.error(4)["rows"], rows);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn reliability_6_1_many_live_objects_are_not_destroyed_without_a_plan() {
    let env = Env::new().set("CLERK_SECRET_KEY", "sk_live_CANARYcanaryCANARY00");
    let ran = env.run(["users", "delete", "user_2a", "user_2b", "--yes"]);
    let message = ran.error(7)["message"].as_str().unwrap().to_owned();
    assert!(message.contains("needs the hash of its plan"), "{message}");
}
