//! From `docs/coverage.toml`.

use std::path::Path;

use super::{Coverage, Difference, Entry, FILE, Kind, Section};
use crate::assets;
use crate::toml_file::{Keys, TomlError, TomlFile};

impl Coverage {
    /// That of the file which is part of the program.
    ///
    /// # Errors
    /// The file is not as it has to be.
    pub(crate) fn embedded() -> Result<Self, TomlError> {
        Self::parse(assets::COVERAGE)
    }

    /// From the text of the file.
    pub(super) fn parse(text: &str) -> Result<Self, TomlError> {
        let file = TomlFile::parse(Path::new(FILE), text.to_owned())?;
        let root = file.root(&["section", "difference"])?;
        let known = ["number", "title", "claims", "rows", "boxes", "claim", "row", "box"];
        let sections = root.tables("section", &known)?;
        let known = ["name", "title", "document", "server", "rules", "observed"];
        let differences = root.tables("difference", &known)?;
        Ok(Self {
            sections: sections.iter().map(section).collect::<Result<_, _>>()?,
            differences: differences.iter().map(difference).collect::<Result<_, _>>()?,
        })
    }
}

fn section(keys: &Keys<'_>) -> Result<Section, TomlError> {
    let mut entries = Vec::new();
    let mut counts = [0; 3];
    for (kind, count) in Kind::ALL.into_iter().zip(&mut counts) {
        *count = keys.count(kind.plural())?;
        for table in keys.tables(kind.name(), &["says", "rules", "differs", "reason"])? {
            entries.push(Entry {
                kind,
                says: required(&table, "says")?,
                rules: rules(&table)?,
                differs: table.text("differs")?.map(str::to_owned),
                reason: table.text("reason")?.map(str::to_owned),
                line: table.place.line,
            });
        }
    }
    Ok(Section {
        number: required(keys, "number")?,
        title: required(keys, "title")?,
        counts,
        entries,
        line: keys.place.line,
    })
}

fn difference(keys: &Keys<'_>) -> Result<Difference, TomlError> {
    Ok(Difference {
        name: required(keys, "name")?,
        title: required(keys, "title")?,
        document: required(keys, "document")?,
        server: required(keys, "server")?,
        rules: rules(keys)?,
        observed: required(keys, "observed")?,
        line: keys.place.line,
    })
}

fn required(keys: &Keys<'_>, key: &str) -> Result<String, TomlError> {
    keys.required(key, keys.text(key)?).map(str::to_owned)
}

fn rules(keys: &Keys<'_>) -> Result<Vec<String>, TomlError> {
    let rules = keys.texts("rules")?.unwrap_or_default();
    Ok(rules.into_iter().map(|(rule, _)| rule).collect())
}
