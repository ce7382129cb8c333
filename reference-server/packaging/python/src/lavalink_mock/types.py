"""What the control API takes and gives. Keys are spelled as it spells them."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Kind = Literal["request", "handshake", "close"]
Severity = Literal["common", "suspicious", "fault"]
Resettable = Literal["journal", "faults", "catalogue", "info", "stats", "clock", "routePlanner"]

#: An event as Lavalink sends it.
AnyEvent = dict[str, Any]


class LavalinkException(TypedDict, total=False):
    """An exception of Lavalink. What is left out is filled in."""

    message: str
    severity: Severity
    cause: str
    causeStackTrace: str


class Fails(TypedDict, total=False):
    """A track that does not play to its end."""

    exception: LavalinkException
    stuckMs: int
    afterMs: int


class Track(TypedDict, total=False):
    """A track of your own. What is left out is filled in."""

    title: str
    author: str
    lengthMs: int
    identifier: str
    uri: str | None
    artworkUrl: str | None
    isrc: str | None
    sourceName: str
    isStream: bool
    position: int
    pluginInfo: dict[str, Any]
    userData: dict[str, Any]
    plays: Literal["tone", "stuck"] | Fails


class PlaylistInfo(TypedDict, total=False):
    """What a playlist is beside its tracks."""

    name: str
    selectedTrack: int
    pluginInfo: dict[str, Any]


class Playlist(PlaylistInfo, total=False):
    """A playlist of your own."""

    tracks: list[Track]


class CatalogueEntry(TypedDict, total=False):
    """An identifier, in which `*` stands for any text, and one of the others."""

    identifier: str
    track: Track
    search: list[Track]
    playlist: Playlist
    empty: Literal[True]
    error: LavalinkException


class Match(TypedDict, total=False):
    """What a request has to have, all of it."""

    kind: Kind
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int
    sessionId: str
    code: int


class Recorded(TypedDict, total=False):
    """Something that a client did. `id`, `kind` and `wallMs` are always there."""

    id: int
    kind: Kind
    wallMs: int
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    bodyCut: bool
    status: int | None
    fault: int
    sessionId: str
    resumed: bool
    code: int
    reason: str
    by: Literal["client", "server"]


class Fault(TypedDict):
    """A fault, and what became of it."""

    id: int
    match: Match
    times: int | None
    skip: int
    probability: float
    answer: dict[str, Any]
    matched: int
    struck: int


class Session(TypedDict):
    """A session as it is now."""

    id: str
    userId: str
    clientName: str | None
    state: Literal["open", "away", "over"]
    resuming: bool
    timeout: int
    players: list[dict[str, Any]]


class Memory(TypedDict, total=False):
    """In bytes."""

    free: int
    used: int
    allocated: int
    reservable: int


class Cpu(TypedDict, total=False):
    """Loads are of 1."""

    cores: int
    systemLoad: float
    lavalinkLoad: float


class FrameStats(TypedDict, total=False):
    """Frames of the last minute."""

    sent: int
    nulled: int
    deficit: int


class Stats(TypedDict, total=False):
    """What is left out is the server's own."""

    players: int
    playingPlayers: int
    uptime: int
    memory: Memory
    cpu: Cpu
    frameStats: FrameStats | None


class Plugin(TypedDict, total=False):
    """A plugin that the server says it has."""

    name: str
    version: str


class Info(TypedDict, total=False):
    """What is left out is the server's own."""

    version: str
    apiVersion: str
    buildTime: int
    git: dict[str, Any]
    jvm: str
    lavaplayer: str
    sourceManagers: list[str]
    filters: list[str]
    plugins: list[str | Plugin]
