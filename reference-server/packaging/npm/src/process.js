// The server as a process that ends with this one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cannotRun, program } from "./program.js";

const keptLog = 64 * 1024;

/**
 * A server that is ready. Its standard input is a pipe of this process: when that ends, for
 * whatever reason, so does the server. It does not keep this process alive.
 */
export class Process {
  #child;
  #log = "";
  #ended;

  static async start(flags) {
    const started = new Process();
    await started.#start(flags);
    return started;
  }

  /** What the server has written to its standard error; the last of it. */
  get log() {
    return this.#log;
  }

  async stop() {
    this.#child.kill("SIGKILL");
    this.#child.ref();
    await this.#ended;
  }

  async #start(flags) {
    const path = program();
    let child;
    try {
      child = spawn(path, ["--mock", ...flags], { stdio: "pipe" });
    } catch (error) {
      throw cannotRun(path, error);
    }
    this.#child = child;
    // Not `close`, which would wait for pipes that do not keep this process alive.
    this.#ended = once(child, "exit").catch(() => {});
    // A server that has ended does not read.
    child.stdin.on("error", () => {});
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#log = (this.#log + text).slice(-keptLog);
    });
    const line = await new Promise((resolve, reject) => {
      let text = "";
      child.once("error", (error) => reject(cannotRun(path, error)));
      child.once("close", (code) => {
        const told = this.#log.trim() || "nothing";
        reject(new Error(`${path} ended with code ${code} before it was ready, and said: ${told}`));
      });
      child.stdout.setEncoding("utf8").on("data", (more) => {
        text += more;
        if (text.includes("\n")) resolve(text);
      });
    });
    this.ready = JSON.parse(line);
    for (const held of [child, child.stdin, child.stdout, child.stderr]) held.unref();
  }
}
