//! Which module of the server may import which: the table of ARCHITECTURE.md, held against the
//! sources. Each module imports only modules above it there, so there is no cycle.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Parts of modules that have a row of their own.
const PARTS: [(&str, &str); 2] = [("control", "told"), ("deviations", "switch")];

type Arrows = BTreeMap<String, BTreeSet<String>>;

#[test]
fn modules_import_what_the_table_says() {
    let table = table();
    let found = arrows();
    let mut wrong = Vec::new();
    for (module, imports) in &found {
        match table.iter().find(|(known, _)| known == module) {
            None => wrong.push(format!("{module} has no row")),
            Some((_, allowed)) => {
                let more = imports.difference(allowed);
                wrong.extend(more.map(|import| format!("{module} imports {import}")));
                let less = allowed.difference(imports);
                wrong.extend(less.map(|import| format!("{module} does not import {import}")));
            }
        }
    }
    let gone = table.iter().filter(|(module, _)| !found.contains_key(module));
    wrong.extend(gone.map(|(module, _)| format!("there is no {module}")));
    assert!(wrong.is_empty(), "against the layers of ARCHITECTURE.md:\n{}", wrong.join("\n"));
}

#[test]
fn modules_import_only_what_is_above_them_in_the_table() {
    let mut above = BTreeSet::new();
    for (module, imports) in table() {
        let below: Vec<_> = imports.difference(&above).collect();
        assert!(below.is_empty(), "{module} imports {below:?}, not above it");
        assert!(above.insert(module.clone()), "{module} stands twice");
    }
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let text = "use crate::a::B;\nuse crate::{c, d::{E, F}, control::told::G};\n// crate::no\n\
                fn f() { crate::deviations::switch::any(); x.crate_::y }\n\
                pub(in crate::h) use super::i;\n#[cfg(test)]\nmod tests { use crate::j; }";
    let found: Vec<_> = imports(text).into_iter().collect();
    assert_eq!(found, ["a", "c", "control::told", "d", "deviations::switch"]);
}

/// The rows of the table, in their order.
fn table() -> Vec<(String, BTreeSet<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip_while(|line| *line != "| Module | imports |").skip(2);
    let rows = rows.map_while(|line| line.strip_prefix("| `")?.split_once('|'));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let read =
        |(module, cell): (&str, &str)| (module.trim().trim_matches('`').to_owned(), names(cell));
    let rows: Vec<_> = rows.map(read).collect();
    assert!(!rows.is_empty(), "ARCHITECTURE.md has no table of modules");
    rows
}

/// The modules of the sources, each with those that it imports. The root imports nothing.
fn arrows() -> Arrows {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut files) = (vec![src.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let texts: BTreeMap<PathBuf, String> = files
        .into_iter()
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    let of_tests: BTreeSet<_> =
        texts.iter().flat_map(|(path, text)| only_for_tests(path, text)).collect();
    let mut arrows = Arrows::new();
    for (path, text) in texts.iter().filter(|(path, _)| !of_tests.contains(*path)) {
        let module = module_of(path.strip_prefix(&src).unwrap());
        if !["lib", "main"].contains(&&*module) {
            let mut imports = imports(text);
            imports.remove(&module);
            // A module may import its own parts; a part may not import its whole.
            arrows.entry(module).or_default().extend(imports);
        }
    }
    arrows
}

/// The module of a file, from `src` on.
fn module_of(path: &Path) -> String {
    let mut names = path.iter().map(|name| name.to_str().unwrap().trim_end_matches(".rs"));
    let (first, second) = (names.next().unwrap(), names.next().unwrap_or_default());
    match PARTS.contains(&(first, second)) {
        true => format!("{first}::{second}"),
        false => first.to_owned(),
    }
}

/// The files that a file declares as modules of tests.
fn only_for_tests(path: &Path, text: &str) -> Vec<PathBuf> {
    let folder = match path.file_stem().unwrap().to_str().unwrap() {
        "mod" | "lib" | "main" => path.parent().unwrap().to_owned(),
        stem => path.with_file_name(stem),
    };
    let declared = text.split("#[cfg(test)]\nmod ").skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once(';')?;
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_').then_some(name)
    });
    declared.map(|name| folder.join(format!("{name}.rs"))).collect()
}

/// The modules that a text names with `crate::`, without its comments and its tests.
fn imports(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let before = &text[..at];
        if before.ends_with("pub(in ")
            || before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        {
            continue;
        }
        for path in paths(&text[at + "crate::".len()..]) {
            found.insert(module_of(&path.split("::").collect::<PathBuf>()));
        }
    }
    found
}

/// The path that a text begins with, or the paths of the group that it begins with.
fn paths(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let path = |text: &str| -> String { text.chars().take_while(|c| is_part(*c)).collect() };
    let Some(group) = text.strip_prefix('{') else { return vec![path(text)] };
    let (mut depth, mut begins, mut found) = (0, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && is_part(c) => {
                found.push(path(&group[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    found
}
