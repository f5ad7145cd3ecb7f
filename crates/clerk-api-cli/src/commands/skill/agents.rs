//! The agents that read skills, and the folders where each one looks. Their own documentation says so, of November 2026.

use std::path::PathBuf;

use crate::setup::folders::Folders;

/// An agent.
#[derive(Debug)]
pub(super) struct Agent {
    /// What `--for` calls it.
    pub(super) word: &'static str,
    /// Where it looks in a project.
    pub(super) project: &'static str,
    /// Where it looks for its user.
    pub(super) user: fn(&Folders) -> PathBuf,
    /// A folder that is there once it has been used.
    pub(super) sign: fn(&Folders) -> PathBuf,
}

impl Agent {
    /// What its folder of skills lies in, as a person set it up.
    pub(super) fn root(&self, folders: &Folders) -> PathBuf {
        let skills = (self.user)(folders);
        if skills.starts_with(&folders.home) {
            return folders.home.clone();
        }
        skills
            .parent()
            .map_or_else(|| skills.clone(), PathBuf::from)
    }
}

const fn agent(
    word: &'static str,
    project: &'static str,
    user: fn(&Folders) -> PathBuf,
    sign: fn(&Folders) -> PathBuf,
) -> Agent {
    Agent {
        word,
        project,
        user,
        sign,
    }
}

fn claude(folders: &Folders) -> PathBuf {
    let moved = folders.claude.clone();
    moved.unwrap_or_else(|| folders.home.join(".claude"))
}

/// All of them, in the order of their words.
#[rustfmt::skip]
pub(super) const AGENTS: [Agent; 7] = [
    agent("claude-code", ".claude/skills", |at| claude(at).join("skills"), claude),
    agent("codex", ".agents/skills", |at| at.home.join(".agents/skills"), |at| at.codex.clone()),
    agent("copilot", ".github/skills", |at| at.home.join(".copilot/skills"), |at| at.home.join(".copilot")),
    agent("cursor", ".cursor/skills", |at| at.home.join(".cursor/skills"), |at| at.home.join(".cursor")),
    agent("gemini", ".gemini/skills", |at| at.home.join(".gemini/skills"), |at| at.home.join(".gemini")),
    agent("opencode", ".opencode/skills", |at| at.config.join("opencode/skills"), |at| at.config.join("opencode")),
    agent("windsurf", ".windsurf/skills", |at| at.home.join(".codeium/windsurf/skills"), |at| at.home.join(".codeium/windsurf")),
];
