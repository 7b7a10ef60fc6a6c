//! What the tests share: a fresh folder a test, the program run in it, and what it said.

pub(crate) mod chromium;
pub(crate) mod libreoffice;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A folder of a test's own, gone at its end.
pub(crate) struct Dir(tempfile::TempDir);

/// The folder of the files that come with the repository for a first look.
pub(crate) const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples");

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Dir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, or bytes that are no text.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// Runs duecast in the folder, with its ledger there.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::new(assert_cmd::cargo::cargo_bin!("duecast"))
            .args(arguments)
            .current_dir(self.path())
            .env_remove("DUECAST_LEDGER")
            .output()
            .expect("duecast runs");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs duecast and expects exit code 0.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run.stdout
    }
}

/// The sample's pack with everything that can be added to it, made once for all tests that only read it.
pub(crate) fn sample_pack() -> &'static Path {
    static PACK: OnceLock<PathBuf> = OnceLock::new();
    PACK.get_or_init(|| {
        let dir = Dir::new();
        dir.ok(&["load", SAMPLES]);
        shared_pack(&dir, "sample", &["--as-of", "2024-12-31", "--format", "pptx,docx,png"])
    })
}

/// The pack of a folder's ledger for several tests. None of them ends last, so it stays among cargo's own temporary folders, where the
/// next run makes it anew.
pub(crate) fn shared_pack(dir: &Dir, name: &str, arguments: &[&str]) -> PathBuf {
    let pack = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).join("pack");
    // A file of an earlier run must not pass for one of this.
    std::fs::remove_dir_all(&pack).or_else(|e| if pack.exists() { Err(e) } else { Ok(()) }).expect("an old pack");
    let out = pack.to_str().expect("a path in UTF-8");
    dir.ok(&[&["report", "--out", out], arguments].concat());
    pack
}

/// The rows of a CSV answer as maps from column to text.
pub(crate) fn rows(csv: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(|row| row.expect("a CSV row")).collect()
}

/// An amount in ten-thousandths.
pub(crate) fn units(text: &str) -> i128 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{}{decimals:0<4}", whole.trim_start_matches('-'));
    let units: i128 = digits.parse().unwrap_or_else(|_| panic!("{text} is an amount"));
    if whole.starts_with('-') { -units } else { units }
}

/// A folder of real data, where this machine has it; the test says so and passes over it where not.
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
pub(crate) fn real_data(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: there is no real data {folder} on this machine");
    None
}
