"""Two people with real browsers on two nodes of a running cluster.

The cluster is described by the file that ``CHATICKET_CLUSTER`` names (``.chaticket/cluster.json`` of the
repository otherwise): ``{"nodes": [{"id", "pid", "url", ...}]}``. Sign-in codes are read from
``sign-in-codes.jsonl`` beside it, as ``{"phone", "code", "expires"}`` lines. ``CHATICKET_CHROMIUM`` names
another browser than ``/usr/bin/chromium``.
"""

import json
import os
import secrets
import signal
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

pytest_plugins = ["stage"]

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = Path(os.environ.get("CHATICKET_CLUSTER", ROOT / ".chaticket" / "cluster.json"))
CHROMIUM = os.environ.get("CHATICKET_CHROMIUM", "/usr/bin/chromium")
DEADLINE = 20_000

expect.set_options(timeout=DEADLINE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that kill nodes come last: the others find the cluster as it was started."""
    items.sort(key=lambda item: "killer" in getattr(item, "fixturenames", ()))


@dataclass
class Person:
    """Somebody with a browser of their own, who is signed in."""

    page: Page
    name: str
    username: str
    phone: str
    url: str
    problems: list[str] = field(default_factory=list)

    def chat(self, name: str):
        """The row of a chat in the list."""
        return self.page.get_by_test_id("chat-row").filter(has=self.page.get_by_text(name, exact=True))

    def open(self, name: str) -> None:
        self.chat(name).click()
        expect(self.page.get_by_test_id("chat-title")).to_have_text(name)

    def write(self, text: str) -> None:
        field = self.page.get_by_role("textbox", name="Message", exact=True)
        field.fill(text)
        field.press("Enter")

    def message(self, text: str):
        return self.page.get_by_test_id("message").filter(
            has=self.page.get_by_text(text, exact=True)
        )

    def texts(self) -> list[str]:
        return self.page.get_by_test_id("text").all_inner_texts()

    def expect_texts(self, texts: list[str]) -> None:
        """These texts and no others are there, as soon as all that is on its way has been drawn."""
        expect(self.page.get_by_test_id("text")).to_have_text(texts)

    def create(self, name: str, full_name: str, kind: str = "Private chat") -> None:
        self.page.get_by_role("button", name="New chat", exact=True).click()
        dialog = self.page.get_by_role("dialog", name="New chat")
        dialog.get_by_role("radio", name=kind).check()
        dialog.get_by_role("textbox", name="Short name").fill(name)
        dialog.get_by_role("textbox", name="Full name").fill(full_name)
        dialog.get_by_role("button", name="Create").click()
        expect(self.page.get_by_test_id("chat-title")).to_have_text(name)

    def invite(self, who: str, name: str) -> None:
        self.page.get_by_role("button", name="More", exact=True).click()
        self.page.get_by_role("menuitem", name="Invite people").click()
        dialog = self.page.get_by_role("dialog", name="Invite people")
        dialog.get_by_role("textbox").fill(who)
        dialog.get_by_role("button", name="Invite", exact=True).click()
        expect(dialog.get_by_text(f"Invited: {name}")).to_be_visible()
        dialog.get_by_role("button", name="Done").click()

    def node(self) -> str:
        """The base address of the node that the page is on."""
        return self.page.get_by_test_id("connection").get_attribute("data-node") or ""

    def is_waiting(self, text: str) -> bool:
        return self.message(text).get_attribute("data-delivery") == "sending"

    def expect_live(self) -> None:
        expect(self.page.get_by_test_id("connection")).to_have_attribute("data-phase", "live")


def read_cluster() -> dict:
    return json.loads(CLUSTER.read_text())


class Killer:
    """Kills nodes with SIGKILL and starts them again as they were started."""

    def __init__(self) -> None:
        self.dead: dict[int, list[str]] = {}

    def kill(self, node: dict) -> None:
        pid = node["pid"]
        assert pid > 1
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]
        command = [word.decode() for word in words]
        if "--join" in command:
            place = command.index("--join")
            del command[place : place + 2]
        self.dead[node["id"]] = command
        os.kill(pid, signal.SIGKILL)

    def start(self, node: dict) -> None:
        """Starts a killed node, and records it where `cluster/down` and later tests look."""
        command = self.dead.pop(node["id"])
        data = Path(node["data"])
        with open(f"{data}.log", "ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        Path(f"{data}.pid").write_text(f"{process.pid}\n")
        cluster = read_cluster()
        for known in cluster["nodes"]:
            if known["id"] == node["id"]:
                known["pid"] = process.pid
        CLUSTER.write_text(json.dumps(cluster))

    def start_all(self) -> None:
        for node in read_cluster()["nodes"]:
            if node["id"] in self.dead:
                self.start(node)
        for node in read_cluster()["nodes"]:
            await_ready(node)


def frame_answer(person: Person, frame: dict) -> list:
    """What another socket of the person is told about a frame, which is a message unless it says another kind:
    the answer's kind, its code or number, and whether to try again.
    """
    return person.page.evaluate(
        """(frame) => new Promise((resolve, reject) => {
            const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
            const time = Date.now().toString(16).padStart(12, "0");
            const cmid = `${time}7000${crypto.randomUUID().replaceAll("-", "").slice(16)}`;
            socket.onopen = () => socket.send(JSON.stringify({ kind: "hello", open: [] }));
            socket.onclose = (event) => reject(new Error(`closed with ${event.code}`));
            socket.onmessage = ({ data }) => {
                const answer = JSON.parse(data);
                if (answer.kind === "live") {
                    socket.send(JSON.stringify({ kind: "send", cmid, ...frame }));
                } else if (answer.cmid === cmid) {
                    resolve([answer.kind, answer.code ?? answer.seq, answer.retryable ?? null]);
                    socket.onclose = null;
                    socket.close();
                }
            };
        })""",
        frame,
    )


def await_ready(node: dict) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{node['url']}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"node {node['id']} is not ready in time")


def code_for(phone: str, after: float) -> str:
    """The newest code for a number that was sent after a moment (seconds since 1970)."""
    codes = CLUSTER.parent / "sign-in-codes.jsonl"
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if codes.exists() and codes.stat().st_mtime >= after - 1:
            lines = [json.loads(line) for line in codes.read_text().splitlines() if line]
            matching = [line["code"] for line in lines if line["phone"] == phone]
            if matching:
                return str(matching[-1])
        time.sleep(0.1)
    raise AssertionError(f"no code for {phone} appeared in {codes}")


def new_phone() -> str:
    return "+49151" + str(secrets.randbelow(90_000_000) + 10_000_000)


def watch(page: Page, problems: list[str]) -> None:
    """Collects what no page may say: exceptions, and violations of the content security policy."""
    page.on("pageerror", lambda error: problems.append(f"exception: {error}"))

    def on_console(message) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            problems.append(message.text)

    page.on("console", on_console)


def request_code(page: Page, url: str, phone: str) -> str:
    started = time.time()
    page.goto(url)
    page.get_by_role("textbox", name="Phone number").fill(phone)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("textbox", name="Code")).to_be_visible()
    return code_for(phone, started)


def sign_in(context: BrowserContext, url: str, name: str) -> Person:
    page = context.new_page()
    phone = new_phone()
    username = f"{name.split()[0].lower()}_{secrets.token_hex(4)}"
    person = Person(page, name, username, phone, url)
    watch(page, person.problems)
    code = request_code(page, url, phone)
    page.get_by_role("textbox", name="Code").press_sequentially(code)
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Username").fill(username)
    page.get_by_role("button", name="Start messaging").click()
    expect(page.get_by_test_id("chat-list")).to_be_visible()
    person.expect_live()
    return person


@pytest.fixture(scope="session")
def nodes() -> list[dict]:
    if not CLUSTER.exists():
        pytest.exit(f"{CLUSTER} is missing: start a cluster first (cluster/up --hosts --detach)", 2)
    found = read_cluster()["nodes"]
    assert len(found) >= 2, "these tests need at least two nodes"
    return found


@pytest.fixture
def killer():
    """Whatever it killed and did not start runs again after the test."""
    killer = Killer()
    yield killer
    killer.start_all()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def ada(browser: Browser, nodes: list[dict]):
    """Signed in on the first node, with a wide window."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    person = sign_in(context, nodes[0]["url"], "Ada Lovelace")
    yield person
    assert person.problems == []
    context.close()


@pytest.fixture(scope="session")
def grace(browser: Browser, nodes: list[dict]):
    """Signed in on the second node, with a wide window."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    person = sign_in(context, nodes[1]["url"], "Grace Hopper")
    yield person
    assert person.problems == []
    context.close()


@pytest.fixture
def unique() -> str:
    """A short name that no other test uses; also fit for a public room."""
    return "t" + secrets.token_hex(4)
