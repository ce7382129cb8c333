//! Sources that promise gigabytes and never end.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use lavalink_reference_server::config::{Config, SourceSwitches};
use lavalink_reference_server::tracks::{EncodedTrack, Track, TrackInfo};
use serde_json::json;

use crate::support::{Server, VOICE, memory};

/// Memory that all of them together may take, MiB.
const MOST: f64 = 200.0;

/// Beginnings of files whose sizes are lies.
fn liars() -> Vec<(&'static str, Vec<u8>)> {
    let huge = |name: &[u8; 4]| [&0x7fff_ff00_u32.to_be_bytes()[..], name].concat();
    let boxes = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz"].map(huge).concat();
    vec![
        ("a tag", b"ID3\x03\0\0\x7f\x7f\x7f\x7fTIT2\x0f\xff\xff\xf0\0\0\0".to_vec()),
        (
            "a table",
            [
                &b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42"[..],
                &boxes,
                &[0; 8],
                &[0x1f, 0xff, 0xff, 0xff],
            ]
            .concat(),
        ),
        ("a chunk", b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f".to_vec()),
        ("a picture", b"fLaC\x06\xff\xff\xff\0\0\0\x03\x7f\xff\xff\xff".to_vec()),
        ("nothing", Vec::new()),
    ]
}

/// Sends a beginning and then zeros for as long as somebody reads, to every connection.
fn serve(beginning: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    // Both end when the other side hangs up, or with the test.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, beginning) = (stream.unwrap(), beginning.clone());
            thread::spawn(move || {
                // What is asked for does not matter.
                let _ = stream.read(&mut [0; 4096]);
                let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
                let mut going = stream.write_all(head).and_then(|()| stream.write_all(&beginning));
                for _ in 0..20_000 {
                    if going.is_err() {
                        return;
                    }
                    going = stream.write_all(&[0; 64 * 1024]);
                }
            });
        }
    });
    url
}

fn encoded(url: String) -> String {
    let info = TrackInfo {
        identifier: url.clone(),
        is_seekable: true,
        author: "a".into(),
        length: 10_000,
        is_stream: false,
        title: "t".into(),
        uri: Some(url),
        artwork_url: None,
        isrc: None,
        source_name: "http".into(),
        probe_info: Some("mp3".into()),
    };
    EncodedTrack::write(&Track::new(info, 0), 0)
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lies_about_sizes_fail_the_track_and_cost_little() {
    let server = Server::start_with(Config {
        simulate_voice: true,
        sources: SourceSwitches { local: false, http: true, youtube: false, soundcloud: false },
        ..Config::default()
    });
    let mut socket = server.connect().await;
    let before = memory();
    for (what, beginning) in liars() {
        server.patch(&socket.player(1), VOICE).await;
        let body = json!({"track": {"encoded": encoded(serve(beginning))}}).to_string();
        assert_eq!(server.patch(&socket.player(1), &body).await.status, 200);
        let mut failed = false;
        loop {
            let message = socket.next().await;
            match message["type"].as_str() {
                Some("TrackExceptionEvent") => failed = true,
                Some("TrackEndEvent") => break,
                _ => {}
            }
        }
        assert!(failed, "{what}");
        let grown = memory() - before;
        assert!(grown < MOST, "{what}: {grown:.0} MiB");
    }
}
