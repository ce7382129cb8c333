// Where the server is: LAVALINK_REFERENCE_SERVER, the package of this platform, or PATH.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const name = "lavalink-reference-server";

/** The path of the server, or its name if PATH is to find it. */
export function program() {
  const named = process.env.LAVALINK_REFERENCE_SERVER;
  if (named && !existsSync(named)) {
    throw new Error(`LAVALINK_REFERENCE_SERVER is ${named}, and there is no such file`);
  }
  return named || packaged() || name;
}

/** Why it cannot be run, and what to do about it. */
export function cannotRun(path, error) {
  if (path === name && error.code === "ENOENT") {
    return new Error(
      `there is no lavalink-mock-${platform()} in node_modules, and no ${name} in PATH: install ` +
        "with optional dependencies, run `cargo install lavalink-reference-server`, or set " +
        "LAVALINK_REFERENCE_SERVER to the path of one",
      { cause: error },
    );
  }
  const code = error.code ?? error.message;
  return new Error(`${path} cannot be run (${code}); is it executable, and for this kind of machine?`, {
    cause: error,
  });
}

function packaged() {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  try {
    return createRequire(import.meta.url).resolve(`lavalink-mock-${platform()}/${file}`);
  } catch {
    return undefined;
  }
}

function platform() {
  return `${process.platform}-${process.arch}`;
}
