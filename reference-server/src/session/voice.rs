//! The voice connections of a session's players.

use super::connection::Connection;
use super::players::Guild;
use super::{Call, Handle, Session};
use crate::deviations::switch::{self, deviates, either};
use crate::error::ApiError;
use crate::player::{Command, News, Outcome, VoiceUpdate};
use crate::shared::Shared;
use crate::voice::{ConnectError, Identity, Link, Outgoing, Report, Reporter, RtpStream};

/// Does what voice data ask for. It returns when the voice server has answered.
pub(crate) async fn apply(
    shared: &Shared,
    handle: &Handle,
    guild: i64,
    voice: VoiceUpdate,
) -> Result<(), ApiError> {
    let wanted = voice.clone();
    let asks = Box::new(Command::VoiceData(wanted));
    let outcome = handle.call(|reply| Call::Tell(guild, asks, reply)).await;
    let serial = match outcome.ok_or_else(ApiError::session_not_found)? {
        Outcome::Connect(serial) => serial,
        Outcome::Refused(error) => return Err(error),
        _ => return Ok(()),
    };
    let identity = Identity {
        user: handle.user(),
        guild,
        session_id: voice.session_id.clone(),
        token: voice.token.clone(),
        endpoint: voice.endpoint.clone(),
    };
    let link = match shared.simulates_voice() {
        true => None,
        false => {
            let reporter = ToSession { handle: handle.clone(), guild, serial };
            match Link::connect(shared, identity, reporter).await {
                Err(ConnectError::Endpoint(_)) if deviates(switch::VOICE_024_ACCEPTED) => None,
                link => Some(link.map_err(|error| refused(&error))?),
            }
        }
    };
    let connected = |done| Call::Connected { guild, serial, voice, link, done };
    handle.call(connected).await.ok_or_else(ApiError::session_not_found)
}

/// What a voice server that cannot be used comes to.
fn refused(error: &ConnectError) -> ApiError {
    tracing::warn!("a voice server cannot be used: {}", chain(error));
    if let ConnectError::Endpoint(_) = error {
        let exception = "java.lang.IllegalArgumentException: hostname can't be null";
        return ApiError::uncaught(exception);
    }
    let message = "Failed to connect to voice server";
    match error {
        ConnectError::Network(_) | ConnectError::Scheme(_) | ConnectError::TooSlow => {
            let other = ApiError::bad_request(message);
            either(switch::VOICE_023_BAD_REQUEST, ApiError::internal(message), other)
        }
        _ => ApiError::internal(message),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

/// Takes reports of a connection to its player.
struct ToSession {
    handle: Handle,
    guild: i64,
    serial: u64,
}

impl Reporter for ToSession {
    async fn report(&self, report: Report) {
        let (guild, serial) = (self.guild, self.serial);
        // Nobody wants to know if the session is over.
        self.handle.call(|done| Call::Report { guild, serial, report, done }).await;
    }
}

impl Session {
    /// The socket to the voice server is open; without a link there is none and need not be.
    pub(super) fn connected(
        &mut self,
        guild: i64,
        serial: u64,
        voice: VoiceUpdate,
        link: Option<Link>,
    ) {
        let Some(connection) = self.connection(guild, serial) else { return };
        let simulated = link.is_none();
        connection.link = link;
        if simulated {
            self.open_outgoing(guild, None);
        }
        self.command(guild, Command::Connected { serial, voice, simulated });
    }

    /// The voice connection of a player has something to report.
    pub(super) fn voice_report(&mut self, guild: i64, serial: u64, report: Report) {
        if self.connection(guild, serial).is_none() {
            return;
        }
        let news = match report {
            Report::Described(stream) => {
                self.open_outgoing(guild, Some(stream));
                News::Listening
            }
            Report::Ready => News::Ready,
            Report::Ping(ping) => News::Ping(ping),
            Report::Down { told } => News::Down { told },
            Report::Up => News::Up,
            Report::Closed { code, reason, by_remote } => News::Closed { code, reason, by_remote },
        };
        self.command(guild, Command::Voice { serial, news });
    }

    /// Frames are taken from now on, and sent if there is a stream.
    pub(crate) fn open_outgoing(&mut self, guild: i64, stream: Option<Box<RtpStream>>) {
        let now = self.shared.clock.now();
        let mut outgoing = Outgoing::new(stream, self.send_buffer(), now);
        outgoing.stutter_after(self.shared.latitude.stutters());
        if let Some(Guild { connection, .. }) = self.guilds.get_mut(&guild) {
            connection.outgoing = Some(outgoing);
        }
    }

    /// A player's connection, if its number is this one.
    fn connection(&mut self, guild: i64, serial: u64) -> Option<&mut Connection> {
        let Guild { player, connection } = self.guilds.get_mut(&guild)?;
        (player.voice.serial == serial).then_some(connection)
    }
}
