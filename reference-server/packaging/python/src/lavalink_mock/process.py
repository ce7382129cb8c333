"""The server as a process that ends with this one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

PROGRAM: Final = "lavalink-reference-server" + (".exe" if sys.platform == "win32" else "")


class MockStartError(RuntimeError):
    """The server did not start; the message says what to do."""


def program() -> str:
    """The path of the server: LAVALINK_REFERENCE_SERVER, the one of this package, or one in PATH."""
    named = os.environ.get("LAVALINK_REFERENCE_SERVER")
    if named:
        if not Path(named).is_file():
            raise MockStartError(f"LAVALINK_REFERENCE_SERVER is {named}, and there is no such file")
        return named
    packaged = Path(__file__).parent / "bin" / PROGRAM
    found = str(packaged) if packaged.is_file() else shutil.which(PROGRAM)
    if found is None:
        raise MockStartError(
            f"this installation of lavalink-mock has no {PROGRAM} for {sys.platform}, and PATH has "
            "none: run `cargo install lavalink-reference-server`, or set LAVALINK_REFERENCE_SERVER "
            "to the path of one"
        )
    return found


class Process:
    """A server that is ready. Its standard input is a pipe of this process: when that ends, for
    whatever reason, so does the server."""

    def __init__(self, flags: tuple[str, ...]) -> None:
        command = [program(), "--mock", *flags]
        self._log = tempfile.TemporaryFile(mode="a+b")
        try:
            self._child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log
            )
        except OSError as error:
            self._log.close()
            raise MockStartError(
                f"{command[0]} cannot be run ({error.strerror}); is it executable, and for this kind of machine?"
            ) from error
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        try:
            self.ready: dict[str, Any] = json.loads(line)
        except ValueError as error:
            self._end()
            told = self.log().strip() or "nothing"
            self._log.close()
            raise MockStartError(
                f"{' '.join(command)} ended with code {self._child.returncode} before it was "
                f"ready, and said: {told}"
            ) from error

    def log(self) -> str:
        """What the server has written to its standard error."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self) -> None:
        """Ends the server; does nothing if it has ended."""
        self._end()
        self._log.close()

    def _end(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
