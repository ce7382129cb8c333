//! What is wrong with a server.

use serde::Serialize;

/// What kind of wrong it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// No answer, no close frame, no end of a connection within the limit.
    Hang,
    /// A 5xx that the real server does not give for this.
    ServerError,
    /// A request without the right password was served.
    LetIn,
    /// A body or a message is not as its schema says.
    Schema,
    /// What came is no HTTP or no WebSocket, or the connection ended where an answer was due.
    Broken,
    /// The server does not serve others any more.
    Dead,
    /// Memory or files grew and stayed.
    Growth,
    /// Players or sessions of clients that are gone are still there.
    Leak,
}

impl Fault {
    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hang => "hang",
            Self::ServerError => "server error",
            Self::LetIn => "served without the password",
            Self::Schema => "off the schema",
            Self::Broken => "broken answer",
            Self::Dead => "server does not serve any more",
            Self::Growth => "growth",
            Self::Leak => "left behind",
        }
    }
}

/// Something wrong that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) fault: Fault,
    /// The same for findings that probably have one cause.
    pub(crate) what: String,
    /// What else is known, line by line.
    pub(crate) detail: Vec<String>,
    /// A `curl` line that sends the request again, the password masked.
    pub(crate) curl: Option<String>,
}

impl Finding {
    /// Without details.
    pub(crate) fn new(fault: Fault, what: impl Into<String>) -> Self {
        Self { fault, what: what.into(), detail: Vec::new(), curl: None }
    }
}
