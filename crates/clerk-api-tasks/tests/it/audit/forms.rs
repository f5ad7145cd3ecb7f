//! The forms of a report: what readers of SARIF and `JUnit` need, and a page that nobody's text can change.

use clerk_api_tasks::audit::report::{charts, file, html, json, junit, markdown, sarif};
use clerk_api_tasks::audit::{Options, Report, check, rules};

use super::world::{READ_AT, World};

const EVIL: &str = "\"><script>alert(1)</script><img/src=x>\u{202e}]]>@evil.com";

fn small(lines: &str, ids: &[&str]) -> (Report, Vec<charts::Chart>) {
    let world = World::new();
    let database = world.open(lines);
    let mut all = rules::built_in().unwrap();
    all.retain(|rule| ids.contains(&rule.id.as_str()));
    let options = Options {
        audited_at: READ_AT,
        ..Options::default()
    };
    let report = check(&database, &all, &options).unwrap();
    let charts = charts::read(&database, READ_AT, None).unwrap();
    (report, charts)
}

const TWO: &str = "
    org acme
    user ada two_factor_enabled=0
    member acme ada org:admin
    invite i acme x@acme.com org:member created_at=-20d";
const TWO_RULES: [&str; 3] = [
    "admin-without-second-factor",
    "invitation-stale",
    "invitation-double",
];

#[test]
fn sarif_has_a_place_and_a_fingerprint_for_every_result() {
    let (report, _) = small(TWO, &TWO_RULES);
    let document = sarif::document(&report, None);
    let text = serde_json::to_string_pretty(&document["runs"][0]["results"]).unwrap();
    insta::assert_snapshot!(text, @r#"
    [
      {
        "ruleId": "admin-without-second-factor",
        "ruleIndex": 0,
        "level": "error",
        "message": {
          "text": "ada@acme.com can manage acme, and has no second factor"
        },
        "locations": [
          {
            "physicalLocation": {
              "artifactLocation": {
                "uri": "audit/rules/admin-without-second-factor.sql"
              },
              "region": {
                "startLine": 10
              }
            },
            "logicalLocations": [
              {
                "name": "ada",
                "fullyQualifiedName": "user/ada",
                "kind": "user"
              }
            ]
          }
        ],
        "partialFingerprints": {
          "clerkApiFinding/v1": "d258173d0af4681e8c57feb156cdfc4c"
        },
        "properties": {
          "mend": "clerk-api users get ada"
        }
      },
      {
        "ruleId": "invitation-stale",
        "ruleIndex": 1,
        "level": "note",
        "message": {
          "text": "the invitation of x@acme.com to acme is old"
        },
        "locations": [
          {
            "physicalLocation": {
              "artifactLocation": {
                "uri": "audit/rules/invitation-stale.sql"
              },
              "region": {
                "startLine": 11
              }
            },
            "logicalLocations": [
              {
                "name": "acme",
                "fullyQualifiedName": "organization/acme",
                "kind": "organization"
              }
            ]
          }
        ],
        "partialFingerprints": {
          "clerkApiFinding/v1": "a0181e03c6fc3555beea86672076a7bb"
        },
        "properties": {
          "mend": "clerk-api invitations revoke acme --invitation-id i"
        }
      }
    ]
    "#);
    let run = &document["runs"][0];
    assert_eq!(document["version"], "2.1.0");
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
    }
    let anchored = sarif::document(&report, Some("config/a b.toml"));
    let location = &anchored["runs"][0]["results"][1]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "config/a%20b.toml");
    assert_eq!(location["region"]["startLine"], 1);
}

#[test]
fn junit_has_a_test_for_each_rule() {
    let (report, _) = small(TWO, &TWO_RULES);
    insta::assert_snapshot!(junit::text(&report), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="clerk-api audit" tests="3" failures="2" errors="0" time="0">
      <testsuite name="clerk-api audit" tests="3" failures="2" errors="0" skipped="0" time="0" timestamp="2026-11-30T12:00:00" hostname="localhost">
        <properties></properties>
        <testcase name="Admin without a second factor" classname="audit.admin-without-second-factor" time="0">
          <failure message="1 finding" type="high">A stolen password is enough to take over the organization.
    ada@acme.com can manage acme, and has no second factor [clerk-api users get ada]
    </failure>
        </testcase>
        <testcase name="Invitation to an organization that expired or is old" classname="audit.invitation-stale" time="0">
          <failure message="1 finding" type="low">An old link still grants access where it is valid, and a person who was meant to come is not there.
    the invitation of x@acme.com to acme is old [clerk-api invitations revoke acme --invitation-id i]
    </failure>
        </testcase>
        <testcase name="Second open invitation of the same person" classname="audit.invitation-double" time="0"/>
        <system-out></system-out>
        <system-err></system-err>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn reliability_8_1_text_of_others_stays_text_in_every_form() {
    let lines =
        format!("org acme\nuser ada email={EVIL} two_factor_enabled=0\nmember acme ada org:admin");
    let (report, charts) = small(&lines, &["admin-without-second-factor"]);
    let page = html::page(&report, &charts, None);
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(!page.contains("<img"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    let xml = junit::text(&report);
    assert!(
        xml.contains("&lt;script&gt;alert(1)") && !xml.contains("]]>"),
        "{xml}"
    );
    let text = markdown::text(&report);
    assert!(
        text.contains("&lt;script\\>alert") && !text.contains("<script"),
        "{text}"
    );
    for text in [
        &page,
        &xml,
        &text,
        &sarif::document(&report, None).to_string(),
    ] {
        assert!(!text.contains('\u{202e}'), "{text}");
    }
    // JSON keeps it as it is, for the renderer to escape.
    assert!(
        json::document(&report)["findings"][0]["says"]
            .as_str()
            .unwrap()
            .contains(EVIL)
    );
}

#[test]
fn the_page_asks_for_nothing_and_allows_only_what_is_its_own() {
    let (report, charts) = small(TWO, &TWO_RULES);
    let page = html::page(&report, &charts, None);
    let policy = page
        .split("content=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(
        policy.contains("script-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    for word in [
        "http:",
        "https:",
        "src=",
        "url(",
        "@import",
        " style=",
        " onclick",
        "javascript:",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert_eq!(
        page.matches("<svg").count(),
        5,
        "every chart has something to show"
    );
    assert_eq!(page.matches("<section class=\"rule\"").count(), 2);
    assert!(
        page.contains("Second open invitation of the same person"),
        "what found nothing is named"
    );
    // The script adds to the page; all rows are there without it.
    assert!(
        page.contains("<tbody><tr><td><bdi>ada@acme.com can manage"),
        "{page}"
    );
}

#[test]
fn a_page_shows_so_many_findings_and_the_file_beside_it_has_all() {
    let mut lines = "org acme\n".to_owned();
    for number in 0..html::SHOWN + 20 {
        lines.push_str(&format!("user u{number:04} last_sign_in_at=null\n"));
    }
    let (report, charts) = small(&lines, &["user-never-signed-in"]);
    let page = html::page(&report, &charts, Some("a b.csv"));
    assert_eq!(page.matches("never signed in since").count(), html::SHOWN);
    assert!(
        page.contains("and 20 more: all are in <a href=\"./a%20b.csv\">a b.csv</a>"),
        "{page}"
    );
    let mut csv = Vec::new();
    file::csv(&report, &mut csv).unwrap();
    assert_eq!(
        String::from_utf8(csv).unwrap().lines().count(),
        html::SHOWN + 21
    );
    let text = markdown::text(&report);
    assert!(text.contains("- and 270 more"), "{text}");
}
