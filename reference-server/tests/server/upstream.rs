//! A small upstream of the source `youtube` that answers as it is told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use serde_json::{Value, json};

/// What came in and what goes out.
#[derive(Clone, Default)]
pub(crate) struct Upstream {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    seen: Arc<Mutex<Vec<(String, String)>>>,
    everything: Arc<Mutex<Vec<String>>>,
    pub(crate) url: String,
}

impl Upstream {
    pub(crate) async fn start(host: &str) -> Self {
        let listener = tokio::net::TcpListener::bind((host, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = Self { url, ..Self::default() };
        let answering = upstream.clone();
        let handler = move |ConnectInfo(from): ConnectInfo<SocketAddr>, request: Request| {
            let answering = answering.clone();
            async move { answering.answer(from, &request) }
        };
        let routes = Router::new().fallback(handler);
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async { axum::serve(listener, service).await });
        upstream
    }

    fn answer(&self, from: SocketAddr, request: &Request) -> Response {
        let asked = format!("{} {}", request.method(), request.uri().path());
        self.everything.lock().unwrap().push(asked.clone());
        if let Some(page) = on_the_way(request.uri().path()) {
            return Response::new(Body::from(page));
        }
        self.seen.lock().unwrap().push((from.ip().to_string(), asked));
        let (status, text) =
            self.answers.lock().unwrap().pop_front().unwrap_or((200, String::new()));
        let answer = Response::builder().status(status);
        if !text.is_empty() {
            return answer.header("location", text).body(Body::empty()).unwrap();
        }
        let body = if request.uri().path().ends_with("/player") { player() } else { search() };
        answer
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap()
    }

    /// The next answers have these statuses; then it is 200 again.
    pub(crate) fn say(&self, statuses: impl IntoIterator<Item = u16>) {
        let statuses = statuses.into_iter().map(|status| (status, String::new()));
        *self.answers.lock().unwrap() = statuses.collect();
    }

    /// The next answer sends elsewhere.
    pub(crate) fn redirect(&self, status: u16, to: &str) {
        self.answers.lock().unwrap().push_back((status, to.to_owned()));
    }

    /// From where it was asked since the last time.
    pub(crate) fn sources(&self) -> Vec<String> {
        self.seen.lock().unwrap().drain(..).map(|(source, _)| source).collect()
    }

    /// What for it was asked since the last time, with what is asked for before a video.
    pub(crate) fn everything(&self) -> Vec<String> {
        self.everything.lock().unwrap().drain(..).collect()
    }

    /// Where from and what for it was asked since the last time.
    pub(crate) fn requests(&self) -> Vec<(String, String)> {
        self.seen.lock().unwrap().drain(..).collect()
    }
}

/// What is asked for before a video. It is not looked at by most tests.
fn on_the_way(path: &str) -> Option<&'static str> {
    match path {
        "/youtubei/v1/visitor_id" => Some("{}"),
        "/s/base.js" => Some("var a={signatureTimestamp:20000}"),
        path if path.starts_with("/embed/") => Some(r#"<script>{"jsUrl":"/s/base.js"}</script>"#),
        _ => None,
    }
}

fn search() -> Value {
    let video = json!({"compactVideoRenderer": {
        "videoId": "dQw4w9WgXcQ",
        "title": {"runs": [{"text": "a title"}]},
        "longBylineText": {"runs": [{"text": "an author"}]},
        "lengthText": {"runs": [{"text": "3:33"}]},
    }});
    let section = json!({"itemSectionRenderer": {"contents": [video]}});
    json!({"contents": {"sectionListRenderer": {"contents": [section]}}})
}

fn player() -> Value {
    json!({"videoDetails": {
        "videoId": "dQw4w9WgXcQ", "title": "a title", "author": "an author",
        "lengthSeconds": "213", "isLiveContent": false,
    }})
}
