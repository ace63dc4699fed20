"""Edits: by menu and by keys, seen by everybody, in quotes and in the list, after a reload and without a network."""

import re
import time

from conftest import Person, frame_answer
from playwright.sync_api import Locator, Page, expect
from stage import TOUCH, Stage, composer, message, say, settle

DAY = 86_400_000


def bar(page: Page) -> Locator:
    return page.get_by_test_id("edit-bar")


def choose_edit(person: Person, text: str) -> None:
    message(person, text).click(button="right")
    person.page.get_by_role("menuitem", name="Edit", exact=True).click()
    expect(bar(person.page).get_by_test_id("quote-line")).to_have_text(text)
    expect(composer(person.page)).to_have_value(text)
    expect(composer(person.page)).to_be_focused()


def save(page: Page, text: str) -> None:
    composer(page).fill(text)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(bar(page)).to_have_count(0)


def is_done(message: Locator) -> None:
    expect(message).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))
    expect(message.get_by_test_id("edited")).to_be_visible()


def test_an_edit_is_seen_by_everybody_in_message_quote_and_list(stage: Stage, unique: str):
    first, second = f"Tee at five {unique}", f"Tea at five {unique}"
    say(stage.mary, stage.group, first)
    mary, olga = stage.visit(path=f"#/{stage.chat_id()}"), stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    expect(message(olga, first)).to_be_visible()
    expect(message(olga, first).get_by_test_id("edited")).to_have_count(0)
    message(olga, first).click(button="right")
    expect(olga.page.get_by_role("menuitem", name="Reply", exact=True)).to_be_visible()
    expect(olga.page.get_by_role("menuitem", name="Edit", exact=True)).to_have_count(0)
    olga.page.get_by_role("menuitem", name="Reply", exact=True).click()
    olga.write(f"Yes {unique}")
    expect(message(mary, f"Yes {unique}")).to_be_visible()
    # What was begun stays meanwhile.
    composer(mary.page).fill("half a thought")
    choose_edit(mary, first)
    save(mary.page, second)
    expect(composer(mary.page)).to_have_value("half a thought")
    composer(mary.page).fill("")
    for person in (mary, olga):
        expect(message(person, first)).to_have_count(0)
        expect(message(person, f"Yes {unique}").get_by_test_id("quote-line")).to_have_text(second)
    is_done(message(mary, second))
    expect(message(olga, second).get_by_test_id("edited")).to_be_visible()
    expect(message(olga, second).locator(".bubble__meta")).to_have_attribute("title", re.compile(r"\nEdited: "))
    # It is where it was, before what answers it.
    texts = olga.texts()
    assert texts.index(second) < texts.index(f"Yes {unique}")
    olga.page.reload()
    expect(message(olga, second).get_by_test_id("edited")).to_be_visible()
    # Whoever never saw the first words.
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    expect(message(niels, second).get_by_test_id("edited")).to_be_visible()
    expect(message(niels, f"Yes {unique}").get_by_test_id("quote-line")).to_have_text(second)


def test_the_list_shows_the_new_words_and_counts_nothing(stage: Stage, unique: str):
    say(stage.mary, stage.group, f"Tee {unique}")
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    olga = stage.visit(stage.olga)
    row = olga.chat(stage.group)
    expect(row.locator(".chat-row__preview")).to_contain_text(f"Tee {unique}")
    count = row.locator(".badge").all_inner_texts()
    when = row.locator(".chat-row__time").inner_text()
    choose_edit(mary, f"Tee {unique}")
    save(mary.page, f"Tea {unique}")
    expect(row.locator(".chat-row__preview")).to_contain_text(f"Tea {unique}")
    assert row.locator(".badge").all_inner_texts() == count
    olga.page.reload()
    expect(row.locator(".chat-row__preview")).to_contain_text(f"Tea {unique}")
    assert row.locator(".badge").all_inner_texts() == count
    assert row.locator(".chat-row__time").inner_text() == when
    # And it is the preview of somebody who was never here.
    fresh = stage.visit(stage.niels)
    expect(fresh.chat(stage.group).locator(".chat-row__preview")).to_contain_text(f"Tea {unique}")


def test_the_arrow_up_edits_and_escape_lets_go(stage: Stage, unique: str):
    say(stage.mary, stage.group, unique)
    say(stage.niels, stage.group, f"between {unique}")
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    page = mary.page
    expect(message(mary, f"between {unique}")).to_be_visible()
    composer(page).fill("x")
    page.keyboard.press("ArrowUp")
    expect(bar(page)).to_have_count(0)
    composer(page).fill("")
    page.keyboard.press("ArrowUp")
    expect(composer(page)).to_have_value(unique)
    composer(page).fill(f"changed {unique}")
    page.keyboard.press("Escape")
    expect(bar(page)).to_have_count(0)
    expect(composer(page)).to_have_value("")
    expect(composer(page)).to_be_focused()
    expect(page.get_by_test_id("chat-title")).to_have_text(stage.group)
    page.keyboard.press("ArrowUp")
    expect(composer(page)).to_have_value(unique)
    page.keyboard.type("!")
    page.keyboard.press("Enter")
    is_done(message(mary, f"{unique}!"))
    # Nothing was changed: nothing is sent, and the next message is one of its own.
    before = mary.texts()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(bar(page)).to_have_count(0)
    mary.write(f"after {unique}")
    mary.expect_texts([*before, f"after {unique}"])
    page.keyboard.press("ArrowUp")
    bar(page).get_by_role("button", name="Do not edit").click()
    expect(bar(page)).to_have_count(0)
    expect(composer(page)).to_have_value("")


def test_an_edit_made_offline_is_seen_at_once_and_done_after_a_reload(stage: Stage, unique: str):
    say(stage.mary, stage.group, unique)
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    page = mary.page
    expect(message(mary, unique)).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "offline")
    choose_edit(mary, unique)
    save(page, f"later {unique}")
    mary.write(f"next {unique}")
    expect(message(mary, f"later {unique}")).to_have_attribute("data-delivery", "sending")
    expect(message(mary, f"next {unique}")).to_have_attribute("data-delivery", "sending")
    page.context.set_offline(False)
    page.reload()
    is_done(message(mary, f"later {unique}"))
    expect(message(mary, f"next {unique}")).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))
    olga = stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    expect(message(olga, f"later {unique}").get_by_test_id("edited")).to_be_visible()


def test_what_was_edited_while_nobody_looked_is_not_shown_as_it_was(stage: Stage, unique: str):
    say(stage.mary, stage.group, *(f"{number} of {unique}" for number in range(3)))
    olga = stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    expect(message(olga, f"2 of {unique}")).to_be_visible()
    seq = message(olga, f"0 of {unique}").get_attribute("data-key")[1:]
    # The page goes; only what the browser keeps stays.
    address = olga.page.url
    olga.page.goto("about:blank")
    edit = {"kind": "edit", "chat": stage.chat_id(), "target": int(seq), "text": f"other {unique}"}
    assert frame_answer(stage.mary, edit)[0] == "ack"
    olga.page.goto(address)
    expect(message(olga, f"other {unique}").get_by_test_id("edited")).to_be_visible()
    expect(message(olga, f"0 of {unique}")).to_have_count(0)


def test_only_own_messages_can_be_edited_and_the_reason_is_told(stage: Stage, unique: str):
    say(stage.mary, stage.group, unique)
    mary, niels = stage.visit(path=f"#/{stage.chat_id()}"), stage.visit(stage.niels)
    seq = int(message(mary, unique).get_attribute("data-key")[1:])
    for who, target, text, code in (
        (niels, seq, "x", "notSender"), (mary, 1, "x", "badTarget"), (mary, 10**9, "x", "badTarget"),
        (mary, seq, " ", "badText"), (mary, 0, "x", "badRequest"),
    ):  # fmt: skip
        frame = {"kind": "edit", "chat": stage.chat_id(), "target": target, "text": text}
        assert frame_answer(who, frame) == ["error", code, False], code
    expect(message(mary, unique)).to_be_visible()
    expect(message(mary, unique).get_by_test_id("edited")).to_have_count(0)


def test_old_messages_have_no_edit_and_one_that_comes_too_late_keeps_its_words(stage: Stage, unique: str):
    say(stage.mary, stage.group, unique)
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    page = mary.page
    expect(message(mary, unique)).to_be_visible()
    # This browser believes that two days have gone by.
    page.clock.set_fixed_time((time.time() * 1000 + 2 * DAY + 60_000) / 1000)
    message(mary, unique).click(button="right")
    expect(page.get_by_role("menuitem", name="Reply", exact=True)).to_be_visible()
    expect(page.get_by_role("menuitem", name="Edit", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    composer(page).focus()
    page.keyboard.press("ArrowUp")
    expect(bar(page)).to_have_count(0)


def test_on_a_phone_a_tap_offers_edit_and_the_meta_has_its_room(stage: Stage, unique: str):
    text = f"{unique} " + "w" * 12
    say(stage.mary, stage.group, text)
    mary = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH)
    page = mary.page
    settle(page)
    box = message(mary, text).locator(".bubble__body").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    item = page.get_by_role("menuitem", name="Edit", exact=True)
    if item.count() == 0:
        message(mary, text).click(button="right")
    item.click()
    save(page, f"{text}!")
    edited = message(mary, f"{text}!")
    is_done(edited)
    settle(page)
    # The words and the meta do not lie over each other.
    words = edited.get_by_test_id("text").evaluate(
        "(one) => { const lines = [...one.getClientRects()]; const last = lines[lines.length - 1];"
        " return [last.right, last.bottom]; }"
    )
    meta = edited.locator(".bubble__meta").bounding_box()
    assert words[0] <= meta["x"] + 1 or words[1] <= meta["y"] + 1
