//! A terminal: runs the binary with standard input and standard error on one, and answers its questions.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::env::{BINARY, Env};

/// What a run at a terminal came to.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    /// What the terminal showed, our answers too.
    pub(crate) screen: String,
}

/// Runs with this typed ahead. Standard output is a pipe, so that the screen holds the rest only.
pub(crate) fn run(env: &Env, arguments: &[&str], typed: &str) -> Shown {
    let master: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
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
    let child = command.spawn().unwrap();
    // The command holds copies of the terminal, which would keep it open.
    drop(command);
    master.write_all(typed.as_bytes()).unwrap();
    let mut reader = master.try_clone().unwrap();
    let screen = std::thread::spawn(move || {
        let mut screen = Vec::new();
        let mut part = [0; 4096];
        // Linux reports the closed other end as an error.
        while let Ok(count @ 1..) = reader.read(&mut part) {
            screen.extend_from_slice(&part[..count]);
        }
        String::from_utf8_lossy(&screen).replace("\r\n", "\n")
    });
    let output = child.wait_with_output().unwrap();
    Shown {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        screen: screen.join().unwrap(),
    }
}
