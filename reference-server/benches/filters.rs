//! How many times faster than it is heard sound goes through the filters: the throughput of
//! "elements" is in frames, and 48 000 of them are a second.

#![allow(missing_docs)] // criterion's macros make public functions

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lavalink_reference_server::filters::Chain;

/// Frames of a block.
const BLOCK: usize = 960;

/// Blocks of a second.
const BLOCKS: usize = 50;

/// Settings of each filter that do something, as in the recordings.
const FILTERS: [(&str, &str); 10] = [
    ("volume", "0.9"),
    (
        "equalizer",
        concat!(
            r#"[{"band":0,"gain":0.3},{"band":1,"gain":0.25},{"band":2,"gain":0.2},"#,
            r#"{"band":3,"gain":0.1},{"band":4,"gain":0.05},{"band":5,"gain":-0.05},"#,
            r#"{"band":6,"gain":-0.1},{"band":7,"gain":-0.15},{"band":8,"gain":-0.15},"#,
            r#"{"band":9,"gain":-0.1},{"band":10,"gain":0.0},{"band":11,"gain":0.05},"#,
            r#"{"band":12,"gain":0.1},{"band":13,"gain":0.2},{"band":14,"gain":0.25}]"#
        ),
    ),
    ("karaoke", r#"{"level":0.4,"monoLevel":0.6}"#),
    ("tremolo", r#"{"frequency":6,"depth":0.6}"#),
    ("vibrato", r#"{"frequency":7,"depth":0.4}"#),
    ("distortion", r#"{"sinOffset":0.3,"tanOffset":0.6,"scale":1.4}"#),
    ("rotation", r#"{"rotationHz":3}"#),
    (
        "channelMix",
        r#"{"leftToLeft":0.9,"leftToRight":0.1,"rightToLeft":0.15,"rightToRight":0.85}"#,
    ),
    ("lowPass", r#"{"smoothing":4}"#),
    ("timescale", r#"{"speed":1.25,"pitch":1.1}"#),
];

fn throughput(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frames");
    group.throughput(Throughput::Elements((BLOCK * BLOCKS) as u64));
    let noise = noise();
    let each = FILTERS.iter().map(|filter| (filter.0, vec![*filter]));
    let together = [("nine", FILTERS[..9].to_vec()), ("ten", FILTERS.to_vec())];
    for (name, filters) in each.chain(together) {
        let members: Vec<_> = filters.iter().map(|(key, set)| format!("{key:?}:{set}")).collect();
        let filters = format!("{{{}}}", members.join(",")).parse().expect("filters");
        let mut chain = Chain::build(&filters).expect("good parameters").expect("enabled");
        let mut out = Vec::with_capacity(8 * BLOCK * BLOCKS);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                out.clear();
                noise.chunks(2 * BLOCK).for_each(|block| chain.process(block, &mut out));
                out.last().copied()
            });
        });
    }
}

/// A second of white noise in stereo.
fn noise() -> Vec<f32> {
    let mut state = 1_u32;
    let draw = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as i32 - 8_388_608) as f32 / 8_388_608.0 * 0.5
    };
    (0..2 * BLOCK * BLOCKS).map(draw).collect()
}

criterion_group!(benches, throughput);
criterion_main!(benches);
