//! Lists the files under `queries/`, `mappings/` and `data-samples/`, so that a new one is a new file and nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let mut code = String::new();
    for (name, folder, extension) in
        [("QUERIES", "queries", "sql"), ("MAPPINGS", "mappings", "toml"), ("SAMPLES", "data-samples", "csv")]
    {
        println!("cargo:rerun-if-changed={folder}");
        let mut files = Vec::new();
        walk(&root.join(folder), extension, &mut files)?;
        files.sort();
        writeln!(code, "pub(crate) static {name}: &[(&str, &str)] = &[").expect("a string takes all");
        for file in files {
            println!("cargo:rerun-if-changed={}", file.display());
            let path =
                file.strip_prefix(root.join(folder)).expect("walked from there").to_string_lossy().replace('\\', "/");
            writeln!(code, "    ({path:?}, include_str!({:?})),", file.display().to_string())
                .expect("a string takes all");
        }
        code.push_str("];\n");
    }
    fs::write(out.join("embedded.rs"), code)
}

fn walk(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo:rerun-if-changed={}", path.display());
            walk(&path, extension, files)?;
        } else if path.extension().is_some_and(|e| e == extension) {
            files.push(path);
        }
    }
    Ok(())
}
