//! Whether what a rule names as its sources can be looked up.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::lint::Problem;
use super::{Rule, Source, headings};
use crate::assets;
use crate::nearest::nearest;

/// What a citation has to look like, as messages say it.
const FORMS: &str = "docs/observed/PAGE.md#heading, fixtures/…, document §N, RFC N §N, \
                     Lavalink docs, FILE.md \"Heading\", or https://…";

/// Publications that are cited as `NAME, PAGE "Heading"`.
const PUBLICATIONS: [&str; 5] =
    ["Lavalink docs", "Lavalink protocol", "Discord docs", "Prometheus docs", "Java docs"];

/// How many sections each section of the document has. It is not part of this repository.
const SECTIONS: [(&str, u32); 7] =
    [("", 6), ("1", 7), ("1.7", 7), ("2", 8), ("3", 10), ("4", 8), ("5", 12)];

/// Every section of the document that has no sections of its own, in its order: `1.7.5`.
pub(crate) fn sections() -> Vec<String> {
    fn below(section: &str, found: &mut Vec<String>) {
        let Some((_, count)) = SECTIONS.iter().find(|(known, _)| *known == section) else {
            return found.push(section.to_owned());
        };
        let dot = if section.is_empty() { "" } else { "." };
        (1..=*count).for_each(|number| below(&format!("{section}{dot}{number}"), found));
    }
    let mut found = Vec::new();
    below("", &mut found);
    found
}

/// Whether a citation can be looked up in what is embedded.
///
/// # Errors
/// It cannot, and why.
pub(crate) fn look_up(citation: &str) -> Result<(), String> {
    Library { root: None }.look_up(citation)
}

/// Follows every citation of a rule.
pub(super) fn check(rule: &Rule, source: &Source, problems: &mut Vec<Problem>) {
    let line = source.line_of(&rule.file, rule.line, |line| line.starts_with("Sources:"));
    let Some(sources) = rule.sources().filter(|sources| !sources.is_empty()) else {
        let message = format!("{} has no line \"Sources: …\" in its description", rule.id);
        problems.push(Problem::new(&rule.file, line.unwrap_or(rule.line), message));
        return;
    };
    let mut problem = |message: String| {
        let message = format!("{}: {message}", rule.id);
        problems.push(Problem::new(&rule.file, line.unwrap_or(rule.line), message));
    };
    let last = rule.description.lines().rfind(|line| !line.trim().is_empty());
    if last.is_some_and(|line| !line.trim().starts_with("Sources:")) {
        problem("Sources is not the last line of the description, and has to be one line".into());
    }
    let library = Library { root: source.root() };
    let mut seen = BTreeSet::new();
    for citation in sources.split(';').map(str::trim) {
        if !seen.insert(citation) {
            problem(format!("cites {citation:?} twice"));
        } else if let Err(message) = library.look_up(citation) {
            problem(message);
        }
    }
}

/// What can be looked up: files below the root of a folder of features, and what was embedded.
struct Library<'a> {
    root: Option<&'a Path>,
}

impl Library<'_> {
    fn look_up(&self, citation: &str) -> Result<(), String> {
        if let Some(sections) = citation.strip_prefix("document ") {
            return sections.split(',').map(str::trim).try_for_each(document_section);
        }
        if let Some(rest) = citation.strip_prefix("RFC ") {
            return rfc(rest).ok_or_else(|| format!("{citation:?} is not RFC NUMBER §SECTION"));
        }
        for publication in PUBLICATIONS {
            if let Some(rest) = citation.strip_prefix(publication) {
                let message = || format!("{citation:?} is not {publication}, PAGE \"Heading\"");
                return page(rest).ok_or_else(message);
            }
        }
        if citation.starts_with("https://") && !citation.contains(char::is_whitespace) {
            return Ok(());
        }
        if !citation.contains('/') || citation.contains(char::is_whitespace) {
            return Err(format!("{citation:?} cannot be looked up; a source is {FORMS}"));
        }
        self.file(citation)
    }

    fn file(&self, citation: &str) -> Result<(), String> {
        let (path, anchor) = match citation.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (citation, None),
        };
        let Some(anchors) = self.anchors(path) else {
            let every = every_citation();
            let nearest = nearest(citation, every.iter().map(String::as_str));
            return Err(format!("there is no {path}{}", nearest_is(nearest)));
        };
        let known = || anchors.iter().map(String::as_str);
        match anchor {
            Some(anchor) if known().any(|known| known == anchor) => Ok(()),
            Some(anchor) => {
                let nearest = nearest(anchor, known()).map(|near| format!("{path}#{near}"));
                let nearest = nearest_is(nearest.as_deref());
                Err(format!("{path} has no heading for #{anchor}{nearest}"))
            }
            None if is_markdown(path) && !anchors.is_empty() => Err(format!(
                "{path} is a page: name a heading of it, such as {path}#{}",
                anchors[0]
            )),
            None => Ok(()),
        }
    }

    /// The anchors of a file, none of one that is no Markdown; `None` if there is no such file.
    fn anchors(&self, path: &str) -> Option<Vec<String>> {
        let below = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let file = self.root.filter(|_| below).map(|root| root.join(path));
        if let Some(file) = file.filter(|file| file.is_file()) {
            return Some(anchors_of(&file));
        }
        let (_, anchors) = assets::CITABLE.iter().find(|(known, _)| *known == path)?;
        Some(anchors.iter().map(|anchor| (*anchor).to_owned()).collect())
    }
}

fn anchors_of(file: &Path) -> Vec<String> {
    let markdown = file.extension().is_some_and(|extension| extension == "md");
    let text = markdown.then(|| std::fs::read_to_string(file).unwrap_or_default());
    headings::anchors(&text.unwrap_or_default())
}

fn is_markdown(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "md")
}

/// Everything embedded that a rule may cite.
fn every_citation() -> Vec<String> {
    let of_file = |(path, anchors): &(&str, &[&str])| -> Vec<String> {
        if is_markdown(path) {
            anchors.iter().map(|anchor| format!("{path}#{anchor}")).collect()
        } else {
            vec![(*path).to_owned()]
        }
    };
    assets::CITABLE.iter().flat_map(of_file).collect()
}

fn nearest_is(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; the nearest is {nearest}")).unwrap_or_default()
}

/// `§1.7.5`, if the document has it.
fn document_section(cited: &str) -> Result<(), String> {
    let number = cited.strip_prefix('§').unwrap_or_default();
    let (parent, last) = number.rsplit_once('.').unwrap_or(("", number));
    let last = last.parse().ok().filter(|last: &u32| *last > 0 && number == number.trim());
    let inside = SECTIONS.iter().find(|(section, _)| *section == parent);
    match (inside, last) {
        (Some((_, count)), Some(last)) if last <= *count => Ok(()),
        (Some((_, count)), Some(_)) => {
            let dot = if parent.is_empty() { "" } else { "." };
            let nearest = nearest_is(Some(&format!("§{parent}{dot}{count}")));
            Err(format!("the document has no {cited}{nearest}"))
        }
        (None, Some(_)) => {
            let mut sections = SECTIONS.iter().map(|(section, _)| *section);
            let nearest =
                sections.rfind(|section| !section.is_empty() && parent.starts_with(section));
            let nearest = nearest.map(|section| format!("§{section}"));
            let nearest = nearest_is(nearest.as_deref());
            Err(format!("the document has no {cited}{nearest}"))
        }
        (_, None) => Err(format!("{cited:?} is no section of the document, such as §1.7.5")),
    }
}

/// `9110 §15.5.6`.
fn rfc(rest: &str) -> Option<()> {
    let (number, section) = rest.split_once(" §")?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (digits(number) && section.split('.').all(digits)).then_some(())
}

/// `, api/rest.md "Update Player"`.
fn page(rest: &str) -> Option<()> {
    let (page, heading) = rest.strip_prefix(", ")?.split_once(" \"")?;
    let heading = heading.strip_suffix('"')?;
    (!page.is_empty() && !page.contains(char::is_whitespace) && !heading.is_empty()).then_some(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use walkdir::WalkDir;

    use super::*;
    use crate::spec::lint;

    fn feature(sources: &str) -> String {
        format!(
            "Feature: F\n\n  @LL-HTTP-001 @must\n  Rule: R\n    Why.\n    {sources}\n\n    \
             @LL-HTTP-001.a\n    Scenario: S\n      When the client requests \"GET /version\"\n"
        )
    }

    fn problems(sources: &str) -> Vec<Problem> {
        lint(&Source::texts(&[("http/a.feature", &feature(sources))]))
    }

    #[test]
    fn the_document_has_these_sections() {
        let sections = sections();
        assert_eq!(sections.len(), 6 + 7 + 8 + 10 + 8 + 12 + 1);
        assert_eq!(sections[6..8], ["1.7.1", "1.7.2"]);
        assert_eq!(sections.last().map(String::as_str), Some("6"));
    }

    #[test]
    fn each_form_of_a_citation_is_followed() {
        for good in [
            "docs/observed/http.md#passwords",
            "fixtures/recordings/rest/rest_auth.json",
            "document §1.7.5",
            "document §1, §2.8, §5.12",
            "RFC 9110 §15.5.6",
            "Lavalink docs, api/rest.md \"Update Player\"",
            "Lavalink protocol, filters.kt \"Filters\"",
            "https://id3.org/id3v2.4.0-structure",
            "docs/observed/http.md#bodies; fixtures/recordings/rest/rest_auth.json; document §4.6",
        ] {
            assert_eq!(problems(&format!("Sources: {good}")), [], "{good}");
        }
    }

    #[test]
    fn what_cannot_be_looked_up_is_named_with_rule_file_and_line() {
        for (cited, expected) in [
            (
                "docs/observed/http.md#paswords",
                "docs/observed/http.md has no heading for #paswords; \
                 the nearest is docs/observed/http.md#passwords",
            ),
            (
                "docs/observed/htpp.md#bodies",
                "there is no docs/observed/htpp.md; the nearest is docs/observed/http.md#bodies",
            ),
            (
                "fixtures/recordings/rest/rest_outh.json",
                "there is no fixtures/recordings/rest/rest_outh.json; \
                 the nearest is fixtures/recordings/rest/rest_auth.json",
            ),
            ("docs/observed/http.md", "name a heading of it, such as docs/observed/http.md#http"),
            ("document §1.8", "the document has no §1.8; the nearest is §1.7"),
            ("document §7", "the document has no §7; the nearest is §6"),
            ("document §1.7.4, §1.7.8", "no §1.7.8; the nearest is §1.7.7"),
            ("document §2.3.1", "no §2.3.1; the nearest is §2"),
            ("document §0", "\"§0\" is no section"),
            ("document 1.7", "\"1.7\" is no section"),
            (
                "truth.md 1",
                "\"truth.md 1\" cannot be looked up; a source is docs/observed/PAGE.md#",
            ),
            ("recording rest_auth", "\"recording rest_auth\" cannot be looked up"),
            ("RFC 9110", "is not RFC NUMBER §SECTION"),
            ("RFC http §1", "is not RFC NUMBER §SECTION"),
            ("Lavalink docs, rest", "is not Lavalink docs, PAGE \"Heading\""),
            ("/etc/passwd", "there is no /etc/passwd"),
            ("document §1;", "\"\" cannot be looked up"),
            ("document §1; document §1", "cites \"document §1\" twice"),
        ] {
            let found = problems(&format!("Sources: {cited}"));
            assert_eq!(found.len(), 1, "{cited}: {found:?}");
            assert_eq!((found[0].file.as_str(), found[0].line), ("http/a.feature", 6));
            let message = &found[0].message;
            assert!(message.starts_with("LL-HTTP-001: "), "{message}");
            assert!(message.contains(expected), "{cited}: {message}");
        }
    }

    #[test]
    fn sources_have_to_be_one_line_and_the_last() {
        for (description, expected) in [
            ("Nothing.", "LL-HTTP-001 has no line \"Sources: …\""),
            ("Sources:", "LL-HTTP-001 has no line \"Sources: …\""),
            ("Sources: document §1;\n    document §2", "\"\" cannot be looked up"),
            ("Sources: document §1\n    and more", "not the last line of the description"),
        ] {
            let found = problems(description);
            assert!(found.iter().any(|p| p.message.contains(expected)), "{found:?}");
        }
    }

    #[test]
    fn a_folder_of_features_has_files_of_its_own_beside_it() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["features/http", "docs"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        fs::write(root.path().join("docs/mine.md"), "# Mine\n```\n# No\n```\n## Two\n## Two\n")
            .unwrap();
        let found = |cited: &str| {
            let text = feature(&format!("Sources: {cited}"));
            fs::write(root.path().join("features/http/a.feature"), text).unwrap();
            let source = Source::folder(&root.path().join("features")).unwrap();
            lint(&source).into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        for good in ["docs/mine.md#mine", "docs/mine.md#two-1", "docs/observed/http.md#bodies"] {
            assert_eq!(found(good), [""; 0], "{good}");
        }
        assert!(found("docs/mine.md#min")[0].ends_with("the nearest is docs/mine.md#mine"));
        assert!(found("docs/mine.md#no")[0].contains("docs/mine.md has no heading for #no"));
        assert!(found("docs/../docs/mine.md#mine")[0].contains("there is no docs/../docs/mine.md"));
    }

    /// What pages and comments of the repository refer to: recordings, headings, fixtures.
    #[test]
    fn pages_and_comments_refer_to_what_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let library = Library { root: None };
        let mut broken = Vec::new();
        let mut checked = 0;
        for file in texts(&root) {
            let text = fs::read_to_string(&file).unwrap();
            let page = file.extension().is_some_and(|extension| extension == "md");
            for cited in cited(&text, page) {
                checked += 1;
                if let Err(message) = library.file(&cited) {
                    broken.push(format!("{}: {message}", file.display()));
                }
            }
        }
        assert!(checked > 150, "{checked}");
        assert_eq!(broken, [""; 0]);
    }

    /// Pages of `docs/observed` and every source file but this one.
    fn texts(root: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let folders = ["docs/observed", "conformance", "reference-server"];
        // The links of the package lead out of it, and are not followed.
        for entry in folders.iter().flat_map(|folder| WalkDir::new(root.join(folder))) {
            let entry = entry.unwrap();
            let path = entry.path();
            let text = path.extension().is_some_and(|e| e == "rs" || e == "md");
            if entry.file_type().is_file() && text && !path.ends_with("citations.rs") {
                found.push(path.to_owned());
            }
        }
        found
    }

    /// Every `docs/observed/…#…` of a text, and in a page every recording that it lists.
    fn cited(text: &str, page: bool) -> Vec<String> {
        let mut cited = Vec::new();
        let end = |c: char| !(c.is_alphanumeric() || "/._-#".contains(c));
        for at in text.match_indices("docs/observed/").map(|(at, _)| at) {
            let word = text[at..].split(end).next().unwrap_or_default().trim_end_matches('.');
            if word.contains('#') && !text[..at].ends_with('/') {
                cited.push(word.to_owned());
            }
        }
        for line in text.lines().filter(|_| page) {
            let names = line.strip_prefix("*Recordings:* ").unwrap_or_default();
            let names = names.split(", ").filter(|name| !name.is_empty());
            cited.extend(
                names.map(|name| format!("fixtures/recordings/{}.json", name.trim_matches('`'))),
            );
        }
        cited
    }
}
