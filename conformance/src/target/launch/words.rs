//! Words with placeholders.

use super::LaunchError;

/// For error messages.
pub(super) const KNOWN: &str = "{config}, {port}, {dir}, {password}, {ca} and {truststore}";

/// A text with placeholders that are known to exist.
#[derive(Clone, Debug)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Value(fn(&Values) -> &str),
}

/// What placeholders stand for.
pub(super) struct Values {
    pub(super) config: String,
    pub(super) port: String,
    pub(super) dir: String,
    pub(super) password: String,
    pub(super) ca: String,
    pub(super) trust_store: String,
}

impl Template {
    /// Reads `{name}`, and `{{` and `}}` as braces. A `}` without its `{` stands for itself.
    pub(super) fn parse(text: &str, place: &str, has_ca: bool) -> Result<Self, LaunchError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
            } else if brace == "}" {
                plain.push_str(brace);
            } else {
                let Some((name, after)) = rest.split_once('}') else {
                    return Err(LaunchError::OpenBrace { place: place.to_owned() });
                };
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Value(value(name, place, has_ca)?));
                rest = after;
            }
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        Ok(Self(pieces))
    }

    /// The text with values.
    pub(super) fn fill(&self, values: &Values) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Value(of) => of(values),
        });
        pieces.collect()
    }
}

fn value(name: &str, place: &str, has_ca: bool) -> Result<fn(&Values) -> &str, LaunchError> {
    let place = || place.to_owned();
    match name {
        "config" => Ok(|values| &values.config),
        "port" => Ok(|values| &values.port),
        "dir" => Ok(|values| &values.dir),
        "password" => Ok(|values| &values.password),
        "ca" if has_ca => Ok(|values| &values.ca),
        "truststore" if has_ca => Ok(|values| &values.trust_store),
        "ca" | "truststore" => Err(LaunchError::NoCa { place: place(), name: name.to_owned() }),
        _ => Err(LaunchError::Placeholder { place: place(), name: name.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let values = Values {
            config: "/d/application.yml".into(),
            port: "2333".into(),
            dir: "/d".into(),
            password: "pw".into(),
            ca: "/ca.pem".into(),
            trust_store: "/ca.p12".into(),
        };
        Template::parse(text, "here", true).unwrap().fill(&values)
    }

    fn error(text: &str) -> String {
        Template::parse(text, "here", false).unwrap_err().to_string()
    }

    #[test]
    fn placeholders_get_their_values_and_doubled_braces_are_braces() {
        assert_eq!(filled("--server.port={port}"), "--server.port=2333");
        assert_eq!(filled("{dir}:{config}{password}"), "/d:/d/application.ymlpw");
        assert_eq!(filled("{ca} {truststore}"), "/ca.pem /ca.p12");
        assert_eq!(filled(r#"{{"port": {port}}}"#), r#"{"port": 2333}"#);
        assert_eq!(filled("a } b {{port}} ü"), "a } b {port} ü");
        assert_eq!(filled(""), "");
    }

    #[test]
    fn unknown_placeholders_are_named_with_the_known_ones() {
        assert_eq!(
            error("x{prot}"),
            "here: unknown placeholder {prot}; there are {config}, {port}, {dir}, {password}, \
             {ca} and {truststore}; write {{ for a brace"
        );
        assert!(error("{}").contains("unknown placeholder {};"), "{}", error("{}"));
        assert_eq!(error("x{port"), "here: a { is not closed; write {{ for a brace");
        assert!(error("{ca}").contains("{ca} needs a CA certificate, and this run has none"));
        assert!(error("{truststore}").contains("{truststore} needs a CA"));
    }
}
