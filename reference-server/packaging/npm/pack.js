#!/usr/bin/env node
// Packs lavalink-mock and the package of one platform, which holds the server:
//
//   node pack.js PROGRAM PLATFORM FOLDER
//
// PLATFORM is one of those below; FOLDER gets both archives. The version is the workspace's.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];
const here = import.meta.dirname;

const [program, platform, folder] = process.argv.slice(2);
if (!folder || !platforms.includes(platform)) {
  console.error(`pack.js PROGRAM PLATFORM FOLDER; platforms are ${platforms.join(", ")}`);
  process.exit(2);
}
const version = readFileSync(join(here, "../../../Cargo.toml"), "utf8").match(/^version = "(.+)"$/m)[1];
const stage = mkdtempSync(join(tmpdir(), "lavalink-mock-"));
try {
  mkdirSync(folder, { recursive: true });
  const main = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  const optionalDependencies = Object.fromEntries(
    platforms.map((name) => [`lavalink-mock-${name}`, version]),
  );
  pack("main", { ...main, version, optionalDependencies }, ["src", "README.md", "LICENSE"]);

  const [os, cpu] = platform.split("-");
  const file = `lavalink-reference-server${os === "win32" ? ".exe" : ""}`;
  const description = `The server of lavalink-mock for ${platform}`;
  const own = {
    name: `lavalink-mock-${platform}`,
    version,
    description,
    license: main.license,
    os: [os],
    cpu: [cpu],
  };
  mkdirSync(join(stage, platform));
  cpSync(program, join(stage, platform, file));
  chmodSync(join(stage, platform, file), 0o755);
  pack(platform, { ...own, files: [file], preferUnplugged: true }, ["LICENSE"]);
} finally {
  rmSync(stage, { recursive: true });
}

function pack(name, manifest, files) {
  const from = join(stage, name);
  mkdirSync(from, { recursive: true });
  for (const file of files) cpSync(join(here, file), join(from, file), { recursive: true });
  writeFileSync(join(from, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const shell = process.platform === "win32";
  execFileSync("npm", ["pack", "--silent", "--pack-destination", resolve(folder)], {
    cwd: from,
    stdio: "inherit",
    shell,
  });
}
