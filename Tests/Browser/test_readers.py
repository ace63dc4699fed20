"""Who has read a message of a group: asked from its menu, on a desktop and a phone, while others read it."""

import re

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import DESKTOP, TOUCH, Stage, composer, message, settle

SIZES = {"desktop": {"viewport": DESKTOP}, "phone": TOUCH}


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def item(person: Person, text: str) -> Locator:
    message(person, text).click(button="right")
    expect(person.page.get_by_role("menuitem", name="Copy text")).to_be_visible()
    return person.page.get_by_role("menuitem", name=re.compile("^Seen by"))


@pytest.mark.parametrize("size", SIZES)
def test_a_message_of_a_group_says_who_has_read_it_and_whoever_reads_it_is_added(stage: Stage, unique: str, size: str):
    path = f"#/{stage.chat_id()}"
    # Nobody else looks at the chat before.
    for person in (stage.niels, stage.olga):
        person.page.goto(f"{person.url}/#/")
    mary = stage.visit(path=path, **SIZES[size])
    text = f"Who reads this? {unique}"
    composer(mary.page).fill(text)
    mary.page.get_by_role("button", name="Send", exact=True).click()
    expect(message(mary, text)).to_have_attribute("data-delivery", "sent")
    expect(item(mary, text)).to_have_count(0)
    mary.page.keyboard.press("Escape")
    niels = stage.visit(stage.niels, path=path)
    expect(message(niels, text)).to_be_visible()
    expect(message(mary, text)).to_have_attribute("data-delivery", "read")
    asked = item(mary, text)
    expect(asked).to_have_text("Seen by 1 person")
    asked.click()
    dialog = mary.page.get_by_role("dialog", name=re.compile("^Seen by"))
    expect(dialog.get_by_test_id("member")).to_have_count(1)
    expect(dialog.get_by_test_id("member")).to_contain_text(stage.niels.name)
    olga = stage.visit(stage.olga, path=path)
    expect(message(olga, text)).to_be_visible()
    expect(dialog.get_by_test_id("member").filter(has_text=stage.olga.name)).to_be_visible()
    expect(mary.page.get_by_role("dialog", name="Seen by 2 people")).to_be_visible()
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/seen-by-{size}.png")
    # What others wrote does not say who else has read it.
    expect(item(niels, text)).to_have_count(0)
