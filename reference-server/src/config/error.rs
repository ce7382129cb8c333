//! Why a configuration cannot be used.

use std::fmt;
use std::io;
use std::path::PathBuf;

pub use super::encoding::EncodingError;
pub use super::yaml::SyntaxError;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("failed to read the file {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or directory that was named is not there.
    #[error("there is no {}", std::path::absolute(.0).unwrap_or_else(|_| .0.clone()).display())]
    Missing(PathBuf),
    /// A text is no YAML, or not what SnakeYAML takes.
    #[error("{}not valid YAML: {error}", named(.path))]
    Syntax {
        /// The file, if it is one.
        path: Option<PathBuf>,
        /// What and where.
        error: SyntaxError,
    },
    /// A file is neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("{}: {error}", .path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// What and where.
        error: EncodingError,
    },
    /// `SPRING_APPLICATION_JSON` holds no JSON object.
    #[error("SPRING_APPLICATION_JSON is no JSON object")]
    Json,
    /// A location that is neither a file of YAML nor a directory.
    #[error(
        "{0} is no place for a configuration; give a file that ends in .yml or a directory that ends in /"
    )]
    Location(String),
    /// A condition for profiles that cannot be understood.
    #[error("{}: the condition {condition:?} for profiles is malformed", .path.display())]
    Profile {
        /// The file.
        path: PathBuf,
        /// As it is written.
        condition: String,
    },
    /// A file of a profile names others.
    #[error("{}: {key} cannot stand in a file of a profile", .path.display())]
    ProfileOfProfile {
        /// The file.
        path: PathBuf,
        /// The key.
        key: &'static str,
    },
    /// Values that are not allowed, all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Values(Vec<WrongValue>),
}

fn named(path: &Option<PathBuf>) -> String {
    path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default()
}

/// A value that is not allowed for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongValue {
    /// Its dotted key.
    pub key: String,
    /// The value; hidden if it is a secret.
    pub value: String,
    /// What would be allowed.
    pub allowed: String,
    /// Where it stands: a file, an environment variable, a flag.
    pub origin: String,
}

impl fmt::Display for WrongValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is not allowed; give {}", self.key, self.value, self.allowed)?;
        match self.origin.as_str() {
            "" => Ok(()),
            origin => write!(f, " (it stands in {origin})"),
        }
    }
}
