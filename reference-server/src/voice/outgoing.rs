//! Audio on its way to a voice server: a short queue of packets, one of which leaves every 20 ms.
//!
//! The real server hands its packets to a native sender that keeps 400 ms of them, unless it is
//! configured otherwise. So positions and events are ahead of what is heard by that much, here too.

use std::collections::VecDeque;
use std::time::Duration;

use super::RtpStream;
use crate::clock::Moment;
use crate::deviations::switch::{self, deviates, either};
use crate::pcm::{FRAME_PERIOD, SILENCE};

/// Frames of silence that are sent when sound stops.
const SILENCE_FRAMES: u8 = 5;

/// Who is later than that goes on from now; who is less late makes up for it.
const LATE: Duration = Duration::from_millis(40);

/// The audio side of a connection.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// Nobody hears it without one.
    pub(crate) stream: Option<Box<RtpStream>>,
    pub(crate) queue: VecDeque<Box<[u8]>>,
    /// Packets that the queue holds.
    capacity: usize,
    speaking: bool,
    silence_left: u8,
    /// Frames until the next one that is late, after it until the one after that, and so on.
    late_in: VecDeque<u32>,
    /// When the next packet leaves; never while there is nothing to say.
    next: Moment,
}

/// What to do with the speaking flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaking {
    Begins,
    Ends,
}

impl Outgoing {
    /// Without a stream the frames go nowhere. `buffer`: how much the queue holds, one packet at
    /// least.
    pub(crate) fn new(stream: Option<Box<RtpStream>>, buffer: Duration, now: Moment) -> Self {
        let packets = buffer.as_millis() / FRAME_PERIOD.as_millis();
        Self {
            stream,
            queue: VecDeque::new(),
            capacity: usize::try_from(packets).unwrap_or(usize::MAX).max(1),
            speaking: false,
            silence_left: 0,
            late_in: VecDeque::new(),
            next: now,
        }
    }

    /// Lets a frame be late after that many, and another after as many as come next.
    pub(crate) fn stutter_after(&mut self, frames: Vec<u32>) {
        self.late_in = frames.into();
    }

    /// Whether the next frame is one that is late.
    pub(crate) fn stutters(&mut self) -> bool {
        let late = self.speaking && self.late_in.front() == Some(&0);
        if late {
            self.late_in.pop_front();
        }
        late
    }

    /// When something is to be done next.
    pub(crate) fn next(&self) -> Moment {
        self.next
    }

    /// There may be something to say again.
    pub(crate) fn wake(&mut self, now: Moment) {
        if self.next == Moment::NEVER {
            self.next = now;
        }
    }

    /// Nothing more is pushed; gives back whether something is left to send.
    pub(crate) fn drains(&self) -> bool {
        !self.queue.is_empty() && self.stream.is_some() && self.next < Moment::NEVER
    }

    pub(crate) fn has_room(&self) -> bool {
        self.room() > 0
    }

    /// Packets that the queue can take.
    pub(crate) fn room(&self) -> usize {
        self.capacity.saturating_sub(self.queue.len())
    }

    /// Whether its packets go anywhere.
    pub(crate) fn is_heard(&self) -> bool {
        self.stream.is_some()
    }

    /// Takes a frame of audio.
    pub(crate) fn push(&mut self, opus: Box<[u8]>) -> Option<Speaking> {
        if let Some(frames) = self.late_in.front_mut() {
            *frames = frames.saturating_sub(1);
        }
        self.queue.push_back(opus);
        if deviates(switch::PLAYBACK_006_SILENCE_BETWEEN) {
            self.queue.push_back(SILENCE.into());
        }
        let frames = either(switch::PLAYBACK_002_FOUR, SILENCE_FRAMES, 4);
        self.silence_left = either(switch::PLAYBACK_002_NONE, frames, 0);
        let begins = !std::mem::replace(&mut self.speaking, true);
        begins.then_some(Speaking::Begins)
    }

    /// There is no audio now. Silence fills the queue for a while.
    pub(crate) fn push_silence(&mut self) -> Option<Speaking> {
        while self.has_room() && self.silence_left > 0 {
            if !deviates(switch::PLAYBACK_014_ENDLESS) {
                self.silence_left -= 1;
            }
            self.queue.push_back(SILENCE.into());
        }
        if self.speaking && !self.queue.is_empty() && deviates(switch::PLAYBACK_088_LATE) {
            return None;
        }
        let ends = std::mem::replace(&mut self.speaking, false);
        ends.then_some(Speaking::Ends)
    }

    /// Sends the packet whose time has come. `expecting`: whether there may be more soon.
    pub(crate) fn send(&mut self, now: Moment, expecting: bool) {
        match self.queue.pop_front() {
            Some(opus) => {
                if let Some(stream) = &mut self.stream
                    && !deviates(switch::PREREQUISITE_010_UNHEARD)
                    && let Err(error) = stream.send(&opus)
                {
                    tracing::debug!("a voice packet was not sent: {error}");
                }
                let late = now >= self.next + LATE;
                let slow = FRAME_PERIOD + Duration::from_millis(1);
                let period = either(switch::PLAYBACK_006_SLOW, FRAME_PERIOD, slow);
                self.next = if late { now } else { self.next } + period;
            }
            None if expecting => self.next = now + FRAME_PERIOD,
            None => self.next = Moment::NEVER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUFFER: Duration = Duration::from_millis(400);

    #[test]
    fn a_queue_holds_as_much_as_its_buffer_and_one_packet_at_least() {
        for (buffer, packets) in [(BUFFER, 20), (Duration::ZERO, 1), (FRAME_PERIOD, 1)] {
            let mut outgoing = Outgoing::new(None, buffer, Moment::BEGIN);
            while outgoing.has_room() {
                outgoing.push([1].into());
            }
            assert_eq!(outgoing.queue.len(), packets, "{buffer:?}");
        }
    }

    #[test]
    fn five_frames_of_silence_follow_sound_and_then_nothing() {
        let mut outgoing = Outgoing::new(None, BUFFER, Moment::BEGIN);
        assert_eq!(outgoing.push([1].into()), Some(Speaking::Begins));
        assert_eq!(outgoing.push([2].into()), None);
        assert_eq!(outgoing.push_silence(), Some(Speaking::Ends));
        assert_eq!(outgoing.push_silence(), None);
        assert_eq!(outgoing.queue.len(), 7);
        let mut now = Moment::BEGIN;
        for _ in 0..7 {
            outgoing.send(now, false);
            now = outgoing.next();
        }
        outgoing.send(now, false);
        assert_eq!(outgoing.next(), Moment::NEVER);
        outgoing.wake(now);
        assert_eq!(outgoing.next(), now);
    }

    #[test]
    fn frames_are_late_after_as_many_as_asked_for() {
        let mut outgoing = Outgoing::new(None, BUFFER, Moment::BEGIN);
        outgoing.stutter_after(vec![2, 1]);
        let mut late = Vec::new();
        for frame in 0..6 {
            if outgoing.stutters() {
                late.push(frame);
                outgoing.push_silence();
            }
            outgoing.push([1].into());
        }
        assert_eq!(late, [2, 3]);
        assert_eq!(outgoing.queue.len(), 6 + 2 * 5);
    }

    #[test]
    fn packets_keep_their_pace_whoever_wakes_late() {
        let mut outgoing = Outgoing::new(None, Duration::from_millis(400), Moment::BEGIN);
        let mut sent_at = |late: u64| {
            outgoing.push([1].into());
            let now = outgoing.next() + Duration::from_millis(late);
            outgoing.send(now, true);
            outgoing.next()
        };
        let twenty = |packets: u64| Moment::BEGIN + Duration::from_millis(20 * packets);
        assert_eq!((1..=100).map(|n| sent_at(n % 40)).last(), Some(twenty(100)));
        assert_eq!(sent_at(40), twenty(103));
        assert_eq!(sent_at(500), twenty(103) + Duration::from_millis(520));
    }

    #[test]
    fn silence_waits_for_room_in_the_queue() {
        let mut outgoing = Outgoing::new(None, BUFFER, Moment::BEGIN);
        while outgoing.has_room() {
            outgoing.push([1].into());
        }
        assert_eq!(outgoing.push_silence(), Some(Speaking::Ends));
        assert_eq!(outgoing.queue.len(), 20);
        for _ in 0..20 + 5 {
            outgoing.push_silence();
            outgoing.send(Moment::BEGIN, false);
        }
        assert_eq!((outgoing.queue.len(), outgoing.silence_left), (0, 0));
    }
}
