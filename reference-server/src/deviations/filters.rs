//! Breaks of the filters of a player's PATCH, before they are decoded.

use super::body::{Change, body, number, refuse_if, with};
use super::row::Row;
use crate::filters::enabled;
use crate::json::{Json, Undecodable};

/// The 32-bit fields of filters.
const SINGLES: [(&str, &[&str]); 6] = [
    ("karaoke", &["level", "monoLevel", "filterBand", "filterWidth"]),
    ("tremolo", &["frequency", "depth"]),
    ("vibrato", &["frequency", "depth"]),
    (
        "distortion",
        &[
            "sinOffset",
            "sinScale",
            "cosOffset",
            "cosScale",
            "tanOffset",
            "tanScale",
            "offset",
            "scale",
        ],
    ),
    ("channelMix", &["leftToLeft", "leftToRight", "rightToLeft", "rightToRight"]),
    ("lowPass", &["smoothing"]),
];

/// The 64-bit fields of filters.
const DOUBLES: [(&str, &[&str]); 2] =
    [("timescale", &["speed", "pitch", "rate"]), ("rotation", &["rotationHz"])];

#[rustfmt::skip]
pub(super) const ROWS: &[Row<Change>] = &[
    body("LL-FILTERS-001/zeros", "a field that is left out is 0", |body| each_filter(body, |name, given| {
        if let (Json::Object(fields), Some(known)) = (given, fields_of(name)) {
            let missing = |key: &&str| fields.iter().all(|(known, _)| known != key);
            let zeros: Vec<_> = known.iter().filter(|key| missing(key)).map(|key| (key.to_string(), number(0))).collect();
            fields.extend(zeros);
        }
        Ok(())
    })),
    body("LL-FILTERS-002/capped", "a volume over 1 is shown as 1", |body| each_filter(body, |name, given| {
        match given.float() {
            Ok(volume) if name == "volume" && volume > 1.0 => *given = number(1),
            _ => {}
        }
        Ok(())
    })),
    body("LL-FILTERS-003/all-bands", "all fifteen bands are shown", |body| equalizer(body, |bands| {
        let missing = bands.len()..15;
        bands.extend(missing.map(|band| Json::Object(vec![
            ("band".into(), number(band as i64)),
            ("gain".into(), number(0)),
        ])));
        Ok(())
    })),
    body("LL-FILTERS-004/zero", "the gain of a band is 0 when it is left out", |body| each_band(body, |band| {
        if band.iter().all(|(key, _)| key != "gain") {
            band.push(("gain".into(), number(0)));
        }
        Ok(())
    })),
    body("LL-FILTERS-005/accepted", "a band that does not exist is accepted", |body| equalizer(body, |bands| {
        let exists = |band: &Json| band.required("band", Json::int).is_ok_and(|band| (0..15).contains(&band));
        bands.retain(|band| band.required("band", Json::int).is_err() || exists(band));
        Ok(())
    })),
    body("LL-FILTERS-006/negative-refused", "a negative value is refused", |body| each_single(body, |given| {
        refuse_if(given.float().is_ok_and(|value| value < 0.0))
    })),
    body("LL-FILTERS-007/defaults", "a null filter has defaults", |body| each_filter(body, |name, given| {
        if given.is_null() && fields_of(name).is_some() {
            *given = Json::Object(Vec::new());
        }
        Ok(())
    })),
    body("LL-FILTERS-008/ignored", "a filter of another shape is ignored", |body| retain(body, |name, given| {
        given.is_null() || given.object().is_ok() || fields_of(name).is_none()
    })),
    body("LL-FILTERS-009/nonsense-is-zero", "what is no number is 0", |body| each_single(body, |given| {
        if given.float().is_err() {
            *given = number(0);
        }
        Ok(())
    })),
    body("LL-FILTERS-009/refused", "a number in quotes is refused", |body| each_single(body, |given| refuse_if(matches!(given, Json::Text(_))))),
    body("LL-FILTERS-010/field-refused", "an unknown field is refused", |body| each_filter(body, |name, given| {
        let is_known = |key: &str| fields_of(name).is_none_or(|known| known.contains(&key));
        refuse_if(given.object().is_ok() && !given.keys().all(is_known))
    })),
    body("LL-FILTERS-010/name-refused", "an unknown filter is refused", |body| with_filters(body, |filters| {
        let known = enabled(&[]);
        let is_known = |key: &str| known.contains(&key) || key == "pluginFilters";
        refuse_if(!filters.iter().all(|(key, _)| is_known(key)))
    })),
    body("LL-FILTERS-013/empty-left-out", "an equalizer without bands is not shown", |body| retain(body, |name, given| {
        name != "equalizer" || *given != Json::List(Vec::new())
    })),
    body("LL-FILTERS-013/sorted", "bands are shown in their order", |body| equalizer(body, |bands| {
        bands.sort_by_key(|band| band.required("band", Json::int).unwrap_or(0));
        Ok(())
    })),
    body("LL-FILTERS-015/float", "a band index may be a float", |body| each_band(body, |band| {
        for (_, given) in band.iter_mut().filter(|(key, _)| key == "band") {
            match given.double() {
                Ok(whole) if given.int().is_err() && whole.fract() == 0.0 => *given = number(whole as i64),
                _ => {}
            }
        }
        Ok(())
    })),
    body("LL-FILTERS-015/quotes-refused", "a band index in quotes is refused", |body| each_band(body, |band| {
        refuse_if(band.iter().any(|(key, given)| key == "band" && matches!(given, Json::Text(_))))
    })),
    body("LL-FILTERS-016/saturated", "a number that is too big becomes the biggest", |body| each_single(body, |given| {
        if given.float().is_err() && given.double().is_ok() {
            *given = Json::Word(f32::MAX.to_string());
        }
        Ok(())
    })),
    body("LL-FILTERS-016/singles-only", "a double has to fit into a single", |body| each_field(body, &DOUBLES, |given| {
        refuse_if(given.double().is_ok_and(|value| value.abs() > f32::MAX.into()))
    })),
    body("LL-FILTERS-021/null-accepted", "a filter that is off may be null", |body| retain(body, |name, given| {
        !given.is_null() || ["volume", "equalizer", "pluginFilters"].contains(&name)
    })),
    body("LL-FILTERS-021/plugins-ignored", "names in pluginFilters are not looked at", |body| retain(body, |name, _| name != "pluginFilters")),
    body("LL-FILTERS-128/any-null", "a null volume or equalizer passes for one that is left out", |body| retain(body, |name, given| {
        !(given.is_null() && ["volume", "equalizer"].contains(&name))
    })),
];

fn fields_of(filter: &str) -> Option<&'static [&'static str]> {
    let mut all = SINGLES.iter().chain(&DOUBLES);
    all.find(|(name, _)| *name == filter).map(|(_, fields)| *fields)
}

type Fields = Vec<(String, Json)>;

type Decoded = Result<(), Undecodable>;

/// Changes the filters of a body, if it has any.
fn with_filters(body: &mut Json, mut change: impl FnMut(&mut Fields) -> Decoded) -> Decoded {
    let mut result = Ok(());
    with(body, "filters", |filters| {
        if let Json::Object(filters) = filters {
            result = change(filters);
        }
    });
    result
}

/// Leaves filters out.
fn retain(body: &mut Json, stays: fn(&str, &Json) -> bool) -> Decoded {
    with_filters(body, |filters| {
        filters.retain(|(name, given)| stays(name, given));
        Ok(())
    })
}

/// Changes each filter.
fn each_filter(body: &mut Json, mut change: impl FnMut(&str, &mut Json) -> Decoded) -> Decoded {
    with_filters(body, |filters| {
        filters.iter_mut().try_for_each(|(name, given)| change(name, given))
    })
}

/// Changes such fields of filters, where they are.
fn each_field(
    body: &mut Json,
    fields: &[(&str, &[&str])],
    change: fn(&mut Json) -> Decoded,
) -> Decoded {
    each_filter(body, |name, given| {
        let known = fields.iter().find(|(filter, _)| *filter == name);
        match (given, known) {
            (Json::Object(entries), Some((_, known))) => {
                let mut entries = entries.iter_mut().filter(|(key, _)| known.contains(&&**key));
                entries.try_for_each(|(_, given)| change(given))
            }
            _ => Ok(()),
        }
    })
}

/// Changes everything that is read in single precision.
fn each_single(body: &mut Json, change: fn(&mut Json) -> Decoded) -> Decoded {
    each_field(body, &SINGLES, change)?;
    each_filter(body, |name, given| if name == "volume" { change(given) } else { Ok(()) })?;
    each_band(body, |band| {
        band.iter_mut().filter(|(key, _)| key == "gain").try_for_each(|(_, gain)| change(gain))
    })
}

/// Changes the bands of the equalizer.
fn equalizer(body: &mut Json, mut change: impl FnMut(&mut Vec<Json>) -> Decoded) -> Decoded {
    each_filter(body, |name, given| match given {
        Json::List(bands) if name == "equalizer" => change(bands),
        _ => Ok(()),
    })
}

fn each_band(body: &mut Json, mut change: impl FnMut(&mut Fields) -> Decoded) -> Decoded {
    equalizer(body, |bands| {
        bands.iter_mut().try_for_each(|band| match band {
            Json::Object(band) => change(band),
            _ => Ok(()),
        })
    })
}
