// The package itself.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { test } from "node:test";
import { MockError, startMock } from "lavalink-mock";
import { start } from "./support.js";

const ask = (mock, path = "/version") => fetch(mock.url + path, { headers: { connection: "close" } });
const answers = (url) =>
  ask({ url }).then(
    () => true,
    () => false,
  );

/** Runs a module of its own beside the tests, where it finds the package. */
function run(source) {
  return spawn(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: import.meta.dirname,
    stdio: "pipe",
  });
}

test("it ends with stop, and says so later", async () => {
  const mock = await startMock();
  assert.ok(await answers(mock.url));
  await mock.stop();
  assert.ok(!(await answers(mock.url)));
  await assert.rejects(mock.sessions(), /was it stopped/);
  await mock.stop();
});

test("it ends with its block", async () => {
  const mock = await startMock();
  await mock[Symbol.asyncDispose]();
  assert.ok(!(await answers(mock.url)));
});

test("it ends with its parent, even if that is killed", async (t) => {
  const watcher = await start(t);
  const source = `import { startMock } from "lavalink-mock"; console.log((await startMock()).url); setInterval(() => {}, 1000);`;
  const parent = run(source);
  const url = String((await once(parent.stdout, "data"))[0]).trim();
  assert.ok(await answers(url));
  parent.kill("SIGKILL");
  await watcher.eventually(async () => !(await answers(url)));
});

test("it does not keep its parent alive", async () => {
  const child = run(`import { startMock } from "lavalink-mock"; await (await startMock()).sessions();`);
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
});

test("secrets are not shown", async (t) => {
  const mock = await start(t);
  assert.ok(!inspect(mock, { showHidden: false, depth: 9 }).includes(mock.password));
  assert.ok(!JSON.stringify(mock).includes(mock.password));
});

test("an unknown flag is told", async () => {
  await assert.rejects(startMock("--nonsense"), /ended with code 2 .*--nonsense/);
});

test("a missing program is told, and one that cannot be run", async (t) => {
  const before = process.env.LAVALINK_REFERENCE_SERVER;
  t.after(() => {
    if (before === undefined) delete process.env.LAVALINK_REFERENCE_SERVER;
    else process.env.LAVALINK_REFERENCE_SERVER = before;
  });
  process.env.LAVALINK_REFERENCE_SERVER = "/nowhere/server";
  await assert.rejects(startMock(), /\/nowhere\/server, and there is no such file/);
  const other = join(mkdtempSync(join(tmpdir(), "mock-")), "server");
  writeFileSync(other, "not executable");
  process.env.LAVALINK_REFERENCE_SERVER = other;
  await assert.rejects(startMock(), /is it executable/);
});

test("an unknown key is told", async (t) => {
  const mock = await start(t);
  await assert.rejects(mock.stats({ cpu: { systemlod: 1 } }), {
    name: "MockError",
    message: /did you mean systemLoad/,
  });
});

test("a wait in vain tells the nearest request", async (t) => {
  const mock = await start(t);
  await ask(mock);
  const error = await mock.waitFor("GET", "/v4/info", { withinMs: 10 }).catch((error) => error);
  assert.ok(error instanceof MockError);
  assert.equal(error.status, 408);
  assert.match(error.message, /\/version/);
});

test("a wait sees what comes later", async (t) => {
  const mock = await start(t);
  const waiting = mock.waitFor("GET", "/version");
  await ask(mock);
  assert.equal((await waiting)[0].status, 401);
});

test("a condition that never holds fails", async (t) => {
  const mock = await start(t);
  await assert.rejects(
    mock.eventually(() => false, 5),
    /within 5 ms/,
  );
});

test("time stands still until it is moved", async (t) => {
  const mock = await start(t);
  const before = (await mock.control("GET", "/clock")).wallMs;
  await mock.advance(5_000);
  assert.equal((await mock.control("GET", "/clock")).wallMs, before + 5_000);
});

test("faults are counted and taken back", async (t) => {
  const mock = await start(t);
  await mock.fault("GET", "/version", { status: 500, match: { headers: { host: "*" } } });
  assert.equal((await ask(mock)).status, 500);
  assert.deepEqual(
    (await mock.faults()).map((fault) => fault.struck),
    [1],
  );
  await mock.clearFaults();
  assert.deepEqual(await mock.faults(), []);
});

test("a reset keeps what it is told to", async (t) => {
  const mock = await start(t);
  await mock.track("ytsearch:x", { title: "Mine" });
  await mock.reset({ keep: ["catalogue"] });
  assert.equal((await mock.control("GET", "/catalogue")).entries.length, 1);
  await mock.reset();
  assert.equal((await mock.control("GET", "/catalogue")).entries.length, 0);
});

test("flags are the server's", async (t) => {
  const mock = await start(t, "--clock", "real");
  assert.equal((await mock.control("GET", "/clock")).kind, "real");
});

test("the program is the server", () => {
  const bin = join(import.meta.dirname, "node_modules/.bin/lavalink-mock");
  assert.match(
    execFileSync(bin, ["--version"], { encoding: "utf8", shell: process.platform === "win32" }),
    /^lavalink-reference-server /,
  );
});
