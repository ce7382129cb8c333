//! The kill matrix as a page that needs nothing else.

use std::fmt::Write;

use super::{Entry, Matrix};

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kill matrix</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884; }
  code { font: 13px ui-monospace, monospace; }
  .caught { color: #17803d; } .survived, .unreached, .broken { color: #c22; font-weight: 600; }
  @media (prefers-color-scheme: dark) { .caught { color: #5fce85; } .survived, .unreached, .broken { color: #ff7b72; } }
</style>
"#;

/// The page.
pub fn render(matrix: &Matrix) -> String {
    let mut out = HEAD.to_owned();
    // Writing to a String cannot fail.
    let _ = write_body(&mut out, matrix);
    out
}

fn write_body(out: &mut String, matrix: &Matrix) -> std::fmt::Result {
    writeln!(out, "<h1>Kill matrix</h1>")?;
    writeln!(
        out,
        "<p>Each deviation breaks one rule on purpose. It is caught if a scenario of that rule \
         fails on an assertion. {} deviations: {} caught, {} survived, {} unreached, {} broken, {} not applicable.</p>",
        matrix.entries.len(),
        matrix.count("caught"),
        matrix.count("SURVIVED"),
        matrix.count("UNREACHED"),
        matrix.count("BROKEN"),
        matrix.count("n/a"),
    )?;
    writeln!(out, "<table>\n<tr><th>Deviation<th>What goes wrong<th>Fate<th>Caught by")?;
    for entry in &matrix.entries {
        write_row(out, entry)?;
    }
    writeln!(out, "</table>")?;
    if !matrix.idle.is_empty() {
        writeln!(out, "<h2>Scenarios that noticed nothing</h2>\n<ul>")?;
        for id in &matrix.idle {
            writeln!(out, "<li><code>{}</code>", escaped(id))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</html>")
}

fn write_row(out: &mut String, entry: &Entry) -> std::fmt::Result {
    let fate = entry.fate.name().to_lowercase();
    let by = entry.fate.reason().map_or_else(|| entry.caught_by.join(" "), str::to_owned);
    writeln!(
        out,
        "<tr><td><code>{}</code><td>{}<td class=\"{fate}\">{fate}<td><code>{}</code>",
        escaped(&entry.deviation.name),
        escaped(&entry.deviation.summary),
        escaped(&by),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::Fate;
    use super::*;
    use crate::target::Deviation;

    #[test]
    fn texts_are_escaped_and_every_deviation_has_a_row() {
        let deviation = |name: &str| Deviation { name: name.into(), summary: "a < b".into() };
        let entry = |name, fate| Entry::without_run(deviation(name), fate);
        let entries = vec![
            entry("LL-A-001/x", Fate::Caught),
            entry("LL-A-002/y", Fate::Broken("<why>".into())),
        ];
        let page = render(&Matrix { entries, idle: vec!["LL-A-001.b".into()], is_whole: true });
        assert_eq!(page.matches("<tr><td>").count(), 2);
        assert!(page.contains("a &lt; b") && page.contains("&lt;why&gt;"), "{page}");
        assert!(page.contains("LL-A-001.b") && !page.contains("<why>"));
    }
}
