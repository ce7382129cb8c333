//! Settings of the ten filters.

use std::str::FromStr;

use serde_json::Value;

use super::channel_mix::ChannelMix;
use super::distortion::Distortion;
use super::equalizer::Equalizer;
use super::karaoke::Karaoke;
use super::low_pass::LowPass;
use super::rotation::Rotation;
use super::timescale::Timescale;
use super::tremolo::Tremolo;
use super::vibrato::Vibrato;
use super::volume::Volume;
use super::{Member, Settings};
use crate::deviations::switch::{self, deviates};
use crate::json::{Json, Undecodable};

/// Defines what there is once for each filter.
macro_rules! filters {
    ($($field:ident: $filter:ty,)*) => {
        /// What a player's filters are set to.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Filters {
            $(pub(super) $field: Option<<$filter as Member>::Settings>,)*
            /// Every key of the body, of null filters too.
            named: Vec<String>,
            /// Keys of `pluginFilters`, each once.
            plugins: Vec<String>,
        }

        /// The filters in the order in which they are declared, echoed and listed.
        pub(super) const NAMES: &[&str] = &[$(<$filter>::NAME,)*];

        impl Filters {
            fn decode_each(&mut self, body: &Json) -> Result<(), Undecodable> {
                $(self.$field = body.field(<$filter>::NAME, Settings::decode)?.flatten();)*
                Ok(())
            }

            /// Those that are set, in declaration order.
            fn shown(&self) -> Vec<(&'static str, Value)> {
                let mut shown = Vec::new();
                $(shown.extend(self.$field.as_ref().map(|set| (<$filter>::NAME, set.to_json())));)*
                shown
            }

            /// Whether any is set.
            pub(super) fn any_set(&self) -> bool {
                false $(|| self.$field.is_some())*
            }

            /// Whether any is set to what makes a chain of them.
            pub(super) fn any_enabled(&self) -> bool {
                false $(|| self.$field.as_ref().is_some_and(<$filter>::is_enabled))*
            }

            /// With those of another one where this has none.
            pub(crate) fn merged_into(mut self, other: &Self) -> Self {
                $(self.$field = self.$field.or_else(|| other.$field.clone());)*
                self
            }
        }
    };
}

filters! {
    volume: Volume,
    equalizer: Equalizer,
    karaoke: Karaoke,
    timescale: Timescale,
    tremolo: Tremolo,
    vibrato: Vibrato,
    distortion: Distortion,
    rotation: Rotation,
    channel_mix: ChannelMix,
    low_pass: LowPass,
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
        filters.decode_each(body)?;
        Ok(filters)
    }

    /// Seconds of a track that a second of sound is made of.
    pub(crate) fn pace(&self) -> f64 {
        self.timescale.map_or(1.0, |timescale| timescale.pace())
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
        let missing = self.equalizer.as_ref().and_then(|equalizer| equalizer.first_missing());
        missing.map_or(Ok(()), |band| Err(BandOutOfRange(band)))
    }

    /// As a player shows them: those that are set, every field, in declaration order.
    pub(crate) fn to_json(&self) -> Value {
        let mut shown = self.shown();
        if deviates(switch::FILTERS_033_AS_SENT) {
            shown.sort_by_key(|(name, _)| self.named.iter().position(|named| named == name));
        }
        Value::Object(shown.into_iter().map(|(name, set)| (name.to_owned(), set)).collect())
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
    fn singles_keep_their_digits() {
        let shown = |number: &str| {
            let filters = decode(&format!(r#"{{"volume":{number}}}"#)).unwrap();
            filters.to_json()["volume"].to_string()
        };
        for (given, kept) in [
            ("0.1", "0.1"),
            ("-0.0", "-0.0"),
            ("16777217", "16777216.0"),
            ("123456789", "123456790.0"),
            ("3.4028235e38", "3.4028235e+38"),
            ("1e-7", "1e-7"),
        ] {
            assert_eq!(shown(given), kept, "{given}");
        }
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
