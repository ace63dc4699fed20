"""Chats of two, and members who go: opened by both at once on two nodes, from a list of members, on a phone too."""

import pytest
from conftest import Person
from playwright.sync_api import Locator, Page, expect
from stage import DESKTOP, PHONE, Stage, composer, message, say, settle

SIZES = {"desktop": {"viewport": DESKTOP}, "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True}}


@pytest.fixture
def stage(room: Stage):
    yield room
    room.end_visits()


def title(person: Person) -> Locator:
    return person.page.get_by_test_id("chat-title")


def fill_in(person: Person, who: str) -> Locator:
    """The dialog in which somebody is named to be written to."""
    person.page.get_by_role("button", name="New chat", exact=True).click()
    dialog = person.page.get_by_role("dialog", name="New chat")
    dialog.get_by_role("radio", name="One person").check()
    dialog.get_by_role("textbox", name="Username or phone number").fill(who)
    return dialog


def press(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Open the chat").click()


def write(person: Person, text: str) -> None:
    """By the button: on a phone Enter is another line."""
    composer(person.page).fill(text)
    person.page.get_by_role("button", name="Send", exact=True).click()


def chat_of(page: Page) -> str:
    return page.url.split("#/")[1].split("/")[0]


def open_info(person: Person, name: str) -> Locator:
    person.page.get_by_role("button", name=f"Info about {name}").click()
    info = person.page.get_by_role("complementary", name="Chat info")
    expect(info.get_by_test_id("member").first).to_be_visible()
    return info


def member(info: Locator, person: Person) -> Locator:
    return info.get_by_test_id("member").filter(has_text=person.name)


def ask_removal(person: Person, info: Locator, whom: Person) -> None:
    info.get_by_role("button", name=f"What to do with {whom.name}").click()
    person.page.get_by_role("menuitem", name="Remove", exact=True).click()


@pytest.mark.parametrize("size", SIZES)
def test_two_who_open_their_chat_at_once_on_two_nodes_are_in_the_same(stage: Stage, unique: str, size: str):
    niels, olga = stage.visit(stage.niels, **SIZES[size]), stage.visit(stage.olga, **SIZES[size])
    assert niels.node() != olga.node()
    dialogs = [fill_in(niels, f"@{olga.username.upper()}"), fill_in(olga, niels.phone)]
    for dialog in dialogs:
        press(dialog)
    # Each sees the other's name over it, and no way to make it another chat.
    expect(title(niels)).to_have_text(olga.name)
    expect(title(olga)).to_have_text(niels.name)
    assert chat_of(niels.page) == chat_of(olga.page)
    for person, text in ((niels, f"One {unique}"), (olga, f"Two {unique}"), (niels, f"Three {unique}")):
        write(person, text)
        for reader in (niels, olga):
            expect(message(reader, text)).to_be_visible()
    expect(message(niels, f"Three {unique}")).to_have_attribute("data-delivery", "read")
    settle(niels.page)
    niels.page.screenshot(path=f"screenshots/direct-{size}.png")
    niels.page.get_by_role("button", name="More", exact=True).click()
    for item in ("Invite people", "Rename", "Delete this chat"):
        expect(niels.page.get_by_role("menuitem", name=item)).to_have_count(0)
    niels.page.keyboard.press("Escape")
    info = open_info(niels, olga.name)
    expect(info.get_by_text("Chat of two")).to_be_visible()
    expect(info.get_by_test_id("member")).to_have_count(2)
    expect(info.get_by_role("button", name="Leave this chat")).to_have_count(0)
    # The same again after a reload, and no second row.
    olga.page.reload()
    expect(title(olga)).to_have_text(niels.name)
    expect(message(olga, f"Two {unique}")).to_be_visible()
    if size == "phone":
        olga.page.get_by_role("button", name="Back to the chats").click()
    expect(olga.chat(niels.name)).to_have_count(1)


def test_the_other_hears_of_it_with_the_first_message(stage: Stage, unique: str):
    mary, olga = stage.visit(), stage.visit(stage.olga)
    mary.page.goto(f"{mary.url}/#/{stage.chat_id()}")
    info = open_info(mary, stage.group)
    expect(member(info, mary).get_by_role("button")).to_have_count(0)
    member(info, olga).get_by_role("button", name=olga.name).first.click()
    expect(title(mary)).to_have_text(olga.name)
    expect(composer(mary.page)).to_be_focused()
    expect(mary.page.get_by_text("You started this chat").first).to_be_visible()
    say(olga, stage.group, f"Still here {unique}")
    expect(olga.chat(mary.name)).to_have_count(0)
    write(mary, f"Hello {unique}")
    row = olga.chat(mary.name)
    expect(row).to_contain_text(f"Hello {unique}")
    expect(row.get_by_test_id("unread")).to_have_text("1")
    # Of two it is plain who wrote.
    expect(row).not_to_contain_text(f"{mary.name}:")
    row.click()
    expect(message(olga, f"Hello {unique}")).to_be_visible()


def test_nobody_is_found_under_a_wrong_name_and_with_oneself_are_notes(stage: Stage, unique: str):
    niels = stage.visit(stage.niels)
    dialog = fill_in(niels, "nobody_at_all")
    press(dialog)
    expect(dialog.get_by_text("Nobody and nothing was found under this name.")).to_be_visible()
    dialog.get_by_role("textbox").fill("+1 2")
    press(dialog)
    expect(dialog.get_by_text("This is no phone number")).to_be_visible()
    dialog.get_by_role("textbox").fill(niels.username)
    press(dialog)
    expect(title(niels)).to_have_text("Saved messages")
    write(niels, f"Milk {unique}")
    expect(niels.chat("Saved messages")).to_contain_text(f"Milk {unique}")


@pytest.mark.parametrize("size", SIZES)
def test_who_made_a_chat_removes_a_member_who_may_come_back(stage: Stage, unique: str, size: str):
    mary, niels = stage.visit(**SIZES[size]), stage.visit(stage.niels, **SIZES[size])
    mary.create(unique, "A short visit")
    mary.invite(f"@{niels.username}", niels.name)
    niels.chat(unique).click()
    expect(title(niels)).to_have_text(unique)
    write(niels, f"Thanks {unique}")
    expect(message(mary, f"Thanks {unique}")).to_be_visible()
    # A member removes nobody.
    info = open_info(niels, unique)
    expect(info.get_by_role("button", name=f"What to do with {mary.name}")).to_have_count(0)
    expect(info.get_by_role("button", name="Leave this chat")).to_be_visible()
    info = open_info(mary, unique)
    ask_removal(mary, info, niels)
    question = mary.page.get_by_role("dialog", name=f"Remove {niels.name} from this chat?")
    settle(mary.page)
    mary.page.screenshot(path=f"screenshots/remove-{size}.png")
    question.get_by_role("button", name="Cancel").click()
    expect(member(info, niels)).to_be_visible()
    ask_removal(mary, info, niels)
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(member(info, niels)).to_have_count(0)
    # At once it is nowhere any more, and nothing that comes later is told.
    expect(title(niels)).to_have_count(0)
    expect(niels.chat(unique)).to_have_count(0)
    path = f"/api/chats/{chat_of(mary.page)}/entries?limit=100"
    mary.page.get_by_role("button", name="Close the info").click()
    write(mary, f"Secret {unique}")
    expect(message(mary, f"Secret {unique}")).to_have_attribute("data-delivery", "sent")
    told = niels.page.evaluate("(path) => fetch(path).then((answer) => answer.text())", path)
    assert f"Thanks {unique}" in told and f"Secret {unique}" not in told
    niels.page.reload()
    niels.expect_live()
    expect(niels.chat(unique)).to_have_count(0)
    # The address still names the chat, which would open by itself.
    niels.page.goto(f"{niels.url}/#/")
    mary.invite(f"@{niels.username}", niels.name)
    niels.chat(unique).click()
    expect(message(niels, f"Secret {unique}")).to_be_visible()
    write(mary, f"Welcome back {unique}")
    expect(message(niels, f"Welcome back {unique}")).to_be_visible()
    # And goes by himself.
    open_info(niels, unique).get_by_role("button", name="Leave this chat").click()
    niels.page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True).click()
    expect(niels.chat(unique)).to_have_count(0)
    expect(mary.page.get_by_test_id("timeline").get_by_text(f"{niels.name} left")).to_be_visible()
