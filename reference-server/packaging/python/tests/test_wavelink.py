"""wavelink in every situation that bots meet. What a test needs beyond wavelink's own calls is two
or three lines."""

import asyncio

import aiohttp
import pytest
import wavelink
from fake_discord import FakeBot, FakeGuild
from wavelink import Playable, Pool

GUILD = 7


@pytest.fixture
async def bot():
    yield FakeBot()
    await Pool.close()
    getattr(Pool, "_Pool__nodes").clear()


@pytest.fixture
async def connect(bot):
    """Connects wavelink to a mock."""
    async with aiohttp.ClientSession() as session:

        async def connect(mock, **options):
            options = {"identifier": str(mock.port), "session": session, **options}
            node = wavelink.Node(uri=mock.url, password=mock.password, **options)
            await Pool.connect(nodes=[node], client=bot)
            await mock.eventually(lambda: bot.of("wavelink_node_ready"))
            return node

        yield connect


async def join(bot, guild=GUILD):
    guild = FakeGuild(bot, guild)
    guild.player = wavelink.Player(bot, guild.channel)
    await guild.player.connect(reconnect=False)
    return guild.player


@pytest.fixture
async def node(lavalink, connect):
    return await connect(lavalink)


@pytest.fixture
async def player(node, bot):
    return await join(bot)


async def search(query):
    return await Playable.search(query, source=None)


async def find(query):
    return (await search(query))[0]


# 1. The queue advances


async def test_queue_advances(lavalink, player, bot):
    player.autoplay = wavelink.AutoPlayMode.partial
    await player.queue.put_wait((await search("ytsearch:two [7s]"))[:2])
    await player.play(player.queue.get())
    await lavalink.advance_until("TrackEndEvent", reason="finished")
    first, second = await lavalink.wait_for("PATCH", "*/players/7", body={"track": {}}, count=2)
    assert second["body"]["track"]["encoded"] != first["body"]["track"]["encoded"]
    await lavalink.advance_until("TrackEndEvent", reason="finished")
    await lavalink.eventually(lambda: not player.playing)


# 2. Tracks that fail, and lookups of every kind


async def test_exception_with_own_message(lavalink, player, bot):
    exception = {"message": "Sign in", "severity": "fault", "cause": "Bot check"}
    lavalink.track("ytsearch:x", plays={"exception": exception})
    await player.play(await find("ytsearch:x"))
    await lavalink.advance_until("TrackEndEvent", reason="loadFailed")
    await lavalink.eventually(lambda: bot.of("wavelink_track_end"))
    assert bot.of("wavelink_track_exception")[0].exception["message"] == "Sign in"
    assert bot.of("wavelink_track_exception")[0].exception["severity"] == "fault"


async def test_exception_on_the_way(lavalink, player, bot):
    lavalink.track("ytsearch:x", plays={"exception": {"severity": "common"}, "afterMs": 3000})
    await player.play(await find("ytsearch:x"))
    await lavalink.advance_until("TrackEndEvent", reason="finished")
    await lavalink.eventually(lambda: bot.of("wavelink_track_end"))
    assert bot.of("wavelink_track_exception")[0].exception["severity"] == "common"


async def test_stuck(lavalink, player, bot):
    lavalink.track("ytsearch:x", plays="stuck")
    await player.play(await find("ytsearch:x"))
    await lavalink.advance_until("TrackStuckEvent")
    await lavalink.eventually(lambda: bot.of("wavelink_track_stuck"))
    assert bot.of("wavelink_track_stuck")[0].threshold == 10_000


async def test_live(lavalink, player):
    lavalink.track("https://radio.test/live", isStream=True)
    track = await find("https://radio.test/live")
    await player.play(track)
    await lavalink.advance(3_600_000)
    assert track.is_stream and player.playing


async def test_playlist(lavalink, node):
    lavalink.playlist("https://x.test/list", {"title": "A"}, {"title": "B"}, name="Mix", selectedTrack=1)
    playlist = await search("https://x.test/list")
    assert (playlist.name, playlist.selected, len(playlist)) == ("Mix", 1, 2)


async def test_nothing_found(lavalink, node):
    lavalink.entry("ytsearch:*", empty=True)
    assert await search("ytsearch:anything") == []


async def test_lookup_breaks(lavalink, node):
    lavalink.entry("ytsearch:*", error={"message": "This video is private", "severity": "common"})
    with pytest.raises(wavelink.LavalinkLoadException, match="private"):
        await search("ytsearch:anything")


# 3. Wrong password, two nodes, one of them dies


async def test_wrong_password(lavalink, bot):
    async with aiohttp.ClientSession() as session:
        node = wavelink.Node(uri=lavalink.url, password="wrong", session=session)
        await Pool.connect(nodes=[node], client=bot)
        assert node.status is wavelink.NodeStatus.DISCONNECTED
    assert lavalink.requests()[0]["status"] == 401


async def test_node_dies_and_player_moves(lavalink, start_lavalink, connect, bot):
    second = start_lavalink()
    await connect(lavalink, retries=0)
    player = await join(bot)
    await player.play(await find("ytsearch:hello"))
    spare = await connect(second)
    await second.eventually(lambda: spare.status is wavelink.NodeStatus.CONNECTED)
    lavalink.stop()
    await second.eventually(lambda: bot.of("wavelink_node_disconnected"))
    await player.switch_node(spare)
    [patch] = await second.wait_for("PATCH", "*/players/7", body={"track": {}})
    assert patch["body"]["track"]["encoded"] == player.current.encoded


# 4. Parallel workers: each test has a server and a port of its own


async def test_each_has_its_own(lavalink, start_lavalink):
    others = [start_lavalink() for _ in range(5)]
    assert len({mock.port for mock in [lavalink, *others]}) == 6


# 5. Resume


async def stay_away(lavalink, ms):
    """Drops the client's socket, and has its return take so much of the server's time."""
    lavalink.fault(match={"kind": "handshake"}, delay_ms=ms, clock="server", times=1)
    lavalink.drop_socket()
    await lavalink.eventually(lambda: lavalink.faults()[0]["struck"])


async def test_resume_expires(lavalink, node, bot):
    await stay_away(lavalink, 61_000)
    await lavalink.advance(61_000)
    await lavalink.eventually(lambda: len(bot.of("wavelink_node_ready")) == 2)
    assert not bot.of("wavelink_node_ready")[1].resumed


async def test_end_of_track_is_told_after_resume(lavalink, player, bot):
    await player.play(await find("ytsearch:short [7s]"))
    await stay_away(lavalink, 10_000)
    await lavalink.advance(10_000)
    await lavalink.eventually(lambda: bot.of("wavelink_track_end"))
    assert bot.of("wavelink_node_ready")[1].resumed


# 6. Minutes and hours


async def test_an_hour(lavalink, player, bot):
    lavalink.track("ytsearch:long", lengthMs=3_600_000)
    await player.play(await find("ytsearch:long"))
    await lavalink.advance_until("TrackEndEvent", reason="finished")
    await lavalink.eventually(lambda: bot.of("wavelink_track_end"))


# 7. Reset


async def test_reset(lavalink, node, bot):
    lavalink.track("ytsearch:x", title="Mine")
    lavalink.reset()
    await lavalink.eventually(lambda: len(bot.of("wavelink_node_ready")) == 2)
    assert (await find("ytsearch:x")).title != "Mine"


# 8. The session is lost


async def test_session_lost(lavalink, node, bot):
    lavalink.end_session()
    await lavalink.eventually(lambda: len(bot.of("wavelink_node_ready")) == 2)
    assert not bot.of("wavelink_node_ready")[1].resumed


# 9. The socket drops, the session stays


async def test_dropped_and_resumed(lavalink, player, bot):
    await player.play(await find("ytsearch:hello"))
    for again in range(2, 22):
        lavalink.drop_socket(abort=again % 2 == 0)
        await lavalink.eventually(lambda: len(bot.of("wavelink_node_ready")) == again)
    assert all(event.resumed for event in bot.of("wavelink_node_ready")[1:])


@pytest.mark.xfail(strict=True, reason="wavelink 3.5.2 reads a close frame as JSON, and never comes back")
async def test_close_frame(lavalink, node, bot):
    lavalink.drop_socket(code=1012)
    await lavalink.wait_for(kind="handshake", count=2, within_ms=200)


async def test_refused_handshakes(lavalink, node, bot, monkeypatch):
    # wavelink pauses for seconds between its tries.
    monkeypatch.setattr(wavelink.backoff.Backoff, "calculate", lambda self: 0.001)
    lavalink.refuse_handshakes(3)
    lavalink.drop_socket()
    await lavalink.eventually(lambda: len(bot.of("wavelink_node_ready")) == 2)
    assert bot.of("wavelink_node_ready")[1].resumed


# 10. Wait for what the client does


async def test_wait_for_volume(lavalink, player):
    later = asyncio.create_task(player.set_volume(30))
    await lavalink.wait_for("PATCH", "*/players/7", body={"volume": 30})
    await later


# 11. A track with a title and a length of my own


async def test_my_track(lavalink, node):
    lavalink.track("ytsearch:hello", title="Hello", author="Adele", lengthMs=295_000)
    track = await find("ytsearch:hello")
    assert (track.title, track.author, track.length) == ("Hello", "Adele", 295_000)


# 12. Slow lookups


async def test_slow_lookup(lavalink, node):
    lavalink.fault("GET", "/v4/loadtracks", delay_ms=60_000)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(search("ytsearch:hello"), 0.02)


# 13. Another version


async def test_old_version(lavalink, node):
    lavalink.info(version="3.7.13", apiVersion="3")
    assert await node.fetch_version() == "3.7.13"
    assert (await node.fetch_info()).version.semver == "3.7.13"


# 14. Discord closes the voice connection


@pytest.mark.parametrize("code", [4014, 4006])
async def test_voice_closed(lavalink, player, bot, code):
    await player.play(await find("ytsearch:hello"))
    lavalink.voice_close(GUILD, code)
    await lavalink.eventually(lambda: bot.of("wavelink_websocket_closed"))
    assert bot.of("wavelink_websocket_closed")[0].code.value == code
    assert not (await player.node.fetch_player_info(GUILD)).state.connected


# 15. REST fails


@pytest.mark.parametrize("status", [429, 500])
async def test_lookup_is_refused(lavalink, node, status):
    lavalink.fault("GET", "/v4/loadtracks", status=status, headers={"Retry-After": "1"}, times=1)
    with pytest.raises(wavelink.LavalinkException) as told:
        await search("ytsearch:hello")
    assert told.value.status == status
    assert await search("ytsearch:hello")


async def test_page_of_a_proxy(lavalink, node):
    lavalink.fault("GET", "/v4/loadtracks", status=502, body="<html>Bad Gateway</html>")
    with pytest.raises(wavelink.NodeException):
        await search("ytsearch:hello")


async def test_hang_and_reset(lavalink, node):
    lavalink.fault("GET", "/v4/loadtracks", hang=True, times=1)
    lavalink.fault("GET", "/v4/loadtracks", reset=True)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(search("ytsearch:hello"), 0.02)
    with pytest.raises(aiohttp.ClientError):
        await search("ytsearch:hello")


# 16. What was sent, in which order, with which headers


async def test_what_was_sent(lavalink, player):
    await player.play(await find("ytsearch:hello"))
    handshake, *rest = lavalink.requests()
    assert handshake["headers"]["client-name"].startswith("Wavelink/")
    assert [r["method"] for r in rest] == ["PATCH", "GET", "PATCH", "GET", "PATCH"]


# 17. Messages that nobody has seen before


async def test_unknown_op(lavalink, player, bot):
    lavalink.push({"op": "somethingNew"})
    lavalink.event(GUILD, "LyricsFoundEvent", lyrics={"text": "la"})
    await lavalink.eventually(lambda: bot.of("wavelink_extra_event"))
    assert bot.of("wavelink_extra_event")[0].data["lyrics"] == {"text": "la"}


async def test_event_at_will(lavalink, player, bot):
    await player.play(await find("ytsearch:hello"))
    lavalink.event(GUILD, "TrackStuckEvent", thresholdMs=5)
    await lavalink.eventually(lambda: bot.of("wavelink_track_stuck"))
    assert bot.of("wavelink_track_stuck")[0].threshold == 5


# 18. A busy node


async def test_players_go_to_the_idle_node(lavalink, start_lavalink, connect, bot):
    busy, idle = await connect(lavalink), await connect(start_lavalink())
    lavalink.stats(players=300)
    await lavalink.eventually(lambda: busy._total_player_count == 300)
    assert Pool.get_node() is idle


# 19. Plugins


async def test_plugins(lavalink, node):
    lavalink.info(plugins=["lavasrc-plugin"], sourceManagers=["youtube", "spotify"])
    lavalink.track("spsearch:x", pluginInfo={"albumName": "25"})
    assert [plugin.name for plugin in (await node.fetch_info()).plugins] == ["lavasrc-plugin"]
    assert (await find("spsearch:x")).album.name == "25"


# 20. Search results of my own


async def test_search_results(lavalink, node):
    lavalink.search("ytsearch:*", {"title": "A", "isrc": "GBBKS1500214"}, {"artworkUrl": "https://x.test/a"})
    first, second = await search("ytsearch:anything")
    assert (first.isrc, second.artwork) == ("GBBKS1500214", "https://x.test/a")


# 21. Sources that Lavalink only has with plugins


async def test_spotify(lavalink, player):
    lavalink.track("spsearch:hello", title="Hello")
    track = await find("spsearch:hello")
    decoded = await player.node.send(path="v4/decodetrack", params={"encodedTrack": track.encoded})
    assert decoded["info"]["sourceName"] == "spotify"


async def test_lyrics(lavalink, player):
    lavalink.fault("GET", "/v4/sessions/*/lyrics", status=200, body={"text": "la la"})
    path = f"v4/sessions/{player.node.session_id}/players/{GUILD}/track/lyrics"
    assert await player.node.send(path=path) == {"text": "la la"}


# 22. The same each time


async def test_same_each_time(lavalink, start_lavalink, connect):
    second = start_lavalink()
    for mock in (lavalink, second):
        await connect(mock)
        await mock.wait_for("GET", "/v4/info")
    mine, other = ([{**r, "headers": 0} for r in mock.requests()] for mock in (lavalink, second))
    assert mine == other and lavalink.sessions() == second.sessions()
