//! A run as a page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Features, Target, read, run, scenario, validate_report};

fn features() -> Features {
    let asks = |path: &str| format!("When the client requests \"GET {path}\"");
    let steps = [asks("/v4/one"), asks("/v4/two")];
    let then = "Then the answer is 200";
    let scenarios = scenario("a", &[&steps[0], then]) + &scenario("b", &[&steps[1], then]);
    Features::of("must", &scenarios)
}

#[test]
fn a_run_and_its_json_report_make_the_same_page() {
    let features = features();
    let target = Target::start(|_, request| {
        let wrong = request.starts_with("GET /v4/one ");
        Some((if wrong { 500 } else { 200 }, "<script>alert(1)</script>".into()))
    });
    let [json, page, again] =
        ["run.json", "run.html", "again.html"].map(|name| features.file(name));
    let [json, page, again] = [&json, &page, &again].map(|path| path.to_str().unwrap());
    let ran = features.run(&["--url", &target.url(), "--json", json, "--html", page]);
    assert_eq!(ran.code, 1, "{}", ran.text);
    let text = read(page.as_ref());
    for part in [
        "<strong>Not conformant</strong>",
        "id=\"LL-HTTP-001.a\"",
        "id=\"LL-HTTP-001.b\"",
        "<b>status</b> expected 200",
        "/v4/one",
        "&lt;script&gt;alert(1)",
        "<details class=\"wire\">",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("<script>alert"));
    assert!(!text.contains("youshallnotpass"));
    let told = run(&["report", json, "--html", again]);
    assert_eq!(told.code, 1, "{}", told.text);
    assert_eq!(read(again.as_ref()), text);
}

#[test]
fn a_report_that_cannot_be_told_of_leaves_the_old_page() {
    let features = features();
    let [json, page] = ["run.json", "run.html"].map(|name| features.file(name));
    let [json, page] = [&json, &page].map(|path| path.to_str().unwrap());
    std::fs::write(json, "{\"schemaVersion\": 3,").unwrap();
    std::fs::write(page, "the old one").unwrap();
    let told = run(&["report", json, "--html", page]);
    assert_eq!(told.code, 3, "{}", told.text);
    assert!(told.text.contains("was cut off"), "{}", told.text);
    assert_eq!(read(page.as_ref()), "the old one");
    let told = run(&["report", json, "--html", json]);
    assert_eq!(told.code, 2, "{}", told.text);
    assert!(told.text.contains("would be replaced"), "{}", told.text);
}

#[test]
fn a_run_of_a_part_says_so_wherever_its_verdict_stands() {
    let features = features();
    let target = Target::start(|_, _| Some((200, "{}".into())));
    let names = ["run.json", "run.xml", "run.html", "badge.json"];
    let files = names.map(|name| features.file(name));
    let [json, junit, html, badge] = files.each_ref().map(|path| path.to_str().unwrap());
    let url = target.url();
    let options = ["--json", json, "--junit", junit, "--html", html, "--badge", badge];
    let ran = features.run(&[&["--url", &url, "--id", "LL-HTTP-001.a"][..], &options].concat());
    assert_eq!(ran.code, 0, "{}", ran.text);
    let partial = "LL-HTTP-001.a only, 1 of 2 scenarios";
    let line = format!("conformant in the part that was run ({partial}); 100 % of what was asked");
    assert!(ran.text.contains(&line), "{}", ran.text);
    let report = validate_report(&read(json.as_ref()));
    assert_eq!(report["suiteScenarios"], 2);
    assert_eq!(report["partial"]["why"], "LL-HTTP-001.a only");
    assert!(report["began"].as_str().unwrap().ends_with('Z'), "{}", report["began"]);
    let page = read(html.as_ref());
    let top = page.split("<h2").next().unwrap();
    assert!(top.contains(&format!("Partial run: {partial}")), "{top}");
    let again = format!("--url {url} --id LL-HTTP-001.a</code>");
    assert!(page.contains(&again), "{again}\n{page}");
    assert!(read(junit.as_ref()).contains(partial));
    assert!(read(badge.as_ref()).contains("conformant in part (1 of 2), 100 % judged"));
    let whole = features.run(&[&["--url", &url][..], &options].concat());
    assert!(whole.text.contains("\nconformant; 100 %"), "{}", whole.text);
    assert!(validate_report(&read(json.as_ref()))["partial"].is_null());
    assert!(!read(html.as_ref()).contains("Partial run"));
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_runs() {
    let features = features();
    let asked = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&asked);
    let target = Target::start(move |_, _| {
        seen.fetch_add(1, Ordering::SeqCst);
        Some((200, "{}".into()))
    });
    let (file, missing) = (features.file("run.json"), features.file("none/run.html"));
    let [file, missing] = [&file, &missing].map(|path| path.to_str().unwrap());
    for (options, told) in [
        (&["--html", missing][..], missing),
        (&["--junit", features.path()], "it is a folder"),
        (&["--json", file, "--html", file], "are both written to"),
    ] {
        let ran = features.run(&[&["--url", &target.url()][..], options].concat());
        assert_eq!(ran.code, 2, "{}", ran.text);
        assert!(ran.text.contains(told), "{told}: {}", ran.text);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[test]
fn what_is_wrong_with_a_report_is_told_once() {
    let told = run(&["report", "nowhere.json"]);
    assert_eq!(told.code, 3, "{}", told.text);
    assert_eq!(told.text.matches("os error").count(), 1, "{}", told.text);
}
