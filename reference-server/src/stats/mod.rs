//! Statistics: what the machine does, and how many players there are.

mod machine;

pub(crate) use machine::Machine;
use serde_json::{Map, Value, json};

use crate::clock::Moment;
use crate::server::Server;

/// What `/v4/stats` and the `stats` message tell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stats(Map<String, Value>);

impl Stats {
    /// As things are now. Frame statistics are null until a session has them.
    pub(crate) fn read(server: &Server) -> Self {
        let (players, playing) = server.sessions.count_players();
        let now = server.clock.now();
        let machine = server.machine.read(now);
        let uptime = now.since(Moment::BEGIN).as_millis();
        let stats = json!({
            "frameStats": null,
            "players": players,
            "playingPlayers": playing,
            "uptime": u64::try_from(uptime).unwrap_or(u64::MAX),
            "memory": {
                "free": machine.memory.free,
                "used": machine.memory.used,
                "allocated": machine.memory.allocated,
                "reservable": machine.memory.reservable,
            },
            "cpu": {
                "cores": machine.cores,
                "systemLoad": machine.system_load,
                "lavalinkLoad": machine.process_load,
            },
        });
        Self(if let Value::Object(map) = stats { map } else { Map::new() })
    }

    /// For REST.
    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// For the socket, `op` first.
    pub(crate) fn message(self) -> Value {
        let mut message = Map::new();
        message.insert("op".into(), "stats".into());
        message.extend(self.0);
        Value::Object(message)
    }
}
