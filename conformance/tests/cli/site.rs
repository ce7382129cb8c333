//! The spec as pages, and what became of the document.

use crate::support::run;

#[test]
fn coverage_is_printed_as_a_page() {
    let output = run(&["coverage"]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.starts_with("# Coverage of the document\n"), "{}", output.text);
    assert!(output.text.contains("\n| box |"), "{}", output.text);
}

#[test]
fn pages_are_written_into_a_folder_that_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("pages").join("here");
    let output = run(&["site", site.to_str().unwrap()]);
    assert_eq!(output.code, 0, "{}", output.text);
    let index = std::fs::read_to_string(site.join("index.html")).unwrap();
    assert!(index.contains("href=\"player.html\""), "{index}");
    let player = std::fs::read_to_string(site.join("player.html")).unwrap();
    // Deviations come from the bundled server.
    assert!(player.contains("Tested by 1 deviation"), "{player}");
}

#[test]
fn what_cannot_be_shown_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (site, wrong) = (folder.path().join("site"), folder.path().join("wrong.json"));
    std::fs::write(&wrong, "{\"schemaVersion\": 1}").unwrap();
    let (site_name, wrong) = (site.to_str().unwrap(), wrong.to_str().unwrap());
    for (option, file, code) in [
        ("--results", wrong, 3),
        ("--results", "nowhere.json", 3),
        ("--kill-matrix", wrong, 2),
        ("--kill-matrix", "nowhere.json", 2),
    ] {
        let output = run(&["site", site_name, option, file]);
        assert_eq!(output.code, code, "{option} {file}: {}", output.text);
        assert!(output.text.contains(file), "{option} {file}: {}", output.text);
        assert!(!site.exists(), "{option} {file}");
    }
}
