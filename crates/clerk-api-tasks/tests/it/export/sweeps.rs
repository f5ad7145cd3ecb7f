//! How a sweep reads: few requests, whatever fails on the way, and what it says of its result.

use clerk_api::id::UserId;
use clerk_api::ops::instance::UpdateOrganizationSettings;
use clerk_api::ops::users::UpdateUser;
use clerk_api_tasks::export::{Export, Format, Mark, Target};
use clerk_api_tasks::sweep::{Begin, Kind, sweep_from};

use super::{USERS, export, facts, options, path, world};
use crate::harness::{Bench, fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_costs_one_request_for_500_rows() {
    let bench = world(|_| {}).await;
    let file = path(&bench, "all.sqlite");
    let before = bench.lines().await.len();
    let options = options(&Kind::ALL, Target::File(file), Format::Sqlite);
    let done = export(&bench, &options).await.unwrap();
    let count = |kind| {
        done.sweep
            .counts
            .iter()
            .find(|count| count.kind() == kind)
            .unwrap()
    };
    assert_eq!(count(Kind::Users).rows, USERS + 1);
    assert_eq!(count(Kind::Users).before, Some(USERS + 1));
    assert_eq!(count(Kind::Users).after, Some(USERS + 1));
    // Offset walks begin each page a little before the end of the last one.
    let wanted: u64 = done
        .sweep
        .counts
        .iter()
        .map(|count| count.rows / 480 + 1)
        .sum();
    let counts = 2;
    let sent = bench.lines().await.len() - before;
    assert!(
        sent as u64 <= wanted + counts,
        "{sent} requests, {wanted} pages"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn reliability_2_limits_and_cut_pages_are_survived() {
    let faults = [
        r#"{"on":"GET /users","status":429,"retry_after":0,"nth":2,"times":1}"#,
        r#"{"on":"GET /users","cut":"body","nth":3,"times":1}"#,
        r#"{"on":"GET /organization_memberships","cut":"body","nth":2,"times":1}"#,
        r#"{"on":"GET /organization_memberships","status":503,"nth":3,"times":1}"#,
    ];
    let bench = world(|config| config.faults = faults.map(fault).to_vec()).await;
    let file = path(&bench, "all.ndjson");
    let kinds = [Kind::Users, Kind::Memberships];
    let options = options(&kinds, Target::File(file.clone()), Format::Ndjson);
    let done = export(&bench, &options).await.unwrap();
    assert!(done.sweep.is_consistent());
    let rows: u64 = done.sweep.counts.iter().map(|count| count.rows).sum();
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text.lines().count() as u64, rows);
    assert!(
        done.sweep
            .counts
            .iter()
            .all(|count| count.before == Some(count.rows))
    );
}

#[tokio::test]
async fn a_feature_that_is_off_is_noted_and_the_rest_is_exported() {
    let bench = Bench::new();
    bench.create_user("ada@example.com").await;
    let off = UpdateOrganizationSettings::new().enabled(false);
    bench.client.send(&off).await.unwrap();
    let file = path(&bench, "all.sqlite");
    let target = Target::File(file.clone());
    let done = export(&bench, &options(&Kind::ALL, target, Format::Sqlite))
        .await
        .unwrap();
    let count = |kind| {
        done.sweep
            .counts
            .iter()
            .find(|count| count.kind() == kind)
            .unwrap()
    };
    assert_eq!(count(Kind::Users).rows, 1);
    assert!(count(Kind::Organizations).off.is_some());
    assert!(done.sweep.is_consistent());

    // Where nothing else was wanted, it is a failure.
    let target = Target::File(path(&bench, "x.ndjson"));
    let failed = export(
        &bench,
        &options(&[Kind::Organizations], target, Format::Ndjson),
    )
    .await;
    assert!(failed.err().unwrap().http.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn since_an_earlier_export_only_users_that_changed_are_read() {
    let bench = world(|_| {}).await;
    let full = path(&bench, "full.sqlite");
    let target = Target::File(full.clone());
    export(&bench, &options(&Kind::ALL, target, Format::Sqlite))
        .await
        .unwrap();
    let mark = Mark::of(&full).unwrap();
    assert_eq!(mark.instance_id, "ins_1");
    let created = bench.create_user("new@example.com").await;
    let old = bench
        .all("users.list", &[("order_by", "+created_at")])
        .await[0]["id"]
        .clone();
    let old = old.as_str().unwrap().to_owned();
    let change = UpdateUser::new(old.parse::<UserId>().unwrap()).first_name("Changed".to_owned());
    bench.client.send(&change).await.unwrap();

    let changed = path(&bench, "changed.ndjson");
    let kinds = [Kind::Users, Kind::Memberships];
    let options = options(&kinds, Target::File(changed.clone()), Format::Ndjson);
    let sink = Export::create(&options, || unreachable!()).unwrap();
    let since = mark.kinds.get(&Kind::Users).copied();
    let begin = Begin {
        since,
        ..Begin::default()
    };
    let read = sweep_from(&bench.client, &kinds, sink.order(), begin, sink, &|_| {});
    let (sweep, sink) = read.await.unwrap();
    sink.finish(&facts(), &sweep).unwrap();
    let text = std::fs::read_to_string(changed).unwrap();
    for id in [&created, &old] {
        let found = text
            .lines()
            .filter(|line| line.starts_with(&format!("{{\"id\":\"{id}\"")));
        assert_eq!(found.count(), 1, "{id}");
    }
    // A page, and one more.
    assert!(
        sweep.counts[0].rows <= 1000,
        "{} users",
        sweep.counts[0].rows
    );
    assert_eq!(
        (sweep.counts[0].since, sweep.counts[0].before),
        (since, None)
    );
    assert_eq!(
        (sweep.counts[1].since, sweep.counts[1].before),
        (None, Some(sweep.counts[1].rows))
    );
    assert!(sweep.is_consistent());
}
