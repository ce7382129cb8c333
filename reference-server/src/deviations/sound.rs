//! Breaks of filters as they are heard: others are made of than those that are set.

use serde_json::{Value, json};

use super::row::{Row, run};
use crate::filters::Filters;

type Change = fn(&mut Value);

const fn sound(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    sound("LL-FILTERS-101/never-louder", "the volume filter makes nothing louder", |filters| volume(filters, |volume| volume.min(1.0))),
    sound("LL-FILTERS-101/zero-ignored", "a volume filter of 0 does nothing", |filters| {
        volume(filters, |volume| if volume == 0.0 { 1.0 } else { volume });
    }),
    sound("LL-FILTERS-102/halved", "the gain of a band is half of what it should be", |filters| gains(filters, |gains| gains.map(|gain| gain / 2.0))),
    sound("LL-FILTERS-102/next-band", "the gain of a band is the next one's", |filters| gains(filters, |mut gains| {
        gains.rotate_right(1);
        gains
    })),
    sound("LL-FILTERS-103/level-ignored", "the level of karaoke is always 1", |filters| field(filters, "karaoke", "level", |_| 1.0)),
    sound("LL-FILTERS-104/rate-ignored", "a rate changes nothing", |filters| field(filters, "timescale", "rate", |_| 1.0)),
    sound("LL-FILTERS-104/speed-moves-pitch", "speed moves the pitch too", |filters| {
        let Some(timescale) = filters.get_mut("timescale") else { return };
        if let (Some(speed), Some(rate)) = (timescale["speed"].as_f64(), timescale["rate"].as_f64()) {
            timescale["speed"] = json!(1.0);
            timescale["rate"] = json!(rate * speed);
        }
    }),
    sound("LL-FILTERS-142/halved", "a tremolo is half as deep", |filters| field(filters, "tremolo", "depth", |depth| depth / 2.0)),
    sound("LL-FILTERS-105/twice-as-fast", "a tremolo is twice as fast", |filters| {
        field(filters, "tremolo", "frequency", |frequency| frequency * 2.0);
    }),
    sound("LL-FILTERS-106/twice-as-fast", "a vibrato is twice as fast", |filters| {
        field(filters, "vibrato", "frequency", |frequency| (frequency * 2.0).min(14.0));
    }),
    sound("LL-FILTERS-108/half-as-fast", "a rotation is half as fast", |filters| field(filters, "rotation", "rotationHz", |hz| hz / 2.0)),
    sound("LL-FILTERS-109/no-crossing", "a channel mix sends nothing to the other side", |filters| {
        field(filters, "channelMix", "leftToRight", |_| 0.0);
        field(filters, "channelMix", "rightToLeft", |_| 0.0);
    }),
    sound("LL-FILTERS-109/transposed", "a channel mix swaps left to right and right to left", |filters| {
        if let Some(mix) = filters.get_mut("channelMix") {
            let crossing = mix["leftToRight"].take();
            mix["leftToRight"] = mix["rightToLeft"].take();
            mix["rightToLeft"] = crossing;
        }
    }),
    sound("LL-FILTERS-123/first-entry", "the first entry of a band counts", |filters| {
        if let Some(bands) = filters.get_mut("equalizer").and_then(Value::as_array_mut) {
            let mut seen = Vec::new();
            bands.retain(|band| {
                let is_new = !seen.contains(&band["band"]);
                seen.extend(Some(band["band"].clone()).filter(|_| band["gain"] != 0.0));
                is_new
            });
        }
    }),
    sound("LL-FILTERS-123/small-doubled", "a gain of the equalizer below 0.2 counts twice", |filters| gains(filters, |gains| {
        gains.map(|gain| if gain.abs() < 0.2 { gain * 2.0 } else { gain })
    })),
    sound("LL-FILTERS-124/added", "karaoke adds the other channel", |filters| field(filters, "karaoke", "level", |level| -level)),
    sound("LL-FILTERS-124/band-lost", "karaoke gives no band back", |filters| field(filters, "karaoke", "monoLevel", |_| 0.0)),
    sound("LL-FILTERS-125/halved", "a vibrato is half as deep", |filters| field(filters, "vibrato", "depth", |depth| depth / 2.0)),
    sound("LL-FILTERS-126/halved", "a low-pass is half as smooth", |filters| {
        field(filters, "lowPass", "smoothing", |smoothing| smoothing / 2.0);
    }),
    sound("LL-FILTERS-141/rough", "a timescale makes sound rough, and lets a side be heard on the other", |filters| {
        if filters.get("timescale").is_some() {
            filters["tremolo"] = json!({"frequency": 60.0, "depth": 0.3});
            filters["channelMix"] = json!({"leftToRight": 0.1, "rightToLeft": 0.1});
        }
    }),
    sound("LL-FILTERS-143/quieter", "a rotation makes sound quieter", |filters| {
        if filters.get("rotation").is_some() {
            filters["channelMix"] = json!({"leftToLeft": 0.7, "rightToRight": 0.7});
        }
    }),
    sound("LL-FILTERS-141/dull", "a timescale takes high tones away", |filters| {
        if filters.get("timescale").is_some() {
            filters["lowPass"] = json!({"smoothing": 2.0});
        }
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// The filters of which sound is made instead, as the chosen deviations say.
pub(super) fn change(filters: &Filters) -> Filters {
    let mut shown = filters.to_json();
    run(rows(), |row| {
        let before = shown.clone();
        (row.change)(&mut shown);
        shown != before
    });
    shown.to_string().parse().unwrap_or_else(|_| filters.clone())
}

/// Changes a field of a filter, if that is set.
fn field(filters: &mut Value, filter: &str, field: &str, change: fn(f64) -> f64) {
    let value = filters.get_mut(filter).and_then(|filter| filter.get_mut(field));
    edit(value, change);
}

/// Changes the volume, if it is set.
fn volume(filters: &mut Value, change: fn(f64) -> f64) {
    edit(filters.get_mut("volume"), change);
}

fn edit(value: Option<&mut Value>, change: fn(f64) -> f64) {
    if let Some(value) = value
        && let Some(number) = value.as_f64()
    {
        *value = json!(change(number));
    }
}

/// Changes the gain of each band of the equalizer, if it is set.
fn gains(filters: &mut Value, change: fn([f64; 15]) -> [f64; 15]) {
    let Some(bands) = filters.get_mut("equalizer").and_then(Value::as_array_mut) else { return };
    let mut gains = [0.0; 15];
    for band in bands.iter() {
        let at = band["band"].as_u64().and_then(|band| usize::try_from(band).ok());
        if let (Some(at), Some(gain)) = (at.filter(|at| *at < 15), band["gain"].as_f64()) {
            gains[at] = gain;
        }
    }
    let entry = |(band, gain): (usize, f64)| json!({"band": band, "gain": gain});
    *bands = change(gains).into_iter().enumerate().map(entry).collect();
}
