//! Media types as Spring reads, compares and prints them, and which one is given to a client of
//! several that it accepts.

/// A media type or a range of them, such as `text/*;q=0.5`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MediaType {
    /// In lower case; `*` for any.
    kind: String,
    /// In lower case; `*` for any, `*+json` for any that ends so.
    subtype: String,
    /// As they were given, without `q`.
    parameters: Vec<(String, String)>,
    /// `q`, 0 to 1.
    weight: f64,
}

/// It is no media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

impl MediaType {
    /// One without parameters.
    pub(super) fn new(kind: &str, subtype: &str) -> Self {
        let (kind, subtype) = (kind.to_owned(), subtype.to_owned());
        Self { kind, subtype, parameters: Vec::new(), weight: 1.0 }
    }

    /// Reads one. `*` alone is any type.
    ///
    /// # Errors
    /// For anything but a type and a subtype of the characters of a token, parameters with a name
    /// and a value, an encoding that exists, and a weight of 0 to 1.
    pub(super) fn read(text: &str) -> Result<Self, Unreadable> {
        let mut parts = outside_quotes(text, ';');
        let name = match parts.next().unwrap_or_default().trim() {
            "*" => "*/*",
            name => name,
        };
        let (kind, subtype) = name.split_once('/').ok_or(Unreadable)?;
        if !is_token(kind) || !is_token(subtype) || kind == "*" && subtype != "*" {
            return Err(Unreadable);
        }
        let mut read = Self::new(&kind.to_ascii_lowercase(), &subtype.to_ascii_lowercase());
        for part in parts.map(str::trim) {
            // What has no value is passed over.
            let Some((name, value)) = part.split_once('=') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if !is_token(name) || !is_quoted(value) && !is_token(value) {
                return Err(Unreadable);
            }
            let bare = if is_quoted(value) { &value[1..value.len() - 1] } else { value };
            match name {
                "charset" if !is_encoding(bare) => return Err(Unreadable),
                "charset" => read.set(name, bare),
                _ if name.eq_ignore_ascii_case("q") => {
                    let weight = bare.parse().ok().filter(|weight| (0.0..=1.0).contains(weight));
                    read.weight = weight.ok_or(Unreadable)?;
                }
                _ => read.set(name, value),
            }
        }
        Ok(read)
    }

    fn set(&mut self, name: &str, value: &str) {
        self.parameters.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.parameters.push((name.to_owned(), value.to_owned()));
    }

    /// The encoding that it names.
    pub(super) fn charset(&self) -> Option<&str> {
        let named = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("charset");
        self.parameters.iter().find(named).map(|(_, value)| value.as_str())
    }

    /// Whether it is JSON, or of the types that end with `+json`.
    pub(super) fn is_json(&self) -> bool {
        self.kind == "application" && (self.subtype == "json" || self.suffix() == Some("json"))
    }

    /// Whether it stands for any type, or for more than one subtype.
    pub(super) fn is_range(&self) -> bool {
        self.kind == "*" || self.is_subtype_range()
    }

    /// Whether it is this type or a range of types.
    pub(super) fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind == kind && self.subtype == subtype
    }

    /// With an encoding, if it names none.
    pub(super) fn or_charset(mut self, charset: &str) -> Self {
        if self.charset().is_none() {
            self.set("charset", charset);
        }
        self
    }

    fn is_subtype_range(&self) -> bool {
        self.subtype == "*" || self.subtype.starts_with("*+")
    }

    fn suffix(&self) -> Option<&str> {
        self.subtype.rsplit_once('+').map(|(_, suffix)| suffix)
    }

    fn is_compatible_with(&self, other: &Self) -> bool {
        if self.kind == "*" || other.kind == "*" {
            return true;
        }
        if self.kind != other.kind {
            return false;
        }
        if self.subtype == other.subtype || self.subtype == "*" || other.subtype == "*" {
            return true;
        }
        let ends_as = |range: &Self, other: &Self| {
            let suffix = range.suffix();
            range.is_subtype_range()
                && suffix.is_some()
                && (suffix == Some(&other.subtype) || suffix == other.suffix())
        };
        ends_as(self, other) || ends_as(other, self)
    }

    /// Whether it goes before another: by its weight, and then by how much it says.
    fn goes_before(&self, other: &Self) -> bool {
        if self.weight != other.weight {
            return self.weight > other.weight;
        }
        match (self.kind == "*", other.kind == "*") {
            (true, false) => return false,
            (false, true) => return true,
            _ => {}
        }
        match (self.is_subtype_range(), other.is_subtype_range()) {
            (true, false) => false,
            (false, true) => true,
            _ => self.is(&other.kind, &other.subtype) && self.said() > other.said(),
        }
    }

    /// How many parameters were given.
    fn said(&self) -> usize {
        self.parameters.len() + usize::from(self.weight != 1.0)
    }
}

impl std::fmt::Display for MediaType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.subtype)?;
        self.parameters.iter().try_for_each(|(name, value)| write!(f, ";{name}={value}"))
    }
}

/// Reads a list of ranges; what is empty between commas does not count. They come in the order in
/// which they are preferred.
///
/// # Errors
/// If one of them is none, the whole list is not read.
pub(super) fn read_list(text: &str) -> Result<Vec<MediaType>, Unreadable> {
    let mut ranges = Vec::new();
    for range in outside_quotes(text, ',').filter(|range| !range.trim().is_empty()) {
        let range = MediaType::read(range)?;
        if !ranges.contains(&range) {
            ranges.push(range);
        }
    }
    sort(&mut ranges);
    Ok(ranges)
}

/// Whether a text is a list of media types and ranges.
pub(crate) fn is_range_list(text: &str) -> bool {
    read_list(text).is_ok()
}

/// The type that a client gets: the first that it names and the server has. None of them, if all
/// that it accepts are ranges that the server has no own type for.
pub(super) fn choose(accepted: &[MediaType], offered: &[MediaType]) -> Option<MediaType> {
    let mut both = Vec::new();
    for range in accepted {
        for offer in offered.iter().filter(|offer| range.is_compatible_with(offer)) {
            let offer = MediaType { weight: range.weight, ..offer.clone() };
            let chosen = if offer.goes_before(range) { offer } else { range.clone() };
            if !both.contains(&chosen) {
                both.push(chosen);
            }
        }
    }
    sort(&mut both);
    both.into_iter().find(|chosen| !chosen.is_range())
}

/// The most preferred first. `goes_before` is no order in which any two could be compared, so the
/// outcome depends on how it is sorted: neighbours change places, as in Spring.
fn sort(ranges: &mut [MediaType]) {
    for end in (1..=ranges.len()).rev() {
        for at in 1..end {
            if ranges[at].goes_before(&ranges[at - 1]) {
                ranges.swap(at, at - 1);
            }
        }
    }
}

/// The parts between a separator where it does not stand in quotes.
fn outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match c {
            '"' => quoted = !quoted,
            '\\' if separator == ',' => escaped = true,
            _ => {}
        }
        c == separator && !quoted
    })
}

fn is_token(text: &str) -> bool {
    let odd = |c: char| !c.is_ascii_graphic() || "()<>@,;:\\\"/[]?={}".contains(c);
    !text.is_empty() && !text.contains(odd)
}

fn is_quoted(text: &str) -> bool {
    let between = |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    between('"') || between('\'')
}

/// Whether an encoding is one of those that every JVM has.
fn is_encoding(name: &str) -> bool {
    const FAMILIES: [&str; 12] = [
        "utf-",
        "utf8",
        "utf16",
        "us-ascii",
        "iso-8859-",
        "windows-",
        "cp",
        "ibm",
        "big5",
        "shift_jis",
        "euc-",
        "gb",
    ];
    const NAMES: [&str; 6] = ["ascii", "latin1", "koi8-r", "koi8-u", "tis-620", "iso-2022-jp"];
    let name = name.to_ascii_lowercase();
    FAMILIES.iter().any(|family| name.starts_with(family)) || NAMES.contains(&&*name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        MediaType::read(text).ok().map(|read| read.to_string())
    }

    #[test]
    fn a_media_type_has_a_type_a_subtype_and_an_encoding_that_exists() {
        for (good, printed) in [
            ("application/json", "application/json"),
            ("Text/HTML; charset=utf-8", "text/html;charset=utf-8"),
            ("a/b;", "a/b"),
            ("a/b;x", "a/b"),
            ("a/b;charset=\"UTF-16\"", "a/b;charset=UTF-16"),
            ("a/b;x=\"c;d\";q=0.5", "a/b;x=\"c;d\""),
            ("a/b;x='c d'", "a/b;x='c d'"),
            ("*;q=.2", "*/*"),
            ("application/+json", "application/+json"),
        ] {
            assert_eq!(shown(good).as_deref(), Some(printed), "{good}");
        }
        for bad in [
            "json",
            "/",
            "a/",
            "/b",
            "a/b/c",
            ";",
            "a b/c",
            "a/b, a/b",
            "a/b;charset=odd",
            "a/b;charset=\"x",
            "a/b;charset=",
            "a/b;=c",
            "a/b;q=abc",
            "a/b;q=1.5",
            "a/b;q=-1",
            "a/b;x=c d",
            "*/json",
            "\"a/b\"",
            "\u{ff}",
            "+json",
        ] {
            assert_eq!(shown(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_list_is_read_whole_or_not_at_all() {
        let list = |text| {
            read_list(text)
                .map(|read| read.iter().map(MediaType::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(list(", ,"), Ok(String::new()));
        assert_eq!(
            list("*/*, text/*;q=0.5, a/b;x=\"1,2\", c/d"),
            Ok("a/b;x=\"1,2\" c/d */* text/*".to_owned())
        );
        assert_eq!(list("a/b;x=\"1\\\"2,3\""), Ok("a/b;x=\"1\\\"2,3\"".to_owned()));
        assert_eq!(list("application/json, , ;;"), Err(Unreadable));
        assert_eq!(list("text/html, nonsense"), Err(Unreadable));
    }

    #[test]
    fn the_first_that_both_know_is_chosen() {
        let offered =
            [MediaType::new("application", "json"), MediaType::new("application", "*+json")];
        let chosen = |text| choose(&read_list(text).unwrap(), &offered).map(|it| it.to_string());
        for (accept, expected) in [
            ("*/*", Some("application/json")),
            ("application/*;q=0", Some("application/json")),
            ("application/vnd.x+json", Some("application/vnd.x+json")),
            ("application/*+json", Some("application/json")),
            ("*/*, application/json;v=b3;q=0.9", Some("application/json")),
            ("application/json;v=b3;q=0.9, */*;q=0.8", Some("application/json;v=b3")),
            ("a/b+json", None),
            ("text/html", None),
        ] {
            assert_eq!(chosen(accept).as_deref(), expected, "{accept}");
        }
    }
}
