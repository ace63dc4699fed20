// The client at work: hears people, socket and clock, steps the core, and does what it asks. The only
// place where the pure parts (core, store) and the shells (socket, timers, HTTP, storage) meet.

import { assertNever } from "../model/assert-never";
import { accountsIn, accountsOf, change } from "../model/store";
import type { StoreChange } from "../model/store";
import { dashed, idClockStart, makeMessageId } from "../model/uuid";
import type { Entry } from "../protocol/frames";
import { ApiError } from "../protocol/http-types";
import type { ChatSummary, Me } from "../protocol/http-types";
import type { AccountId, ChatId, LogId, MessageId } from "../protocol/ids";
import { Api } from "./api";
import { Http } from "./http";
import { randomScale } from "./limits";
import { OutboxStorage } from "./outbox-storage";
import { reduce } from "./reducer";
import { firstSnapshot } from "./snapshot";
import type { Snapshot } from "./snapshot";
import { SocketShell } from "./socket";
import type { SessionEffect, SessionEvent } from "./state";
import { initialSession } from "./state";
import { TimerShell } from "./timers";
import { wordsFor } from "./words";

const bootPause = 2_000;
/** Somebody who looks at the page waits at most this long between two attempts. */
const watchedWaitMax = 5_000;
/** Presses and keys ask for an attempt at most this often. */
const gesturePause = 1_000;

export class Client {
  readonly api: Api;
  private readonly http: Http;
  private snapshot: Snapshot = firstSnapshot;
  private readonly listeners = new Set<() => void>();
  private readonly socket = new SocketShell((event) => this.dispatch(event));
  private readonly timers = new TimerShell((timer) => this.dispatch({ kind: "timer", timer }));
  private storage: OutboxStorage | null = null;
  private idClock = idClockStart;
  private readonly wanted = new Set<AccountId>();
  private readonly asked = new Set<AccountId>();
  /** Chats whose history could not be loaded; asked again after the next reconnect or opening. */
  private readonly refusedHistory = new Set<ChatId>();

  private lastGesture = 0;

  /** `home` is the origin that the page came from. */
  constructor(private readonly home: string) {
    this.http = new Http({
      node: () => this.httpNode(),
      bearer: () => this.snapshot.session.bearer,
      makeKey: () => dashed(this.makeId()),
    });
    this.api = new Api(this.http);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): Snapshot => this.snapshot;

  /** Finds out who we are, then starts the session or asks to sign in. */
  async boot(): Promise<void> {
    for (;;) {
      try {
        await this.enter(await this.api.me());
        return;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) {
          this.set({ stage: "signIn", isUnreachable: false });
          return;
        }
        this.set({ isUnreachable: true });
        await new Promise((resolve) => setTimeout(resolve, bootPause));
      }
    }
  }

  /** Goes on as `me`: to the profile when it is not complete, else to the chats. */
  async enter(me: Me): Promise<void> {
    this.set({ me, store: change(this.snapshot.store, { kind: "people", people: [me] }) });
    if (!me.isComplete) {
      this.set({ stage: "profile", isUnreachable: false });
      return;
    }
    if (this.snapshot.session.phase !== "idle" && this.snapshot.stage === "ready") return;
    const list = await this.api.chats();
    this.storage = new OutboxStorage(me.id);
    this.store({ kind: "chats", chats: list.chats });
    this.needPeopleOf(list.chats);
    this.dispatch({
      kind: "start",
      home: this.home,
      nodes: [this.home],
      cookies: true,
      bearer: null,
      inbox: list.inbox,
      logs: list.chats.map((chat) => ({ chat: chat.id, epoch: chat.epoch, seq: chat.head.seq })),
      outbox: this.storage.all(),
    });
    this.set({ stage: "ready", isUnreachable: false });
  }

  async signOut(everywhere: boolean): Promise<void> {
    await this.api.signOut(everywhere);
    this.dispatch({ kind: "stop" });
  }

  /** Somebody is waiting: try to connect now instead of when the backoff says. */
  hurry(): void {
    this.dispatch({ kind: "wake" });
  }

  /** Somebody presses or types: they wait, so the next attempt is now. */
  touched(): void {
    const now = performance.now();
    if (this.snapshot.session.phase !== "waiting" || now - this.lastGesture < gesturePause) return;
    this.lastGesture = now;
    this.hurry();
  }

  send(chat: ChatId, text: string): void {
    this.hurry();
    this.dispatch({ kind: "send", cmid: this.makeId(), chat, text });
  }

  retry(cmid: MessageId): void {
    this.dispatch({ kind: "retry", cmid });
  }

  discard(cmid: MessageId): void {
    this.dispatch({ kind: "discard", cmid });
  }

  /** I have seen every message of a chat up to ordinal `n`. */
  read(chat: ChatId, n: number): void {
    const known = this.snapshot.store.chats[chat];
    if (known === undefined || n <= known.mark) return;
    this.store({ kind: "readHere", chat, n });
    this.dispatch({ kind: "read", chat, n });
  }

  /** The person opened a chat: what was refused before may be asked again. */
  opened(chat: ChatId): void {
    this.refusedHistory.delete(chat);
  }

  /** Loads the page of history before entry `before`. */
  async loadHistory(chat: ChatId, before: number): Promise<void> {
    if (this.snapshot.loading[chat] === true || this.refusedHistory.has(chat)) return;
    this.set({ loading: { ...this.snapshot.loading, [chat]: true } });
    try {
      const page = await this.api.history(chat, before);
      this.store({ kind: "history", chat, page });
      this.needPeople(accountsIn(page.entries));
    } catch (error) {
      this.refusedHistory.add(chat);
      this.tell(error);
    } finally {
      this.set({ loading: { ...this.snapshot.loading, [chat]: false } });
    }
  }

  /** A chat that the person made, joined or changed just now. */
  adopt(chat: ChatSummary): void {
    this.store({ kind: "chat", chat });
    this.needPeopleOf([chat]);
    this.dispatch({ kind: "follow", chat: chat.id, epoch: chat.epoch, seq: chat.head.seq });
  }

  drop(chat: ChatId): void {
    this.dispatch({ kind: "unfollow", chat });
    this.store({ kind: "gone", chat });
  }

  updateMe(me: Me): void {
    this.set({ me });
    this.store({ kind: "people", people: [me] });
  }

  /** Shows what went wrong in words, until it is dismissed. */
  tell(error: unknown): void {
    this.set({ notice: wordsFor(error) });
  }

  dismissNotice(): void {
    this.set({ notice: null });
  }

  needPeople(accounts: readonly AccountId[]): void {
    const unknown = accounts.filter(
      (account) => this.snapshot.store.people[account] === undefined && !this.asked.has(account),
    );
    if (unknown.length === 0) return;
    const isFirst = this.wanted.size === 0;
    for (const account of unknown) this.wanted.add(account);
    if (isFirst) queueMicrotask(() => void this.fetchPeople());
  }

  readonly dispatch = (event: SessionEvent): void => {
    const random = Math.floor(Math.random() * randomScale);
    const { state, effects } = reduce(this.snapshot.session, event, random);
    this.set({ session: state });
    for (const effect of effects) this.perform(effect);
  };

  private perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case "connect":
        return this.socket.connect(effect.node);
      case "disconnect":
        return this.socket.disconnect();
      case "sendFrame":
        return this.socket.send(effect.frame);
      case "setTimer":
        return this.timers.set(effect.timer, waitFor(effect.timer, effect.after));
      case "cancelTimer":
        return this.timers.cancel(effect.timer);
      case "cancelAllTimers":
        return this.timers.cancelAll();
      case "keep":
        return this.storage?.keep(effect.item);
      case "forget":
        return this.storage?.forget(effect.cmid);
      case "entries":
        return this.receiveEntries(effect.log, effect.entries);
      case "hole":
        return this.receiveHole(effect.log, effect.head);
      case "reset":
        return this.receiveReset(effect.log, effect.epoch);
      case "marks": {
        const { chat, marks, marksVersion: version } = effect;
        return this.store({ kind: "marks", chat, marks, version, me: this.myId() });
      }
      case "refused":
        return effect.log === "inbox" ? undefined : this.store({ kind: "gone", chat: effect.log });
      case "problem":
        return this.tell(new ApiError(0, effect.code, effect.message, false, 0));
      case "signedOut":
        return this.leave();
      case "live":
        return this.refusedHistory.clear();
      case "acked":
        return;
      default:
        return assertNever(effect);
    }
  }

  private receiveEntries(log: LogId, entries: readonly Entry[]): void {
    if (log === "inbox") {
      for (const entry of entries) this.receiveInbox(entry);
      return;
    }
    this.store({ kind: "entries", chat: log, entries, me: this.myId() });
    this.needPeople(accountsIn(entries));
    if (entries.some((entry) => entry.kind === "deleted")) this.drop(log);
  }

  private receiveInbox(entry: Entry): void {
    if (entry.kind === "chatAdded") void this.fetchChat(entry.chat);
    if (entry.kind === "chatRemoved") this.drop(entry.chat);
    if (entry.kind === "profileChanged") void this.fetchMe();
  }

  private receiveHole(log: LogId, head: { readonly seq: number; readonly n: number }): void {
    if (log === "inbox") {
      void this.fetchChats();
    } else {
      this.store({ kind: "hole", chat: log, head });
      void this.loadHistory(log, head.seq + 1);
    }
  }

  private receiveReset(log: LogId, epoch: number): void {
    if (log === "inbox") void this.fetchChats();
    else this.store({ kind: "reset", chat: log, epoch });
  }

  private async fetchChat(id: ChatId): Promise<void> {
    try {
      this.adopt(await this.api.chat(id));
    } catch (error) {
      // A chat that was taken back before we asked is no news.
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return;
      this.tell(error);
    }
  }

  private async fetchChats(): Promise<void> {
    try {
      const { chats } = await this.api.chats();
      const ids = new Set<string>(chats.map((chat) => chat.id));
      for (const chat of Object.values(this.snapshot.store.chats)) {
        if (!ids.has(chat.id)) this.drop(chat.id);
      }
      for (const chat of chats) this.adopt(chat);
    } catch (error) {
      this.tell(error);
    }
  }

  private async fetchMe(): Promise<void> {
    try {
      this.updateMe(await this.api.me());
    } catch (error) {
      this.tell(error);
    }
  }

  private async fetchPeople(): Promise<void> {
    const ids = [...this.wanted];
    this.wanted.clear();
    for (const id of ids) this.asked.add(id);
    try {
      this.store({ kind: "people", people: await this.api.people(ids) });
    } catch {
      // Names are shown as "…" meanwhile; the next entry of these people asks again.
      for (const id of ids) this.asked.delete(id);
    }
  }

  private needPeopleOf(chats: readonly ChatSummary[]): void {
    this.needPeople(chats.flatMap(accountsOf));
  }

  private leave(): void {
    this.http.forgetToken();
    this.asked.clear();
    this.set({ ...firstSnapshot, stage: "signIn", session: initialSession });
  }

  private httpNode(): string {
    const { phase, node } = this.snapshot.session;
    return phase === "live" || phase === "catchingUp" ? node : this.home;
  }

  private myId(): AccountId | null {
    return this.snapshot.me?.id ?? null;
  }

  private makeId(): MessageId {
    const random = crypto.getRandomValues(new Uint8Array(8));
    const { id, clock } = makeMessageId(this.idClock, Date.now(), random);
    this.idClock = clock;
    return id;
  }

  private store(what: StoreChange): void {
    this.set({ store: change(this.snapshot.store, what) });
  }

  private set(part: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
    for (const listener of this.listeners) listener();
  }
}

/**
 * What the core draws from up to 30 s is folded into the first seconds while somebody looks: the time
 * stays as random as it was, so that the pages of a dead node do not come back in step.
 */
function waitFor(timer: string, after: number): number {
  const isWatched = timer === "reconnect" && document.visibilityState === "visible";
  return isWatched ? after % watchedWaitMax : after;
}
