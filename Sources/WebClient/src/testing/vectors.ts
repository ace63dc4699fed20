// Reads the vectors that both client cores pass. What the files say is trusted to have the shape that
// their README gives; a wrong one fails the comparison.

import { readFileSync } from "node:fs";
import { Fields, isObject } from "../protocol/fields";
import type { ClientFrame } from "../protocol/frames";
import type { SessionEvent } from "../session/state";

export interface CoreStep {
  readonly event: SessionEvent;
  readonly random: number;
  readonly effects: unknown;
  readonly state: unknown;
}

export interface CoreStory {
  readonly name: string;
  readonly steps: readonly CoreStep[];
}

export interface FrameVector {
  readonly name: string;
  readonly direction: string;
  readonly json: unknown;
  /** What the decoder answers; the same as `json` unless the vector says otherwise. */
  readonly decoded: unknown;
}

export function coreStories(): readonly CoreStory[] {
  return vectorsOf("client-core.json").map((story) => ({
    name: new Fields(story).string("name"),
    steps: new Fields(story).list("steps", readStep),
  }));
}

export function frameVectors(): readonly FrameVector[] {
  return vectorsOf("frames.json").map((vector) => ({
    name: new Fields(vector).string("name"),
    direction: new Fields(vector).string("direction"),
    json: vector["json"],
    decoded: "decoded" in vector ? vector["decoded"] : vector["json"],
  }));
}

/** Whether a value may be taken for a client frame; the vectors hold nothing else under "client". */
export function isClientFrame(value: unknown): value is ClientFrame {
  return isObject(value) && typeof value["kind"] === "string";
}

function readStep(value: unknown): CoreStep {
  const step = isObject(value) ? value : {};
  const { event, random, effects, state } = step;
  if (!isEvent(event)) throw new Error("a step without an event");
  return { event, random: typeof random === "number" ? random : 0, effects, state };
}

function isEvent(value: unknown): value is SessionEvent {
  return isObject(value) && typeof value["kind"] === "string";
}

function vectorsOf(file: string): readonly Readonly<Record<string, unknown>>[] {
  const folder = process.env["CHATICKET_VECTORS"] ?? "Tests/Vectors";
  const value: unknown = JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
  return Array.isArray(value) ? value.filter(isObject) : [];
}
