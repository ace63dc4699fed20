"""What must hold of a thread, judged by what clients sent, were told and saw: one check for each
property, of which each yields one sentence for each violation.

The names are those of the simulator's checkers."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Send:
    """One message as its sender knows it. Times are seconds of one monotonic clock."""

    sender: str
    account: str
    cmid: str
    text: str
    begun: float
    # When the acknowledgement came, with its position; None while none has come.
    ended: float | None = None
    seq: int = 0
    n: int = 0


@dataclass
class Thread:
    """One chat at the end: the entries by each node's answer, by each client's eyes, and the sends."""

    chat: str
    # By the node that answered.
    histories: dict[str, list[dict]]
    # By the client that saw them, in the order in which it did.
    views: dict[str, list[dict]]
    sends: list[Send] = field(default_factory=list)

    @property
    def history(self) -> list[dict]:
        """The longest answer: the others must be equal to it."""
        return max(self.histories.values(), key=len)

    @property
    def acked(self) -> list[Send]:
        return [send for send in self.sends if send.ended is not None]


@dataclass
class Founding:
    """A chat that somebody made, under a name that nobody else uses, and to which they invited one."""

    name: str
    creator: str
    guest: str
    # None while no answer has come: it may be there or not.
    chat: str | None = None
    invited: bool = False


def texts(entries: list[dict]) -> list[dict]:
    return [entry for entry in entries if entry["kind"] == "text"]


def agreement(thread: Thread) -> Iterator[str]:
    """All nodes tell the same history."""
    for node, entries in thread.histories.items():
        if entries != thread.history:
            yield f"{node} tells another history: {difference(entries, thread.history)}"


def delivery(thread: Thread) -> Iterator[str]:
    """What every client saw is the history: without gap, double or change."""
    for client, entries in thread.views.items():
        if entries != thread.history:
            yield f"{client} saw another thread: {difference(entries, thread.history)}"


def dense_order(thread: Thread) -> Iterator[str]:
    """Positions count all entries, ordinals the messages, both from 1 and without a hole."""
    places = [entry["seq"] for entry in thread.history]
    if places != list(range(1, len(places) + 1)):
        yield f"seq is not dense: {first_break(places)}"
    ordinals = [entry["n"] for entry in texts(thread.history)]
    if ordinals != list(range(1, len(ordinals) + 1)):
        yield f"n is not dense: {first_break(ordinals)}"


def durability(thread: Thread) -> Iterator[str]:
    """What was acknowledged is where it was acknowledged, as it was sent."""
    by_seq = {entry["seq"]: entry for entry in thread.history}
    for send in thread.acked:
        entry = by_seq.get(send.seq)
        if entry is None:
            yield f"{send.sender}: {send.text!r} was acknowledged at {send.seq}, which is missing"
        elif (entry["kind"], entry.get("text"), entry["n"], entry["from"]) != (
            "text", send.text, send.n, send.account,
        ):  # fmt: skip
            yield f"{send.sender}: {send.text!r} was acknowledged at {send.seq}, where {entry} is"


def exactly_once(thread: Thread) -> Iterator[str]:
    """No message is there twice, and none that nobody sent. (Every sent text is another one.)"""
    sent = {send.text: send.account for send in thread.sends}
    seen: dict[str, int] = {}
    for entry in texts(thread.history):
        text = entry["text"]
        if text in seen:
            yield f"{text!r} is there twice, at {seen[text]} and {entry['seq']}"
        seen[text] = entry["seq"]
        if sent.get(text) != entry["from"]:
            yield f"nobody sent {text!r}, which is at {entry['seq']}"


def real_time_order(thread: Thread) -> Iterator[str]:
    """A message that was sent after another had been acknowledged comes after it."""
    ended = sorted(thread.acked, key=lambda send: send.ended)
    newest: Send | None = None
    place = 0
    for send in sorted(thread.acked, key=lambda send: send.begun):
        while place < len(ended) and ended[place].ended < send.begun:
            if newest is None or ended[place].seq > newest.seq:
                newest = ended[place]
            place += 1
        if newest is not None and newest.seq >= send.seq:
            yield (
                f"{send.text!r} is at {send.seq}, though it was sent after {newest.text!r} had been "
                f"acknowledged at {newest.seq}"
            )


def sender_order(thread: Thread) -> Iterator[str]:
    """The messages of one page keep their order, those without an acknowledgement included."""
    places = {entry["text"]: entry["seq"] for entry in texts(thread.history)}
    last: dict[str, Send] = {}
    for send in thread.sends:
        if send.text not in places:
            continue
        before = last.get(send.sender)
        if before is not None and places[before.text] >= places[send.text]:
            yield f"{send.sender}: {send.text!r} comes before {before.text!r}, which was sent earlier"
        last[send.sender] = send


def ascending_times(thread: Thread) -> Iterator[str]:
    """Times ascend with the positions, whatever the nodes' clocks do."""
    for before, after in itertools.pairwise(thread.history):
        if after["ts"] <= before["ts"]:
            yield f"{after['seq']} has the time {after['ts']}, {before['seq']} {before['ts']}"


CHECKS: list[Callable[[Thread], Iterator[str]]] = [
    agreement,
    delivery,
    dense_order,
    durability,
    exactly_once,
    real_time_order,
    sender_order,
    ascending_times,
]


def violations(thread: Thread) -> list[str]:
    """All that is wrong, each with the name of the property."""
    return [
        f"{check.__name__} in {thread.chat}: {sentence}" for check in CHECKS for sentence in check(thread)
    ]


def founding(foundings: list[Founding], lists: dict[str, list[dict]]) -> Iterator[str]:
    """What is made in one shard arrives in the others, once: a chat in the list of its creator, and in
    that of its guest. `lists` are the chats of each person."""
    for made in foundings:
        own = [chat["id"] for chat in lists[made.creator] if chat["name"] == made.name]
        others = [chat["id"] for chat in lists[made.guest] if chat["name"] == made.name]
        if made.chat is None:
            if len(own) > 1:
                yield f"founding: {made.creator} asked once for {made.name} and has it as {own}"
        elif own != [made.chat]:
            yield f"founding: {made.creator} made {made.name} as {made.chat} and has it as {own}"
        elif others != [made.chat] and (made.invited or others):
            yield f"founding: {made.guest} was invited to {made.name}, {made.chat}, and has it as {others}"


def difference(entries: list[dict], expected: list[dict]) -> str:
    """Where two lists of entries part."""
    for index, (entry, other) in enumerate(zip(entries, expected, strict=False)):
        if entry != other:
            return f"number {index + 1} is {entry}, not {other}"
    return f"{len(entries)} entries, not {len(expected)}"


def first_break(numbers: list[int]) -> str:
    """Where numbers cease to be 1, 2, 3…"""
    for index, number in enumerate(numbers, 1):
        if number != index:
            return f"{number} stands where {index} should"
    return "none"
