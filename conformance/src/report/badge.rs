//! A run as a badge: what <https://shields.io/badges/endpoint-badge> asks for, or a picture.

use std::io;
use std::path::Path;

use maud::html;
use serde_json::json;

use super::{Partial, Run, Share};
use crate::verdict::Verdict;

/// What every badge says at its left.
const LABEL: &str = "Lavalink v4";

/// Writes verdict and share of what could be judged.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, run: &Run, verdict: Verdict) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(&badge(run, verdict))?;
    text.push('\n');
    super::replace_file(path, text.as_bytes())
}

/// The same as a picture that needs nothing else.
pub(crate) fn svg(run: &Run, verdict: Verdict) -> String {
    let (message, colour) = said(run, verdict);
    // White text on each of these has a contrast of 4.5 to 1 or more.
    let fill = match colour {
        "brightgreen" => "#1b7a36",
        "yellowgreen" => "#5b7215",
        "red" => "#b3261e",
        "orange" => "#9c5400",
        _ => "#5f656d",
    };
    let (left, right) = (width(LABEL), width(&message));
    let whole = left + right;
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(whole) height="20" role="img"
            aria-label=(format!("{LABEL}: {message}")) {
            title { (LABEL) ": " (message) }
            rect width=(whole) height="20" rx="3" fill="#3a3f47" {}
            path fill=(fill) d=(format!("M{left} 0h{}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-{}z", right - 3, right - 3)) {}
            g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" {
                text x=(left / 2) y="14" textLength=(left - 12) { (LABEL) }
                text x=(left + right / 2) y="14" textLength=(right - 12) { (message) }
            }
        }
    }
    .into_string()
}

/// How wide a text is with its margins, in pixels; the renderer fits it.
fn width(text: &str) -> usize {
    text.chars().count() * 13 / 2 + 12
}

fn badge(run: &Run, verdict: Verdict) -> serde_json::Value {
    let (message, colour) = said(run, verdict);
    json!({"schemaVersion": 1, "label": LABEL, "message": message, "color": colour})
}

fn said(run: &Run, verdict: Verdict) -> (String, &'static str) {
    let partial = Partial::of(run);
    let (word, colour) = match verdict {
        Verdict::Conformant if partial.is_some() => ("conformant in part", "yellowgreen"),
        Verdict::Conformant if run.scenarios.iter().any(|s| s.known.is_some()) => {
            ("known failures", "yellowgreen")
        }
        Verdict::Conformant => ("conformant", "brightgreen"),
        Verdict::NotConformant => ("not conformant", "red"),
        Verdict::StaleBaseline => ("stale baseline", "orange"),
        Verdict::Usage | Verdict::NotEstablished => ("not established", "lightgrey"),
    };
    let extent = partial.map(|partial| match partial.of {
        Some(of) => format!(" ({} of {of})", partial.scenarios),
        None => format!(" ({})", partial.extent()),
    });
    let extent = extent.unwrap_or_default();
    (format!("{word}{extent}, {} % judged", Share::of(run).percent()), colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_says_verdict_and_share() {
        let badge = badge(&Run::default(), Verdict::NotConformant);
        assert_eq!(badge["message"], "not conformant, 0 % judged");
        assert_eq!(badge["color"], "red");
        assert_eq!(badge["schemaVersion"], 1);
    }

    #[test]
    fn a_badge_of_a_part_says_so() {
        let mut run = Run { suite_scenarios: Some(1740), ..Run::default() };
        run.asked.selection.areas = ["stats".to_owned()].into();
        let badge = badge(&run, Verdict::Conformant);
        assert_eq!(badge["message"], "conformant in part (0 of 1740), 0 % judged");
        assert_eq!(badge["color"], "yellowgreen");
    }

    #[test]
    fn a_picture_says_the_same() {
        let picture = svg(&Run::default(), Verdict::NotConformant);
        assert!(picture.starts_with("<svg xmlns"), "{picture}");
        assert!(picture.contains("aria-label=\"Lavalink v4: not conformant, 0 % judged\""));
    }
}
