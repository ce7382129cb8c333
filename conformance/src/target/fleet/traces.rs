//! Whether a scenario has left anything behind in the route planner of its server.

use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::timeline::Timeline;
use crate::upstream::{Asked, Seen};

/// Frees all addresses of a server, and tells whether it is as new then, judged by its status and
/// by what its upstream saw. In doubt it is not.
pub(super) async fn are_gone(settings: &Settings, seen: &[Seen]) -> bool {
    // For a video other things are remembered besides: its page, a script.
    if !seen.iter().all(|seen| matches!(seen.asked, Asked::Search | Asked::Plain)) {
        return false;
    }
    let freed = ask(settings, "POST", "/v4/routeplanner/free/all").await;
    if !freed.is_ok_and(|answer| answer.status == 204) {
        return false;
    }
    match ask(settings, "GET", "/v4/routeplanner/status").await {
        Ok(answer) => answer.json().is_some_and(|status| is_as_new(&status, seen)),
        Err(_) => false,
    }
}

/// Whether a planner with this status, all of whose addresses have been freed, behaves like a new
/// one.
fn is_as_new(status: &Value, seen: &[Seen]) -> bool {
    let details = &status["details"];
    if details["failingAddresses"] != json!([]) {
        return false;
    }
    match status["class"].as_str() {
        // These know nothing but failing addresses, and the time.
        Some("BalancingIpRoutePlanner" | "NanoIpRoutePlanner") => true,
        Some("RotatingNanoIpRoutePlanner") => details["blockIndex"] == "0",
        // It may have chosen its first address, but none after that.
        Some("RotatingIpRoutePlanner") => {
            let current = details["currentAddress"].as_str().unwrap_or_default();
            let current = current.trim_start_matches('/').parse().ok();
            details["rotateIndex"] == "0"
                && !seen.is_empty()
                && seen.iter().all(|seen| Some(seen.source) == current)
        }
        _ => false,
    }
}

async fn ask(settings: &Settings, method: &str, path: &str) -> Result<Answer, Failure> {
    let password = settings.password.reveal().to_owned();
    let request = Request {
        method: method.into(),
        path: path.into(),
        headers: vec![("Authorization".into(), password)],
        body: None,
    };
    request.send(settings, &Timeline::new()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upstream::Reply;

    fn seen(source: [u8; 4]) -> Seen {
        Seen { source: source.into(), asked: Asked::Search, reply: Reply::Status(200) }
    }

    fn status(class: &str, key: &str, value: &str) -> Value {
        json!({"class": class, "details": {"failingAddresses": [], key: value}})
    }

    #[test]
    fn planners_that_know_only_failing_addresses_are_as_new_without_them() {
        for class in ["BalancingIpRoutePlanner", "NanoIpRoutePlanner"] {
            assert!(is_as_new(&status(class, "x", ""), &[seen([127, 0, 0, 1])]), "{class}");
            let mut failing = status(class, "x", "");
            failing["details"]["failingAddresses"] = json!([{"failingAddress": "/127.0.0.1"}]);
            assert!(!is_as_new(&failing, &[]), "{class}");
        }
        let nano =
            |index| is_as_new(&status("RotatingNanoIpRoutePlanner", "blockIndex", index), &[]);
        assert!(nano("0"));
        assert!(!nano("1"));
    }

    #[test]
    fn one_that_rotates_must_have_used_one_address_only() {
        let rotating = |rotated: &str, seen: &[Seen]| {
            let mut status = status("RotatingIpRoutePlanner", "rotateIndex", rotated);
            status["details"]["currentAddress"] = json!("/127.0.0.9");
            is_as_new(&status, seen)
        };
        let (current, other) = (seen([127, 0, 0, 9]), seen([127, 0, 0, 30]));
        assert!(rotating("0", &[current.clone(), current.clone()]));
        assert!(!rotating("1", std::slice::from_ref(&current)));
        assert!(!rotating("0", &[current, other]));
        // It may have looked for an address in vain.
        assert!(!rotating("0", &[]));
    }

    #[test]
    fn what_nobody_knows_is_not_as_new() {
        assert!(!is_as_new(&status("AnotherRoutePlanner", "x", ""), &[]));
        assert!(!is_as_new(&Value::Null, &[]));
    }
}
