// Never run: the compiler says whether the types fit how the package is used.
import { MockError, startMock, type Mock, type Recorded, type Track } from "lavalink-mock";

export async function uses(): Promise<void> {
  await using mock: Mock = await startMock("--vary", "1");
  const track: Track = { title: "Hello", plays: { exception: { severity: "common" }, afterMs: 5 } };
  await mock.search("ytsearch:*", track, { isStream: true });
  await mock.fault("GET", "/v4/loadtracks", { status: 429, headers: { "Retry-After": "1" }, times: 1 });
  const [patch]: Recorded[] = await mock.waitFor("PATCH", "*/players/*", { body: { volume: 30 }, count: 2 });
  const reason: string = (await mock.advanceUntil("TrackEndEvent", { guildId: "1" })).reason;
  await mock.stats({ cpu: { systemLoad: 0.9 }, frameStats: null });
  await mock.reset({ keep: ["catalogue"] });
  console.log(patch.body, reason);
  await mock.advance(1).catch((error) => error instanceof MockError && error.status);
  // @ts-expect-error no such key
  await mock.track("x", { titel: "Hello" });
  // @ts-expect-error no such severity
  await mock.entry("x", { error: { severity: "bad" } });
}
