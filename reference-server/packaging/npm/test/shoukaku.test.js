// shoukaku in every situation that bots meet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connector, Shoukaku } from "shoukaku";
import { bot, guild, voiceEvents } from "./fake-discord.js";
import { finallyIn, start, stayAway, watch } from "./support.js";

class FakeDiscord extends Connector {
  getId() {
    return bot;
  }
  listen(nodes) {
    setImmediate(() => this.ready(nodes));
  }
  sendPacket(_, { d }) {
    setImmediate(() => voiceEvents(d).forEach((event) => this.raw(event)));
  }
}

const option = (mock) => ({ name: String(mock.port), url: `${mock.host}:${mock.port}`, auth: mock.password });
const quick = { reconnectInterval: 0.01, resume: true, resumeTimeout: 60 };

async function connect(t, mocks, options) {
  const shoukaku = new Shoukaku(new FakeDiscord({}), mocks.map(option), { ...quick, ...options });
  const seen = watch(shoukaku, "ready", "error", "close", "disconnect", "raw");
  finallyIn(t, () => [...shoukaku.nodes.keys()].forEach((name) => shoukaku.removeNode(name)));
  await mocks[0].eventually(() => seen.ready.length === mocks.length);
  return { shoukaku, seen, node: shoukaku.nodes.get(String(mocks[0].port)) };
}

async function scene(t, options) {
  const mock = await start(t);
  return { mock, ...(await connect(t, [mock], options)) };
}

async function playing(t, query = "ytsearch:hello", options = {}) {
  const { before, ...rest } = options;
  const on = await scene(t, rest);
  await before?.(on.mock);
  const player = await on.shoukaku.joinVoiceChannel({ guildId: guild, channelId: "8", shardId: 0 });
  const heard = watch(player, "start", "end", "exception", "stuck", "closed", "update");
  const [track] = (await on.node.rest.resolve(query)).data;
  await player.playTrack({ track: { encoded: track.encoded } });
  return { ...on, player, heard, track };
}

test("a queue advances", async (t) => {
  const { mock, node, player, heard } = await playing(t, "ytsearch:two [7s]");
  const [, second] = (await node.rest.resolve("ytsearch:two [7s]")).data;
  player.once("end", () => player.playTrack({ track: { encoded: second.encoded } }));
  await mock.advanceUntil("TrackEndEvent", { reason: "finished" });
  await mock.waitFor("PATCH", "*/players/7", { body: { track: {} }, count: 2 });
  const end = await mock.advanceUntil("TrackEndEvent", { reason: "finished" });
  assert.equal(end.track.info.identifier, second.info.identifier);
  await mock.eventually(() => heard.end.length === 2);
});

test("an exception has its own message and severity", async (t) => {
  const exception = { message: "Sign in", severity: "fault" };
  const before = (mock) => mock.track("ytsearch:x", { plays: { exception } });
  const { mock, heard } = await playing(t, "ytsearch:x", { before });
  await mock.advanceUntil("TrackEndEvent", { reason: "loadFailed" });
  await mock.eventually(() => heard.end.length);
  const [[told]] = heard.exception;
  assert.deepEqual([told.exception.message, told.exception.severity], ["Sign in", "fault"]);
});

test("a track gets stuck", async (t) => {
  const before = (mock) => mock.track("ytsearch:x", { plays: "stuck" });
  const { mock, heard } = await playing(t, "ytsearch:x", { before });
  await mock.advanceUntil("TrackStuckEvent");
  await mock.eventually(() => heard.stuck.length);
});

test("lookups of every kind", async (t) => {
  const { mock, node } = await scene(t);
  await mock.playlist("https://x.test/list", { name: "Mix", selectedTrack: 1, tracks: [{}, { title: "B" }] });
  await mock.entry("ytsearch:none", { empty: true });
  await mock.entry("ytsearch:broken", { error: { message: "private", severity: "common" } });
  const list = await node.rest.resolve("https://x.test/list");
  assert.deepEqual(
    [list.data.info.name, list.data.info.selectedTrack, list.data.tracks.length],
    ["Mix", 1, 2],
  );
  assert.equal((await node.rest.resolve("ytsearch:none")).loadType, "empty");
  assert.equal((await node.rest.resolve("ytsearch:broken")).data.message, "private");
});

test("a wrong password", async (t) => {
  const mock = await start(t);
  const wrong = [{ ...option(mock), auth: "wrong" }];
  const shoukaku = new Shoukaku(new FakeDiscord({}), wrong, { ...quick, reconnectTries: 1 });
  const seen = watch(shoukaku, "error");
  await mock.waitForHandshake({ status: 401 });
  await mock.eventually(() => seen.error.length);
});

test("a node dies, and its players go to another", async (t) => {
  const mocks = [await start(t), await start(t)];
  const { shoukaku, seen, node } = await connect(t, mocks, { moveOnDisconnect: true, reconnectTries: 1 });
  await mocks[1].stats({ players: 9 });
  await mocks[1].eventually(() => shoukaku.getIdealNode() === node);
  await shoukaku.joinVoiceChannel({ guildId: guild, channelId: "8", shardId: 0 });
  await mocks[0].stop();
  await mocks[1].eventually(() => seen.error.length && shoukaku.nodes.size === 1);
  // shoukaku 4.3 asks the dead node to end the player first, and moves it nowhere when that fails.
  assert.equal(shoukaku.players.get(guild).node, node);
  await shoukaku.leaveVoiceChannel(guild);
  await shoukaku.joinVoiceChannel({ guildId: guild, channelId: "8", shardId: 0 });
  await mocks[1].waitFor("PATCH", "*/players/7", { body: { voice: { channelId: "8" } } });
});

test("a session is resumed after its socket dropped", async (t) => {
  const { mock, seen } = await playing(t);
  for (let again = 2; again < 22; again++) {
    await mock.dropSocket({ abort: again % 2 === 0 });
    await mock.eventually(() => seen.ready.length === again);
  }
  assert.ok(seen.ready.slice(1).every(([, resumed]) => resumed));
});

test("the end of a track is told after a resume", async (t) => {
  const { mock, seen, heard } = await playing(t, "ytsearch:short [7s]");
  await stayAway(mock, 10_000, { code: 1001 });
  await mock.advance(10_000);
  await mock.eventually(() => heard.end.length);
  assert.equal(seen.ready[1][1], true);
});

test("a handshake is refused once", async (t) => {
  const { mock, shoukaku } = await scene(t);
  await mock.refuseHandshakes(1);
  await mock.dropSocket();
  await mock.waitForHandshake({ status: 101, count: 2 });
  // shoukaku 4.3 resumes at the second try, and gives the node up all the same for the first.
  await mock.eventually(() => shoukaku.nodes.size === 0);
});

test("a resume comes too late", async (t) => {
  const { mock, seen } = await scene(t);
  await stayAway(mock, 61_000);
  await mock.advance(61_000);
  await mock.eventually(() => seen.ready.length === 2);
  assert.equal(seen.ready[1][1], false);
});

test("an hour passes", async (t) => {
  const before = (mock) => mock.track("ytsearch:x", { lengthMs: 3_600_000 });
  const { mock, heard } = await playing(t, "ytsearch:x", { before });
  await mock.advanceUntil("TrackEndEvent", { reason: "finished" });
  await mock.eventually(() => heard.end.length);
});

test("a session is lost, by end and by reset", async (t) => {
  const { mock, seen } = await scene(t);
  await mock.endSession();
  await mock.eventually(() => seen.ready.length === 2);
  await mock.reset({ closeCode: 1001 });
  await mock.eventually(() => seen.ready.length === 3);
  assert.deepEqual(
    seen.ready.slice(1).map(([, resumed]) => resumed),
    [false, false],
  );
});

test("what the client did can be waited for and looked at", async (t) => {
  const { mock, player } = await playing(t);
  player.setGlobalVolume(30);
  await mock.waitFor("PATCH", "*/players/7", { body: { volume: 30 } });
  const [handshake, ...rest] = await mock.requests();
  assert.match(handshake.headers["client-name"], /^shoukaku\//i);
  assert.deepEqual(
    rest.map((r) => r.method),
    ["PATCH", "PATCH", "GET", "PATCH", "PATCH"],
  );
});

test("tracks and search results of one's own", async (t) => {
  const { mock, node } = await scene(t);
  await mock.track("ytsearch:hello", {
    title: "Hello",
    author: "Adele",
    lengthMs: 295_000,
    isrc: "GBBKS1500214",
  });
  const { info } = (await node.rest.resolve("ytsearch:hello")).data[0];
  assert.deepEqual(
    [info.title, info.author, info.length, info.isrc],
    ["Hello", "Adele", 295_000, "GBBKS1500214"],
  );
});

test("a slow lookup", async (t) => {
  const { mock, node } = await scene(t, { restTimeout: 0.02 });
  await mock.fault("GET", "/v4/loadtracks", { delayMs: 60_000 });
  await assert.rejects(node.rest.resolve("ytsearch:hello"), /abort/i);
});

test("another version and plugins", async (t) => {
  const { mock, node } = await scene(t);
  await mock.info({ version: "3.7.13", plugins: ["lavasrc-plugin"] });
  const info = await node.rest.getLavalinkInfo();
  assert.deepEqual([info.version.semver, info.plugins[0].name], ["3.7.13", "lavasrc-plugin"]);
});

for (const code of [4014, 4006]) {
  test(`Discord closes the voice connection with ${code}`, async (t) => {
    const { mock, heard } = await playing(t);
    await mock.voiceClose(guild, code);
    await mock.eventually(() => heard.closed.length);
    assert.equal(heard.closed[0][0].code, code);
  });
}

for (const status of [429, 500]) {
  test(`a lookup is answered with ${status}`, async (t) => {
    const { mock, node } = await scene(t);
    await mock.fault("GET", "/v4/loadtracks", { status, headers: { "Retry-After": "1" }, times: 1 });
    await assert.rejects(node.rest.resolve("ytsearch:hello"), { name: "RestError", status });
    assert.equal((await node.rest.resolve("ytsearch:hello")).loadType, "search");
  });
}

test("a proxy's page, no JSON, and a reset", async (t) => {
  const { mock, node } = await scene(t);
  await mock.fault("GET", "/v4/loadtracks", { status: 502, body: "<html>Bad Gateway</html>", times: 1 });
  await assert.rejects(node.rest.resolve("ytsearch:hello"), { status: 502 });
  await mock.fault("GET", "/v4/loadtracks", { notJson: true, times: 1 });
  assert.equal(await node.rest.resolve("ytsearch:hello"), undefined);
  await mock.fault("GET", "/v4/loadtracks", { reset: true, times: 1 });
  await assert.rejects(node.rest.resolve("ytsearch:hello"), /fetch failed/);
});

test("messages that nobody has seen before, and events at will", async (t) => {
  const { mock, seen, heard } = await playing(t);
  await mock.push({ op: "somethingNew" });
  await mock.event(guild, "LyricsFoundEvent", { lyrics: {} });
  await mock.pushText("{");
  await mock.event(guild, "TrackStuckEvent", { thresholdMs: 5 });
  await mock.eventually(() => heard.stuck.length);
  assert.match(seen.error[0][1].message, /JSON/);
});

test("a busy node is passed over", async (t) => {
  const mocks = [await start(t), await start(t)];
  const { shoukaku, node } = await connect(t, mocks);
  await mocks[0].stats({ cpu: { systemLoad: 0.99 } });
  await mocks[0].eventually(() => node.penalties > 1000);
  assert.notEqual(shoukaku.getIdealNode(), node);
});

test("a track of Spotify is found and decoded", async (t) => {
  const { mock, node } = await scene(t);
  await mock.track("spsearch:hello", { title: "Hello", pluginInfo: { albumName: "25" } });
  const [track] = (await node.rest.resolve("spsearch:hello")).data;
  assert.equal(track.pluginInfo.albumName, "25");
  assert.equal((await node.rest.decode(track.encoded)).info.sourceName, "spotify");
});

test("two runs are the same", async (t) => {
  const mocks = [await start(t), await start(t)];
  for (const mock of mocks) {
    await connect(t, [mock]);
    await mock.waitFor("PATCH", "/v4/sessions/*");
  }
  const [mine, other] = await Promise.all(
    mocks.map(async (mock) => (await mock.requests()).map((r) => ({ ...r, headers: 0 }))),
  );
  assert.deepEqual(mine, other);
});
