//! Headings of Markdown, and the anchors that GitHub gives them.

use std::collections::BTreeMap;

/// The anchor of every heading, in order: lower case, hyphens for blanks, letters and digits. A
/// heading that stands twice gets a number the second time.
pub(crate) fn anchors(markdown: &str) -> Vec<String> {
    let mut fenced = false;
    let mut seen = BTreeMap::new();
    let mut anchors = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        let text = line.trim_start_matches('#');
        let hashes = line.len() - text.len();
        if fenced || !(1..=6).contains(&hashes) || !text.starts_with(' ') {
            continue;
        }
        let anchor = anchor(text.trim());
        let times = seen.entry(anchor.clone()).or_insert(0_usize);
        anchors.push(if *times == 0 { anchor } else { format!("{anchor}-{times}") });
        *times += 1;
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}
