//! Players over REST.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use http::StatusCode;
use serde_json::Value;

use super::body;
use crate::deviations::switch::Seam;
use crate::error::ApiError;
use crate::json::{Json as Body, Undecodable};
use crate::player::PlayerUpdate;
use crate::server::Server;
use crate::session::{Call, Handle, Patch};

/// The result of a request about players.
pub(crate) type Answer = Result<Reply, ApiError>;

/// The answer to a request about players that could be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    /// A player object, or a list of them.
    Shown(Value),
    /// There is no such player any more.
    Destroyed { was_there: bool },
}

/// A request about players.
#[derive(Clone)]
pub(crate) struct AboutPlayers {
    pub(crate) server: Server,
    pub(crate) session: String,
    /// As it stands in the path.
    pub(crate) guild: String,
    pub(crate) kind: Kind,
    /// The body of an update, if it could be read.
    pub(crate) patch: Option<Patch>,
}

/// The kind of a request about players.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    List,
    Fetch,
    Destroy,
    Update,
}

/// Where deviations change the body of a PATCH before it is decoded, or refuse it.
pub(crate) static BODIES: Seam<ChangeBody> = Seam::new();

/// Where deviations change answers to requests about players.
pub(crate) static ABOUT_PLAYERS: Seam<ChangeAnswer> = Seam::new();

type ChangeBody = fn(&mut Body) -> Result<(), Undecodable>;

type ChangeAnswer = fn(AboutPlayers, Answer) -> BoxFuture<'static, Answer>;

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self {
            Self::Shown(value) => Json(value).into_response(),
            Self::Destroyed { .. } => StatusCode::NO_CONTENT.into_response(),
        }
    }
}

/// `GET /v4/sessions/{session}/players`.
pub(crate) async fn list(State(server): State<Server>, Path(session): Path<String>) -> Answer {
    let shown = match find(&server, &session) {
        Ok(handle) => handle.call(Call::ShowPlayers).await.ok_or_else(gone),
        Err(error) => Err(error),
    };
    About(&server, &session, "").answer(Kind::List, None, shown.map(Reply::Shown)).await
}

/// `GET /v4/sessions/{session}/players/{guild}`.
pub(crate) async fn fetch(
    State(server): State<Server>,
    Path((session, guild)): Path<(String, String)>,
) -> Answer {
    let answer = shown(&server, &session, &guild).await;
    About(&server, &session, &guild).answer(Kind::Fetch, None, answer).await
}

/// `DELETE /v4/sessions/{session}/players/{guild}`: 204, whether there was one or not.
pub(crate) async fn destroy(
    State(server): State<Server>,
    Path((session, guild)): Path<(String, String)>,
) -> Answer {
    let answer = destroyed(&server, &session, &guild).await;
    About(&server, &session, &guild).answer(Kind::Destroy, None, answer).await
}

/// `PATCH /v4/sessions/{session}/players/{guild}`.
pub(crate) async fn update(
    State(server): State<Server>,
    Path((session, guild)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let patch = read(&server, &guild, request).await;
    let kept = patch.as_ref().ok().filter(|_| ABOUT_PLAYERS.get().is_some()).cloned();
    let answer = match patch {
        Ok(patch) => updated(&server, &session, patch).await,
        Err(error) => Err(error),
    };
    About(&server, &session, &guild).answer(Kind::Update, kept, answer).await
}

/// The server, the session and the guild that a request names.
struct About<'a>(&'a Server, &'a str, &'a str);

impl About<'_> {
    /// The answer as it is given.
    async fn answer(self, kind: Kind, patch: Option<Patch>, answer: Answer) -> Answer {
        let Some(change) = ABOUT_PLAYERS.get() else { return answer };
        let Self(server, session, guild) = self;
        let (session, guild) = (session.to_owned(), guild.to_owned());
        change(AboutPlayers { server: server.clone(), session, guild, kind, patch }, answer).await
    }
}

async fn shown(server: &Server, session: &str, guild: &str) -> Answer {
    let guild = body::guild(guild)?;
    let session = find(server, session)?;
    let player = session.call(|reply| Call::ShowPlayer(guild, reply)).await;
    let player = player.ok_or_else(gone)?;
    player.map(Reply::Shown).ok_or_else(|| ApiError::not_found("Player not found"))
}

async fn destroyed(server: &Server, session: &str, guild: &str) -> Answer {
    let guild = body::guild(guild)?;
    let session = find(server, session)?;
    let destroyed = session.call(|reply| Call::DestroyPlayer(guild, reply)).await;
    Ok(Reply::Destroyed { was_there: destroyed.ok_or_else(gone)? })
}

/// Reads a request; nothing of it is applied if any of it makes no sense.
async fn read(server: &Server, guild: &str, request: Request) -> Result<Patch, ApiError> {
    let guild = body::guild(guild)?;
    let no_replace = body::flag(request.uri(), "noReplace")?;
    let mut body = body::json(server, request).await?;
    if let Some(change) = BODIES.get() {
        change(&mut body)?;
    }
    let update = PlayerUpdate::decode(&body)?;
    Ok(Patch { guild, update, no_replace })
}

async fn updated(server: &Server, session: &str, patch: Patch) -> Answer {
    let session = find(server, session)?;
    patch.apply(&server.shared, &session).await.map(Reply::Shown)
}

/// A session whose client is there; 404 otherwise.
fn find(server: &Server, session: &str) -> Result<Handle, ApiError> {
    server.sessions.find(session).ok_or_else(gone)
}

fn gone() -> ApiError {
    ApiError::session_not_found()
}
