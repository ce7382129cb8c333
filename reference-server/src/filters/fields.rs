//! Filters that are objects: fields with a key and a default each.

use serde_json::{Map, Number, Value};

use crate::deviations::switch::{self, deviates};
use crate::json::{Json, Undecodable};

/// Defines what a filter is set to: each field with its key in a body and what it is when it is
/// left out. Timescale and rotation are 64-bit, all others 32-bit.
macro_rules! settings {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$field_doc:meta])* $field:ident: $number:ty = $key:literal or $default:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(super) struct $name {
            $($(#[$field_doc])* $field: $number,)*
        }

        impl crate::filters::Settings for $name {
            fn decode(
                given: &crate::json::Json,
            ) -> Result<Option<Self>, crate::json::Undecodable> {
                if given.is_null() {
                    return Ok(None);
                }
                given.object()?;
                Ok(Some(Self {
                    $($field: crate::filters::fields::decode(given, $key, $default)?,)*
                }))
            }

            fn to_json(&self) -> serde_json::Value {
                let mut shown = serde_json::Map::new();
                $(crate::filters::fields::show(&mut shown, $key, self.$field, $default);)*
                serde_json::Value::Object(shown)
            }
        }
    };
}
pub(super) use settings;

/// Up to here every whole number is a single.
const WHOLE: f32 = 16_777_216.0;

/// A number of a filter. Those that were decoded are finite.
pub(super) trait Field: Copy + PartialEq {
    fn decode(given: &Json) -> Result<Self, Undecodable>;

    fn number(self) -> Option<Number>;
}

impl Field for f32 {
    fn decode(given: &Json) -> Result<Self, Undecodable> {
        given.float()
    }

    /// With the digits that it is written with, not those of its 64-bit neighbour.
    fn number(self) -> Option<Number> {
        // Small whole numbers have the same in both, and need not be written to know.
        match self.fract() == 0.0 && self.abs() < WHOLE {
            true => f64::from(self).number(),
            false => self.to_string().parse().ok().and_then(Number::from_f64),
        }
    }
}

impl Field for f64 {
    fn decode(given: &Json) -> Result<Self, Undecodable> {
        given.double()
    }

    fn number(self) -> Option<Number> {
        Number::from_f64(self)
    }
}

/// A field of a filter, or its default.
pub(super) fn decode<F: Field>(given: &Json, key: &str, default: F) -> Result<F, Undecodable> {
    Ok(given.field(key, F::decode)?.unwrap_or(default))
}

/// Shows a field.
pub(super) fn show<F: Field>(shown: &mut Map<String, Value>, key: &str, field: F, default: F) {
    if field == default && deviates(switch::FILTERS_012_LEFT_OUT) {
        return;
    }
    shown.insert(key.to_owned(), value(field));
}

/// A number as it is shown.
pub(super) fn value<F: Field>(field: F) -> Value {
    field.number().map_or(Value::Null, Value::Number)
}
