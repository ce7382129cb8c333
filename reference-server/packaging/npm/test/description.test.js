// The types have the keys that control.openapi.yaml describes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { parse } from "yaml";

const path = process.env.LAVALINK_MOCK_DESCRIPTION ?? "../../../control.openapi.yaml";
const { schemas } = parse(readFileSync(path, "utf8")).components;
const main = createRequire(import.meta.url).resolve("lavalink-mock");
const types = readFileSync(main.replace(/index\.js$/, "index.d.ts"), "utf8");

/** The keys of an interface. */
function keys(name) {
  const body = types.match(new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, "ms"))[1];
  return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, key]) => key).sort();
}

const described = {
  Match: schemas.Match,
  Recorded: schemas.Recorded,
  Fault: schemas.Fault,
  Session: schemas.Session,
  LavalinkException: schemas.Exception,
  Entry: { properties: { ...schemas.Entry.properties, identifier: undefined } },
  Playlist: schemas.Entry.properties.playlist,
  Track: schemas.Track,
  Info: schemas.Info,
  Stats: schemas.Stats,
};
for (const [name, schema] of Object.entries(described)) {
  test(`the keys of ${name} are those of the description`, () => {
    const known = Object.entries(schema.properties)
      .filter(([, value]) => value)
      .map(([key]) => key);
    assert.deepEqual(keys(name), known.sort());
  });
}

test("what a reset keeps", () => {
  const kept = [...types.match(/^export type Resettable = (.*);$/m)[1].matchAll(/"(\w+)"/g)].map(
    ([, name]) => name,
  );
  assert.deepEqual(kept, schemas.Resettable.enum);
});
