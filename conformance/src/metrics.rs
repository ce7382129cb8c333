//! Reads the text format of Prometheus, version 0.0.4, as strictly as `promtool check metrics`:
//! one type and one help for a name, samples after them and together, none of them twice.

use std::collections::{BTreeMap, BTreeSet};

/// Everything that one page of metrics says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metrics {
    /// By name.
    pub(crate) families: BTreeMap<String, Family>,
    /// In the order of the page.
    pub(crate) samples: Vec<Sample>,
}

/// What is said of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Family {
    /// For people.
    pub(crate) help: Option<String>,
    /// `gauge`, `counter`…
    pub(crate) kind: Option<String>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

/// A line that Prometheus would not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(crate) struct MetricsError {
    /// From 1.
    pub(crate) line: usize,
    pub(crate) what: String,
}

const KINDS: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

impl Metrics {
    /// Reads a page.
    pub(crate) fn read(text: &str) -> Result<Self, MetricsError> {
        let mut reader = Reader::default();
        for (number, line) in text.lines().enumerate() {
            reader.line(line).map_err(|what| MetricsError { line: number + 1, what })?;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            let line = text.lines().count();
            return Err(MetricsError { line, what: "the last line does not end".into() });
        }
        Ok(reader.metrics)
    }

    /// The value of a sample without labels.
    pub(crate) fn value(&self, name: &str) -> Option<f64> {
        let found = self.samples.iter().find(|s| s.name == name && s.labels.is_empty());
        found.map(|sample| sample.value)
    }

    /// The names of the samples.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        self.samples.iter().map(|sample| sample.name.as_str()).collect()
    }
}

#[derive(Default)]
struct Reader {
    metrics: Metrics,
    /// The family whose lines are read.
    current: String,
    /// Those that have samples.
    sampled: BTreeSet<String>,
    /// Names and labels of samples.
    seen: BTreeSet<(String, BTreeMap<String, String>)>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim_matches([' ', '\t']);
        let Some(comment) = line.strip_prefix('#') else {
            return if line.is_empty() { Ok(()) } else { self.sample(line) };
        };
        let (word, rest) = split_blank(comment.trim_start_matches([' ', '\t']));
        let (name, rest) = split_blank(rest);
        match word {
            "HELP" => {
                let help = unescaped(rest, false)?;
                let family = self.family(name)?;
                once(&mut family.help, help, name, "HELP")
            }
            "TYPE" if KINDS.contains(&rest) => {
                if self.sampled.contains(name) {
                    return Err(format!("TYPE of {name} after its samples"));
                }
                let family = self.family(name)?;
                once(&mut family.kind, rest.to_owned(), name, "TYPE")
            }
            "TYPE" => Err(format!("unknown type {rest:?}")),
            _ => Ok(()),
        }
    }

    /// What is known of a family, which is the current one from now on.
    fn family(&mut self, name: &str) -> Result<&mut Family, String> {
        if !is_name(name, true) {
            return Err(format!("{name:?} is no name of a metric"));
        }
        if self.current != name && self.metrics.families.contains_key(name) {
            return Err(format!("the lines of {name} do not stand together"));
        }
        name.clone_into(&mut self.current);
        Ok(self.metrics.families.entry(name.to_owned()).or_default())
    }

    fn sample(&mut self, line: &str) -> Result<(), String> {
        let end = line.find(['{', ' ', '\t']).ok_or("a sample without a value")?;
        let (name, mut rest) = line.split_at(end);
        let mut labels = BTreeMap::new();
        if let Some(braced) = rest.trim_start_matches([' ', '\t']).strip_prefix('{') {
            (labels, rest) = read_labels(braced)?;
        }
        let mut words = rest.split_ascii_whitespace();
        let value = words.next().ok_or("a sample without a value")?;
        let value = value.parse().map_err(|_| format!("{value:?} is no number"))?;
        if words.next().is_some_and(|time| time.parse::<i64>().is_err()) || words.next().is_some() {
            return Err("something else follows the value".into());
        }
        let family = self.family_of(name).to_owned();
        self.family(&family)?;
        self.sampled.insert(family);
        if !self.seen.insert((name.to_owned(), labels.clone())) {
            return Err(format!("{name} stands twice with the same labels"));
        }
        self.metrics.samples.push(Sample { name: name.to_owned(), labels, value });
        Ok(())
    }

    /// A histogram and a summary have samples of several names.
    fn family_of<'a>(&self, name: &'a str) -> &'a str {
        let parts = ["_bucket", "_sum", "_count"].iter();
        let mut wholes = parts.filter_map(|part| name.strip_suffix(part));
        let of_several = |whole: &&str| {
            let kind = self.metrics.families.get(*whole).and_then(|family| family.kind.as_deref());
            matches!(kind, Some("histogram" | "summary"))
        };
        wholes.find(of_several).unwrap_or(name)
    }
}

fn once(slot: &mut Option<String>, text: String, name: &str, what: &str) -> Result<(), String> {
    match slot.replace(text) {
        None => Ok(()),
        Some(_) => Err(format!("{what} of {name} stands twice")),
    }
}

/// At the first blanks; the rest begins after them.
fn split_blank(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    (word, rest.trim_start_matches([' ', '\t']))
}

/// Names of metrics may hold colons, those of labels may not.
fn is_name(text: &str, of_metric: bool) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || of_metric && c == ':';
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// Help texts escape backslash and line feed, values of labels the quote as well.
fn unescaped(text: &str, quote: bool) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match (c, (c == '\\').then(|| chars.next()).flatten()) {
            ('\\', Some('\\')) => '\\',
            ('\\', Some('n')) => '\n',
            ('\\', Some('"')) if quote => '"',
            ('\\', other) => return Err(format!("unknown escape \\{}", other.unwrap_or(' '))),
            _ => c,
        });
    }
    Ok(out)
}

/// Labels up to the closing brace, and what follows it. A comma may stand after the last.
fn read_labels(text: &str) -> Result<(BTreeMap<String, String>, &str), String> {
    let blanks = [' ', '\t'];
    let mut labels = BTreeMap::new();
    let mut rest = text.trim_start_matches(blanks);
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Ok((labels, after));
        }
        let (name, value) = rest.split_once('=').ok_or("the labels do not end")?;
        let name = name.trim_matches(blanks);
        let value = value.trim_start_matches(blanks).strip_prefix('"');
        let value = value.ok_or_else(|| format!("the label {name} has no quoted value"))?;
        let end = end_of_quoted(value).ok_or("a quote is not closed")?;
        if !is_name(name, false) {
            return Err(format!("{name:?} is no name of a label"));
        }
        if labels.insert(name.to_owned(), unescaped(&value[..end], true)?).is_some() {
            return Err(format!("the label {name} stands twice"));
        }
        rest = value[end + 1..].trim_start_matches(blanks);
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start_matches(blanks),
            None if rest.starts_with('}') => {}
            None => return Err("no comma between labels".into()),
        }
    }
}

/// Where the first quote is that no backslash stands before.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_of_the_real_servers_kind_is_read() {
        let page = "# HELP jvm_memory_bytes_used Used bytes of a given JVM memory area.\n\
                    # TYPE jvm_memory_bytes_used gauge\n\
                    jvm_memory_bytes_used{area=\"heap\",} 5.2350384E7\n\
                    jvm_memory_bytes_used{area=\"nonheap\",} -1.0\n\
                    # HELP gc_seconds Time spent.\n# TYPE gc_seconds summary\n\
                    gc_seconds_count{gc=\"Copy\",} 3.0\ngc_seconds_sum{gc=\"Copy\",} 0.05\n\
                    # HELP lavalink_players_total Total number of players connected.\n\
                    # TYPE lavalink_players_total gauge\nlavalink_players_total 2.0\n";
        let metrics = Metrics::read(page).unwrap();
        assert_eq!(metrics.value("lavalink_players_total"), Some(2.0));
        assert_eq!(metrics.value("jvm_memory_bytes_used"), None, "it has labels");
        assert_eq!(metrics.samples[0].value, 52_350_384.0);
        assert_eq!(metrics.samples[1].labels["area"], "nonheap");
        let family = &metrics.families["lavalink_players_total"];
        assert_eq!(family.help.as_deref(), Some("Total number of players connected."));
        assert_eq!(family.kind.as_deref(), Some("gauge"));
        assert_eq!(metrics.names().len(), 4);
        assert!(!metrics.families.contains_key("gc_seconds_count"));
        assert_eq!(Metrics::read(""), Ok(Metrics::default()));
    }

    #[test]
    fn what_prometheus_refuses_is_refused() {
        for (page, expected) in [
            ("a 1\na 2\n", "line 2: a stands twice"),
            ("a{b=\"1\"} 1\na{b=\"1\",} 2\n", "line 2: a stands twice"),
            ("# TYPE a gauge\n# TYPE a gauge\n", "TYPE of a stands twice"),
            ("# HELP a x\n# HELP a y\n", "HELP of a stands twice"),
            ("a 1\n# TYPE a gauge\n", "TYPE of a after its samples"),
            ("# TYPE a number\n", "unknown type \"number\""),
            ("a 1\nb 1\na{c=\"d\"} 1\n", "line 3: the lines of a do not stand together"),
            ("a one\n", "\"one\" is no number"),
            ("a\n", "without a value"),
            ("a 1 2 3\n", "something else follows"),
            ("a 1 soon\n", "something else follows"),
            ("1a 1\n", "is no name of a metric"),
            ("a{b:c=\"1\"} 1\n", "is no name of a label"),
            ("a{b=\"1\",b=\"2\"} 1\n", "the label b stands twice"),
            ("a{b=\"1\n", "a quote is not closed"),
            ("a{b=\"\\t\"} 1\n", "unknown escape"),
            ("a{b=\"1\" c=\"2\"} 1\n", "no comma between labels"),
            ("a 1", "line 1: the last line does not end"),
            ("<html>\n", "without a value"),
        ] {
            let error = Metrics::read(page).unwrap_err().to_string();
            assert!(error.contains(expected), "{page:?}: {error}");
        }
    }

    #[test]
    fn numbers_may_be_none_and_labels_hold_anything() {
        let metrics = Metrics::read("a NaN\nb +Inf 17\nc { d = \"x\\\"\\\\\\n}\" } 1e3\n").unwrap();
        assert!(metrics.samples[0].value.is_nan());
        assert_eq!(metrics.value("b"), Some(f64::INFINITY));
        assert_eq!(metrics.samples[2].labels["d"], "x\"\\\n}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-z#{}\"\\\\=, \n0-9]{0,80}") {
            let _ = Metrics::read(&text);
        }

        #[test]
        fn a_value_is_read_as_it_was_written(value: f64, label in ".{0,20}") {
            let escaped = label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let page = format!("a{{b=\"{escaped}\"}} {value:?}\n");
            let metrics = Metrics::read(&page).unwrap();
            prop_assert_eq!(metrics.samples[0].value.to_bits(), value.to_bits());
            prop_assert_eq!(&metrics.samples[0].labels["b"], &label);
        }
    }
}
