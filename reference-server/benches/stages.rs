//! What a second of audio costs on its way to a listener, stage by stage: processor time per
//! second of sound. With `--features libopus` (needs cmake) libopus encodes the same audio at the
//! same complexity and bit rate beside it.
//!
//! `cargo bench -p lavalink-benches --bench stages [--features libopus]`

#![allow(missing_docs)] // criterion's macros make public functions

use std::net::UdpSocket;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main};
use lavalink_benches::music;
use lavalink_reference_server::stages::{Encoding, Making, Reading, Resampling, Sending};
use rustix::time::{ClockId, clock_gettime};

/// Lavalink's default, and the least.
const COMPLEXITIES: [u8; 2] = [10, 0];

/// The synthetic music, in each format.
const FORMATS: [&str; 4] = ["mp3", "m4a", "ogg", "webm"];

const MODES: [&str; 2] = ["aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize"];

/// Frames of 20 ms in a second.
const FRAMES: usize = 50;

fn decode(group: &mut BenchmarkGroup<'_, CpuTime>) {
    for format in FORMATS {
        let path = music(format);
        let open = || Reading::open(&path).expect("the music is in the repository");
        group.bench_function(format!("decode {format}"), |bencher| {
            bencher.iter_batched(
                open,
                |mut reading| {
                    let mut wanted = 2 * reading.sample_rate() as usize;
                    while wanted > 0 {
                        let read = reading.read().expect("it is whole").expect("it is longer");
                        wanted = wanted.saturating_sub(read.len());
                    }
                },
                BatchSize::PerIteration,
            );
        });
    }
}

fn resample(group: &mut BenchmarkGroup<'_, CpuTime>) {
    let (rate, samples) = samples();
    let second = &samples[..2 * rate as usize];
    let mut resampling = Resampling::new(rate).expect("44.1 kHz can be converted");
    let mut out = Vec::new();
    group.bench_function("resample from 44.1 kHz", |bencher| {
        bencher.iter(|| {
            out.clear();
            resampling.feed(second, &mut out).expect("samples can be converted");
        });
    });
}

fn encode(group: &mut BenchmarkGroup<'_, CpuTime>) {
    let frames = frames();
    for complexity in COMPLEXITIES {
        let mut encoding = Encoding::new(complexity).expect("Opus knows this complexity");
        let mut next = frames.iter().cycle();
        group.bench_function(format!("encode at {complexity}"), |bencher| {
            bencher.iter(|| {
                for frame in next.by_ref().take(FRAMES) {
                    encoding.encode(frame).expect("a frame can be encoded");
                }
            });
        });
    }
}

#[cfg(feature = "libopus")]
fn libopus(group: &mut BenchmarkGroup<'_, CpuTime>) {
    use opusic_c::{Application, Bitrate, Channels, Encoder, SampleRate};

    let frames = frames();
    for complexity in COMPLEXITIES {
        let mut encoder = Encoder::new(Channels::Stereo, SampleRate::Hz48000, Application::Audio)
            .expect("libopus has this encoder");
        encoder.set_bitrate(Bitrate::Value(128_000)).expect("libopus knows this bit rate");
        encoder.set_complexity(complexity).expect("libopus knows this complexity");
        let (mut whole, mut out) = (Vec::new(), vec![0; 1276]);
        let mut next = frames.iter().cycle();
        group.bench_function(format!("libopus at {complexity}"), |bencher| {
            bencher.iter(|| {
                for frame in next.by_ref().take(FRAMES) {
                    // It takes what the server's encoder takes.
                    whole.clear();
                    whole.extend(frame.iter().map(|sample| (sample * 32_767.0) as i16 as u16));
                    encoder.encode_to_slice(&whole, &mut out).expect("a frame can be encoded");
                }
            });
        });
    }
}

#[cfg(not(feature = "libopus"))]
fn libopus(_: &mut BenchmarkGroup<'_, CpuTime>) {
    println!("libopus: left out; --features libopus compares with it and needs cmake");
}

fn send(group: &mut BenchmarkGroup<'_, CpuTime>) {
    let mut encoding = Encoding::new(10).expect("Opus knows this complexity");
    let encoded: Vec<_> = frames()
        .iter()
        .map(|frame| encoding.encode(frame).expect("a frame can be encoded"))
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    for mode in MODES {
        let listener = UdpSocket::bind("127.0.0.1:0").expect("there is a port");
        listener.set_nonblocking(true).expect("a socket need not block");
        let to = listener.local_addr().expect("it is bound");
        let mut sending = runtime.block_on(Sending::new(to, mode)).expect("the mode is known");
        let mut next = encoded.iter().cycle();
        group.bench_function(format!("encrypt and send, {mode}"), |bencher| {
            bencher.iter(|| {
                for frame in next.by_ref().take(FRAMES) {
                    sending.send(frame).expect("the system sends");
                }
            });
        });
        assert!(listener.recv(&mut [0; 1500]).is_ok(), "{mode}: nothing was sent");
    }
}

fn make(group: &mut BenchmarkGroup<'_, CpuTime>) {
    let path = music("mp3");
    for complexity in COMPLEXITIES {
        let open = || Making::open(&path, complexity).expect("the music is in the repository");
        group.bench_function(format!("all but sending, mp3, at {complexity}"), |bencher| {
            bencher.iter_batched(
                open,
                |mut making| {
                    for _ in 0..FRAMES {
                        making.next_frame().expect("it is whole").expect("it is longer");
                    }
                },
                BatchSize::PerIteration,
            );
        });
    }
}

fn stages(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("a second of sound");
    decode(&mut group);
    resample(&mut group);
    encode(&mut group);
    libopus(&mut group);
    send(&mut group);
    make(&mut group);
    group.finish();
}

/// The music, and its rate.
fn samples() -> (u32, Vec<f32>) {
    let mut reading = Reading::open(&music("mp3")).expect("the music is in the repository");
    let mut samples = Vec::new();
    while let Some(read) = reading.read().expect("it is whole") {
        samples.extend(read);
    }
    (reading.sample_rate(), samples)
}

/// Frames of it at 48 kHz.
fn frames() -> Vec<Vec<f32>> {
    let (rate, samples) = samples();
    let mut resampled = Vec::new();
    Resampling::new(rate)
        .and_then(|mut resampling| resampling.feed(&samples, &mut resampled))
        .expect("44.1 kHz can be converted");
    resampled.chunks_exact(Encoding::FRAME).map(<[f32]>::to_vec).collect()
}

/// Processor time of the thread, so that others on the machine do not count.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs() as u32)
    }

    fn end(&self, start: Duration) -> Duration {
        self.start() - start
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

criterion_group!(
    name = benches;
    config = Criterion::default().with_measurement(CpuTime).sample_size(30);
    targets = stages
);
criterion_main!(benches);
