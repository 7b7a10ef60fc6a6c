//! The program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(duecast::cli::run(std::env::args_os()).exit_code())
}
