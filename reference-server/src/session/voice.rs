//! The voice connections of a session's players.

use std::time::Duration;

use http::StatusCode;

use super::update::tells_once;
use super::{Handle, Session};
use crate::deviations::{deviates, either};
use crate::error::ApiError;
use crate::latitude::Otherwise;
use crate::player::{EndReason, VoiceUpdate};
use crate::server::Server;
use crate::voice::{ConnectError, Identity, Link, Outgoing, Report, Reporter};

/// What voice data asks for.
#[derive(Debug)]
pub(crate) enum VoiceStep {
    /// Nothing: the connection is as it should be.
    Keep,
    /// A connection; the number tells it from others of the player.
    Connect(Identity, u64),
}

/// Does what voice data asks for. It returns when the voice server has answered.
pub(crate) async fn apply(
    server: &Server,
    handle: &Handle,
    guild: i64,
    voice: VoiceUpdate,
) -> Result<(), ApiError> {
    let wanted = voice.clone();
    let step = handle.ask(move |session| session.voice_step(guild, &wanted)).await;
    let (identity, serial) = match step.ok_or_else(ApiError::session_not_found)?? {
        VoiceStep::Keep => return Ok(()),
        VoiceStep::Connect(identity, serial) => (identity, serial),
    };
    let link = match server.simulates_voice() {
        true => None,
        false => {
            let reporter = ToSession { handle: handle.clone(), guild, serial };
            match Link::connect(server, identity, reporter).await {
                Err(ConnectError::Endpoint(_)) if deviates("LL-VOICE-024/accepted") => None,
                link => Some(link.map_err(|error| refused(&error))?),
            }
        }
    };
    let connected = handle.ask(move |session| session.connected(guild, serial, voice, link));
    connected.await.ok_or_else(ApiError::session_not_found)
}

/// What a voice server that cannot be used comes to.
fn refused(error: &ConnectError) -> ApiError {
    tracing::warn!("a voice server cannot be used: {}", chain(error));
    if let ConnectError::Endpoint(_) = error {
        let exception = "java.lang.IllegalArgumentException: hostname can't be null";
        return ApiError::uncaught(exception);
    }
    let message = "Failed to connect to voice server";
    let error = match error {
        ConnectError::Network(_) | ConnectError::Scheme(_) | ConnectError::TooSlow => {
            let other = ApiError::bad_request(message);
            either("LL-VOICE-023/bad-request", ApiError::internal(message), other)
        }
        _ => ApiError::internal(either("LL-VOICE-005/message", message, "No voice")),
    };
    let status = either("LL-VOICE-005/bad-gateway", error.status, StatusCode::BAD_GATEWAY);
    ApiError { status, ..error }
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
        self.handle.ask(move |session| session.voice_report(guild, serial, report)).await;
    }
}

impl Session {
    fn voice_step(&mut self, guild: i64, voice: &VoiceUpdate) -> Result<VoiceStep, ApiError> {
        let index = self.player_index(guild);
        if self.players.values().any(|player| player.voice.is_awaited())
            && deviates("LL-VOICE-034/one-at-a-time")
        {
            return Err(ApiError::internal("Failed to connect to voice server"));
        }
        voice.check_channel().map_err(|exception| {
            let error = ApiError::uncaught(&exception);
            either("LL-PLAYER-092/bad-request", error, ApiError::bad_request("Bad Request"))
        })?;
        let player = &mut self.players[index];
        let known = player.voice.data.as_ref() == Some(voice);
        let kept = match player.voice.is_connected() {
            true if known => !deviates("LL-VOICE-010/reconnects"),
            true => deviates("LL-VOICE-011/kept"),
            false => known && deviates("LL-VOICE-013/ignored"),
        };
        if kept || deviates("LL-PREREQUISITE-009/stays-out") {
            return Ok(VoiceStep::Keep);
        }
        let untold = self.server.latitude.takes(Otherwise::ClosedUntold);
        let was_linked = player.voice.close() && !untold;
        self.serials += 1;
        player.voice.serial = self.serials;
        if was_linked {
            let by_remote = self.server.latitude.takes(Otherwise::ClosedByEcho);
            let code = either("LL-VOICE-040/another-code", 1000, 1001);
            self.tell_closed(index, code, "", by_remote);
            if deviates("LL-VOICE-011/ends") {
                self.end_track(index, EndReason::Stopped);
            }
        }
        let identity = Identity {
            user: self.user,
            guild,
            session_id: voice.session_id.clone(),
            token: voice.token.clone(),
            endpoint: voice.endpoint.clone(),
        };
        Ok(VoiceStep::Connect(identity, self.serials))
    }

    /// The socket to the voice server is open; without a link there is none and need not be.
    fn connected(&mut self, guild: i64, serial: u64, voice: VoiceUpdate, link: Option<Link>) {
        let Some(index) = self.index_of_connection(guild, serial) else { return };
        let simulated = link.is_none();
        let player = &mut self.players[index];
        player.voice.open(voice, link);
        if deviates("LL-VOICE-002/at-once") {
            self.send_player_update(index);
        }
        if simulated {
            let now = self.server.clock.now();
            let mut outgoing = Outgoing::new(None, self.send_buffer(), now);
            outgoing.stutter_after(self.server.latitude.stutters());
            self.players[index].voice.set_outgoing(outgoing);
            self.send_player_update(index);
            self.decode_ahead(index);
        }
    }

    fn voice_report(&mut self, guild: i64, serial: u64, report: Report) {
        let Some(index) = self.index_of_connection(guild, serial) else { return };
        let now = self.server.clock.now();
        let has_track = self.players[index].track.is_some();
        let buffer = self.send_buffer();
        let voice = &mut self.players[index].voice;
        match report {
            Report::Ready if deviates("LL-VOICE-002/none") => {}
            Report::Ready if has_track && tells_once() => {}
            Report::Ready => self.send_player_update(index),
            Report::Described(_) if has_track && deviates("LL-PLAYBACK-043/never") => {}
            Report::Described(stream) => {
                let mut outgoing = Outgoing::new(Some(stream), buffer, now);
                outgoing.stutter_after(self.server.latitude.stutters());
                voice.set_outgoing(outgoing);
                let anew = now + self.update_interval();
                if let Some(track) = &mut self.players[index].track {
                    let next = track.next_update;
                    track.next_update = either("LL-PLAYBACK-081/anew", next, anew);
                }
                self.decode_ahead(index);
            }
            Report::Ping(ping) => {
                voice.set_ping(ping);
                if deviates("LL-VOICE-060/told") {
                    self.send_player_update(index);
                }
            }
            Report::Down => {
                voice.set_up(false);
                if deviates("LL-VOICE-038/told") {
                    self.send_player_update(index);
                }
                if deviates("LL-VOICE-038/closed") {
                    self.tell_closed(index, 1006, "", false);
                }
            }
            Report::Up => voice.set_up(true),
            Report::Closed { code, reason, by_remote } => {
                voice.end();
                self.tell_closed(index, code, &reason, by_remote);
            }
        }
    }

    /// How much sound a connection keeps to be sent.
    pub(super) fn send_buffer(&self) -> Duration {
        let buffer = self.server.config.buffer_duration_ms;
        Duration::from_millis(either("LL-PLAYBACK-085/default", buffer, 400))
    }

    fn index_of_connection(&self, guild: i64, serial: u64) -> Option<usize> {
        let index = self.players.get_index_of(&guild)?;
        (self.players[index].voice.serial == serial).then_some(index)
    }
}
