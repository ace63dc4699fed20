"""The wire of these tests is cut when it is cut."""

import socket
import threading
from collections.abc import Iterator

import pytest

from line import line_to

# A connection is made for as long as this, in seconds.
SLOW = 0.5


@pytest.fixture
def echo() -> Iterator[str]:
    """The address of somebody who says everything again."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    there, _ = server.accept()
                except OSError:
                    return
                with there:
                    while piece := there.recv(4096):
                        there.sendall(piece)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def connect(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=5)


def says(there: socket.socket, word: bytes) -> bytes:
    """What comes back; nothing where the connection has ended."""
    try:
        there.sendall(word)
        return there.recv(4096)
    except ConnectionError:
        return b""


def test_a_cut_ends_what_is_connected_and_takes_nothing_new_until_it_is_mended(echo: str):
    with line_to(echo) as line, connect(line.url) as before:
        assert says(before, b"before") == b"before"
        line.cut()
        assert says(before, b"after") == b""
        with connect(line.url) as during:
            assert says(during, b"during") == b""
        line.mend()
        with connect(line.url) as mended:
            assert says(mended, b"mended") == b"mended"


def test_a_cut_ends_also_what_is_being_connected(echo: str):
    with line_to(echo, rtt=SLOW) as line, connect(line.url) as there:
        # The line has taken it, and has not reached the other end yet.
        while line.connections == 0:
            pass
        line.cut()
        assert says(there, b"through the cut") == b""
