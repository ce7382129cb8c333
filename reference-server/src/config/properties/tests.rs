use super::*;

fn of_file(pairs: &[(&str, &str)]) -> Source {
    let pairs = pairs.iter().map(|(name, value)| ((*name).into(), Value::of_plain(value)));
    Source::new(Place::File(None), pairs)
}

fn of_environment(pairs: &[(&str, &str)]) -> Source {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Source::of_environment(&pairs)
}

fn text(properties: &Properties, key: &str) -> Option<String> {
    properties.get(key).unwrap().and_then(|given| given.value.text())
}

#[test]
fn the_first_source_wins_and_spellings_have_an_order() {
    let properties = Properties::new(vec![
        of_environment(&[("A_B_LONG_NAME", "long"), ("A_BLONGNAME", "x")]),
        of_file(&[
            ("a.b-long-name", "file"),
            ("a.other", "f"),
            ("a.oneTwo", "1"),
            ("a.one-two", "2"),
        ]),
    ]);
    assert_eq!(text(&properties, "a.bLongName").as_deref(), Some("x"));
    assert_eq!(text(&properties, "a.other").as_deref(), Some("f"));
    assert_eq!(text(&properties, "a.oneTwo").as_deref(), Some("2"));
    assert_eq!(text(&properties, "a.none"), None);
}

#[test]
fn placeholders_find_other_keys() {
    let properties = Properties::new(vec![
        of_environment(&[("MY_PW", "e"), ("LAVALINKPASSWORD", "u")]),
        of_file(&[
            ("a", "${my.pw}"),
            ("b", "${my-key}"),
            ("my_key", "o"),
            ("c", "${MY_KEY}"),
            ("d", "${lavalinkPassword}"),
            ("e", "${e}"),
        ]),
    ]);
    assert_eq!(text(&properties, "a").as_deref(), Some("e"));
    assert_eq!(text(&properties, "b").as_deref(), Some("o"));
    assert_eq!(text(&properties, "c").as_deref(), Some("${MY_KEY}"));
    assert_eq!(text(&properties, "d").as_deref(), Some("u"));
    assert!(properties.get("e").is_err());
}

#[test]
fn lists_have_items_without_gaps() {
    let properties = |pairs| Properties::new(vec![of_environment(pairs)]);
    let list = properties(&[("A_BLOCKS_0", "x"), ("A_BLOCKS_1", "y")]).list("a.blocks");
    assert!(matches!(list, Ok(Some(List::Items(items))) if items.len() == 2));
    let list = properties(&[("A_BLOCKS_1", "y")]).list("a.blocks");
    assert!(
        matches!(list, Ok(Some(List::Gap(origin))) if origin.to_string().ends_with("A_BLOCKS_1"))
    );
    let list = properties(&[("A_BLOCKS", "x,y")]).list("a.blocks");
    assert!(matches!(list, Ok(Some(List::Whole(_)))));
}
