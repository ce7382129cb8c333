//! Tracks that are looked up or decoded.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::row::Row;
use super::{Answer, At, Break, Endpoint, Outcome, answer, around, body, get, post, request};
use crate::json::Json;
use crate::tracks::DecodeError;

const LOAD: At = get(Endpoint::LOAD_TRACKS);
const DECODE: At = get(Endpoint::DECODE_TRACK);
const DECODE_MANY: At = post(Endpoint::DECODE_TRACKS);
const DECODED: At = At::AnyOf(&[Endpoint::DECODE_TRACK, Endpoint::DECODE_TRACKS]);

pub(super) const ROWS: &[Row<Break>] = &[
    answer("LL-TRACKS-001/list", "the track stands in a list", LOAD, |_, answer| {
        edit_loaded(answer, "track", |result| result["data"] = json!([result["data"]]));
    }),
    answer(
        "LL-TRACKS-001/load-type",
        "the load type of a track is TRACK_LOADED",
        LOAD,
        |_, answer| {
            edit_loaded(answer, "track", |result| result["loadType"] = json!("TRACK_LOADED"));
        },
    ),
    answer(
        "LL-TRACKS-002/no-matches",
        "the load type of what is not there is NO_MATCHES",
        LOAD,
        |_, answer| {
            edit_loaded(answer, "empty", |result| result["loadType"] = json!("NO_MATCHES"));
        },
    ),
    answer("LL-TRACKS-002/not-found", "what is not there is 404", LOAD, |asked, answer| {
        if answer.json().is_some_and(|result| result["loadType"] == "empty") {
            *answer = asked.error(StatusCode::NOT_FOUND, "No matches found for identifier");
        }
    }),
    answer(
        "LL-TRACKS-003/empty",
        "a lookup that broke passes for one without a match",
        LOAD,
        |_, answer| {
            edit_loaded(answer, "error", |result| {
                *result = json!({"loadType": "empty", "data": null})
            });
        },
    ),
    answer(
        "LL-TRACKS-003/load-failed",
        "the load type of a lookup that broke is LOAD_FAILED",
        LOAD,
        |_, answer| {
            edit_loaded(answer, "error", |result| result["loadType"] = json!("LOAD_FAILED"));
        },
    ),
    request("LL-TRACKS-004/empty", "a missing identifier passes for an empty one", LOAD, |asked| {
        if asked.parameter("identifier").is_none() {
            let query = asked.uri.query().map(|query| format!("{query}&")).unwrap_or_default();
            asked.set_target(&format!("/v4/loadtracks?{query}identifier="));
        }
    }),
    answer(
        "LL-TRACKS-010/data",
        "what is not there has an empty object for its data",
        LOAD,
        |_, answer| {
            edit_loaded(answer, "empty", |result| result["data"] = json!({}));
        },
    ),
    answer(
        "LL-TRACKS-011/message",
        "the message about a missing identifier is another",
        LOAD,
        |_, answer| {
            if answer.message().starts_with("Required parameter ") {
                answer.set_message("Missing identifier");
            }
        },
    ),
    answer(
        "LL-TRACKS-011/message-of-decoding",
        "the message about a missing track is another",
        DECODE,
        |_, answer| {
            if answer.message() == "No track to decode provided" {
                answer.set_message("Missing track");
            }
        },
    ),
    answer(
        "LL-TRACKS-011/none-is-fine",
        "no tracks are decoded to none",
        DECODE_MANY,
        |_, answer| {
            if answer.message() == "No tracks to decode provided" {
                answer.succeed(&json!([]));
            }
        },
    ),
    answer("LL-TRACKS-021/no-uri", "a decoded track has no uri", DECODED, |_, answer| {
        edit_tracks(answer, |track| track["info"]["uri"] = Value::Null);
    }),
    request(
        "LL-TRACKS-022/unknown",
        "decodetrack does not know the parameter track",
        DECODE,
        |asked| {
            asked.retain_parameters(|pair| !pair.starts_with("track="));
        },
    ),
    answer("LL-TRACKS-023/null", "without a track null is answered", DECODE, |_, answer| {
        if answer.message() == "No track to decode provided" {
            answer.succeed(&Value::Null);
        }
    }),
    answer("LL-TRACKS-024/bad-request", "a text that is no track is 400", DECODED, |_, answer| {
        if answer.status == StatusCode::INTERNAL_SERVER_ERROR {
            answer.restate(StatusCode::BAD_REQUEST);
        }
    }),
    answer(
        "LL-TRACKS-025/bad-request",
        "a track of an unknown source is 400",
        DECODED,
        |_, answer| {
            if answer.message() == DecodeError::UnknownSource.to_string() {
                answer.restate(StatusCode::BAD_REQUEST);
            }
        },
    ),
    body("LL-TRACKS-027/first", "only the first of many tracks is decoded", DECODE_MANY, |asked| {
        asked.edit(|json| {
            if let Json::List(tracks) = json {
                tracks.truncate(1);
            }
        });
    }),
    body(
        "LL-TRACKS-027/reversed",
        "many tracks are decoded in reverse order",
        DECODE_MANY,
        |asked| {
            asked.edit(|json| {
                if let Json::List(tracks) = json {
                    tracks.reverse();
                }
            });
        },
    ),
    body("LL-TRACKS-030/numbers", "numbers pass for encoded tracks", DECODE_MANY, |asked| {
        asked.edit(|json| {
            if let Json::List(tracks) = json {
                for track in tracks {
                    if let (Json::Word(_), Ok(number)) = (&track, track.long()) {
                        *track = Json::Text(number.to_string());
                    }
                }
            }
        });
    }),
    answer(
        "LL-TRACKS-032/no-artwork",
        "a decoded track has no artworkUrl",
        DECODED,
        |_, answer| {
            edit_tracks(answer, |track| track["info"]["artworkUrl"] = Value::Null);
        },
    ),
    answer(
        "LL-TRACKS-033/no-container",
        "a decoded track has nothing in pluginInfo",
        DECODED,
        |_, answer| {
            edit_tracks(answer, |track| track["pluginInfo"] = json!({}));
        },
    ),
    answer("LL-TRACKS-034/no-plugin-info", "a track has no pluginInfo", LOAD, |_, answer| {
        edit_loaded(answer, "track", |result| {
            _ = result["data"].as_object_mut().and_then(|track| track.remove("pluginInfo"));
        });
    }),
    answer(
        "LL-TRACKS-034/user-data-null",
        "a decoded track has null for its userData",
        DECODED,
        |_, answer| {
            edit_tracks(answer, |track| track["userData"] = Value::Null);
        },
    ),
    around(
        "LL-TRACKS-035/not-a-list",
        "what is no array passes for an empty one",
        DECODE_MANY,
        |exchange| {
            Box::pin(async move {
                let mut answer = exchange.usual().await;
                let other = exchange.asked.json().is_some_and(|json| json.list().is_err());
                if !other || answer.status != StatusCode::BAD_REQUEST {
                    return Outcome::Usual(answer);
                }
                answer.succeed(&json!([]));
                Outcome::Broken(answer)
            })
        },
    ),
    answer(
        "LL-TRACKS-206/no-source",
        "what says that nothing follows is of an unknown source",
        At::Everywhere,
        |_, answer| {
            if answer.message().contains("NullPointerException") {
                answer.set_message(DecodeError::UnknownSource.to_string());
            }
        },
    ),
    answer("LL-TRACKS-402/seconds", "lengths of videos are in seconds", LOAD, |_, answer| {
        edit_loaded(answer, "search", |result| result["data"][0]["info"]["length"] = json!(213));
        edit_loaded(answer, "track", |result| {
            if result["data"]["info"]["sourceName"] == "youtube" {
                result["data"]["info"]["length"] = json!(213);
            }
        });
    }),
    answer(
        "LL-TRACKS-400/whole",
        "of a track that is too short all bytes are said to be there",
        DECODE,
        |_, answer| {
            let message = answer.message();
            if let Some((expected, _)) = message.split_once(" actual: ") {
                let count = expected.rsplit(' ').next().unwrap_or_default();
                answer.set_message(format!("{expected} actual: {count}"));
            }
        },
    ),
    answer("LL-TRACKS-205/bad-request", "a title that is too long is a 400", LOAD, |_, answer| {
        if answer.status == StatusCode::INTERNAL_SERVER_ERROR {
            answer.restate(StatusCode::BAD_REQUEST);
            answer.set_message("Bad Request");
        }
    }),
    answer(
        "LL-TRACKS-271/unworded",
        "what is wrong with a text that is no track is not told",
        DECODE,
        |_, answer| {
            if answer.status == StatusCode::INTERNAL_SERVER_ERROR {
                answer.set_message("Request processing failed");
            }
        },
    ),
];

/// Changes a result of this load type.
fn edit_loaded(answer: &mut Answer, load_type: &str, edit: fn(&mut Value)) {
    answer.edit_body(|result| {
        if result["loadType"] == load_type {
            edit(result);
        }
    });
}

/// Changes each track that was decoded.
fn edit_tracks(answer: &mut Answer, edit: fn(&mut Value)) {
    answer.edit_body(|body| match body {
        Value::Array(tracks) => tracks.iter_mut().for_each(edit),
        track => edit(track),
    });
}
