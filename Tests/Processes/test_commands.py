"""What goes wrong has an exit code of its own and one sentence that says what to do."""

import shutil
import signal
import subprocess
import time

import pytest

from client import Person
from cluster import BINARY, Node, environment, free_port, run

USAGE, CONFIGURATION, UNREACHABLE, STORE = 64, 65, 69, 73
TOKEN, CLOCK, INITIALISED, CREDENTIALS, TOKEN_USED, TOKEN_EXPIRED, ADDRESS = 76, 77, 78, 79, 80, 81, 82


def fails(result: subprocess.CompletedProcess, code: int, *words: str) -> None:
    lines = [line for line in result.stderr.splitlines() if line.startswith("chaticket: ")]
    assert result.returncode == code, (result.returncode, result.stderr)
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0], lines[0]


@pytest.fixture
def first(make_cluster) -> Node:
    return make_cluster(1).nodes[0]


def join(tmp_path, first: Node, token: str, name: str = "late", prefix: tuple[str, ...] = (), extra=()):
    """Runs a node that is expected to end by itself."""
    port, client_port = free_port("127.0.0.1"), free_port("127.0.0.1")
    return run(
        "node", "--data", str(tmp_path / name), "--host", "127.0.0.1", "--peer-port", str(port),
        "--gossip-port", str(port), "--client-port", str(client_port), "--join", token, *extra,
        prefix=prefix,
    )  # fmt: skip


def test_second_init(first: Node):
    fails(run("cluster", "init", "--data", str(first.data)), INITIALISED, "already belongs to a cluster")


def test_token_used_twice(first: Node, tmp_path):
    token = first.token()
    port, client_port = free_port("127.0.0.1"), free_port("127.0.0.1")
    second = Node(2, tmp_path / "second", "127.0.0.1", port, client_port, tmp_path / "codes")
    second.start("--join", token)
    try:
        second.await_ready()
        fails(join(tmp_path, first, token), TOKEN_USED, "used")
        # For a member its own token does no harm.
        assert second.stop() == 0
        second.start("--join", token)
        second.await_ready()
    finally:
        second.end(signal.SIGTERM)


def test_expired_token(first: Node, tmp_path):
    token = first.token(valid="1s")
    time.sleep(1.5)
    fails(join(tmp_path, first, token), TOKEN_EXPIRED, "expired", "cluster token")


def test_malformed_token(first: Node, tmp_path):
    fails(join(tmp_path, first, "sesame"), TOKEN, "no join token")
    token = first.token()
    fails(join(tmp_path, first, token[:-9] + token[-8:]), TOKEN, "damaged")


def test_unreachable_seed(first: Node, tmp_path):
    token = first.token()
    assert first.stop() == 0
    started = time.monotonic()
    fails(join(tmp_path, first, token), UNREACHABLE, "cannot be reached", str(first.peer_port))
    assert time.monotonic() - started < 40


def test_clock_far_off(first: Node, tmp_path):
    if shutil.which("faketime") is None:
        pytest.fail("the command faketime is missing (Debian package faketime)")
    token = first.token(valid="90d")
    fails(join(tmp_path, first, token, prefix=("faketime", "-f", "+2h")), CLOCK, "clock")
    fails(join(tmp_path, first, token, name="early", prefix=("faketime", "-f", "-3d")), CLOCK, "clock")


def test_foreign_token_for_member(make_cluster):
    """A member of one cluster does not change to another."""
    ours, theirs = make_cluster(1).nodes[0], make_cluster(1).nodes[0]
    token = theirs.token()
    assert ours.stop() == 0
    fails(run("node", "--data", str(ours.data), "--join", token), INITIALISED, "belongs to cluster")


def test_directory_in_use(first: Node):
    port = free_port("127.0.0.1")
    fails(
        run("node", "--data", str(first.data), "--peer-port", str(port), "--client-port", str(free_port("127.0.0.1"))),
        STORE, "in use",
    )  # fmt: skip


def test_port_in_use(first: Node, tmp_path):
    data = str(tmp_path / "other")
    made = run("cluster", "init", "--quiet", "--data", data, "--host", "127.0.0.1", "--peer-port", str(first.peer_port))
    assert made.returncode == 0
    fails(run("node", "--data", data), ADDRESS, str(first.peer_port))


def test_damaged_store(first: Node):
    assert first.stop() == 0
    (first.data / "store" / "CURRENT").write_text("nonsense\n")
    fails(run("node", "--data", str(first.data)), STORE, "damaged")


def test_foreign_credentials(make_cluster, tmp_path):
    """The parts of two data directories do not fit."""
    one, other = make_cluster(1).nodes[0], make_cluster(1).nodes[0]
    assert one.stop() == 0 and other.stop() == 0
    shutil.copy(other.data / "credentials.json", one.data / "credentials.json")
    fails(run("node", "--data", str(one.data)), STORE, "belongs to cluster")


def test_lost_credentials(first: Node):
    assert first.stop() == 0
    (first.data / "credentials.json").unlink()
    fails(run("node", "--data", str(first.data)), CREDENTIALS, "credentials.json")
    fails(run("cluster", "init", "--data", str(first.data)), CREDENTIALS, "credentials.json")


def test_empty_directory(tmp_path):
    fails(run("node", "--data", str(tmp_path / "none")), CONFIGURATION, "--join", "cluster init")


def test_bad_settings(tmp_path):
    data = ["--data", str(tmp_path / "none")]
    fails(run("node", *data, "--peer-port", "70000"), CONFIGURATION, "peer-port", "1 to 65535")
    fails(run("node", *data, "--host", "0.0.0.0"), CONFIGURATION, "host", "IP address")
    fails(run("node", *data, "--tls-key", "key.pem"), CONFIGURATION, "tls-certificate")
    settings = tmp_path / "node.yaml"
    settings.write_text("peer-prot: 7400\n")
    fails(run("node", *data, "--config", str(settings)), CONFIGURATION, "peer-prot", "line 1")
    settings.write_text("peer-port: many\n")
    fails(run("node", *data, "--config", str(settings)), CONFIGURATION, "peer-port", "many")
    named = subprocess.run(
        [BINARY, "node", *data], capture_output=True, text=True, timeout=30,
        env=environment() | {"CHATICKET_PEER_PROT": "1"},
    )  # fmt: skip
    fails(named, CONFIGURATION, "CHATICKET_PEER_PROT")


def test_plain_listener_beyond_loopback(tmp_path):
    data = str(tmp_path / "open")
    assert run("cluster", "init", "--quiet", "--data", data).returncode == 0
    port = free_port("127.0.0.1")
    fails(
        run("node", "--data", data, "--client-host", "0.0.0.0", "--peer-port", str(port)),
        CONFIGURATION, "TLS", "--trusted-proxy",
    )  # fmt: skip


def test_no_node_runs(tmp_path):
    fails(run("cluster", "status", "--data", str(tmp_path)), UNREACHABLE, "No node runs")


def test_usage():
    result = run("cluster", "explode")
    assert result.returncode == USAGE
    for command in ([], ["node"], ["cluster"], ["cluster", "init"], ["cluster", "status"]):
        assert "USAGE" in run(*command, "--help").stdout


def test_locate_and_status(first: Node):
    located = first.locate("0123456789abcdef0123456789abcdef")
    assert set(located) >= {"chat", "hash", "shard", "desired", "actual", "epoch"}
    assert located["desired"] == [1] and located.get("owner") == 1
    assert run("cluster", "locate", "nonsense", "--data", str(first.data)).returncode == USAGE
    text = first.command("status", "--shards").stdout
    for word in ("NODE", "STANDING", "LEADER", "registry"):
        assert word in text
    assert first.command("status", "--check").returncode == 0


def test_expired_authority(first: Node):
    """A node whose certificates are over, or not valid yet, blames the clock."""
    assert first.stop() == 0
    for shift in ("+4000d", "-30d"):
        fails(run("node", "--data", str(first.data), prefix=("faketime", "-f", shift)), CLOCK, "clock")
    # A year is no harm: every start makes a fresh certificate when it must.
    first.start()
    first.await_ready()


def test_encryption_at_rest(make_cluster, tmp_path):
    """With a key nothing of a message is readable on the disk; without it the store is refused."""
    key, other = tmp_path / "key", tmp_path / "other"
    for file, digit in ((key, "a"), (other, "b")):
        file.write_text(digit * 64 + "\n")
        file.chmod(0o600)
    cluster = make_cluster(1, extra=["--encryption-key-file", str(key)])
    (node,) = cluster.nodes
    ada = Person(cluster.urls, cluster.codes).sign_in("Ada")
    ada.create("verysecretname")
    assert node.stop() == 0
    store = b"".join(file.read_bytes() for file in (node.data / "store").iterdir() if file.name != "LOG")
    assert b"verysecretname" not in store
    fails(run("node", "--data", str(node.data)), STORE, "encrypted", "key")
    fails(run("node", "--data", str(node.data), "--encryption-key-file", str(other)), STORE, "another key")
    key.chmod(0o644)
    fails(run("node", "--data", str(node.data), "--encryption-key-file", str(key)), CONFIGURATION, "chmod 600")
    key.chmod(0o600)
    node.start()
    node.await_ready()
    assert "verysecretname" in [chat["name"] for chat in ada.persist("GET", "/api/chats")["chats"]]
