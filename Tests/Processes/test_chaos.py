"""Short runs of chaos, and that its faults are what they say; long runs: python -m chaos --help."""

import datetime
import errno
import os
import subprocess
import warnings
from pathlib import Path

import pytest

from chaos import Run, kinds_of
from faults import SECONDS_MAX, Fault, Injector, Kind, fill, plan
from machines import FAKETIME, Machines, NoNamespaces

# Whose plans have, together, every kind of fault.
SHORT_RUNS = [(3, 3), (5, 34)]
SHORT_SECONDS = 24


def skip(error: NoNamespaces):
    warnings.warn(f"NOT TESTED: {error}", stacklevel=2)
    pytest.skip(f"NOT TESTED: {error}")


@pytest.mark.parametrize(("nodes", "seed"), SHORT_RUNS)
def test_short_run(nodes: int, seed: int, tmp_path: Path):
    """Whatever happens to the machines, what people see is right, and it heals."""
    run = Run(tmp_path, seed, nodes, SHORT_SECONDS, kinds_of(None))
    try:
        report = run.run()
    except NoNamespaces as error:
        skip(error)
    print(report)
    assert not report.violations, str(report)
    if any(fault.kind is Kind.FULL_DISK for fault in report.faults):
        assert report.ends > 0, "nobody noticed that the disk was full"
    # So little got through only if the faults never ended.
    assert report.acked > SHORT_SECONDS * 5


class Forgetful(Injector):
    """All disks lose the end of what they said was synced."""

    def begin(self, fault: Fault) -> None:
        super().begin(fault)
        for node in self.cluster.nodes:
            log = max((node.data / "store").glob("*.log"), key=lambda path: path.stat().st_size)
            os.truncate(log, log.stat().st_size * 3 // 4)


def test_forgetful_disks_are_found_out(tmp_path: Path):
    """A run can fail: what was acknowledged and lost is noticed."""
    run = Run(tmp_path, 1, 3, 8, [])
    run.faults.append(Fault(5, 0.5, Kind.BLACKOUT, (1, 2, 3)))
    run.injector = Forgetful
    run.healing_seconds = 10
    try:
        report = run.run()
    except NoNamespaces as error:
        skip(error)
    assert any(line.startswith(("durability", "delivery")) for line in report.violations), str(report)


def test_short_runs_have_every_kind():
    kinds = {
        fault.kind for nodes, seed in SHORT_RUNS for fault in plan(seed, SHORT_SECONDS, nodes, list(Kind))
    }
    assert kinds == set(Kind)


@pytest.mark.parametrize("nodes", [3, 5, 7])
def test_plans(nodes: int):
    """The same seed gives the same plan; a majority is never touched, except in a blackout alone."""
    assert plan(1, 100, nodes, list(Kind)) != plan(2, 100, nodes, list(Kind))
    for seed in range(200):
        faults = plan(seed, 200, nodes, list(Kind))
        assert faults == plan(seed, 200, nodes, list(Kind))
        assert {fault.kind for fault in faults} == set(Kind)
        for fault in faults:
            assert fault.end <= 200.01 and 1 <= fault.seconds <= SECONDS_MAX[fault.kind]
            during = [other for other in faults if other.begin < fault.end and fault.begin < other.end]
            if fault.kind is Kind.BLACKOUT:
                assert during == [fault]
            touched = {number for other in during if other.begin <= fault.begin for number in other.nodes}
            assert fault.kind is Kind.BLACKOUT or len(touched) <= (nodes - 1) // 2


LISTENER = """
import socket, sys
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind((sys.argv[1], 9000))
s.settimeout(float(sys.argv[2]))
print("ready", flush=True)
try:
    print(s.recv(100).decode(), flush=True)
except TimeoutError:
    print("nothing", flush=True)
"""
SPEAKER = """
import socket, sys
socket.socket(type=socket.SOCK_DGRAM).sendto(b"hello", (sys.argv[1], 9000))
"""


def hears(machines: Machines, sender: int, receiver: int, wait: float) -> str:
    """What the receiver hears when the sender says hello."""
    address = machines.address(receiver)
    listener = subprocess.Popen(
        [*machines.prefix(receiver), "python3", "-c", LISTENER, address, str(wait)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert listener.stdout.readline() == "ready\n"
    subprocess.run([*machines.prefix(sender), "python3", "-c", SPEAKER, address], check=True)
    return listener.communicate()[0].strip()


def test_faults_of_machines(tmp_path: Path):
    """A line is cut in one direction; a disk is full and has room again; a clock is off."""
    try:
        with Machines(2) as machines:
            assert hears(machines, 1, 2, 5) == "hello"
            machines.cut(1, 2)
            assert hears(machines, 1, 2, 0.5) == "nothing"
            assert hears(machines, 2, 1, 5) == "hello"
            machines.mend(1, 2)
            assert hears(machines, 1, 2, 5) == "hello"

            disk = tmp_path / "disk"
            machines.disk(disk, 8)
            fill(disk / "filler")
            with pytest.raises(OSError) as full:
                (disk / "file").write_bytes(b"x" * 8192)
            assert full.value.errno == errno.ENOSPC
            (disk / "file").unlink(missing_ok=True)
            (disk / "filler").unlink()
            (disk / "file").write_bytes(b"x" * 8192)
        assert not os.path.ismount(tmp_path / "disk")
    except NoNamespaces as error:
        skip(error)


def test_clocks_of_machines(tmp_path: Path):
    if FAKETIME is None:
        warnings.warn("NOT TESTED: the package faketime is not installed", stacklevel=1)
        pytest.skip("NOT TESTED: the package faketime is not installed")

    def offset(number: int) -> float:
        shown = subprocess.run(
            [*machines.prefix(number), "date", "+%s"], capture_output=True, text=True, check=True
        )
        return int(shown.stdout) - datetime.datetime.now().timestamp()

    try:
        with Machines(2, tmp_path) as machines:
            machines.set_clock(1, 90)
            assert abs(offset(1) - 90) < 3 and abs(offset(2)) < 3
            machines.set_clock(1, -45)
            assert abs(offset(1) + 45) < 3
    except NoNamespaces as error:
        skip(error)


def test_a_fault_can_be_read():
    assert str(Fault(1.5, 2, Kind.CLOCK, (2,), -20)) == "   1.5 s  clock     node 2 by -20 s for 2.0 s"
