//! What the status of a route planner shows.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::super::row::Row;
use super::{Answer, At, Break, Endpoint, answer, get};

const STATUS: At = get(Endpoint::PLANNER_STATUS);

/// What the status shows before anything was picked.
const FIRST_OF_ALL: &str = "/0:0:0:0:0:0:0:0";

pub(super) const ROWS: &[Row<Break>] = &[
    answer("LL-ROUTEPLANNER-010/numbers", "rotateIndex is a number", STATUS, |_, answer| {
        edit_details(answer, |details| as_number(details.get_mut("rotateIndex")));
    }),
    answer(
        "LL-ROUTEPLANNER-010/other-class",
        "the class of RotateOnBan is another one",
        STATUS,
        |_, answer| {
            rename_class(answer, "RotatingIpRoutePlanner", "RotateOnBanRoutePlanner");
        },
    ),
    answer(
        "LL-ROUTEPLANNER-011/other-class",
        "the class of LoadBalance is another one",
        STATUS,
        |_, answer| {
            rename_class(answer, "BalancingIpRoutePlanner", "LoadBalancingIpRoutePlanner");
        },
    ),
    answer(
        "LL-ROUTEPLANNER-012/current-address",
        "what NanoSwitch tells is called currentAddress",
        STATUS,
        |_, answer| {
            edit_details(answer, |details| {
                rename(details, "currentAddressIndex", "currentAddress")
            });
        },
    ),
    answer("LL-ROUTEPLANNER-012/number", "currentAddressIndex is a number", STATUS, |_, answer| {
        edit_details(answer, |details| as_number(details.get_mut("currentAddressIndex")));
    }),
    answer(
        "LL-ROUTEPLANNER-013/current-block",
        "blockIndex is called currentBlock",
        STATUS,
        |_, answer| {
            edit_details(answer, |details| rename(details, "blockIndex", "currentBlock"));
        },
    ),
    answer("LL-ROUTEPLANNER-013/number", "blockIndex is a number", STATUS, |_, answer| {
        edit_details(answer, |details| as_number(details.get_mut("blockIndex")));
    }),
    answer(
        "LL-ROUTEPLANNER-013/other-class",
        "the class of RotatingNanoSwitch is another one",
        STATUS,
        |_, answer| {
            rename_class(answer, "RotatingNanoIpRoutePlanner", "RotatingNanoSwitchRoutePlanner");
        },
    ),
    answer("LL-ROUTEPLANNER-014/number", "the size is a number", STATUS, |_, answer| {
        edit_details(answer, |details| as_number(details["ipBlock"].get_mut("size")));
    }),
    answer(
        "LL-ROUTEPLANNER-015/null",
        "before the first request of RotateOnBan the current address is null",
        STATUS,
        |_, answer| {
            edit_details(answer, |details| {
                if details.get("currentAddress").is_some_and(|shown| shown == "") {
                    details["currentAddress"] = Value::Null;
                }
            });
        },
    ),
    answer("LL-ROUTEPLANNER-016/seconds", "failingTimestamp is in seconds", STATUS, |_, answer| {
        each_failing(answer, |entry| {
            let since = entry["failingTimestamp"].as_u64().unwrap_or_default();
            entry["failingTimestamp"] = json!(since / 1000);
        })
    }),
    answer(
        "LL-ROUTEPLANNER-016/timestamp-as-text",
        "failingTimestamp is a text",
        STATUS,
        |_, answer| {
            each_failing(answer, |entry| {
                entry["failingTimestamp"] = entry["failingTimestamp"].to_string().into();
            })
        },
    ),
    answer(
        "LL-ROUTEPLANNER-093/compressed",
        "IPv6 addresses are written in their short form",
        STATUS,
        |_, answer| {
            each_address(answer, |text| {
                let address: IpAddr = text.trim_start_matches('/').parse().ok()?;
                Some(format!("/{address}"))
            })
        },
    ),
    answer(
        "LL-ROUTEPLANNER-093/current-no-slash",
        "the current address has no slash before it",
        STATUS,
        |_, answer| {
            edit_details(answer, |details| {
                rewrite(details.get_mut("currentAddress"), without_slash);
            })
        },
    ),
    answer(
        "LL-ROUTEPLANNER-093/iso-time",
        "failingTime is written as in ISO 8601",
        STATUS,
        |_, answer| each_failing(answer, |entry| rewrite(entry.get_mut("failingTime"), iso_time)),
    ),
    answer(
        "LL-ROUTEPLANNER-093/months-from-zero",
        "failingTime has the month before",
        STATUS,
        |_, answer| {
            each_failing(answer, |entry| rewrite(entry.get_mut("failingTime"), month_before));
        },
    ),
    answer(
        "LL-ROUTEPLANNER-093/no-slash",
        "a failing address has no slash before it",
        STATUS,
        |_, answer| {
            each_failing(answer, |entry| rewrite(entry.get_mut("failingAddress"), without_slash))
        },
    ),
    answer(
        "LL-ROUTEPLANNER-094/both",
        "NanoSwitch tells a current address, too",
        STATUS,
        |_, answer| {
            if is_class(answer, "NanoIpRoutePlanner") {
                edit_details(answer, |details| details["currentAddress"] = FIRST_OF_ALL.into());
            }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-094/current-address",
        "LoadBalance has a current address",
        STATUS,
        |_, answer| {
            if is_class(answer, "BalancingIpRoutePlanner") {
                edit_details(answer, |details| details["currentAddress"] = "".into());
            }
        },
    ),
];

fn is_class(answer: &Answer, class: &str) -> bool {
    answer.json().is_some_and(|status| status["class"] == class)
}

fn rename_class(answer: &mut Answer, right: &str, wrong: &str) {
    if is_class(answer, right) {
        answer.edit_body(|status| status["class"] = wrong.into());
    }
}

/// Changes the details of a status, if there is one.
fn edit_details(answer: &mut Answer, change: impl FnMut(&mut Value)) {
    answer.edit_body(|status| {
        status
            .get_mut("details")
            .filter(|details| details.is_object())
            .into_iter()
            .for_each(change);
    });
}

fn each_failing(answer: &mut Answer, change: fn(&mut Value)) {
    edit_details(answer, |details| {
        details["failingAddresses"].as_array_mut().into_iter().flatten().for_each(change);
    });
}

fn each_address(answer: &mut Answer, change: fn(&str) -> Option<String>) {
    edit_details(answer, |details| {
        rewrite(details.get_mut("currentAddress"), change);
        for entry in details["failingAddresses"].as_array_mut().into_iter().flatten() {
            rewrite(entry.get_mut("failingAddress"), change);
        }
    });
}

/// Writes a number that is a text as a number.
fn as_number(value: Option<&mut Value>) {
    rewrite(value, |text| Some(text.parse().unwrap_or(u64::MAX)));
}

/// Puts something in the place of a text, if there is one, and something to put there.
fn rewrite<T: Into<Value>>(value: Option<&mut Value>, change: fn(&str) -> Option<T>) {
    if let Some(value) = value
        && let Some(changed) = value.as_str().and_then(change)
    {
        *value = changed.into();
    }
}

fn without_slash(text: &str) -> Option<String> {
    Some(text.trim_start_matches('/').to_owned())
}

/// Gives what stands under a key another key.
fn rename(details: &mut Value, from: &str, to: &str) {
    let value = details.as_object_mut().and_then(|details| details.remove(from));
    if let Some(value) = value {
        details[to] = value;
    }
}

/// As Java shortens them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// With the month before, as of one that counts months from 0.
fn month_before(text: &str) -> Option<String> {
    let at = MONTHS.iter().position(|month| text.contains(month))?;
    Some(text.replace(MONTHS[at], MONTHS[(at + MONTHS.len() - 1) % MONTHS.len()]))
}

/// `Mon Nov 23 05:00:05 UTC 2026` as ISO 8601 has it.
fn iso_time(text: &str) -> Option<String> {
    let mut words = text.split(' ').skip(1);
    let month = words.next()?;
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let (day, time, year) = (words.next()?, words.next()?, words.nth(1)?);
    Some(format!("{year}-{month:02}-{day}T{time}Z"))
}
