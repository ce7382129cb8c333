//! Ids of guilds in paths, and the parameter of an update.

use http::StatusCode;

use super::super::row::Row;
use super::{Asked, At, Break, Endpoint, answer, instead, patch, request};

const PLAYER: At = At::Endpoint(Endpoint::PLAYER);

pub(super) const ROWS: &[Row<Break>] = &[
    instead("LL-HTTP-060/32-bits", "a guild id of more than 32 bits is refused", PLAYER, |asked| {
        refuse_if(asked, |guild| guild > i64::from(u32::MAX))
    }),
    instead("LL-HTTP-061/least-refused", "the least guild id is refused", PLAYER, |asked| {
        refuse_if(asked, |it| it == i64::MIN)
    }),
    instead("LL-HTTP-061/negative-refused", "a negative guild id is refused", PLAYER, |asked| {
        refuse_if(asked, |it| it < 0)
    }),
    instead("LL-HTTP-061/zero-refused", "the guild id 0 is refused", PLAYER, |asked| {
        refuse_if(asked, |guild| guild == 0)
    }),
    request("LL-HTTP-061/sign-dropped", "a guild id loses its sign", PLAYER, |asked| {
        if let Some(guild) = guild(asked) {
            set_guild(asked, guild.wrapping_abs());
        }
    }),
    instead("LL-HTTP-402/refused", "a guild id with a blank in it is refused", PLAYER, |asked| {
        let blank = ["%20", "%09"].iter().any(|blank| asked.segment(4).contains(blank));
        blank.then(|| asked.bad_request())
    }),
    instead("LL-HTTP-402/ascii", "a guild id has no digits but those of ASCII", PLAYER, |asked| {
        let other = ["%D9", "%EF"].iter().any(|byte| asked.segment(4).contains(byte));
        other.then(|| asked.bad_request())
    }),
    request(
        "LL-HTTP-402/none-count",
        "blanks that may not be broken do not count either",
        PLAYER,
        |asked| {
            let rest = asked.segment(4).replace("%C2%A0", "");
            if let (None, Ok(guild)) = (guild(asked), rest.parse()) {
                set_guild(asked, guild);
            }
        },
    ),
    answer(
        "LL-HTTP-063/not-found",
        "a guild id that is no number is 404",
        PLAYER,
        |asked, answer| {
            if guild(asked).is_none() && answer.message() == "Bad Request" {
                answer.restate(StatusCode::NOT_FOUND);
                answer.set_message("Player not found");
            }
        },
    ),
    request(
        "LL-HTTP-063/rest-ignored",
        "what follows the digits of a guild id is ignored",
        PLAYER,
        |asked| {
            let text = asked.segment(4).to_owned();
            let digits = text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            if let (None, Ok(guild)) = (guild(asked), digits.parse()) {
                set_guild(asked, guild);
            }
        },
    ),
    request(
        "LL-HTTP-063/saturated",
        "a guild id that is too big becomes the greatest",
        PLAYER,
        |asked| {
            if is_too_big(asked) {
                set_guild(asked, i64::MAX);
            }
        },
    ),
    request(
        "LL-HTTP-063/wrapped",
        "a guild id of 64 bits without a sign wraps around",
        PLAYER,
        |asked| {
            if let (true, Ok(guild)) = (is_too_big(asked), asked.segment(4).parse::<u64>()) {
                set_guild(asked, guild.cast_signed());
            }
        },
    ),
    instead("LL-HTTP-338/refused", "a hexadecimal guild id is refused", PLAYER, |asked| {
        asked.segment(4).contains(['x', 'X']).then(|| asked.bad_request())
    }),
    request("LL-HTTP-338/decimal", "digits after 0x are decimal", PLAYER, |asked| {
        let digits =
            asked.segment(4).split_once("0x").map(|(sign, digits)| format!("{sign}{digits}"));
        if let Some(Ok(guild)) = digits.map(|digits| digits.parse()) {
            set_guild(asked, guild);
        }
    }),
    request("LL-HTTP-062/zero", "a guild id that is no number is 0", PLAYER, zero),
    answer("LL-HTTP-063/explained", "the message says what was wrong", PLAYER, |asked, answer| {
        if guild(asked).is_none() && answer.message() == "Bad Request" {
            answer.set_message("Invalid guild id");
        }
    }),
    request("LL-PLAYER-007/nonsense-is-0", "what is no guild id is 0", PLAYER, zero),
    instead("LL-PLAYER-007/unsigned", "a negative guild is refused", PLAYER, |asked| {
        refuse_if(asked, |guild| guild < 0)
    }),
    request(
        "LL-PLAYER-076/lenient",
        "what noReplace does not know is false",
        patch(Endpoint::PLAYER),
        |asked| {
            if no_replace(asked).is_some_and(|given| !is_flag(&given)) {
                asked.retain_parameters(|pair| !pair.starts_with("noReplace"));
            }
        },
    ),
    instead(
        "LL-PLAYER-076/only-true",
        "noReplace knows only true and false",
        patch(Endpoint::PLAYER),
        |asked| {
            let given = no_replace(asked).filter(|_| asked.is_admitted())?;
            (!["true", "false"].contains(&&*given)).then(|| asked.bad_request())
        },
    ),
];

/// The guild that the path names.
fn guild(asked: &Asked) -> Option<i64> {
    asked.segment(4).parse().ok()
}

fn set_guild(asked: &mut Asked, guild: i64) {
    asked.set_path(&format!("/v4/sessions/{}/players/{guild}", asked.segment(2)));
}

/// Takes what is no guild for guild 0.
fn zero(asked: &mut Asked) {
    if guild(asked).is_none() {
        set_guild(asked, 0);
    }
}

/// Whether the guild has digits only and is out of range.
fn is_too_big(asked: &Asked) -> bool {
    guild(asked).is_none() && asked.segment(4).bytes().all(|byte| byte.is_ascii_digit())
}

fn refuse_if(asked: &Asked, is_refused: fn(i64) -> bool) -> Option<super::Answer> {
    let guild = guild(asked).filter(|_| asked.is_admitted())?;
    is_refused(guild).then(|| asked.bad_request())
}

fn no_replace(asked: &Asked) -> Option<String> {
    asked.parameter("noReplace").map(|given| given.trim().to_ascii_lowercase())
}

fn is_flag(given: &str) -> bool {
    ["true", "on", "yes", "1", "false", "off", "no", "0"].contains(&given)
}
