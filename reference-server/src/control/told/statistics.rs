//! Statistics that are made up.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::keys::{Object, Place, Wrong};
use crate::stats::Figures;

/// What was put in place of statistics.
#[derive(Debug, Default)]
pub(crate) struct MadeUp(Mutex<Put>);

#[derive(Debug, Default)]
struct Put {
    given: Map<String, Value>,
    figures: Figures,
}

impl MadeUp {
    /// As they were put.
    pub(crate) fn given(&self) -> Value {
        Value::Object(self.lock().given.clone())
    }

    /// Puts others in their place.
    pub(crate) fn put(&self, given: &Value) -> Result<(), Wrong> {
        *self.lock() = read(given)?;
        Ok(())
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Put::default();
    }

    pub(crate) fn figures(&self) -> Figures {
        self.lock().figures.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Put> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(value: &Value) -> Result<Put, Wrong> {
    const KEYS: &[&str] = &["players", "playingPlayers", "uptime", "memory", "cpu", "frameStats"];
    let object = Object::read(value, Place::Body, KEYS)?;
    let mut figures = Figures {
        players: whole(&object, "players")?,
        playing: whole(&object, "playingPlayers")?,
        uptime: whole(&object, "uptime")?,
        ..Figures::default()
    };
    if let Some(memory) = object.value("memory") {
        let place = Place::Key(object.place(), "memory");
        let memory = Object::read(memory, place, &["free", "used", "allocated", "reservable"])?;
        figures.free = whole(&memory, "free")?;
        figures.used = whole(&memory, "used")?;
        figures.allocated = whole(&memory, "allocated")?;
        figures.reservable = whole(&memory, "reservable")?;
    }
    if let Some(cpu) = object.value("cpu") {
        let place = Place::Key(object.place(), "cpu");
        let cpu = Object::read(cpu, place, &["cores", "systemLoad", "lavalinkLoad"])?;
        figures.cores = whole(&cpu, "cores")?;
        figures.system_load = cpu.number("systemLoad", 0.0..=1.0)?;
        figures.lavalink_load = cpu.number("lavalinkLoad", 0.0..=1.0)?;
    }
    figures.frames = match object.map().get("frameStats") {
        None => None,
        Some(Value::Null) => Some(Value::Null),
        Some(frames) => Some(frame_stats(frames, Place::Key(object.place(), "frameStats"))?),
    };
    Ok(Put { given: object.map().clone(), figures })
}

fn whole(object: &Object<'_>, key: &str) -> Result<Option<u64>, Wrong> {
    Ok(object.integer(key, 0..=i64::MAX)?.map(i64::cast_unsigned))
}

/// All three; those that are left out are what a minute without losses has.
fn frame_stats(value: &Value, place: Place<'_>) -> Result<Value, Wrong> {
    const FRAMES_A_MINUTE: i64 = 3000;
    let object = Object::read(value, place, &["sent", "nulled", "deficit"])?;
    let nulled = object.integer("nulled", 0..=i64::MAX)?.unwrap_or(0);
    let deficit = object.integer("deficit", i64::MIN..=i64::MAX)?.unwrap_or(0);
    let usual = FRAMES_A_MINUTE.saturating_sub(nulled).saturating_sub(deficit).max(0);
    let sent = object.integer("sent", 0..=i64::MAX)?.unwrap_or(usual);
    Ok(serde_json::json!({"sent": sent, "nulled": nulled, "deficit": deficit}))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_left_out_is_the_servers_own() {
        let put = read(&json!({"cpu": {"systemLoad": 0.5}, "frameStats": null})).unwrap();
        let wanted =
            Figures { system_load: Some(0.5), frames: Some(Value::Null), ..Figures::default() };
        assert_eq!(put.figures, wanted);
        let frames = read(&json!({"frameStats": {"deficit": 100}})).unwrap().figures.frames;
        assert_eq!(frames, Some(json!({"sent": 2900, "nulled": 0, "deficit": 100})));
    }

    #[test]
    fn loads_are_of_one() {
        let wrong = read(&json!({"cpu": {"systemLoad": 99}})).unwrap_err();
        assert_eq!(wrong.to_string(), "cpu.systemLoad: send a number from 0 to 1, not 99");
    }
}
