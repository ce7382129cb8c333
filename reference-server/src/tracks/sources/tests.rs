use super::*;
use crate::config::SourceSwitches;

fn sources(local: bool, http: bool) -> Sources {
    let sources = SourceSwitches { local, http, ..Config::default().sources };
    Sources::new(&Config { sources, ..Config::default() }, &CancellationToken::new())
}

fn media(name: &str) -> String {
    format!("{}/../fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"))
}

async fn info(name: &str) -> TrackInfo {
    match sources(true, false).load(&media(name)).await {
        LoadResult::Track(track) => track.info,
        other => panic!("{name}: {other:?}"),
    }
}

/// Names under `.invalid` have no address, and none of these is asked for.
#[tokio::test]
async fn simulated_sources_let_nothing_leave_the_machine() {
    let config = Config { simulate_sources: true, ..Config::default() };
    let sources = Sources::new(&config, &CancellationToken::new());
    for (link, found) in [
        ("https://on.soundcloud.com/x", true),
        ("youtube.com/watch?v=dQw4w9WgXcQ", true),
        ("https://open.spotify.com/track/x", false),
        ("http://nobody.invalid/a.mp3", false),
        ("http://192.0.2.1/a.mp3", false),
        ("icy://[2001:db8::1]/a", false),
    ] {
        match sources.load(link).await {
            LoadResult::Track(_) => assert!(found, "{link}"),
            LoadResult::Failed(failure) => {
                let trace = failure.cause_stack_trace;
                assert!(!found && trace.contains("nobody but this machine"), "{link}: {trace}");
            }
            other => panic!("{link}: {other:?}"),
        }
    }
}

/// Nor does a stream whose list is here and whose segments are not.
#[tokio::test]
async fn segments_elsewhere_are_not_asked_for() {
    let list = "#EXTM3U\n#EXTINF:0.1,\nhttp://192.0.2.1/a.ts\n";
    let routes =
        axum::Router::new().route("/a.m3u8", axum::routing::get(move || async move { list }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a.m3u8", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, routes).await });
    let config = Config { simulate_sources: true, ..Config::default() };
    let sources = Sources::new(&config, &CancellationToken::new());
    let LoadResult::Track(track) = sources.load(&url).await else { panic!("{url}") };
    assert_eq!(track.info.probe_info.as_deref(), Some("m3u|hls-outer"));
    let opened = sources.open(&track.info, Patience::Machine).await;
    let failure = opened.err().unwrap();
    assert!(failure.cause.contains("nobody but this machine"), "{}", failure.cause);
}

#[tokio::test]
async fn containers_are_named_as_lavaplayer_names_them() {
    for (name, container, length) in [
        ("tone.mp3", "mp3", 2612),
        ("tone.flac", "flac", 3000),
        ("tone.ogg", "ogg", 3000),
        ("tone.m4a", "mp4", 3023),
        ("tone.webm", "matroska/webm", 3008),
        ("tone.aac", "adts", i64::MAX),
        ("tone.wav", "wav", 1000),
    ] {
        let info = info(name).await;
        assert_eq!(info.probe_info.as_deref(), Some(container), "{name}");
        assert_eq!(info.length, length, "{name}");
        assert_eq!(
            (info.title.as_str(), info.author.as_str()),
            ("Unknown title", "Unknown artist")
        );
        let endless = container == "adts";
        assert_eq!((info.is_seekable, info.is_stream), (!endless, endless), "{name}");
    }
}

/// A copy of a file of `fixtures/media` under another name, in a folder of its own.
fn copied(folder: &str, from: &str, to: &str) -> String {
    let folder = std::env::temp_dir().join(format!("{folder}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(to);
    std::fs::copy(media(from), &path).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_transport_stream_is_one_by_its_name() {
    for (name, container, title) in [
        ("tone.TS", "mpegts-adts", "Service01"),
        ("tone.aac", "adts", "Unknown title"),
        ("tone", "adts", "Unknown title"),
    ] {
        let path = copied("transport-stream", "tone.ts", name);
        let LoadResult::Track(track) = sources(true, true).load(&path).await else {
            panic!("{name}")
        };
        let info = track.info;
        assert_eq!((info.probe_info.as_deref(), info.title.as_str()), (Some(container), title));
    }
}

#[tokio::test]
async fn a_slash_behind_a_file_says_nothing() {
    let path = format!("{}/", media("tone.wav"));
    let LoadResult::Track(track) = sources(true, true).load(&path).await else { panic!("{path}") };
    assert_eq!(track.info.identifier, path);
    assert!(sources(true, true).open(&track.info, Patience::Machine).await.is_ok());
}

#[tokio::test]
async fn tags_become_title_and_author() {
    for name in ["tagged.mp3", "tagged.flac"] {
        let info = info(name).await;
        assert_eq!((info.title.as_str(), info.author.as_str()), ("Tagged Title", "Tagged Artist"));
    }
}

#[tokio::test]
async fn what_is_no_audio_fails_and_what_is_not_there_is_empty() {
    let failure = match sources(true, true).load(&media("garbage.bin")).await {
        LoadResult::Failed(failure) => failure,
        other => panic!("{other:?}"),
    };
    assert_eq!(failure.message, "Something went wrong while looking up the track.");
    assert_eq!(failure.severity, "fault");
    for nothing in ["", " ", "no such thing", "/tmp", "/missing.mp3", "ytsearch:x", "ftp://x/y"] {
        assert_eq!(sources(true, true).load(nothing).await, LoadResult::Empty, "{nothing}");
    }
    assert_eq!(sources(false, true).load(&media("tone.wav")).await, LoadResult::Empty);
    for broken in ["http://127.0.0.1:1/none.mp3", "http://"] {
        let result = sources(false, true).load(broken).await;
        assert!(matches!(result, LoadResult::Failed(_)), "{broken}: {result:?}");
    }
}

/// A server on loopback: media with and without its length, errors, a redirect without end.
async fn web() -> String {
    use axum::body::Body;
    use axum::response::Redirect;
    use axum::routing::get;
    use http::StatusCode;

    let file = |name: &str| std::fs::read(media(name)).unwrap();
    let (mp3, wav, garbage) = (file("tagged.mp3"), file("tone.wav"), file("garbage.bin"));
    let endless = mp3.clone();
    let stream = move || async move {
        let chunks = endless.chunks(4096).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()));
        Body::from_stream(futures::stream::iter(chunks.collect::<Vec<_>>()))
    };
    let routes = axum::Router::new()
        .route("/tagged.mp3", get(|| async { mp3 }))
        .route("/tone.wav", get(|| async { wav }))
        .route("/garbage", get(|| async { garbage }))
        .route("/stream.mp3", get(stream))
        .route("/forbidden", get(|| async { StatusCode::FORBIDDEN }))
        .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/moved", get(|| async { Redirect::temporary("/tone.wav") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/hang", get(std::future::pending::<()>));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, routes).await });
    url
}

#[tokio::test]
async fn the_web_is_looked_up() {
    let url = web().await;
    let mut config = Config::default();
    config.timeouts.socket_timeout_ms = 300;
    let sources = Sources::new(&config, &CancellationToken::new());
    let track = async |path: &str| match sources.load(&format!("{url}{path}")).await {
        LoadResult::Track(track) => track.info,
        other => panic!("{path}: {other:?}"),
    };

    let info = track("/tagged.mp3").await;
    assert_eq!((info.title.as_str(), info.length), ("Tagged Title", 2612));
    assert_eq!(info.uri.as_deref(), Some(info.identifier.as_str()));
    assert_eq!((info.source_name.as_str(), info.is_stream), ("http", false));

    let info = track("/stream.mp3").await;
    assert_eq!((info.length, info.is_stream, info.is_seekable), (i64::MAX, true, false));

    let info = track("/moved").await;
    assert_eq!((info.length, info.identifier), (1000, format!("{url}/tone.wav")));

    assert_eq!(sources.load(&format!("{url}/missing")).await, LoadResult::Empty);
    assert_eq!(sources.load(&format!("{url}/loop")).await, LoadResult::Empty);
    for path in ["/forbidden", "/broken", "/garbage", "/hang", "/a b"] {
        let result = sources.load(&format!("{url}{path}")).await;
        assert!(matches!(result, LoadResult::Failed(_)), "{path}: {result:?}");
    }
}

#[tokio::test]
async fn a_track_of_a_source_that_is_off_is_not_decoded() {
    let track = Track::new(info("tone.wav").await, 0);
    let encoded = EncodedTrack::write(&track, 0);
    assert_eq!(sources(true, false).decode(&encoded).as_ref(), Ok(&track));
    assert_eq!(sources(false, true).decode(&encoded), Err(DecodeError::UnknownSource));
}
