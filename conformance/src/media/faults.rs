//! What a source does otherwise than it should, said in the query of its URL:
//! `tone-3s.wav?hang=1s&of=NAME`.
//!
//! Times are those of the audio; `of` tells the sources of scenarios apart.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// How long a source that goes on again waits for somebody to read it.
const READ_LIMIT: Duration = Duration::from_secs(2);

/// How long what comes before a break may take to leave.
const FLUSH_TIME: Duration = Duration::from_millis(20);

/// What a source does at a second of its audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Every connection that gets there breaks.
    Cut,
    /// The first connection that gets there breaks.
    CutOnce,
    /// Nothing comes until it is told to go on.
    Hang,
    /// The file ends there, whatever its header says.
    End,
}

/// A fault, and where in the audio it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Faulty {
    pub(super) fault: Fault,
    pub(super) second: u64,
    /// Which of those of its source it is.
    number: usize,
    /// The whole of path and query.
    key: String,
}

/// What happened at the faulty sources.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// Those that broke.
    cut: Mutex<BTreeSet<String>>,
    /// How often each was told to go on.
    released: watch::Sender<BTreeMap<String, usize>>,
    /// How many of its faults have been read over.
    read: watch::Sender<BTreeMap<String, usize>>,
}

impl Faulty {
    /// Of a path with its query, in the order in which they are named; an error for one that
    /// nobody knows.
    pub(super) fn of(target: &str) -> Result<Vec<Self>, String> {
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let parts = query.split('&').filter(|part| {
            !(part.is_empty() || part.starts_with("of=") || part.starts_with("name="))
        });
        let faulty = |(number, part): (usize, &str)| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let fault = match name {
                "cut" => Fault::Cut,
                "cut-once" => Fault::CutOnce,
                "hang" => Fault::Hang,
                "end" => Fault::End,
                _ => return Err(format!("no fault of media: {part}")),
            };
            let second = value.strip_suffix('s').and_then(|seconds| seconds.parse().ok());
            let second = second.ok_or_else(|| format!("no time of a fault: {part}"))?;
            Ok(Self { fault, second, number, key: target.to_owned() })
        };
        parts.enumerate().map(faulty).collect()
    }
}

impl Faults {
    /// A connection got there: breaks it, or holds it.
    pub(super) async fn reached(&self, faulty: &Faulty) -> io::Result<()> {
        match faulty.fault {
            Fault::Cut => cut().await,
            Fault::CutOnce if self.is_first(faulty) => cut().await,
            Fault::CutOnce => Ok(()),
            Fault::Hang => {
                let mut released = self.released.subscribe();
                // The sender lives as long as the server.
                released.wait_for(|times| times.get(&faulty.key) > Some(&faulty.number)).await.ok();
                Ok(())
            }
            Fault::End => Ok(()),
        }
    }

    fn is_first(&self, faulty: &Faulty) -> bool {
        self.cut.lock().unwrap_or_else(PoisonError::into_inner).insert(faulty.key.clone())
    }

    /// What comes after a fault is being read.
    pub(super) fn read_on(&self, faulty: &Faulty) {
        self.read.send_if_modified(|read| {
            read.insert(faulty.key.clone(), faulty.number + 1) != Some(faulty.number + 1)
        });
    }

    /// Lets a source go on; returns when somebody has read on, or nobody does.
    pub(super) async fn release(&self, key: &str) {
        let mut count = 0;
        self.released.send_modify(|times| {
            let times = times.entry(key.to_owned()).or_default();
            *times += 1;
            count = *times;
        });
        let mut read = self.read.subscribe();
        let reading = read.wait_for(|read| read.get(key) >= Some(&count));
        // One that nobody reads is read on when somebody does.
        tokio::time::timeout(READ_LIMIT, reading).await.ok();
    }
}

/// What breaks is not even sent if it breaks at once.
async fn cut() -> io::Result<()> {
    tokio::time::sleep(FLUSH_TIME).await;
    Err(io::Error::other("broken on purpose"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_said_in_the_query() {
        let hangs = Faulty::of("/tone-3s.wav?hang=1s&of=7&hang=2s").unwrap();
        let found: Vec<_> = hangs.iter().map(|f| (f.fault, f.second, f.number)).collect();
        assert_eq!(found, [(Fault::Hang, 1, 0), (Fault::Hang, 2, 1)]);
        assert_eq!(Faulty::of("/tone-3s.wav?of=7"), Ok(vec![]));
        assert_eq!(Faulty::of("/tone-3s.wav"), Ok(vec![]));
        for wrong in ["/x?hang", "/x?hang=1", "/x?hang=s", "/x?sleep=1s"] {
            assert!(Faulty::of(wrong).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn one_that_is_cut_once_is_whole_the_second_time() {
        let faults = Faults::default();
        let faulty = Faulty::of("/tone-3s.wav?cut-once=1s&of=7").unwrap().remove(0);
        assert!(faults.reached(&faulty).await.is_err());
        assert!(faults.reached(&faulty).await.is_ok());
        let other = Faulty::of("/tone-3s.wav?cut-once=1s&of=8").unwrap().remove(0);
        assert!(faults.reached(&other).await.is_err());
    }
}
