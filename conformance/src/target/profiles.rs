//! Configurations that scenarios ask for: `application.yml` files of `fixtures/profiles`.

use crate::assets::PROFILES;

/// The profile of scenarios that name none.
pub const PLAIN: &str = "plain";

/// The text of a profile, with `{port}` and `{password}` to be filled in.
pub fn text(name: &str) -> Option<&'static str> {
    PROFILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Names of all profiles.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|(name, _)| *name)
}
