"""Nodes as processes: started, stopped, killed and moved by the tests."""

import itertools
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from machines import Machines

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("CHATICKET_BINARY", str(ROOT / ".build" / "release" / "chaticket"))
READY_SECONDS = 60


def environment() -> dict[str, str]:
    """Ours without what would be settings of a node."""
    return {key: value for key, value in os.environ.items() if not key.startswith("CHATICKET_")}


def run(*arguments: str, timeout: float = 60, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """The program with these arguments, to its end; what it started ends with it."""
    command = [*prefix, BINARY, *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        out, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, errors = process.communicate()
        raise AssertionError(f"{command} did not end in {timeout} s: {errors}") from None
    return subprocess.CompletedProcess(command, process.returncode, out, errors)


def free_port(host: str) -> int:
    """A port that is free for TCP and UDP, below those that the kernel gives to connections: one of
    these could be taken again before we use it."""
    for _ in range(1000):
        port = next(_ports)
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
            try:
                stream.bind((host, port))
                datagram.bind((host, port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


# Every port is tried once in a run; two runs at the same time begin at different ones.
_ports = itertools.cycle(range(12_000 + os.getpid() % 8_000, 32_000))


@dataclass
class Node:
    """One node: its directory, its addresses and, while it runs, its process."""

    number: int
    data: Path
    host: str
    peer_port: int
    client_port: int
    codes: Path
    prefix: tuple[str, ...] = ()
    extra: list[str] = field(default_factory=list)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.client_port}"

    @property
    def log(self) -> Path:
        return self.data.with_suffix(".log")

    def flags(self) -> list[str]:
        return [
            "--data", str(self.data), "--host", self.host,
            "--peer-port", str(self.peer_port), "--gossip-port", str(self.peer_port),
            "--client-host", self.host, "--client-port", str(self.client_port),
            "--code-file", str(self.codes), *self.extra,
        ]  # fmt: skip

    def start(self, *arguments: str) -> None:
        assert self.process is None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, BINARY, "node", *self.flags(), *arguments],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment(),
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """As the power goes: SIGKILL."""
        self.end(signal.SIGKILL)

    def pause(self) -> None:
        """Stands still until it is resumed."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """In good order; the exit code."""
        return self.end(signal.SIGTERM)

    def end(self, number: int) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process = None
        return code

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def await_ready(self, seconds: float = READY_SECONDS) -> None:
        def ready() -> bool:
            assert self.process is not None and self.process.poll() is None, (
                f"node {self.number} ended: {self.tail()}"
            )
            return self.is_ready()

        until(ready, seconds, f"node {self.number} is not ready: {self.tail()}")

    def tail(self) -> str:
        if not self.log.exists():
            return "no log"
        return "\n" + "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def command(self, *arguments: str, timeout: float = 30) -> subprocess.CompletedProcess:
        return run("cluster", *arguments, "--data", str(self.data), timeout=timeout, prefix=self.prefix)

    def status(self) -> dict:
        answer = self.command("status", "--json")
        assert answer.returncode == 0, answer.stderr
        report = json.loads(answer.stdout)
        assert report["version"] == 1
        return report["status"]

    def locate(self, chat: str) -> dict:
        answer = self.command("locate", chat, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)["location"]

    def token(self, valid: str = "1h") -> str:
        answer = self.command("token", "--valid", valid)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.strip()


def until(condition, seconds: float, failure: str) -> None:
    """Waits until the condition holds; the tests' only way to wait."""
    deadline = time.monotonic() + seconds
    while True:
        if condition():
            return
        assert time.monotonic() < deadline, failure
        time.sleep(0.1)


class Cluster:
    """Nodes on one machine, on different ports, or on machines of their own."""

    def __init__(
        self, directory: Path, count: int, shards: int = 16, extra: list[str] | None = None,
        machines: Machines | None = None,
    ):  # fmt: skip
        self.codes = directory / "sign-in-codes.jsonl"
        self.nodes: list[Node] = []
        for number in range(1, count + 1):
            data = directory / f"node-{number}"
            if machines is None:
                host = "127.0.0.1"
                node = Node(number, data, host, free_port(host), free_port(host), self.codes)
            else:
                host, prefix = machines.address(number), machines.prefix(number)
                node = Node(number, data, host, 7400, 8080, self.codes, prefix)
                # Beyond loopback there is TLS or a proxy in front; here the proxy is ourselves.
                node.extra = ["--trusted-proxy", machines.gateway]
            node.extra += extra or []
            self.nodes.append(node)
        try:
            self._begin(shards)
        except BaseException:
            # Whoever asked for the cluster gets none, and so could not close it.
            self.close()
            raise

    def _begin(self, shards: int) -> None:
        first, *others = self.nodes
        made = run(
            "cluster", "init", "--quiet", "--shards", str(shards), *first.flags(), prefix=first.prefix
        )
        assert made.returncode == 0, made.stderr
        first.start()
        first.await_ready()
        # The token that init printed is good for the second node, the rest get their own.
        token = made.stdout.strip()
        for node in others:
            node.start("--join", token)
            until(
                lambda node=node: (node.data / "credentials.json").exists(),
                READY_SECONDS,
                f"node {node.number} did not join: {node.tail()}",
            )
            if node is not others[-1]:
                token = first.token()
        for node in self.nodes:
            node.await_ready()

    def close(self) -> None:
        for node in self.nodes:
            if node.process is not None:
                node.process.send_signal(signal.SIGTERM)
        for node in self.nodes:
            if node.process is not None:
                try:
                    node.process.wait(20)
                except subprocess.TimeoutExpired:
                    node.process.kill()
                    node.process.wait()
                node.process = None

    def node(self, number: int) -> Node:
        return next(node for node in self.nodes if node.number == number)

    @property
    def urls(self) -> list[str]:
        return [node.url for node in self.nodes]

    def running(self) -> list[Node]:
        return [node for node in self.nodes if node.process is not None]

    def await_spread(self, replicas: int, seconds: float = 90) -> None:
        """Until every shard has as many voters as it should, and a leader."""

        def spread() -> bool:
            for node in self.running():
                for shard in node.status()["shards"]:
                    if shard.get("leader") is None and shard.get("local") is not None:
                        return False
                    if shard["shard"] != "registry" and len(shard["desired"]) != replicas:
                        return False
                    local = shard.get("local")
                    if local is not None and (local["isJoint"] or len(local["voters"]) != len(shard["desired"])):
                        return False
            return True

        until(spread, seconds, "the shards were not spread in time")

    def owner(self, chat: str) -> Node:
        """The node that leads the chat's shard, by its own word."""
        found: list[Node] = []

        def known() -> bool:
            found.clear()
            for node in self.running():
                owner = node.locate(chat).get("owner")
                if owner is None:
                    continue
                candidate = self.node(owner)
                if candidate.process is not None and candidate.locate(chat).get("owner") == owner:
                    found.append(candidate)
                    return True
            return False

        until(known, 30, f"nobody owns {chat}")
        return found[0]
