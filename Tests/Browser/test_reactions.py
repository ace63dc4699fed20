"""Reactions: by menu, chip, keys and two taps; counted for everybody, without a network, after a reload, on a phone."""

import re

import pytest
from conftest import Person
from playwright.sync_api import Locator, expect
from stage import TOUCH, Stage, message, say, settle


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def chips(message: Locator) -> Locator:
    return message.get_by_test_id("reaction")


def chip(message: Locator, emoji: str) -> Locator:
    return chips(message).filter(has_text=emoji)


def choose(person: Person, text: str, emoji: str) -> None:
    message(person, text).click(button="right")
    person.page.get_by_role("menuitemradio", name=f"React with {emoji}").click()
    expect(person.page.get_by_role("menu")).to_have_count(0)


def visits(stage: Stage, **options) -> list[Person]:
    path = f"#/{stage.chat_id()}"
    return [stage.visit(person, path=path, **options) for person in (stage.mary, stage.niels, stage.olga)]


def test_everybody_counts_the_same_and_a_chip_says_it_or_takes_it_back(stage: Stage, unique: str):
    text, answer = f"Tea at five? {unique}", f"🎉 {unique}"
    say(stage.niels, stage.group, text, answer)
    say(stage.mary, stage.group, f"Then it is so {unique}")
    mary, niels, olga = everybody = visits(stage)
    choose(mary, text, "👍")
    expect(chip(message(mary, text), "👍")).to_have_attribute("aria-pressed", "true")
    for person in (niels, olga):
        expect(chip(message(person, text), "👍")).to_have_attribute("aria-pressed", "false")
        expect(chip(message(person, text), "👍")).to_have_attribute("title", mary.name)
    chip(message(niels, text), "👍").click()
    expect(chip(message(niels, text), "👍")).to_have_attribute("aria-pressed", "true")
    expect(chip(message(mary, text), "👍")).to_have_attribute("title", f"You, {niels.name}")
    # Another emoji takes the place of the first.
    choose(olga, text, "🔥")
    choose(niels, text, "❤️")
    for person in everybody:
        expect(chips(message(person, text))).to_have_count(3)
        expect(chip(message(person, text), "👍").locator(".avatar")).to_have_count(1)
    choose(mary, f"Then it is so {unique}", "🎉")
    expect(chips(message(olga, f"Then it is so {unique}"))).to_have_count(1)
    settle(mary.page)
    mary.page.screenshot(path="screenshots/reactions-desktop.png")
    mary.page.emulate_media(color_scheme="dark")
    message(mary, text).click(button="right")
    settle(mary.page)
    mary.page.screenshot(path="screenshots/reactions-menu.png")
    mary.page.keyboard.press("Escape")
    # What the menu shows as said is taken back by it.
    choose(olga, text, "🔥")
    chip(message(mary, text), "👍").click()
    for person in everybody:
        expect(chips(message(person, text))).to_have_count(1)
        person.page.reload()
        expect(chips(message(person, text))).to_have_count(1)
    expect(chip(message(niels, text), "❤️")).to_have_attribute("aria-pressed", "true")
    # Nothing of it is unread, or a line.
    expect(stage.olga.page.get_by_test_id("timeline").get_by_text("❤️")).to_have_count(0)


def test_what_is_said_without_a_network_is_shown_at_once_and_told_later(stage: Stage, unique: str):
    text = f"Is anybody here? {unique}"
    say(stage.niels, stage.group, text)
    mary, niels, _ = visits(stage)
    expect(message(mary, text)).to_be_visible()
    mary.page.context.set_offline(True)
    choose(mary, text, "🔥")
    expect(chip(message(mary, text), "🔥")).to_have_attribute("aria-pressed", "true")
    choose(mary, text, "👍")
    expect(chips(message(mary, text))).to_have_count(1)
    expect(chips(message(niels, text))).to_have_count(0)
    mary.page.context.set_offline(False)
    expect(chip(message(niels, text), "👍")).to_be_visible(timeout=20_000)
    expect(chips(message(niels, text))).to_have_count(1)
    expect(chip(message(mary, text), "👍")).to_have_attribute("aria-pressed", "true")


def test_a_deleted_message_loses_what_was_said_and_its_author_too(stage: Stage, unique: str):
    text = f"Never mind {unique}"
    say(stage.niels, stage.group, text)
    mary, niels, olga = visits(stage)
    choose(mary, text, "😢")
    expect(chips(message(niels, text))).to_have_count(1)
    message(niels, text).click(button="right")
    niels.page.get_by_role("menuitem", name="Delete", exact=True).click()
    niels.page.get_by_role("button", name="Delete for everybody").click()
    for person in (mary, niels, olga):
        expect(message(person, text)).to_have_count(0)
        expect(person.page.get_by_test_id("reaction").filter(has_text="😢")).to_have_count(0)


def test_keys_reach_the_strip_and_the_chips(stage: Stage, unique: str):
    text = f"By keys {unique}"
    say(stage.niels, stage.group, text)
    mary, niels, _ = visits(stage)
    message(mary, text).focus()
    mary.page.keyboard.press("Enter")
    expect(mary.page.get_by_role("menuitem", name="Reply", exact=True)).to_be_focused()
    mary.page.keyboard.press("Home")
    expect(mary.page.get_by_role("menuitemradio", name="React with 👍")).to_be_focused()
    mary.page.keyboard.press("ArrowRight")
    mary.page.keyboard.press("Enter")
    # Mary's own page has to show it before Tab can go there.
    expect(chip(message(mary, text), "❤️")).to_be_visible()
    expect(message(mary, text)).to_be_focused()
    mary.page.keyboard.press("Tab")
    expect(chip(message(mary, text), "❤️")).to_be_focused()
    expect(chip(message(mary, text), "❤️")).to_have_attribute("aria-label", "❤️ You")
    expect(chip(message(niels, text), "❤️")).to_be_visible()
    mary.page.keyboard.press("Space")
    expect(chips(message(niels, text))).to_have_count(0)


def test_two_taps_of_a_finger_say_the_first_of_them(stage: Stage, unique: str):
    text = f"With a finger {unique}"
    say(stage.niels, stage.group, text)
    mary, niels, _ = visits(stage, **TOUCH)
    said = message(mary, text)
    box = said.locator(".bubble__body").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(2):
        mary.page.touchscreen.tap(x, y)
    expect(chip(said, "👍")).to_have_attribute("aria-pressed", "true")
    expect(chip(message(niels, text), "👍")).to_be_visible()
    # One tap is none, and two taps reply to nothing.
    expect(mary.page.get_by_test_id("reply-bar")).to_have_count(0)
    niels.page.touchscreen.tap(x, y)
    chip(message(niels, text), "👍").tap()
    expect(chip(said, "👍")).to_have_attribute("title", re.compile("^You, "))
    settle(mary.page)
    mary.page.screenshot(path="screenshots/reactions-phone.png")
