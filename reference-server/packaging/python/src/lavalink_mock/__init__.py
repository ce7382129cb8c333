"""A Lavalink v4 server for tests: it plays without Discord and without the internet, its time
stands still until it is moved, and it does what it is told.

>>> from lavalink_mock import Mock
>>> with Mock() as mock:
...     mock.track("ytsearch:hello", title="Hello", lengthMs=295_000)
...     print(mock.sessions())
[]
"""

from .mock import Mock
from .process import MockStartError
from .types import (
    AnyEvent,
    CatalogueEntry,
    Fault,
    LavalinkException,
    Recorded,
    Session,
    Track,
)
from .control import MockError

__all__ = [
    "AnyEvent",
    "CatalogueEntry",
    "Fault",
    "LavalinkException",
    "Mock",
    "MockError",
    "MockStartError",
    "Recorded",
    "Session",
    "Track",
]
