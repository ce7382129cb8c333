//! Which files a configuration is read from, as Spring looks for them.

use std::io;
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::profiles::{self, Left};
use super::properties::{List, Properties, Source};
use super::yaml::{self, Document};
use super::{encoding, overlooked};

/// What is read, where the most important place comes first, and what is said of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) sources: Vec<Source>,
    /// The files that were read, the most important one last.
    pub(super) files: Vec<PathBuf>,
    pub(super) notes: Vec<String>,
}

/// Looks for the files of a configuration.
pub(super) struct Search<'a> {
    /// Where relative paths begin.
    pub(super) directory: &'a Path,
    /// The one file to read, instead of those that are looked for.
    pub(super) file: Option<&'a Path>,
    /// Flags, JSON and environment, which may say where to look.
    pub(super) given: &'a Properties,
}

/// A text that was read, in its documents.
struct Read {
    path: PathBuf,
    documents: Vec<Document>,
}

/// A place to look in.
enum Location {
    File { path: PathBuf, optional: bool },
    Directory { path: PathBuf, optional: bool },
}

impl Search<'_> {
    /// Reads what is there.
    pub(super) fn read(&self) -> Result<Found, ConfigError> {
        let mut notes = Vec::new();
        let locations = self.locations(&mut notes)?;
        let mut files = Vec::new();
        for name in self.names() {
            files.extend(self.files(&locations, &name, None, &mut notes)?);
        }
        let active = self.active_profiles(&files);
        let of_no_profile = files.len();
        for profile in &active {
            for name in self.names() {
                files.extend(self.files(&locations, &name, Some(profile), &mut notes)?);
            }
        }
        for file in &files[of_no_profile..] {
            if let Some(key) = file.documents.iter().find_map(profiles::names_profiles) {
                return Err(ConfigError::ProfileOfProfile { path: file.path.clone(), key });
            }
        }
        let paths: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
        notes.extend(overlooked::hint(&searched(&locations), &paths));
        let mut sources = Vec::new();
        for file in files {
            for document in file.documents {
                match profiles::accepts(&document, &active) {
                    Ok(()) => {
                        notes.extend(not_followed(&file.path, &document));
                        sources.push(Source::of_document(Some(file.path.clone()), document));
                    }
                    Err(Left::Profile) => {}
                    Err(Left::Platform) => notes.push(format!(
                        "{}: a document for a cloud platform is left out",
                        file.path.display()
                    )),
                    Err(Left::Malformed(condition)) => {
                        return Err(ConfigError::Profile { path: file.path, condition });
                    }
                }
            }
        }
        sources.reverse();
        Ok(Found { sources, files: paths, notes })
    }

    fn given(&self, key: &str) -> Option<String> {
        let given = self.given.get(key).ok().flatten()?;
        given.value.text().filter(|text| !text.trim().is_empty())
    }

    fn names(&self) -> Vec<String> {
        let names = self.given("spring.config.name").filter(|_| self.file.is_none());
        names.map_or_else(|| vec!["application".to_owned()], |names| profiles::listed(&names))
    }

    fn locations(&self, notes: &mut Vec<String>) -> Result<Vec<Location>, ConfigError> {
        if let Some(path) = self.file {
            let path = self.directory.join(path);
            return Ok(vec![Location::File { path, optional: false }]);
        }
        let mut locations = Vec::new();
        match self.given("spring.config.location") {
            Some(given) => self.listed(&given, &mut locations, notes)?,
            None => {
                let config = self.directory.join("config");
                let mut below: Vec<_> = std::fs::read_dir(&config)
                    .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
                    .unwrap_or_default();
                below.retain(|path: &PathBuf| path.is_dir());
                below.sort();
                let all = [self.directory.to_owned(), config].into_iter().chain(below);
                locations.extend(all.map(|path| Location::Directory { path, optional: true }));
            }
        }
        if let Some(given) = self.given("spring.config.additionalLocation") {
            self.listed(&given, &mut locations, notes)?;
        }
        if self.given("spring.config.import").is_some() {
            notes.push("spring.config.import: not followed here".to_owned());
        }
        Ok(locations)
    }

    /// Reads a list of locations: files that end in `.yml` or `.yaml`, directories that end in `/`.
    fn listed(
        &self,
        given: &str,
        locations: &mut Vec<Location>,
        notes: &mut Vec<String>,
    ) -> Result<(), ConfigError> {
        for location in given.split([',', ';']).map(str::trim).filter(|one| !one.is_empty()) {
            let (optional, rest) = match location.strip_prefix("optional:") {
                Some(rest) => (true, rest),
                None => (false, location),
            };
            // What lies on the real server's class path is in this program.
            if rest.starts_with("classpath:") {
                continue;
            }
            let path = rest.strip_prefix("file:").unwrap_or(rest);
            let is_windows_drive = path.find(':') == Some(1);
            if path.contains(':') && !is_windows_drive {
                notes.push(format!("{location}: not followed here; give a file"));
                continue;
            }
            let path = path.strip_prefix("//").unwrap_or(path);
            let (path, hint) = match path.strip_suffix(']').and_then(|path| path.rsplit_once('[')) {
                Some((path, hint)) => (path, hint),
                None => (path, path),
            };
            let full = self.directory.join(path);
            if path.ends_with('/') {
                locations.push(Location::Directory { path: full, optional });
            } else if hint.ends_with(".yml") || hint.ends_with(".yaml") {
                locations.push(Location::File { path: full, optional });
            } else {
                return Err(ConfigError::Location(location.to_owned()));
            }
        }
        Ok(())
    }

    fn files(
        &self,
        locations: &[Location],
        name: &str,
        profile: Option<&str>,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Read>, ConfigError> {
        let mut files = Vec::new();
        let suffix = profile.map(|profile| format!("-{profile}")).unwrap_or_default();
        for location in locations {
            match location {
                Location::File { path, optional } if profile.is_none() => match read(path)? {
                    Some(file) => files.push(file),
                    None if *optional => {}
                    None => return Err(ConfigError::Missing(path.clone())),
                },
                Location::File { path, .. } => {
                    let extension = path.extension().unwrap_or_default().to_string_lossy();
                    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                    let beside = path.with_file_name(format!("{stem}{suffix}.{extension}"));
                    files.extend(read(&beside)?);
                }
                Location::Directory { path, optional } => {
                    if !path.is_dir() && !optional && profile.is_none() {
                        return Err(ConfigError::Missing(path.clone()));
                    }
                    for extension in ["yaml", "yml"] {
                        files.extend(read(&path.join(format!("{name}{suffix}.{extension}")))?);
                    }
                    let properties = path.join(format!("{name}{suffix}.properties"));
                    if properties.is_file() {
                        let shown = properties.display();
                        notes.push(format!("{shown}: not read here; give an application.yml"));
                    }
                }
            }
        }
        Ok(files)
    }

    /// What flags, JSON and environment name wins over what the files name. Those that are included
    /// come before them, and a group's members right after its name.
    fn active_profiles(&self, files: &[Read]) -> Vec<String> {
        let documents = files.iter().rev().flat_map(|file| file.documents.iter().rev());
        let of_files = documents
            .filter(|document| profiles::accepts(document, &[]).is_ok())
            .map(|document| Source::of_document(None, document.clone()));
        let of_files = Properties::new(of_files.collect());
        let both = [self.given, &of_files];
        let first = |key: &str| both.iter().map(|given| listed(given, key)).find(|l| !l.is_empty());
        let included = both.iter().rev().flat_map(|given| listed(given, "spring.profiles.include"));
        let mut named: Vec<_> = included.collect();
        named.extend(first("spring.profiles.active").unwrap_or_default());
        if named.is_empty() {
            named = profiles::or_default(first("spring.profiles.default").unwrap_or_default());
        }
        profiles::expanded(named, |name| {
            first(&format!("spring.profiles.group[{name}]")).unwrap_or_default()
        })
    }
}

/// The names in a list of profiles.
fn listed(given: &Properties, key: &str) -> Vec<String> {
    let texts = match given.list(key) {
        Ok(Some(List::Whole(one))) => vec![one],
        Ok(Some(List::Items(items))) => items,
        _ => Vec::new(),
    };
    let texts = texts.into_iter().filter_map(|given| given.value.text());
    texts.flat_map(|text| profiles::listed(&text)).collect()
}

/// The directories that files are looked for in.
fn searched(locations: &[Location]) -> Vec<&Path> {
    let directories = locations.iter().filter_map(|location| match location {
        Location::Directory { path, .. } => Some(path.as_path()),
        Location::File { .. } => None,
    });
    directories.collect()
}

/// `None` if there is no such file.
fn read(path: &Path) -> Result<Option<Read>, ConfigError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(ConfigError::Read { path: path.to_owned(), source }),
    };
    let text = encoding::text(&bytes)
        .map_err(|error| ConfigError::Encoding { path: path.to_owned(), error })?;
    match yaml::documents(&text) {
        Ok(documents) => Ok(Some(Read { path: path.to_owned(), documents })),
        Err(error) => Err(ConfigError::Syntax { path: Some(path.to_owned()), error }),
    }
}

/// What a file asks for beyond itself.
fn not_followed(path: &Path, document: &Document) -> Option<String> {
    profiles::value(document, "spring.config.import")
        .map(|_| format!("{}: spring.config.import is not followed here", path.display()))
}
