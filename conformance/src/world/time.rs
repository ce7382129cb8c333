//! Time: it passes by itself, or the target's is moved.
//!
//! A target with manual time has sent everything that is due when it answers that its time was
//! moved; a ping after that tells that all of it has arrived.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::time::Instant;

use super::World;
use crate::client::Control;
use crate::failure::Failure;

/// How a client ends its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SocketEnd {
    /// With a close frame.
    Close,
    /// With a reset of the TCP connection.
    Drop,
}

/// How long a target with manual time may take to notice that a socket has ended.
const NOTICE_LIMIT: Duration = Duration::from_secs(2);

impl World {
    /// What time it is at the target, ms since the epoch.
    pub(crate) fn target_now_ms(&self) -> f64 {
        self.told_ms.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.map_or(0.0, |now| now.as_secs_f64() * 1000.0)
        })
    }

    /// The factor for times that steps name. Manual time needs none: no machine is slow in it.
    pub(crate) fn time_scale(&self) -> f64 {
        match self.settings() {
            Ok(settings) if settings.manual_time.is_none() => settings.budgets.scale,
            _ => 1.0,
        }
    }

    /// Lets that much time pass.
    pub(crate) async fn pass(&mut self, time: Duration) -> Result<(), Failure> {
        match self.manual_time()? {
            Some(control) => {
                self.timeline.push("note", format!("time is moved by {time:?}"), None);
                self.advance(&control, time, false).await.map(|_| ())
            }
            None => {
                self.timeline.push("note", format!("{time:?} pass"), None);
                tokio::time::sleep(time).await;
                Ok(())
            }
        }
    }

    /// The next message of a kind, which has to come within that time.
    pub(crate) async fn next_message(
        &mut self,
        client: &str,
        kind: &str,
        within: Duration,
    ) -> Result<Value, Failure> {
        let Some(control) = self.manual_time()? else {
            let limit = self.settings()?.budgets.limit_for(within);
            return self.client(client)?.next(kind, limit).await;
        };
        let mut left = within;
        self.advance(&control, Duration::ZERO, false).await?;
        loop {
            if let Some(message) = self.client(client)?.next_now(kind)? {
                return Ok(message);
            }
            if left.is_zero() {
                return Err(self.client(client)?.missing(&format!("{kind:?}"), within));
            }
            // From message to message, so that time stands where the right one came.
            let moved = self.advance(&control, left, true).await?;
            left = left.saturating_sub(moved);
        }
    }

    /// How long to wait for what has to come within that time. Time that is moved is moved first.
    pub(crate) async fn within(&mut self, time: Duration) -> Result<Duration, Failure> {
        if self.manual_time()?.is_none() {
            return Ok(self.settings()?.budgets.limit_for(time));
        }
        self.pass(time).await?;
        Ok(self.settings()?.budgets.message_limit())
    }

    /// Holds if no message of that kind (any, without one) comes for that long after what the
    /// scenario did or saw last.
    pub(crate) async fn no_message(
        &mut self,
        client: &str,
        kind: Option<&str>,
        during: Duration,
    ) -> Result<(), Failure> {
        let until = match self.manual_time()? {
            Some(control) => {
                self.advance(&control, during, false).await?;
                None
            }
            None => {
                let since = self.last_at.max(self.client(client)?.read_at());
                Some(since.unwrap_or_else(Instant::now) + during)
            }
        };
        self.client(client)?.none(kind, until).await
    }

    /// A step has ended. What must not follow, must not follow this; or the message, if it only
    /// looked at one.
    pub(crate) fn step_ended(&mut self) {
        if !std::mem::take(&mut self.looked_at_message) {
            self.last_at = Some(Instant::now());
        }
    }

    /// Ends a client's socket. Time that is moved must not be ahead of what ended before, so the
    /// target's notice is waited for.
    pub(crate) async fn end_socket(&mut self, client: &str, end: SocketEnd) -> Result<(), Failure> {
        let settings = self.settings()?;
        let before = match &settings.manual_time {
            Some(control) => control.sockets(&settings).await?,
            None => 0,
        };
        let limit = settings.budgets.message_limit();
        let socket = self.client(client)?.socket()?;
        match end {
            SocketEnd::Close => socket.close(limit).await?,
            SocketEnd::Drop => socket.reset(limit).await?,
        }
        match &settings.manual_time {
            Some(control) => self.wait_for_sockets(control, before.saturating_sub(1)).await,
            None => Ok(()),
        }
    }

    /// Takes everything from a target with manual time that this scenario left there.
    pub(super) async fn empty_target(&mut self, control: &Control) -> Result<(), Failure> {
        let settings = self.settings()?;
        for client in self.clients.values_mut().chain(&mut self.former_clients) {
            client.hang_up().await?;
        }
        control.reset(&settings).await?;
        self.rooms.clear();
        self.wait_for_sockets(control, 0).await
    }

    /// How the target's time is moved; `None` if it passes by itself.
    pub(super) fn manual_time(&self) -> Result<Option<Control>, Failure> {
        Ok(self.settings()?.manual_time.clone())
    }

    /// Asks what time it is at the target.
    pub(super) async fn ask_time(&mut self) -> Result<(), Failure> {
        let settings = self.settings()?;
        if let Some(control) = &settings.manual_time {
            self.told_ms = Some(control.time(&settings).await?.wall_ms);
        }
        Ok(())
    }

    /// Moves time, in pieces where sound is heard; gives back by how much. Up to a message it is
    /// one piece at most.
    async fn advance(
        &mut self,
        control: &Control,
        by: Duration,
        until_message: bool,
    ) -> Result<Duration, Failure> {
        let mut moved = Duration::ZERO;
        loop {
            let left = by - moved;
            // The system keeps datagrams that nobody has read only for so long.
            let step = if self.rooms.is_empty() { left } else { left.min(LONGEST_WITH_SOUND) };
            let done = self.advance_once(control, step, until_message).await?;
            moved += done;
            // A message may be the last thing of a whole step.
            if moved >= by || done < step || until_message {
                return Ok(moved);
            }
        }
    }

    async fn advance_once(
        &mut self,
        control: &Control,
        by: Duration,
        until_message: bool,
    ) -> Result<Duration, Failure> {
        let settings = self.settings()?;
        let time = control.advance(&settings, by, until_message).await?;
        self.told_ms = Some(time.wall_ms);
        for room in self.rooms.values() {
            let heard = room.hear_all(settings.budgets.message_limit()).await;
            heard.map_err(|error| Failure::harness(format!("cannot hear the room: {error}")))?;
        }
        for client in self.clients.values_mut().chain(&mut self.former_clients) {
            client.read_all(settings.budgets.message_limit()).await?;
        }
        Ok(time.moved)
    }

    /// Waits until the target has no more open sockets than that.
    async fn wait_for_sockets(&self, control: &Control, most: u64) -> Result<(), Failure> {
        let settings = self.settings()?;
        let noticed = async {
            while control.sockets(&settings).await? > most {
                tokio::time::sleep(MILLISECOND).await;
            }
            Ok(())
        };
        tokio::time::timeout(NOTICE_LIMIT, noticed).await.unwrap_or_else(|_| {
            self.timeline.push("note", "the target keeps a socket that has ended", None);
            Ok(())
        })
    }
}

/// The longest time that is moved at once while sound may come.
const LONGEST_WITH_SOUND: Duration = Duration::from_secs(1);

const MILLISECOND: Duration = Duration::from_millis(1);
