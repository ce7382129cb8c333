//! A whole site, made of everything there can be.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::*;
use crate::report::Run;
use crate::report::tests::{blocked, failed, passed, run};

/// Texts of others in every place that takes one.
fn material() -> Material {
    let source = Source::embedded();
    let spec = source.read().unwrap();
    let server = |name: &str, scenarios| {
        let mut run = run(scenarios);
        run.target_name = name.to_owned();
        run.target_version = "<script>alert(1)</script>".to_owned();
        Server::of(&run, Path::new("nowhere.json"))
    };
    let servers = vec![
        server("one", vec![passed("LL-HTTP-001.a"), failed("LL-HTTP-010.a", "no", &[])]),
        server(
            "<b>two</b>",
            vec![
                failed("LL-HTTP-001.a", "no", &[]),
                blocked("LL-HTTP-010.a", "LL-PREREQUISITE-001"),
            ],
        ),
    ];
    let deviation = |name: &str| Deviation { name: name.into(), summary: "<i>broken</i>".into() };
    let kills = serde_json::from_value(serde_json::json!({
        "schemaVersion": 1, "complete": true, "idleScenarios": ["LL-HTTP-001.b"],
        "deviations": [
            {"deviation": "LL-HTTP-001/x", "summary": "<i>broken</i>", "rule": "LL-HTTP-001", "fate": "caught",
             "why": null, "caughtBy": ["LL-HTTP-001.a"], "alsoFailed": []},
            {"deviation": "LL-HTTP-010/y", "summary": "s", "rule": "LL-HTTP-010", "fate": "n/a",
             "why": "<u>not here</u>", "caughtBy": [], "alsoFailed": ["LL-HTTP-011.a"]},
        ],
    }));
    let deviations = vec![deviation("LL-HTTP-001/x")];
    Material { source, spec, deviations, servers, kills: Some(kills.unwrap()) }
}

fn found<'a>(pattern: &str, text: &'a str) -> BTreeSet<&'a str> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found.get(1).unwrap().as_str()).collect()
}

#[test]
fn every_link_leads_to_a_place_of_the_site() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &files(&material()).unwrap()).unwrap();
    let mut pages = BTreeMap::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        pages.insert(name, std::fs::read_to_string(path).unwrap());
    }
    let ids: BTreeMap<_, _> =
        pages.iter().map(|(name, page)| (name.as_str(), found(r#" id="([^"]*)""#, page))).collect();
    let mut broken = Vec::new();
    for (name, page) in &pages {
        for href in found(r#" href="([^"]*)""#, page) {
            if href.starts_with("https://") || href == "data:," {
                continue;
            }
            let (file, id) = href.split_once('#').unwrap_or((href, ""));
            let file = if file.is_empty() { name.as_str() } else { file };
            let leads = ids.get(file).is_some_and(|ids| id.is_empty() || ids.contains(id));
            if !leads {
                broken.push(format!("{name}: {href}"));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert!(pages.len() > 90, "{}", pages.len());
}

#[test]
fn what_the_search_finds_is_there() {
    let files = files(&material()).unwrap();
    let index = &files.iter().find(|file| file.name == "index.html").unwrap().content;
    let entries = found(r#"(?s)type="application/json">(.*?)</script>"#, index);
    let entries: Vec<[String; 4]> = serde_json::from_str(entries.first().unwrap()).unwrap();
    assert!(entries.len() > 700, "{}", entries.len());
    for [_, name, href, _] in entries {
        let (file, id) = href.split_once('#').unwrap_or((&href, ""));
        let page = files.iter().find(|other| other.name == file);
        let page = page.unwrap_or_else(|| panic!("{name}: {href}"));
        assert!(id.is_empty() || page.content.contains(&format!(" id=\"{id}\"")), "{name}: {href}");
    }
}

#[test]
fn every_rule_has_a_place_of_its_own_with_all_that_is_known_of_it() {
    let material = material();
    let files = files(&material).unwrap();
    for rule in &material.spec.rules {
        let page = files.iter().find(|file| file.name == format!("{}.html", rule.area)).unwrap();
        assert_eq!(page.content.matches(&format!("id=\"{}\"", rule.id)).count(), 1, "{}", rule.id);
    }
    let page = &files.iter().find(|file| file.name == "http.html").unwrap().content;
    let article =
        page.split("id=\"LL-HTTP-070\"").nth(1).unwrap().split("</article>").next().unwrap();
    for expected in [
        "GET /version answers the version as text",
        "difference-version-path.html",
        "observed-http.html#version",
        "coverage.html#section-4.6",
        "id=\"LL-HTTP-070.",
    ] {
        assert!(article.contains(expected), "{expected}: {article}");
    }
}

#[test]
fn pages_load_nothing_and_texts_of_others_are_no_markup() {
    for File { name, content } in files(&material()).unwrap() {
        for foreign in
            ["<script>alert", "<b>two", "<i>broken", "<u>not here", " src=", "@import", "url(http"]
        {
            assert!(!content.contains(foreign), "{name}: {foreign}");
        }
        if name.ends_with(".html") {
            assert_eq!(content.matches("<h1").count(), 1, "{name}");
            assert!(content.len() < 1_000_000, "{name}: {}", content.len());
        }
    }
}

#[test]
fn ids_are_given_once() {
    let all = Regex::new(r#" id="([^"]*)""#).unwrap();
    for File { name, content } in files(&material()).unwrap() {
        let mut seen = BTreeSet::new();
        for id in all.captures_iter(&content).map(|found| found[1].to_owned()) {
            assert!(seen.insert(id.clone()), "{name}: {id}");
        }
    }
}

#[test]
fn servers_are_shown_with_what_differs() {
    let files = files(&material()).unwrap();
    let page = |name: &str| &files.iter().find(|file| file.name == name).unwrap().content;
    let matrix = page("servers.html");
    for expected in
        ["<td class=\"number\">1/2<span", "<td class=\"number\">0/2<span", "&lt;b&gt;two"]
    {
        assert!(matrix.contains(expected), "{expected}");
    }
    let both = page("servers-one-and-b-two-b.html");
    assert!(both.contains("2 of 2 rules that were run on both come out differently."), "{both}");
    assert!(both.contains(" others were not run"), "{both}");
    assert!(matrix.contains("Checked with suite "), "{matrix}");
    assert!(page("badge-one.svg").starts_with("<svg"));
}

#[test]
fn servers_that_are_hard_to_compare_come_with_a_warning() {
    let mut material = material();
    let own = material.source.digest();
    let servers = |runs: Vec<Run>| {
        let named = runs.into_iter().zip(["one", "two"]).map(|(mut run, name)| {
            run.target_name = name.to_owned();
            Server::of(&run, Path::new("nowhere.json"))
        });
        named.collect::<Vec<_>>()
    };
    let of_suite = |suite: &str| Run { suite: suite.into(), ..run(vec![passed("LL-HTTP-001.a")]) };
    let page = |material: &Material, name: &str| {
        files(material).unwrap().into_iter().find(|file| file.name == name).unwrap().content
    };
    material.servers = servers(vec![of_suite(&own), of_suite(&own)]);
    assert!(!page(&material, "servers.html").contains("doubts\""));
    material.servers = servers(vec![of_suite(&own), of_suite("another")]);
    for name in ["servers.html", "servers-one-and-two.html"] {
        let page = page(&material, name);
        assert!(page.contains("These results are of different suites"), "{page}");
    }
    let mut partial = of_suite(&own);
    partial.suite_scenarios = Some(1740);
    partial.asked.selection.areas = ["stats".to_owned()].into();
    material.servers = servers(vec![of_suite(&own), partial]);
    let page = page(&material, "servers-one-and-two.html");
    assert!(page.contains("Partial run: two (stats only, 1 of 1740 scenarios)."), "{page}");
}

#[test]
fn without_servers_and_kills_there_are_no_such_pages() {
    let material = Material { servers: Vec::new(), kills: None, ..material() };
    let files = files(&material).unwrap();
    assert!(!files.iter().any(|f| f.name.starts_with("servers") || f.name.starts_with("kill")));
    assert!(!files.iter().any(|f| f.content.contains("href=\"servers.html")));
}
