//! `${NAME}` and `${NAME:default}` in values.

/// Placeholders that refer to themselves, by way of others or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Circular;

/// Fills in the placeholders of a text. Names and defaults may hold placeholders, and so may what
/// a name stands for. One without value and default stays as it is.
pub(super) fn fill_in(
    text: &str,
    look_up: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Circular> {
    Filling { look_up, within: Vec::new() }.fill_in(text)
}

struct Filling<'a> {
    look_up: &'a dyn Fn(&str) -> Option<String>,
    /// The placeholders that are being filled in.
    within: Vec<String>,
}

/// How deep values may refer to values: far more than anybody does, and too little for the stack.
const DEPTH: usize = 64;
/// How long a value may become.
const LENGTH: usize = 1 << 20;

impl Filling<'_> {
    fn fill_in(&mut self, text: &str) -> Result<String, Circular> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = end_of(&rest[start + 2..]) else { break };
            let inside = &rest[start + 2..start + 2 + length];
            out.push_str(&rest[..start]);
            match self.value(inside)? {
                Some(value) => out.push_str(&value),
                None => out.push_str(&format!("${{{inside}}}")),
            }
            rest = &rest[start + length + 3..];
            if out.len() > LENGTH {
                return Err(Circular);
            }
        }
        Ok(out + rest)
    }

    fn value(&mut self, inside: &str) -> Result<Option<String>, Circular> {
        if self.within.iter().any(|outer| outer == inside) || self.within.len() == DEPTH {
            return Err(Circular);
        }
        self.within.push(inside.to_owned());
        let name = self.fill_in(inside)?;
        let found = (self.look_up)(&name).or_else(|| {
            let (name, default) = name.split_once(':')?;
            Some((self.look_up)(name).unwrap_or_else(|| default.to_owned()))
        });
        let value = found.map(|value| self.fill_in(&value)).transpose()?;
        self.within.pop();
        Ok(value)
    }
}

/// The names in the placeholders of a text, those within others too; defaults are left out.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (start, _) in text.match_indices("${") {
        let inside = &text[start + 2..];
        let name = &inside[..inside.find([':', '}', '$']).unwrap_or(inside.len())];
        names.push(name.to_owned());
    }
    names
}

/// Where the brace is that closes the placeholder which begins before this text.
fn end_of(text: &str) -> Option<usize> {
    let mut open = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, Circular> {
        fill_in(text, &|name| {
            let values =
                [("A", "1"), ("B", "b"), ("x1", "y"), ("R", "${B}"), ("C", "${D}"), ("D", "${C}")];
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn names_defaults_and_values_are_filled_in() {
        for (text, expected) in [
            ("x${A}y${N:2}z${M}", "x1y2z${M}"),
            ("${open", "${open"),
            ("${N:${B}", "${N:${B}"),
            ("${N:${M:zz}}", "zz"),
            ("${N:a:b}", "a:b"),
            ("${N:{a}}", "{a}"),
            ("${N:}", ""),
            ("${x${A}}", "y"),
            ("${R}", "b"),
            ("$${A}", "$1"),
            ("${}", "${}"),
        ] {
            assert_eq!(filled(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn names_are_found_wherever_they_stand() {
        assert_eq!(names("a${x.y:${Z:1}}b${w}"), ["x.y", "Z", "w"]);
    }

    #[test]
    fn what_refers_to_itself_is_refused() {
        assert_eq!(filled("${C}"), Err(Circular));
        assert_eq!(filled("${A:${C}}"), Err(Circular));
    }
}
