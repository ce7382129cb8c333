//! Who calls a function: code that is only called by deliberate breaks runs only with one, and what
//! only the control API and the configuration call is not about the protocol.

use std::collections::{BTreeMap, BTreeSet};

use crate::mutant::Mutant;
use crate::weave::{Reason, Use, uses};

/// Where breaks are.
const BREAKS: &str = "/deviations/";

/// What is not about the protocol: steers a server, reads its configuration, or starts it.
const ELSEWHERE: [&str; 6] =
    ["/control/", "/mock/", "/config/", "/src/config.rs", "/src/cli.rs", "/src/serve.rs"];

/// A function, by its file and its name.
type Function = (String, String);

/// The functions that only breaks call, or only what is not about the protocol.
#[derive(Debug, Default)]
pub(crate) struct Callers(BTreeMap<Function, Reason>);

impl Callers {
    /// Of all files of the server, by their paths, and of the functions that mutants are in. A name
    /// that several functions have counts as used wherever one of them is.
    ///
    /// # Errors
    /// A file is no Rust.
    pub(crate) fn of(
        files: &BTreeMap<String, String>,
        mutants: &[Mutant],
    ) -> Result<Self, (String, syn::Error)> {
        let mut by_name: BTreeMap<String, Vec<(&str, Use)>> = BTreeMap::new();
        for (file, text) in files {
            for used in uses(text).map_err(|error| (file.clone(), error))? {
                by_name.entry(used.name.clone()).or_default().push((file, used));
            }
        }
        let functions: BTreeSet<Function> = mutants.iter().filter_map(function).collect();
        let mut callers = Self::default();
        // What one of them calls may be called by nobody else.
        loop {
            let found: Vec<_> = functions
                .iter()
                .filter(|function| !callers.0.contains_key(*function))
                .filter_map(|function| {
                    let reason = callers.reason(&function.1, by_name.get(&function.1)?)?;
                    Some((function.clone(), reason))
                })
                .collect();
            if found.is_empty() {
                return Ok(callers);
            }
            callers.0.extend(found);
        }
    }

    /// Why a mutant is not tried, if it is in such a function.
    pub(crate) fn reason_of(&self, mutant: &Mutant) -> Option<Reason> {
        self.0.get(&function(mutant)?).copied()
    }

    /// Why a function of which this is made use is not about the protocol.
    fn reason(&self, name: &str, uses: &[(&str, Use)]) -> Option<Reason> {
        let mut reasons = uses.iter().filter(|(_, used)| used.within.as_deref() != Some(name));
        let first = self.reason_of_use(reasons.next()?)?;
        reasons.try_fold(first, |sum, used| {
            let other = self.reason_of_use(used)?;
            Some(if sum == other { sum } else { Reason::Elsewhere })
        })
    }

    fn reason_of_use(&self, (file, used): &(&str, Use)) -> Option<Reason> {
        if used.in_break || file.contains(BREAKS) {
            return Some(Reason::Deviation);
        }
        if ELSEWHERE.iter().any(|place| file.contains(place)) {
            return Some(Reason::Elsewhere);
        }
        let within = used.within.clone()?;
        self.0.get(&((*file).to_owned(), within)).copied()
    }
}

/// The function of a mutant. Those of traits are called by names that say little.
fn function(mutant: &Mutant) -> Option<Function> {
    let name = mutant.function_name();
    let own = name.rsplit("::").next()?.split('<').next()?;
    (!own.is_empty() && !name.starts_with("<impl")).then(|| (mutant.file.clone(), own.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutant::{Function as Around, Genre, Place, Span};

    fn mutant(file: &str, function: &str) -> Mutant {
        let place = Place { line: 1, column: 1 };
        Mutant {
            name: String::new(),
            file: file.into(),
            function: Some(Around { function_name: function.into() }),
            span: Span { start: place, end: place },
            replacement: "()".into(),
            genre: Genre::FnValue,
        }
    }

    #[test]
    fn what_only_breaks_or_the_control_api_call_is_found() {
        let files = [
            (
                "src/a.rs",
                "fn f() { g(); } fn g() { if deviates(x) { h(); } } fn h() { i() } fn k() { l() }",
            ),
            ("src/deviations/b.rs", "fn r() { m(); n(); }"),
            ("src/control/c.rs", "fn s() { k(); n(); g(); }"),
        ];
        let files = files.map(|(file, text)| (file.to_owned(), text.to_owned()));
        let names = ["f", "g", "A::h", "i", "k", "l", "m", "n", "<impl B for C>::m"];
        let mutants = names.map(|name| mutant("src/a.rs", name));
        let callers = Callers::of(&BTreeMap::from(files), &mutants).unwrap();
        let reasons = mutants.each_ref().map(|mutant| callers.reason_of(mutant));
        let (breaks, elsewhere) = (Some(Reason::Deviation), Some(Reason::Elsewhere));
        let expected = [None, None, breaks, breaks, elsewhere, elsewhere, breaks, elsewhere, None];
        assert_eq!(reasons, expected);
    }
}
