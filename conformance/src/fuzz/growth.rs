//! How much memory and how many files a process group has, as Linux tells.

use std::fs;

/// What a process group has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Use {
    /// Memory in KiB (`VmRSS`).
    pub(crate) memory: u64,
    /// Open files, sockets among them.
    pub(crate) files: u64,
}

impl Use {
    /// The larger of each.
    pub(crate) fn max(self, other: Self) -> Self {
        Self { memory: self.memory.max(other.memory), files: self.files.max(other.files) }
    }
}

/// What all processes of a group have together; `None` where that cannot be known.
pub(crate) fn of_group(group: u32) -> Option<Use> {
    let mut sum = Use::default();
    let mut found = false;
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let folder = entry.path();
        // A process that ends meanwhile has nothing any more.
        let Ok(stat) = fs::read_to_string(folder.join("stat")) else { continue };
        if group_in(&stat) != Some(group) && id != group {
            continue;
        }
        let Ok(status) = fs::read_to_string(folder.join("status")) else { continue };
        found = true;
        sum.memory += memory_in(&status).unwrap_or_default();
        sum.files += fs::read_dir(folder.join("fd")).map_or(0, |files| files.count() as u64);
    }
    found.then_some(sum)
}

/// The group in `/proc/PID/stat`: the third field after the name, which is in parentheses.
fn group_in(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()
}

/// KiB in `/proc/PID/status`.
fn memory_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_system_are_read() {
        assert_eq!(group_in("12 (a) b)) S 1 34 34 0 -1"), Some(34));
        assert_eq!(group_in("nonsense"), None);
        assert_eq!(memory_in("Name:\tx\nVmRSS:\t  5120 kB\n"), Some(5120));
        assert_eq!(memory_in("Name:\tx\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_has_memory_and_files() {
        let seen = of_group(std::process::id()).unwrap();
        assert!(seen.memory > 1000 && seen.files > 2, "{seen:?}");
        assert_eq!(of_group(u32::MAX), None);
    }
}
