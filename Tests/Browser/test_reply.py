"""Replies: the block in the message, the bar above the field, by hand and by keys, jumps and the way back."""

import re

import pytest
from conftest import CLUSTER, Person, frame_answer
from fill import Person as Writer
from fill import fill_now
from playwright.sync_api import Locator, Page, expect
from stage import TOUCH, Stage, composer, message, say, settle

LONG = 400
#: The message of the long chat that a reply far below answers.
EARLY = 7


def bar(page: Page) -> Locator:
    return page.get_by_test_id("reply-bar")


def block(message: Locator) -> Locator:
    return message.get_by_test_id("reply")


def choose_reply(person: Person, text: str) -> None:
    message(person, text).click(button="right")
    person.page.get_by_role("menuitem", name="Reply", exact=True).click()
    expect(bar(person.page).get_by_test_id("quote-line")).to_have_text(text)


def reply(person: Person, to: str, text: str) -> None:
    """Answers a message and waits until the cluster has the answer."""
    choose_reply(person, to)
    person.write(text)
    expect(message(person, text)).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))


def colour(element: Locator) -> str:
    return element.evaluate("(element) => getComputedStyle(element).color")


# MARK: The block


def test_a_reply_shows_what_it_answers_to_everybody_and_after_a_reload(stage: Stage, unique: str):
    question, answer = f"Shall we have tea, {unique}?", f"Yes, at five, {unique}"
    say(stage.niels, stage.group, question)
    mary, olga = stage.visit(path=f"#/{stage.chat_id()}"), stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    reply(mary, question, answer)
    expect(bar(mary.page)).to_have_count(0)
    expect(composer(mary.page)).to_be_focused()
    for person in (mary, olga):
        quote = block(message(person, answer))
        expect(quote.locator(".quote__title")).to_have_text(stage.niels.name)
        expect(quote.get_by_test_id("quote-line")).to_have_text(question)
    # The name has the colour of whose it is, as their own messages have; on my own ground that of the ticks.
    own = olga.page.locator(".bubble__name", has_text=stage.niels.name).last
    assert colour(block(message(olga, answer)).locator(".quote__title")) == colour(own)
    mine = message(mary, answer)
    assert colour(block(mine).locator(".quote__title")) == colour(mine.locator(".bubble__meta"))
    olga.page.reload()
    expect(block(message(olga, answer)).get_by_test_id("quote-line")).to_have_text(question)
    # A message that answers nothing has no block.
    expect(block(message(olga, question))).to_have_count(0)


def test_a_quote_is_one_line_however_long_and_wild_it_is(stage: Stage, unique: str):
    wild = f"<b>{unique}</b> " + "\u202e" + "z\u0335\u0321" * 40 + "\n" + "wide" * 500
    chat = stage.chat_id()
    said = frame_answer(stage.niels, {"chat": chat, "text": wild})
    mary = stage.visit(path=f"#/{chat}")
    assert frame_answer(mary, {"chat": chat, "text": f"on {unique}", "replyTo": said[1]})[0] == "ack"
    quote = block(message(mary, f"on {unique}"))
    line = quote.get_by_test_id("quote-line")
    expect(line).to_contain_text(f"<b>{unique}</b>")
    box, bubble = quote.bounding_box(), message(mary, f"on {unique}").locator(".bubble__body").bounding_box()
    assert box["height"] < 48
    assert box["x"] >= bubble["x"] and box["x"] + box["width"] <= bubble["x"] + bubble["width"]


def test_nothing_but_an_earlier_message_of_the_chat_can_be_answered(stage: Stage):
    chat = stage.chat_id()
    for target, code in ((1, "badReply"), (10**9, "badReply"), (0, "badRequest"), ("1", "badRequest")):
        answer = frame_answer(stage.mary, {"chat": chat, "text": "x", "replyTo": target})
        assert answer == ["error", code, False], target


# MARK: The bar


def test_escape_and_the_cross_let_go_of_a_reply_and_of_nothing_else(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    guest = stage.visit(path=f"#/{stage.chat_id()}")
    page = guest.page
    choose_reply(guest, unique)
    composer(page).fill("half a thought")
    page.keyboard.press("Escape")
    expect(bar(page)).to_have_count(0)
    expect(composer(page)).to_have_value("half a thought")
    expect(page.get_by_test_id("chat-title")).to_have_text(stage.group)
    choose_reply(guest, unique)
    bar(page).get_by_role("button", name="Do not reply").click()
    expect(bar(page)).to_have_count(0)
    expect(composer(page)).to_be_focused()
    guest.write(f"plain {unique}")
    expect(message(guest, f"plain {unique}")).to_be_visible()
    expect(block(message(guest, f"plain {unique}"))).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("chat-title")).to_have_count(0)


def test_a_double_click_beside_the_words_replies_and_on_them_selects(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    guest = stage.visit(path=f"#/{stage.chat_id()}")
    page = guest.page
    settle(page)
    message(guest, unique).get_by_test_id("text").dblclick()
    assert page.evaluate("() => getSelection().toString()").strip() == unique
    expect(bar(page)).to_have_count(0)
    box = message(guest, unique).bounding_box()
    page.mouse.dblclick(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    expect(bar(page).get_by_test_id("quote-line")).to_have_text(unique)
    expect(composer(page)).to_be_focused()


def test_by_keys_one_walks_what_is_answered_and_goes_there(stage: Stage, unique: str):
    first, second = f"first {unique}", f"second {unique}"
    say(stage.niels, stage.group, first, second)
    guest = stage.visit(path=f"#/{stage.chat_id()}")
    page = guest.page
    # Only what is here is walked.
    for text in (first, second):
        expect(message(guest, text)).to_be_visible()
    expect(composer(page)).to_be_focused()
    line = bar(page).get_by_test_id("quote-line")
    page.keyboard.press("Control+ArrowUp")
    expect(line).to_have_text(second)
    page.keyboard.press("Control+ArrowUp")
    expect(line).to_have_text(first)
    page.keyboard.press("Control+ArrowDown")
    expect(line).to_have_text(second)
    page.keyboard.press("Control+ArrowDown")
    expect(bar(page)).to_have_count(0)
    # With something in the field the arrows are the field's.
    composer(page).fill("words")
    page.keyboard.press("Control+ArrowUp")
    expect(bar(page)).to_have_count(0)
    composer(page).fill("")
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.type(f"answer {unique}")
    page.keyboard.press("Enter")
    expect(block(message(guest, f"answer {unique}")).get_by_test_id("quote-line")).to_have_text(first)
    # In the thread the menu of a message has both ways.
    settle(page)
    page.get_by_test_id("timeline").focus()
    page.keyboard.press("ArrowUp")
    expect(message(guest, f"answer {unique}")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Go to what is answered").press("Enter")
    expect(message(guest, first)).to_be_focused()
    expect(message(guest, first)).to_have_class(re.compile("bubble--found"))
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Reply", exact=True).press("Enter")
    expect(line).to_have_text(first)
    expect(composer(page)).to_be_focused()


def test_a_finger_that_draws_a_message_aside_replies(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    guest = stage.visit(path=f"#/{stage.chat_id()}", **TOUCH)
    page = guest.page
    expect(message(guest, unique)).to_be_visible()
    settle(page)
    session = page.context.new_cdp_session(page)
    box = message(guest, unique).locator(".bubble__body").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": left, "y": top} for left, top in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def draw(by: float) -> None:
        touch("touchStart", (x, y))
        for step in range(1, 9):
            touch("touchMove", (x - by * step / 8, y))

    # Not far enough: it slides back.
    draw(40)
    expect(message(guest, unique)).to_have_class(re.compile("bubble--swiped"))
    assert message(guest, unique).locator(".bubble__body").bounding_box()["x"] < box["x"] - 5
    touch("touchEnd")
    expect(message(guest, unique)).not_to_have_class(re.compile("bubble--swiped"))
    expect(bar(page)).to_have_count(0)
    settle(page)
    assert abs(message(guest, unique).locator(".bubble__body").bounding_box()["x"] - box["x"]) < 1
    draw(90)
    touch("touchEnd")
    expect(bar(page).get_by_test_id("quote-line")).to_have_text(unique)
    # A browser takes no tap right after a finger that moved fast.
    page.wait_for_timeout(800)
    # Up and down scrolls, and replies to nothing.
    bar(page).get_by_role("button", name="Do not reply").tap()
    expect(bar(page)).to_have_count(0)
    settle(page)
    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x - 3 * step, y - 12 * step))
    touch("touchEnd")
    expect(bar(page)).to_have_count(0)


# MARK: Kept


def test_a_draft_keeps_what_it_answers_over_chats_and_reloads(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    guest = stage.visit(path=f"#/{stage.chat_id()}")
    page = guest.page
    choose_reply(guest, unique)
    composer(page).fill("in the middle of")
    page.get_by_test_id("chat-row").filter(has_not_text=stage.group).first.click()
    expect(bar(page)).to_have_count(0)
    guest.open(stage.group)
    expect(bar(page).get_by_test_id("quote-line")).to_have_text(unique)
    page.reload()
    expect(composer(page)).to_have_value("in the middle of")
    expect(bar(page).get_by_test_id("quote-line")).to_have_text(unique)
    guest.write(f"the middle of {unique}")
    expect(block(message(guest, f"the middle of {unique}")).get_by_test_id("quote-line")).to_have_text(unique)
    page.reload()
    expect(composer(page)).to_have_value("")
    expect(bar(page)).to_have_count(0)


def test_a_reply_that_waits_for_the_network_shows_its_block_and_arrives_as_one(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    answer = f"from the tunnel {unique}"
    guest, olga = stage.visit(path=f"#/{stage.chat_id()}"), stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    page = guest.page
    expect(message(guest, unique)).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "offline")
    choose_reply(guest, unique)
    guest.write(answer)
    expect(message(guest, answer)).to_have_attribute("data-delivery", "sending")
    expect(block(message(guest, answer)).get_by_test_id("quote-line")).to_have_text(unique)
    page.context.set_offline(False)
    expect(message(guest, answer)).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))
    for person in (guest, olga):
        expect(message(person, answer)).to_have_count(1)
        expect(block(message(person, answer)).get_by_test_id("quote-line")).to_have_text(unique)


# MARK: Jumps


@pytest.fixture(scope="module")
def long_chat(nodes: list[dict], people: Stage) -> str:
    """The id of a chat of many messages, the last of which answers one of the first; Mary is in it."""
    urls = [node["url"] for node in nodes]
    writer = Writer(urls, CLUSTER.parent / "sign-in-codes.jsonl").sign_in("Rita Writer")
    chat = writer.create("archive", "A long chat")
    writer.persist("POST", f"/api/chats/{chat}/members", {"username": people.mary.username})
    fill_now(urls, [writer], chat, LONG, say=lambda line: None)
    return chat


def test_a_block_leads_to_what_was_never_loaded_and_the_button_leads_back(stage: Stage, long_chat: str, unique: str):
    early = stage.mary.page.evaluate(
        "async (chat) => (await (await fetch(`/api/chats/${chat}/entries?after=2&limit=100`)).json()).entries",
        long_chat,
    )
    target = [entry for entry in early if entry["kind"] == "text"][EARLY]
    answer = f"About something from long ago {unique}"
    frame = {"chat": long_chat, "text": answer, "replyTo": target["seq"]}
    assert frame_answer(stage.mary, frame)[0] == "ack"
    guest = stage.visit(path=f"#/{long_chat}")
    page = guest.page
    quote = block(message(guest, answer))
    # What is quoted came by itself; the thread has not loaded it.
    expect(quote.get_by_test_id("quote-line")).to_have_text(target["text"])
    found = page.locator(f"[data-key='e{target['seq']}']")
    expect(found).to_have_count(0)
    quote.click()
    expect(found).to_be_in_viewport()
    expect(found).to_have_class(re.compile("bubble--found"))
    thread, row = page.get_by_test_id("timeline").bounding_box(), found.bounding_box()
    # In the middle, or as near to it as the beginning of the thread lets it come.
    centre = row["y"] + row["height"] / 2 - thread["y"]
    assert 0 < centre < thread["height"] * 0.6
    expect(found).not_to_have_class(re.compile("bubble--found"), timeout=4_000)
    button = page.get_by_role("button", name="Go to the newest message")
    expect(button).to_be_visible()
    button.click()
    expect(message(guest, answer)).to_be_in_viewport()
    # From there it is the end, to which it goes by itself.
    expect(button).to_have_count(0)
    # The history between is whole: up to the beginning one number follows the other.
    page.get_by_test_id("timeline").hover()
    first = page.locator(f"[data-key='e{early[0]['seq']}']")
    for _ in range(100):
        if first.count() == 1 and page.locator("[data-before]").count() == 0:
            break
        page.mouse.wheel(0, -1_500)
        page.wait_for_timeout(60)
    rows = page.locator("[data-key^=e]").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.key.slice(1)))"
    )
    assert first.count() == 1 and rows == list(range(rows[0], rows[0] + len(rows))), rows


def test_from_a_reply_in_the_middle_the_button_leads_back_there_and_then_to_the_end(
    stage: Stage, long_chat: str, unique: str
):
    # The answer, and then so much that it is far above the end.
    before = frame_answer(stage.mary, {"chat": long_chat, "text": f"target {unique}"})
    assert frame_answer(stage.mary, {"chat": long_chat, "text": f"x {unique} " + "line\n" * 60})[0] == "ack"
    middle = frame_answer(stage.mary, {"chat": long_chat, "text": f"answer {unique}", "replyTo": before[1]})
    for number in range(3):
        text = f"below {number} {unique} " + "line\n" * 60
        assert frame_answer(stage.mary, {"chat": long_chat, "text": text})[0] == "ack"
    guest = stage.visit(path=f"#/{long_chat}")
    page = guest.page
    answer = page.locator(f"[data-key='e{middle[1]}']")
    answer.scroll_into_view_if_needed()
    block(answer).click()
    target = page.locator(f"[data-key='e{before[1]}']")
    expect(target).to_be_in_viewport()
    expect(answer).not_to_be_in_viewport()
    button = page.get_by_role("button", name="Go to the newest message")
    button.click()
    expect(answer).to_be_in_viewport()
    expect(answer).to_have_class(re.compile("bubble--found"))
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_test_id("message").last).to_be_in_viewport()
    expect(button).to_have_count(0)
