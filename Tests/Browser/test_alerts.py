"""What one is told of while one is elsewhere: in the page, by sounds, by the browser; once, and until it is read."""

import re

import pytest
from playwright.sync_api import Page, expect

from conftest import Person
from stage import DESKTOP, PHONE, Stage, settle

# The browser's notifications and sounds, written down; and a page that somebody looks at, or does not.
WATCHED = """
    window.notes = [];
    window.Notification = class {
        static permission = localStorage.permission ?? "default";
        static asked = 0;
        static async requestPermission() {
            Notification.asked += 1;
            return (Notification.permission = localStorage.permission = "granted");
        }
        constructor(title, options) {
            this.title = title;
            this.body = options.body;
            this.isOpen = true;
            window.notes.push(this);
        }
        close() { this.isOpen = false; }
    };
    window.sounds = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...args) { window.sounds += 1; return start.apply(this, args); };
    window.away = (isAway) => {
        Object.defineProperty(document, "visibilityState", { get: () => (isAway ? "hidden" : "visible"), configurable: true });
        Object.defineProperty(document, "hidden", { get: () => isAway, configurable: true });
        document.hasFocus = () => !isAway;
        document.dispatchEvent(new Event("visibilitychange"));
        if (!isAway) window.dispatchEvent(new Event("focus"));
    };
"""


def cards(page: Page):
    return page.get_by_test_id("alert")


def notes(page: Page) -> list[list]:
    return page.evaluate("() => window.notes.map(({ title, body, isOpen }) => [title, body, isOpen])")


def sounds(page: Page) -> int:
    """Each has two notes."""
    return page.evaluate("() => window.sounds / 2")


def visit(stage: Stage, **options) -> Person:
    guest = stage.visit(**options)
    guest.page.context.add_init_script(WATCHED)
    guest.page.reload()
    guest.expect_live()
    return guest


def touch(page: Page) -> None:
    """A press, without which no browser lets a page sound."""
    page.keyboard.press("Shift")


def write(stage: Stage, text: str) -> None:
    stage.niels.open(stage.group)
    stage.niels.write(text)
    expect(stage.niels.page.get_by_test_id("message").last).to_have_attribute("data-delivery", re.compile("^(sent|read)$"))
    stage.niels.page.goto(f"{stage.niels.url}/#/")


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


@pytest.fixture
def reader(stage: Stage) -> Person:
    """Mary, elsewhere: on the list."""
    return visit(stage)


def settings(page: Page) -> None:
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("menuitem", name="Settings").click()
    page.get_by_role("button", name="Notifications").click()
    expect(page.get_by_role("heading", name="Notifications")).to_be_focused()


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_message_of_another_chat_is_shown_and_a_press_goes_there(stage: Stage, size: str, scheme: str):
    reader = visit(stage, viewport=PHONE if size == "phone" else DESKTOP, color_scheme=scheme)
    write(stage, "Come **here**, please")
    card = cards(reader.page)
    expect(card).to_contain_text(stage.group)
    expect(card).to_contain_text("Niels Bohr: Come here, please")
    settle(reader.page)
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= reader.page.viewport_size["width"]
    card.get_by_role("button", name=stage.group).click()
    expect(reader.page.get_by_test_id("chat-title")).to_have_text(stage.group)
    expect(reader.page.get_by_test_id("text").last).to_be_in_viewport()
    expect(card).to_have_count(0)


def test_of_the_open_chat_and_of_what_was_there_before_nothing_is_told(stage: Stage, reader: Person):
    reader.open(stage.group)
    write(stage, "One sees this coming")
    expect(reader.message("One sees this coming")).to_be_visible()
    reader.page.goto(f"{reader.url}/#/")
    write(stage, "But this is elsewhere")
    expect(cards(reader.page)).to_contain_text("But this is elsewhere")
    # A page that loads begins with what it finds.
    reader.page.reload()
    reader.expect_live()
    write(stage, "And this came after")
    expect(cards(reader.page)).to_have_count(1)
    expect(cards(reader.page)).to_contain_text("And this came after")


def test_it_goes_by_itself_but_not_while_somebody_is_at_it(stage: Stage, reader: Person):
    write(stage, "Answer me")
    card = cards(reader.page)
    card.hover()
    reader.page.wait_for_timeout(7_000)
    expect(card).to_be_visible()
    reader.page.mouse.move(5, 700)
    expect(card).to_have_count(0, timeout=8_000)


def test_one_answers_in_it_and_stays_where_one_was(stage: Stage, reader: Person, unique: str):
    page = reader.page
    write(stage, "What do you say?")
    field = cards(page).get_by_role("textbox", name=f"Reply in {stage.group}")
    field.fill(f"I say {unique}")
    # While one writes it stays.
    page.wait_for_timeout(7_000)
    field.press("Enter")
    expect(cards(page)).to_have_count(0)
    expect(page.get_by_test_id("chat-title")).to_have_count(0)
    expect(reader.chat(stage.group)).to_contain_text(f"I say {unique}")
    stage.niels.open(stage.group)
    expect(stage.niels.message(f"I say {unique}")).to_be_visible()
    stage.niels.page.goto(f"{stage.niels.url}/#/")


def test_an_answer_is_sent_when_the_network_is_back(stage: Stage, reader: Person, unique: str):
    write(stage, "Now without a network")
    field = cards(reader.page).get_by_role("textbox")
    field.fill(f"Later {unique}")
    reader.page.context.set_offline(True)
    expect(reader.page.get_by_test_id("connection")).to_contain_text("Waiting for network")
    field.press("Enter")
    expect(reader.chat(stage.group)).to_contain_text(f"Later {unique}")
    reader.page.context.set_offline(False)
    stage.niels.open(stage.group)
    expect(stage.niels.message(f"Later {unique}")).to_be_visible()
    stage.niels.page.goto(f"{stage.niels.url}/#/")


def test_it_sounds_once_and_only_after_a_press_and_not_when_that_is_off(stage: Stage, reader: Person):
    page = reader.page
    write(stage, "Silence")
    expect(cards(page)).to_contain_text("Silence")
    assert sounds(page) == 0
    touch(page)
    write(stage, "Sound")
    expect(cards(page)).to_contain_text("Sound")
    assert sounds(page) == 1
    settings(page)
    page.get_by_role("switch", name="Sound").uncheck()
    page.get_by_role("switch", name="Show what was written").uncheck()
    write(stage, "A secret")
    expect(cards(page)).to_contain_text("Niels Bohr: New message")
    expect(cards(page)).not_to_contain_text("secret")
    assert sounds(page) == 1
    # Both are kept; without all of it nothing is told.
    page.reload()
    expect(page.get_by_role("switch", name="Sound")).not_to_be_checked()
    page.get_by_role("switch", name="Notifications").uncheck()
    write(stage, "Nothing")
    expect(reader.page).to_have_title(re.compile(r"^\(\d+\)"))
    expect(page.get_by_role("switch", name="Sound")).to_have_count(0)
    page.get_by_role("switch", name="Notifications").check()
    write(stage, "Something")
    expect(cards(page)).to_have_count(1)


def test_the_browser_is_asked_by_a_press_and_tells_what_came_while_nobody_looked(stage: Stage, reader: Person):
    page = reader.page
    settings(page)
    assert page.evaluate("() => Notification.asked") == 0
    page.get_by_role("button", name="Also when this page is not in sight").click()
    expect(page.get_by_role("button", name="Also when this page is not in sight")).to_have_count(0)
    assert page.evaluate("() => Notification.asked") == 1
    write(stage, "While one looks")
    expect(cards(page)).to_contain_text("While one looks")
    assert notes(page) == []
    page.evaluate("() => window.away(true)")
    write(stage, "While nobody looks")
    page.wait_for_function("() => window.notes.length === 1")
    assert notes(page) == [[stage.group, "Niels Bohr: While nobody looks", True]]
    # Read on another device: neither the browser nor the page tells it any longer.
    other = stage.visit()
    other.open(stage.group)
    expect(other.message("While nobody looks")).to_be_visible()
    page.wait_for_function("() => !window.notes[0].isOpen")
    expect(cards(page)).to_have_count(0)
    other.page.goto(f"{other.url}/#/")
    # A press on what the browser shows goes to the chat.
    write(stage, "Come back")
    page.wait_for_function("() => window.notes.length === 2")
    page.evaluate("() => { window.away(false); window.notes[1].onclick(); }")
    expect(page.get_by_test_id("chat-title")).to_have_text(stage.group)
    page.wait_for_function("() => !window.notes[1].isOpen")


def test_of_all_tabs_one_tells_it_the_one_that_was_looked_at_last(stage: Stage, reader: Person):
    tabs = [reader.page]
    for _ in range(2):
        tab = reader.page.context.new_page()
        tab.goto(f"{reader.url}/#/")
        expect(tab.get_by_test_id("chat-row").first).to_be_visible()
        expect(tab.get_by_test_id("connection")).to_have_attribute("data-phase", "live")
        tabs.append(tab)
    for tab in tabs:
        touch(tab)

    def told() -> list[int]:
        for tab in tabs:
            expect(tab.get_by_test_id("chat-row").filter(has_text=stage.group)).to_contain_text(words)
        return [cards(tab).count() for tab in tabs]

    for number, looked in enumerate([1, 0]):
        for tab in tabs:
            tab.evaluate("() => window.away(true)")
        tabs[looked].evaluate("() => window.away(false)")
        before = sum(sounds(tab) for tab in tabs)
        words = f"To one of three, {number}"
        write(stage, words)
        expect(cards(tabs[looked])).to_contain_text(words)
        assert told() == [1 if at == looked else 0 for at in range(3)]
        assert sum(sounds(tab) for tab in tabs) == before + 1
    # When it is closed another takes over.
    tabs.pop(0).close()
    words = "To one of two"
    write(stage, words)
    assert sum(told()) == 1
    for tab in tabs:
        tab.close()


def test_a_muted_chat_tells_nothing_its_badge_is_grey_and_the_title_does_not_count_it(stage: Stage, reader: Person):
    page, row = reader.page, reader.chat(stage.group)
    write(stage, "Before")
    expect(page).to_have_title(re.compile(r"^\(\d+\)"))
    loud = row.get_by_test_id("unread").evaluate("(badge) => getComputedStyle(badge).backgroundColor")
    counted = int(re.findall(r"\d+", page.title())[0])
    unread = int(row.get_by_test_id("unread").inner_text())
    row.click(button="right")
    page.get_by_role("menuitem", name="Mute…").click()
    page.get_by_role("dialog").get_by_role("button", name="For 8 hours").click()
    expect(row.get_by_role("img", name="Muted")).to_be_visible()
    expect(cards(page)).to_have_count(0)
    expect(page).to_have_title(f"({counted - unread}) Chaticket" if counted > unread else "Chaticket")
    assert row.get_by_test_id("unread").evaluate("(badge) => getComputedStyle(badge).backgroundColor") != loud
    touch(page)
    write(stage, "Nobody hears this")
    expect(row).to_contain_text("Nobody hears this")
    assert cards(page).count() == 0 and sounds(page) == 0
    # In every tab of this browser, and after a reload.
    page.reload()
    reader.expect_live()
    expect(row.get_by_role("img", name="Muted")).to_be_visible()
    reader.open(stage.group)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Unmute").click()
    expect(row.get_by_role("img", name="Muted")).to_have_count(0)
    page.goto(f"{reader.url}/#/")
    write(stage, "This again")
    expect(cards(page)).to_contain_text("This again")


def test_the_page_asks_once_after_the_first_message_and_never_when_it_loads(stage: Stage, reader: Person):
    page = reader.page
    hint = page.get_by_role("complementary", name="Notifications")
    assert page.evaluate("() => Notification.asked") == 0
    reader.open(stage.group)
    expect(hint).to_have_count(0)
    reader.write("The first message of this page")
    expect(hint).to_be_visible()
    assert page.evaluate("() => Notification.asked") == 0
    hint.get_by_role("button", name="Not now").click()
    reader.write("And the second")
    expect(reader.message("And the second")).to_have_attribute("data-delivery", re.compile("sent|read"))
    expect(hint).to_have_count(0)
    page.reload()
    reader.write("And one more")
    expect(reader.message("And one more")).to_have_attribute("data-delivery", re.compile("sent|read"))
    expect(hint).to_have_count(0)
