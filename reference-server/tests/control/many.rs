//! Many mocks in one process.

use std::time::Duration;

use lavalink_reference_server::{Mock, MockError};
use serde_json::json;

use crate::support::{ask, http};

#[tokio::test]
async fn fifty_have_their_own_breaks_and_their_own_time() {
    let mut mocks = Vec::new();
    for number in 0..50 {
        let mock = Mock::builder().start_time(1000 * number);
        let mock = match number % 2 {
            0 => mock.deviate("LL-HTTP-001/wrong-version"),
            _ => mock.deviate("LL-HTTP-070/line-end"),
        };
        mocks.push(mock.start().await.unwrap());
    }
    for (number, mock) in mocks.iter().enumerate() {
        mock.advance(Duration::from_millis(number as u64)).await.unwrap();
    }
    for (number, mock) in mocks.iter().enumerate() {
        let request = http().get(format!("{}/version", mock.url()));
        let answer = request.header("Authorization", mock.password()).send().await.unwrap();
        let version = answer.headers()["lavalink-api-version"].to_str().unwrap().to_owned();
        let text = answer.text().await.unwrap();
        let wanted = if number % 2 == 0 { ("3", "4.2.2") } else { ("4", "4.2.2\n") };
        assert_eq!((version.as_str(), text.as_str()), wanted, "{number}");
        let clock = mock.control("GET", "/clock", None).await.unwrap();
        assert_eq!(clock["wallMs"], json!(1001 * number));
        let reached = mock.control("GET", "/deviations", None).await.unwrap();
        let chosen = reached.as_array().unwrap().iter().filter(|it| !it["reached"].is_null());
        assert_eq!(chosen.count(), 1, "{number}");
    }
    let plain = Mock::start().await.unwrap();
    assert_eq!(ask(&plain, "GET", "/version", None).await.unwrap().1, "4.2.2");
}

#[tokio::test]
async fn a_mock_that_is_dropped_has_stopped() {
    let mock = Mock::start().await.unwrap();
    let url = mock.url();
    assert_eq!(ask(&mock, "GET", "/version", None).await.unwrap().0, 200);
    drop(mock);
    assert!(http().get(&url).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_mock_that_cannot_be_says_why() {
    let unknown = Mock::builder().deviate("LL-HTTP-001/wrong-versoin").start().await.unwrap_err();
    assert!(unknown.to_string().contains("LL-HTTP-001/wrong-version"), "{unknown}");
    let wrong = Mock::builder().catalogue(json!({"entrys": []})).start().await.unwrap_err();
    assert!(matches!(wrong, MockError::Prepare { what: "catalogue", .. }), "{wrong:?}");
    assert!(wrong.to_string().contains("did you mean entries?"), "{wrong}");
    let wrong = Mock::builder().info(json!({"version": "x"})).start().await.unwrap_err();
    assert!(wrong.to_string().starts_with("info: version: "), "{wrong}");
}

/// A test without an executor of tokio's.
#[test]
fn any_executor_will_do() {
    let mock = futures::executor::block_on(Mock::start()).unwrap();
    futures::executor::block_on(mock.advance(Duration::from_secs(1))).unwrap();
    let error = futures::executor::block_on(mock.reset(&["x"])).unwrap_err();
    assert_eq!(error.status(), Some(400));
    futures::executor::block_on(mock.stop());
}
