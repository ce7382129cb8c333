//! The route planner's endpoints, with and without a planner.

use std::net::IpAddr;

use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde_json::json;

use super::super::row::Row;
use super::{
    Answer, Asked, At, Break, Endpoint, Exchange, Outcome, answer, around, body, get, instead, post,
};
use crate::http::check_media_type;
use crate::json::Json;
use crate::routeplanner::Named;

const STATUS: At = get(Endpoint::PLANNER_STATUS);
const FREE: At = post(Endpoint::PLANNER_FREE);
const FREE_ALL: At = post(Endpoint::PLANNER_FREE_ALL);

/// What the real server says without a planner.
const DISABLED: &str = "Can't access disabled route planner";

pub(super) const ROWS: &[Row<Break>] = &[
    answer(
        "LL-ROUTEPLANNER-001/disabled",
        "the status is the error of a disabled route planner",
        STATUS,
        |asked, answer| {
            if answer.status == StatusCode::NO_CONTENT {
                *answer = disabled(asked);
            }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-001/not-found",
        "the status is an unknown path",
        STATUS,
        |asked, answer| {
            if answer.status == StatusCode::NO_CONTENT {
                *answer = asked.no_endpoint();
            }
        },
    ),
    answer("LL-ROUTEPLANNER-001/nulls", "the status is 200 with nulls", STATUS, |_, answer| {
        if answer.status == StatusCode::NO_CONTENT {
            answer.succeed(&json!({"class": null, "details": null}));
        }
    }),
    answer("LL-ROUTEPLANNER-001/ok", "the status is 200 and empty", STATUS, |_, answer| {
        if answer.status == StatusCode::NO_CONTENT {
            answer.set_bare(StatusCode::OK);
        }
    }),
    instead("LL-ROUTEPLANNER-002/address-checked", "a wrong address is told of", FREE, |asked| {
        let address = without_planner(asked)?;
        let wrong = address.parse::<IpAddr>().is_err();
        wrong.then(|| asked.error(StatusCode::BAD_REQUEST, format!("Invalid address: {address}")))
    }),
    instead("LL-ROUTEPLANNER-002/empty-refused", "an empty address is refused", FREE, |asked| {
        without_planner(asked)?.is_empty().then(|| asked.bad_request())
    }),
    answer(
        "LL-ROUTEPLANNER-002/other-message",
        "the message is another one",
        At::Everywhere,
        |_, answer| {
            if answer.message() == DISABLED {
                answer.set_message("Can't access the disabled route planner");
            }
        },
    ),
    instead("LL-ROUTEPLANNER-002/pretends", "freeing an address is 204", FREE, |asked| {
        let right = without_planner(asked)?.parse::<IpAddr>().is_ok();
        right.then(|| asked.bare(StatusCode::NO_CONTENT))
    }),
    body("LL-ROUTEPLANNER-003/address-optional", "the address may be missing", FREE, |asked| {
        asked.edit(|json| {
            if let Json::Object(fields) = json
                && fields.iter().all(|(key, _)| key != "address")
            {
                fields.push(("address".to_owned(), Json::Text(String::new())));
            }
        });
    }),
    answer(
        "LL-ROUTEPLANNER-003/any-type",
        "the Content-Type does not matter",
        FREE,
        |asked, answer| {
            if !has_planner(asked) && answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                *answer = disabled(asked);
            }
        },
    ),
    around(
        "LL-ROUTEPLANNER-003/garbage-overlooked",
        "a body that is no JSON does not matter",
        FREE,
        |exchange| Box::pin(overlook_garbage(exchange, false, disabled)),
    ),
    body("LL-ROUTEPLANNER-003/null-taken", "the address may be null", FREE, |asked| {
        asked.edit_field("address", |value| {
            if value.is_null() {
                *value = Json::Text(String::new());
            }
        });
    }),
    answer(
        "LL-ROUTEPLANNER-003/planner-first",
        "the body is not looked at",
        FREE,
        |asked, answer| {
            let statuses = [StatusCode::BAD_REQUEST, StatusCode::UNSUPPORTED_MEDIA_TYPE];
            if !has_planner(asked) && statuses.contains(&answer.status) {
                *answer = disabled(asked);
            }
        },
    ),
    instead(
        "LL-ROUTEPLANNER-003/unknown-refused",
        "a body with an unknown field is refused",
        FREE,
        |asked| {
            let more = asked.json().filter(|_| asked.is_admitted())?.keys().count() > 1;
            more.then(|| asked.bad_request())
        },
    ),
    instead(
        "LL-ROUTEPLANNER-004/body-decoded",
        "a body that is no JSON is refused",
        FREE_ALL,
        |asked| {
            if has_planner(asked) { None } else { check_body(asked) }
        },
    ),
    instead("LL-ROUTEPLANNER-004/body-required", "no body is refused", FREE_ALL, |asked| {
        let refused = !has_planner(asked) && asked.is_admitted() && is_bodiless(asked);
        refused.then(|| asked.bad_request())
    }),
    answer(
        "LL-ROUTEPLANNER-004/not-found",
        "freeing all addresses is 404",
        FREE_ALL,
        |_, answer| {
            if answer.message() == DISABLED {
                answer.restate(StatusCode::NOT_FOUND);
                answer.set_message("Route planner not found");
            }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-004/pretends",
        "freeing all addresses is 204",
        FREE_ALL,
        |_, answer| {
            if answer.message() == DISABLED {
                answer.set_bare(StatusCode::NO_CONTENT);
            }
        },
    ),
    instead(
        "LL-ROUTEPLANNER-004/type-checked",
        "a body that is no JSON by its type is refused",
        FREE_ALL,
        |asked| {
            let checked = !has_planner(asked) && asked.is_admitted() && !is_bodiless(asked);
            check_media_type(&asked.headers)
                .err()
                .filter(|_| checked)
                .map(|error| asked.told(&error))
        },
    ),
    answer(
        "LL-ROUTEPLANNER-015/no-content",
        "before the first request of RotateOnBan the status is 204",
        STATUS,
        |_, answer| {
            if answer.json().is_some_and(|status| status["details"]["currentAddress"] == "") {
                answer.set_bare(StatusCode::NO_CONTENT);
            }
        },
    ),
    around(
        "LL-ROUTEPLANNER-071/not-found",
        "freeing an address that is not failing is 404",
        FREE,
        |exchange| {
            Box::pin(async move {
                let planner = exchange.asked.server.planner.clone();
                let listed = planner.map(|it| it.status().unwrap_or_default().to_string());
                let listed = listed.unwrap_or_default();
                let answer = exchange.usual().await;
                match named(&exchange.asked) {
                    Some(Named::Address(address))
                        if answer.status == StatusCode::NO_CONTENT
                            && !listed.contains(&address.to_string()) =>
                    {
                        let message = "Address not found";
                        Outcome::Broken(exchange.asked.error(StatusCode::NOT_FOUND, message))
                    }
                    _ => Outcome::Usual(answer),
                }
            })
        },
    ),
    answer(
        "LL-ROUTEPLANNER-072/bad-request",
        "the message about a wrong address is another",
        FREE,
        |_, answer| {
            if answer.message().starts_with("Invalid address: ") {
                answer.set_message("Bad Request");
            }
        },
    ),
    answer("LL-ROUTEPLANNER-072/no-content", "a wrong address is 204", FREE, |_, answer| {
        if answer.message().starts_with("Invalid address: ") {
            answer.set_bare(StatusCode::NO_CONTENT);
        }
    }),
    around(
        "LL-ROUTEPLANNER-073/garbage-overlooked",
        "a body that is no JSON does not matter",
        FREE,
        |exchange| {
            Box::pin(overlook_garbage(exchange, true, |asked| asked.bare(StatusCode::NO_CONTENT)))
        },
    ),
    answer(
        "LL-ROUTEPLANNER-074/any-type",
        "the Content-Type does not matter",
        FREE,
        |asked, answer| {
            if has_planner(asked) && answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                *answer = asked.bare(StatusCode::NO_CONTENT);
            }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-074/bad-request",
        "a wrong Content-Type is 400",
        FREE,
        |asked, answer| {
            if has_planner(asked) && answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                answer.restate(StatusCode::BAD_REQUEST);
                answer.set_message("Bad Request");
                answer.headers.remove(ACCEPT);
            }
        },
    ),
    instead(
        "LL-ROUTEPLANNER-075/usual-spelling-only",
        "only the usual spelling of an address frees it",
        FREE,
        |asked| {
            let text = asked.field("address")?.as_str()?.to_owned();
            let planner = asked.server.planner.as_ref().filter(|_| asked.is_admitted());
            match (planner, Named::read(&text)) {
                (Some(_), Ok(Named::Address(address))) if text.parse() != Ok(address) => {
                    Some(asked.bare(StatusCode::NO_CONTENT))
                }
                _ => None,
            }
        },
    ),
    instead(
        "LL-ROUTEPLANNER-076/body-required",
        "freeing all addresses needs a body",
        FREE_ALL,
        |asked| {
            let refused = has_planner(asked) && asked.is_admitted() && is_bodiless(asked);
            refused.then(|| asked.bad_request())
        },
    ),
    around("LL-ROUTEPLANNER-078/frees-all", "an empty address frees all", FREE, |exchange| {
        Box::pin(async move {
            let answer = exchange.usual().await;
            let asked = &exchange.asked;
            let here = named(asked) == Some(Named::ThisMachine);
            match (&asked.server.planner, answer.status) {
                (Some(planner), StatusCode::NO_CONTENT) if here => {
                    planner.free_all();
                    Outcome::Broken(answer)
                }
                _ => Outcome::Usual(answer),
            }
        })
    }),
    instead("LL-ROUTEPLANNER-078/refused", "an empty address is refused", FREE, |asked| {
        let here = named(asked) == Some(Named::ThisMachine);
        let refused = has_planner(asked) && asked.is_admitted() && here;
        let text = asked.field("address")?.as_str()?.to_owned();
        refused.then(|| asked.error(StatusCode::BAD_REQUEST, format!("Invalid address: {text}")))
    }),
    instead(
        "LL-ROUTEPLANNER-096/checked",
        "freeing all addresses takes JSON only",
        FREE_ALL,
        |asked| {
            if has_planner(asked) { check_body(asked) } else { None }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-097/explained",
        "the message about a body that does not decode is another",
        FREE,
        |asked, answer| {
            if has_planner(asked) && answer.message() == "Bad Request" {
                answer.set_message("Invalid address: ");
            }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-097/unnamed-type",
        "the message about another Content-Type does not name it",
        FREE,
        |asked, answer| {
            if has_planner(asked) && answer.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                answer.set_message("Content-Type is not supported.");
            }
        },
    ),
];

fn has_planner(asked: &Asked) -> bool {
    asked.server.planner.is_some()
}

fn disabled(asked: &Asked) -> Answer {
    asked.error(StatusCode::INTERNAL_SERVER_ERROR, DISABLED)
}

/// The address of a request that would be told that there is no planner.
fn without_planner(asked: &Asked) -> Option<String> {
    let read =
        asked.is_admitted() && !has_planner(asked) && check_media_type(&asked.headers).is_ok();
    let address = asked.json().filter(|_| read)?.required("address", Json::text);
    address.ok()
}

/// What the address of a body stands for.
fn named(asked: &Asked) -> Option<Named> {
    Named::read(asked.field("address")?.as_str()?).ok()
}

/// Whether a body was refused because it is no JSON.
fn is_garbage(asked: &Asked, answer: &Answer) -> bool {
    answer.status == StatusCode::BAD_REQUEST && asked.json().is_none()
}

/// Answers a body that is no JSON in another way, with or without a planner.
async fn overlook_garbage(
    exchange: Exchange,
    with_planner: bool,
    wrong: fn(&Asked) -> Answer,
) -> Outcome {
    let answer = exchange.usual().await;
    let asked = &exchange.asked;
    match has_planner(asked) == with_planner && is_garbage(asked, &answer) {
        true => Outcome::Broken(wrong(asked)),
        false => Outcome::Usual(answer),
    }
}

fn is_bodiless(asked: &Asked) -> bool {
    !asked.headers.contains_key(CONTENT_TYPE)
}

/// Refuses a body that is there and no JSON object.
fn check_body(asked: &Asked) -> Option<Answer> {
    if is_bodiless(asked) || !asked.is_admitted() {
        return None;
    }
    if let Err(error) = check_media_type(&asked.headers) {
        return Some(asked.told(&error));
    }
    let object = asked.json().is_some_and(|json| json.object().is_ok());
    (!object).then(|| asked.bad_request())
}
