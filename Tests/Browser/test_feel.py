"""What a hand expects: nothing moves by itself, everything is where it was, and the focus is at hand."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import CLUSTER, Person, sign_in
from fill import Person as Writer
from fill import fill_now

DESKTOP = {"width": 1280, "height": 800}
LONG = 700
# What a message that one reads may move when something comes above or below it (issue 4, point 2).
PIXELS_MAX = 1.0
ROWS_MAX = 130


@pytest.fixture(scope="module")
def writer(nodes: list[dict]) -> Writer:
    """Somebody with a chat of many messages, who invites whom a test wants."""
    urls = [node["url"] for node in nodes]
    people = [
        Writer(urls, CLUSTER.parent / "sign-in-codes.jsonl").sign_in(name)
        for name in ("Tess Writer", "Theo Writer")
    ]
    chat = people[0].create("long", "A long chat")
    people[0].invite(chat, people[1])
    fill_now(urls, people, chat, LONG, say=lambda line: None)
    people[0].chat, people[0].written = chat, LONG
    return people[0]


def write_more(writer: Writer, url: str, count: int) -> None:
    """The writer sends so many further messages to the long chat."""
    fill_now([url], [writer], writer.chat, count, first=writer.written + 1, say=lambda line: None)
    writer.written += count


def invite(writer: Writer, chat: str, person: Person) -> None:
    writer.persist("POST", f"/api/chats/{chat}/members", {"username": person.username})


@pytest.fixture(scope="module")
def reader(browser: Browser, nodes: list[dict], writer: Writer):
    """Somebody new, who is in the long chat."""
    context = browser.new_context(viewport=DESKTOP)
    person = sign_in(context, nodes[1]["url"], "Fay Reader")
    invite(writer, writer.chat, person)
    yield person
    assert person.problems == []
    context.close()


@pytest.fixture
def fay(reader: Person) -> Person:
    """The reader at the end of the long chat."""
    reader.open("long")
    down = reader.page.get_by_role("button", name="Go to the newest message")
    if down.count() > 0:
        down.click()
        expect(down).to_have_count(0)
    expect(reader.page.get_by_test_id("message").last).to_be_in_viewport()
    return reader


def tops(page: Page) -> dict[str, float]:
    """Where each message in sight is, by its text; the lower edge, for names come and go above."""
    return page.evaluate(
        """() => {
            const box = document.querySelector('[data-testid=timeline]').getBoundingClientRect();
            return Object.fromEntries([...document.querySelectorAll('[data-testid=message]')]
                .map((row) => [row.querySelector('[data-testid=text]').innerText, row.getBoundingClientRect()])
                .filter(([, { top, bottom }]) => top >= box.top && bottom <= box.bottom)
                .map(([text, { bottom }]) => [text, bottom]));
        }"""
    )


def expect_unmoved(
    before: dict[str, float], after: dict[str, float], pixels_max: float = PIXELS_MAX
) -> None:
    shared = before.keys() & after.keys()
    assert len(shared) >= 3, (before, after)
    moved = {text: after[text] - before[text] for text in shared}
    assert all(abs(way) <= pixels_max for way in moved.values()), moved


def scroll_up(person: Person, wheels: int, pixels: int = 500) -> None:
    person.page.get_by_test_id("timeline").hover()
    for _ in range(wheels):
        person.page.mouse.wheel(0, -pixels)
        person.page.wait_for_timeout(40)


def await_still(page: Page) -> None:
    """Until the thread has stood still and loaded nothing for a while."""
    page.wait_for_function(
        """() => {
            const scroll = document.querySelector('[data-testid=timeline]');
            const now = [scroll.scrollTop, scroll.scrollHeight, scroll.querySelectorAll('[data-before]').length];
            const same = JSON.stringify(now) === window.lastPlace_;
            window.stillSince_ = same ? window.stillSince_ ?? performance.now() : undefined;
            window.lastPlace_ = JSON.stringify(now);
            return same && performance.now() - window.stillSince_ > 400;
        }""",
        polling=50,
    )


def await_moved(page: Page, before: dict[str, float]) -> None:
    """Until the first of some messages is elsewhere: a busy machine scrolls later than it was told."""
    page.wait_for_function(
        """([text, bottom]) => {
            const rows = [...document.querySelectorAll('[data-testid=message]')];
            const row = rows.find((row) => row.querySelector('[data-testid=text]').innerText === text);
            return row === undefined || Math.abs(row.getBoundingClientRect().bottom - bottom) > 1;
        }""",
        arg=list(next(iter(before.items()))),
    )


# MARK: Nothing moves by itself


def test_incoming_messages_do_not_move_what_one_reads(fay: Person, writer: Writer, nodes: list[dict]):
    scroll_up(fay, 6)
    await_still(fay.page)
    before = tops(fay.page)
    write_more(writer, nodes[1]["url"], 15)
    expect(fay.page.locator(".timeline__count")).to_have_text("15")
    expect_unmoved(before, tops(fay.page))
    # At the end one follows: the newest is in sight, and nothing is unread.
    fay.page.get_by_role("button", name="Go to the newest message").click()
    expect(fay.page.get_by_role("button", name="Go to the newest message")).to_have_count(0)
    expect(fay.page.get_by_test_id("message").last).to_be_in_viewport()
    write_more(writer, nodes[1]["url"], 3)
    expect(fay.chat("long").get_by_test_id("unread")).to_have_count(0)
    expect(fay.page.get_by_test_id("message").last).to_be_in_viewport()


def test_older_messages_come_above_without_moving_what_one_reads(fay: Person):
    page, wheel = fay.page, 300
    first = fay.texts()[0]
    page.get_by_test_id("timeline").hover()
    # What is in sight moves by what one scrolls, all of it alike, through many pages of history; by less
    # where one waits at the upper end. What comes above would move it further.
    for _ in range(24):
        before = tops(page)
        page.mouse.wheel(0, -wheel)
        await_moved(page, before)
        await_still(page)
        after = tops(page)
        ways = [after[text] - before[text] for text in before.keys() & after.keys()]
        assert ways, (before, after)
        assert max(ways) - min(ways) <= PIXELS_MAX, ways
        assert -PIXELS_MAX <= min(ways) and max(ways) <= wheel + PIXELS_MAX, ways
    assert fay.texts()[0] != first, "nothing older came"


def test_a_thread_of_any_length_is_a_few_rows_in_the_document(fay: Person):
    seen: set[str] = set()
    fay.page.get_by_test_id("timeline").hover()
    for _ in range(300):
        fay.page.mouse.wheel(0, -1_200)
        fay.page.wait_for_timeout(30)
        texts = fay.texts()
        assert len(texts) <= ROWS_MAX
        assert len(texts) == len(set(texts)), "a message is there twice"
        seen.update(texts)
        if any(text.startswith("1: ") for text in texts):
            break
    numbers = {int(text.split(":")[0]) for text in seen if re.match(r"\d+: ", text)}
    assert numbers >= set(range(1, LONG + 1)), "messages are missing"


# MARK: Everything is where it was


def test_where_one_was_is_kept_per_chat_and_over_a_reload(fay: Person, unique: str):
    fay.create(unique, "Elsewhere")
    fay.write("here I am at the end")
    fay.open("long")
    scroll_up(fay, 30)
    await_still(fay.page)
    before = tops(fay.page)
    fay.open(unique)
    expect(fay.message("here I am at the end")).to_be_in_viewport()
    fay.open("long")
    expect(fay.page.get_by_test_id("message").first).to_be_visible()
    expect_unmoved(before, tops(fay.page))
    fay.page.reload()
    expect(fay.page.get_by_text(next(iter(before)), exact=True)).to_be_in_viewport()
    await_still(fay.page)
    expect_unmoved(before, tops(fay.page))
    # At the end there is nothing to keep: the chat opens at its end again.
    fay.page.get_by_role("button", name="Go to the newest message").click()
    expect(fay.page.get_by_role("button", name="Go to the newest message")).to_have_count(0)
    fay.open(unique)
    fay.open("long")
    expect(fay.page.get_by_test_id("message").last).to_be_in_viewport()


def test_drafts_are_kept_per_chat_and_shown_by_other_tabs(fay: Person, unique: str):
    field = fay.page.get_by_role("textbox", name="Message", exact=True)
    fay.create(unique, "Drafts")
    field.fill("for the new chat")
    fay.open("long")
    expect(field).to_have_value("")
    field.fill("for the long chat")
    fay.open(unique)
    expect(field).to_have_value("for the new chat")
    fay.page.reload()
    expect(field).to_have_value("for the new chat")
    other = fay.page.context.new_page()
    other.goto(fay.page.url)
    expect(other.get_by_role("textbox", name="Message", exact=True)).to_have_value("for the new chat")
    fay.page.bring_to_front()
    fay.open("long")
    expect(field).to_have_value("for the long chat")
    fay.write("sent")
    expect(field).to_have_value("")
    fay.open(unique)
    fay.open("long")
    expect(field).to_have_value("")
    other.close()


# MARK: The focus is at hand


def expect_focus(page: Page, name: str) -> None:
    """Waits until the focus is there: it comes with the frame after an act."""
    page.wait_for_function(
        "(name) => (document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName) === name",
        arg=name,
    )


def test_the_focus_is_in_the_composer_after_every_act_in_a_chat(fay: Person, unique: str):
    page = fay.page
    expect_focus(page, "Message")
    fay.create(unique, "Focus")
    expect_focus(page, "Message")
    fay.write("with Enter")
    expect_focus(page, "Message")
    page.keyboard.type("with the button")
    page.get_by_role("button", name="Send").click()
    expect(fay.message("with the button")).to_be_visible()
    expect_focus(page, "Message")
    fay.open("long")
    expect_focus(page, "Message")
    scroll_up(fay, 6)
    page.get_by_role("button", name="Go to the newest message").click()
    expect_focus(page, "Message")
    # Typing, pasting and the first Tab find their way from nowhere.
    for key, result in (("x", "x"), ("Tab", "")):
        page.evaluate("() => document.activeElement.blur()")
        expect_focus(page, "BODY")
        page.keyboard.press(key)
        expect_focus(page, "Message")
        expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value(result)
        page.get_by_role("textbox", name="Message", exact=True).fill("")


# MARK: Motion


def watch_animations(page: Page) -> None:
    page.evaluate(
        """() => {
            window.moved_ = 0;
            window.play_ ??= Element.prototype.animate;
            const play = window.play_;
            Element.prototype.animate = function (...args) {
                if (this.closest('[data-testid=message]')) window.moved_ += 1;
                return play.apply(this, args);
            };
        }"""
    )


@pytest.mark.parametrize("is_reduced", [False, True])
def test_a_new_message_moves_in_unless_nothing_should_move(
    fay: Person, writer: Writer, nodes: list[dict], is_reduced: bool
):
    page = fay.page
    page.emulate_media(reduced_motion="reduce" if is_reduced else "no-preference")
    watch_animations(page)
    write_more(writer, nodes[1]["url"], 1)
    expect(fay.chat("long").get_by_test_id("unread")).to_have_count(0)
    fay.write("mine")
    expect(fay.message("mine").last).to_be_in_viewport()
    assert (page.evaluate("() => window.moved_") == 0) == is_reduced
    # What was there before, and comes into the document by a scroll, does not.
    moved = page.evaluate("() => window.moved_")
    scroll_up(fay, 10)
    assert page.evaluate("() => window.moved_") == moved
