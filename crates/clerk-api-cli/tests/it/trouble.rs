//! What our own client makes of a local Clerk that goes wrong on purpose.

use serde_json::{Value, json};

use crate::env::{Env, Ran};

/// Runs a line of shell inside an instance with these faults. Returns its run and what the server says was done.
fn troubled(env: &Env, flags: &[&str], script: &str) -> (Ran, Vec<Value>) {
    let mut arguments = vec!["local", "exec", "--count-effects"];
    arguments.extend(flags);
    let script =
        format!("{script}; code=$?; clerk-api local effects --jq .data >effects.json; exit $code");
    arguments.extend(["--", "sh", "-c", &script]);
    let ran = env.run(arguments);
    let effects = std::fs::read_to_string(env.home().join("effects.json")).unwrap();
    let effects = serde_json::from_str(&effects).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    (ran, effects)
}

fn once(effects: &[Value], operation: &str, key: &str) {
    let found: Vec<_> = effects.iter().filter(|count| count["key"] == key).collect();
    let expected = json!({"operation": operation, "key": key, "count": 1});
    assert_eq!(found, [&expected], "{effects:?}");
}

#[test]
fn a_user_is_created_once_though_the_answer_was_lost() {
    // reliability P1, 2.3, 11.5: apply then reset
    let env = Env::new();
    let create = "clerk-api users create --email ada@example.com --external-id 7 --skip-password-requirement";
    let (ran, effects) = troubled(&env, &["--fault", "POST /users cut=after times=1"], create);
    assert_eq!(ran.json()["external_id"], "7");
    once(&effects, "POST /users", "external_id=7");
    once(&effects, "POST /users", "email_address=ada@example.com");
}

#[test]
fn an_invitation_goes_out_once_though_the_answer_was_lost() {
    // reliability P1, 2.3, 11.5
    let env = Env::new();
    let invite = "clerk-api application-invitations create --email bob@example.com";
    let (ran, effects) = troubled(
        &env,
        &["--fault", "POST /invitations cut=after times=1"],
        invite,
    );
    assert_eq!(ran.json()["email_address"], "bob@example.com");
    once(
        &effects,
        "POST /invitations",
        "email_address=bob@example.com",
    );
}

#[test]
fn a_write_that_never_arrived_is_sent_again() {
    // reliability 2.3: looked up, not found, resent
    let env = Env::new().config("[http]\nlooks_ms = [0, 100, 200]\n");
    let create = "clerk-api users create --username ada_lovelace --skip-password-requirement";
    let (ran, effects) = troubled(&env, &["--fault", "POST /users cut=before times=1"], create);
    assert_eq!(ran.json()["username"], "ada_lovelace");
    once(&effects, "POST /users", "username=ada_lovelace");
}

#[test]
fn a_burst_of_429_is_waited_for() {
    // reliability R3
    let env = Env::new();
    let script = env.file("faults.yaml", "- on: GET /users/count\n  status: 429\n  retry_after: 1\n  times: 2\n- GET /users status=503 times=1\n");
    let count = "clerk-api users count && clerk-api users list && clerk-api local requests --jq '[.data[].status]' >statuses.json";
    let (ran, _) = troubled(&env, &["--faults", script.to_str().unwrap()], count);
    assert_eq!(ran.code, 0, "{ran:?}");
    let statuses = std::fs::read_to_string(env.home().join("statuses.json")).unwrap();
    assert_eq!(
        statuses.split_whitespace().collect::<String>(),
        "[429,429,200,503,200]"
    );
}

#[test]
fn faults_limits_and_time_of_a_running_server_can_be_changed() {
    let env = Env::new();
    let script = "clerk-api local faults add 'GET /users/count status=500' --jq .id && clerk-api local faults clear >/dev/null && \
                  clerk-api local limits --limits development --user-cap 1 --jq .limits.user_cap && \
                  clerk-api local limits --off --jq .limits.profile && \
                  before=$(clerk-api local clock --jq .now) && after=$(clerk-api local clock --advance-ms 100000 --jq .now) && \
                  test $((after - before)) -ge 100000";
    let (ran, _) = troubled(&env, &[], script);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "1\n1\nnull\n"),
        "{ran:?}"
    );
    let nobody = env.run(["local", "faults", "list"]).error(1);
    assert_eq!(nobody["code"], "not_running");
    let wrong = env
        .run(["local", "serve", "--port", "0", "--fault", "POST /users"])
        .error(2);
    assert!(
        wrong["message"]
            .as_str()
            .unwrap()
            .contains("a fault needs an effect"),
        "{wrong}"
    );
}
