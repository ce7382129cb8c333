//! A run as a badge: what <https://shields.io/badges/endpoint-badge> asks for.

use std::io;
use std::path::Path;

use serde_json::json;

use super::{Run, Share};
use crate::verdict::Verdict;

/// Writes verdict and share of what could be judged.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, run: &Run, verdict: Verdict) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(&badge(run, verdict))?;
    text.push('\n');
    super::replace_file(path, text.as_bytes())
}

fn badge(run: &Run, verdict: Verdict) -> serde_json::Value {
    let (word, colour) = match verdict {
        Verdict::Conformant if run.scenarios.iter().any(|s| s.known.is_some()) => {
            ("known failures", "yellowgreen")
        }
        Verdict::Conformant => ("conformant", "brightgreen"),
        Verdict::NotConformant => ("not conformant", "red"),
        Verdict::StaleBaseline => ("stale baseline", "orange"),
        Verdict::Usage | Verdict::NotEstablished => ("not established", "lightgrey"),
    };
    let message = format!("{word}, {} % judged", Share::of(run).percent());
    json!({"schemaVersion": 1, "label": "Lavalink v4", "message": message, "color": colour})
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
}
