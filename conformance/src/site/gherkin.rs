//! Features in a form for people: as they are written, with outlines as outlines.

use maud::{Markup, html};

use crate::pages::anchor;
use crate::printable::printable;

/// How steps begin.
const KEYWORDS: [&str; 6] = ["Given ", "When ", "Then ", "And ", "But ", "* "];

/// What stands above the rules of a feature.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) description: String,
    /// Its background, if it has one.
    pub(super) parts: Vec<Part>,
}

/// A background, a scenario or an outline.
#[derive(Debug, Default)]
pub(super) struct Part {
    keyword: String,
    title: String,
    tags: Vec<String>,
    lines: Vec<Line>,
}

#[derive(Debug)]
enum Line {
    /// A sentence of its description.
    Text(String),
    /// Keyword and sentence of a step.
    Step(String, String),
    /// What stands between triple quotes.
    Block(Vec<String>),
    /// A table, with its heading.
    Table(Vec<Vec<String>>),
    /// The rows of an outline follow.
    Examples(Vec<String>),
}

impl Part {
    pub(super) fn is_scenario(&self) -> bool {
        self.keyword.starts_with("Scenario")
    }

    fn id(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| tag.strip_prefix("@LL-").map(|_| &tag[1..]))
    }
}

/// What stands above the first rule.
pub(super) fn head(text: &str) -> Head {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let mut head = Head::default();
    let Some(first) = lines.iter().position(|line| line.starts_with("Feature:")) else {
        return head;
    };
    head.title = lines[first]["Feature:".len()..].trim().to_owned();
    let rule = lines.iter().position(|line| line.starts_with("Rule:")).unwrap_or(lines.len());
    let body = &lines[first + 1..rule.max(first + 1)];
    let told = body.iter().take_while(|line| !begins_part(line) && !line.starts_with('@'));
    let told: Vec<_> = told.copied().filter(|line| !line.is_empty()).collect();
    head.description = told.join(" ");
    let after = body.iter().position(|line| begins_part(line)).unwrap_or(body.len());
    head.parts = parts(&body[after..]);
    head
}

/// Backgrounds and scenarios of the rule that stands on this line, which is counted from 1.
pub(super) fn rule(text: &str, line: usize) -> Vec<Part> {
    let lines: Vec<_> = text.lines().map(str::trim).skip(line).collect();
    let end = lines.iter().position(|line| line.starts_with("Rule:")).unwrap_or(lines.len());
    let first = lines.iter().position(|line| begins_part(line) || line.starts_with('@'));
    parts(&lines[first.unwrap_or(end).min(end)..end])
}

fn begins_part(line: &str) -> bool {
    ["Background:", "Scenario:", "Scenario Outline:"].iter().any(|word| line.starts_with(word))
}

fn parts(lines: &[&str]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut tags = Vec::new();
    let mut block: Option<Vec<String>> = None;
    for line in lines {
        if let Some(open) = &mut block {
            if line.starts_with("\"\"\"") {
                let whole = block.take().unwrap_or_default();
                parts.last_mut().into_iter().for_each(|p| p.lines.push(Line::Block(whole.clone())));
            } else {
                open.push((*line).to_owned());
            }
            continue;
        }
        if line.starts_with('@') {
            tags.extend(line.split_whitespace().map(str::to_owned));
        } else if begins_part(line) {
            let (keyword, title) = line.split_once(':').unwrap_or((line, ""));
            let (keyword, title) = (keyword.to_owned(), title.trim().to_owned());
            parts.push(Part { keyword, title, tags: std::mem::take(&mut tags), lines: Vec::new() });
        } else if line.starts_with("\"\"\"") {
            block = Some(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            push(part, line, &mut tags);
        }
    }
    parts
}

fn push(part: &mut Part, line: &str, tags: &mut Vec<String>) {
    if line.is_empty() || line.starts_with('#') {
        return;
    }
    if line.starts_with("Examples:") {
        part.lines.push(Line::Examples(std::mem::take(tags)));
    } else if line.starts_with('|') {
        let row = cells(line);
        match part.lines.last_mut() {
            Some(Line::Table(rows)) => rows.push(row),
            _ => part.lines.push(Line::Table(vec![row])),
        }
    } else if let Some(keyword) = KEYWORDS.iter().find(|keyword| line.starts_with(**keyword)) {
        let sentence = line[keyword.len()..].trim();
        part.lines.push(Line::Step(keyword.trim().to_owned(), sentence.to_owned()));
    } else {
        part.lines.push(Line::Text(line.to_owned()));
    }
}

/// The cells of a row; `\|` is no end of one.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in row.trim().trim_start_matches('|').chars() {
        match (escaped, c) {
            (false, '\\') => escaped = true,
            (false, '|') => cells.push(String::new()),
            (escape, c) => {
                if escape && c != '|' && c != '\\' {
                    cells.last_mut().into_iter().for_each(|cell| cell.push('\\'));
                }
                cells.last_mut().into_iter().for_each(|cell| cell.push(c));
                escaped = false;
            }
        }
    }
    cells.pop();
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A background, scenario or outline.
pub(super) fn part(part: &Part) -> Markup {
    let other = part.tags.iter().filter(|tag| !tag.starts_with("@LL-"));
    html! {
        section.scenario id=[part.id().map(anchor)] {
            h4 {
                @if part.is_scenario() { (printable(&part.title)) } @else { (part.keyword) " " (printable(&part.title)) }
                " "
                @if let Some(id) = part.id() { code.dim { (id) } " " }
                @for tag in other { span.tag { (tag) } " " }
            }
            div.steps { @for line in &part.lines { (shown(line)) } }
        }
    }
}

fn shown(line: &Line) -> Markup {
    html! {
        @match line {
            Line::Text(text) => p.dim { (printable(text)) },
            Line::Step(keyword, sentence) => p.step { b { (keyword) } " " (placeholders(sentence)) },
            Line::Block(lines) => pre { (printable(&unindented(lines))) },
            Line::Examples(tags) => p.step.examples { b { "For each of these" }
                @for tag in tags { " " span.tag { (tag) } } },
            Line::Table(rows) => div.table role="region" aria-label="Values" tabindex="0" {
                table {
                    @for (n, row) in rows.iter().enumerate() {
                        tr { @for cell in row {
                            @if n == 0 { th { (printable(cell)) } } @else { td { code { (printable(cell)) } } }
                        } }
                    }
                }
            },
        }
    }
}

/// A sentence in which what differs from row to row is marked.
fn placeholders(sentence: &str) -> Markup {
    let mut parts = Vec::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((name, end)) = after.split_once('>').filter(|(name, _)| !name.contains('<'))
        else {
            break;
        };
        parts.push(html! { (printable(before)) var { (printable(name)) } });
        rest = end;
    }
    html! { @for part in parts { (part) } (printable(rest)) }
}

/// Lines lost their indentation when they were read, which braces give back.
fn unindented(lines: &[String]) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for line in lines {
        let closes = line.starts_with(['}', ']']);
        out.push_str(&"  ".repeat(depth.saturating_sub(usize::from(closes))));
        out.push_str(line);
        out.push('\n');
        let count = |signs: [char; 2]| line.chars().filter(|c| signs.contains(c)).count();
        depth = (depth + count(['{', '['])).saturating_sub(count(['}', ']']));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "@all
Feature: A <title>
  Told in
  two lines.

  Background:
    Given a client

  @LL-A-001 @must
  Rule: R
    Why.
    Sources: none

    @LL-A-001.a @needs-x
    Scenario Outline: For <case>
      It has a reason.
      When the client sends <case>
      Then the answer is:
        \"\"\"
        {
          \"a\": [1]
        }
        \"\"\"

      @slow
      Examples:
        | case | b   |
        | a\\|b | <i> |

  @LL-A-002 @must
  Rule: S
    @LL-A-002.a
    Scenario: T
      Then nothing
";

    #[test]
    fn a_feature_is_told_with_its_background() {
        let head = head(TEXT);
        assert_eq!(
            (head.title.as_str(), head.description.as_str()),
            ("A <title>", "Told in two lines.")
        );
        assert_eq!(head.parts.len(), 1);
        assert!(part(&head.parts[0]).into_string().contains("<b>Given</b> a client"));
    }

    #[test]
    fn a_rule_has_its_own_scenarios_with_blocks_and_tables() {
        let line = TEXT.lines().position(|line| line.contains("Rule: R")).unwrap() + 1;
        let parts = rule(TEXT, line);
        assert_eq!(parts.len(), 1);
        let shown = part(&parts[0]).into_string();
        for expected in [
            "id=\"LL-A-001.a\"",
            "<span class=\"tag\">@needs-x</span>",
            "<b>When</b> the client sends <var>case</var>",
            "<pre>{\n  &quot;a&quot;: [1]\n}\n</pre>",
            "<span class=\"tag\">@slow</span>",
            "<th>case</th>",
            "<td><code>a|b</code></td><td><code>&lt;i&gt;</code></td>",
            "<p class=\"dim\">It has a reason.</p>",
        ] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
        assert!(!shown.contains("LL-A-002"), "{shown}");
    }
}
