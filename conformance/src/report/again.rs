//! Commands and lines for a shell that ask for the same again.

use super::{Extent, Run};

impl Run {
    /// A command for a shell with a session on this target, in which the lines of `curl` work.
    pub fn shell(&self) -> String {
        let ends = [" --profile ", " --vary ", " --clock "];
        let server = ends
            .iter()
            .fold(self.again.as_str(), |server, end| server.split(end).next().unwrap_or_default());
        let options = server.split_once(' ').map_or("", |(_, options)| options);
        format!("lavalink-conformance shell {options}").trim_end().to_owned()
    }

    /// The command that asks for the same again: the same target, selection and settings. A file of
    /// known failures is not part of it, as reports do not tell where it was.
    pub fn rerun(&self) -> String {
        let mut words = vec![self.program().to_owned()];
        let asked = &self.asked;
        words.extend(asked.selection.options());
        if let Extent::Part { shard, .. } = &self.extent {
            words.push(format!("--shard {shard}"));
        }
        if self.order.starts_with("random:") && !self.order.contains(' ') {
            words.push(format!("--order {}", self.order));
        }
        words.extend(asked.strict.then(|| "--strict".to_owned()));
        // Runs that tests make up were asked for nothing.
        if asked.repeat > 1 {
            words.push(format!("--repeat {}", asked.repeat));
        }
        if asked.time_scale > 0.0 && (asked.time_scale - 1.0).abs() > f64::EPSILON {
            words.push(format!("--time-scale {}", asked.time_scale));
        }
        words.join(" ")
    }

    /// A command that runs one scenario alone, on this target.
    pub fn alone(&self, scenario: &str) -> String {
        let program = self.program();
        match scenario.contains(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c)) {
            true => format!("{program} --id '{scenario}'"),
            false => format!("{program} --id {scenario}"),
        }
    }

    /// The program with the options that choose this target.
    fn program(&self) -> &str {
        if self.again.is_empty() { "lavalink-conformance" } else { &self.again }
    }

    /// Puts `${LAVALINK_URL}` into the lines for a shell: the servers of the run are gone.
    pub fn forget_addresses(&mut self) {
        let attempts = self
            .scenarios
            .iter_mut()
            .flat_map(|s| s.attempts.iter_mut().chain(&mut s.starved).chain(&mut s.crowded));
        let lines = attempts.map(|attempt| &mut attempt.reproduce);
        for line in lines.chain(self.findings.iter_mut().map(|f| &mut f.reproduce)).flatten() {
            *line = with_address(line);
        }
    }
}

/// The line with a variable for the server's address, which stands in its last word.
fn with_address(line: &str) -> String {
    let Some((before, url)) = line.rsplit_once(' ') else { return line.to_owned() };
    let quoted =
        url.strip_prefix('\'').map(|rest| (rest, '\'')).or(url.strip_prefix('"').map(|r| (r, '"')));
    let Some((rest, quote)) = quoted else { return line.to_owned() };
    let Some((_, rest)) = rest.split_once("//") else { return line.to_owned() };
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    let path = path.strip_suffix(quote).unwrap_or(path);
    match quote {
        '"' => format!("{before} \"${{LAVALINK_URL}}{path}\""),
        _ if !path.contains(['"', '$', '`', '\\', '!', '\'']) => {
            format!("{before} \"${{LAVALINK_URL}}{path}\"")
        }
        _ => format!("{before} \"${{LAVALINK_URL}}\"'{path}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_a_shell_asks_whatever_server_there_is() {
        let of = |line: &str| with_address(line);
        assert_eq!(
            of("curl -i -X GET 'http://127.0.0.1:1/x'"),
            "curl -i -X GET \"${LAVALINK_URL}/x\""
        );
        assert_eq!(of("curl \"http://h:1/s/${SESSION}\""), "curl \"${LAVALINK_URL}/s/${SESSION}\"");
        assert_eq!(of("curl 'http://h:1/a\"b'"), "curl \"${LAVALINK_URL}\"'/a\"b'");
        assert_eq!(of("nothing"), "nothing");
    }
}
