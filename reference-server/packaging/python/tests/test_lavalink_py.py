"""Lavalink.py in the situations in which it decides something itself."""

import asyncio

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


@pytest.mark.xfail(strict=True, reason="Lavalink.py 5.11 comes back without Session-Id, so nothing is resumed")
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
