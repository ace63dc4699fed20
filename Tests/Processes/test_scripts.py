"""cluster/up and cluster/down, as the README's reader meets them."""

import json
import os
import re
import signal
import socket
import ssl
import stat
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from client import Person
from cluster import BINARY, ROOT, until

UP, DOWN = str(ROOT / "cluster" / "up"), str(ROOT / "cluster" / "down")


def call(script: str, directory: Path, *options: str, timeout: float = 180) -> subprocess.CompletedProcess:
    return subprocess.run(
        [script, "--directory", str(directory), *options],
        capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL,
        env=os.environ | {"CHATICKET_BINARY": BINARY},
    )  # fmt: skip


@pytest.fixture
def directory(tmp_path: Path):
    yield tmp_path
    call(DOWN, tmp_path)


def nodes_of(directory: Path) -> list[dict]:
    return json.loads((directory / "cluster.json").read_text())["nodes"]


def test_detached(directory: Path):
    """It starts, tells scripts where everything is, and goes on with its data."""
    made = call(UP, directory, "--nodes", "2", "--detach")
    assert made.returncode == 0, made.stderr
    nodes = nodes_of(directory)
    assert [set(node) for node in nodes] == [{"id", "pid", "url", "gossip", "peer", "data"}] * 2
    assert [node["id"] for node in nodes] == [1, 2]
    assert all(node["url"] in made.stdout for node in nodes)
    codes = directory / "sign-in-codes.jsonl"
    assert str(codes) in made.stdout
    ada = Person([node["url"] for node in nodes], codes).sign_in("Ada")
    assert stat.S_IMODE(codes.stat().st_mode) == 0o600
    chat = ada.create("tea")

    again = call(UP, directory)
    assert again.returncode == 1 and "cluster/down" in again.stderr

    os.kill(nodes[1]["pid"], signal.SIGKILL)
    healed = call(UP, directory, "--detach")
    assert healed.returncode == 0, healed.stderr
    assert nodes_of(directory)[0]["pid"] == nodes[0]["pid"]
    assert nodes_of(directory)[1]["pid"] != nodes[1]["pid"]

    assert call(DOWN, directory).returncode == 0
    for node in nodes_of(directory):
        assert not Path(f"/proc/{node['pid']}").exists()
    back = call(UP, directory, "--detach")
    assert back.returncode == 0, back.stderr
    assert [node["url"] for node in nodes_of(directory)] == [node["url"] for node in nodes]
    assert chat in [found["id"] for found in ada.persist("GET", "/api/chats")["chats"]]

    assert call(DOWN, directory).returncode == 0
    fresh = call(UP, directory, "--fresh", "--nodes", "1", "--detach")
    assert fresh.returncode == 0, fresh.stderr
    assert len(nodes_of(directory)) == 1


def test_interrupted(directory: Path):
    """Ctrl-C stops all nodes and leaves nothing running."""
    process = subprocess.Popen(
        [UP, "--directory", str(directory), "--nodes", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
        env=os.environ | {"CHATICKET_BINARY": BINARY}, start_new_session=True,
        # Whoever runs in the background of a script was told to ignore it, and so would its children be.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C stops" in line:
            break
    nodes = nodes_of(directory)
    assert len(nodes) == 2
    # The terminal sends it to the whole foreground group.
    os.killpg(process.pid, signal.SIGINT)
    rest = process.communicate(timeout=60)[0]
    assert process.returncode == 130, "".join(lines) + rest
    assert "Stopping" in rest
    for node in nodes:
        assert not Path(f"/proc/{node['pid']}").exists()
        # Nobody was still talked to who had ended.
        assert "ERROR" not in Path(f"{node['data']}.log").read_text()


def test_tls(directory: Path):
    """https with a certificate from the cluster's own authority."""
    made = call(UP, directory, "--nodes", "1", "--tls", "--hosts", "--detach")
    assert made.returncode == 0, made.stderr
    (node,) = nodes_of(directory)
    assert node["url"].startswith("https://127.0.0.1:")
    trusted = ssl.create_default_context(cafile=str(directory / "tls" / "authority.pem"))
    with urllib.request.urlopen(node["url"] + "/readyz", context=trusted, timeout=5) as answer:
        assert answer.status == 200

    # SIGHUP takes a new certificate without a restart.
    before = certificate(node["url"])
    renewed = subprocess.run(
        [BINARY, "cluster", "certificate", "--data", node["data"], "--name", "127.0.0.1",
         "--out", str(directory / "tls")], capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert renewed.returncode == 0, renewed.stderr
    os.kill(node["pid"], signal.SIGHUP)
    until(lambda: certificate(node["url"]) != before, 10, "the certificate stayed the same")


def certificate(url: str) -> str:
    host, port = re.fullmatch(r"https://([^:]+):(\d+)", url).groups()
    return ssl.get_server_certificate((host, int(port)))


def test_port_in_use(directory: Path):
    """One line, and nothing is left running."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 8080))
        taken.listen()
        started = time.monotonic()
        result = call(UP, directory, "--nodes", "1", "--detach")
        assert result.returncode == 1
        errors = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
        assert len(errors) == 1 and "8080" in errors[0], result.stderr
        assert time.monotonic() - started < 30


def test_bad_options(directory: Path):
    for options in (["--nodes", "0"], ["--nodes", "10"], ["--nodes"], ["--node", "3"]):
        result = call(UP, directory, *options)
        assert result.returncode == 1 and result.stderr.startswith("error: "), result.stderr
    assert "usage" in call(UP, directory, "--help").stdout
