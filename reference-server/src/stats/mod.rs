//! Statistics: what the machine does, how many players there are, and how their frames went.

mod figures;
mod frames;
mod machine;
pub(crate) mod metrics;

use std::time::Duration;

pub(crate) use figures::Figures;
pub(crate) use frames::{FrameCounter, Frames, TOTALS, Totals, average};
pub(crate) use machine::Machine;
pub(crate) use machine::Reading;
use metrics::Gauge;
use serde_json::{Map, Value, json};

use crate::deviations::switch::Seam;

/// Where deviations change what was read.
pub(crate) static FIGURES: Seam<fn(&mut Stats)> = Seam::new();

/// What `/v4/stats`, the `stats` message and the metrics tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stats {
    pub(crate) players: usize,
    pub(crate) playing: usize,
    /// Milliseconds since the server began.
    pub(crate) uptime: u64,
    pub(crate) machine: Reading,
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
        machine: Reading,
        made_up: Option<Figures>,
    ) -> Self {
        let uptime = u64::try_from(uptime.as_millis()).unwrap_or(u64::MAX);
        let mut stats = Self { players, playing, uptime, machine };
        if let Some(change) = FIGURES.get() {
            change(&mut stats);
        }
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
        let stats = json!({
            "frameStats": null,
            "players": self.players,
            "playingPlayers": self.playing,
            "uptime": self.uptime,
            "memory": {
                "free": memory.free,
                "used": memory.used,
                "allocated": memory.allocated,
                "reservable": memory.reservable,
            },
            "cpu": {
                "cores": cores,
                "systemLoad": system_load,
                "lavalinkLoad": process_load,
            },
        });
        if let Value::Object(map) = stats { map } else { Map::new() }
    }

    /// For REST.
    pub(crate) fn to_json(self) -> Value {
        Value::Object(self.map())
    }

    /// For the socket, `op` first, with the frames of its session.
    pub(crate) fn message(self, frames: Value) -> Value {
        let mut message = Map::new();
        message.insert("op".into(), "stats".into());
        message.extend(self.map());
        message.insert("frameStats".into(), frames);
        Value::Object(message)
    }

    /// For Prometheus: the names and help texts of the real server's gauges.
    pub(crate) fn gauges(self) -> Vec<Gauge> {
        let Reading { memory, cores, system_load, process_load } = self.machine;
        let (players, playing) = (self.players as f64, self.playing as f64);
        let gauge = |name, help, value| Gauge { name, help, value };
        vec![
            gauge("lavalink_players_total", "Total number of players connected.", players),
            gauge(
                "lavalink_playing_players_total",
                "Number of players currently playing audio.",
                playing,
            ),
            gauge(
                "lavalink_uptime_milliseconds",
                "Uptime of the node in milliseconds.",
                self.uptime as f64,
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
                system_load,
            ),
            gauge(
                "lavalink_cpu_lavalink_load_percentage",
                "CPU statistics. (LL Load)",
                process_load,
            ),
        ]
    }
}
