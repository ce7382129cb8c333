// A Lavalink server for tests. Types and what everything does are in index.d.ts.
import { setTimeout as pause } from "node:timers/promises";
import { Control, MockError } from "./control.js";
import { Process } from "./process.js";

export { MockError };

export async function startMock(...flags) {
  return new Mock(await Process.start(flags));
}

class Mock {
  #process;
  #control;

  constructor(process) {
    this.#process = process;
    this.#control = new Control(process.ready);
    const { url, host, port, password, version, pid } = process.ready;
    Object.assign(this, { url, host, port, version, pid });
    // Not shown when a mock is printed.
    Object.defineProperty(this, "password", { value: password });
  }

  stop() {
    return this.#process.stop();
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
  }

  log() {
    return this.#process.log;
  }

  async advance(ms) {
    await this.control("POST", "/clock/advance", { ms });
  }

  async advanceUntil(type, { withinMs, ...more } = {}) {
    const until = { type, ...more };
    const moved = await this.control("POST", "/clock/advance", { until, ms: withinMs });
    return moved.message;
  }

  async eventually(condition, withinMs = 5000) {
    const end = performance.now() + withinMs;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`it did not come to this within ${withinMs} ms`);
      await pause(1);
    }
  }

  async requests(since = 0) {
    return (await this.control("GET", `/requests?since=${since}`)).requests;
  }

  async waitFor(method, path, { count, since, withinMs, ...more } = {}) {
    const wanted = { match: { method, path, ...more }, count, since, timeoutMs: withinMs };
    return (await this.control("POST", "/requests/wait", wanted)).requests;
  }

  async waitForHandshake({ count, since, withinMs, ...more } = {}) {
    return this.waitFor(undefined, undefined, { kind: "handshake", count, since, withinMs, ...more });
  }

  sessions() {
    return this.control("GET", "/sessions");
  }

  fault(method, path, { times, skip, probability, match, ...answer }) {
    const wanted = { ...match, method, path };
    return this.control("POST", "/faults", { match: wanted, times, skip, probability, answer });
  }

  faults() {
    return this.control("GET", "/faults");
  }

  async clearFaults() {
    await this.control("DELETE", "/faults");
  }

  async refuseHandshakes(times, status) {
    await this.control("POST", "/handshakes", { refuse: times, status });
  }

  async push(message, session = "latest") {
    await this.control("POST", `/sessions/${session}/messages`, { message });
  }

  async pushText(text, session = "latest") {
    await this.control("POST", `/sessions/${session}/messages`, { text });
  }

  event(guild, type, more = {}, session = "latest") {
    return this.control("POST", `${player(session, guild)}/events`, { ...more, type });
  }

  async voiceClose(guild, code, { session = "latest", ...more } = {}) {
    const closed = await this.control("POST", `${player(session, guild)}/voice-close`, { ...more, code });
    return closed.event;
  }

  async voiceState(guild, state, session = "latest") {
    await this.control("PATCH", player(session, guild), state);
  }

  dropSocket({ session = "latest", ...how } = {}) {
    return this.control("DELETE", `/sessions/${session}/socket`, how);
  }

  async endSession(session = "latest") {
    await this.control("DELETE", `/sessions/${session}`);
  }

  track(identifier, track) {
    return identifier.includes("search:")
      ? this.search(identifier, track)
      : this.entry(identifier, { track });
  }

  search(identifier, ...tracks) {
    return this.entry(identifier, { search: tracks });
  }

  playlist(identifier, playlist) {
    return this.entry(identifier, { playlist });
  }

  async entry(identifier, entry) {
    await this.control("POST", "/catalogue", { entries: [{ ...entry, identifier }] });
  }

  async info(info) {
    await this.control("PUT", "/info", info);
  }

  async stats(stats) {
    await this.control("PUT", "/stats", stats);
  }

  async reset(how = {}) {
    await this.control("POST", "/reset", how);
  }

  control(method, path, body) {
    return this.#control.send(method, path, body);
  }
}

function player(session, guild) {
  return `/sessions/${session}/players/${guild}`;
}
