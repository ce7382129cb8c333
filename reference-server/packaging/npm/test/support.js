// What the tests of all clients share.
import { startMock } from "lavalink-mock";

const undone = new WeakMap();

/** Undoes what a test did, the last thing first. */
export function finallyIn(t, undo) {
  if (!undone.has(t)) {
    undone.set(t, []);
    t.after(async () => {
      for (const undo of undone.get(t).reverse()) await undo();
    });
  }
  undone.get(t).push(undo);
}

export async function start(t, ...flags) {
  const mock = await startMock(...flags);
  finallyIn(t, () => mock.stop());
  return mock;
}

/** Keeps what an emitter emits, by name. */
export function watch(emitter, ...names) {
  const seen = {};
  for (const name of names) {
    seen[name] = [];
    emitter.on(name, (...args) => seen[name].push(args));
  }
  return seen;
}

/** Drops the client's socket, and has its return take so much of the server's time. */
export async function stayAway(mock, delayMs, how) {
  await mock.fault(undefined, undefined, {
    match: { kind: "handshake" },
    delayMs,
    clock: "server",
    times: 1,
  });
  await mock.dropSocket(how);
  await mock.eventually(async () => (await mock.faults())[0].struck);
}
