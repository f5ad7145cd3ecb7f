//! Jobs that are cut in the middle: killed, stopped by a signal, met by another process, out of disk.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::BINARY;
use crate::jobs::{addresses, document, people};

#[test]
fn reliability_p2_a_job_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    let (_clerk, env) = clerk(&[
        r#"{"on":"POST /users","cut":"after","every":7}"#,
        r#"{"on":"POST /users","status":503,"nth":3,"every":11}"#,
        r#"{"on":"POST /users","delay_ms":4}"#,
    ]);
    let count = 120;
    env.file("people.csv", people(count));
    let mut line = vec![
        "users".to_owned(),
        "create".to_owned(),
        "--rows".to_owned(),
        "people.csv".to_owned(),
        "--yes".to_owned(),
    ];
    let mut kills = 0;
    let ended = loop {
        let mut command = env.command(BINARY);
        command
            .args(&line)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if kills < 8 {
            std::thread::sleep(Duration::from_millis(60 + kills * 17));
            child.kill().unwrap();
        }
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_some() {
            break output;
        }
        kills += 1;
        let jobs = env.run(["jobs", "list"]).json();
        match jobs[0]["id"].as_str() {
            // Killed before the rows were written down: nothing was sent.
            None => assert!(addresses(&env).is_empty()),
            Some(id) => line = vec!["jobs".to_owned(), "resume".to_owned(), id.to_owned()],
        }
    };
    assert!(kills > 0);
    let document: Value = serde_json::from_slice(&ended.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&ended.stderr)));
    assert_eq!(document["rows"]["done"], count, "{document}");
    let all = addresses(&env);
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (count, count));
}

#[test]
fn reliability_4_11_a_signal_lets_responses_come_in_and_says_how_to_continue() {
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","delay_ms":400}"#]);
    env.file("people.csv", people(200));
    let ran = env.shell("clerk-api users create --rows people.csv --yes & job=$!; sleep 1; kill -INT $job; wait $job; echo ended $? >&2");
    assert!(ran.stderr.contains("ended 130"), "{ran:?}");
    let error: Value = serde_json::from_str(
        ran.stderr
            .lines()
            .find(|line| line.starts_with('{'))
            .unwrap(),
    )
    .unwrap();
    assert_eq!(error["code"], "interrupted");
    let id = env.run(["jobs", "list"]).json()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        error["hint"]
            .as_str()
            .unwrap()
            .contains(&format!("jobs resume {id}")),
        "{error}"
    );
    assert_eq!(
        document(&env.run(["jobs", "resume", &id]), 0)["states"],
        json!({"done": 200})
    );
    assert_eq!(addresses(&env).len(), 200);
}

#[test]
fn reliability_4_9_two_processes_do_not_work_on_one_job() {
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","delay_ms":500}"#]);
    env.file("people.csv", people(40));
    let mut first = env.command(BINARY);
    first.args(["users", "create", "--rows", "people.csv", "--yes"]);
    let mut first = first
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = loop {
        let jobs = env.run(["jobs", "list"]).json();
        if jobs[0]["states"]["sent"].as_u64() > Some(0) {
            break jobs[0]["id"].as_str().unwrap().to_owned();
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let error = env.run(["jobs", "resume", &id]).error(10);
    assert_eq!(error["code"], "locked");
    env.run(["jobs", "forget", &id]).error(10);
    assert!(first.wait().unwrap().success());
    assert_eq!(addresses(&env).len(), 40);
}

#[test]
fn reliability_4_10_a_full_disk_ends_a_job_which_goes_on_when_there_is_room() {
    // Slow for as long as it takes to fill the disk, quick for the rows that come after it.
    let (_clerk, env) = clerk(&[r#"{"on":"POST /users","delay_ms":250,"times":100}"#]);
    let state = env.home().join("state");
    std::fs::create_dir(&state).unwrap();
    let mut mount = std::process::Command::new("mount");
    let mounted = mount
        .args(["-t", "tmpfs", "-o", "size=66m", "tmpfs"])
        .arg(&state)
        .output();
    if !mounted.is_ok_and(|ran| ran.status.success()) {
        eprintln!("skipped: only root can mount a small file system");
        return;
    }
    let env = env.set("XDG_STATE_HOME", state.to_str().unwrap());
    let rest = state.join("rest");
    let fill = || {
        let mut zeros = std::io::repeat(0);
        let filled = std::io::copy(&mut zeros, &mut std::fs::File::create(&rest).unwrap());
        assert!(filled.is_err(), "the disk is not full");
    };
    let count = 400;
    env.file("people.csv", people(count));
    let create = ["users", "create", "--rows", "people.csv", "--yes"];

    fill();
    std::fs::File::options()
        .write(true)
        .open(&rest)
        .unwrap()
        .set_len(60_000_000)
        .unwrap();
    let error = env.run(create).error(74);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("needs 68 MB of free disk"), "{message}");
    assert_eq!(env.run(["jobs", "list"]).json(), json!([]));
    std::fs::remove_file(&rest).unwrap();
    // There is room for a job, but not for so many rows.
    env.file("many.csv", people(20_000));
    let error = env
        .run(["users", "create", "--rows", "many.csv", "--yes"])
        .error(74);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("needs 73 MB of free disk"), "{message}");
    assert_eq!(error["sent"], "no");
    assert_eq!(env.run(["jobs", "list"]).json(), json!([]));
    assert!(addresses(&env).is_empty());

    let mut running = env.command(BINARY);
    let running = running.args(create).stderr(Stdio::piped()).spawn().unwrap();
    while addresses(&env).is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    fill();
    let ended = running.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(74), "{said}");
    std::fs::remove_file(&rest).unwrap();
    assert!(
        addresses(&env).len() < count,
        "the job ended before the disk was full"
    );
    let jobs = env.run(["jobs", "list"]).json();
    let id = jobs[0]["id"].as_str().unwrap();
    let last = document(&env.run(["jobs", "resume", id]), 0);
    assert_eq!(last["rows"]["done"], count, "{last}");
    let all = addresses(&env);
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (count, count));
    let umount = env.command("umount").arg(&state).status();
    assert!(umount.unwrap().success());
}
