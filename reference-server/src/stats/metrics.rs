//! The statistics as Prometheus reads them: its text format, version 0.0.4.

use std::fmt::Write;

use crate::java_double::java_double;

/// The media type, as the real server writes it (docs/observed/stats.md#metrics).
pub(crate) const MEDIA_TYPE: &str = "text/plain;version=0.0.4;charset=utf-8";

/// A number that goes up and down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gauge {
    /// Letters, digits and `_`.
    pub(crate) name: &'static str,
    /// For people; one line without a backslash.
    pub(crate) help: &'static str,
    pub(crate) value: f64,
}

/// The gauges in the text format, each with its help and its type.
pub(crate) fn text(gauges: impl IntoIterator<Item = Gauge>) -> String {
    let mut text = String::new();
    for Gauge { name, help, value } in gauges {
        let value = java_double(value);
        // Writing to a text never fails.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gauge_has_help_type_and_value() {
        let gauge = |name, value| Gauge { name, help: "It is here.", value };
        let written = text([gauge("a_total", 3.0), gauge("b_load", 0.25), gauge("c", 3.1e8)]);
        let expected = "# HELP a_total It is here.\n# TYPE a_total gauge\na_total 3.0\n\
                        # HELP b_load It is here.\n# TYPE b_load gauge\nb_load 0.25\n\
                        # HELP c It is here.\n# TYPE c gauge\nc 3.1E8\n";
        assert_eq!(written, expected);
    }
}
