//! TOML files that people write: every error names the file, the line and what to do.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fs, io};

use toml_edit::{Date, Document, Item, TableLike};

use crate::nearest::{did_you_mean, nearest};

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TomlError {
    /// It cannot be read, or is no text.
    #[error("failed to read {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("{}:{place}: {message}", .path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Where in it.
        place: Place,
        /// What is wrong, and what would be right.
        message: String,
    },
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A file that is TOML.
pub(crate) struct TomlFile {
    path: PathBuf,
    document: Document<String>,
}

/// A table of a file, whose keys are all known.
pub(crate) struct Keys<'a> {
    file: &'a TomlFile,
    table: &'a dyn TableLike,
    /// The table itself.
    pub(crate) place: Place,
}

impl TomlFile {
    pub(crate) fn read(path: &Path) -> Result<Self, TomlError> {
        let text = fs::read_to_string(path)
            .map_err(|source| TomlError::Read { path: path.to_owned(), source })?;
        Self::parse(path, text)
    }

    /// A text that has been read already; the path is for errors.
    pub(crate) fn parse(path: &Path, text: String) -> Result<Self, TomlError> {
        match Document::parse(text.clone()) {
            Ok(document) => Ok(Self { path: path.to_owned(), document }),
            Err(error) => Err(TomlError::Wrong {
                path: path.to_owned(),
                place: place(&text, error.span()),
                message: format!("not TOML: {}", error.message().trim().replace('\n', ", ")),
            }),
        }
    }

    /// The table that is the file, with the keys that may be in it.
    pub(crate) fn root(&self, known: &[&str]) -> Result<Keys<'_>, TomlError> {
        self.keys(self.document.as_table(), Place { line: 1, column: 1 }, known)
    }

    /// The document, to be changed.
    pub(crate) fn into_document(self) -> toml_edit::DocumentMut {
        self.document.into_mut()
    }

    fn keys<'a>(
        &'a self,
        table: &'a dyn TableLike,
        place: Place,
        known: &[&str],
    ) -> Result<Keys<'a>, TomlError> {
        if let Some((name, _)) = table.iter().find(|(name, _)| !known.contains(name)) {
            let at = table.key(name).and_then(toml_edit::Key::span);
            let hint = match nearest(name, known.iter().copied()) {
                Some(nearest) => did_you_mean(Some(nearest)),
                None => format!("; there are {}", known.join(", ")),
            };
            let message = format!("unknown key {name:?}{hint}");
            return Err(self.wrong(self.place(at), message));
        }
        Ok(Keys { file: self, table, place })
    }

    pub(crate) fn wrong(&self, place: Place, message: String) -> TomlError {
        TomlError::Wrong { path: self.path.clone(), place, message }
    }

    fn place(&self, span: Option<Range<usize>>) -> Place {
        place(self.document.raw(), span)
    }
}

impl<'a> Keys<'a> {
    /// A text that says something.
    pub(crate) fn text(&self, key: &str) -> Result<Option<&'a str>, TomlError> {
        self.get(key, "a text in quotes that is not empty", |item| {
            item.as_str().filter(|text| !text.trim().is_empty())
        })
    }

    /// Texts with their places.
    pub(crate) fn texts(&self, key: &str) -> Result<Option<Vec<(String, Place)>>, TomlError> {
        self.get(key, "a list of texts, such as [\"a\", \"b\"]", |item| {
            let texts = item.as_array()?.iter().map(|value| {
                let text = value.as_str().filter(|text| !text.trim().is_empty())?;
                Some((text.to_owned(), self.file.place(value.span())))
            });
            texts.collect()
        })
    }

    /// A number greater than 0, with or without a fraction.
    pub(crate) fn positive(&self, key: &str) -> Result<Option<f64>, TomlError> {
        self.get(key, "a number greater than 0", |item| {
            // No precision is lost with numbers that anybody would write.
            let number = item.as_float().or(item.as_integer().map(|number| number as f64))?;
            Some(number).filter(|number| number.is_finite() && *number > 0.0)
        })
    }

    /// How many, 0 without.
    pub(crate) fn count(&self, key: &str) -> Result<usize, TomlError> {
        let count = self.get(key, "a whole number, 0 or more", |item| {
            item.as_integer().and_then(|number| usize::try_from(number).ok())
        });
        Ok(count?.unwrap_or_default())
    }

    /// A date without a time.
    pub(crate) fn date(&self, key: &str) -> Result<Option<Date>, TomlError> {
        self.get(key, "a date without quotes, such as 2027-01-31", |item| {
            let moment = item.as_datetime().filter(|moment| moment.time.is_none())?;
            moment.date
        })
    }

    /// A table of texts, in the order of the file.
    pub(crate) fn table_of_texts(&self, key: &str) -> Result<Vec<(String, String)>, TomlError> {
        let table = self.get(key, "a table of texts", Item::as_table_like)?;
        let Some(table) = table else { return Ok(Vec::new()) };
        let texts = table.iter().map(|(name, item)| {
            let wrong = || {
                let message = format!("{key}.{name} has to be a text in quotes");
                self.file.wrong(self.file.place(item.span()), message)
            };
            Ok((name.to_owned(), item.as_str().ok_or_else(wrong)?.to_owned()))
        });
        texts.collect()
    }

    /// Tables that are written as `[[key]]`, with the keys that may be in them.
    pub(crate) fn tables(&self, key: &str, known: &[&str]) -> Result<Vec<Keys<'a>>, TomlError> {
        let form = format!("written as [[{key}]]");
        let tables = self.get(key, &form, Item::as_array_of_tables)?;
        let tables = tables.into_iter().flatten();
        tables.map(|table| self.file.keys(table, self.file.place(table.span()), known)).collect()
    }

    /// A table that is written as `[key]`, with the keys that may be in it.
    pub(crate) fn table(&self, key: &str, known: &[&str]) -> Result<Option<Keys<'a>>, TomlError> {
        let table = self.get(key, &format!("written as [{key}]"), Item::as_table)?;
        table.map(|table| self.file.keys(table, self.place_of(key), known)).transpose()
    }

    /// What has to be there.
    pub(crate) fn required<T>(&self, key: &str, value: Option<T>) -> Result<T, TomlError> {
        value.ok_or_else(|| self.file.wrong(self.place, format!("{key} is missing")))
    }

    /// The value of a key is wrong, and why.
    pub(crate) fn wrong(&self, key: &str, message: String) -> TomlError {
        self.file.wrong(self.place_of(key), message)
    }

    /// Something at that place is wrong, and why.
    pub(crate) fn wrong_at(&self, place: Place, message: String) -> TomlError {
        self.file.wrong(place, message)
    }

    /// Where the value of a key is; where the table is, if it has none.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        let span = self.table.get(key).and_then(Item::span);
        span.map_or(self.place, |span| self.file.place(Some(span)))
    }

    fn get<T>(
        &self,
        key: &str,
        form: &str,
        read: impl FnOnce(&'a Item) -> Option<T>,
    ) -> Result<Option<T>, TomlError> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        // The value is not shown: it may be a password.
        let wrong = || self.wrong(key, format!("{key} has to be {form}"));
        read(item).map(Some).ok_or_else(wrong)
    }
}

fn place(text: &str, span: Option<Range<usize>>) -> Place {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line_begins = before.rfind('\n').map_or(0, |at| at + 1);
    Place {
        line: before.matches('\n').count() + 1,
        column: before[line_begins..].chars().count() + 1,
    }
}
