//! Teams are found or made, and their people join.

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::sending::Sending;
use clerk_api_tasks::rows::Input;
use clerk_api_tasks::teams::{Onboarding, Team, report, team_file, team_rows};
use serde_json::Value;

use crate::harness::{Bench, fault};

const YAML: &str = "\
name: Engineering Team
slug: engineering
created_by: ada@example.com
admins: [ada@example.com]
members:
  - bo@example.com
  - new@example.com
";

impl Bench {
    async fn onboard(&self, teams: Vec<Team>) -> Outcome<Value> {
        let mut onboarding = Onboarding::look(&self.client, teams).await?;
        onboarding
            .make(&self.client, &Sending::default(), None)
            .await?;
        let (job, work) = self.team_job(&onboarding.entries(), true);
        let ran = self
            .go_on(
                job,
                &work,
                &clerk_api_tasks::job::Control::default(),
                |_| {},
            )
            .await?;
        let made = onboarding.made();
        report(&self.client, &made, Some(work.sheet()), Some(&ran.job)).await
    }

    async fn yaml(&self, text: &str) -> Outcome<Value> {
        self.onboard(team_file("team.yaml", text)?).await
    }
}

/// All states of a document, such as "created: created created, created".
fn states(document: &Value) -> String {
    let of = |list: &Value| {
        let rows = list.as_array().unwrap().iter();
        let states: Vec<&str> = rows.map(|row| row["state"].as_str().unwrap()).collect();
        states.join(" ")
    };
    let teams = document["teams"].as_array().unwrap().iter();
    let teams: Vec<String> = teams
        .map(|team| {
            let organization = team["organization"]["state"].as_str().unwrap();
            format!(
                "{organization}: {} | {}",
                of(&team["members"]),
                of(&team["invitations"])
            )
        })
        .collect();
    teams.join("; ")
}

#[tokio::test]
async fn a_team_is_made_and_doing_it_again_changes_nothing() {
    let bench = Bench::new();
    bench.users(&["ada", "bo"]).await;
    let planned = Onboarding::look(&bench.client, team_file("x", YAML).unwrap())
        .await
        .unwrap();
    assert_eq!(
        states(&planned.planned()),
        "would_create: already would_create | would_create"
    );
    assert_eq!(planned.changes().total(), 3);
    let document = bench.yaml(YAML).await.unwrap();
    assert_eq!(states(&document), "created: already created | created");
    let team = &document["teams"][0];
    let organization = team["organization"]["id"].as_str().unwrap();
    assert_eq!(team["organization"]["slug"], "engineering");
    assert_eq!(team["members"][1]["email"], "bo@example.com");
    assert!(
        team["invitations"][0]["id"]
            .as_str()
            .unwrap()
            .starts_with("orginv_")
    );
    assert_eq!(
        bench.members(organization).await,
        ["ada@example.com org:admin", "bo@example.com org:member"]
    );
    let writes = bench.writes().await;
    let again = bench.yaml(YAML).await.unwrap();
    assert_eq!(states(&again), "already: already already | already");
    assert_eq!(bench.writes().await, writes);
}

#[tokio::test]
async fn what_is_there_in_part_is_completed() {
    let bench = Bench::new();
    let users = bench.users(&["ada", "bo"]).await;
    let org = bench
        .create_organization("Engineering Team", "engineering")
        .await;
    bench.join(&org, &users[0], "org:admin").await;
    bench.join(&org, &users[1], "org:admin").await;
    // Without a slug the exact name finds it; a part of it does not.
    let text = YAML.replace("slug: engineering\n", "");
    let document = bench.yaml(&text).await.unwrap();
    assert_eq!(states(&document), "already: already changed | created");
    let part = bench
        .yaml("name: Engineering\nmembers: [bo@example.com]")
        .await
        .unwrap();
    assert_eq!(states(&part), "created: created | ");
    assert_eq!(bench.all("organizations.list", &[]).await.len(), 2);
}

#[tokio::test]
async fn several_teams_stand_in_one_file() {
    let bench = Bench::new();
    bench.users(&["ada", "bo"]).await;
    let text = "- name: One\n  admins: [ada@example.com]\n- name: Two\n  roles:\n    org:member: [ada@example.com, bo@example.com]\n";
    let document = bench.yaml(text).await.unwrap();
    assert_eq!(
        states(&document),
        "created: created | ; created: created created | "
    );
    let csv = "team,email,role\nOne,ada@example.com,admin\nTwo,ada@example.com,\nTwo,bo@example.com,member\nThree,cy@example.com,\n";
    let input = Input::open(&bench.file("teams.csv", csv)).unwrap();
    let document = bench.onboard(team_rows(&input).unwrap()).await.unwrap();
    assert_eq!(
        states(&document),
        "already: already | ; already: already already | ; created:  | created"
    );
}

#[tokio::test]
async fn a_name_that_fits_several_organizations_is_refused() {
    let bench = Bench::new();
    bench.create_organization("Twin", "twin-a").await;
    let other = bench.create_organization("Twin", "twin-b").await;
    let problem = bench.yaml("name: Twin").await.unwrap_err();
    assert_eq!(
        (problem.kind, problem.code),
        (ProblemKind::Refused, "ambiguous")
    );
    assert!(
        problem.causes.contains(&format!("{other} (twin-b)")),
        "{problem:?}"
    );
    let document = bench.yaml("name: Twin\nslug: twin-b").await.unwrap();
    assert_eq!(document["teams"][0]["organization"]["id"], other);
    let kind = async |text: &str| bench.yaml(text).await.unwrap_err().kind;
    assert_eq!(
        kind("name: Another\nslug: twin-b").await,
        ProblemKind::Refused
    );
    bench.create_organization("Solo", "solo").await;
    assert_eq!(kind("name: Solo\nslug: other").await, ProblemKind::Refused);
    assert_eq!(bench.all("organizations.list", &[]).await.len(), 3);
}

#[tokio::test]
async fn a_create_without_a_response_is_found_and_not_repeated() {
    let bench = Bench::with(|config| {
        config.faults = vec![fault(
            r#"{"on":"POST /organizations","cut":"after","nth":1,"times":1}"#,
        )];
    });
    bench.users(&["ada"]).await;
    let text = "name: Team\nadmins: [ada@example.com]";
    assert_eq!(
        states(&bench.yaml(text).await.unwrap()),
        "created: created | "
    );
    assert_eq!(bench.all("organizations.list", &[]).await.len(), 1);
}

#[tokio::test]
async fn an_unknown_outcome_says_what_to_do_and_a_second_run_makes_no_second_one() {
    let mut bench = Bench::with(|config| {
        config.faults = vec![
            fault(r#"{"on":"POST /organizations","cut":"after","nth":1,"times":1}"#),
            // The look before it is answered, those after it are not.
            fault(r#"{"on":"GET /organizations","status":503,"nth":2,"every":1,"times":40}"#),
        ];
    });
    bench.client = bench
        .client
        .with_time_limit(std::time::Duration::from_secs(3));
    bench.users(&["ada"]).await;
    let text = "name: Team\nadmins: [ada@example.com]";
    let problem: Box<Problem> = bench.yaml(text).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unknown, "{problem:?}");
    assert!(
        problem
            .hints
            .iter()
            .any(|hint| hint.contains("run the same command again"))
    );
    // The server answers again after a while.
    let document = loop {
        match bench.yaml(text).await {
            Ok(document) => break document,
            Err(problem) => assert_eq!(problem.kind, ProblemKind::Later, "{problem:?}"),
        }
    };
    assert_eq!(states(&document), "already: created | ");
    assert_eq!(bench.all("organizations.list", &[]).await.len(), 1);
}

#[tokio::test]
async fn the_limit_of_members_is_known_before_anything_is_sent() {
    let bench = Bench::new();
    bench.users(&["ada"]).await;
    let writes = bench.writes().await;
    let mut text = "name: Big\ncreated_by: ada@example.com\nmembers:\n".to_owned();
    for number in 0..5 {
        let line = format!("  - p{number}@example.com\n");
        text.push_str(&line);
    }
    let problem = bench.yaml(&text).await.unwrap_err();
    assert_eq!(
        (problem.kind, problem.code),
        (ProblemKind::Refused, "member_limit")
    );
    assert!(
        problem.message.ends_with("and would have 6"),
        "the creator counts: {problem:?}"
    );
    assert_eq!(bench.writes().await, writes);
    let wider = format!("{text}max_members: 6\n");
    assert_eq!(
        states(&bench.yaml(&wider).await.unwrap()),
        "created:  | created created created created created"
    );
    let wider = format!("{text}max_members: 7\n");
    assert!(states(&bench.yaml(&wider).await.unwrap()).starts_with("changed:  | already"));
}

#[tokio::test]
async fn mistakes_in_a_file_name_their_line() {
    let bench = Bench::new();
    let message = |text: &str| team_file("team.yaml", text).unwrap_err().message;
    assert!(
        message("name: A\nmember: [x]").starts_with("team.yaml line 2"),
        "{}",
        message("name: A\nmember: [x]")
    );
    assert!(message("name: A\nmembers:\n  - a@example.com\n  - 'a b'\n").starts_with("line 4"));
    assert!(message("slug: a\n").contains("name"));
    let problem = bench
        .yaml("name: A\nmembers:\n  - somebody\n")
        .await
        .unwrap_err();
    assert_eq!(problem.causes, ["line 3: somebody"]);
    let twice = "- name: A\n- name: A\n";
    assert!(
        bench
            .yaml(twice)
            .await
            .unwrap_err()
            .message
            .starts_with("line 2")
    );
    let csv = "team,email,slug\nA,a@example.com,a\nA,b@example.com,b\n";
    let input = Input::open(&bench.file("teams.csv", csv)).unwrap();
    assert!(
        team_rows(&input)
            .unwrap_err()
            .message
            .starts_with("line 3, column slug")
    );
}
