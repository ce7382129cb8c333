//! Voice channels: joining, being heard, what the gateway does and sees.

mod ends;
mod frames;
mod gateway;
mod joining;
mod seen;

pub(super) use joining::join_if_any;

use super::Steps;

pub(super) fn register(steps: &mut Steps) {
    joining::register(steps);
    gateway::register(steps);
    seen::register(steps);
    ends::register(steps);
    frames::register(steps);
}
