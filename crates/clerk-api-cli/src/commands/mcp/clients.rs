//! The programs that start servers: where each keeps its configuration, and how it writes a server there.
//! This is what their own documentation says, as of November 2026.

use std::path::PathBuf;

use clerk_api_admin::problem::Outcome;
use serde_json::{Value, json};

use crate::setup::folders::Folders;
use crate::setup::user_file;

/// How a client writes a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `command` and `args`.
    Plain,
    /// The same, with `type`.
    Typed,
    /// Program and arguments in one list.
    Listed,
}

/// A client.
#[derive(Debug)]
pub(super) struct Client {
    /// What the command line calls it.
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    file: fn(&Folders) -> PathBuf,
    /// The member of the configuration that has the servers.
    pub(super) servers: &'static str,
    form: Form,
}

const fn client(
    word: &'static str,
    name: &'static str,
    servers: &'static str,
    form: Form,
    file: fn(&Folders) -> PathBuf,
) -> Client {
    Client {
        word,
        name,
        file,
        servers,
        form,
    }
}

#[rustfmt::skip]
pub(super) const CLIENTS: [Client; 9] = [
    client("claude-code", "Claude Code", "mcpServers", Form::Typed, |at| at.claude.clone().unwrap_or_else(|| at.home.clone()).join(".claude.json")),
    client("claude-desktop", "Claude Desktop", "mcpServers", Form::Plain, |at| at.desktop.join("Claude/claude_desktop_config.json")),
    client("codex", "Codex", "mcp_servers", Form::Plain, |at| at.codex.join("config.toml")),
    client("cursor", "Cursor", "mcpServers", Form::Plain, |at| at.home.join(".cursor/mcp.json")),
    client("gemini", "Gemini CLI", "mcpServers", Form::Plain, |at| at.home.join(".gemini/settings.json")),
    client("opencode", "OpenCode", "mcp", Form::Listed, opencode),
    client("vscode", "VS Code", "servers", Form::Typed, |at| at.desktop.join("Code/User/mcp.json")),
    client("windsurf", "Windsurf", "mcpServers", Form::Plain, |at| at.home.join(".codeium/windsurf/mcp_config.json")),
    client("zed", "Zed", "context_servers", Form::Plain, |at| at.zed.join("settings.json")),
];

/// It reads both names; a person has one of them.
fn opencode(folders: &Folders) -> PathBuf {
    let folder = folders.config.join("opencode");
    let with_comments = folder.join("opencode.jsonc");
    if with_comments.exists() {
        return with_comments;
    }
    folder.join("opencode.json")
}

impl Client {
    pub(super) fn find(word: &str) -> Option<&'static Self> {
        static ALL: [Client; 9] = CLIENTS;
        ALL.iter().find(|client| client.word == word)
    }

    /// Its configuration file.
    pub(super) fn file(&self, folders: &Folders) -> PathBuf {
        (self.file)(folders)
    }

    /// The text of its configuration; nothing if there is none yet.
    pub(super) fn text(&self, folders: &Folders) -> Outcome<Option<String>> {
        user_file::text(&self.file(folders))
    }

    /// How it writes a server that is this program with these arguments.
    pub(super) fn server(&self, program: &str, args: &[String]) -> Value {
        match self.form {
            Form::Plain => json!({"command": program, "args": args}),
            Form::Typed => json!({"type": "stdio", "command": program, "args": args}),
            Form::Listed => {
                let words: Vec<&str> = std::iter::once(program)
                    .chain(args.iter().map(String::as_str))
                    .collect();
                json!({"type": "local", "command": words, "enabled": true})
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::folders::System;

    fn files(system: System, variable: fn(&str) -> Option<String>) -> String {
        let folders = Folders::of("/home/ada".into(), system, variable);
        let lines =
            CLIENTS.map(|client| format!("{} {}\n", client.word, client.file(&folders).display()));
        lines.concat()
    }

    #[test]
    fn each_client_has_its_file_on_each_system() {
        insta::assert_snapshot!(files(System::Linux, |_| None), @r"
        claude-code /home/ada/.claude.json
        claude-desktop /home/ada/.config/Claude/claude_desktop_config.json
        codex /home/ada/.codex/config.toml
        cursor /home/ada/.cursor/mcp.json
        gemini /home/ada/.gemini/settings.json
        opencode /home/ada/.config/opencode/opencode.json
        vscode /home/ada/.config/Code/User/mcp.json
        windsurf /home/ada/.codeium/windsurf/mcp_config.json
        zed /home/ada/.config/zed/settings.json
        ");
        let mac = files(System::Mac, |_| None);
        for file in [
            "claude-desktop /home/ada/Library/Application Support/Claude/claude_desktop_config.json",
            "opencode /home/ada/.config/opencode/opencode.json",
            "vscode /home/ada/Library/Application Support/Code/User/mcp.json",
            "zed /home/ada/.config/zed/settings.json",
        ] {
            assert!(mac.lines().any(|line| line == file), "{file}: {mac}");
        }
        let windows = files(System::Windows, |name| {
            (name == "APPDATA").then(|| "/roaming".to_owned())
        });
        for file in [
            "claude-code /home/ada/.claude.json",
            "claude-desktop /roaming/Claude/claude_desktop_config.json",
            "vscode /roaming/Code/User/mcp.json",
            "windsurf /home/ada/.codeium/windsurf/mcp_config.json",
            "zed /roaming/Zed/settings.json",
        ] {
            assert!(
                windows.lines().any(|line| line == file),
                "{file}: {windows}"
            );
        }
    }

    #[test]
    fn folders_that_the_environment_moves_are_found() {
        let moved = files(System::Linux, |name| Some(format!("/moved/{name}")));
        for file in [
            "claude-code /moved/CLAUDE_CONFIG_DIR/.claude.json",
            "codex /moved/CODEX_HOME/config.toml",
            "zed /moved/XDG_CONFIG_HOME/zed/settings.json",
        ] {
            assert!(moved.lines().any(|line| line == file), "{file}: {moved}");
        }
    }
}
