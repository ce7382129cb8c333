//! What the server tells of itself.

use serde_json::{Value, json};

use super::super::row::Row;
use super::{Answer, At, Break, Endpoint, answer, get};

const INFO: At = get(Endpoint::INFO);
const VERSION: At = get(Endpoint::VERSION);

pub(super) const ROWS: &[Row<Break>] = &[
    answer("LL-FILTERS-023/listed", "the info lists filters that are off", INFO, |_, answer| {
        answer.edit_body(|info| info["filters"] = json!(crate::filters::enabled(&[])));
    }),
    answer("LL-HTTP-076/reversed", "the filters are in reverse order", INFO, |_, answer| {
        edit_filters(answer, |filters| filters.reverse());
    }),
    answer("LL-HTTP-076/sorted", "the filters are sorted by name", INFO, |_, answer| {
        edit_filters(answer, |filters| filters.sort_by_key(Value::to_string));
    }),
    answer("LL-HTTP-076/volume-last", "volume is the last filter", INFO, |_, answer| {
        edit_filters(answer, |filters| filters.rotate_left(1));
    }),
    answer("LL-HTTP-070/line-end", "the version ends with a line end", VERSION, |_, answer| {
        edit_version(answer, |version| format!("{version}\n"));
    }),
    answer("LL-HTTP-070/quoted", "the version stands in quotes", VERSION, |_, answer| {
        edit_version(answer, |version| format!("\"{version}\""));
    }),
    answer(
        "LL-HTTP-070/snapshot",
        "the version is not the one of the info",
        VERSION,
        |_, answer| {
            edit_version(answer, |version| format!("{version}-SNAPSHOT"));
        },
    ),
    answer("LL-HTTP-072/git-is-null", "git is null", INFO, |_, answer| {
        answer.edit_body(|info| info["git"] = Value::Null);
    }),
    answer("LL-HTTP-072/no-jvm", "there is no jvm", INFO, |_, answer| {
        answer.edit_body(|info| _ = info.as_object_mut().and_then(|info| info.remove("jvm")));
    }),
    answer("LL-HTTP-072/no-sources", "sourceManagers is null", INFO, |_, answer| {
        answer.edit_body(|info| info["sourceManagers"] = Value::Null);
    }),
    answer("LL-HTTP-072/plugins-by-name", "plugins is an object", INFO, |_, answer| {
        answer.edit_body(|info| info["plugins"] = json!({}));
    }),
    answer("LL-HTTP-072/text", "the info says that it is text", INFO, |_, answer| {
        if answer.status.is_success() {
            answer.set_header("content-type", "text/plain");
        }
    }),
    answer("LL-HTTP-072/time-as-text", "the time of the commit is a text", INFO, |_, answer| {
        answer.edit_body(|info| info["git"]["commitTime"] = json!("1970-01-01T00:00:00Z"));
    }),
    answer("LL-HTTP-073/no-minor", "minor is always 0", INFO, |_, answer| {
        answer.edit_body(|info| info["version"]["minor"] = json!(0));
    }),
    answer("LL-HTTP-073/older-major", "major is 3", INFO, |_, answer| {
        answer.edit_body(|info| info["version"]["major"] = json!(3));
    }),
    answer("LL-HTTP-073/patch-off-by-one", "patch is one too low", INFO, |_, answer| {
        answer.edit_body(|info| {
            let patch = info["version"]["patch"].as_i64().unwrap_or_default();
            info["version"]["patch"] = json!(patch - 1);
        });
    }),
    answer("LL-HTTP-073/v-before", "semver begins with a v", INFO, |_, answer| {
        answer.edit_body(|info| {
            let semver = info["version"]["semver"].as_str().unwrap_or_default();
            info["version"]["semver"] = json!(format!("v{semver}"));
        });
    }),
    answer("LL-HTTP-074/empty-build", "build of a release is empty", INFO, |_, answer| {
        answer.edit_body(|info| info["version"]["build"] = json!(""));
    }),
    answer("LL-HTTP-074/null-build", "build of a release is null", INFO, |_, answer| {
        answer.edit_body(|info| info["version"]["build"] = Value::Null);
    }),
    answer("LL-HTTP-074/null-pre-release", "preRelease of a release is null", INFO, |_, answer| {
        answer.edit_body(|info| info["version"]["preRelease"] = Value::Null);
    }),
    answer("LL-HTTP-075/moving-time", "buildTime is another in every answer", INFO, |_, answer| {
        answer.edit_body(|info| info["buildTime"] = json!(rand::random::<u32>()));
    }),
];

/// Changes the filters of the info.
fn edit_filters(answer: &mut Answer, change: fn(&mut Vec<Value>)) {
    answer.edit_body(|info| info["filters"].as_array_mut().into_iter().for_each(change));
}

fn edit_version(answer: &mut Answer, edit: fn(&str) -> String) {
    if answer.status.is_success() {
        answer.set_text(edit(&answer.text()));
    }
}
