//! A session whose messages are read and thrown away.

use futures::StreamExt;
use serde_json::Value;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Opens one on the server at `address`; gives back its id.
pub(crate) async fn open(address: &str, password: &str) -> String {
    let mut request = format!("ws://{address}/v4/websocket").into_client_request().unwrap();
    request.headers_mut().insert("Authorization", password.parse().unwrap());
    request.headers_mut().insert("User-Id", "1".parse().unwrap());
    let (mut socket, _) = connect_async(request).await.unwrap();
    let ready = socket.next().await.unwrap().unwrap();
    let ready: Value = serde_json::from_str(ready.to_text().unwrap()).unwrap();
    tokio::spawn(async move { while socket.next().await.is_some() {} });
    ready["sessionId"].as_str().unwrap().to_owned()
}
