//! What a client accepts: the form of errors, and the media type of the version.

use http::HeaderValue;
use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};

/// The form of an error for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorForm {
    /// The error object.
    Json,
    /// A page of HTML.
    Page,
    /// No body at all.
    Empty,
}

impl ErrorForm {
    /// The form for a client that accepts this. HTML is preferred wherever it is named, whatever its weight; a range of
    /// everything does not name it.
    pub(super) fn of(accept: Option<&HeaderValue>, accepts_json: bool) -> Self {
        let accept = accept.and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let html = ranges(accept).any(|range| matches!(&*range, "text/html" | "text/*"));
        if html {
            Self::Page
        } else if accepts_json {
            Self::Json
        } else {
            Self::Empty
        }
    }
}

/// Whether an Accept lets JSON be sent. One that is no text is not looked at.
pub(super) fn accepts_json(accept: &HeaderValue) -> bool {
    let Ok(accept) = accept.to_str() else { return true };
    ranges(accept).any(|range| {
        matches!(&*range, "" | "*/*" | "application/*" | "application/json")
            || range.ends_with("+json")
    })
}

/// The page on which a browser is told of an error.
pub(crate) fn page(status: StatusCode, message: &str) -> String {
    let reason = status.canonical_reason().unwrap_or("None");
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<html><body><h1>{reason}</h1><p>(type={reason}, status={})</p><p>{message}</p></body></html>",
        status.as_u16()
    )
}

/// The Content-Type of a text for a client that accepts this: the first type that is named by it, or plain
/// text. It is the same text whatever its type.
pub(super) fn type_of_text(headers: &HeaderMap) -> String {
    const PLAIN: &str = "text/plain;charset=ISO-8859-1";
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut named: Vec<(f64, String)> = accept.split(',').filter_map(named_type).collect();
    // The order stays where weights are the same.
    named.sort_by(|(first, _), (second, _)| second.total_cmp(first));
    let Some((_, chosen)) = named.into_iter().next() else {
        return PLAIN.to_owned();
    };
    let is_json = chosen.starts_with("application/") && chosen.contains("json");
    if is_json || chosen.contains("charset=") {
        chosen
    } else {
        format!("{chosen};charset=ISO-8859-1")
    }
}

/// A range that names a type, with its weight; its other parameters stay.
fn named_type(range: &str) -> Option<(f64, String)> {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let mut weight = 1.0;
    let mut shown = match name.as_str() {
        "application/*" | "application/*+json" => "application/json".to_owned(),
        "application/octet-stream" => return None,
        name if name.contains('*') || !name.contains('/') => return None,
        name => name.to_owned(),
    };
    for part in parts {
        match part.strip_prefix("q=").map(str::parse) {
            Some(Ok(given)) => weight = given,
            Some(Err(_)) => return None,
            None if part.is_empty() => {}
            None => {
                shown.push(';');
                shown.push_str(part);
            }
        }
    }
    Some((weight, shown))
}

fn ranges(accept: &str) -> impl Iterator<Item = String> {
    let name = |range: &str| {
        let name = range.split(';').next().unwrap_or_default();
        name.trim().to_ascii_lowercase()
    };
    accept.split(',').map(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_preferred_wherever_it_is_named() {
        for (accept, json, form) in [
            ("text/html", false, ErrorForm::Page),
            ("application/json, TEXT/HTML;q=0.1", true, ErrorForm::Page),
            ("text/*", false, ErrorForm::Page),
            ("*/*", true, ErrorForm::Json),
            ("", true, ErrorForm::Json),
            ("application/xml", false, ErrorForm::Empty),
        ] {
            let value = HeaderValue::from_static(accept);
            assert_eq!(ErrorForm::of(Some(&value), json), form, "{accept}");
        }
        assert_eq!(ErrorForm::of(None, true), ErrorForm::Json);
    }

    #[test]
    fn accept_is_read_as_a_list_of_ranges() {
        let accepts = |text| accepts_json(&HeaderValue::from_static(text));
        assert!(accepts("text/html, */*;q=0.1"));
        assert!(accepts("application/JSON"));
        assert!(accepts("application/vnd.x+json"));
        assert!(!accepts("application/xml"));
    }

    #[test]
    fn a_page_tells_the_status_and_holds_no_markup_of_a_message() {
        let page = page(StatusCode::NOT_FOUND, "No endpoint GET /<script>.");
        assert!(page.contains("(type=Not Found, status=404)"), "{page}");
        assert!(page.contains("/&lt;script&gt;.") && !page.contains("<script"), "{page}");
    }

    #[test]
    fn a_text_is_of_the_type_that_is_asked_for() {
        let plain = "text/plain;charset=ISO-8859-1";
        for (accept, expected) in [
            ("", plain),
            ("*/*", plain),
            ("text/*", plain),
            ("application/octet-stream", plain),
            ("text/html", "text/html;charset=ISO-8859-1"),
            ("text/html, */*", "text/html;charset=ISO-8859-1"),
            ("text/html;q=0.5, application/json", "application/json"),
            ("application/*", "application/json"),
            ("application/xml", "application/xml;charset=ISO-8859-1"),
            ("text/html;charset=utf-8", "text/html;charset=utf-8"),
            ("audio/*, text/html;q=0.1", "text/html;charset=ISO-8859-1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(type_of_text(&headers), expected, "{accept}");
        }
    }
}
