//! Statistics: what the machine does, and how many players there are.

mod machine;

pub(crate) use machine::Machine;
use serde_json::{Map, Value, json};

use crate::clock::Moment;
use crate::deviations::{deviates, either};
use crate::server::Server;

/// What `/v4/stats` and the `stats` message tell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stats(Map<String, Value>);

impl Stats {
    /// As things are now. Frame statistics are null until a session has them.
    pub(crate) fn read(server: &Server) -> Self {
        let (players, playing) = server.sessions.count_players();
        let players = either("LL-STATS-040/only-playing", players, playing);
        let players = either("LL-STATS-041/one-session", players, players.min(1));
        let playing = either("LL-STATS-043/all", playing, players);
        let playing = either("LL-STATS-003/more-play", playing, players + 1);
        let now = server.clock.now();
        let machine = server.machine.read(now);
        let uptime = now.since(Moment::BEGIN).as_millis();
        let uptime = either("LL-STATS-007/seconds", uptime, uptime / 1000);
        let uptime = either("LL-STATS-007/constant", uptime, 1);
        let load = either("LL-STATS-005/percent", machine.system_load, 42.0);
        let load = either("LL-STATS-006/always-new", load, rand::random());
        let free = machine.memory.free;
        let mut stats = json!({
            "frameStats": null,
            "players": players,
            "playingPlayers": playing,
            "uptime": u64::try_from(uptime).unwrap_or(u64::MAX),
            "memory": {
                "free": either("LL-STATS-004/free-beyond", free, machine.memory.allocated + 1),
                "used": either("LL-STATS-004/nothing-used", machine.memory.used, 0),
                "allocated": machine.memory.allocated,
                "reservable": machine.memory.reservable,
            },
            "cpu": {
                "cores": either("LL-STATS-005/no-cores", machine.cores, 0),
                "systemLoad": load,
                "lavalinkLoad": machine.process_load,
            },
        });
        if let Some(memory) = stats["memory"].as_object_mut()
            && deviates("LL-STATS-001/no-reservable")
        {
            memory.remove("reservable");
        }
        let mut map = if let Value::Object(map) = stats { map } else { Map::new() };
        if deviates("LL-STATS-001/flat-cpu") {
            map.remove("cpu");
            map.insert("cores".into(), machine.cores.into());
        }
        Self(map)
    }

    /// For REST.
    pub(crate) fn to_json(&self) -> Value {
        let mut map = self.0.clone();
        if deviates("LL-STATS-002/absent") {
            map.remove("frameStats");
        }
        if deviates("LL-STATS-002/zeros") {
            map.insert("frameStats".into(), json!({"sent": 0, "nulled": 0, "deficit": 0}));
        }
        Value::Object(map)
    }

    /// For the socket, `op` first.
    pub(crate) fn message(self) -> Value {
        let mut message = Map::new();
        message.insert("op".into(), "stats".into());
        message.extend(self.0);
        if deviates("LL-STATS-021/absent") {
            message.remove("frameStats");
        }
        if deviates("LL-STATS-007/of-session") {
            message.insert("uptime".into(), 0.into());
        }
        if let Some(players) = message["players"].as_u64()
            && deviates("LL-STATS-024/one-more")
        {
            message.insert("players".into(), (players + 1).into());
        }
        Value::Object(message)
    }
}
