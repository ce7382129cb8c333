//! Configurations in the shapes that public repositories have them: they start, and what is told of
//! them is three lines at most, so that what matters is not buried.

use lavalink_reference_server::config::{ConfigError, Loaded, Places};

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
        "sections with nothing but comments in them, and a log whose levels come from variables",
        "server:\n# from the environment\nlavalink:\n  server:\n    # from the environment\n    \
         sources: {youtube: false, http: true}\n  plugins:\n    - dependency: a:b:LATEST\n      \
         snapshot: false\nlogging: {file: {max-history: 30, max-size: 1GB}, path: ./l/}\n",
    ),
    (
        "a password of another section, a source that is gone and levels of packages",
        "authorization: {password: pw}\nlavalink:\n  server:\n    password: pw\n    sources: {mixer: true, \
         http: true}\n    ws: {path: /v4/websocket}\nlogging:\n  level:\n    lavalink.server: INFO\n    \
         a.b.C: DEBUG\n",
    ),
    (
        "everything one section too deep",
        "server:\n    port: 2333\n    lavalink:\n    server:\n        password: pw\n        sources:\n        \
         youtube: true\n        http: true\n        bufferDurationMs: 400\n        gc-warnings: true\n    \
         metrics:\n    prometheus:\n        enabled: false\n    sentry:\n    dsn: ''\n",
    ),
    (
        "placeholders for everything, keys of one's own for them, and a section to refer to",
        "own: {pw: a, port: 2333}\nx-on: &on {youtube: false, http: true}\nserver: {port: '${own.port}'}\n\
         lavalink:\n  server:\n    password: ${own.pw}\n    sources: *on\nspring: {profiles: {active: x}}\n",
    ),
    (
        "tokens of plugins without a value",
        "plugins: {youtube: {oauth: {refreshToken: '${TOKEN:}'}}}\n",
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
    &[
        ("_JAVA_OPTIONS", "-Xms256M -XX:+UseG1GC"),
        ("SERVER_HTTP2_ENABLED", "false"),
        ("LAVALINK_SERVER_SOURCES_HTTP", "true"),
        ("PLUGINS_SPOTIFY_CLIENT_ID", "x"),
        ("SPRING_CONFIG_IMPORT", "optional:configserver:"),
        ("LOGGING_LEVEL_ROOT", "INFO"),
    ],
    &[
        ("Lavalink__Host", "x"),
        ("Lavalink__Port", "2333"),
        ("LAVALINK_HOSTNAME", "x"),
        ("NODE_ENV", "x"),
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
    assert_eq!(told("", ENVIRONMENTS[4]), [""; 0]);
    assert_eq!(told("", ENVIRONMENTS[5]), [""; 0]);
    let of_a_placeholder = "lavalink: {server: {password: '${LAVALINK_PASSWORD}'}}";
    assert_eq!(told(of_a_placeholder, &[("LAVALINK_PASSWORD", "pw")]), [""; 0]);
}

#[test]
fn every_documented_key_is_known() {
    let warnings = told(EVERY_KEY, &[]).join("\n");
    assert!(!warnings.contains("unknown"), "{warnings}");
    let told = told(FILES.last().unwrap().1, &[]).join("\n");
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

fn write(directory: &std::path::Path, name: &str, bytes: &[u8]) {
    let path = directory.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn find(directory: &std::path::Path) -> Result<Loaded, ConfigError> {
    Loaded::find(&Places { directory: directory.to_owned(), ..Places::default() })
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// As Lavalink 4.2.2 does: UTF-16 with its mark is read, anything that is not UTF-8 is not.
#[test]
fn encodings_are_read_or_named() {
    let yaml = "\u{feff}lavalink: {server: {password: pw}}\n";
    for bytes in
        [yaml.as_bytes().to_vec(), utf_16(yaml, u16::to_le_bytes), utf_16(yaml, u16::to_be_bytes)]
    {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), "application.yml", &bytes);
        assert_eq!(find(directory.path()).unwrap().config.password.0, "pw");
    }
    for (bytes, told) in [
        (b"# caf\xe9\n".to_vec(), "0xe9, which is no UTF-8, at line 1, column 6"),
        (b"lavalink:\n server:\n  password: p\xe9\n".to_vec(), "line 3, column 14"),
        (utf_16(&yaml[3..], u16::to_le_bytes), "UTF-16 without a byte order mark"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), "application.yml", &bytes);
        let error = find(directory.path()).unwrap_err().to_string();
        assert!(error.contains("application.yml: ") && error.contains(told), "{error}");
        assert!(error.contains("save the file as UTF-8"), "{error}");
    }
}

#[test]
fn a_value_in_place_of_a_section_is_named_with_its_line() {
    let yaml =
        "lavalink:\n  server:\n    password:secret\nmetrics:\n  prometheus: true\nserver:\n  - a\n";
    let warnings = told(yaml, &[]);
    let line = warnings.iter().find(|line| line.starts_with("ignored")).unwrap();
    for part in [
        "lavalink.server is a text where a section of keys is expected: is a blank missing after its colon? (line 3)",
        "metrics.prometheus is true where a section of keys is expected (line 5)",
        "server is a list where a section of keys is expected (line 7)",
    ] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!line.contains("secret"), "{line}");
    let nested = "lavalink:\n  server:\n    sources:\n      http: {enabled: true}\n";
    let warnings = told(nested, &[]);
    assert_eq!(
        warnings,
        [
            "ignored, as in Lavalink: lavalink.server.sources.http is a section or a list where one value is expected (line 4)"
        ]
    );
    let list = told("lavalink: {server: {sources: [http, local]}}", &[]);
    assert_eq!(list.len(), 1, "{list:?}");
    assert!(list[0].starts_with("ignored, as in Lavalink: lavalink.server.sources is a list"));
    assert!(told("just a text", &[])[0].contains("the document is a text"));
    let refused = Loaded::read("lavalink:\n  server:\n    timeouts: 5\n", []).unwrap_err();
    let refused = refused.to_string();
    let wanted = "lavalink.server.timeouts: 5 is not allowed; give keys below it, such as \
                  connectTimeoutMs: 3000, or leave it out (it stands in line 3)";
    assert_eq!(refused, wanted);
    let secret = Loaded::read("lavalink: {server: {httpConfig: 'proxyPassword:hunter2'}}", []);
    assert!(!secret.unwrap_err().to_string().contains("hunter2"));
}

#[test]
fn what_lavalink_would_follow_is_said_in_one_line() {
    let yaml = "server:\n  ssl:\n    key-store: a.p12\n  servlet: {context-path: /lava}\n";
    let environment =
        [("SERVER_SSL_KEY_STORE_PASSWORD", "hunter2"), ("SPRING_MVC_SERVLET_PATH", "/x")];
    let warnings = told(yaml, &environment);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(
        warnings[0],
        "not followed here, though Lavalink would: SERVER_SSL_KEY_STORE_PASSWORD, \
         SPRING_MVC_SERVLET_PATH, server.ssl.key-store (line 3), server.servlet.context-path (line 4)"
    );
    let off = "server: {http2: {enabled: false}, ssl: {enabled: false, key-store: x}}";
    assert_eq!(
        told(off, &[("SERVER_SERVLET_CONTEXT_PATH", "/")]),
        ["without effect here: server.http2, server.ssl"]
    );
}

#[test]
fn what_is_there_for_others_is_not_unknown() {
    let yaml = "my: {pw: x, other: y}\nx-sources: &s {http: false, local: true}\nlavalink:\n  server:\n    \
                password: ${my.pw:z}\n    sources: {<<: *s}\nspring: {profiles: {active: none}}\n";
    assert_eq!(told(yaml, &[]), ["unknown key: my.other (line 1)"]);
    let config = Loaded::read(yaml, []).unwrap().config;
    assert_eq!((config.password.0.as_str(), config.sources.local), ("x", true));
    let typo = "lavalink: &l {server: {pasword: x}}\nother: *l\n";
    assert!(told(typo, &[])[0].contains("lavalink.server.password?"), "{:?}", told(typo, &[]));
}

#[test]
fn files_that_are_read_are_told_and_those_that_look_like_it() {
    let directory = tempfile::tempdir().unwrap();
    let loaded = find(directory.path()).unwrap();
    assert_eq!((loaded.files.len(), loaded.warnings.len()), (0, 0));
    for name in
        ["application.yml.txt", "config/applicaton.yml", "application-prod.yml", "docker.yml"]
    {
        write(directory.path(), name, b"");
    }
    let loaded = find(directory.path()).unwrap();
    assert_eq!(loaded.warnings.len(), 1, "{:?}", loaded.warnings);
    let hint = &loaded.warnings[0];
    for part in ["application.yml.txt (", "applicaton.yml (", "SPRING_PROFILES_ACTIVE=prod"] {
        assert!(hint.contains(part), "{hint}");
    }
    assert!(!hint.contains("docker"), "{hint}");
    write(directory.path(), "application.yml", b"spring: {profiles: {active: prod}}\n");
    let loaded = find(directory.path()).unwrap();
    let names: Vec<_> =
        loaded.files.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["application.yml", "application-prod.yml"]);
}
