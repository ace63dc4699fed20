"""Devices that read, write and delete in several chats at random, and what each of them makes of its badges."""

import asyncio
import itertools
import json
import random
from dataclasses import dataclass, field

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from client import Person, Refused, message_id

# Fewer frames a second than a node allows one socket.
OPERATION_SECONDS = 1 / 40
ANSWER_SECONDS = 8


@dataclass
class Log:
    """What a device knows of a chat: no more than its badge needs, and where its messages are."""

    epoch: int = 0
    head: int = 0
    n: int = 0
    mark: int = 0
    erased: set[int] = field(default_factory=set)
    #: The messages that are not known to be deleted, by their numbers: who wrote them, and their ordinals.
    messages: dict[int, tuple[str, int]] = field(default_factory=dict)

    def unread(self) -> int:
        return self.n - self.mark - sum(1 for n in self.erased if self.mark < n <= self.n)


class Device:
    """One device of an account: a socket to any node, and the chats that it follows."""

    def __init__(self, person: Person, chats: list[str], urls: list[str], seed: int):
        self.person = person
        self.urls = list(urls)
        self.random = random.Random(seed)
        self.logs = {chat: Log() for chat in chats}
        self.settings: dict[str, dict] = {}
        self.inbox = {"epoch": 0, "seq": 0}
        self.is_live = asyncio.Event()
        self.done = 0
        self.refused: list[str] = []
        self._socket = None
        self._answers: dict[str, asyncio.Future] = {}
        self._life: asyncio.Task | None = None

    def badge(self, chat: str) -> tuple[int, bool, int]:
        """Unread messages, whether the chat is marked as unread, and until when it is muted."""
        settings = self.settings.get(chat, {})
        return self.logs[chat].unread(), settings.get("isUnread", False), settings.get("mutedUntil", 0)

    def start(self) -> None:
        self._life = asyncio.create_task(self._stay_connected())

    async def close(self) -> None:
        self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)

    def check(self) -> None:
        """Raises what went wrong in the background."""
        if self._life.done():
            self._life.result()

    async def _stay_connected(self) -> None:
        for url in itertools.cycle(self.urls):
            try:
                await self._converse(url.replace("http", "ws", 1) + "/ws")
            except (OSError, WebSocketException, asyncio.TimeoutError):
                pass
            finally:
                self.is_live.clear()
                self._socket = None
                for answer in self._answers.values():
                    if not answer.done():
                        answer.cancel()
            await asyncio.sleep(0.2)

    async def _converse(self, url: str) -> None:
        options = {"additional_headers": {"Authorization": f"Bearer {self.person.token}"}}
        if self.person.address:
            options["local_addr"] = (self.person.address, 0)
        async with connect(url, compression=None, open_timeout=5, close_timeout=1, **options) as socket:
            opened = [{"chat": chat, "epoch": log.epoch, "seq": log.head} for chat, log in self.logs.items()]
            await socket.send(json.dumps({"kind": "hello", "inbox": self.inbox, "open": opened}))
            async for text in socket:
                await self._receive(json.loads(text), socket)

    async def _receive(self, frame: dict, socket) -> None:
        match frame["kind"]:
            case "live":
                self._socket = socket
                self.is_live.set()
            case "push":
                if not self._take(frame["log"], frame["epoch"], [frame["entry"]]):
                    await self._ask(frame["log"], socket)
            case "difference":
                assert self._take(frame["log"], frame["epoch"], frame["entries"]), "a difference has a gap"
                self._mark(frame["log"], frame.get("marks", []))
                if frame["more"]:
                    await self._ask(frame["log"], socket)
            case "marks":
                self._mark(frame["chat"], frame["marks"])
            case "advanced":
                await self._ask(frame["log"], socket)
            case "tooLong":
                raise AssertionError(f"{frame['log']} is too long for a device that was hardly away")
            case "ack" | "error" if frame.get("cmid") in self._answers:
                answer = self._answers[frame["cmid"]]
                if not answer.done():
                    answer.set_result(frame)
            case "goaway" | "resync":
                await socket.close()
            case "slowDown":
                await asyncio.sleep(frame["retryAfter"] / 1000)
            case _:
                pass

    async def _ask(self, log: str, socket) -> None:
        known = self.inbox if log == "inbox" else {"epoch": self.logs[log].epoch, "seq": self.logs[log].head}
        await socket.send(json.dumps({"kind": "difference", "log": log} | known))

    def _take(self, name: str, epoch: int, entries: list[dict]) -> bool:
        """Takes what comes next; what is known is dropped, a gap refused."""
        log = self.logs.get(name)
        for entry in entries:
            head = self.inbox["seq"] if log is None else log.head
            if entry["seq"] <= head:
                continue
            if entry["seq"] > head + 1:
                return False
            if log is None:
                self.inbox = {"epoch": epoch, "seq": entry["seq"]}
                if entry["kind"] == "chatSettings":
                    self.settings[entry["chat"]] = entry
            else:
                self._read(log, epoch, entry)
        return True

    def _read(self, log: Log, epoch: int, entry: dict) -> None:
        log.epoch, log.head = epoch, entry["seq"]
        match entry["kind"]:
            case "text":
                log.n = entry["n"]
                log.messages[entry["seq"]] = (entry["from"], entry["n"])
                # My own message moves my mark.
                if entry["from"] == self.person.account:
                    log.mark = max(log.mark, entry["n"])
            case "erased":
                log.n = entry["n"]
                log.erased.add(entry["n"])
            case "messageDeleted":
                log.erased.add(entry["targetN"])
                log.messages.pop(entry["target"], None)

    def _mark(self, chat: str, marks: list[dict]) -> None:
        for mark in marks:
            if mark["account"] == self.person.account:
                self.logs[chat].mark = max(self.logs[chat].mark, mark["n"])

    # MARK: What it does

    async def act(self, count: int) -> None:
        """So many operations, one after the other; each is tried until it is answered."""
        for _ in range(count):
            await asyncio.sleep(OPERATION_SECONDS)
            chat = self.random.choice(list(self.logs))
            log = self.logs[chat]
            own = [seq for seq, (sender, _) in log.messages.items() if sender == self.person.account]
            draw = self.random.random()
            if draw < 0.15 and own:
                target = self.random.choice(own)
                await self._command({"kind": "deleteMessage", "chat": chat, "target": target})
            elif draw < 0.55:
                await self._command({"kind": "send", "chat": chat, "text": f"{self.done} of {id(self)}"})
            elif draw < 0.9:
                await self._tell({"kind": "mark", "chat": chat, "n": self.random.randint(log.mark, max(log.mark, log.n))})
            else:
                await self._set(chat)
            self.done += 1

    async def _tell(self, frame: dict) -> None:
        """Without an answer: what a node that dies has not heard is not done."""
        await self.is_live.wait()
        try:
            await self._socket.send(json.dumps(frame))
        except (WebSocketException, AttributeError):
            pass

    async def _command(self, frame: dict) -> None:
        frame["cmid"] = message_id()
        while True:
            await self.is_live.wait()
            answer = asyncio.get_running_loop().create_future()
            self._answers[frame["cmid"]] = answer
            try:
                await self._socket.send(json.dumps(frame))
                said = await asyncio.wait_for(answer, ANSWER_SECONDS)
            except (asyncio.TimeoutError, asyncio.CancelledError, WebSocketException, AttributeError):
                if asyncio.current_task().cancelling():
                    raise
                await asyncio.sleep(0.05)
                continue
            finally:
                del self._answers[frame["cmid"]]
            if said["kind"] == "ack":
                return
            if not said["retryable"]:
                self.refused.append(said["code"])
                return
            await asyncio.sleep(said.get("retryAfter", 200) / 1000)

    async def _set(self, chat: str) -> None:
        change = self.random.choice(
            [{"isUnread": True}, {"isUnread": False}, {"mutedUntil": self.random.randint(0, 9)}]
        )
        try:
            await asyncio.to_thread(self.person.persist, "PUT", f"/api/chats/{chat}/settings", change)
        except Refused as refused:
            self.refused.append(refused.code)


def recount(history: list[dict], mark: int) -> int:
    """The unread messages of a chat, one by one."""
    return sum(1 for entry in history if entry["kind"] == "text" and entry["n"] > mark)
