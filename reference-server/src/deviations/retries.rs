//! Breaks of what comes of an answer that a guarded source gets.

use super::row::{Row, run};
use crate::tracks::Retry;

type Change = fn(&mut Retry);

const fn retry(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

/// How often a request is sent again if the limit is the usual one.
const USUAL: u32 = 10;

const ROWS: &[Row<Change>] = &[
    retry(
        "LL-ROUTEPLANNER-050/loads-not-marked",
        "a load that is answered with 429 marks nothing",
        |it| {
            it.marks &= it.search || !it.search_triggers_fail || it.gets;
        },
    ),
    retry(
        "LL-ROUTEPLANNER-050/searches-not-marked",
        "a search that is answered with 429 marks nothing",
        |it| {
            it.marks &= !(it.search && it.search_triggers_fail);
        },
    ),
    retry(
        "LL-ROUTEPLANNER-050/searches-not-retried",
        "a search that is answered with 429 is not retried",
        |it| it.again &= !it.search,
    ),
    retry(
        "LL-ROUTEPLANNER-051/error-retried",
        "a server error marks the address and is retried",
        |it| {
            if it.status.is_server_error() {
                (it.again, it.marks) = (true, true);
            }
        },
    ),
    retry(
        "LL-ROUTEPLANNER-054/not-marked",
        "a 429 for a video's page or script marks nothing",
        |it| {
            it.marks &= !(it.gets && !it.search && it.search_triggers_fail);
        },
    ),
    retry("LL-ROUTEPLANNER-060/one-too-few", "the usual limit is one retry less", |it| {
        if it.limit < 0 {
            it.allowed = Some(USUAL - 1);
        }
    }),
    retry("LL-ROUTEPLANNER-061/one-too-few", "a configured limit is one retry less", |it| {
        if it.limit > 0 {
            it.allowed = it.allowed.map(|count| count - 1);
        }
    }),
    retry("LL-ROUTEPLANNER-062/no-retry", "no limit means no retry", |it| {
        if it.limit == 0 {
            it.allowed = Some(0);
        }
    }),
    retry("LL-ROUTEPLANNER-062/usual-limit", "no limit is the usual limit", |it| {
        if it.limit == 0 {
            it.allowed = Some(USUAL);
        }
    }),
    retry(
        "LL-ROUTEPLANNER-063/marked",
        "a search marks its address although it should not",
        |it| {
            it.marks |= it.search && !it.search_triggers_fail;
        },
    ),
    retry("LL-ROUTEPLANNER-064/not-marked", "a load marks nothing if searches do not", |it| {
        it.marks &= it.search || it.search_triggers_fail;
    }),
    retry(
        "LL-ROUTEPLANNER-095/not-retried",
        "a search that marks nothing is not sent again",
        |it| {
            it.again &= !it.search || it.search_triggers_fail;
        },
    ),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Changes what comes of an answer as the chosen deviations say.
pub(super) fn change(retry: &mut Retry) {
    run(rows(), |row| {
        let before = retry.clone();
        (row.change)(retry);
        *retry != before
    });
}
