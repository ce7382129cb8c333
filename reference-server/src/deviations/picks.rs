//! Breaks of which address a route planner picks.

use std::net::IpAddr;

use super::memory::{Memory, remembered};
use super::row::{Row, run};
use crate::routeplanner::Blocks;

/// Gives the offset of an address in the blocks that is picked instead.
type Change = fn(&Blocks, u128, &Memory) -> u128;

const fn pick(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

const ROWS: &[Row<Change>] = &[
    pick(
        "LL-ROUTEPLANNER-030/in-turn",
        "LoadBalance takes the addresses in turn",
        |blocks, _, memory| {
            let turn = memory.get("").unwrap_or_default();
            let offset = u128::from(turn.cast_unsigned()) % (blocks.last_offset() + 1);
            memory.put("", turn + 1);
            offset
        },
    ),
    pick(
        "LL-ROUTEPLANNER-030/sticks",
        "LoadBalance takes the same address for each request",
        |_, offset, memory| {
            let first = memory.get("").unwrap_or((offset as u64).cast_signed());
            memory.put("", first);
            first.cast_unsigned().into()
        },
    ),
    pick("LL-ROUTEPLANNER-040/falling", "the addresses of NanoSwitch fall", |_, offset, _| {
        u128::from(u64::MAX) - offset
    }),
    pick(
        "LL-ROUTEPLANNER-040/same",
        "NanoSwitch takes the same address for each request",
        |_, _, _| 0,
    ),
    pick(
        "LL-ROUTEPLANNER-098/from-the-first",
        "RotateOnBan begins with the first address",
        |_, offset, _| offset.saturating_sub(18),
    ),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// The address that is picked instead of one, as the chosen deviations say.
pub(super) fn change(blocks: &Blocks, mut address: IpAddr) -> IpAddr {
    run(rows(), |row| {
        let Some(offset) = blocks.offsets_of(address).next() else { return false };
        let other = (row.change)(blocks, offset, &remembered(row.name));
        address = blocks.address_at(other);
        true
    });
    address
}
