//! Work on worksheets that are streamed to a temporary file. Their writer panics where that file cannot be written, such as on
//! a full disk, and has no other way to say so: here that becomes an error.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::error::Error;

thread_local! {
    /// Whether a panic of this thread becomes an error, so that nothing else is to be said of it.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does the work; that its temporary file could not be written is an error.
///
/// # Errors
/// Those of the work, and [`Error::File`] with the folder of temporary files.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                before(panic);
            }
        }));
    });
    IS_GUARDED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(false);
    done.unwrap_or_else(|panic| Err(error(&*panic)))
}

fn error(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    let text = text.unwrap_or("a panic without words");
    // The system's reason stands in the panic as `expect` and `unwrap` show it: `Os { code: 28, kind: StorageFull, message: .. }`.
    let code =
        text.split("Os { code: ").nth(1).and_then(|rest| rest.split(',').next()).and_then(|code| code.parse().ok());
    match code {
        Some(code) => {
            let doing = "the temporary file of a long worksheet cannot be written here";
            Error::file(&std::env::temp_dir(), doing)(std::io::Error::from_raw_os_error(code))
        }
        None => Error::internal(format!("workbook: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_error_that_names_the_folder_and_another_panic_is_a_fault_of_ours() {
        let full = || -> Result<(), Error> {
            let full = std::io::Error::from_raw_os_error(28);
            panic!("Couldn't write to xml file: {full:?}")
        };
        let error = guarded(full).expect_err("a full disk").to_string();
        assert!(error.starts_with(&std::env::temp_dir().display().to_string()), "{error}");
        assert!(error.contains("cannot be written here") && error.contains("No space left on device"), "{error}");
        let error = guarded(|| -> Result<(), Error> { panic!("a fault") }).expect_err("a panic");
        assert!(matches!(error, Error::Internal(_)), "{error}");
        assert_eq!(guarded(|| Ok(1)).expect("work"), 1);
    }
}
