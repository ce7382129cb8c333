//! The structure of a text: strict where kotlinx.serialization is.
//!
//! It is strict about what it decodes. What stands under a key that nobody knows is only passed
//! over: of that it needs the texts to end and the brackets to fit. Which keys are known shows
//! later, so what is no JSON and could be passed over stays in the tree as [`Json::Odd`].

use std::str::Chars;

use super::{Decoded, Json, Undecodable};
use crate::deviations::switch::{self, deviates};

/// How deep values may nest, beyond which they are only passed over.
const MAX_DEPTH: usize = 200;

/// Reads one value from a text.
pub(super) struct Reader<'a> {
    rest: Chars<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.chars() }
    }

    /// The value, if there is nothing after it.
    pub(super) fn whole(mut self) -> Decoded<Json> {
        let value = self.value(0)?.ok_or(Undecodable)?;
        self.space();
        if self.peek().is_some() || value == Json::Odd { Err(Undecodable) } else { Ok(value) }
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
            self.rest.next();
        }
    }

    /// Skips space and takes the next character if it is this one.
    fn take(&mut self, wanted: char) -> bool {
        self.space();
        let found = self.peek() == Some(wanted);
        if found {
            self.rest.next();
        }
        found
    }

    /// What begins here, if anything does.
    fn value(&mut self, depth: usize) -> Decoded<Option<Json>> {
        self.space();
        match self.peek() {
            Some('{' | '[') if depth > MAX_DEPTH => self.pass_over(Vec::new()),
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some('"') => self.quoted().map(Json::Text),
            _ => return Ok(self.word()),
        }
        .map(Some)
    }

    fn object(&mut self, depth: usize) -> Decoded<Json> {
        self.rest.next();
        let mut entries: Vec<(String, Json)> = Vec::new();
        if self.take('}') {
            return Ok(Json::Object(entries));
        }
        let mut is_loose = false;
        loop {
            self.space();
            if self.peek() != Some('"') {
                return self.pass_over(vec!['{']);
            }
            let key = self.quoted()?;
            if !self.take(':') {
                return self.pass_over(vec!['{']);
            }
            let Some(value) = self.value(depth + 1)? else { return self.pass_over(vec!['{']) };
            let keeps_first = deviates(switch::PLAYER_029_FIRST)
                || depth == 1 && deviates(switch::FILTERS_017_FIRST);
            if !(keeps_first && entries.iter().any(|(known, _)| *known == key)) {
                entries.push((key, value));
            }
            if self.take('}') {
                return Ok(if is_loose { Json::Loose(entries) } else { Json::Object(entries) });
            }
            if !self.take(',') {
                is_loose = true;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Decoded<Json> {
        self.rest.next();
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Json::List(items));
        }
        loop {
            let Some(item) = self.value(depth + 1)? else { return self.pass_over(vec!['[']) };
            items.push(item);
            if self.take(']') {
                return Ok(Json::List(items));
            }
            if !self.take(',') {
                return self.pass_over(vec!['[']);
            }
        }
    }

    /// Passes over everything up to the end of what is open, or of what opens here: texts have to
    /// end and brackets to fit, and nothing else counts.
    fn pass_over(&mut self, mut open: Vec<char>) -> Decoded<Json> {
        loop {
            match self.peek().ok_or(Undecodable)? {
                '"' => {
                    self.quoted()?;
                    continue;
                }
                bracket @ ('{' | '[') => open.push(bracket),
                '}' if open.pop() != Some('{') => return Err(Undecodable),
                ']' if open.pop() != Some('[') => return Err(Undecodable),
                _ => {}
            }
            self.rest.next();
            if open.is_empty() {
                return Ok(Json::Odd);
            }
        }
    }

    fn word(&mut self) -> Option<Json> {
        let mut word = String::new();
        while let Some(c) = self.peek() {
            if c.is_ascii_whitespace() || ",:{}[]\"".contains(c) {
                break;
            }
            word.push(c);
            self.rest.next();
        }
        (!word.is_empty()).then_some(Json::Word(word))
    }

    fn quoted(&mut self) -> Decoded<String> {
        self.rest.next();
        let mut text = String::new();
        loop {
            match self.rest.next().ok_or(Undecodable)? {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Decoded<char> {
        Ok(match self.rest.next().ok_or(Undecodable)? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.code_point()?,
            _ => return Err(Undecodable),
        })
    }

    /// After `\u`: one unit, or a surrogate pair. A lone surrogate becomes U+FFFD.
    fn code_point(&mut self) -> Decoded<char> {
        let first = self.unit()?;
        if (0xD800..0xDC00).contains(&first) && self.rest.as_str().starts_with("\\u") {
            let before = self.rest.clone();
            self.rest.next();
            self.rest.next();
            let second = self.unit()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or('\u{FFFD}'));
            }
            self.rest = before;
        }
        Ok(char::from_u32(first).unwrap_or('\u{FFFD}'))
    }

    fn unit(&mut self) -> Decoded<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.rest.next().and_then(|c| c.to_digit(16)).ok_or(Undecodable)?;
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }
}
