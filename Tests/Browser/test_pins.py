"""Pinned messages: by menu, for everybody, in a bar that goes from one to the next, on a desktop and a phone."""

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import DESKTOP, TABLET, TOUCH, Stage, message, say, settle

SIZES = {"desktop": {"viewport": DESKTOP}, "tablet": {"viewport": TABLET}, "phone": TOUCH}


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def bar(person: Person) -> Locator:
    return person.page.get_by_test_id("pinned-bar")


def line(person: Person) -> Locator:
    return bar(person).get_by_test_id("pinned-line")


def choose(person: Person, text: str, item: str) -> None:
    message(person, text).scroll_into_view_if_needed()
    message(person, text).click(button="right")
    person.page.get_by_role("menuitem", name=item, exact=True).click()


@pytest.mark.parametrize("size", SIZES)
def test_pins_are_shown_to_everybody_and_each_press_goes_to_the_one_before(stage: Stage, unique: str, size: str):
    texts = [f"{word} {unique}" for word in ("First", "Second", "Third")]
    say(stage.niels, stage.group, texts[0], *(f"between {number} {unique}" for number in range(30)), *texts[1:])
    path = f"#/{stage.chat_id()}"
    mary = stage.visit(path=path, **SIZES[size])
    niels = stage.visit(stage.niels, path=path)
    for text in texts:
        choose(niels, text, "Pin")
        expect(line(niels)).to_have_text(text)
    # The newest of the chat is the first that is shown, with its number; who pinned what is a line of the thread.
    for person in (mary, niels):
        expect(line(person)).to_have_text(texts[2])
        expect(bar(person)).to_contain_text("Pinned message #3")
        expect(person.page.get_by_test_id("service").filter(has_text=f"pinned “{texts[2]}”")).to_have_count(1)
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/pins-{size}.png")
    go = bar(mary).get_by_role("button", name="Go to the pinned message")
    for shown, after in ((2, 1), (1, 0), (0, 2)):
        expect(line(mary)).to_have_text(texts[shown])
        go.click()
        expect(message(mary, texts[shown])).to_be_in_viewport()
        expect(line(mary)).to_have_text(texts[after])
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/pins-jump-{size}.png")
    # What is deleted, or unpinned, is pinned no longer, for everybody and after a reload.
    message(niels, texts[2]).click(button="right")
    niels.page.get_by_role("menuitem", name="Delete", exact=True).click()
    niels.page.get_by_role("button", name="Delete for everybody").click()
    expect(line(mary)).to_have_text(texts[1])
    bar(mary).get_by_role("button", name="Unpin").click()
    for person in (mary, niels):
        expect(line(person)).to_have_text(texts[0])
        expect(bar(person)).to_contain_text("Pinned message")
        person.page.reload()
        expect(line(person)).to_have_text(texts[0])
    choose(niels, texts[0], "Unpin")
    for person in (mary, niels):
        expect(bar(person)).to_have_count(0)
    # The line says of a message that is gone no words.
    expect(niels.page.get_by_test_id("service").filter(has_text=texts[2])).to_have_count(0)


def test_a_line_of_a_pin_leads_to_its_message_by_keys_too(stage: Stage, unique: str):
    text = f"Read this {unique}"
    say(stage.niels, stage.group, text, *(f"more {number} {unique}" for number in range(30)))
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    choose(niels, text, "Pin")
    niels.page.get_by_role("button", name="Go to the newest message").click()
    said = niels.page.get_by_test_id("service").filter(has_text=f"You pinned “{text}”").get_by_role("button")
    said.focus()
    niels.page.keyboard.press("Enter")
    expect(message(niels, text)).to_be_in_viewport()
    choose(niels, text, "Unpin")
    expect(bar(niels)).to_have_count(0)
