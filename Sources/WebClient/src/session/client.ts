// The engine as one tab sees it: keeps a mirror of what the engine knows, by its news, and sends it what
// the person does. Commands that have an answer go over HTTP from here.

import { entryAt, hasMoreThan } from "../model/chat";
import type { Written } from "../model/outbox";
import { pinsMax, settingsOf, wholeChange } from "../model/settings";
import { change, withNewestOf } from "../model/store";
import type { StoreChange } from "../model/store";
import { dashed, idClockStart, makeMessageId } from "../model/uuid";
import type { CompanyFrame, MessagePlace, SettingsChange } from "../protocol/frames";
import type { ChatSummary, Me } from "../protocol/http-types";
import { isChatId } from "../protocol/ids";
import type { AccountId, ChatId, MessageId } from "../protocol/ids";
import { Api } from "./api";
import { Http } from "./http";
import { forgetDrafts } from "./drafts";
import { forgetEdits } from "./editing";
import type { Command, EngineLink, News, Stage, View } from "./messages";
import { takeOldMutes } from "./old-mutes";
import { forgetPlaces } from "./places";
import { firstSnapshot } from "./snapshot";
import type { Snapshot } from "./snapshot";
import { hasVisited, noteVisit } from "./visits";
import { wordsFor, wordsForCode } from "./words";

/** Entries of a chat that stay in memory when it is left. */
const entriesLeftMax = 500;
/** Milliseconds after which what changed is told where no frame is drawn. */
const hiddenFrame = 200;

export class Client {
  readonly api: Api;
  /** Hears who types and who is there; null: the engine is a new one, which knows nothing of this tab. */
  onCompany: (frame: CompanyFrame | null) => void = () => undefined;
  private readonly http: Http;
  private readonly link: EngineLink;
  private snapshot: Snapshot = { ...firstSnapshot, stage: shownStage("loading") };
  private readonly listeners = new Set<() => void>();
  private idClock = idClockStart;
  private watched: ChatId | null = null;
  /** The last of what was asked to be shown that a thread has gone to. */
  private wentTo: Snapshot["shown"] = null;
  /** Whether the listeners hear of a change soon. */
  private isTelling = false;
  /**
   * Messages that no engine has let go of yet: the next engine is told again. What an engine shows in its
   * outbox it may not have kept when its tab is closed. The cluster counts what is said twice once.
   */
  private readonly unsettled = new Map<MessageId, Command>();

  /** `home` is the origin that the page came from; `connect` finds the engine. */
  constructor(home: string, connect: (onNews: (news: News) => void) => EngineLink) {
    this.http = new Http({
      node: () => this.httpNode(home),
      bearer: () => this.snapshot.session.bearer,
      makeKey: () => this.makeKey(),
    });
    this.api = new Api(this.http);
    this.link = connect((news) => this.receive(news));
    this.tell({ kind: "join" });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): Snapshot => this.snapshot;

  /** Tells the engine what the person or the browser did. */
  tell(command: Command): void {
    this.link.send(command);
  }

  enter(me: Me): void {
    this.tell({ kind: "enter", me });
  }

  async signOut(everywhere: boolean): Promise<void> {
    await this.api.signOut(everywhere);
    this.tell({ kind: "leave" });
  }

  /** `replyTo` is the number of the message that this one answers; 0 for none. */
  send(chat: ChatId, text: string, replyTo: number): void {
    this.write({ cmid: this.makeId(), chat, text, ...(replyTo === 0 ? {} : { replyTo }) });
    // What goes elsewhere moves nothing here.
    if (chat === this.watched) this.set({ sentHere: this.snapshot.sentHere + 1 });
  }

  /** Somebody is to be asked about messages; null: no longer. */
  ask(asked: Snapshot["asked"]): void {
    this.set({ asked });
  }

  /** Sends the message `from`, which has the words `text` now, to `chat`. */
  forward(chat: ChatId, from: MessagePlace, text: string): void {
    this.write({ cmid: this.makeId(), chat, text, forwards: from });
    if (chat === this.watched) this.set({ sentHere: this.snapshot.sentHere + 1 });
  }

  /** Gives my message `seq` other words. */
  edit(chat: ChatId, seq: number, text: string): void {
    this.write({ cmid: this.makeId(), chat, text, edits: seq });
  }

  /** Deletes the message `seq` for everybody. */
  remove(chat: ChatId, seq: number): void {
    this.write({ cmid: this.makeId(), chat, text: "", deletes: seq });
  }

  /** Says `emoji` of the message `seq` instead of what I said before; null takes that back. */
  react(chat: ChatId, seq: number, emoji: string | null): void {
    this.write({ cmid: this.makeId(), chat, text: "", reacts: { target: seq, ...(emoji === null ? {} : { emoji }) } });
  }

  /** Puts a star at the message `seq`, or takes it away; the inbox tells every device of it. */
  star(chat: ChatId, seq: number, isOn: boolean): void {
    void this.api.star({ chat, seq }, isOn).catch((error: unknown) => this.complain(error));
  }

  /** Pins the message `seq` for everybody, or takes the pin away; the log tells of it. */
  pin(chat: ChatId, seq: number, isOn: boolean): void {
    void this.api.pin({ chat, seq }, isOn).catch((error: unknown) => this.complain(error));
  }

  /** Changes what the account keeps about a chat: here at once, for its other devices as soon as the cluster has it. */
  setChat(id: ChatId, wanted: SettingsChange): void {
    const { store } = this.snapshot;
    const chat = store.chats[id];
    if (chat === undefined) return;
    const settings = settingsOf(store, id);
    const pins = Object.keys(store.chats).filter((one) => settingsOf(store, one).pin > 0);
    if (wanted.isPinned === true && settings.pin === 0 && pins.length >= pinsMax) {
      return this.set({ notice: wordsForCode("tooManyPinnedChats", "") });
    }
    this.tell({ kind: "setChat", chat: id, change: wholeChange(chat, settings, wanted) });
  }

  retry(cmid: MessageId): void {
    this.tell({ kind: "retry", cmid });
  }

  discard(cmid: MessageId): void {
    this.tell({ kind: "discard", cmid });
  }

  /** I have seen every message of a chat up to ordinal `n`. */
  read(chat: ChatId, n: number): void {
    const known = this.snapshot.store.chats[chat];
    if (known !== undefined && n > known.mark) this.tell({ kind: "read", chat, n });
  }

  /** The person opened a chat: what was refused before may be asked again. */
  opened(chat: ChatId): void {
    const { [chat]: _, ...refused } = this.snapshot.refused;
    // What was scrolled through elsewhere comes from the archive when somebody goes there again.
    this.set({ refused, store: withNewestOf(this.snapshot.store, entriesLeftMax, chat) });
    this.tell({ kind: "opened", chat });
  }

  /** The thread of a chat is on the page, or of none. */
  watch(chat: ChatId | null): void {
    this.watched = chat;
  }

  /** Loads the page of history before entry `before`. */
  loadHistory(chat: ChatId, before: number): void {
    const { loading, refused } = this.snapshot;
    if (loading[chat] === true || refused[chat] === true) return;
    // Here at once, so that it is asked once; the engine says when it is over.
    this.set({ loading: { ...loading, [chat]: true } });
    this.tell({ kind: "history", chat, before });
  }

  /** Loads the entry `seq` alone, unless it is here: others answer it. */
  needQuoted(chat: ChatId, seq: number): void {
    const known = this.snapshot.store.chats[chat];
    if (known !== undefined && entryAt(known, seq) === null) this.tell({ kind: "quote", chat, seq });
  }

  /** The thread of a chat goes to the message `seq`. */
  show(chat: ChatId, seq: number): void {
    this.set({ shown: { chat, seq } });
  }

  /** What the thread of `chat` is to go to, once: it may have been asked before the thread was there. */
  takeShown(chat: ChatId): number | null {
    const { shown } = this.snapshot;
    if (shown === null || shown === this.wentTo || shown.chat !== chat) return null;
    this.wentTo = shown;
    return shown.seq;
  }

  /** A chat that the person made, joined or changed just now. */
  adopt(chat: ChatSummary): void {
    // Here at once, so that it can be opened; from the engine again, which is no change.
    this.receive({ kind: "store", change: { kind: "chat", chat, me: this.snapshot.me?.id ?? null } });
    this.tell({ kind: "adopt", chat });
  }

  drop(chat: ChatId): void {
    this.tell({ kind: "drop", chat });
  }

  updateMe(me: Me): void {
    this.tell({ kind: "updateMe", me });
  }

  needPeople(accounts: readonly AccountId[]): void {
    const { people } = this.snapshot.store;
    const unknown = accounts.filter((account) => people[account] === undefined);
    if (unknown.length > 0) this.tell({ kind: "needPeople", accounts: unknown });
  }

  /** Shows what went wrong in words, until it is dismissed. */
  complain(error: unknown): void {
    this.set({ notice: wordsFor(error) });
  }

  dismissNotice(): void {
    this.set({ notice: null });
  }

  private receive(news: News): void {
    switch (news.kind) {
      case "all":
        this.set({ ...news.view, stage: shownStage(news.view.stage), store: news.store });
        this.follow(news.view);
        this.onCompany(null);
        for (const command of this.unsettled.values()) this.tell(command);
        return;
      case "view":
        this.settle(news.part);
        this.set(news.part);
        return this.follow(news.part);
      case "store":
        return this.take(news.change);
      case "runs":
        return;
      case "company":
        return this.onCompany(news.frame);
      case "notice":
        return this.set({ notice: wordsForCode(news.code, news.message) });
    }
  }

  private httpNode(home: string): string {
    const { phase, node } = this.snapshot.session;
    return phase === "live" || phase === "catchingUp" ? node : home;
  }

  /** Takes a change of the store; what comes thick is drawn once a frame. */
  private take(what: StoreChange): void {
    let store = change(this.snapshot.store, what);
    // Each message copies the list of its chat: it stays short where nobody looks.
    const told = what.kind === "entries" ? store.chats[what.chat] : undefined;
    if (told !== undefined && hasMoreThan(told, 2 * entriesLeftMax)) {
      store = withNewestOf(store, entriesLeftMax, this.watched);
    }
    this.snapshot = { ...this.snapshot, store };
    if (this.isTelling) return;
    this.isTelling = true;
    const tell = () => {
      if (!this.isTelling) return;
      this.isTelling = false;
      for (const listener of this.listeners) listener();
    };
    requestAnimationFrame(tell);
    // A page that is not seen has no frames.
    setTimeout(tell, hiddenFrame);
  }

  /** What an engine had in its outbox and has there no longer is done. */
  private settle({ session }: Partial<View>): void {
    if (session === undefined || this.unsettled.size === 0) return;
    const left = new Set(session.outbox.map(({ cmid }) => cmid));
    for (const { cmid } of this.snapshot.session.outbox) if (!left.has(cmid)) this.unsettled.delete(cmid);
  }

  /** Does what follows for this tab from a new state of the engine. */
  private follow({ session, stage }: Partial<View>): void {
    if (session?.phase === "live") this.takeOver();
    if (stage !== undefined && stage !== "loading") noteVisit(stage !== "signIn");
    if (stage !== "signIn") return;
    this.unsettled.clear();
    forgetDrafts();
    forgetEdits();
    forgetPlaces();
    takeOldMutes(Infinity);
  }

  /** What an earlier version kept in this browser becomes the account's. */
  private takeOver(): void {
    for (const [chat, mutedUntil] of takeOldMutes(Date.now())) if (isChatId(chat)) this.setChat(chat, { mutedUntil });
  }

  private write(item: Written): void {
    const command: Command = { kind: "send", ...item };
    this.unsettled.set(item.cmid, command);
    this.tell(command);
  }

  private makeKey(): string {
    return dashed(this.makeId());
  }

  private makeId(): MessageId {
    const random = crypto.getRandomValues(new Uint8Array(8));
    const { id, clock } = makeMessageId(this.idClock, Date.now(), random);
    this.idClock = clock;
    return id;
  }

  private set(part: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
    for (const listener of this.listeners) listener();
  }
}

/** Until it is known who is here, a browser that knows nobody offers to sign in. */
function shownStage(stage: Stage): Stage {
  return stage === "loading" && !hasVisited() ? "signIn" : stage;
}
