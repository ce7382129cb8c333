//! Statistics: what the machine does, how many players there are, and how their frames went.

mod frames;
mod machine;
pub(crate) mod metrics;

pub(crate) use frames::{FrameCounter, average};
pub(crate) use machine::Machine;
use machine::Reading;
use metrics::Gauge;
use serde_json::{Map, Value, json};

use crate::control::Figures;
use crate::deviations::{deviates, either};
use crate::server::Server;

/// What `/v4/stats`, the `stats` message and the metrics tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stats {
    players: usize,
    playing: usize,
    /// Milliseconds since the server began.
    uptime: u64,
    machine: Reading,
}

impl Stats {
    /// As things are now.
    pub(crate) fn read(server: &Server) -> Self {
        let (players, playing) = server.sessions.count_players();
        let players = either("LL-STATS-040/only-playing", players, playing);
        let players = either("LL-STATS-041/one-session", players, players.min(1));
        let playing = either("LL-STATS-043/all", playing, players);
        let playing = either("LL-STATS-043/never", playing, 0);
        let now = server.clock.now();
        let mut machine = server.machine.read(now);
        let load = either("LL-STATS-090/percent", machine.system_load, 42.0);
        machine.system_load = either("LL-STATS-006/always-new", load, rand::random());
        let made_up = server.controls.as_ref().map(|controls| controls.statistics.figures());
        let uptime = now.since(server.clock.origin()).as_millis();
        let stats = Self {
            players,
            playing: either("LL-STATS-003/more-play", playing, players + 1),
            uptime: u64::try_from(uptime).unwrap_or(u64::MAX),
            machine,
        };
        made_up.map_or(stats, |figures| stats.with(&figures))
    }

    /// With figures that are made up.
    fn with(mut self, figures: &Figures) -> Self {
        fn put<T: Copy>(own: &mut T, figure: Option<T>) {
            *own = figure.unwrap_or(*own);
        }
        let count = |figure: Option<u64>| figure.and_then(|figure| usize::try_from(figure).ok());
        put(&mut self.players, count(figures.players));
        put(&mut self.playing, count(figures.playing));
        put(&mut self.uptime, figures.uptime);
        let Reading { memory, cores, system_load, process_load } = &mut self.machine;
        put(&mut memory.free, figures.free);
        put(&mut memory.used, figures.used);
        put(&mut memory.allocated, figures.allocated);
        put(&mut memory.reservable, figures.reservable);
        put(cores, count(figures.cores));
        put(system_load, figures.system_load);
        put(process_load, figures.lavalink_load);
        self
    }

    fn map(self) -> Map<String, Value> {
        let Reading { memory, cores, system_load, process_load } = self.machine;
        let uptime = either("LL-STATS-007/seconds", self.uptime, self.uptime / 1000);
        let mut stats = json!({
            "frameStats": null,
            "players": self.players,
            "playingPlayers": self.playing,
            "uptime": either("LL-STATS-007/constant", uptime, 1),
            "memory": {
                "free": either("LL-STATS-091/free-beyond", memory.free, memory.allocated + 1),
                "used": either("LL-STATS-004/nothing-used", memory.used, 0),
                "allocated": either(
                    "LL-STATS-008/more",
                    memory.allocated,
                    memory.allocated.midpoint(memory.reservable),
                ),
                "reservable": memory.reservable,
            },
            "cpu": {
                "cores": either("LL-STATS-005/no-cores", cores, 0),
                "systemLoad": system_load,
                "lavalinkLoad": process_load,
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
            map.insert("cores".into(), cores.into());
        }
        map
    }

    /// For REST.
    pub(crate) fn to_json(self) -> Value {
        let mut map = self.map();
        if deviates("LL-STATS-089/absent") {
            map.remove("frameStats");
        }
        if deviates("LL-STATS-002/zeros") {
            map.insert("frameStats".into(), json!({"sent": 0, "nulled": 0, "deficit": 0}));
        }
        Value::Object(map)
    }

    /// For the socket, `op` first, with the frames of its session.
    pub(crate) fn message(self, frames: Value) -> Value {
        let mut message = Map::new();
        message.insert("op".into(), "stats".into());
        message.extend(self.map());
        message.insert("frameStats".into(), frames);
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

    /// For Prometheus: the names and help texts of the real server's gauges.
    pub(crate) fn gauges(self) -> Vec<Gauge> {
        let Reading { memory, cores, system_load, process_load } = self.machine;
        let players = self.players as f64;
        let playing = either("LL-STATS-084/all-play", self.playing as f64, players);
        let uptime = self.uptime as f64;
        let gauge = |name, help, value| Gauge { name, help, value };
        let mut gauges = vec![
            gauge("lavalink_players_total", "Total number of players connected.", players),
            gauge(
                "lavalink_playing_players_total",
                "Number of players currently playing audio.",
                playing,
            ),
            gauge(
                "lavalink_uptime_milliseconds",
                "Uptime of the node in milliseconds.",
                either("LL-STATS-084/seconds", uptime, uptime / 1000.0),
            ),
            gauge(
                "lavalink_memory_free_bytes",
                "Memory statistics in bytes. (Free)",
                memory.free as f64,
            ),
            gauge(
                "lavalink_memory_used_bytes",
                "Memory statistics in bytes. (Used)",
                memory.used as f64,
            ),
            gauge(
                "lavalink_memory_allocated_bytes",
                "Memory statistics in bytes. (Allocated)",
                memory.allocated as f64,
            ),
            gauge(
                "lavalink_memory_reservable_bytes",
                "Memory statistics in bytes. (Reservable)",
                memory.reservable as f64,
            ),
            gauge("lavalink_cpu_cores", "CPU statistics. (Cores)", cores as f64),
            gauge(
                "lavalink_cpu_system_load_percentage",
                "CPU statistics. (System Load)",
                either("LL-STATS-085/percent", system_load, 42.0),
            ),
            gauge(
                "lavalink_cpu_lavalink_load_percentage",
                "CPU statistics. (LL Load)",
                process_load,
            ),
        ];
        if deviates("LL-STATS-080/one-missing") {
            gauges.retain(|gauge| gauge.name != "lavalink_cpu_cores");
        }
        if deviates("LL-STATS-080/one-twice") {
            gauges.push(gauges[0]);
        }
        if deviates("LL-STATS-088/frames") {
            gauges.push(gauge("lavalink_frames_sent", "Frames sent.", 0.0));
        }
        gauges
    }
}
