"""Everything by keyboard, the focus where a hand goes on, and what a screen reader hears."""

import re

import pytest
from conftest import Person
from playwright.sync_api import Page, expect
from stage import LONG, Stage, composer, say

#: Answers whether what has the focus can be seen to have it.
SEEN_FOCUS = """
() => {
    const focused = document.activeElement;
    const style = getComputedStyle(focused);
    if (focused.matches("textarea, input")) return true;
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) return true;
    return style.backgroundImage.includes("gradient");
}
"""


def name_of_focus(page: Page) -> str:
    """What a screen reader would call it."""
    return page.evaluate(
        "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"
    )


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(40):
        if re.search(name, name_of_focus(page)):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never came to {name}, but to {name_of_focus(page)}")


# MARK: Without a mouse


def test_a_chat_is_made_used_and_left_without_a_mouse(stage: Stage, unique: str):
    page = stage.visit().page
    keys = page.keyboard
    tab_to(page, "^Menu$")
    keys.press("Enter")
    expect(page.get_by_role("menuitem", name="New chat")).to_be_focused()
    keys.press("End")
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_focused()
    keys.press("Home")
    keys.press("Enter")
    field = page.get_by_role("dialog").get_by_role("textbox", name="Short name")
    expect(field).to_be_focused()
    keys.press("Shift+Tab")
    keys.press("ArrowDown")
    expect(page.get_by_role("radio", name="Public room")).to_be_checked()
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.type(unique)
    keys.press("Tab")
    keys.type("Made by keys")
    keys.press("Enter")
    expect(page.get_by_test_id("chat-title")).to_have_text(unique)
    expect(composer(page)).to_be_focused()
    keys.type("By hand")
    keys.press("Shift+Enter")
    keys.type("and on")
    keys.press("Enter")
    expect(page.get_by_test_id("text").last).to_have_text("By hand\nand on")
    expect(composer(page)).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_test_id("chat-title")).to_have_count(0)
    expect(page.locator(f"[data-chat]:has-text('{unique}')")).to_be_focused()
    keys.press("Enter")
    expect(composer(page)).to_be_focused()
    tab_to(page, "^More$", "Shift+Tab")
    keys.press("Enter")
    keys.press("End")
    keys.press("Enter")
    expect(page.get_by_role("dialog", name="Delete this chat?")).to_be_visible()
    tab_to(page, "^Delete for everybody$")
    keys.press("Enter")
    expect(page.locator(f"[data-chat]:has-text('{unique}')")).to_have_count(0)


def test_every_stop_of_tab_can_be_seen_and_has_a_name(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}/info").page
    expect(page.get_by_test_id("member")).to_have_count(3)
    names = []
    for key in ("Shift+Tab", "Tab"):
        composer(page).focus()
        for _ in range(20):
            page.keyboard.press(key)
            if page.evaluate("() => document.activeElement === document.body"):
                break
            names.append(name_of_focus(page))
            assert names[-1] != "", page.evaluate("() => document.activeElement.outerHTML")
            assert page.evaluate(SEEN_FOCUS), f"the focus on {names[-1]} cannot be seen"
    for wanted in ("Menu", "Search chats", "New chat", "Width of the list", "More", "Close the info", "Rename"):
        assert wanted in names, f"{wanted} is not in {names}"
    # The list is one stop however long it is, and so is the thread.
    assert sum("Engine room" in name and "Info about" not in name and "Messages" not in name for name in set(names)) <= 1


# MARK: The list


def test_arrows_walk_the_list_and_the_menu_key_opens_the_menu_of_a_row(stage: Stage):
    page = stage.visit().page
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    rows = page.get_by_test_id("chat-row")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Home")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Shift+F10")
    if page.get_by_role("menu").count() == 0:
        # A headless browser has no menu key; this is the event that one sends.
        rows.nth(0).dispatch_event("contextmenu", {"clientX": 0, "clientY": 0, "bubbles": True})
    expect(page.get_by_role("menuitem", name="Open in new tab")).to_be_focused()
    row, menu = rows.nth(0).bounding_box(), page.get_by_role("menu").bounding_box()
    assert row is not None and menu is not None and menu["y"] >= row["y"] and menu["x"] < row["x"] + row["width"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(rows.nth(0)).to_be_focused()


def test_search_finds_by_words_and_enter_opens_the_first(stage: Stage):
    page = stage.visit().page
    page.keyboard.press("Control+Shift+F")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("analytical")
    expect(page.get_by_test_id("chat-row")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chat-title")).to_have_text(stage.group)
    expect(composer(page)).to_be_focused()
    page.keyboard.press("Control+Shift+F")
    page.keyboard.type("zzz")
    expect(page.get_by_text("No chat has this name.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_the_edge_of_the_list_moves_by_keys_and_by_the_mouse_and_is_kept(stage: Stage):
    page = stage.visit().page
    edge = page.get_by_role("separator", name="Width of the list")

    def width() -> float:
        return page.evaluate("() => document.querySelector('.app__left').getBoundingClientRect().width")

    assert abs(width() - 320) <= 0.6
    edge.focus()
    page.keyboard.press("ArrowRight")
    assert abs(width() - 336) <= 0.6
    page.keyboard.press("End")
    assert abs(width() - 424) <= 0.6
    page.keyboard.press("Home")
    assert abs(width() - 288) <= 0.6
    box = edge.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, 300)
    page.mouse.down()
    page.mouse.move(380, 300, steps=4)
    page.mouse.up()
    assert abs(width() - 380) <= 1
    page.reload()
    expect(page.get_by_test_id("chat-list")).to_be_visible()
    assert abs(width() - 380) <= 1
    edge.dblclick()
    assert abs(width() - 320) <= 0.6


# MARK: The thread


def test_arrows_walk_the_messages_and_enter_opens_their_menu(stage: Stage):
    guest = stage.visit(path=f"#/{stage.chat_id()}")
    page = guest.page
    guest.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(composer(page)).to_be_focused()
    tab_to(page, "^Messages of", "Shift+Tab")
    page.keyboard.press("ArrowUp")
    focused = page.locator("[data-testid=message]:focus")
    expect(focused).to_have_count(1)
    last = focused.get_attribute("data-n")
    page.keyboard.press("ArrowUp")
    expect(focused).not_to_have_attribute("data-n", last or "")
    words = focused.get_by_test_id("text").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Reply", exact=True)).to_be_focused()
    while not page.locator("[role=menuitem]:focus", has_text="Copy text").count():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == words
    expect(focused).to_have_count(1)
    page.keyboard.type("Letters go on")
    expect(composer(page)).to_have_value("Letters go on")
    composer(page).fill("")


# MARK: Focus


def test_the_focus_comes_back_from_dialogs_menus_info_and_settings(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}").page
    keys = page.keyboard
    expect(composer(page)).to_be_focused()
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Name of a chat")).to_be_focused()
    keys.press("Escape")
    expect(composer(page)).to_be_focused()
    more = page.get_by_role("button", name="More", exact=True)
    more.focus()
    keys.press("Enter")
    keys.press("Escape")
    expect(more).to_be_focused()
    keys.press("Enter")
    while not page.locator("[role=menuitem]:focus", has_text="Invite people").count():
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("dialog", name="Invite people").get_by_role("textbox")).to_be_focused()
    keys.type("x")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("dialog", name="Invite people").get_by_role("textbox")).to_be_focused()
    keys.press("Escape")
    expect(more).to_be_focused()
    header = page.get_by_role("button", name=f"Info about {stage.group}")
    header.focus()
    keys.press("Enter")
    expect(page.get_by_role("button", name="Close the info")).to_be_focused()
    keys.press("Escape")
    expect(header).to_be_focused()
    page.get_by_role("button", name="Menu", exact=True).focus()
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Settings")).to_be_focused()
    devices = page.get_by_role("button", name="Devices")
    devices.focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Devices")).to_be_focused()
    keys.press("Escape")
    expect(devices).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_focused()


def test_typing_anywhere_and_the_first_tab_go_to_the_composer(stage: Stage):
    page = stage.visit(path=f"#/{stage.chat_id()}").page
    expect(composer(page)).to_be_focused()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(composer(page)).to_be_focused()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.type("hello")
    expect(composer(page)).to_have_value("hello")
    composer(page).fill("")
    page.get_by_test_id("text").first.click()
    page.keyboard.type("after a click")
    expect(composer(page)).to_have_value("after a click")
    composer(page).fill("")


def test_with_ctrl_enter_chosen_enter_alone_makes_a_line(stage: Stage):
    guest = stage.visit()
    guest.page.evaluate("() => { location.hash = '#/?settings=look'; }")
    guest.page.get_by_role("radio", name="Ctrl + Enter").check()
    guest.page.goto(f"{guest.url}/#/{stage.chat_id()}")
    composer(guest.page).press("a")
    guest.page.keyboard.press("Enter")
    guest.page.keyboard.type("b")
    expect(composer(guest.page)).to_have_value("a\nb")
    guest.page.keyboard.press("Control+Enter")
    expect(composer(guest.page)).to_have_value("")
    expect(guest.page.get_by_test_id("text").last).to_have_text("a\nb")


# MARK: Live regions


@pytest.fixture
def listener(stage: Stage) -> Person:
    """Somebody whose page writes down every change of a live region."""
    guest = stage.visit()
    guest.page.evaluate(
        """() => {
            window.heard = [];
            new MutationObserver((changes) => {
                for (const { target } of changes) {
                    const element = target instanceof Element ? target : target.parentElement;
                    const region = element?.closest("[role=status], [role=alert], [role=log]:not([aria-live=off])");
                    if (region && region.textContent.trim() !== "") window.heard.push(region.textContent.trim());
                }
            }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )
    return guest


def heard(guest: Person) -> list[str]:
    return guest.page.evaluate("() => window.heard")


def test_messages_that_come_are_said_once_and_history_is_not(stage: Stage, listener: Person):
    listener.open(stage.group)
    expect(listener.page.get_by_text(LONG, exact=True)).to_be_attached()
    assert not any("submarines" in line for line in heard(listener)), heard(listener)
    say(stage.niels, stage.group, "Can you hear me?")
    expect(listener.message("Can you hear me?").last).to_be_visible()
    listener.page.wait_for_function("() => window.heard.some((line) => line.includes('Can you hear me?'))")
    assert [line for line in heard(listener) if "hear me" in line] == ["Niels Bohr: Can you hear me?"]
    listener.write("My own words")
    expect(listener.message("My own words")).to_have_attribute("data-delivery", re.compile("sent|read"))
    assert not any("My own words" in line for line in heard(listener))
    stage.niels.page.goto(f"{stage.niels.url}/#/")


def test_a_lost_network_is_said(listener: Person):
    listener.page.context.set_offline(True)
    listener.page.wait_for_function("() => window.heard.some((line) => line.includes('Waiting for network'))")
    listener.page.context.set_offline(False)
    listener.expect_live()
