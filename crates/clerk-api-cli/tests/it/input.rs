//! Values from files and standard input, and mistakes in them.

use crate::env::Env;
use crate::server::{Answer, Server};

/// A list for the paths of lists, an object for all others.
fn server() -> Server {
    Server::answering(|_, request| {
        let path = request.split([' ', '?']).nth(1).unwrap_or_default();
        let list = path == "/v1/users" && request.starts_with("GET ")
            || path.ends_with("/memberships")
            || path == "/v1/users/ban";
        Answer::json(200, "", if list { "[]" } else { "{}" })
    })
}

#[test]
fn json_comes_from_the_line_a_file_or_standard_input() {
    let server = server();
    let env = Env::at(&server.url);
    let file = env.file("meta.json", "{\"from\": \"file\"}\n");
    let update = |value: &str| {
        ["users", "update-metadata", "user_2abc", "--public", value].map(str::to_owned)
    };
    assert_eq!(env.run(update(r#"{"from": "line"}"#)).code, 0);
    assert_eq!(env.run(update(&format!("@{}", file.display()))).code, 0);
    assert_eq!(env.run_with(update("-"), r#"{"from": "stdin"}"#).code, 0);
    let bodies: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.split("\r\n\r\n").nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(
        bodies,
        [
            r#"{"public_metadata":{"from": "line"}}"#,
            r#"{"public_metadata":{"from": "file"}}"#,
            r#"{"public_metadata":{"from": "stdin"}}"#
        ]
    );
}

#[test]
fn a_mistake_in_json_names_flag_line_and_column() {
    let error = Env::at("http://127.0.0.1:1")
        .run([
            "users",
            "update-metadata",
            "user_2abc",
            "--public-metadata",
            "{\n \"a\": }",
        ])
        .error(2);
    assert_eq!(
        error["message"],
        "--public is not valid JSON: expected value (line 2, column 7)"
    );
}

/// The body of the latest request.
fn body(server: &Server) -> String {
    let requests = server.requests();
    let body = requests.last().unwrap().split("\r\n\r\n").nth(1);
    body.unwrap().to_owned()
}

/// The first line of the latest request.
fn line(server: &Server) -> String {
    let requests = server.requests();
    requests.last().unwrap().lines().next().unwrap().to_owned()
}

#[test]
fn reliability_7_7b_text_is_text_whatever_it_begins_with() {
    let server = server();
    let env = Env::at(&server.url);
    env.file("ada", "what is in the file");
    let update = ["users", "update", "user_2abc"];
    for flag in [
        "--username",
        "--first-name",
        "--password",
        "--external-id",
        "--locale",
    ] {
        for text in ["@ada", "@@ada", "-", "@/proc/self/environ", "@"] {
            let ran = env.run_with(update.into_iter().chain([flag, text]), "from a pipe");
            assert_eq!(ran.code, 0, "{flag} {text}: {ran:?}");
            assert!(
                body(&server).ends_with(&format!(":\"{text}\"}}")),
                "{flag} {text}"
            );
        }
    }
    env.run(["users", "list", "--query", "@example.com"]).json();
    assert!(
        line(&server).contains("query=%40example.com"),
        "{}",
        line(&server)
    );
    env.run(["users", "list", "--external-id", "@ada"]).json();
    assert!(
        line(&server).contains("external_id=%2B%40ada"),
        "{}",
        line(&server)
    );
    let count = server.requests().len();
    // What must be an address is none.
    env.run_with(["users", "list", "--email", "-"], "a@example.com\n")
        .error(2);
    env.run(["users", "list", "--email", "@ada"]).error(2);
    assert_eq!(server.requests().len(), count);
}

#[test]
fn reliability_7_7b_what_never_ends_or_is_no_file_is_refused() {
    let server = server();
    let env = Env::at(&server.url);
    for value in ["/dev/zero", "fifo", ".", "/proc/self/environ", "/dev/fd/0"] {
        for command in [
            format!("users set-profile-image user_2abc --file {value}"),
            format!("users update-metadata user_2abc --public @{value}"),
            format!("users ban @{value} --yes"),
            format!("users bulk-ban --user-ids @{value} --yes"),
        ] {
            let line = format!("[ -p fifo ] || mkfifo fifo; clerk-api {command} < /dev/null");
            let error = env.shell(&line).error(2);
            let message = error["message"].as_str().unwrap();
            // A list of targets is a file with rows.
            assert!(
                message.ends_with("is not a regular file")
                    || message.ends_with("not a file with rows") && command.contains("ban @"),
                "{command}: {message}"
            );
        }
    }
    let endless = "clerk-api users update-metadata user_2abc --public - < /dev/zero";
    let error = env.shell(endless).error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("larger than the limit of 1 MB"),
        "{error}"
    );
    let endless = "clerk-api users set-profile-image user_2abc --file - < /dev/zero";
    let error = env.shell(endless).error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("larger than the limit of 10 MB"),
        "{error}"
    );
    assert!(server.requests().is_empty());
}

#[test]
fn an_upload_is_a_path_a_path_with_an_at_sign_or_standard_input() {
    let server = server();
    let env = Env::at(&server.url);
    env.file("ada.png", "picture");
    for (value, name) in [
        ("ada.png", "ada.png"),
        ("@ada.png", "ada.png"),
        ("-", "file"),
    ] {
        let arguments = ["users", "set-profile-image", "user_2abc", "--file", value];
        assert_eq!(env.run_with(arguments, "picture").code, 0, "{value}");
        let request = server.requests().last().unwrap().clone();
        assert!(
            request.contains(&format!("filename=\"{name}\"")),
            "{request}"
        );
        assert!(request.contains("\r\n\r\npicture\r\n"), "{request}");
    }
}

#[test]
fn commas_separate_values_that_cannot_hold_one() {
    let server = server();
    let env = Env::at(&server.url);
    for (arguments, wanted) in [
        (
            "users list --email a@x.com,b+c@x.com --email d@x.com",
            "email_address=a%40x.com&email_address=b%2Bc%40x.com&email_address=d%40x.com",
        ),
        (
            "users list --phone +15551234567,+15557654321",
            "phone_number=%2B15551234567&phone_number=%2B15557654321",
        ),
        (
            "users list --username ada,grace",
            "username=ada&username=grace",
        ),
        (
            "users list --user-id user_2a,user_2b --exclude-user-id user_2c,user_2d",
            "user_id=%2Buser_2a&user_id=%2Buser_2b&user_id=-user_2c&user_id=-user_2d",
        ),
        (
            "organizations members org_2a --role org:admin,org:member",
            "role=org%3Aadmin&role=org%3Amember",
        ),
        // Free text keeps its commas.
        ("users list --external-id a,b", "external_id=%2Ba%2Cb"),
        ("users list --query Lovelace,Ada", "query=Lovelace%2CAda"),
    ] {
        let ran = env.run(arguments.split(' '));
        assert_eq!(ran.code, 0, "{arguments}: {ran:?}");
        assert!(
            line(&server).contains(wanted),
            "{arguments}: {}",
            line(&server)
        );
    }
    for (arguments, wanted) in [
        (
            "users bulk-ban --user-ids user_2a,user_2b --yes",
            r#"{"user_ids":["user_2a","user_2b"]}"#,
        ),
        (
            "users create --email a@x.com,b@x.com --skip-password-requirement",
            r#"{"email_address":["a@x.com","b@x.com"],"skip_password_requirement":true}"#,
        ),
        (
            "users update user_2a --first-name Ada,Countess",
            r#"{"first_name":"Ada,Countess"}"#,
        ),
        (
            "instance update-communication --blocked-country DE,CH",
            r#"{"blocked_country_codes":["DE","CH"]}"#,
        ),
    ] {
        let ran = env.run(arguments.split(' '));
        assert_eq!(ran.code, 0, "{arguments}: {ran:?}");
        assert_eq!(body(&server), wanted, "{arguments}");
    }
    let sent = server.requests().len();
    // Two values where one is taken, and a value that is not there.
    for arguments in [
        "invitations list org_2a --email a@x.com,b@x.com",
        "invitations create org_2a --role org:member --email a@x.com,b@x.com",
        "invitations list org_2a,org_2b",
        "organizations add-member org_2a --role org:member --user-id user_2a,user_2b",
        "users list --email a@x.com,,b@x.com",
        "users list --email a@x.com,",
    ] {
        env.run(arguments.split(' ')).error(2);
    }
    assert_eq!(server.requests().len(), sent);
    assert_eq!(
        env.run(["users", "get", "user_2a,user_2b"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(server.requests().len(), sent + 2);
}

#[test]
fn null_is_asked_for() {
    let server = server();
    let env = Env::at(&server.url);
    let arguments = [
        "users",
        "update",
        "user_2abc",
        "--username",
        "ada",
        "--clear",
        "last-name",
    ];
    assert_eq!(env.run(arguments).code, 0);
    assert_eq!(body(&server), r#"{"last_name":null,"username":"ada"}"#);
    let error = env
        .run(["users", "update", "user_2abc", "--clear", "nothing"])
        .error(2);
    assert!(
        error["hint"].as_str().unwrap().contains("last-name"),
        "{error}"
    );
}

/// What is refused before anything is sent, by a dry run and by a real one alike.
#[test]
fn a_dry_run_refuses_what_validation_refuses_and_so_does_the_run() {
    let server = server();
    let env = Env::at(&server.url);
    let eleven = [r#"{"email_address":"a@example.com","role":"org:member"}"#; 11].join(",");
    let ids: Vec<String> = (0..51).map(|n| format!("user_2a{n}")).collect();
    let many: Vec<String> = (0..101).map(|n| format!("a{n}@example.com")).collect();
    let bulk = |rows: &str| {
        let rows = format!("[{rows}]");
        [
            "invitations",
            "bulk-create",
            "org_2a",
            "--yes",
            "--invitations",
            rows.as_str(),
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let cases = [
        words("users create --email ada@"),
        words("users create --phone 5551234567"),
        words("invitations create org_2a --email ada --role org:member"),
        words(
            "invitations create org_2a --email ada@example.com --role org:member --expires-in-days 366",
        ),
        bulk(&eleven),
        bulk(r#"{"email":"a@example.com","role":"org:member"}"#),
        bulk(r#"{"email_address":"a@example.com"}"#),
        bulk(r#"{"email_address":"a","role":"org:member"}"#),
        words(&format!(
            "users bulk-ban --yes --user-ids {}",
            ids.join(",")
        )),
        words(&format!("users list --email {}", many.join(","))),
        vec![
            "users".into(),
            "update-metadata".into(),
            "user_2a".into(),
            "--public".into(),
            format!("{{\"k\":\"{}\"}}", "x".repeat(8192)),
        ],
        words("organizations create --name Acme --slug Acme.Inc"),
        words("roles create --name Admin --key admin"),
        words("instance update-communication --yes --blocked-country Germany"),
        words("jwt-templates create --name x --claims {} --lifetime 5"),
    ];
    let mut said = Vec::new();
    for case in cases {
        let dry = env
            .run(case.iter().map(String::as_str).chain(["--dry-run"]))
            .error(2);
        let real = env.run(&case).error(2);
        assert_eq!(dry, real, "{case:?}");
        assert_eq!(real["sent"], "no");
        said.push(real["message"].as_str().unwrap().to_owned());
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
    insta::assert_snapshot!(said.join("\n"), @r#"
    --email must be an email address such as ada@example.com, not "ada@"
    --phone must be a phone number in E.164 form such as +15551234567, not "5551234567"
    --email must be an email address such as ada@example.com, not "ada"
    --expires-in-days must be from 1 to 365, not 366
    --invitations takes at most 10 at once, not 11
    --invitations is wrong in object 1: "email" is unknown; the fields are email_address, role, inviter_user_id, public_metadata, private_metadata, redirect_url, expires_in_days, notify
    --invitations is wrong in object 1: role is missing
    --invitations is wrong in object 1: email_address must be an email address such as ada@example.com, not "a"
    --user-ids takes at most 50 at once, not 51
    --email takes at most 100 at once, not 101
    --public takes at most 8192 bytes, not 8200
    --slug must be a slug of lower-case letters, digits and hyphens such as engineering-team, not "Acme.Inc"
    --key must be a role's key of lower-case letters, digits and underscores such as org:billing, not "admin"
    --blocked-country must be a country code of two capital letters such as DE, not "Germany"
    --lifetime must be from 30 to 315360000, not 5
    "#);
}

#[test]
fn a_flag_without_its_value_does_not_take_the_next_flag() {
    let error = Env::at("http://127.0.0.1:1")
        .run([
            "users",
            "update",
            "user_2abc",
            "--first-name",
            "--last-name",
            "X",
        ])
        .error(2);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("--first-name has no value"), "{message}");
}

#[test]
fn standard_input_goes_to_one_flag_only() {
    let error = Env::at("http://127.0.0.1:1")
        .run_with(
            [
                "users",
                "update-metadata",
                "user_2abc",
                "--public",
                "-",
                "--private",
                "-",
            ],
            "{}",
        )
        .error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("both read standard input"),
        "{error}"
    );
}

#[test]
fn usage_errors_have_the_same_form_as_all_others() {
    let env = Env::new();
    let table: Vec<String> = [
        vec!["users", "update"],
        vec!["users", "lst"],
        vec!["users", "list", "--output", "xml"],
        vec!["users", "list", "--limit", "0"],
        vec!["users", "list", "--jq", ".["],
        vec!["users", "get", "user_2abc", "--all"],
        vec!["users"],
        vec![
            "--local",
            "--api-url",
            "http://127.0.0.1:1",
            "users",
            "list",
        ],
    ]
    .iter()
    .map(|arguments| {
        let error = env.run(arguments).error(2);
        format!(
            "{}\n  {}",
            error["message"].as_str().unwrap(),
            error["hint"].as_str().unwrap_or("no hint")
        )
    })
    .collect();
    insta::assert_snapshot!(table.join("\n"), @r"
    the following required arguments were not provided: <USER_ID>...
      usage: clerk-api users update <USER_ID>...
    unrecognized subcommand 'lst'
      a similar subcommand exists: 'list'; usage: clerk-api users [OPTIONS] <COMMAND>
    invalid value 'xml' for '--output <FORMAT>' [possible values: json, ndjson, table, csv, yaml, ids]
      a similar value exists: 'yaml'
    --limit takes a number of at least 1, not 0
      no hint
    the jq filter has an error at character 3: expected closing bracket, found the end
      no hint
    --all works with lists only; show user has no pages
      no hint
    a command is missing
      `--help` lists the commands
    --local and --api-url contradict each other: a local instance has its own
      no hint
    ");
}
