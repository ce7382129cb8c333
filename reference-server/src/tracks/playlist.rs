//! Lists that name a stream: M3U, PLS, and a text that begins with a URL. Only their first link
//! counts.

use crate::deviations::switch::{self, deviates, either};

/// Bytes within which a plain list shows that it is one.
const SCANNED: usize = 1000;

/// Longest list that is read.
pub(super) const LONGEST: u64 = 4 * 1024 * 1024;

/// What a list leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// The list itself is a stream over HTTP (HLS): it has segments or variants.
    Segments,
    /// Something else that is to be loaded.
    Link {
        /// URL.
        url: String,
        /// What the list calls it.
        title: Option<String>,
    },
    /// Nothing.
    Nothing,
}

/// The kinds of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    M3u,
    Pls,
    Plain,
}

impl List {
    /// The kind of list that begins with these bytes.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"#EXTM3U") || head.starts_with(b"#EXTINF") {
            return (!deviates(switch::TRACKS_231_M3U_UNKNOWN)).then_some(Self::M3u);
        }
        let is_pls = matches!(head, [b'[', _, rest @ ..] if rest.starts_with(b"laylist]"));
        if is_pls {
            return (!deviates(switch::TRACKS_232_UNKNOWN)).then_some(Self::Pls);
        }
        let text = String::from_utf8_lossy(&head[..head.len().min(SCANNED)]);
        let plain = link(&text) && !deviates(switch::TRACKS_233_UNKNOWN);
        let anywhere = || text.lines().any(link) && deviates(switch::TRACKS_233_ANY_LINE);
        (plain || anywhere()).then_some(Self::Plain)
    }

    /// Reads a whole list.
    pub(super) fn read(self, bytes: &[u8]) -> Listed {
        let text = String::from_utf8_lossy(bytes);
        let lines = lines(&text);
        match self {
            Self::M3u => m3u(&lines),
            Self::Pls => pls(&lines),
            Self::Plain => lines
                .iter()
                .find(|line| link(line))
                .map_or(Listed::Nothing, |line| Listed::Link { url: (*line).into(), title: None }),
        }
    }
}

/// Lines without the blanks around their ends; those without anything else are left out.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.split('\n').collect();
    let last = lines.len() - 1;
    for (at, line) in lines.iter_mut().enumerate() {
        if at > 0 {
            *line = line.trim_ascii_start();
        }
        if at < last {
            *line = line.trim_ascii_end();
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

fn link(text: &str) -> bool {
    ["http://", "https://", "icy://"].iter().any(|scheme| text.starts_with(scheme))
}

fn m3u(lines: &[&str]) -> Listed {
    let mut described = false;
    for line in lines.iter().map(|line| line.trim()) {
        match line.strip_prefix('#') {
            Some(directive) => {
                let name = directive.split(':').next().unwrap_or_default();
                let segment = name == "EXTINF" && !deviates(switch::TRACKS_230_TITLES_ARE_NAMES);
                described |= segment || name == "EXT-X-STREAM-INF";
            }
            None if line.is_empty() => {}
            None if described && !deviates(switch::TRACKS_230_LINKS_FIRST) => {
                return Listed::Segments;
            }
            None => {}
        }
    }
    let mut title = None;
    for line in lines {
        if line.starts_with("#EXTINF") {
            title = line.split_once(',').map(|(_, title)| title.to_owned());
        } else if !line.starts_with('#') && !line.is_empty() {
            let other = || line.contains("://") && deviates(switch::TRACKS_231_ANY_SCHEME);
            if link(line) || other() {
                return Listed::Link { url: line.trim().to_owned(), title };
            }
            title = None;
        }
    }
    Listed::Nothing
}

/// The files have numbers. Of several the real server takes the one that comes first in a hash
/// table of Java's.
fn pls(lines: &[&str]) -> Listed {
    let mut files: Vec<(&str, &str)> = Vec::new();
    let mut titles: Vec<(&str, &str)> = Vec::new();
    for line in lines {
        let line = line.trim_start();
        let numbered = |name: &str| {
            let after = match line.split_at_checked(name.len()) {
                Some((other, rest))
                    if other.eq_ignore_ascii_case(name)
                        && (other == name || deviates(switch::TRACKS_232_CASE_IGNORED)) =>
                {
                    rest
                }
                _ => return None,
            };
            let (number, value) = after.split_once('=')?;
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            digits.then_some((number, value))
        };
        let (list, (number, value)) = match (numbered("File"), numbered("Title")) {
            (Some(file), _) if link(file.1) => (&mut files, file),
            (_, Some(title)) => (&mut titles, title),
            _ => continue,
        };
        match list.iter_mut().find(|(known, _)| *known == number) {
            Some(entry) => entry.1 = value,
            None => list.push((number, value)),
        }
    }
    let buckets = buckets(files.len());
    let bucket = |(number, _): &&(&str, &str)| spread_hash(number) & (buckets - 1);
    let chosen = either(switch::TRACKS_232_LAST, files.iter().min_by_key(bucket), files.last());
    let Some((number, url)) = chosen else { return Listed::Nothing };
    let title = titles.iter().find(|(titled, _)| titled == number);
    let title = title.map_or("Unknown title", |(_, title)| *title);
    let title = (!deviates(switch::TRACKS_232_NAMELESS)).then(|| title.to_owned());
    Listed::Link { url: (*url).to_owned(), title }
}

/// Buckets of a `HashMap` of so many entries.
fn buckets(entries: usize) -> u32 {
    let mut buckets: u32 = 16;
    while entries > buckets as usize / 4 * 3 {
        buckets = buckets.saturating_mul(2);
    }
    buckets
}

/// Java's hash of an ASCII text, as `HashMap` uses it.
fn spread_hash(text: &str) -> u32 {
    let hash =
        text.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Listed> {
        Some(List::of(text.as_bytes())?.read(text.as_bytes()))
    }

    fn to(url: &str, title: Option<&str>) -> Option<Listed> {
        Some(Listed::Link { url: url.into(), title: title.map(str::to_owned) })
    }

    #[test]
    fn an_m3u_is_a_link_or_a_stream_of_its_own() {
        assert_eq!(read("#EXTM3U\nhttp://a/b"), to("http://a/b", None));
        assert_eq!(read("#EXTM3U\r\n  icy://a/b  \r\n"), to("icy://a/b", None));
        assert_eq!(read("#EXTM3U\n#EXTINF:1,x\nhttp://a/b"), Some(Listed::Segments));
        assert_eq!(read("#EXTINF:1,x\na.ts"), Some(Listed::Segments));
        assert_eq!(
            read("#EXTM3U\n#EXT-X-STREAM-INF:A=1\n#EXT-X-B\na.m3u8"),
            Some(Listed::Segments)
        );
        for nothing in ["#EXTM3U", "#EXTM3U\na.mp3", "#EXTM3U\nHTTP://a/b", "#EXTM3U\n#EXTINF:1,x"]
        {
            assert_eq!(read(nothing), Some(Listed::Nothing), "{nothing}");
        }
        assert_eq!(read("\n#EXTM3U\nhttp://a/b"), None);
    }

    #[test]
    fn a_pls_names_its_files() {
        assert_eq!(read("[playlist]\nFile1=http://a\nTitle1=T"), to("http://a", Some("T")));
        assert_eq!(
            read("[Playlist]\r\nFile1=http://a \r\n"),
            to("http://a", Some("Unknown title"))
        );
        assert_eq!(read("[playlist]\nfile1=http://a\nFile2=a"), Some(Listed::Nothing));
        assert_eq!(read("[PLAYLIST]\nFile1=http://a"), None);
        // As a real Lavalink 4.2.2 chose.
        let list = |numbers: &[u32]| {
            let lines = numbers.iter().map(|n| format!("File{n}=http://{n}\nTitle{n}=T{n}\n"));
            format!("[playlist]\n{}", lines.collect::<String>())
        };
        for (numbers, chosen) in
            [(vec![2, 1], 1), (vec![10, 9], 9), (vec![21, 3, 100], 100), ((5..40).collect(), 22)]
        {
            let title = format!("T{chosen}");
            let url = format!("http://{chosen}");
            assert_eq!(read(&list(&numbers)), to(&url, Some(&title)), "{numbers:?}");
        }
    }

    #[test]
    fn a_plain_list_begins_with_a_link() {
        assert_eq!(read("https://a/b\nhttp://c"), to("https://a/b", None));
        assert_eq!(read("icy://a \r\n"), to("icy://a", None));
        assert_eq!(read("see http://a"), None);
    }
}
