//! The program: arguments in, exit code out.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Memory for this program and, as it stands in for `malloc` too, for the engine: both take and give back much of it for
/// each small query.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(duecast::cli::run(std::env::args_os()).exit_code())
}
