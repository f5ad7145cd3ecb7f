//! The binary `clerk-api`.

// Takes the place of malloc for SQLite too. Elsewhere it was not measured.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    clerk_api_cli::run()
}
