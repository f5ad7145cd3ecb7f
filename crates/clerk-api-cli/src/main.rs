//! The binary `clerk-api`.

fn main() -> std::process::ExitCode {
    clerk_api_cli::run()
}
