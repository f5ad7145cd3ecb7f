//! The members of organizations become those of a file.

use clerk_api_admin::problem::ProblemKind;
use clerk_api_tasks::job::End;
use clerk_api_tasks::teams::Sync;
use clerk_api_tasks::undo::not_back;

use crate::harness::Bench;

fn how() -> Sync {
    Sync::default()
}

pub(crate) fn inviting() -> Sync {
    Sync {
        invite_unknown: true,
        ..how()
    }
}

/// Acme with ada as admin, bo and cy as members.
pub(crate) async fn acme(bench: &Bench) -> String {
    let org = bench.create_organization("Acme", "acme").await;
    let users = bench.users(&["ada", "bo", "cy"]).await;
    for (user, role) in users.iter().zip(["org:admin", "org:member", "org:member"]) {
        bench.join(&org, user, role).await;
    }
    org
}

const FILE: &str = "email,role\nAda@example.com,org:admin\nbo@example.com,admin\ndee@example.com,org:member\nnew@example.com,org:member\n";

#[tokio::test]
async fn people_are_added_changed_removed_and_invited_and_a_second_run_changes_nothing() {
    let bench = Bench::new();
    let org = acme(&bench).await;
    bench.users(&["dee"]).await;
    let ran = bench.sync("acme", FILE, &inviting()).await;
    assert!(matches!(ran.end, End::Finished));
    assert_eq!(ran.line(), "done 4, skipped_existing 1");
    assert_eq!(
        bench.members(&org).await,
        [
            "ada@example.com org:admin",
            "bo@example.com org:admin",
            "dee@example.com org:member"
        ]
    );
    assert_eq!(bench.invited(&org).await, ["new@example.com"]);
    let writes = bench.writes().await;
    let again = bench.sync("acme", FILE, &inviting()).await;
    assert_eq!(again.line(), "skipped_existing 4");
    assert_eq!(bench.writes().await, writes);
}

#[tokio::test]
async fn the_plan_names_every_change_and_sends_nothing() {
    let bench = Bench::new();
    acme(&bench).await;
    bench.users(&["dee"]).await;
    let entries = bench
        .entries(Some("acme"), FILE, &inviting())
        .await
        .unwrap();
    let (job, work) = bench.team_job(&entries, true);
    let decider = clerk_api_tasks::job::Decider::new(bench.client.clone(), None);
    let writes = bench.writes().await;
    let plan = job.plan(&work, &decider, None, not_back).await.unwrap();
    let said: Vec<&str> = plan.changes.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(
        said,
        [
            "make bo@example.com org:admin in acme instead of org:member",
            "add dee@example.com to acme as org:member",
            "invite new@example.com to acme as org:member",
            "remove cy@example.com (org:member) from acme",
        ]
    );
    assert_eq!(plan.operations["organizations.remove_member"], 1);
    assert_eq!(bench.writes().await, writes);
}

#[tokio::test]
async fn members_of_a_kept_role_stay() {
    let bench = Bench::new();
    let org = acme(&bench).await;
    let keep = Sync {
        keep: vec!["org:admin".to_owned()],
        ..how()
    };
    let ran = bench
        .sync("acme", "email,role\nbo@example.com,org:member\n", &keep)
        .await;
    assert_eq!(ran.line(), "done 1, skipped_existing 1");
    assert_eq!(
        bench.members(&org).await,
        ["ada@example.com org:admin", "bo@example.com org:member"]
    );
}

#[tokio::test]
async fn one_file_is_for_many_organizations() {
    let bench = Bench::new();
    let acme = acme(&bench).await;
    let beta = bench.create_organization("Beta", "beta").await;
    let gamma = bench.create_organization("Gamma", "gamma").await;
    let users = bench.users(&["gus"]).await;
    bench.join(&gamma, &users[0], "org:member").await;
    let csv = format!(
        "organization,user,role\nacme,ada@example.com,org:admin\n{acme},bo@example.com,org:member\nbeta,bo@example.com,org:admin\nbeta,{},org:member\n",
        users[0]
    );
    let entries = bench.entries(None, &csv, &how()).await.unwrap();
    let ran = bench.run_team(&entries, false).await;
    assert_eq!(ran.line(), "done 3, skipped_existing 2");
    assert_eq!(
        bench.members(&acme).await,
        ["ada@example.com org:admin", "bo@example.com org:member"]
    );
    assert_eq!(
        bench.members(&beta).await,
        ["bo@example.com org:admin", "gus@example.com org:member"]
    );
    // What the file does not name is nobody's business.
    assert_eq!(bench.members(&gamma).await, ["gus@example.com org:member"]);
}

#[tokio::test]
async fn nothing_is_removed_by_mistake() {
    let bench = Bench::new();
    acme(&bench).await;
    let empty = bench.refused("acme", "email,role\n", &how()).await;
    assert_eq!(
        (empty.kind, empty.code),
        (ProblemKind::Refused, "empty_input")
    );
    let most = bench
        .refused("acme", "email,role\nada@example.com,org:admin\n", &how())
        .await;
    assert_eq!(
        (most.kind, most.code),
        (ProblemKind::Refused, "removes_most")
    );
    assert_eq!(
        most.message,
        "2 of the 3 members of acme are not in the file, and would be removed"
    );
    assert!(most.hints[0].contains("--remove-most"), "{most:?}");
    let unknown = bench
        .refused(
            "acme",
            "email,role\nada@example.com,org:admin\nbo@example.com,org:member\nnew@example.com,org:member\n",
            &how(),
        )
        .await;
    assert_eq!(unknown.kind, ProblemKind::Absent);
    assert_eq!(unknown.causes, ["line 4: new@example.com"]);
    let twice = bench
        .refused(
            "acme",
            "email,role\nada@example.com,org:admin\nADA@example.com,org:member\n",
            &how(),
        )
        .await;
    assert_eq!(
        twice.message,
        "line 3: ADA@example.com is wanted as org:admin and as org:member; the first time in line 2"
    );
    let bad = bench
        .refused(
            "acme",
            "email,role\nada@example.com,org:admin\n\"a b\",x\n",
            &how(),
        )
        .await;
    assert!(bad.message.starts_with("line 3"), "{bad:?}");
    let all = Sync {
        remove_most: true,
        ..how()
    };
    assert_eq!(
        bench
            .sync("acme", "email,role\n", &all)
            .await
            .counts
            .total(),
        3
    );
}

#[tokio::test]
async fn an_admin_is_made_before_the_only_one_goes() {
    let bench = Bench::new();
    let org = acme(&bench).await;
    let csv = "email,role\nada@example.com,org:member\nbo@example.com,org:member\ncy@example.com,org:admin\n";
    let ran = bench.sync("acme", csv, &how()).await;
    assert_eq!(
        ran.line(),
        "done 2, skipped_existing 1",
        "{:?}",
        ran.job.rows(0, 9).unwrap()
    );
    assert_eq!(bench.members(&org).await[2], "cy@example.com org:admin");
}

#[tokio::test]
async fn the_limit_is_known_before_and_leavers_make_place() {
    let bench = Bench::new();
    let org = acme(&bench).await;
    let users = bench.users(&["dee", "eve", "fay", "gil"]).await;
    for user in &users[..2] {
        bench.join(&org, user, "org:member").await;
    }
    let mut csv = "email,role\nada@example.com,org:admin\n".to_owned();
    for name in ["bo", "cy", "dee", "eve", "fay"] {
        let line = format!("{name}@example.com,org:member\n");
        csv.push_str(&line);
    }
    let full = bench.refused("acme", &csv, &how()).await;
    assert_eq!(full.code, "member_limit");
    assert_eq!(
        full.message,
        "the organization acme may have 5 members and open invitations: it has 5 members and 0 open invitations, and would have 6"
    );
    let csv = csv
        .replace("bo@", "gil@")
        .replace("cy@example.com,org:member\n", "");
    let ran = bench.sync("acme", &csv, &how()).await;
    assert_eq!(
        ran.line(),
        "done 4, skipped_existing 3",
        "{:?}",
        ran.job.rows(0, 9).unwrap()
    );
    assert_eq!(bench.members(&org).await.len(), 5);
}

#[tokio::test]
async fn an_invitation_with_another_role_is_a_conflict() {
    let bench = Bench::new();
    acme(&bench).await;
    let csv =
        format!("{FILE}cy@example.com,org:member\n").replace("dee@example.com,org:member\n", "");
    bench.sync("acme", &csv, &inviting()).await;
    let csv = csv.replace("new@example.com,org:member", "new@example.com,org:admin");
    let ran = bench.sync("acme", &csv, &inviting()).await;
    assert_eq!(ran.line(), "skipped_existing 3, conflict 1");
}
