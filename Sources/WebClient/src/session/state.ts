// The state of the client core, what it hears (events) and what it asks for (effects). The same names
// and shapes are in the vectors of Tests/Vectors/client-core.json.

import type { OutboxItem, Written } from "../model/outbox";
import type { ClientFrame, Cursor, Entry, Mark, OpenChat, Place, ServerFrame } from "../protocol/frames";
import type { AccountId, ChatId, LogId, MessageId } from "../protocol/ids";

/**
 * idle → connecting → greeting (hello sent) → catchingUp (welcome came) → live. From each of them a
 * lost socket leads to waiting (or straight to connecting), `offline` to offline, and a session that
 * ended to signedOut.
 */
export type Phase =
  | "idle"
  | "connecting"
  | "greeting"
  | "catchingUp"
  | "live"
  | "waiting"
  | "offline"
  | "signedOut";

/** How the socket of the current attempt proves who it is. */
export type Credential = "cookie" | "ticket" | "bearer";

export interface LogState extends Cursor {
  /** The highest number that is known to exist; above `seq` something is missing. */
  readonly want: number;
  /** The gap timer runs. */
  readonly waiting: boolean;
  /** A difference was asked for and has not come. */
  readonly asking: boolean;
  /** Pushes that came before their turn, ascending. */
  readonly early: readonly Entry[];
}

export interface SessionState {
  readonly phase: Phase;
  /** The node that the page came from: the only host that our cookie reaches. */
  readonly home: string;
  /** Base addresses of the cluster's nodes as the last welcome named them. */
  readonly nodes: readonly string[];
  /** The node of the socket, or of the next attempt. */
  readonly node: string;
  /** Attempts that failed since the session was last live. */
  readonly attempt: number;
  /** Whether a session cookie exists (a browser) or only a bearer (the command line). */
  readonly cookies: boolean;
  readonly credential: Credential;
  /** The last proof that is left was refused once: the hello may only have come too late. */
  readonly doubted: boolean;
  readonly ticket: string | null;
  readonly bearer: string | null;
  readonly heartbeat: number;
  /** A ping has had no answer yet. */
  readonly awaitingPong: boolean;
  readonly account: AccountId | null;
  readonly logs: Readonly<Record<string, LogState>>;
  /**
   * Until the session is live: the chats that the server was told of, in the hello or since the
   * welcome. Between the two it takes nothing.
   */
  readonly named: readonly ChatId[];
  readonly outbox: readonly OutboxItem[];
  /** Messages of the outbox that came by their thread before their acknowledgement: shown there. */
  readonly arrived: readonly MessageId[];
  /** Chats whose next item waits for a retry timer. */
  readonly held: readonly ChatId[];
  /** The last answer to a message was none, or "not now": the cluster cannot take it yet. */
  readonly struggling: boolean;
  /** The server asked us to send slower; the timer `outbox` ends it. */
  readonly paused: boolean;
  /** How far I read, until the server says the same. */
  readonly unsentMarks: Readonly<Record<string, number>>;
}

export type SessionEvent =
  | {
      readonly kind: "start";
      readonly home: string;
      readonly nodes: readonly string[];
      readonly cookies: boolean;
      readonly bearer: string | null;
      readonly inbox: Cursor;
      readonly logs: readonly OpenChat[];
      readonly outbox: readonly Written[];
    }
  | { readonly kind: "opened" }
  | { readonly kind: "closed"; readonly code: number }
  | { readonly kind: "frame"; readonly frame: ServerFrame }
  | { readonly kind: "timer"; readonly timer: string }
  | { readonly kind: "follow"; readonly chat: ChatId; readonly epoch: number; readonly seq: number }
  | { readonly kind: "unfollow"; readonly chat: ChatId }
  | ({ readonly kind: "send" } & Written)
  | { readonly kind: "retry"; readonly cmid: MessageId }
  | { readonly kind: "discard"; readonly cmid: MessageId }
  | { readonly kind: "read"; readonly chat: ChatId; readonly n: number }
  | { readonly kind: "offline" }
  | { readonly kind: "online" }
  | { readonly kind: "wake" }
  | { readonly kind: "stop" };

export type SessionEffect =
  | { readonly kind: "connect"; readonly node: string }
  | { readonly kind: "disconnect" }
  | { readonly kind: "sendFrame"; readonly frame: ClientFrame }
  | { readonly kind: "setTimer"; readonly timer: string; readonly after: number }
  | { readonly kind: "cancelTimer"; readonly timer: string }
  | { readonly kind: "cancelAllTimers" }
  | { readonly kind: "keep"; readonly item: Written }
  | { readonly kind: "forget"; readonly cmid: MessageId }
  | { readonly kind: "entries"; readonly log: LogId; readonly epoch: number; readonly entries: readonly Entry[] }
  | { readonly kind: "hole"; readonly log: LogId; readonly epoch: number; readonly tail: number; readonly head: Place }
  | { readonly kind: "reset"; readonly log: LogId; readonly epoch: number }
  | { readonly kind: "marks"; readonly chat: ChatId; readonly marksVersion: number; readonly marks: readonly Mark[] }
  | {
      readonly kind: "acked";
      readonly cmid: MessageId;
      readonly chat: ChatId;
      readonly seq: number;
      readonly n: number;
      readonly ts: number;
    }
  | { readonly kind: "refused"; readonly log: LogId; readonly code: string }
  | { readonly kind: "problem"; readonly code: string; readonly message: string }
  | { readonly kind: "live" }
  | { readonly kind: "signedOut" };

export const initialSession: SessionState = {
  phase: "idle",
  home: "",
  nodes: [],
  node: "",
  attempt: 0,
  cookies: true,
  credential: "cookie",
  doubted: false,
  ticket: null,
  bearer: null,
  heartbeat: 25_000,
  awaitingPong: false,
  account: null,
  logs: {},
  named: [],
  outbox: [],
  arrived: [],
  held: [],
  struggling: false,
  paused: false,
  unsentMarks: {},
};

/** What one event leads to: the next state, and what the shell has to do, in this order. */
export interface Reduction {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}
