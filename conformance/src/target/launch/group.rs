//! A process group: a target and everything that it starts, ended together. Windows has none, so
//! there it is the target alone.
//!
//! Nobody may have waited for a leader that is given here: so long the system gives its id, which is
//! also the group's, to nobody else.

#[cfg(unix)]
pub(super) use of_unix::{ask_to_end, ended, kill, spawn};
#[cfg(not(unix))]
pub(super) use of_windows::{ask_to_end, ended, kill, spawn};

#[cfg(unix)]
mod of_unix {
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    /// Starts a command as the leader of a new group.
    pub(in super::super) fn spawn(command: &mut Command) -> io::Result<Child> {
        command.process_group(0).spawn()
    }

    /// How the leader ended; `None` while it runs.
    pub(in super::super) fn ended(leader: &mut Child) -> Option<String> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        // It cannot fail: the process is a child of ours that nobody has waited for.
        let status = waitid(WaitId::Pid(Pid::from_child(leader)), options).ok().flatten()?;
        Some(match (status.exit_status(), status.terminating_signal()) {
            (Some(code), _) => format!("it ended with exit code {code}"),
            (None, Some(signal)) => format!("it was killed by signal {signal}"),
            (None, None) => "it ended".into(),
        })
    }

    /// Asks all of it to end. It may be dead already, which is what was wanted.
    pub(in super::super) fn ask_to_end(leader: &mut Child) {
        kill_process_group(Pid::from_child(leader), Signal::TERM).ok();
    }

    /// Ends all of it. It may be dead already, which is what was wanted.
    pub(in super::super) fn kill(leader: &mut Child) {
        kill_process_group(Pid::from_child(leader), Signal::KILL).ok();
    }
}

#[cfg(not(unix))]
mod of_windows {
    use std::io;
    use std::process::{Child, Command};

    /// Starts a command.
    pub(in super::super) fn spawn(command: &mut Command) -> io::Result<Child> {
        command.spawn()
    }

    /// How it ended; `None` while it runs.
    pub(in super::super) fn ended(leader: &mut Child) -> Option<String> {
        // Asking forgets nothing here: its id is its own until the handle is closed.
        let status = leader.try_wait().ok().flatten()?;
        Some(match status.code() {
            Some(code) => format!("it ended with exit code {code}"),
            None => "it ended".into(),
        })
    }

    /// Ends it, as there is no way to ask.
    pub(in super::super) fn ask_to_end(leader: &mut Child) {
        kill(leader);
    }

    /// Ends it. It may be dead already, which is what was wanted.
    pub(in super::super) fn kill(leader: &mut Child) {
        leader.kill().ok();
    }
}
