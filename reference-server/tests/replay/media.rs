//! Stand-ins for the media of the recorded server.

use std::f64::consts::TAU;
use std::path::Path;

/// Hz.
const RATE: u32 = 48_000;

/// Writes files of the recorded names, formats and lengths.
pub(crate) fn write_to(folder: &Path, fixtures: &Path) {
    for (name, hertz, seconds) in [
        ("sine440_30s.wav", 440.0, 30),
        ("sine1k_3s.wav", 1000.0, 3),
        ("s3.wav", 440.0, 3),
        ("s5.wav", 440.0, 5),
        ("s10.wav", 440.0, 10),
    ] {
        std::fs::write(folder.join(name), tone(hertz, seconds)).unwrap();
    }
    for file in std::fs::read_dir(fixtures.join("recordings/media")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
}

/// A wav of a sine at half of the full scale, 48 kHz stereo s16.
fn tone(hertz: f64, seconds: u32) -> Vec<u8> {
    let data = seconds * RATE * 4;
    let mut wav = Vec::with_capacity(44 + data as usize);
    wav.extend(b"RIFF");
    wav.extend((36 + data).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16u32.to_le_bytes());
    wav.extend(1u16.to_le_bytes());
    wav.extend(2u16.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 4).to_le_bytes());
    wav.extend(4u16.to_le_bytes());
    wav.extend(16u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(data.to_le_bytes());
    for at in 0..seconds * RATE {
        let level = (f64::from(at) * hertz * TAU / f64::from(RATE)).sin() * 0.5;
        let sample = ((level * f64::from(i16::MAX)) as i16).to_le_bytes();
        wav.extend(sample);
        wav.extend(sample);
    }
    wav
}
