//! Keeps secrets out of the timeline.

use serde_json::Value;

/// What stands where a secret was.
pub(super) const MASK: &str = "***";

/// Whether a header's value is a secret.
pub(super) fn is_secret_header(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
}

/// JSON without voice tokens and without the password.
pub(super) fn json(value: &Value, password: &str) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let secret =
                    key == "token" && value.as_str().is_some_and(|token| !token.is_empty());
                let value = if secret { Value::from(MASK) } else { json(value, password) };
                (key.clone(), value)
            })
            .collect(),
        Value::Array(values) => values.iter().map(|value| json(value, password)).collect(),
        Value::String(text) => Value::from(self::text(text, password)),
        other => other.clone(),
    }
}

/// Text without the password.
pub(crate) fn text(text: &str, password: &str) -> String {
    if password.is_empty() { text.to_owned() } else { text.replace(password, MASK) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_and_passwords_do_not_show() {
        let seen = json(&json!({"voice": {"token": "t"}, "a": ["the pw"], "token": ""}), "pw");
        assert_eq!(seen, json!({"voice": {"token": "***"}, "a": ["the ***"], "token": ""}));
    }
}
