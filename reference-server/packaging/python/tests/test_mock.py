"""The package itself."""

import asyncio
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from lavalink_mock import Mock, MockError, MockStartError


def answers(url):
    """Whether there is a server that asks for a password."""
    try:
        urllib.request.urlopen(f"{url}/version", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def test_ends_with_its_block():
    with Mock() as mock:
        assert answers(mock.url)
    assert not answers(mock.url)
    mock.stop()


def test_stopped_mock_says_so():
    with Mock() as mock:
        pass
    with pytest.raises(MockError, match="was it stopped"):
        mock.sessions()


async def test_ends_with_its_parent(lavalink):
    script = "import lavalink_mock, time; print(lavalink_mock.Mock().url, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with parent:
        url = parent.stdout.readline().strip()
        assert answers(url)
        parent.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    await lavalink.eventually(lambda: not answers(url))


def test_secrets_are_not_shown(lavalink):
    assert lavalink.password not in repr(lavalink)
    assert lavalink._control._token not in repr(vars(lavalink))


def test_unknown_flag_is_told():
    with pytest.raises(MockStartError, match="(?s)--mocks?.*ended with code 2.*--nonsense"):
        Mock("--nonsense")


def test_missing_program_is_told(monkeypatch):
    monkeypatch.setenv("LAVALINK_REFERENCE_SERVER", "/nowhere/server")
    with pytest.raises(MockStartError, match="/nowhere/server, and there is no such file"):
        Mock()


def test_program_of_another_machine_is_told(monkeypatch, tmp_path):
    other = tmp_path / "server"
    other.write_bytes(b"\x7fELF nonsense")
    other.chmod(0o755)
    monkeypatch.setenv("LAVALINK_REFERENCE_SERVER", str(other))
    with pytest.raises(MockStartError, match="is it executable"):
        Mock()


def test_unknown_key_is_told(lavalink):
    with pytest.raises(MockError, match="did you mean systemLoad"):
        lavalink.stats(cpu={"systemlod": 1})


async def test_wait_tells_the_nearest(lavalink):
    answers(lavalink.url)
    with pytest.raises(MockError, match="/version") as told:
        await lavalink.wait_for("GET", "/v4/info", within_ms=10)
    assert told.value.status == 408
    assert told.value.body["nearest"][0]["request"]["path"] == "/version"


async def test_wait_leaves_the_loop_alone(lavalink):
    waiting = asyncio.create_task(lavalink.wait_for("GET", "/version"))
    await asyncio.sleep(0)
    await asyncio.to_thread(answers, lavalink.url)
    [request] = await waiting
    assert request["status"] == 401


async def test_eventually_fails(lavalink):
    with pytest.raises(AssertionError, match="within 5 ms"):
        await lavalink.eventually(lambda: False, within_ms=5)


async def test_time_stands_still(lavalink):
    before = lavalink.control("GET", "/clock")["wallMs"]
    await lavalink.advance(5_000)
    assert lavalink.control("GET", "/clock")["wallMs"] == before + 5_000


def test_faults_are_counted_and_taken_back(lavalink):
    lavalink.fault("GET", "/version", status=500, match={"headers": {"host": "*"}})
    answers(lavalink.url)
    assert [fault["struck"] for fault in lavalink.faults()] == [1]
    lavalink.clear_faults()
    assert lavalink.faults() == []


def test_reset_keeps(lavalink):
    lavalink.track("ytsearch:x", title="Mine")
    lavalink.reset("catalogue")
    assert lavalink.control("GET", "/catalogue")["entries"]
    lavalink.reset()
    assert lavalink.control("GET", "/catalogue")["entries"] == []


@pytest.mark.lavalink("--clock", "real")
def test_marker_gives_flags(lavalink):
    assert lavalink.control("GET", "/clock")["kind"] == "real"


def test_module_is_the_server():
    command = [sys.executable, "-m", "lavalink_mock", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told.startswith("lavalink-reference-server ")


def test_failing_test_tells_what_was_asked(pytester):
    pytester.makepyfile(
        """
        import urllib.error, urllib.request

        def test_fails(lavalink):
            try:
                urllib.request.urlopen(f"{lavalink.url}/v4/info?x=1")
            except urllib.error.HTTPError:
                pass
            assert False
        """
    )
    told = pytester.runpytest_subprocess()
    told.assert_outcomes(failed=1)
    told.stdout.fnmatch_lines(["*What the lavalink mock was asked*", 'GET /v4/info {"x": "1"} -> 401'])


def test_missing_program_is_told_without_a_traceback(pytester, monkeypatch):
    monkeypatch.setenv("LAVALINK_REFERENCE_SERVER", "/nowhere/server")
    pytester.makepyfile("def test_anything(lavalink): pass")
    told = pytester.runpytest_subprocess()
    told.assert_outcomes(errors=1)
    told.stdout.fnmatch_lines(["*no such file*"])
    told.stdout.no_fnmatch_line("*pytest_plugin.py*")
