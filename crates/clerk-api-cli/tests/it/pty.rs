//! A terminal: runs the binary with standard input and standard error on one, and answers its questions.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::env::{BINARY, Env};

/// How long a terminal may show nothing new while something is awaited.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a run at a terminal came to.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) code: i32,
    /// What it died of, if not by itself.
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    /// What the terminal showed, our answers too.
    pub(crate) screen: String,
}

/// Runs with this typed ahead, at a terminal that does not tell its size. Standard output is a pipe, so that the screen holds the rest only.
pub(crate) fn run(env: &Env, arguments: &[&str], typed: &str) -> Shown {
    talk(env, arguments, 0, &[("", typed)])
}

/// The same at a terminal of 24 lines and so many columns: each text is typed once the other one has appeared behind what was there before.
pub(crate) fn talk(env: &Env, arguments: &[&str], columns: u16, steps: &[(&str, &str)]) -> Shown {
    let master: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    if columns > 0 {
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size).unwrap();
    }
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut command = env.command(BINARY);
    command
        .env("NO_COLOR", "1")
        .args(arguments)
        .stdin(Stdio::from(slave.try_clone().unwrap()))
        .stdout(Stdio::piped())
        .stderr(Stdio::from(slave));
    let mut master = File::from(master);
    let mut child = command.spawn().unwrap();
    // The command holds copies of the terminal, which would keep it open.
    drop(command);
    let (shown, screens) = mpsc::channel();
    let mut reader = master.try_clone().unwrap();
    let screen = std::thread::spawn(move || {
        let mut screen = Vec::new();
        let mut part = [0; 4096];
        // Linux reports the closed other end as an error.
        while let Ok(count @ 1..) = reader.read(&mut part) {
            screen.extend_from_slice(&part[..count]);
            let _ = shown.send(part[..count].to_vec());
        }
        String::from_utf8_lossy(&screen).replace("\r\n", "\n")
    });
    let mut seen = String::new();
    for (awaited, typed) in steps {
        while !seen.contains(awaited) {
            let Ok(part) = screens.recv_timeout(PATIENCE) else {
                let _ = child.kill();
                panic!("no {awaited:?} in {seen:?}");
            };
            seen.push_str(&String::from_utf8_lossy(&part));
        }
        let end = seen.find(awaited).unwrap_or_default() + awaited.len();
        seen.drain(..end);
        master.write_all(typed.as_bytes()).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    Shown {
        code: output.status.code().unwrap_or(-1),
        signal: output.status.signal(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        screen: screen.join().unwrap(),
    }
}
