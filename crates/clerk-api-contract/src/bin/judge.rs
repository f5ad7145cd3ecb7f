//! `judge DIR`: judges every exchange recorded under a folder and prints a report.
//!
//! Exits 0 if all is as specified or `CLERK_API_SPEC` is unset, 1 if anything is not, 2 if the
//! arguments, the folder or the specification cannot be used.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clerk_api_contract::{Exchange, Judge, Report, SPEC_VARIABLE};

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let (Some(directory), None) = (args.next(), args.next()) else {
        return refuse("usage: judge DIR");
    };
    let judge = match Judge::from_env() {
        Ok(Some(judge)) => judge,
        Ok(None) => {
            let line = format!("skipped: {SPEC_VARIABLE} is unset\n");
            return print(&line, ExitCode::SUCCESS);
        }
        Err(error) => return refuse(&format!("error: {error}")),
    };
    let mut report = Report::default();
    match judge_all(&judge, Path::new(&directory), &mut report) {
        Ok(()) => {}
        Err(error) => return refuse(&format!("error: {error}")),
    }
    let code = ExitCode::from(u8::from(report.violations() > 0));
    print(&report.to_string(), code)
}

fn judge_all(judge: &Judge, directory: &Path, report: &mut Report) -> io::Result<()> {
    for file in recordings(directory)? {
        let text = fs_err::read_to_string(&file)?;
        for (index, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let origin = format!("{}:{}", file.display(), index + 1);
            match Exchange::parse(line) {
                Ok(exchange) => report.add(&origin, exchange.status, judge.judge(&exchange)),
                Err(error) => report.add_unreadable(&origin, &error.to_string()),
            }
        }
    }
    Ok(())
}

/// Every `*.ndjson` under a folder, at any depth, in the order of their paths.
fn recordings(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs_err::read_dir(directory)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "ndjson")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn print(text: &str, code: ExitCode) -> ExitCode {
    // A reader that went away took what it wanted.
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => code,
        Err(_) => ExitCode::from(2),
    }
}

fn refuse(text: &str) -> ExitCode {
    // There is nowhere left to report a failure.
    let _ = writeln!(io::stderr().lock(), "{text}");
    ExitCode::from(2)
}
