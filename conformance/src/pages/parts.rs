//! Small pieces of pages.

use std::fmt::Write;

use maud::{Markup, html};

use crate::printable::printable;
use crate::spec::Level;
use crate::verdict::{Status, Verdict};

/// A text of whoever: shown as it is, its control characters as `\u{1b}`, never markup.
pub(crate) fn text(text: &str) -> Markup {
    html! { (printable(text)) }
}

/// How a scenario or a rule ended, as a badge with its name.
pub(crate) fn status(status: Status) -> Markup {
    html! { span.status.(status_class(status)) { (status.name()) } }
}

/// How binding a rule is, as a badge with its name.
pub(crate) fn level(level: Level) -> Markup {
    html! { span.level.(level.name()) { (level.name()) } }
}

/// The class that colours what has to do with a verdict: `good`, `bad`, `held` or `lost`.
pub(crate) fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conformant => "good",
        Verdict::NotConformant => "bad",
        Verdict::StaleBaseline | Verdict::Usage => "held",
        Verdict::NotEstablished => "lost",
    }
}

/// The class of a status, which is also its value in filters: its name without spaces.
pub(crate) fn status_class(status: Status) -> String {
    status.name().replace(' ', "-")
}

/// The id that the element of a rule or scenario has in a page: `LL-HTTP-001.a[wrong]` is
/// `LL-HTTP-001.a/wrong`. No two names have the same.
pub(crate) fn anchor(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '[' => id.push('/'),
            ']' => {}
            c if c.is_ascii_alphanumeric() || "-._".contains(c) => id.push(c),
            // Writing to a String cannot fail.
            c => _ = write!(id, "~{:x}", u32::from(c)),
        }
    }
    id
}

/// A link to the element of a rule or scenario in the same page.
pub(crate) fn href(name: &str) -> String {
    format!("#{}", anchor(name))
}

/// The sign beside a heading that is a link to it; the heading or what it is in has the id.
pub(crate) fn anchor_link(name: &str) -> Markup {
    html! { a.anchor href=(href(name)) aria-label=(format!("Link to {}", printable(name))) { "#" } }
}

/// The id of a rule or scenario inside the element that has it as its id; the script makes it a link
/// to there.
pub(crate) fn id_link(name: &str) -> Markup {
    html! { a.id { (text(name)) } }
}

/// A line for a shell; the script gives it a button that copies it.
pub(crate) fn command(line: &str) -> Markup {
    html! {
        div.command { code { (text(line)) } }
    }
}

/// A table that scrolls in its own box if it is wider than the page. `label` is for those who cannot
/// see it; `rows` are whole `thead`, `tbody` and `tfoot`.
pub(crate) fn table(label: &str, rows: &Markup) -> Markup {
    html! {
        div.table role="region" aria-label=(printable(label)) tabindex="0" {
            table { (rows) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_neither_markup_nor_orders() {
        let shown = text("a<b>&\"\u{1b}\0\u{202e}é\n").into_string();
        assert_eq!(shown, "a&lt;b&gt;&amp;&quot;\\u{1b}\\u{0}\\u{202e}é\n");
        assert!(command("'</code><script>'").into_string().contains("&lt;/code&gt;&lt;script&gt;"));
    }

    #[test]
    fn names_have_different_ids() {
        assert_eq!(anchor("LL-HTTP-001"), "LL-HTTP-001");
        assert_eq!(anchor("LL-HTTP-001.a[wrong-one]"), "LL-HTTP-001.a/wrong-one");
        assert_eq!(anchor("a b\"<"), "a~20b~22~3c");
        assert_ne!(anchor("a[b]"), anchor("a/b"));
    }

    #[test]
    fn badges_say_what_they_mean() {
        assert_eq!(
            status(Status::NotApplicable).into_string(),
            "<span class=\"status not-applicable\">not applicable</span>"
        );
        assert_eq!(level(Level::Must).into_string(), "<span class=\"level must\">must</span>");
    }
}
