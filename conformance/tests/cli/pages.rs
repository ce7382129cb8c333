//! A run as a page.

use crate::support::{Features, Target, read, run, scenario};

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
