//! Literal requests and literal responses.

use clerk_api::ops::users::UpdateUserMetadata;
use clerk_api::ops::users::{CreateUser, GetUser, ListUsers, UserOrder};
use clerk_api::time::{Rfc3339, Timestamp};
use clerk_api::value::{Object, Order, Patch, Signed};
use clerk_api::{Args, Client, ErrorKind, SecretKey, Sent, ops};

use crate::fake::{answer, harness, refusal};

#[tokio::test]
async fn a_list_sends_each_shape_of_query_parameter() {
    let harness = harness([answer(200, "[]")]);
    let request = ListUsers::new()
        .email_address("a+b@example.com")
        .email_address("c@example.com")
        .external_id("-starts-with-minus")
        .user_id(Signed::Exclude("user_1".parse().unwrap()))
        .query("Zoë & Co")
        .created_at_after(Timestamp::from_millis(5))
        .limit(100)
        .order_by(Order::descending(UserOrder::CreatedAt));
    harness.client.send(&request).await.unwrap();
    assert_eq!(
        harness.script.lines(),
        [
            "GET /v1/users?email_address=a%2Bb%40example.com&email_address=c%40example.com&external_id=%2B-starts-with-minus\
          &user_id=-user_1&query=Zo%C3%AB%20%26%20Co&created_at_after=5&limit=100&order_by=-created_at"
        ]
    );
}

#[tokio::test]
async fn every_request_names_version_and_agent_and_never_shows_the_key() {
    let harness = harness([answer(200, r#"{"id":"user_1"}"#)]);
    harness
        .client
        .send(&GetUser::new(
            "user_1".parse::<clerk_api::id::UserId>().unwrap(),
        ))
        .await
        .unwrap();
    let sent = &harness.script.sent()[0];
    assert!(
        sent.headers
            .contains(&("clerk-api-version".to_owned(), "2026-05-12".to_owned()))
    );
    assert!(
        sent.headers
            .iter()
            .any(|(name, value)| name == "user-agent" && value.starts_with("clerk-api/"))
    );
    assert!(
        !sent.headers.iter().any(|(name, _)| name == "authorization"),
        "the header is marked sensitive"
    );
}

#[tokio::test]
async fn joined_values_are_one_parameter() {
    use ops::domains::EnrollmentModeFilter as Mode;
    let harness = harness([answer(200, "[]")]);
    let request = ops::domains::ListAllDomains::new()
        .enrollment_mode(Mode::ManualInvitation)
        .enrollment_mode(Mode::NoEnterpriseSso)
        .domains("a.example")
        .domains("b.example");
    harness.client.send(&request).await.unwrap();
    assert_eq!(
        harness.script.lines(),
        [
            "GET /v1/organization_domains?enrollment_mode=manual_invitation%2C-enterprise_sso&domains=a.example&domains=b.example"
        ]
    );
}

#[tokio::test]
async fn a_list_that_may_be_null_is_a_list_or_null() {
    let harness = harness([
        answer(200, r#"{"id":"role_1"}"#),
        answer(200, r#"{"id":"role_1"}"#),
    ]);
    let role = || ops::roles::UpdateRole::new("role_1".parse::<clerk_api::id::RoleId>().unwrap());
    let permissions: Vec<clerk_api::id::PermissionId> =
        vec!["perm_1".parse().unwrap(), "perm_2".parse().unwrap()];
    harness
        .client
        .send(&role().permissions(permissions))
        .await
        .unwrap();
    harness
        .client
        .send(&role().permissions(Patch::Clear))
        .await
        .unwrap();
    let bodies: Vec<String> = harness
        .script
        .sent()
        .iter()
        .map(|sent| sent.body.clone())
        .collect();
    assert_eq!(
        bodies,
        [
            r#"{"permissions":["perm_1","perm_2"]}"#,
            r#"{"permissions":null}"#
        ]
    );
}

#[tokio::test]
async fn a_body_keeps_exact_metadata_and_instants_are_rfc_3339() {
    let harness = harness([
        answer(200, r#"{"id":"user_1"}"#),
        answer(200, r#"{"id":"user_1"}"#),
    ]);
    let metadata = Object::parse(r#"{"z":1,"a":123456789012345678901234567890.10}"#).unwrap();
    let user = "user_1".parse::<clerk_api::id::UserId>().unwrap();
    harness
        .client
        .send(&UpdateUserMetadata::new(user).public_metadata(metadata))
        .await
        .unwrap();
    let create = CreateUser::new()
        .external_id(Patch::Clear)
        .email_address("a@example.com")
        .created_at(Rfc3339(Timestamp::from_millis(0)));
    harness.client.send(&create).await.unwrap();
    let sent = harness.script.sent();
    assert_eq!(sent[0].line, "PATCH /v1/users/user_1/metadata");
    assert_eq!(
        sent[0].body,
        r#"{"public_metadata":{"z":1,"a":123456789012345678901234567890.10}}"#
    );
    assert_eq!(
        sent[1].body,
        r#"{"external_id":null,"email_address":["a@example.com"],"created_at":"1970-01-01T00:00:00Z"}"#
    );
}

#[tokio::test]
async fn reliability_7_5_a_hostile_id_is_refused_before_anything_is_sent() {
    let harness = harness([]);
    let meta = ops::find("users.get").unwrap().meta;
    let long = "user_".repeat(2_000);
    for id in [
        ".",
        "..",
        "../organizations/org_1",
        "a/b",
        "%2F",
        "",
        "user_1?x=1",
        "user_1\n",
        long.as_str(),
    ] {
        let mut args = Args::new();
        args.set("user_id", &id).unwrap();
        let error = harness.client.call(meta, args).await.unwrap_err();
        assert_eq!(
            (error.kind, error.sent),
            (ErrorKind::Argument, Sent::No),
            "{id}"
        );
    }
    assert!(harness.script.lines().is_empty());
}

#[tokio::test]
async fn arguments_that_the_api_would_refuse_are_refused_here() {
    let harness = harness([]);
    let meta = ops::find("users.list").unwrap().meta;
    for (name, json) in [
        ("limit", "501"),
        ("limit", "0"),
        ("limit", "10.0"),
        ("offset", "-1"),
        ("banned", "\"maybe\""),
        ("order_by", "\"age\""),
        ("no_such", "1"),
    ] {
        let mut args = Args::new();
        args.set_raw(
            name,
            serde_json::value::RawValue::from_string(json.to_owned()).unwrap(),
        );
        let error = harness.client.call(meta, args).await.unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        assert_eq!(error.sent, Sent::No);
    }
}

#[tokio::test]
async fn an_api_error_carries_everything_the_api_said() {
    let harness = harness([refusal(422, "form_param_unknown")]);
    let error = harness
        .client
        .send(&CreateUser::new().email_address("a@example.com"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.status, error.sent),
        (ErrorKind::Api, Some(422), Sent::Yes)
    );
    assert_eq!(error.code(), Some("form_param_unknown"));
    assert_eq!(
        error.errors[0].meta.as_ref().unwrap().get(),
        r#"{"param_name":"x"}"#
    );
    assert_eq!(
        error.trace_id.as_deref(),
        Some("ffffffffffffffffffffffffffffffff")
    );
    assert_eq!(error.to_string(), "the API says: A sentence");
}

#[tokio::test]
async fn one_odd_row_does_not_cost_the_page() {
    let body = r#"[{"id":"user_1","first_name":null,"new_field":{"a":1}},{"id":7},{"id":"user_3","status":"levitating"}]"#;
    let harness = harness([answer(200, body)]);
    let reply = harness.client.send(&ListUsers::new()).await.unwrap();
    assert_eq!(reply.raw, body);
    let rows = reply.value.rows;
    assert_eq!(rows.len(), 3);
    let first = rows[0].as_ref().unwrap();
    assert_eq!(
        serde_json::to_string(&first.extra).unwrap(),
        r#"{"new_field":{"a":1}}"#
    );
    let odd = rows[1].as_ref().unwrap_err();
    assert_eq!((odd.index, odd.raw.get()), (1, r#"{"id":7}"#));
    assert!(rows[2].is_ok());
}

#[test]
fn reliability_7_3_a_client_for_a_foreign_host_cannot_be_made() {
    let key = SecretKey::parse("sk_test_abcdefghij").unwrap();
    let error = Client::builder(key)
        .base_url("https://evil.example/v1")
        .build()
        .err()
        .unwrap();
    assert_eq!((error.kind, error.sent), (ErrorKind::Host, Sent::No));
}

#[tokio::test]
async fn a_list_that_is_replaced_whole_can_be_empty_or_null() {
    use clerk_api::ops::instance::{UpdateInstance, UpdateOauthSettings};
    let harness = harness([answer(204, ""), answer(200, "{}"), answer(200, "{}")]);
    let emptied = UpdateInstance::new().allowed_origins(Vec::new());
    let reply = harness.client.send(&emptied).await.unwrap();
    assert_eq!((reply.status, &reply.raw[..]), (204, &b"null"[..]));
    let scopes = |scopes| UpdateOauthSettings::new().default_scopes(scopes);
    let client = &harness.client;
    client.send(&scopes(Patch::Clear)).await.unwrap();
    let one = Patch::Set(vec!["email".into()]);
    client.send(&scopes(one)).await.unwrap();
    let bodies: Vec<String> = (harness.script.sent().iter())
        .map(|sent| sent.body.clone())
        .collect();
    assert_eq!(
        bodies,
        [
            r#"{"allowed_origins":[]}"#,
            r#"{"default_scopes":null}"#,
            r#"{"default_scopes":["email"]}"#
        ]
    );
}
