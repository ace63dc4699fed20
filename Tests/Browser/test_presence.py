"""Who types and who is there, on several nodes: in the header, the list and the members, on a desktop and a phone."""

import re

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import DESKTOP, TOUCH, Stage, composer, message, say, settle

SIZES = {"desktop": {"viewport": DESKTOP}, "phone": TOUCH}

HIDE = """() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOW = """() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "visible" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""

AWAY = re.compile("^last seen (just now|1 minute ago)$")
TOUCHED = "() => dispatchEvent(new Event('pointermove'))"


@pytest.fixture
def stage(room: Stage):
    # Whoever did nothing for five minutes is away.
    for person in (room.mary, room.niels, room.olga):
        person.page.evaluate(TOUCHED)
    yield room
    for person in (room.mary, room.niels, room.olga):
        person.page.evaluate(SHOW)
    room.end_visits()


def status(person: Person) -> Locator:
    return person.page.locator(".chat-header__status")


def typing_row(person: Person, name: str) -> Locator:
    return person.chat(name).get_by_test_id("typing")


def dot(person: Person, name: str) -> Locator:
    return person.chat(name).get_by_test_id("online-dot")


def type_until(typists: list[Person], seen: Locator, text: str | re.Pattern[str]):
    """They write until `seen` says so: one word about it may be lost, whoever goes on says it again after 3 s."""
    for _ in range(20):
        for person in typists:
            composer(person.page).press_sequentially("la ")
        try:
            return expect(seen).to_have_text(text, timeout=1_000)
        except AssertionError:
            continue
    expect(seen).to_have_text(text)


def direct(one: Person, other: Person) -> str:
    """The address of the chat of two, which both have in their list."""
    page = one.page
    page.get_by_role("button", name="New chat", exact=True).click()
    dialog = page.get_by_role("dialog", name="New chat")
    dialog.get_by_role("radio", name="One person").check()
    dialog.get_by_role("textbox", name="Username or phone number").fill(f"@{other.username}")
    dialog.get_by_role("button", name="Open the chat").click()
    expect(page.get_by_test_id("chat-title")).to_have_text(other.name)
    one.write(f"Good evening, {other.name}")
    expect(one.message(f"Good evening, {other.name}").last).to_have_attribute(
        "data-delivery", re.compile("^(sent|read)$")
    )
    return page.url.split("/", 3)[3]


@pytest.mark.parametrize("size", SIZES)
def test_who_types_is_shown_to_the_others_until_the_message_comes(stage: Stage, unique: str, size: str):
    path = f"#/{stage.chat_id()}"
    mary = stage.visit(path=path, **SIZES[size])
    niels = stage.visit(stage.niels, path=path)
    olga = stage.visit(stage.olga, path=path)
    again = stage.visit(stage.niels, path=path)
    type_until([niels], status(mary), f"{niels.name} is typing")
    type_until([niels], status(olga), f"{niels.name} is typing")
    both = re.compile(f"^({niels.name} and {olga.name}|{olga.name} and {niels.name}) are typing$")
    type_until([niels, olga], status(mary), both)
    mary.page.screenshot(path=f"screenshots/typing-{size}.png")
    # Neither the person nor another of their devices is told of it.
    type_until([niels, olga], status(again), f"{olga.name} is typing")
    type_until([niels, olga], status(olga), f"{niels.name} is typing")
    # A message ends it at once, and only for who wrote it.
    niels.write(f"I have thought {unique}")
    expect(message(mary, f"I have thought {unique}")).to_be_visible()
    expect(status(mary)).not_to_contain_text(niels.name)
    # Whoever stops is forgotten.
    expect(mary.page.get_by_test_id("typing")).to_have_count(0)
    for person in (niels, olga):
        composer(person.page).fill("")


def test_who_types_is_shown_in_the_list_before_the_last_message(stage: Stage, unique: str):
    say(stage.niels, stage.group, f"Before {unique}")
    mary = stage.visit(path="#/")
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    preview = mary.chat(stage.group).locator(".chat-row__preview")
    expect(preview).to_contain_text(f"Before {unique}")
    type_until([niels], typing_row(mary, stage.group), f"{niels.name} is typing")
    mary.page.screenshot(path="screenshots/typing-list.png")
    composer(niels.page).fill("")
    expect(preview).to_contain_text(f"Before {unique}")


@pytest.mark.parametrize("size", SIZES)
def test_a_chat_of_two_says_whether_the_other_is_there(stage: Stage, size: str):
    niels = stage.visit(stage.niels, path="#/")
    path = direct(niels, stage.mary)
    mary = stage.visit(path=path, **SIZES[size])
    expect(status(mary)).to_have_text("online")
    type_until([niels], status(mary), "typing")
    composer(niels.page).fill("")
    expect(status(mary)).to_have_text("online")
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/online-{size}.png")
    # All pages of Niels are put away: first the one, then the other.
    niels.page.evaluate(HIDE)
    stage.niels.page.evaluate(HIDE)
    expect(status(mary)).to_have_text(AWAY)
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/last-seen-{size}.png")
    mary.page.reload()
    expect(status(mary)).to_have_text(re.compile("^last seen (just now|[0-9]+ minutes? ago)$"))
    stage.niels.page.evaluate(SHOW)
    expect(status(mary)).to_have_text("online")


def test_who_does_nothing_for_five_minutes_is_away(stage: Stage):
    niels = stage.visit(stage.niels, path="#/")
    path = direct(niels, stage.mary)
    mary = stage.visit(path=path)
    stage.niels.page.evaluate(HIDE)
    # Nobody is there before the page comes whose time goes faster: it is online once it has begun to count.
    address = niels.page.url
    niels.page.goto("about:blank")
    expect(status(mary)).to_have_text(AWAY)
    niels.page.clock.install()
    niels.page.goto(address)
    expect(status(mary)).to_have_text("online")
    niels.page.clock.fast_forward("05:10")
    expect(status(mary)).to_have_text(AWAY)
    niels.page.evaluate(TOUCHED)
    expect(status(mary)).to_have_text("online")


def test_a_green_dot_stands_at_who_is_there(stage: Stage):
    niels = stage.visit(stage.niels, path="#/")
    direct(niels, stage.mary)
    mary = stage.visit(path="#/")
    expect(dot(mary, niels.name)).to_be_visible()
    settle(mary.page)
    mary.page.screenshot(path="screenshots/online-list.png")
    niels.page.evaluate(HIDE)
    stage.niels.page.evaluate(HIDE)
    expect(dot(mary, niels.name)).to_have_count(0)
    stage.niels.page.evaluate(SHOW)
    expect(dot(mary, niels.name)).to_be_visible()
    expect(mary.chat(stage.group)).to_be_visible()
    expect(dot(mary, stage.group)).to_have_count(0)


def test_a_group_says_how_many_are_there_and_its_members_who(stage: Stage):
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    expect(status(mary)).to_have_text(re.compile("3 members, 3 online$"))
    stage.olga.page.evaluate(HIDE)
    expect(status(mary)).to_have_text(re.compile("3 members, 2 online$"))
    mary.page.locator("[data-focus=header]").click()
    members = mary.page.get_by_test_id("member")
    expect(members.filter(has_text=stage.niels.name).get_by_test_id("member-seen")).to_contain_text("online")
    expect(members.filter(has_text=stage.olga.name).get_by_test_id("member-seen")).to_contain_text("last seen")
    expect(members.filter(has_text=stage.niels.name).get_by_test_id("online-dot")).to_be_visible()
    settle(mary.page)
    mary.page.screenshot(path="screenshots/members-online.png")
    stage.olga.page.evaluate(SHOW)
    expect(status(mary)).to_have_text(re.compile("3 members, 3 online$"))


def test_who_hides_when_they_were_here_is_told_of_nobody_exactly(stage: Stage):
    niels = stage.visit(stage.niels, path="#/")
    path = direct(niels, stage.mary)
    mary = stage.visit(path=path)
    expect(status(mary)).to_have_text("online")
    expect(status(niels)).to_have_text("online")
    other = stage.visit(stage.niels, path="#/")
    other.page.goto(f"{niels.url}/#/?settings=privacy")
    niels.page.goto(f"{niels.url}/#/?settings=privacy")
    nobody = niels.page.get_by_role("radio", name="Nobody")
    nobody.check()
    settle(niels.page)
    niels.page.screenshot(path="screenshots/privacy.png")
    # On the account's other devices, too.
    expect(other.page.get_by_role("radio", name="Nobody")).to_be_checked()
    try:
        expect(status(mary)).to_have_text("last seen recently")
        niels.page.goto(f"{niels.url}/{path}")
        expect(status(niels)).to_have_text("last seen recently")
        expect(dot(niels, mary.name)).to_have_count(0)
    finally:
        other.page.get_by_role("radio", name="Everybody").check()
    expect(status(mary)).to_have_text("online")
    expect(status(niels)).to_have_text("online")
