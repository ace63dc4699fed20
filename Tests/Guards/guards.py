#!/usr/bin/env python3
"""Shows that tests fail when the guards that they are about are deleted. See README.md."""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from mutants import Mutant, instrument

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
ARTICLE = ROOT / "Sources/Chaticket/Documentation.docc/Architecture.md"

# The rooms with rules of papers, and the rooms that each is built from, in order.
ROOMS = {
    "Raft": ["Raft"],
    "Membership": ["Membership"],
    "Placement": ["Placement"],
    "Registry": ["Placement", "Registry"],
}

# Suites that simulate whole groups for long; with --fast they are left out.
SIMULATIONS = ["GroupTests"]
# A test that takes longer is only run for mutants that no other test fails for.
SLOW_SECONDS = 1.0
# A test in which nothing happens for so long hangs.
HANG_SECONDS = 10.0
# After so many tests of a mutant that hang, or trap, the others are not run: it is caught.
HANGS_MAX = 2
TRAPS_MAX = 6
MEMORY_BYTES_MAX = 8 << 30
BUILD_ROUNDS_MAX = 8

SETTINGS = """[
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]"""

SWITCH = """\
internal import Glibc

/// The number of the guard that is off in this process.
private let guardOff: Int = getenv("GUARD_OFF").flatMap { Int(String(cString: $0)) } ?? 0

/// Whether the guard is off.
@inline(never) func guardIsOff(_ number: Int) -> Bool { guardOff == number }

/// The condition, or true when the guard is off.
@inline(never) func guardPass(_ number: Int, _ condition: Bool) -> Bool {
    guardOff == number || condition
}

/// The condition, or false when the guard is off.
@inline(never) func guardDrop(_ number: Int, _ condition: Bool) -> Bool {
    guardOff != number && condition
}
"""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> None:
    say(text)
    sys.exit(1)


# MARK: The copy


@dataclass
class Copy:
    """A package with a room whose guards can be switched off, beside its tests."""

    room: str
    folder: Path
    nice: int
    mutants: list[Mutant] = field(default_factory=list)

    @property
    def binary(self) -> Path:
        return self.folder / ".build/debug/guardsPackageTests.xctest"

    def write(self, left_out: set[str]) -> None:
        """Writes all but the mutants of these names."""
        rooms = ROOMS[self.room]
        for name in ("CProbes", "Identity", "Determinism"):
            replace_tree(ROOT / "Sources" / name, self.folder / "Sources" / name, {})
        replace_tree(
            ROOT / "Tests" / f"{self.room}Tests", self.folder / "Tests" / f"{self.room}Tests", {}
        )
        self.mutants = []
        for name in rooms:
            self._write_room(name, left_out)
        write(self.folder / "Package.swift", self._manifest(rooms))

    def _write_room(self, room: str, left_out: set[str]) -> None:
        written = {}
        source = ROOT / "Sources" / room
        for path in sorted(source.rglob("*.swift")):
            if path.name.endswith("+Invariants.swift"):
                continue
            shown = str(path.relative_to(ROOT))
            found = instrument(shown, path.read_text(), len(self.mutants) + 1, left_out)
            self.mutants += found.mutants
            written[path.relative_to(source)] = found.written()
        written[Path("GuardSwitch.swift")] = SWITCH
        replace_tree(source, self.folder / "Sources" / room, written)

    def _manifest(self, rooms: list[str]) -> str:
        leaves = '"Identity", "Determinism"'
        targets = [
            '.target(name: "CProbes")',
            '.target(name: "Identity", swiftSettings: settings)',
            '.target(name: "Determinism", dependencies: ["CProbes"], swiftSettings: settings)',
        ]
        for position, room in enumerate(rooms):
            others = "".join(f', "{other}"' for other in rooms[:position])
            targets.append(
                f'.target(name: "{room}", dependencies: [{leaves}{others}], swiftSettings: settings)'
            )
        others = "".join(f', "{other}"' for other in rooms)
        targets.append(
            f'.testTarget(name: "{self.room}Tests", dependencies: [{leaves}{others}],'
            " swiftSettings: settings)"
        )
        body = ",\n    ".join(targets)
        return (
            "// swift-tools-version: 6.2\nimport PackageDescription\n\n"
            f"let settings: [SwiftSetting] = {SETTINGS}\n"
            f'let package = Package(name: "guards", targets: [\n    {body},\n])\n'
        )

    def build(self) -> None:
        """Builds; a mutant that does not compile is left out, and named."""
        left_out: set[str] = set()
        for _ in range(BUILD_ROUNDS_MAX):
            self.write(left_out)
            say(f"Building {self.room} with {len(self.mutants)} mutants.")
            result = subprocess.run(
                ["nice", "-n", str(self.nice), "swift", "build", "--build-tests", "--jobs", "1"],
                cwd=self.folder, capture_output=True, text=True,
            )  # fmt: skip
            if result.returncode == 0:
                return
            bad = self._at_errors(result.stdout + result.stderr)
            if not bad:
                fail(result.stdout[-6000:] + result.stderr[-3000:])
            for name in sorted(bad):
                say(f"  does not compile: {name}")
            left_out |= bad
        fail("The copy does not compile.")

    def _at_errors(self, output: str) -> set[str]:
        lines = {
            (Path(path).name, int(line))
            for path, line in re.findall(r"^(/[^:\n]+\.swift):(\d+):\d+: error:", output, re.M)
        }
        return {
            mutant.name
            for mutant in self.mutants
            for name, line in lines
            if Path(mutant.path).name == name and 0 <= line - mutant.line <= mutant.text.count("(") + 3
        }


def write(path: Path, text: str) -> None:
    """Writes unless it is there already, so that nothing is built in vain."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def replace_tree(source: Path, target: Path, written: dict[Path, str]) -> None:
    """Copies a folder, with other texts for some files; what is in the copy alone goes."""
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    for relative in wanted:
        if relative.suffix == ".md":
            continue
        write(target / relative, written.get(relative) or (source / relative).read_text())
    for relative in written.keys() - wanted:
        write(target / relative, written[relative])
    for path in list(target.rglob("*")):
        if path.is_file() and path.relative_to(target) not in wanted | written.keys():
            path.unlink()


# MARK: Runs


@dataclass(frozen=True)
class Test:
    """A test function by its identity, with its sentence and the file that it is in."""

    identity: str
    sentence: str
    file: str


@dataclass
class Outcome:
    """What became of the tests that were run: passed, failed, trapped or hung."""

    tests: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    is_cut_short: bool = False

    @property
    def caught(self) -> list[str]:
        return [identity for identity, verdict in self.tests.items() if verdict != "passed"]


class Runner:
    """Runs the tests of a copy, each mutant in processes of its own."""

    def __init__(self, copy: Copy, is_fast: bool, nice: int) -> None:
        self.copy = copy
        self.is_fast = is_fast
        self.nice = nice
        self.tests: dict[str, Test] = {}
        self.baseline = Outcome()

    def start(self) -> None:
        """Runs everything with all guards on: all must pass; learns which tests there are."""
        say("Running all tests with every guard on.")
        self.baseline = self.run(0, None, hang=300.0)
        if self.baseline.caught or not self.baseline.tests:
            fail(f"With every guard on these do not pass: {self.baseline.caught}")

    @property
    def fast(self) -> list[str]:
        return [i for i, s in self.baseline.seconds.items() if s < SLOW_SECONDS]

    @property
    def slow(self) -> list[str]:
        return [i for i, s in self.baseline.seconds.items() if s >= SLOW_SECONDS]

    def run(self, number: int, wanted: list[str] | None, hang: float = HANG_SECONDS) -> Outcome:
        """Runs the tests `wanted`, or all. Whatever ends a process or hangs is noted for the test
        that it happened in, and the rest is run in another process."""
        outcome = Outcome()
        while True:
            left = None if wanted is None else [i for i in wanted if i not in outcome.tests]
            if left == []:
                return outcome
            before = len(outcome.tests)
            if self._process(number, left, hang, outcome):
                return outcome
            verdicts = list(outcome.tests.values())
            is_enough = verdicts.count("hung") >= HANGS_MAX or verdicts.count("trapped") >= TRAPS_MAX
            if wanted is None or is_enough or len(outcome.tests) == before:
                outcome.is_cut_short = True
                if len(outcome.tests) == before:
                    outcome.tests["(start)"] = "trapped"
                return outcome

    def _process(self, number: int, wanted: list[str] | None, hang: float, outcome: Outcome) -> bool:
        """One process; whether it came to its end."""
        arguments = []
        if self.is_fast:
            for suite in SIMULATIONS:
                arguments += ["--skip", suite]
        if wanted is not None and len(wanted) * 2 < len(self.tests):
            for identity in wanted:
                arguments += ["--filter", pattern(identity)]
        elif wanted is not None:
            for identity in self.tests.keys() - set(wanted):
                arguments += ["--skip", pattern(identity)]
        with tempfile.TemporaryDirectory(dir=self.copy.folder) as folder:
            events = Path(folder) / "events.jsonl"
            process = subprocess.Popen(
                [self.copy.binary, "--testing-library", "swift-testing", "--no-parallel",
                 "--event-stream-output-path", events, *arguments],
                cwd=self.copy.folder, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "GUARD_OFF": str(number), "SWIFT_BACKTRACE": "enable=no"},
                preexec_fn=lambda: limit(self.nice), process_group=0,
            )  # fmt: skip
            try:
                hangs = self._wait(process, events, hang)
            finally:
                if process.poll() is None:
                    process.kill()
            lines = events.read_text().splitlines() if events.exists() else []
        running = self._read(lines, outcome)
        if running:
            outcome.tests[running] = "hung" if hangs else "trapped"
        return not hangs and process.returncode in (0, 1) and running is None

    def _wait(self, process: subprocess.Popen, events: Path, hang: float) -> bool:
        """Waits for the end; whether the process had to be ended because nothing happened."""
        size = -1
        since = time.monotonic()
        pause = 0.01
        while process.poll() is None:
            now = events.stat().st_size if events.exists() else 0
            if now != size:
                size, since = now, time.monotonic()
            if time.monotonic() - since > hang:
                process.kill()
                process.wait()
                return True
            time.sleep(pause)
            pause = min(pause * 1.5, 0.2)
        return False

    def _read(self, lines: list[str], outcome: Outcome) -> str | None:
        """Notes what the events tell; the test in which they end, if they do."""
        running: str | None = None
        began = 0.0
        for line in lines:
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                break
            payload = record["payload"]
            if record["kind"] == "test":
                if payload["kind"] == "function":
                    identity = payload["id"]
                    sentence = payload.get("displayName", payload["name"])
                    file = payload["sourceLocation"]["fileID"].removesuffix(".swift")
                    self.tests.setdefault(identity, Test(identity, sentence, file))
                continue
            identity = payload.get("testID")
            if identity not in self.tests:
                continue
            if payload["kind"] == "testStarted":
                running, began = identity, payload["instant"]["absolute"]
            elif payload["kind"] == "issueRecorded":
                if not payload.get("issue", {}).get("isKnown", False):
                    outcome.tests[identity] = "failed"
            elif payload["kind"] == "testEnded":
                outcome.tests.setdefault(identity, "passed")
                outcome.seconds[identity] = payload["instant"]["absolute"] - began
                running = None
        return running


def pattern(identity: str) -> str:
    # `Target.Suite/name()/File.swift:12:6`, of which the runner matches all.
    return "^" + re.escape(identity) + "$"


def limit(nice: int) -> None:
    os.nice(nice)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# MARK: The article and the lists


def rows(room: str) -> list[tuple[str, str]]:
    """The tests of a room that the article's tables name: file and sentence, in order."""
    found: list[tuple[str, str]] = []
    for line in ARTICLE.read_text().splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"`\w+Tests/\w+`", cells[2]):
            found.append((cells[2].strip("`"), f"{cells[1]} ({cells[0]})"))
        found += re.findall(r'`(\w+Tests/\w+)`: "([^"]+)"', line)
    return list(dict.fromkeys(row for row in found if row[0].startswith(f"{room}Tests/")))


def blocks(path: Path) -> dict[str, list[str]]:
    """A list of ours: lines with indented lines below them."""
    found: dict[str, list[str]] = {}
    head = None
    for line in path.read_text().splitlines() if path.exists() else []:
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            if head is None:
                fail(f"{path}: it begins with an indented line.")
            found[head].append(line.strip())
        else:
            head = line.strip()
            if head in found:
                fail(f"{path}: {head} is there twice.")
            found[head] = []
    return found


# MARK: Commands


def check(room: str, copy: Copy, runner: Runner) -> list[str]:
    """What is wrong with the list of the rules' guards: each must make its test fail."""
    wrong = []
    listed = blocks(FOLDER / f"{room}.rules")
    by_name = {mutant.name: mutant for mutant in copy.mutants}
    by_sentence = {test.sentence: test for test in runner.tests.values()}
    named = rows(room)
    count = 0
    for _, sentence in named:
        guards = listed.get(sentence, [])
        if not guards:
            wrong.append(f"{sentence}: no guard is listed.")
        if sentence not in by_sentence:
            wrong.append(f"{sentence}: there is no such test.")
            continue
        identity = by_sentence[sentence].identity
        for name in guards:
            if name.startswith("structure:"):
                continue
            if name not in by_name:
                wrong.append(f"{sentence}: there is no guard {name}")
                continue
            count += 1
            outcome = runner.run(by_name[name].number, [identity])
            if not outcome.caught:
                wrong.append(f"{sentence}: passes without {name}")
            print(f"{outcome.tests.get(identity, 'no answer'):8} {sentence}\n         {name}", flush=True)
    for sentence in listed.keys() - {sentence for _, sentence in named}:
        wrong.append(f"{sentence}: the article has no such row.")
    print(f"{room}: {len(named)} rows, {count} guards switched off, {len(wrong)} complaints")
    return wrong


def campaign(room: str, copy: Copy, runner: Runner, only: re.Pattern | None) -> dict[str, dict]:
    """Switches off every guard once; what became of the tests, by the guard's name."""
    results: dict[str, dict] = {}
    begun = time.monotonic()
    chosen = [
        mutant for mutant in copy.mutants
        if mutant.path.startswith(f"Sources/{room}/") and (only is None or only.search(mutant.name))
    ]  # fmt: skip
    for position, mutant in enumerate(chosen):
        outcome = runner.run(mutant.number, runner.fast)
        if not outcome.caught and runner.slow:
            outcome = runner.run(mutant.number, runner.slow, hang=300.0)
        results[mutant.name] = {
            "place": f"{mutant.path}:{mutant.line}",
            "caught": {runner.tests[i].sentence if i in runner.tests else i: outcome.tests[i]
                       for i in outcome.caught},
        }  # fmt: skip
        if position % 50 == 49 or position + 1 == len(chosen):
            (copy.folder / "results.json").write_text(json.dumps(results, indent=1))
            minutes = (time.monotonic() - begun) / 60
            say(f"{position + 1} of {len(chosen)} mutants, {minutes:.1f} min")
    return results


def report(room: str, results: dict[str, dict]) -> str:
    """For each row the guards that its test needs, and the mutants that nothing catches."""
    lines = [f"# {room}: what fails without which guard", ""]
    survivors = [name for name, result in results.items() if not result["caught"]]
    explained = blocks(FOLDER / f"{room}.equivalent")
    new = [name for name in survivors if name not in explained]
    lines.append(
        f"{len(results)} mutants: {len(results) - len(survivors)} caught, {len(survivors)} survive,"
        f" of which {len(survivors) - len(new)} are explained in {room}.equivalent."
    )
    for file, sentence in rows(room):
        killers = sorted(
            (len(result["caught"]), name) for name, result in results.items()
            if sentence in result["caught"]
        )  # fmt: skip
        lines += ["", f"## {sentence}", "", f"`{file}`, fails without {len(killers)} of them:", ""]
        for others, name in killers:
            place = results[name]["place"]
            lines.append(f"- {place} `{name}`, as do {others - 1} others" if others > 1 else
                         f"- {place} `{name}`, and nothing else does")  # fmt: skip
        if not killers:
            lines.append("NONE")
    lines += ["", "## Survivors that are not explained", ""]
    lines += [f"- {results[name]['place']} `{name}`" for name in new]
    stale = [name for name in explained if name in results and results[name]["caught"]]
    stale += [name for name in explained if name not in results]
    lines += ["", "## Explained, but caught or gone", ""] + [f"- `{name}`" for name in stale]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--room", action="append", choices=sorted(ROOMS), help="default: all")
    parser.add_argument(
        "--check", action="store_true",
        help="only the listed guards, each with its own test; 1 when a row of the article has no"
        " guard, or its test passes without it",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="only name the mutants")
    parser.add_argument("--only", type=re.compile, help="only mutants whose name matches")
    parser.add_argument("--fast", action="store_true", help=f"without {', '.join(SIMULATIONS)}")
    parser.add_argument("--nice", type=int, default=10, help="of builds and tests; default 10")
    parser.add_argument("--scratch", type=Path, default=ROOT / ".build/guards")
    options = parser.parse_args()
    wrong: list[str] = []
    for room in options.room or ROOMS:
        copy = Copy(room, options.scratch.resolve() / room, options.nice)
        copy.folder.mkdir(parents=True, exist_ok=True)
        if options.list:
            copy.write(set())
            for mutant in copy.mutants:
                if options.only is None or options.only.search(mutant.name):
                    print(f"{mutant.path}:{mutant.line}: {mutant.name}")
            continue
        if shutil.which("swift") is None:
            fail("There is no swift on the path.")
        copy.build()
        runner = Runner(copy, options.fast, options.nice)
        runner.start()
        if options.check:
            wrong += check(room, copy, runner)
            continue
        results = campaign(room, copy, runner, options.only)
        text = report(room, results)
        path = copy.folder / "report.md"
        path.write_text(text)
        print(text if options.only else text.split("\n\n", 2)[1])
        print(f"The report is {path}")
    for complaint in wrong:
        say(complaint)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
