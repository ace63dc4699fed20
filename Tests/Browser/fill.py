"""Fills a chat with many messages, by real sends through the running cluster.

Several people write at once, each over several sockets, each socket with as many messages in flight as a
node allows (ClientProtocol.md: 64 answers, 50 frames a second); the sockets are spread over the nodes.
Only what was acknowledged counts.
"""

import asyncio
import itertools
import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from websockets.asyncio.client import connect

# After this folder, which has a conftest of its own.
sys.path.append(str(Path(__file__).resolve().parents[1] / "Processes"))

from client import Person, message_id  # noqa: E402

SOCKETS_PER_PERSON = 12
IN_FLIGHT_MAX = 32
# Below the 50 frames a second that a node takes from one socket.
FRAMES_PER_SECOND = 44
WORDS = (
    "the river was high that week and nobody had crossed it since Monday so we waited by the mill "
    "and counted the boats that came down with apples barrels and once a piano"
).split()


def text_of(number: int) -> str:
    """A message that is as long as people's are, the same for the same number."""
    chance = random.Random(number)
    length = min(60, 1 + int(chance.expovariate(1 / 9)))
    return f"{number}: " + " ".join(chance.choice(WORDS) for _ in range(length))


class Sender:
    """One socket that sends what `numbers` says until there is no more."""

    def __init__(self, person: Person, url: str, chat: str, numbers) -> None:
        self.person, self.url, self.chat, self.numbers = person, url, chat, numbers
        self.waiting: dict[str, str] = {}
        self.acknowledged = 0
        self.room = asyncio.Semaphore(IN_FLIGHT_MAX)
        self.is_live = asyncio.Event()

    async def run(self) -> None:
        options = {"additional_headers": {"Authorization": f"Bearer {self.person.token}"}}
        url = self.url.replace("http", "ws", 1) + "/ws"
        async with connect(url, compression=None, ping_interval=None, **options) as socket:
            # Nothing is followed: a socket that only sends is told nothing but its acknowledgements.
            await socket.send('{"kind":"hello","open":[]}')
            reading = asyncio.create_task(self.read(socket))
            try:
                # Before that a node takes nothing.
                await asyncio.wait_for(self.is_live.wait(), 20)
                await self.write(socket)
                while self.waiting:
                    assert not reading.done(), reading.exception()
                    await asyncio.sleep(0.01)
            finally:
                reading.cancel()

    async def write(self, socket) -> None:
        started, sent = time.monotonic(), 0
        for number in self.numbers:
            await self.room.acquire()
            early = started + sent / FRAMES_PER_SECOND - time.monotonic()
            if early > 0:
                await asyncio.sleep(early)
            cmid = message_id()
            self.waiting[cmid] = json.dumps(
                {"kind": "send", "cmid": cmid, "chat": self.chat, "text": text_of(number)}
            )
            sent += 1
            await socket.send(self.waiting[cmid])

    async def read(self, socket) -> None:
        async for text in socket:
            frame = json.loads(text)
            if frame["kind"] == "live":
                self.is_live.set()
            cmid = frame.get("cmid")
            if cmid not in self.waiting:
                continue
            if frame["kind"] == "ack":
                del self.waiting[cmid]
                self.acknowledged += 1
                self.room.release()
            else:
                assert frame["retryable"], frame
                await asyncio.sleep(frame.get("retryAfter", 200) / 1000)
                await socket.send(self.waiting[cmid])


async def fill(
    urls: list[str], people: list[Person], chat: str, count: int, first: int = 1, say=print
) -> float:
    """Sends `count` messages, numbered from `first`; answers how many seconds that took."""
    numbers = iter(range(first, first + count))
    places = itertools.cycle(urls)
    senders = [
        Sender(person, next(places), chat, numbers)
        for _ in range(SOCKETS_PER_PERSON)
        for person in people
    ]
    started = time.monotonic()

    async def tell() -> None:
        while True:
            await asyncio.sleep(10)
            done = sum(sender.acknowledged for sender in senders)
            say(f"  {done} of {count} after {time.monotonic() - started:.0f} s")

    telling = asyncio.create_task(tell())
    try:
        await asyncio.gather(*(sender.run() for sender in senders))
    finally:
        telling.cancel()
    assert sum(sender.acknowledged for sender in senders) == count
    return time.monotonic() - started


def fill_now(*arguments, **options) -> float:
    """The same from code beside which a loop runs already, as under Playwright."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(fill(*arguments, **options))).result()
