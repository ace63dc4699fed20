"""Several messages at once: chosen by menu, press, key and finger; copied, starred, forwarded, deleted."""

import re

import pytest
from conftest import Person, frame_answer
from playwright.sync_api import Locator, expect
from stage import DESKTOP, TOUCH, Stage, composer, message, say, settle

CHOSEN_MAX = 100


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def bar(person: Person) -> Locator:
    return person.page.get_by_role("toolbar", name="Selected messages")


def begin(person: Person, text: str) -> None:
    message(person, text).click(button="right")
    person.page.get_by_role("menuitem", name="Select", exact=True).click()
    expect(bar(person)).to_be_visible()


def press(person: Person, text: str, **options) -> None:
    message(person, text).click(**options)


def chosen(person: Person) -> list[str]:
    picked = person.page.get_by_test_id("message").filter(has=person.page.get_by_role("checkbox", checked=True))
    return picked.get_by_test_id("text").all_inner_texts()


def expect_chosen(person: Person, texts: list[str]) -> None:
    count = f"{len(texts)} message" + ("" if len(texts) == 1 else "s")
    expect(bar(person).get_by_role("status")).to_have_text(count)
    assert chosen(person) == texts


def act(person: Person, name: str) -> Locator:
    return bar(person).get_by_role("button", name=name, exact=True)


def visit(stage: Stage, who: Person | None = None, **options) -> Person:
    return stage.visit(who, path=f"#/{stage.chat_id()}", **options)


def lines(unique: str, count: int = 6) -> list[str]:
    return [f"line {number} {unique}" for number in range(count)]


def test_a_press_chooses_and_lets_go_and_shift_takes_all_between(stage: Stage, unique: str):
    texts = lines(unique)
    say(stage.niels, stage.group, *texts[:3])
    link = f"[link {unique}](https://example.org/{unique})"
    assert frame_answer(stage.mary, {"chat": stage.chat_id(), "text": link})[0] == "ack"
    say(stage.mary, stage.group, *texts[3:])
    niels = visit(stage, stage.niels)
    begin(niels, texts[1])
    expect(composer(niels.page)).to_have_count(0)
    expect_chosen(niels, [texts[1]])
    press(niels, texts[4], modifiers=["Shift"])
    expect_chosen(niels, [texts[1], texts[2], f"link {unique}", *texts[3:5]])
    press(niels, texts[2])
    # A link is a part of its message now, and a double press answers nothing.
    niels.page.get_by_role("link", name=f"link {unique}").click(force=True)
    expect_chosen(niels, [texts[1], *texts[3:5]])
    assert len(niels.page.context.pages) == 1
    row = message(niels, texts[5]).bounding_box()
    niels.page.mouse.dblclick(row["x"] + 4, row["y"] + 4)
    expect_chosen(niels, [texts[1], *texts[3:5]])
    expect(niels.page.get_by_test_id("reply-bar")).to_have_count(0)
    # What was the last one chosen ends it, as Cancel does; the field is at hand again.
    for text in (texts[1], texts[3], texts[4]):
        press(niels, text)
    expect(bar(niels)).to_have_count(0)
    expect(composer(niels.page)).to_be_focused()
    expect(niels.page.get_by_role("checkbox")).to_have_count(0)
    press(niels, texts[0], modifiers=["ControlOrMeta"])
    expect_chosen(niels, [texts[0]])
    act(niels, "Cancel the selection").click()
    expect(bar(niels)).to_have_count(0)


def test_everything_goes_by_keys(stage: Stage, unique: str):
    texts = lines(unique, 4)
    say(stage.niels, stage.group, *texts)
    mary = visit(stage)
    page, keys = mary.page, mary.page.keyboard
    expect(message(mary, texts[3])).to_be_visible()
    page.get_by_test_id("timeline").focus()
    keys.press("ArrowUp")
    expect(message(mary, texts[3])).to_be_focused()
    keys.press("Enter")
    page.get_by_role("menuitem", name="Select", exact=True).focus()
    keys.press("Enter")
    expect(message(mary, texts[3])).to_be_focused()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    keys.press("Space")
    expect_chosen(mary, [texts[1], texts[3]])
    keys.press("ArrowUp")
    keys.press("Shift+Space")
    expect_chosen(mary, [texts[0], texts[1], texts[3]])
    # No letter goes anywhere, and the page does not scroll away.
    keys.type("abc")
    expect_chosen(mary, [texts[0], texts[1], texts[3]])
    keys.press("Delete")
    expect(page.get_by_role("dialog", name="Delete 3 messages?")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_chosen(mary, [texts[0], texts[1], texts[3]])
    keys.press("Escape")
    expect(bar(mary)).to_have_count(0)
    # Of what is open this was the first; the chat is still there.
    expect(page.get_by_test_id("chat-title")).to_have_text(stage.group)
    expect(composer(page)).to_have_value("")


def test_copied_messages_stand_below_their_writers_in_their_order(stage: Stage, unique: str):
    first, second = f"first {unique}", f"second {unique}"
    say(stage.niels, stage.group, first)
    say(stage.olga, stage.group, second)
    mary = visit(stage)
    mary.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=mary.url)
    begin(mary, second)
    press(mary, first)
    act(mary, "Copy text").click()
    expect(mary.page.get_by_text("Copied.")).to_be_visible()
    expect(bar(mary)).to_have_count(0)
    copied = mary.page.evaluate("() => navigator.clipboard.readText()")
    assert re.fullmatch(
        rf"Niels Bohr, \[[^\]]+\]\n{first}\n\nOlga Ladyzhenskaya, \[[^\]]+\]\n{second}", copied
    ), copied
    # The key that copies does the same.
    begin(mary, first)
    mary.page.keyboard.press("ControlOrMeta+c")
    expect(bar(mary)).to_have_count(0)
    assert mary.page.evaluate("() => navigator.clipboard.readText()").endswith(f"]\n{first}")


def test_messages_go_on_together_to_each_chat_in_their_order(stage: Stage, unique: str):
    texts = lines(unique)
    say(stage.mary, stage.group, *texts)
    other = f"Other {unique}"[:32]
    niels = visit(stage, stage.niels)
    niels.create(other, "Where they go")
    niels.open(stage.group)
    # Against their order, and one of them is left out.
    begin(niels, texts[5])
    press(niels, texts[0], modifiers=["Shift"])
    press(niels, texts[3])
    act(niels, "Forward").click()
    dialog = niels.page.get_by_role("dialog", name="Forward to…")
    niels.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    act(niels, "Forward").click()
    for name in (other, stage.group):
        dialog.get_by_role("checkbox", name=re.compile(re.escape(name))).check()
    dialog.get_by_role("button", name="Forward to 2 chats").click()
    expect(bar(niels)).to_have_count(0)
    wanted = [text for text in texts if text != texts[3]]
    olga = visit(stage, stage.olga)
    ours = olga.page.get_by_test_id("message").filter(has=olga.page.get_by_test_id("forwarded")).filter(has_text=unique)
    expect(ours.get_by_test_id("text")).to_have_text(wanted)
    niels.open(other)
    niels.expect_texts(wanted)
    expect(niels.page.get_by_test_id("message").last).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))


def test_only_what_one_may_delete_is_deleted_and_for_everybody(stage: Stage, unique: str):
    own, others = f"own {unique}", f"of others {unique}"
    say(stage.niels, stage.group, own)
    say(stage.mary, stage.group, others, f"stays {unique}")
    niels, mary = visit(stage, stage.niels), visit(stage)
    begin(niels, own)
    expect(act(niels, "Delete")).to_be_enabled()
    press(niels, others)
    expect(act(niels, "Delete")).to_be_disabled()
    assert "Only messages of yours" in (act(niels, "Delete").get_attribute("title") or "")
    niels.page.keyboard.press("Delete")
    expect(niels.page.get_by_role("dialog")).to_have_count(0)
    # Who made the chat may.
    begin(mary, own)
    press(mary, others)
    act(mary, "Delete").click()
    dialog = mary.page.get_by_role("dialog", name="Delete 2 messages?")
    dialog.get_by_role("button", name="Keep it").click()
    expect_chosen(mary, [own, others])
    act(mary, "Delete").click()
    dialog.get_by_role("button", name="Delete for everybody").click()
    for person in (mary, niels):
        expect(message(person, own)).to_have_count(0)
        expect(message(person, others)).to_have_count(0)
        expect(message(person, f"stays {unique}")).to_be_visible()
        # What was chosen is gone, and with it the selection.
        expect(bar(person)).to_have_count(0)


def test_what_somebody_else_deletes_drops_out(stage: Stage, unique: str):
    texts = lines(unique, 3)
    say(stage.niels, stage.group, *texts)
    olga = visit(stage, stage.olga)
    begin(olga, texts[0])
    press(olga, texts[2], modifiers=["Shift"])
    expect_chosen(olga, texts)
    seq = int(message(olga, texts[1]).get_attribute("data-key")[1:])
    frame = {"kind": "deleteMessage", "chat": stage.chat_id(), "target": seq}
    assert frame_answer(stage.niels, frame)[0] == "ack"
    expect(message(olga, texts[1])).to_have_count(0)
    expect_chosen(olga, [texts[0], texts[2]])


def test_stars_are_put_at_all_and_taken_away_again(stage: Stage, unique: str):
    texts = lines(unique, 3)
    say(stage.niels, stage.group, *texts)
    mary = visit(stage)
    star = mary.page.get_by_test_id("message").filter(has_text=unique).get_by_test_id("star")
    for name, count in (("Star", 3), ("Remove star", 0)):
        begin(mary, texts[0])
        press(mary, texts[2], modifiers=["Shift"])
        act(mary, name).click()
        expect(star).to_have_count(count)
        expect(bar(mary)).to_have_count(0)


def test_a_selection_ends_with_its_chat_and_keeps_the_draft(stage: Stage, unique: str):
    say(stage.niels, stage.group, unique)
    mary = visit(stage)
    composer(mary.page).fill(f"not sent {unique}")
    begin(mary, unique)
    mary.create(f"Else {unique}"[:32], "Another chat")
    expect(bar(mary)).to_have_count(0)
    expect(composer(mary.page)).to_be_visible()
    mary.open(stage.group)
    expect(bar(mary)).to_have_count(0)
    expect(composer(mary.page)).to_have_value(f"not sent {unique}")
    composer(mary.page).fill("")


def test_no_more_than_a_hundred_are_chosen(stage: Stage, unique: str):
    name = f"Many {unique}"[:32]
    niels = stage.visit(stage.niels)
    niels.create(name, "More than a hundred")
    chat = niels.page.url.split("#/")[1]
    niels.page.evaluate(
        """([chat, count]) => new Promise((resolve, reject) => {
            const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
            const time = Date.now().toString(16).padStart(12, "0");
            let sent = 0;
            const next = () => socket.send(JSON.stringify({
                kind: "send", chat, text: `number ${sent + 1}`,
                cmid: `${time}7000${crypto.randomUUID().replaceAll("-", "").slice(16)}`,
            }));
            socket.onopen = () => socket.send(JSON.stringify({ kind: "hello", open: [] }));
            socket.onclose = (event) => reject(new Error(`closed with ${event.code}`));
            socket.onmessage = ({ data }) => {
                const answer = JSON.parse(data);
                if (answer.kind === "error") reject(new Error(data));
                if (answer.kind === "ack") sent += 1;
                if (sent === count) {
                    socket.onclose = null;
                    socket.close();
                    resolve(null);
                } else if (answer.kind === "ack" || answer.kind === "live") next();
            };
        })""",
        [chat, CHOSEN_MAX + 10],
    )
    last = f"number {CHOSEN_MAX + 10}"
    expect(message(niels, last)).to_be_visible()
    begin(niels, last)
    first = message(niels, "number 1")
    first.scroll_into_view_if_needed()
    first.click(modifiers=["Shift"])
    expect(niels.page.get_by_text(f"At most {CHOSEN_MAX} messages can be selected at once.")).to_be_visible()
    expect(bar(niels).get_by_role("status")).to_have_text(f"{CHOSEN_MAX} messages")
    # Those next to where it began.
    assert chosen(niels)[0] == "number 11"
    act(niels, "Delete").click()
    niels.page.get_by_role("dialog").get_by_role("button", name="Delete for everybody").click()
    niels.expect_texts([f"number {number}" for number in range(1, 11)])
    # And so it is for the cluster, as soon as all are on their way.
    niels.page.reload()
    niels.expect_texts([f"number {number}" for number in range(1, 11)])


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_mode_can_be_seen_and_moves_nothing_up_or_down(stage: Stage, unique: str, size: str):
    texts = [f"A first word {unique}", f"and a second, which is a little longer {unique}", f"🦊 {unique}"]
    say(stage.niels, stage.group, *texts)
    say(stage.mary, stage.group, f"An answer {unique}", f"and what follows from it, over more than a single line {unique}")
    options = TOUCH if size == "phone" else {"viewport": DESKTOP}
    mary = visit(stage, reduced_motion="reduce", **options)
    settle(mary.page)
    tops = [message(mary, text).bounding_box()["y"] for text in texts]
    begin(mary, texts[0])
    press(mary, texts[1])
    press(mary, f"An answer {unique}")
    settle(mary.page)
    assert [message(mary, text).bounding_box()["y"] for text in texts] == tops
    assert mary.page.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth")
    for theme in ("light", "dark"):
        mary.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(mary.page.locator("html")).to_have_attribute("data-theme", theme)
        mary.page.screenshot(path=f"screenshots/select-{size}-{theme}.png")
    # What others wrote makes room for its circle, and nothing lies on anything.
    for text in (texts[1], f"An answer {unique}"):
        circle = message(mary, text).get_by_role("checkbox").bounding_box()
        body = message(mary, text).locator(".bubble__body").bounding_box()
        assert circle["x"] >= 0 and circle["x"] + circle["width"] <= body["x"] - 8
        assert body["x"] + body["width"] <= mary.page.viewport_size["width"]


def test_a_finger_chooses_by_the_menu_and_does_not_swipe(stage: Stage, unique: str):
    texts = lines(unique, 2)
    say(stage.niels, stage.group, *texts)
    mary = visit(stage, **TOUCH)
    settle(mary.page)
    box = message(mary, texts[0]).get_by_test_id("text").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = mary.page.context.new_cdp_session(mary.page)
    touch = lambda kind, *points: session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})
    touch("touchStart", {"x": x, "y": y})
    item = mary.page.get_by_role("menuitem", name="Select", exact=True)
    expect(item).to_be_visible()
    touch("touchEnd")
    item.tap()
    message(mary, texts[1]).tap()
    expect_chosen(mary, texts)
    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 6):
        touch("touchMove", {"x": x - 20 * step, "y": y})
    touch("touchEnd")
    expect(mary.page.get_by_test_id("reply-bar")).to_have_count(0)
    expect_chosen(mary, texts)
    mary.page.keyboard.press("Escape")
    expect(composer(mary.page)).to_be_visible()
    expect(mary.page.get_by_test_id("reply-bar")).to_have_count(0)
