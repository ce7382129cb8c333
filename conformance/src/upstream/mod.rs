//! What a guarded source of the target talks to instead of YouTube: an HTTP server on loopback that
//! writes down where each request comes from and answers as a scenario says.
//!
//! There is one `Site` for a run. A scenario has an `Upstream`, its part of the site: requests
//! are told apart by what they ask for.

mod block;
mod pages;
mod script;
mod serve;
mod site;
mod state;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

pub(crate) use block::{Blocks, number, spelled};
pub(crate) use script::Reply;
pub(crate) use site::Site;
use state::State;

use crate::timeline::Timeline;

/// How a target is brought to ask the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamOptions {
    /// What a client loads to have `{query}` searched for.
    pub search: String,
    /// What a client loads to have the video `{id}` looked up; `None` if the target knows none.
    pub watch: Option<String>,
    /// Where the target expects it; free ports of 127.0.0.1 and `::1` if nobody says.
    pub listen: Vec<SocketAddr>,
    /// Host names whose certificate it shows; plain HTTP without any.
    pub tls: Vec<String>,
}

impl Default for UpstreamOptions {
    /// As the reference server has it.
    fn default() -> Self {
        Self {
            search: "ytsearch:{query}".into(),
            watch: Some("https://www.youtube.com/watch?v={id}".into()),
            listen: Vec::new(),
            tls: Vec::new(),
        }
    }
}

/// A request that came for the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Where it came from.
    pub(crate) source: IpAddr,
    /// What it asked for.
    pub(crate) asked: Asked,
    /// What it was answered.
    pub(crate) reply: Reply,
}

/// What a request of a scenario asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// Tracks for a query.
    Search,
    /// A video.
    Video,
    /// A plain address.
    Plain,
    /// The page of a video, which names the script of its player.
    Page,
    /// That script.
    Script,
}

impl Asked {
    /// As steps call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Video => "video",
            Self::Plain => "plain",
            Self::Page => "page",
            Self::Script => "script",
        }
    }

    /// Whether it asks for what a client loads, not for something that is needed on the way there.
    pub(crate) fn is_wanted(self) -> bool {
        matches!(self, Self::Search | Self::Video | Self::Plain)
    }
}

/// A scenario's part of the site, until it is dropped.
#[derive(Debug)]
pub(crate) struct Upstream {
    options: UpstreamOptions,
    /// The URL of the site without TLS.
    plain: String,
    state: Arc<State>,
}

impl Upstream {
    /// Has what comes written into a scenario's timeline.
    pub(crate) fn report_to(&self, timeline: Timeline) {
        self.state.record().timeline = Some(timeline);
    }

    /// What a client loads to have something searched for.
    pub(crate) fn search(&self, query: &str) -> String {
        self.options.search.replace("{query}", &format!("{} {query}", self.state.prefix))
    }

    /// What a client loads to have the video of the scenario looked up; `None` if the target knows
    /// no videos.
    pub(crate) fn watch(&self) -> Option<String> {
        self.options.watch.as_ref().map(|watch| watch.replace("{id}", &self.state.video))
    }

    /// An address that no guarded source has anything to do with.
    pub(crate) fn plain(&self) -> String {
        format!("{}/plain/{}", self.plain, self.state.prefix)
    }

    /// The id of that video.
    pub(crate) fn video(&self) -> &str {
        &self.state.video
    }

    /// Answers the next requests so, after those that have been promised an answer before.
    pub(crate) fn answer_next(&self, count: usize, reply: &Reply) {
        self.state.record().script.next(count, reply);
    }

    /// Answers the next requests for something so that is needed on the way to a video.
    pub(crate) fn answer_next_for(&self, asked: Asked, count: usize, reply: &Reply) {
        self.state.record().script.next_for(asked, count, reply);
    }

    /// Lets the next requests wait until all of them are there, and answers them so.
    pub(crate) fn answer_together(&self, count: usize, reply: &Reply) {
        self.state.record().script.together(count, reply);
    }

    /// Answers requests from that address so.
    pub(crate) fn answer_from(&self, source: IpAddr, reply: Reply) {
        self.state.record().script.from(source, reply);
    }

    /// Answers everything so that nothing else was said about.
    pub(crate) fn answer_all(&self, reply: Reply) {
        self.state.record().script.all(reply);
    }

    /// Everything that has come so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.record().seen.clone()
    }
}

/// Without an upstream: the text of a profile with an address where nobody is.
pub(crate) fn fill_with_nobody(profile: &str) -> String {
    profile.replace("{upstream}", "http://127.0.0.1:9").replace("{upstream6}", "http://[::1]:9")
}

#[cfg(test)]
mod tests;
