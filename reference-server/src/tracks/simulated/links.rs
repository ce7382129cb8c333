//! Links to YouTube and SoundCloud in every shape that people paste, as lavaplayer 2.2.6 tells them
//! apart (docs/observed/tracks-and-sources.md#links-to-youtube-and-soundcloud).

use reqwest::Url;

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// The id of a video.
    Video(String),
    /// A list of videos, and the one of them that the link means.
    Videos { list: String, selected: Option<String> },
    /// Videos that the link itself names.
    TheseVideos(Vec<String>),
    /// A song of a user.
    Song { user: String, name: String },
    /// A list of songs of a user.
    Songs { user: String, name: String },
    /// Nothing, although the address is one of theirs.
    Nothing,
}

const YOUTUBE: [&str; 4] = ["youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"];
const SHORT: [&str; 2] = ["youtu.be", "www.youtu.be"];
const SOUNDCLOUD: [&str; 4] =
    ["soundcloud.com", "www.soundcloud.com", "m.soundcloud.com", "www.m.soundcloud.com"];
/// Where SoundCloud's own short links lead from there.
const SOUNDCLOUD_SHORT: [&str; 2] = ["on.soundcloud.com", "soundcloud.app.goo.gl"];

/// Characters of an id.
const ID: usize = 11;

/// What an identifier means to YouTube; `None` if it is not about YouTube.
pub(super) fn of_youtube(identifier: &str) -> Option<Link> {
    if is_id(identifier) {
        return Some(Link::Video(identifier.to_owned()));
    }
    let is_list = ["PL", "LL", "FL", "UU"].iter().any(|kind| identifier.starts_with(kind))
        && identifier.len() > 2
        && identifier.bytes().all(of_id);
    if is_list {
        return Some(Link::Videos { list: identifier.to_owned(), selected: None });
    }
    let url = address(identifier)?;
    let host = url.host_str()?;
    let path = url.path();
    if SHORT.contains(&host) {
        return Some(with_id(path.trim_start_matches('/'), &url));
    }
    if !YOUTUBE.contains(&host) {
        return None;
    }
    let folders = ["/embed/", "/shorts/", "/live/"];
    if let Some(id) = folders.iter().find_map(|folder| path.strip_prefix(folder)) {
        return Some(with_id(id, &url));
    }
    let link = match path {
        "/watch" => parameter(&url, "v").map(|id| with_id(&id, &url)),
        "/playlist" => parameter(&url, "list").map(|list| Link::Videos { list, selected: None }),
        "/watch_videos" => parameter(&url, "video_ids").map(|ids| {
            let ids = ids.split(',').filter(|id| is_id(id));
            Link::TheseVideos(ids.map(str::to_owned).collect())
        }),
        _ => None,
    };
    Some(link.filter(|link| *link != Link::TheseVideos(Vec::new())).unwrap_or(Link::Nothing))
}

/// What an identifier means to SoundCloud; `None` if it is not about SoundCloud.
pub(super) fn of_soundcloud(identifier: &str) -> Option<Link> {
    let url = address(identifier)?;
    let host = url.host_str()?;
    let parts: Vec<_> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let [user, name] = [0, 1].map(|at| parts.get(at).copied().unwrap_or_default().to_owned());
    if SOUNDCLOUD_SHORT.contains(&host) {
        let known = parts.len() == 1 && user.bytes().all(of_id);
        let song = Link::Song { user: "simulated".to_owned(), name: user };
        return Some(if known { song } else { Link::Nothing });
    }
    if !SOUNDCLOUD.contains(&host) {
        return None;
    }
    Some(match parts.as_slice() {
        [_, "likes"] => Link::Songs { name: format!("Liked by {user}"), user },
        [_, "sets", list] | [_, "sets", list, _] => Link::Songs { user, name: (*list).to_owned() },
        [_, _] => Link::Song { user, name },
        [_, _, secret] if secret.starts_with("s-") => Link::Song { user, name },
        _ => Link::Nothing,
    })
}

/// A link may lack its scheme, and something may follow it after a blank.
fn address(identifier: &str) -> Option<Url> {
    let link = identifier.split_ascii_whitespace().next()?;
    let has_scheme = link.starts_with("http://") || link.starts_with("https://");
    let known = |host: &&&str| link.starts_with(&format!("{host}/"));
    let all = || YOUTUBE.iter().chain(&SHORT).chain(&SOUNDCLOUD).chain(&SOUNDCLOUD_SHORT);
    match has_scheme {
        true => Url::parse(link).ok(),
        false => all().find(known).and_then(|_| Url::parse(&format!("https://{link}")).ok()),
    }
}

/// More than an id counts as the id at its beginning, as on YouTube.
fn with_id(text: &str, url: &Url) -> Link {
    let id = text.get(..ID).filter(|id| is_id(id));
    match (id, parameter(url, "list")) {
        (None, _) => Link::Nothing,
        (Some(id), Some(list)) => Link::Videos { list, selected: Some(id.to_owned()) },
        (Some(id), None) => Link::Video(id.to_owned()),
    }
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    let found = url.query_pairs().find(|(known, value)| known == name && !value.is_empty());
    found.map(|(_, value)| value.into_owned())
}

fn is_id(text: &str) -> bool {
    text.len() == ID && text.bytes().all(of_id)
}

fn of_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const DQW: &str = "dQw4w9WgXcQ";

    #[test]
    fn videos_have_many_addresses() {
        for link in [
            "dQw4w9WgXcQ",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "http://m.youtube.com/watch?t=5&v=dQw4w9WgXcQ&feature=share",
            "youtube.com/watch?v=dQw4w9WgXcQ",
            "music.youtube.com/watch?v=dQw4w9WgXcQ&si=x",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQjunk",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ and more",
            "https://youtu.be/dQw4w9WgXcQ?si=abc",
            "youtu.be/dQw4w9WgXcQ",
            "https://www.youtube.com/shorts/dQw4w9WgXcQ",
            "https://youtube.com/shorts/dQw4w9WgXcQ?feature=share",
            "https://www.youtube.com/live/dQw4w9WgXcQ?si=a",
            "https://www.youtube.com/embed/dQw4w9WgXcQ",
        ] {
            assert_eq!(of_youtube(link), Some(Link::Video(DQW.into())), "{link}");
        }
    }

    #[test]
    fn lists_may_mean_one_of_their_videos() {
        let list = |list: &str, selected: Option<&str>| {
            Some(Link::Videos { list: list.into(), selected: selected.map(str::to_owned) })
        };
        for (link, expected) in [
            ("PLabc", list("PLabc", None)),
            ("https://www.youtube.com/playlist?list=OLAK5uy_x", list("OLAK5uy_x", None)),
            ("https://youtu.be/dQw4w9WgXcQ?list=PL1", list("PL1", Some(DQW))),
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=RDx", list("RDx", Some(DQW))),
            ("https://youtube.com/shorts/dQw4w9WgXcQ?list=PL1", list("PL1", Some(DQW))),
        ] {
            assert_eq!(of_youtube(link), expected, "{link}");
        }
        let link = "https://www.youtube.com/watch_videos?video_ids=dQw4w9WgXcQ,short";
        assert_eq!(of_youtube(link), Some(Link::TheseVideos(vec![DQW.into()])));
    }

    #[test]
    fn songs_have_users_and_lists() {
        let song =
            |user: &str, name: &str| Some(Link::Song { user: user.into(), name: name.into() });
        let songs =
            |user: &str, name: &str| Some(Link::Songs { user: user.into(), name: name.into() });
        for (link, expected) in [
            ("https://soundcloud.com/a/b?in=x", song("a", "b")),
            ("m.soundcloud.com/a/b/", song("a", "b")),
            ("https://soundcloud.com/a/b/s-Xy1", song("a", "b")),
            ("https://on.soundcloud.com/x", song("simulated", "x")),
            ("https://soundcloud.com/a/sets/c", songs("a", "c")),
            ("https://soundcloud.com/a/sets/c/s-Xy1", songs("a", "c")),
            ("https://soundcloud.com/a/likes", songs("a", "Liked by a")),
        ] {
            assert_eq!(of_soundcloud(link), expected, "{link}");
        }
    }

    #[test]
    fn other_addresses_are_nothing_or_others() {
        for link in [
            "https://www.youtube.com/",
            "https://www.youtube.com/watch",
            "https://www.youtube.com/watch?v=short",
            "https://www.youtube.com/@someone",
            "https://youtu.be/",
        ] {
            assert_eq!(of_youtube(link), Some(Link::Nothing), "{link}");
        }
        for link in ["", "abc", "https://example.org/watch?v=dQw4w9WgXcQ", "example.org/a", "é"] {
            assert_eq!(of_youtube(link), None, "{link}");
            assert_eq!(of_soundcloud(link), None, "{link}");
        }
        assert_eq!(of_soundcloud("https://soundcloud.com/a"), Some(Link::Nothing));
    }
}
