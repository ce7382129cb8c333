//! Configurations in the shapes that public repositories have them: they start, and what is told of
//! them is three lines at most, so that what matters is not buried.

use lavalink_reference_server::config::{Loaded, Places};

/// Every key that Lavalink 4.2.2 documents, at its default.
const EVERY_KEY: &str = r#"
server: {port: 2333, address: 0.0.0.0, http2: {enabled: false}}
plugins:
lavalink:
  plugins:
  pluginsDir: "./p"
  defaultPluginRepository: "https://127.0.0.1/a"
  defaultPluginSnapshotRepository: "https://127.0.0.1/b"
  server:
    password: "youshallnotpass"
    sources: {youtube: false, bandcamp: true, soundcloud: true, twitch: true, vimeo: true, nico: true,
      http: true, local: false}
    filters: {volume: true, equalizer: true, karaoke: true, timescale: true, tremolo: true,
      vibrato: true, distortion: true, rotation: true, channelMix: true, lowPass: true}
    nonAllocatingFrameBuffer: false
    bufferDurationMs: 400
    frameBufferDurationMs: 5000
    opusEncodingQuality: 10
    resamplingQuality: LOW
    trackStuckThresholdMs: 10000
    useSeekGhosting: true
    youtubePlaylistLoadLimit: 6
    playerUpdateInterval: 5
    youtubeSearchEnabled: true
    soundcloudSearchEnabled: true
    soundcloudFilterOutPreviewTracks: false
    gc-warnings: true
    ratelimit: {ipBlocks: ["127.0.0.0/8"], excludedIps: ["127.0.0.1"], strategy: "RotateOnBan",
      searchTriggersFail: true, retryLimit: -1}
    youtubeConfig: {email: "", password: ""}
    httpConfig: {proxyHost: "", proxyPort: 3128, proxyUser: "", proxyPassword: ""}
    timeouts: {connectTimeoutMs: 3000, connectionRequestTimeoutMs: 3000, socketTimeoutMs: 3000}
metrics: {prometheus: {enabled: false, endpoint: /metrics}}
sentry: {dsn: "", environment: "", tags: {some: value}}
logging:
  file: {path: ./logs/}
  level: {root: INFO, lavalink: INFO}
  request: {enabled: true, includeClientInfo: true, maxPayloadLength: 10000, beforeRequest: false}
  logback: {rollingpolicy: {max-file-size: 1GB, max-history: 30}}
spring: {cloud: {config: {enabled: false}}}
"#;

/// Files with the traps that people fall into.
const FILES: &[(&str, &str)] = &[
    ("every key", EVERY_KEY),
    ("plugins as a list", "lavalink: {server: {password: pw}}\nplugins: []\n"),
    (
        "sources of plugins among the others, old keys of the log, two more sections",
        "lavalink:\n  server:\n    password: \"\"\n    sources: {spotify: true, deezer: true, http: true, \
         youtube: true}\n    bufferDurationMs: 400\nlogging: {path: ./logs, file: {max-size: 1GB}}\n\
         sentry: {traces-sample-rate: 1.0}\nmanagement: {endpoints: {web: {exposure: {include: x}}}}\n",
    ),
    (
        "settings of plugins below the server's",
        "server: {port: 8080, address: 0.0.0.0}\nlavalink:\n  plugins:\n    - dependency: a:b:1\n      \
         repository: https://127.0.0.1/c\n      snapshot: true\n  server:\n    password: pw\nplugins:\n  \
         lavasrc:\n    providers: ['ytsearch:%QUERY%']\n    sources: {spotify: true}\n    spotify: {clientId: \
         '', clientSecret: ''}\n  youtube: {enabled: true, clients: [MUSIC, WEB]}\n",
    ),
    (
        "placeholders with defaults",
        "server: {port: '${PORT:${SERVER_PORT:2333}}', address: \"${ADDRESS:0.0.0.0}\"}\nlavalink:\n  \
         server:\n    password: ${LAVALINK_SERVER_PASSWORD:pw}\n    sources: {youtube: '${YT:false}'}\n",
    ),
    (
        "everything wrong at once",
        "server: {port: 2333, adress: 0.0.0.0}\nlavalink:\n  sever: {password: a}\n  server:\n    \
         pasword: b\n    filters: {low-pass: true, echo: true}\n    resamplingQualty: HIGH\n",
    ),
];

/// Environments of containers, and of bots that share a file of variables with their server.
const ENVIRONMENTS: &[&[(&str, &str)]] = &[
    &[("_JAVA_OPTIONS", "-Xmx6G"), ("SERVER_PORT", "2333"), ("LAVALINK_SERVER_PASSWORD", "pw")],
    &[
        ("SERVER_ADDRESS", "0.0.0.0"),
        ("LAVALINK_SERVER_SOURCES_YOUTUBE", "false"),
        ("LAVALINK_SERVER_SOURCES_SPOTIFY", "true"),
        ("LAVALINK_PLUGINS_0_DEPENDENCY", "a:b:1"),
        ("PLUGINS_YOUTUBE_ENABLED", "true"),
        ("LAVALINK_PLUGINS_DIR", "/x"),
        ("LOGGING_LEVEL_ROOT", "INFO"),
    ],
    &[
        ("LAVALINK_HOST", "lavalink"),
        ("LAVALINK_PORT", "2333"),
        ("LAVALINK_PASSWORD", "pw"),
        ("LAVALINK_SECURE", "false"),
        ("LAVALINK_SERVER_HOST", "x"),
        ("LAVALINK_SERVER_PORT", "2333"),
    ],
    &[("PATH", "/bin"), ("HOME", "/"), ("SERVER_NAME", "x"), ("METRICS_HOST", "x"), ("PORT", "1")],
];

fn told(yaml: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Loaded::read(yaml, environment.iter().map(owned)).unwrap().warnings
}

#[test]
fn three_lines_are_told_at_most() {
    for (name, yaml) in FILES {
        for environment in ENVIRONMENTS {
            let warnings = told(yaml, environment);
            let of_file = told(yaml, &[]).len();
            assert!(of_file <= 3, "{name}: {:?}", told(yaml, &[]));
            assert!(warnings.len() <= of_file + 1, "{name}: {warnings:?}");
        }
    }
    assert_eq!(told("", ENVIRONMENTS[0]), [""; 0]);
    assert_eq!(told("", ENVIRONMENTS[3]), [""; 0]);
}

#[test]
fn every_documented_key_is_known() {
    let warnings = told(EVERY_KEY, &[]).join("\n");
    assert!(!warnings.contains("unknown"), "{warnings}");
    let told = told(FILES[5].1, &[]).join("\n");
    for part in
        ["server.address?", "lavalink.server.password?", "lowPass?", "echo", "resamplingQuality?"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn what_is_not_followed_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write("application.yml", "spring: {config: {import: 'optional:configserver:'}}\n");
    write("application.properties", "server.port=1\n");
    let places = |environment: &[(&str, &str)]| Places {
        environment: environment.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        directory: directory.path().to_owned(),
        ..Places::default()
    };
    let told = Loaded::find(&places(&[])).unwrap().warnings.join("\n");
    for part in ["application.properties: not read", "spring.config.import is not followed"] {
        assert!(told.contains(part), "{told}");
    }
    let missing = Loaded::find(&places(&[("SPRING_CONFIG_LOCATION", "none.yml")])).unwrap_err();
    assert!(missing.to_string().contains("none.yml"), "{missing}");
    let odd = Loaded::find(&places(&[("SPRING_CONFIG_LOCATION", "d")])).unwrap_err();
    assert!(odd.to_string().contains("ends in /"), "{odd}");
}
