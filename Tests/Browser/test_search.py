"""Search: messages of all chats in the left column, and of one chat in its own bar; a click lands on the message."""

import re

from conftest import Person
from playwright.sync_api import Locator, Page, expect
from stage import TOUCH, Stage, message, say

FOLDER = "screenshots"


def find_everywhere(page: Page, words: str) -> Locator:
    page.get_by_label("Search chats").fill(words)
    return page.get_by_test_id("hits").get_by_test_id("hit")


def picture(person: Person, name: str) -> None:
    person.page.screenshot(path=f"{FOLDER}/search-{name}.png")


def test_a_message_is_found_in_all_chats_and_a_click_lands_on_it(stage: Stage, unique: str):
    word = f"zeppelin{unique}"
    say(stage.niels, stage.group, f"A big {word} flew by", *[f"line {n} {unique}" for n in range(30)])
    mary = stage.visit()
    hits = find_everywhere(mary.page, word)
    expect(hits).to_have_count(1)
    expect(hits.locator("mark")).to_have_text([word])
    picture(mary, "everywhere")
    hits.click()
    expect(message(mary, f"A big {word} flew by")).to_be_in_viewport()
    # Who sees no message of theirs finds none.
    expect(find_everywhere(mary.page, f"no{word}")).to_have_count(0)
    expect(mary.page.get_by_text("No messages found.")).to_be_visible()
    find_everywhere(mary.page, "before:2026-02-30")
    expect(mary.page.get_by_text(re.compile("no date of the calendar"))).to_be_visible()


def test_the_open_chat_is_searched_by_keys_from_the_newest_on(stage: Stage, unique: str):
    say(stage.niels, stage.group, *[f"pearl{unique} {n}" for n in range(3)])
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    expect(message(mary, f"pearl{unique} 2")).to_be_visible()
    mary.page.keyboard.press("Control+f")
    field = mary.page.get_by_role("searchbox", name="Search in this chat")
    expect(field).to_be_focused()
    field.fill(f"earl{unique}")
    state = mary.page.get_by_test_id("search-state")
    expect(state).to_have_text("1 of 3")
    expect(message(mary, f"pearl{unique} 2")).to_be_in_viewport()
    mary.page.wait_for_function(
        "word => [...(CSS.highlights.get('found') ?? [])].map(String).join() === [word, word, word].join()",
        arg=f"earl{unique}",
    )
    field.press("Enter")
    expect(state).to_have_text("2 of 3")
    field.press("ArrowUp")
    expect(state).to_have_text("3 of 3")
    expect(message(mary, f"pearl{unique} 0")).to_be_in_viewport()
    field.press("ArrowDown")
    expect(state).to_have_text("2 of 3")
    picture(mary, "chat")
    field.press("Escape")
    expect(field).to_have_count(0)
    assert mary.page.evaluate("CSS.highlights.size") == 0


def test_a_phone_searches_from_the_menu_of_the_chat(stage: Stage, unique: str):
    say(stage.niels, stage.group, f"coral{unique}")
    mary = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH)
    mary.page.get_by_role("button", name="More").click()
    mary.page.get_by_role("menuitem", name="Search in this chat").click()
    mary.page.get_by_role("searchbox", name="Search in this chat").fill(f"coral{unique}")
    expect(mary.page.get_by_test_id("search-state")).to_have_text("1 of 1")
    picture(mary, "phone")
