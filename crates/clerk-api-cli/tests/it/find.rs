//! Finding: names as references, `find`, `show`, counts, and moments that are told from now.

use serde_json::json;

use crate::clerk::clerk;
use crate::env::{Env, Ran};

#[track_caller]
fn run(env: &Env, line: &str) -> Ran {
    env.run(line.split(' '))
}

/// Creates a user with this first and last name.
fn user(env: &Env, first: &str, last: &str) -> String {
    let line = format!(
        "users create --email {first}.{last}@example.com --first-name {first} --last-name {last} --skip-password-requirement"
    );
    run(env, &line).id()
}

fn organization(env: &Env, name: &str, slug: &str) -> String {
    env.run(["organizations", "create", "--name", name, "--slug", slug])
        .id()
}

#[test]
fn a_part_of_a_name_names_a_user_where_it_fits_one() {
    let (_clerk, env) = clerk(&[]);
    let ada = user(&env, "Ada", "Lovelace");
    let adam = user(&env, "Adam", "Smith");
    assert_eq!(run(&env, "users get lovelace").id(), ada);
    assert_eq!(env.run(["users", "get", "ada love"]).id(), ada);
    assert_eq!(run(&env, "users update Smith --last-name Jones").id(), adam);
    let error = run(&env, "users update ada --last-name King").error(2);
    assert_eq!(
        (&error["code"], &error["sent"]),
        (&json!("ambiguous"), &json!("no"))
    );
    let candidates = error["candidates"].as_array().unwrap();
    let mut ids: Vec<&str> = candidates
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    let mut both = [ada.as_str(), adam.as_str()];
    both.sort_unstable();
    assert_eq!(ids, both);
    assert!(
        candidates.iter().any(|one| one["name"] == "Ada Lovelace"),
        "{error}"
    );
    // An address that only looks like a part of a name names nobody, and a script destroys nothing by a name.
    run(&env, "users get example").error(5);
    run(&env, "users delete lovelace").error(7);
}

#[test]
fn an_exact_name_names_an_organization() {
    let (_clerk, env) = clerk(&[]);
    let acme = organization(&env, "Acme & Sons", "acme");
    organization(&env, "Acme & Sons Two", "acme-2");
    let named = env.run([
        "organizations",
        "update",
        "Acme & Sons",
        "--max-allowed-memberships",
        "9",
    ]);
    assert_eq!(named.id(), acme);
    assert_eq!(env.run(["organizations", "get", "Acme & Sons"]).id(), acme);
    env.run(["organizations", "get", "Acme"]).error(5);
    organization(&env, "Acme & Sons", "acme-3");
    let error = env.run(["organizations", "get", "Acme & Sons"]).error(2);
    assert_eq!(error["candidates"].as_array().unwrap().len(), 2, "{error}");
}

#[test]
fn one_search_finds_everything_and_show_shows_what_hangs_on_it() {
    let (_clerk, env) = clerk(&[]);
    let ada = user(&env, "Ada", "Lovelace");
    let acme = organization(&env, "Ada Works", "ada");
    run(
        &env,
        &format!("organizations add-member {acme} --user-id {ada} --role org:admin"),
    )
    .json();
    run(
        &env,
        &format!("invitations create {acme} --email ada.b@example.com --role org:member"),
    )
    .json();
    let found = run(&env, "find ada").json();
    let kinds: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    // Its slug is the text itself.
    assert_eq!(kinds, ["organization", "user", "invitation"]);
    let role = json!([{"id": acme, "name": "Ada Works", "slug": "ada", "role": "org:admin"}]);
    assert_eq!(found[1]["organizations"], role);
    let table = run(&env, "find ada -o table").stdout;
    assert!(
        table.contains("ORGANIZATIONS") && table.contains("org:admin"),
        "{table}"
    );
    let shown = run(&env, &format!("show {ada}")).json();
    assert_eq!(
        (&shown["kind"], &shown["user"]["id"]),
        (&json!("user"), &json!(ada))
    );
    assert_eq!(shown["memberships"][0]["role"], "org:admin");
    let shown = run(&env, &format!("show {acme}"));
    assert_eq!(
        shown.json()["invitations"][0]["email_address"],
        "ada.b@example.com"
    );
    assert!(!shown.stdout.contains("\"url\""), "{}", shown.stdout);
    run(&env, "show user_2gone").error(5);
    run(&env, "show nothing").error(2);
}

#[test]
fn show_finds_what_has_no_request_of_its_own_or_says_where_it_is() {
    let (_clerk, env) = clerk(&[]);
    let ada = user(&env, "Ada", "Lovelace");
    let acme = organization(&env, "Acme", "acme");
    let create = |line: &str| run(&env, line).id();
    let invitation = create("application-invitations create --email b@example.com");
    let waiting = create("waitlist add --email c@example.com");
    let allowed = create("allowlist add --identifier d@example.com");
    let blocked = create("blocklist add --identifier e@example.com");
    let address = run(&env, &format!("users get {ada}")).json()["email_addresses"][0]["id"].clone();
    for (id, kind) in [
        (invitation.as_str(), "application_invitation"),
        (waiting.as_str(), "waitlist_entry"),
        (allowed.as_str(), "listed_identifier"),
        (blocked.as_str(), "listed_identifier"),
        (address.as_str().unwrap(), "identification"),
    ] {
        let shown = run(&env, &format!("show {id}"));
        let object = shown.json();
        assert_eq!(
            (&object["kind"], &object[kind]["id"]),
            (&json!(kind), &json!(id))
        );
        assert!(!shown.stdout.contains("\"url\""), "{}", shown.stdout);
    }
    run(
        &env,
        &format!("application-invitations revoke {invitation}"),
    )
    .json();
    let shown = run(&env, &format!("show {invitation}")).json();
    assert_eq!(shown["application_invitation"]["status"], "revoked");
    for gone in ["inv_gone", "wle_gone", "alid_gone", "blid_gone"] {
        let error = run(&env, &format!("show {gone}")).error(5);
        assert_eq!(error["code"], "not_found", "{error}");
    }
    let member = create(&format!(
        "organizations add-member {acme} --user-id {ada} --role org:admin"
    ));
    let invited = create(&format!(
        "invitations create {acme} --email f@example.com --role org:member"
    ));
    for (id, place) in [
        (member.as_str(), "clerk-api memberships list --all --where"),
        (&invited, "clerk-api invitations get ORGANIZATION"),
        ("orgdmn_1", "clerk-api domains list ORGANIZATION"),
        ("sit_1", "clerk-api sign-in-tokens revoke sit_1"),
        ("act_1", "clerk-api actor-tokens revoke act_1"),
        ("eac_1", "clerk-api users get USER"),
        ("ins_1", "clerk-api instance get"),
    ] {
        let error = run(&env, &format!("show {id}")).error(2);
        assert!(error["hint"].to_string().contains(place), "{error}");
    }
    let error = run(&env, "show idn_gone").error(5);
    assert!(
        error["hint"].to_string().contains("passkey or a wallet"),
        "{error}"
    );
}

#[test]
fn counts_are_one_request() {
    let (_clerk, env) = clerk(&[]);
    for (line, count) in [
        ("organizations count", 0),
        ("memberships count", 0),
        ("invitations count --status pending", 0),
    ] {
        assert_eq!(run(&env, line).json()["total_count"], count, "{line}");
    }
    organization(&env, "Acme", "acme");
    organization(&env, "Beta", "beta");
    assert_eq!(run(&env, "organizations count").json()["total_count"], 2);
    assert_eq!(
        run(&env, "organizations count --query bet").json()["total_count"],
        1
    );
}

#[test]
fn a_moment_can_be_told_from_now() {
    let (_clerk, env) = clerk(&[]);
    let ada = user(&env, "Ada", "Lovelace");
    let since = |moment: &str| {
        let ran = run(
            &env,
            &format!("users list --created-at-after {moment} -o ids"),
        );
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stdout.trim().to_owned()
    };
    assert_eq!(since("1h"), ada);
    assert_eq!(since("yesterday"), ada);
    assert_eq!(since("0s"), "");
    run(&env, "users list --created-at-after soon").error(2);
}

#[test]
fn filters_that_the_api_lacks_run_over_every_page() {
    let (_clerk, env) = clerk(&[]);
    let ada = user(&env, "Ada", "Lovelace");
    let eve = user(&env, "Eve", "Smith");
    let kim = user(&env, "Kim", "Jones");
    let acme = organization(&env, "Acme", "acme");
    run(
        &env,
        &format!("organizations add-member {acme} --user-id {ada} --role org:admin"),
    )
    .json();
    run(
        &env,
        &format!("users update-metadata {eve} --public {{\"plan\":\"pro\"}}"),
    )
    .json();
    run(&env, &format!("sessions create --user-id {kim}")).json();
    let ids = |line: &str| {
        let ran = env.run(line.split('|').chain(["-o", "ids"]));
        assert_eq!(ran.code, 0, "{ran:?}");
        let mut ids: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
        ids.sort_unstable();
        ids
    };
    let sorted = |ids: &[&String]| {
        let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(
        ids("users|list|--where|public_metadata.plan == \"pro\""),
        [eve.as_str()]
    );
    assert_eq!(
        ids("users|list|--not-in-any-organization"),
        sorted(&[&eve, &kim])
    );
    let old = run(
        &env,
        "users create --username old-one --created-at 2020-01-01T00:00:00Z --skip-password-requirement",
    );
    assert_eq!(ids("users|list|--inactive-for|90d"), [old.id()]);
    assert_eq!(
        ids("users|list|--never-signed-in|--where|first_name == \"Ada\""),
        [ada.as_str()]
    );
    assert_eq!(
        ids("users|list|--not-in-any-organization|--limit|1").len(),
        1
    );
    assert_eq!(
        ids("organizations|list|--where|members_count == 1"),
        [acme.as_str()]
    );
    env.run(["users", "list", "--where", "plan = 1"]).error(2);
    run(&env, "users list --inactive-for soon").error(2);
}
