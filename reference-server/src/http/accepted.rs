//! What a client accepts: the form of errors, and the media types of JSON and of the version.

use std::borrow::Cow;
use std::sync::LazyLock;

use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};

use super::media_type::{MediaType, Unreadable, choose, read_list};

static JSON: LazyLock<[MediaType; 2]> = LazyLock::new(|| {
    [MediaType::new("application", "json"), MediaType::new("application", "*+json")]
});

/// A text is of any type, plain if the client does not say.
static TEXT: LazyLock<[MediaType; 4]> = LazyLock::new(|| {
    let [json, more] = JSON.clone();
    [MediaType::new("text", "plain"), MediaType::new("*", "*"), json, more]
});

static ANYTHING: LazyLock<[MediaType; 1]> = LazyLock::new(|| [MediaType::new("*", "*")]);

/// The encoding of a text whose type names none.
const CHARSET: &str = "ISO-8859-1";

/// The `Accept` headers of a request, as one list of ranges, the most preferred first; `None` if
/// they name nothing but everything.
#[derive(Clone, Debug)]
pub(super) struct Accepted(Option<Result<Vec<MediaType>, Unreadable>>);

/// The form of an error for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ErrorForm {
    /// The error object, as this media type.
    Json(Cow<'static, str>),
    /// A page of HTML.
    Page,
    /// No body at all.
    Empty,
}

impl Accepted {
    /// Without the header, and without anything in it, everything is accepted.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(ACCEPT);
        if values.iter().all(|value| value == "*/*") {
            return Self(None);
        }
        // Bytes that are no text are letters of Latin-1, which no token has.
        let latin = |value: &http::HeaderValue| {
            value.as_bytes().iter().map(|byte| char::from(*byte)).collect()
        };
        let values: Vec<String> = values.iter().map(latin).collect();
        let ranges = read_list(&values.join(","));
        Self(Some(ranges).filter(|ranges| !ranges.as_ref().is_ok_and(Vec::is_empty)))
    }

    /// None if they could not be read.
    fn ranges(&self) -> &[MediaType] {
        match &self.0 {
            Some(ranges) => ranges.as_deref().unwrap_or_default(),
            None => &*ANYTHING,
        }
    }

    /// Whether it could be read.
    pub(super) fn is_readable(&self) -> bool {
        self.0.as_ref().is_none_or(Result::is_ok)
    }

    /// The media type of JSON for the client; `None` if it does not accept any.
    pub(super) fn json(&self) -> Option<Cow<'static, str>> {
        match &self.0 {
            Some(_) => Some(Cow::Owned(choose(self.ranges(), &*JSON)?.to_string())),
            None => Some(Cow::Borrowed("application/json")),
        }
    }

    /// The media type of a text, which is the same whatever it is called; `None` if the client
    /// accepts none that could be named.
    pub(super) fn text(&self) -> Option<String> {
        let chosen = choose(self.ranges(), &*TEXT)?;
        let plain = || MediaType::new("text", "plain");
        let chosen = if chosen.is("application", "octet-stream") { plain() } else { chosen };
        Some(if chosen.is_json() { chosen } else { chosen.or_charset(CHARSET) }.to_string())
    }

    /// HTML is preferred if it, or all of text, is named before everything is.
    pub(super) fn error_form(&self) -> ErrorForm {
        let decisive = self
            .ranges()
            .iter()
            .find(|range| range.is("text", "html") || range.is("text", "*") || range.is("*", "*"));
        if decisive.is_some_and(|range| !range.is("*", "*")) {
            return ErrorForm::Page;
        }
        self.json().map_or(ErrorForm::Empty, ErrorForm::Json)
    }
}

/// The page on which a browser is told of an error with this status.
pub(crate) fn page_of(status: StatusCode, message: &str) -> String {
    page(status.canonical_reason().unwrap_or("None"), status.as_u16(), message)
}

/// The page on which a browser is told of an error, by its name and number.
pub(crate) fn page(reason: &str, number: u16, message: &str) -> String {
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<html><body><h1>{reason}</h1><p>(type={reason}, status={number})</p><p>{message}</p></body></html>",
    )
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn accepted(values: &[&str]) -> Accepted {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, HeaderValue::from_str(value).unwrap());
        }
        Accepted::of(&headers)
    }

    #[test]
    fn html_is_preferred_unless_everything_goes_before_it() {
        let json = || ErrorForm::Json("application/json".into());
        for (accept, form) in [
            (&["text/html"][..], ErrorForm::Page),
            (&["application/json, TEXT/HTML;q=0.1"], ErrorForm::Page),
            (&["text/*"], ErrorForm::Page),
            (&["*/*, text/*"], ErrorForm::Page),
            (&["application/json", "text/html"], ErrorForm::Page),
            (&["audio/*, text/html;q=0.1"], ErrorForm::Page),
            (&["*/*, text/html;q=0.5"], json()),
            (&["*/*"], json()),
            (&[""], json()),
            (&[], json()),
            (&["application/xml", "application/json"], json()),
            (&["application/xml"], ErrorForm::Empty),
            (&["text/html", "nonsense"], ErrorForm::Empty),
        ] {
            assert_eq!(accepted(accept).error_form(), form, "{accept:?}");
        }
    }

    #[test]
    fn a_page_tells_the_status_and_holds_no_markup_of_a_message() {
        let page = page_of(StatusCode::NOT_FOUND, "No endpoint GET /<script>.");
        assert!(page.contains("(type=Not Found, status=404)"), "{page}");
        assert!(page.contains("/&lt;script&gt;.") && !page.contains("<script"), "{page}");
    }

    #[test]
    fn a_text_is_of_the_type_that_is_asked_for() {
        let plain = Some("text/plain;charset=ISO-8859-1");
        for (accept, expected) in [
            ("", plain),
            ("*/*", plain),
            ("text/*", plain),
            ("application/octet-stream, text/css;q=0.1", plain),
            ("text/html;q=0.5, */*", plain),
            ("text/html", Some("text/html;charset=ISO-8859-1")),
            ("text/html, */*", Some("text/html;charset=ISO-8859-1")),
            ("text/html;q=0.5, application/json", Some("application/json")),
            ("application/*", Some("application/json")),
            ("application/*;q=0.5, text/css;q=0.5", Some("text/css;charset=ISO-8859-1")),
            ("application/xml;q=0", Some("application/xml;charset=ISO-8859-1")),
            ("text/html;charset=utf-8", Some("text/html;charset=utf-8")),
            ("audio/*, text/html;q=0.1", Some("text/html;charset=ISO-8859-1")),
            ("application/vnd.x+json", Some("application/vnd.x+json")),
            ("image/*", None),
            ("text/html;q=abc", None),
        ] {
            assert_eq!(accepted(&[accept]).text().as_deref(), expected, "{accept}");
        }
    }
}
