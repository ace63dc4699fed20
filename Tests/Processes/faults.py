"""Faults of whole machines: what there is, when they strike, and how they are done and undone.

Which fault strikes whom when is drawn from a seed, before anything runs: the same seed gives the same
plan. (What the processes make of it is another thing in every run: they are real.)"""

import enum
import os
import random
from dataclasses import dataclass
from pathlib import Path

from cluster import Cluster, Node
from machines import Machines


class Kind(enum.StrEnum):
    """What may happen to machines."""

    KILL = "kill"
    """SIGKILL, and started again afterwards."""
    PAUSE = "pause"
    """SIGSTOP, SIGCONT: everything stands still and then goes on as if nothing had been."""
    SPLIT = "split"
    """Nothing passes between these machines and the others."""
    MUTE = "mute"
    """What these machines send does not reach the others, but they hear them."""
    DEAF = "deaf"
    """What the others send does not reach these machines, but they are heard."""
    FULL_DISK = "full-disk"
    """Not a byte can be written; a node that ended over it is started again when there is room."""
    CLOCK = "clock"
    """The calendar is off."""
    BLACKOUT = "blackout"
    """SIGKILL for all of them at once."""


# The longest that each kind lasts, in seconds; the shortest is 1.
SECONDS_MAX = {
    Kind.KILL: 6, Kind.PAUSE: 8, Kind.SPLIT: 8, Kind.MUTE: 8, Kind.DEAF: 8, Kind.FULL_DISK: 5,
    Kind.CLOCK: 12, Kind.BLACKOUT: 3,
}  # fmt: skip
# Beyond a minute the others refuse new links.
CLOCK_OFFSETS = [-90, -45, -20, -3, 3, 20, 45, 90, 600]


@dataclass(frozen=True)
class Fault:
    """One fault: seconds from the beginning, whom it strikes, how long it lasts."""

    begin: float
    seconds: float
    kind: Kind
    nodes: tuple[int, ...]
    # Seconds that the clock is off.
    offset: int = 0

    @property
    def end(self) -> float:
        return self.begin + self.seconds

    def __str__(self) -> str:
        offset = f" by {self.offset:+d} s" if self.offset else ""
        nodes = " ".join(str(node) for node in self.nodes)
        return f"{self.begin:6.1f} s  {self.kind:9} node {nodes}{offset} for {self.seconds:.1f} s"


def plan(seed: int, seconds: float, nodes: int, kinds: list[Kind]) -> list[Fault]:
    """The faults of a run, in the order in which they begin.

    Kinds come in shuffled rounds, so that none is left out. At any time a majority is untouched,
    except in a blackout, which begins when all else is over; and so that work gets done in between,
    the times without a fault are about as long as those with one."""
    generator = random.Random(f"plan {seed}")
    faults: list[Fault] = []
    deck: list[Kind] = []
    time = generator.uniform(1, 3)
    while kinds:
        if not deck:
            deck = generator.sample(kinds, len(kinds))
        kind = deck.pop()
        active = {node for fault in faults if fault.end + 1 > time for node in fault.nodes}
        free = [number for number in range(1, nodes + 1) if number not in active]
        room = (nodes - 1) // 2 - len(active)
        if kind is Kind.BLACKOUT:
            time = max([time, *(fault.end + 2 for fault in faults)])
            struck = tuple(range(1, nodes + 1))
        elif room < 1:
            time = min(fault.end + 1 for fault in faults if fault.end + 1 > time) + 0.1
            deck.append(kind)
            continue
        elif kind in (Kind.SPLIT, Kind.MUTE, Kind.DEAF):
            struck = tuple(sorted(generator.sample(free, generator.randint(1, room))))
        else:
            struck = (generator.choice(free),)
        length = generator.uniform(1, SECONDS_MAX[kind])
        if time + length > seconds:
            return faults
        offset = generator.choice(CLOCK_OFFSETS) if kind is Kind.CLOCK else 0
        faults.append(Fault(round(time, 2), round(length, 2), kind, struck, offset))
        after_all = kind is Kind.BLACKOUT or generator.random() < 0.5
        time += (length + generator.uniform(2, 5)) if after_all else generator.uniform(0.2, 3)
    return faults


class Injector:
    """Does faults to a cluster on machines, and undoes them."""

    def __init__(self, cluster: Cluster, machines: Machines):
        self.cluster = cluster
        self.machines = machines
        # Nodes whose end is our doing, or would be no wonder.
        self.excused: set[int] = set()
        self._cuts: dict[tuple[int, int], int] = {}

    def begin(self, fault: Fault) -> None:
        match fault.kind:
            case Kind.KILL | Kind.BLACKOUT:
                self.excused.update(fault.nodes)
                for number in fault.nodes:
                    self.cluster.node(number).kill()
                self.excused.difference_update(fault.nodes)
            case Kind.PAUSE:
                for number in fault.nodes:
                    self.cluster.node(number).pause()
            case Kind.SPLIT | Kind.MUTE | Kind.DEAF:
                for pair in self._pairs(fault):
                    self._cuts[pair] = self._cuts.get(pair, 0) + 1
                    self.machines.cut(*pair)
            case Kind.FULL_DISK:
                for number in fault.nodes:
                    self.excused.add(number)
                    node = self.cluster.node(number)
                    node.pause()
                    give_back(node.data)
                    fill(self._filler(number))
                    node.resume()
            case Kind.CLOCK:
                for number in fault.nodes:
                    self.machines.set_clock(number, fault.offset)

    def end(self, fault: Fault) -> None:
        match fault.kind:
            case Kind.KILL | Kind.BLACKOUT:
                for number in fault.nodes:
                    self.cluster.node(number).start()
            case Kind.PAUSE:
                for number in fault.nodes:
                    self.cluster.node(number).resume()
            case Kind.SPLIT | Kind.MUTE | Kind.DEAF:
                for pair in self._pairs(fault):
                    self._cuts[pair] -= 1
                    if self._cuts[pair] == 0:
                        self.machines.mend(*pair)
            case Kind.FULL_DISK:
                for number in fault.nodes:
                    self._filler(number).unlink()
                    if self.has_ended(number):
                        self.cluster.node(number).process = None
                        self.cluster.node(number).start()
                    self.excused.discard(number)
            case Kind.CLOCK:
                for number in fault.nodes:
                    self.machines.set_clock(number, 0)

    def has_ended(self, number: int) -> bool:
        process = self.cluster.node(number).process
        return process is not None and process.poll() is not None

    def ended_by_themselves(self) -> list[Node]:
        """Nodes that are not running though nothing has been done to them."""
        return [
            node for node in self.cluster.nodes if node.number not in self.excused and self.has_ended(node.number)
        ]

    def _pairs(self, fault: Fault) -> list[tuple[int, int]]:
        """The lines that are cut: sender and receiver."""
        others = [number for number in self.machines.numbers if number not in fault.nodes]
        out = [(node, other) for node in fault.nodes for other in others]
        back = [(other, node) for node, other in out]
        return {Kind.MUTE: out, Kind.DEAF: back}.get(fault.kind, out + back)

    def _filler(self, number: int) -> Path:
        return self.cluster.node(number).data / "filler"


def give_back(directory: Path) -> None:
    """Frees the room that files have been promised beyond their ends: RocksDB asks for it in advance,
    and could write there for minutes after the disk is full. Nobody may write meanwhile."""
    for path in directory.rglob("*"):
        if path.is_file():
            os.truncate(path, path.stat().st_size)


def fill(path: Path) -> None:
    """Writes until there is no room left."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                pass
