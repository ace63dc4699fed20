"""The same everywhere and soon: tabs, devices, storage, sleep, changed networks, dead nodes."""

import re
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import CHROMIUM, CLUSTER, Killer, Person, read_cluster, sign_in
from fill import Person as Writer
from fill import fill_now
from line import Wire, wire_to

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# How long it takes is measured by measure.py. The deadline of these tests excludes that a dead socket is
# found out by the heartbeat alone, which takes 35 s.

NO_WORKER = "delete window.SharedWorker;"


@pytest.fixture(scope="module")
def eve(browser: Browser, nodes: list[dict]):
    """Somebody new, whose browser nobody else uses."""
    context = browser.new_context(viewport=DESKTOP)
    person = sign_in(context, nodes[1]["url"], "Eve Adams")
    yield person
    assert person.problems == []
    context.close()


@dataclass
class Wired:
    """Somebody whose browser reaches the nodes over a wire that can be cut."""

    person: Person
    wire: Wire


@pytest.fixture(scope="module")
def leo_wired(browser: Browser, nodes: list[dict]):
    with wire_to([node["url"] for node in nodes]) as wire:
        own = browser.browser_type.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *wire.arguments]
        )
        person = sign_in(own.new_context(viewport=DESKTOP), nodes[2]["url"], "Leo Wired")
        yield Wired(person, wire)
        assert person.problems == []
        own.close()


@pytest.fixture
def wired(leo_wired: Wired):
    """However a test ends, the next one has a network."""
    yield leo_wired
    leo_wired.wire.mend()


def another_tab(person: Person) -> Person:
    page = person.page.context.new_page()
    page.goto(person.page.url)
    return Person(page, person.name, person.username, person.phone, person.url)


def expect_same_thread(people: list[Person]) -> None:
    """Every view has the same texts in the same order, with the same ticks."""
    look = """() => [...document.querySelectorAll('[data-testid=message]')]
        .map((row) => [row.querySelector('[data-testid=text]').innerText, row.dataset.delivery ?? null])"""
    deadline = time.monotonic() + 20
    while True:
        seen = [person.page.evaluate(look) for person in people]
        if all(view == seen[0] for view in seen) and seen[0]:
            return
        assert time.monotonic() < deadline, f"the views differ: {seen}"
        people[0].page.wait_for_timeout(100)


# MARK: Tabs and devices


def test_two_tabs_a_phone_and_a_desktop_show_the_same(
    browser: Browser, eve: Person, ada: Person, nodes: list[dict], unique: str
):
    eve.create(unique, "Everywhere")
    eve.invite(f"@{ada.username}", ada.name)
    ada.open(unique)
    tab = another_tab(eve)
    # The same account on another device, which comes to another node.
    phone_context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    phone_context.add_cookies(eve.page.context.cookies())
    phone = Person(phone_context.new_page(), eve.name, eve.username, eve.phone, eve.url)
    phone.page.goto(eve.page.url)
    views = [eve, tab, phone]
    for number, writer in enumerate([eve, tab, phone, ada, tab]):
        if writer is phone:
            writer.page.get_by_role("textbox", name="Message", exact=True).fill(f"{number}")
            writer.page.get_by_role("button", name="Send").click()
        else:
            writer.write(f"{number}")
        expect(eve.message(f"{number}")).to_be_visible()
    for person in views:
        expect(person.message("4")).to_have_attribute("data-delivery", "read")
    expect_same_thread(views)
    # A chat that is made on one is there on the others, and what is read on one is read on all.
    ada.create(f"{unique}b", "Unread")
    ada.invite(f"@{eve.username}", eve.name)
    ada.write("to be counted")
    phone.page.get_by_role("button", name="Back to the chats").click()
    for person in views:
        expect(person.chat(f"{unique}b").get_by_test_id("unread")).to_have_text("1")
    tab.page.bring_to_front()
    tab.open(f"{unique}b")
    for person in views:
        expect(person.chat(f"{unique}b").get_by_test_id("unread")).to_have_count(0)
    phone_context.close()


def test_without_shared_workers_one_tab_serves_all_and_another_takes_over(
    browser: Browser, nodes: list[dict], unique: str
):
    context = browser.new_context(viewport=DESKTOP)
    context.add_init_script(NO_WORKER)
    first = sign_in(context, nodes[1]["url"], "Lock Smith")
    first.create(unique, "Locks")
    first.write("from the first")
    expect(first.message("from the first")).to_have_attribute("data-delivery", "sent")
    sockets: list[str] = []
    second = Person(context.new_page(), first.name, first.username, first.phone, first.url)
    second.page.on("websocket", lambda socket: sockets.append(socket.url))
    second.page.goto(first.page.url)
    second.write("from the second")
    for person in (first, second):
        expect(person.message("from the second")).to_have_attribute("data-delivery", "sent")
    assert sockets == [], "the second tab has a socket of its own"
    # What is written while nobody holds the engine is not lost.
    first.page.close()
    second.write("after the first")
    expect(second.message("after the first")).to_have_attribute("data-delivery", "sent")
    assert len(sockets) == 1
    expect(second.message("after the first")).to_have_count(1)
    second.expect_texts(["from the first", "from the second", "after the first"])
    context.close()


def kill_worker(person: Person) -> None:
    """Ends the worker that the person's tabs share, as a browser does that has no memory left."""
    page = person.page
    own = page.context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    control = page.context.browser.new_browser_cdp_session()
    found = [
        target["targetId"]
        for target in control.send("Target.getTargets", {"filter": [{"type": "shared_worker"}]})["targetInfos"]
        if target["browserContextId"] == own
    ]
    assert len(found) == 1, f"{len(found)} shared workers"
    control.send("Target.closeTarget", {"targetId": found[0]})


def test_tabs_whose_worker_died_start_another_and_go_on(eve: Person, ada: Person, unique: str):
    eve.create(unique, "Worker")
    eve.invite(f"@{ada.username}", ada.name)
    ada.open(unique)
    tab = another_tab(eve)
    tab.write("to the first worker")
    expect(eve.message("to the first worker")).to_have_attribute("data-delivery", re.compile("sent|read"))
    kill_worker(eve)
    eve.write("to the second")
    expect(tab.message("to the second")).to_have_attribute("data-delivery", re.compile("sent|read"))
    ada.write("and back")
    for person in (eve, tab):
        expect(person.message("and back")).to_be_visible()
        person.expect_live()
    tab.page.close()


# MARK: The outbox


def test_what_was_written_offline_survives_a_reload_and_goes_once(wired: Wired, unique: str):
    leo, page = wired.person, wired.person.page
    leo.create(unique, "Tunnel")
    leo.write("before")
    expect(leo.message("before")).to_have_attribute("data-delivery", "sent")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("async () => (await caches.keys()).length > 0")
    wired.wire.cut()
    for number in range(3):
        leo.write(f"waiting {number}")
        expect(leo.message(f"waiting {number}")).to_have_attribute("data-delivery", "sending")
    page.reload()
    expect(page.get_by_test_id("connection")).to_contain_text("Waiting for network…")
    for number in range(3):
        expect(leo.message(f"waiting {number}")).to_have_attribute("data-delivery", "sending")
    leo.write("after the reload")
    expect(leo.message("after the reload")).to_have_attribute("data-delivery", "sending")
    wired.wire.mend()
    texts = ["before", "waiting 0", "waiting 1", "waiting 2", "after the reload"]
    for text in texts:
        expect(leo.message(text)).to_have_attribute("data-delivery", "sent")
        expect(leo.message(text)).to_have_count(1)
    leo.expect_texts(texts)


# MARK: Sleep, networks, nodes


def talk(wired: Wired, ada: Person, unique: str) -> Person:
    """Ada and whoever is at the wire look at one chat; answers the latter."""
    leo = wired.person
    ada.create(unique, "Talk")
    ada.invite(f"@{leo.username}", leo.name)
    leo.open(unique)
    ada.write("before")
    expect(leo.message("before")).to_be_visible()
    return leo


def test_a_socket_that_died_in_a_sleep_is_found_out_soon(wired: Wired, ada: Person, unique: str):
    leo = talk(wired, ada, unique)
    # Its socket is dead, but to the page it is open.
    wired.wire.stall()
    ada.write("during the sleep")
    expect(ada.message("during the sleep")).to_have_attribute("data-delivery", "sent")
    leo.page.wait_for_timeout(1_000)
    expect(leo.message("during the sleep")).to_have_count(0)
    # The machine wakes up, which its browser tells as a network that is there again.
    leo.page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(leo.message("during the sleep")).to_be_visible()
    leo.write("awake")
    expect(ada.message("awake")).to_be_visible()
    leo.expect_texts(ada.texts())
    wired.wire.mend()
    leo.expect_live()


def test_after_a_while_without_any_network_the_view_is_the_servers(
    wired: Wired, ada: Person, unique: str
):
    leo = talk(wired, ada, unique)
    wired.wire.cut()
    leo.write("from the tunnel")
    state = leo.page.get_by_test_id("connection")
    expect(state).to_contain_text(re.compile("Reconnect in [1-5] s"))
    expect(state.get_by_role("status")).to_have_text("Reconnecting…")
    for number in range(30):
        ada.write(f"meanwhile {number}")
    expect(ada.message("meanwhile 29")).to_have_attribute("data-delivery", "sent")
    wired.wire.mend()
    leo.page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(leo.message("meanwhile 29")).to_be_visible()
    expect(leo.message("from the tunnel")).not_to_have_attribute("data-delivery", "sending")
    expect(ada.message("from the tunnel")).to_be_visible()
    leo.expect_texts(ada.texts())


def test_a_node_that_dies_is_left_without_a_reload_and_soon(
    browser: Browser, ada: Person, nodes: list[dict], unique: str, killer: Killer
):
    victim = nodes[2]
    max_ = sign_in(browser.new_context(viewport=DESKTOP), victim["url"], "Max Orphan")
    ada.create(unique, "Orphan")
    ada.invite(f"@{max_.username}", max_.name)
    max_.open(unique)
    ada.write("before")
    expect(max_.message("before")).to_be_visible()
    max_.page.evaluate("() => { window.isTheSamePage = true; }")
    killer.kill(next(node for node in read_cluster()["nodes"] if node["id"] == victim["id"]))
    ada.write("after")
    # As soon as the cluster has the message, the orphan has it: its page is at another node by then.
    expect(ada.message("after")).not_to_have_attribute("data-delivery", "sending", timeout=60_000)
    expect(max_.message("after")).to_be_visible()
    assert max_.page.evaluate("() => window.isTheSamePage") is True
    max_.expect_texts(ada.texts())
    max_.page.context.close()


# MARK: Storage


def keep_by_hand(page: Page, version: int, records: dict) -> None:
    """Makes the page's database as another version of the client would have left it."""
    page.evaluate(
        """([version, records]) => new Promise((resolve, reject) => {
            const request = indexedDB.open("chaticket", version);
            request.onupgradeneeded = () => {
                for (const name of ["accounts", "chats", "people", "outbox"])
                    if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
            };
            request.onerror = () => reject(request.error);
            request.onsuccess = () => {
                const writes = request.result.transaction("outbox", "readwrite");
                for (const [key, value] of Object.entries(records)) writes.objectStore("outbox").put(value, key);
                writes.oncomplete = () => { request.result.close(); resolve(null); };
            };
        })""",
        [version, records],
    )


def test_of_an_older_versions_storage_what_nobody_else_has_is_kept_and_sent(
    browser: Browser, nodes: list[dict], unique: str
):
    context = browser.new_context(viewport=DESKTOP, service_workers="block")
    person = sign_in(context, nodes[1]["url"], "Old Timer")
    person.create(unique, "Older")
    chat = person.chat(unique).get_attribute("data-chat")
    me = person.page.evaluate("async () => (await (await fetch('/api/me')).json()).id")
    person.page.close()
    # Another page of the same address, without the engine: the database of version 1 with one message.
    bare = context.new_page()
    bare.route("**/*", lambda route: route.fulfill(body="<title>bare</title>", content_type="text/html"))
    bare.goto(person.url)
    bare.evaluate(
        "() => new Promise((resolve, reject) => { const r = indexedDB.deleteDatabase('chaticket');"
        " r.onsuccess = () => resolve(null); r.onerror = () => reject(r.error); })"
    )
    cmid = f"{int(time.time() * 1000):012x}7{'0' * 3}8{'1' * 15}"
    written = {"account": me, "cmid": cmid, "chat": chat, "text": "written with the older version"}
    keep_by_hand(bare, 1, {cmid: written})
    bare.close()
    page = context.new_page()
    page.goto(f"{person.url}/#/{chat}")
    again = Person(page, person.name, person.username, person.phone, person.url)
    expect(again.message("written with the older version")).to_have_attribute("data-delivery", "sent")
    context.close()


def test_a_newer_versions_storage_is_left_alone_and_said(browser: Browser, nodes: list[dict], unique: str):
    context = browser.new_context(viewport=DESKTOP, service_workers="block")
    bare = context.new_page()
    bare.route("**/*", lambda route: route.fulfill(body="<title>bare</title>", content_type="text/html"))
    bare.goto(nodes[2]["url"])
    keep_by_hand(bare, 99, {"x": {"text": "of the newer version"}})
    bare.close()
    person = sign_in(context, nodes[2]["url"], "New Comer")
    expect(person.page.get_by_role("alert").filter(has_text="keeps nothing")).to_be_visible()
    person.create(unique, "Newer")
    person.write("not kept, but sent")
    expect(person.message("not kept, but sent")).to_have_attribute("data-delivery", "sent")
    assert person.page.evaluate(
        "() => indexedDB.databases().then((all) => all.find(({ name }) => name === 'chaticket').version)"
    ) == 99
    context.close()


# A storage that is full from the moment that `isFull` is set: every write of a record is refused.
FULL = """
    delete window.SharedWorker;
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...args) {
        const request = put.apply(this, args);
        if (window.isFull) {
            const { transaction } = this;
            Object.defineProperty(transaction, "error", { get: () => new DOMException("full", "QuotaExceededError") });
            transaction.abort();
        }
        return request;
    };
"""


def test_a_storage_that_is_full_is_said_and_nothing_is_lost(browser: Browser, nodes: list[dict], unique: str):
    context = browser.new_context(viewport=DESKTOP)
    context.add_init_script(FULL)
    person = sign_in(context, nodes[2]["url"], "Full House")
    person.create(unique, "Full")
    person.write("with room")
    expect(person.message("with room")).to_have_attribute("data-delivery", "sent")
    person.page.evaluate("() => { window.isFull = true; }")
    person.write("without room")
    expect(person.message("without room")).to_have_attribute("data-delivery", "sent")
    notice = person.page.get_by_role("alert").filter(has_text="keeps nothing")
    expect(notice).to_be_visible()
    notice.get_by_role("button").click()
    person.write("and on")
    expect(person.message("and on")).to_have_attribute("data-delivery", "sent")
    person.expect_texts(["with room", "without room", "and on"])
    assert person.problems == []
    context.close()


def scroll_to_first(person: Person) -> None:
    person.page.get_by_test_id("timeline").hover()
    for _ in range(100):
        person.page.mouse.wheel(0, -900)
        person.page.wait_for_timeout(30)
        if person.page.get_by_text(re.compile("^1: ")).count() > 0:
            break
    expect(person.page.get_by_text(re.compile("^1: "))).to_have_count(1)


def test_what_was_loaded_of_a_thread_is_there_without_a_network_however_old(
    wired: Wired, nodes: list[dict], unique: str
):
    leo, page = wired.person, wired.person.page
    count = 150
    urls = [node["url"] for node in nodes]
    writer = Writer(urls, CLUSTER.parent / "sign-in-codes.jsonl").sign_in("Rae Writer")
    chat = writer.create(unique, "Ranges")
    fill_now(urls, [writer], chat, count, say=lambda line: None)
    writer.persist("POST", f"/api/chats/{chat}/members", {"username": leo.username})
    leo.open(unique)
    scroll_to_first(leo)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("async () => (await caches.keys()).length > 0")
    # The archive is written a moment after.
    page.wait_for_function(
        """(wanted) => new Promise((resolve) => {
            const request = indexedDB.open("chaticket");
            request.onsuccess = () => {
                const count = request.result.transaction("entries").objectStore("entries").count();
                count.onsuccess = () => { request.result.close(); resolve(count.result > wanted); };
            };
        })""",
        arg=count,
    )
    page.get_by_role("button", name="Go to the newest message").click()
    expect(page.get_by_text(re.compile(f"^{count}: "))).to_be_in_viewport()
    wired.wire.cut()
    page.reload()
    expect(page.get_by_text(re.compile(f"^{count}: "))).to_be_visible()
    scroll_to_first(leo)
    wired.wire.mend()
    leo.expect_live()


def test_drafts_go_with_the_person_who_wrote_them(eve: Person, unique: str):
    # The last of the tests with this person.
    eve.create(unique, "Draft")
    field = eve.page.get_by_role("textbox", name="Message", exact=True)
    field.fill("a secret that was never sent")
    eve.page.wait_for_function("() => JSON.stringify(localStorage).includes('secret')")
    eve.page.get_by_role("button", name="Menu", exact=True).click()
    eve.page.get_by_role("menuitem", name="Sign out").click()
    expect(eve.page.get_by_role("textbox", name="Phone number")).to_be_visible()
    kept = eve.page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "secret" not in kept, kept
