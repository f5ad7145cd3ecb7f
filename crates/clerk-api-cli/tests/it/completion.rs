//! Completion in real shells: bash and zsh at a terminal, fish by its own command that completes a line.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::env::{CANARY, Env};
use crate::server::{Answer, Server};

/// How long a shell may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the shell shows when it waits for a line.
const PROMPT: &str = "READY> ";

/// A shell at a terminal of its own.
struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    unread: Vec<u8>,
}

impl Terminal {
    fn start(mut shell: Command) -> Self {
        let master: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let name = name.to_str().unwrap();
        let slave = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name)
            .unwrap();
        shell
            .env("TERM", "dumb")
            .env("PS1", PROMPT)
            .stdin(Stdio::from(slave.try_clone().unwrap()))
            .stdout(Stdio::from(slave.try_clone().unwrap()))
            .stderr(Stdio::from(slave));
        let child = shell.spawn().unwrap();
        drop(shell);
        let keyboard = File::from(master);
        let mut reader = keyboard.try_clone().unwrap();
        let (parts, screen) = channel();
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut part) {
                if parts.send(part[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            keyboard,
            screen,
            unread: Vec::new(),
        }
    }

    fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen shows this, after all that was waited for before.
    fn shows(&mut self, wanted: &str) {
        assert!(
            self.shows_within(wanted, PATIENCE),
            "{wanted:?} did not come: {:?}",
            String::from_utf8_lossy(&self.unread)
        );
    }

    /// Whether the screen shows this before nothing more comes for so long.
    fn shows_within(&mut self, wanted: &str, patience: Duration) -> bool {
        loop {
            let text = String::from_utf8_lossy(&self.unread).into_owned();
            if let Some((_, rest)) = text.split_once(wanted) {
                self.unread = rest.as_bytes().to_vec();
                return true;
            }
            match self.screen.recv_timeout(patience) {
                Ok(part) => self.unread.extend(part),
                Err(_) => return false,
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a shell is here; the tests say that they skip where it is not.
#[expect(clippy::print_stderr, reason = "a test that skips says so")]
fn is_here(shell: &str) -> bool {
    let here = ["/usr/bin", "/bin"]
        .iter()
        .any(|folder| Path::new(folder).join(shell).exists());
    if !here {
        eprintln!("skipped: {shell} is not installed");
    }
    here
}

/// An instance with Ada, a few organizations and a snapshot, and a configuration with profiles.
fn instance() -> Env {
    let env = Env::new().set("CLERK_API_LOCAL", "1").config(
        "[profiles.staging]\nkey_file = \"staging.key\"\n[profiles.production]\nkey_file = \"production.key\"\n",
    );
    env.run([
        "users",
        "create",
        "--email",
        "ada@example.com",
        "--first-name",
        "Ada",
        "--skip-password-requirement",
    ]);
    env.run(["organizations", "create", "--name", "Acme"]);
    env.run(["local", "snapshot", "save", "base"]);
    env
}

/// What a line becomes on one tab, or on two where there are several ways to go on.
const LINES: [(&str, &str); 8] = [
    ("users update-m", "users update-metadata"),
    ("users list --output=nd", "--output=ndjson"),
    ("users get ad", "users get ada@example.com"),
    ("--output json users get ad", "users get ada@example.com"),
    ("organizations get ac", "organizations get acme"),
    ("invitations create acme --role org:ad", "--role org:admin"),
    ("doctor --profile st", "--profile staging"),
    ("local snapshot restore b", "restore base"),
];

/// How often a line is completed: values come within 0.3 seconds or not at all, which a busy machine does not always manage.
const TRIES: usize = 10;

fn completes_at_a_terminal(mut terminal: Terminal) {
    for (typed, becomes) in LINES {
        let completed = (0..TRIES).any(|_| {
            terminal.types(&format!("clerk-api {typed}\t"));
            let shown = terminal.shows_within(becomes, Duration::from_secs(3));
            // ^U takes the line away.
            terminal.types("\u{15}");
            shown
        });
        let screen = String::from_utf8_lossy(&terminal.unread);
        assert!(completed, "{becomes:?} did not come: {screen:?}");
    }
    terminal.types("clerk-api users up\t\t\t");
    terminal.shows("update-metadata");
}

#[test]
fn bash_completes_commands_flags_and_values() {
    if !is_here("bash") {
        return;
    }
    let env = instance();
    let mut shell = env.command("/bin/bash");
    shell.args(["--norc", "--noprofile", "-i"]);
    let mut terminal = Terminal::start(shell);
    terminal.shows(PROMPT);
    terminal.types("bind 'set enable-bracketed-paste off'; source <(clerk-api completions bash); echo loa''ded\n");
    terminal.shows("loaded");
    terminal.shows(PROMPT);
    completes_at_a_terminal(terminal);
}

#[test]
fn zsh_completes_commands_flags_and_values() {
    if !is_here("zsh") {
        return;
    }
    let env = instance();
    let mut shell = env.command("zsh");
    shell.args(["-f", "-i"]);
    let mut terminal = Terminal::start(shell);
    terminal.shows(PROMPT);
    terminal.types("unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u; source <(clerk-api completions zsh); echo loa''ded\n");
    terminal.shows("loaded");
    terminal.shows(PROMPT);
    completes_at_a_terminal(terminal);
}

#[test]
fn fish_completes_commands_flags_and_values() {
    if !is_here("fish") {
        return;
    }
    let env = instance();
    let completed = |line: &str| -> Vec<String> {
        let script = format!("clerk-api completions fish | source; complete -C 'clerk-api {line}'");
        let output = env
            .command("fish")
            .args(["--no-config", "-c", &script])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| line.split('\t').next().unwrap().to_owned())
            .collect()
    };
    for (typed, becomes) in LINES {
        let last = becomes.rsplit(' ').next().unwrap().to_owned();
        assert!(
            (0..TRIES).any(|_| completed(typed).contains(&last)),
            "{typed}: {:?}",
            completed(typed)
        );
    }
    assert_eq!(completed("users up"), ["update", "update-metadata"]);
}

/// What bash is told, without a terminal.
fn told(env: &Env, words: &[&str]) -> Vec<String> {
    let mut command = env.command("clerk-api");
    command
        .env("_CLERK_API_COMPLETE", "bash")
        .env("_CLERK_API_INDEX", words.len().to_string());
    let output = command
        .args(["--", "clerk-api"])
        .args(words)
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_live_key_is_not_used_for_completion_unless_the_configuration_says_so() {
    // Live keys go to Clerk only; the proxy on the way there sees whether one would.
    let proxy = Server::start(vec![Answer::json(403, "", "{}")]);
    let env = |config: &str| {
        let env = Env::new().config(config);
        env.set("CLERK_SECRET_KEY", CANARY.replace("sk_test", "sk_live"))
            .set("HTTPS_PROXY", &proxy.url)
    };
    let words = ["invitations", "create", "acme", "--role", "org:"];
    assert!(told(&env(""), &words).is_empty());
    assert!(proxy.requests().is_empty(), "{:?}", proxy.requests());
    assert!(told(&env("completion_lookups = true"), &words).is_empty());
    assert!(
        proxy.requests()[0].starts_with("CONNECT api.clerk.com:443"),
        "{:?}",
        proxy.requests()
    );
}

#[test]
fn completion_gives_up_in_silence() {
    let env = Env::at("http://127.0.0.1:1");
    assert!(told(&env, &["users", "get", "ad"]).is_empty());
    let broken = Env::new().config("this is not a configuration");
    assert!(told(&broken, &["users", "get", "ad"]).is_empty());
    assert_eq!(told(&broken, &["users", "update-"]), ["update-metadata"]);
    // An instance that is not there is not made.
    let env = Env::new().set("CLERK_API_LOCAL", "1");
    assert!(told(&env, &["users", "get", "ad"]).is_empty());
    assert!(!env.home().join(".local/share/clerk-api").exists());
}
