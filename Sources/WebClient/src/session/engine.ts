// The client at work, once for all tabs of a browser: hears tabs, socket and clock, steps the core, does
// what it asks, and tells the tabs what changed. The only place where the pure parts (core, store) and the
// shells (socket, timers, HTTP, archive) meet. Touches nothing that only a page has: it also runs in a
// worker.

import { assertNever } from "../model/assert-never";
import { hasMoreThan } from "../model/chat";
import { settingsFrom, settingsOf } from "../model/settings";
import { accountsIn, accountsOf, change, emptyStore, withNewestOf } from "../model/store";
import type { Store, StoreChange } from "../model/store";
import type { Written } from "../model/outbox";
import { dashed, idClockStart, makeMessageId } from "../model/uuid";
import type { Entry, SettingsChange } from "../protocol/frames";
import { ApiError } from "../protocol/http-types";
import type { ChatSummary, Me } from "../protocol/http-types";
import type { AccountId, ChatId, LogId, MessageId } from "../protocol/ids";
import { Api } from "./api";
import { Archive } from "./archive";
import { Company } from "./company";
import { History } from "./history";
import { Http } from "./http";
import { randomScale } from "./limits";
import type { Command, News, View } from "./messages";
import { Pulse } from "./pulse";
import { reduce } from "./reducer";
import { Saver } from "./saver";
import { firstView, looksSame, viewOf } from "./snapshot";
import { SocketShell } from "./socket";
import { StarKeeper } from "./star-keeper";
import type { SessionEffect, SessionEvent, SessionState } from "./state";
import { initialSession } from "./state";
import { TimerShell, Wait } from "./timers";
import { Wishes } from "./wishes";

const bootPause = 2_000;
/** The newest entries of a chat that the engine holds for tabs that come. */
const entriesHeldMax = 500;
/** Somebody who looks at the page waits at most this long between two attempts. */
const watchedWaitMax = 5_000;
/** Somebody who asked for an attempt while one was under way gets the next this soon after it failed, */
const hurriedWait = 100;
/** if they asked within this time. */
const hurriedMilliseconds = 3_000;
/** Presses and keys ask for an attempt at most this often. */
const gesturePause = 1_000;

export class Engine {
  private readonly http: Http;
  private readonly api: Api;
  private view: View = firstView;
  private session: SessionState = initialSession;
  private contents: Store = emptyStore;
  private readonly socket: SocketShell = new SocketShell(
    (event) => this.dispatch(event),
    (frame) => this.company.told(frame),
  );
  private readonly company: Company = new Company(
    (frame) => this.session.phase === "live" && this.socket.send(frame),
    (frame) => this.publish({ kind: "company", frame }),
  );
  private readonly timers = new TimerShell((timer) => {
    this.dispatch({ kind: "timer", timer });
    if (timer === "outbox") this.company.repeat();
  });
  private readonly archive = new Archive(() => this.keepNothing());
  private readonly saver = new Saver(this.archive);
  private readonly pulse = new Pulse(() => this.dispatch({ kind: "timer", timer: "heartbeat" }));
  private readonly history: History;
  private readonly stars: StarKeeper;
  private readonly wishes: Wishes;
  private idClock = idClockStart;
  private readonly wanted = new Set<AccountId>();
  private readonly asked = new Set<AccountId>();
  private readonly visibleTabs = new Set<string>();
  /** Between two attempts to find out who we are. */
  private readonly bootWait = new Wait();
  private lastGesture = 0;
  private lastHurry = -hurriedMilliseconds;
  private hasTabs = false;
  private hasWarned = false;

  /** `home` is the origin that the pages came from; `publish` brings news to every tab. */
  constructor(
    private readonly home: string,
    private readonly publish: (news: News) => void,
  ) {
    this.http = new Http({
      node: () => this.httpNode(),
      bearer: () => this.session.bearer,
      makeKey: () => dashed(this.makeId()),
    });
    this.api = new Api(this.http);
    this.stars = new StarKeeper(this.api, (change) => this.store(change));
    this.wishes = new Wishes({
      ask: (chat, wish) => this.api.setChat(chat, wish),
      store: () => this.contents,
      change: (what) => this.store(what),
      onRefused: (error) => this.tell(error),
    });
    this.history = new History(this.api, this.archive, {
      view: () => this.view,
      epochOf: (chat) => this.contents.chats[chat]?.epoch ?? null,
      set: (part) => this.set(part),
      onPage: (chat, page) => {
        this.store({ kind: "history", chat, page, me: this.myId() });
        // The tabs have it, and the archive.
        this.contents = withNewestOf(this.contents, entriesHeldMax, null);
        this.needPeople(accountsIn(page.entries));
      },
      onQuoted: (chat, page) => {
        this.store({ kind: "quoted", chat, page, me: this.myId() });
        this.needPeople(accountsIn(page.entries));
      },
      onRefused: (error) => this.tell(error),
    });
  }

  /** Shows what was kept, finds out who we are, then starts the session or asks to sign in. */
  async boot(): Promise<void> {
    this.pulse.start();
    if (!(await this.archive.open())) this.keepNothing();
    const kept = await this.archive.kept();
    if (kept !== null && kept.me.isComplete && this.view.stage === "loading") {
      this.contents = kept.store;
      // What waits to be sent is seen at once; it goes when the session has begun.
      const outbox = await this.archive.outbox(kept.me.id);
      const waiting = outbox.map((item) => ({ ...item, state: "queued" as const }));
      this.session = { ...this.session, outbox: [...waiting, ...this.session.outbox] };
      this.set({ me: kept.me, stage: "ready", session: viewOf(this.session) });
      this.publish({ kind: "all", view: this.view, store: this.contents });
    }
    await this.arrive();
  }

  /** Finds out who we are and goes on as that, for as long as it takes. */
  private async arrive(): Promise<void> {
    for (;;) {
      try {
        await this.enter(await this.api.meNow());
        return;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return this.leave();
        this.set({ isUnreachable: true });
        await this.bootWait.wait(bootPause);
      }
    }
  }

  /** Does what a tab asks for. */
  receive(command: Command): void {
    switch (command.kind) {
      case "join":
        this.publish({ kind: "all", view: this.view, store: this.contents });
        this.hasTabs = true;
        return this.warn();
      case "part":
        this.saver.flush();
        return this.see(command.tab, false);
      case "visible":
        this.see(command.tab, command.isVisible);
        return command.isVisible ? this.hurry() : undefined;
      case "enter":
        // Somebody who signed in just now cannot do so again with the same code: it goes on trying.
        return void this.enter(command.me).catch(() => this.arrive());
      case "leave":
        return this.dispatch({ kind: "stop" });
      case "offline":
        return this.dispatch(command);
      case "online":
        this.lastHurry = performance.now();
        this.bootWait.end();
        this.dispatch(command);
        return this.pulse.suspect();
      case "hurry":
        return this.hurry();
      case "touched":
        return this.touched();
      case "send":
        this.hurry();
        return this.dispatch(command);
      case "retry":
      case "discard":
        return this.dispatch(command);
      case "read":
        return this.read(command.chat, command.n);
      case "opened":
        this.noLongerUnread(command.chat);
        return this.history.forgive(command.chat);
      case "setChat":
        return this.setChat(command.chat, command.change);
      case "history":
        return void this.history.load(command.chat, command.before);
      case "quote":
        return void this.history.quote(command.chat, command.seq);
      case "adopt":
        return this.adopt(command.chat);
      case "drop":
        return this.drop(command.chat);
      case "updateMe":
        return this.updateMe(command.me);
      case "needPeople":
        return this.needPeople(command.accounts);
      case "company":
        return this.company.take(command);
      case "typing":
        return this.company.say(command);
      default:
        return assertNever(command);
    }
  }

  /** Goes on as `me`: to the profile when it is not complete, else to the chats. */
  private async enter(me: Me): Promise<void> {
    if (this.view.me !== null && this.view.me.id !== me.id) await this.forgetAll();
    this.set({ me });
    this.store({ kind: "people", people: [me] });
    if (!me.isComplete) {
      this.set({ stage: "profile", isUnreachable: false });
      return;
    }
    const { phase } = this.session;
    if (phase !== "idle" && phase !== "signedOut" && this.view.stage === "ready") return;
    const [list, kept] = await Promise.all([this.api.chats(), this.api.settings()]);
    const waiting = await this.archive.outbox(me.id);
    // What was written while we waited, or on a browser that keeps nothing.
    const { outbox } = this.session;
    const written = outbox.filter(({ cmid }) => !waiting.some((item) => item.cmid === cmid));
    this.store({ kind: "chats", chats: list.chats, me: me.id });
    this.store({ kind: "allSettings", settings: kept.settings, place: kept.inbox.seq });
    this.needPeopleOf(list.chats);
    this.dispatch({
      kind: "start",
      home: this.home,
      nodes: [this.home],
      cookies: true,
      bearer: null,
      inbox: list.inbox,
      logs: list.chats.map((chat) => ({ chat: chat.id, epoch: chat.epoch, seq: chat.head.seq })),
      outbox: [...waiting, ...written],
    });
    this.set({ stage: "ready", isUnreachable: false });
  }

  /** Somebody is waiting: try to connect now instead of when the backoff says, unless a tab knows better. */
  private hurry(): void {
    this.lastHurry = performance.now();
    this.bootWait.end();
    if (this.session.phase !== "offline") this.dispatch({ kind: "wake" });
  }

  /** Somebody presses or types: they wait, so the next attempt is now. */
  private touched(): void {
    const now = performance.now();
    const { phase } = this.session;
    if ((phase !== "waiting" && phase !== "idle") || now - this.lastGesture < gesturePause) return;
    this.lastGesture = now;
    this.hurry();
  }

  /** I have seen every message of a chat up to ordinal `n`. */
  private read(chat: ChatId, n: number): void {
    this.noLongerUnread(chat);
    const known = this.contents.chats[chat];
    if (known === undefined || n <= known.mark) return;
    this.store({ kind: "readHere", chat, n });
    this.dispatch({ kind: "read", chat, n });
  }

  /** The person looks into a chat. */
  private noLongerUnread(chat: ChatId): void {
    if (settingsOf(this.contents, chat).isUnread) this.setChat(chat, { isUnread: false });
  }

  private setChat(chat: ChatId, change: SettingsChange): void {
    this.store({ kind: "wish", chat, cmid: this.makeId(), change });
    if (this.session.phase === "live") this.wishes.go();
  }

  /** A chat that the person made, joined or changed just now. */
  private adopt(chat: ChatSummary): void {
    this.store({ kind: "chat", chat, me: this.myId() });
    this.needPeopleOf([chat]);
    this.dispatch({ kind: "follow", chat: chat.id, epoch: chat.epoch, seq: chat.head.seq });
  }

  private drop(chat: ChatId): void {
    this.dispatch({ kind: "unfollow", chat });
    this.store({ kind: "gone", chat });
  }

  private updateMe(me: Me): void {
    this.set({ me });
    this.store({ kind: "people", people: [me] });
  }

  private tell(error: unknown): void {
    const { code, message } = error instanceof ApiError ? error : new ApiError(0, "other", "", false, 0);
    this.publish({ kind: "notice", code, message });
  }

  private needPeople(accounts: readonly AccountId[]): void {
    const unknown = accounts.filter(
      (account) => this.contents.people[account] === undefined && !this.asked.has(account),
    );
    if (unknown.length === 0) return;
    const isFirst = this.wanted.size === 0;
    for (const account of unknown) this.wanted.add(account);
    if (isFirst) queueMicrotask(() => void this.fetchPeople());
  }

  private readonly dispatch = (event: SessionEvent): void => {
    const random = Math.floor(Math.random() * randomScale);
    const { state, effects } = reduce(this.session, event, random);
    this.session = state;
    const session = viewOf(state);
    if (!looksSame(session, this.view.session)) this.set({ session });
    for (const effect of effects) this.perform(effect);
    // A deletion or a reaction that was refused has no words to keep: it is told and forgotten.
    const refused = state.outbox.find((item) => item.state === "failed" && (item.deletes ?? item.reacts) !== undefined);
    if (refused?.state !== "failed") return;
    // Who sees a message go needs no words about what was said of it.
    const isSeen = refused.reacts !== undefined && refused.code === "messageDeleted";
    if (!isSeen) this.publish({ kind: "notice", code: refused.code, message: refused.message });
    this.dispatch({ kind: "discard", cmid: refused.cmid });
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
        return this.setTimer(effect.timer, this.waitFor(effect.timer, effect.after));
      case "cancelTimer":
        return this.timers.cancel(effect.timer);
      case "cancelAllTimers":
        return this.timers.cancelAll();
      case "keep":
        return void this.keep(effect.item);
      case "forget":
        return void this.archive.forget(effect.cmid);
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
        return effect.log === "inbox" ? undefined : this.lose(effect.log);
      case "problem":
        return this.tell(new ApiError(0, effect.code, effect.message, false, 0));
      case "signedOut":
        return void this.leave();
      case "live":
        this.company.begin();
        this.stars.need();
        this.wishes.go();
        return this.history.forgive(null);
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
    const last = entries[entries.length - 1];
    // What follows it was told to a member: it is of an earlier membership.
    const isEnd = last?.kind === "memberRemoved" || last?.kind === "memberBanned";
    if (isEnd && last.account === this.myId()) this.lose(log);
  }

  /** The chat is not ours any more. Whether it is again already is for the cluster to say. */
  private lose(chat: ChatId): void {
    this.drop(chat);
    void this.fetchChat(chat);
  }

  private receiveInbox(entry: Entry): void {
    if (entry.kind === "chatAdded") void this.fetchChat(entry.chat);
    if (entry.kind === "chatRemoved") this.drop(entry.chat);
    if (entry.kind === "profileChanged" || entry.kind === "privacyChanged") void this.fetchMe();
    if (entry.kind === "chatSettings") {
      this.store({ kind: "settings", chat: entry.chat, settings: settingsFrom(entry), place: entry.seq });
    }
    if (entry.kind === "draft") this.store({ kind: "drafted", chat: entry.chat, seq: entry.seq });
    this.stars.told(entry);
  }

  private receiveHole(log: LogId, head: { readonly seq: number; readonly n: number }): void {
    if (log === "inbox") {
      void this.fetchChats();
      void this.fetchSettings();
      this.stars.lose();
    } else {
      this.store({ kind: "hole", chat: log, head });
      void this.history.load(log, head.seq + 1);
      // Says whether what came before the hole was changed in it.
      void this.fetchChat(log);
    }
  }

  private receiveReset(log: LogId, epoch: number): void {
    if (log !== "inbox") return this.store({ kind: "reset", chat: log, epoch });
    this.store({ kind: "noSettings" });
    void this.fetchChats();
    void this.fetchSettings();
    this.stars.lose();
  }

  private async fetchSettings(): Promise<void> {
    try {
      const { settings, inbox } = await this.api.settings();
      this.store({ kind: "allSettings", settings, place: inbox.seq });
    } catch (error) {
      this.tell(error);
    }
  }

  private async fetchChat(id: ChatId): Promise<void> {
    try {
      const chat = await this.api.chat(id);
      // Who was removed from a public chat may still read it, and has it in no list.
      if (chat.role === "visitor" && chat.creator !== null) this.drop(id);
      else this.adopt(chat);
    } catch (error) {
      // A chat that was taken back before we asked is no news.
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return this.drop(id);
      this.tell(error);
    }
  }

  private async fetchChats(): Promise<void> {
    try {
      const { chats } = await this.api.chats();
      const ids = new Set<string>(chats.map((chat) => chat.id));
      for (const chat of Object.values(this.contents.chats)) {
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
      const people = await this.api.people(ids);
      this.store({ kind: "people", people: people.filter(({ name }) => name !== "") });
      // Who was invited before signing up may be in a chat and still have no name; as below.
      for (const { id, name } of people) if (name === "") this.asked.delete(id);
    } catch {
      // Names are shown as "…" meanwhile; the next entry of these people asks again.
      for (const id of ids) this.asked.delete(id);
    }
  }

  private needPeopleOf(chats: readonly ChatSummary[]): void {
    this.needPeople(chats.flatMap(accountsOf));
  }

  private async leave(): Promise<void> {
    this.http.forgetToken();
    await this.forgetAll();
    this.session = initialSession;
    this.set({ ...firstView, isKept: this.view.isKept, stage: "signIn" });
  }

  /** Nothing of the account that was here stays, here or on the disk. */
  private async forgetAll(): Promise<void> {
    this.asked.clear();
    this.stars.forget();
    this.contents = emptyStore;
    this.saver.stop();
    this.publish({ kind: "all", view: this.view, store: emptyStore });
    await this.archive.clear();
  }

  private async keep(item: Written): Promise<void> {
    const me = this.myId();
    if (me !== null) await this.archive.keep(me, item);
  }

  private httpNode(): string {
    const { phase, node } = this.session;
    return phase === "live" || phase === "catchingUp" ? node : this.home;
  }

  private myId(): AccountId | null {
    return this.view.me?.id ?? null;
  }

  private makeId(): MessageId {
    const random = crypto.getRandomValues(new Uint8Array(8));
    const { id, clock } = makeMessageId(this.idClock, Date.now(), random);
    this.idClock = clock;
    return id;
  }

  private store(what: StoreChange): void {
    const before = this.contents;
    this.contents = change(before, what);
    // Each message copies the list of its chat: it stays short.
    const told = what.kind === "entries" ? this.contents.chats[what.chat] : undefined;
    if (told !== undefined && hasMoreThan(told, 2 * entriesHeldMax)) {
      this.contents = withNewestOf(this.contents, entriesHeldMax, null);
    }
    this.publish({ kind: "store", change: what });
    this.saver.note(what, before, () => this.view.me, () => this.contents);
  }

  private see(tab: string, isVisible: boolean): void {
    if (isVisible) this.visibleTabs.add(tab);
    else this.visibleTabs.delete(tab);
    this.pulse.seen(this.visibleTabs.size > 0);
  }

  /** This browser keeps nothing, or nothing any more: what is not sent yet lasts as long as the page. */
  private keepNothing(): void {
    this.set({ isKept: false });
    this.warn();
  }

  /** Says once, to the tabs that there are, that nothing is kept. */
  private warn(): void {
    if (this.view.isKept || this.hasWarned || !this.hasTabs) return;
    this.hasWarned = true;
    this.publish({ kind: "notice", code: "notKept", message: "" });
  }

  private set(part: Partial<View>): void {
    this.view = { ...this.view, ...part };
    this.publish({ kind: "view", part });
  }

  private setTimer(timer: string, after: number): void {
    if (timer === "reconnect") this.set({ retryAt: Date.now() + after });
    this.timers.set(timer, after);
  }

  /**
   * What the core draws from up to 30 s is folded into the first seconds while somebody looks: the time
   * stays as random as it was, so that the pages of a dead node do not come back in step.
   */
  private waitFor(timer: string, after: number): number {
    if (timer === "pong") return this.pulse.patience(after);
    if (timer !== "reconnect") return after;
    if (performance.now() - this.lastHurry < hurriedMilliseconds) {
      this.lastHurry = -hurriedMilliseconds;
      return Math.min(after, hurriedWait);
    }
    return this.visibleTabs.size > 0 ? after % watchedWaitMax : after;
  }
}
