//! Voice channels of a scenario.

use std::time::Duration;

use serde_json::{Value, json};

use super::World;
use crate::discord::{Event, Record, Room};
use crate::failure::Failure;

/// How long a target may take to join. It may do so for the first time since it started.
const JOIN_LIMIT: Duration = Duration::from_secs(10);

/// How long the gateway may take to notice that its certificate was refused.
const TLS_NOTICE: Duration = Duration::from_secs(1);

/// How long a target may take to say that it is silent, once it knows how to be heard. Some never
/// say it.
const QUIET_LIMIT: Duration = Duration::from_millis(500);

impl World {
    /// Opens a voice channel for a player ("" is the one without a name). `${voice}` is what
    /// Discord would tell the bot, `${voice.NAME}` for a player with a name.
    pub(crate) async fn open_room(&mut self, player: &str) -> Result<Value, Failure> {
        let settings = self.settings()?;
        let room = Room::open(&settings.authority, &self.timeline).await;
        let room =
            room.map_err(|error| Failure::harness(format!("no voice channel opens: {error}")))?;
        let data = json!({
            "token": format!("token{:016x}", rand::random::<u64>()),
            "endpoint": room.endpoint(),
            "sessionId": format!("{:032x}", rand::random::<u128>()),
            "channelId": super::variables::snowflake(),
        });
        if let (Some(control), false) = (&settings.manual_time, self.begun()?.listens) {
            // Making sound takes longer than everything else, and nobody would hear it.
            control.spare_sound(&settings).await?;
        }
        self.remember(&named("voice", player), &data);
        self.rooms.insert(player.to_owned(), room);
        Ok(data)
    }

    pub(crate) fn room(&self, player: &str) -> Result<&Room, Failure> {
        let room = self.rooms.get(player);
        room.ok_or_else(|| Failure::harness("there is no voice channel in this scenario"))
    }

    /// Whether a voice channel was opened for a player.
    pub(crate) fn has_room(&self, player: &str) -> bool {
        self.rooms.contains_key(player)
    }

    /// Takes the voice channel away from a player that did not join it. Nobody is made to wait for
    /// that again by a scenario which can do without.
    pub(crate) fn give_up_room(&mut self, player: &str) -> Result<(), Failure> {
        self.rooms.remove(player);
        self.begun()?.lease.note_stays_out();
        Ok(())
    }

    /// Whether the target did not join a voice channel that a scenario could do without.
    pub(crate) fn stays_out(&self) -> Result<bool, Failure> {
        Ok(self.begun()?.lease.stays_out())
    }

    /// Waits until something is so in a voice channel.
    pub(crate) async fn wait_in_room<T>(
        &self,
        player: &str,
        what: &str,
        found: impl FnMut(&Record) -> Option<T>,
    ) -> Result<T, Failure> {
        let limit = self.settings()?.budgets.message_limit();
        self.wait_in_room_for(player, what, limit, found).await
    }

    async fn wait_in_room_for<T>(
        &self,
        player: &str,
        what: &str,
        limit: Duration,
        found: impl FnMut(&Record) -> Option<T>,
    ) -> Result<T, Failure> {
        let room = self.room(player)?;
        room.wait(limit, found).await.ok_or_else(|| {
            let mut failure = Failure::late(format!("voice channel: no {what} within {limit:?}"));
            let seen: Vec<_> = room.now().events.iter().map(Event::describe).collect();
            failure.difference.push(format!("expected {what}, seen: {}", seen.join(", ")));
            failure
        })
    }

    /// Whether a target of the run has joined a voice channel: one that fails TLS now does not for a
    /// lack of trust.
    fn trusts(&self) -> bool {
        self.settings().is_ok_and(|settings| settings.authority.is_trusted())
    }

    /// Why a target has not joined, if it does not trust the certificate of the gateway: then
    /// nothing can be judged.
    pub(crate) async fn without_trust(&self, player: &str, failure: Failure) -> Failure {
        let Ok(room) = self.room(player) else { return failure };
        if self.trusts() {
            return failure;
        }
        tls_failure(room).await.map_or(failure, |seen| lacking_trust(&seen))
    }

    /// The failure of a step, or that nothing can be judged, as a gateway was refused for its
    /// certificate that showed the right one.
    pub(crate) async fn unless_distrusted(&self, failure: Failure) -> Failure {
        let connected = |event: &Event| matches!(event, Event::Connected(_));
        if self.trusts() {
            return failure;
        }
        for room in self.rooms.values() {
            if room.is_impostor() || room.now().events.iter().any(connected) {
                continue;
            }
            let seen = tls_failure(room).await.unwrap_or_default();
            if seen.contains("UnknownCA") || seen.contains("ertificate") {
                return lacking_trust(&seen);
            }
        }
        failure
    }

    /// Waits until the target can be heard in a voice channel. One that does not trust the
    /// certificate of the gateway cannot be judged.
    pub(crate) async fn wait_until_joined(&self, player: &str) -> Result<(), Failure> {
        let selected =
            |record: &Record| record.events.iter().any(|e| matches!(e, Event::Selected(_)));
        let joined =
            self.wait_in_room_for(player, "selection of a protocol", JOIN_LIMIT, |record| {
                selected(record).then_some(())
            });
        if let Err(failure) = joined.await {
            return Err(self.without_trust(player, failure).await);
        }
        self.settings()?.authority.note_trusted();
        let quiet = |record: &Record| record.events.contains(&Event::Speaking(false)).then_some(());
        self.room(player)?.wait(QUIET_LIMIT, quiet).await;
        Ok(())
    }
}

/// How TLS with a gateway failed. It may learn later than the target that they do not come together.
async fn tls_failure(room: &Room) -> Option<String> {
    room.wait(TLS_NOTICE, |record| record.tls_failure.clone()).await
}

fn lacking_trust(seen: &str) -> Failure {
    Failure::lacking(format!(
        "the target does not join voice channels of this run ({seen}); it has to trust the \
         certificate of {{ca}} or --voice-ca-out"
    ))
}

/// `name` or `name.player`.
fn named(name: &str, player: &str) -> String {
    if player.is_empty() { name.to_owned() } else { format!("{name}.{player}") }
}
