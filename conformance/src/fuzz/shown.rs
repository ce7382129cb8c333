//! Requests for people: lines for a shell, texts on a terminal, without secrets.

use std::fmt::Write as _;

use super::case::{Delivery, Places, Request};
use crate::client::mask_text;

/// How many bytes of a text are shown.
const LONGEST: usize = 600;

/// Bodies and headers up to this size fit into a `curl` line.
const LONGEST_LINE: usize = 4000;

/// A line for a shell that sends a filled request again; the password comes from the environment.
/// `None` when `curl` cannot send it.
pub(crate) fn curl(request: &Request, places: &Places) -> Option<String> {
    let sendable = request.before.is_empty()
        && request.delivery == Delivery::Whole
        && request.version == "HTTP/1.1";
    let body = request.body.as_deref().unwrap_or_default();
    if !sendable || body.len() > LONGEST_LINE || request.target.len() > LONGEST_LINE {
        return None;
    }
    let mut line = format!("curl -i --path-as-is -X {}", quoted(&request.method, places)?);
    for (name, value) in &request.headers {
        // A header without a value takes a semicolon.
        let header = if value.is_empty() {
            format!("{name};").into_bytes()
        } else {
            [name.as_bytes(), b": ", value].concat()
        };
        // Writing to a String cannot fail.
        let _ = write!(line, " -H {}", quoted(&header, places)?);
    }
    if request.chunks.is_some() {
        line.push_str(" -H 'Transfer-Encoding: chunked'");
    }
    if request.body.is_some() {
        // Writing to a String cannot fail.
        let _ = write!(line, " --data-binary {}", quoted(body, places)?);
    }
    let url = [b"http://", places.authority.as_bytes(), &request.target].concat();
    // Writing to a String cannot fail.
    let _ = write!(line, " {}", quoted(&url, places)?);
    Some(line)
}

/// A word of a shell; `None` for what a shell cannot hold.
fn quoted(bytes: &[u8], places: &Places) -> Option<String> {
    if bytes.contains(&0) {
        return None;
    }
    let plain = std::str::from_utf8(bytes).ok().filter(|text| !text.contains(char::is_control));
    let Some(text) = plain else {
        let mut word = String::new();
        for byte in bytes {
            match byte {
                b'\'' | b'\\' => word.extend(['\\', char::from(*byte)]),
                b' '..=b'~' => word.push(char::from(*byte)),
                // Writing to a String cannot fail.
                _ => drop(write!(word, "\\x{byte:02x}")),
            }
        }
        return Some(format!("$'{}'", masked(&word, places)));
    };
    let text = text.replace('\'', r"'\''");
    let word = if places.password.is_empty() {
        text
    } else {
        text.replace(&places.password, "'\"$LAVALINK_PASSWORD\"'")
    };
    Some(format!("'{word}'"))
}

/// Bytes for people, cut if they are long, without the password.
pub(crate) fn text(bytes: &[u8], places: &Places) -> String {
    let cut = &bytes[..bytes.len().min(LONGEST)];
    let mut text: String =
        cut.escape_ascii().to_string().replace("\\r\\n", "\n").replace("\\\"", "\"");
    if cut.len() < bytes.len() {
        // Writing to a String cannot fail.
        let _ = write!(text, "… ({} bytes)", bytes.len());
    }
    masked(&text, places)
}

fn masked(text: &str, places: &Places) -> String {
    mask_text(text, &places.password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places {
            authority: "127.0.0.1:1".into(),
            password: "hunter2".into(),
            media: String::new(),
            session: "s".into(),
        }
    }

    #[test]
    fn a_curl_line_sends_the_request_without_showing_the_password() {
        let request = Request::new("PATCH", "/a'b").with_json(b"{\"a\":\"\xff\"}".to_vec());
        assert_eq!(
            curl(&request.fill(&places()), &places()).unwrap(),
            r#"curl -i --path-as-is -X 'PATCH' -H 'Authorization: '"$LAVALINK_PASSWORD"'' -H 'Content-Type: application/json' --data-binary $'{"a":"\xff"}' 'http://127.0.0.1:1/a'\''b'"#
        );
    }

    #[test]
    fn what_curl_cannot_send_has_no_line() {
        let broken = Request { delivery: Delivery::Half(1), ..Request::new("GET", "/") };
        assert_eq!(curl(&broken, &places()), None);
        let nul = Request { body: Some(vec![0]), ..Request::new("GET", "/") };
        assert_eq!(curl(&nul, &places()), None);
    }

    #[test]
    fn texts_are_cut_and_masked() {
        let shown = text(&[b"hunter2".to_vec(), vec![b'x'; 5000]].concat(), &places());
        assert!(shown.starts_with("***xxx") && shown.ends_with("(5007 bytes)"), "{shown}");
    }
}
