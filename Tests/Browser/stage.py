"""Three people in one group, with something of everything said, for the tests that look at the page.

The nodes allow one address few sign-ins, so these people are signed in once, and every test that needs a
browser of its own takes their cookies along.
"""

import re
import secrets
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest
from conftest import Person, sign_in, watch
from playwright.sync_api import Browser, Locator, Page, expect

PHONE = {"width": 390, "height": 844}
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
TABLET = {"width": 900, "height": 900}
DESKTOP = {"width": 1280, "height": 800}

LONG = (
    "The question of whether machines can think is about as relevant as the question of whether "
    "submarines can swim. What we can do is to prove the programs that we write, one predicate after "
    "another, until nothing is left to believe."
)


@dataclass
class Stage:
    """Mary looks; Niels and Olga write."""

    browser: Browser
    mary: Person
    niels: Person
    olga: Person
    #: The short name of the group that the three are in.
    group: str
    visits: list = field(default_factory=list)

    def visit(self, person: Person | None = None, path: str = "", **options) -> Person:
        """Another browser of somebody, Mary if nobody is named, at an address behind the hash."""
        who = person or self.mary
        state = who.page.context.storage_state()
        # Nothing of what the other browser keeps, but that somebody was here before.
        visited = {"name": "chaticket.visited", "value": "1"}
        state["origins"] = [{"origin": who.url, "localStorage": [visited]}]
        context = self.browser.new_context(storage_state=state, **{"viewport": DESKTOP, **options})
        page = context.new_page()
        guest = Person(page, who.name, who.username, who.phone, who.url)
        watch(page, guest.problems)
        page.goto(f"{who.url}/{path}")
        expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "live")
        self.visits.append(guest)
        return guest

    def chat_id(self) -> str:
        return self.mary.chat(self.group).get_attribute("data-chat") or ""

    def end_visits(self) -> None:
        problems = [problem for guest in self.visits for problem in guest.problems]
        for guest in self.visits:
            guest.page.context.close()
        self.visits.clear()
        assert problems == []


def composer(page: Page) -> Locator:
    """The field in which a message is written."""
    return page.get_by_role("textbox", name="Message", exact=True)


def message(person: Person, text: str) -> Locator:
    """The message that says `text` itself; one that answers it says it, too."""
    words = person.page.locator("[data-testid=text]", has_text=re.compile(f"^{re.escape(text)}$"))
    return person.page.get_by_test_id("message").filter(has=words)


def say(person: Person, group: str, *texts: str) -> None:
    """Writes into a chat and waits until the cluster has it."""
    person.open(group)
    for text in texts:
        person.write(text)
        expect(person.message(text).last).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))


@pytest.fixture(scope="session")
def people(browser: Browser, nodes: list[dict]):
    names = ["Mary Somerville", "Niels Bohr", "Olga Ladyzhenskaya"]
    found = []
    for index, name in enumerate(names):
        context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
        found.append(sign_in(context, nodes[index % len(nodes)]["url"], name))
    mary, niels, olga = found
    group = "Engine room"
    mary.create(group, "Notes about the analytical engine")
    for person in (niels, olga):
        mary.invite(f"@{person.username}", person.name)
        expect(person.chat(group)).to_be_visible()
    say(niels, group, "Good morning! Did the loops survive the night?", "I left it running.", LONG)
    say(mary, group, "They did, all of them.", LONG + " Or so they say.")
    say(olga, group, "مرحبا! الخوارزمية جاهزة", "Let us ship it then")
    say(mary, group, "Not one message lost", "See https://example.org/notes for the table")
    # Whoever has the group open reads it.
    for person in found:
        person.page.goto(f"{person.url}/#/")
    stage = Stage(browser, mary, niels, olga, group)
    yield stage
    for person in found:
        assert person.problems == []
        person.page.context.close()


@pytest.fixture
def stage(people: Stage):
    yield people
    people.end_visits()


@pytest.fixture(scope="module")
def room(people: Stage):
    """The three in another group, for a file that writes so much that the first one would grow too long."""
    mary = people.mary
    name = f"Room {secrets.token_hex(3)}"
    mary.create(name, "Another group")
    for person in (people.niels, people.olga):
        mary.invite(f"@{person.username}", person.name)
        expect(person.chat(name)).to_be_visible()
    mary.page.goto(f"{mary.url}/#/")
    yield replace(people, group=name)
    # Nothing is left unread for those who come after.
    for person in (mary, people.niels, people.olga):
        person.page.goto(f"{person.url}/#/")
        row = person.chat(name)
        if row.get_by_test_id("unread").count() > 0:
            row.click(button="right")
            person.page.get_by_role("menuitem", name="Mark as read").click()
        expect(row.get_by_test_id("unread")).to_have_count(0)


@pytest.fixture(scope="module")
def vera(browser: Browser, nodes: list[dict]):
    """Somebody of her own, so that nobody else's list is other than it was."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    person = sign_in(context, nodes[0]["url"], "Vera Rubin")
    yield person
    assert person.problems == []
    context.close()


@pytest.fixture(scope="module")
def phone(browser: Browser, vera: Person, nodes: list[dict]):
    """Her phone, on another node."""
    url = nodes[1]["url"]
    context = browser.new_context(reduced_motion="reduce", **TOUCH)
    cookies = vera.page.context.cookies()
    context.add_cookies([{**cookie, "domain": urlsplit(url).hostname} for cookie in cookies])
    person = Person(context.new_page(), vera.name, vera.username, vera.phone, url)
    watch(person.page, person.problems)
    person.page.goto(f"{url}/#/")
    person.expect_live()
    yield person
    assert person.problems == []
    context.close()


def settle(page: Page) -> None:
    """Until the fonts are there and nothing moves: no animation, and nothing that late answers push or scroll."""
    page.evaluate(
        "() => Promise.all([document.fonts.ready, ...document.getAnimations()"
        ".filter((one) => one.effect.getComputedTiming().iterations !== Infinity)"
        ".map((one) => one.finished.catch(() => null))]).then(() => null)"
    )
    page.evaluate("() => { window.settling = { boxes: '', frames: 0 }; }")
    # Asked once in every frame.
    page.wait_for_function(
        "() => { const boxes = JSON.stringify([...document.querySelectorAll('[data-testid]')]"
        ".map((one) => one.getBoundingClientRect()));"
        " window.settling = { boxes, frames: boxes === window.settling.boxes ? window.settling.frames + 1 : 0 };"
        " return window.settling.frames > 15; }"
    )
