//! `mcp install` and `mcp uninstall`: the configurations of clients, as they become and as they were.

use std::fmt::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use crate::env::{BINARY, CANARY, Env};
use crate::pty;

/// The clients, and where each has its configuration below the home.
const CLIENTS: [(&str, &str); 9] = [
    ("claude-code", ".claude.json"),
    (
        "claude-desktop",
        ".config/Claude/claude_desktop_config.json",
    ),
    ("codex", ".codex/config.toml"),
    ("cursor", ".cursor/mcp.json"),
    ("gemini", ".gemini/settings.json"),
    ("opencode", ".config/opencode/opencode.json"),
    ("vscode", ".config/Code/User/mcp.json"),
    ("windsurf", ".codeium/windsurf/mcp_config.json"),
    ("zed", ".config/zed/settings.json"),
];

/// A client's member for servers.
fn servers(client: &str) -> &'static str {
    match client {
        "opencode" => "mcp",
        "vscode" => "servers",
        "zed" => "context_servers",
        _ => "mcpServers",
    }
}

/// A configuration with a server of somebody else, and comments.
fn existing(client: &str) -> String {
    if client == "codex" {
        return "# my settings\nmodel = \"o9\"   # the best\n\n[mcp_servers.other]\ncommand = \"npx\" # theirs\nenv = { TOKEN = \"secret\" }\n\n[profiles.work]\nmodel = \"o8\"\n".to_owned();
    }
    let servers = servers(client);
    format!(
        "{{\n    // my settings\n    \"theme\": \"dark\",\n    \"{servers}\": {{\n        \"other\": {{ \"command\": \"npx\", \"env\": {{ \"TOKEN\": \"secret\" }} }} // theirs\n    }},\n    \"last\": [1, 2,]\n}}\n"
    )
}

fn state(env: &Env, arguments: &[&str]) -> String {
    let report = env.run([&["mcp"], arguments].concat()).json();
    report["state"].as_str().unwrap().to_owned()
}

fn read(path: &PathBuf) -> String {
    std::fs::read_to_string(path)
        .unwrap()
        .replace(BINARY, "BIN")
}

#[test]
fn each_client_gets_its_form() {
    let env = Env::new().config("[profiles.work]\nkey_file = \"/nowhere\"\n");
    let mut all = String::new();
    for (client, file) in CLIENTS {
        let arguments = [
            "install",
            client,
            "--profile",
            "work",
            "--env",
            "test",
            "--yes",
        ];
        assert_eq!(state(&env, &arguments), "written", "{client}");
        let text = read(&env.home().join(file));
        write!(all, "== {client}: ~/{file}\n{text}").unwrap();
        assert_eq!(state(&env, &arguments), "already", "{client}");
        assert_eq!(
            read(&env.home().join(file)),
            all.split("\n== ")
                .last()
                .unwrap()
                .split_once('\n')
                .unwrap()
                .1,
            "{client}"
        );
    }
    insta::assert_snapshot!(all);
}

#[test]
fn others_servers_and_comments_stay_and_nothing_is_left_behind() {
    let env = Env::new();
    let mut all = String::new();
    for (client, file) in CLIENTS {
        let before = existing(client);
        let path = env.file(file, &before);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(
            state(&env, &["install", client, "--local", "--yes"]),
            "written",
            "{client}"
        );
        let after = read(&path);
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640
        );
        assert_eq!(
            state(&env, &["install", client, "--local", "--yes"]),
            "already",
            "{client}"
        );
        assert_eq!(read(&path), after, "{client}");
        if ["claude-code", "codex", "opencode"].contains(&client) {
            write!(all, "== {client}\n{after}").unwrap();
        }
        assert_eq!(
            state(&env, &["uninstall", client, "--yes"]),
            "removed",
            "{client}"
        );
        assert_eq!(read(&path), before, "{client}");
        assert_eq!(
            state(&env, &["uninstall", client, "--yes"]),
            "absent",
            "{client}"
        );
    }
    insta::assert_snapshot!(all);
}

#[test]
fn an_entry_is_changed_and_what_a_person_added_to_it_stays() {
    let env = Env::new();
    let path = env.file(".codex/config.toml", "[mcp_servers.clerk-api]\n# slow\nstartup_timeout_sec = 60\ncommand = \"/old\"\nargs = []\n");
    state(&env, &["install", "codex", "--local", "--yes"]);
    insta::assert_snapshot!(read(&path), @r#"
    [mcp_servers.clerk-api]
    # slow
    startup_timeout_sec = 60
    command = "BIN"
    args = ["mcp", "--local"]
    "#);
    let path = env.file(
        ".cursor/mcp.json",
        r#"{"mcpServers":{"clerk-api":{"command":"/old","args":[],"disabled":true}}}"#,
    );
    state(&env, &["install", "cursor", "--local", "--yes"]);
    assert!(
        read(&path).contains("\"disabled\": true"),
        "{}",
        read(&path)
    );
}

#[test]
fn the_change_is_shown_first_and_holds_nothing_of_others() {
    let env = Env::new();
    let path = env.file(".cursor/mcp.json", existing("cursor"));
    let error = env.run(["mcp", "install", "cursor", "--local"]).error(7);
    assert!(
        error["hint"].as_str().unwrap().contains("--print"),
        "{error}"
    );
    let report = env
        .run(["mcp", "install", "cursor", "--local", "--print"])
        .json();
    assert_eq!(report["state"], "would_write");
    let diff = report["diff"].to_string();
    assert!(
        diff.contains("+ \\\"clerk-api\\\": {") && !diff.contains("secret"),
        "{diff}"
    );
    let shown = pty::run(&env, &["mcp", "install", "cursor", "--local"], "n\n");
    assert_eq!(shown.code, 7, "{shown:?}");
    assert!(shown.screen.contains("+ \"clerk-api\": {"), "{shown:?}");
    assert!(
        shown
            .screen
            .contains("Change the configuration of Cursor? [y/N]"),
        "{shown:?}"
    );
    assert!(!shown.screen.contains("secret"), "{shown:?}");
    assert_eq!(read(&path), existing("cursor"));
    let shown = pty::run(&env, &["mcp", "install", "cursor", "--local"], "y\n");
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(read(&path).contains("clerk-api"));
}

#[test]
fn reliability_10_6_no_key_is_written() {
    let env = Env::new().set("CLERK_SECRET_KEY", CANARY);
    let error = env
        .run(["mcp", "install", "cursor", "--yes", "--", "--key", CANARY])
        .error(2);
    assert!(!error.to_string().contains(CANARY), "{error}");
    let error = env
        .run(["mcp", "install", "cursor", "--yes", "--key-file", "key"])
        .error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("not an absolute path"),
        "{error}"
    );
    for args in [
        vec!["--allow-everything"],
        vec!["--allow-invites"],
        vec!["install", "zed"],
    ] {
        let line = [vec!["mcp", "install", "cursor", "--yes", "--"], args].concat();
        let error = env.run(line).error(2);
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .starts_with("the server would not start"),
            "{error}"
        );
    }
    assert!(!env.home().join(".cursor").exists());
    state(
        &env,
        &["install", "cursor", "--yes", "--", "--allow-writes"],
    );
    let text = read(&env.home().join(".cursor/mcp.json"));
    assert!(
        text.contains("--allow-writes") && !text.contains("CANARY"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_not_understood_or_a_link_stays_as_it_is() {
    let env = Env::new();
    for (client, file, text) in [
        ("cursor", ".cursor/mcp.json", "{\"mcpServers\": "),
        ("cursor", ".cursor/mcp.json", "{\"mcpServers\": []}"),
        ("codex", ".codex/config.toml", "[mcp_servers"),
        ("codex", ".codex/config.toml", "mcp_servers = 1\n"),
    ] {
        let path = env.file(file, text);
        env.run(["mcp", "install", client, "--yes"]).error(2);
        assert_eq!(read(&path), text);
    }
    let target = env.file("dotfiles/zed.json", "{}");
    let link = env.home().join(".config/zed/settings.json");
    std::fs::create_dir_all(link.parent().unwrap()).unwrap();
    symlink(&target, &link).unwrap();
    let error = env.run(["mcp", "install", "zed", "--yes"]).error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .ends_with("is a symbolic link"),
        "{error}"
    );
    assert_eq!(read(&target), "{}");
}
