//! `local import` of what `export` wrote: refusals, atomicity, and what it says.

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::Env;

/// Exports an instance with two users, an organization of one and an invitation.
fn exported(env: &Env, target: &[&str]) {
    for name in ["ada", "bob"] {
        let address = format!("{name}@example.com");
        env.run(["users", "create", "--email", &address, "--first-name", name])
            .json();
    }
    let ada = env.run(["users", "list", "--query", "ada"]).json()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let acme = env
        .run([
            "organizations",
            "create",
            "--name",
            "Acme",
            "--created-by",
            &ada,
        ])
        .id();
    env.run([
        "invitations",
        "create",
        &acme,
        "--email",
        "eve@example.com",
        "--role",
        "org:member",
    ])
    .json();
    env.run(target).json();
}

fn count(env: &Env, instance: &str) -> Value {
    env.run([instance, "users", "count"]).json()["total_count"].clone()
}

#[test]
fn an_export_fills_a_local_instance_and_says_what_came() {
    let (_clerk, env) = clerk(&[]);
    exported(&env, &["export", "--to", "all.sqlite"]);
    let report = env
        .run(["local", "import", "all.sqlite", "--local=copy"])
        .json();
    assert_eq!(
        report,
        json!({
            "export": "all.sqlite", "format": "sqlite", "anonymized": false, "left_out": {}, "lost": {},
            "restored": {"roles": 2, "role_sets": 1, "users": 2, "organizations": 1, "memberships": 1, "organization_invitations": 1},
        })
    );
    let found = env
        .run(["--local=copy", "users", "list", "--query", "ada"])
        .json();
    assert_eq!(
        found[0]["email_addresses"][0]["email_address"],
        "ada@example.com"
    );
    // A new organization gets the roles that it gets there.
    env.run(["--local=copy", "organizations", "create", "--name", "New"])
        .json();

    // What is there is not replaced unasked.
    env.run(["local", "import", "all.sqlite", "--local=copy"])
        .error(7);
    env.run([
        "local",
        "import",
        "all.sqlite",
        "--local=copy",
        "--anonymize",
        "--yes",
    ])
    .json();
    let users = env.run(["--local=copy", "users", "list", "--raw"]).stdout;
    assert!(
        !users.contains("\"ada\"") && !users.contains("ada@"),
        "{users}"
    );
    assert!(users.contains(".example\""), "{users}");
    assert_eq!(count(&env, "--local=copy"), 2);
}

#[test]
fn a_folder_of_objects_is_as_good_and_a_server_can_begin_with_it() {
    let (_clerk, env) = clerk(&[]);
    exported(&env, &["export", "--to", "all/"]);
    let report = env.run(["local", "import", "all", "--local=copy"]).json();
    assert_eq!(
        (&report["format"], &report["restored"]["users"]),
        (&json!("ndjson"), &json!(2))
    );
    let ran = env.run(["local", "exec", "--import", "all", "--", "echo", "ready"]);
    assert!(ran.stdout.contains("ready"), "{ran:?}");
}

#[test]
fn what_refers_to_nothing_is_left_out_and_counted() {
    let (_clerk, env) = clerk(&[]);
    exported(
        &env,
        &["export", "users", "memberships", "--to", "some.sqlite"],
    );
    let ran = env.run(["local", "import", "some.sqlite", "--local=copy"]);
    let error = ran.error(3);
    assert_eq!(error["message"], "1 objects of the export were left out");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        report["left_out"],
        json!({"memberships": {"its organization did not come": 1}})
    );
    assert_eq!(count(&env, "--local=copy"), 2);
}

#[test]
fn reliability_p2_an_export_that_is_wrong_leaves_the_instance_as_it_was() {
    let (_clerk, env) = clerk(&[]);
    exported(&env, &["export", "--to", "all/"]);
    env.run([
        "local",
        "seed",
        "--local=copy",
        "--users",
        "3",
        "--organizations",
        "0",
    ])
    .json();
    let users = env.home().join("all/users.ndjson");
    let text = std::fs::read_to_string(&users).unwrap();
    std::fs::write(&users, format!("{text}{{\"object\":\"user\",\"id\":7}}\n")).unwrap();
    let error = env
        .run(["local", "import", "all", "--local=copy", "--yes"])
        .error(2);
    assert_eq!(error["code"], "not_importable");
    assert_eq!(count(&env, "--local=copy"), 3);

    std::fs::write(env.home().join("other.sqlite"), "no database at all").unwrap();
    for (from, message) in [
        ("other.sqlite", "is not a SQLite export"),
        ("nowhere", "there is no file"),
        (".", "is not an export in the format ndjson"),
    ] {
        let ran = env.run(["local", "import", from, "--local=copy", "--yes"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(message), "{ran:?}");
    }
    assert_eq!(count(&env, "--local=copy"), 3);
    let folder = env.home().join(".local/share/clerk-api/local");
    let left = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left
        .filter(|name| name.to_string_lossy().ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // A whole copy has secrets, so it is not taken for one without anybody's data.
    env.run(["local", "export", "whole", "--local=copy"]).json();
    let ran = env.run(["local", "import", "whole", "--local=other", "--anonymize"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("is not anonymized"),
        "{ran:?}"
    );
}
