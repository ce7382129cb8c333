//! Filters that cannot be.

use lavalink_reference_server::filters::{Chain, Filters};

use crate::golden::{cases, joined};

fn error(filters: &str) -> Option<String> {
    let filters: Filters = filters.parse().unwrap();
    Chain::build(&filters).err().map(|error| error.to_string())
}

#[test]
fn bad_parameters_are_the_recorded_exceptions() {
    let bad: Vec<_> = cases().into_iter().filter(|case| case.build_error.is_some()).collect();
    assert_eq!(bad.len(), 27);
    for case in bad {
        // Some are not enabled on their own, and are looked at as members only.
        assert_eq!(error(&joined(&case.filters)), case.build_error, "{}", case.id);
    }
}

#[test]
fn what_cannot_be_parsed_is_refused_before() {
    let bad: Vec<_> = cases().into_iter().filter(|case| case.parse_error.is_some()).collect();
    assert_eq!(bad.len(), 3);
    for case in bad {
        let recorded = case.parse_error.unwrap();
        match case.filters.parse::<Filters>() {
            Ok(filters) => {
                let error = filters.check_bands().unwrap_err();
                assert_eq!(error.to_string(), recorded, "{}", case.id);
            }
            Err(_) => assert!(recorded.contains("MissingFieldException"), "{}", case.id),
        }
    }
}

#[test]
fn nothing_enabled_is_no_chain_and_looks_at_no_parameters() {
    for filters in [
        "{}",
        r#"{"volume":1,"equalizer":[],"rotation":{},"distortion":{},"channelMix":{}}"#,
        r#"{"timescale":{},"lowPass":{"smoothing":1}}"#,
        r#"{"tremolo":{"depth":0},"vibrato":{"depth":0,"frequency":99}}"#,
    ] {
        assert!(Chain::build(&filters.parse().unwrap()).unwrap().is_none(), "{filters}");
    }
}

#[test]
fn the_first_of_several_is_told() {
    let all = r#"{"lowPass":{},"vibrato":{"depth":2},"timescale":{"rate":0},"volume":6}"#;
    assert_eq!(error(all).unwrap(), "java.lang.IllegalArgumentException: Volume > 5.0");
    let two = r#"{"vibrato":{"depth":2},"timescale":{"rate":0}}"#;
    assert_eq!(error(two).unwrap(), "java.lang.IllegalArgumentException: rate <= 0");
}
