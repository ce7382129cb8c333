//! The filter of a long list: words, and facets of which values are chosen.
//!
//! The list is an element whose id the filter has. In it each `data-item` is shown or hidden by its
//! text and by its `data-FACET`, which holds one value or several with spaces between them; a
//! `data-group` without an item left is hidden, and an element with `data-none` is shown if none is
//! left at all. What is chosen stands in the hash of the page's address, so that links can choose:
//! `#area=player&status=failed&q=volume`.

use maud::{Markup, html};

use crate::printable::printable;

/// The filter of one list.
#[derive(Debug)]
pub(crate) struct Filter<'a> {
    list: &'a str,
    hint: &'a str,
    unit: &'a str,
    facets: Vec<Facet<'a>>,
}

#[derive(Debug)]
struct Facet<'a> {
    name: &'a str,
    label: &'a str,
    choices: Vec<Choice>,
    is_menu: bool,
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// As it stands in `data-FACET` and in addresses; no spaces.
    pub(crate) value: String,
    /// As people read it.
    pub(crate) label: String,
    /// How many items have it.
    pub(crate) count: usize,
}

impl<'a> Filter<'a> {
    /// Of the list with this id; the hint stands in the field for words.
    pub(crate) fn of(list: &'a str, hint: &'a str) -> Self {
        Self { list, hint, unit: "", facets: Vec::new() }
    }

    /// With a facet of few values, any of which can be chosen together.
    #[must_use]
    pub(crate) fn chips(mut self, name: &'a str, label: &'a str, choices: Vec<Choice>) -> Self {
        self.facets.push(Facet { name, label, choices, is_menu: false });
        self
    }

    /// With a facet of many values, one of which can be chosen.
    #[must_use]
    pub(crate) fn menu(mut self, name: &'a str, label: &'a str, choices: Vec<Choice>) -> Self {
        self.facets.push(Facet { name, label, choices, is_menu: true });
        self
    }

    /// With what its numbers count, in the plural.
    #[must_use]
    pub(crate) fn counting(self, unit: &'a str) -> Self {
        Self { unit, ..self }
    }

    /// The form. Without a script it is not shown.
    pub(crate) fn render(&self) -> Markup {
        html! {
            form.filter data-filter=(self.list) data-unit=(self.unit) role="search" aria-label="Filter" {
                div {
                    input type="search" name="q" placeholder=(self.hint) aria-label=(self.hint)
                        autocomplete="off" spellcheck="false";
                    @for facet in self.facets.iter().filter(|facet| facet.is_menu) {
                        (facet.menu())
                    }
                    button type="reset" hidden { "Show all" }
                    output aria-live="polite" {}
                }
                div {
                    @for facet in self.facets.iter().filter(|facet| !facet.is_menu) {
                        (facet.chips())
                    }
                }
            }
        }
    }
}

impl Facet<'_> {
    fn menu(&self) -> Markup {
        html! {
            select name=(self.name) aria-label=(self.label) {
                option value="" { (self.label) }
                @for choice in &self.choices {
                    option value=(choice.value) { (printable(&choice.label)) " (" (choice.count) ")" }
                }
            }
        }
    }

    fn chips(&self) -> Markup {
        html! {
            fieldset {
                legend { (self.label) }
                @for choice in &self.choices {
                    label.chip {
                        input type="checkbox" name=(self.name) value=(choice.value);
                        span { (printable(&choice.label)) " " b { (choice.count) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_offered() {
        let choice = |value: &str| Choice { value: value.into(), label: value.into(), count: 3 };
        let form = Filter::of("rules", "words")
            .menu("area", "Any area", vec![choice("player")])
            .chips("status", "Status", vec![choice("failed"), choice("not-run")])
            .counting("items")
            .render()
            .into_string();
        assert!(form.contains("<option value=\"player\">player (3)</option>"), "{form}");
        assert_eq!(form.matches("type=\"checkbox\" name=\"status\"").count(), 2);
        assert!(form.contains("data-filter=\"rules\" data-unit=\"items\""), "{form}");
    }
}
