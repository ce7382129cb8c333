"""The fixtures `lavalink` and `start_lavalink`."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator

import pytest

from .mock import Mock
from .process import MockStartError
from .types import Recorded


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "lavalink(*flags): flags of the server that the fixture `lavalink` starts"
    )


@pytest.fixture
def start_lavalink() -> Generator[Callable[..., Mock]]:
    """Starts one mock more with each call; all of them end with the test."""
    started: list[Mock] = []

    def start(*flags: str) -> Mock:
        try:
            started.append(Mock(*flags))
        except MockStartError as error:
            pytest.fail(str(error), pytrace=False)
        return started[-1]

    yield start
    for mock in started:
        mock.stop()


@pytest.fixture
def lavalink(request: pytest.FixtureRequest, start_lavalink: Callable[..., Mock]) -> Mock:
    """A Lavalink server for this test alone."""
    marker = request.node.get_closest_marker("lavalink")
    return start_lavalink(*(marker.args if marker else ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails tells what its clients did."""
    report = yield
    mock = getattr(item, "funcargs", {}).get("lavalink")
    if call.when == "call" and report.failed and isinstance(mock, Mock):
        try:
            told = "\n".join(map(_line, mock.requests()[-30:]))
        except AssertionError as error:
            told = str(error)
        report.sections.append(("What the lavalink mock was asked", told))
    return report


def _line(entry: Recorded) -> str:
    if entry["kind"] == "close":
        return f"socket closed with {entry.get('code')} by the {entry.get('by')}"
    words = [entry["kind"] if entry["kind"] == "handshake" else entry.get("method", "")]
    words.append(entry.get("path", ""))
    for key in ("query", "body"):
        value = entry.get(key)
        if value:
            words.append(json.dumps(value, ensure_ascii=False)[:200])
    return " ".join([*words, "->", str(entry.get("status"))])
