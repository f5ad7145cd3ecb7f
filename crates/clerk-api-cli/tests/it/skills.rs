//! `skill`: the text of this version, in the folders of agents.

use std::os::unix::fs::symlink;

use clerk_api_admin::skill::FILES;

use crate::env::Env;

fn state(env: &Env, arguments: &[&str]) -> String {
    let rows = env.run([&["skill"], arguments].concat()).json();
    let [row] = rows.as_array().unwrap().as_slice() else {
        panic!("{rows}")
    };
    row["state"].as_str().unwrap().to_owned()
}

const INSTALL: [&str; 3] = ["install", "--for", "claude-code"];
const PATH: [&str; 3] = ["path", "--for", "claude-code"];

#[test]
fn the_skill_is_shown_and_installed_as_it_is_in_the_program() {
    let env = Env::new();
    assert_eq!(env.run(["skill", "show"]).stdout, FILES[0].1);
    assert_eq!(env.run(["skill", "show", FILES[1].0]).stdout, FILES[1].1);
    assert_eq!(state(&env, &PATH), "absent");
    assert_eq!(
        state(&env, &[&INSTALL[..], &["--dry-run"]].concat()),
        "would_write"
    );
    assert_eq!(state(&env, &PATH), "absent");
    assert_eq!(state(&env, &INSTALL), "written");
    for (name, text) in FILES {
        let path = env.home().join(".claude/skills/clerk-api").join(name);
        assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    }
    assert_eq!(state(&env, &PATH), "current");
    assert_eq!(state(&env, &INSTALL), "already");
}

#[test]
fn each_agent_has_its_folder() {
    let env = Env::new();
    let rows = env.run([
        "skill",
        "path",
        "--output",
        "csv",
        "--fields",
        "agent,folder",
    ]);
    let home = env.home().display().to_string();
    insta::assert_snapshot!(rows.stdout.replace(&home, "~"), @r#"
    "agent","folder"
    "claude-code","~/.claude/skills/clerk-api"
    "codex","~/.agents/skills/clerk-api"
    "copilot","~/.copilot/skills/clerk-api"
    "cursor","~/.cursor/skills/clerk-api"
    "gemini","~/.gemini/skills/clerk-api"
    "opencode","~/.config/opencode/skills/clerk-api"
    "windsurf","~/.codeium/windsurf/skills/clerk-api"
    "#);
    let rows = env
        .run(["skill", "install", "--project", "--for", "codex,copilot"])
        .json();
    assert_eq!(rows.as_array().unwrap().len(), 2);
    for folder in [".agents", ".github"] {
        assert!(
            env.home()
                .join(folder)
                .join("skills/clerk-api/SKILL.md")
                .is_file()
        );
    }
}

#[test]
fn without_a_name_the_agents_that_are_used_here_get_it() {
    let env = Env::new();
    let error = env.run(["skill", "install"]).error(2);
    assert!(
        error["hint"]
            .as_str()
            .unwrap()
            .contains("--for claude-code, codex"),
        "{error}"
    );
    std::fs::create_dir(env.home().join(".cursor")).unwrap();
    std::fs::create_dir(env.home().join(".codex")).unwrap();
    let rows = env.run(["skill", "install"]).json();
    let agents: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["agent"].as_str().unwrap())
        .collect();
    assert_eq!(agents, ["codex", "cursor"]);
}

#[test]
fn a_file_that_somebody_changed_stays_and_an_older_version_goes() {
    let env = Env::new();
    state(&env, &INSTALL);
    let folder = env.home().join(".claude/skills/clerk-api");
    let file = folder.join("SKILL.md");
    std::fs::write(&file, "mine").unwrap();
    assert_eq!(state(&env, &PATH), "changed");
    let error = env
        .run(["skill", "install", "--for", "claude-code"])
        .error(7);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("somebody changed SKILL.md"),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    // What the record names as ours is an older version, and replaced.
    let record = folder.join(".clerk-api.json");
    let text = std::fs::read_to_string(&record).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["version"] = "0.0.9".into();
    let hash = "bdb6b33c99fa7e5bd0a6c0c2f4ac2a4ad9c6b23d6dfb3ccd3a5bfea0f4ef5ff5";
    json["files"]["SKILL.md"] = hash.into();
    std::fs::write(&record, json.to_string()).unwrap();
    assert_eq!(
        state(&env, &PATH),
        "changed",
        "another text than the record names"
    );
    json["files"]["SKILL.md"] = sha256_of_mine().into();
    std::fs::write(&record, json.to_string()).unwrap();
    let rows = env.run(["skill", "path", "--for", "claude-code"]).json();
    assert_eq!(
        (&rows[0]["state"], &rows[0]["version"]),
        (&"outdated".into(), &"0.0.9".into())
    );
    assert_eq!(state(&env, &INSTALL), "written");
    std::fs::write(&file, "mine").unwrap();
    assert_eq!(
        state(&env, &[&INSTALL[..], &["--force"]].concat()),
        "written"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), FILES[0].1);
}

fn sha256_of_mine() -> &'static str {
    "3fd30542fe3f61b14bd4a4b2dc0b6fb30fa6f63ebce52dd1778aaa8c4dc02cff"
}

#[test]
fn reliability_9_no_link_is_followed() {
    let env = Env::new();
    let elsewhere = env.home().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, env.home().join(".claude")).unwrap();
    let error = env
        .run(["skill", "install", "--for", "claude-code"])
        .error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .ends_with("/.claude is a symbolic link"),
        "{error}"
    );
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
    // A folder that is named is taken as it is.
    let to = env.home().join(".claude").display().to_string();
    assert_eq!(state(&env, &["install", "--to", &to]), "written");
    let file = elsewhere.join("clerk-api/SKILL.md");
    std::fs::remove_file(&file).unwrap();
    symlink(env.file("target", ""), &file).unwrap();
    env.run(["skill", "install", "--to", &to, "--force"])
        .error(2);
    assert_eq!(
        std::fs::read_to_string(env.home().join("target")).unwrap(),
        ""
    );
}
