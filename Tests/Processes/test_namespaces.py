"""Three machines without a shared disk: network namespaces with one bridge, a token for each."""

import os
import subprocess
import warnings
from pathlib import Path

import pytest

from cluster import Node, run, until

NAMES = ["chaticket-a", "chaticket-b", "chaticket-c"]
BRIDGE = "chaticket-br"


def ip(*arguments: str, check: bool = True) -> bool:
    return subprocess.run(["ip", *arguments], capture_output=True, check=check).returncode == 0


@pytest.fixture
def namespaces():
    """Three namespaces on 10.213.7.1 to .3."""
    clean()
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("link", "set", BRIDGE, "up")
        for number, name in enumerate(NAMES, 1):
            ip("netns", "add", name)
            ip("link", "add", f"ctk{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", f"ctk{number}", "master", BRIDGE, "up")
            ip("-n", name, "addr", "add", f"10.213.7.{number}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
    except (OSError, subprocess.CalledProcessError) as error:
        clean()
        reason = f"NOT TESTED: network namespaces cannot be made here (uid {os.getuid()}): {error}"
        warnings.warn(reason, stacklevel=1)
        pytest.skip(reason)
    yield NAMES
    clean()


def clean() -> None:
    for number, name in enumerate(NAMES, 1):
        ip("netns", "del", name, check=False)
        ip("link", "del", f"ctk{number}", check=False)
    ip("link", "del", BRIDGE, check=False)


def test_three_machines(namespaces, tmp_path: Path):
    """A token is all that the second and third machine need; nobody is told another address."""
    inside = [("ip", "netns", "exec", name) for name in namespaces]
    nodes = []
    for number, prefix in enumerate(inside, 1):
        directory = tmp_path / f"machine-{number}"
        directory.mkdir()
        node = Node(number, directory / "data", f"10.213.7.{number}", 7400, 8080, directory / "codes", prefix)
        node.flags = lambda node=node: ["--data", str(node.data)]
        nodes.append(node)
    made = run(
        "cluster", "init", "--quiet", "--shards", "16", "--data", str(nodes[0].data),
        "--host", nodes[0].host, prefix=inside[0],
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    try:
        nodes[0].start()
        until(lambda: nodes[0].command("status").returncode == 0, 30, nodes[0].tail())
        nodes[1].start("--join", made.stdout.strip())
        nodes[2].start("--join", nodes[0].token())

        def together() -> bool:
            for node in nodes:
                if node.command("status").returncode != 0:
                    return False
                report = node.status()
                alive = {
                    line.get("host") for line in report["nodes"] if line.get("liveness") == "alive" and line["standing"] == "up"
                }
                if alive != {"10.213.7.1", "10.213.7.2", "10.213.7.3"}:
                    return False
            return True

        until(together, 60, "the three did not find each other: " + "".join(node.tail() for node in nodes))
        # Killed and started again, with nothing but its directory.
        nodes[0].kill()
        nodes[0].start()
        until(together, 60, "the first did not come back: " + nodes[0].tail())
    finally:
        for node in nodes:
            node.end(15)
