// The messages at which the account has a star, by chat.

import type { MessagePlace } from "../protocol/frames";

/** `place` is the entry of the inbox that says so: newer stars have greater ones. */
export interface Star extends MessagePlace {
  readonly place: number;
}

/** The places of the stars, by chat and by the message's number. */
export type Stars = Readonly<Record<string, Readonly<Record<number, number>>>>;

export function starsOf(list: readonly Star[]): Stars {
  const stars: Record<string, Record<number, number>> = {};
  for (const { chat, seq, place } of list) (stars[chat] ??= {})[seq] = place;
  return stars;
}

/** With a star, or without the one that was there when its place is 0. */
export function withStar(stars: Stars, { chat, seq, place }: Star): Stars {
  const { [seq]: _, ...others } = stars[chat] ?? {};
  return { ...stars, [chat]: place === 0 ? others : { ...others, [seq]: place } };
}

/** Those in `chats`, the newest first. */
export function newestStars<Chat extends string>(
  stars: Stars,
  chats: readonly Chat[],
): readonly { readonly chat: Chat; readonly seq: number }[] {
  const all = chats.flatMap((chat) =>
    Object.entries(stars[chat] ?? {}).map(([seq, place]) => ({ chat, seq: Number(seq), place })),
  );
  return all.sort((a, b) => b.place - a.place);
}
