//! Content-Types: which are read, and what is said of the others.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, StatusCode};

use super::super::row::Row;
use super::{Answer, Asked, At, Break, Password, answer, body, instead, request};
use crate::error::ApiError;
use crate::http::shown_type;

const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const JSON_TYPES: &str = "application/json, application/*+json";

pub(super) const ROWS: &[Row<Break>] = &[
    request(
        "LL-HTTP-339/utf-8",
        "a body is UTF-8 whatever its Content-Type says",
        At::Everywhere,
        |asked| {
            if asked.media_type().is_some_and(|it| it.starts_with("application/json;charset=")) {
                asked.set_type("application/json");
            }
        },
    ),
    body(
        "LL-HTTP-048/empty-object",
        "a request with neither is taken for an empty object",
        At::Everywhere,
        |asked| {
            if asked.media_type().is_none() && takes_body(asked) && asked.body().is_empty() {
                asked.set_type("application/json");
                asked.set_body("{}");
            }
        },
    ),
    body(
        "LL-HTTP-048/no-body-is-empty-object",
        "a Content-Type without a body is an empty object",
        At::Everywhere,
        |asked| {
            if asked.media_type().is_some() && takes_body(asked) && asked.body().is_empty() {
                asked.set_body("{}");
            }
        },
    ),
    body("LL-HTTP-048/unsupported", "a request with neither is 415", At::Everywhere, |asked| {
        if !asked.headers.contains_key(CONTENT_TYPE) && takes_body(asked) && asked.body().is_empty()
        {
            // A body of a blank is one.
            asked.set_body(" ");
        }
    }),
    body(
        "LL-HTTP-048/untyped-body-read",
        "a body without a Content-Type is read",
        At::Everywhere,
        |asked| {
            if asked.media_type().is_none() && takes_body(asked) && !asked.body().is_empty() {
                asked.set_type("application/json");
            }
        },
    ),
    request(
        "LL-HTTP-050/any-type-read",
        "an unknown Content-Type is read as JSON",
        At::Everywhere,
        |asked| {
            let known = ["application/json", "text/plain", "application/x-www-form-urlencoded"];
            if essence(asked).is_some_and(|it| !known.contains(&&*it) && !it.ends_with("+json")) {
                asked.set_type("application/json");
            }
        },
    ),
    answer(
        "LL-HTTP-050/bad-request",
        "another Content-Type is 400",
        At::Everywhere,
        |_, answer| {
            if is_unsupported(answer) {
                answer.restate(StatusCode::BAD_REQUEST);
                answer.headers.remove(ACCEPT);
                answer.headers.remove(ACCEPT_PATCH);
            }
        },
    ),
    request("LL-HTTP-050/form-read", "a form is read as JSON", At::Everywhere, |asked| {
        read_too(asked, "application/x-www-form-urlencoded");
    }),
    request("LL-HTTP-050/text-read", "text/plain is read as JSON", At::Everywhere, |asked| {
        read_too(asked, "text/plain")
    }),
    instead(
        "LL-HTTP-050/suffix-refused",
        "a type that ends with +json is refused",
        At::Everywhere,
        |asked| {
            let suffixed = essence(asked)?.ends_with("+json");
            (suffixed && takes_body(asked)).then(|| unsupported(asked))
        },
    ),
    answer(
        "LL-HTTP-051/as-sent",
        "the type is named as it was sent",
        At::Everywhere,
        |asked, answer| {
            if let (Some(given), true) = (asked.media_type(), is_unsupported(answer)) {
                answer.set_message(format!("Content-Type '{given}' is not supported."));
            }
        },
    ),
    answer(
        "LL-HTTP-051/lower-case-charset",
        "the charset that is added is in lower case",
        At::Everywhere,
        |asked, answer| {
            let added = !asked.media_type().is_some_and(|given| given.contains("charset="));
            if added && is_unsupported(answer) {
                answer.set_message(answer.message().replace(";charset=UTF-8'", ";charset=utf-8'"));
            }
        },
    ),
    answer("LL-HTTP-051/no-accept", "a 415 has no Accept", At::Everywhere, |_, answer| {
        if answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            answer.headers.remove(ACCEPT);
        }
    }),
    answer(
        "LL-HTTP-051/none-is-null",
        "a missing type is named null",
        At::Everywhere,
        |_, answer| {
            if is_unsupported(answer) {
                answer
                    .set_message(answer.message().replace("'application/octet-stream'", "'null'"));
            }
        },
    ),
    answer(
        "LL-HTTP-051/one-type-accepted",
        "Accept of a 415 lists application/json only",
        At::Everywhere,
        |_, answer| {
            if answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                answer.replace_header("accept", "application/json");
            }
        },
    ),
    instead(
        "LL-HTTP-053/case-matters",
        "a Content-Type in another case is refused",
        At::Everywhere,
        |asked| {
            let given = asked.media_type()?;
            let given = given.split(';').next().unwrap_or_default().trim();
            let other = essence(asked)? == "application/json" && given != "application/json";
            (other && takes_body(asked)).then(|| unsupported(asked))
        },
    ),
    instead(
        "LL-HTTP-053/charset-refused",
        "JSON with a charset is refused",
        At::Everywhere,
        |asked| {
            let with_charset =
                essence(asked)? == "application/json" && asked.media_type()?.contains(';');
            (with_charset && takes_body(asked)).then(|| unsupported(asked))
        },
    ),
    request(
        "LL-HTTP-303/any-charset",
        "an encoding that does not exist is none of the server's business",
        At::Everywhere,
        |asked| {
            let given = asked.media_type().unwrap_or_default();
            if let Some((essence, parameters)) = given.split_once(';')
                && parameters.trim_start().starts_with("charset=")
                && !parameters.contains('"')
            {
                asked.set_type(essence);
            }
        },
    ),
    answer(
        "LL-HTTP-303/named",
        "a Content-Type that is no media type is named as one",
        At::Everywhere,
        |asked, answer| {
            if answer.message() == "Could not parse Content-Type." {
                let shown = shown_type(&asked.media_type().unwrap_or_default());
                answer.set_message(format!("Content-Type '{shown}' is not supported."));
            }
        },
    ),
    answer(
        "LL-HTTP-304/everywhere",
        "Accept-Patch comes with every 415",
        At::Everywhere,
        |_, answer| {
            if answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                answer.set_header("accept-patch", JSON_TYPES);
            }
        },
    ),
    answer("LL-HTTP-305/named", "an empty Content-Type is one", At::Everywhere, |asked, answer| {
        let blank = asked.headers.contains_key(CONTENT_TYPE) && asked.media_type().is_none();
        if blank && is_unsupported(answer) {
            answer.set_message("Could not parse Content-Type.");
            answer.headers.remove(ACCEPT_PATCH);
        }
    }),
];

/// Whether a request is one whose body is looked at.
fn takes_body(asked: &Asked) -> bool {
    asked.password() == Password::Right && matches!(asked.method.as_str(), "PATCH" | "POST")
}

/// The type and the subtype of a body, in lower case.
fn essence(asked: &Asked) -> Option<String> {
    let given = asked.media_type()?;
    Some(given.split(';').next()?.trim().to_ascii_lowercase())
}

/// Takes a body of this type for JSON.
fn read_too(asked: &mut Asked, media_type: &str) {
    if essence(asked).as_deref() == Some(media_type) {
        asked.set_type("application/json");
    }
}

/// Whether a type was refused, and named in the message.
fn is_unsupported(answer: &Answer) -> bool {
    answer.message().starts_with("Content-Type '")
}

fn unsupported(asked: &Asked) -> Answer {
    let shown = shown_type(&asked.media_type().unwrap_or_default());
    let mut answer = asked.told(&ApiError::unsupported_media_type(&shown));
    answer.set_header("accept", JSON_TYPES);
    answer
}
