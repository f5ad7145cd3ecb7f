//! Fills a database with made-up objects and says how long each part took: `seed FILE USERS ORGANIZATIONS SEED`.

use std::io::Write as _;
use std::time::Instant;

use clerk_api_emulator::{Seed, SeedStage, seed};

#[expect(clippy::disallowed_methods, reason = "time is what it measures")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("a database is needed")?;
    let mut number = || args.next().unwrap_or_default().parse::<u64>();
    let wanted = Seed {
        users: number()?,
        organizations: number()?,
        memberships: None,
        seed: number()?,
    };
    let began = now();
    let mut out = std::io::stdout();
    let mut last: Option<SeedStage> = None;
    let made = seed(path.as_ref(), &wanted, &mut |progress| {
        if progress.stage == SeedStage::Indexes || last != Some(progress.stage) {
            last = Some(progress.stage);
            let seconds = began.elapsed().as_secs_f64();
            let _ = writeln!(out, "{seconds:8.2} s  {progress:?}");
        }
    })?;
    let seconds = began.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "{seconds:8.2} s  {made:?}")?;
    Ok(())
}
