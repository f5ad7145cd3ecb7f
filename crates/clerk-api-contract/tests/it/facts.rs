//! Facts that stand in more than one place: limits, error codes. The two sides share no types, so they are compared here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fs_err as fs;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// All files below a folder whose names end so, with their names.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let (mut folders, mut found) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// Every text for people: documents, the skill, and the sources, whose comments are the help.
fn texts() -> Vec<(String, String)> {
    let mut all = files("docs", "md");
    all.extend(files("skills", "md"));
    all.extend(files("crates/clerk-api/src", "rs"));
    all.extend(files("crates/clerk-api-admin/src", "rs"));
    all.extend(files("crates/clerk-api-cli/src", "rs"));
    all.push(("README.md".to_owned(), read("README.md")));
    all
}

/// Numbers in front of a unit, such as those of "8 KB".
fn numbers<'a>(line: &'a str, unit: &str) -> impl Iterator<Item = &'a str> {
    let before = line.match_indices(unit).map(|(at, _)| &line[..at]);
    let before: Vec<&str> = before.collect();
    before.into_iter().map(|text| {
        let text = text.trim_end();
        let start = text.rfind(|c: char| !c.is_ascii_digit());
        &text[start.map_or(0, |at| at + 1)..]
    })
}

#[test]
fn both_sides_and_all_texts_have_the_same_limits() {
    assert_eq!(
        clerk_api::METADATA_LIMIT,
        clerk_api_emulator::METADATA_LIMIT
    );
    assert_eq!(
        u64::try_from(clerk_api_emulator::UPLOAD_LIMIT),
        Ok(clerk_api::value::Upload::MOST)
    );
    for op in clerk_api::ops::all() {
        let fields = op.meta.fields.iter();
        for field in fields.filter(|field| field.name.ends_with("_metadata")) {
            let most = field
                .range
                .map_or(clerk_api::METADATA_LIMIT as u64, |(_, most)| most);
            assert_eq!(
                most,
                clerk_api::METADATA_LIMIT as u64,
                "{}: {}",
                op.meta.name,
                field.name
            );
        }
    }
    let metadata = (clerk_api::METADATA_LIMIT >> 10).to_string();
    let bytes = clerk_api::METADATA_LIMIT.to_string();
    let upload = (clerk_api_emulator::UPLOAD_LIMIT >> 20).to_string();
    let mut count = 0;
    for (name, text) in texts() {
        for line in text.lines() {
            let about = |words: &[&str]| {
                let line = line.to_lowercase();
                words.iter().any(|word| line.contains(word))
            };
            let mut check = |unit: &str, right: &str| {
                for number in numbers(line, unit).filter(|number| !number.is_empty()) {
                    assert_eq!(number, right, "{name}: {line}");
                    count += 1;
                }
            };
            if about(&["metadata"]) {
                check(" KB", &metadata);
                check(" bytes for each field", &bytes);
            }
            if about(&["picture", "image", "logo"]) {
                check(" MB", &upload);
                check(" MiB", &upload);
            }
        }
    }
    assert!(count > 8, "{count} limits were found");
}

/// An error of the local Clerk: operation, status, code, parameter.
struct Pair {
    status: String,
    code: String,
}

/// The pairs that the hints of the command line are made for.
fn pairs() -> Vec<Pair> {
    let text = read("crates/clerk-api-cli/src/show/hints/pairs.txt");
    let pair = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        Pair {
            status: words[1].to_owned(),
            code: words[2].to_owned(),
        }
    };
    text.lines().map(pair).collect()
}

/// Error codes in the sources of the local Clerk: the first text that a constructor of errors is given.
fn codes_of_the_local_clerk() -> BTreeSet<String> {
    const MAKERS: [&str; 6] = [
        "Problem::new(",
        "bad_request(",
        "forbidden(",
        "unauthorized(",
        "pending(",
        "=> (",
    ];
    let mut codes = BTreeSet::new();
    for (name, text) in files("crates/clerk-api-emulator/src", "rs") {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        // Only errors are made from pairs of texts there.
        let in_errors = name.ends_with("/error.rs") || name.ends_with("/errors.rs");
        for maker in MAKERS.iter().filter(|maker| in_errors || **maker != "=> (") {
            for rest in text.split(maker).skip(1) {
                let Some(rest) = rest.trim_start().strip_prefix('"') else {
                    continue;
                };
                let code = rest.split('"').next().unwrap_or_default();
                let is_code = code.contains('_')
                    && code
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                if is_code {
                    codes.insert(code.to_owned());
                }
            }
        }
    }
    assert!(codes.len() > 60, "{codes:?}");
    codes
}

/// Answers to requests that no operation of the command line sends: the control API, and what an invitation's recipient does.
const NO_OPERATION: [&str; 6] = [
    "control_token_invalid",
    "fault_invalid",
    "invitation_not_pending",
    "snapshot_exists",
    "snapshot_name_invalid",
    "token_not_pending",
];

#[test]
fn the_hints_know_every_error_of_the_local_clerk_and_no_other() {
    let known: BTreeSet<String> = pairs().into_iter().map(|pair| pair.code).collect();
    let real = codes_of_the_local_clerk();
    let missing: Vec<&String> = real
        .difference(&known)
        .filter(|code| !NO_OPERATION.contains(&code.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "without a row in hints/pairs.txt: {missing:?}"
    );
    // Some codes are passed on by helpers; they stand somewhere in the sources all the same.
    let sources: String = files("crates/clerk-api-emulator/src", "rs")
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    for code in known.iter().map(String::as_str).chain(NO_OPERATION) {
        assert!(
            sources.contains(&format!("\"{code}\"")),
            "the local Clerk has no {code}"
        );
    }
}

/// Whether a document's status and code belong together.
fn check(name: &str, line: &str, status: &str, code: &str, pairs: &[Pair]) {
    let real = pairs
        .iter()
        .any(|pair| pair.status == status && pair.code == code);
    let elsewhere = NO_OPERATION.contains(&code);
    assert!(
        real || elsewhere,
        "{name}: no {status} {code} is answered: {line}"
    );
}

#[test]
fn every_error_that_skill_and_docs_name_is_one_that_is_answered() {
    let (pairs, mut count) = (pairs(), 0);
    let table = read("skills/clerk-api/references/errors.md");
    for line in table.lines().filter(|line| line.starts_with("| `")).skip(1) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let code = cells[1].split('`').nth(1).unwrap();
        check("errors.md", line, cells[2], code, &pairs);
        count += 1;
    }
    let mut documents = files("docs", "md");
    documents.extend(files("skills", "md"));
    for (name, text) in documents {
        // What is never answered is said as well.
        for line in text.lines().filter(|line| !line.contains("| never")) {
            // A status and its code, as in: 422 `form_param_unknown`.
            for (at, _) in line.match_indices(" `") {
                let status = line[..at]
                    .rsplit(|c: char| !c.is_ascii_digit())
                    .next()
                    .unwrap();
                let code = line[at + 2..].split(['`', '(']).next().unwrap();
                let is_pair =
                    status.len() == 3 && status.starts_with(['4', '5']) && code.contains('_');
                if is_pair {
                    check(&name, line, status, code, &pairs);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 40, "{count} errors were found");
}

#[test]
fn the_skill_says_how_long_a_command_waits() {
    let text = read("skills/clerk-api/references/errors.md");
    let longest = clerk_api::RetryPolicy::default().longest_wait.as_secs();
    let said = format!("waits up to {longest} s by itself");
    assert!(text.contains(&said), "errors.md does not say {said:?}");
}

/// The number in front of these words, if they are there.
fn said(doc: &str, words: &str) -> Option<String> {
    let (before, _) = doc.split_once(words)?;
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    (!digits.is_empty()).then(|| digits.to_owned())
}

#[test]
fn the_rates_and_sizes_in_the_help_are_those_of_the_local_clerk() {
    let rates = read("crates/clerk-api-emulator/src/lab/limits/rule.rs");
    let mut count = 0;
    for op in clerk_api::ops::all() {
        let meta = op.meta;
        let application = meta.group() == "application_invitations";
        let bulk = if meta.action() == "bulk_create" {
            "_bulk"
        } else {
            ""
        };
        for (words, name, window) in [
            (
                " changes in 10 seconds for one user",
                "user".to_owned(),
                "10 * SECONDS",
            ),
            (
                " changes in 10 seconds for one organization",
                "organization".to_owned(),
                "10 * SECONDS",
            ),
            (
                " changes in 10 seconds for one membership",
                "membership".to_owned(),
                "10 * SECONDS",
            ),
            (
                " an hour",
                format!(
                    "{}invitations{bulk}",
                    if application { "" } else { "organization_" }
                ),
                "HOUR",
            ),
            (
                " calls an hour",
                format!(
                    "{}invitations{bulk}",
                    if application { "" } else { "organization_" }
                ),
                "HOUR",
            ),
        ] {
            let Some(number) = said(meta.doc, words) else {
                continue;
            };
            let rule = format!("rule(\"{name}\", {number}, {window})");
            assert!(
                rates.contains(&rule),
                "{}: the local Clerk has no {rule}",
                meta.name
            );
            count += 1;
        }
    }
    assert!(count >= 9, "{count} rates were found");
    for (op, words, file) in [
        ("users.bulk_ban", " users in one call", "users/bans.rs"),
        ("users.bulk_unban", " users in one call", "users/bans.rs"),
        (
            "invitations.bulk_create",
            " people to an organization in one call",
            "invitations/terms.rs",
        ),
        (
            "application_invitations.bulk_create",
            " people to sign up in one call",
            "invitations/terms.rs",
        ),
        (
            "waitlist.bulk_add",
            " email addresses on the waitlist in one call",
            "waitlist_entries/create.rs",
        ),
    ] {
        let doc = clerk_api::ops::find(op).unwrap().meta.doc;
        let number =
            said(doc, words).unwrap_or_else(|| panic!("{op} says nothing about {words:?}"));
        let source = read(&format!("crates/clerk-api-emulator/src/resource/{file}"));
        assert!(
            source.contains(&format!(": usize = {number};")),
            "{op}: {number}"
        );
    }
}
