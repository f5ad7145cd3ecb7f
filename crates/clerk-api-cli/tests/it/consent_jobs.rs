//! Jobs that destroy on a production instance (reliability.md 6.1 to 6.3): the hash of a plan, its typed sentence, and how much may go at
//! once. What is refused sends nothing, by the server's own log.

use serde_json::{Value, json};

use crate::env::Ran;
use crate::live::{Live, writes};
use crate::pty;

/// An instance with so many users, and their ids.
fn with_users(count: usize) -> (Live, Vec<String>) {
    let live = Live::start();
    let people: String = (0..count)
        .map(|at| format!("p{at}@example.com\n"))
        .collect();
    live.behind.file("people.csv", format!("email\n{people}"));
    let create = "users create --rows people.csv --skip-password-requirement --yes";
    live.behind.run(create.split(' ')).json();
    let list = "users list --all --output ids";
    let ids = live.behind.run(list.split(' ')).stdout;
    let ids: Vec<String> = ids.lines().map(str::to_owned).collect();
    assert_eq!(ids.len(), count);
    (live, ids)
}

/// Writes the file that names who is to be deleted.
fn leavers(live: &Live, ids: &[String]) {
    let rows = format!("user_id\n{}\n", ids.join("\n"));
    live.env.file("leavers.csv", rows);
}

const DELETE: &str = "users delete --rows leavers.csv";

fn run(live: &Live, line: &str) -> (Ran, Vec<String>) {
    live.watch(|env| env.run(line.split(' ')))
}

/// Plans, which sends no write, and gives the hash.
fn planned(live: &Live, line: &str) -> String {
    let (ran, log) = run(live, &format!("{line} --plan"));
    assert_eq!(writes(&log), [""; 0]);
    let plan = ran.json();
    assert_eq!(plan["environment"], "live");
    plan["hash"].as_str().unwrap().to_owned()
}

/// Asserts that a command was refused with this code and sent no write.
#[track_caller]
fn refused(live: &Live, line: &str, exit: i32, code: &str) -> String {
    let (ran, log) = run(live, line);
    let error = ran.error(exit);
    assert_eq!(
        (&error["code"], &error["sent"]),
        (&json!(code), &json!("no")),
        "{error}"
    );
    assert_eq!(writes(&log), [""; 0], "{line}");
    error["message"].as_str().unwrap().to_owned()
}

fn deletions(ids: &[String]) -> Vec<String> {
    let lines = ids.iter().map(|id| format!("DELETE /v1/users/{id}"));
    sorted(lines.collect())
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

fn only_writes(log: &[String]) -> Vec<String> {
    sorted(writes(log).into_iter().map(str::to_owned).collect())
}

#[test]
fn reliability_6_1_a_yes_is_not_enough_to_destroy_many_and_nothing_is_asked() {
    let (live, ids) = with_users(20);
    leavers(&live, &ids[..2]);
    for line in [
        DELETE.to_owned(),
        format!("{DELETE} --yes"),
        format!("{DELETE} --yes --allow-large 2"),
        format!("users delete {} {} --yes", ids[0], ids[1]),
        // A list of one is a list: who wrote it did not write the id on the command line.
        "users delete @one --yes".to_owned(),
    ] {
        live.env.file("one", &ids[0]);
        let (ran, log) = run(&live, &line);
        let message = ran.error(7)["message"].to_string();
        assert!(message.contains("needs the hash of its plan"), "{message}");
        assert_eq!(log, [""; 0], "{line}");
    }
}

#[test]
fn reliability_6_2_the_hash_of_its_plan_lets_a_job_destroy_many() {
    let (live, ids) = with_users(20);
    leavers(&live, &ids[..2]);
    let hash = planned(&live, DELETE);
    let (ran, log) = run(&live, &format!("{DELETE} --confirm {hash}"));
    assert_eq!(ran.json()["states"], json!({"done": 2}));
    assert_eq!(only_writes(&log), deletions(&ids[..2]));
    // Full copies were kept, so the job can be undone; that creates, so a yes is enough.
    let undo = format!("jobs undo {}", ran.id());
    refused(&live, &undo, 7, "refused");
    let (ran, _) = run(&live, &format!("{undo} --yes"));
    assert_eq!(ran.json()["states"], json!({"done": 2}));
}

#[test]
fn reliability_6_2_the_hash_counts_for_this_work_alone() {
    let (live, ids) = with_users(20);
    leavers(&live, &ids[..2]);
    let hash = planned(&live, DELETE);
    let confirmed = format!("{DELETE} --confirm {hash}");
    for other in ["0", "nonsense", "1-0123456789abcdef", &format!("{hash}0")] {
        refused(
            &live,
            &format!("{DELETE} --confirm {other} --yes"),
            9,
            "plan_changed",
        );
    }
    // The file names somebody else.
    leavers(&live, &ids[1..3]);
    refused(&live, &confirmed, 9, "plan_changed");
    // The same users in another order are another file.
    leavers(&live, &[ids[1].clone(), ids[0].clone()]);
    refused(&live, &confirmed, 9, "plan_changed");
    leavers(&live, &ids[..2]);
    // The same rows, and other arguments.
    refused(
        &live,
        &format!("{confirmed} --where user_id!=1"),
        9,
        "plan_changed",
    );
    // The same file on another instance.
    let (elsewhere, _) = with_users(20);
    leavers(&elsewhere, &ids[..2]);
    refused(&elsewhere, &confirmed, 9, "plan_changed");
    let (ran, log) = run(&live, &confirmed);
    assert_eq!(ran.json()["states"], json!({"done": 2}));
    assert_eq!(only_writes(&log), deletions(&ids[..2]));
}

#[test]
fn reliability_6_2_a_target_that_is_gone_since_the_plan_is_left_out() {
    let (live, ids) = with_users(21);
    leavers(&live, &ids[..2]);
    let hash = planned(&live, DELETE);
    live.behind.run(["users", "delete", &ids[0]]).json();
    let (ran, log) = run(&live, &format!("{DELETE} --confirm {hash}"));
    let states = json!({"done": 1, "skipped_absent": 1});
    assert_eq!(ran.json()["states"], states);
    assert_eq!(only_writes(&log), deletions(&ids[1..2]));
}

#[test]
fn reliability_6_at_a_terminal_the_whole_sentence_is_typed() {
    let (live, ids) = with_users(20);
    leavers(&live, &ids[..2]);
    let instance = live.behind.run(["instance", "get"]).id();
    let sentence = format!("delete 2 users on {instance}");
    let line: Vec<&str> = DELETE.split(' ').collect();
    for typed in [
        "y",
        "2",
        "delete 2 users",
        "delete 3 users on ins_other",
        "\x04",
    ] {
        let (shown, log) = live.watch(|env| pty::run(env, &line, &format!("{typed}\n")));
        assert_eq!(shown.code, 7, "{shown:?}");
        let wanted = format!("Type \"{sentence}\" to go on:");
        assert!(shown.screen.contains(&wanted), "{shown:?}");
        assert_eq!(writes(&log), [""; 0]);
    }
    let (shown, log) = live.watch(|env| pty::run(env, &line, &format!("{sentence}\n")));
    assert_eq!(shown.code, 0, "{shown:?}");
    assert_eq!(only_writes(&log), deletions(&ids[..2]));
}

#[test]
fn reliability_6_3_more_than_a_tenth_needs_its_exact_count() {
    let (live, ids) = with_users(29);
    leavers(&live, &ids[..3]);
    let confirmed = format!("{DELETE} --confirm {}", planned(&live, DELETE));
    for large in [
        "",
        " --allow-large 2",
        " --allow-large 4",
        " --allow-large 1000000",
        " --yes",
    ] {
        let message = refused(&live, &format!("{confirmed}{large}"), 7, "refused");
        assert_eq!(
            message, "3 of 29 users is much to destroy at once",
            "{large}"
        );
    }
    // The count alone is no plan.
    refused(
        &live,
        &format!("{DELETE} --allow-large 3 --yes"),
        7,
        "refused",
    );
    let (ran, log) = run(&live, &format!("{confirmed} --allow-large 3"));
    assert_eq!(ran.json()["states"], json!({"done": 3}));
    assert_eq!(only_writes(&log), deletions(&ids[..3]));
    // Of the 26 that are left, 2 are less than a tenth.
    leavers(&live, &ids[3..5]);
    let hash = planned(&live, DELETE);
    let (ran, _) = run(&live, &format!("{DELETE} --confirm {hash}"));
    assert_eq!(ran.json()["states"], json!({"done": 2}));
}

#[test]
fn reliability_6_3_a_terminal_is_not_asked_what_is_too_much() {
    let (live, ids) = with_users(5);
    leavers(&live, &ids[..2]);
    let line: Vec<&str> = DELETE.split(' ').collect();
    let (shown, log) = live.watch(|env| pty::run(env, &line, ""));
    assert_eq!(shown.code, 7, "{shown:?}");
    assert!(
        shown
            .screen
            .contains("2 of 5 users is much to destroy at once"),
        "{shown:?}"
    );
    assert!(shown.screen.contains("add --allow-large 2"), "{shown:?}");
    assert_eq!(writes(&log), [""; 0]);
}

#[test]
fn reliability_6_3_what_is_protected_stays_also_with_a_plan() {
    let (live, ids) = with_users(20);
    leavers(&live, &ids[..2]);
    live.env.file(
        ".config/clerk-api/config.toml",
        format!("protected = [{:?}]\n", ids[0]),
    );
    let hash = planned(&live, DELETE);
    let (ran, log) = run(&live, &format!("{DELETE} --confirm {hash}"));
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(only_writes(&log), deletions(&ids[1..2]));
}

/// Work towards a state removes members, too, and its plan says how many.
#[test]
fn reliability_6_1_removing_members_on_the_way_to_a_state_needs_the_plan() {
    let (live, _) = with_users(4);
    let create = [
        "organizations",
        "create",
        "--name",
        "Acme",
        "--slug",
        "acme",
    ];
    let acme = live.behind.run(create).id();
    let people = [0, 1, 2, 3].map(|at| format!("p{at}@example.com"));
    for user in &people {
        let add = format!("organizations add-member {acme} --user-id {user} --role org:member");
        live.behind.run(add.split(' ')).json();
    }
    let stay = |people: &[String]| {
        let rows = format!("email\n{}\n", people.join("\n"));
        live.env.file("members.csv", rows);
    };
    stay(&people[..3]);
    let sync = format!("organizations sync-members {acme} --rows members.csv --role org:member");
    refused(
        &live,
        &format!("{sync} --yes --allow-large 1"),
        7,
        "refused",
    );
    let hash = planned(&live, &sync);
    // What goes is memberships, so a tenth of these counts.
    let message = refused(&live, &format!("{sync} --confirm {hash}"), 7, "refused");
    assert_eq!(message, "1 of 4 memberships is much to destroy at once");
    let allowed = format!("{sync} --allow-large 1");
    let words: Vec<&str> = allowed.split(' ').collect();
    let (shown, log) = live.watch(|env| pty::run(env, &words, "1\n"));
    assert_eq!(shown.code, 7, "{shown:?}");
    let wanted = "Type \"delete 1 memberships on ins_";
    assert!(shown.screen.contains(wanted), "{shown:?}");
    assert_eq!(writes(&log), [""; 0]);
    let confirmed = format!("{allowed} --confirm {hash}");
    stay(&people[1..]);
    refused(&live, &confirmed, 9, "plan_changed");
    stay(&people[..3]);
    let (ran, log) = run(&live, &confirmed);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(writes(&log).len(), 1, "{log:?}");
}

/// The undo of an import deletes: it asks for what a deletion asks for.
#[test]
fn reliability_6_1_an_undo_that_deletes_needs_its_plan() {
    let (live, _) = with_users(30);
    live.env
        .file("people.csv", "email\na@example.com\nb@example.com\n");
    let create = "users create --rows people.csv --skip-password-requirement --yes";
    let (made, _) = run(&live, create);
    let id = made.id();
    let undo = format!("jobs undo {id}");
    refused(&live, &format!("{undo} --yes"), 7, "refused");
    let hash = planned(&live, &undo);
    let (ran, log) = run(&live, &format!("{undo} --confirm {hash}"));
    assert_eq!(ran.json()["states"], json!({"done": 2}));
    assert_eq!(writes(&log).len(), 2, "{log:?}");
    let count: Value = live.behind.run(["users", "count"]).json();
    assert_eq!(count["total_count"], 30);
}
