//! Every sentence that a person can meet, to be read when it changes.

use super::super::Asked;
use super::{given, outcomes, read, refusal, template, told};

fn table(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

#[test]
fn files_that_are_refused() {
    let refusals = [
        "",
        "\u{feff}\n\r\n",
        "a,,b\n",
        "a,b,a\n",
        "ada@example.com,Ada\n",
        "a\n\"b",
        "{\n \"a\": 1\n}",
        "[{\"a\":1}",
        "[{\"a\":1},]",
        "[{\"a\":[}]",
        "[1] 2",
        "a,\"b\"c\n",
    ]
    .map(refusal);
    insta::assert_snapshot!(table(refusals), @r##"
    rows: the file is empty
      hint: the first line names the columns, each further line is one row
    rows: the file is empty
      hint: the first line names the columns, each further line is one row
    rows: line 1: the header of column 2 is empty
      hint: give each column a name, and delete empty ones
    rows: line 1: the header "a" stands twice, in columns 1 and 3
      hint: rename or delete one of them
    rows: line 1: the header of column 1 is "ada@example.com", which looks like a value
      hint: the first line must name the columns: put a line with names above
    rows: the row of line 2 opens a quote that is never closed
      hint: close it, or write a quote in a quoted cell twice
    rows: the file holds one JSON object over several lines
      hint: write one object a line, or an array of objects: [{…},{…}]
    rows: line 1: the JSON array is not closed at the end of the file
      hint: the file was probably cut off: write it again
    rows: line 1: a comma stands before the end of the array
      hint: the rest of the array cannot be read: mend this place
    rows: line 1: a closing bracket has no opening one
      hint: the rest of the array cannot be read: mend this place
    rows: line 1: something follows the end of the array
      hint: the rest of the array cannot be read: mend this place
    rows: line 1: header 2: text follows the closing quote
    "##);
}

#[test]
fn rows_that_are_wrong() {
    let rows = read(b"name,note\n1\n1,2,3\n1,\"2\"3\nJos\xe9,1\n1,a\0b\n\xef\xbb\xbf1,2\n");
    let json = read(
        "{\"a\":1}\n{\"a\":}\n[1]\n\"x\"\n{\"a\":1,\"a\":2}\n{\"a\":{\"b\":1,\"b\":2}}\n{\"a\":NaN}\n{\"a\":1} 2\n",
    );
    insta::assert_snapshot!(table(rows.into_iter().chain(json)), @r##"
    1: line 2: 2 cells expected, 1 found
    2: line 3: 2 cells expected, 3 found
    3: line 4, column note: text follows the closing quote
    4: line 5, column name: byte 4 (0xE9) is not UTF-8
    5: line 6, column note: byte 4 is NUL
    6: line 7: a byte order mark stands within the file
    1@1 1
    2: line 2: the row is not valid JSON: expected value (character 6 of the row)
    3: line 3: the row is not a JSON object
    4: line 4: the row is not a JSON object
    5: line 5: the row is not valid JSON: the key "a" is given twice (character 10 of the row)
    6: line 6: the row is not valid JSON: the key "b" is given twice (character 15 of the row)
    7: line 7: the row is not valid JSON: expected value (character 6 of the row)
    8: line 8: the row is not valid JSON: trailing characters (character 9 of the row)
    "##);
}

#[test]
fn values_that_are_wrong() {
    let rows = [
        (
            "invitations.create",
            given(&[("organization_id", "acme"), ("role", "org:member")]),
            "Email\nada@\n",
        ),
        (
            "invitations.create",
            given(&[("organization_id", "acme"), ("role", "org:member")]),
            "email,note\n,x\n",
        ),
        (
            "users.delete",
            given(&[("user_id", "{{id}}")]),
            "id,x\nuser_1/..,1\n,1\norg_1,1\nnull,1\n",
        ),
        (
            "users.update_metadata",
            given(&[
                ("user_id", "{{id}}"),
                (
                    "public_metadata",
                    "{\"zip\":{{zip}},\"city\":\"{{city|upper}}\"}",
                ),
            ]),
            "id,zip,city\nuser_1,01234,x\nuser_1,1,\nuser_1,,x\n",
        ),
        (
            "users.update_metadata",
            Asked::default(),
            "user_id,public\nuser_1,{a}\nuser_1,[]\n",
        ),
        (
            "users.create",
            Asked::default(),
            "email,created_at,delete_self_enabled\na@x.de,yesterday,\na@x.de,,maybe\n\"a@x.de,\",,\n",
        ),
        (
            "users.create",
            Asked::default(),
            "{\"email\":\"a@x.de\",\"password\":\"hunter2\",\"public.password\":1,\"public\":{}}",
        ),
        (
            "users.update",
            given(&[("user_id", "{{id}}"), ("first_name", "{{n | int}}")]),
            "id,n\nuser_1,x\n",
        ),
    ];
    let mut lines = Vec::new();
    for (operation, asked, content) in rows {
        lines.push(format!("# {operation}"));
        match template(operation, &asked, content) {
            Ok(_) => lines.extend(outcomes(operation, &asked, content)),
            Err(problem) => lines.push(told(&problem)),
        }
    }
    insta::assert_snapshot!(table(lines), @r##"
    # invitations.create
    line 2, column Email must be an email address such as ada@example.com, not "ada@"
    # invitations.create
    line 2, column email: the cell is empty, and --email is required
    # users.delete
    line 2, column id: "user_1/.." is not an id: an id looks like user_2abc: a lower-case prefix, an underscore, 1 to 64 letters and digits
      hint: name a user by id, email address, +phone or username, or by email: phone: username: ext: query: and a value
    line 3, column id: the cell is empty (in <USER_ID>)
    line 4, column id: org_1 is the id of an organization, not of a user
      hint: ids begin with what they name: user_…, org_…, orginv_…, inv_…
    line 5, column id: "null" does not name anything
      hint: name a user by id, email address, +phone or username, or by email: phone: username: ext: query: and a value
      hint: a variable or command before it was probably empty
    # users.update_metadata
    line 2, column zip: outside of quotes the cell must be JSON, such as 5 or true: "01234" (in --public)
      hint: put the placeholder between quotes to send the cell as text
    line 3, column city: the cell is empty (in --public)
      hint: write {{… | default("")}} where that may be, or use --map, which leaves empty cells out
    line 4, column zip: the cell is empty (in --public)
      hint: write {{… | default("")}} where that may be, or use --map, which leaves empty cells out
    # users.update_metadata
    line 2, column public is not valid JSON: key must be a string (line 1, column 2)
    line 3, column public takes a JSON object
    # users.create
    line 2, column created_at takes a date or time, not "yesterday"
      hint: write 2026-01-31, 2026-01-31T12:00:00Z, or milliseconds since 1970
    line 3, column delete_self_enabled takes true or false, not "maybe"
    line 4, column email has a comma with no value next to it: "a@x.de,"
    # users.create
    columns public.password and public both set --public
      hint: rename or delete one of them, or give the flag itself a text
    # users.update
    line 2, column n: {{n | int}} cannot be computed: "x" (in --first-name)
    "##);
}

#[test]
fn templates_that_are_wrong() {
    let content = "email,department,Mail\na@x.de,Sales,x\n";
    let asked = wrong_templates();
    let problems = asked
        .iter()
        .map(|asked| match template("users.update", asked, content) {
            Ok(_) => format!("fine: {asked:?}"),
            Err(problem) => told(&problem),
        });
    insta::assert_snapshot!(table(problems), @r##"
    <USER_ID>, character 1: the input has no column "emial"
      hint: did you mean "email"?
    <USER_ID>, character 1: the input has no column "cohort"
      hint: its columns are: email, department, Mail
    <USER_ID>, character 2: {{email has no }}
      hint: a placeholder is written {{column}}
    <USER_ID>, character 1: {{}} names no column
    --first-name, character 5: department | lowr: filter lowr is unknown
      hint: did you mean lower?
    --first-name, character 1: department |: unexpected end of input, expected identifier
    --first-name, character 1: the input has no column "shout"
      hint: its columns are: email, department, Mail
    --map departmnt=first-name: the input has no column "departmnt"
      hint: did you mean "department"?
    --map department=firstname: there is no flag "firstname"
      hint: did you mean first-name?
    --map department has no =
      hint: write it as --map COLUMN=FLAG, such as --map EMAIL=email-address
    --map department=first_name: --first-name is given already, and a column cannot set it too
    columns department and Mail both set --first-name
      hint: rename or delete one of them, or give the flag itself a text
    --map department=last-name: the column is mapped twice
      hint: use a placeholder for the second: --flag '{{column}}'
    --where: department = 'Sales': unexpected input after expression
      hint: two values are compared by ==, a single = says nothing
    --where: the input has no column "departmnt"
      hint: did you mean "department"?
    --where: the condition names no column
      hint: write it as --where 'department == "Sales"'
    no argument comes from the rows, so each row would do the same
      hint: write {{COLUMN}} into an argument; the columns are: email, department, Mail
    <USER_ID> is missing, and no column is called user-id
      hint: write '{{COLUMN}}' or --map COLUMN=user-id; the columns are: email, department, Mail
    --clear: "password_digest" is not a field that can be cleared
      hint: these fields can: external-id, first-name, last-name, locale, primary-email-address-id, notify-primary-email-address-changed, primary-phone-number-id, primary-web3-wallet-id, username, profile-image-id, password, skip-password-checks, sign-out-of-other-sessions, totp-secret, delete-self-enabled, create-organization-enabled, legal-accepted-at, skip-legal-checks, create-organizations-limit, created-at, bypass-client-trust
    --clear first_name and a value for it contradict each other
    "##);
}

#[test]
fn reliability_7_6_secrets_are_in_no_error() {
    let secret = "Hunter2-Hunter2";
    let cases = [
        (
            "users.create",
            given(&[("email_address", "{{password}}")]),
            format!("password,x\n{secret},1\n"),
        ),
        (
            "users.create",
            given(&[
                ("email_address", "a@x.de"),
                ("password", "{{word}}"),
                ("created_at", "{{word}}"),
            ]),
            format!("word,x\n{secret},1\n"),
        ),
        (
            "users.create",
            given(&[
                ("email_address", "a@x.de"),
                ("public_metadata", "{\"a\":{{password_digest}}}"),
            ]),
            format!("password_digest\n{secret}\n"),
        ),
        (
            "users.create",
            given(&[
                ("email_address", "a@x.de"),
                ("first_name", "{{password|int}}"),
            ]),
            format!("password\n{secret}\n"),
        ),
        (
            "users.create",
            given(&[("email_address", "{{mail}}"), ("password", "{{mail}}")]),
            format!("mail\n{secret}\n"),
        ),
    ];
    for (operation, asked, content) in cases {
        let rows = outcomes(operation, &asked, &content);
        assert!(rows[0].starts_with("line 2"), "{rows:?}");
        assert!(!rows[0].contains("Hunter"), "{rows:?}");
    }
}

fn wrong_templates() -> Vec<Asked> {
    let ask =
        |texts: &[(&str, &str)], maps: &[&str], condition: Option<&str>, cleared: &[&str]| Asked {
            maps: maps.iter().map(|map| (*map).to_owned()).collect(),
            condition: condition.map(str::to_owned),
            cleared: cleared.iter().map(|name| (*name).to_owned()).collect(),
            ..given(texts)
        };
    let id = ("user_id", "{{email}}");
    vec![
        ask(&[("user_id", "{{emial}}")], &[], None, &[]),
        ask(&[("user_id", "{{cohort}}")], &[], None, &[]),
        ask(&[("user_id", "x{{email")], &[], None, &[]),
        ask(&[("user_id", "{{}}")], &[], None, &[]),
        ask(
            &[id, ("first_name", "Dr. {{ department | lowr }}")],
            &[],
            None,
            &[],
        ),
        ask(&[id, ("first_name", "{{ department | }}")], &[], None, &[]),
        ask(
            &[id, ("first_name", "{{ shout(department) }}")],
            &[],
            None,
            &[],
        ),
        ask(&[id], &["departmnt=first-name"], None, &[]),
        ask(&[id], &["department=firstname"], None, &[]),
        ask(&[id], &["department"], None, &[]),
        ask(
            &[id, ("first_name", "x")],
            &["department=first_name"],
            None,
            &[],
        ),
        ask(
            &[id],
            &["department=first-name", "Mail=first-name"],
            None,
            &[],
        ),
        ask(
            &[id],
            &["department=first-name", "department=last-name"],
            None,
            &[],
        ),
        ask(&[id], &[], Some("department = 'Sales'"), &[]),
        ask(&[id], &[], Some("departmnt == 'Sales'"), &[]),
        ask(&[id], &[], Some("1 == 1"), &[]),
        ask(
            &[("user_id", "user_1"), ("first_name", "x")],
            &[],
            None,
            &[],
        ),
        ask(&[("first_name", "{{email}}")], &[], None, &[]),
        ask(&[id], &[], None, &["password_digest"]),
        ask(&[id, ("first_name", "x")], &[], None, &["first_name"]),
    ]
}
