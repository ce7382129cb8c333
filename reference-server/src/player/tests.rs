//! A player is told commands, and says what comes of them, without a session.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::clock::{Clock, Moment};
use crate::config::{ClockKind, Config};
use crate::json::Json;
use crate::latitude::Latitude;
use crate::message::{EndReason, Event, Message};
use crate::tracks::{Track, TrackInfo};
use crate::values::Values;

const GUILD: i64 = 7;

/// A player, and what it may know.
struct World {
    player: Player,
    now: Moment,
    serial: u64,
    config: Config,
    latitude: Latitude,
    values: Values,
}

impl World {
    fn new() -> Self {
        let values = Values::default();
        Self {
            player: Player::new(GUILD, &values),
            now: Clock::new(ClockKind::Manual).now(),
            serial: 0,
            config: Config::default(),
            latitude: Latitude::new(None),
            values,
        }
    }

    fn tell(&mut self, command: Command) -> Effects {
        self.serial += 1;
        let Self { player, now, serial, config, latitude, values } = self;
        let context = Context { now: *now, wall: 1000, serial: *serial, config, latitude, values };
        player.apply(command, &context)
    }

    fn patch(&mut self, body: &str, no_replace: bool) -> Effects {
        let update = PlayerUpdate::decode(&Json::read(body).unwrap()).unwrap();
        let plays = matches!(update.track_change(), TrackChange::Play(_));
        let track = plays.then(|| Ok(Box::new(track())));
        self.tell(Command::Update { update: Box::new(update), no_replace, track })
    }

    fn join(&mut self) {
        let voice = r#"{"token": "t", "endpoint": "e", "sessionId": "s", "channelId": "1"}"#;
        let body = format!(r#"{{"voice": {voice}}}"#);
        let update = PlayerUpdate::decode(&Json::read(&body).unwrap()).unwrap();
        let voice = update.voice.unwrap();
        let Outcome::Connect(serial) = self.tell(Command::VoiceData(voice.clone())).outcome else {
            panic!("no connection is asked for");
        };
        self.tell(Command::Connected { serial, voice, simulated: true });
    }
}

/// Ten seconds of anything.
fn track() -> Track {
    let info = TrackInfo {
        identifier: "x".into(),
        is_seekable: true,
        author: "a".into(),
        length: 10_000,
        is_stream: false,
        title: "t".into(),
        uri: None,
        artwork_url: None,
        isrc: None,
        source_name: "http".into(),
        probe_info: None,
    };
    Track::new(info, 0)
}

/// The messages to the client, in short.
fn told(effects: &Effects) -> Vec<String> {
    let short = |message: &Message| match message {
        Message::PlayerUpdate { state, .. } => format!("at {}", state["position"]),
        Message::Event { event: Event::Start(_), .. } => "start".to_owned(),
        Message::Event { event: Event::End(_, reason), .. } => format!("end: {}", reason.name()),
        other => format!("{other:?}"),
    };
    effects.messages.iter().map(short).collect()
}

#[test]
fn a_track_starts_and_its_position_is_shown_once() {
    let mut world = World::new();
    let effects = world.patch(r#"{"encodedTrack": "x", "position": 500}"#, false);
    assert_eq!(told(&effects), ["start", "at 500", "at 500"]);
    let Outcome::Answer(answer) = effects.outcome else { panic!("no answer") };
    assert_eq!(answer["state"]["position"], 500);
    assert_eq!(answer["guildId"], "7");
    let Outcome::Answer(answer) = world.patch("{}", false).outcome else { panic!("no answer") };
    assert_eq!(answer["state"]["position"], 0);
}

#[test]
fn a_track_before_its_beginning_and_a_stream_are_at_0_once_they_have_begun() {
    let mut stream = track();
    (stream.info.is_stream, stream.position) = (true, 700);
    for (track, position, told_first) in [(track(), "-500", "at -500"), (stream, "700", "at 700")] {
        let mut world = World::new();
        let body = format!(r#"{{"encodedTrack": "x", "position": {position}}}"#);
        let update = PlayerUpdate::decode(&Json::read(&body).unwrap()).unwrap();
        let (update, track) = (Box::new(update), Some(Ok(Box::new(track))));
        let effects = world.tell(Command::Update { update, no_replace: false, track });
        assert_eq!(told(&effects), ["start", told_first, "at 0"]);
        let Outcome::Answer(answer) = effects.outcome else { panic!("no answer") };
        assert_eq!(answer["state"]["position"], 0);
    }
}

#[test]
fn a_predecessor_ends_before_its_successor_starts() {
    let mut world = World::new();
    world.patch(r#"{"encodedTrack": "x"}"#, false);
    let effects = world.patch(r#"{"encodedTrack": "y"}"#, false);
    assert_eq!(told(&effects), ["end: replaced", "start", "at 0", "at 0"]);
    let effects = world.patch(r#"{"encodedTrack": null}"#, false);
    assert_eq!(told(&effects), ["end: stopped"]);
}

#[test]
fn what_is_skipped_is_not_applied_but_volume_is() {
    let mut world = World::new();
    world.patch(r#"{"encodedTrack": "x"}"#, false);
    let effects = world.patch(r#"{"encodedTrack": "y", "volume": 2000, "paused": true}"#, true);
    assert_eq!(told(&effects), [""; 0]);
    assert_eq!((world.player.volume, world.player.paused), (1000, false));
}

#[test]
fn a_refusal_keeps_what_came_before_it() {
    let mut world = World::new();
    let effects = world.patch(
        r#"{"encodedTrack": "x", "volume": 50, "filters": {"equalizer": [{"band": 99, "gain": 1}]}}"#,
        false,
    );
    assert!(matches!(effects.outcome, Outcome::Refused(_)), "{effects:?}");
    assert_eq!(world.player.volume, 50);
    assert!(world.player.track.is_none());
}

#[test]
fn an_identifier_is_looked_up_after_all_else() {
    let mut world = World::new();
    let effects = world.patch(r#"{"identifier": "x", "volume": 50}"#, false);
    assert_eq!(effects.outcome, Outcome::LookUp("x".into()));
    assert_eq!(world.player.volume, 50);
}

#[test]
fn a_seek_over_the_end_time_ends_the_track_where_it_was() {
    let mut world = World::new();
    world.patch(r#"{"encodedTrack": "x", "endTime": 5000}"#, false);
    let effects = world.patch(r#"{"position": 4000}"#, false);
    assert_eq!(told(&effects), ["at 4000"]);
    let effects = world.patch(r#"{"position": 6000}"#, false);
    assert_eq!(told(&effects), ["at 6000", "end: finished"]);
    let Message::Event { event: Event::End(track, EndReason::Finished), .. } = &effects.messages[1]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(track["info"]["position"], 0);
}

#[test]
fn a_track_that_nobody_hears_is_cleaned_up_after_a_minute() {
    let mut world = World::new();
    world.patch(r#"{"encodedTrack": "x"}"#, false);
    world.now = world.now + Duration::from_secs(59);
    assert_eq!(told(&world.tell(Command::Due(Due::Cleanup))), [""; 0]);
    world.now = world.now + Duration::from_secs(1);
    assert_eq!(told(&world.tell(Command::Due(Due::Cleanup))), ["end: cleanup"]);
    assert_eq!(world.player.next_update, Moment::NEVER);
}

#[test]
fn player_updates_keep_their_pace_when_one_is_late() {
    let mut world = World::new();
    world.patch(r#"{"encodedTrack": "x"}"#, false);
    let start = world.now;
    world.now = start + Duration::from_secs(13);
    assert!(world.player.is_due(Due::Update, world.now));
    assert_eq!(told(&world.tell(Command::Due(Due::Update))), ["at 0"]);
    assert_eq!(world.player.next_update, start + Duration::from_secs(15));
}

#[test]
fn a_player_leaves_with_a_farewell_if_it_is_connected() {
    let mut world = World::new();
    world.join();
    let effects = world.tell(Command::Destroy);
    let farewell = Event::Closed { code: 1000, reason: String::new(), by_remote: false };
    assert_eq!(effects.messages[0], Message::Event { guild: GUILD, event: farewell });
    assert!(matches!(effects.orders[..], [Order::Leave { comes_back: false }]), "{effects:?}");
    assert_eq!(effects.outcome, Outcome::Gone);
    let effects = World::new().tell(Command::Destroy);
    assert_eq!(told(&effects), [""; 0]);
}

#[test]
fn known_voice_data_keep_the_connection_and_others_close_it() {
    let mut world = World::new();
    world.join();
    let known = world.player.voice.data.clone().unwrap();
    assert_eq!(world.tell(Command::VoiceData(known.clone())).outcome, Outcome::Nothing);
    let effects = world.tell(Command::VoiceData(VoiceUpdate { token: "other".into(), ..known }));
    assert!(matches!(effects.outcome, Outcome::Connect(_)), "{effects:?}");
    assert!(matches!(effects.orders[..], [Order::Disconnect]), "{effects:?}");
    assert_eq!(effects.messages.len(), 2);
}

#[test]
fn news_of_an_older_connection_do_not_matter() {
    let mut world = World::new();
    world.join();
    let closed = News::Closed { code: 4006, reason: String::new(), by_remote: true };
    let effects = world.tell(Command::Voice { serial: 0, news: closed });
    assert_eq!(told(&effects), [""; 0]);
    assert!(world.player.voice.is_connected());
    assert_eq!(
        world.player.to_json(0)["voice"],
        json!({
            "token": "t", "endpoint": "e", "sessionId": "s", "channelId": "1",
        })
    );
}
