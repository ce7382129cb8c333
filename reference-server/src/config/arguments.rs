//! Spring's own flags, `--server.port=2333`: keys with values, among the flags of this program.

use std::ffi::OsString;

/// Takes what Spring would take for keys out of a command line: flags with a dot in their name.
/// `--KEY` without a value gives it an empty one, and what is given twice is joined by a comma.
pub fn taken_out(
    args: impl IntoIterator<Item = OsString>,
) -> (Vec<OsString>, Vec<(String, String)>) {
    let mut others = Vec::new();
    let mut keys: Vec<(String, String)> = Vec::new();
    for arg in args {
        let Some((key, value)) = arg.to_str().and_then(key_with_value) else {
            others.push(arg);
            continue;
        };
        match keys.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = format!("{known},{value}"),
            None => keys.push((key.to_owned(), value.to_owned())),
        }
    }
    (others, keys)
}

fn key_with_value(arg: &str) -> Option<(&str, &str)> {
    let flag = arg.strip_prefix("--")?;
    let (key, value) = flag.split_once('=').unwrap_or((flag, ""));
    key.contains('.').then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_flags_with_a_dot_are_keys() {
        let args =
            ["x", "--port", "1.5", "--server.port=1", "--a.b", "--server.port=2", "--config=a.yml"];
        let (others, keys) = taken_out(args.map(OsString::from));
        assert_eq!(others, ["x", "--port", "1.5", "--config=a.yml"].map(OsString::from));
        let expected = [("server.port", "1,2"), ("a.b", "")];
        assert_eq!(keys, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
