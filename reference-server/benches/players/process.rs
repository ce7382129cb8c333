//! The server as a process of its own, so that nothing else is measured.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures::StreamExt;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::AbortHandle;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::{Result, Setting};

/// Ticks of /proc in a second, which Linux fixes at 100 for programs.
const TICKS: f64 = 100.0;

/// What a page of memory has, MiB.
const PAGE: f64 = 4.0 / 1024.0;

/// With this as its first word this program is the server.
pub(crate) const SERVER: &str = "server";

const PASSWORD: &str = "youshallnotpass";

/// A server that runs. It ends with this.
pub(crate) struct Process {
    child: Child,
    url: String,
    client: reqwest::Client,
    _config: NamedTempFile,
}

/// A session whose messages are read until this is dropped.
pub(crate) struct Session(AbortHandle);

impl Drop for Session {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Process {
    /// On a free port; `core`: the only one that it may use.
    pub(crate) async fn start(quality: u8, authority: &Path, core: Option<u8>) -> Result<Self> {
        let mut config = NamedTempFile::with_suffix(".yml")?;
        let text = format!(
            "lavalink:\n  server:\n    opusEncodingQuality: {quality}\n    sources:\n      \
             local: true\n"
        );
        config.write_all(text.as_bytes())?;
        let server = std::env::current_exe()?;
        let mut command = match core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.args(["-c", &core.to_string()]).arg(server);
                command
            }
            None => Command::new(server),
        };
        command.arg(SERVER);
        command.args(["--port", "0", "--ready-json", "--voice-ca"]).arg(authority);
        command.arg("--config").arg(config.path());
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let line = BufReader::new(stdout).lines().next_line().await?.ok_or("it ended at once")?;
        let ready: Value = serde_json::from_str(&line)?;
        let url = ready["url"].as_str().ok_or("no url")?.to_owned();
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { child, url, client, _config: config })
    }

    /// Lets players of a new session play.
    pub(crate) async fn play(
        &self,
        setting: &Setting,
        track: &Path,
        endpoint: &str,
    ) -> Result<Session> {
        let socket = format!("{}/v4/websocket", self.url.replace("http", "ws"));
        let mut request = socket.into_client_request()?;
        request.headers_mut().insert("Authorization", PASSWORD.parse()?);
        request.headers_mut().insert("User-Id", "1".parse()?);
        let (mut socket, _) = connect_async(request).await?;
        let session = loop {
            let message = socket.next().await.ok_or("no ready")??;
            let message: Value = serde_json::from_str(message.to_text()?)?;
            if let Some(id) = message["sessionId"].as_str() {
                break id.to_owned();
            }
        };
        let reading = tokio::spawn(async move { while socket.next().await.is_some() {} });
        let filters: Value = serde_json::from_str(setting.filters)?;
        for guild in 1..=setting.players {
            let body = json!({
                "voice": {"token": "t", "endpoint": endpoint, "sessionId": "s", "channelId": "1"},
                "filters": filters,
                "track": {"identifier": track},
            });
            let url = format!("{}/v4/sessions/{session}/players/{guild}", self.url);
            let request = self.client.patch(url).header("Authorization", PASSWORD);
            let request = request.header("Content-Type", "application/json").body(body.to_string());
            request.send().await?.error_for_status()?;
        }
        Ok(Session(reading.abort_handle()))
    }

    /// Seconds of processor time that are used from now on, and how long that was.
    pub(crate) async fn use_during(&self, time: Duration) -> Result<(f64, Duration)> {
        let (began, ticks) = (Instant::now(), self.ticks()?);
        tokio::time::sleep(time).await;
        Ok(((self.ticks()? - ticks) / TICKS, began.elapsed()))
    }

    fn ticks(&self) -> Result<f64> {
        let stat = self.read("stat")?;
        // What comes after the name in parentheses begins with field 3.
        let fields: Vec<_> =
            stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).and_then(|text| text.parse().ok());
        let (user, system): (Option<f64>, Option<f64>) = (field(14), field(15));
        Ok(user.ok_or("no utime")? + system.ok_or("no stime")?)
    }

    /// Resident memory, MiB.
    pub(crate) fn memory(&self) -> Result<f64> {
        let statm = self.read("statm")?;
        let pages = statm.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
        Ok(pages.ok_or("no resident size")? * PAGE)
    }

    fn read(&self, name: &str) -> Result<String> {
        let id = self.child.id().ok_or("the server has ended")?;
        Ok(std::fs::read_to_string(format!("/proc/{id}/{name}"))?)
    }
}
