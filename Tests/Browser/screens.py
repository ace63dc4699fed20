"""Every screen of the page, by name: how it is brought up, for whoever wants to look at all of them."""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conftest import Person, new_phone, request_code
from playwright.sync_api import Page, expect
from stage import Stage, say, settle

#: A text with every mark that there is.
RICH = (
    "**bold** __italic__ ~~gone~~ `code **as it is**` ||the butler|| [notes](https://example.org/notes)\n"
    "> quoted **words**\n"
    "```swift\nlet engine = **analytical**\n```\n"
    "and on"
)


@dataclass(frozen=True)
class Screen:
    name: str
    page: Page


def menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


def back(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("menu")).to_have_count(0)


def screens_of_a_guest(page: Page, url: str) -> Iterator[Screen]:
    """The way in, up to the first look at an empty list."""
    page.goto(url)
    expect(page.get_by_role("textbox", name="Phone number")).to_be_visible()
    yield Screen("sign-in-phone", page)
    page.get_by_role("combobox", name="Country").click()
    expect(page.get_by_role("option").first).to_be_visible()
    yield Screen("sign-in-country", page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Use a username and password").click()
    expect(page.get_by_role("textbox", name="Username")).to_be_visible()
    yield Screen("sign-in-password", page)
    page.get_by_role("button", name="Create an account").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    yield Screen("sign-in-new", page)
    code = request_code(page, url, new_phone())
    yield Screen("sign-in-code", page)
    page.get_by_role("textbox", name="Code").press_sequentially(f"{(int(code) + 1) % 1_000_000:06d}")
    expect(page.get_by_role("alert")).to_be_visible()
    yield Screen("sign-in-wrong-code", page)
    page.get_by_role("textbox", name="Code").fill("")
    page.get_by_role("textbox", name="Code").press_sequentially(code)
    expect(page.get_by_role("textbox", name="Username")).to_be_visible()
    yield Screen("sign-in-profile", page)


def screens_of_a_member(stage: Stage, guest: Person, is_phone: bool) -> Iterator[Screen]:
    """Everything that somebody sees who is signed in."""
    page = guest.page
    # Nobody of hers reads it before: another browser may still show the group.
    stage.mary.page.goto(f"{stage.mary.url}/#/")
    say(stage.niels, stage.group, "And now for something that nobody has read yet")
    stage.niels.page.goto(f"{stage.niels.url}/#/")
    expect(guest.chat(stage.group).get_by_test_id("unread")).to_be_visible()
    yield Screen("list", page)
    alert = page.get_by_test_id("alert")
    expect(alert).to_have_count(0)
    say(stage.niels, stage.group, "Do you hear me over there?")
    stage.niels.page.goto(f"{stage.niels.url}/#/")
    # While somebody is at it, it stays.
    alert.get_by_role("textbox").focus()
    yield Screen("list-alert", page)
    page.keyboard.press("Escape")
    expect(alert).to_have_count(0)
    guest.open(stage.group)
    expect(page.get_by_test_id("unread-line")).to_be_visible()
    yield Screen("chat-unread", page)
    page.get_by_role("textbox", name="Message", exact=True).fill("A first line\nand a second one,\nnot sent yet")
    yield Screen("chat-writing", page)
    page.get_by_role("textbox", name="Message", exact=True).select_text()
    expect(page.get_by_role("toolbar")).to_be_visible()
    yield Screen("chat-format-bar", page)
    page.get_by_role("textbox", name="Message", exact=True).fill(RICH)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_test_id("message").last).to_have_attribute("data-delivery", re.compile("sent|read"))
    yield Screen("chat-formatted", page)
    page.get_by_test_id("message").first.click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    yield Screen("chat-message-menu", page)
    page.get_by_role("menuitem", name="Reply", exact=True).click()
    expect(page.get_by_test_id("reply-bar")).to_be_visible()
    yield Screen("chat-reply-bar", page)
    page.get_by_role("textbox", name="Message", exact=True).fill(f"An answer {secrets.token_hex(2)}")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_test_id("reply").last).to_be_in_viewport()
    yield Screen("chat-reply", page)
    page.get_by_role("textbox", name="Message", exact=True).press("ArrowUp")
    expect(page.get_by_test_id("edit-bar")).to_be_visible()
    yield Screen("chat-edit-bar", page)
    page.get_by_role("textbox", name="Message", exact=True).fill(f"Another answer {secrets.token_hex(2)}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_test_id("edited").last).to_be_in_viewport()
    yield Screen("chat-edited", page)
    page.get_by_test_id("message").last.click(button="right")
    page.get_by_role("menuitem", name="Forward", exact=True).click()
    page.get_by_role("dialog").get_by_role("checkbox", name=re.compile(stage.group)).check()
    yield Screen("chat-forward", page)
    page.get_by_role("dialog").get_by_role("button", name="Forward to 1 chat").click()
    expect(page.get_by_test_id("forwarded").last).to_be_in_viewport()
    page.get_by_test_id("message").last.click(button="right")
    page.get_by_role("menuitem", name="Star", exact=True).click()
    expect(page.get_by_test_id("star").last).to_be_in_viewport()
    yield Screen("chat-forwarded", page)
    page.get_by_test_id("message").last.click(button="right")
    page.get_by_role("menuitem", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield Screen("chat-delete-message", page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_test_id("message").last.click(button="right")
    page.get_by_role("menuitem", name="Select", exact=True).click()
    expect(page.get_by_role("toolbar", name="Selected messages")).to_be_visible()
    yield Screen("chat-select", page)
    page.get_by_role("button", name="Cancel the selection").click()
    page.get_by_role("button", name="More", exact=True).click()
    yield Screen("chat-menu", page)
    page.get_by_role("menuitem", name="Mute…").click()
    yield Screen("mute", page)
    back(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Invite people").click()
    yield Screen("invite", page)
    page.get_by_role("dialog").get_by_role("textbox").fill("nobody_of_this_name")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield Screen("invite-nobody", page)
    back(page)
    page.get_by_role("button", name=f"Info about {stage.group}").click()
    expect(page.get_by_test_id("member")).to_have_count(3)
    yield Screen("info", page)
    page.get_by_role("button", name="Rename", exact=True).click()
    yield Screen("rename", page)
    back(page)
    page.get_by_role("button", name="Permissions", exact=True).click()
    yield Screen("permissions", page)
    page.get_by_role("button", name="Back to the info").click()
    page.get_by_role("button", name="Removed users", exact=True).click()
    expect(page.get_by_text("Nobody is banned from this chat.")).to_be_visible()
    yield Screen("removed", page)
    page.get_by_role("button", name="Back to the info").click()
    page.get_by_role("button", name="Invite links", exact=True).click()
    expect(page.get_by_text("There is no invite link yet.")).to_be_visible()
    yield Screen("links", page)
    page.get_by_role("button", name="New link").click()
    yield Screen("new-link", page)
    page.get_by_role("button", name="Create the link").click()
    expect(page.get_by_test_id("invite-link")).to_be_visible()
    yield Screen("link", page)
    page.get_by_role("button", name="Revoke the link").click()
    yield Screen("revoke-link", page)
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_test_id("invite-link")).to_have_count(0)
    page.get_by_role("button", name="Back to the info").click()
    page.get_by_role("button", name=f"What to do with {stage.niels.name}").click()
    yield Screen("member-menu", page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete this chat").click()
    yield Screen("delete", page)
    back(page)
    page.go_back()
    expect(page.get_by_role("complementary", name="Chat info")).to_have_count(0)
    yield from screens_of_a_bad_line(guest)
    if is_phone:
        page.go_back()
    yield from screens_of_the_list(guest)


def screens_of_a_bad_line(guest: Person) -> Iterator[Screen]:
    page = guest.page
    words = f"Written without a network {secrets.token_hex(2)}"
    page.context.set_offline(True)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-phase", "offline")
    page.get_by_role("textbox", name="Message", exact=True).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(guest.message(words)).to_have_attribute("data-delivery", "sending")
    yield Screen("offline", page)
    page.context.set_offline(False)
    expect(guest.message(words)).not_to_have_attribute("data-delivery", "sending")
    guest.expect_live()


def screens_of_the_list(guest: Person) -> Iterator[Screen]:
    page = guest.page
    expect(page.get_by_role("complementary", name="Notifications")).to_be_visible()
    yield Screen("list-hint", page)
    page.get_by_role("button", name="Not now").click()
    page.get_by_role("button", name="Menu", exact=True).click()
    yield Screen("list-menu", page)
    back(page)
    menu(page, "Starred messages")
    expect(page.get_by_test_id("starred").first).to_be_visible()
    yield Screen("starred", page)
    back(page)
    page.get_by_test_id("chat-row").first.click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    yield Screen("list-row-menu", page)
    back(page)
    page.get_by_role("searchbox").fill("zzz")
    yield Screen("search-nothing", page)
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").blur()
    page.get_by_role("button", name="New chat", exact=True).click()
    yield Screen("new-chat", page)
    back(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield Screen("palette", page)
    back(page)
    for name in ("overview", "profile", "access", "look", "alerts", "devices", "language", "keys"):
        page.evaluate("(name) => { location.hash = `#/?settings=${name}`; }", name)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield Screen(f"settings-{name}", page)
    page.evaluate("() => { location.hash = '#/'; }")


def tour(stage: Stage, is_phone: bool, options: dict, look: Callable[[Screen], None]) -> None:
    """Shows every screen to `look`, in browsers made with `options`."""
    context = stage.browser.new_context(**options)
    page = context.new_page()
    for screen in screens_of_a_guest(page, stage.mary.url):
        settle(page)
        look(screen)
    context.close()
    guest = stage.visit(**options)
    for screen in screens_of_a_member(stage, guest, is_phone):
        settle(guest.page)
        look(screen)


