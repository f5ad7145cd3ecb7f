//! The sample of each source, and the calls that it becomes.

use clerk_api_tasks::import::{Source, UserImport, UserOptions};

use super::{calls, sample};

fn opened(name: &str, source: Source) -> UserImport {
    let options = UserOptions {
        source: Some(source),
        ..UserOptions::default()
    };
    UserImport::open(&sample(name), options).unwrap()
}

/// The calls of a sample, and then what is said before they are made.
fn golden(import: &UserImport) -> String {
    let said = import.survey().unwrap().sentences();
    format!("{}\n---\n{}", calls(import), said.join("\n"))
}

#[test]
fn clerk_dashboard_csv_splits_lists_and_keeps_digests() {
    insta::assert_snapshot!(golden(&opened("clerk.csv", Source::Clerk)));
}

#[test]
fn clerk_api_export_has_the_primary_address_first() {
    insta::assert_snapshot!(golden(&opened("clerk.json", Source::Clerk)));
}

#[test]
fn clerk_api_export_takes_digests_from_the_dashboard_csv_by_id() {
    let options = UserOptions {
        source: Some(Source::Clerk),
        passwords: Some(sample("clerk.csv")),
        ..UserOptions::default()
    };
    let import = UserImport::open(&sample("clerk.json"), options).unwrap();
    insta::assert_snapshot!(golden(&import));
}

#[test]
fn auth0_keeps_whole_ids_and_hashes_of_three_kinds() {
    insta::assert_snapshot!(golden(&opened("auth0.ndjson", Source::Auth0)));
}

#[test]
fn firebase_json_is_one_object_with_digests_made_from_parameters() {
    let options = UserOptions {
        source: Some(Source::Firebase),
        firebase_hash: Some(sample("firebase-hash.txt")),
        ..UserOptions::default()
    };
    let import = UserImport::open(&sample("firebase.json"), options).unwrap();
    insta::assert_snapshot!(golden(&import));
}

#[test]
fn firebase_csv_has_no_header_and_shifted_columns_are_named() {
    insta::assert_snapshot!(golden(&opened("firebase.csv", Source::Firebase)));
}

#[test]
fn supabase_leaves_out_deleted_and_anonymous_users() {
    insta::assert_snapshot!(golden(&opened("supabase.csv", Source::Supabase)));
}

#[test]
fn authjs_has_names_in_one_column() {
    insta::assert_snapshot!(golden(&opened("authjs.csv", Source::AuthJs)));
}

#[test]
fn workos_lists_stand_in_data() {
    insta::assert_snapshot!(golden(&opened("workos.json", Source::WorkOs)));
}

#[test]
fn cognito_csv_keeps_custom_attributes() {
    insta::assert_snapshot!(golden(&opened("cognito.csv", Source::Cognito)));
}

#[test]
fn cognito_json_has_attributes_by_name() {
    insta::assert_snapshot!(golden(&opened("cognito.json", Source::Cognito)));
}
