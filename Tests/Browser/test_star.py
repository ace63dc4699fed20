"""Stars: by the menu of a message, on every device at once, in a list over all chats, on a desktop and a phone."""

import re

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import DESKTOP, PHONE, Stage, message, say, settle


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def star(message: Locator) -> Locator:
    return message.get_by_test_id("star")


def choose(person: Person, text: str, item: str) -> None:
    message(person, text).click(button="right")
    person.page.get_by_role("menuitem", name=item, exact=True).click()


def open_list(person: Person) -> Locator:
    person.page.get_by_role("button", name="Menu", exact=True).click()
    person.page.get_by_role("menuitem", name="Starred messages").click()
    dialog = person.page.get_by_role("dialog", name="Starred messages")
    expect(dialog).to_be_visible()
    return dialog


def row(dialog: Locator, text: str) -> Locator:
    return dialog.get_by_test_id("starred").filter(has_text=text)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_star_is_on_every_device_and_leads_to_its_message(stage: Stage, unique: str, size: str):
    options = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if size == "phone" else {"viewport": DESKTOP}
    old, new = f"old {unique}", f"new {unique}"
    say(stage.niels, stage.group, old, *(f"between {number} {unique}" for number in range(30)), new)
    mary = stage.visit(path=f"#/{stage.chat_id()}", **options)
    other = stage.visit(path=f"#/{stage.chat_id()}")
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    for text in (new, old):
        message(other, text).scroll_into_view_if_needed()
        choose(other, text, "Star")
        expect(star(message(other, text))).to_be_visible()
    # At once on the other device, and nowhere else.
    expect(star(message(mary, new))).to_be_visible()
    expect(message(niels, new)).to_be_visible()
    expect(niels.page.get_by_test_id("star")).to_have_count(0)
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/star-{size}.png")
    if size == "phone":
        mary.page.get_by_role("button", name="Back to the chats").click()
    dialog = open_list(mary)
    # The newest star is the first.
    expect(dialog.get_by_test_id("starred").nth(0)).to_contain_text(old)
    expect(dialog.get_by_test_id("starred").nth(1)).to_contain_text(new)
    expect(row(dialog, old)).to_contain_text(stage.group)
    expect(row(dialog, old)).to_contain_text(f"Niels Bohr: {old}")
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/starred-{size}.png")
    row(dialog, old).get_by_role("button", name=re.compile(old)).click()
    expect(dialog).to_have_count(0)
    expect(mary.page.get_by_test_id("chat-title")).to_have_text(stage.group)
    expect(message(mary, old)).to_be_in_viewport()
    # It is there after a reload, and goes everywhere when it is taken away.
    mary.page.reload()
    expect(message(mary, old)).to_be_in_viewport()
    expect(star(message(mary, old))).to_be_visible()
    choose(mary, old, "Remove star")
    expect(star(message(mary, old))).to_have_count(0)
    expect(star(message(other, old))).to_have_count(0)
    dialog = open_list(other)
    expect(row(dialog, old)).to_have_count(0)
    row(dialog, new).get_by_role("button", name="Remove star").click()
    expect(row(dialog, new)).to_have_count(0)
    other.page.keyboard.press("Escape")
    expect(other.page.get_by_test_id("star")).to_have_count(0)


def test_deleted_messages_and_chats_are_calm_in_the_list(stage: Stage, unique: str):
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    say(stage.niels, stage.group, unique)
    choose(mary, unique, "Star")
    expect(star(message(mary, unique))).to_be_visible()
    name = f"Gone {unique}"[:32]
    mary.create(name, "Not for long")
    mary.write(f"in it {unique}")
    expect(message(mary, f"in it {unique}")).to_have_attribute("data-delivery", re.compile("sent|read"))
    choose(mary, f"in it {unique}", "Star")
    expect(star(message(mary, f"in it {unique}"))).to_be_visible()
    dialog = open_list(mary)
    expect(row(dialog, f"in it {unique}")).to_be_visible()
    mary.page.keyboard.press("Escape")
    mary.page.get_by_role("button", name="More", exact=True).click()
    mary.page.get_by_role("menuitem", name="Delete this chat").click()
    mary.page.get_by_role("dialog").get_by_role("button", name="Delete for everybody").click()
    expect(mary.chat(name)).to_have_count(0)
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    choose(niels, unique, "Delete")
    niels.page.get_by_role("dialog").get_by_role("button", name="Delete for everybody").click()
    expect(message(niels, unique)).to_have_count(0)
    dialog = open_list(mary)
    expect(row(dialog, "Deleted message")).to_be_visible()
    expect(row(dialog, f"in it {unique}")).to_have_count(0)
    row(dialog, "Deleted message").get_by_role("button", name=re.compile("Deleted message")).click()
    expect(mary.page.get_by_text("This message was deleted.")).to_be_visible()
    row(dialog, "Deleted message").get_by_role("button", name="Remove star").click()
    expect(row(dialog, "Deleted message")).to_have_count(0)
    expect(open_list(niels).get_by_text("No message has a star yet.")).to_be_visible()
