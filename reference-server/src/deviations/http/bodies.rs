//! Bodies: what is read of JSON that is none, or that has other types than it should.
//!
//! A session's update stands for all bodies here, as in the rules.

use http::StatusCode;

use super::super::row::Row;
use super::{Answer, Asked, At, Break, Endpoint, Exchange, Outcome, around, body, instead, patch};
use crate::json::Json;

const UPDATE: At = patch(Endpoint::SESSION);
const PLAYER: At = patch(Endpoint::PLAYER);

pub(super) const ROWS: &[Row<Break>] = &[
    body("LL-HTTP-040/end-closes", "the end of the body closes an object", UPDATE, |asked| {
        if asked.json().is_none() {
            replace_if_json(asked, |text| format!("{text}}}"));
        }
    }),
    body("LL-HTTP-078/rest-ignored", "what follows the JSON is ignored", UPDATE, |asked| {
        if asked.json().is_none() {
            replace_if_json(asked, |text| match text.rfind('}') {
                Some(end) => text[..=end].to_owned(),
                None => text.to_owned(),
            });
        }
    }),
    body(
        "LL-HTTP-078/trailing-comma",
        "a comma may stand before a closing brace",
        UPDATE,
        drop_last_comma,
    ),
    body("LL-HTTP-041/list-is-empty-object", "an array is an empty object", UPDATE, |asked| {
        empty_if(asked, |json| matches!(json, Json::List(_)));
    }),
    body("LL-HTTP-041/null-is-empty-object", "null is an empty object", UPDATE, |asked| {
        empty_if(asked, Json::is_null)
    }),
    body(
        "LL-HTTP-041/scalar-is-empty-object",
        "a text, number or boolean is an empty object",
        UPDATE,
        |asked| {
            empty_if(asked, |json| {
                matches!(json, Json::Word(_) | Json::Text(_)) && !json.is_null()
            });
        },
    ),
    body("LL-HTTP-042/list-of-one", "an array of one value is that value", UPDATE, |asked| {
        asked.edit_fields(|_, value| match value {
            Json::List(items) if items.len() == 1 => items.into_iter().next(),
            value => Some(value),
        });
    }),
    body(
        "LL-HTTP-042/object-is-absent",
        "a field that is an object is taken as left out",
        UPDATE,
        |asked| {
            asked.edit_fields(|_, value| (!matches!(value, Json::Object(_))).then_some(value));
        },
    ),
    around(
        "LL-HTTP-042/sound-field-applied",
        "the timeout of a refused body is applied",
        UPDATE,
        |exchange| Box::pin(apply_field(exchange, "timeout")),
    ),
    body("LL-HTTP-042/text-is-zero", "a text that is no number is 0", UPDATE, |asked| {
        asked.edit_field("timeout", |value| {
            if matches!(value, Json::Text(text) if text.parse::<f64>().is_err()) {
                *value = word("0");
            }
        });
    }),
    body("LL-HTTP-042/yes-is-true", "yes is true", UPDATE, |asked| {
        asked.edit_field("resuming", |value| {
            if value.text().is_ok_and(|text| text == "yes") {
                *value = word("true");
            }
        });
    }),
    body("LL-HTTP-043/null-is-absent", "null is the same as left out", UPDATE, |asked| {
        asked.edit_fields(|_, value| (!value.is_null()).then_some(value));
    }),
    body("LL-HTTP-043/null-is-false", "null is false", UPDATE, |asked| {
        asked.edit_field("resuming", |value| replace_null(value, "false"));
    }),
    body("LL-HTTP-043/null-is-zero", "null is 0", UPDATE, |asked| {
        asked.edit_field("timeout", |value| replace_null(value, "0"));
    }),
    body(
        "LL-HTTP-044/case-ignored",
        "the case of a field's name does not matter",
        UPDATE,
        |asked| {
            asked.edit(|json| {
                if let Json::Object(fields) = json {
                    for (key, _) in fields {
                        let known = ["resuming", "timeout"].into_iter();
                        if let Some(known) =
                            known.into_iter().find(|it| it.eq_ignore_ascii_case(key))
                        {
                            *key = known.to_owned();
                        }
                    }
                }
            });
        },
    ),
    instead("LL-HTTP-044/refused", "a body with an unknown field is refused", UPDATE, |asked| {
        let json = asked.json().filter(|_| asked.is_admitted())?;
        let unknown = json.keys().any(|key| !["resuming", "timeout"].contains(&key));
        unknown.then(|| asked.bad_request())
    }),
    body(
        "LL-HTTP-044/resuming-key",
        "resumingKey of version 3 turns resuming on",
        UPDATE,
        |asked| {
            asked.edit(|json| {
                if let Json::Object(fields) = json
                    && fields.iter().any(|(key, _)| key == "resumingKey")
                {
                    fields.push(("resuming".to_owned(), word("true")));
                }
            });
        },
    ),
    body("LL-HTTP-045/quoted-boolean-refused", "a boolean in quotes is refused", UPDATE, |asked| {
        asked.edit_field("resuming", |value| {
            if value.text().is_ok() {
                *value = word("quoted");
            }
        });
    }),
    body("LL-HTTP-045/quoted-is-true", "any boolean in quotes is true", UPDATE, |asked| {
        asked.edit_field("resuming", |value| {
            if value.text().is_ok() {
                *value = word("true");
            }
        });
    }),
    body("LL-HTTP-045/quoted-number-refused", "a number in quotes is refused", UPDATE, |asked| {
        asked.edit_field("timeout", |value| {
            if value.text().is_ok() {
                *value = word("quoted");
            }
        });
    }),
    body("LL-HTTP-046/fraction-cut", "a fraction is cut to an integer", UPDATE, |asked| {
        edit_number(asked, |_, number| {
            (number.fract() != 0.0).then(|| (number as i64).to_string())
        });
    }),
    body(
        "LL-HTTP-079/saturated",
        "a number out of range becomes the nearest in range",
        UPDATE,
        |asked| {
            edit_number(asked, |text, number| {
                let whole = number.fract() == 0.0 && text.parse::<i64>().is_err();
                whole.then(|| (number as i64).to_string())
            });
        },
    ),
    body("LL-HTTP-079/wrapped", "a number out of range wraps around", UPDATE, |asked| {
        edit_number(asked, |text, _| {
            let wide = text.parse::<i128>().ok().filter(|_| text.parse::<i64>().is_err());
            wide.map(|number| (number as i64).to_string())
        });
    }),
    around("LL-HTTP-049/explained", "the message says what was expected", UPDATE, |exchange| {
        Box::pin(async move {
            let mut answer = exchange.usual().await;
            let json = exchange.asked.json();
            let other = json.is_some_and(|json| json.object().is_err());
            if !other || answer.message() != "Bad Request" {
                return Outcome::Usual(answer);
            }
            answer.set_message("The body is not an object");
            Outcome::Broken(answer)
        })
    }),
    around(
        "LL-SESSION-007/resuming-applied",
        "resuming of an update that is refused is applied",
        UPDATE,
        |exchange| Box::pin(apply_field(exchange, "resuming")),
    ),
    body("LL-HTTP-320/as-it-stands", "an escape stands for itself", PLAYER, |asked| {
        replace_if_json(asked, |text| text.replace('\\', r"\\"));
    }),
    body("LL-HTTP-400/replaced", "half of a pair of surrogates is U+FFFD", PLAYER, |asked| {
        replace_if_json(asked, without_halves);
    }),
    body("LL-HTTP-321/taken", "a backslash that begins no escape is ignored", UPDATE, |asked| {
        if asked.json().is_none() {
            replace_if_json(asked, |text| text.replace('\\', ""));
        }
    }),
    body("LL-HTTP-330/strict", "what is no JSON is refused wherever it stands", UPDATE, |asked| {
        if asked.json().is_some_and(|json| has_odd_field(&json)) {
            asked.set_body("[");
        }
    }),
    body(
        "LL-HTTP-330/as-far-as-it-goes",
        "of a body that is no JSON what comes before that is read",
        UPDATE,
        |asked| {
            if asked.json().is_none() {
                replace_if_json(asked, |text| as_far_as_it_goes(text).unwrap_or_default());
            }
        },
    ),
    body(
        "LL-HTTP-343/anywhere",
        "a comma may be left out among fields that are kept as they are",
        PLAYER,
        |asked| {
            asked.edit(close_up);
        },
    ),
    body("LL-HTTP-343/in-lists", "a comma may be left out in lists, too", PLAYER, |asked| {
        replace_if_json(asked, |text| text.replace("} {", "}, {"));
    }),
    instead("LL-HTTP-343/refused", "a body that lacks a comma is refused", UPDATE, |asked| {
        let json = asked.json().filter(|_| asked.is_admitted())?;
        matches!(json, Json::Loose(_)).then(|| asked.bad_request())
    }),
    body(
        "LL-HTTP-343/at-the-end",
        "a comma at the end of a body counts for nothing",
        UPDATE,
        drop_last_comma,
    ),
    body(
        "LL-HTTP-340/refused",
        "a word that is none of JSON's is refused where it would be kept",
        PLAYER,
        |asked| {
            if asked.json().is_some_and(|json| has_own_word(&json)) {
                asked.set_body("[");
            }
        },
    ),
    body(
        "LL-HTTP-341/refused",
        "an integer whose exponent has no digits is refused",
        UPDATE,
        |asked| edit_word(asked, |text| text.ends_with(['e', 'E']).then(|| "null".to_owned())),
    ),
    body("LL-HTTP-341/cut-off", "an integer ends before its exponent", UPDATE, |asked| {
        edit_word(asked, |text| Some(text.split_once(['e', 'E'])?.0.to_owned()))
    }),
    body(
        "LL-HTTP-347/each-byte",
        "each byte of an encoded surrogate becomes one U+FFFD",
        PLAYER,
        |asked| asked.set_body(String::from_utf8_lossy(asked.body()).into_owned()),
    ),
    body("LL-HTTP-347/left-out", "bytes that are no UTF-8 are left out", PLAYER, |asked| {
        let letters = asked.body().utf8_chunks().map(|chunk| chunk.valid());
        asked.set_body(letters.collect::<String>());
    }),
    body("LL-HTTP-347/latin-1", "bytes that are no UTF-8 are Latin-1", PLAYER, |asked| {
        let text = asked.body().utf8_chunks().map(|chunk| {
            let letters = chunk.invalid().iter().copied().map(char::from);
            format!("{}{}", chunk.valid(), letters.collect::<String>())
        });
        asked.set_body(text.collect::<String>());
    }),
];

/// Whether any field of an object is something that could only be passed over.
fn has_odd_field(json: &Json) -> bool {
    matches!(json, Json::Object(fields) if fields.iter().any(|(_, value)| *value == Json::Odd))
}

/// As if no comma stood before a closing brace.
fn drop_last_comma(asked: &mut Asked) {
    if asked.json().is_none() {
        replace_if_json(asked, |text| text.replace(",}", "}"));
    }
}

/// As if no comma were missing.
fn close_up(json: &mut Json) {
    if let Json::Loose(fields) = json {
        *json = Json::Object(std::mem::take(fields));
    }
    match json {
        Json::Object(fields) => fields.iter_mut().for_each(|(_, value)| close_up(value)),
        Json::List(items) => items.iter_mut().for_each(close_up),
        _ => {}
    }
}

/// Whether there is a word in it that JSON does not know.
fn has_own_word(json: &Json) -> bool {
    match json {
        Json::Word(word) => serde_json::from_str::<serde_json::Value>(word).is_err(),
        Json::List(items) => items.iter().any(has_own_word),
        Json::Object(fields) | Json::Loose(fields) => {
            fields.iter().any(|(_, value)| has_own_word(value))
        }
        Json::Text(_) | Json::Odd => false,
    }
}

/// The longest part of an object that ends before a comma, closed.
fn as_far_as_it_goes(text: &str) -> Option<String> {
    let parts = text.rmatch_indices(',').map(|(comma, _)| format!("{}}}", &text[..comma]));
    parts.into_iter().find(|part| Json::read(part).is_ok())
}

fn word(text: &str) -> Json {
    Json::Word(text.to_owned())
}

fn replace_null(value: &mut Json, with: &str) {
    if value.is_null() {
        *value = word(with);
    }
}

/// Takes a body that is something else for an empty object.
fn empty_if(asked: &mut Asked, is_taken: fn(&Json) -> bool) {
    asked.edit(|json| {
        if is_taken(json) {
            *json = Json::Object(Vec::new());
        }
    });
}

/// A text with U+FFFD for each escaped surrogate that is not of a pair.
fn without_halves(text: &str) -> String {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let (mut out, mut at) = (String::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        let (kept, length) = match (unit(at), unit(at + 6)) {
            (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => (&text[at..at + 12], 12),
            (Some(0xD800..0xE000), _) => ("\u{FFFD}", 6),
            _ => (&text[at..at + c.len_utf8()], c.len_utf8()),
        };
        out.push_str(kept);
        at += length;
    }
    out
}

/// Mends a body that is no JSON, if that makes it JSON.
fn replace_if_json(asked: &mut Asked, mend: fn(&str) -> String) {
    let mended = mend(&String::from_utf8_lossy(asked.body()));
    if Json::read(&mended).is_ok() {
        asked.set_body(mended);
    }
}

/// Another number in place of the timeout, which is given as it is written, too.
fn edit_number(asked: &mut Asked, edit: fn(&str, f64) -> Option<String>) {
    asked.edit_field("timeout", |value| {
        if let Json::Word(text) = &value
            && let Some(edited) = text.parse().ok().and_then(|number| edit(text, number))
        {
            *value = word(&edited);
        }
    });
}

/// Another word in place of the timeout.
fn edit_word(asked: &mut Asked, edit: fn(&str) -> Option<String>) {
    asked.edit_field("timeout", |value| {
        if let Json::Word(text) = &value
            && let Some(edited) = edit(text)
        {
            *value = word(&edited);
        }
    });
}

/// Applies a sound field of an update that is refused.
async fn apply_field(exchange: Exchange, key: &str) -> Outcome {
    let answer: Answer = exchange.usual().await;
    let sound = exchange.asked.field(key);
    let (Some(sound), StatusCode::BAD_REQUEST) = (sound, answer.status) else {
        return Outcome::Usual(answer);
    };
    let id = exchange.asked.segment(2).to_owned();
    let applied = exchange.update_session(&id, &serde_json::json!({key: sound})).await;
    match applied.status.is_success() {
        true => Outcome::Broken(answer),
        false => Outcome::Usual(answer),
    }
}
