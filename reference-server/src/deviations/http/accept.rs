//! What clients accept.

use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE};

use super::super::row::Row;
use super::{Answer, Asked, At, Break, Endpoint, Exchange, Outcome, answer, around, get, request};
use crate::http::{is_range_list, page_of};

const PLAIN: &str = "text/plain;charset=ISO-8859-1";

pub(super) const ROWS: &[Row<Break>] = &[
    answer("LL-HTTP-052/explained", "a 406 has a body", At::Everywhere, |_, answer| {
        if answer.status == StatusCode::NOT_ACCEPTABLE {
            answer.set_json(&serde_json::json!({"status": 406, "error": "Not Acceptable"}));
        }
    }),
    request(
        "LL-HTTP-052/first-range-only",
        "only the first type of Accept is looked at",
        At::Everywhere,
        |asked| {
            edit_ranges(asked, |index, range| if index == 0 { range } else { "x/x".into() });
        },
    ),
    answer(
        "LL-HTTP-052/no-text-for-json",
        "the version is 406 for who accepts JSON only",
        get(Endpoint::VERSION),
        |_, answer| {
            if answer.is_json() {
                answer.set_bare(StatusCode::NOT_ACCEPTABLE);
            }
        },
    ),
    answer(
        "LL-HTTP-052/other-status",
        "an Accept without JSON is 415",
        At::Everywhere,
        |_, answer| {
            if answer.status == StatusCode::NOT_ACCEPTABLE {
                answer.set_bare(StatusCode::UNSUPPORTED_MEDIA_TYPE);
            }
        },
    ),
    around(
        "LL-HTTP-052/served-anyway",
        "an Accept without JSON is given JSON",
        At::Everywhere,
        |exchange| {
            Box::pin(async move {
                let answer = exchange.usual().await;
                if answer.status != StatusCode::NOT_ACCEPTABLE {
                    return Outcome::Usual(answer);
                }
                accepting_json(exchange).await
            })
        },
    ),
    request("LL-HTTP-052/wildcard-refused", "an Accept of */* is 406", At::Everywhere, |asked| {
        edit_ranges(asked, |_, range| if range.starts_with("*/*") { "x/x".into() } else { range });
    }),
    request(
        "LL-HTTP-052/wildcard-subtype-refused",
        "an Accept of application/* is 406",
        At::Everywhere,
        |asked| {
            edit_ranges(asked, |_, range| {
                if range.starts_with("application/*") { "x/x".into() } else { range }
            });
        },
    ),
    answer(
        "LL-HTTP-300/everything-is-html",
        "who accepts everything gets a page of an error",
        At::Everywhere,
        |asked, answer| {
            let message = answer.message();
            if !message.is_empty() && asked.header(ACCEPT).starts_with(b"*/*") {
                answer.set_header("content-type", "text/html;charset=UTF-8");
                answer.set_text(page_of(answer.status, &message));
            }
        },
    ),
    request(
        "LL-HTTP-300/first-range-only",
        "HTML that is not named first gets no page",
        At::Everywhere,
        |asked| {
            edit_ranges(asked, |index, range| match range.starts_with("text/") && index > 0 {
                true => "x/x".into(),
                false => range,
            });
        },
    ),
    around(
        "LL-HTTP-300/json-anyway",
        "who accepts HTML gets errors as JSON",
        At::Everywhere,
        |exchange| {
            Box::pin(async move {
                let mut answer = exchange.usual().await;
                if !answer.is_error() || !answer.header(CONTENT_TYPE).starts_with("text/html") {
                    return Outcome::Usual(answer);
                }
                if answer.status == StatusCode::NOT_ACCEPTABLE {
                    answer.clear();
                    return Outcome::Broken(answer);
                }
                accepting_json(exchange).await
            })
        },
    ),
    around(
        "LL-HTTP-301/json-anyway",
        "who accepts no JSON gets errors as JSON",
        At::Everywhere,
        |exchange| {
            Box::pin(async move {
                let answer = exchange.usual().await;
                let told = !matches!(answer.status.as_u16(), 401 | 403 | 406);
                match answer.is_error() && answer.is_empty() && told {
                    true => accepting_json(exchange).await,
                    false => Outcome::Usual(answer),
                }
            })
        },
    ),
    request(
        "LL-HTTP-302/first-named",
        "the version is of the type that is named first",
        get(Endpoint::VERSION),
        |asked| {
            let accept = String::from_utf8_lossy(asked.header(ACCEPT)).into_owned();
            let bare = accept.split(',').map(|range| range.split(";q=").next().unwrap_or_default());
            if !accept.is_empty() {
                asked.set_header(ACCEPT, bare.collect::<Vec<_>>().join(","));
            }
        },
    ),
    answer(
        "LL-HTTP-302/no-charset",
        "a version of another type names no charset",
        get(Endpoint::VERSION),
        |_, answer| {
            let media_type = answer.header(CONTENT_TYPE).to_owned();
            if media_type != PLAIN {
                answer.replace_header(
                    "content-type",
                    media_type.trim_end_matches(";charset=ISO-8859-1"),
                );
            }
        },
    ),
    answer(
        "LL-HTTP-302/plain-anyway",
        "the version is plain text whatever is asked for",
        get(Endpoint::VERSION),
        |_, answer| {
            set_type_of_version(answer, PLAIN);
        },
    ),
    answer(
        "LL-HTTP-302/untold",
        "nobody is told of which types the version could be",
        get(Endpoint::VERSION),
        |_, answer| {
            if answer.status == StatusCode::NOT_ACCEPTABLE {
                answer.replace_header("accept", "*/*");
            }
        },
    ),
    answer(
        "LL-HTTP-077/json",
        "the version says that it is JSON",
        get(Endpoint::VERSION),
        |_, answer| {
            set_type_of_version(answer, "application/json");
        },
    ),
    request(
        "LL-HTTP-335/read-anyway",
        "what is no media type is passed over in an Accept",
        At::Everywhere,
        |asked| {
            let accept = String::from_utf8_lossy(asked.header(ACCEPT)).into_owned();
            if !is_range_list(&accept) {
                let known: Vec<_> =
                    accept.split(',').filter(|range| is_range_list(range)).collect();
                asked.set_header(ACCEPT, known.join(","));
            }
        },
    ),
    answer(
        "LL-HTTP-335/bad-request",
        "an Accept that cannot be read is 400",
        At::Everywhere,
        |_, answer| {
            if answer.status == StatusCode::NOT_ACCEPTABLE && answer.header(ACCEPT).is_empty() {
                answer.set_bare(StatusCode::BAD_REQUEST);
            }
        },
    ),
    answer(
        "LL-HTTP-336/json-anyway",
        "JSON is application/json whatever is asked for",
        At::Everywhere,
        |_, answer| {
            if answer.is_json() {
                answer.replace_header("content-type", "application/json");
            }
        },
    ),
    request(
        "LL-HTTP-337/first-only",
        "of several Accept headers the first counts",
        At::Everywhere,
        |asked| {
            if asked.headers.get_all(ACCEPT).iter().count() > 1 {
                let first = asked.header(ACCEPT).to_vec();
                asked.set_header(ACCEPT, first);
            }
        },
    ),
];

fn set_type_of_version(answer: &mut Answer, media_type: &str) {
    if answer.status == StatusCode::OK {
        answer.set_header("content-type", media_type);
    }
}

/// Changes the ranges of an Accept where JSON is the question.
fn edit_ranges(asked: &mut Asked, edit: fn(usize, String) -> String) {
    let accept = String::from_utf8_lossy(asked.header(ACCEPT)).into_owned();
    if accept.is_empty() || asked.endpoint() == Some(Endpoint::VERSION) {
        return;
    }
    let ranges = accept.split(',').enumerate();
    let ranges = ranges.map(|(index, range)| edit(index, range.trim().to_owned()));
    let edited = ranges.collect::<Vec<_>>().join(", ");
    if edited != accept.split(',').map(str::trim).collect::<Vec<_>>().join(", ") {
        asked.set_header(ACCEPT, edited);
    }
}

/// What a client that accepts JSON would get.
async fn accepting_json(exchange: Exchange) -> Outcome {
    let mut asked = exchange.asked.clone();
    asked.set_header(ACCEPT, "application/json");
    Outcome::Broken(exchange.asking(&asked).await)
}
