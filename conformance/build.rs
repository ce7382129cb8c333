//! Embeds features, schemas, media and pages of documentation, a digest of the first two: the
//! suite's identity, and what rules may cite.

#[path = "src/spec/headings.rs"]
mod headings;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use walkdir::WalkDir;

fn main() -> io::Result<()> {
    let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    // The package links to the top level, which is itself meant where git makes no links.
    let root = if package.join("features").is_dir() { package } else { package.join("..") };
    let mut out = String::new();
    let mut digest = Digest::new();
    for (table, folder, extension) in
        [("FEATURES", "features", "feature"), ("SCHEMAS", "schemas", "json")]
    {
        let doc = format!("Files below `{folder}/`: path and text.");
        let _ = writeln!(out, "/// {doc}\npub(crate) const {table}: &[(&str, &str)] = &[");
        for (name, path) in files(&root.join(folder), extension)? {
            // Schemas of our own reports say nothing of a server.
            if extension == "feature" || name.contains('/') {
                digest.add(name.as_bytes());
                digest.add(&fs::read(&path)?);
            }
            let _ = writeln!(out, "    ({name:?}, include_str!({path:?})),");
        }
        out.push_str("];\n");
    }
    out.push_str("/// Audio files: name and bytes.\nconst MEDIA: &[(&str, &[u8])] = &[\n");
    for (name, path) in files(&root.join("fixtures/media"), "")? {
        let _ = writeln!(out, "    ({name:?}, include_bytes!({path:?})),");
    }
    out.push_str(
        "];\n/// Configurations: name and text.\npub(crate) const PROFILES: &[(&str, &str)] = &[\n",
    );
    for (name, path) in files(&root.join("fixtures/profiles"), "yml")? {
        let name = name.trim_end_matches(".yml");
        let _ = writeln!(out, "    ({name:?}, include_str!({path:?})),");
    }
    out.push_str(
        "];\n/// Files that rules cite, from the root of the repository, and the anchors of pages.\n\
         pub(crate) const CITABLE: &[(&str, &[&str])] = &[\n",
    );
    for folder in ["docs", "fixtures"] {
        for (name, path) in files(&root.join(folder), "")? {
            let page = path.extension().is_some_and(|extension| extension == "md");
            let text = if page { fs::read_to_string(&path)? } else { String::new() };
            let _ = writeln!(out, "    (\"{folder}/{name}\", &{:?}),", headings::anchors(&text));
        }
    }
    out.push_str(
        "];\n/// Pages of documentation, from the root of the repository: path and text.\n\
         pub(crate) const DOCS: &[(&str, &str)] = &[\n",
    );
    for (name, path) in files(&root.join("docs"), "md")? {
        let _ = writeln!(out, "    (\"docs/{name}\", include_str!({path:?})),");
    }
    out.push_str("];\n");
    let coverage = root.join("docs/coverage.toml").canonicalize()?;
    let _ = writeln!(
        out,
        "/// What became of each claim of the document.\n\
         pub(crate) const COVERAGE: &str = include_str!({coverage:?});"
    );
    let _ = writeln!(
        out,
        "/// Identity of the embedded features and schemas.\npub(crate) const DIGEST: &str = \"{:016x}\";",
        digest.0
    );
    let target = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?).join("assets.rs");
    fs::write(target, out)
}

/// Every file below a folder with this extension (any, if empty), sorted.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<(String, PathBuf)>> {
    let folder = folder.canonicalize()?;
    let mut found = Vec::new();
    for entry in WalkDir::new(&folder) {
        let path = entry?.into_path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
        } else if extension.is_empty() || path.extension().is_some_and(|e| e == extension) {
            let name = path.strip_prefix(&folder).map_err(io::Error::other)?;
            found.push((name.to_string_lossy().replace('\\', "/"), path));
        }
    }
    found.sort();
    Ok(found)
}

/// FNV-1a with 64 bits: it tells versions apart, nothing more.
struct Digest(u64);

impl Digest {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
