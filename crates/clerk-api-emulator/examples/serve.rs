//! Serves a local Clerk for measurements and crash tests: `serve FILE`.
//!
//! Prints its address as the first line and ends when its input does.

use std::io::{Read as _, Write as _};

use clerk_api_emulator::{Config, Database, Emulator};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("a database is needed")?;
    let mut config = Config::new("sk_test_local0123456789");
    config.database = Database::File(path.into());
    let clerk = Emulator::start(config)?;
    writeln!(std::io::stdout(), "{}", clerk.url())?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    clerk.stop();
    Ok(())
}
