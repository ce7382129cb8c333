//! The states of a player, the life of a session, and the way of sound through the filters.

mod filters;
mod player;
mod session;

use super::diagram::Diagram;
use super::{File, Site};

/// All of them.
pub(super) const ALL: &[Diagram] = &[player::PLAYER, session::SESSION, filters::FILTERS];

impl Site<'_> {
    pub(super) fn diagrams(&self) -> Vec<File> {
        ALL.iter().map(|diagram| self.diagram_page(diagram)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::diagram::Arrow;
    use super::*;
    use crate::spec::Source;

    #[test]
    fn every_arrow_joins_states_and_is_held_by_rules_that_there_are() {
        let spec = Source::embedded().read().unwrap();
        let known = |id: &str| spec.rules.iter().any(|rule| rule.id == id);
        for diagram in ALL {
            let node = |name: &str| diagram.nodes.iter().any(|node| node.name == name);
            for arrow in diagram.arrows {
                assert!(node(arrow.from) && node(arrow.to), "{arrow:?}");
                assert!(!arrow.labels.is_empty(), "{arrow:?}");
                assert!(arrow.labels.iter().all(|(_, rule)| known(rule)), "{arrow:?}");
            }
            for rule in diagram.nodes.iter().flat_map(|node| node.rules) {
                assert!(known(rule), "{rule}");
            }
        }
    }

    #[test]
    fn everything_is_within_its_picture() {
        for diagram in ALL {
            let (width, height) = diagram.size;
            let inside = |(x, y): (i32, i32)| (0..=width).contains(&x) && (0..=height).contains(&y);
            let is_loop = |arrow: &Arrow| arrow.from == arrow.to;
            for arrow in diagram.arrows {
                assert!(inside(arrow.label), "{arrow:?}");
                assert!(inside(arrow.way[0]) && inside(arrow.way[2]), "{arrow:?}");
                assert!(is_loop(arrow) || inside(arrow.way[1]), "{arrow:?}");
            }
            assert!(diagram.nodes.iter().all(|node| inside(node.at)), "{}", diagram.title);
        }
    }
}
