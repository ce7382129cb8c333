//! Texts of others, made fit to be shown: what a terminal would obey and what XML must not hold is
//! written as an escape.

use std::borrow::Cow;

/// The text with its control characters as `\u{1b}`, but for line feeds and tabs; and with those
/// that order text or are no characters (U+202E, U+FFFE), as they mislead or break what reads them.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(must_be_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if must_be_escaped(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn must_be_escaped(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Directions of text, which would show it in another order than it has.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        // No characters, in each of the planes.
        _ if u32::from(c) & 0xfffe == 0xfffe => true,
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_text_is_escaped() {
        for (text, shown) in [
            ("plain, é😀\n\tmore", "plain, é😀\n\tmore"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\0b\rc\u{7f}\u{9b}", "a\\u{0}b\\u{d}c\\u{7f}\\u{9b}"),
            ("\u{fffe}\u{ffff}\u{1fffe}", "\\u{fffe}\\u{ffff}\\u{1fffe}"),
            ("\u{202e}evil", "\\u{202e}evil"),
            ("\u{fffd}", "\u{fffd}"),
        ] {
            assert_eq!(printable(text), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_printable_is_changed_and_nothing_else_is_left(text in any::<String>()) {
            let shown = printable(&text);
            prop_assert!(!shown.chars().any(must_be_escaped));
            prop_assert_eq!(printable(&shown), shown.as_ref());
        }
    }
}
