//! What a sentence says besides its words, with the variables filled in.

use regex::Regex;
use serde_json::Value;

use crate::failure::Failure;
use crate::json;
use crate::spec::Step;
use crate::world::World;

/// Captures, docstring and table of one step.
#[derive(Debug)]
pub(super) struct Args {
    captures: Vec<String>,
    docstring: Option<String>,
    /// Rows without the heading.
    rows: Vec<Vec<String>>,
}

impl Args {
    pub(super) fn of(world: &mut World, sentence: &Regex, step: &Step) -> Result<Self, Failure> {
        let parts = sentence.captures(&step.text);
        let parts = parts.iter().flat_map(|parts| parts.iter().skip(1));
        let parts = parts.map(|part| part.map_or("", |part| part.as_str()));
        let mut fill = |text: &str| world.fill(text);
        let captures = parts.map(&mut fill).collect::<Result<_, _>>()?;
        let docstring = step.docstring.as_deref().map(str::trim).map(&mut fill).transpose()?;
        let rows = step.rows.iter().skip(1);
        let rows = rows.map(|row| row.iter().map(|cell| fill(cell)).collect::<Result<_, _>>());
        let rows = rows.collect::<Result<_, _>>()?;
        Ok(Self { captures, docstring, rows })
    }

    /// A capture that is always there.
    pub(super) fn text(&self, index: usize) -> Result<&str, Failure> {
        let capture = self.captures.get(index).map(String::as_str);
        capture.ok_or_else(|| Failure::harness(format!("the sentence has no part {index}")))
    }

    /// A capture that may be left out.
    pub(super) fn optional(&self, index: usize) -> Option<&str> {
        self.captures.get(index).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// The client's name; "A" when the sentence says `the client`.
    pub(super) fn client(&self, index: usize) -> String {
        self.optional(index).unwrap_or("A").to_owned()
    }

    pub(super) fn number<T: std::str::FromStr>(&self, index: usize) -> Result<T, Failure> {
        let text = self.text(index)?;
        text.parse().map_err(|_| Failure::harness(format!("not a number here: {text}")))
    }

    /// A regular expression that has to match the whole.
    pub(super) fn pattern(&self, index: usize) -> Result<regex::Regex, Failure> {
        let pattern = self.text(index)?;
        regex::Regex::new(&format!("^(?:{pattern})$"))
            .map_err(|error| Failure::harness(format!("not a pattern: {error}")))
    }

    /// The rest of the line, or else the docstring.
    pub(super) fn content(&self, index: usize) -> Result<&str, Failure> {
        let content = self.optional(index).or(self.docstring.as_deref());
        content.ok_or_else(|| Failure::harness("the sentence needs a docstring"))
    }

    /// [`Self::content`] as JSON.
    pub(super) fn json(&self, index: usize) -> Result<Value, Failure> {
        json::expected(self.content(index)?)
    }

    /// Like [`Self::json`], when there is one.
    pub(super) fn optional_json(&self, index: usize) -> Result<Option<Value>, Failure> {
        let content = self.optional(index).or(self.docstring.as_deref());
        content.map(json::expected).transpose()
    }

    /// The table's rows of two cells.
    pub(super) fn pairs(&self) -> Result<Vec<(String, String)>, Failure> {
        let pair = |row: &Vec<String>| match row.as_slice() {
            [first, second] => Ok((first.clone(), second.clone())),
            _ => Err(Failure::harness("the sentence needs a table of two columns")),
        };
        if self.rows.is_empty() {
            return Err(Failure::harness("the sentence needs a table with rows"));
        }
        self.rows.iter().map(pair).collect()
    }
}
