"""A mock: a server of its own, and what it can be told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal, Self, Unpack
from urllib.parse import quote

from .control import Control
from .process import Process
from .types import (
    AnyEvent,
    CatalogueEntry,
    Fault,
    Info,
    Kind,
    Match,
    PlaylistInfo,
    Recorded,
    Resettable,
    Session,
    Stats,
    Track,
)


class Mock:
    """A Lavalink server of its own, which ends with `stop`, with a `with` block, or with Python.

    What only tells it something is done when it returns. What waits is awaited, so that the client
    goes on meanwhile: `advance`, `advance_until`, `wait_for` and `eventually`.

    A session is named by its id; `latest` is the one that began last and is not over.
    """

    def __init__(self, *flags: str) -> None:
        """Starts it. `flags` are those of lavalink-reference-server, such as `"--vary", "1"`.

        Raises MockStartError if it does not start.
        """
        self._process = Process(flags)
        ready = self._process.ready
        #: Such as `http://127.0.0.1:40123`.
        self.url: str = ready["url"]
        self.host: str = ready["host"]
        self.port: int = ready["port"]
        #: What clients send as Authorization.
        self.password: str = ready["password"]
        #: Of the server.
        self.version: str = ready["version"]
        self.pid: int = ready["pid"]
        self._control = Control(self.host, self.port, ready["controlToken"])

    def stop(self) -> None:
        """Ends the server, as if it had been killed: sockets end without a close frame."""
        self._process.stop()

    def log(self) -> str:
        """What the server has written to its standard error."""
        return self._process.log()

    # Time

    async def advance(self, ms: int) -> None:
        """Moves time. All that came due has been sent when it returns; 0 waits for what is on its
        way."""
        await self._later("POST", "/clock/advance", {"ms": ms})

    async def advance_until(
        self,
        type: str | None = None,
        *,
        op: str | None = None,
        guild: int | None = None,
        session: str | None = None,
        reason: str | None = None,
        within_ms: int | None = None,
    ) -> AnyEvent:
        """Moves time to the next message of a type, such as `TrackEndEvent`, or with an `op`, such
        as `stats`, and gives it. Time is moved by `within_ms` at most, a day if it is left out."""
        until = _given(type=type, op=op, guildId=guild, sessionId=session, reason=reason)
        moved = await self._later("POST", "/clock/advance", _given(until=until, ms=within_ms))
        message: AnyEvent = moved["message"]
        return message

    async def eventually(self, condition: Callable[[], object], within_ms: int = 5000) -> None:
        """Waits until the client has done what follows from a message: until `condition` holds.

        Limits here are of the machine's time.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + within_ms / 1000
        while not condition():
            if loop.time() > end:
                raise AssertionError(f"it did not come to this within {within_ms} ms")
            await asyncio.sleep(0.001)

    # What clients do

    def requests(self, since: int = 0) -> list[Recorded]:
        """All that clients did, oldest first: requests, handshakes, and ends of sockets; only what
        has a greater id than `since`."""
        found: list[Recorded] = self._now("GET", f"/requests?since={since}")["requests"]
        return found

    async def wait_for(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        kind: Kind | None = None,
        body: object = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        status: int | None = None,
        session: str | None = None,
        count: int = 1,
        since: int = 0,
        within_ms: int = 5000,
    ) -> list[Recorded]:
        """Waits until clients have done something so many times, from the beginning or since the
        entry with that id. `*` in path, headers and query is any text; body is what there is at
        least.

        Raises MockError if they do not; it tells the nearest request and its first difference.
        """
        match = _given(
            kind=kind, method=method, path=path, body=body, headers=headers, query=query,
            status=status, sessionId=session,
        )  # fmt: skip
        wanted = {"match": match, "count": count, "since": since, "timeoutMs": within_ms}
        limit = within_ms / 1000 + 30
        found = await asyncio.to_thread(self._control.send, "POST", "/requests/wait", wanted, limit=limit)
        requests: list[Recorded] = found["requests"]
        return requests

    def sessions(self) -> list[Session]:
        """All sessions that are open or wait to be resumed, oldest first."""
        found: list[Session] = self._now("GET", "/sessions")
        return found

    # What fails

    def fault(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        body: object = None,
        delay_ms: int | None = None,
        clock: Literal["machine", "server"] | None = None,
        hang: bool | None = None,
        reset: bool | None = None,
        not_json: bool | None = None,
        times: int | None = None,
        skip: int | None = None,
        probability: float | None = None,
        match: Match | None = None,
    ) -> Fault:
        """Has the next requests to a path, in which `*` is any text, answered with this; without a
        body it is Lavalink's error object. `match` can ask for more. With a 200 it is a canned
        answer, such as a plugin's. A delay is of the machine's time unless `clock` is "server"."""
        answer = _given(
            status=status, headers=headers, body=body, delayMs=delay_ms, clock=clock, hang=hang,
            reset=reset, notJson=not_json,
        )  # fmt: skip
        wanted = {**(match or {}), **_given(method=method, path=path)}
        rest = _given(times=times, skip=skip, probability=probability)
        added: Fault = self._now("POST", "/faults", {"match": wanted, "answer": answer, **rest})
        return added

    def faults(self) -> list[Fault]:
        """All faults, and how often each struck."""
        found: list[Fault] = self._now("GET", "/faults")
        return found

    def clear_faults(self) -> None:
        """Has nothing fail any more."""
        self._now("DELETE", "/faults")

    def refuse_handshakes(self, times: int, status: int = 503) -> None:
        """Refuses the next handshakes."""
        self._now("POST", "/handshakes", {"refuse": times, "status": status})

    # What it says

    def push(self, message: object, *, session: str = "latest") -> None:
        """Sends a client a message of any kind."""
        self._now("POST", f"/sessions/{session}/messages", {"message": message})

    def push_text(self, text: str, *, session: str = "latest") -> None:
        """Sends a client a text that need not be JSON."""
        self._now("POST", f"/sessions/{session}/messages", {"text": text})

    def event(self, guild: int, type: str, *, session: str = "latest", **more: Any) -> AnyEvent:
        """Has an event happen to a player, and gives what was sent: all that is left out, such as
        the track, is filled in."""
        event: AnyEvent = self._now("POST", _player(session, guild, "/events"), {"type": type, **more})
        return event

    def voice_close(
        self,
        guild: int,
        code: int,
        *,
        reason: str | None = None,
        by_remote: bool | None = None,
        session: str = "latest",
    ) -> AnyEvent | None:
        """Has Discord close a player's voice connection, and gives the event; None if Lavalink
        tells nobody after this code and comes back by itself."""
        body = _given(code=code, reason=reason, byRemote=by_remote)
        closed = self._now("POST", _player(session, guild, "/voice-close"), body)
        event: AnyEvent | None = closed["event"]
        return event

    def voice_state(
        self,
        guild: int,
        *,
        ping: int | None = None,
        connected: bool | None = None,
        session: str = "latest",
    ) -> None:
        """Says how a player's voice connection is; its client is told."""
        self._now("PATCH", _player(session, guild, ""), _given(ping=ping, connected=connected))

    def drop_socket(
        self, code: int | None = None, *, abort: bool | None = None, session: str = "latest"
    ) -> Session:
        """Drops a client's socket: with a close frame if there is a code, with a TCP reset if
        `abort`. A client that comes back at once is resumed, if it has asked for that."""
        body = _given(code=code, abort=abort) or None
        dropped: Session = self._now("DELETE", f"/sessions/{session}/socket", body)
        return dropped

    def end_session(self, *, session: str = "latest") -> None:
        """Ends a session as if the server had lost it: it cannot be resumed."""
        self._now("DELETE", f"/sessions/{session}")

    # What it finds

    def track(self, identifier: str, /, **track: Unpack[Track]) -> None:
        """Has an identifier, in which `*` is any text, lead to a track of your own: to a search
        with that one result if it looks like a search."""
        if "search:" in identifier:
            self.search(identifier, track)
        else:
            self.entry(identifier, track=track)

    def search(self, identifier: str, /, *tracks: Track) -> None:
        """Has a search find these tracks."""
        self.entry(identifier, search=list(tracks))

    def playlist(self, identifier: str, /, *tracks: Track, **playlist: Unpack[PlaylistInfo]) -> None:
        """Has an identifier lead to a playlist, with `name`, `selectedTrack` and `pluginInfo`."""
        self._add({"identifier": identifier, "playlist": {**playlist, "tracks": list(tracks)}})

    def entry(self, identifier: str, /, **entry: Unpack[CatalogueEntry]) -> None:
        """Has an identifier lead to anything, such as `empty=True` or `error={"message": "…"}`.
        The entry that was added last is asked first."""
        self._add({**entry, "identifier": identifier})

    # What it is

    def info(self, **info: Unpack[Info]) -> None:
        """Is another server for `/v4/info` and `/version`; what is left out is its own again."""
        self._now("PUT", "/info", info)

    def stats(self, **stats: Unpack[Stats]) -> None:
        """Makes statistics up and sends them to all clients; what is left out is its own again."""
        self._now("PUT", "/stats", stats)

    def reset(self, *keep: Resettable, close_code: int | None = None) -> None:
        """Ends all sessions, and is as it was when it started but for what is to be kept."""
        self._now("POST", "/reset", _given(keep=list(keep), closeCode=close_code))

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Asks the control API for anything else; `path` begins behind `/control`."""
        return self._now(method, path, body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Mock {self.url}>"

    def _add(self, entry: dict[str, Any]) -> None:
        self._now("POST", "/catalogue", {"entries": [entry]})

    def _now(self, method: str, path: str, body: object = None) -> Any:
        return self._control.send(method, path, body)

    async def _later(self, method: str, path: str, body: object) -> Any:
        return await asyncio.to_thread(self._control.send, method, path, body)


def _given(**keys: Any) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def _player(session: str, guild: int, rest: str) -> str:
    return f"/sessions/{quote(session)}/players/{guild}{rest}"
