//! Configurations that scenarios ask for: `application.yml` files of `fixtures/profiles`.

use crate::assets::PROFILES;
use crate::upstream::Blocks;

/// The profile of scenarios that name none.
pub const PLAIN: &str = "plain";

/// The text of a profile, with `{port}` and `{password}` to be filled in.
pub fn text(name: &str) -> Option<&'static str> {
    PROFILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The blocks of addresses that the route planner of a profile has, if it has one.
pub(crate) fn ip_blocks(name: &str) -> Option<Blocks> {
    let list = text(name)?.lines().find_map(|line| line.trim().strip_prefix("ipBlocks:"))?;
    Blocks::parse(&list.replace(['[', ']', '"'], ""))
}

/// Names of all profiles.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|(name, _)| *name)
}

/// A profile whose Opus takes the least trouble: what rules hear is the same, and Opus is most of
/// what a scenario costs that listens.
pub(super) fn with_cheap_opus(text: &str) -> String {
    text.replace("opusEncodingQuality: 10", "opusEncodingQuality: 0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opus_can_be_made_cheap_in_every_profile() {
        for (name, text) in PROFILES {
            assert!(with_cheap_opus(text).contains("opusEncodingQuality: 0"), "{name}");
        }
    }
}
