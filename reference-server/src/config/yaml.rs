//! YAML 1.1 as SnakeYAML and Spring read it: documents of dotted keys with values.
//!
//! What SnakeYAML refuses is refused, although YAML 1.2 might allow it: tabs between tokens, keys
//! given twice, tags that nobody knows.

mod flattened;
mod tabs;
mod tagged;

use std::collections::{BTreeMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, Span};

use self::flattened::Flattened;
use self::tabs::Tabs;
use self::tagged::{check_tag, scalar};
use super::scalar::Value;

/// Everything that a document says.
pub(super) type Document = Vec<Pair>;

/// A dotted key as it is written (`a.b[0].c`) with its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: Value,
    /// Where the value stands.
    pub(super) line: usize,
    /// Whether it stands in a section that is there to be referred to from others.
    pub(super) shared: bool,
}

/// Why a text cannot be read. The place is named, but nothing of the text is shown: it may be a
/// password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at line {line}, column {column}")]
pub struct SyntaxError {
    what: String,
    line: usize,
    column: usize,
}

/// How deep collections may be nested.
const DEPTH: usize = 50;
/// How often lists and mappings may be referred to by `*name`, and of how many values a document
/// may consist when all such references are followed.
const ALIASES: usize = 50;
const VALUES: usize = 100_000;

/// Reads every document of a text.
pub(super) fn documents(text: &str) -> Result<Vec<Document>, SyntaxError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    refuse_special_characters(text)?;
    // They end a line in YAML 1.1.
    let text = text.replace(['\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let mut composer = Composer::new(&text);
    let mut documents = Vec::new();
    while let Some(root) = composer.document()? {
        let mut document = Flattened { referred: &composer.referred, pairs: Document::new() };
        document.add(String::new(), root, false);
        documents.push(document.pairs);
    }
    Tabs::of(&text, &composer.covered).refuse()?;
    Ok(documents)
}

fn refuse_special_characters(text: &str) -> Result<(), SyntaxError> {
    let printable = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    match text.char_indices().find(|(_, c)| !printable(*c)) {
        None => Ok(()),
        Some((at, _)) => Err(error_at(text, at, "a character that must not stand in YAML")),
    }
}

fn error_at(text: &str, at: usize, what: &str) -> SyntaxError {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    SyntaxError {
        what: what.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

fn error_in(span: &Span, what: impl Into<String>) -> SyntaxError {
    SyntaxError { what: what.into(), line: span.start.line(), column: span.start.col() + 1 }
}

#[derive(Clone, Debug, PartialEq)]
struct Node {
    shape: Shape,
    line: usize,
    /// The number of its `&name`; 0 without one.
    anchor: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

impl Node {
    fn size(&self) -> usize {
        match &self.shape {
            Shape::Scalar(_) => 1,
            Shape::List(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Shape::Map(pairs) => 1 + pairs.iter().map(|(_, node)| node.size()).sum::<usize>(),
        }
    }
}

/// A key, and how Spring continues a path with it.
#[derive(Clone, Debug, PartialEq)]
enum Key {
    Named(Value),
    /// `<<`
    Merge,
    /// A list or mapping as a key, which is no key of any program.
    Odd,
}

/// A part of the text that is a scalar or a comment.
struct Covered {
    start: usize,
    end: usize,
    plain: bool,
}

struct Composer<'a> {
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    anchors: BTreeMap<usize, Node>,
    /// The anchors that something has referred to.
    referred: HashSet<usize>,
    aliases: usize,
    values: usize,
    documents: usize,
    covered: Vec<Covered>,
}

impl<'a> Composer<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            parser: Parser::new_from_str(text),
            anchors: BTreeMap::new(),
            referred: HashSet::new(),
            aliases: 0,
            values: 0,
            documents: 0,
            covered: Vec::new(),
        }
    }

    /// The next document, `None` at the end.
    fn document(&mut self) -> Result<Option<Node>, SyntaxError> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart(explicit, version) => {
                    if version.is_some_and(|version| version.major != 1) {
                        return Err(error_in(&span, "a version of YAML other than 1"));
                    }
                    if !explicit && self.documents > 0 {
                        return Err(error_in(&span, "a document without --- before it"));
                    }
                    self.documents += 1;
                    self.anchors.clear();
                    self.referred.clear();
                    (self.aliases, self.values) = (0, 0);
                    let (event, span) = self.next()?;
                    return self.node(event, &span, 0).map(Some);
                }
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), SyntaxError> {
        loop {
            let (event, span) = match self.parser.next_event() {
                Some(Ok(next)) => next,
                Some(Err(error)) => {
                    let place = error.marker();
                    return Err(SyntaxError {
                        what: error.info(),
                        line: place.line(),
                        column: place.col() + 1,
                    });
                }
                None => (Event::StreamEnd, Span::default()),
            };
            if let (Event::Comment(..) | Event::Scalar(..), Some(range)) =
                (&event, span.byte_range())
            {
                let plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
                self.covered.push(Covered { start: range.start, end: range.end, plain });
            }
            if !matches!(event, Event::Comment(..)) {
                return Ok((event, span));
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span, depth: usize) -> Result<Node, SyntaxError> {
        if depth > DEPTH {
            return Err(error_in(span, format!("more than {DEPTH} levels")));
        }
        self.values += 1;
        if self.values > VALUES {
            return Err(error_in(span, format!("more than {VALUES} values")));
        }
        let (anchor, shape) = match event {
            Event::Alias(id) => return self.alias(id, span),
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, Shape::Scalar(scalar(&text, style, tag.as_deref(), span)?))
            }
            Event::SequenceStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), &["seq", "omap", "pairs"], span)?;
                (anchor, self.list(depth)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), &["map", "set"], span)?;
                (anchor, self.map(span, depth)?)
            }
            _ => return Err(error_in(span, "a value is missing")),
        };
        let node = Node { shape, line: span.start.line(), anchor };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, span: &Span) -> Result<Node, SyntaxError> {
        let node = self.anchors.get(&id).cloned();
        let node = node.ok_or_else(|| error_in(span, "a value that refers to itself"))?;
        self.referred.insert(id);
        self.values += node.size();
        self.aliases += usize::from(!matches!(node.shape, Shape::Scalar(_)));
        if self.aliases > ALIASES || self.values > VALUES {
            return Err(error_in(span, format!("more than {ALIASES} references to collections")));
        }
        Ok(node)
    }

    fn list(&mut self, depth: usize) -> Result<Shape, SyntaxError> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(Shape::List(items));
            }
            items.push(self.node(event, &span, depth + 1)?);
        }
    }

    fn map(&mut self, start: &Span, depth: usize) -> Result<Shape, SyntaxError> {
        let mut pairs: Vec<(Key, Node)> = Vec::new();
        let mut seen = HashSet::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return merged(pairs, start).map(Shape::Map);
            }
            let is_null = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None)
                if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"));
            if is_null {
                return Err(error_in(&span, "a key is missing"));
            }
            let is_merge = matches!(&event, Event::Scalar(text, ..) if text == "<<");
            let key = match self.node(event, &span, depth + 1) {
                _ if is_merge => Key::Merge,
                Ok(Node { shape: Shape::Scalar(value), .. }) => Key::Named(value),
                Ok(_) => Key::Odd,
                Err(error) => return Err(error),
            };
            if let Key::Named(value) = &key
                && !seen.insert(format!("{value:?}"))
            {
                return Err(error_in(&span, "a key that stands there twice"));
            }
            let (event, span) = self.next()?;
            let value = self.node(event, &span, depth + 1)?;
            pairs.push((key, value));
        }
    }
}

/// The pairs of a mapping with what `<<` brings along. What stands in the mapping itself wins, then
/// what is brought first.
fn merged(pairs: Vec<(Key, Node)>, span: &Span) -> Result<Vec<(Key, Node)>, SyntaxError> {
    let mut brought: Vec<(Key, Node)> = Vec::new();
    let mut own = Vec::new();
    for (key, node) in pairs {
        if key != Key::Merge {
            own.push((key, node));
            continue;
        }
        let maps = match node.shape {
            Shape::List(items) => items,
            _ => vec![node],
        };
        for map in maps {
            let Shape::Map(pairs) = map.shape else {
                return Err(error_in(span, "<< without a mapping after it"));
            };
            for (key, node) in pairs {
                if !brought.iter().any(|(known, _)| *known == key) {
                    brought.push((key, node));
                }
            }
        }
    }
    brought.retain(|(key, _)| !own.iter().any(|(known, _)| known == key));
    brought.extend(own);
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> Vec<(String, Value)> {
        let document = documents(text).unwrap().remove(0);
        document.into_iter().map(|pair| (pair.name, pair.value)).collect()
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn trees_become_dotted_keys() {
        let read = one("a: {b: [x, {c: y}], 1: z}\nd.e: ~\n");
        let keys: Vec<_> = read.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["a.b[0]", "a.b[1].c", "a[1]", "d.e"]);
        assert_eq!(read[3].1, text(""));
        assert_eq!(one("a: {b: 1}\na.b: 2\n"), [("a.b".into(), Value::Whole("2".into()))]);
    }

    #[test]
    fn references_and_merges_are_followed() {
        let read = one("a: &s {x: 1, y: 2}\nb:\n  <<: *s\n  y: 3\n");
        let values: Vec<_> = read.iter().map(|(k, v)| (k.as_str(), v.text().unwrap())).collect();
        let expected = [("a.x", "1"), ("a.y", "2"), ("b.x", "1"), ("b.y", "3")];
        assert_eq!(values, expected.map(|(k, v)| (k, v.to_owned())));
    }

    #[test]
    fn values_have_their_lines_and_what_is_there_for_others_is_told_apart() {
        let text = "x: &x\n  a: 1\nb:\n  <<: *x\n  c: &unused 2\n";
        let document = documents(text).unwrap().remove(0);
        let told: Vec<_> =
            document.iter().map(|pair| (pair.name.as_str(), pair.line, pair.shared)).collect();
        assert_eq!(told, [("x.a", 2, true), ("b.a", 2, false), ("b.c", 5, false)]);
    }

    #[test]
    fn what_grows_without_bound_is_refused() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..20 {
            let last = level - 1;
            laughs += &format!("a{level}: &a{level} [*a{last}, *a{last}]\n");
        }
        for text in [laughs.as_str(), "a: &a {b: *a}\n", &("[".repeat(60) + &"]".repeat(60))] {
            assert!(documents(text).is_err(), "{text}");
        }
    }

    #[test]
    fn documents_follow_each_other() {
        assert_eq!(documents("a: 1\n---\nb: 2\n").unwrap().len(), 2);
        assert_eq!(documents("").unwrap().len(), 0);
        assert!(documents("a: 1\n...\nb: 2\n").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a:\\[\\]{}\\-\t\n &*!|>'\"#,?1<~]{0,60}") {
            let _ = documents(&text);
        }
    }
}
