//! Pages that people look at: what all of them share. A page is one file that asks for nothing else:
//! style and script stand in it, and a policy holds the browser to that.

mod filter;
mod parts;

use maud::{DOCTYPE, Markup, PreEscaped, html};

pub(crate) use filter::{Choice, Filter};
pub(crate) use parts::{
    anchor, anchor_link, command, href, id_link, level, status, status_class, table, text, tone,
};

/// How every page looks.
const STYLE: &str = include_str!("page.css");

/// What has to happen before a page is painted.
const HEAD_SCRIPT: &str = include_str!("head.js");

/// What pages do: theme, filter, links to what is folded, copying. Pages can be read without it.
const SCRIPT: &str = include_str!("page.js");

/// Nothing is loaded, nothing is sent.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      img-src data:; base-uri 'none'; form-action 'none'";

/// A whole page.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    /// Of the window; what the page is about comes first.
    pub(crate) title: &'a str,
    /// In one sentence, for search engines and previews.
    pub(crate) description: &'a str,
    /// What stands at the left of the head, and the page that it leads to.
    pub(crate) brand: Link<'a>,
    /// Beside it.
    pub(crate) nav: Vec<Link<'a>>,
    /// The content, which begins with its only `h1`.
    pub(crate) main: Markup,
    /// Below it.
    pub(crate) foot: Markup,
    /// Style of this page only.
    pub(crate) style: &'a str,
    /// A script of this page only, which runs after the shared one. Not for texts of others.
    pub(crate) script: &'a str,
}

/// A link in the head of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<'a> {
    /// What it says.
    pub(crate) text: &'a str,
    /// Where it leads.
    pub(crate) href: &'a str,
    /// Whether that is this page.
    pub(crate) is_here: bool,
}

impl Page<'_> {
    /// The file.
    pub(crate) fn render(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="description" content=(self.description);
                    title { (text(self.title)) }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(STYLE)) (PreEscaped(self.style)) }
                    script { (PreEscaped(HEAD_SCRIPT)) }
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    (self.head())
                    main #main tabindex="-1" { (self.main) }
                    footer.foot { (self.foot) }
                    script { (PreEscaped(SCRIPT)) (PreEscaped(self.script)) }
                }
            }
        };
        let mut page = page.into_string();
        page.push('\n');
        page
    }

    fn head(&self) -> Markup {
        html! {
            header.top {
                div.bar {
                    a.brand href=(self.brand.href) aria-current=[self.brand.current()] {
                        (text(self.brand.text))
                    }
                    nav aria-label="Pages" {
                        ul {
                            @for link in &self.nav {
                                li {
                                    a href=(link.href) aria-current=[link.current()] {
                                        (text(link.text))
                                    }
                                }
                            }
                        }
                    }
                    button.needs-script type="button" data-toggle-theme { "Theme" }
                }
            }
        }
    }
}

impl<'a> Link<'a> {
    /// To another page, or to a part of this one.
    pub(crate) fn to(text: &'a str, href: &'a str) -> Self {
        Self { text, href, is_here: false }
    }

    fn current(&self) -> Option<&'static str> {
        self.is_here.then_some("page")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_one_file_and_texts_are_no_markup() {
        let page = Page {
            title: "<b>\u{1b}[31m\"&",
            description: "\"><script>",
            brand: Link::to("<brand>", "#main"),
            nav: vec![Link { text: "here", href: "#main", is_here: true }],
            main: html! { h1 { "Title" } },
            foot: html! {},
            style: "",
            script: "",
        };
        let page = page.render();
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{page}");
        assert!(page.contains("<title>&lt;b&gt;\\u{1b}[31m&quot;&amp;</title>"), "{page}");
        assert!(page.contains("content=\"&quot;&gt;&lt;script&gt;\""), "{page}");
        assert!(page.contains("href=\"#main\" aria-current=\"page\">here</a>"), "{page}");
        assert_eq!(page.matches("<script>").count(), 2);
        assert_eq!(page.matches("</script>").count(), 2);
        for foreign in ["http://", "https://", "src=", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}
