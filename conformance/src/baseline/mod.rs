//! Failures that are known, so that a run tells of new ones only.

mod edit;
mod judge;
mod standing;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

pub use edit::{Changes, Dropped};
pub use judge::{Expired, Judged, Unmatched, today};
use serde::{Deserialize, Serialize};
pub use toml_edit::Date;

use crate::report::{Grounds, ScenarioResult, same_fingerprint};
use crate::toml_file::{Keys, TomlError, TomlFile};

/// Known failures, as their file has them.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    known: Vec<Known>,
}

/// A failure that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// A rule (`LL-PLAYER-021`), a scenario (`LL-PLAYER-021.a`), or a row of an outline
    /// (`LL-PLAYER-021.a[1001]`). Of an entry about a cause, whatever the rules, it is what the
    /// failures have in common: endpoint, message and first difference.
    pub id: String,
    /// Why it fails.
    pub reason: String,
    /// Where it is worked on.
    pub issue: Option<String>,
    /// The last day on which it excuses anything.
    #[serde(with = "day")]
    pub until: Option<Date>,
}

/// Why a baseline cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file that is there cannot be used.
    #[error("{} is left as it is, as it is no baseline; give another file, or fix it", .path.display())]
    NoBaseline {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: TomlError,
    },
    /// The file cannot be written.
    #[error("failed to write {}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// It is not there, is no TOML, has a key that does not exist, an entry without a reason, an
    /// id that can be none, or one that stands twice.
    pub fn read(path: &Path) -> Result<Self, TomlError> {
        Self::of(&TomlFile::read(path)?)
    }

    /// Of what is known.
    pub fn of_known(known: Vec<Known>) -> Self {
        Self { known }
    }

    /// What is known, in the order of the file.
    pub fn known(&self) -> &[Known] {
        &self.known
    }

    fn of(file: &TomlFile) -> Result<Self, TomlError> {
        let tables =
            file.root(&["known"])?.tables("known", &["id", "cause", "reason", "issue", "until"])?;
        let mut lines = BTreeMap::new();
        let known = tables.iter().map(|table| {
            let known = Known::of(table)?;
            if let Some(first) = lines.insert(known.id.clone(), table.place.line) {
                let message = format!("{} is there twice; the first is at line {first}", known.id);
                let key = if known.is_cause() { "cause" } else { "id" };
                return Err(table.wrong(key, message));
            }
            Ok(known)
        });
        Ok(Self { known: known.collect::<Result<_, _>>()? })
    }
}

impl Known {
    fn of(table: &Keys<'_>) -> Result<Self, TomlError> {
        let (id, cause) = (table.text("id")?, table.text("cause")?);
        if id.is_some() && cause.is_some() {
            let message = "id and cause are two ways to say what it is about; keep one";
            return Err(table.wrong("cause", message.into()));
        }
        if let Some(cause) = cause.filter(|cause| is_id(cause)) {
            return Err(table.wrong("cause", format!("{cause:?} is an id; write it as id")));
        }
        let id = table.required("id", id.or(cause))?;
        if cause.is_none() && !is_id(id) {
            let message = format!(
                "{id:?} is no id; give one such as LL-PLAYER-021, LL-PLAYER-021.a or \
                 LL-PLAYER-021.a[1001]"
            );
            return Err(table.wrong("id", message));
        }
        Ok(Self {
            // Whatever numbers stand in it.
            id: if cause.is_some() { same_fingerprint(id) } else { id.to_owned() },
            reason: table.required("reason", table.text("reason")?)?.to_owned(),
            issue: table.text("issue")?.map(str::to_owned),
            until: table.date("until")?,
        })
    }

    /// One without an issue and without an end.
    fn new(id: &str, reason: &str) -> Self {
        Self { id: id.to_owned(), reason: reason.to_owned(), issue: None, until: None }
    }

    /// Whether it is about whatever fails like this, not about a rule.
    pub fn is_cause(&self) -> bool {
        !is_id(&self.id)
    }

    /// Whether it is about a scenario.
    pub(crate) fn covers(&self, scenario: &ScenarioResult, grounds: &Grounds<'_>) -> bool {
        if self.is_cause() {
            return grounds.fingerprint(&scenario.id) == Some(&self.id);
        }
        [scenario.rule.as_str(), outline(&scenario.id), &scenario.id].contains(&self.id.as_str())
    }
}

/// A day in reports: `2027-01-31`.
mod day {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
    use toml_edit::{Date, Datetime};

    pub(super) fn serialize<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(to)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Option<Date>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
        let day = text.parse::<Datetime>().ok().and_then(|moment| moment.date);
        day.map(Some).ok_or_else(|| D::Error::custom(format!("{text:?} is no day")))
    }
}

/// The id without the key of a row.
fn outline(id: &str) -> &str {
    id.split('[').next().unwrap_or(id)
}

/// `LL-<AREA>-<NNN>`, then perhaps a letter, then perhaps the key of a row.
fn is_id(id: &str) -> bool {
    let all = |text: &str, is: fn(&char) -> bool| {
        !text.is_empty() && text.chars().all(|character| is(&character))
    };
    let (rule, scenario) = match id.split_once('.') {
        Some((rule, scenario)) => (rule, Some(scenario)),
        None => (id, None),
    };
    let area_and_number = rule.strip_prefix("LL-").and_then(|rest| rest.rsplit_once('-'));
    let is_rule = area_and_number.is_some_and(|(area, number)| {
        all(area, char::is_ascii_uppercase)
            && number.len() >= 3
            && all(number, char::is_ascii_digit)
    });
    let is_scenario = scenario.is_none_or(|scenario| match scenario.split_once('[') {
        Some((letter, key)) => {
            all(letter, char::is_ascii_lowercase) && key.len() > 1 && key.ends_with(']')
        }
        None => all(scenario, char::is_ascii_lowercase),
    });
    is_rule && is_scenario
}

#[cfg(test)]
pub(super) mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::report::{Outcome, Run};
    use crate::spec::Level;
    use crate::verdict::Status;

    /// A run with these scenarios; those that failed say so with their id.
    pub(in crate::baseline) fn run(scenarios: &[(&str, Status)]) -> Run {
        let scenarios = scenarios.iter().map(|(id, status)| {
            let ran = matches!(status, Status::Passed | Status::Failed | Status::Error);
            let outcome = Outcome {
                status: *status,
                message: (*status != Status::Passed).then(|| format!("{id}\n  is wrong")),
                ..Outcome::passed()
            };
            ScenarioResult {
                id: (*id).to_owned(),
                title: String::new(),
                rule: id.split('.').next().unwrap().to_owned(),
                rule_title: String::new(),
                level: Level::Must,
                area: String::new(),
                place: String::new(),
                status: *status,
                reason: None,
                blocked_by: None,
                known: None,
                attempts: if ran { vec![outcome] } else { Vec::new() },
                starved: Vec::new(),
                crowded: Vec::new(),
            }
        });
        Run { scenarios: scenarios.collect(), ..Run::default() }
    }

    /// A baseline in a folder of its own.
    pub(in crate::baseline) fn file(text: &str) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    pub(in crate::baseline) fn entry(id: &str) -> String {
        format!("[[known]]\nid = {id:?}\nreason = \"because\"\n")
    }

    fn error(text: &str) -> String {
        let (_folder, path) = file(text);
        let message = Baseline::read(&path).unwrap_err().to_string();
        message.rsplit_once("b.toml:").unwrap().1.to_owned()
    }

    #[test]
    fn entries_are_read_in_the_order_of_the_file() {
        let (_folder, path) = file(
            "# mine\n[[known]]\nid = \"LL-PLAYER-021.a[1001]\"\nreason = \"not yet\"\n\
             issue = \"https://x/1\"\nuntil = 2027-01-31\n[[known]]\nid = \"LL-HTTP-001\"\nreason = \"r\"\n",
        );
        let baseline = Baseline::read(&path).unwrap();
        let first = Known {
            id: "LL-PLAYER-021.a[1001]".into(),
            reason: "not yet".into(),
            issue: Some("https://x/1".into()),
            until: Some(Date { year: 2027, month: 1, day: 31 }),
        };
        let second =
            Known { id: "LL-HTTP-001".into(), reason: "r".into(), issue: None, until: None };
        assert_eq!(baseline.known(), [first, second]);
        let nowhere = Baseline::read(Path::new("/no/b.toml")).unwrap_err();
        assert_eq!(nowhere.to_string(), "failed to read /no/b.toml");
        let (_folder, path) = file("# nothing is known\n");
        assert!(Baseline::read(&path).unwrap().known().is_empty());
    }

    #[test]
    fn errors_name_the_place_and_what_to_do() {
        let cases = [
            ("[[knwon]]\n", "1:3: unknown key \"knwon\"; did you mean \"known\"?"),
            ("known = 1", "1:9: known has to be written as [[known]]"),
            ("[[known]]\nid = \"LL-HTTP-001\"\n", "1:1: reason is missing"),
            ("\n[[known]]\nreason = \"r\"\n", "2:1: id is missing"),
            (
                "[[known]]\nid = \"LL-A-001\"\ncause = \"x\"\nreason = \"r\"",
                "3:9: id and cause are two ways",
            ),
            ("[[known]]\ncause = \"LL-A-001\"\nreason = \"r\"", "2:9: \"LL-A-001\" is an id"),
            ("[[known]]\nid = \"LL-HTTP-001\"\nreason = \" \"", "3:10: reason has to be a text"),
            (
                "[[known]]\nid = \"LL-HTTP-001\"\nraeson = \"\"",
                "3:1: unknown key \"raeson\"; did you",
            ),
            (
                "[[known]]\nid = \"HTTP-001\"\nreason = \"r\"",
                "2:6: \"HTTP-001\" is no id; give one",
            ),
            ("[[known]]\nid = 1\nreason = \"r\"", "2:6: id has to be a text"),
            (
                "[[known]]\nid = \"LL-A-001\"\nreason = \"r\"\nuntil = \"2027-01-31\"",
                "4:9: until has to be a date without quotes",
            ),
            (
                "[[known]]\nid = \"LL-A-001\"\nreason = \"r\"\nuntil = 2027-01-31T10:00:00Z",
                "4:9: until has to be a date",
            ),
            ("[[known]]\nid = \"LL-A-001\"\nreason = \"r\"\nuntil = 2027-02-31", "4:"),
        ];
        for (text, expected) in cases {
            let message = error(text);
            assert!(message.starts_with(expected), "{text:?}\n{message}\n{expected}");
        }
        let twice =
            error(&(entry("LL-HTTP-001") + &entry("LL-HTTP-001.a") + &entry("LL-HTTP-001")));
        assert_eq!(twice, "8:6: LL-HTTP-001 is there twice; the first is at line 1");
    }

    #[test]
    fn ids_have_one_form() {
        for id in
            ["LL-HTTP-001", "LL-A-1234.b", "LL-A-001.ab", "LL-A-001.a[x.y[1]]", "LL-A-001.a[ü]"]
        {
            assert!(is_id(id), "{id}");
        }
        for id in [
            "",
            "LL",
            "LL-HTTP",
            "LL-HTTP-01",
            "LL-http-001",
            "LL-HTTP-001.",
            "LL-HTTP-001.A",
            "LL-HTTP-001[x]",
            "LL-HTTP-001.a[x",
            "LL-HTTP-001.a[]",
            "@LL-HTTP-001",
            "LL--001",
            "LL-HTTP-001.a ",
            "LL-HTTP-00a",
        ] {
            assert!(!is_id(id), "{id}");
        }
    }
}
