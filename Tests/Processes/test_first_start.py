"""The first start of a cluster may be killed at any step."""

import subprocess
import time

from client import Person
from cluster import BINARY, Node, environment, free_port, run, until

INITIALISED = 78


def test_init_killed(tmp_path):
    """`cluster init` killed at any moment: repeated, it makes the cluster or finds it made."""
    whole = 0.0
    for attempt in range(24):
        data = tmp_path / f"node-{attempt}"
        started = time.monotonic()
        process = subprocess.Popen(
            [BINARY, "cluster", "init", "--quiet", "--data", str(data)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
        )  # fmt: skip
        if attempt == 0:
            process.wait(60)
            whole = time.monotonic() - started
            continue
        time.sleep(whole * attempt / 22)
        process.kill()
        process.wait()
        again = run("cluster", "init", "--quiet", "--data", str(data))
        assert again.returncode in (0, INITIALISED), again.stderr
        assert run("cluster", "init", "--data", str(data)).returncode == INITIALISED


def test_first_run_killed(tmp_path):
    """A node killed again and again in its first seconds: exactly the two public rooms exist."""
    codes = tmp_path / "codes"
    node = Node(1, tmp_path / "node", "127.0.0.1", free_port("127.0.0.1"), free_port("127.0.0.1"), codes)
    assert run("cluster", "init", "--quiet", "--shards", "16", *node.flags()).returncode == 0
    for attempt in range(12):
        node.start()
        time.sleep(0.1 + 0.15 * attempt)
        node.kill()
    node.start()
    node.await_ready()
    ada = Person([node.url], codes).sign_in("Ada")

    def rooms() -> list[str]:
        return sorted(chat["name"] for chat in ada.chats() if chat["kind"] == "public")

    until(lambda: len(rooms()) >= 2, 10, "the public rooms are missing")
    time.sleep(1)
    assert rooms() == ["help", "lobby"]
    node.stop()
