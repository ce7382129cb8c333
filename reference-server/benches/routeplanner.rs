//! How fast a route planner picks addresses, with many of them failing.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use lavalink_reference_server::routeplanner::{Planner, RateLimit, StrategyName};

/// Addresses that fail before the picking begins.
const FAILING: u32 = 50_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("pick");
    group.throughput(Throughput::Elements(1));
    for (name, strategy) in StrategyName::ALL {
        for block in ["10.0.0.0/16", "2001:db8::/48"] {
            let Ok(config) = RateLimit::new(&[block], &[""; 0], strategy) else { continue };
            for failing in [0, FAILING] {
                let (mut planner, mut now) = begin(&config, failing);
                group.bench_function(format!("{name}, {block}, {failing} failing"), |bencher| {
                    bencher.iter(|| {
                        now += Duration::from_nanos(100);
                        black_box(planner.pick(now))
                    });
                });
            }
        }
    }
    group.finish();

    let mut group = criterion.benchmark_group("pick, mark");
    group.throughput(Throughput::Elements(1));
    for (name, strategy) in StrategyName::ALL {
        let config = RateLimit::new(&["2001:db8::/48"], &[""; 0], strategy).unwrap();
        let (mut planner, mut now) = begin(&config, FAILING);
        group.bench_function(format!("{name}, {FAILING} failing"), |bencher| {
            bencher.iter(|| {
                now += Duration::from_nanos(100);
                let address = planner.pick(now).unwrap();
                planner.mark(address, now);
                planner.free(address);
            });
        });
    }
    group.finish();
    criterion.final_summary();
}

fn begin(config: &RateLimit, failing: u32) -> (Planner, Duration) {
    let mut now = Duration::from_secs(1_800_000_000);
    let mut planner = Planner::new(config, 1, false, now).unwrap();
    for _ in 0..failing {
        now += Duration::from_micros(1);
        let address = planner.pick(now).unwrap();
        planner.mark(address, now);
    }
    (planner, now)
}
