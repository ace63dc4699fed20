"""Forwarding: by the menu of a message, to several chats at once, with who wrote it first, on a desktop and a phone."""

import re

import pytest
from conftest import Person, frame_answer
from playwright.sync_api import Locator, expect
from stage import DESKTOP, PHONE, Stage, message, say, settle


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def dialog(person: Person) -> Locator:
    return person.page.get_by_role("dialog", name="Forward to…")


def ask(person: Person, text: str) -> None:
    message(person, text).last.click(button="right")
    person.page.get_by_role("menuitem", name="Forward", exact=True).click()
    expect(dialog(person)).to_be_visible()


def origin(message: Locator) -> Locator:
    return message.get_by_test_id("forwarded")


def is_sent(message: Locator) -> None:
    expect(message).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))


@pytest.fixture(scope="module")
def tea(people: Stage) -> str:
    """A chat of Olga's, in which Niels is and Mary is not."""
    name = "Tea round"
    people.olga.create(name, "Those who drink it")
    people.olga.invite(f"@{people.niels.username}", people.niels.name)
    expect(people.niels.chat(name)).to_be_visible()
    people.olga.page.goto(f"{people.olga.url}/#/")
    return name


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_message_goes_to_several_chats_with_who_wrote_it_first(stage: Stage, tea: str, unique: str, size: str):
    words = f"**Tea** at five {unique}"
    shown = f"Tea at five {unique}"
    say(stage.mary, stage.group, "before it")
    assert frame_answer(stage.mary, {"chat": stage.chat_id(), "text": words})[0] == "ack"
    is_phone = size == "phone"
    options = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if is_phone else {"viewport": DESKTOP}
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}", **options)
    ask(niels, shown)
    settle(niels.page)
    niels.page.screenshot(path=f"screenshots/forward-dialog-{size}.png")
    send = dialog(niels).get_by_role("button", name="Forward")
    expect(send).to_be_disabled()
    # Chosen stays chosen, whatever is looked for next.
    dialog(niels).get_by_role("textbox").fill("tea")
    expect(dialog(niels).get_by_role("checkbox")).to_have_count(1)
    dialog(niels).get_by_role("checkbox").check()
    dialog(niels).get_by_role("textbox").fill("no such chat")
    expect(dialog(niels).get_by_text("No chat has this name.")).to_be_visible()
    dialog(niels).get_by_role("textbox").fill("")
    dialog(niels).get_by_role("checkbox", name=re.compile(stage.group)).check()
    dialog(niels).get_by_role("button", name="Forward to 2 chats").click()
    expect(dialog(niels)).to_have_count(0)
    expect(niels.page.get_by_text("Forwarded to 2 chats.")).to_be_visible()
    own = message(niels, shown).last
    is_sent(own)
    expect(origin(own)).to_have_text("Forwarded from Mary Somerville")
    expect(own.locator("strong, b")).to_have_text("Tea")
    settle(niels.page)
    niels.page.screenshot(path=f"screenshots/forwarded-{size}.png")
    # Nobody may change the words of somebody else.
    own.click(button="right")
    expect(niels.page.get_by_role("menuitem", name="Delete", exact=True)).to_be_visible()
    expect(niels.page.get_by_role("menuitem", name="Edit", exact=True)).to_have_count(0)
    niels.page.keyboard.press("Escape")
    olga = stage.visit(stage.olga)
    olga.open(tea)
    expect(origin(message(olga, shown).last)).to_have_text("Forwarded from Mary Somerville")
    # On it goes, and it is still Mary's; also for whoever comes later.
    ask(olga, shown)
    dialog(olga).get_by_role("checkbox", name=re.compile(tea)).check()
    dialog(olga).get_by_role("button", name="Forward to 1 chat").click()
    expect(message(olga, shown)).to_have_count(2)
    is_sent(message(olga, shown).last)
    olga.page.reload()
    expect(message(olga, shown)).to_have_count(2)
    expect(origin(message(olga, shown).last)).to_have_text("Forwarded from Mary Somerville")


def test_what_is_forwarded_without_a_network_goes_later(stage: Stage, tea: str, unique: str):
    say(stage.niels, stage.group, unique)
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    expect(message(niels, unique)).to_be_visible()
    niels.page.context.set_offline(True)
    ask(niels, unique)
    dialog(niels).get_by_role("checkbox", name=re.compile(stage.group)).check()
    dialog(niels).get_by_role("button", name="Forward to 1 chat").click()
    waiting = message(niels, unique).last
    expect(waiting).to_have_attribute("data-delivery", "sending")
    expect(origin(waiting)).to_have_text("Forwarded")
    niels.page.context.set_offline(False)
    is_sent(message(niels, unique).last)
    expect(message(niels, unique)).to_have_count(2)
    expect(origin(message(niels, unique).last)).to_have_text("Forwarded from Niels Bohr")


def test_what_is_deleted_or_of_others_is_not_forwarded(stage: Stage, tea: str, unique: str):
    olga = stage.visit(stage.olga)
    olga.open(tea)
    olga.write(unique)
    is_sent(message(olga, unique))
    chat = olga.page.url.split("#/")[1]
    seq = int(message(olga, unique).get_attribute("data-key")[1:])
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    request = {"chat": stage.chat_id(), "forward": {"chat": chat, "seq": seq}}
    assert frame_answer(mary, request) == ["error", "badForward", False]
    assert frame_answer(mary, {**request, "forward": {"chat": chat, "seq": 0}}) == ["error", "badRequest", False]
    assert frame_answer(olga, request)[0] == "ack"
    expect(origin(message(mary, unique).last)).to_have_text("Forwarded from Olga Ladyzhenskaya")
    message(olga, unique).click(button="right")
    olga.page.get_by_role("menuitem", name="Delete", exact=True).click()
    olga.page.get_by_role("button", name="Delete for everybody").click()
    expect(message(olga, unique)).to_have_count(0)
    assert frame_answer(olga, request) == ["error", "badForward", False]
    # What went on is a message of its own.
    expect(message(mary, unique)).to_be_visible()
