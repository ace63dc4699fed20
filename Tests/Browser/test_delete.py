"""Deleting a message for everybody: by menu, after a question, in quotes, lists and counts, after a reload."""

import re

from conftest import Person, frame_answer
from playwright.sync_api import Locator, Page, expect
from stage import PHONE, Stage, message, say


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Delete this message?")


def ask(person: Person, text: str) -> None:
    message(person, text).click(button="right")
    person.page.get_by_role("menuitem", name="Delete", exact=True).click()
    expect(dialog(person.page)).to_be_visible()


def delete(person: Person, text: str) -> None:
    ask(person, text)
    dialog(person.page).get_by_role("button", name="Delete for everybody").click()
    expect(dialog(person.page)).to_have_count(0)
    expect(message(person, text)).to_have_count(0)


def seq_of(message: Locator) -> int:
    return int(message.get_attribute("data-key")[1:])


def test_a_deleted_message_goes_for_everybody_and_its_quotes_say_so(stage: Stage, unique: str):
    secret, answer = f"A secret {unique}", f"What? {unique}"
    say(stage.niels, stage.group, secret)
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    olga = stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    target = seq_of(message(olga, secret))
    assert frame_answer(olga, {"chat": stage.chat_id(), "text": answer, "replyTo": target})[0] == "ack"
    expect(message(niels, answer).get_by_test_id("quote-line")).to_have_text(secret)
    # The question can be left without an answer.
    ask(niels, secret)
    niels.page.keyboard.press("Escape")
    expect(dialog(niels.page)).to_have_count(0)
    expect(message(niels, secret)).to_be_visible()
    delete(niels, secret)
    for person in (niels, olga):
        expect(message(person, secret)).to_have_count(0)
        expect(message(person, answer).get_by_test_id("quote-line")).to_have_text("Deleted message")
    message(olga, answer).get_by_test_id("reply").click()
    expect(olga.page.get_by_text("This message was deleted.")).to_be_visible()
    olga.page.reload()
    expect(message(olga, answer).get_by_test_id("quote-line")).to_have_text("Deleted message")
    expect(message(olga, secret)).to_have_count(0)
    # Nothing that a page asks of the cluster has the words any more, nor what the browser keeps.
    history = f"/api/chats/{stage.chat_id()}/entries?limit=100"
    told = olga.page.evaluate("(path) => fetch(path).then((answer) => answer.text())", history)
    assert secret not in told and answer in told
    kept = olga.page.evaluate(
        """() => new Promise((resolve) => {
            const open = indexedDB.open("chaticket");
            open.onsuccess = () => {
                const all = open.result.transaction("entries").objectStore("entries").getAll();
                all.onsuccess = () => resolve(JSON.stringify(all.result));
            };
        })"""
    )
    assert secret not in kept and answer in kept


def test_who_made_the_chat_deletes_anybodys_and_others_only_their_own(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    mary, olga = stage.visit(path=f"#/{stage.chat_id()}"), stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    message(olga, unique).click(button="right")
    expect(olga.page.get_by_role("menuitem", name="Reply", exact=True)).to_be_visible()
    expect(olga.page.get_by_role("menuitem", name="Delete", exact=True)).to_have_count(0)
    olga.page.keyboard.press("Escape")
    frame = {"kind": "deleteMessage", "chat": stage.chat_id(), "target": seq_of(message(olga, unique))}
    assert frame_answer(olga, frame) == ["error", "notSender", False]
    assert frame_answer(olga, {**frame, "target": 1}) == ["error", "badTarget", False]
    assert frame_answer(olga, {**frame, "target": 0}) == ["error", "badRequest", False]
    delete(mary, unique)
    expect(message(olga, unique)).to_have_count(0)
    # It is deleted already, which is what everybody who may wants.
    assert frame_answer(mary, frame)[0] == "ack"
    assert frame_answer(stage.niels, {**frame, "kind": "edit", "text": "x"}) == ["error", "messageDeleted", False]


def test_the_list_counts_and_shows_only_what_is_there(stage: Stage, unique: str):
    say(stage.mary, stage.group, f"first {unique}")
    olga = stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    expect(message(olga, f"first {unique}")).to_be_visible()
    olga.page.goto(f"{olga.url}/#/")
    row = olga.chat(stage.group)
    expect(row.locator(".badge")).to_have_count(0)
    say(stage.mary, stage.group, f"second {unique}", f"third {unique}")
    expect(row.locator(".badge")).to_have_text("2")
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    delete(mary, f"third {unique}")
    expect(row.locator(".badge")).to_have_text("1")
    expect(row.locator(".chat-row__preview")).to_contain_text(f"second {unique}")
    olga.page.reload()
    expect(row.locator(".badge")).to_have_text("1")
    expect(row.locator(".chat-row__preview")).to_contain_text(f"second {unique}")
    delete(mary, f"second {unique}")
    expect(row.locator(".badge")).to_have_count(0)
    expect(row.locator(".chat-row__preview")).to_contain_text(f"first {unique}")
    row.click()
    expect(message(olga, f"first {unique}")).to_be_visible()
    expect(olga.page.get_by_test_id("unread-line")).to_have_count(0)
    say(stage.mary, stage.group, f"fourth {unique}")
    expect(message(olga, f"fourth {unique}")).to_be_visible()


def test_a_deletion_made_offline_is_done_after_a_reload(stage: Stage, unique: str):
    say(stage.mary, stage.group, unique, f"after {unique}")
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    page = mary.page
    expect(message(mary, unique)).to_be_visible()
    # What asks is fetched a little later than the page.
    page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => one.name.includes('/extras.'))")
    page.context.set_offline(True)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "offline")
    delete(mary, unique)
    page.context.set_offline(False)
    page.reload()
    expect(message(mary, f"after {unique}")).to_be_visible()
    expect(message(mary, unique)).to_have_count(0)
    olga = stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    expect(message(olga, f"after {unique}")).to_be_visible()
    expect(message(olga, unique)).to_have_count(0)


def test_what_is_deleted_while_it_is_edited_or_answered_lets_go(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    niels = stage.visit(stage.niels, path=f"#/{stage.chat_id()}")
    mary = stage.visit(path=f"#/{stage.chat_id()}")
    olga = stage.visit(stage.olga, path=f"#/{stage.chat_id()}")
    for person, act in ((niels, "Edit"), (olga, "Reply")):
        message(person, unique).click(button="right")
        person.page.get_by_role("menuitem", name=act, exact=True).click()
    expect(niels.page.get_by_test_id("edit-bar")).to_be_visible()
    expect(olga.page.get_by_test_id("reply-bar")).to_be_visible()
    delete(mary, unique)
    expect(niels.page.get_by_test_id("edit-bar")).to_have_count(0)
    expect(niels.page.get_by_role("textbox", name="Message", exact=True)).to_have_value("")
    expect(olga.page.get_by_test_id("reply-bar")).to_have_count(0)
    olga.write(f"plain {unique}")
    expect(message(olga, f"plain {unique}")).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))


def test_on_a_phone_the_question_is_asked_too(stage: Stage, unique: str):
    say(stage.mary, stage.group, unique)
    mary = stage.visit(path=f"#/{stage.chat_id()}", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(message(mary, unique)).to_be_visible()
    delete(mary, unique)
