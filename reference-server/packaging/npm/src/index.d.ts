/// <reference lib="esnext.disposable" />

/**
 * Starts a Lavalink server of its own: it plays without Discord and without the internet, its time
 * stands still until it is moved, and it does what it is told.
 *
 * @param flags of lavalink-reference-server, such as `"--vary", "1"`.
 * @throws if it does not start; the message says what to do.
 */
export function startMock(...flags: string[]): Promise<Mock>;

/**
 * A server. It ends with `stop`, and with this process. A session is named by its id; `latest`,
 * which is meant if nothing is said, is the one that began last and is not over.
 */
export interface Mock extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** What clients send as Authorization. */
  readonly password: string;
  /** Of the server. */
  readonly version: string;
  readonly pid: number;

  /** Ends the server, as if it had been killed: sockets end without a close frame. */
  stop(): Promise<void>;
  /** What the server has written to its standard error. */
  log(): string;

  /** Moves time. All that came due has been sent when it is done; 0 waits for what is on its way. */
  advance(ms: number): Promise<void>;
  /** Moves time to the next message of a type, such as `TrackEndEvent`, and gives it. */
  advanceUntil(type: string | undefined, more?: Until): Promise<Message>;
  /**
   * Waits until the client has done what follows from a message: until `condition` holds. Limits
   * here and in `waitFor` are of the machine's time.
   */
  eventually(condition: () => unknown, withinMs?: number): Promise<void>;

  /** All that clients did, oldest first; only what has a greater id than `since`. */
  requests(since?: number): Promise<Recorded[]>;
  /**
   * Waits until clients have sent such a request, from the beginning on. `*` in path, headers and
   * query is any text; body is what there is at least.
   *
   * @throws {MockError} if they do not; it tells the nearest request and its first difference.
   */
  waitFor(method: string | undefined, path: string | undefined, more?: Wanted): Promise<Recorded[]>;
  /** Waits for a handshake. */
  waitForHandshake(more?: Wanted): Promise<Recorded[]>;
  /** All sessions that are open or wait to be resumed, oldest first. */
  sessions(): Promise<Session[]>;

  /**
   * Has the next requests to a path, in which `*` is any text, answered with this; without a body
   * it is Lavalink's error object. With a 200 it is a canned answer, such as a plugin's.
   */
  fault(method: string | undefined, path: string | undefined, fault: Failing): Promise<Fault>;
  /** All faults, and how often each struck. */
  faults(): Promise<Fault[]>;
  /** Has nothing fail any more. */
  clearFaults(): Promise<void>;
  /** Refuses the next handshakes, with 503 if nothing is said. */
  refuseHandshakes(times: number, status?: number): Promise<void>;

  /** Sends a client a message of any kind. */
  push(message: unknown, session?: string): Promise<void>;
  /** Sends a client a text that need not be JSON. */
  pushText(text: string, session?: string): Promise<void>;
  /** Has an event happen to a player, and gives what was sent: all that is left out is filled in. */
  event(guild: string, type: string, more?: Record<string, unknown>, session?: string): Promise<Message>;
  /**
   * Has Discord close a player's voice connection, and gives the event; null if Lavalink tells
   * nobody after this code and comes back by itself.
   */
  voiceClose(guild: string, code: number, more?: VoiceClose): Promise<Message | null>;
  /** Says how a player's voice connection is; its client is told. */
  voiceState(guild: string, state: { ping?: number; connected?: boolean }, session?: string): Promise<void>;
  /**
   * Drops a client's socket: with a close frame if there is a code, with a TCP reset if `abort`. A
   * client that comes back at once is resumed, if it has asked for that.
   */
  dropSocket(how?: { code?: number; reason?: string; abort?: boolean; session?: string }): Promise<Session>;
  /** Ends a session as if the server had lost it: it cannot be resumed. */
  endSession(session?: string): Promise<void>;

  /**
   * Has an identifier, in which `*` is any text, lead to a track of your own: to a search with that
   * one result if it looks like a search.
   */
  track(identifier: string, track: Track): Promise<void>;
  /** Has a search find these tracks. */
  search(identifier: string, ...tracks: Track[]): Promise<void>;
  /** Has an identifier lead to a playlist. */
  playlist(identifier: string, playlist: Playlist): Promise<void>;
  /** Has an identifier lead to anything. The entry that was added last is asked first. */
  entry(identifier: string, entry: Entry): Promise<void>;

  /** Is another server for `/v4/info` and `/version`; what is left out is its own again. */
  info(info: Info): Promise<void>;
  /** Makes statistics up and sends them to all clients; what is left out is its own again. */
  stats(stats: Stats): Promise<void>;
  /** Ends all sessions, and is as it was when it started but for what is to be kept. */
  reset(how?: { keep?: Resettable[]; closeCode?: number; closeReason?: string }): Promise<void>;
  /** Asks the control API for anything else; `path` begins behind `/control`. */
  control(method: string, path: string, body?: unknown): Promise<any>;
}

/** The server refuses what it was told, or what was waited for did not come. */
export class MockError extends Error {
  private constructor();
  /** HTTP status of the control API; 408 if something did not come, 0 without an answer. */
  readonly status: number;
  /** All that it answered. */
  readonly body: Record<string, any>;
}

/** A message as Lavalink sends it. */
export type Message = Record<string, any>;
export type Kind = "request" | "handshake" | "close";
export type Resettable = "journal" | "faults" | "catalogue" | "info" | "stats" | "clock" | "routePlanner";

export interface Until {
  op?: string;
  guildId?: string;
  sessionId?: string;
  reason?: string;
  /** Time is moved by so much at most; a day if it is left out. */
  withinMs?: number;
}

export interface Match {
  kind?: Kind;
  method?: string;
  path?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
  status?: number;
  sessionId?: string;
  code?: number;
}

export interface Wanted extends Omit<Match, "method" | "path"> {
  count?: number;
  since?: number;
  withinMs?: number;
}

/** A status, or one of hang, reset and notJson; delayMs goes with each. */
export interface Failing {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  delayMs?: number;
  clock?: "machine" | "server";
  hang?: boolean;
  reset?: boolean;
  notJson?: boolean;
  times?: number;
  skip?: number;
  probability?: number;
  match?: Omit<Match, "method" | "path">;
}

export interface Fault {
  id: number;
  match: Match;
  times: number | null;
  skip: number;
  probability: number;
  answer: Record<string, unknown>;
  matched: number;
  struck: number;
}

/** Something that a client did. */
export interface Recorded {
  id: number;
  kind: Kind;
  wallMs: number;
  method?: string;
  path?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: any;
  bodyCut?: true;
  status?: number | null;
  fault?: number;
  sessionId?: string;
  resumed?: boolean;
  code?: number;
  reason?: string;
  by?: "client" | "server";
}

export interface Session {
  id: string;
  userId: string;
  clientName: string | null;
  state: "open" | "away" | "over";
  resuming: boolean;
  timeout: number;
  players: Record<string, any>[];
}

export interface VoiceClose {
  reason?: string;
  byRemote?: boolean;
  session?: string;
}

export interface LavalinkException {
  message?: string;
  severity?: "common" | "suspicious" | "fault";
  cause?: string;
  causeStackTrace?: string;
}

/** A track of your own. What is left out is filled in. */
export interface Track {
  title?: string;
  author?: string;
  lengthMs?: number;
  identifier?: string;
  uri?: string | null;
  artworkUrl?: string | null;
  isrc?: string | null;
  sourceName?: string;
  isStream?: boolean;
  position?: number;
  pluginInfo?: Record<string, unknown>;
  userData?: Record<string, unknown>;
  plays?: "tone" | "stuck" | { exception?: LavalinkException; stuckMs?: number; afterMs?: number };
}

export interface Playlist {
  name?: string;
  selectedTrack?: number;
  pluginInfo?: Record<string, unknown>;
  tracks: Track[];
}

/** One of these. */
export interface Entry {
  track?: Track;
  search?: Track[];
  playlist?: Playlist;
  empty?: true;
  error?: LavalinkException;
}

export interface Info {
  version?: string;
  apiVersion?: string;
  buildTime?: number;
  git?: Record<string, unknown>;
  jvm?: string;
  lavaplayer?: string;
  sourceManagers?: string[];
  filters?: string[];
  plugins?: (string | { name: string; version?: string })[];
}

export interface Stats {
  players?: number;
  playingPlayers?: number;
  uptime?: number;
  memory?: { free?: number; used?: number; allocated?: number; reservable?: number };
  cpu?: { cores?: number; systemLoad?: number; lavalinkLoad?: number };
  frameStats?: { sent?: number; nulled?: number; deficit?: number } | null;
}
