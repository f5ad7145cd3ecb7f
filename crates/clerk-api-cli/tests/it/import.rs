//! Imports with the real binary against a real local Clerk: that they are wired, not every case.

use serde_json::Value;

use crate::clerk::clerk;
use crate::env::Env;

const AUTH0: &str = concat!(
    r#"{"user_id":"auth0|1","email":"ada@example.com","email_verified":true,"created_at":"2024-01-02T03:04:05Z"}"#,
    "\n",
    r#"{"user_id":"auth0|2","email":"not an address","email_verified":true}"#,
    "\n",
    r#"{"user_id":"auth0|3","email":"cy@example.com","passwordHash":"$2b$10$Z6hUTEEeoJXN5/AmSm/4.eZ75RYgFVriQM9LPhNEC7kbAbS/VAaJ2"}"#,
    "\n",
);

fn users(env: &Env) -> Vec<Value> {
    let users = env.run(["users", "list", "--all"]).json();
    users.as_array().unwrap().clone()
}

#[test]
fn an_export_is_planned_imported_and_imported_again() {
    let (_clerk, env) = clerk(&[]);
    let file = env.file("auth0.ndjson", AUTH0);
    let file = file.to_str().unwrap();
    let rejects = env.home().join("rejects.ndjson");
    let import = ["users", "import", file, "--from", "auth0", "--yes"];
    let plan = env.run(import.iter().chain(&["--plan"]).copied());
    assert_eq!(plan.code, 0, "{plan:?}");
    assert_eq!(plan.json()["operations"]["users.create"], 2);
    assert!(users(&env).is_empty());
    let ran = env.run(
        import
            .iter()
            .chain(&["--rejects", rejects.to_str().unwrap()])
            .copied(),
    );
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stderr
            .contains("note: column created_at: dates in ISO 8601 in 1 row"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("Z6hUTEEeoJXN5") && !ran.stdout.contains("Z6hUTEEeoJXN5"));
    let wrong = std::fs::read_to_string(rejects).unwrap();
    assert_eq!(wrong.lines().count(), 1, "{wrong}");
    assert_eq!(users(&env).len(), 2);
    let again = env.run(import.iter().chain(&["--again"]).copied());
    let document: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(document["states"]["skipped_existing"], 2, "{document}");
    assert_eq!(users(&env).len(), 2);
}

#[test]
fn an_import_that_was_parked_is_continued_with_the_same_policy() {
    let refused = r#"{"on":"POST /users","status":401,"times":1}"#;
    let (_clerk, env) = clerk(&[refused]);
    let file = env.file("users.csv", "email,first_name\nada@example.com,Ada\n");
    let file = file.to_str().unwrap();
    let ran = env.run(["users", "import", file, "--if-exists", "fail", "--yes"]);
    assert_ne!(ran.code, 0, "{ran:?}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["kind"], "import-users", "{document}");
    assert_eq!(document["phase"], "parked", "{document}");
    let resumed = env.run(["jobs", "resume", document["id"].as_str().unwrap()]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!(users(&env)[0]["first_name"], "Ada");
}

#[test]
fn organizations_and_memberships_come_from_files_too() {
    let (_clerk, env) = clerk(&[]);
    let teams = env.file("teams.csv", "name,slug\nAcme,acme\n");
    let members = env.file(
        "members.csv",
        "organization,user,role\nacme,external_id:17,org:admin\n",
    );
    let people = env.file("people.csv", "external_id,email\n17,ada@example.com\n");
    for (group, file) in [
        ("users", people),
        ("organizations", teams),
        ("memberships", members),
    ] {
        let ran = env.run([group, "import", file.to_str().unwrap(), "--yes"]);
        assert_eq!(ran.code, 0, "{group}: {ran:?}");
    }
    let members = env.run(["organizations", "members", "acme"]).json();
    assert_eq!(members["data"][0]["role"], "org:admin", "{members}");
}

#[test]
fn what_does_not_fit_together_is_refused_and_leaves_no_job() {
    let (_clerk, env) = clerk(&[]);
    let file = env.file("users.csv", "email\nada@example.com\n");
    let file = file.to_str().unwrap();
    for wrong in [
        &["--passwords", file][..],
        &["--firebase-hash", file],
        &["--phone-country", "DE"],
        &["--from", "myspace"],
    ] {
        let ran = env.run(["users", "import", file].iter().chain(wrong).copied());
        assert_eq!(ran.code, 2, "{ran:?}");
    }
    let other = env.file("other.csv", "mail\nada@example.com\n");
    let ran = env.run(["users", "import", other.to_str().unwrap()]);
    assert!(
        ran.stderr.contains("no column has the name of an argument"),
        "{ran:?}"
    );
    assert_eq!(env.run(["jobs", "list"]).json(), serde_json::json!([]));
}
