//! Files that look as if they were meant to be read, and are not.

use std::fs;
use std::path::{Path, PathBuf};

/// Files that are named, at most.
const MOST: usize = 5;

/// What such a file has in its name when nobody means it to be read.
const KEPT_ASIDE: &[&str] = &["example", "sample", "template", "backup", ".bak", ".old", "~"];

/// A hint at those in the directories that were searched.
pub(super) fn hint(directories: &[&Path], read: &[PathBuf]) -> Option<String> {
    let mut found = Vec::new();
    for directory in directories {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .filter(|entry| entry.path().is_file() && !read.contains(&entry.path()))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        found.extend(names.into_iter().filter_map(|name| {
            let meant = meant_by(&name, read.is_empty())?;
            Some(format!("{} ({meant})", directory.join(&name).display()))
        }));
    }
    found.truncate(MOST);
    (!found.is_empty())
        .then(|| format!("looks like a configuration and is not read: {}", found.join(", ")))
}

/// What to do so that a file of this name is read, if it looks as if it should be.
fn meant_by(name: &str, nothing_read: bool) -> Option<String> {
    const RIGHT: [&str; 2] = ["application.yml", "application.yaml"];
    let lower = name.to_lowercase();
    // `.properties` is told of elsewhere.
    if RIGHT.contains(&name) || KEPT_ASIDE.iter().any(|part| lower.contains(part)) {
        return None;
    }
    let bare = lower.strip_suffix(".txt").unwrap_or(&lower);
    let (stem, extension) = bare.split_once('.').unwrap_or((bare, ""));
    let is_yaml =
        matches!(extension, "yml" | "yaml" | "yml.yml" | "yaml.yaml" | "yaml.yml" | "yml.yaml");
    let almost = matches!(extension, "" | "yl" | "ym" | "ylm" | "yam" | "json" | "toml" | "conf");
    let distance = strsim::damerau_levenshtein(stem.trim(), "application");
    if (is_yaml && distance <= 2) || (almost && distance == 0) {
        return Some("it is called application.yml when it is read".to_owned());
    }
    let profile = stem.strip_prefix("application-").filter(|profile| !profile.is_empty())?;
    (nothing_read && is_yaml && bare == name)
        .then(|| format!("it is read with SPRING_PROFILES_ACTIVE={profile}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_right_are_noticed() {
        for name in [
            "application.yml.txt",
            "applicaton.yml",
            "Application.yml",
            "aplication.yaml",
            "application.yml.yml",
            "application",
            "application.json",
            "applications.yml",
        ] {
            assert!(meant_by(name, false).is_some(), "{name}");
        }
        for name in [
            "application.yml",
            "application.example.yml",
            "application.yml.bak",
            "docker-compose.yml",
            "application-dev.yml",
            "config.yml",
            "application.log",
            "README.md",
        ] {
            assert_eq!(meant_by(name, false), None, "{name}");
        }
        let profile = meant_by("application-dev.yml", true).unwrap();
        assert!(profile.ends_with("SPRING_PROFILES_ACTIVE=dev"), "{profile}");
    }
}
