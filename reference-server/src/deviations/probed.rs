//! Breaks of which addresses are looked up, and of what is found out of a track.

use super::row::{Row, run};
use crate::tracks::Probed;

type Change = fn(&mut Probed);

const fn probed(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    probed("LL-TRACKS-005/by-name", "a file whose name ends otherwise than its content is a stream", |found| if found.container != found.extension {
        found.length = None;
    }),
    probed("LL-TRACKS-005/flac-is-a-stream", "a flac is a stream", |found| if found.container == "flac" {
        found.length = None;
    }),
    probed("LL-TRACKS-006/ignored", "tags are ignored", |found| {
        (found.title, found.author, found.isrc) = (None, None, None);
    }),
    probed("LL-TRACKS-006/swapped", "title and author are swapped", |found| std::mem::swap(&mut found.title, &mut found.author)),
    probed("LL-TRACKS-007/off-by-one", "the length is a millisecond too long", |found| found.length = found.length.map(|ms| ms + 1)),
    probed("LL-TRACKS-007/seconds", "the length is in seconds", |found| found.length = found.length.map(|ms| ms / 1000)),
    probed("LL-TRACKS-009/always-mp3", "every container is called mp3", |found| found.container = "mp3".into()),
    probed("LL-TRACKS-009/by-name", "pluginInfo names the end of the address", |found| found.container = found.extension.clone()),
    probed("LL-TRACKS-230/not-a-stream", "a stream over HTTP has an end", |found| if found.container == "m3u|hls-outer" {
        found.length = Some(0);
    }),
    probed("LL-TRACKS-250/before-tags", "what a radio says counts more than a tag", |found| {
        found.title = found.described_title.clone().or(found.title.take());
    }),
    probed("LL-TRACKS-250/ignored", "what a radio says is ignored", |found| {
        (found.described_title, found.described_author) = (None, None);
    }),
    probed("LL-TRACKS-270/ascii-only", "what is not ASCII in a title is lost", |found| if let Some(title) = &mut found.title {
        title.retain(|c| c.is_ascii());
    }),
    probed("LL-TRACKS-254/no-length", "an Ogg file of unknown length has none at all", |found| if found.container == "ogg" {
        found.length = found.length.or(Some(0));
    }),
    probed("LL-TRACKS-270/nameless", "titles of mp3 files are not read", |found| if found.container == "mp3" {
        found.title = None;
    }),
    probed("LL-TRACKS-270/no-isrc", "the ISRC of an mp3 file is not read", |found| if found.container == "mp3" {
        found.isrc = None;
    }),
    probed("LL-TRACKS-401/trimmed", "blanks around a title are left out", |found| found.title = found.title.take().map(|title| title.trim().to_owned())),
    probed("LL-TRACKS-401/empty-is-unknown", "a title without a letter is none", |found| found.title = found.title.take().filter(|title| !title.is_empty())),
    probed("LL-TRACKS-404/stream", "an mp4 is a stream", |found| if found.container == "mp4" {
        found.length = None;
    }),
    probed("LL-TRACKS-404/none", "a Matroska that names no length is a stream", |found| if found.container == "matroska/webm" {
        found.length = found.length.filter(|length| *length > 0);
    }),
    probed("LL-TRACKS-404/seconds", "the length of a Matroska is in seconds", |found| if found.container == "matroska/webm" {
        found.length = found.length.map(|length| length / 1000);
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Changes what was found out as the chosen deviations say.
pub(super) fn change(found: &mut Probed) {
    run(rows(), |row| {
        let before = found.clone();
        (row.change)(found);
        *found != before
    });
}

/// Says of a character whether it is legal, if it is one that it is about.
type Legal = fn(char) -> Option<bool>;

const fn legal(name: &'static str, summary: &'static str, change: Legal) -> Row<Legal> {
    Row { name, summary, change }
}

const CHARACTERS: &[Row<Legal>] = &[
    legal("LL-TRACKS-240/bar-taken", "a raw | is taken in a URL", |c| (c == '|').then_some(true)),
    legal("LL-TRACKS-240/blank-taken", "a raw blank is taken in a URL", |c| {
        (c == ' ').then_some(true)
    }),
    legal("LL-TRACKS-240/brackets-refused", "brackets are refused in a query", |c| {
        "[]".contains(c).then_some(false)
    }),
    legal("LL-TRACKS-240/line-taken", "a raw newline is taken in a URL", |c| {
        "\n\r\t".contains(c).then_some(true)
    }),
    legal("LL-TRACKS-240/only-ascii", "only ASCII is taken in a URL", |c| {
        (!c.is_ascii()).then_some(false)
    }),
];

pub(super) fn legal_rows() -> impl Iterator<Item = &'static Row<Legal>> {
    CHARACTERS.iter()
}

/// Whether a character is legal in an address, as the chosen deviations say.
pub(super) fn is_legal(c: char, mut legal: bool) -> bool {
    run(legal_rows(), |row| {
        let said = (row.change)(c);
        let changed = said.is_some_and(|said| said != legal);
        legal ^= changed;
        changed
    });
    legal
}
