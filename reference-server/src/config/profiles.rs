//! Spring's profiles: which files and documents of a configuration are used.

use super::names;
use super::yaml::Document;

/// The profile that is active when none is named.
const DEFAULT: &str = "default";

/// The names in a list of profiles, `dev,test`.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// Those that are active: `default` if none is named.
pub(super) fn or_default(active: Vec<String>) -> Vec<String> {
    if active.is_empty() { vec![DEFAULT.to_owned()] } else { active }
}

/// Every profile with the members of its group right after it, each once.
pub(super) fn expanded(active: Vec<String>, members: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut waiting: Vec<_> = active.into_iter().rev().collect();
    let mut all: Vec<String> = Vec::new();
    while let Some(name) = waiting.pop() {
        if !all.contains(&name) {
            waiting.extend(members(&name).into_iter().rev());
            all.push(name);
        }
    }
    all
}

/// What keeps a document from being used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// It is for other profiles.
    Profile,
    /// It is for a cloud platform.
    Platform,
    /// Its condition cannot be understood.
    Malformed(String),
}

/// Whether a document is used with these profiles.
pub(super) fn accepts(document: &Document, active: &[String]) -> Result<(), Left> {
    if value(document, "spring.config.activate.onCloudPlatform").is_some() {
        return Err(Left::Platform);
    }
    // How Spring wrote it once, and what it refuses now.
    if document.iter().any(|pair| names::canonical(&pair.name) == "spring.profiles") {
        return Err(Left::Malformed("spring.profiles".to_owned()));
    }
    let mut conditions = values(document, "spring.config.activate.onProfile").peekable();
    if conditions.peek().is_none() {
        return Ok(());
    }
    for condition in
        conditions.flat_map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>())
    {
        match Condition::holds(&condition, active) {
            Some(true) => return Ok(()),
            Some(false) => {}
            None => return Err(Left::Malformed(condition)),
        }
    }
    Err(Left::Profile)
}

/// A key that names profiles, which only a document for all of them may have.
pub(super) fn names_profiles(document: &Document) -> Option<&'static str> {
    const KEYS: [&str; 3] =
        ["spring.profiles.active", "spring.profiles.include", "spring.profiles.default"];
    KEYS.into_iter().find(|key| value(document, key).is_some())
}

/// The text of a key of a document.
pub(super) fn value(document: &Document, key: &str) -> Option<String> {
    values(document, key).next()
}

/// The same, or the texts of its items.
fn values(document: &Document, key: &str) -> impl Iterator<Item = String> {
    let canonical = names::canonical(key);
    let texts = document.iter().filter(move |pair| {
        let name = names::canonical(&pair.name);
        let below = name.strip_prefix(&canonical);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    texts.filter_map(|pair| pair.value.text())
}

/// `a`, `!a`, `a & (b | c)`: `&` and `|` need parentheses between them.
struct Condition<'a> {
    rest: &'a str,
    active: &'a [String],
}

impl<'a> Condition<'a> {
    /// `None` if it is malformed.
    fn holds(text: &'a str, active: &'a [String]) -> Option<bool> {
        let mut condition = Condition { rest: text.trim(), active };
        let holds = condition.whole(0)?;
        condition.rest.is_empty().then_some(holds)
    }

    fn whole(&mut self, depth: usize) -> Option<bool> {
        let mut holds = self.one(depth)?;
        let mut joined = None;
        while let Some(operator) = self.rest.chars().next().filter(|c| matches!(c, '&' | '|')) {
            if joined.is_some_and(|other| other != operator) {
                return None;
            }
            joined = Some(operator);
            self.skip(1);
            let next = self.one(depth)?;
            holds = if operator == '&' { holds && next } else { holds || next };
        }
        Some(holds)
    }

    fn one(&mut self, depth: usize) -> Option<bool> {
        if depth > 32 {
            return None;
        }
        if self.rest.starts_with('!') {
            self.skip(1);
            return self.one(depth + 1).map(|holds| !holds);
        }
        if self.rest.starts_with('(') {
            self.skip(1);
            let holds = self.whole(depth + 1)?;
            if !self.rest.starts_with(')') {
                return None;
            }
            self.skip(1);
            return Some(holds);
        }
        let length = self.rest.find(['&', '|', '(', ')', '!']).unwrap_or(self.rest.len());
        let name = self.rest[..length].trim();
        self.skip(length);
        (!name.is_empty()).then(|| self.active.iter().any(|active| active == name))
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest[length..].trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::super::scalar::Value;
    use super::super::yaml::Pair;
    use super::*;

    #[test]
    fn conditions_are_names_joined_by_signs() {
        let active = ["a".to_owned(), "b".to_owned()];
        let holds = |text| Condition::holds(text, &active);
        for (text, expected) in [
            ("a", Some(true)),
            ("c", Some(false)),
            ("!c", Some(true)),
            ("a & b", Some(true)),
            ("a & !b", Some(false)),
            ("c | b", Some(true)),
            ("c & (a | b)", Some(false)),
            ("a & b | c", None),
            ("(a", None),
            ("", None),
        ] {
            assert_eq!(holds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_document_may_be_for_a_profile() {
        let document = |condition: &str| {
            let name = "spring.config.activate.on-profile".to_owned();
            vec![Pair { name, value: Value::Text(condition.into()), line: 1, shared: false }]
        };
        let none = or_default(listed(""));
        assert_eq!(accepts(&document("default"), &none), Ok(()));
        assert_eq!(accepts(&document("dev"), &none), Err(Left::Profile));
        assert_eq!(accepts(&document("dev,default"), &none), Ok(()));
        assert_eq!(accepts(&Document::new(), &none), Ok(()));
    }
}
