//! Scalars, by their tags and by how they are written.

use granit_parser::{ScalarStyle, Span, Tag};

use super::{SyntaxError, error_in};
use crate::config::scalar::Value;

pub(super) fn scalar(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    span: &Span,
) -> Result<Value, SyntaxError> {
    match tag {
        None if style == ScalarStyle::Plain && text == "<<" => {
            Err(error_in(span, "<<, which is a key and no value,"))
        }
        None if style == ScalarStyle::Plain => Ok(Value::of_plain(text)),
        None => Ok(Value::Text(text.to_owned())),
        // "!" alone: whatever it is, it is a text.
        Some(tag) if format!("{}{}", tag.handle(), tag.suffix()) == "!" => {
            Ok(Value::Text(text.to_owned()))
        }
        Some(tag) => {
            check_tag(Some(tag), &["str", "null", "int", "float", "bool"], span)?;
            let kind = core_suffix(tag).unwrap_or_default();
            Value::of_tagged(&kind, text)
                .ok_or_else(|| error_in(span, format!("not a value for !!{kind}")))
        }
    }
}

pub(super) fn core_suffix(tag: &Tag) -> Option<String> {
    let whole = format!("{}{}", tag.handle(), tag.suffix());
    whole.strip_prefix("tag:yaml.org,2002:").map(str::to_owned)
}

pub(super) fn check_tag(tag: Option<&Tag>, known: &[&str], span: &Span) -> Result<(), SyntaxError> {
    match tag {
        None => Ok(()),
        Some(tag) if core_suffix(tag).is_some_and(|suffix| known.contains(&&*suffix)) => Ok(()),
        // The tag is not shown: it may be a password that begins with an exclamation mark.
        Some(_) => Err(error_in(span, "a tag that nobody knows (quote a text that begins with !)")),
    }
}
