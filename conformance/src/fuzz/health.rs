//! Whether a server still serves others, and whether anything stays behind.

use serde_json::Value;

use super::drive::Driver;
use super::finding::{Fault, Finding};

/// Asks what every client asks: the version, a session, a player, and that they end with it.
///
/// # Errors
/// What the server did else.
pub(crate) async fn check(driver: &Driver) -> Result<(), Finding> {
    ask(driver, "GET", "/version".into(), None, 200).await?;
    let session = driver.open().await?;
    let players = format!("/v4/sessions/{}/players", session.id);
    let body = ask(driver, "GET", players.clone(), None, 200).await?;
    if body.trim() != "[]" {
        return Err(dead(format!("a fresh session has players: {body:.200}")));
    }
    let player = format!("{players}/1");
    ask(driver, "PATCH", player.clone(), Some(r#"{"volume":50}"#.into()), 200).await?;
    ask(driver, "DELETE", player, None, 204).await?;
    match session.close(driver.limit()).await {
        Some(finding) => Err(finding),
        None => gone(driver, players).await,
    }
}

/// A session ends with its socket, soon.
async fn gone(driver: &Driver, players: String) -> Result<(), Finding> {
    let waiting = async {
        while !matches!(driver.ask("GET", players.clone(), None).await, Ok((404, _))) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let ended = tokio::time::timeout(driver.limit().0, waiting).await;
    ended.map_err(|_| Finding::new(Fault::Leak, "a session is there though its socket is closed"))
}

async fn ask(
    driver: &Driver,
    method: &str,
    path: String,
    body: Option<String>,
    expected: u16,
) -> Result<String, Finding> {
    let line = format!("{method} {path}");
    match driver.ask(method, path, body).await {
        Ok((status, body)) if status == expected => Ok(body),
        Ok((status, body)) => {
            Err(dead(format!("{line} is answered with {status}, not {expected}: {body:.200}")))
        }
        Err(failure) => Err(dead(failure.message)),
    }
}

fn dead(what: String) -> Finding {
    Finding::new(Fault::Dead, what)
}

/// Whether the server serves, in words if it does not.
///
/// # Errors
/// What it did else.
pub(crate) async fn is_served(driver: &Driver) -> Result<(), String> {
    check(driver).await.map_err(|finding| finding.what)
}

/// How many players the server says it has.
///
/// # Errors
/// It does not say.
pub(crate) async fn players(driver: &Driver) -> Result<i64, Finding> {
    let body = ask(driver, "GET", "/v4/stats".into(), None, 200).await?;
    let stats: Value = serde_json::from_str(&body).unwrap_or_default();
    stats["players"].as_i64().ok_or_else(|| dead("/v4/stats does not tell of players".into()))
}
