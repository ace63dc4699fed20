"""A cluster that begins with people who talk: cluster/up --demo, and chaticket-load demo by itself."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from client import Person
from cluster import BINARY, ROOT, environment, until
from test_scripts import DOWN, UP, call, nodes_of

LOADER = str(Path(BINARY).with_name("chaticket-load"))
SCRIPT = ROOT / "cluster" / "demo.json"
PAGE = 100


@pytest.fixture
def directory(tmp_path: Path):
    yield tmp_path
    call(DOWN, tmp_path)


@pytest.fixture(scope="module")
def script() -> dict:
    return json.loads(SCRIPT.read_text())


def planned(script: dict) -> dict[str, int]:
    """How many messages each chat has when all is said, by its name."""
    counts = {}
    for chat in script["chats"]:
        arriving = sum(forward["to"] == chat["key"] for forward in script["forwards"])
        counts[chat["name"]] = chat["messages"] + len(chat["scene"]) + arriving
    return counts


def guest(directory: Path, person: dict) -> Person:
    """Somebody of the demo, by the token that it keeps."""
    lines = (directory / "demo-accounts.jsonl").read_text().splitlines()
    account = next(one for one in map(json.loads, lines) if one["phone"] == person["phone"])
    found = Person([node["url"] for node in nodes_of(directory)], directory / "sign-in-codes.jsonl")
    found.token = account["token"]
    return found


def chats_of(person: Person) -> dict[str, dict]:
    return {chat["name"]: chat for chat in person.persist("GET", "/api/chats")["chats"] if chat["kind"] == "private"}


def entries_of(person: Person, chat: dict) -> list[dict]:
    entries: list[dict] = []
    before = chat["head"]["seq"] + 1
    while before > 1:
        page = person.persist("GET", f"/api/chats/{chat['id']}/entries?before={before}&limit={PAGE}")["entries"]
        entries[:0] = page
        before = page[0]["seq"]
    return entries


def said(entries: list[dict]) -> list[tuple[str, str]]:
    return [(entry["from"], entry["text"]) for entry in entries if entry["kind"] == "text"]


def load(directory: Path) -> list[str]:
    return [LOADER, "demo", "--directory", str(directory), "--script", str(SCRIPT)]


def test_a_new_cluster_has_everything_that_the_script_says(directory: Path, script: dict):
    made = call(UP, directory, "--nodes", "2", "--demo", "--detach")
    assert made.returncode == 0, made.stderr
    first = script["people"][0]
    assert f"Sign in as {first['name']} with the phone number {first['phone']}." in made.stdout
    anna = guest(directory, first)
    assert anna.get("/api/me")["name"] == first["name"]
    chats = chats_of(anna)
    wanted = planned(script)
    # The first person is in every chat.
    assert {name: chat["head"]["n"] for name, chat in chats.items()} == wanted
    assert sum(wanted.values()) > 3_000
    for chat in script["chats"]:
        found = chats[chat["name"]]
        assert found["fullName"] == chat["fullName"] and found["members"] == len(chat["members"])
        assert found["head"]["n"] - found["mark"] == chat["unread"], chat["name"]
    lane, kitchen = script["chats"][0], script["chats"][2]
    entries = entries_of(anna, chats[lane["name"]])
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    texts = [entry for entry in entries if entry["kind"] == "text"]
    changed = {line["becomes"] for line in lane["scene"] if "becomes" in line}
    assert changed <= {entry["text"] for entry in texts if "edited" in entry}
    snail = next(entry for entry in texts if entry["text"] == lane["scene"][1]["text"])
    lamp = next(entry for entry in texts if entry["text"] == lane["scene"][0]["text"])
    assert snail["replyTo"] == lamp["seq"]
    assert texts[-1]["text"] == kitchen["scene"][0]["text"] and texts[-1]["origin"]["name"]
    assert len(anna.get("/api/stars")["stars"]) >= 4
    every = "".join(text for chat in chats.values() for _, text in said(entries_of(anna, chat)))
    for sample in "aäїωعשकन茶で국🐢":
        assert sample in every, sample

    # Again it is left as it is.
    again = call(UP, directory, "--demo", "--detach")
    assert again.returncode == 0 and "nothing was sent" in again.stdout, again.stderr
    assert {name: chat["head"] for name, chat in chats_of(anna).items()} == {
        name: chat["head"] for name, chat in chats.items()
    }


def test_what_was_interrupted_is_continued_without_doing_anything_twice(directory: Path, script: dict):
    assert call(UP, directory, "--nodes", "1", "--detach").returncode == 0
    # Among what others did it has no business.
    refused = call(UP, directory, "--demo", "--detach")
    assert refused.returncode == 1 and "--fresh" in refused.stderr
    wanted = planned(script)
    total = sum(wanted.values())

    def count() -> int:
        if not (directory / "demo-accounts.jsonl").exists():
            return 0
        return sum(chat["head"]["n"] for chat in chats_of(guest(directory, script["people"][0])).values())

    for part in (total // 10, total // 3):
        process = subprocess.Popen(load(directory), env=environment(), stdin=subprocess.DEVNULL)
        until(lambda: count() > part, 60, "no messages came")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert count() < total, "it was too late to interrupt it"
    rest = subprocess.run(load(directory), env=environment(), capture_output=True, text=True, timeout=180)
    assert rest.returncode == 0, rest.stderr
    anna = guest(directory, script["people"][0])
    chats = chats_of(anna)
    assert {name: chat["head"]["n"] for name, chat in chats.items()} == wanted
    # The scene is there once, in its order, behind the small talk.
    for chat in script["chats"]:
        texts = [text for _, text in said(entries_of(anna, chats[chat["name"]]))]
        scene = [line.get("becomes", line["text"]) for line in chat["scene"]]
        assert texts[chat["messages"] : chat["messages"] + len(scene)] == scene
    done = subprocess.run(load(directory), env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "nothing was sent" in done.stdout


def test_a_number_of_somebody_else_is_left_alone(directory: Path, script: dict):
    assert call(UP, directory, "--nodes", "1", "--detach").returncode == 0
    other = Person([node["url"] for node in nodes_of(directory)], directory / "sign-in-codes.jsonl")
    other.phone = script["people"][0]["phone"]
    other.sign_in("Somebody else")
    run = subprocess.run(load(directory), env=environment(), capture_output=True, text=True, timeout=120)
    assert run.returncode == 2 and "somebody else" in run.stderr
    assert other.get("/api/me")["name"] == "Somebody else"
