//! An upstream asked over real sockets.

use std::net::Ipv4Addr;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::*;
use crate::discord::Authority;

async fn site() -> Site {
    Site::start(UpstreamOptions::default(), None).await.unwrap()
}

async fn connected(site: &Site, last: u8) -> TcpStream {
    let address: SocketAddr = site.v4.strip_prefix("http://").unwrap().parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into()).unwrap();
    socket.connect(address).await.unwrap()
}

/// Asks for something with a connection of its own; gives back all that came.
async fn ask(site: &Site, last: u8, path: &str, body: &str) -> io::Result<String> {
    let mut stream = connected(site, last).await;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await.map(|_| text)
}

async fn search(site: &Site, upstream: &Upstream, last: u8) -> io::Result<String> {
    let query = upstream.search("x").strip_prefix("ytsearch:").unwrap().to_owned();
    ask(site, last, "/youtubei/v1/search", &json!({"query": query}).to_string()).await
}

#[tokio::test]
async fn the_source_of_each_request_is_written_down() {
    let site = site().await;
    let upstream = site.upstream();
    assert!(search(&site, &upstream, 1).await.unwrap().contains("compactVideoRenderer"));
    let video = json!({"videoId": upstream.video()}).to_string();
    let body = ask(&site, 2, "/youtubei/v1/player", &video).await.unwrap();
    assert!(body.contains("\"lengthSeconds\":\"213\""), "{body}");
    let seen: Vec<_> = upstream.seen().into_iter().map(|s| (s.source, s.asked)).collect();
    let source = |last| IpAddr::from([127, 0, 0, last]);
    assert_eq!(seen, [(source(1), Asked::Search), (source(2), Asked::Video)]);
}

#[tokio::test]
async fn the_requests_of_others_do_not_count() {
    let site = site().await;
    let upstream = site.upstream();
    let other = json!({"query": "somebody else's"}).to_string();
    let answer = ask(&site, 1, "/youtubei/v1/search", &other).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert_eq!(upstream.seen(), []);
}

#[tokio::test]
async fn it_answers_as_it_is_told() {
    let site = site().await;
    let upstream = site.upstream();
    upstream.answer_next(1, &Reply::Status(429));
    upstream.answer_next(1, &Reply::Close);
    upstream.answer_next(1, &Reply::Reset);
    assert!(search(&site, &upstream, 1).await.unwrap().starts_with("HTTP/1.1 429"));
    assert_eq!(search(&site, &upstream, 1).await.unwrap(), "");
    let reset = search(&site, &upstream, 1).await.unwrap_err();
    assert_eq!(reset.kind(), io::ErrorKind::ConnectionReset);
    upstream.answer_from([127, 0, 0, 3].into(), Reply::Status(503));
    assert!(search(&site, &upstream, 3).await.unwrap().starts_with("HTTP/1.1 503"));
    assert!(search(&site, &upstream, 1).await.unwrap().starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_redirect_leads_to_the_same() {
    let site = site().await;
    let upstream = site.upstream();
    upstream.answer_next(1, &Reply::Redirect);
    let answer = search(&site, &upstream, 1).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 307"), "{answer}");
    let hop = format!("/hop/{}-0/youtubei/v1/search", upstream.state.prefix);
    assert!(answer.contains(&format!("location: {hop}\r\n")), "{answer}");
    let answer = ask(&site, 2, &hop, "").await.unwrap();
    assert!(answer.contains("compactVideoRenderer"), "{answer}");
    assert_eq!(upstream.seen().len(), 2);
}

#[tokio::test]
async fn requests_wait_for_each_other() {
    let site = site().await;
    let upstream = site.upstream();
    upstream.answer_together(2, &Reply::Status(429));
    let first = search(&site, &upstream, 1);
    let second = async {
        // The first one is there before this one is sent, and has no answer yet.
        while upstream.seen().is_empty() {
            tokio::task::yield_now().await;
        }
        search(&site, &upstream, 2).await
    };
    let (first, second) = tokio::join!(first, second);
    assert!(first.unwrap().starts_with("HTTP/1.1 429"));
    assert!(second.unwrap().starts_with("HTTP/1.1 429"));
}

/// In the order in which the source of Lavalink 4.2.2 asks.
#[tokio::test]
async fn a_video_is_found_by_its_page_and_a_script() {
    let site = site().await;
    let upstream = site.upstream();
    upstream.answer_next_for(Asked::Page, 1, &Reply::Status(503));
    let page = format!("/embed/{}", upstream.video());
    assert!(ask(&site, 1, &page, "").await.unwrap().starts_with("HTTP/1.1 503"));
    let answer = ask(&site, 2, &page, "").await.unwrap();
    let (_, script) = answer.split_once(r#""jsUrl":""#).unwrap();
    let answer = ask(&site, 3, script.split('"').next().unwrap(), "").await.unwrap();
    assert!(answer.contains("signatureTimestamp:20000"), "{answer}");
    let seen: Vec<_> = upstream.seen().into_iter().map(|s| s.asked).collect();
    assert_eq!(seen, [Asked::Page, Asked::Page, Asked::Script]);
    // This one is asked for by servers, for no scenario in particular.
    let answer = ask(&site, 1, "/youtubei/v1/visitor_id", "{}").await.unwrap();
    assert!(answer.contains("visitorData"), "{answer}");
    assert_eq!(upstream.seen().len(), 3);
}

#[tokio::test]
async fn scenarios_do_not_see_the_requests_of_each_other() {
    let site = site().await;
    let (one, other) = (site.upstream(), site.upstream());
    one.answer_all(Reply::Status(429));
    assert!(search(&site, &other, 1).await.unwrap().starts_with("HTTP/1.1 200"));
    assert!(search(&site, &one, 2).await.unwrap().starts_with("HTTP/1.1 429"));
    assert_eq!((one.seen().len(), other.seen().len()), (1, 1));
    let body = json!({"videoId": other.video()}).to_string();
    drop(other);
    let answer = ask(&site, 1, "/youtubei/v1/player", &body).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

/// As for a server that asks YouTube by its name and has a hosts file.
#[tokio::test]
async fn with_names_it_speaks_tls_where_it_is_expected() {
    let authority = Authority::new().unwrap();
    let names = ["www.youtube.com".to_owned()];
    let port = ports::promise().unwrap();
    let listen = vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))];
    let options = UpstreamOptions { listen, tls: names.to_vec(), ..UpstreamOptions::default() };
    // The next scenario's begins where the last one's has just ended.
    for _ in 0..3 {
        let tls = authority.server_for(&names).unwrap();
        let site = Site::start(options.clone(), Some(tls)).await.unwrap();
        let upstream = site.upstream();
        assert_eq!(site.fill("{upstream}"), format!("https://127.0.0.1:{port}"));
        let body = json!({"videoId": upstream.video()}).to_string();
        let mut stream = trusting(&authority, &names[0], port).await;
        let head = "POST /youtubei/v1/player HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(upstream.seen().len(), 1);
    }
}

async fn trusting(authority: &Authority, name: &str, port: u16) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}
