//! Processor and memory of this process and its machine.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sysinfo::{
    CpuRefreshKind, MemoryRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, RefreshKind,
    System,
};

use crate::clock::Moment;

/// For how long a measurement of the processor is told to everybody.
const CPU_PERIOD: Duration = Duration::from_secs(30);

/// For how long a reading of the memory is; thousands of clients may connect at once.
const MEMORY_PERIOD: Duration = Duration::from_millis(500);

/// Reads processor and memory; one for the whole server, so that all readers see the same.
#[derive(Debug)]
pub(crate) struct Machine(Option<Mutex<State>>);

/// What a machine tells that is the same in each run.
const CONSTANT: Reading = Reading {
    memory: Memory {
        free: 128 * 1024 * 1024,
        used: 64 * 1024 * 1024,
        allocated: 192 * 1024 * 1024,
        reservable: 1024 * 1024 * 1024,
    },
    cores: 4,
    system_load: 0.0,
    process_load: 0.0,
};

#[derive(Debug)]
struct State {
    system: Option<System>,
    process: Option<Pid>,
    refreshed: Option<Moment>,
    measured: Option<Moment>,
    process_cpu: Duration,
    system_load: f64,
    process_load: f64,
}

/// A reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) memory: Memory,
    /// Logical processors.
    pub(crate) cores: usize,
    /// Of the whole machine, 0 to 1.
    pub(crate) system_load: f64,
    /// Of this process over all processors, 0 to 1.
    pub(crate) process_load: f64,
}

/// Bytes. A JVM tells of its heap. Without one there is the process and the machine it shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// What the process could take at once: what the machine has to spare.
    pub(crate) free: u64,
    /// The resident memory of the process.
    pub(crate) used: u64,
    /// Both together, as it is for a heap.
    pub(crate) allocated: u64,
    /// All memory of the machine.
    pub(crate) reservable: u64,
}

impl Machine {
    /// The machine that this runs on, or one that never changes.
    pub(crate) fn new(constant: bool) -> Self {
        if constant {
            return Self(None);
        }
        let wanted = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing().with_usage())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        Self(Some(Mutex::new(State {
            system: System::new_with_specifics(wanted).ok(),
            process: sysinfo::get_current_pid().ok(),
            refreshed: None,
            measured: None,
            process_cpu: Duration::ZERO,
            system_load: 0.0,
            process_load: 0.0,
        })))
    }

    /// Memory as it was up to half a second ago, processor as it was measured up to 30 s ago. The
    /// very first reading has nothing to compare with and tells 0.
    pub(crate) fn read(&self, now: Moment) -> Reading {
        let Some(state) = &self.0 else { return CONSTANT };
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.refresh_memory(now);
        state.measure_cpu(now);
        Reading {
            memory: state.memory(),
            cores: state.cores(),
            system_load: state.system_load,
            process_load: state.process_load,
        }
    }
}

impl State {
    fn refresh_memory(&mut self, now: Moment) {
        if self.refreshed.is_some_and(|refreshed| now.since(refreshed) < MEMORY_PERIOD) {
            return;
        }
        self.refreshed = Some(now);
        if let Some(system) = &mut self.system {
            system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        }
        self.refresh_process();
    }

    fn refresh_process(&mut self) {
        let (Some(system), Some(process)) = (&mut self.system, self.process) else { return };
        system.refresh_processes_specifics(
            ProcessesToUpdate::Some(&[process]),
            false,
            ProcessRefreshKind::nothing().with_cpu().with_memory().without_tasks(),
        );
    }

    fn measure_cpu(&mut self, now: Moment) {
        let elapsed = self.measured.map(|measured| now.since(measured));
        if elapsed.is_some_and(|elapsed| elapsed < CPU_PERIOD) {
            return;
        }
        self.refresh_process();
        let cores = self.cores();
        let (Some(system), Some(process)) = (&mut self.system, self.process) else { return };
        system.refresh_cpu_usage();
        let spent = system
            .process(process)
            .map_or(self.process_cpu, |p| Duration::from_millis(p.accumulated_cpu_time()));
        if let Some(elapsed) = elapsed {
            let available = elapsed.as_secs_f64() * cores as f64;
            self.system_load = share(f64::from(system.global_cpu_usage()) / 100.0);
            self.process_load =
                share(spent.saturating_sub(self.process_cpu).as_secs_f64() / available);
        }
        self.process_cpu = spent;
        self.measured = Some(now);
    }

    fn memory(&self) -> Memory {
        let (Some(system), Some(process)) = (&self.system, self.process) else {
            return Memory::default();
        };
        let reservable = system.total_memory();
        let used = system.process(process).map_or(0, sysinfo::Process::memory).min(reservable);
        // Memory that is shared counts as used, and may be to spare as well.
        let free = system.available_memory().min(reservable - used);
        Memory { free, used, allocated: used + free, reservable }
    }

    fn cores(&self) -> usize {
        let seen = self.system.as_ref().map_or(0, |system| system.cpus().len());
        seen.max(1)
    }
}

/// Between 0 and 1; what cannot be told is 0.
fn share(load: f64) -> f64 {
    if load.is_finite() { load.clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reading_tells_no_load_and_the_next_ones_are_shared() {
        let machine = Machine::new(false);
        let at = |seconds| Moment::BEGIN + Duration::from_secs(seconds);
        let first = machine.read(at(1));
        assert_eq!((first.system_load, first.process_load), (0.0, 0.0));
        assert!(first.cores >= 1 && first.memory.used > 0, "{first:?}");
        assert_eq!(first.memory.allocated, first.memory.used + first.memory.free);
        let busy = (0..20_000_000u64).fold(0u64, |sum, n| sum.wrapping_add(n * n));
        assert_ne!(busy, 0);
        let cached = machine.read(at(30));
        assert_eq!((cached.system_load, cached.process_load), (0.0, 0.0));
        let measured = machine.read(at(31));
        assert!((0.0..=1.0).contains(&measured.system_load), "{measured:?}");
        assert_eq!(machine.read(at(60)).process_load, measured.process_load);
    }

    #[test]
    fn loads_stay_between_zero_and_one() {
        assert_eq!([share(f64::NAN), share(-1.0), share(7.0), share(0.5)], [0.0, 0.0, 1.0, 0.5]);
    }
}
