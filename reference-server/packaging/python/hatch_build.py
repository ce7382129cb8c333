"""Puts the server into the wheel, which is then for one platform and for any Python 3.

LAVALINK_REFERENCE_SERVER is the program, and LAVALINK_MOCK_PLATFORM the wheel's platform tag, such
as `manylinux_2_17_x86_64.musllinux_1_1_x86_64` for a static one; without it the tag is this
machine's.
"""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ServerInWheel(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        program = os.environ.get("LAVALINK_REFERENCE_SERVER")
        if not program or not Path(program).is_file():
            raise RuntimeError(
                f"no server at LAVALINK_REFERENCE_SERVER={program or ''}: run `cargo build --release "
                "-p lavalink-reference-server` and set it to the path of what was built"
            )
        own = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        platform = os.environ.get("LAVALINK_MOCK_PLATFORM") or own
        name = "lavalink-reference-server" + Path(program).suffix
        build_data["force_include"][program] = f"lavalink_mock/bin/{name}"
        build_data["tag"] = f"py3-none-{platform}"
        build_data["pure_python"] = False
