//! As `coverage` prints it: `docs/coverage.md`.

use std::fmt::{self, Display, Write};

use super::{Coverage, Difference, Entry, Kind, Section};

impl Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [claims, rows, boxes] = Kind::ALL.map(|kind| self.count(kind));
        let excused = self.entries().filter(|(_, entry)| entry.rules.is_empty()).count();
        writeln!(f, "# Coverage of the document")?;
        writeln!(
            f,
            "What the document says that this suite was begun from, a description of Lavalink's \
             internals, and what became of it. The document is no part of this repository; all of \
             it is told here in other words. Made by `lavalink-conformance coverage` from \
             [coverage.toml](coverage.toml); a test holds that nothing is missing.\n"
        )?;
        writeln!(
            f,
            "{claims} claims (sentences, arrows of diagrams, code), {rows} rows of tables, {boxes} \
             boxes of its checklist: {} are held by rules, {excused} cannot be seen over the wire. \
             In {} places Lavalink 4.2.2 does otherwise; rules hold what the server does.",
            claims + rows + boxes - excused,
            self.differences.len(),
        )?;
        for section in &self.sections {
            self.fmt_section(f, section)?;
        }
        writeln!(f, "\n## Differences\n")?;
        writeln!(f, "| | the document | Lavalink 4.2.2 | rules | seen |\n|---|---|---|---|---|")?;
        for difference in &self.differences {
            fmt_difference(f, difference)?;
        }
        Ok(())
    }
}

impl Coverage {
    fn fmt_section(&self, f: &mut fmt::Formatter<'_>, section: &Section) -> fmt::Result {
        let Section { number, title, .. } = section;
        let number = number.split(", ").next().unwrap_or_default();
        writeln!(f, "\n## §{number} {title}\n")?;
        writeln!(f, "| | it says | rules | otherwise, or why not |\n|---|---|---|---|")?;
        for entry in &section.entries {
            writeln!(
                f,
                "| {} | {} | {} | {} |",
                entry.kind.name(),
                cell(&entry.says),
                entry.rules.join(" "),
                cell(&self.remark(entry)),
            )?;
        }
        Ok(())
    }

    fn remark(&self, entry: &Entry) -> String {
        let mut remark = String::new();
        if let Some(difference) = entry.differs.as_deref().and_then(|name| self.difference(name)) {
            // Writing to a String cannot fail.
            let _ = write!(remark, "**{}:** {}", difference.title, difference.server);
        }
        if let Some(reason) = &entry.reason {
            let space = if remark.is_empty() { "" } else { " " };
            let _ = write!(remark, "{space}{reason}");
        }
        remark
    }
}

fn fmt_difference(f: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    let Difference { title, document, server, rules, observed, .. } = difference;
    let page = observed.strip_prefix("docs/").unwrap_or(observed);
    let name = page.strip_prefix("observed/").unwrap_or(page);
    writeln!(
        f,
        "| {} | {} | {} | {} | [{name}]({page}) |",
        cell(title),
        cell(document),
        cell(server),
        rules.join(" "),
    )
}

/// A text that ends no cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets;

    #[test]
    fn the_page_of_the_repository_is_what_is_printed() {
        let printed = Coverage::embedded().unwrap().to_string();
        let page = assets::doc("docs/coverage.md").unwrap();
        let first = printed.lines().zip(page.lines()).find(|(printed, page)| printed != page);
        assert!(
            printed == page,
            "lavalink-conformance coverage > docs/coverage.md; differs: {first:?}"
        );
    }

    #[test]
    fn every_box_and_every_difference_has_a_line() {
        let coverage = Coverage::embedded().unwrap();
        let printed = coverage.to_string();
        assert_eq!(printed.matches("\n| box |").count(), 75);
        assert_eq!(printed.matches("](observed/").count(), coverage.differences.len());
    }
}
