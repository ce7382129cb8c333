//! What the document says that the suite was begun from, and what became of each claim of it: the
//! rules that hold it, where Lavalink 4.2.2 does otherwise, or why no rule can hold it.
//!
//! The document is no part of the repository. Its claims are told in other words in
//! `docs/coverage.toml`, section by section.

mod lint;
mod markdown;
mod read;

pub(crate) use lint::lint;

/// The file that has it all.
const FILE: &str = "docs/coverage.toml";

/// What became of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// Sections without sections of their own, in the order of the document.
    pub(crate) sections: Vec<Section>,
    /// Where the document and the real server differ.
    pub(crate) differences: Vec<Difference>,
}

/// A section of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its number, such as `1.7.5`; a part of the checklist is `6, players`.
    pub(crate) number: String,
    /// What it is about.
    pub(crate) title: String,
    /// How many claims of each kind it has in the document.
    counts: [usize; 3],
    /// What it says: claims, rows, boxes.
    pub(crate) entries: Vec<Entry>,
    /// Line in the file.
    line: usize,
}

/// Something that the document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// How it says it.
    pub(crate) kind: Kind,
    /// In the words of this project.
    pub(crate) says: String,
    /// Ids of the rules that hold it, or hold what the real server does instead.
    pub(crate) rules: Vec<String>,
    /// The name of a difference.
    pub(crate) differs: Option<String>,
    /// Why no rule can hold it, or not all of it.
    pub(crate) reason: Option<String>,
    line: usize,
}

/// How the document says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A sentence, an arrow of a diagram, a piece of code.
    Claim,
    /// A row of a table.
    Row,
    /// A box of the checklist.
    Box,
}

/// A place where the document and Lavalink 4.2.2 differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Names it in the file and in addresses: small letters and hyphens.
    pub(crate) name: String,
    /// What it is about.
    pub(crate) title: String,
    /// What the document says, in the words of this project.
    pub(crate) document: String,
    /// What the server does.
    pub(crate) server: String,
    /// Ids of the rules that hold that.
    pub(crate) rules: Vec<String>,
    /// Where it was seen: `docs/observed/players.md#noreplace`.
    pub(crate) observed: String,
    line: usize,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Claim, Self::Row, Self::Box];

    /// Its name in the file and for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Row => "row",
            Self::Box => "box",
        }
    }

    /// The key of how many there are.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Claim => "claims",
            Self::Row => "rows",
            Self::Box => "boxes",
        }
    }
}

impl Coverage {
    /// How many entries of a kind there are.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.entries().filter(|(_, entry)| entry.kind == kind).count()
    }

    /// Every entry with its section.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Section, &Entry)> {
        self.sections.iter().flat_map(|section| section.entries.iter().map(move |e| (section, e)))
    }

    /// A difference by its name.
    pub(crate) fn difference(&self, name: &str) -> Option<&Difference> {
        self.differences.iter().find(|difference| difference.name == name)
    }
}
