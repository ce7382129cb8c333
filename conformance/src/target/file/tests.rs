//! A file as people write it, right and wrong.

use super::*;
use crate::spec::Source;

const WHOLE: &str = r#"
name = "NodeLink"
version = "3.1"
launch = "node server.js --config {config}"
password = "hunter2"
profile = "plain"
ready-timeout = 2.5
sources = ["http", "local"]
filters = []
unsupported = ["LL-HTTP-002", "filter-karaoke"]
[env]
B = "1"
A = "{port}"
"#;

fn read(text: &str) -> Result<TargetFile, TomlError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.toml");
    std::fs::write(&path, text).unwrap();
    TargetFile::read(&path)
}

/// The message from the place on.
fn error(text: &str) -> String {
    let message = read(text).unwrap_err().to_string();
    message.rsplit_once("t.toml:").unwrap().1.to_owned()
}

fn spec() -> Spec {
    let rule = |n: u8, scenarios: &str| {
        format!("  @LL-HTTP-00{n} @must\n  Rule: rule {n}\n    Sources: x\n\n{scenarios}")
    };
    let scenario = |id: &str| {
        format!("    @{id}\n    Scenario: s\n      When the client requests \"GET /\"\n\n")
    };
    let outline = "    @LL-HTTP-002.a\n    Scenario Outline: s\n      When the client requests \
                   \"<path>\"\n      Examples:\n        | path |\n        | one |\n        | two |\n";
    let text = format!(
        "Feature: F\n{}{}",
        rule(1, &(scenario("LL-HTTP-001.a") + &scenario("LL-HTTP-001.b @needs-filter-karaoke"))),
        rule(2, outline)
    );
    Source::texts(&[("http/server_info.feature", &text)]).read().unwrap()
}

#[test]
fn a_whole_file_is_read() {
    let file = read(WHOLE).unwrap();
    assert_eq!((file.name.as_str(), file.version.as_deref()), ("NodeLink", Some("3.1")));
    assert_eq!(file.start, Some(Start::Launch("node server.js --config {config}".to_owned())));
    assert_eq!(file.password.as_ref().unwrap().reveal(), "hunter2");
    assert_eq!(file.profile.as_deref(), Some("plain"));
    assert_eq!(file.ready_timeout, Some(Duration::from_millis(2500)));
    assert_eq!(file.sources, Some(["http".to_owned(), "local".to_owned()].into()));
    assert_eq!(file.filters, Some(BTreeSet::new()), "none is not the same as not said");
    let env = [("B", "1"), ("A", "{port}")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(file.env, env, "in the order of the file");
    assert!(!format!("{file:?}").contains("hunter2"));
}

#[test]
fn all_but_the_name_may_be_left_out() {
    let file = read("name = \"x\"").unwrap();
    assert!(file.start.is_none() && file.password.is_none() && file.sources.is_none());
    assert!(file.ready_timeout.is_none() && file.filters.is_none() && file.env.is_empty());
    let file = read("name = \"x\"\nurl = \"http://[::1]:2333/\"").unwrap();
    assert_eq!(file.start, Some(Start::Url("http://[::1]:2333".into())));
    let file = read("name = \"x\"\nready-timeout = 60").unwrap();
    assert_eq!(file.ready_timeout, Some(Duration::from_secs(60)));
}

#[test]
fn errors_name_the_place_and_what_to_do() {
    let cases = [
        ("", "1:1: name is missing"),
        ("name = \"\"", "1:8: name has to be a text in quotes that is not empty"),
        ("name = 1", "1:8: name has to be a text in quotes"),
        (
            "name = \"x\"\n pasword = \"y\"",
            "2:2: unknown key \"pasword\"; did you mean \"password\"?",
        ),
        ("name = \"x\"\nqqq = 1", "2:1: unknown key \"qqq\"; there are name, version, url"),
        ("name = \"x\"\nurl = \"http://a\"\nlaunch = \"b\"", "3:10: url and launch are two ways"),
        (
            "name = \"x\"\nurl = \"https://a/?b\"",
            "2:7: url https://a/?…: a query or fragment has no meaning there; give an address",
        ),
        ("name = \"x\"\nurl = \"http:/a\"", "2:7: url http:/a is no address; give one such as"),
        ("name = \"x\"\nready-timeout = 0", "2:17: ready-timeout has to be a number greater"),
        ("name = \"x\"\nready-timeout = 1e300", "2:17: ready-timeout is too long"),
        ("name = \"x\"\nsources = \"http\"", "2:11: sources has to be a list of texts"),
        ("name = \"x\"\nfilters = [1]", "2:11: filters has to be a list of texts"),
        ("name = \"x\"\n[env]\nA = 1", "3:5: env.A has to be a text in quotes"),
        ("name = \"x\"\nenv = 1", "2:7: env has to be a table of texts"),
        ("name = \"x\"\nurl = \"http://a\"\nenv.A = \"b\"", "env is for a target that the runner"),
        ("name = \"x\"\nname = \"ü\" = 2", "2:"),
    ];
    for (text, expected) in cases {
        let message = error(text);
        assert!(message.contains(expected), "{text:?}\n{message}\n{expected}");
    }
    assert!(error("name = \"ü\" x").starts_with("1:12: not TOML: "), "{}", error("name = \"ü\" x"));
    let secret = error("name = \"x\"\npassword = [\"hunter2\"]");
    assert!(secret.contains("password has to be") && !secret.contains("hunter2"), "{secret}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = TargetFile::read(Path::new("/no/such.toml")).unwrap_err();
    assert_eq!(error.to_string(), "failed to read /no/such.toml");
}

#[test]
fn what_is_unsupported_can_be_said_in_many_ways() {
    let spec = spec();
    for (word, expected) in [
        ("http", 4),
        ("http/server_info", 4),
        ("LL-HTTP-001", 2),
        ("LL-HTTP-001.b", 1),
        ("filter-karaoke", 1),
        ("LL-HTTP-002.a", 2),
        ("LL-HTTP-002.a[two]", 1),
    ] {
        let file = read(&format!("name = \"x\"\nunsupported = [{word:?}]")).unwrap();
        file.check(&spec).unwrap();
        let reasons: Vec<_> =
            spec.scenarios().filter_map(|(rule, s)| file.unsupported(rule, s)).collect();
        assert_eq!(reasons.len(), expected, "{word}");
        assert_eq!(reasons[0], format!("the target file says that {word} is not supported"));
    }
}

#[test]
fn what_is_unsupported_and_does_not_exist_is_named_with_the_nearest() {
    let file = read("name = \"x\"\nunsupported = [\"http\", \"filter-karoke\"]").unwrap();
    let message = file.check(&spec()).unwrap_err().to_string();
    assert!(
        message.ends_with(
            "t.toml:2:24: unsupported: \"filter-karoke\" is no area, file, rule, scenario or \
             need; did you mean \"filter-karaoke\"?"
        ),
        "{message}"
    );
    assert!(read("name = \"x\"").unwrap().check(&spec()).is_ok());
}

#[test]
fn a_misspelt_filter_is_named_with_the_nearest_and_one_of_a_plugin_is_none() {
    let of = |filters: &str| {
        let file = read(&format!("name = \"x\"\nfilters = [{filters}]\nsources = [\"spotify\"]"));
        file.unwrap().check(&spec()).map_err(|error| error.to_string())
    };
    assert_eq!(of("\"karaoke\", \"reverb\""), Ok(()));
    for word in ["karoke", "Karaoke"] {
        let message = of(&format!("\"reverb\", {word:?}")).unwrap_err();
        let expected =
            format!("t.toml:2:22: filters: no scenario needs {word:?}; did you mean \"karaoke\"?");
        assert!(message.ends_with(&expected), "{message}");
    }
}

#[test]
fn how_the_upstream_is_asked_is_read() {
    let file = read(
        r#"
name = "x"
[routeplanner]
search = "ytsearch:{query}"
watch = "https://youtu.be/{id}"
listen = ["127.0.0.1:443", "[::1]:443"]
tls = ["youtubei.googleapis.com"]
"#,
    );
    let upstream = file.unwrap().upstream.unwrap();
    assert_eq!(upstream.search, "ytsearch:{query}");
    assert_eq!(upstream.watch.as_deref(), Some("https://youtu.be/{id}"));
    let listen: Vec<_> = upstream.listen.iter().map(ToString::to_string).collect();
    assert_eq!(listen, ["127.0.0.1:443", "[::1]:443"]);
    assert_eq!(upstream.tls, ["youtubei.googleapis.com"]);
    let short = read("name = \"x\"\n[routeplanner]\nsearch = \"s:{query}\"").unwrap();
    let short = short.upstream.unwrap();
    assert_eq!((short.watch, short.listen.len(), short.tls.len()), (None, 0, 0));
    assert_eq!(read("name = \"x\"").unwrap().upstream, None);
}

#[test]
fn what_the_upstream_cannot_use_is_named() {
    let of = |text: &str| error(&format!("name = \"x\"\n[routeplanner]\n{text}"));
    assert!(of("").contains("search is missing"), "{}", of(""));
    let without = of("search = \"ytsearch:\"");
    assert!(without.starts_with("3:10: search has to hold {query}"), "{without}");
    let listen = of("search = \"{query}\"\nlisten = [\"localhost\"]");
    assert!(listen.starts_with("4:11: listen: \"localhost\" is no address"), "{listen}");
    assert!(of("serach = \"x\"").contains("did you mean \"search\"?"));
}
