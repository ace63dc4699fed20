// What tabs and the engine say to each other. One engine serves every tab of a browser: tabs send
// commands, the engine sends news. Everything is plain data, so that it can cross from one to the other.

import type { OutboxItem, Written } from "../model/outbox";
import type { StoreChange, Store } from "../model/store";
import type { CompanyFrame, SettingsChange } from "../protocol/frames";
import type { ChatSummary, Me } from "../protocol/http-types";
import type { AccountId, ChatId, MessageId } from "../protocol/ids";
import type { Phase } from "./state";

/** loading → signIn → profile (name and username are missing) → ready. */
export type Stage = "loading" | "signIn" | "profile" | "ready";

/** What the page shows of the session. */
export interface SessionView {
  readonly phase: Phase;
  readonly node: string;
  readonly attempt: number;
  readonly bearer: string | null;
  readonly outbox: readonly OutboxItem[];
  readonly arrived: readonly MessageId[];
  readonly held: readonly ChatId[];
  readonly struggling: boolean;
}

/** Everything of a snapshot but the store, which changes by differences. */
export interface View {
  readonly stage: Stage;
  readonly me: Me | null;
  readonly session: SessionView;
  /** Chats of which a page of history is on its way. */
  readonly loading: Readonly<Record<string, boolean>>;
  /** Chats of which a page of history was refused: it is asked again when somebody wishes. */
  readonly refused: Readonly<Record<string, boolean>>;
  /** When the next attempt to connect is, in milliseconds since 1970; of no meaning but while waiting. */
  readonly retryAt: number;
  /** Whether the first page could not be loaded and is being tried again. */
  readonly isUnreachable: boolean;
  /** Whether this browser keeps what was loaded; else it lives as long as the page. */
  readonly isKept: boolean;
}

export type Command =
  /** A tab came: it wants to know everything. */
  | { readonly kind: "join" }
  /** A tab was closed or put away: it hears no news until it joins again. */
  | { readonly kind: "part"; readonly tab: string }
  /** A tab is looked at, or is not any more. */
  | { readonly kind: "visible"; readonly tab: string; readonly isVisible: boolean }
  | { readonly kind: "enter"; readonly me: Me }
  | { readonly kind: "leave" }
  | { readonly kind: "hurry" }
  | { readonly kind: "touched" }
  | { readonly kind: "online" }
  | { readonly kind: "offline" }
  | ({ readonly kind: "send" } & Written)
  | { readonly kind: "retry"; readonly cmid: MessageId }
  | { readonly kind: "discard"; readonly cmid: MessageId }
  | { readonly kind: "read"; readonly chat: ChatId; readonly n: number }
  | { readonly kind: "opened"; readonly chat: ChatId }
  | { readonly kind: "setChat"; readonly chat: ChatId; readonly change: SettingsChange }
  | { readonly kind: "history"; readonly chat: ChatId; readonly before: number }
  /** The thread or the composer shows a message that the tab does not have. */
  | { readonly kind: "quote"; readonly chat: ChatId; readonly seq: number }
  | { readonly kind: "adopt"; readonly chat: ChatSummary }
  | { readonly kind: "drop"; readonly chat: ChatId }
  | { readonly kind: "updateMe"; readonly me: Me }
  | { readonly kind: "needPeople"; readonly accounts: readonly AccountId[] }
  | CompanyCommand
  | { readonly kind: "typing"; readonly chat: ChatId };

/** Whether the person uses a tab, and whom it has on the screen; both instead of what it said before. */
export interface CompanyCommand {
  readonly kind: "company";
  readonly tab: string;
  readonly isActive: boolean;
  readonly accounts: readonly AccountId[];
}

export type News =
  /** The engine runs in a worker that holds this lock for as long as it lives. */
  | { readonly kind: "runs"; readonly lock: string }
  | { readonly kind: "all"; readonly view: View; readonly store: Store }
  | { readonly kind: "view"; readonly part: Partial<View> }
  | { readonly kind: "store"; readonly change: StoreChange }
  /** Who types, or is there. */
  | { readonly kind: "company"; readonly frame: CompanyFrame }
  /** Something went wrong that a person should hear of; the tab finds the words. */
  | { readonly kind: "notice"; readonly code: string; readonly message: string };

/** A way to the engine, wherever it runs. */
export interface EngineLink {
  readonly send: (command: Command) => void;
}

/** Makes and starts an engine: what the engine's script gives to a page. */
export type EngineMaker = (
  home: string,
  publish: (news: News) => void,
) => { readonly receive: (command: Command) => void };
