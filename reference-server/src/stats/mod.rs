//! Statistics: what the machine does, how many players there are, and how their frames went.

mod figures;
mod frames;
mod machine;
pub(crate) mod metrics;

use std::time::Duration;

pub(crate) use figures::Figures;
pub(crate) use frames::{FrameCounter, average};
pub(crate) use machine::Machine;
pub(crate) use machine::Reading;
use metrics::Gauge;
use serde_json::{Map, Value, json};

use crate::deviations::switch::{self, deviates, either};

/// What `/v4/stats`, the `stats` message and the metrics tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stats {
    players: usize,
    playing: usize,
    /// Milliseconds since the server began.
    uptime: u64,
    machine: Reading,
}

/// Players of all sessions whose socket is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) players: usize,
    pub(crate) playing: usize,
}

impl Stats {
    /// Of these counts and this reading, after the server has been up for so long.
    pub(crate) fn new(
        Counts { players, playing }: Counts,
        uptime: Duration,
        mut machine: Reading,
        made_up: Option<Figures>,
    ) -> Self {
        let players = either(switch::STATS_040_ONLY_PLAYING, players, playing);
        let players = either(switch::STATS_041_ONE_SESSION, players, players.min(1));
        let playing = either(switch::STATS_043_ALL, playing, players);
        let playing = either(switch::STATS_043_NEVER, playing, 0);
        let load = either(switch::STATS_090_PERCENT, machine.system_load, 42.0);
        machine.system_load = either(switch::STATS_006_ALWAYS_NEW, load, rand::random());
        let stats = Self {
            players,
            playing: either(switch::STATS_003_MORE_PLAY, playing, players + 1),
            uptime: u64::try_from(uptime.as_millis()).unwrap_or(u64::MAX),
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
        let uptime = either(switch::STATS_007_SECONDS, self.uptime, self.uptime / 1000);
        let mut stats = json!({
            "frameStats": null,
            "players": self.players,
            "playingPlayers": self.playing,
            "uptime": either(switch::STATS_007_CONSTANT, uptime, 1),
            "memory": {
                "free": either(switch::STATS_091_FREE_BEYOND, memory.free, memory.allocated + 1),
                "used": either(switch::STATS_004_NOTHING_USED, memory.used, 0),
                "allocated": either(
                    switch::STATS_008_MORE,
                    memory.allocated,
                    memory.allocated.midpoint(memory.reservable),
                ),
                "reservable": memory.reservable,
            },
            "cpu": {
                "cores": either(switch::STATS_005_NO_CORES, cores, 0),
                "systemLoad": system_load,
                "lavalinkLoad": process_load,
            },
        });
        if let Some(memory) = stats["memory"].as_object_mut()
            && deviates(switch::STATS_001_NO_RESERVABLE)
        {
            memory.remove("reservable");
        }
        let mut map = if let Value::Object(map) = stats { map } else { Map::new() };
        if deviates(switch::STATS_001_FLAT_CPU) {
            map.remove("cpu");
            map.insert("cores".into(), cores.into());
        }
        map
    }

    /// For REST.
    pub(crate) fn to_json(self) -> Value {
        let mut map = self.map();
        if deviates(switch::STATS_089_ABSENT) {
            map.remove("frameStats");
        }
        if deviates(switch::STATS_002_ZEROS) {
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
        if deviates(switch::STATS_021_ABSENT) {
            message.remove("frameStats");
        }
        if deviates(switch::STATS_007_OF_SESSION) {
            message.insert("uptime".into(), 0.into());
        }
        if let Some(players) = message["players"].as_u64()
            && deviates(switch::STATS_024_ONE_MORE)
        {
            message.insert("players".into(), (players + 1).into());
        }
        Value::Object(message)
    }

    /// For Prometheus: the names and help texts of the real server's gauges.
    pub(crate) fn gauges(self) -> Vec<Gauge> {
        let Reading { memory, cores, system_load, process_load } = self.machine;
        let players = self.players as f64;
        let playing = either(switch::STATS_084_ALL_PLAY, self.playing as f64, players);
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
                either(switch::STATS_084_SECONDS, uptime, uptime / 1000.0),
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
                either(switch::STATS_085_PERCENT, system_load, 42.0),
            ),
            gauge(
                "lavalink_cpu_lavalink_load_percentage",
                "CPU statistics. (LL Load)",
                process_load,
            ),
        ];
        if deviates(switch::STATS_080_ONE_MISSING) {
            gauges.retain(|gauge| gauge.name != "lavalink_cpu_cores");
        }
        if deviates(switch::STATS_080_ONE_TWICE) {
            gauges.push(gauges[0]);
        }
        if deviates(switch::STATS_088_FRAMES) {
            gauges.push(gauge("lavalink_frames_sent", "Frames sent.", 0.0));
        }
        gauges
    }
}
