//! Pages of Markdown as markup: links lead within the site, headings can be linked to, and rules that
//! are named are links.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::links::{Links, doc_href};
use crate::spec::headings;

/// One part of a page: what stands below a heading, up to the next one.
#[derive(Debug)]
pub(super) struct Part {
    /// The id of its heading; empty above the first one.
    pub(super) anchor: String,
    /// The whole of it, heading first.
    pub(super) markup: Markup,
}

/// The parts of a page. `path` is that of the file from the root of the repository, for its links.
pub(super) fn parts(text: &str, path: &str, links: &Links) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut anchors = headings::anchors(text).into_iter();
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut anchor = String::new();
    let mut inside = Inside::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                finish(&mut parts, &mut anchor, &mut events);
                anchor = anchors.next().unwrap_or_default();
                let id = Some(CowStr::from(anchor.clone()));
                events.push(Event::Start(Tag::Heading {
                    level,
                    id,
                    classes: Vec::new(),
                    attrs: Vec::new(),
                }));
            }
            Event::End(TagEnd::Heading(level)) => {
                if level != HeadingLevel::H1 {
                    let link = format!(
                        " <a class=\"anchor\" href=\"#{anchor}\" aria-label=\"Link to this section\">#</a>"
                    );
                    events.push(Event::InlineHtml(link.into()));
                }
                events.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                events.extend(inside.link(&dest_url, path));
            }
            Event::End(TagEnd::Link) => events.extend(inside.end_of_link()),
            Event::Start(Tag::CodeBlock(kind)) => {
                inside.code = true;
                events.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Event::End(TagEnd::CodeBlock) => {
                inside.code = false;
                events.push(Event::End(TagEnd::CodeBlock));
            }
            Event::Start(Tag::Table(alignment)) => {
                let begin =
                    "<div class=\"table\" role=\"region\" aria-label=\"Table\" tabindex=\"0\">";
                events.push(Event::Html(begin.into()));
                events.push(Event::Start(Tag::Table(alignment)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::Html("</div>\n".into()));
            }
            Event::Text(text) if !inside.link && !inside.code => {
                events.push(Event::InlineHtml(links.prose(&text).into_string().into()));
            }
            // Markup of a page's own is shown, not obeyed; an image would have to be loaded.
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            other => events.push(other),
        }
    }
    finish(&mut parts, &mut anchor, &mut events);
    parts
}

fn finish(parts: &mut Vec<Part>, anchor: &mut String, events: &mut Vec<Event<'_>>) {
    if events.is_empty() {
        return;
    }
    let mut markup = String::new();
    html::push_html(&mut markup, events.drain(..));
    parts.push(Part { anchor: std::mem::take(anchor), markup: PreEscaped(markup) });
}

/// What an event stands in.
#[derive(Debug, Default)]
struct Inside {
    link: bool,
    /// Whether the link leads somewhere.
    leads: bool,
    code: bool,
}

impl Inside {
    fn link(&mut self, target: &str, path: &str) -> Option<Event<'static>> {
        self.link = true;
        let href = target_of(target, path);
        self.leads = href.is_some();
        let escaped = maud::html! { (href?) }.into_string();
        Some(Event::InlineHtml(format!("<a href=\"{escaped}\">").into()))
    }

    fn end_of_link(&mut self) -> Option<Event<'static>> {
        self.link = false;
        std::mem::take(&mut self.leads).then(|| Event::InlineHtml("</a>".into()))
    }
}

/// Where a link leads in the site; nowhere if that is no part of it.
fn target_of(target: &str, path: &str) -> Option<String> {
    if target.starts_with("https://") || target.starts_with('#') {
        return Some(target.to_owned());
    }
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    let (file, place) = target.split_once('#').unwrap_or((target, ""));
    for part in file.split('/') {
        match part {
            ".." => _ = folders.pop(),
            "." | "" => {}
            part => folders.push(part),
        }
    }
    let file = folders.join("/");
    if file == "features" || file == "features/README.md" {
        return Some("index.html".to_owned());
    }
    let sign = if place.is_empty() { "" } else { "#" };
    doc_href(&format!("{file}{sign}{place}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Source;

    fn shown(text: &str) -> String {
        let links = Links::of(&Source::embedded().read().unwrap());
        let parts = parts(text, "docs/observed/http.md", &links);
        parts.into_iter().map(|part| part.markup.into_string()).collect()
    }

    #[test]
    fn links_lead_within_the_site_or_nowhere() {
        assert!(
            shown("[x](players.md#noreplace)").contains("href=\"observed-players.html#noreplace\"")
        );
        assert!(shown("[x](../levels.md)").contains("href=\"doc-levels.html\""));
        assert!(shown("[x](../../features)").contains("href=\"index.html\""));
        assert_eq!(shown("[x](../../fixtures/recordings)"), "<p>x</p>\n");
        assert_eq!(shown("[x](javascript:alert)"), "<p>x</p>\n");
    }

    #[test]
    fn headings_have_the_anchors_that_rules_cite() {
        let shown = shown("# A\n## Where? Here\ntext\n");
        assert!(shown.contains("<h2 id=\"where-here\">Where? Here <a class=\"anchor\""), "{shown}");
    }

    #[test]
    fn rules_are_links_and_markup_is_text() {
        let shown = shown("See LL-PLAYER-005, `LL-PLAYER-005`.\n\n<script>x</script>\n");
        assert!(
            shown.contains("<a href=\"player.html#LL-PLAYER-005\">LL-PLAYER-005</a>,"),
            "{shown}"
        );
        assert!(shown.contains("&lt;script&gt;"), "{shown}");
    }

    #[test]
    fn tables_scroll_in_their_own_box() {
        assert!(shown("| a |\n|---|\n| b |\n").contains("<div class=\"table\" role=\"region\""));
    }
}
