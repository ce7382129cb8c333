//! Statistics over REST, and the metrics that Prometheus fetches.

use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::super::row::Row;
use super::{
    Answer, Asked, At, Break, Endpoint, Outcome, Password, answer, around, get, instead, request,
};
use crate::http::metrics;
use crate::stats::metrics::MEDIA_TYPE;

const STATS: At = get(Endpoint::STATS);

pub(super) const ROWS: &[Row<Break>] = &[
    answer(
        "LL-STATS-001/flat-cpu",
        "the number of cores stands beside cpu, not in it",
        STATS,
        |_, answer| {
            answer.edit_body(|stats| {
                let cores = stats["cpu"]["cores"].take();
                drop_key(stats, "cpu");
                stats["cores"] = cores;
            });
        },
    ),
    answer("LL-STATS-001/no-reservable", "reservable memory is left out", STATS, |_, answer| {
        answer.edit_body(|stats| drop_key(&mut stats["memory"], "reservable"));
    }),
    answer("LL-STATS-002/zeros", "frameStats over REST are zeros", STATS, |_, answer| {
        let zeros = json!({"sent": 0, "nulled": 0, "deficit": 0});
        answer.edit_body(|stats| stats["frameStats"] = zeros);
    }),
    answer("LL-STATS-089/absent", "frameStats is left out over REST", STATS, |_, answer| {
        answer.edit_body(|stats| drop_key(stats, "frameStats"));
    }),
    answer(
        "LL-STATS-080/one-missing",
        "the number of cores is no metric",
        At::NoEndpoint,
        |_, answer| {
            edit_gauges(answer, |gauges| gauges.retain(|(name, _)| name != "lavalink_cpu_cores"));
        },
    ),
    answer("LL-STATS-080/one-twice", "a metric stands twice", At::NoEndpoint, |_, answer| {
        edit_gauges(answer, |gauges| gauges.extend(gauges.first().cloned()));
    }),
    answer(
        "LL-STATS-084/all-play",
        "the metric of playing players counts every player",
        At::NoEndpoint,
        |_, answer| {
            edit_gauges(answer, |gauges| {
                let players = value_of(gauges, "lavalink_players_total");
                set_value(gauges, "lavalink_playing_players_total", |_| players);
            });
        },
    ),
    answer(
        "LL-STATS-084/seconds",
        "the metric of the uptime is in seconds",
        At::NoEndpoint,
        |_, answer| {
            edit_gauges(answer, |gauges| {
                set_value(gauges, "lavalink_uptime_milliseconds", |uptime| uptime / 1000.0);
            });
        },
    ),
    answer(
        "LL-STATS-085/percent",
        "the metric of the system's load is in percent",
        At::NoEndpoint,
        |_, answer| {
            edit_gauges(answer, |gauges| {
                set_value(gauges, "lavalink_cpu_system_load_percentage", |_| 42.0);
            });
        },
    ),
    answer("LL-STATS-088/frames", "there is a metric of frames", At::NoEndpoint, |_, answer| {
        edit_gauges(answer, |gauges| {
            let name = "lavalink_frames_sent";
            let lines = format!("# HELP {name} Frames sent.\n# TYPE {name} gauge\n{name} 0.0\n");
            gauges.push((name.to_owned(), lines));
        });
    }),
    answer("LL-STATS-080/counters", "the metrics are counters", At::NoEndpoint, |_, answer| {
        edit_page(answer, |line| match line.starts_with("# TYPE ") {
            true => line.replace(" gauge", " counter"),
            false => line.to_owned(),
        });
    }),
    answer(
        "LL-STATS-081/no-stop",
        "the help texts of players and uptime lack their full stop",
        At::NoEndpoint,
        |_, answer| {
            edit_page(answer, |line| match line.starts_with("# HELP ") {
                true => line.trim_end_matches('.').to_owned(),
                false => line.to_owned(),
            });
        },
    ),
    answer(
        "LL-STATS-082/html",
        "the metrics say that they are HTML",
        At::NoEndpoint,
        |_, answer| {
            set_type(answer, "text/html");
        },
    ),
    answer(
        "LL-STATS-082/no-version",
        "the media type of the metrics lacks the version of the format",
        At::NoEndpoint,
        |_, answer| {
            set_type(answer, "text/plain;charset=utf-8");
        },
    ),
    instead("LL-STATS-083/asks", "metrics need the password", At::NoEndpoint, |asked| {
        let refused = is_page(asked) && asked.password() == Password::Missing;
        refused.then(|| asked.bare(StatusCode::UNAUTHORIZED))
    }),
    instead(
        "LL-STATS-083/wrong-refused",
        "a wrong password is refused by the metrics",
        At::NoEndpoint,
        |asked| {
            let refused = is_page(asked) && asked.password() == Password::Wrong;
            refused.then(|| asked.bare(StatusCode::FORBIDDEN))
        },
    ),
    request(
        "LL-STATS-086/first-only",
        "only the first name[] of several is looked at",
        At::NoEndpoint,
        |asked| {
            let mut names = 0;
            asked.retain_parameters(|pair| {
                names += usize::from(is_name(pair));
                !is_name(pair) || names == 1
            });
        },
    ),
    request("LL-STATS-086/ignored", "name[] is ignored", At::NoEndpoint, |asked| {
        asked.retain_parameters(|pair| !is_name(pair));
    }),
    around(
        "LL-STATS-087/always-on",
        "there are metrics although they are switched off",
        At::NoEndpoint,
        |exchange| {
            Box::pin(async move {
                let answer = exchange.usual().await;
                let asked = &exchange.asked;
                match answer.status == StatusCode::NOT_FOUND && is_there(asked) {
                    true => Outcome::Broken(page(asked).await),
                    false => Outcome::Usual(answer),
                }
            })
        },
    ),
    answer(
        "LL-STATS-087/empty",
        "metrics that are switched off are empty",
        At::NoEndpoint,
        |asked, answer| {
            if answer.status == StatusCode::NOT_FOUND && is_there(asked) {
                answer.set_bare(StatusCode::OK);
            }
        },
    ),
    instead(
        "LL-STATS-095/nowhere",
        "an endpoint of metrics without a slash is nowhere",
        At::NoEndpoint,
        |asked| (is_there(asked) && is_without_slash(asked)).then(|| asked.no_endpoint()),
    ),
    request(
        "LL-STATS-095/open",
        "an endpoint of metrics without a slash needs no password",
        At::NoEndpoint,
        |asked| {
            if is_there(asked) && is_without_slash(asked) {
                asked.admit();
            }
        },
    ),
    instead(
        "LL-STATS-096/asks",
        "an endpoint of metrics that is another one's path needs the password",
        At::Everywhere,
        |asked| {
            let open = asked.endpoint().is_some() && metrics::opens(&asked.server, &asked.uri);
            match asked.password() {
                Password::Missing if open => Some(asked.bare(StatusCode::UNAUTHORIZED)),
                Password::Wrong if open => Some(asked.bare(StatusCode::FORBIDDEN)),
                _ => None,
            }
        },
    ),
    around(
        "LL-STATS-096/page",
        "an endpoint of metrics that is another one's path shows metrics",
        At::Everywhere,
        |exchange| {
            Box::pin(async move {
                let asked = &exchange.asked;
                match asked.endpoint().is_some() && is_page(asked) {
                    true => Outcome::Broken(page(asked).await),
                    false => Outcome::Usual(exchange.usual().await),
                }
            })
        },
    ),
];

/// Whether a request is for the configured endpoint of metrics.
fn is_there(asked: &Asked) -> bool {
    metrics::is_at(&asked.server.config.prometheus.endpoint, &asked.uri)
}

/// Whether there is a page of metrics there.
fn is_page(asked: &Asked) -> bool {
    asked.server.config.prometheus.enabled && is_there(asked)
}

fn is_without_slash(asked: &Asked) -> bool {
    !asked.server.config.prometheus.endpoint.starts_with('/')
}

async fn page(asked: &Asked) -> Answer {
    let mut answer = Answer::of(metrics::page(&asked.server, &asked.uri)).await;
    answer.set_header("lavalink-api-version", "4");
    answer
}

fn is_name(pair: &str) -> bool {
    pair.starts_with("name[]=") || pair.to_ascii_lowercase().starts_with("name%5b%5d=")
}

fn set_type(answer: &mut Answer, media_type: &str) {
    if answer.header(CONTENT_TYPE) == MEDIA_TYPE {
        answer.set_header("content-type", media_type);
    }
}

/// Changes each line of the page.
fn edit_page(answer: &mut Answer, edit: fn(&str) -> String) {
    if answer.header(CONTENT_TYPE) == MEDIA_TYPE {
        let lines = answer.text().lines().map(|line| edit(line) + "\n").collect::<String>();
        answer.set_text(lines);
    }
}

fn drop_key(value: &mut Value, key: &str) {
    value.as_object_mut().into_iter().for_each(|object| _ = object.remove(key));
}

/// A metric: its name, and its lines.
type Gauge = (String, String);

/// Changes the metrics of the page.
fn edit_gauges(answer: &mut Answer, edit: fn(&mut Vec<Gauge>)) {
    if answer.header(CONTENT_TYPE) != MEDIA_TYPE {
        return;
    }
    let mut gauges = Vec::new();
    for line in answer.text().lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let name = help.split(' ').next().unwrap_or_default();
            gauges.push((name.to_owned(), String::new()));
        }
        if let Some((_, lines)) = gauges.last_mut() {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    edit(&mut gauges);
    answer.set_text(gauges.into_iter().map(|(_, lines)| lines).collect::<String>());
}

fn value_of(gauges: &[Gauge], name: &str) -> f64 {
    let gauge = gauges.iter().find(|(known, _)| known == name);
    let value = gauge.and_then(|(_, lines)| lines.trim_end().rsplit(' ').next());
    value.and_then(|value| value.parse().ok()).unwrap_or_default()
}

fn set_value(gauges: &mut [Gauge], name: &str, change: impl Fn(f64) -> f64) {
    let value = change(value_of(gauges, name));
    for (_, lines) in gauges.iter_mut().filter(|(known, _)| known == name) {
        let kept = lines.trim_end().rfind(' ').unwrap_or_default();
        *lines = format!("{} {value:?}\n", &lines[..kept]);
    }
}
