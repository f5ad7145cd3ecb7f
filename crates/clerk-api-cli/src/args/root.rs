//! The root's flags, which every command has.

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint};

/// The ids of the flags; operations use the API's names, which never hold a dot.
pub(crate) mod flag {
    pub(crate) const OUTPUT: &str = "root.output";
    pub(crate) const FIELDS: &str = "root.fields";
    pub(crate) const JQ: &str = "root.jq";
    pub(crate) const ALL: &str = "root.all";
    pub(crate) const WIDE: &str = "root.wide";
    pub(crate) const RAW: &str = "root.raw";
    pub(crate) const SHOW_SECRETS: &str = "root.show-secrets";
    pub(crate) const DRY_RUN: &str = "root.dry-run";
    pub(crate) const YES: &str = "root.yes";
    pub(crate) const QUIET: &str = "root.quiet";
    pub(crate) const VERBOSE: &str = "root.verbose";
    pub(crate) const LOCAL: &str = "root.local";
    pub(crate) const API_URL: &str = "root.api-url";
    pub(crate) const KEY_FILE: &str = "root.key-file";
    pub(crate) const PROFILE: &str = "root.profile";
    pub(crate) const ENV: &str = "root.env";
    pub(crate) const CA_FILE: &str = "root.ca-file";
    pub(crate) const SHARE: &str = "root.share";
    pub(crate) const COLOR: &str = "root.color";
}

/// What short help says instead of the root's flags.
pub(super) const GLOBAL: &str = "Global options: --output, --fields, --jq, --all, --dry-run, --yes, --local and more; see --help";

/// Gives a command, and those below it, help in two lengths. `--help` ends with the examples that the command names in
/// `after_help`; `-h` ends with the first of them and one line about global options.
pub(crate) fn in_two_lengths(command: Command) -> Command {
    let examples = command
        .get_after_long_help()
        .or_else(|| command.get_after_help());
    let examples = examples.map(ToString::to_string).unwrap_or_default();
    let short = match examples.lines().nth(1) {
        Some(first) => format!("Example:\n{first}\n\n{GLOBAL}"),
        None => GLOBAL.to_owned(),
    };
    command
        .after_help(short)
        .after_long_help(examples)
        .mut_subcommands(in_two_lengths)
}

/// The formats of `--output`.
pub(crate) const FORMATS: [&str; 6] = ["json", "ndjson", "table", "csv", "yaml", "ids"];

fn root_flag(id: &'static str, heading: &'static str) -> Arg {
    let long = id.strip_prefix("root.").unwrap_or(id);
    Arg::new(id)
        .long(long)
        .global(true)
        .hide_short_help(true)
        .help_heading(heading)
}

/// The forms of a report, which `audit` takes besides.
pub(crate) const REPORTS: [&str; 4] = ["markdown", "sarif", "junit", "html"];

/// `--output`, for all commands, and for those below one that has its own.
pub(crate) fn output_flag() -> Arg {
    root_flag(flag::OUTPUT, "Output")
        .short('o')
        .value_name("FORMAT")
        .value_parser(FORMATS)
        .help("Format of results (default: json)")
}

pub(super) fn output_flags() -> [Arg; 10] {
    const HEADING: &str = "Output";
    [
        output_flag(),
        root_flag(flag::FIELDS, HEADING)
            .value_name("NAMES")
            .value_delimiter(',')
            .action(ArgAction::Append)
            .help("Show only these fields, such as id,email_addresses.email_address"),
        root_flag(flag::JQ, HEADING)
            .value_name("EXPR")
            .help("Run a jq expression over the JSON")
            .long_help("Run a jq expression over the JSON: over the whole response, or over each row with -o ndjson. With -o csv or -o table its results are the rows"),
        root_flag(flag::ALL, HEADING)
            .action(ArgAction::SetTrue)
            .help("Fetch every page of a list"),
        root_flag(flag::WIDE, HEADING)
            .action(ArgAction::SetTrue)
            .help("Show every column of a table in full, whatever the terminal's width"),
        root_flag(flag::RAW, HEADING)
            .action(ArgAction::SetTrue)
            .help("With -o csv: the API's own values, such as dates in milliseconds")
            .long_help("With -o csv: the API's own values. Without it, dates are ISO 8601 in UTC, and the values of a list are joined by \"; \""),
        root_flag(flag::SHOW_SECRETS, HEADING)
            .action(ArgAction::SetTrue)
            .help("Show links and tokens that grant access")
            .long_help("Show links and tokens that grant access, such as the link of an invitation. They are hidden by default. Commands that create a token always show it"),
        root_flag(flag::QUIET, HEADING)
            .short('q')
            .action(ArgAction::SetTrue)
            .help("Print no notes and no progress on standard error"),
        root_flag(flag::VERBOSE, HEADING)
            .short('v')
            .action(ArgAction::Count)
            .help("Show each request (-v) and its result (-vv)"),
        root_flag(flag::COLOR, HEADING)
            .value_name("WHEN")
            .value_parser(["auto", "always", "never"])
            .help("When to use colors"),
    ]
}

pub(super) fn safety_flags() -> [Arg; 3] {
    const HEADING: &str = "Safety";
    [
        root_flag(flag::DRY_RUN, HEADING)
            .action(ArgAction::SetTrue)
            .help("Show the request of a write without sending it"),
        root_flag(flag::YES, HEADING)
            .short('y')
            .action(ArgAction::SetTrue)
            .help("Do not ask before deleting or changing many objects"),
        root_flag(flag::ENV, HEADING)
            .value_name("ENV")
            .value_parser(["test", "live"])
            .help("Refuse to run with a key of the other environment"),
    ]
}

pub(super) fn connection_flags() -> [Arg; 6] {
    const HEADING: &str = "Connection";
    [
        root_flag(flag::LOCAL, HEADING)
            .value_name("NAME|PATH")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("default")
            .help("Use a local Clerk that runs in this process"),
        root_flag(flag::PROFILE, HEADING)
            .value_name("NAME")
            .help("Use a profile from the configuration file")
            .long_help("Use a profile from the configuration file. A profile names a key file or a key command, and can name a URL, a proxy and more"),
        root_flag(flag::KEY_FILE, HEADING)
            .value_name("PATH")
            .value_hint(ValueHint::FilePath)
            .allow_hyphen_values(true)
            .help("Read the secret key from a file, or - for standard input"),
        root_flag(flag::API_URL, HEADING)
            .value_name("URL")
            .help("Use another base URL, with or without /v1"),
        root_flag(flag::CA_FILE, HEADING)
            .value_name("PATH")
            .value_hint(ValueHint::FilePath)
            .help("Also trust the certificates in this file (PEM)")
            .long_help("Also trust the certificates in this file (PEM), such as your company's own certificate authority. SSL_CERT_FILE, SSL_CERT_DIR and the setting ca_file do the same"),
        root_flag(flag::SHARE, HEADING)
            .value_name("SHARE")
            .allow_negative_numbers(true)
            .help("Take this share of the rate limit, 0.05 to 0.90")
            .long_help("Take this share of the instance's rate limit, from 0.05 to 0.90. All clerk-api processes together stay within it, and the rest is left to your application. The default is 0.50 with a live key and 0.90 with a test key. CLERK_API_SHARE and the setting share do the same"),
    ]
}

/// Whether `--name` is one of the root's flags.
pub(super) fn is_root_flag(name: &str) -> bool {
    let flags = output_flags().into_iter().chain(safety_flags());
    flags
        .chain(connection_flags())
        .any(|arg| arg.get_long() == Some(name))
}

/// The matches of the innermost command, which hold the root's flags too, wherever they were given.
pub(crate) fn innermost(matches: &ArgMatches) -> &ArgMatches {
    let mut innermost = matches;
    while let Some((_, inner)) = innermost.subcommand() {
        innermost = inner;
    }
    innermost
}
