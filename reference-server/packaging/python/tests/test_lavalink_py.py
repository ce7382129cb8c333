"""Lavalink.py in the situations in which it decides something itself."""

import asyncio

import aiohttp
import lavalink as lavalink_py
import pytest
from lavalink import errors, events

GUILD = 7


class Client(lavalink_py.Client):
    """Keeps the events that it dispatches."""

    def __init__(self):
        super().__init__(user_id=1)
        self.seen = []
        self.add_event_hook(self._see)

    async def _see(self, event):
        self.seen.append(event)

    def of(self, kind):
        return [event for event in self.seen if isinstance(event, kind)]

    def add(self, mock, **options):
        return self.add_node(mock.host, mock.port, mock.password, "eu", str(mock.port), **options)

    async def join(self, guild=GUILD):
        """What Discord says when a bot joins a voice channel."""
        player = self.player_manager.create(guild)
        state = {"guild_id": guild, "user_id": 1, "channel_id": 8, "session_id": "s"}
        await self.voice_update_handler({"t": "VOICE_STATE_UPDATE", "d": state})
        server = {"guild_id": guild, "endpoint": "voice.test:443", "token": "t"}
        await self.voice_update_handler({"t": "VOICE_SERVER_UPDATE", "d": server})
        return player


@pytest.fixture
async def client():
    client = Client()
    yield client
    await client.close()


@pytest.fixture
async def node(lavalink, client):
    node = client.add(lavalink)
    await lavalink.eventually(lambda: client.of(events.NodeReadyEvent))
    return node


@pytest.fixture
async def player(node, client):
    return await client.join()


async def find(client, query):
    return (await client.get_tracks(query)).tracks[0]


async def test_queue_advances(lavalink, player, client):
    for track in (await client.get_tracks("ytsearch:two [7s]")).tracks[:2]:
        player.add(track)
    await player.play()
    for _ in range(2):
        await lavalink.advance_until("TrackEndEvent", reason="finished")
    await lavalink.eventually(lambda: client.of(events.QueueEndEvent))


async def test_exception_with_own_severity(lavalink, player, client):
    lavalink.track("ytsearch:x", plays={"exception": {"message": "Sign in", "severity": "suspicious"}})
    await player.play(await find(client, "ytsearch:x"))
    await lavalink.advance_until("TrackEndEvent", reason="loadFailed")
    await lavalink.eventually(lambda: client.of(events.TrackExceptionEvent))
    [event] = client.of(events.TrackExceptionEvent)
    assert (event.message, event.severity.name) == ("Sign in", "SUSPICIOUS")


async def test_failover(lavalink, start_lavalink, client, node, player):
    await player.play(await find(client, "ytsearch:hello"))
    second = start_lavalink()
    client.add(second)
    await second.eventually(lambda: len(client.of(events.NodeReadyEvent)) == 2)
    lavalink.stop()
    [patch] = await second.wait_for("PATCH", "*/players/7", body={"track": {}})
    assert patch["body"]["track"]["encoded"] == player.current.track


@pytest.mark.xfail(
    strict=True, reason="Lavalink.py 5.11 comes back without Session-Id, so nothing is resumed"
)
async def test_resumed(lavalink, node, client):
    await node.update_session(resuming=True, timeout=60)
    lavalink.drop_socket()
    await lavalink.eventually(lambda: len(client.of(events.NodeReadyEvent)) == 2)
    assert client.of(events.NodeReadyEvent)[1].resumed


async def test_bot_restarts_and_resumes(lavalink, node, client):
    await node.update_session(resuming=True, timeout=60)
    await client.close()
    await lavalink.wait_for(kind="close")
    restarted = Client()
    restarted.add(lavalink, session_id=node.session_id)
    await lavalink.eventually(lambda: restarted.of(events.NodeReadyEvent))
    await restarted.close()
    assert restarted.of(events.NodeReadyEvent)[0].resumed


async def test_session_lost(lavalink, node, client):
    lavalink.end_session()
    await lavalink.eventually(lambda: len(client.of(events.NodeReadyEvent)) == 2)
    assert not client.of(events.NodeReadyEvent)[1].resumed


@pytest.mark.xfail(strict=True, reason="Lavalink.py 5.11 gives a node up at the first 503")
async def test_refused_handshake_is_tried_again(lavalink, node):
    lavalink.refuse_handshakes(1)
    lavalink.drop_socket()
    await lavalink.wait_for(kind="handshake", count=3, within_ms=200)


@pytest.mark.parametrize("status", [429, 500])
async def test_lookup_is_refused(lavalink, node, client, status):
    lavalink.fault("GET", "/v4/loadtracks", status=status, headers={"Retry-After": "1"}, times=1)
    with pytest.raises(errors.RequestError) as told:
        await client.get_tracks("ytsearch:hello")
    assert told.value.status == status
    assert (await client.get_tracks("ytsearch:hello")).tracks


async def test_hang(lavalink, node, client):
    lavalink.fault("GET", "/v4/loadtracks", hang=True)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(client.get_tracks("ytsearch:hello"), 0.02)


@pytest.mark.parametrize("code", [4014, 4006])
async def test_voice_closed(lavalink, player, client, code):
    lavalink.voice_close(GUILD, code)
    await lavalink.eventually(lambda: client.of(events.WebSocketClosedEvent))
    assert client.of(events.WebSocketClosedEvent)[0].code == code


async def test_load_balancing(lavalink, start_lavalink, client, node):
    other = client.add(start_lavalink())
    lavalink.stats(cpu={"systemLoad": 0.99})
    await lavalink.eventually(lambda: node.penalty > 1000 and other.stats.uptime >= 0 and other.available)
    assert client.node_manager.find_ideal_node() is other


async def test_unknown_messages(lavalink, player, client):
    lavalink.push({"op": "somethingNew"})
    lavalink.push_text("{")
    lavalink.event(GUILD, "LyricsFoundEvent")
    lavalink.event(GUILD, "WebSocketClosedEvent", code=4000)
    await lavalink.eventually(lambda: client.of(events.WebSocketClosedEvent))


async def test_spotify(lavalink, node, client):
    lavalink.track("spsearch:hello", title="Hello", isrc="GBBKS1500214")
    track = await find(client, "spsearch:hello")
    assert (await node.decode_track(track.track)).source_name == "spotify"
    assert track.isrc == "GBBKS1500214"


async def test_stuck(lavalink, player, client):
    lavalink.track("ytsearch:x", plays="stuck")
    await player.play(await find(client, "ytsearch:x"))
    await lavalink.advance_until("TrackStuckEvent")
    await lavalink.eventually(lambda: client.of(events.TrackStuckEvent))


async def test_lookups_of_every_kind(lavalink, node, client):
    lavalink.playlist("https://x.test/list", {}, {"title": "B"}, name="Mix", selectedTrack=1)
    lavalink.entry("ytsearch:none", empty=True)
    lavalink.entry("ytsearch:broken", error={"message": "private"})
    playlist = await client.get_tracks("https://x.test/list")
    assert (playlist.playlist_info.name, playlist.playlist_info.selected_track) == ("Mix", 1)
    assert (await client.get_tracks("ytsearch:none")).load_type.name == "EMPTY"
    assert (await client.get_tracks("ytsearch:broken")).error.message == "private"


async def test_wrong_password(lavalink, client):
    client.add_node(lavalink.host, lavalink.port, "wrong", "eu")
    await lavalink.wait_for(kind="handshake", status=401)
    assert not client.node_manager.available_nodes


async def test_end_of_track_is_told_after_restart(lavalink, node, player, client):
    await node.update_session(resuming=True, timeout=60)
    await player.play(await find(client, "ytsearch:short [7s]"))
    await client.close()
    await lavalink.wait_for(kind="close")
    await lavalink.advance_until("TrackEndEvent")
    restarted = Client()
    restarted.player_manager.create(GUILD, node=restarted.add(lavalink, session_id=node.session_id))
    await lavalink.eventually(lambda: restarted.of(events.TrackEndEvent))
    await restarted.close()


async def test_resume_expires(lavalink, node, client):
    await node.update_session(resuming=True, timeout=60)
    await client.close()
    await lavalink.wait_for(kind="close")
    await lavalink.advance(60_000)
    assert lavalink.sessions() == []


async def test_an_hour(lavalink, player, client):
    lavalink.track("ytsearch:x", lengthMs=3_600_000)
    await player.play(await find(client, "ytsearch:x"))
    await lavalink.advance_until("TrackEndEvent", reason="finished")
    await lavalink.eventually(lambda: client.of(events.QueueEndEvent))


async def test_what_was_sent(lavalink, player):
    await player.set_volume(30)
    [volume] = await lavalink.wait_for("PATCH", "*/players/7", body={"volume": 30})
    handshake, *_ = lavalink.requests()
    assert handshake["headers"]["client-name"].startswith("Lavalink.py/")
    assert volume["status"] == 200 and lavalink.password not in str(lavalink.requests())


async def test_another_version_and_plugins(lavalink, node):
    lavalink.info(version="3.7.13", plugins=["lavasrc-plugin"])
    assert await node.get_version() == "3.7.13"
    assert (await node.get_info())["plugins"][0]["name"] == "lavasrc-plugin"


async def test_page_of_a_proxy_and_reset(lavalink, node, client):
    lavalink.fault("GET", "/v4/loadtracks", status=502, body="<html>Bad Gateway</html>", times=1)
    with pytest.raises(errors.ClientError):
        await client.get_tracks("ytsearch:hello")
    lavalink.fault("GET", "/v4/loadtracks", reset=True)
    with pytest.raises(aiohttp.ClientError):
        await client.get_tracks("ytsearch:hello")
