//! Raw AAC (ADTS), as lavaplayer recognises it.

use crate::deviations::switch::{self, either};

/// The header of a packet has to end within these bytes.
const SCANNED: usize = 1000;

/// Bytes of a header, and of the checksum that follows it unless it says that there is none.
const HEADER: usize = 7;
const CHECKSUM: usize = 2;

/// Sampling rates that there are, of sixteen.
const RATES: u8 = 13;

/// Whether the header of a packet is among these first bytes.
pub(super) fn is_adts(head: &[u8]) -> bool {
    let within = either(switch::TRACKS_253_ANYWHERE, SCANNED, usize::MAX);
    let scanned = &head[..head.len().min(within)];
    let first = scanned.windows(HEADER).position(is_header);
    first.is_some_and(|at| {
        let is_protected = head[at + 1] & 1 == 0;
        let checksum = either(switch::TRACKS_253_WITHOUT_CHECKSUM, CHECKSUM, 0);
        !is_protected || head.len() >= at + HEADER + checksum
    })
}

/// Whether these seven bytes are a header: one frame, a rate and a number of channels that there
/// are.
fn is_header(bytes: &[u8]) -> bool {
    let is_synchronous = bytes[0] == 0xFF && bytes[1] & 0xF6 == 0xF0;
    let rate = bytes[2] >> 2 & 0xF;
    let channels = (bytes[2] & 1) << 2 | bytes[3] >> 6;
    is_synchronous && rate < RATES && channels > 0 && bytes[6] & 3 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 44.1 kHz, stereo, without a checksum.
    const GOOD: [u8; HEADER] = [0xFF, 0xF1, 0x50, 0x80, 0x01, 0x7F, 0xFC];

    #[test]
    fn a_header_is_found_within_a_thousand_bytes() {
        for (before, found) in [(0, true), (SCANNED - HEADER, true), (SCANNED - HEADER + 1, false)]
        {
            let head = [vec![b'x'; before], GOOD.to_vec(), vec![0; 100]].concat();
            assert_eq!(is_adts(&head), found, "{before}");
        }
        assert!(is_adts(&GOOD));
        assert!(!is_adts(&GOOD[..6]));
    }

    #[test]
    fn what_no_header_has_is_none() {
        for (at, value) in [(0, 0xFE), (1, 0xF3), (2, 0x74), (3, 0x00), (6, 0xFD)] {
            let mut bytes = GOOD;
            bytes[at] = value;
            assert!(!is_adts(&bytes), "{at}");
        }
    }

    #[test]
    fn a_checksum_has_to_be_there() {
        let mut bytes = GOOD.to_vec();
        bytes[1] = 0xF0;
        assert!(!is_adts(&bytes));
        bytes.extend([0, 0]);
        assert!(is_adts(&bytes));
    }
}
