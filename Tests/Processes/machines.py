"""Machines that share nothing but a network: namespaces on one bridge, whose lines can be cut, with
small disks and clocks of their own."""

import contextlib
import os
import subprocess
from pathlib import Path

# A hardware address that nobody has: what is sent there is lost without a word, as on a broken line.
NOWHERE = "02:00:00:00:00:00"


# The library of the command faketime, in the form for programs with threads.
FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)


class NoNamespaces(Exception):
    """Namespaces cannot be made here; the message says why."""


def ip(*arguments: str, check: bool = True) -> bool:
    return subprocess.run(["ip", *arguments], capture_output=True, check=check).returncode == 0


class Machines:
    """Some machines, numbered from 1. Used with `with`; nothing of them is left afterwards.

    This process reaches all of them, and they it, whatever lines are cut between them."""

    def __init__(self, count: int, clocks: Path | None = None):
        """With a directory `clocks`, in which they are kept, clocks can be set."""
        self.count = count
        self._clocks = clocks
        self._keeper: subprocess.Popen | None = None
        self._shared = ""
        # Two runs at the same time have different names and networks.
        self._name = f"ctk{os.getpid()}"
        self._network = f"10.{200 + os.getpid() % 50}.{os.getpid() // 50 % 250}"
        self._disks: list[Path] = []

    @property
    def numbers(self) -> range:
        return range(1, self.count + 1)

    @property
    def gateway(self) -> str:
        """The address of this process in their network."""
        return f"{self._network}.254"

    def address(self, number: int) -> str:
        return f"{self._network}.{number}"

    def prefix(self, number: int) -> tuple[str, ...]:
        """What makes a command run on the machine, with the same process id."""
        command = ("ip", "netns", "exec", self._namespace(number))
        if self._clocks is None:
            return command
        return (
            *command, "env", f"LD_PRELOAD={FAKETIME}", f"FAKETIME_SHARED={self._shared}",
            f"FAKETIME_TIMESTAMP_FILE={self._clock(number)}", "FAKETIME_CACHE_DURATION=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1",
        )  # fmt: skip

    def _namespace(self, number: int) -> str:
        return f"{self._name}-{number}"

    @staticmethod
    def _hardware(number: int) -> str:
        return f"02:c7:1c:00:00:{number:02x}"

    # MARK: Life

    def __enter__(self) -> "Machines":
        try:
            self._make()
        except (OSError, subprocess.CalledProcessError) as error:
            self.__exit__()
            why = getattr(error, "stderr", b"").decode().strip() or error
            raise NoNamespaces(
                f"network namespaces cannot be made here (uid {os.getuid()}): {why}"
            ) from error
        return self

    def _make(self) -> None:
        if self._clocks is not None:
            self._keep_clocks()
        bridge = f"{self._name}br"
        ip("link", "add", bridge, "type", "bridge")
        ip("addr", "add", f"{self.gateway}/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for number in self.numbers:
            name, port = self._namespace(number), f"{self._name}v{number}"
            ip("netns", "add", name)
            ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", port, "master", bridge, "up")
            ip("-n", name, "addr", "add", f"{self.address(number)}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "address", self._hardware(number), "up")
            ip("-n", name, "link", "set", "lo", "up")
        for sender in self.numbers:
            for receiver in self.numbers:
                self.mend(sender, receiver)

    def __exit__(self, *_) -> None:
        if self._keeper is not None:
            # It ends with its input.
            self._keeper.communicate()
            self._keeper = None
            semaphore, memory = self._shared.split()
            Path("/dev/shm/sem." + semaphore.removeprefix("/")).unlink(missing_ok=True)
            Path("/dev/shm" + memory).unlink(missing_ok=True)
        for disk in self._disks:
            subprocess.run(["umount", "--lazy", str(disk)], capture_output=True, check=False)
        for number in self.numbers:
            with contextlib.suppress(OSError):
                ip("netns", "del", self._namespace(number), check=False)
                ip("link", "del", f"{self._name}v{number}", check=False)
        with contextlib.suppress(OSError):
            ip("link", "del", f"{self._name}br", check=False)

    # MARK: Lines

    def cut(self, sender: int, receiver: int) -> None:
        """From now on nothing that one sends reaches the other. The other direction stays."""
        self._lead(sender, receiver, NOWHERE)

    def mend(self, sender: int, receiver: int) -> None:
        self._lead(sender, receiver, self._hardware(receiver))

    def _lead(self, sender: int, receiver: int, hardware: str) -> None:
        if sender != receiver:
            ip("-n", self._namespace(sender), "neigh", "replace", self.address(receiver),
               "lladdr", hardware, "dev", "eth0", "nud", "permanent")  # fmt: skip

    # MARK: Disks

    def disk(self, directory: Path, megabytes: int) -> None:
        """Makes the directory, on a disk of its own of this size, in memory."""
        directory.mkdir(parents=True)
        try:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(directory)],
                capture_output=True, check=True,
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise NoNamespaces(f"a small disk cannot be mounted: {error.stderr.decode().strip()}") from error
        self._disks.append(directory)

    # MARK: Clocks

    def _clock(self, number: int) -> Path:
        assert self._clocks is not None
        return self._clocks / f"clock-{number}"

    def _keep_clocks(self) -> None:
        """What the library shares must exist before it is loaded: to make it, it would change the
        environment, and by that lose the arguments of a Swift program. A command that waits keeps it."""
        self._keeper = subprocess.Popen(
            ["faketime", "-f", "+0", "sh", "-c", "echo $FAKETIME_SHARED; exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self._shared = self._keeper.stdout.readline().strip()
        for number in self.numbers:
            self.set_clock(number, 0)

    def set_clock(self, number: int, offset: int) -> None:
        """From about a second after now the machine's calendar is this many seconds off."""
        clock = self._clock(number)
        new = clock.with_suffix(".new")
        new.write_text(f"{offset:+d}s\n")
        new.replace(clock)
