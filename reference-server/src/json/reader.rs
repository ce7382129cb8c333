//! The structure of a text: strict where kotlinx.serialization is.

use std::collections::HashMap;
use std::str::Chars;

use super::{Decoded, Json, Undecodable};
use crate::deviations::switch::{self, deviates};

/// How deep values may nest.
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
        let value = self.value(0)?;
        self.space();
        if self.peek().is_some() { Err(Undecodable) } else { Ok(value) }
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

    fn value(&mut self, depth: usize) -> Decoded<Json> {
        if depth > MAX_DEPTH {
            return Err(Undecodable);
        }
        self.space();
        match self.peek().ok_or(Undecodable)? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' => self.quoted().map(Json::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Decoded<Json> {
        self.rest.next();
        let mut entries: Vec<(String, Json)> = Vec::new();
        // Where each key is: a body has room for hundreds of thousands of them.
        let mut places: HashMap<String, usize> = HashMap::new();
        if self.take('}') {
            return Ok(Json::Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some('"') {
                return Err(Undecodable);
            }
            let key = self.quoted()?;
            if !self.take(':') {
                return Err(Undecodable);
            }
            let value = self.value(depth + 1)?;
            match places.get(&key) {
                Some(_) if deviates(switch::PLAYER_029_FIRST) => {}
                Some(_) if depth == 1 && deviates(switch::FILTERS_017_FIRST) => {}
                Some(place) => entries[*place].1 = value,
                None => {
                    places.insert(key.clone(), entries.len());
                    entries.push((key, value));
                }
            }
            if self.take('}') {
                return Ok(Json::Object(entries));
            }
            if !self.take(',') {
                return Err(Undecodable);
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
            self.space();
            if self.peek() == Some(']') {
                return Err(Undecodable);
            }
            items.push(self.value(depth + 1)?);
            if self.take(']') {
                return Ok(Json::List(items));
            }
            if !self.take(',') {
                return Err(Undecodable);
            }
        }
    }

    fn word(&mut self) -> Decoded<Json> {
        let mut word = String::new();
        while let Some(c) = self.peek() {
            if c.is_ascii_whitespace() || ",:{}[]\"".contains(c) {
                break;
            }
            word.push(c);
            self.rest.next();
        }
        if word.is_empty() { Err(Undecodable) } else { Ok(Json::Word(word)) }
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
