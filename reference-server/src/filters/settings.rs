//! Settings of the ten filters.

use std::str::FromStr;

use serde_json::{Map, Number, Value, json};

use super::NAMES;
use super::equalizer::BANDS;
use crate::deviations::switch::{self, deviates};
use crate::json::{Json, Undecodable};

/// What a player's filters are set to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    /// Present filters in declaration order, with every field.
    present: Vec<(&'static str, Value)>,
    /// Every key of the body, of null filters too.
    named: Vec<String>,
    /// Keys of `pluginFilters`, each once.
    plugins: Vec<String>,
    /// The first band index outside the equalizer.
    bad_band: Option<i32>,
}

/// An equalizer band that does not exist. The real server runs over the end of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("java.lang.ArrayIndexOutOfBoundsException: Index {0} out of bounds for length 15")]
pub struct BandOutOfRange(i32);

impl Filters {
    pub(crate) fn decode(body: &Json) -> Result<Self, Undecodable> {
        body.object()?;
        let mut filters = Self::default();
        filters.named.extend(body.keys().map(str::to_owned));
        if let Some(plugins) = body.field("pluginFilters", |plugins| plugins.map().cloned())? {
            plugins.to_value()?;
            // An object that was read has each key once.
            filters.plugins.extend(plugins.keys().map(str::to_owned));
        }
        for name in NAMES {
            let Some(given) = body.get(name)? else { continue };
            let value = match name {
                "volume" => Some(number(given.float()?)?),
                "equalizer" => Some(filters.decode_equalizer(given)?),
                _ if given.is_null() => None,
                _ => Some(decode_fields(given, fields(name))?),
            };
            filters.present.extend(value.map(|value| (name, value)));
        }
        if deviates(switch::FILTERS_033_AS_SENT) {
            let place = |name: &str| body.keys().position(|key| key == name);
            filters.present.sort_by_key(|(name, _)| place(name));
        }
        Ok(filters)
    }

    /// Whether none is set.
    pub(super) fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    /// What a filter is set to, if it is.
    pub(super) fn given(&self, filter: &'static str) -> Option<Given<'_>> {
        let (_, value) = self.present.iter().find(|(name, _)| *name == filter)?;
        Some(Given { filter, value })
    }

    /// Seconds of a track that a second of sound is made of.
    pub(crate) fn pace(&self) -> f64 {
        self.given("timescale").map_or(1.0, |given| given.double("speed") * given.double("rate"))
    }

    /// With those of another one where this has none.
    pub(crate) fn merged_into(mut self, other: &Self) -> Self {
        for entry in &other.present {
            if !self.present.iter().any(|(name, _)| name == &entry.0) {
                self.present.push(entry.clone());
            }
        }
        self
    }

    fn decode_equalizer(&mut self, given: &Json) -> Result<Value, Undecodable> {
        let mut bands = Vec::new();
        for entry in given.list()? {
            entry.object()?;
            let band = entry.required("band", Json::int)?;
            let gain = entry.field("gain", Json::float)?.unwrap_or(1.0);
            if usize::try_from(band).is_ok_and(|band| band < BANDS) {
                bands.push(json!({"band": band, "gain": number(gain)?}));
            } else {
                self.bad_band = self.bad_band.or(Some(band));
                bands.push(Value::Null);
            }
        }
        Ok(Value::Array(bands))
    }

    /// Names of this body that the configuration switches off: filters in declaration order, then
    /// those of `pluginFilters` as they were sent.
    pub(crate) fn disabled<'a>(&self, disabled: &'a [String]) -> Vec<&'a str> {
        let named = |name: &&String| self.named.contains(name);
        let mut names: Vec<_> = disabled.iter().filter(named).map(String::as_str).collect();
        let off = |key: &String| disabled.iter().find(|name| *name == key).map(String::as_str);
        names.extend(self.plugins.iter().filter_map(off));
        names
    }

    /// What building the chain would find wrong.
    ///
    /// # Errors
    ///
    /// The first band that does not exist.
    pub fn check_bands(&self) -> Result<(), BandOutOfRange> {
        self.bad_band.map_or(Ok(()), |band| Err(BandOutOfRange(band)))
    }

    /// As a player shows them: present filters only, every field, in declaration order.
    pub(crate) fn to_json(&self) -> Value {
        let present = self.present.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Value::Object(present.collect())
    }
}

impl FromStr for Filters {
    type Err = Unreadable;

    /// The `filters` of a player in JSON.
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let body = Json::read(text).map_err(|_| Unreadable)?;
        Self::decode(&body).map_err(|_| Unreadable)
    }
}

/// A text that holds no filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these are no filters")]
pub struct Unreadable;

/// What one filter is set to.
pub(super) struct Given<'a> {
    filter: &'static str,
    value: &'a Value,
}

impl Given<'_> {
    /// The number that a filter without fields is.
    pub(super) fn value(&self) -> f32 {
        self.value.as_f64().unwrap_or(1.0) as f32
    }

    /// A field in single precision.
    pub(super) fn single(&self, field: &str) -> f32 {
        self.double(field) as f32
    }

    /// A field in double precision.
    pub(super) fn double(&self, field: &str) -> f64 {
        let given = self.value.get(field).and_then(Value::as_f64);
        given.unwrap_or_else(|| {
            let default = fields(self.filter).iter().find_map(|known| match *known {
                Single(name, default) if name == field => Some(f64::from(default)),
                Double(name, default) if name == field => Some(default),
                _ => None,
            });
            default.unwrap_or_default()
        })
    }

    /// The gain of each band of an equalizer. The last entry of a band counts.
    pub(super) fn gains(&self) -> [f32; BANDS] {
        let mut gains = [0.0; BANDS];
        for entry in self.value.as_array().into_iter().flatten() {
            let band = entry["band"].as_u64().and_then(|band| usize::try_from(band).ok());
            let gain = entry["gain"].as_f64();
            if let (Some(band), Some(gain)) = (band.and_then(|b| gains.get_mut(b)), gain) {
                *band = gain as f32;
            }
        }
        gains
    }
}

/// A field with its default; timescale and rotation are 64-bit, all others 32-bit.
enum Field {
    Single(&'static str, f32),
    Double(&'static str, f64),
}

use Field::{Double, Single};

fn fields(filter: &str) -> &'static [Field] {
    match filter {
        "karaoke" => &[
            Single("level", 1.0),
            Single("monoLevel", 1.0),
            Single("filterBand", 220.0),
            Single("filterWidth", 100.0),
        ],
        "timescale" => &[Double("speed", 1.0), Double("pitch", 1.0), Double("rate", 1.0)],
        "tremolo" | "vibrato" => &[Single("frequency", 2.0), Single("depth", 0.5)],
        "distortion" => &[
            Single("sinOffset", 0.0),
            Single("sinScale", 1.0),
            Single("cosOffset", 0.0),
            Single("cosScale", 1.0),
            Single("tanOffset", 0.0),
            Single("tanScale", 1.0),
            Single("offset", 0.0),
            Single("scale", 1.0),
        ],
        "rotation" => &[Double("rotationHz", 0.0)],
        "channelMix" => &[
            Single("leftToLeft", 1.0),
            Single("leftToRight", 0.0),
            Single("rightToLeft", 0.0),
            Single("rightToRight", 1.0),
        ],
        "lowPass" => &[Single("smoothing", 20.0)],
        _ => &[],
    }
}

fn decode_fields(given: &Json, fields: &[Field]) -> Result<Value, Undecodable> {
    given.object()?;
    let mut object = Map::new();
    for field in fields {
        let (name, value) = match *field {
            Single(name, default) => {
                let value = given.field(name, Json::float)?;
                if value.is_none() && deviates(switch::FILTERS_012_LEFT_OUT) {
                    continue;
                }
                (name, number(value.unwrap_or(default))?)
            }
            Double(name, default) => {
                let value = given.field(name, Json::double)?.unwrap_or(default);
                (name, Number::from_f64(value).map(Value::Number).ok_or(Undecodable)?)
            }
        };
        object.insert(name.to_owned(), value);
    }
    Ok(Value::Object(object))
}

/// A 32-bit float with the digits that it is written with, not those of its 64-bit neighbour.
fn number(value: f32) -> Result<Value, Undecodable> {
    let double = value.to_string().parse().ok().and_then(Number::from_f64);
    double.map(Value::Number).ok_or(Undecodable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Result<Filters, Undecodable> {
        Filters::decode(&Json::read(text).unwrap())
    }

    #[test]
    fn fields_left_out_get_defaults_and_the_order_is_fixed() {
        let filters = decode(
            r#"{"lowPass":{}, "karaoke":{"bogus":[]}, "rotation":null, "Volume":2, "volume":"0.3",
                "equalizer":[{"band":3},{"band":"3","gain":-5}]}"#,
        )
        .unwrap();
        assert_eq!(
            filters.to_json().to_string(),
            concat!(
                r#"{"volume":0.3,"equalizer":[{"band":3,"gain":1.0},{"band":3,"gain":-5.0}],"#,
                r#""karaoke":{"level":1.0,"monoLevel":1.0,"filterBand":220.0,"filterWidth":100.0},"#,
                r#""lowPass":{"smoothing":20.0}}"#
            )
        );
    }

    #[test]
    fn shapes_are_checked() {
        for bad in [
            r#"{"volume":null}"#,
            r#"{"volume":{}}"#,
            r#"{"volume":1e39}"#,
            r#"{"equalizer":null}"#,
            r#"{"equalizer":{}}"#,
            r#"{"equalizer":[null]}"#,
            r#"{"equalizer":[{"gain":1}]}"#,
            r#"{"equalizer":[{"band":1.0}]}"#,
            r#"{"equalizer":[{"band":1,"gain":null}]}"#,
            r#"{"karaoke":[]}"#,
            r#"{"karaoke":"1.5"}"#,
            r#"{"tremolo":{"depth":null}}"#,
            r#"{"timescale":{"speed":1e400}}"#,
            r#"{"pluginFilters":null}"#,
            r#"{"pluginFilters":[]}"#,
        ] {
            assert_eq!(decode(bad), Err(Undecodable), "{bad}");
        }
        assert!(decode(r#"{"timescale":{"speed":1e39},"pluginFilters":{"x":1}}"#).is_ok());
        assert!(Filters::decode(&Json::read("[]").unwrap()).is_err());
    }

    #[test]
    fn a_band_that_does_not_exist_is_found_when_the_chain_is_built() {
        let filters = decode(r#"{"equalizer":[{"band":1},{"band":15},{"band":-1}]}"#).unwrap();
        let error = filters.check_bands().unwrap_err();
        assert!(error.to_string().ends_with("Index 15 out of bounds for length 15"), "{error}");
    }

    #[test]
    fn null_and_plugin_keys_count_as_named() {
        let disabled = ["equalizer".to_owned(), "karaoke".to_owned(), "lowPass".to_owned()];
        let plugins = r#"{"lowPass":{},"equalizer":{},"lowPass":{},"karaoke":1}"#;
        let filters = decode(&format!(r#"{{"karaoke":null,"pluginFilters":{plugins}}}"#)).unwrap();
        assert_eq!(filters.disabled(&disabled), ["karaoke", "lowPass", "equalizer", "karaoke"]);
    }
}
