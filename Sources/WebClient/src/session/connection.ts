// Which node, when, and with which proof of who we are.

import type { Welcome } from "../protocol/frames";
import { isChatId } from "../protocol/ids";
import { backoff, pick } from "./backoff";
import { connectTimeout, helloChatsMax, pongTimeout, randomScale } from "./limits";
import { forgetRequests } from "./logs";
import { pumpAll, requeueAll } from "./sending";
import type { Credential, SessionState } from "./state";
import type { Step } from "./step";

/** The close code of a socket that proved nothing, or whose session ended. */
export const closeUnauthenticated = 4401;

export function connect(step: Step): void {
  const { node } = step.state;
  step.set({ phase: "connecting", credential: credentialFor(step.state, node), awaitingPong: false });
  step.emit({ kind: "connect", node });
  step.emit({ kind: "setTimer", timer: "connect", after: connectTimeout });
}

export function opened(step: Step): void {
  if (step.state.phase !== "connecting") return;
  const { credential, ticket, bearer, logs } = step.state;
  const inbox = logs["inbox"];
  const open = followedChats(step).slice(0, helloChatsMax);
  step.set({ phase: "greeting", named: open.map(({ chat }) => chat) });
  step.emit({
    kind: "sendFrame",
    frame: {
      kind: "hello",
      ...(credential === "bearer" && bearer !== null ? { token: bearer } : {}),
      ...(credential === "ticket" && ticket !== null ? { ticket } : {}),
      ...(inbox === undefined ? {} : { inbox: { epoch: inbox.epoch, seq: inbox.seq } }),
      open,
    },
  });
}

export function welcomed(step: Step, welcome: Welcome): void {
  if (step.state.phase !== "greeting") return;
  const heartbeat = welcome.heartbeat * 1000;
  step.set({
    phase: "catchingUp",
    doubted: false,
    account: welcome.account.id,
    nodes: [...new Set(welcome.nodes)],
    ticket: welcome.ticket,
    heartbeat,
    ...(welcome.bearer === undefined ? {} : { bearer: welcome.bearer }),
  });
  step.emit({ kind: "cancelTimer", timer: "connect" });
  step.emit({ kind: "setTimer", timer: "heartbeat", after: heartbeat });
}

export function wentLive(step: Step): void {
  if (step.state.phase !== "catchingUp") return;
  const named = new Set(step.state.named);
  step.set({ phase: "live", attempt: 0, named: [] });
  step.emit({ kind: "live" });
  for (const { chat, epoch, seq } of followedChats(step)) {
    if (!named.has(chat)) step.emit({ kind: "sendFrame", frame: { kind: "open", chat, epoch, seq } });
  }
  for (const chat of named) {
    if (step.log(chat) === undefined) step.emit({ kind: "sendFrame", frame: { kind: "close", chat } });
  }
  for (const [chat, n] of Object.entries(step.state.unsentMarks)) {
    if (isChatId(chat)) step.emit({ kind: "sendFrame", frame: { kind: "mark", chat, n } });
  }
  pumpAll(step);
}

/** The socket closed, or was never open. */
export function closed(step: Step, code: number): void {
  if (!isConnected(step.state)) return;
  if (code === closeUnauthenticated) {
    if (mayHaveBeenLate(step.state)) {
      step.set({ doubted: true });
    } else if (!dropCredential(step)) {
      end(step);
      return;
    }
  }
  lose(step);
}

/** The socket says nothing any more: close it ourselves. */
export function silent(step: Step): void {
  if (!isConnected(step.state)) return;
  step.emit({ kind: "disconnect" });
  lose(step);
}

export function heartbeatDue(step: Step): void {
  const { phase, awaitingPong } = step.state;
  if ((phase !== "live" && phase !== "catchingUp") || awaitingPong) return;
  step.set({ awaitingPong: true });
  step.emit({ kind: "sendFrame", frame: { kind: "ping" } });
  step.emit({ kind: "setTimer", timer: "pong", after: pongTimeout });
}

export function ponged(step: Step, ticket: string): void {
  step.set({ ticket, awaitingPong: false });
  step.emit({ kind: "cancelTimer", timer: "pong" });
  step.emit({ kind: "setTimer", timer: "heartbeat", after: step.state.heartbeat });
}

/** The node asks us to leave: go after its delay and our share of the spread. */
export function goAway(step: Step, after: number, spread: number): void {
  const delay = after + Math.floor((spread * step.random) / randomScale);
  step.emit({ kind: "setTimer", timer: "goaway", after: delay });
}

export function goOffline(step: Step): void {
  if (step.state.phase === "idle" || step.state.phase === "signedOut") return;
  if (isConnected(step.state)) step.emit({ kind: "disconnect" });
  abandon(step);
  step.set({ phase: "offline" });
}

/** The network is back, or a person looks at the page: do not wait any longer. */
export function hurry(step: Step): void {
  const { phase } = step.state;
  if (phase === "waiting") step.emit({ kind: "cancelTimer", timer: "reconnect" });
  if (phase === "waiting" || phase === "offline") connect(step);
}

export function signOut(step: Step): void {
  if (isConnected(step.state)) step.emit({ kind: "disconnect" });
  end(step);
}

function end(step: Step): void {
  abandon(step);
  step.set({ phase: "signedOut", ticket: null, bearer: null });
  step.emit({ kind: "signedOut" });
}

function isConnected(state: SessionState): boolean {
  const { phase } = state;
  return phase !== "idle" && phase !== "waiting" && phase !== "offline" && phase !== "signedOut";
}

function abandon(step: Step): void {
  step.emit({ kind: "cancelAllTimers" });
  requeueAll(step);
  forgetRequests(step);
}

function lose(step: Step): void {
  abandon(step);
  const { attempt } = step.state;
  step.set({ node: nextNode(step.state, step.random), attempt: attempt + 1 });
  const delay = backoff(attempt, step.random);
  if (delay === 0) {
    connect(step);
  } else {
    step.set({ phase: "waiting" });
    step.emit({ kind: "setTimer", timer: "reconnect", after: delay });
  }
}

/**
 * A node closes a socket in the same way when its hello comes too late, over a line that was slow for a
 * moment. That costs nobody the last proof that is left: it is shown once more.
 */
function mayHaveBeenLate({ phase, doubted, credential, cookies }: SessionState): boolean {
  if (doubted || (phase !== "connecting" && phase !== "greeting")) return false;
  return credential === "cookie" || !cookies;
}

/** Drops what the server refused; answers whether anything is left to prove who we are. */
function dropCredential(step: Step): boolean {
  switch (step.state.credential) {
    case "cookie":
      return false;
    case "ticket":
      step.set({ ticket: null });
      return step.state.cookies;
    case "bearer":
      step.set({ bearer: null });
      return step.state.cookies;
  }
}

/** A bearer works everywhere; elsewhere than at home a ticket does; the cookie only at its host. */
function credentialFor(state: SessionState, node: string): Credential {
  if (state.bearer !== null) return "bearer";
  return node !== state.home && state.ticket !== null ? "ticket" : "cookie";
}

/**
 * The node to try next. The first time one of the others at random, so that the clients of a dead node
 * spread; after that the next of the list, so that every node gets its turn.
 */
function nextNode(state: SessionState, random: number): string {
  const all = state.nodes.includes(state.home) ? state.nodes : [state.home, ...state.nodes];
  const canLeave = state.bearer !== null || state.ticket !== null;
  const usable = all.filter((node) => canLeave || hostOf(node) === hostOf(state.home));
  const others = usable.filter((node) => node !== state.node);
  if (others.length === 0) return usable[0] ?? state.home;
  if (state.attempt === 0) return others[pick(others.length, random)] ?? state.home;
  const next = (usable.indexOf(state.node) + 1) % usable.length;
  return usable[next] ?? state.home;
}

/** The host of a base address, without scheme and port: what decides which cookies go there. */
function hostOf(url: string): string {
  const rest = url.replace(/^[a-z]+:\/\//, "");
  return rest.replace(/:\d+$/, "");
}

function followedChats(step: Step) {
  return Object.entries(step.state.logs).flatMap(([chat, { epoch, seq }]) =>
    isChatId(chat) ? [{ chat, epoch, seq }] : [],
  );
}
