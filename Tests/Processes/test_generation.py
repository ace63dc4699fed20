"""A node's boot counter is on disk before anybody hears from the node: no two boots look alike."""

import os
import re
import shutil
import signal
import socket

import pytest

from cluster import Cluster, Node, until

HEADER_BYTES = 24


def generation(datagram: bytes) -> int:
    """The boot counter in a datagram's header, which is not sealed: magic (2), version (1), cluster (8),
    key (1), and the nonce: node (3), boot counter (4), counter (5)."""
    assert len(datagram) > HEADER_BYTES and datagram[:2] == b"\xc7\x1c", datagram[:HEADER_BYTES]
    return int.from_bytes(datagram[15:19])


@pytest.fixture
def pair(make_cluster) -> tuple[Node, Node]:
    """Two members that have been killed; the first of them looks for the second, by which it joined."""
    cluster: Cluster = make_cluster(2)
    other, one = cluster.nodes
    other.kill()
    one.kill()
    return one, other


def test_killed_at_the_first_packet(pair):
    """Killed when its first packet arrives, a node has already written that it was up."""
    one, other = pair
    seen: list[int] = []
    for _ in range(5):
        # In the other's place we listen ourselves.
        with socket.socket(type=socket.SOCK_DGRAM) as listener:
            listener.bind((other.host, other.peer_port))
            listener.settimeout(30)
            one.start()
            datagram = listener.recv(2048)
            one.kill()
        seen.append(generation(datagram))
    assert seen == list(range(seen[0], seen[0] + len(seen))), seen


# The calls that write, sync and send, in the order in which they were done: strace writes a call that
# another thread overtakes in two parts, and the second has the result.
CALLS = "trace=openat,write,pwrite64,fsync,fdatasync,bind,sendto,sendmsg,sendmmsg"
CALL = re.compile(
    r"^\d+ +(?:<\.\.\. )?(?P<name>\w+)(?:\(| resumed>)(?P<arguments>.*?)\)? += (?P<result>-?\d+)"
)
BEGUN = re.compile(r"^(?P<thread>\d+) +(?P<name>\w+)\((?P<arguments>.*) <unfinished \.\.\.>$")


def calls(trace: str) -> list[tuple[str, str]]:
    """Name and arguments of each call that succeeded, in the order of the ends."""
    begun: dict[str, str] = {}
    found = []
    for line in trace.splitlines():
        if (match := BEGUN.match(line)) is not None:
            begun[match["thread"]] = match["arguments"]
        elif (match := CALL.match(line)) is not None and int(match["result"]) >= 0:
            thread = line.split(" ", 1)[0]
            arguments = match["arguments"]
            if " resumed>" in line:
                arguments = begun.pop(thread, "") + arguments
            found.append((match["name"], arguments))
    return found


def test_synced_before_the_socket_is_bound(pair, tmp_path):
    """What a node writes into its store before it takes its ports is synced before it takes them."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.fail("the command strace is missing (Debian package strace)")
    one, _ = pair
    trace = tmp_path / "trace"
    # Decoded file descriptors (-y), so that a call names the file.
    one.prefix = (strace, "-f", "-y", "-s", "8", "-e", CALLS, "-e", "signal=none", "-o", str(trace))
    one.start()
    try:
        port = f"htons({one.peer_port})"

        def bound() -> bool:
            return trace.exists() and any(
                name == "bind" and port in arguments for name, arguments in calls(trace.read_text())
            )

        until(bound, 60, f"the ports are not taken: {one.tail()}")
    finally:
        # strace ends with what it traces.
        one.prefix = ()
        terminate(one)
    before = []
    for name, arguments in calls(trace.read_text()):
        if (name == "bind" and port in arguments) or (name.startswith("send") and "UDP" in arguments):
            break
        before.append((name, arguments))
    # The store's write-ahead log, of which each start makes a new one.
    log = re.compile(r"^\d+<(?P<path>[^>]*/store/\d+\.log)>")
    written = [
        (place, match["path"])
        for place, (name, arguments) in enumerate(before)
        if name in ("write", "pwrite64") and (match := log.match(arguments))
    ]
    assert written, "nothing was written before the ports were taken"
    place, path = written[-1]
    synced = [
        name in ("fsync", "fdatasync") and f"<{path}>" in arguments for name, arguments in before[place:]
    ]
    assert any(synced), f"{path} was not synced before the ports were taken"


def terminate(node: Node) -> None:
    """Ends strace and the node behind it: they are one group."""
    os.killpg(node.process.pid, signal.SIGTERM)
    node.process.wait(30)
    node.process = None
