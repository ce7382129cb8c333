#!/usr/bin/env node
// The server itself, with all its flags.
import { spawn } from "node:child_process";
import { cannotRun, program } from "./program.js";

try {
  const path = program();
  spawn(path, process.argv.slice(2), { stdio: "inherit" })
    .on("error", (error) => fail(cannotRun(path, error)))
    .on("exit", (code) => process.exit(code ?? 1));
} catch (error) {
  fail(error);
}
// A signal of the terminal goes to the server too, and its end ends this.
process.on("SIGINT", () => {});

function fail(error) {
  console.error(`lavalink-mock: ${error.message}`);
  process.exit(2);
}
