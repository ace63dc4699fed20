"""Chaos on real processes: nodes on machines of their own, people who chat, faults drawn from a seed,
and the checkers over all that the people saw.

    python -m chaos --seconds 600 --nodes 5 --seed 7

Needs root (network namespaces) and the commands ip and faketime."""

import argparse
import asyncio
import collections
import contextlib
import itertools
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from checkers import Founding, founding, violations
from client import Client, Person, Refused, thread_of
from cluster import BINARY, Cluster
from faults import Fault, Injector, Kind, plan
from machines import FAKETIME, Machines, NoNamespaces

# Small enough to be filled at once, several times what a run writes.
DISK_MEGABYTES = 256
# After the last fault everything must be as if nothing had been within so many seconds.
HEALING_SECONDS = 60
CHATS = 3
PAGES = 4
# A page that has said so much without an answer says no more.
WAITING_MAX = 4


class Page(Client):
    """A page that does not stay with a node from which it hears nothing."""

    BEAT_SECONDS = 1
    SILENCE_SECONDS = 5
    ACK_SECONDS = 5

    heard = 0.0

    async def _beat(self, socket) -> None:
        self.heard = time.monotonic()
        while time.monotonic() < self.heard + self.SILENCE_SECONDS:
            await socket.send('{"kind":"ping"}')
            await asyncio.sleep(self.BEAT_SECONDS)
        socket.transport.abort()

    async def _receive(self, frame: dict, socket) -> None:
        self.heard = time.monotonic()
        await super()._receive(frame, socket)


@dataclass
class Report:
    """What a run was like."""

    seed: int
    nodes: int
    seconds: float
    faults: list[Fault]
    founded: int = 0
    sent: int = 0
    acked: int = 0
    connections: int = 0
    # The longest time in which nobody in any chat got an acknowledgement, and when it began.
    longest_pause: float = 0
    longest_pause_begin: float = 0
    # From the last message and the last fault until all had everything.
    healing: float = 0
    # Ends of nodes over a full disk: their right.
    ends: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = collections.Counter(str(fault.kind) for fault in self.faults)
        return "\n".join([
            f"seed {self.seed}, {self.nodes} nodes, {self.seconds:.0f} s",
            "faults: " + ", ".join(f"{kind} {counts[kind]}" for kind in Kind),
            f"messages: {self.acked} of {self.sent} acknowledged, {self.acked / self.seconds:.0f} a second, "
            f"{self.connections} connections, {self.founded} chats made",
            f"longest pause {self.longest_pause:.1f} s from {self.longest_pause_begin:.1f} s, all had everything {self.healing:.1f} s after the end, "
            f"{self.ends} ends over a full disk",
            *(f"VIOLATION: {line}" for line in self.violations),
            "violated" if self.violations else "everything held",
        ])  # fmt: skip


class Run:
    """One run, from an empty directory to the verdict."""

    # Others in the test that shows that a run can fail.
    injector = Injector
    healing_seconds = HEALING_SECONDS

    def __init__(
        self, directory: Path, seed: int, nodes: int, seconds: float, kinds: list[Kind], tell=print
    ):
        self.directory = directory
        self.faults = plan(seed, seconds, nodes, kinds)
        self.report = Report(seed, nodes, seconds, self.faults)
        self._tell = tell
        self._pages: dict[str, list[Page]] = {}
        self._foundings: list[Founding] = []
        self._people: list[Person] = []

    def run(self) -> Report:
        """Raises NoNamespaces where there can be none."""
        with Machines(self.report.nodes, self.directory if FAKETIME else None) as machines:
            for number in machines.numbers:
                machines.disk(self.directory / f"node-{number}", DISK_MEGABYTES)
            cluster = Cluster(self.directory, self.report.nodes, machines=machines)
            try:
                cluster.await_spread(3)
                self._gather(cluster)
                asyncio.run(self._live(cluster, self.injector(cluster, machines)))
            finally:
                for node in cluster.running():
                    node.resume()
                cluster.close()
        return self.report

    def _gather(self, cluster: Cluster) -> None:
        """The people, and the chats in which they all are; each has a page on each."""
        urls = cluster.urls
        for index in range(PAGES):
            first = index % len(urls)
            order = urls[first:] + urls[:first]
            self._people.append(Person(order, cluster.codes).sign_in(f"Person {index}"))
        for number in range(CHATS):
            creator = self._people[number % PAGES]
            name = f"chat-{number}"
            chat = creator.create(name)
            for person in self._people:
                if person is not creator:
                    creator.invite(chat, person)
            self._pages[chat] = [
                Page(person, chat, person.urls, f"page {index} of {name}")
                for index, person in enumerate(self._people)
            ]

    @property
    def _all_pages(self) -> list[Page]:
        return [page for pages in self._pages.values() for page in pages]

    # MARK: The run

    async def _live(self, cluster: Cluster, injector: Injector) -> None:
        started = time.monotonic()
        end = started + self.report.seconds
        for page in self._all_pages:
            page.start()
        tasks = [asyncio.create_task(self._talk(page, end)) for page in self._all_pages]
        tasks.append(asyncio.create_task(self._found(end)))
        tasks.append(asyncio.create_task(self._watch(injector)))
        try:
            await self._inject(injector, started)
            await asyncio.gather(*tasks[:-1])
            healed = time.monotonic()
            await self._heal(cluster, healed)
            self.report.healing = time.monotonic() - healed
            await self._judge(cluster, started)
            await self._judge_foundings()
        finally:
            for task in tasks:
                task.cancel()
            for page in self._all_pages:
                await page.close()

    async def _talk(self, page: Page, end: float) -> None:
        generator = random.Random(f"talk {self.report.seed} {page.name}")
        for number in itertools.count(1):
            await asyncio.sleep(generator.uniform(0.05, 0.4))
            if time.monotonic() > end:
                return
            if page.outbox.qsize() < WAITING_MAX:
                page.say(f"{page.name} says {number}")

    async def _found(self, end: float) -> None:
        """Somebody makes a chat and invites somebody, now and then."""
        generator = random.Random(f"found {self.report.seed}")
        for number in itertools.count(1):
            await asyncio.sleep(generator.uniform(1, 3))
            if time.monotonic() > end:
                return
            creator, guest = generator.sample(self._people, 2)
            made = Founding(f"founded-{number}", creator.username, guest.username)
            self._foundings.append(made)
            with contextlib.suppress(OSError, Refused):
                made.chat = await asyncio.to_thread(creator.create, made.name)
                await asyncio.to_thread(creator.invite, made.chat, guest)
                made.invited = True

    async def _inject(self, injector: Injector, started: float) -> None:
        """Every fault begins and ends at its time; one after the other, since each takes a moment."""
        steps = [(fault.begin, fault, injector.begin) for fault in self.faults]
        steps += [(fault.end, fault, self._ending(injector)) for fault in self.faults]
        for at, fault, act in sorted(steps, key=lambda step: step[0]):
            await asyncio.sleep(max(0, started + at - time.monotonic()))
            if at == fault.begin:
                self._tell(f"{fault}; {sum(len(page.acks) for page in self._all_pages)} acknowledged")
            await asyncio.to_thread(act, fault)

    def _ending(self, injector: Injector):
        def end(fault: Fault) -> None:
            if fault.kind is Kind.FULL_DISK:
                self.report.ends += sum(injector.has_ended(number) for number in fault.nodes)
            injector.end(fault)

        return end

    async def _watch(self, injector: Injector) -> None:
        """A node that ends though nothing was done to it, and a page that was told a contradiction."""
        known: set[str] = set()
        while True:
            ended = [
                f"node {node.number} ended by itself ({node.process.poll()}): {node.tail()}"
                for node in injector.ended_by_themselves()
            ]
            broken = [page.broken() for page in self._all_pages]
            for line in filter(None, ended + broken):
                # Its log may still grow.
                if line.split(":")[0] not in known:
                    known.add(line.split(":")[0])
                    self.report.violations.append(line)
            await asyncio.sleep(0.5)

    # MARK: The end

    async def _heal(self, cluster: Cluster, since: float) -> None:
        """Waits until everybody has everything; what is missing in the end is a violation."""
        deadline = since + self.healing_seconds

        def unfinished() -> str | None:
            waiting = [page.name for page in self._all_pages if len(page.acks) < len(page.sends)]
            waiting += [page.name for page in self._all_pages if page.outbox.qsize()]
            if waiting:
                return f"still sending: {sorted(set(waiting))}"
            for pages in self._pages.values():
                head = max(page.seq for page in pages)
                behind = [f"{page.name} at {page.seq} of {head}" for page in pages if page.seq < head]
                if behind:
                    return f"behind: {behind}"
            return None

        while (why := unfinished()) is not None:
            if time.monotonic() > deadline:
                self.report.violations.append(f"healing takes more than {self.healing_seconds} s; {why}")
                return
            await asyncio.sleep(0.1)
        for node in cluster.nodes:
            left = max(1, deadline - time.monotonic())
            try:
                await asyncio.to_thread(node.await_ready, left)
            except AssertionError as error:
                self.report.violations.append(f"healing takes more than {self.healing_seconds} s; {error}")

    async def _judge_foundings(self) -> None:
        """Invitations may still be under way; what is wrong in the end is a violation."""
        deadline = time.monotonic() + self.healing_seconds
        while True:
            lists = {
                person.username: (await asyncio.to_thread(person.persist, "GET", "/api/chats"))["chats"]
                for person in self._people
            }
            found = list(founding(self._foundings, lists))
            if not found or time.monotonic() > deadline:
                self.report.violations += found
                return
            await asyncio.sleep(0.5)

    async def _judge(self, cluster: Cluster, started: float) -> None:
        report = self.report
        report.founded = sum(made.chat is not None for made in self._foundings)
        for chat, pages in self._pages.items():
            reader = self._people[0]
            histories = {}
            for node in cluster.nodes:
                try:
                    histories[f"node {node.number}"] = await asyncio.to_thread(reader.history, chat, node.url)
                except OSError as error:
                    report.violations.append(f"node {node.number} cannot be asked in the end: {error}")
            thread = thread_of(pages, histories)
            report.violations += violations(thread)
            report.sent += len(thread.sends)
            report.acked += len(thread.acked)
            report.connections += sum(page.connections for page in pages)
            if not thread.acked:
                report.violations.append(f"nothing was ever acknowledged in {chat}")
        acks = sorted(send.ended - started for page in self._all_pages for send in page.acks)
        report.longest_pause, report.longest_pause_begin = max(
            (after - before, before) for before, after in itertools.pairwise([0.0, *acks, report.seconds])
        )


def kinds_of(names: str | None) -> list[Kind]:
    """Those named, or all; clocks only where they can be set."""
    kinds = [Kind(name) for name in names.split(",")] if names else list(Kind)
    return [kind for kind in kinds if kind is not Kind.CLOCK or FAKETIME]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long faults are made (60)")
    parser.add_argument("--nodes", type=int, default=3, help="3 or more (3)")
    parser.add_argument("--seed", type=int, help="what the faults are drawn from (a new one)")
    parser.add_argument("--faults", help=f"only these: {','.join(Kind)}")
    parser.add_argument("--plan", action="store_true", help="only print the faults of the seed")
    parser.add_argument("--keep", action="store_true", help="keep the logs, also when everything held")
    options = parser.parse_args()
    if options.nodes < 3:
        parser.error("with fewer than three nodes no fault is survived")
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    try:
        kinds = kinds_of(options.faults)
    except ValueError as error:
        parser.error(str(error))
    print(f"seed {seed}", flush=True)
    if FAKETIME is None:
        print("clocks are left alone: the package faketime is not installed", flush=True)
    if options.plan:
        print(*plan(seed, options.seconds, options.nodes, kinds), sep="\n")
        return 0
    if not os.access(BINARY, os.X_OK):
        print(f"{BINARY} is missing: swift build -c release --product chaticket", file=sys.stderr)
        return 2
    directory = Path(tempfile.mkdtemp(prefix="chaos-"))
    run = Run(
        directory, seed, options.nodes, options.seconds, kinds, lambda line: print(line, flush=True)
    )
    try:
        report = run.run()
    except NoNamespaces as error:
        print(f"cannot run: {error}", file=sys.stderr)
        return 2
    print(report)
    if report.violations:
        print(f"The logs are in {directory}. Again with the same faults:")
        only = f" --faults {options.faults}" if options.faults else ""
        print(f"python -m chaos --seed {seed} --nodes {options.nodes} --seconds {options.seconds:g}{only}")
    elif not options.keep:
        remove(directory)
    return 1 if report.violations else 0


def remove(directory: Path) -> None:
    for path in sorted(directory.rglob("*"), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
    with contextlib.suppress(OSError):
        directory.rmdir()


if __name__ == "__main__":
    sys.exit(main())
