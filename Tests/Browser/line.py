"""A line between a browser and a node that can be slow, stand still or be cut.

A proxy of TCP in a thread of its own. It counts what comes down, and delays and paces both directions of
all its connections together, as the line of a phone does: also those of workers, which a browser's own
throttling leaves out.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit


class Line:
    """`bits` a second each way, `rtt` seconds there and back; None and 0: as fast as it goes."""

    def __init__(self, url: str, bits: float | None = None, rtt: float = 0.0) -> None:
        place = urlsplit(url)
        self.to = (place.hostname, place.port)
        self.bits, self.rtt = bits, rtt
        self.url = ""
        self.bytes_down = 0
        self.connections = 0
        self.is_cut = False
        # Connections with a lower number stand still.
        self._stalled_below = 0
        self._free = {"up": 0.0, "down": 0.0}
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def open(self) -> "Line":
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, self.to[0], 0))
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://{self.to[0]}:{port}"
        return self

    def close(self) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self) -> None:
        """Every connection ends, and no new one is taken."""
        self.is_cut = True
        self._call(self._drop())

    def stall(self) -> None:
        """Over the connections of now nothing comes any more, and nobody is told: what a machine finds that
        slept, or that has another address. New ones work."""
        self._stalled_below = self.connections + 1

    def mend(self) -> None:
        """All is well again; what stood still until now ends, as it does when its time is over."""
        self.is_cut = False
        if self._stalled_below > 0:
            self._stalled_below = 0
            self._call(self._drop())

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        self.connections += 1
        number = self.connections
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        # From now on a cut ends it, also while it is being made.
        self._writers.add(writer)
        try:
            # A connection costs a round trip before its first byte.
            await asyncio.sleep(self.rtt)
            there, to = await asyncio.open_connection(*self.to)
        except OSError:
            self._writers.discard(writer)
            writer.transport.abort()
            return
        ends = {writer, to}
        self._writers |= ends
        if writer.is_closing():
            to.transport.abort()
        pumps = [
            asyncio.create_task(self._pump(reader, to, "up", number)),
            asyncio.create_task(self._pump(there, writer, "down", number)),
        ]
        try:
            await asyncio.gather(*pumps)
        except (OSError, asyncio.CancelledError):
            # Both are how a connection ends here: the page's doing, or ours in the end.
            pass
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            self._writers -= ends
            for end in ends:
                end.transport.abort()

    async def _pump(self, reader, writer, way: str, number: int) -> None:
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        landing = asyncio.create_task(self._land(flying, writer, number))
        try:
            while piece := await reader.read(4096):
                if way == "down":
                    self.bytes_down += len(piece)
                flying.put_nowait((await self._paced(len(piece), way) + self.rtt / 2, piece))
            flying.put_nowait((time.monotonic() + self.rtt / 2, b""))
            await landing
        finally:
            landing.cancel()
            await asyncio.gather(landing, return_exceptions=True)

    async def _paced(self, count: int, way: str) -> float:
        """Waits until so many bytes are on the line; answers when that is."""
        now = time.monotonic()
        if self.bits is None:
            return now
        self._free[way] = max(self._free[way], now) + count * 8 / self.bits
        await asyncio.sleep(self._free[way] - now)
        return self._free[way]

    async def _land(self, flying: asyncio.Queue, writer: asyncio.StreamWriter, number: int) -> None:
        while True:
            at, piece = await flying.get()
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            while number < self._stalled_below:
                await asyncio.sleep(0.02)
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


@contextmanager
def line_to(url: str, bits: float | None = None, rtt: float = 0.0):
    """An open line to a node, closed in the end."""
    line = Line(url, bits, rtt).open()
    try:
        yield line
    finally:
        line.close()


class Wire:
    """All lines of one browser: what it believes to be the nodes' addresses leads over them."""

    def __init__(self, lines: list[Line], urls: list[str]) -> None:
        self.lines = lines
        rules = [
            f"MAP {urlsplit(url).netloc} {urlsplit(line.url).netloc}"
            for line, url in zip(lines, urls, strict=True)
        ]
        self.arguments = [f"--host-resolver-rules={','.join(rules)}"]

    def stall(self) -> None:
        for line in self.lines:
            line.stall()

    def cut(self) -> None:
        for line in self.lines:
            line.cut()

    def mend(self) -> None:
        for line in self.lines:
            line.mend()

    @property
    def bytes_down(self) -> int:
        return sum(line.bytes_down for line in self.lines)


@contextmanager
def wire_to(urls: list[str], bits: float | None = None, rtt: float = 0.0) -> Iterator[Wire]:
    """Open lines to all nodes, closed in the end."""
    with ExitStack() as stack:
        yield Wire([stack.enter_context(line_to(url, bits, rtt)) for url in urls], urls)
