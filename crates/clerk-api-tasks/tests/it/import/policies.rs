//! What is done with users who are there already, against the local Clerk.

use clerk_api_tasks::import::{Exists, Key, Source, UserOptions};

use super::{import, messages, sample};
use crate::harness::{Bench, fault};

fn options(exists: Exists) -> UserOptions {
    UserOptions {
        exists,
        ..UserOptions::default()
    }
}

/// Thirty rows with the usual defects: a mark and CRLF, quoted commas, accents, empty names, and four rows that are wrong.
fn thirty() -> String {
    let mut text =
        "\u{feff}external_id,email,first_name,last_name,public_metadata.plan,created_at\r\n"
            .to_owned();
    for number in 1..=30 {
        let (email, first, last, created) = match number {
            3 => ("U1@Example.com".to_owned(), "Twin", "", "2024-01-02"),
            7 => ("not an address".to_owned(), "Bad", "", ""),
            9 => ("u9@example.com".to_owned(), "", "", "1704164645"),
            12 => (
                "u12@example.com".to_owned(),
                "\"Dam, Bo\"",
                "Jr.",
                "1704164645000",
            ),
            15 => (
                "u15@example.com".to_owned(),
                "Zoë",
                "Müller-Łukasz",
                "2024-01-02 03:04:05",
            ),
            20 => (String::new(), "Nobody", "", ""),
            25 => ("u25@example.com".to_owned(), "Late", "", "01/02/2024"),
            _ => (format!("u{number}@example.com"), "Some", "One", ""),
        };
        text += &format!("old-{number},{email},{first},{last},pro,{created}\r\n");
    }
    text
}

#[tokio::test]
async fn thirty_rows_with_defects_are_imported_and_a_second_run_doubles_nothing() {
    let bench = Bench::new();
    let ran = import(&bench, &thirty(), options(Exists::Skip)).await;
    assert_eq!(ran.line(), "done 26, invalid 4");
    let lines = [
        "line 4: the email address \"U1@Example.com\" is in line 2 already: only the first of them is used",
        "line 8, column email must be an email address such as ada@example.com, not \"not an address\"",
        "line 21: the row has no email address, phone number or username",
        "line 26, column created_at: is no date: \"01/02/2024\"",
    ];
    assert_eq!(messages(&ran), lines);
    let users = bench.all("users.list", &[]).await;
    let named = |name: &str| {
        users
            .iter()
            .find(|user| user["first_name"] == name)
            .unwrap()
    };
    assert_eq!(named("Dam, Bo")["created_at"], 1_704_164_645_000_i64);
    assert_eq!(named("Zoë")["created_at"], 1_704_164_645_000_i64);
    assert_eq!(named("Zoë")["public_metadata"]["plan"], "pro");
    assert_eq!(named("Zoë")["external_id"], "old-15");
    let again = import(&bench, &thirty(), options(Exists::Skip)).await;
    assert_eq!(again.line(), "skipped_existing 26, invalid 4");
    assert_eq!(bench.addresses().await.len(), 26);
}

#[tokio::test]
async fn a_row_that_is_in_the_file_twice_is_told_from_one_that_was_imported_before() {
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    let csv = "email\nada@example.com\nbo@example.com\nBO@example.com\n";
    let ran = import(&bench, csv, options(Exists::Skip)).await;
    assert_eq!(ran.line(), "done 1, skipped_existing 1, invalid 1");
    let messages = messages(&ran);
    assert!(
        messages[0].ends_with("has this email address already"),
        "{messages:?}"
    );
    assert_eq!(
        messages[1],
        "line 4: the email address \"BO@example.com\" is in line 3 already: only the first of them is used"
    );
}

#[tokio::test]
async fn with_update_only_what_differs_is_sent() {
    let bench = Bench::new();
    let csv = "external_id,email,first_name,public_metadata.plan\n1,ada@example.com,Ada,pro\n2,bo@example.com,Bo,pro\n3,cy@example.com,Cy,pro\n";
    import(&bench, csv, options(Exists::Skip)).await;
    let changed = csv.replace("Ada,pro", "Ada,free").replace("Bo,", "Bob,");
    let ran = import(&bench, &changed, options(Exists::Update)).await;
    assert_eq!(ran.line(), "done 2, skipped_existing 1");
    let patches: Vec<String> = bench.lines().await;
    let patches = patches.iter().filter(|line| line.starts_with("PATCH"));
    let metadata = patches
        .clone()
        .filter(|line| line.ends_with("/metadata"))
        .count();
    assert_eq!((patches.count(), metadata), (2, 1));
    let again = import(&bench, &changed, options(Exists::Update)).await;
    assert_eq!(again.line(), "skipped_existing 3");
}

#[tokio::test]
async fn an_update_gives_a_password_only_where_there_is_none() {
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    let digest = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    let csv = format!("email,password_digest\nada@example.com,{digest}\n");
    let ran = import(&bench, &csv, options(Exists::Update)).await;
    assert_eq!(ran.line(), "done 1");
    let again = import(&bench, &csv, options(Exists::Update)).await;
    assert_eq!(again.line(), "skipped_existing 1");
    assert_eq!(bench.requests("PATCH").await, 1);
}

#[tokio::test]
async fn with_fail_a_user_who_is_there_is_a_conflict() {
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    let csv = "email\nada@example.com\nbo@example.com\n";
    let ran = import(&bench, csv, options(Exists::Fail)).await;
    assert_eq!(ran.line(), "done 1, conflict 1");
}

#[tokio::test]
async fn a_user_with_another_external_id_is_not_taken_over() {
    let bench = Bench::new();
    import(
        &bench,
        "external_id,email\n1,ada@example.com\n",
        options(Exists::Skip),
    )
    .await;
    let ran = import(
        &bench,
        "external_id,email\n2,ada@example.com\n",
        options(Exists::Update),
    )
    .await;
    assert_eq!(ran.line(), "conflict 1");
    assert_eq!(bench.requests("PATCH").await, 0);
}

#[tokio::test]
async fn rows_that_match_two_users_are_a_conflict() {
    let bench = Bench::new();
    let csv = "external_id,email\n1,ada@example.com\n2,bo@example.com\n";
    import(&bench, csv, options(Exists::Skip)).await;
    let ran = import(
        &bench,
        "external_id,email\n1,bo@example.com\n",
        options(Exists::Skip),
    )
    .await;
    assert_eq!(ran.line(), "conflict 1");
    assert!(messages(&ran)[0].starts_with("several users match the row: user_"));
}

#[tokio::test]
async fn a_named_key_alone_finds_users_and_every_row_must_have_it() {
    let bench = Bench::new();
    let first = "email,phone\nada@example.com,+15555550100\n";
    import(&bench, first, options(Exists::Skip)).await;
    let by_phone = UserOptions {
        by: Some(Key::PhoneNumber),
        ..UserOptions::default()
    };
    let csv = "email,phone\nother@example.com,+1 (555) 555-0100\nbo@example.com,\n";
    let ran = import(&bench, csv, by_phone).await;
    assert_eq!(ran.line(), "skipped_existing 1, invalid 1");
    assert_eq!(
        messages(&ran)[1],
        "line 3: the row has no phone number, by which users are matched"
    );
}

#[tokio::test]
async fn users_are_looked_up_a_hundred_a_request() {
    let bench = Bench::new();
    let mut csv = "external_id,email\n".to_owned();
    for number in 0..250 {
        csv += &format!("{number},u{number}@example.com\n");
    }
    let ran = import(&bench, &csv, options(Exists::Skip)).await;
    assert_eq!(ran.line(), "done 250");
    // Three looks by external id and three by address.
    assert_eq!(bench.requests("GET /v1/users").await, 6);
}

#[tokio::test]
async fn phone_numbers_without_a_country_get_the_one_that_is_named() {
    let bench = Bench::new();
    let csv = "email,phone\nada@example.com,0170 123-4567\nbo@example.com,0049170\ncy@example.com,call me\n";
    let german = UserOptions {
        phone_country: Some("+49".to_owned()),
        ..UserOptions::default()
    };
    let ran = import(&bench, csv, german).await;
    assert_eq!(ran.line(), "done 1, invalid 2");
    let user = bench.all("users.list", &[]).await.remove(0);
    assert_eq!(user["phone_numbers"][0]["phone_number"], "+491701234567");
    assert_eq!(
        messages(&ran)[1],
        "line 4, column phone: is no phone number in E.164 form such as +15551234567: \"call me\""
    );
}

#[tokio::test]
async fn every_sample_is_taken_by_the_api_and_passwords_work() {
    let bench = Bench::new();
    let cases = [
        ("clerk.csv", Source::Clerk, "done 4"),
        ("auth0.ndjson", Source::Auth0, "done 5"),
        ("firebase.json", Source::Firebase, "done 2"),
        ("supabase.csv", Source::Supabase, "done 2"),
        ("authjs.csv", Source::AuthJs, "done 3"),
        ("workos.json", Source::WorkOs, "done 2"),
        ("cognito.json", Source::Cognito, "done 2"),
    ];
    for (name, source, expected) in cases {
        let bench = Bench::new();
        let from = UserOptions {
            source: Some(source),
            ..UserOptions::default()
        };
        let text = std::fs::read_to_string(sample(name)).unwrap();
        let ran = import(&bench, &text, from).await;
        assert_eq!(ran.line(), expected, "{name}: {:?}", messages(&ran));
    }
    let csv = "email,password_digest\nada@example.com,$2b$10$Z6hUTEEeoJXN5/AmSm/4.eZ75RYgFVriQM9LPhNEC7kbAbS/VAaJ2\n";
    import(&bench, csv, options(Exists::Skip)).await;
    assert_eq!(
        bench.all("users.list", &[]).await[0]["password_enabled"],
        true
    );
}

#[tokio::test]
async fn reliability_2_3_users_with_old_dates_are_done_where_their_responses_are_lost() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(r#"{"on":"POST /users","cut":"after"}"#)];
    });
    let rows = (1..=5).map(|number| format!("u{number}@example.com,2019-01-02"));
    let csv = format!(
        "email,created_at\n{}\n",
        rows.collect::<Vec<_>>().join("\n")
    );
    let ran = import(&bench, &csv, options(Exists::Skip)).await;
    assert_eq!(ran.line(), "done_reconciled 5", "{:?}", messages(&ran));
}
