//! The `duecare` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    duecare::cli::main()
}
