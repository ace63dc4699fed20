"""People who chat: HTTP for sign-in and commands, a WebSocket for the rest, as a browser does it."""

import asyncio
import http.client
import itertools
import json
import secrets
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from checkers import Send, Thread, violations
from cluster import until

_addresses = itertools.count(1)


class Refused(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, body: dict):
        super().__init__(f"{status} {body}")
        self.status = status
        self.code = body.get("code") or body.get("error", {}).get("code")
        self.body = body


def message_id() -> str:
    """A UUIDv7 as 32 hexadecimal digits."""
    number = int(time.time() * 1000) << 80 | 7 << 76 | secrets.randbits(12) << 64
    return f"{number | 2 << 62 | secrets.randbits(62):032x}"


def own_address() -> str:
    """An address of loopback of one's own: codes are limited for each address."""
    number = next(_addresses)
    return f"127.1.{number // 250}.{number % 250 + 1}"


class Person:
    """Somebody with an account, who asks any node by HTTP."""

    def __init__(self, urls: list[str], codes: Path):
        self.urls = list(urls)
        self.codes = codes
        self.address = own_address() if urls[0].startswith("http://127.") else None
        self.phone = "+49151" + str(secrets.randbelow(90_000_000) + 10_000_000)
        self.username = "p" + secrets.token_hex(6)
        self.token = ""
        self.account = ""

    # MARK: HTTP

    def ask(
        self, method: str, path: str, body: dict | None = None, *, url: str | None = None,
        headers: dict[str, str] | None = None, key: str | None = None, timeout: float = 15,
    ) -> tuple[dict, http.client.HTTPMessage]:  # fmt: skip
        """One request to one node; raises Refused, or OSError when there is no answer."""
        place = urlsplit(url or self.urls[0])
        source = (self.address, 0) if self.address else None
        connection = http.client.HTTPConnection(
            place.hostname, place.port, timeout=timeout, source_address=source
        )
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.token and headers is None:
            sent["Authorization"] = f"Bearer {self.token}"
        if method not in ("GET", "HEAD"):
            sent["Idempotency-Key"] = key or message_id()
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        value = json.loads(text) if text else {}
        if answer.status >= 400:
            raise Refused(answer.status, value)
        return value, answer.headers

    def get(self, path: str, **options) -> dict:
        return self.ask("GET", path, **options)[0]

    def post(self, path: str, body: dict | None = None, **options) -> dict:
        return self.ask("POST", path, body or {}, **options)[0]

    def persist(self, method: str, path: str, body: dict | None = None, seconds: float = 30) -> dict:
        """Asks node after node, with the same key, until one answers: what a client does."""
        key = message_id()
        deadline = time.monotonic() + seconds
        for url in itertools.cycle(self.urls):
            try:
                return self.ask(method, path, body, url=url, key=key)[0]
            except Refused as refused:
                if refused.status < 500 and refused.status != 429:
                    raise
                if time.monotonic() > deadline:
                    raise
            except OSError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)
        raise AssertionError("unreachable")

    # MARK: Signing in

    def sign_in(self, name: str) -> "Person":
        """Gets a code, a token, a name and a username."""
        csrf, headers = self.ask("GET", "/api/csrf", headers={})
        jar = SimpleCookie()
        for cookie in headers.get_all("Set-Cookie") or []:
            jar.load(cookie)
        cookies = "; ".join(f"{key}={morsel.value}" for key, morsel in jar.items())
        guarded = {"Cookie": cookies, "X-CSRFToken": csrf["csrftoken"]}
        self.ask("POST", "/api/sign-in/code", {"phone": self.phone}, headers=guarded)
        answer, _ = self.ask(
            "POST", "/api/sign-in",
            {"phone": self.phone, "code": self.code(), "session": "token", "device": "tests"},
            headers=guarded,
        )  # fmt: skip
        self.token = answer["token"]
        self.account = answer["account"]["id"]
        self.persist("PUT", "/api/me", {"name": name, "username": self.username})
        return self

    def code(self) -> str:
        found: list[str] = []

        def arrived() -> bool:
            if self.codes.exists():
                lines = [json.loads(line) for line in self.codes.read_text().splitlines() if line]
                found[:] = [line["code"] for line in lines if line["phone"] == self.phone]
            return bool(found)

        until(arrived, 10, f"no code for {self.phone}")
        return found[-1]

    # MARK: Chats

    def chats(self, **options) -> list[dict]:
        return self.get("/api/chats", **options)["chats"]

    def create(self, name: str, full_name: str = "", kind: str = "private") -> str:
        return self.persist(
            "POST", "/api/chats", {"kind": kind, "name": name, "fullName": full_name}
        )["id"]

    def invite(self, chat: str, person: "Person") -> None:
        self.persist("POST", f"/api/chats/{chat}/members", {"username": person.username})

    def history(self, chat: str, url: str | None = None) -> list[dict]:
        """All entries, from the first; by any node's answer, or by that of one."""
        entries: list[dict] = []
        while True:
            after = entries[-1]["seq"] if entries else 0
            path = f"/api/chats/{chat}/entries?after={after}&limit=100"
            page = self.get(path, url=url) if url else self.persist("GET", path)
            entries.extend(page["entries"])
            if not page["entries"] or entries[-1]["seq"] >= page["head"]["seq"]:
                return entries


class Client:
    """A person's open page on one chat: its copy of the thread, and an outbox that sends one message
    after the other until it is acknowledged."""

    ACK_SECONDS = 12

    def __init__(self, person: Person, chat: str, urls: list[str], name: str):
        self.person = person
        self.chat = chat
        self.urls = list(urls)
        self.name = name
        self.epoch = 0
        self.entries: list[dict] = []
        # In the order in which they were begun.
        self.sends: list[Send] = []
        self.seen_inbox: list[dict] = []
        self.inbox_cursor = {"epoch": 0, "seq": 0}
        self.errors: list[str] = []
        self.connections = 0
        self.outbox: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.is_live = asyncio.Event()
        self._socket = None
        self._answers: dict[str, asyncio.Future] = {}
        self._tasks: list[asyncio.Task] = []

    @property
    def seq(self) -> int:
        return self.entries[-1]["seq"] if self.entries else 0

    @property
    def acks(self) -> list[Send]:
        return [send for send in self.sends if send.ended is not None]

    def broken(self) -> str | None:
        """The page's own mistake, if it has found one: an answer that contradicts what it knew."""
        for task in self._tasks:
            if task.done() and not task.cancelled() and task.exception() is not None:
                return f"{self.name}: {task.exception()!r}"
        return None

    # MARK: Life

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._stay_connected()), asyncio.create_task(self._send())]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _stay_connected(self) -> None:
        for attempt, url in enumerate(itertools.cycle(self.urls)):
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
            await asyncio.sleep(min(0.1 * (attempt + 1), 1))

    async def _converse(self, url: str) -> None:
        options = {"additional_headers": {"Authorization": f"Bearer {self.person.token}"}}
        if self.person.address:
            options["local_addr"] = (self.person.address, 0)
        async with connect(
            url, compression=None, open_timeout=5, ping_interval=None, close_timeout=1, **options
        ) as socket:
            hello = {"kind": "hello", "open": [self._cursor() | {"chat": self.chat}]}
            if self.inbox_cursor["epoch"]:
                hello["inbox"] = self.inbox_cursor
            await socket.send(json.dumps(hello))
            self.connections += 1
            beat = asyncio.create_task(self._beat(socket))
            try:
                async for text in socket:
                    await self._receive(json.loads(text), socket)
            finally:
                beat.cancel()

    async def _beat(self, socket) -> None:
        while True:
            await asyncio.sleep(5)
            await socket.send('{"kind":"ping"}')

    def _cursor(self) -> dict:
        return {"epoch": self.epoch, "seq": self.seq}

    # MARK: Frames

    async def _receive(self, frame: dict, socket) -> None:
        match frame["kind"]:
            case "welcome":
                self.inbox_cursor = frame["inbox"]
            case "live":
                self._socket = socket
                self.is_live.set()
            case "push" if frame["log"] == self.chat:
                if not self._take(frame["epoch"], [frame["entry"]]):
                    await self._ask_difference(socket)
            case "difference" if frame["log"] == self.chat:
                assert self._take(frame["epoch"], frame["entries"]), "a difference has a gap"
                if frame["more"]:
                    await self._ask_difference(socket)
            case "tooLong" if frame["log"] == self.chat:
                await self._fill(frame["head"]["seq"])
            case "advanced" if frame["log"] == self.chat:
                if frame["head"]["seq"] > self.seq:
                    await self._ask_difference(socket)
            case "push" | "difference" if frame["log"] == "inbox":
                for entry in [frame["entry"]] if "entry" in frame else frame["entries"]:
                    if entry["seq"] > self.inbox_cursor["seq"]:
                        self.inbox_cursor = {"epoch": frame["epoch"], "seq": entry["seq"]}
                        self.seen_inbox.append(entry)
            case "ack":
                self._answer(frame)
            case "error":
                self.errors.append(frame["code"])
                if "cmid" in frame:
                    self._answer(frame)
            case "goaway" | "resync":
                await socket.close()
            case "authExpired":
                raise AssertionError("the session ended")
            case "slowDown":
                await asyncio.sleep(frame["retryAfter"] / 1000)
            case _:
                pass

    def _take(self, epoch: int, entries: list[dict]) -> bool:
        """Adds what comes next; what is known is dropped, a gap refused."""
        if self.epoch != epoch:
            assert self.epoch == 0, "the chat's log was replaced"
            self.epoch = epoch
        for entry in entries:
            if entry["seq"] <= self.seq:
                known = self.entries[entry["seq"] - 1]
                assert known == entry, f"seq {entry['seq']} was {known} and is {entry}"
            elif entry["seq"] == self.seq + 1:
                self.entries.append(entry)
            else:
                return False
        return True

    async def _ask_difference(self, socket) -> None:
        await socket.send(json.dumps({"kind": "difference", "log": self.chat} | self._cursor()))

    async def _fill(self, head: int) -> None:
        while self.seq < head:
            page = await asyncio.to_thread(
                self.person.persist, "GET", f"/api/chats/{self.chat}/entries?after={self.seq}&limit=100"
            )
            assert self._take(page["epoch"], page["entries"]), "a page has a gap"

    # MARK: Sending

    def say(self, text: str) -> None:
        self.outbox.put_nowait((message_id(), text))

    async def _send(self) -> None:
        while True:
            cmid, text = await self.outbox.get()
            send = Send(self.name, self.person.account, cmid, text, time.monotonic())
            self.sends.append(send)
            while not await self._sent(send):
                await asyncio.sleep(0.05)
            self.outbox.task_done()

    async def _sent(self, send: Send) -> bool:
        """Tries once; whether it is acknowledged."""
        await self.is_live.wait()
        cmid = send.cmid
        answer = asyncio.get_running_loop().create_future()
        self._answers[cmid] = answer
        try:
            await self._socket.send(
                json.dumps({"kind": "send", "cmid": cmid, "chat": self.chat, "text": send.text})
            )
            frame = await asyncio.wait_for(answer, self.ACK_SECONDS)
        except (asyncio.TimeoutError, asyncio.CancelledError, WebSocketException, AttributeError):
            if asyncio.current_task().cancelling():
                raise
            return False
        finally:
            del self._answers[cmid]
        if frame["kind"] == "ack":
            send.ended, send.seq, send.n = time.monotonic(), frame["seq"], frame["n"]
            return True
        assert frame["retryable"], f"{self.name} was refused: {frame}"
        await asyncio.sleep(frame.get("retryAfter", 200) / 1000)
        return False

    def _answer(self, frame: dict) -> None:
        answer = self._answers.get(frame["cmid"])
        if answer and not answer.done():
            answer.set_result(frame)


async def eventually(condition, seconds: float, failure) -> None:
    """Waits until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, failure() if callable(failure) else failure
        await asyncio.sleep(0.05)


def thread_of(clients: list[Client], histories: dict[str, list[dict]]) -> Thread:
    """What the checkers judge: all clients of one chat, and the histories by node."""
    return Thread(
        clients[0].chat,
        histories,
        {client.name: client.entries for client in clients},
        [send for client in clients for send in client.sends],
    )


def check_threads(clients: list[Client], history: list[dict]) -> None:
    """What must hold in the end: see checkers.py."""
    found = violations(thread_of(clients, {"a node": history}))
    assert not found, "\n".join(found)
