// lavalink-client in every situation that bots meet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LavalinkManager } from "lavalink-client";
import { bot, guild, voiceEvents } from "./fake-discord.js";
import { finallyIn, start, stayAway, watch } from "./support.js";

const option = (mock) => ({
  id: String(mock.port),
  host: mock.host,
  port: mock.port,
  authorization: mock.password,
  retryDelay: 10,
  requestSignalTimeoutMS: 1000,
});

async function connect(t, mocks, { node: more, ...options } = {}) {
  const manager = new LavalinkManager({
    nodes: mocks.map((mock) => ({ ...option(mock), ...more })),
    client: { id: bot, username: "test" },
    sendToShard: (_, { d }) =>
      setImmediate(() => voiceEvents(d).forEach((event) => manager.sendRawData(event))),
    ...options,
  });
  const nodes = watch(manager.nodeManager, "connect", "resumed", "disconnect", "error", "raw", "destroy");
  const seen = watch(
    manager,
    "trackStart",
    "trackEnd",
    "trackError",
    "trackStuck",
    "queueEnd",
    "playerSocketClosed",
    "LyricsFound",
  );
  finallyIn(t, async () => {
    for (const node of manager.nodeManager.nodes.values()) node.destroy();
    await mocks[0].eventually(() => manager.nodeManager.nodes.size === 0);
  });
  await manager.init({ id: bot, username: "test" });
  const all = () => [...manager.nodeManager.nodes.values()];
  await mocks[0].eventually(
    () => nodes.connect.length === mocks.length && all().every((node) => node.sessionId),
  );
  return { manager, nodes, seen, node: manager.nodeManager.nodes.get(String(mocks[0].port)) };
}

async function scene(t, options) {
  const mock = await start(t);
  return { mock, ...(await connect(t, [mock], options)) };
}

async function join(manager, node) {
  const player = manager.createPlayer({ guildId: guild, voiceChannelId: "8", node });
  await player.connect();
  return player;
}

async function playing(t, query = "hello", { before, ...options } = {}) {
  const on = await scene(t, options);
  await before?.(on.mock);
  const player = await join(on.manager);
  await on.mock.waitFor("PATCH", "*/players/7", { body: { voice: { channelId: "8" } } });
  const { tracks } = await player.search({ query, source: "ytsearch" }, "me");
  await player.queue.add(tracks);
  await player.play();
  return { ...on, player, tracks };
}

test("a queue advances", async (t) => {
  const { mock, seen, tracks } = await playing(t, "two [7s]");
  for (let ended = 1; ended <= tracks.length; ended++) {
    await mock.waitFor("PATCH", "*/players/7", { body: { track: {} }, count: ended });
    await mock.advanceUntil("TrackEndEvent", { reason: "finished" });
    await mock.eventually(() => seen.trackEnd.length + seen.queueEnd.length === ended);
  }
  assert.equal(seen.queueEnd.length, 1);
});

test("an exception has its own message and severity", async (t) => {
  const exception = { message: "Sign in", severity: "suspicious" };
  const before = (mock) => mock.track("ytsearch:hello", { plays: { exception } });
  const { mock, seen } = await playing(t, "hello", { before });
  await mock.advanceUntil("TrackEndEvent", { reason: "loadFailed" });
  await mock.eventually(() => seen.trackError.length);
  const told = seen.trackError[0][2].exception;
  assert.deepEqual([told.message, told.severity], ["Sign in", "suspicious"]);
});

test("a track gets stuck", async (t) => {
  const before = (mock) => mock.track("ytsearch:hello", { plays: "stuck" });
  const { mock, seen } = await playing(t, "hello", { before });
  await mock.advanceUntil("TrackStuckEvent");
  await mock.eventually(() => seen.trackStuck.length);
});

test("lookups of every kind", async (t) => {
  const { mock, node } = await scene(t);
  await mock.playlist("https://x.test/list", { name: "Mix", selectedTrack: 1, tracks: [{}, { title: "B" }] });
  await mock.entry("ytsearch:none", { empty: true });
  await mock.entry("ytsearch:broken", { error: { message: "private", severity: "common" } });
  const list = await node.search({ query: "https://x.test/list" }, "me");
  assert.deepEqual([list.playlist.name, list.playlist.selectedTrack.info.title], ["Mix", "B"]);
  assert.equal((await node.search({ query: "none", source: "ytsearch" }, "me")).loadType, "empty");
  assert.equal(
    (await node.search({ query: "broken", source: "ytsearch" }, "me")).exception.message,
    "private",
  );
});

test("a wrong password", async (t) => {
  const mock = await start(t);
  const manager = new LavalinkManager({
    nodes: [{ ...option(mock), authorization: "wrong", retryAmount: 1 }],
    sendToShard() {},
  });
  const seen = watch(manager.nodeManager, "error", "destroy");
  await manager.init({ id: bot, username: "test" });
  await mock.waitForHandshake({ status: 401, count: 2 });
  await mock.eventually(() => seen.destroy.length);
});

test("a node dies, and its players go to another", async (t) => {
  const mocks = [await start(t), await start(t)];
  const { manager, node, nodes } = await connect(t, mocks, { autoMove: true, node: { retryAmount: 1 } });
  const player = await join(manager, node);
  await mocks[0].waitFor("PATCH", "*/players/7", { body: { voice: { channelId: "8" } } });
  const { tracks } = await player.search({ query: "hello", source: "ytsearch" }, "me");
  await player.queue.add(tracks[0]);
  await player.play();
  await mocks[0].stop();
  const [patch] = await mocks[1].waitFor("PATCH", "*/players/7", { body: { track: {} } });
  assert.equal(patch.body.track.encoded, tracks[0].encoded);
  await mocks[1].waitFor("PATCH", "*/players/7", { body: { filters: {} } });
  await mocks[1].eventually(() => nodes.destroy.length);
});

/** As its guide tells bots that want to be resumed. */
async function resumable(node) {
  await node.updateSession(true, 60);
  node.options.sessionId = node.sessionId;
}

test("a session is resumed after its socket dropped", async (t) => {
  const { mock, node, nodes } = await scene(t);
  await resumable(node);
  for (let again = 1; again < 6; again++) {
    await mock.dropSocket({ code: again % 2 ? 4000 : undefined });
    await mock.eventually(() => nodes.resumed.length === again);
  }
});

test("the end of a track is told after a resume", async (t) => {
  const { mock, node, nodes, seen } = await playing(t, "short [7s]");
  await resumable(node);
  await stayAway(mock, 10_000, { code: 4000 });
  await mock.advance(10_000);
  await mock.waitFor("PATCH", "*/players/7", { body: { track: {} }, count: 2 });
  await mock.eventually(() => nodes.resumed.length && seen.trackEnd.length);
});

test("a resume comes too late", async (t) => {
  const { mock, node, nodes } = await scene(t);
  await resumable(node);
  await stayAway(mock, 61_000, { code: 4000 });
  await mock.advance(61_000);
  await mock.eventually(() => nodes.connect.length === 2);
  assert.equal(nodes.resumed.length, 0);
});

test("an hour passes", async (t) => {
  const before = (mock) => mock.track("ytsearch:hello", { lengthMs: 3_600_000 });
  const { mock, seen } = await playing(t, "hello", { before });
  await mock.advanceUntil("TrackEndEvent", { reason: "finished" });
  await mock.eventually(() => seen.queueEnd.length);
});

test("a session is lost, by end and by reset", async (t) => {
  const { mock, nodes } = await scene(t);
  await mock.endSession();
  await mock.eventually(() => nodes.connect.length === 2);
  await mock.reset({ closeCode: 1001 });
  await mock.eventually(() => nodes.connect.length === 3);
  assert.equal(nodes.resumed.length, 0);
});

test("handshakes are refused three times", async (t) => {
  const { mock, nodes } = await scene(t);
  await mock.refuseHandshakes(3);
  await mock.dropSocket({ code: 4000 });
  await mock.eventually(() => nodes.connect.length === 2);
});

test("what the client did can be waited for and looked at", async (t) => {
  const { mock, player } = await playing(t);
  player.setVolume(30);
  await mock.waitFor("PATCH", "*/players/7", { body: { volume: 30 } });
  const [handshake] = await mock.waitForHandshake();
  assert.match(handshake.headers["client-name"], /^test$/);
});

test("tracks and search results of one's own", async (t) => {
  const { mock, node } = await scene(t);
  await mock.search(
    "ytsearch:*",
    { title: "Hello", isrc: "GBBKS1500214" },
    { artworkUrl: "https://x.test/a" },
  );
  const { tracks } = await node.search({ query: "anything", source: "ytsearch" }, "me");
  assert.deepEqual([tracks[0].info.isrc, tracks[1].info.artworkUrl], ["GBBKS1500214", "https://x.test/a"]);
});

test("a slow lookup", async (t) => {
  const { mock, node } = await scene(t);
  node.options.requestSignalTimeoutMS = 30;
  await mock.fault("GET", "/v4/loadtracks", { hang: true });
  await assert.rejects(node.search({ query: "hello", source: "ytsearch" }, "me"), { name: "TimeoutError" });
});

for (const code of [4014, 4006]) {
  test(`Discord closes the voice connection with ${code}`, async (t) => {
    const { mock, seen } = await playing(t);
    await mock.voiceClose(guild, code);
    await mock.eventually(() => seen.playerSocketClosed.length);
    assert.equal(seen.playerSocketClosed[0][1].code, code);
  });
}

for (const status of [429, 500]) {
  test(`a lookup is answered with ${status}`, async (t) => {
    const { mock, node } = await scene(t);
    await mock.fault("GET", "/v4/loadtracks", { status, headers: { "Retry-After": "1" }, times: 1 });
    // lavalink-client 2.11 does not look at the status: it reads the error as an answer without tracks.
    const told = await node.search({ query: "hello", source: "ytsearch" }, "me");
    assert.deepEqual([told.loadType, told.tracks], [undefined, []]);
    assert.equal((await node.search({ query: "hello", source: "ytsearch" }, "me")).loadType, "search");
  });
}

test("a proxy's page, no JSON, and a reset", async (t) => {
  const { mock, node } = await scene(t);
  for (const answer of [
    { status: 502, body: "<html>Bad Gateway</html>" },
    { notJson: true },
    { reset: true },
  ]) {
    await mock.fault("GET", "/v4/loadtracks", { ...answer, times: 1 });
    await assert.rejects(node.search({ query: "hello", source: "ytsearch" }, "me"));
  }
});

test("messages that nobody has seen before, and events at will", async (t) => {
  const { mock, nodes, seen } = await playing(t);
  await mock.push({ op: "somethingNew" });
  await mock.pushText("{");
  await mock.event(guild, "LyricsFoundEvent", { lyrics: { text: "la" } });
  await mock.event(guild, "TrackStuckEvent", { thresholdMs: 5 });
  await mock.eventually(() => seen.trackStuck.length && seen.LyricsFound.length);
  assert.match(nodes.error[0][1].message, /Unexpected op "somethingNew"/);
  // It goes on with the next track.
  await mock.waitFor("PATCH", "*/players/7", { body: { track: {} }, count: 2 });
});

test("a busy node is passed over", async (t) => {
  const mocks = [await start(t), await start(t)];
  const { manager, node } = await connect(t, mocks);
  await mocks[0].stats({ players: 300 });
  await mocks[0].eventually(() => node.stats.players === 300);
  assert.notEqual(manager.nodeManager.leastUsedNodes()[0], node);
});

test("lyrics, once the server has the plugins", async (t) => {
  const mock = await start(t);
  await mock.info({ plugins: ["lavalyrics-plugin", "lavasrc-plugin"] });
  await mock.fault("GET", "*/lyrics", { status: 200, body: { text: "la la" } });
  const { node } = await connect(t, [mock]);
  assert.deepEqual(await node.lyrics.getCurrent(guild), { text: "la la" });
});

test("no lyrics without the plugins", async (t) => {
  const { node } = await scene(t);
  await assert.rejects(node.lyrics.getCurrent(guild), /no lavalyrics-plugin/);
});

test("a track of Spotify is found and decoded", async (t) => {
  const mock = await start(t);
  await mock.info({ sourceManagers: ["spotify"], plugins: ["lavasrc-plugin"] });
  await mock.track("spsearch:hello", { title: "Hello", pluginInfo: { albumName: "25" } });
  const { node } = await connect(t, [mock]);
  const [track] = (await node.search({ query: "hello", source: "spsearch" }, "me")).tracks;
  assert.equal(track.pluginInfo.albumName, "25");
  assert.equal((await node.decode.singleTrack(track.encoded, "me")).info.sourceName, "spotify");
});

test("another version", async (t) => {
  const mock = await start(t);
  await mock.info({ version: "3.7.13" });
  const { node } = await connect(t, [mock]);
  assert.equal(node.info.version.semver, "3.7.13");
});

test("what was sent, in which order, and the same in two runs", async (t) => {
  const told = [];
  for (const mock of [await start(t), await start(t)]) {
    const { node } = await connect(t, [mock]);
    await node.search({ query: "hello", source: "ytsearch" }, "me");
    told.push((await mock.requests()).map(({ headers, ...rest }) => rest));
  }
  assert.deepEqual(
    told[0].map(({ method, path }) => `${method} ${path}`),
    ["GET /v4/websocket", "GET /v4/info", "GET /v4/loadtracks"],
  );
  assert.deepEqual(told[0], told[1]);
});
